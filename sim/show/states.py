"""What agents hold at a date, for a reader: as text and as JSON."""

from __future__ import annotations

from datetime import date
from math import inf, nextafter
from typing import Any

from sim.clock import to_date, to_datetime
from sim.settings.scenario import Settings
from sim.show import branches, tables
from sim.study.state import Behind, State

KEY = (
    "in N%: so many replications have it before this; date drawn: no source has it, and each\n"
    "replication draws its own"
)


def text(found: State, settings: Settings, cut: float, source: str) -> str:
    """What a terminal shows.

    Args:
        found: the state.
        settings: of the agents.
        cut: the moment (days).
        source: what was lived through, in words.
    """
    start = settings.scenario.start
    rows = [
        (h.agent, h.quantity, tables.number(h.median), tables.span(h.low90, h.high90))
        for h in found.holdings
    ]
    behind = [f"{name}: {'; '.join(told)}" for name, told in _behind(found, start).items()]
    return "\n".join(
        [
            f"{settings.scenario.name} at {to_datetime(cut, start):%Y-%m-%d %H:%M}, "
            f"{settings.replications} replications of {source}",
            *branches.drawn_from(settings, cut),
            tables.table(rows, ("agent", "holds", "median", "90 %")),
            "\nthe latest events behind it:",
            *behind,
            f"\n{KEY}",
        ]
    )


def as_json(found: State, day: date, start: date) -> dict[str, Any]:
    """One object: the date, what is held, and what is behind it."""
    holdings = [h._asdict() for h in found.holdings]
    return {"date": day.isoformat(), "holdings": holdings, "behind": _behind(found, start)}


def _behind(found: State, start: date) -> dict[str, list[str]]:
    return {name: [event(e, start) for e in events] for name, events in found.behind.items()}


def event(told: Behind, start: date) -> str:
    """An event with its date, as far as it is stated, and how often it has been by then."""
    name = f"{told.kind.value} [{told.id}]"
    some = "" if told.share == 1.0 else f" in {told.share:.0%}"
    if told.low is None or told.high is None:
        return f"{name}, date drawn{some}"
    last = max(told.low, nextafter(told.high, -inf))
    return f"{days(to_date(told.low, start), to_date(last, start))} {name}{some}"


def days(first: date, last: date) -> str:
    """From the first day to the last, what they share said once.

    >>> days(date(2020, 3, 20), date(2020, 3, 26)), days(date(2020, 3, 31), date(2020, 4, 2))
    ('2020-03-20 to 26', '2020-03-31 to 04-02')
    >>> days(date(2020, 3, 20), date(2020, 3, 20))
    '2020-03-20'
    """
    if first == last:
        return f"{first}"
    if first.year != last.year:
        return f"{first} to {last}"
    return f"{first} to {last:%d}" if first.month == last.month else f"{first} to {last:%m-%d}"
