"""Checks: each pattern of the record beside its simulated distribution."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

from sim import record as recorded_data
from sim.compare.labels import FAMILIES, label
from sim.compare.scores import quantile, range_p, rank
from sim.events import Journal
from sim.measures import PREFIX, printed, recorded
from sim.study.patterns import all_patterns
from sim.study.runs import Runs

Ends = tuple[float | None, float | None, float | None]
"""A recorded value with the ends of its range: (best, low, high)."""
UNKNOWN: Ends = (None, None, None)

ABOVE, BELOW = "recorded above", "recorded below"
MISSES = (ABOVE, BELOW)


class Check(NamedTuple):
    """One pattern. Unknown is ``None``; `n` replications of `replications` know it.

    A recorded value may be a range; with a low end alone it is "at least". The verdict
    follows the intervals (`verdict`), the p-value the tails (`sim.compare.scores.tails`);
    `by_chance` is how likely a replication in the record's place would be missed.
    """

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
    by_chance: float | None

    @property
    def missed(self) -> bool:
        """Whether the record lies outside the 90 % interval of what is simulated."""
        return self.verdict in MISSES


Intervals = tuple[float | None, float | None, float | None, float | None, float | None]
LEVELS = (0.5, 0.25, 0.75, 0.05, 0.95)


def compare_with_record(
    runs: Runs, record: str | None = None, without: Iterable[str] = ()
) -> list[Check]:
    """The predictive checks of a run, family by family.

    Against the packaged record, or another in its schema, `without` some doubtful rows of it
    (`sim.record.read`); published counts stay as they were printed.
    """
    window = runs.settings.scenario
    told = recorded_data.read(record, without=without)
    known = record_patterns(told, window.start, window.end)
    known |= published_patterns(record, window.start, window.end)
    table = runs.arrow("replications")
    blank = [None] * len(table)
    made = {name: table[name].to_pylist() for name in table.column_names if name in known}
    found = [check(pattern, ends, made.get(pattern, blank)) for pattern, ends in known.items()]
    families = list(FAMILIES)
    return sorted(found, key=lambda c: families.index(c.group))


def record_patterns(record: Journal, start: date, end: date) -> dict[str, Ends]:
    """The record's own patterns in a window, each with the range that its sources leave.

    Of times before its start and after its end nothing is known: where it does not hold the
    whole window, only the months inside it are, and no pattern of the whole. What others
    counted is theirs to say: `published_patterns`.
    """
    window = recorded(record, start, end)
    told = [all_patterns(window, choose) for choose in ("best", "low", "high")]
    own = [name for name in told[0] if not name.startswith(PREFIX)]
    ends = {name: _ends([values[name] for values in told]) for name in own}
    if _covered(record, start, end):
        return ends
    return {name: told if _month_covered(record, name) else UNKNOWN for name, told in ends.items()}


def published_patterns(record: str | None, start: date, end: date) -> dict[str, Ends]:
    """What others printed of the windows inside [start, end), as ranges.

    A record that is a single file, or a folder without `published_counts.csv`, has none.
    """
    told = printed(recorded_data.counts_beside(record))
    return {window.name: _span(counts) for window, counts in told.items()
            if window.inside(start, end)}  # fmt: skip


def _span(counts: Sequence[recorded_data.PublishedCount]) -> Ends:
    """The range of all that was printed of one window; an end that one leaves open stays so."""
    lows, highs = [c.low for c in counts], [c.high for c in counts]
    low = None if None in lows else min(n for n in lows if n is not None)
    high = None if None in highs else max(n for n in highs if n is not None)
    return (low if low == high else None), low, high


def _covered(record: Journal, start: date, end: date) -> bool:
    """Whether a record knows all of [start, end)."""
    return record.start <= start and end <= recorded_data.known_until(record)


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
    known = bool(ordered) and (low, high) != (None, None)
    intervals = _intervals(ordered)
    return Check(
        pattern,
        *label(pattern),
        best,
        low,
        high,
        *intervals,
        range_p(ordered, low, high) if known else None,
        len(ordered),
        len(everything),
        verdict(intervals, low, high) if known else "unknown",
        chance_of_a_miss(ordered) if known else None,
    )


def _intervals(ordered: list[float]) -> Intervals:
    """Median, 50 % and 90 % interval."""
    if not ordered:
        return None, None, None, None, None
    median, low50, high50, low90, high90 = (quantile(ordered, level) for level in LEVELS)
    return median, low50, high50, low90, high90


def verdict(intervals: Intervals, low: float | None, high: float | None) -> str:
    """Where a recorded value lies in what is simulated; a range where any of it does.

    Inside an interval, ends and all, if it meets it; else a miss, which names the side.

    Args:
        intervals: median, 50 % and 90 % interval, as `Check` has them.
        low: the lower end of what is recorded; ``None`` where it is open below.
        high: the upper end; ``None`` where it is open above.

    >>> [verdict((5, 3, 8, 1, 10), at, at) for at in (0, 1, 3, 11)]
    ['recorded below', 'inside 90 %', 'inside 50 %', 'recorded above']
    """
    _, low50, high50, low90, high90 = intervals
    if side := _beyond(low90, high90, low, high):
        return side
    return "inside 90 %" if _beyond(low50, high50, low, high) else "inside 50 %"


def _beyond(
    first: float | None, last: float | None, low: float | None, high: float | None
) -> str | None:
    """On which side of [first, last] all of the recorded [low, high] lies, if on any."""
    if low is not None and last is not None and low > last:
        return ABOVE
    if high is not None and first is not None and high < first:
        return BELOW
    return None


def chance_of_a_miss(ordered: Sequence[float]) -> float:
    """How likely the 90 % interval misses another replication like these, in ascending order.

    Each is left out once: the share of those that lie outside the interval of the others. Few
    replications miss more than one in ten; where many share a value, fewer are missed.

    >>> chance_of_a_miss(range(5)), chance_of_a_miss(range(200)), chance_of_a_miss([0] * 9 + [1])
    (0.4, 0.1, 0.1)
    """
    n = len(ordered) - 1
    if n < 1:
        return 1.0
    first, last = (rank(n, level) - 1 for level in LEVELS[3:])
    outside = sum(
        not ordered[first + (first >= i)] <= value <= ordered[last + (last >= i)]
        for i, value in enumerate(ordered)
    )
    return outside / (n + 1)


def to_json(checks: Iterable[Check]) -> Mapping[str, Any]:
    """The checks as one JSON object."""
    return {"patterns": [check._asdict() for check in checks]}
