"""When forecasts are made: the Mondays of a window; and which of their spans can be scored."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from sim.errors import InputError
from sim.events import Journal
from sim.record import known_until

HORIZONS = (1, 4, 13)
"""Weeks ahead."""
DAYS = tuple(7 * weeks for weeks in HORIZONS)
"""The same in days."""


def mondays(first: date, last: date) -> list[date]:
    """Every Monday from `first` to before `last`.

    Raises:
        InputError: there is none.

    >>> days = mondays(date(2020, 7, 1), date(2021, 1, 1))
    >>> len(days), days[0].isoformat(), days[-1].isoformat()
    (26, '2020-07-06', '2020-12-28')
    """
    monday = first + timedelta(days=-first.weekday() % 7)
    found = [monday + timedelta(weeks=n) for n in range(max(0, -(-(last - monday).days // 7)))]
    if not found:
        raise InputError(f"from={first} to={last}: no Monday lies between; give a later to=")
    return found


def record_end(journal: Journal, last: date | None = None) -> date:
    """The day before which a record knows all; up to `last` where somebody says so of one that
    states no end."""
    known = known_until(journal)
    return known if last is None or journal.end is not None else max(known, last)


def scored(origins: Sequence[date], weeks: int, end: date) -> list[date]:
    """The origins whose span of so many weeks ends by `end`.

    >>> days = mondays(date(2020, 7, 1), date(2021, 1, 1))
    >>> [len(scored(days, weeks, date(2021, 1, 1))) for weeks in HORIZONS]
    [25, 22, 13]
    """
    return [origin for origin in origins if origin + timedelta(weeks=weeks) <= end]
