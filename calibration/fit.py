"""A fit from its plan to a posterior: every block sampled, kept as it goes, and judged.

A block's state is written after each part of its chains. Killed and started again, a fit goes
on from there and ends with the same bytes.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from threadpoolctl import threadpool_limits

from calibration.blocks import Block, blocks, data_of, read_record, settings_of
from calibration.plan import Plan, Sampling
from calibration.quantiles import Floats, values
from calibration.replayed import Seen
from calibration.sample import sample
from calibration.stages import Shelf
from sim import record
from sim.study.executor import each
from sim.study.sources import hash_of_sources

Progress = Callable[[int, int], None]


UNSEEN: Any = {"executor": True, "timeline": {"marks": {"__all__": {"of"}}}}
"""Settings that no likelihood hangs on: who computes, and what a mark recalls, for whether that
happened the rows say."""


class Request(NamedTuple):
    """What is fitted: a plan, overrides beside its own, and a record."""

    plan: Plan
    overrides: tuple[str, ...] = ()
    record: str | None = None

    def identity(self) -> str:
        """A hash of what is fitted: the plan, the settings, the rows that are seen.

        The manifest tells the code beside it: that changes more often than what it does.
        """
        settings = settings_of(self.plan, self.overrides).model_dump(mode="json", exclude=UNSEEN)
        told = [self.plan.model_dump(mode="json"), settings]
        text = json.dumps([told, self.data_hash()], sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()

    def data_hash(self) -> str:
        """A hash of the rows that the fit sees: what comes later is none of its data."""
        journal = record.read(self.record, without=self.plan.without)
        rows = [repr(event) for event in Seen(journal, self.plan.until)]
        return hashlib.sha256("\n".join(rows).encode()).hexdigest()


def own_hash() -> str:
    """sha256 over calibration's own source files; no fit hangs on those of the backtest."""
    return hash_of_sources(Path(__file__).parent, "*.py")


class Sampled(NamedTuple):
    """One block's draws in normal coordinates: the chains, shape (steps, chains, quantities)."""

    name: str
    fitted: tuple[str, ...]
    nuisance: tuple[str, ...]
    chain: Floats

    def rows(self, block: Block, n: int) -> dict[str, Floats]:
        """`n` draws of the fitted quantities in their own units, evenly from all chains."""
        points = self.chain.reshape(-1, self.chain.shape[2])
        chosen = points[np.linspace(0, len(points) - 1, n).astype(int)]
        told = values(block.quantities, chosen)
        return {key: np.asarray(told[key]) for key in self.fitted}


class Job(NamedTuple):
    """One block of a request, and where its state is kept."""

    request: Request
    number: int
    shelf: Path | None


def prepared(request: Request) -> list[Block]:
    """The blocks of a request.

    Raises:
        InputError: a setting, the record or a prior that a fit cannot take.
    """
    settings = settings_of(request.plan, request.overrides)
    journal = read_record(request.plan, request.record)
    return blocks(data_of(request.plan, settings, journal), request.plan)


def work(job: Job) -> Sampled:
    """Sample one block, from where it was left."""
    block = prepared(job.request)[job.number]
    plan = job.request.plan
    return sampled(block, plan.schedule(block.name), plan.seed + job.number, job.shelf)


def sampled(block: Block, schedule: Sampling, seed: int, folder: Path | None = None) -> Sampled:
    """The chains of one block; where a folder is given, each stage is kept there."""
    shelf = Shelf(folder, block.name) if folder is not None else None
    before = shelf.last() if shelf is not None else None
    stage = before
    with threadpool_limits(1):  # workers share the cores already
        for stage in sample(block.at, len(block.quantities), schedule, seed, before):
            if shelf is not None:
                shelf.keep(stage)
    assert stage is not None
    return Sampled(block.name, tuple(block.fitted), tuple(block.nuisance), stage.chain)


def fit(
    request: Request,
    workers: int = 2,
    folder: Path | None = None,
    progress: Progress | None = None,
) -> list[Sampled]:
    """The chains of every block, in order.

    Args:
        request: what is fitted.
        workers: processes that share the blocks.
        folder: where states are kept while it runs.
        progress: called with (blocks done, blocks in all).
    """
    made = prepared(request)  # what is wrong is said before anything is sampled
    jobs = [Job(request, number, folder) for number in range(len(made))]
    found: list[Sampled] = []
    for one in each(work, jobs, min(workers, len(jobs))):
        found.append(one)
        if progress is not None:
            progress(len(found), len(jobs))
    order = [block.name for block in made]
    return sorted(found, key=lambda one: order.index(one.name))


def draws(made: Iterable[Block], found: Iterable[Sampled], n: int) -> dict[str, Floats]:
    """`n` joint draws of all fitted quantities, by key; blocks are independent."""
    told: dict[str, Floats] = {}
    for block, one in zip(made, found, strict=True):
        told |= one.rows(block, n)
    return told
