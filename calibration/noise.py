"""How much of a result's spread comes from not knowing the parameters, and how much from luck.

Each posterior draw lives through two histories with different luck. The covariance of the two
is the variance that the parameters make; what is left of the variance is Monte Carlo noise.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from calibration.histories import history
from calibration.quantiles import Floats
from sim import ladder
from sim.settings.posterior import sampler_of
from sim.settings.sampling import Sampler
from sim.settings.scenario import Settings
from sim.study.outcomes import counted

MEASURES = ("rocket_attacks", "convoy_attacks", "coalition_killed", "us_strikes", "highest_rung")


class Noise(NamedTuple):
    """One measure: its mean, the error of that mean, its spread, and the share of the variance
    that the parameters make (0 to 1)."""

    measure: str
    mean: float
    monte_carlo_error: float
    sd: float
    by_parameters: float


def noises(settings: Settings, draws: int, seed: int) -> list[Noise]:
    """Every measure of a scenario, from `draws` parameter sets of two histories each."""
    sampler = sampler_of(settings)
    pairs = np.array([[_one(sampler, seed, i, fork) for fork in (0, 1)] for i in range(draws)])
    return [_noise(name, pairs[:, :, i]) for i, name in enumerate(MEASURES)]


def _noise(name: str, pairs: Floats) -> Noise:
    """From the two histories of each parameter set, shape (draws, 2)."""
    variance = float(pairs.var(ddof=1))
    shared = float(np.cov(pairs.T)[0, 1])
    error = float(np.sqrt(pairs.mean(axis=1).var(ddof=1) / len(pairs)))
    share = min(1.0, max(0.0, shared / variance)) if variance else 0.0
    return Noise(name, float(pairs.mean()), error, variance**0.5, share)


def _one(sampler: Sampler, seed: int, number: int, fork: int) -> list[float]:
    """One history: the parameters are those of its number, the luck that of its fork."""
    scenario, journal = history(sampler, seed, number, fork=fork, told=False)
    told = counted(journal.events)
    highest = ladder.statistics(ladder.rate(journal), 0.0, float(scenario.days)).highest
    return [float(told[name]) for name in MEASURES[:-1]] + [float(highest)]
