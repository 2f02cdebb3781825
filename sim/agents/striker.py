"""Depot blasts that nobody owns."""

from __future__ import annotations

import simpy

from sim.agents.agent import Agent
from sim.agents.hazard import Hazard
from sim.agents.sites import toll
from sim.draws import Draws
from sim.embedding import Candidate
from sim.events import Journal, Kind, Side
from sim.settings.striker import Striker as StrikerSettings


class Striker(Agent):
    """Blows up a depot now and then; nobody learns who it is."""

    rank = 3

    def __init__(self, params: StrikerSettings, draws: Draws, journal: Journal, end: float) -> None:
        self.params = params
        self.journal = journal
        self.end = end
        self._toll = draws.stream("striker.toll", 2)
        self._blasts = Hazard(draws.stream("striker.blasts"), "blast:", params.rate)

    def start(self, env: simpy.Environment) -> None:
        super().start(env)
        if self._blasts.ceiling > 0.0:
            env.process(self._blasts.run(env, self.end, self._blow))

    def _blow(self, point: Candidate) -> None:
        u, p = self._toll(point.id), self.params
        dead = toll(u[0], u[1], p.militia_killed_mean, p.wounded_per_killed, p.dispersion)
        self.post(
            id=point.id,
            time=point.time,
            kind=Kind.DEPOT_BLAST,
            side=Side.UNATTRIBUTED,
            site_class="militia_site",
            militia_killed=dead.killed,
            militia_wounded=dead.wounded,
        )
