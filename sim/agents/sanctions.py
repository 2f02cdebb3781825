"""Sanctions: groups and leaders are designated, now and then or after a death."""

from __future__ import annotations

import simpy

from sim.agents.agent import Agent
from sim.agents.hazard import Hazard
from sim.draws import Draws
from sim.embedding import Candidate
from sim.events import Event, Journal, Kind, Side
from sim.settings.voices import Sanctions as SanctionsSettings


class Sanctions(Agent):
    """The slow instrument: no lag is modelled, the pressure that follows is slow."""

    reacts = (Kind.ROCKET_ATTACK, Kind.CONVOY_ATTACK)
    rank = 5

    def __init__(
        self, params: SanctionsSettings, draws: Draws, journal: Journal, end: float
    ) -> None:
        self.params = params
        self.journal = journal
        self.end = end
        self._choice = draws.stream("sanctions.choice", 1)
        self._listings = Hazard(draws.stream("sanctions.listings"), "designation:", params.rate)

    def start(self, env: simpy.Environment) -> None:
        super().start(env)
        if self._listings.ceiling > 0.0:
            env.process(self._listings.run(env, self.end, self._list))

    def _list(self, point: Candidate) -> None:
        self._designate(point.id, None)

    def react(self, event: Event) -> None:
        """Designate after a Coalition death."""
        if event.coalition_killed and self._choice(event.id)[0] < self.params.after_fatal:
            self._designate(f"designation:{event.id}", event.id)

    def _designate(self, name: str, cause: str | None) -> None:
        self.post(
            id=name,
            time=float(self.env.now),
            kind=Kind.DESIGNATION,
            side=Side.US,
            cause=cause,
        )
