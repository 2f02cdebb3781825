"""The published running totals: a journal counted over the days that others counted.

Newspapers, officials and institutes printed counts of a stretch of days
(`published_counts.csv` in the record). Their windows and rules are what is measured here;
their numbers are `sim.record.published`.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable
from datetime import date
from functools import cache
from itertools import accumulate
from math import floor
from typing import NamedTuple

from sim.clock import to_days
from sim.events import Event, Journal, Kind
from sim.measures.values import STRIKES, Patterns
from sim.record import RULES, PublishedCount, published

PREFIX = "published_"
ROCKETS, CONVOYS = (Kind.ROCKET_ATTACK,), (Kind.CONVOY_ATTACK,)
COUNTED = {
    "rocket_attacks": ROCKETS,
    "convoy_attacks": CONVOYS,
    "all_attacks": ROCKETS + CONVOYS,
    "embassy_rockets": ROCKETS,
    "coalition_killed": ROCKETS + CONVOYS,
    "killed": ROCKETS + CONVOYS,
    "us_strikes": STRIKES,
}
"""The rules whose counts a simulation answers for, and the kinds of events that they count.

Closures and most depot blasts are given by the timeline, and the only published number of
rounds is that of a single day, picked because of its salvo.
"""
CERTAIN = frozenset({"us_strikes"})
"""The rules whose doubtful part is left out: rounds of strikes hold no leadership strike."""


class Window(NamedTuple):
    """Days that somebody counted, by a rule of `sim.record.RULES`; both ends included."""

    rule: str
    first: date
    last: date

    @property
    def name(self) -> str:
        """The name of its pattern."""
        return f"{PREFIX}{self.rule}_{self.first}_{self.last}"

    @classmethod
    def of(cls, name: str) -> Window:
        """The window of a pattern.

        >>> Window.of("published_rocket_attacks_2020-06-08_2020-06-18").last
        datetime.date(2020, 6, 18)
        """
        rule, first, last = name.removeprefix(PREFIX).rsplit("_", 2)
        return cls(rule, date.fromisoformat(first), date.fromisoformat(last))

    def inside(self, start: date, end: date) -> bool:
        """Whether [start, end) holds all of its days."""
        return start <= self.first and self.last < end


def printed(counts: Iterable[PublishedCount]) -> dict[Window, list[PublishedCount]]:
    """What was printed of each window, in order of rule and days; what has no number is not."""
    found: dict[Window, list[PublishedCount]] = {}
    for count in counts:
        if count.counts in COUNTED and (count.low, count.high) != (None, None):
            found.setdefault(Window(count.counts, count.start, count.end), []).append(count)
    return {window: found[window] for window in sorted(found, key=_order)}


def _order(window: Window) -> tuple[int, date, date]:
    return list(COUNTED).index(window.rule), window.first, window.last


@cache
def windows() -> tuple[Window, ...]:
    """The windows of the packaged counts."""
    return tuple(printed(published()))


def published_totals(journal: Journal, asked: Iterable[Window] | None = None) -> Patterns:
    """The journal's own count in every published window that lies inside its days.

    Attacks count on their day though a report may leave it open: whoever counted knew it.
    Claimed convoy attacks count; blank casualties add nothing, so sums are lower bounds.

    Args:
        journal: reported or recorded, with a stated end.
        asked: the windows; by default the packaged ones.
    """
    assert journal.end is not None
    every = windows() if asked is None else asked
    inside = [w for w in every if w.inside(journal.start, journal.end)]
    running = {rule: _running(journal, rule) for rule in {w.rule for w in inside}}
    return {w.name: _between(running[w.rule], journal.start, w) for w in inside}


def _running(journal: Journal, rule: str) -> tuple[list[int], list[int]]:
    """The days on which something counts, in order, and the totals before each and at the end."""
    days = sorted(
        (floor(e.time), n) for e in journal.where(*COUNTED[rule]) if (n := _adds(e, rule))
    )
    return [day for day, _ in days], [0, *accumulate(n for _, n in days)]


def _adds(event: Event, rule: str) -> int:
    share = RULES[rule](event)
    if share is None:
        return 0
    certain, possible = share
    return certain if rule in CERTAIN else possible


def _between(running: tuple[list[int], list[int]], start: date, window: Window) -> int:
    days, totals = running
    first, last = (to_days(day, start) for day in (window.first, window.last))
    return totals[bisect_left(days, last + 1)] - totals[bisect_left(days, first)]
