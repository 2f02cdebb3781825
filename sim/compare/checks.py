"""Checks: each pattern of the record beside its simulated distribution."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

from sim import record as recorded_data
from sim.compare.labels import label
from sim.compare.scores import quantile, range_p
from sim.events import Journal
from sim.measures import recorded
from sim.study.patterns import all_patterns
from sim.study.runs import Runs

Ends = tuple[float | None, float | None, float | None]
"""A recorded value with the ends of its range: (best, low, high)."""
UNKNOWN: Ends = (None, None, None)


class Check(NamedTuple):
    """One pattern. Unknown is ``None``; `n` replications of `replications` know it."""

    pattern: str
    label: str
    unit: str
    group: str
    headline: bool
    recorded: float | None
    recorded_low: float | None
    recorded_high: float | None
    median: float | None
    low50: float | None
    high50: float | None
    low90: float | None
    high90: float | None
    p_value: float | None
    n: int
    replications: int
    verdict: str


Intervals = tuple[float | None, float | None, float | None, float | None, float | None]
LEVELS = (0.5, 0.25, 0.75, 0.05, 0.95)


def compare_with_record(runs: Runs, record: str | None = None) -> list[Check]:
    """The checks of a run against the packaged record, or against another in its schema."""
    window = runs.settings.scenario
    known = record_patterns(recorded_data.read(record), window.start, window.end)
    table = runs.arrow("replications")
    blank = [None] * len(table)
    told = {name: table[name].to_pylist() for name in table.column_names if name in known}
    return [check(pattern, ends, told.get(pattern, blank)) for pattern, ends in known.items()]


def record_patterns(record: Journal, start: date, end: date) -> dict[str, Ends]:
    """The record's own patterns in a window, each with the range that its sources leave.

    Where the record says when it begins and ends, nothing is known of other times: then
    only the months inside it are, and no pattern of the whole window.
    """
    window = recorded(record, start, end)
    told = [all_patterns(window, choose) for choose in ("best", "low", "high")]
    ends = {name: _ends([values[name] for values in told]) for name in told[0]}
    if _covered(record, start, end):
        return ends
    return {name: told if _month_covered(record, name) else UNKNOWN for name, told in ends.items()}


def _covered(record: Journal, start: date, end: date) -> bool:
    """Whether a record with a stated end holds all of [start, end); another one may."""
    return record.end is None or (record.start <= start and end <= record.end)


def _month_covered(record: Journal, pattern: str) -> bool:
    if not pattern.startswith("month_"):
        return False
    first = date.fromisoformat(f"{pattern[6:]}-01")
    after = date(first.year + first.month // 12, first.month % 12 + 1, 1)
    return _covered(record, first, after)


def _ends(values: Sequence[float | None]) -> Ends:
    known = [value for value in values if value is not None]
    return (values[0], min(known), max(known)) if known else UNKNOWN


def check(pattern: str, ends: Ends, values: Iterable[float | None]) -> Check:
    """One pattern's recorded range in its simulated distribution, unknown values left out."""
    everything = list(values)
    ordered = sorted(value for value in everything if value is not None)
    best, low, high = ends
    intervals = _intervals(ordered)
    p_value = None if low is None or high is None or not ordered else range_p(ordered, low, high)
    words = label(pattern)
    return Check(
        pattern,
        *words,
        best,
        low,
        high,
        *intervals,
        p_value,
        len(ordered),
        len(everything),
        verdict(low, high, intervals),
    )


def _intervals(ordered: list[float]) -> Intervals:
    """Median, 50 % and 90 % interval."""
    if not ordered:
        return None, None, None, None, None
    median, low50, high50, low90, high90 = (quantile(ordered, level) for level in LEVELS)
    return median, low50, high50, low90, high90


def verdict(low: float | None, high: float | None, intervals: Intervals) -> str:
    """Where a recorded range lies: it counts as inside if any of it does."""
    _, low50, high50, low90, high90 = intervals
    if low is None or high is None or low50 is None or high50 is None:
        return "unknown"
    if low <= high50 and high >= low50:
        return "inside 50 %"
    if low90 is not None and high90 is not None and low <= high90 and high >= low90:
        return "inside 90 %"
    return "outside"


def to_json(checks: Iterable[Check]) -> Mapping[str, Any]:
    """The checks as one JSON object."""
    return {"patterns": [check._asdict() for check in checks]}
