"""Convoy cells: bombs on contracted supply convoys, the second mode of attack."""

from __future__ import annotations

from collections.abc import Generator
from math import exp

import simpy

from sim.agents.agent import Agent
from sim.agents.claims import NOBODY
from sim.agents.sites import NOBODY_HURT, Toll, toll
from sim.draws import Draws
from sim.embedding import Embedding
from sim.events import Event, Fields, Journal, Kind, Origin, Side
from sim.settings.militia import Convoys as ConvoysSettings
from sim.settings.places import Casualties

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
        self._marks = draws.stream("convoys.marks", 6)
        hurt = 1.0 + harm.wounded_per_killed
        self._sure = (
            1.0 - params.coalition_killed_mean * hurt,
            1.0 - params.contractor_killed_mean * hurt,
        )  # below these uniforms nobody is hurt, and no toll need be drawn

    def observe(self, event: Event) -> None:
        if event.subtype == "rockets" and event.site is not None:
            self.defended.add(event.site)

    def state(self, time: float) -> dict[str, float]:
        return {"convoy attacks (a day)": self.rate}

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
            points, first = self._candidates.after(now, highest)
            for time, height, cell, number in points[first:]:
                if height < highest and time <= self.end:
                    yield env.timeout(time - env.now)
                    if height < self.rate:
                        self._strike(time, cell, number)
            now = self._candidates.block_end(now)

    def _strike(self, time: float, cell: str, number: int) -> None:
        u, p = self._marks.row(cell, number), self.params
        coalition = contractors = NOBODY_HURT
        if u[0] > self._sure[0]:
            coalition = self._toll(u[0], u[1], p.coalition_killed_mean)
        if u[2] > self._sure[1]:
            contractors = self._toll(u[2], u[3], p.contractor_killed_mean)
        claimed = u[4] < p.claimed_share
        attack: Fields = {
            **EVERY_ATTACK,
            "id": f"{cell}.{number}",
            "time": time,
            "brand": p.fronts[int(u[5] * len(p.fronts))] if claimed else NOBODY,
            "coalition_killed": coalition.killed,
            "coalition_wounded": coalition.wounded,
            "civilian_killed": contractors.killed,
            "civilian_wounded": contractors.wounded,
        }
        self.journal.post(Event.of(attack))

    def _toll(self, u_hurt: float, u_killed: float, mean_killed: float) -> Toll:
        return toll(u_hurt, u_killed, mean_killed, self.wounded_per_killed, self.dispersion)
