"""What Hydra cannot compose, in our words: the override, what is wrong with it, the remedy."""

from __future__ import annotations

import re
import sys
from typing import Any

from pydantic import BaseModel

from sim.errors import InputError, UnknownKeyError, nearest
from sim.settings.override import parsed
from sim.settings.quantity import Section
from sim.settings.scenario import Settings
from sim.settings.wrong import shown


def plainly(error: Exception, overrides: list[str]) -> str:
    """Hydra's message in one line.

    Raises:
        InputError: an override that cannot be read, a key that the schema does not know.
    """
    for override in overrides:
        _check_readable(override)
    text = str(error).split("\nConfig search path")[0].split("\nSee https")[0]
    if "Ambiguous value" in text:
        return _several(text, overrides)
    for override in overrides:
        _check_keys(override, text)
    for override in overrides:
        if told := _unmerged(override, text):
            return told
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return "; ".join(
        [line for line in lines if not line.startswith(("full_key:", "object_type="))][:2]
    )


def check_name(prefix: str, name: str, valid: list[str]) -> None:
    """Refuse a name that is none of the valid ones; `prefix` is the way to it.

    Raises:
        UnknownKeyError: with the nearest valid name.
    """
    if name not in valid:
        key = f"{prefix}{name}"
        raise UnknownKeyError(f"{key}: no such key; {nearest(name, valid)}", key)


def _check_readable(override: str) -> None:
    try:
        parsed(override)
    except ValueError:
        key, _, value = override.partition("=")
        most = sys.get_int_max_str_digits()
        told = f"{key} = {shown(value)}: over {most} digits; write a shorter number"
        raise InputError(told) from None


def _several(text: str, overrides: list[str]) -> str:
    names = [o for o in overrides if "," in o and o in text]
    told = f"{names[0] if names else overrides}: names several values; --multirun runs each"
    numbers = bool(names) and re.fullmatch(r"[^=]+=-?\d+,\d+", names[0])
    return f"{told}; one number is written with a point and no comma" if numbers else told


def _check_keys(override: str, text: str) -> None:
    """Name what the schema does not know of an override that Hydra speaks of."""
    key, _, value = override.partition("=")
    key = key.lstrip("+~")
    if key in text and "." in key:
        _check_key(key)
    if "Could not override" in text and value.lstrip().startswith("{"):
        for name in parsed(override).value():  # type: ignore[union-attr]
            _check_key(f"{key}.{name}")


def _unmerged(override: str, text: str) -> str:
    """What is wrong with an override that Hydra could not lay over what was there."""
    key, _, value = override.partition("=")
    bare = key.lstrip("+")
    if "Error merging override" in text and override in text:
        return f"{bare} = {value}: does not fit what is there; set it whole, {bare}=…, without +"
    whole, _, last = bare.rpartition(".")
    if "invalid literal for int()" in text and whole and repr(last) in text:
        return f"{bare} = {value}: {whole} is a list; set it whole, {whole}=[a, b]"
    return ""


def _check_key(key: str) -> None:
    """Name the part of a dotted key that the schema does not know."""
    model: type[BaseModel] | None = Settings
    done = ""
    for part in key.split("."):
        if model is None:
            return
        check_name(done, part, list(model.model_fields))
        done += f"{part}."
        model = _section_of(model.model_fields[part].annotation)


def _section_of(annotation: Any) -> type[BaseModel] | None:
    if isinstance(annotation, type) and issubclass(annotation, Section):
        return annotation
    return None
