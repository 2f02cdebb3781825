"""Claims: a front says that it was them, after an attack or after nothing at all."""

from __future__ import annotations

import simpy

from sim.agents.agent import Agent
from sim.agents.hazard import Hazard
from sim.agents.pending import Past
from sim.clock import HOURS_PER_DAY
from sim.draws import Draws
from sim.embedding import Candidate
from sim.events import Event, Journal, Kind, Origin, Side
from sim.inversion import log_normal
from sim.settings.voices import Claims as ClaimsSettings

NOBODY = "nobody"
"""The brand of an attack that no front claims."""


class Claims(Agent):
    """Publishes each claim after a delay, and at a rate of its own claims of nothing."""

    reacts = (Kind.ROCKET_ATTACK, Kind.CONVOY_ATTACK)
    rank = 2

    def __init__(self, params: ClaimsSettings, draws: Draws, journal: Journal, end: float) -> None:
        self.params = params
        self.journal = journal
        self.end = end
        self._delay = draws.stream("claims.delay", 1)
        self._brand = draws.stream("claims.brand", 1)
        self._false = Hazard(draws.stream("claims.false"), "false_claim:", params.false_rate)

    def start(self, env: simpy.Environment) -> None:
        super().start(env)
        if self._false.ceiling > 0.0:
            env.process(self._false.run(env, self.end, self._invent))

    def react(self, event: Event) -> None:
        """Publish the claim of the front that stands behind an attack."""
        if event.brand is None or event.brand == NOBODY:
            return
        u = self._delay(event.id)[0]
        hours = log_normal(u, self.params.delay_median_hours, self.params.delay_sigma)
        later = event.time + hours / HOURS_PER_DAY
        if later < self.end:
            self.post_later(_claim("K" + event.id, later, event.brand, event))

    def resume(self, past: Past) -> None:
        """Publish the claims of earlier attacks that have yet to come."""
        for attack in past.of(*self.reacts):
            if not past.followed(attack, Kind.CLAIM):
                self.react(attack)

    def _invent(self, point: Candidate) -> None:
        """Claim a convoy attack that nobody made."""
        u = self._brand(point.id)[0]
        brand = self.params.fronts[int(u * len(self.params.fronts))]
        self.journal.post(_claim(point.id, point.time, brand, None))


def _claim(name: str, time: float, brand: str, attack: Event | None) -> Event:
    return Event(
        id=name,
        time=time,
        kind=Kind.CLAIM,
        subtype=Kind.CONVOY_ATTACK if attack is None else attack.kind,
        side=Side.MILITIA,
        brand=brand,
        site=None if attack is None else attack.site,
        site_class="convoy_route" if attack is None else attack.site_class,
        cause=None if attack is None else attack.id,
        origin=Origin.SIMULATED,
    )
