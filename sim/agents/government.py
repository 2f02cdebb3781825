"""The Iraqi government: arrests, releases, and the intimidation that follows."""

from __future__ import annotations

from math import exp

import simpy

from sim.agents.agent import Agent
from sim.agents.fear import Reach
from sim.agents.hazard import Hazard
from sim.agents.pending import Exponential, Past, Within, still_to_come
from sim.agents.us_threats import CLOSURE
from sim.draws import Draws
from sim.embedding import Candidate
from sim.events import Event, Journal, Kind, Origin, Side
from sim.intensity import Driver
from sim.inversion import cumulated, exponential, pick
from sim.settings.government import Government as GovernmentSettings
from sim.settings.militia import Cell

INTIMIDATIONS = ("burned_image", "officers_threatened")
MOST_PROTEST = 10.0


def release_probability(released: float, cover: float, salaried: float) -> float:
    """Chance that a case ends in release, where state salaries cover for some of the rest.

    >>> release_probability(0.5, 0.5, 1.0)
    0.75
    """
    return released + (1.0 - released) * cover * salaried


class Government(Agent):
    """Arrests as far as will, capacity and fear allow; most of the arrested walk free."""

    observes = (Kind.INTIMIDATION, Kind.PROTEST, Kind.THREAT)
    reacts = (Kind.FOILED_ATTACK, Kind.ARREST)
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
        self._names = list(cells)
        self._shares = cumulated(cell.share for cell in cells.values())
        self._choice = draws.stream("government.choice", 5)
        most = params.arrests.rate * params.will * params.capacity * exp(params.arrests.pressure)
        self._arrests = Hazard(draws.stream("government.arrests"), "arrest:", most)

    # -- state ------------------------------------------------------------------------

    def observe(self, event: Event) -> None:
        if event.kind is Kind.INTIMIDATION:
            self.reach.observe(event)
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
        """Arrest those behind a foiled attempt; see every arrest through."""
        u = self._choice(event.id)
        if event.kind is Kind.ARREST:
            self._see_through(event, 0.0)
            self._fear_for(event, 0.0)
        elif u[2] < self.params.arrests.after_foiled * self.reach.at(event.time):
            self._arrest(f"arrest:{event.id}", event.actor or "", event, u[1])

    def _arrest(self, name: str, cell: str, foiled: Event | None, u_hold: float) -> None:
        now = float(self.env.now)
        self.journal.post(
            Event(
                id=name,
                time=now,
                kind=Kind.ARREST,
                side=Side.IRAQ,
                actor=cell,
                due=now + exponential(u_hold, self.params.arrests.hold_days),
                cause=None if foiled is None else foiled.id,
                origin=Origin.SIMULATED,
            )
        )

    def resume(self, past: Past) -> None:
        """See those through who are still held, and wait for what their friends will do."""
        for arrest in past.of(Kind.ARREST):
            if not past.followed(arrest, Kind.RELEASE):
                self._see_through(arrest, past.waited(arrest))
            if not past.followed(arrest, Kind.INTIMIDATION):
                self._fear_for(arrest, past.waited(arrest))

    def _see_through(self, arrest: Event, waited: float) -> None:
        """Decide the case when its time has come: mostly a release."""
        arrests, cell = self.params.arrests, self.cells.get(arrest.actor or "")
        salaried = 0.0 if cell is None else cell.salaried
        free = release_probability(arrests.release_probability, arrests.salaried_cover, salaried)
        u = self._choice(arrest.id)
        hold = Exponential(arrests.hold_days)
        days = still_to_come(free, u[2], u[1], hold, waited)
        if days is not None:
            time = arrest.time + days if arrest.due is None else arrest.due
            self.post_later(_about(arrest, f"release:{arrest.id}", time, Kind.RELEASE, Side.IRAQ))

    def _fear_for(self, arrest: Event, waited: float) -> None:
        """Within a day the cells burn an image, or stand before officers' homes."""
        u, chance = self._choice(arrest.id), self.params.arrests.intimidation_probability
        days = still_to_come(chance, u[3], u[4], Within(1.0), waited)
        if days is not None:
            name, time = f"fear:{arrest.id}", arrest.time + days
            fear = _about(arrest, name, time, Kind.INTIMIDATION, Side.MILITIA)
            self.post_later(fear.but(subtype=INTIMIDATIONS[int(u[4] * 2.0)]))


def _about(arrest: Event, name: str, time: float, kind: Kind, side: Side) -> Event:
    return Event(
        id=name,
        time=time,
        kind=kind,
        side=side,
        actor=arrest.actor,
        cause=arrest.id,
        origin=Origin.SIMULATED,
    )
