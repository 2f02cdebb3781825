"""The first picture: the record's timeline as a drawing that needs no script.

The libraries of the dashboard take a second or two to load; until then, the page already shows
what it is about.
"""

from __future__ import annotations

from datetime import date, timedelta
from functools import lru_cache
from pathlib import Path

from sim.settings.compose import load
from sim.show.dashboard.pictures import happenings
from sim.show.pages import template

WIDTH, LANE, LEFT, TOP = 1000, 40, 180, 30


def page() -> str:
    """The page before any script has run; Dash fills in what is marked."""
    return (Path(__file__).parent / "first.html").read_text(encoding="utf-8")


@lru_cache(maxsize=1)
def drawing() -> str:
    """The record's events, a lane for each kind, as SVG."""
    settings, rows = load([]), happenings()
    start, days = settings.scenario.start, settings.days
    scale = (WIDTH - LEFT - 30) / days
    lanes = {name: TOP + LANE * i for i, name in enumerate(dict.fromkeys(r.lane for r in rows))}
    marks = [
        (LEFT + scale * (row.time.date() - start).days, lanes[row.lane], _size(row.rounds),
         bool(row.killed))
        for row in rows
    ]  # fmt: skip
    ticks = [(LEFT + scale * (day - start).days, f"{day:%b %Y}") for day in _quarters(start, days)]
    return template("dashboard/record.svg.j2").render(
        lanes=lanes.items(),
        marks=marks,
        ticks=ticks,
        width=WIDTH,
        height=LANE * len(lanes) + 40,
        left=LEFT,
    )


def _size(rounds: int | None) -> float:
    """A mark's radius, growing with the rounds."""
    return 3.0 if rounds is None else 2.5 + float(min(40, rounds)) ** 0.5


def _quarters(start: date, days: int) -> list[date]:
    """The first days of quarters inside a window.

    >>> [day.isoformat() for day in _quarters(date(2019, 5, 1), 160)]
    ['2019-07-01', '2019-10-01']
    """
    window = (start + timedelta(days=i) for i in range(days))
    return [day for day in window if day.day == 1 and day.month % 3 == 1]
