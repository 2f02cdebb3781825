"""The Iraqi government: arrests, releases, and the intimidation that follows each."""

from __future__ import annotations

from collections.abc import Generator
from math import exp

import simpy

from sim.agents.agent import Agent
from sim.agents.fear import Reach
from sim.agents.hazard import Hazard
from sim.agents.pending import Exponential, Past, Within, chances_left, still_to_come
from sim.agents.trigger import less_likely
from sim.agents.us_threats import CLOSURE
from sim.clock import delay
from sim.draws import Draws
from sim.embedding import Candidate
from sim.events import Event, Journal, Kind, Origin, Side
from sim.intensity import Driver
from sim.inversion import cumulated, exponential, pick
from sim.settings.government import Government as GovernmentSettings
from sim.settings.militia import Cell

OFFICERS_THREATENED, BURNED_IMAGE = "officers_threatened", "burned_image"
MOST_PROTEST = 10.0


def release_probability(
    released: float, cover: float, salaried: float, threat: float = 0.0
) -> float:
    """Chance that a case ends in release, where state salaries cover for some of the rest and
    threats to officers add to the log odds.

    >>> release_probability(0.5, 0.5, 1.0), round(release_probability(0.5, 0.5, 1.0, 1.0), 3)
    (0.75, 0.891)
    """
    chance = released + (1.0 - released) * cover * salaried
    return less_likely(chance, -threat) if threat else chance


class Government(Agent):
    """Arrests as far as will, capacity and fear allow; most of the arrested walk free."""

    observes = (Kind.INTIMIDATION, Kind.RELEASE, Kind.PROTEST, Kind.THREAT)
    reacts = (Kind.FOILED_ATTACK, Kind.ARREST, Kind.RELEASE)
    rank = 1

    def __init__(
        self,
        params: GovernmentSettings,
        cells: dict[str, Cell],
        draws: Draws,
        journal: Journal,
        end: float,
    ) -> None:
        self.params = params
        self.cells = cells
        self.journal = journal
        self.end = end
        self.reach = Reach(params)
        protests = params.protests
        self.grudge = Driver(protests.cost, protests.memory_days, MOST_PROTEST)
        self.pressed_until = 0.0
        self.threatened: set[str | None] = set()  # arrests over which officers are threatened
        self.released: set[str | None] = set()  # arrests that have ended in a release
        self._names = list(cells)
        self._shares = cumulated(cell.share for cell in cells.values())
        self._choice = draws.stream("government.choice", 5)
        most = params.arrests.rate * params.will * params.capacity * exp(params.arrests.pressure)
        self._arrests = Hazard(draws.stream("government.arrests"), "arrest:", most)

    # -- state ------------------------------------------------------------------------

    def observe(self, event: Event) -> None:
        if event.kind is Kind.INTIMIDATION:
            self.reach.observe(event)
            if event.subtype == OFFICERS_THREATENED:
                self.threatened.add(event.cause)
        elif event.kind is Kind.RELEASE:
            self.released.add(event.cause)
        elif event.kind is Kind.PROTEST:
            self.grudge.jump(event.time)
        elif event.side is Side.US and event.subtype == CLOSURE and event.due is not None:
            self.pressed_until = max(self.pressed_until, event.due)

    def rate(self, time: float) -> float:
        """Arrests a day: will and reach, less for a grudge, more under a closure threat."""
        arrests = self.params.arrests
        pressed = arrests.pressure if time < self.pressed_until else 0.0
        mood = exp(pressed - self.grudge.level(time))
        return arrests.rate * self.params.will * self.reach.at(time) * mood

    def state(self, time: float) -> dict[str, float]:
        return {
            "arrests (a day)": self.rate(time),
            "reach, as fear leaves it (share)": self.reach.at(time),
            "grudge over strikes (log rate)": self.grudge.level(time),
        }

    # -- behaviour --------------------------------------------------------------------

    def start(self, env: simpy.Environment) -> None:
        super().start(env)
        if self._arrests.ceiling > 0.0:
            env.process(self._arrests.run(env, self.end, self._arrest_at, self.rate))

    def _arrest_at(self, point: Candidate) -> None:
        u = self._choice(point.id)
        self._arrest(point.id, self._names[pick(u[0], self._shares)], None, u[1])

    def react(self, event: Event) -> None:
        """Arrest those behind a foiled attempt; see every arrest through, and what friends do."""
        if event.kind is Kind.FOILED_ATTACK:
            self._follow_up(event)
            return
        if event.kind is Kind.ARREST:
            self._see_through(event, 0.0)
        self._fear_for(event, 0.0)

    def _follow_up(self, foiled: Event) -> None:
        u = self._choice(foiled.id)
        if u[2] < self.params.arrests.after_foiled * self.reach.at(foiled.time):
            self._arrest(f"arrest:{foiled.id}", foiled.actor or "", foiled, u[1])

    def _arrest(self, name: str, cell: str, foiled: Event | None, u_hold: float) -> None:
        now = float(self.env.now)
        self.post(
            id=name,
            time=now,
            kind=Kind.ARREST,
            side=Side.IRAQ,
            actor=cell,
            due=now + exponential(u_hold, self.params.arrests.hold_days),
            cause=None if foiled is None else foiled.id,
        )

    def resume(self, past: Past) -> None:
        """See those through who are still held, and wait for what their friends will do."""
        for arrest in past.of(Kind.ARREST):
            if not past.followed(arrest, Kind.RELEASE):
                waited = past.waited(arrest) if arrest.due is None else 0.0  # else it was said
                self._see_through(arrest, waited)
        for event in past.of(Kind.ARREST, Kind.RELEASE):
            if not past.followed(event, Kind.INTIMIDATION):
                self._fear_for(event, past.waited(event))

    def _see_through(self, arrest: Event, waited: float) -> None:
        """Wait for the day on which the case is decided; how it ends is drawn on that day."""
        hold = Exponential(self.params.arrests.hold_days)
        days = still_to_come(1.0, 0.0, self._choice(arrest.id)[1], hold, waited)
        if days is not None:
            time = arrest.time + days if arrest.due is None else arrest.due
            if time >= self.env.now:
                self.env.process(self.decide(arrest, time, hold.passed(waited)))

    def decide(self, arrest: Event, time: float, gone: float) -> Generator[simpy.Event]:
        """Decide the case: mostly a release, and more often while officers are threatened."""
        yield self.env.timeout(delay(time, self.env.now))
        (chance,) = chances_left([(self._release_probability(arrest), gone)])
        if self._choice(arrest.id)[2] < chance:
            name = f"release:{arrest.id}"
            self.journal.post(_about(arrest, name, time, Kind.RELEASE, Side.IRAQ))

    def _release_probability(self, arrest: Event) -> float:
        arrests, cell = self.params.arrests, self.cells.get(arrest.actor or "")
        salaried = 0.0 if cell is None else cell.salaried
        threat = arrests.threat_release if arrest.id in self.threatened else 0.0
        return release_probability(
            arrests.release_probability, arrests.salaried_cover, salaried, threat
        )

    def _fear_for(self, event: Event, waited: float) -> None:
        """Within a day the cells threaten officers over an arrest, or burn an image after a
        release."""
        u, chance = self._choice(event.id), self.params.arrests.intimidation_probability
        days = still_to_come(chance, u[3], u[4], Within(1.0), waited)
        if days is not None and event.time + days >= self.env.now:
            name, time = f"fear:{event.id}", event.time + days
            fear = _about(event, name, time, Kind.INTIMIDATION, Side.MILITIA)
            word = OFFICERS_THREATENED if event.kind is Kind.ARREST else BURNED_IMAGE
            self.env.process(self.intimidate(fear.but(subtype=word)))

    def intimidate(self, fear: Event) -> Generator[simpy.Event]:
        """Threaten or humiliate; nobody threatens for the sake of those who walk free."""
        yield self.env.timeout(delay(fear.time, self.env.now))
        if fear.cause not in self.released:
            self.journal.post(fear)


def _about(event: Event, name: str, time: float, kind: Kind, side: Side) -> Event:
    return Event(
        id=name,
        time=time,
        kind=kind,
        side=side,
        actor=event.actor,
        cause=event.id,
        origin=Origin.SIMULATED,
    )
