"""Convoy cells: bombs on contracted supply convoys, the second mode of attack."""

from __future__ import annotations

from collections.abc import Generator
from math import exp

import simpy

from sim.agents.agent import Agent
from sim.agents.claims import NOBODY
from sim.agents.sites import toll
from sim.draws import Draws
from sim.embedding import Candidate, Embedding
from sim.events import Event, Journal, Kind, Origin, Side
from sim.settings.militia import Convoys as ConvoysSettings
from sim.settings.places import Casualties


class Convoys(Agent):
    """Small cells that attack convoys at a rate of their own."""

    observes = (Kind.DEFENCE_FIELDED,)
    rank = 2

    def __init__(
        self,
        params: ConvoysSettings,
        sites: int,
        harm: Casualties,
        draws: Draws,
        journal: Journal,
        end: float,
    ) -> None:
        self.params = params
        self.sites = sites
        self.defended: set[str] = set()
        self._pull = params.substitution.size if params.substitution.on else 0.0
        self.wounded_per_killed = harm.wounded_per_killed
        self.dispersion = harm.dispersion
        self.journal = journal
        self.end = end
        self._candidates = Embedding(draws.stream("convoys.attacks"), "C")
        self._marks = draws.stream("convoys.marks")

    def observe(self, event: Event) -> None:
        if event.subtype == "rockets" and event.site is not None:
            self.defended.add(event.site)

    @property
    def rate(self) -> float:
        """Attacks a day: more, or fewer, as sites become hard to hit."""
        if not self._pull:
            return self.params.rate
        return self.params.rate * exp(self._pull * len(self.defended) / self.sites)

    def start(self, env: simpy.Environment) -> None:
        super().start(env)
        env.process(self.attack())

    def attack(self) -> Generator[simpy.Event]:
        """Attack at each candidate point below the convoy rate."""
        env, now = self.env, self.env.now
        highest = self.params.rate * exp(max(0.0, self._pull))
        while now < self.end:
            until = min(self._candidates.block_end(now), self.end)
            for point in self._candidates.between(now, until, highest):
                yield env.timeout(point.time - env.now)
                if point.height < self.rate:
                    self._strike(point)
            now = until

    def _strike(self, point: Candidate) -> None:
        u = self._marks.row(point.cell, point.number)
        p, w, k = self.params, self.wounded_per_killed, self.dispersion
        coalition = toll(u[0], u[1], p.coalition_killed_mean, w, k)
        contractors = toll(u[2], u[3], p.contractor_killed_mean, w, k)
        claimed = u[4] < p.claimed_share
        brand = p.fronts[int(u[5] * len(p.fronts))] if claimed else NOBODY
        self.journal.post(
            Event(
                id=point.id,
                time=point.time,
                kind=Kind.CONVOY_ATTACK,
                side=Side.MILITIA,
                brand=brand,
                site_class="convoy_route",
                weapon_class="ied",
                units=1,
                coalition_killed=coalition.killed,
                coalition_wounded=coalition.wounded,
                civilian_killed=contractors.killed,
                civilian_wounded=contractors.wounded,
                origin=Origin.SIMULATED,
            )
        )
