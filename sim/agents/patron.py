"""The patron: its word to the cells, rounds for them, and missiles of its own."""

from __future__ import annotations

import simpy

from sim.agents.agent import Agent
from sim.agents.hazard import Hazard
from sim.agents.leash import ENCOURAGE, RESTRAIN
from sim.agents.us_threats import CLOSURE
from sim.draws import Draws
from sim.embedding import Candidate
from sim.events import Event, Journal, Kind, Origin, Side
from sim.inversion import log_normal
from sim.settings.patron import Patron as PatronSettings

DIALOGUE = "dialogue"
"""The subtype of a calendar mark that the patron would like to see fail."""


class Patron(Agent):
    """Wants the US out, and no war: restrains under threat, encourages before talks."""

    reacts = (
        Kind.THREAT,
        Kind.AIRSTRIKE,
        Kind.CALENDAR_MARK,
        Kind.DESIGNATION,
        Kind.LEADERSHIP_STRIKE,
    )
    rank = 1

    def __init__(
        self, params: PatronSettings, supplies: bool, draws: Draws, journal: Journal, end: float
    ) -> None:
        self.params = params
        self.supplies = supplies
        self.journal = journal
        self.end = end
        self._choice = draws.stream("patron.choice", 3)
        self._resupply = Hazard(
            draws.stream("patron.resupply"), "resupply:", params.resupply_rate, self._deliver
        )

    def start(self, env: simpy.Environment) -> None:
        super().start(env)
        if self.supplies and self._resupply.ceiling > 0.0:
            env.process(self._resupply.run(env, self.end))

    def react(self, event: Event) -> None:
        """Say a word to the cells, or answer a strike on leaders."""
        u = self._choice(event.id)
        if event.kind is Kind.LEADERSHIP_STRIKE:
            if event.side is Side.US and u[1] < self.params.missiles.probability:
                self._order(event, u[2])
        elif _is_talk(event):
            if u[0] < self.params.encourage_probability:
                self._signal(ENCOURAGE, event)
        elif _is_danger(event) and u[0] < self.params.restrain_probability:
            self._signal(RESTRAIN, event)

    def _signal(self, word: str, cause: Event) -> None:
        self.journal.post(
            Event(
                id=f"word:{cause.id}",
                time=float(self.env.now),
                kind=Kind.PATRON_SIGNAL,
                subtype=word,
                side=Side.IRAN,
                actor="patron",
                cause=None if cause.kind is Kind.CALENDAR_MARK else cause.id,
                origin=Origin.SIMULATED,
            )
        )

    def _order(self, strike: Event, u: float) -> None:
        """Decide on an answer with missiles, and when."""
        missiles = self.params.missiles
        lag = log_normal(u, missiles.lag_median_days, missiles.lag_sigma)
        self.journal.post(
            Event(
                id=f"order:{strike.id}",
                time=float(self.env.now),
                kind=Kind.DECISION,
                subtype=Kind.STATE_MISSILE_STRIKE,
                side=Side.IRAN,
                actor="patron",
                due=float(self.env.now) + lag,
                cause=strike.id,
                origin=Origin.SIMULATED,
            )
        )

    def _deliver(self, point: Candidate) -> None:
        self.journal.post(
            Event(
                id=point.id,
                time=point.time,
                kind=Kind.RESUPPLY,
                side=Side.IRAN,
                actor="patron",
                units=self.params.resupply_rounds,
                origin=Origin.SIMULATED,
            )
        )


def _is_talk(event: Event) -> bool:
    """Talks that the patron would see fail, or pressure that it would see answered."""
    return event.kind is Kind.DESIGNATION or event.subtype == DIALOGUE


def _is_danger(event: Event) -> bool:
    """What brings a war nearer: a US strike, or the threat to close the embassy."""
    if event.side is not Side.US:
        return False
    return event.kind is Kind.AIRSTRIKE or event.subtype == CLOSURE
