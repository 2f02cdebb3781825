"""Placebos: fake dates must show no effect.

Marks, strikes or the fielding of a defence are moved to dates on which nothing happened, and
the fit is made again. What a real date taught should stand out from what fake ones teach.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np
from threadpoolctl import threadpool_limits

from calibration.blocks import blocks, data_of, read_record, settings_of
from calibration.fit import Progress
from calibration.plan import Plan
from calibration.quantiles import values
from calibration.weighted import means
from sim.events import Event, Kind
from sim.settings.posterior import sampler_of
from sim.study.executor import each

KINDS = {
    "calendar marks": ((Kind.CALENDAR_MARK,), "tempo", ("militia.drivers.calendar.size",)),
    "US strikes": (
        (Kind.AIRSTRIKE, Kind.LEADERSHIP_STRIKE),
        "tempo",
        ("militia.drivers.deterrence.size", "militia.drivers.backlash.size"),
    ),
    "fielding of defences": ((Kind.DEFENCE_FIELDED,), "targets", ("militia.targeting.defence",)),
}
"""What is moved, in which block it is felt, and in which quantities."""


class Placebo(NamedTuple):
    """One quantity: its posterior mean with real dates, those with fake dates, and the share of
    fakes that lie at least as far from the prior's mean."""

    moved: str
    key: str
    prior: float
    real: float
    fakes: tuple[float, ...]
    share: float


class Fit(NamedTuple):
    """A block fitted to the record: its own dates (number 0), or the n-th fake ones of a kind."""

    plan: Plan
    record: str | None
    block: str
    keys: tuple[str, ...]
    moved: str = ""
    number: int = 0


class Found(NamedTuple):
    """Posterior means of a fit, by key."""

    fit: Fit
    means: dict[str, float]


def placebos(
    plan: Plan,
    record: str | None,
    tries: int,
    names: Sequence[str],
    workers: int = 1,
    progress: Progress | None = None,
) -> list[Placebo]:
    """Every quantity of every kind of date that is moved.

    Args:
        plan: the fit.
        record: a file's path; none for the packaged one.
        tries: fake sets of dates a kind.
        names: of `KINDS`.
        workers: processes.
        progress: called with (fits done, in all).
    """
    jobs = fits(plan, record, tries, names)
    found: list[Found] = []
    for one in each(work, jobs, workers):
        found.append(one)
        if progress is not None:
            progress(len(found), len(jobs))
    return [row for name in names for row in _rows(name, plan, found)]


def fits(plan: Plan, record: str | None, tries: int, names: Sequence[str]) -> list[Fit]:
    """What is to be fitted: each block once on the dates as they are, then the fakes."""
    felt: dict[str, tuple[str, ...]] = {}
    for name in names:
        _, block, keys = KINDS[name]
        felt[block] = felt.get(block, ()) + keys
    numbers = range(1, tries + 1)
    return [
        *(Fit(plan, record, block, keys) for block, keys in felt.items()),
        *(Fit(plan, record, *KINDS[name][1:], name, n) for name in names for n in numbers),
    ]


def work(fit: Fit) -> Found:
    """Fit one block, its dates moved first where they are fake."""
    journal = read_record(fit.plan, fit.record)
    data = data_of(fit.plan.model_copy(update={"jitters": 1}), settings_of(fit.plan), journal)
    if fit.number:
        kinds = KINDS[fit.moved][0]
        random = np.random.default_rng((fit.plan.seed, fit.number))
        data = data._replace(lived=[moved_dates(data.lived[0], kinds, data.days, random)])
    block = next(block for block in blocks(data, fit.plan) if block.name == fit.block)
    with threadpool_limits(1):  # workers share the cores already
        return Found(fit, means(block, fit.keys, fit.plan.seed))


def _rows(name: str, plan: Plan, found: Iterable[Found]) -> list[Placebo]:
    """What one kind of date teaches, real and fake, by quantity."""
    _, block, keys = KINDS[name]
    real = next(one.means for one in found if one.fit.block == block and not one.fit.number)
    fakes = sorted((one.fit.number, one.means) for one in found if one.fit.moved == name)
    uncertain = sampler_of(settings_of(plan)).uncertain()
    prior = {k: float(values({k: uncertain[k]}, np.zeros((1, 1)))[k][0]) for k in keys}
    return [_row(name, key, prior[key], real[key], [f[key] for _, f in fakes]) for key in keys]


def _row(name: str, key: str, prior: float, real: float, fakes: list[float]) -> Placebo:
    further = [abs(fake - prior) >= abs(real - prior) for fake in fakes]
    return Placebo(name, key, prior, real, tuple(fakes), float(np.mean(further)))


def moved_dates(
    record: list[Event], kinds: Sequence[Kind], days: float, random: np.random.Generator
) -> list[Event]:
    """A record with the events of some kinds moved along the window by one random shift each,
    round its end; a mark keeps how long ahead it was known."""
    moved = [_moved(e, days, random) if e.kind in kinds else e for e in record]
    return sorted(moved, key=_told)


def _moved(event: Event, days: float, random: np.random.Generator) -> Event:
    time = float(random.uniform(0.0, days))
    if event.known_from is None:
        return event.but(time=time)
    return event.but(time=time, known_from=time - (event.time - event.known_from))


def _told(event: Event) -> float:
    """When agents learn of an event."""
    early = event.kind is Kind.CALENDAR_MARK and event.known_from is not None
    return event.known_from if early and event.known_from is not None else event.time
