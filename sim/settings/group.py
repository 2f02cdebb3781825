"""A group of YAML files of one schema that no scenario is composed of: experiments, fits."""

from __future__ import annotations

from pathlib import Path
from typing import Any, TypeVar

from pydantic import ValidationError

from sim.errors import InputError, nearest
from sim.settings.files import check_text, config_dir
from sim.settings.quantity import Section
from sim.settings.wrong import UNKNOWN, shown, words

Held = TypeVar("Held", bound=Section)


def names(group: str) -> list[str]:
    """Every packaged file of a group."""
    return sorted(path.stem for path in (config_dir() / group).glob("*.yaml"))


def read(group: str, name: str, schema: type[Held]) -> Held:
    """A packaged file of a group, or one of the user's own (a path that ends in .yaml).

    Raises:
        InputError: no such file, or one that says something else.
    """
    import yaml

    path = Path(name) if name.endswith(".yaml") else config_dir() / group / f"{name}.yaml"
    if not path.is_file():
        raise InputError(f"{group}={name}: no such {group}; {nearest(name, names(group))}")
    check_text(path)
    return judge(yaml.safe_load(path.read_text(encoding="utf-8")), str(path), schema)


def judge(told: Any, where: str, schema: type[Held]) -> Held:
    """A section from plain data; `where` is what an error begins with.

    Raises:
        InputError: a key that is unknown, missing or out of range.
    """
    try:
        return schema.model_validate(told)
    except ValidationError as error:
        raise InputError(f"{where}: {_explained(error, schema)}") from None


def _explained(error: ValidationError, schema: type[Section]) -> str:
    """The first fault with its key, an unknown key before all others."""
    first = min(error.errors(), key=lambda fault: fault["type"] not in UNKNOWN)
    way = [str(part) for part in first["loc"] if part != "[key]"]
    key = ".".join(way) or "the file"
    if first["type"] in UNKNOWN:
        return f"{key}: no such key; {nearest(key, schema.model_fields)}"
    if first["type"] == "missing":
        return f"{key}: is not set; give it a value"
    told = words(first, () if way else schema.model_fields)
    if len(way) < len(first["loc"]):  # a mapping's key that is none of its names
        return f"{key}: {told.replace('choice', 'key', 1)}"
    if first["type"] == "value_error" or not way:
        return f"{key}: {told}"
    return f"{key} = {shown(first['input'])}: {told}"
