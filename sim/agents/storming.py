"""The storming of the embassy after a strike that killed many."""

from __future__ import annotations

from collections.abc import Generator

import simpy

from sim.agents.agent import Agent
from sim.draws import Draws, Uniforms
from sim.events import Event, Journal, Kind, Origin, Side
from sim.inversion import log_normal
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
        if event.side is Side.US and (event.militia_killed or 0) >= self.params.killed:
            u = self._choice(event.id)
            if u[0] < self.params.probability:
                self.env.process(self.storm(event, u))

    def storm(self, strike: Event, u: Uniforms) -> Generator[simpy.Event]:
        """Storm the first embassy that is still open after a lag."""
        yield self.env.timeout(log_normal(u[1], self.params.lag_median_days, self.params.lag_sigma))
        for key, site in self.sites.items():
            if key not in self.closed:
                self.journal.post(
                    Event(
                        id=f"storming:{strike.id}",
                        time=float(self.env.now),
                        kind=Kind.EMBASSY_STORMING,
                        side=Side.MILITIA,
                        site=key,
                        site_class=site.site_class,
                        region=site.region,
                        entry=u[2] < self.params.entry_share,
                        cause=strike.id,
                        origin=Origin.SIMULATED,
                    )
                )
                return
