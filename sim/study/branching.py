"""Futures from a date under several policies, on the same draws."""

from __future__ import annotations

import functools
import gc
import hashlib
import json
from collections.abc import Iterator
from datetime import date
from math import inf
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from sim import record
from sim.campaign import uncollected
from sim.events import Journal
from sim.history import History, Lived
from sim.replay import Future, branch
from sim.settings.posterior import fingerprint, sampler_of
from sim.settings.sampling import Sampler
from sim.settings.scenario import HANDS, Settings
from sim.study import intervals
from sim.study.executor import each
from sim.study.folder import RunFolder, code_hash
from sim.study.outcomes import AGAINST, limits_of, outcomes
from sim.study.work import CHUNK, Progress

if TYPE_CHECKING:
    import pyarrow as pa

BATCH = 8
"""Chunks after which a stopping rule looks again: the same ones under any workers."""


class Source(NamedTuple):
    """The history that is replayed: a record (none: the packaged one), or one replication of
    a finished run."""

    record: str | None = None
    run: str | None = None
    replication: int = 0

    def journal(self) -> Journal:
        """The events, read anew."""
        if self.run is None:
            return record.read(self.record)
        from sim.study.runs import read

        return read(Path(self.run)).journal(self.replication, whole=True)

    def history(self, start: date, cut: float) -> History:
        """The events before a cut, as the replications of a study live through them.

        Args:
            start: the first day of the scenario whose days count.
            cut: days of that scenario.
        """
        return History(self.journal(), start, cut, self._lived())

    def _lived(self) -> Lived | None:
        """Which replication of which study it is, if it is one."""
        if self.run is None:
            return None
        from sim.study.runs import read

        return Lived(read(Path(self.run)).settings.seed, self.replication)

    def fingerprint(self) -> str:
        """A hash of what lies there now."""
        if self.run is None:
            return record.hash_of_data(self.record)
        return str(RunFolder.open(Path(self.run)).manifest().get("identity"))

    def words(self) -> str:
        """What is replayed, for a reader."""
        return "the record" if self.run is None else f"replication {self.replication} of {self.run}"


class Stop(NamedTuple):
    """Go on until the 95 % interval of a paired mean difference is this narrow.

    `width` is half the interval, in units of the measure.
    """

    measure: str
    width: float


class Plan(NamedTuple):
    """A branch study: where history is cut, and what is compared from there.

    Args:
        arms: settings by policy's name; the last is what the others are compared with.
        cut: the moment, in days from the scenario's start.
        end: the horizon, likewise.
        source: the history.
        replications: how many futures of each policy; with `stop` the most.
        stop: a rule that ends the study sooner.
    """

    arms: dict[str, Settings]
    cut: float
    end: float
    source: Source
    replications: int
    stop: Stop | None = None

    @property
    def reference(self) -> str:
        """The policy that the others are compared with."""
        return list(self.arms)[-1]

    @property
    def settings(self) -> Settings:
        """The settings of that policy; seed, workers and window are everybody's."""
        return self.arms[self.reference]

    def identity(self) -> str:
        """A hash of everything that decides the results."""
        told = {k: s.model_dump(mode="json", exclude=HANDS) for k, s in self.arms.items()}
        data = self.source.fingerprint(), fingerprint(self.settings.posterior)
        rest = [
            self.cut,
            self.end,
            list(self.source),
            self.replications,
            self.stop,
            code_hash(),
            data,
        ]
        return hashlib.sha256(json.dumps([told, rest], sort_keys=True).encode()).hexdigest()


class Job(NamedTuple):
    """One chunk of futures: under every policy, which replications."""

    study: str
    arms: tuple[tuple[str, str], ...]
    source: Source
    cut: float
    end: float
    number: int
    first: int
    last: int


class Futures(NamedTuple):
    """What a branch study produced: a row for each future, and why it ended."""

    rows: list[dict[str, Any]]
    replications: int
    ended: str

    def of(self, arm: str) -> list[dict[str, Any]]:
        """The futures of one policy, by replication."""
        return [row for row in self.rows if row["policy"] == arm]

    def table(self) -> pa.Table:
        """The rows as Arrow."""
        import pyarrow as pa

        return pa.Table.from_pylist(self.rows)


@functools.lru_cache(maxsize=2)
def _prepared(
    study: str, arms: tuple[tuple[str, str], ...], source: Source, cut: float
) -> tuple[dict[str, tuple[Settings, Sampler]], History]:
    """What all chunks share; made once a process, then left out of collection."""
    made = {}
    for name, text in arms:
        settings = Settings.model_validate_json(text)
        made[name] = settings, sampler_of(settings)
    start = next(iter(made.values()))[0].scenario.start
    shared = made, source.history(start, cut)
    gc.collect()
    gc.freeze()
    return shared


def work(job: Job) -> tuple[int, list[dict[str, Any]]]:
    """Simulate one chunk: its number and its rows."""
    arms, history = _prepared(job.study, job.arms, job.source, job.cut)
    rows = []
    with uncollected():
        for number in range(job.first, job.last):
            futures = [
                branch(sampler, settings.seed, number, history, told=False)
                for settings, sampler in arms.values()
            ]
            for name, told in zip(arms, outcomes(futures, job.end), strict=True):
                rows.append({"replication": number, "policy": name, **told})
    return job.number, rows


def future_of(plan: Plan, arm: str, replication: int) -> Future:
    """One future again, with its whole journal."""
    settings = plan.arms[arm]
    history = plan.source.history(settings.scenario.start, plan.cut)
    return branch(sampler_of(settings), settings.seed, replication, history)


def run(plan: Plan, progress: Progress | None = None) -> Futures:
    """Simulate the futures of every policy; the same numbers under any workers."""
    done: dict[int, list[dict[str, Any]]] = {}
    jobs = list(_jobs(plan))
    batches = _batches(len(jobs), plan.stop is not None)
    hands = min(plan.settings.workers, len(jobs)), plan.settings.executor
    computed = each(work, jobs, *hands)
    for number, rows in computed:
        done[number] = rows
        if progress is not None:
            progress(min(len(done) * CHUNK, plan.replications), plan.replications)
        while batches and all(i in done for i in range(batches[0])):
            kept = [row for i in range(batches.pop(0)) for row in done[i]]
            width = half_width(kept, plan)
            if plan.stop is not None and width <= plan.stop.width:
                computed.close()  # the chunks that are under way lie beyond the end
                return _futures(kept, plan, f"the interval is ±{width:.3g}, as asked")
    kept = [row for i in sorted(done) for row in done[i]]
    if plan.stop is None:
        return _futures(kept, plan, "all replications were made")
    width = half_width(kept, plan)
    enough = width <= plan.stop.width
    known = f"±{width:.3g}" if width < inf else "unknown, all differences being alike"
    spent = f"the budget is spent: the interval is {known}, not ±{plan.stop.width:g}"
    return _futures(kept, plan, f"the interval is ±{width:.3g}, as asked" if enough else spent)


def half_width(rows: list[dict[str, Any]], plan: Plan) -> float:
    """Half the 95 % interval of the mean paired difference that a stopping rule watches; infinite
    where there is none (see `sim.study.intervals`)."""
    if plan.stop is None:
        return 0.0
    first, name = next(iter(plan.arms)), plan.stop.measure
    own = [row for row in rows if row["policy"] == first]
    differences = [float(row[name] - row[f"{AGAINST}{name}"]) for row in own]
    return intervals.half_width(differences, intervals.apart(limits_of(name)))


def _jobs(plan: Plan) -> Iterator[Job]:
    arms = tuple((name, settings.model_dump_json()) for name, settings in plan.arms.items())
    study = plan.identity()
    for i, first in enumerate(range(0, plan.replications, CHUNK)):
        last = min(first + CHUNK, plan.replications)
        yield Job(study, arms, plan.source, plan.cut, plan.end, i, first, last)


def _batches(jobs: int, stops: bool) -> list[int]:
    """After how many chunks the stopping rule looks."""
    return list(range(BATCH, jobs, BATCH)) if stops else []


def _futures(rows: list[dict[str, Any]], plan: Plan, ended: str) -> Futures:
    return Futures(rows, len(rows) // len(plan.arms), ended)
