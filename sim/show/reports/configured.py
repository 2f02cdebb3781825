"""The configuration that a study's folder keeps."""

from __future__ import annotations

from pathlib import Path

from sim.errors import InputError
from sim.settings.compose import judge
from sim.settings.scenario import Settings


def settings_of(path: Path) -> Settings:
    """The settings in a folder's `config.yaml`.

    Raises:
        InputError: they cannot be read, or are not of this version.
    """
    import yaml

    try:
        told = yaml.safe_load((path / "config.yaml").read_text(encoding="utf-8"))
    except (OSError, yaml.YAMLError) as error:
        why = " ".join(str(error).split())
        raise InputError(f"{path}/config.yaml: cannot be read ({why})") from None
    return judge(told)
