"""Truces: offered for a reason, ended by a leader's word or a bound group's rockets."""

from __future__ import annotations

from collections.abc import Generator
from math import inf, log

import simpy

from sim.agents.agent import Agent
from sim.agents.hazard import Hazard
from sim.agents.leash import RESTRAIN
from sim.agents.pending import Exponential, Past
from sim.clock import delay
from sim.draws import Draws
from sim.embedding import Candidate
from sim.events import Event, Journal, Kind, Side
from sim.settings.truce import Truces

ELECTION = "election"
REASONS = 3
"""A US threat that stands, an election near, a fresh word of restraint."""


def mean_days(weekly: float) -> float:
    """Mean life of a truce that breaks with this probability within a week.

    >>> mean_days(0.0), round(mean_days(0.5), 2)
    (inf, 10.1)
    """
    if weekly >= 1.0:
        return 0.0
    return -7.0 / log(1.0 - weekly) if weekly > 0.0 else inf


class Truce(Agent):
    """Offers a truce, and sees it end. It is the groups' own: it knows their cells' acts."""

    observes = (
        Kind.TRUCE,
        Kind.TRUCE_BREAK,
        Kind.THREAT,
        Kind.THREAT_LAPSED,
        Kind.CALENDAR_MARK,
        Kind.PATRON_SIGNAL,
    )
    reacts = (Kind.TRUCE, Kind.ROCKET_ATTACK)
    rank = 2

    def __init__(self, params: Truces, draws: Draws, journal: Journal, end: float) -> None:
        self.params = params
        self.journal = journal
        self.end = end
        self.in_force: Event | None = None
        self.threats: dict[str, float] = {}  # the US threats that stand: until when
        self.restrained_until = 0.0
        self.elections: list[float] = []
        self._luck = draws.stream("truce.break", 1)
        self._offers = Hazard(draws.stream("truce.offers"), "truce:", REASONS * params.offer_rate)

    # -- state ------------------------------------------------------------------------

    def observe(self, event: Event) -> None:
        kind = event.kind
        if kind is Kind.TRUCE:
            self.in_force = event
        elif kind is Kind.TRUCE_BREAK:
            self.in_force = None
        elif kind is Kind.THREAT:
            if event.side is Side.US and event.due is not None:
                self.threats[event.id] = event.due
        elif kind is Kind.THREAT_LAPSED:
            self.threats.pop(event.cause or "", None)
        elif kind is Kind.CALENDAR_MARK:
            if event.subtype == ELECTION:
                self.elections.append(event.time)
        elif event.subtype == RESTRAIN:
            self.restrained_until = event.time + self.params.word_days

    def reasons(self, time: float) -> int:
        """How many reasons there are for a truce."""
        ahead = self.params.election_days
        near = any(0.0 <= day - time <= ahead for day in self.elections)
        threatened = any(time < due for due in self.threats.values())
        return threatened + (time < self.restrained_until) + near

    def rate(self, time: float) -> float:
        """Offers a day; none while a truce holds."""
        return 0.0 if self.in_force else self.params.offer_rate * self.reasons(time)

    def state(self, time: float) -> dict[str, float]:
        return {
            "truce in force (0 or 1)": float(self.in_force is not None),
            "reasons for one": float(self.reasons(time)),
        }

    # -- behaviour --------------------------------------------------------------------

    def start(self, env: simpy.Environment) -> None:
        super().start(env)
        if self._offers.ceiling > 0.0:
            env.process(self._offers.run(env, self.end, self._offer, self.rate))

    def react(self, event: Event) -> None:
        """Grow tired of a truce; a bound group's rockets end it at once."""
        if event.kind is Kind.TRUCE:
            self._tire(event, 0.0)
        elif self.in_force is not None and event.actor in self.params.bound:
            self._end(self.in_force, event.id, event.time)

    def resume(self, past: Past) -> None:
        """Grow tired of the truce that holds."""
        if self.in_force is not None:
            self._tire(self.in_force, past.waited(self.in_force))

    def _tire(self, truce: Event, waited: float) -> None:
        """Patience does not age: it is what it was, from when nothing more is known."""
        patience = Exponential(mean_days(self.params.weekly_break))
        time = truce.time + waited + patience.at(self._luck(truce.id)[0])
        if self.env.now <= time < self.end:
            self.env.process(self.tire(truce, time))

    def tire(self, truce: Event, time: float) -> Generator[simpy.Event]:
        """A leader declares the truce over, if it has held that long."""
        yield self.env.timeout(delay(time, self.env.now))
        if self.in_force is not None and self.in_force.id == truce.id:
            self._end(truce, truce.id, time)

    def _offer(self, point: Candidate) -> None:
        self.post(
            id=point.id,
            time=point.time,
            kind=Kind.TRUCE,
            subtype="conditional",
            side=Side.MILITIA,
        )

    def _end(self, truce: Event, cause: str, time: float) -> None:
        self.post(
            id=f"break:{truce.id}",
            time=time,
            kind=Kind.TRUCE_BREAK,
            side=Side.MILITIA,
            cause=cause,
        )
