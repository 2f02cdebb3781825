"""A worked branch study as data: a question, a date, the policies, and how far to look."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

from pydantic import Field, ValidationError

from sim.errors import InputError, nearest
from sim.settings.files import check_text, config_dir
from sim.settings.quantity import Section


class Experiment(Section):
    """What a file of configs/experiment holds."""

    title: str = Field(description="the study in a few words")
    question: str = Field("", description="what it asks")
    about: str = Field("", description="what was the case, and what is changed, with its source")
    date: date
    hour: float = Field(0.0, ge=0.0, lt=24.0, description="of the cut, Baghdad time")
    horizon: str = Field(description="how far to look: 90d or 13w")
    arms: dict[str, tuple[str, ...]] = Field(
        min_length=2, description="overrides by policy; the last is what happened"
    )
    overrides: tuple[str, ...] = Field((), description="what all policies share")
    measure: str = Field("rocket_attacks", description="what the sign-flip table is made of")


def folder() -> Path:
    """Where the packaged experiments lie."""
    return config_dir() / "experiment"


def names() -> list[str]:
    """Every packaged experiment."""
    return sorted(path.stem for path in folder().glob("*.yaml"))


def read(name: str) -> Experiment:
    """A packaged experiment, or one of the user's own (a path that ends in .yaml).

    Raises:
        InputError: no such experiment, or a file that says something else.
    """
    import yaml

    path = Path(name) if name.endswith(".yaml") else folder() / f"{name}.yaml"
    if not path.is_file():
        raise InputError(f"experiment={name}: no such experiment; {nearest(name, names())}")
    check_text(path)
    told: Any = yaml.safe_load(path.read_text(encoding="utf-8"))
    try:
        return Experiment.model_validate(told)
    except ValidationError as error:
        first = min(error.errors(), key=lambda fault: fault["type"] != "extra_forbidden")
        key = ".".join(str(part) for part in first["loc"]) or "the file"
        if first["type"] == "extra_forbidden":
            hint = nearest(key, Experiment.model_fields)
            raise InputError(f"{path}: {key}: no such key; {hint}") from None
        raise InputError(f"{path}: {key}: {first['msg']}") from None
