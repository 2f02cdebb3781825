"""What a record says of each day: how many attacks, and how high the ladder was climbed."""

from __future__ import annotations

from datetime import date
from math import floor
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim import ladder
from sim.events import Journal, Kind
from sim.measures import recorded

Counts = NDArray[np.int64]
RUNGS = (4, 6, 7)
"""The rungs that are forecast: whether one so high, or higher, is reached."""


class Days(NamedTuple):
    """Day by day from `start`: rocket attacks of the tempo series; the highest rung, or 0.

    An attack known to a week or month stands on its nominal date. A blank that might have
    raised a rung raises none.
    """

    start: date
    attacks: Counts
    rungs: Counts

    def total(self, origin: date, weeks: int) -> int:
        """Attacks in the weeks from an origin."""
        return int(self.attacks[self._span(origin, weeks)].sum())

    def highest(self, origin: date, weeks: int) -> int:
        """The highest rung in the weeks from an origin."""
        return int(self.rungs[self._span(origin, weeks)].max())

    def _span(self, origin: date, weeks: int) -> slice:
        first, last = (origin - self.start).days, (origin - self.start).days + 7 * weeks
        if not 0 <= first < last <= self.attacks.size:
            raise ValueError(f"{origin} and {weeks} weeks: outside what is known")
        return slice(first, last)


def days_of(journal: Journal, until: date) -> Days:
    """The days of a record from its start to before `until`."""
    known = recorded(journal, journal.start, until)
    size = (until - journal.start).days
    attacks, rungs = np.zeros(size, dtype=np.int64), np.zeros(size, dtype=np.int64)
    for event in known.where(Kind.ROCKET_ATTACK):
        attacks[floor(event.time)] += 1
    for rung in ladder.rate(known):
        rungs[rung.day] = max(rungs[rung.day], rung.rung)
    return Days(journal.start, attacks, rungs)


def climatology(days: Days, weeks: int, rung: int) -> float:
    """The share of past spans of so many weeks in which a rung was reached.

    Spans begin a whole number of weeks before the last known day; half a span in which it
    was reached and half in which it was not are added (Jeffreys), so nothing is certain.

    >>> quiet = np.zeros(21, dtype=np.int64)
    >>> climatology(Days(date(2020, 1, 1), quiet, quiet), 1, 7)
    0.125
    """
    length = 7 * weeks
    starts = range(days.rungs.size - length, -1, -7)
    reached = sum(int(days.rungs[first : first + length].max()) >= rung for first in starts)
    return (reached + 0.5) / (len(starts) + 1.0)
