"""Days and dates: every journal counts days from its own start, 00:00 Baghdad time.

Times are floats in days. The record is dated in local (Baghdad) days and the
campaign never leaves that zone, so no time-zone arithmetic is needed: a date is
the local date, and day 0.0 is local midnight of the journal's first date.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta

SECONDS_PER_DAY = 86_400.0
HOURS_PER_DAY = 24.0
NOON = 0.5
"""Where in its day an event stands whose hour nobody reported."""


def to_days(moment: date | datetime, start: date) -> float:
    """Days from local midnight of `start` to `moment`.

    >>> to_days(date(2019, 5, 3), date(2019, 5, 1))
    2.0
    >>> to_days(datetime(2019, 5, 1, 6), date(2019, 5, 1))
    0.25
    """
    if isinstance(moment, datetime):
        midnight = datetime.combine(start, datetime.min.time())
        return (moment - midnight).total_seconds() / SECONDS_PER_DAY
    return float((moment - start).days)


def to_date(days: float, start: date) -> date:
    """The local date on which `days` falls.

    >>> to_date(2.75, date(2019, 5, 1))
    datetime.date(2019, 5, 3)
    >>> to_date(-0.5, date(2019, 5, 1))
    datetime.date(2019, 4, 30)
    """
    return start + timedelta(days=int(days // 1))


def to_datetime(days: float, start: date) -> datetime:
    """The local moment `days` after midnight of `start`.

    >>> to_datetime(0.25, date(2019, 5, 1))
    datetime.datetime(2019, 5, 1, 6, 0)
    """
    return datetime.combine(start, datetime.min.time()) + timedelta(days=days)


LEAST_STEP = 1e-9
"""Days (a tenth of a millisecond) by which rounding may set a clock ahead of an event."""


def delay(time: float, now: float) -> float:
    """How long a clock that shows `now` has to wait for a moment (days).

    A clock that adds up delays may miss a moment by a rounding error, and so stand just
    beyond an event that is at once to be answered: the answer comes without delay.

    Raises:
        ValueError: the moment lies behind.

    >>> delay(3.0, 1.0), delay(100.0, 100.00000000000001)
    (2.0, 0.0)
    """
    if time < now - LEAST_STEP:
        raise ValueError(f"day {time} lies behind: the clock shows {now}")
    return max(0.0, time - now)
