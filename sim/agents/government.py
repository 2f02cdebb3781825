"""The Iraqi government: arrests, releases, and the intimidation that follows."""

from __future__ import annotations

from collections.abc import Generator
from math import exp

import simpy

from sim.agents.agent import Agent
from sim.agents.fear import Reach
from sim.agents.hazard import Hazard
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
        self._arrests = Hazard(
            draws.stream("government.arrests"), "arrest:", most, self._arrest_at, self.rate
        )

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

    # -- behaviour --------------------------------------------------------------------

    def start(self, env: simpy.Environment) -> None:
        super().start(env)
        if self._arrests.ceiling > 0.0:
            env.process(self._arrests.run(env, self.end))

    def _arrest_at(self, point: Candidate) -> None:
        u = self._choice(point.id)
        self._arrest(point.id, self._names[pick(u[0], self._shares)], None, u[1])

    def react(self, event: Event) -> None:
        """Arrest those behind a foiled attempt; see every arrest through."""
        u = self._choice(event.id)
        if event.kind is Kind.ARREST:
            self.env.process(self.see_through(event))
            self.env.process(self.be_intimidated(event))
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

    def see_through(self, arrest: Event) -> Generator[simpy.Event]:
        """Decide the case when its time has come: mostly a release."""
        yield self.env.timeout(max(0.0, (arrest.due or 0.0) - self.env.now))
        arrests, cell = self.params.arrests, self.cells.get(arrest.actor or "")
        salaried = 0.0 if cell is None else cell.salaried
        free = release_probability(arrests.release_probability, arrests.salaried_cover, salaried)
        if self._choice(arrest.id)[2] < free:
            self._post(f"release:{arrest.id}", Kind.RELEASE, Side.IRAQ, None, arrest)

    def be_intimidated(self, arrest: Event) -> Generator[simpy.Event]:
        """Within a day the cells burn an image, or stand before officers' homes."""
        u = self._choice(arrest.id)
        if u[3] < self.params.arrests.intimidation_probability:
            yield self.env.timeout(u[4])
            how = INTIMIDATIONS[int(u[4] * 2.0)]
            self._post(f"fear:{arrest.id}", Kind.INTIMIDATION, Side.MILITIA, how, arrest)

    def _post(self, name: str, kind: Kind, side: Side, subtype: str | None, arrest: Event) -> None:
        self.journal.post(
            Event(
                id=name,
                time=float(self.env.now),
                kind=kind,
                subtype=subtype,
                side=side,
                actor=arrest.actor,
                cause=arrest.id,
                origin=Origin.SIMULATED,
            )
        )
