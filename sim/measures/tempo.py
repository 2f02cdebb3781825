"""Tempo: counts by week and month, the gaps between attacks, and bursts.

Days are calendar days, as in the record; an attack dated to a week or month counts in its
month only.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from datetime import date
from itertools import pairwise
from math import ceil
from statistics import fmean, median, pvariance

from sim.clock import to_date
from sim.events import Event
from sim.measures.values import Patterns, dated

WEEK = 7
WEEKLY = ("weekly_mean", "weekly_most", "quiet_weeks", "weeks_of_one", "weeks_of_two",
          "weeks_of_more", "weekly_dispersion")  # fmt: skip
SOON = 3
"""Days within which an attack follows another in a burst."""


def tempo(rockets: list[Event], start: date, days: int) -> Patterns:
    """Every pattern of when attacks come, over the `days` from `start`."""
    known = dated(rockets)
    return {
        **weeks(known, days),
        **months(rockets, start, days),
        **gaps(known),
        **bursts(known),
    }


def dispersion(counts: list[int]) -> float | None:
    """Variance over mean: 1 for a Poisson process."""
    return pvariance(counts) / fmean(counts) if counts and sum(counts) else None


def by_week(known: list[int], days: int) -> list[int]:
    """How many of the days fall into each whole week from the start.

    >>> by_week([0, 6, 7, 22], 21)
    [2, 1, 0]
    """
    counts = Counter(day // WEEK for day in known)
    return [counts[week] for week in range(days // WEEK)]


def weeks(known: list[int], days: int) -> Patterns:
    """Counts in the whole weeks from the start: mean, most, shares of weeks, dispersion."""
    counts = by_week(known, days)
    sizes, n = Counter(counts), len(counts)
    if not n:
        return dict.fromkeys(WEEKLY)
    more = n - sizes[0] - sizes[1] - sizes[2]
    shares = [count / n for count in (sizes[0], sizes[1], sizes[2], more)]
    told = (fmean(counts), max(counts), *shares, dispersion(counts))
    return dict(zip(WEEKLY, told, strict=True))


def months_of(start: date, days: int) -> list[str]:
    """The calendar months that a window touches, as YYYY-MM."""
    last = to_date(days - 1, start)
    first = start.year * 12 + start.month - 1
    span = range(first, last.year * 12 + last.month)
    return [f"{month // 12}-{month % 12 + 1:02d}" for month in span]


def months(rockets: list[Event], start: date, days: int) -> Patterns:
    """Counts by calendar month, and their dispersion."""
    counts = Counter(f"{to_date(e.time, start):%Y-%m}" for e in rockets)
    names = months_of(start, days)
    told: Patterns = {f"month_{name}": counts[name] for name in names}
    return told | {"monthly_dispersion": dispersion([counts[name] for name in names])}


def gaps(known: list[int]) -> Patterns:
    """Days between one dated attack and the next; the share of gaps of up to three days."""
    found = sorted(b - a for a, b in pairwise(known))
    if not found:
        return {"gap_median": None, "gap_90": None, "gap_longest": None, "gap_short": None}
    return {
        "gap_median": median(found),
        "gap_90": found[ceil(0.9 * len(found)) - 1],
        "gap_longest": found[-1],
        "gap_short": sum(gap <= SOON for gap in found) / len(found),
    }


def bursts(known: list[int]) -> Patterns:
    """Most attacks in any 3 and any 7 days in a row; days with two or more."""
    return {
        "burst_3_days": most_within(known, 3),
        "burst_7_days": most_within(known, 7),
        "burst_days": sum(count > 1 for count in Counter(known).values()),
    }


def most_within(known: list[int], span: int) -> int:
    """The most attacks that any `span` calendar days in a row hold.

    >>> most_within([0, 2, 3, 9], 3), most_within([], 3)
    (2, 0)
    """
    ahead = (bisect_left(known, day + span) - i for i, day in enumerate(known))
    return max(ahead, default=0)
