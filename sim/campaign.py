"""One replication: builds the agents of a scenario, lets them live, returns the journal."""

from __future__ import annotations

import gc
from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import lru_cache
from math import fsum, inf, nextafter
from typing import Protocol

import simpy
import simpy.core

from sim.agents.agent import Agent, Entry
from sim.agents.air_defence import AirDefence, Sirens
from sim.agents.claims import Claims
from sim.agents.convoys import Convoys
from sim.agents.credibility import Credibility
from sim.agents.fear import Reach
from sim.agents.government import Government
from sim.agents.handovers import Handovers
from sim.agents.leash import Leash
from sim.agents.militia import Militia
from sim.agents.missiles import Missiles
from sim.agents.motives import Motives, build_tempo
from sim.agents.observers import Observers
from sim.agents.patron import Patron
from sim.agents.pending import Past
from sim.agents.protests import Protests
from sim.agents.rhetoric import Rhetoric
from sim.agents.sanctions import Sanctions
from sim.agents.sites import Sites
from sim.agents.storming import Storming
from sim.agents.striker import Striker
from sim.agents.timeline import Timeline, entries
from sim.agents.trigger import unsaid
from sim.agents.truce import Truce
from sim.agents.us_policy import USPolicy
from sim.agents.us_threats import USThreats
from sim.draws import Draws
from sim.events import Event, Journal, Kind, Listener
from sim.history import History, Unseen
from sim.intensity import Tempo
from sim.settings.sampling import Sampler
from sim.settings.scenario import Scenario

UNKNOWN_FRONT = "an unknown front"
"""The brand of a recorded attack that some front claimed, as far as anybody knows."""
REACTION = 100
"""Reactions come after every state has changed: their ranks start here."""
LAST = 1000
"""The rank of who listens after everybody has reacted."""


class Until(Protocol):
    """What ends a run before its window does: an event of some kinds that reaches a goal."""

    kinds: tuple[Kind, ...]

    def reached(self, event: Event) -> bool:
        """Whether the run may end with this event; called once for each, in order."""
        ...


def drawn(sampler: Sampler, draws: Draws, note: dict[str, float] | None = None) -> Scenario:
    """A scenario with every uncertain quantity drawn for one replication."""
    result: Scenario = sampler.draw(draws.stream("parameters", 1).first, note)
    return result


def given_in(scenario: Scenario) -> list[Entry]:
    """What a scenario is given: its marks, the openings and closures, the fieldings."""
    return entries(scenario.timeline, scenario.sites, scenario.air_defence, scenario.scenario.start)


@lru_cache(maxsize=4)
def given_to_all(sampler: Sampler) -> list[Entry]:
    """What every draw of a scenario is given alike, because dates are never drawn."""
    scenario: Scenario = sampler.section  # type: ignore[assignment]
    return given_in(scenario)


class Campaign:
    """The agents of one drawn scenario on one journal.

    Args:
        scenario: with every quantity drawn (see `drawn`).
        draws: the random streams of the replication.
        given: what is on its timeline, where that has been worked out before.
        told: whether anybody reports; nobody in the campaign reads reports, so nothing
            else changes without.
    """

    def __init__(
        self,
        scenario: Scenario,
        draws: Draws,
        given: list[Entry] | None = None,
        told: bool = True,
    ) -> None:
        window = scenario.scenario
        self.scenario = scenario
        self.told = told
        self.given = given_in(scenario) if given is None else given
        self.journal = Journal(window.start, window.end)
        self.end = float(scenario.days)
        self.now: float | None = None
        self.since: float | None = None
        self.own = True
        self.stopped: float | None = None
        self.past: list[Event] = []
        self._root = draws.root
        self._rows = draws.stream("history.rows")
        self.agents = self._build(scenario, draws)
        self._connect()

    def _build(self, s: Scenario, draws: Draws) -> list[Agent]:
        journal, end = self.journal, self.end
        closings = [entry for entry in self.given if self._announced(entry)]
        rest = [entry for entry in self.given if not self._announced(entry)]
        self.timeline = Timeline(rest, journal, end)
        harm = s.casualties
        retaliation = s.retaliation if s.threats.on else unsaid(s.retaliation)
        return [
            self.timeline,
            *([Observers(s.observers, draws, journal, s.scenario.start, end)] if self.told else []),
            Sirens(s.air_defence, s.sites.places, draws, journal, end),
            Militia(s.militia, s.sites, self._motives(), Reach(s.government), draws, journal, end),
            Convoys(s.convoys, len(s.sites.places), harm, draws, journal, end),
            AirDefence(s.air_defence, draws, journal),
            Sites(s.sites, harm, s.air_defence, s.drawdown, draws, journal),
            USPolicy(retaliation, s.attribution, draws, journal),
            *self._optional(s, draws, [entry.event for entry in closings]),
        ]

    def _motives(self) -> Motives[Tempo]:
        """What moves the militia, with what it makes of the others."""
        s = self.scenario
        leash, credibility = Leash(s.patron), Credibility(s.threats)
        excites = s.convoys.excites_rockets
        return Motives(s.militia, leash, credibility, s.drawdown, build_tempo(s.militia), excites)

    def _announced(self, entry: Entry) -> bool:
        """Whether an event is a handover to come, of which notice is given."""
        to_come = entry.event.kind is Kind.SITE_CLOSED and entry.event.time >= 0.0
        return to_come and self.scenario.drawdown.on

    def _optional(self, s: Scenario, draws: Draws, closings: list[Event]) -> Iterator[Agent]:
        """The agents that a configuration can leave out whole."""
        journal, start, end = self.journal, s.scenario.start, self.end
        cells = s.militia.cells
        if s.drawdown.on:
            yield Handovers(s.drawdown, closings, journal, end)
        if s.threats.on:
            yield USThreats(s.threats, s.sites, start, draws, journal)
        if s.patron.on:
            yield Patron(s.patron, s.militia.stock.on, draws, journal, end)
            yield Missiles(s.patron.missiles, s.sites, draws, journal)
        if s.government.on:
            yield Government(s.government, cells, draws, journal, end)
            yield Protests(s.government.protests, cells, draws, journal)
        if s.truce.on:
            yield Truce(s.truce, draws, journal, end)
        if s.striker.on:
            yield Striker(s.striker, draws, journal, end)
        if s.storming.on:
            yield Storming(s.storming, s.sites, draws, journal)
        if s.claims.on and self.told:  # claims are made to observers
            yield Claims(s.claims, draws, journal, end)
        if s.rhetoric.on:
            yield Rhetoric(s.rhetoric, draws, journal, end)
        if s.sanctions.on:
            yield Sanctions(s.sanctions, draws, journal, end)

    def _connect(self) -> None:
        for agent in self.agents:
            self.journal.subscribe(agent.observes, agent.observe, agent.rank)
            self.journal.subscribe(agent.reacts, agent.react, REACTION + agent.rank)

    def live_through(
        self,
        history: Iterable[Event] = (),
        now: float = 0.0,
        since: float | None = None,
        own: bool = True,
    ) -> None:
        """Let the agents observe a past, and what was told in it, without acting on it.

        Args:
            history: recorded or simulated events before `now`, in order. What the
                configuration gives is added where they lack it.
            now: the moment from which agents will act (days).
            since: the moment from which they have acted in that history already, if they have.
            own: whether what is simulated in that history is of this replication.
        """
        history, told = list(history), [e for a in self.agents for e in a.told(now)]
        if since is not None:
            told = untimely(told, history, since, now)
        lived = in_order(history, told)
        observers = self._observers()
        for event in lived:
            for observe in observers[event.kind]:
                observe(event)
        self.past = sorted((e for e in lived if e.time < now), key=lambda event: event.time)
        self.now, self.since, self.own = now, since, own

    def owns(self, history: History) -> bool:
        """Whether what is simulated in a history is of this replication."""
        return history.is_own(self._root)

    def _observers(self) -> defaultdict[Kind, list[Listener]]:
        """Who observes each kind, in the order of the agents."""
        found: defaultdict[Kind, list[Listener]] = defaultdict(list)
        for agent in self.agents:
            for kind in agent.observes:
                found[kind].append(agent.observe)
        return found

    def past_in(self, history: History) -> list[Event]:
        """A past for this replication, its ranges and blanks drawn."""
        cells = self.scenario.militia.cells.values()
        fronted = fsum(c.share * c.front_share for c in cells) / fsum(c.share for c in cells)
        threats, classes = self.scenario.threats, self.scenario.sites.classes
        inside = {str(name): traits.inside_share for name, traits in classes.items()}
        deadline = threats.deadline_days if threats.on else 0.0
        unseen = Unseen(fronted, UNKNOWN_FRONT, deadline, inside)
        return history.drawn(self._rows, unseen, self._root)

    def run(self, until: Until | None = None) -> Journal:
        """Let the agents act from now to the end; the journal of what happened.

        Args:
            until: stop at the first event of which it says so, once all has happened that
                happens at that instant; `stopped` is then the moment after.
        """
        if self.now is None:
            self.live_through()
        past = Past(self.now or 0.0, self.past, self.since, self.own)
        env = simpy.Environment(initial_time=past.now)
        if until is not None:
            self._stop_at(until, env)
        with uncollected():
            for agent in self.agents:
                agent.start(env)
            if self.past:
                for agent in self.agents:
                    agent.resume(past)
            if past.now < self.end:
                env.run(until=self.end)
            self.journal.close()
            self._part(env)
        return self.journal

    def _stop_at(self, until: Until, env: simpy.Environment) -> None:
        """Listen for the event at which to stop, after everybody else."""

        def stop(_: simpy.Event) -> None:
            raise simpy.core.StopSimulation(None)

        def listen(event: Event) -> None:
            if until.reached(event) and self.stopped is None:
                self.stopped = nextafter(env.now, inf)
                timeout = env.timeout(self.stopped - env.now)
                timeout.callbacks.append(stop)

        self.journal.subscribe(until.kinds, listen, LAST)

    def _part(self, env: simpy.Environment) -> None:
        """Undo the ties between agents, journal and clock, so that their memory is free at
        once: waiting for Python's collector of cycles costs a fifth of a replication."""
        self.journal.dismiss()
        for *_, event in env._queue:  # what lies beyond the end, and who waits for it
            event.callbacks.clear()
        env._queue.clear()
        for agent in self.agents:
            del agent.env


def untimely(told: list[Entry], history: list[Event], since: float, now: float) -> list[Entry]:
    """What is told of a past in which agents have acted since a moment: of that time only what
    that past has too, or what lies ahead of it."""
    known = {event.id for event in history}
    return [e for e in told if e.event.id in known or not since <= e.event.time < now]


def in_order(history: list[Event], told: list[Entry]) -> list[Event]:
    """A past and what was told in it, by the time at which each became known, once each.

    What was announced ahead counts from its announcement; a journal has it on its day. A mark
    that recalls events of a kind is told only in a past that has one.
    """
    first: dict[Kind, float] = {}
    for event in history:
        first[event.kind] = min(event.time, first.get(event.kind, inf))
    told = [entry for entry in told if entry.has_cause(first)]
    ahead = {entry.event.id for entry in told if entry.known < entry.event.time}
    known = {event.id for event in history} - ahead
    given = [(entry.known, entry.event) for entry in told if entry.event.id not in known]
    lived = [(event.time, event) for event in history if event.id not in ahead]
    return [event for _, event in sorted([*given, *lived], key=lambda pair: pair[0])]


@contextmanager
def uncollected() -> Iterator[None]:
    """Spare Python's collector of cycles a heap of events that holds none."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def simulate(
    sampler: Sampler,
    entropy: int,
    replication: int,
    history: History | Journal | None = None,
    fork: int = 0,
    note: dict[str, float] | None = None,
    told: bool = True,
) -> Journal:
    """One replication of a scenario, from its parameters' draw to its journal.

    Args:
        sampler: of a scenario; uncertain quantities are drawn here.
        entropy: root entropy of the study.
        replication: number of the replication, from 0.
        history: the record, for a scenario whose agents have lived before its start; cut
            ready where many replications share it.
        fork: zero but for deliberate re-draws.
        note: takes down the parameters drawn, by dotted key.
        told: whether anybody reports what happens.
    """
    draws = Draws(entropy, replication, fork)
    campaign = Campaign(drawn(sampler, draws, note), draws, given_to_all(sampler), told)
    window = campaign.scenario.scenario
    if window.history == "record":
        if history is None:
            raise ValueError("a scenario with history: record needs the record's journal")
        if isinstance(history, Journal):
            history = History(history, window.start, 0.0)
        campaign.live_through(campaign.past_in(history), 0.0)
    return campaign.run()
