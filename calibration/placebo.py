"""Placebos: fake dates must show no effect.

Marks, strikes or the fielding of a defence are moved to dates on which nothing happened, and
the fit is made again. What a real date taught should stand out from what fake ones teach.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from calibration.blocks import Block, Data, blocks, data_of, settings_of
from calibration.plan import Plan
from calibration.quantiles import values
from calibration.weighted import means
from sim.events import Event, Journal, Kind

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


def placebos(plan: Plan, journal: Journal, tries: int, names: Sequence[str]) -> list[Placebo]:
    """Every quantity of every kind of date that is moved.

    Args:
        plan: the fit.
        journal: the record.
        tries: fake sets of dates a kind.
        names: of `KINDS`.
    """
    data = data_of(plan.model_copy(update={"jitters": 1}), settings_of(plan), journal)
    return [row for name in names for row in _of(name, data, plan, tries)]


def _of(name: str, data: Data, plan: Plan, tries: int) -> list[Placebo]:
    kinds, block, keys = KINDS[name]
    random = np.random.default_rng(plan.seed)
    real = means(_block(data, plan, block), keys, plan.seed)
    fakes = []
    for _ in range(tries):
        moved = data._replace(lived=[moved_dates(data.lived[0], kinds, data.days, random)])
        fakes.append(means(_block(moved, plan, block), keys, plan.seed))
    uncertain = data.sampler.uncertain()
    prior = {k: float(values({k: uncertain[k]}, np.zeros((1, 1)))[k][0]) for k in keys}
    return [_row(name, key, prior[key], real[key], [f[key] for f in fakes]) for key in keys]


def _row(name: str, key: str, prior: float, real: float, fakes: list[float]) -> Placebo:
    further = [abs(fake - prior) >= abs(real - prior) for fake in fakes]
    return Placebo(name, key, prior, real, tuple(fakes), float(np.mean(further)))


def _block(data: Data, plan: Plan, name: str) -> Block:
    return next(block for block in blocks(data, plan) if block.name == name)


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
