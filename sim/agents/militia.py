"""The militia network: when it attacks, what with, and where."""

from __future__ import annotations

from math import exp

import simpy

from sim.agents.agent import Agent
from sim.agents.salvo import SalvoRule, choose_intent
from sim.agents.targeting import Targets
from sim.draws import Draws, Uniforms
from sim.embedding import Candidate, Embedding
from sim.events import Event, Fields, Journal, Kind, Origin, Side
from sim.intensity import Driver, Tempo
from sim.inversion import cumulated, pick
from sim.settings.militia import Cell, DriverSettings
from sim.settings.militia import Militia as MilitiaSettings
from sim.settings.places import Sites as SitesSettings

NOBODY = "nobody"
STRIKES = (Kind.AIRSTRIKE, Kind.LEADERSHIP_STRIKE)


def build_tempo(params: MilitiaSettings) -> Tempo:
    """The tempo that these parameters describe, before anything has happened."""
    settings = {
        "deterrence": params.drivers.deterrence,
        "backlash": params.drivers.backlash,
        "threat": params.drivers.threat,
    }
    drivers = {name: _driver(s) for name, s in settings.items() if s.on}
    return Tempo(params.base_rate, params.excitation, params.decay_days, drivers)


def _driver(settings: DriverSettings) -> Driver:
    return Driver(settings.size, settings.half_life_days, settings.cap)


class Militia(Agent):
    """Cells that share one tempo; which of them acts is a mark of each attack."""

    observes: tuple[Kind, ...] = (
        Kind.ROCKET_ATTACK,
        Kind.CONVOY_ATTACK,
        *STRIKES,
        Kind.DEPOT_BLAST,
        Kind.THREAT,
        Kind.CALENDAR_MARK,
        Kind.TRUCE,
        Kind.TRUCE_BREAK,
        Kind.SITE_OPENED,
        Kind.SITE_CLOSED,
        Kind.DEFENCE_FIELDED,
    )
    reacts: tuple[Kind, ...] = tuple(kind for kind in observes if kind is not Kind.DEFENCE_FIELDED)
    rank = 2

    def __init__(
        self,
        params: MilitiaSettings,
        sites: SitesSettings,
        draws: Draws,
        journal: Journal,
        end: float,
        convoys_excite: bool = False,
    ) -> None:
        self.params = params
        self.sites = sites
        self.journal = journal
        self.end = end
        self.tempo = build_tempo(params)
        self.targets = Targets(params.targeting, sites)
        self.last_strike: str | None = None
        self.truce = False
        self._set_gate()
        self._candidates = Embedding(draws.stream("militia.attacks"), "R")
        self._aim = draws.stream("militia.aim", 7)
        self._salvo = draws.stream("militia.salvo", 4)
        self._cells = list(params.cells.items())
        self._shares = cumulated(cell.share for _, cell in self._cells)
        self._rounds = SalvoRule(params.salvo, params.intent)
        self._timer: simpy.Timeout | None = None
        self._found: tuple[Candidate, float] | None = None
        self._acting = False
        if not convoys_excite:
            self.observes = tuple(k for k in self.observes if k is not Kind.CONVOY_ATTACK)
            self.reacts = tuple(k for k in self.reacts if k is not Kind.CONVOY_ATTACK)

    # -- state ------------------------------------------------------------------------

    def observe(self, event: Event) -> None:
        kind = event.kind
        if kind is Kind.ROCKET_ATTACK:
            self.tempo.excite(event.time)
            self.targets.observe(event)
        elif kind in STRIKES:
            self._feel_strike(event)
        elif kind is Kind.CONVOY_ATTACK:
            self.tempo.excite(event.time)
        elif kind is Kind.CALENDAR_MARK:
            self._note_mark(event)
        elif kind in (Kind.TRUCE, Kind.TRUCE_BREAK):
            self.truce = kind is Kind.TRUCE
            self._set_gate()
        else:
            self._note_change(event)

    def _feel_strike(self, event: Event) -> None:
        leader = event.kind is Kind.LEADERSHIP_STRIKE
        strength = self.params.drivers.leadership_strength if leader else 1.0
        self._jump("deterrence", event.time, strength)
        self._jump("backlash", event.time, strength)
        self.last_strike = event.id

    def _note_change(self, event: Event) -> None:
        if event.kind is Kind.DEPOT_BLAST:
            self._jump("backlash", event.time, self.params.drivers.depot_blast_strength)
            self.last_strike = event.id
        elif event.kind is Kind.THREAT:
            if event.side is Side.US:
                self._jump("threat", event.time)
        else:
            self.targets.observe(event)
            self._set_gate()

    def _set_gate(self) -> None:
        """g(t): shut where nothing is left to attack, low under a truce."""
        open_ = 1.0 if self.targets.any_open else 0.0
        self.tempo.gate = open_ * (self.params.truce.factor if self.truce else 1.0)

    def _note_mark(self, event: Event) -> None:
        calendar = self.params.drivers.calendar
        if calendar.on:
            known = event.time if event.known_from is None else event.known_from
            opens = max(known, event.time - calendar.lead_days)
            self.tempo.window(opens, event.time + calendar.lag_days, calendar.size)

    def _jump(self, name: str, time: float, strength: float = 1.0) -> None:
        if name in self.tempo.drivers:
            self.tempo.drivers[name].jump(time, strength)

    # -- behaviour --------------------------------------------------------------------

    def start(self, env: simpy.Environment) -> None:
        super().start(env)
        self._wait()

    def react(self, event: Event) -> None:
        """Reconsider the next attack when somebody else has changed the tempo."""
        if not self._acting:
            self._wait()

    def _wait(self) -> None:
        """Look from now on for the next attack; whatever was awaited before is dropped.

        A timer with a callback, because interrupting a process costs three times as much.
        """
        self._found = self.next_point(self.env.now)
        if self._found is None:
            self._timer = None
            return
        self._timer = self.env.timeout(self._found[0].time - self.env.now)
        self._timer.callbacks.append(self._attack)

    def _attack(self, timer: simpy.Event) -> None:
        """Attack or try to, unless the tempo has changed since this timer was set."""
        if timer is self._timer and self._found is not None:
            self._acting = True
            self._act(*self._found)
            self._acting = False
            self._wait()

    def next_point(self, now: float) -> tuple[Candidate, float] | None:
        """The next candidate that becomes an event, and λ there, if nothing happens first."""
        tempo, reach = self.tempo, 1.0 + self.params.foiled_ratio
        while now < self.end:
            until = min(self._candidates.block_end(now), tempo.next_break(now), self.end)
            ceiling = reach * tempo.ceiling(now, until)
            points, first = self._candidates.after(now, ceiling)
            for i in range(first, len(points)):
                time, height = points[i][:2]
                if time > until:
                    break
                if height < ceiling:
                    rate = tempo.rate(time)
                    if height < reach * rate:
                        return Candidate(*points[i]), rate
            now = until
        return None

    def _act(self, point: Candidate, rate: float) -> None:
        """Fire at a site, or be found out before that."""
        name = point.id
        u = self._aim(name)
        site = self.targets.choose(point.time, u[0], u[1])
        if site is None:
            return
        place, (actor, cell) = self.sites.places[site], self._cells[pick(u[2], self._shares)]
        who_and_where: Fields = {
            "time": point.time,
            "side": Side.MILITIA,
            "actor": actor,
            "site": site,
            "site_class": place.site_class,
            "region": place.region,
            "origin": Origin.SIMULATED,
        }
        if point.height < rate:
            self._launch(point, rate, name, cell, u, who_and_where)
        else:
            self._be_foiled(name, who_and_where)

    def _launch(
        self,
        point: Candidate,
        rate: float,
        name: str,
        cell: Cell,
        u: Uniforms,
        who_and_where: Fields,
    ) -> None:
        """Post the decision to fire: what leaves the rails, and why."""
        backlash = self.tempo.drivers.get("backlash")
        grievance = backlash.level(point.time) if backlash else 0.0
        intent = choose_intent(u[5], self.params.intent, grievance)
        rounds = self._rounds.draw(self._salvo(name), intent)
        heavy = u[6] < self.params.salvo.heavy_share
        launch: Fields = {
            **who_and_where,
            "id": "L" + name,
            "kind": Kind.LAUNCH,
            "brand": _brand(cell, u[3], u[4]),
            "intent": intent,
            "weapon_class": "rocket_122mm" if heavy else "rocket_107mm",
            "unfired": rounds.unfired,
            "fired": rounds.fired,
            "failed": rounds.failed,
            "cause": self._cause(point, rate, grievance),
        }
        self.journal.post(Event.of(launch))

    def _cause(self, point: Candidate, rate: float, grievance: float) -> str | None:
        """The strike without whose backlash this point would not have become an attack."""
        if point.height < rate * exp(-grievance):
            return None  # the rate without backlash is higher still: most need not ask for it
        without = self.tempo.rate(point.time, without="backlash")
        return self.last_strike if point.height >= without else None

    def _be_foiled(self, name: str, who_and_where: Fields) -> None:
        """Post an attempt of which every round was found before it left."""
        attempted = self._rounds.draw(self._salvo(name), "harass").attempted
        foiled: Fields = {
            **who_and_where,
            "id": "F" + name,
            "kind": Kind.FOILED_ATTACK,
            "unfired": attempted,
            "fired": 0,
        }
        self.journal.post(Event.of(foiled))


def _brand(cell: Cell, u_claim: float, u_front: float) -> str:
    """Who claims the attack: one of the cell's fronts, or nobody."""
    if u_claim < cell.front_share:
        return cell.fronts[int(u_front * len(cell.fronts))]
    return NOBODY
