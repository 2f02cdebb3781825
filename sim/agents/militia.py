"""The militia network: when it attacks, what with, and where."""

from __future__ import annotations

from math import exp, fsum, inf

import simpy

from sim.agents.agent import Agent
from sim.agents.belief import Belief
from sim.agents.claims import NOBODY
from sim.agents.fear import Reach
from sim.agents.motives import GRIEVANCES, Motives
from sim.agents.salvo import SalvoRule, choose_intent
from sim.agents.targeting import Targets
from sim.clock import delay
from sim.draws import Draws, Uniforms
from sim.embedding import Candidate, Embedding
from sim.events import Event, Fields, Journal, Kind, Origin, Side
from sim.intensity import Tempo
from sim.inversion import choose, cumulated, pick
from sim.settings.militia import Cell, Intent
from sim.settings.militia import Militia as MilitiaSettings
from sim.settings.places import Sites as SitesSettings


class Militia(Agent):
    """Cells that share one tempo; which of them acts is a mark of each attack.

    Args:
        params: of the network.
        sites: what can be attacked.
        motives: the tempo and what moves it.
        reach: what the host state finds before it flies.
        draws: the random streams of the replication.
        journal: the channel.
        end: days.
    """

    reconsiders_not: tuple[Kind, ...] = (Kind.DEFENCE_FIELDED, Kind.THREAT_LAPSED)
    """What changes the network's mind without changing its tempo."""
    rank = 2

    def __init__(
        self,
        params: MilitiaSettings,
        sites: SitesSettings,
        motives: Motives[Tempo],
        reach: Reach,
        draws: Draws,
        journal: Journal,
        end: float,
    ) -> None:
        self.params = params
        self.sites = sites
        self.motives = motives
        self.reach = reach
        self.journal = journal
        self.end = end
        self.tempo = motives.tempo
        self.belief = Belief(params.belief)
        leaving = motives.drawdown.leaving if motives.drawdown.on else 0.0
        self.targets = Targets(params.targeting, sites, leaving)
        self._candidates = Embedding(draws.stream("militia.attacks"), "R")
        self._aim = draws.stream("militia.aim", 7)
        self._salvo = draws.stream("militia.salvo", 4)
        self._cells = list(params.cells.items())
        self._shares = cumulated(cell.share for _, cell in self._cells)
        self._rounds = SalvoRule(params.salvo, params.intent)
        self._timer: simpy.Timeout | None = None
        self._fires = -inf  # the moment for which that timer is set
        self._found: tuple[Candidate, float] | None = None
        self._done = -inf
        self._stirred = False  # something has been heard since it last looked for an attack
        self._acting = False
        self._lethality = lethality(params.intent, params.restraint)
        told = {*motives.observes, *Targets.observes, *Reach.observes}
        if params.belief.on:
            told |= {*Belief.observes}
        self.observes = tuple(sorted(told))
        self.reacts = tuple(kind for kind in self.observes if kind not in self.reconsiders_not)
        self._mind_sites()

    # -- state ------------------------------------------------------------------------

    def observe(self, event: Event) -> None:
        kind, self._stirred = event.kind, True
        if self.params.belief.on and kind in Belief.observes:
            self.belief.observe(event, self.motives.credibility.level)
        self.motives.observe(event)
        if kind in Targets.observes:
            self.targets.observe(event)
            self._mind_sites()
        elif kind in Reach.observes:
            self.reach.observe(event)

    def _mind_sites(self) -> None:
        """Nothing left to attack shuts the gate of the tempo."""
        if self.motives.any_open is not self.targets.any_open:
            self.motives.any_open = self.targets.any_open
            self.motives.set_gate()

    def state(self, time: float) -> dict[str, float]:
        motives, tempo = self.motives, self.tempo
        felt = {f"{name} (log rate)": d.level(time) for name, d in tempo.drivers.items()}
        held: dict[str, float] = {}
        if self.params.stock.on:
            held["rounds at hand"] = motives.stock.rounds
        if self.params.belief.on:
            held["expected answer to a death (probability)"] = self.belief.chance("killed", time)
        return {
            "tempo (attacks a day)": tempo.rate(time),
            **felt,
            "patron's control (share)": motives.leash.control,
            "credibility of US threats (share)": motives.credibility.level,
            "restraint (share, from its prior)": self.params.restraint,
            "truce in force (0 or 1)": float(motives.truce),
            "sites closed": float(len(self.targets.closed)),
            **held,
        }

    # -- behaviour --------------------------------------------------------------------

    def start(self, env: simpy.Environment) -> None:
        super().start(env)
        self._wait()

    def react(self, event: Event) -> None:
        """Reconsider the next attack when somebody else has changed the tempo.

        Of what happens at one moment an answer may be told before what it answers: having
        observed both, the network has nothing new to consider the second time.
        """
        if self._stirred and not self._acting:
            self._wait()

    def _wait(self) -> None:
        """Look from now on for the next attack; another that was awaited before is dropped.

        A timer with a callback, because interrupting a process costs three times as much. The
        clock can come to stand a rounding error before a candidate's time, so what has been
        acted on is told apart by that time, not by the clock's.
        """
        now, self._stirred = self.env.now, False
        self._found = self.next_point(max(now, self._done))
        if self._found is None:
            self._timer = None
            return
        wait = delay(self._found[0].time, now)
        if self._timer is None or self._fires != now + wait:
            self._fires = now + wait
            self._timer = self.env.timeout(wait)
            self._timer.callbacks.append(self._attack)

    def _attack(self, timer: simpy.Event) -> None:
        """Attack or try to, unless the tempo has changed since this timer was set."""
        if timer is self._timer and self._found is not None:
            self._timer = None
            self._acting = True
            self._done = self._found[0].time
            self._act(*self._found)
            self._acting = False
            self._wait()

    def next_point(self, now: float) -> tuple[Candidate, float] | None:
        """The next candidate that becomes an event, and λ there, if nothing happens first."""
        tempo, foiled = self.tempo, self.params.foiled_ratio
        highest = 1.0 + foiled * self.reach.full
        while now < self.end:
            until = min(self._candidates.block_end(now), tempo.next_break(now), self.end)
            ceiling = highest * tempo.ceiling(now, until)
            points, first = self._candidates.after(now, ceiling)
            for i in range(first, len(points)):
                time, height = points[i][:2]
                if time > until:
                    break
                if height < ceiling:
                    rate = tempo.rate(time)
                    if height < rate * (1.0 + foiled * self.reach.at(time)):
                        return Candidate(*points[i]), rate
            now = until
        return None

    def _act(self, point: Candidate, rate: float) -> None:
        """Fire at a site, or be found out before that."""
        name = point.id
        u = self._aim(name)
        tilt = self.params.signals.erbil if self.params.signals.on else 0.0
        grievance = self.motives.grievance(point.time)
        site = self.targets.choose(point.time, u[0], u[1], tilt * grievance)
        if site is None:
            return
        place, (actor, cell) = self.sites.places[site], self._cells[self._who(point.time, u[2])]
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
            self._launch(point, rate, name, cell, u, grievance, who_and_where)
        else:
            self._be_foiled(name, who_and_where)

    def _who(self, time: float, u: float) -> int:
        """The cell that acts: by share, tilted to those that follow the patron's pull."""
        leash, pull = self.motives.leash, self.motives.pull(time)
        if not pull:
            return pick(u, self._shares)
        return choose(u, (cell.share * exp(leash.over(cell) * pull) for _, cell in self._cells))

    def _launch(
        self,
        point: Candidate,
        rate: float,
        name: str,
        cell: Cell,
        u: Uniforms,
        grievance: float,
        who_and_where: Fields,
    ) -> None:
        """Post the decision to fire: what leaves the rails, and why."""
        provoked = self._provoked(point, rate, GRIEVANCES)
        messages = self.params.intent.message_share > 0.0
        for_show = messages and provoked and self._provoked(point, rate, ("reply",))
        intent = "message" if for_show else choose_intent(u[5], self.params.intent, grievance)
        rounds = self._rounds.draw(self._salvo(name), intent, self.motives.stock.limit)
        launch: Fields = {
            **who_and_where,
            "id": "L" + name,
            "kind": Kind.LAUNCH,
            "brand": _brand(cell, u[3], u[4]),
            "intent": intent,
            "severity": self._lethality[intent] * self.belief.kept(point.time),
            "weapon_class": "rocket_122mm" if u[6] < self._heavy(grievance) else "rocket_107mm",
            "unfired": rounds.unfired,
            "fired": rounds.fired,
            "failed": rounds.failed,
            "cause": self.motives.last_blow if provoked else None,
        }
        self.journal.post(Event.of(launch))

    def _heavy(self, grievance: float) -> float:
        """The share of heavier rockets, whose odds a grievance raises as a signal."""
        share, signals = self.params.salvo.heavy_share, self.params.signals
        if not (signals.on and grievance):
            return share
        odds = share * exp(signals.heavy * grievance)
        return odds / (odds + (1.0 - share))

    def _provoked(self, point: Candidate, rate: float, by: tuple[str, ...]) -> bool:
        """Whether this point would have been no attack without what a blow stirred up."""
        drivers = self.tempo.drivers
        stirred = fsum(drivers[name].level(point.time) for name in by if name in drivers)
        if stirred <= 0.0 or point.height < rate * exp(-stirred):
            return False  # the rate without it is higher still: most need not ask for it
        return point.height >= self.tempo.rate(point.time, without=by)

    def _be_foiled(self, name: str, who_and_where: Fields) -> None:
        """Post an attempt of which every round was found before it left."""
        limit = self.motives.stock.limit
        attempted = self._rounds.draw(self._salvo(name), "harass", limit).attempted
        foiled: Fields = {
            **who_and_where,
            "id": "F" + name,
            "kind": Kind.FOILED_ATTACK,
            "unfired": attempted,
            "fired": 0,
        }
        self.journal.post(Event.of(foiled))


def lethality(intent: Intent, restraint: float) -> dict[str, float]:
    """Harm per leaker that each intent means to do, against unrestrained harassment."""
    steered = 1.0 - restraint
    return {
        "message": steered * intent.message_lethality,
        "harass": steered,
        "punish": steered * intent.punish_lethality,
    }


def _brand(cell: Cell, u_claim: float, u_front: float) -> str:
    """Who claims the attack: one of the cell's fronts, or nobody."""
    if u_claim < cell.front_share:
        return cell.fronts[int(u_front * len(cell.fronts))]
    return NOBODY
