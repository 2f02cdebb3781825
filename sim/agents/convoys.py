"""Convoy cells: bombs on contracted supply convoys, the second mode of attack."""

from __future__ import annotations

from collections.abc import Generator

import simpy

from sim.agents.agent import Agent
from sim.agents.sites import toll
from sim.draws import Draws
from sim.embedding import Candidate, Embedding
from sim.events import Event, Fields, Journal, Kind, Origin, Side
from sim.settings.militia import Convoys as ConvoysSettings

NOBODY = "nobody"
EVERY_ATTACK: Fields = {
    "kind": Kind.CONVOY_ATTACK,
    "side": Side.MILITIA,
    "site_class": "convoy_route",
    "weapon_class": "ied",
    "units": 1,
    "origin": Origin.SIMULATED,
}
"""What all convoy attacks have in common."""


class Convoys(Agent):
    """Small cells that attack convoys at a rate of their own."""

    rank = 2

    def __init__(
        self,
        params: ConvoysSettings,
        wounded_per_killed: float,
        dispersion: float,
        draws: Draws,
        journal: Journal,
        end: float,
    ) -> None:
        self.params = params
        self.wounded_per_killed = wounded_per_killed
        self.dispersion = dispersion
        self.journal = journal
        self.end = end
        self._candidates = Embedding(draws.stream("convoys.attacks"), "C")
        self._marks = draws.stream("convoys.marks")

    def start(self, env: simpy.Environment) -> None:
        super().start(env)
        env.process(self.attack())

    def attack(self) -> Generator[simpy.Event]:
        """Attack at each candidate point below the convoy rate."""
        env, now = self.env, self.env.now
        while now < self.end:
            until = min(self._candidates.block_end(now), self.end)
            for point in self._candidates.between(now, until, self.params.rate):
                yield env.timeout(point.time - env.now)
                self._strike(point)
            now = until

    def _strike(self, point: Candidate) -> None:
        u = self._marks.row(point.cell, point.number)
        p, w, k = self.params, self.wounded_per_killed, self.dispersion
        coalition = toll(u[0], u[1], p.coalition_killed_mean, w, k)
        contractors = toll(u[2], u[3], p.contractor_killed_mean, w, k)
        claimed = u[4] < p.claimed_share
        brand = p.fronts[int(u[5] * len(p.fronts))] if claimed else NOBODY
        attack: Fields = {
            **EVERY_ATTACK,
            "id": point.id,
            "time": point.time,
            "brand": brand,
            "coalition_killed": coalition.killed,
            "coalition_wounded": coalition.wounded,
            "civilian_killed": contractors.killed,
            "civilian_wounded": contractors.wounded,
        }
        self.journal.post(Event.of(attack))
