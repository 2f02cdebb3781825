"""What pydantic finds wrong, in our words: the key, the value, the limit, the nearest name."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, get_args

from pydantic import BaseModel, ValidationError

from sim.errors import nearest
from sim.settings.quantity import Prior
from sim.settings.scenario import Settings
from sim.settings.wrong import UNKNOWN, shown, words


def explain(error: ValidationError, tree: dict[str, Any]) -> str:
    """The first fault in one line, and how many more there are."""
    faults = sorted(error.errors(), key=lambda fault: fault["type"] not in UNKNOWN)
    first = _fault(faults[0])  # type: ignore[arg-type]
    more = len(faults) - 1
    return first + (f"\n(and {more} more)" if more else "")


def _fault(fault: dict[str, Any]) -> str:
    """One fault in a line."""
    where = [str(part) for part in fault["loc"]]
    path = [part for part in where if part not in _PRIORS]
    key = ".".join(path)
    if fault["type"] in UNKNOWN:
        remedy = nearest(path[-1], _keys_at(where[:-1]))
        return f"{key} = {shown(fault['input'])}: no such key; {remedy}"
    if fault["type"] == "missing":
        return f"{key} is not set: give it a value, {key}=…"
    if not path:
        return words(fault)
    if path[-1] == "[key]":
        return f"{'.'.join(path[:-1])}: {words(fault).replace('choice', 'key', 1)}"
    if where[-2:] == ["fixed", "value"]:
        key = key.removesuffix(".value")  # nobody wrote it where the number stands alone
    return f"{key} = {_value(fault, where)}"


def _value(fault: dict[str, Any], where: list[str]) -> str:
    """A value and what is wrong with it."""
    kind, value = fault["type"], fault["input"]
    if kind == "union_tag_not_found":
        return f"{shown(value)}: says no kind of prior; add one of {', '.join(_PRIORS)}"
    if kind == "union_tag_invalid":
        value = value["prior"]
    return f"{shown(value)}: {words({**fault, 'input': value}, _keys_at(where))}"


def _keys_at(path: list[str]) -> list[str]:
    """The keys of the section that stands at a location in the tree, if one does."""
    model = _model_at(path)
    return list(model.model_fields) if model else []


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
