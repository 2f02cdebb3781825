"""Axes of a sweep: a key of the configuration, and the values that it takes.

The words are Hydra's (`KEY=a,b`, `KEY=range(1,9,2)`, `KEY=interval(0,0.5)`) and two more:
`KEY=prior` goes through what is believed of a quantity, `KEY=limits` through all that the
schema allows. With these two a key may end in `*`: every uncertain quantity that it fits.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fnmatch import fnmatchcase
from math import ceil, isfinite
from pathlib import Path
from typing import Any, NamedTuple

from sim.errors import InputError, nearest
from sim.settings.compose import check_override
from sim.settings.describe import Parameter, parameters
from sim.settings.files import groups
from sim.settings.override import parsed
from sim.settings.posterior import sampler_of
from sim.settings.sampling import Uncertain
from sim.settings.scenario import HANDS, Settings

Value = str | int | float | bool | None
NO_AXIS = HANDS | {"replications", "journal", "posterior"}
"""Keys of the study, not of the world."""
MOST_LISTED = 100_000
"""Above this many values an axis is not listed."""
LEAST_U, MOST_U = 0.01, 0.99
"""Where a design asks for the very ends of a prior it gets its 1 % and 99 % points: some
priors have no end."""


class Listed(NamedTuple):
    """An axis with so many values."""

    key: str
    values: tuple[Value, ...]

    def at(self, u: float) -> Value:
        """The value at a coordinate from 0 to 1: equal shares."""
        return self.values[min(int(u * len(self.values)), len(self.values) - 1)]


class Span(NamedTuple):
    """An axis evenly spread from low to high."""

    key: str
    low: float
    high: float

    def at(self, u: float) -> Value:
        """The value at a coordinate from 0 to 1."""
        return self.low + u * (self.high - self.low)


class Believed(NamedTuple):
    """An axis spread as a quantity's prior is."""

    key: str
    uncertain: Uncertain

    def at(self, u: float) -> Value:
        """The quantile at a coordinate from 0 to 1."""
        inner = min(max(u, LEAST_U), MOST_U) if u in (0.0, 1.0) else u
        return self.uncertain.prior.quantile(inner, self.uncertain.low, self.uncertain.high)


Axis = Listed | Span | Believed


def axes(words: Sequence[str], base: Settings, extra: Path | None = None) -> list[Axis]:
    """The axes that words describe, judged against the schema.

    Args:
        words: those that `is_axis` finds, in the order in which the axes shall stand.
        base: the settings that all points share.
        extra: a folder with further config files.

    Raises:
        InputError: an unknown key, a value outside its limits, nothing to list.
    """
    found: list[Axis] = []
    limits = {told.key: told for told in parameters(base)}
    for word in words:
        key, _, value = word.partition("=")
        if key.partition(".")[0] in NO_AXIS:
            raise InputError(f"{word}: {key} is no axis of a sweep; give it one value")
        if value in ("prior", "limits"):
            found += _wide(key, value, base, limits)
        else:
            found.append(_parsed(word, limits, extra))
    twice = [axis.key for i, axis in enumerate(found) if axis.key in [a.key for a in found[:i]]]
    if twice:
        raise InputError(f"{twice[0]}: is swept twice; name it once")
    return found


def is_axis(word: str) -> bool:
    """Whether an override sweeps its key rather than sets it."""
    key, _, value = word.partition("=")
    if value in ("prior", "limits"):
        return True
    return not key.startswith("~") and parsed(word).is_sweep_override()


def _wide(pattern: str, how: str, base: Settings, limits: dict[str, Parameter]) -> Iterator[Axis]:
    """The axes of `KEY=prior` or `KEY=limits`, where the key may end in `*`."""
    uncertain = sampler_of(base).uncertain()
    known = uncertain if how == "prior" or "*" in pattern else limits
    keys = [key for key in known if fnmatchcase(key, pattern)]
    if not keys and pattern in limits:
        raise InputError(f"{pattern}=prior: is fixed, not uncertain; write interval(low,high)")
    if not keys:
        raise InputError(f"{pattern}={how}: no such quantity; {nearest(pattern, known)}")
    for key in keys:
        told = limits[key]
        yield Believed(key, uncertain[key]) if how == "prior" else Span(key, told.low, told.high)


def _parsed(word: str, limits: dict[str, Parameter], extra: Path | None) -> Axis:
    """The axis that one of Hydra's sweeps describes."""
    from hydra.core.override_parser.types import ChoiceSweep, Glob, IntervalSweep, RangeSweep

    override = parsed(word)
    key, told = override.get_key_element(), override.value()
    if isinstance(told, IntervalSweep):
        return _span(word, key, float(told.start or 0.0), float(told.end or 0.0), limits)
    if isinstance(told, Glob):
        listed: Sequence[Any] = told.filter(groups(extra).get(key, []))
        _few(word, len(listed))
    elif isinstance(told, RangeSweep):
        _few(word, _steps(word, float(told.start or 0), float(told.stop or 0), float(told.step)))
        listed = list(override.sweep_iterator())
    else:
        assert isinstance(told, ChoiceSweep)
        _few(word, len(told.list))
        listed = list(override.sweep_iterator())
    values = tuple(_plain(value) for value in listed)
    if len(values) == 1 and "range(" in word:
        raise InputError(
            f"{word}: one value only, the step is too wide; write range(low,high,step), or "
            "interval(low,high)"
        )
    for word in [value for value in values if isinstance(value, str)] or ["0"]:
        check_override(f"{key}={word}", extra)
    _judge(key, values, limits)
    return Listed(key, values)


def _span(word: str, key: str, low: float, high: float, limits: dict[str, Parameter]) -> Span:
    if key not in limits:
        raise InputError(f"{word}: an interval needs a quantity; {nearest(key, limits)}")
    if not low < high:
        raise InputError(f"{word}: the interval is empty; write interval(low,high)")
    _judge(key, (low, high), limits)
    return Span(key, low, high)


def _steps(word: str, low: float, high: float, step: float) -> int:
    """How many values a range has."""
    if step == 0.0 or not all(map(isfinite, (low, high, step))):
        raise InputError(
            f"{word}: a range needs finite ends and a step other than 0; write range(low,high,step)"
        )
    return ceil((high - low) / step)


def _few(word: str, count: int) -> None:
    if count < 1:
        raise InputError(f"{word}: has no values; the design would be empty")
    if count > MOST_LISTED:
        raise InputError(f"{word}: {count:,} values, over {MOST_LISTED:,}: use interval(low,high)")


def _judge(key: str, values: Sequence[Value], limits: dict[str, Parameter]) -> None:
    """Refuse what no point could take; the schema judges the rest, point by point."""
    told = limits.get(key)
    for value in values:
        if told is None or not isinstance(value, int | float):
            continue
        if not told.low <= value <= told.high:
            raise InputError(
                f"{key}={value:g}: outside {told.low:g} to {told.high:g} ({told.unit}); keep inside"
            )


def _plain(value: Any) -> Value:
    """Hydra's value as a plain one."""
    from hydra.core.override_parser.types import QuotedString

    if isinstance(value, QuotedString):
        return str(value.text)
    if value is None or isinstance(value, str | int | float | bool):
        return value
    raise InputError(f"{value}: a sweep takes plain values: numbers, words, true and false")
