"""What pydantic finds wrong, in our words: the key, the value, the limit, the nearest name."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from typing import Any, get_args

from pydantic import BaseModel, ValidationError

from sim.errors import nearest
from sim.settings.quantity import Prior
from sim.settings.scenario import Settings


def explain(error: ValidationError, tree: dict[str, Any]) -> str:
    """The first fault in one line, and how many more there are."""
    faults = sorted(error.errors(), key=lambda fault: fault["type"] != "extra_forbidden")
    first = _fault(faults[0])  # type: ignore[arg-type]
    more = len(faults) - 1
    return first + (f"\n(and {more} more)" if more else "")


def _fault(fault: dict[str, Any]) -> str:
    path = [str(part) for part in fault["loc"] if str(part) not in _PRIORS]
    key, value, message = ".".join(path), fault["input"], fault["msg"]
    message = message.removeprefix("Value error, ")
    if fault["type"] == "extra_forbidden":
        model = _model_at([str(p) for p in fault["loc"][:-1]])
        valid = list(model.model_fields) if model else []
        return f"{key} = {_short(value)}: no such key; {nearest(path[-1], valid)}"
    if fault["type"] == "missing":
        return f"{key} is not set: give it a value, {key}=…"
    if not path:
        return str(message)
    if fault["type"] == "union_tag_not_found":
        return f"{key} = {_short(value)}: says no kind of prior; add one of {', '.join(_PRIORS)}"
    known = fault.get("ctx", {}).get("expected_tags") or fault.get("ctx", {}).get("expected")
    if known and isinstance(known, str):
        given = value.get("prior") if isinstance(value, dict) else value
        names = re.findall(r"'([^']+)'", known)
        return f"{key} = {_short(given)}: no such choice; {nearest(str(given), names)}"
    return f"{key} = {_short(value)}: {message[0].lower()}{message[1:]}"


def _model_at(path: list[str]) -> type[BaseModel] | None:
    """The schema section that a location in the tree belongs to."""
    model: Any = Settings
    for part in path:
        if part in _PRIORS:
            return _PRIORS[part]
        section = isinstance(model, type) and issubclass(model, BaseModel)
        field = model.model_fields.get(part) if section else None
        model = field.annotation if field else _value_type(model)
    return model if isinstance(model, type) and issubclass(model, BaseModel) else None


def _value_type(annotation: Any) -> Any:
    arguments = get_args(annotation)
    return arguments[-1] if arguments else None


def _subclasses(cls: type[Prior]) -> Iterable[type[Prior]]:
    for sub in cls.__subclasses__():
        yield sub
        yield from _subclasses(sub)


_PRIORS: dict[str, type[Prior]] = {
    get_args(sub.model_fields["prior"].annotation)[0]: sub
    for sub in _subclasses(Prior)
    if "prior" in sub.model_fields
}


def _short(value: Any) -> str:
    if isinstance(value, dict) and value.get("prior") == "fixed":
        value = value.get("value")
    if isinstance(value, date):
        value = value.isoformat()
    text = repr(value)
    return text if len(text) <= 60 else text[:57] + "…"
