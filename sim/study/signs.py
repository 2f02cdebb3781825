"""Does a contrast keep its sign over what the record cannot tell?

The axes are swept, never tuned: each draw is a world with one level of every axis at random, its
other parameters from their priors, and several futures of each policy. Its sign is that of the
mean difference, and resolved where the 95 % interval leaves out zero. What the record cannot tell
and what too few futures do not tell are kept apart: a verdict is given only where no worlds that
are yet unresolved could change it.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from math import floor
from statistics import fmean
from typing import Any, NamedTuple

from sim.campaign import uncollected
from sim.draws import Draws
from sim.history import History
from sim.replay import branch
from sim.settings.compose import judge
from sim.settings.describe import parameters
from sim.settings.posterior import sampler_of
from sim.settings.quantity import Prior
from sim.settings.scenario import Settings
from sim.study.branching import Plan, Source
from sim.study.executor import each
from sim.study.intervals import Limits, apart, interval
from sim.study.outcomes import AGAINST, limits_of, outcomes
from sim.study.work import Progress

LEVELS = {"low": 0.1, "mid": 0.5, "high": 0.9}
"""The levels of an axis, as probabilities of its prior."""
STEEPER = ("deterrence",)
"""Axes that are the stronger the further they lie below zero: their levels count from the top."""
HOLDS = 0.8
"""A sign that is resolved so in fewer worlds is not claimed."""
ALIKE = "alike in every future"
OPEN = "more futures are needed"
UNTOLD = "not determined by the record"
EACH = 4
"""Draws in a chunk of work."""

AXES: dict[str, tuple[str, ...]] = {
    "deterrence": ("militia.drivers.deterrence.size",),
    "backlash": ("militia.drivers.backlash.size",),
    "stock": ("militia.stock.start",),
    "restraint": ("militia.restraint",),
    "C-RAM": ("air_defence.engage_share",),
    "fronts": ("militia.cells.*.front_share",),
}
"""What the record cannot identify, and the keys that turn it (a star: every cell)."""
ACTS: dict[str, Callable[[Settings], bool]] = {
    "deterrence": lambda settings: settings.militia.drivers.deterrence.on,
    "backlash": lambda settings: settings.militia.drivers.backlash.on,
    "C-RAM": lambda settings: any(
        battery.against == "rockets"
        and (battery.fielded is None or battery.fielded < settings.scenario.end)
        for battery in settings.air_defence.batteries.values()
    ),
}
"""Whether the mechanism of an axis acts, where it can be off or come too late."""
SWITCHES = {"stock": "militia.stock"}
"""Axes whose mechanism is off by default: it is switched on."""


class Draw(NamedTuple):
    """One world: the level of each axis, and the mean paired difference of its futures with its
    95 % interval, if any; `same` where no future differs."""

    levels: dict[str, str]
    difference: float
    interval: Limits | None
    same: bool

    @property
    def sign(self) -> int:
        """1 or −1 where the interval leaves out zero; 0: unresolved."""
        low, high = self.interval or (0.0, 0.0)
        return (low > 0.0) - (high < 0.0)


class Count(NamedTuple):
    """Worlds by their sign; of the unresolved `same` have no difference in any future."""

    more: int
    less: int
    unresolved: int
    same: int


class Line(NamedTuple):
    """The worlds that share a level of an axis; `low` to `high` are the values of its keys."""

    axis: str
    level: str
    low: float
    high: float
    draws: int
    difference: float
    more: int
    less: int
    unresolved: int
    same: int


class Signs(NamedTuple):
    """A contrast over the axes: worlds by the sign of their difference, line by line.

    `difference` is the mean over worlds, `futures` how many of each policy each world has.
    """

    measure: str
    difference: float
    more: int
    less: int
    unresolved: int
    same: int
    lines: list[Line]
    draws: int
    futures: int

    @property
    def verdict(self) -> str:
        """What may be said of the contrast, whatever the unresolved worlds turn out to be."""
        if self.same == self.draws:
            return ALIKE
        for sign, count in (("more", self.more), ("less", self.less)):
            if count / self.draws >= HOLDS:
                return sign
        most = max(self.more, self.less) + self.unresolved
        return UNTOLD if most / self.draws < HOLDS else OPEN


class Job(NamedTuple):
    """Some draws to be made: under two policies, so many futures each."""

    study: str
    arms: tuple[str, str]
    source: Source
    cut: float
    end: float
    measure: str
    futures: int
    first: int
    last: int


def signs(
    plan: Plan, measure: str, draws: int, futures: int, progress: Progress | None = None
) -> Signs:
    """The first policy of a plan against its reference, over all axes.

    Args:
        plan: the branch study.
        measure: of `study.outcomes.MEASURES`.
        draws: worlds; each has its levels and its parameters.
        futures: of each policy in each world; their mean difference is the world's. Few leave
            the signs of many worlds unresolved.
        progress: called with (draws done, draws in all).
    """
    first = next(iter(plan.arms.values()))
    arms = first.model_dump_json(), plan.settings.model_dump_json()
    study = plan.identity()
    spans = [(a, min(a + EACH, draws)) for a in range(0, draws, EACH)]
    jobs = [
        Job(study, arms, plan.source, plan.cut, plan.end, measure, futures, a, b) for a, b in spans
    ]
    made: dict[int, Draw] = {}
    hands = min(plan.settings.workers, len(jobs)), plan.settings.executor
    for part in each(work, jobs, *hands):
        made.update(part)
        if progress is not None:
            progress(len(made), draws)
    drawn = [made[i] for i in sorted(made)]
    moved = moving(plan.arms.values())
    ends = {key: limits for key, limits in sizes(plan.settings).items() if key[0] in moved}
    return summed(measure, drawn, futures, ends)


def moving(arms: Iterable[Settings]) -> list[str]:
    """The axes whose mechanism acts under some policy; the others change no future."""
    arms = list(arms)
    return [axis for axis in AXES if axis not in ACTS or any(map(ACTS[axis], arms))]


def swept(settings: Settings) -> list[str]:
    """The axes that are free to move: not those whose keys are all fixed."""
    free = {p.key for p in parameters(settings) if p.value[:1].isalpha()}
    return [axis for axis in AXES if any(_matching(AXES[axis], sorted(free)))]


def sizes(settings: Settings) -> dict[tuple[str, str], Limits]:
    """What each level of each axis that moves is: from the least to the largest of its keys."""
    keys = [p.key for p in parameters(settings)]
    found = {}
    for axis in swept(settings):
        for level in LEVELS:
            values = [_value(settings, key, axis, level) for key in _matching(AXES[axis], keys)]
            found[axis, level] = min(values), max(values)
    return found


def summed(
    measure: str, draws: list[Draw], futures: int, sizes: Mapping[tuple[str, str], Limits]
) -> Signs:
    """The table of some worlds, with a line for each level that `sizes` names and any has."""
    lines = [
        Line(axis, level, *ends, len(own), _mean(own), *_count(own))
        for (axis, level), ends in sizes.items()
        if (own := [draw for draw in draws if draw.levels[axis] == level])
    ]
    return Signs(measure, _mean(draws), *_count(draws), lines, len(draws), futures)


def _mean(draws: Sequence[Draw]) -> float:
    return fmean(draw.difference for draw in draws)


def _count(draws: Sequence[Draw]) -> Count:
    signs = [draw.sign for draw in draws]
    same = sum(draw.same for draw in draws)
    return Count(signs.count(1), signs.count(-1), signs.count(0), same)


def levels(seed: int, number: int) -> dict[str, str]:
    """The level of every axis in one draw, each keyed by its name."""
    stream = Draws(seed, number).stream("signs.levels", 1)
    names = list(LEVELS)
    return {axis: names[floor(stream(axis)[0] * len(names))] for axis in AXES}


def turned(settings: Settings, chosen: dict[str, str]) -> Settings:
    """Settings with every axis at its level."""
    tree = settings.model_dump(mode="json")
    keys = [p.key for p in parameters(settings)]
    for axis, level in chosen.items():
        if axis in SWITCHES:
            _at(tree, SWITCHES[axis])["on"] = True
        for key in _matching(AXES[axis], keys):
            place, _, name = key.rpartition(".")
            _at(tree, place)[name] = _value(settings, key, axis, level)
    return judge(tree)


def _matching(patterns: tuple[str, ...], keys: list[str]) -> Iterator[str]:
    for pattern in patterns:
        head, star, tail = pattern.partition("*")
        yield from (k for k in keys if k == pattern or (star and _fits(k, head, tail)))


def _fits(key: str, head: str, tail: str) -> bool:
    return (
        key.startswith(head) and key.endswith(tail) and key.count(".") == (head + tail).count(".")
    )


def _at(tree: dict[str, Any], key: str) -> dict[str, Any]:
    for part in key.split("."):
        tree = tree[part]
    return tree


def _value(settings: Settings, key: str, axis: str, level: str) -> float:
    """What a key is at a level of its axis: the quantile of its prior."""
    section: Any = settings
    *path, name = key.split(".")
    for part in path:
        section = section[part] if isinstance(section, dict) else getattr(section, part)
    prior = getattr(section, name)
    assert isinstance(prior, Prior)
    limits = type(section).model_fields[name].json_schema_extra
    share = 1.0 - LEVELS[level] if axis in STEEPER else LEVELS[level]
    return prior.quantile(share, limits["low"], limits["high"])


@functools.lru_cache(maxsize=1)
def _history(study: str, source: Source, start: date, cut: float) -> History:
    return source.history(start, cut)


def work(job: Job) -> dict[int, Draw]:
    """Some draws by number."""
    arms = [Settings.model_validate_json(text) for text in job.arms]
    history = _history(job.study, job.source, arms[0].scenario.start, job.cut)
    with uncollected():
        return {n: _draw(job, arms, history, n) for n in range(job.first, job.last)}


def _draw(job: Job, arms: list[Settings], history: History, number: int) -> Draw:
    chosen = levels(arms[0].seed, number)
    samplers = [sampler_of(turned(settings, chosen)) for settings in arms]
    differences = []
    for fork in range(1, job.futures + 1):
        pair = [branch(s, arms[0].seed, number, history, fork, told=False) for s in samplers]
        told = outcomes(pair, job.end)[0]
        differences.append(told[job.measure] - told[f"{AGAINST}{job.measure}"])
    span = interval(differences, apart(limits_of(job.measure)))
    return Draw(chosen, fmean(differences), span, not any(differences))
