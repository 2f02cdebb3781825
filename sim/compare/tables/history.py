"""What the record tells of a scenario's window, and how far it goes."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from functools import cached_property

from sim import ladder, record
from sim.clock import to_date
from sim.events import Journal
from sim.ladder import Rung, Step
from sim.measures import recorded
from sim.settings.scenario import Settings


class History:
    """The record's own events of a window, in days from the window's start.

    Args:
        journal: the events, dated from the window's start.
        first, last: the days of the window of which the record knows; of others it is silent,
            and silence there is unknown, not quiet.
    """

    def __init__(self, journal: Journal, first: float, last: float) -> None:
        self.journal = journal
        self.first = first
        self.last = last

    def knows(self, start: float, end: float) -> bool:
        """Whether the record holds all of the days [start, end)."""
        return self.first <= start and end <= self.last

    @property
    def empty(self) -> bool:
        """Whether it knows no day of the window."""
        return self.last <= self.first

    @property
    def whole(self) -> bool:
        """Whether it knows every day of the window."""
        end = self.journal.end
        return end is not None and self.knows(0.0, float((end - self.journal.start).days))

    @property
    def days(self) -> tuple[date, date]:
        """The first day that it knows, and the one after the last."""
        start = self.journal.start
        return to_date(self.first, start), to_date(self.last, start)

    @cached_property
    def rungs(self) -> list[Rung]:
        """Its events with their rungs."""
        return ladder.rate(self.journal)

    @cached_property
    def path(self) -> list[Step]:
        """The state of the ladder by day, over the days that it knows."""
        return [] if self.empty else ladder.path(self.rungs, self.first, self.last)


def history(settings: Settings, path: str | None = None, without: Iterable[str] = ()) -> History:
    """The record (the packaged one, or another) over a scenario's window, `without` some rows."""
    told, window = record.read(path, without=without), settings.scenario
    first = max(0.0, float((told.start - window.start).days))
    last = min(float(settings.days), float((record.known_until(told) - window.start).days))
    return History(recorded(told, window.start, window.end), first, last)
