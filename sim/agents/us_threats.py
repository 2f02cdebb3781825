"""US threats: warnings after harm, the threat to close the embassy, and what becomes of them."""

from __future__ import annotations

from collections import deque
from collections.abc import Generator
from dataclasses import dataclass
from datetime import date

import simpy

from sim.agents.agent import Agent
from sim.agents.harm import harm_class
from sim.agents.pending import Past
from sim.agents.trigger import WARNING
from sim.clock import delay, to_days
from sim.draws import Draws
from sim.events import Event, Journal, Kind, Side
from sim.settings.places import Site, Sites
from sim.settings.threats import Threats

CLOSURE = "closure"
EMBASSY = "embassy_zone"
STRIKES = (Kind.AIRSTRIKE, Kind.LEADERSHIP_STRIKE)


@dataclass
class Standing:
    """A threat that stands: until when, and what has become of it so far."""

    event: Event
    due: float
    defied: bool = False
    carried_out: bool = False


class USThreats(Agent):
    """Threatens, and lets a threat lapse that was defied and not carried out."""

    observes = (
        *(Kind.THREAT, Kind.ROCKET_ATTACK, Kind.CONVOY_ATTACK),
        *(*STRIKES, Kind.SITE_OPENED, Kind.SITE_CLOSED),
    )
    reacts = (Kind.THREAT, Kind.ROCKET_ATTACK, Kind.CONVOY_ATTACK)
    rank = 5

    def __init__(
        self, params: Threats, sites: Sites, start: date, draws: Draws, journal: Journal
    ) -> None:
        self.params = params
        self.journal = journal
        self.start_day = start
        self.standing: dict[str, Standing] = {}
        self.on_embassy: deque[float] = deque()
        self.planned: tuple[str, float] | None = None  # a closure threat: what provoked it, when
        self._embassies = {k: s for k, s in sites.places.items() if s.site_class == EMBASSY}
        self.closed = {key for key, site in self._embassies.items() if site.opened is not None}
        self._choice = draws.stream("us_threats.choice", 2)

    # -- state ------------------------------------------------------------------------

    def observe(self, event: Event) -> None:
        if event.kind is Kind.THREAT:
            self._note_threat(event)
        elif event.kind in (Kind.ROCKET_ATTACK, Kind.CONVOY_ATTACK):
            self._note_attack(event)
        elif event.kind is Kind.SITE_OPENED:
            self.closed.discard(event.site or "")
        else:
            self._note_deed(event)

    def _note_threat(self, event: Event) -> None:
        """A US threat stands until it is due; a closure threat uses up what provoked it."""
        if event.side is Side.US and event.due is not None:
            over = [name for name, threat in self.standing.items() if threat.due < event.time]
            for name in over:
                del self.standing[name]
            self.standing[event.id] = Standing(event, event.due)
            if event.subtype == CLOSURE:
                self.on_embassy.clear()
                self.planned = None

    def _note_attack(self, event: Event) -> None:
        """An attack may defy what was threatened, and add to the pressure on an embassy."""
        if event.site_class == EMBASSY:
            self.on_embassy.append(event.time)
            while self.on_embassy[0] < event.time - self.params.closure.window_days:
                self.on_embassy.popleft()
            self._plan_closure(event)
        for threat in self.standing.values():
            if event.time <= threat.due and _defies(event, threat.event):
                threat.defied = True

    def _plan_closure(self, event: Event) -> None:
        """Under enough pressure a threat to close is made after a while, one at a time."""
        closure = self.params.closure
        planned = self.planned is not None and self.planned[1] > event.time
        if closure.rule != "pressure" or planned or self._stands(CLOSURE, event.time):
            return
        if len(self.on_embassy) >= closure.attacks:
            self.planned = event.id, event.time + closure.lag_days

    def _note_deed(self, event: Event) -> None:
        """A US strike carries out every warning, a closed embassy the threat to close it."""
        if event.kind is Kind.SITE_CLOSED and event.site in self._embassies:
            self.closed.add(event.site)
        for threat in self.standing.values():
            if threat.event.subtype == CLOSURE:
                threat.carried_out |= event.site in self._embassies
            elif event.kind is not Kind.SITE_CLOSED and event.side is Side.US:
                threat.carried_out = True

    def state(self, time: float) -> dict[str, float]:
        return {
            "threats that stand": float(sum(t.due > time for t in self.standing.values())),
            "recent attacks on the embassy zone": float(
                sum(at >= time - self.params.closure.window_days for at in self.on_embassy)
            ),
            "a closure threat is planned (0 or 1)": float(
                self.planned is not None and self.planned[1] >= time
            ),
        }

    # -- behaviour --------------------------------------------------------------------

    def start(self, env: simpy.Environment) -> None:
        super().start(env)
        closure = self.params.closure
        if closure.rule == "date" and closure.day is not None:
            day = to_days(closure.day, self.start_day)
            if day >= env.now:
                env.process(self.threaten(f"{CLOSURE}:on_its_date", CLOSURE, day, None))

    def resume(self, past: Past) -> None:
        """See the threats through that stand, and make the one that is planned."""
        for threat in list(self.standing.values()):
            if threat.due >= past.now:
                self.env.process(self.see_through(threat))
        if self.planned is not None and self.planned[1] >= past.now:
            self._threaten_planned(*self.planned)

    def react(self, event: Event) -> None:
        """Warn after harm, threaten to close under pressure, watch every threat that stands."""
        if event.kind is Kind.THREAT:
            if event.id in self.standing:
                self.env.process(self.see_through(self.standing[event.id]))
            return
        if self.planned is not None and self.planned[0] == event.id:
            self._threaten_planned(*self.planned)
        if harm_class(event) != "none":
            u = self._choice(event.id)[0]
            if u < self.params.warning_probability and not self._stands(WARNING, event.time):
                self._announce(f"{WARNING}:{event.id}", WARNING, event.time, event.id)

    def _stands(self, subtype: str, time: float) -> bool:
        return any(t.event.subtype == subtype and t.due > time for t in self.standing.values())

    def _open(self) -> list[tuple[str, Site]]:
        return [entry for entry in self._embassies.items() if entry[0] not in self.closed]

    def _threaten_planned(self, cause: str, due: float) -> None:
        self.env.process(self.threaten(f"{CLOSURE}:{cause}", CLOSURE, due, cause))

    def threaten(
        self, name: str, subtype: str, time: float, cause: str | None
    ) -> Generator[simpy.Event]:
        """Threaten to close an embassy when the time has come, if one is open then."""
        yield self.env.timeout(delay(time, self.env.now))
        if self._open() and not self._stands(subtype, time):
            self._announce(name, subtype, time, cause)

    def _announce(self, name: str, subtype: str, now: float, cause: str | None) -> None:
        self.post(
            id=name,
            time=now,
            kind=Kind.THREAT,
            subtype=subtype,
            side=Side.US,
            due=now + self.params.deadline_days,
            cause=cause,
        )

    def see_through(self, threat: Standing) -> Generator[simpy.Event]:
        """At its deadline a defied threat is carried out or lapses."""
        yield self.env.timeout(delay(threat.due, self.env.now))
        if not threat.defied or threat.carried_out:
            return
        u = self._choice.anew(threat.event.id)[1]
        if threat.event.subtype == CLOSURE and u < self.params.closure.execution:
            self._close(threat.event, threat.due)
        else:
            self._lapse(threat.event, threat.due)

    def _lapse(self, threat: Event, time: float) -> None:
        self.post(
            id=f"lapse:{threat.id}",
            time=time,
            kind=Kind.THREAT_LAPSED,
            subtype=threat.subtype,
            side=Side.US,
            cause=threat.id,
        )

    def _close(self, threat: Event, time: float) -> None:
        """Close the embassy: nothing is left there to attack."""
        for key, site in self._open():
            self.post(
                id=f"closed:{key}:{threat.id}",
                time=time,
                kind=Kind.SITE_CLOSED,
                side=Side.US,
                site=key,
                site_class=site.site_class,
                region=site.region,
                cause=threat.id,
            )


def _defies(attack: Event, threat: Event) -> bool:
    """A warning is defied by hurting people, a closure threat by the place of an attack."""
    if threat.subtype == CLOSURE:
        return attack.site_class == EMBASSY
    return harm_class(attack) in ("killed", "wounded")
