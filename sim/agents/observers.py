"""Observers: what of the truth reaches the public record, and when."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sim.agents.agent import Agent
from sim.clock import to_days
from sim.draws import Draws
from sim.events import Event, Journal, Kind, Origin
from sim.inversion import log_normal
from sim.settings.observers import Observers as ObserversSettings

HOURS_PER_DAY = 24.0


def hole_windows(holes: tuple[str, ...], start: date) -> list[tuple[float, float]]:
    """The under-reported months as (first, last) days from `start`, last exclusive."""
    windows = []
    for month in holes:
        first = date.fromisoformat(f"{month}-01")
        after = date(first.year + first.month // 12, first.month % 12 + 1, 1)
        windows.append((to_days(first, start), to_days(after, start)))
    return windows


class Observers(Agent):
    """Report an attack or not, after a delay; nobody in the simulation reads reports yet."""

    reacts = (Kind.ROCKET_ATTACK, Kind.CONVOY_ATTACK, Kind.FOILED_ATTACK)
    rank = 0

    def __init__(
        self, params: ObserversSettings, draws: Draws, journal: Journal, start: date, end: float
    ) -> None:
        self.params = params
        self.journal = journal
        self.end = end
        self._holes = hole_windows(params.holes, start)
        self._luck = draws.stream("observers.report", 2)
        self._convoys = draws.stream("observers.convoys")

    def detection(self, kind: Kind, time: float) -> float:
        """Probability that an event of this kind at this time is reported: p(month, kind)."""
        if kind is Kind.CONVOY_ATTACK:
            return self.params.convoy_detection
        if kind is Kind.FOILED_ATTACK:
            return self.params.foiled_detection
        for low, high in self._holes:
            if low <= time < high:
                return self.params.hole_detection
        return self.params.rocket_detection

    def _uniforms(self, event: Event) -> Sequence[float]:
        """Convoy attacks are many and fill their pages; the others are drawn one by one."""
        if event.kind is not Kind.CONVOY_ATTACK:
            return self._luck(event.id)
        cell, _, index = event.id.rpartition(".")
        return self._convoys.row(cell, int(index))

    def react(self, event: Event) -> None:
        """Notice an attack and publish it after a delay."""
        u = self._uniforms(event)
        if u[0] < self.detection(event.kind, event.time):
            hours = log_normal(u[1], self.params.delay_median_hours, self.params.delay_sigma)
            later = event.time + hours / HOURS_PER_DAY
            if later < self.end:
                self._publish(event, later)

    def _publish(self, event: Event, time: float) -> None:
        report = Event(
            id="P" + event.id,
            time=time,
            kind=Kind.REPORT,
            subtype=event.kind,
            source="wire",
            site=event.site,
            site_class=event.site_class,
            cause=event.id,
            origin=Origin.SIMULATED,
        )
        timeout = self.env.timeout(time - self.env.now)
        assert timeout.callbacks is not None
        timeout.callbacks.append(lambda _: self.journal.post(report))
