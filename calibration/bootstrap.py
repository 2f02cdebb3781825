"""A parametric bootstrap of the rescaled gaps: is the record as near to λ as the model's own
histories are to theirs?

Gaps lie nearer to the exponential under parameters that were fitted to them than under the
truth, so neither the usual Kolmogorov–Smirnov p-value holds (Lilliefors 1969) nor one from
histories under their own truth. So each history, simulated under a draw of the posterior and
told as the record is (reported attacks, on their days), has its tempo fitted anew. The record
goes through the same quick fit, with one draw of its open dates: the committed posterior comes
from chains over several such draws, which no history gets, and the two would not be alike.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import floor
from typing import NamedTuple

import numpy as np
from threadpoolctl import threadpool_limits

from calibration.blocks import Data, blocks, settings_of
from calibration.fit import Progress
from calibration.gaps import refitted, rescaled, statistic, tempo_of
from calibration.histories import history
from calibration.plan import Plan
from calibration.quantiles import Floats
from calibration.truth import told
from sim.clock import NOON
from sim.errors import RungsError
from sim.events import Event, Journal, Kind
from sim.settings.posterior import sampler_of
from sim.study.executor import each


class GapTest(NamedTuple):
    """What the gaps of the recorded attacks say of λ: small p-values, that it does not fit.

    Attributes:
        attacks: on record.
        histories: simulated ones that have a statistic.
        empty: those without an attack, which have none.
        recorded: the record's statistic under a fit to it.
        simulated: the mean of theirs, each under a fit of its own.
        p: (1 + histories whose statistic is at least the record's) / (1 + histories).
        p_unfitted: the share of histories whose statistic under their own truth is at least the
            record's under the same draw of the posterior, fitted to the record alone: too near
            to a half, so a small one counts and a large one says little.
    """

    attacks: int
    histories: int
    empty: int
    recorded: float
    simulated: float
    p: float
    p_unfitted: float


class Job(NamedTuple):
    """One history to be simulated under a row of the posterior, and fitted."""

    plan: Plan
    row: dict[str, float]
    entropy: int
    number: int


class Found(NamedTuple):
    """A history's statistic under a fit to it and under its own truth; NaN without an attack."""

    number: int
    refitted: float
    unfitted: float


def gap_test(
    plan: Plan,
    data: Data,
    draws: dict[str, Floats],
    entropy: int,
    workers: int = 1,
    progress: Progress | None = None,
) -> GapTest:
    """The recorded gaps beside those of histories simulated under a posterior.

    Args:
        plan: the fit.
        data: what it sees of the record, with one draw of what that leaves open.
        draws: of the fitted quantities, in their own units; each makes one history.
        entropy: of the simulated histories.
        workers: processes; the answer is the same under any.
        progress: called with (histories done, in all).

    Raises:
        RungsError: the record has no attack, or no history has.
    """
    count = attacks(data)
    if not count:
        raise RungsError(f"no attack is recorded before {plan.until}: there are no gaps to test")
    n = len(next(iter(draws.values())))
    rows = [{key: float(column[i]) for key, column in draws.items()} for i in range(n)]
    jobs = [Job(plan, row, entropy, i) for i, row in enumerate(rows)]
    found = simulated(jobs, workers, progress)
    tempo = blocks(data, plan)[0]
    scenario = data.sampler.draw(lambda key: 0.5, given=draws)
    under = np.array([statistic(gaps) for gaps in rescaled(tempo_of(tempo), scenario, n)])
    with threadpool_limits(1):  # as in a history's fit
        return judged(count, refitted(tempo, plan.seed), under, found)


def judged(count: int, recorded: float, under: Floats, found: Sequence[Found]) -> GapTest:
    """The p-values.

    Args:
        count: recorded attacks.
        recorded: the record's statistic under a fit to it.
        under: the same under each draw of the posterior.
        found: the history of each draw, in order.

    Raises:
        RungsError: no history has a statistic.
    """
    refits = np.array([one.refitted for one in found])
    unfitted = np.array([one.unfitted for one in found])
    known = ~np.isnan(refits)
    n = int(known.sum())
    if not n:
        raise RungsError(f"none of {len(found)} histories has an attack: there is nothing to test")
    p = (1 + int((refits[known] >= recorded).sum())) / (1 + n)
    share = float((unfitted[known] >= under[known]).mean())
    mean = float(refits[known].mean())
    return GapTest(count, n, len(found) - n, recorded, mean, p, share)


def simulated(jobs: Sequence[Job], workers: int, progress: Progress | None) -> list[Found]:
    """Every history, in order."""
    found: list[Found] = []
    for one in each(work, jobs, workers):
        found.append(one)
        if progress is not None:
            progress(len(found), len(jobs))
    return sorted(found)


def work(job: Job) -> Found:
    """Simulate a history, fit its tempo, and take its statistic."""
    settings = settings_of(job.plan)
    sampler = sampler_of(settings)
    scenario, journal = history(sampler, job.entropy, job.number, job.row)
    data = told(job.plan, settings, sampler, dated(journal))
    if not attacks(data):
        return Found(job.number, float("nan"), float("nan"))
    tempo = blocks(data, job.plan)[0]
    truth = statistic(rescaled(tempo_of(tempo), scenario, 1)[0])
    with threadpool_limits(1):  # workers share the cores already
        fitted = refitted(tempo, (job.entropy + 7919 * (job.number + 1)) % 2**32)
    return Found(job.number, fitted, truth)


def attacks(data: Data) -> int:
    """How many rocket attacks a fit sees."""
    return sum(event.kind is Kind.ROCKET_ATTACK for event in data.lived[0])


def dated(journal: Journal) -> Journal:
    """A simulated journal as precise as the record: its attacks on their days, at noon."""
    return Journal(journal.start, journal.end, [_at_noon(event) for event in journal])


def _at_noon(event: Event) -> Event:
    if event.kind is not Kind.ROCKET_ATTACK:
        return event
    return event.but(time=floor(event.time) + NOON)
