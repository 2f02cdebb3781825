"""Rhetoric: statements of leaders and friendly media, and ultimatums."""

from __future__ import annotations

import simpy

from sim.agents.agent import Agent
from sim.agents.hazard import Hazard
from sim.draws import Draws
from sim.embedding import Candidate
from sim.events import Event, Journal, Kind, Side
from sim.settings.voices import Rhetoric as RhetoricSettings

ULTIMATUM = "ultimatum"


class Rhetoric(Agent):
    """Speaks now and then, and after strikes; some of it sets a deadline."""

    reacts = (Kind.AIRSTRIKE, Kind.LEADERSHIP_STRIKE, Kind.DEPOT_BLAST)
    rank = 2

    def __init__(
        self, params: RhetoricSettings, draws: Draws, journal: Journal, end: float
    ) -> None:
        self.params = params
        self.journal = journal
        self.end = end
        self._choice = draws.stream("rhetoric.choice", 2)
        self._speeches = Hazard(draws.stream("rhetoric.statements"), "statement:", params.rate)

    def start(self, env: simpy.Environment) -> None:
        super().start(env)
        if self._speeches.ceiling > 0.0:
            env.process(self._speeches.run(env, self.end, self._speak))

    def _speak(self, point: Candidate) -> None:
        self._say(point.id, None)

    def react(self, event: Event) -> None:
        """Have something to say about a strike."""
        if self._choice(event.id)[0] < self.params.after_strike:
            self._say(f"statement:{event.id}", event.id)

    def _say(self, name: str, cause: str | None) -> None:
        """A statement, or an ultimatum where it sets a deadline."""
        now = float(self.env.now)
        sets_deadline = self._choice(name)[1] < self.params.ultimatum_share
        self.post(
            id=name,
            time=now,
            kind=Kind.THREAT if sets_deadline else Kind.STATEMENT,
            subtype=ULTIMATUM if sets_deadline else None,
            side=Side.MILITIA,
            due=now + self.params.deadline_days if sets_deadline else None,
            cause=cause,
        )
