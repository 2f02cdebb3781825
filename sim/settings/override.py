"""Values set over a composed tree as Hydra sets them, without composing anew.

Hydra takes the better part of a second for a composition; most of what is asked differs from
one that was made before in a few values only.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from copy import deepcopy
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

from sim.errors import InputError

if TYPE_CHECKING:
    from hydra.core.override_parser.types import Override


_WHOLE = re.compile(r"-?(0|[1-9][0-9]{0,15})", re.A)
_POINT = re.compile(r"-?(0|[1-9][0-9]*)\.[0-9]+", re.A)


class Value(NamedTuple):
    """A value and the keys that lead to it."""

    path: tuple[str, ...]
    value: Any


def named(override: str) -> str:
    """The key that an override sets, adds or takes away.

    >>> named("seed=7"), named("++sites.places.taji.closed=2020-05-01"), named("~convoys")
    ('seed', 'sites.places.taji.closed', 'convoys')
    """
    return override.partition("=")[0].strip().lstrip("+~").partition("@")[0]


@lru_cache(maxsize=4096)
def plain(override: str) -> Value | None:
    """The value that an override sets; None where only Hydra knows what it does.

    That is: the choice of a file, an addition or removal, a sweep, a reference.

    >>> plain("militia.base_rate=0.2")
    Value(path=('militia', 'base_rate'), value=0.2)
    >>> plain("~militia.base_rate") is plain("scenario=historical") is None
    True
    """
    key, equals, text = override.partition("=")
    path = tuple(key.split("."))
    if not equals or not all(part.isidentifier() for part in path):
        return None
    if (len(path) == 1 and key not in _bare()) or "${" in text or "???" in text:
        return None
    if _WHOLE.fullmatch(text) or _POINT.fullmatch(text):
        return Value(path, int(text) if _WHOLE.fullmatch(text) else float(text))
    from hydra.errors import HydraException  # a third of a second, which numbers don't need

    try:
        told = _parser().parse_override(override)
    except (HydraException, ValueError):
        return None
    return None if told.is_sweep_override() else Value(path, told.value())


def parsed(word: str) -> Override:
    """An override as Hydra reads it.

    Raises:
        InputError: Hydra can't; the parser's own words would help nobody.
    """
    from hydra.errors import HydraException

    try:
        override: Override = _parser().parse_override(word)
    except HydraException:
        raise InputError(
            f"{word}: cannot be read as KEY=VALUE\nno space around =; several values as a,b or "
            "range(low,high,step) or interval(low,high); other signs in quotes"
        ) from None
    return override


def over(tree: dict[str, Any], values: Iterable[Value]) -> dict[str, Any]:
    """The tree with these values set, the last word last; a mapping or list replaces what it meets.

    Raises:
        LookupError: a key that leads nowhere in this tree.
    """
    for (*way, last), value in values:
        node: Any = tree
        for part in way:
            node = node[part]
            if not isinstance(node, dict):
                raise LookupError(part)
        if last not in node and not way:
            raise LookupError(last)
        if isinstance(value, dict | list):
            node.pop(last, None)
        node[last] = deepcopy(value)
    return tree


@cache
def _bare() -> frozenset[str]:
    """The keys at the root that are no sections."""
    from sim.settings.quantity import Section
    from sim.settings.scenario import Settings

    kinds = {name: field.annotation for name, field in Settings.model_fields.items()}
    return frozenset(
        name
        for name, kind in kinds.items()
        if not (isinstance(kind, type) and issubclass(kind, Section))
    )


@cache
def _parser() -> Any:
    from hydra.core.override_parser.overrides_parser import OverridesParser

    return OverridesParser.create()
