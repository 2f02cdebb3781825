"""Handovers of bases: known ahead, and put off or hastened by fire."""

from __future__ import annotations

from collections.abc import Generator

import simpy

from sim.agents.agent import Agent, Entry
from sim.agents.motives import HANDOVER
from sim.events import Event, Journal, Kind, Origin, Side
from sim.settings.drawdown import Drawdown


class Handovers(Agent):
    """Announces each given closing ahead of its day, and closes the site when it is due."""

    observes = (Kind.ROCKET_ATTACK, Kind.POSTURE_CHANGE, Kind.SITE_CLOSED)
    reacts = (Kind.ROCKET_ATTACK,)
    rank = 1

    def __init__(
        self, params: Drawdown, closings: list[Event], journal: Journal, end: float
    ) -> None:
        self.params = params
        self.days = params.under_fire.days if params.under_fire.on else 0.0
        self.closings = closings
        self.journal = journal
        self.end = end
        self.shift: dict[str | None, float] = {}  # of the handovers that are announced
        self.closed: set[str | None] = set()
        self._waiting: dict[str | None, simpy.Process] = {}

    def observe(self, event: Event) -> None:
        if event.kind is Kind.SITE_CLOSED:
            self.closed.add(event.site)
        elif event.kind is Kind.POSTURE_CHANGE:
            if event.subtype == HANDOVER:
                self.shift.setdefault(event.site, 0.0)
        elif event.site in self.shift:
            self.shift[event.site] += self.days

    def state(self, time: float) -> dict[str, float]:
        coming = [site for site in self.shift if site not in self.closed]
        return {"handovers announced": float(len(coming))}

    def start(self, env: simpy.Environment) -> None:
        super().start(env)
        for closing in self.closings:
            if closing.site not in self.closed:
                self._waiting[closing.site] = env.process(self.hand_over(closing))

    def told(self, now: float) -> list[Entry]:
        """Notices and closings on their days, as if no fire had moved them."""
        both = [event for c in self.closings for event in (self._notice(c), c)]
        return [Entry(event.time, event) for event in both if event.time < now]

    def react(self, event: Event) -> None:
        """Tell of the date that fire has moved, and look at it again where it comes sooner."""
        waiting = self._waiting.get(event.site)
        if not self.days or event.site not in self.shift or waiting is None:
            return
        if waiting.is_alive and event.site not in self.closed:
            self.journal.post(self._moved(event))
            if self.days < 0.0:
                waiting.interrupt()

    def due(self, closing: Event) -> float:
        """The day of the handover, as far as fire has moved it by now."""
        return closing.time + self.shift.get(closing.site, 0.0)

    def hand_over(self, closing: Event) -> Generator[simpy.Event]:
        """Give notice, wait for the day, and close, unless it has been closed before."""
        env = self.env
        if closing.site not in self.shift:
            notice = self._notice(closing)
            if notice.time >= self.end:
                return
            yield env.timeout(max(0.0, notice.time - env.now))
            if closing.site in self.closed:
                return
            self.journal.post(notice)
        while self.due(closing) > env.now:
            if self.due(closing) >= self.end:
                return
            try:
                yield env.timeout(self.due(closing) - env.now)
            except simpy.Interrupt:
                continue
        if closing.site in self.closed:
            return
        if self.due(closing) != closing.time:
            now = float(env.now)
            known = now if closing.known_from is None else min(closing.known_from, now)
            closing = closing.but(time=now, known_from=known)
        self.journal.post(closing)

    def _moved(self, attack: Event) -> Event:
        """The notice of a handover's new date, after fire on the site."""
        closing = next(c for c in self.closings if c.site == attack.site)
        notice = self._notice(closing)
        return notice.but(
            id=f"{notice.id}:{attack.id}",
            time=attack.time,
            due=max(attack.time, self.due(closing)),
            cause=attack.id,
        )

    def _notice(self, closing: Event) -> Event:
        return Event(
            id=f"{closing.id}_notice",
            time=max(0.0, closing.time - self.params.notice_days),
            kind=Kind.POSTURE_CHANGE,
            subtype=HANDOVER,
            side=Side.US,
            site=closing.site,
            site_class=closing.site_class,
            region=closing.region,
            due=closing.time,
            origin=Origin.SIMULATED,
        )
