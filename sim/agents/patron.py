"""The patron: its word to the cells, rounds for them, and missiles of its own."""

from __future__ import annotations

import simpy

from sim.agents.agent import Agent
from sim.agents.hazard import Hazard
from sim.agents.leash import ENCOURAGE, RESTRAIN
from sim.agents.pending import LogNormal, Past, still_to_come
from sim.agents.us_threats import CLOSURE
from sim.draws import Draws
from sim.embedding import Candidate
from sim.events import Event, Journal, Kind, Origin, Side
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
        self._resupply = Hazard(draws.stream("patron.resupply"), "resupply:", params.resupply_rate)

    def start(self, env: simpy.Environment) -> None:
        super().start(env)
        if self.supplies and self._resupply.ceiling > 0.0:
            env.process(self._resupply.run(env, self.end, self._deliver))

    def react(self, event: Event) -> None:
        """Say a word to the cells, or answer a strike on leaders."""
        u = self._choice(event.id)
        if event.kind is Kind.LEADERSHIP_STRIKE:
            self._consider_missiles(event, 0.0)
        elif _is_talk(event):
            if u[0] < self.params.encourage_probability:
                self._signal(ENCOURAGE, event)
        elif _is_danger(event) and u[0] < self.params.restrain_probability:
            self._signal(RESTRAIN, event)

    def _signal(self, word: str, cause: Event) -> None:
        self.post(
            id=f"word:{cause.id}",
            time=float(self.env.now),
            kind=Kind.PATRON_SIGNAL,
            subtype=word,
            side=Side.IRAN,
            actor="patron",
            cause=None if cause.kind is Kind.CALENDAR_MARK else cause.id,
        )

    def resume(self, past: Past) -> None:
        """Answer a strike on leaders that has had no answer yet, if one is still to come."""
        for strike in past.of(Kind.LEADERSHIP_STRIKE):
            answers = (Kind.STATE_MISSILE_STRIKE, Kind.DECISION)
            answered = any(past.followed(strike, kind) for kind in answers)
            if strike.origin is not Origin.SIMULATED and not answered:
                self._consider_missiles(strike, past.waited(strike))

    def _consider_missiles(self, strike: Event, waited: float) -> None:
        """Decide on an answer with missiles, and when."""
        if strike.side is not Side.US:
            return
        missiles, u = self.params.missiles, self._choice(strike.id)
        lag = LogNormal(missiles.lag_median_days, missiles.lag_sigma)
        days = still_to_come(missiles.probability, u[1], u[2], lag, waited)
        if days is None:
            return
        self.post(
            id=f"order:{strike.id}",
            time=float(self.env.now),
            kind=Kind.DECISION,
            subtype=Kind.STATE_MISSILE_STRIKE,
            side=Side.IRAN,
            actor="patron",
            due=strike.time + days,
            cause=strike.id,
        )

    def _deliver(self, point: Candidate) -> None:
        self.post(
            id=point.id,
            time=point.time,
            kind=Kind.RESUPPLY,
            side=Side.IRAN,
            actor="patron",
            units=self.params.resupply_rounds,
        )


def _is_talk(event: Event) -> bool:
    """Talks that the patron would see fail, or pressure that it would see answered."""
    return event.kind is Kind.DESIGNATION or event.subtype == DIALOGUE


def _is_danger(event: Event) -> bool:
    """What brings a war nearer: a US strike, or the threat to close the embassy."""
    if event.side is not Side.US:
        return False
    return event.kind is Kind.AIRSTRIKE or event.subtype == CLOSURE
