"""How likely a rare rung is: the question, and its answer by splitting."""

from __future__ import annotations

import datetime
import hashlib
import json
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from typing import NamedTuple

from sim.errors import InputError
from sim.settings.announced import as_known
from sim.settings.compose import draft, load
from sim.settings.experiment import ends
from sim.settings.posterior import fingerprint
from sim.settings.scenario import Settings
from sim.study.ascent import levels_below
from sim.study.branching import Source
from sim.study.climbing import TOP, Cost, Job, added, in_world, work
from sim.study.executor import each
from sim.study.folder import code_hash
from sim.study.planning import check_source, cut_of, day_of, span_days
from sim.study.splitting import Climb, Estimate, Stage, estimate
from sim.study.work import Progress

PARTICLES, REPEATS = 200, 20
FEWEST_PARTICLES, FEWEST_REPEATS = 2, 2
MOST = 1_000_000
HALF = 0.5
"""A level that more of the particles of a pilot reach than this is not split at."""


class Question(NamedTuple):
    """What is asked: a rung, from when to when, of which world, with how much effort.

    Args:
        settings: the scenario; seed and workers.
        source: the history before the cut, or none where all begins with the window.
        cut: where the agents take over (days from the scenario's start).
        end: the horizon, likewise.
        rung: whose probability the levels are made for.
        particles: that try each level.
        repeats: independent runs, which give the interval.
        levels: at which to split, by number; a pilot chooses where none are named.
        world: `median` or a replication's number, to fix the parameters; else each
            particle has its own.
    """

    settings: Settings
    source: Source | None
    cut: float
    end: float
    rung: int
    particles: int = PARTICLES
    repeats: int = REPEATS
    levels: tuple[int, ...] | None = None
    world: str | None = None

    @property
    def days(self) -> float:
        """Days from the cut to the horizon."""
        return self.end - self.cut

    def identity(self) -> str:
        """A hash of everything that decides the results."""
        told = self.settings.model_dump(mode="json", exclude={"workers", "replications"})
        past = None if self.source is None else [*self.source, self.source.fingerprint()]
        rest = [past, *self[2:], fingerprint(self.settings.posterior), code_hash()]
        return hashlib.sha256(json.dumps([told, rest], sort_keys=True).encode()).hexdigest()


class Answer(NamedTuple):
    """How likely each rung from 1 is, with its interval, and how that was found.

    `levels` are those at which paths were split and `stages` how many particles of all repeats
    tried and reached each; `cost` holds the pilot's, `pilot` says what that was; `alike` is how
    many plain replications would tell the asked rung as closely (unknown without an error).
    """

    question: Question
    rungs: dict[int, Estimate]
    levels: tuple[int, ...]
    stages: list[Stage]
    cost: Cost
    pilot: Cost
    alike: float | None


def ask(
    rung: int,
    overrides: Sequence[str] = (),
    date: str | datetime.date | None = None,
    horizon: str = "180d",
    particles: int = PARTICLES,
    repeats: int = REPEATS,
    levels: tuple[int, ...] | None = None,
    world: str | None = None,
    record: str | None = None,
    extra: Path | None = None,
) -> Question:
    """The question that these words ask.

    Args:
        rung: from 1 to 10.
        overrides: the scenario.
        date: where history ends and the agents take over, at midnight Baghdad time; without
            one the scenario begins as it does.
        horizon: how far to look, 180d or 26w.
        particles, repeats, levels, world: as in `Question`.
        record: a record of one's own.
        extra: a folder with further config files.

    Raises:
        InputError: a rung, number, date or span out of range, a world or scenario that is none.
    """
    _check("rung", rung, 1, TOP)
    _check("particles", particles, FEWEST_PARTICLES, MOST)
    _check("repeats", repeats, FEWEST_REPEATS, MOST)
    for word in overrides:
        if ends(word):
            raise InputError(f"{word}: the horizon sets the end; horizon=180d")
    base, days = draft(overrides, extra), span_days(horizon)
    window = base.scenario
    cut = 0.0 if date is None else cut_of(day_of(date), 0.0, window.start, window.end)
    end = window.start + timedelta(days=int(cut) + days)
    settings = load([*overrides, f"scenario.end={end}"], extra)
    if date is not None:
        settings = as_known(settings, day_of(date), overrides)
    in_world(settings, world)
    source = None
    if date is not None or window.history == "record":
        source = Source(record)
        check_source(source, window.start + timedelta(days=int(cut)))
    elif record is not None:
        raise InputError("record=: this scenario begins without a history; name date= too")
    return Question(settings, source, cut, cut + days, rung, particles, repeats, levels, world)


def _check(name: str, value: int, low: int, high: int) -> None:
    if not low <= value <= high:
        raise InputError(f"{name}={value}: must lie from {low} to {high}")


def run(question: Question, progress: Progress | None = None) -> Answer:
    """Answer a question; the same numbers under any workers.

    Where no levels are named a pilot tries them all, with as many particles as one repeat and
    replications of its own, so that its choice leaves the estimate unbiased.
    """
    total = question.repeats + (question.levels is None)
    pilot, levels = Cost(), question.levels
    plain = _job(question)
    if levels is None:
        every = levels_below(question.rung)
        _, tried, pilot = work(plain._replace(levels=every, repeat=question.repeats))
        levels = worth_splitting(tried.stages, every)
        _tell(progress, 1, total)
    jobs = [plain._replace(levels=levels, repeat=repeat) for repeat in range(question.repeats)]
    done: dict[int, tuple[Climb, Cost]] = {}
    for repeat, found, cost in each(work, jobs, min(question.settings.workers, len(jobs))):
        done[repeat] = found, cost
        _tell(progress, total - question.repeats + len(done), total)
    return answer(question, levels, [done[repeat] for repeat in sorted(done)], pilot)


def _tell(progress: Progress | None, done: int, total: int) -> None:
    if progress is not None:
        progress(done, total)


def _job(question: Question) -> Job:
    """The first repeat, without levels."""
    q, told = question, question.settings.model_dump_json()
    return Job(q.identity(), told, q.world, q.source, (q.cut, q.end), (), q.particles, 0)


def worth_splitting(stages: Sequence[Stage], levels: tuple[int, ...]) -> tuple[int, ...]:
    """The levels that at most half of those on the kept one below reach; what a pilot never
    came to try is kept.

    >>> worth_splitting([Stage(10, 9), Stage(10, 5), Stage(10, 1), Stage(10, 10)], (1, 2, 3, 4, 5))
    (2, 3, 5)
    """
    kept, share = [], 1.0
    for place, level in enumerate(levels):
        stage = stages[place] if place < len(stages) else None
        share *= stage.reached / stage.tried if stage is not None else 0.0
        if share <= HALF:
            kept.append(level)
            share = 1.0
    return tuple(kept)


def answer(
    question: Question,
    levels: tuple[int, ...],
    done: Sequence[tuple[Climb, Cost]],
    pilot: Cost = Cost(),  # noqa: B008 (a frozen tuple)
) -> Answer:
    """What the repeats say together."""
    columns = zip(*[found.means for found, _ in done], strict=True)
    rungs = {rung: estimate(means, most=1.0) for rung, means in enumerate(columns, 1)}
    asked = rungs[question.rung]
    alike = asked.mean * (1.0 - asked.mean) / asked.error**2 if asked.error else None
    stages = [
        Stage(sum(stage.tried for stage in tried), sum(stage.reached for stage in tried))
        for tried in (
            [found.stages[place] for found, _ in done if place < len(found.stages)]
            for place in range(len(levels))
        )
    ]
    cost = added([pilot, *(spent for _, spent in done)])
    return Answer(question, rungs, levels, stages, cost, pilot, alike)
