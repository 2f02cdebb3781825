"""What each mechanism of the tempo is worth: in nats an attack, in sample and out of it.

In sample: the difference of log marginal likelihoods, each from the weighted draws that a
sampler is fitted on. Out of sample: of log predictive densities of attacks after the fit's
end, given all that happened before each.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import sqrt
from statistics import fmean, stdev
from typing import Any, NamedTuple

import numpy as np
from scipy.special import logsumexp

from calibration.blocks import Block, blocks, data_of, settings_of
from calibration.gaussian import evidence, resampled
from calibration.plan import Plan
from calibration.quantiles import Floats
from calibration.tempo import TempoLikelihood
from calibration.weighted import weighted
from sim.events import Journal, Kind
from sim.study.intervals import t95

MECHANISMS = {
    "excitation": ("militia.excitation=0",),
    "deterrence": ("militia.drivers.deterrence.on=false",),
    "backlash": ("militia.drivers.backlash.on=false",),
    "reply": ("militia.drivers.reply.on=false",),
    "threat": ("militia.drivers.threat.on=false",),
    "arrest": ("militia.drivers.arrest.on=false",),
    "withdrawal": ("militia.drivers.withdrawal.on=false",),
    "designation": ("militia.drivers.designation.on=false",),
    "calendar": ("militia.drivers.calendar.on=false",),
    "truce": ("militia.truce.factor=1",),
    "drawdown": ("drawdown.credit=0",),
}
"""Overrides that switch off each mechanism that the likelihood of the tempo knows."""
KEPT = 1000
SEEDS = 3
"""Samples of each posterior: how far they differ is the noise of a worth."""


class Worth(NamedTuple):
    """One mechanism: what leaving it out costs (nats an attack; negative: it hurts).

    Means over `SEEDS` samples, with the standard errors that these leave.
    """

    mechanism: str
    in_sample: float
    in_sample_error: float
    out_of_sample: float | None
    out_of_sample_error: float | None

    @property
    def sure(self) -> bool:
        """Whether it helps after the fit's end by more than the sampler's noise (Student's t)."""
        if self.out_of_sample is None or self.out_of_sample_error is None:
            return False
        return self.out_of_sample > t95(SEEDS - 1) * self.out_of_sample_error


class Fitted(NamedTuple):
    """A tempo without something: log p of the data it saw, of what came after, and counts."""

    seen: float
    after: float | None
    attacks: tuple[int, int]


def worths(
    plan: Plan, later: Plan | None, journal: Journal, names: Sequence[str] = tuple(MECHANISMS)
) -> list[Worth]:
    """Each mechanism's worth.

    Args:
        plan: the fit.
        later: the same plan with a later end, whose further attacks are the test.
        journal: the record.
        names: of the mechanisms, of `MECHANISMS`.
    """
    seeded = [plan.model_copy(update={"seed": plan.seed + k}) for k in range(SEEDS)]
    whole = [fitted(one, later, journal, ()) for one in seeded]
    found = []
    for name in names:
        less = [fitted(one, later, journal, MECHANISMS[name]) for one in seeded]
        pairs = [lost(on, off) for on, off in zip(whole, less, strict=True)]
        found.append(Worth(name, *_told([p[0] for p in pairs]), *_told([p[1] for p in pairs])))
    return found


def lost(on: Fitted, off: Fitted) -> tuple[float, float | None]:
    """What a mechanism's absence costs in and out of sample, in nats an attack."""
    seen, after = on.attacks
    within = (on.seen - off.seen) / max(1, seen)
    if on.after is None or off.after is None or not after:
        return within, None
    return within, (on.after - off.after) / after


def _told(values: Sequence[float | None]) -> tuple[Any, Any]:
    """Their mean and its standard error; unknown where one of them is."""
    known = [value for value in values if value is not None]
    if len(known) < len(values):
        return None, None
    return fmean(known), stdev(known) / sqrt(len(known))


def fitted(plan: Plan, later: Plan | None, journal: Journal, off: Sequence[str]) -> Fitted:
    """The tempo's evidence, and its predictive density of what came after the fit's end."""
    block = _tempo(plan, journal, off)
    random = np.random.RandomState(plan.seed)
    draws = weighted(block, random)
    points = resampled(draws, random, KEPT)
    seen = _attacks(block)
    if later is None:
        return Fitted(evidence(draws), None, (seen, 0))
    whole = _tempo(later, journal, off)
    after = float(logsumexp(_at(whole, points) - _at(block, points)) - np.log(KEPT))
    return Fitted(evidence(draws), after, (seen, _attacks(whole) - seen))


def _at(block: Block, points: Floats) -> Floats:
    return np.concatenate([block.at(part) for part in np.array_split(points, 20)])


def _tempo(plan: Plan, journal: Journal, off: Sequence[str]) -> Block:
    data = data_of(plan, settings_of(plan, off), journal)
    return blocks(data, plan)[0]


def _attacks(block: Block) -> int:
    told = block.likelihood
    assert isinstance(told, TempoLikelihood)
    return sum(event.kind is Kind.ROCKET_ATTACK for event in told.records[0])
