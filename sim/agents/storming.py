"""The storming of the embassy after a strike that killed many."""

from __future__ import annotations

from collections.abc import Generator

import simpy

from sim.agents.agent import Agent
from sim.agents.pending import LogNormal, Past, still_to_come
from sim.clock import delay
from sim.draws import Draws, Uniforms
from sim.events import Event, Journal, Kind, Side
from sim.settings.places import Sites
from sim.settings.storming import Storming as StormingSettings

EMBASSY = "embassy_zone"


class Storming(Agent):
    """A crowd moves on the embassy while it is open."""

    observes = (Kind.SITE_OPENED, Kind.SITE_CLOSED)
    reacts = (Kind.AIRSTRIKE,)
    rank = 2

    def __init__(
        self, params: StormingSettings, sites: Sites, draws: Draws, journal: Journal
    ) -> None:
        self.params = params
        self.journal = journal
        places = sites.places.items()
        self.sites = {key: site for key, site in places if site.site_class == EMBASSY}
        self.closed = {key for key, site in self.sites.items() if site.opened is not None}
        self._choice = draws.stream("storming.choice", 3)

    def observe(self, event: Event) -> None:
        if event.site in self.sites:
            turn = self.closed.add if event.kind is Kind.SITE_CLOSED else self.closed.discard
            turn(event.site)

    def react(self, event: Event) -> None:
        """Gather where a US strike has killed enough militiamen."""
        self._gather(event, 0.0)

    def resume(self, past: Past) -> None:
        """Go on gathering after strikes that no storming has followed yet."""
        for strike in past.of(*self.reacts):
            if not past.followed(strike, Kind.EMBASSY_STORMING):
                self._gather(strike, past.waited(strike))

    def _gather(self, strike: Event, waited: float) -> None:
        p = self.params
        if strike.side is not Side.US or (strike.militia_killed or 0) < p.killed:
            return
        u = self._choice(strike.id)
        days = still_to_come(
            p.probability, u[0], u[1], LogNormal(p.lag_median_days, p.lag_sigma), waited
        )
        if days is not None and strike.time + days >= self.env.now:
            self.env.process(self.storm(strike, strike.time + days, u))

    def storm(self, strike: Event, time: float, u: Uniforms) -> Generator[simpy.Event]:
        """Storm the first embassy that is still open then."""
        yield self.env.timeout(delay(time, self.env.now))
        for key, site in self.sites.items():
            if key not in self.closed:
                self.post(
                    id=f"storming:{strike.id}",
                    time=time,
                    kind=Kind.EMBASSY_STORMING,
                    side=Side.MILITIA,
                    site=key,
                    site_class=site.site_class,
                    region=site.region,
                    entry=u[2] < self.params.entry_share,
                    cause=strike.id,
                )
                return
