"""State missiles and the only defence that acts on them."""

from __future__ import annotations

from collections.abc import Generator

import simpy

from sim.agents.agent import Agent
from sim.agents.pending import Past, day_of
from sim.agents.sites import toll
from sim.draws import Draws, Uniforms
from sim.events import Event, Journal, Kind, Side
from sim.inversion import binomial
from sim.settings.patron import MissileAnswer
from sim.settings.places import Sites


class Missiles(Agent):
    """Carries out the patron's order; what stands against missiles takes its share."""

    observes = (Kind.DEFENCE_FIELDED, Kind.SITE_OPENED, Kind.SITE_CLOSED)
    reacts = (Kind.DECISION,)
    rank = 4

    def __init__(self, params: MissileAnswer, sites: Sites, draws: Draws, journal: Journal) -> None:
        self.params = params
        self.sites = sites
        self.journal = journal
        self.shielded: dict[str, str] = {}
        places = sites.places.items()
        self.closed: set[str | None] = {key for key, site in places if site.opened is not None}
        self._luck = draws.stream("missiles.luck", 6)

    def observe(self, event: Event) -> None:
        if event.kind is Kind.DEFENCE_FIELDED:
            if event.subtype == "state_missiles" and event.site is not None:
                self.shielded[event.site] = event.actor or event.id
        else:
            turn = self.closed.add if event.kind is Kind.SITE_CLOSED else self.closed.discard
            turn(event.site)

    def state(self, time: float) -> dict[str, float]:
        return {"sites shielded from missiles": float(len(self.shielded))}

    def react(self, event: Event) -> None:
        """Wait for the day that the order names."""
        if event.side is Side.IRAN and event.subtype == Kind.STATE_MISSILE_STRIKE:
            self.env.process(self.fall(event))

    def resume(self, past: Past) -> None:
        """Carry out the orders that were given and not carried out."""
        for order in past.of(Kind.DECISION):
            if day_of(order) >= past.now:
                self.react(order)

    def fall(self, order: Event) -> Generator[simpy.Event]:
        """Fall on a site that is open then, less what its shield stops; on nothing if none is."""
        yield self.env.timeout(max(0.0, day_of(order) - self.env.now))
        u, rounds = self._luck.anew(order.id), self.params.rounds
        open_sites = [site for site in self.params.sites if site not in self.closed]
        if not open_sites:
            return
        site = open_sites[int(u[0] * len(open_sites))]
        stopped = 0
        if site in self.shielded:
            stopped = binomial(u[1], rounds, self.params.stopped_share)
            self._engage(order, site, rounds, stopped)
        self._strike(order, site, stopped, u)

    def _engage(self, order: Event, site: str, rounds: int, stopped: int) -> None:
        self.post(
            id=f"shield:{order.id}",
            time=day_of(order),
            kind=Kind.ENGAGEMENT,
            subtype="state_missiles",
            side=Side.US,
            actor=self.shielded[site],
            site=site,
            site_class=self.sites.places[site].site_class,
            units=rounds,
            intercepted=stopped,
            cause=order.id,
        )

    def _strike(self, order: Event, site: str, stopped: int, u: Uniforms) -> None:
        p, place = self.params, self.sites.places[site]
        through = p.rounds - stopped
        killed = toll(u[2], u[3], p.killed_mean * through / p.rounds, 0.0, p.dispersion).killed
        wounded = toll(u[4], u[5], p.wounded_mean * through / p.rounds, 0.0, p.dispersion).killed
        self.post(
            id=f"missiles:{order.id}",
            time=day_of(order),
            kind=Kind.STATE_MISSILE_STRIKE,
            side=Side.IRAN,
            actor="patron",
            site=site,
            site_class=place.site_class,
            region=place.region,
            weapon_class="ballistic_missile",
            unfired=0,
            fired=p.rounds,
            failed=0,
            intercepted=stopped,
            impacted=through,
            coalition_killed=killed,
            coalition_wounded=wounded,
            cause=order.id,
        )
