"""Whatever is wrong with a value is told in our words; none of pydantic's own shine through."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from functools import cache
from typing import Any, get_args

import pytest
from pydantic import BaseModel, ValidationError

from sim.errors import InputError
from sim.settings.compose import compose, validated
from sim.settings.scenario import Settings
from sim.settings.wrong import WORDS

WRONG = (
    *(None, True, "abc", "2020-02-30", "2020-01-01T05:00", 3.7, -1, 10**9, 10**400, 1e30, 1e300),
    *(float("nan"), float("inf"), [], [1], [["a"]], {}, {"a": 1}, {1: 2}, date(2020, 1, 1)),
    *({"prior": "uniform", "low": "x", "high": [1]}, {"prior": "none"}, {"prior": "beta", "a": 0}),
)
"""Values of every sort: for each key most of them are wrong."""
ELSEWHERE = {
    *("extra_forbidden", "invalid_key", "missing", "value_error", "literal_error"),
    *("union_tag_invalid", "union_tag_not_found"),
}
"""Faults that are told with the names that would do, or by a validator of ours."""
PYTHON = re.compile(
    r"[Ii]nput |[Ff]ield required|tuple|dictionary|instance|boolean|integer|string|unable|pars"
    r"|datetime|unix|None|True|False|\\[key\\]"
)


@cache
def tree() -> dict[str, Any]:
    return compose([])


def keys(
    model: type[BaseModel], there: Any, way: tuple[str, ...] = ()
) -> Iterator[tuple[Any, ...]]:
    """Every key of the composed tree with what the schema says of it; of entries the first."""
    for name, field in model.model_fields.items():
        annotation, value = field.annotation, there.get(name)
        yield (repr((annotation, field.metadata)), (*way, name))
        inner = [kind for kind in (annotation, *get_args(annotation)) if isinstance(kind, type)]
        section = next((kind for kind in inner if issubclass(kind, BaseModel)), None)
        if section is None or not isinstance(value, dict):
            continue
        if section is annotation:
            yield from keys(section, value, (*way, name))
        elif value:
            entry = next(iter(value))
            yield (repr(section), (*way, name, entry))
            yield from keys(section, value[entry], (*way, name, entry))


def sorts() -> list[tuple[str, ...]]:
    """One key for each sort of value that the schema knows."""
    return list(dict(reversed(list(keys(Settings, tree())))).values())


def with_value(way: tuple[str, ...], value: Any) -> dict[str, Any]:
    """The composed tree with one value in another's place."""
    changed = inner = {**tree()}
    for part in way[:-1]:
        inner[part] = inner = {**inner.get(part, {})}
    inner[way[-1]] = value
    return changed


@cache
def faults(way: tuple[str, ...]) -> list[tuple[Any, set[str], str]]:
    """Each value that is refused there: the types of its faults, and what we say."""
    told = []
    for value in WRONG:
        changed = with_value(way, value)
        try:
            Settings.model_validate(changed)
        except ValidationError as error:
            with pytest.raises(InputError) as caught:
                validated(changed)
            told.append((value, {fault["type"] for fault in error.errors()}, str(caught.value)))
    return told


@pytest.mark.parametrize("way", sorts(), ids=".".join)
def test_no_word_of_pydantics_shines_through(way: tuple[str, ...]) -> None:
    assert faults(way)
    for value, types, message in faults(way):
        assert types <= set(WORDS) | ELSEWHERE, (value, message)
        assert not PYTHON.search(message), message
        if "value_error" not in types:  # which may be that of another key, that no longer fits
            assert message.startswith(".".join(way)), message


def test_every_word_is_needed() -> None:
    found = {kind for way in sorts() for _, types, _ in faults(way) for kind in types}
    assert set(WORDS) - found == set()


SAID = {
    "air_defence.channels": {
        0: "= 0: must be 1 or more",
        51: "= 51: must be 50 or less",
        1.5: "= 1.5: a whole number is needed",
        1e30: "= 1e+30: is too large; write a smaller number",
    },
    "militia.base_rate": {
        None: "= null: a number is needed, or a mapping such as",
        10**400: "is too large; write a smaller number",
        float("inf"): "militia.base_rate = inf: a finite number is needed",
        date(2020, 1, 1): "= '2020-01-01': a number is needed",
    },
    "militia.drivers.reply.on": {"maybe": "= 'maybe': true or false is needed"},
    "patron.missiles.sites": {(): "= (): must hold 1 or more"},
    "scenario.start": {"2020-02-30": "= '2020-02-30': a day of the calendar is needed, written as"},
    "sites.places.taji.title": {3: "= 3: text is needed; put it in quotes"},
    "seed": {2**63: f"must be below {2**63}", True: "seed = true: a whole number is needed"},
    "truce.bound": {None: "truce.bound = null: a list is needed, such as [a, b]; [] for none"},
}


@pytest.mark.parametrize("key", SAID)
def test_the_limit_and_the_remedy_are_told(key: str) -> None:
    for value, told in SAID[key].items():
        with pytest.raises(InputError) as caught:
            validated(with_value(tuple(key.split(".")), value))
        assert str(caught.value).startswith(f"{key} = ")
        assert told in str(caught.value)


def test_a_name_that_is_none_is_told_as_a_key() -> None:
    with pytest.raises(
        InputError, match=r"^sites\.classes\.airprt: no such key; did you mean 'airpo"
    ):
        validated(with_value(("sites", "classes", "airprt"), {}))
