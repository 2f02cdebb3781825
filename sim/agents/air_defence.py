"""Air defence: batteries that engage a salvo as a queue with a deadline, and sirens."""

from __future__ import annotations

from collections.abc import Generator, Mapping

import simpy

from sim.agents.agent import Agent
from sim.agents.hazard import Hazard
from sim.agents.pending import Past
from sim.clock import SECONDS_PER_DAY
from sim.draws import Draws
from sim.embedding import Candidate
from sim.events import Event, Journal, Kind, Side
from sim.inversion import binomial
from sim.settings.places import AirDefence as AirDefenceSettings
from sim.settings.places import Site

EDGE = 1e-6
"""Seconds by which a round is still served at its deadline, against rounding in the clock."""


class Sirens(Agent):
    """Warns a site that an attack is coming, if it is seen in time, and at times of nothing."""

    observes = (Kind.SITE_OPENED, Kind.SITE_CLOSED)
    reacts = (Kind.LAUNCH,)
    rank = 0

    def __init__(
        self,
        params: AirDefenceSettings,
        places: Mapping[str, Site],
        draws: Draws,
        journal: Journal,
        end: float,
    ) -> None:
        self.params = params
        self.places = places
        self.journal = journal
        self.end = end
        alarms = params.false_alarms * len(params.sirens)
        self._false = Hazard(draws.stream("sirens.false_alarms"), "false_alarm:", alarms)
        self._which = draws.stream("sirens.where", 1)
        self._sites = frozenset(params.sirens)
        self.closed = {key for key, site in places.items() if site.opened is not None}
        self._warning = draws.stream("sirens.warning", 1)

    def observe(self, event: Event) -> None:
        if event.site is not None:
            turn = self.closed.add if event.kind is Kind.SITE_CLOSED else self.closed.discard
            turn(event.site)

    def start(self, env: simpy.Environment) -> None:
        super().start(env)
        if self._false.ceiling > 0.0:
            env.process(self._false.run(env, self.end, self._cry_wolf))

    def _cry_wolf(self, point: Candidate) -> None:
        """Sound a siren though nothing comes."""
        sirens = self.params.sirens
        site = sirens[int(self._which(point.id)[0] * len(sirens))]
        if site in self.closed:
            return
        self.post(
            id=point.id,
            time=point.time,
            kind=Kind.SIREN,
            subtype="false_alarm",
            side=Side.US,
            site=site,
            site_class=self.places[site].site_class,
        )

    def react(self, event: Event) -> None:
        """Sound the siren where an attack on its site is seen in time."""
        if event.site in self._sites and self._warning(event.id)[0] < self.params.siren_share:
            self.post(
                id="W" + event.id,
                time=event.time,
                kind=Kind.SIREN,
                side=Side.US,
                site=event.site,
                site_class=event.site_class,
                cause=event.id,
            )


class Battery:
    """One battery: whether it stands, what is left in its magazine, its channels.

    Engagement channels serve the rounds of a salvo one after another; a round that none
    has begun to serve within its flight time leaks.
    """

    def __init__(self, params: AirDefenceSettings) -> None:
        self.params = params
        self.fielded = False
        self.magazine = params.magazine
        self.empty_since: float | None = None

    def start(self, env: simpy.Environment) -> None:
        """Man the channels."""
        self.env = env
        self.channels = simpy.Resource(env, capacity=self.params.channels)

    def loaded(self, time: float) -> int:
        """Engagements left at `time` (days); an empty magazine is full after resupply."""
        if self.empty_since is None:
            return self.magazine
        refilled = time - self.empty_since >= self.params.resupply_days
        return self.params.magazine if refilled else 0

    def spend(self, engaged: int, time: float) -> None:
        """Take the rounds engaged out of the magazine."""
        left = self.loaded(time)
        self.magazine = left - engaged
        if left and self.magazine <= 0:
            self.empty_since = time
        elif left:
            self.empty_since = None

    def engage(self, rounds: int) -> Generator[simpy.Event, None, int]:
        """Serve a salvo until its last round is served or down; how many were served."""
        waiting = list(range(min(rounds, self.loaded(self.env.now))))
        served: list[int] = []
        crews = min(self.params.channels, len(waiting))
        work = [self.env.process(self.serve(waiting, served)) for _ in range(crews)]
        if work:
            yield simpy.AllOf(self.env, work)
        return len(served)

    def serve(self, waiting: list[int], served: list[int]) -> Generator[simpy.Event]:
        """Hold a channel and serve the rounds that wait, until they have come down."""
        down = self.env.now + (self.params.flight_seconds + EDGE) / SECONDS_PER_DAY
        service = self.params.service_seconds / SECONDS_PER_DAY
        with self.channels.request() as channel:
            if not channel.triggered:
                yield channel | self.env.timeout(down - self.env.now)
            while channel.triggered and waiting and self.env.now <= down:
                served.append(waiting.pop(0))
                yield self.env.timeout(service)


class AirDefence(Agent):
    """The batteries against rockets, by the site that each protects.

    A battery that is not ready, or whose magazine is empty, still posts an engagement
    (of nothing), so that the site learns the outcome.
    """

    observes = (Kind.DEFENCE_FIELDED, Kind.LAUNCH, Kind.ENGAGEMENT)
    reacts = (Kind.LAUNCH,)
    rank = 3

    def __init__(self, params: AirDefenceSettings, draws: Draws, journal: Journal) -> None:
        self.params = params
        self.journal = journal
        guards = {k: b for k, b in params.batteries.items() if b.against == "rockets"}
        self.batteries = {b.site: Battery(params) for b in guards.values()}
        self.names = {b.site: key for key, b in guards.items()}
        self.incoming: dict[str, Event] = {}
        self._luck = draws.stream("air_defence.luck", 2)

    def observe(self, event: Event) -> None:
        battery = self.batteries.get(event.site or "")
        if battery is None:
            return
        if event.kind is Kind.LAUNCH:
            if battery.fielded:
                self.incoming[event.id] = event
        elif event.kind is Kind.ENGAGEMENT:
            self.incoming.pop(event.cause or "", None)
            if event.actor == self.names[event.site or ""]:  # a shield at the site has its own
                battery.spend(event.units or 0, event.time)
        elif event.subtype == "rockets":
            battery.fielded = True

    def state(self, time: float) -> dict[str, float]:
        guards = self.batteries.values()
        return {
            "batteries against rockets": float(sum(b.fielded for b in guards)),
            "engagements left": float(sum(b.loaded(time) for b in guards if b.fielded)),
        }

    def start(self, env: simpy.Environment) -> None:
        super().start(env)
        for battery in self.batteries.values():
            battery.start(env)

    def react(self, event: Event) -> None:
        """Let the battery at the site of a launch engage, if it stands."""
        if event.id in self.incoming:
            self.env.process(self.engage(self.batteries[event.site or ""], event))

    def resume(self, past: Past) -> None:
        """Engage what was in the air."""
        for launch in list(self.incoming.values()):
            self.react(launch)

    def engage(self, battery: Battery, launch: Event) -> Generator[simpy.Event]:
        """Engage one salvo and say what came of it."""
        u = self._luck(launch.id)
        served = 0
        if u[0] < self.params.readiness:
            in_air = (launch.fired or 0) - (launch.failed or 0)
            served = yield from battery.engage(in_air)
        intercepted = binomial(u[1], served, self.params.engage_share)
        self.post(
            id="E" + launch.id,
            time=float(self.env.now),
            kind=Kind.ENGAGEMENT,
            side=Side.US,
            actor=self.names[launch.site or ""],
            site=launch.site,
            site_class=launch.site_class,
            units=served,
            intercepted=intercepted,
            cause=launch.id,
        )
