"""Futures of the simulation as a process that climbs and can be split."""

from __future__ import annotations

import functools
import gc
import time
from collections.abc import Iterable
from datetime import date
from math import fsum
from typing import NamedTuple

from sim import ladder
from sim.campaign import drawn, uncollected
from sim.draws import Draws
from sim.errors import InputError
from sim.events import Journal
from sim.history import History
from sim.replay import Particle, begin, go_on
from sim.settings.posterior import sampler_of
from sim.settings.sampling import Sampler
from sim.settings.scenario import Scenario, Settings
from sim.study.ascent import Ascent
from sim.study.branching import Source
from sim.study.splitting import Climb, climb

TOP = 10
"""The highest rung."""
MEDIAN = "median"


class Cost(NamedTuple):
    """What was spent: runs of the simulation, the days and events that they simulated, the days
    that were observed again to get where a run began, and processor seconds."""

    runs: int = 0
    days: float = 0.0
    events: int = 0
    days_observed: float = 0.0
    seconds: float = 0.0


def added(costs: Iterable[Cost]) -> Cost:
    """All costs together.

    >>> added([Cost(1, 10.0), Cost(2, 5.0, seconds=1.0)])
    Cost(runs=3, days=15.0, events=0, days_observed=0.0, seconds=1.0)
    """
    runs, days, events, observed, seconds = zip(*costs, strict=True)
    return Cost(sum(runs), fsum(days), sum(events), fsum(observed), fsum(seconds))


class State(NamedTuple):
    """A replication as far as it has come, how many levels it has reached, and whether no more
    can be learnt of it."""

    particle: Particle
    level: int
    over: bool = False


class Futures:
    """Futures of one scenario.

    Args:
        sampler: of the scenario.
        entropy: root entropy of the study.
        first: number of the first replication; particle n is replication first + n.
        history: the past of every particle, if there is one.
        span: from the cut to the horizon (days).
        levels: at which to split, by number.
    """

    def __init__(
        self,
        sampler: Sampler,
        entropy: int,
        first: int,
        history: History | None,
        span: tuple[float, float],
        levels: tuple[int, ...],
    ) -> None:
        scenario: Scenario = sampler.section  # type: ignore[assignment]
        self.sampler = sampler
        self.entropy = entropy
        self.first = first
        self.history = history
        self.cut, self.end = span
        self.levels = levels
        self.start = scenario.scenario.start
        self.cost = Cost()

    def begin(self, number: int) -> State:
        """A replication at the cut; each has its own parameters."""
        replication = self.first + number
        if self.history is None:
            return State(Particle(replication, [], self.cut, self.cut), 0)
        return State(begin(self.sampler, self.entropy, replication, self.history), 0)

    def advance(self, state: State, level: int, mark: str) -> State:
        """The replication where it has reached so many levels, or at the horizon."""
        if state.over or state.level >= level:
            return state
        before = state.particle
        ascent = Ascent(self.levels, self.cut, level if level <= len(self.levels) else None)
        ascent.see(before.events)
        after = go_on(self.sampler, self.entropy, before, mark, ascent)
        self._count(before, after)
        return State(after, ascent.count, ascent.over)

    def level(self, state: State) -> int:
        """How many levels it has reached."""
        return state.level

    def told(self, state: State) -> list[float]:
        """Whether each rung from 1 was reached by the horizon; what lies beyond a sustained
        exchange is not told."""
        rungs = ladder.rate(Journal(self.start, None, state.particle.events))
        highest = ladder.statistics(rungs, self.cut, self.end).highest
        return [float(highest >= rung) for rung in range(1, TOP + 1)]

    def _count(self, before: Particle, after: Particle) -> None:
        days, events = after.now - before.now, len(after.events) - len(before.events)
        run = Cost(1, days, events, before.now - self.cut)
        self.cost = added([self.cost, run])


class Job(NamedTuple):
    """One repeat to be computed; `study` names what all repeats share."""

    study: str
    settings: str
    world: str | None
    source: Source | None
    span: tuple[float, float]
    levels: tuple[int, ...]
    particles: int
    repeat: int


def work(job: Job) -> tuple[int, Climb, Cost]:
    """One repeat: its number, how it went, what it cost."""
    settings, sampler = _prepared(job.study, job.settings, job.world)
    start, cut = settings.scenario.start, job.span[0]
    history = None if job.source is None else _history(job.study, job.source, start, cut)
    first = job.repeat * job.particles
    futures = Futures(sampler, settings.seed, first, history, job.span, job.levels)
    lots = Draws(settings.seed, job.repeat).stream("splitting.copies", 1)

    def luck(level: str) -> list[float]:
        return [row[0] for row in lots.page(level, job.particles, 1)]

    began = time.process_time()
    with uncollected():
        found = climb(futures, job.particles, len(job.levels), luck)
    return job.repeat, found, futures.cost._replace(seconds=time.process_time() - began)


@functools.lru_cache(maxsize=2)
def _prepared(study: str, settings: str, world: str | None) -> tuple[Settings, Sampler]:
    judged = Settings.model_validate_json(settings)
    made = judged, in_world(judged, world)
    gc.collect()
    gc.freeze()
    return made


@functools.lru_cache(maxsize=2)
def _history(study: str, source: Source, start: date, cut: float) -> History:
    return source.history(start, cut)


def in_world(settings: Settings, world: str | None) -> Sampler:
    """The sampler of a scenario, its parameters fixed where a world is named: the medians of
    the priors, or what the replication of that number draws.

    Raises:
        InputError: no such world, or medians of a posterior, whose draws hang together.
    """
    sampler = sampler_of(settings)
    if world is None:
        return sampler
    if world == MEDIAN:
        if settings.posterior is not None:
            raise InputError(
                f"world={MEDIAN}: a posterior's draws hang together; name one, world=17"
            )
        return Sampler(sampler.draw(lambda key: 0.5))
    if not (world.isascii() and world.isdigit()):
        raise InputError(f"world={world}: {MEDIAN}, or the number of a replication, world=17")
    return Sampler(drawn(sampler, Draws(settings.seed, int(world))))
