"""Draws from a posterior in normal coordinates: independent chains, run by emcee.

All moves lean on a Gaussian that has been fitted before, and have only to make up for where
the posterior differs from it, so dimensions of which the record says nothing cost nothing.
emcee's own ensemble moves mix badly in forty dimensions.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import emcee
import numpy as np

from calibration.gaussian import Broad, Gaussian, at_mode, in_parts, learn, resampled
from calibration.moves import CreepAndLeap, proposal, single
from calibration.plan import Sampling
from calibration.quantiles import Floats

LogLikelihood = Callable[[Floats], Floats]
"""Of points of shape (n, dimensions)."""
BETA = 0.4
"""How far they creep: 1 would forget where they were."""


class Stage(NamedTuple):
    """Where a sampler stands between two parts: enough to go on to the same draws.

    `number` counts the parts done; `chain` has shape (steps so far, chains, dimensions).
    """

    number: int
    fitted: Gaussian
    points: Floats
    densities: Floats
    generator: Any
    chain: Floats


def density_of(likelihood: LogLikelihood) -> LogLikelihood:
    """Prior N(0, 1) times likelihood, on the log scale; what cannot be is −inf."""

    def density(points: Floats) -> Floats:
        told = likelihood(points)
        sound = np.where(np.isnan(told), -np.inf, told)
        return np.asarray(sound - 0.5 * (points**2).sum(axis=1))

    return density


def begin(likelihood: LogLikelihood, dimensions: int, schedule: Sampling, seed: int) -> Stage:
    """The fitted Gaussian, and chains that start at draws weighted by the posterior."""
    random, density = np.random.RandomState(seed), density_of(likelihood)
    first = at_mode(density, dimensions, random)
    fitted, draws = learn(density, first, random, schedule.rounds, schedule.draws)
    points = resampled(draws, random, schedule.chains)
    none = np.empty((0, schedule.chains, dimensions))
    return Stage(0, fitted, points, in_parts(density, points), random.get_state(), none)


def advance(likelihood: LogLikelihood, stage: Stage, schedule: Sampling) -> Stage:
    """One part more of every chain."""
    chains, dimensions = stage.points.shape
    shape = Broad.about(stage.fitted)
    creeps = proposal(stage.fitted, BETA), single(stage.fitted)
    moves = [(CreepAndLeap(creep, shape), 0.5) for creep in creeps]
    sampler = emcee.EnsembleSampler(
        chains, dimensions, density_of(likelihood), moves=moves, vectorize=True
    )
    state = emcee.State(stage.points, stage.densities, random_state=stage.generator)
    last = sampler.run_mcmc(state, schedule.steps, skip_initial_state_check=True)
    at = last.coords, last.log_prob, last.random_state
    chain = np.concatenate([stage.chain, sampler.get_chain()])
    return Stage(stage.number + 1, stage.fitted, *at, chain)


def sample(
    likelihood: LogLikelihood,
    dimensions: int,
    schedule: Sampling,
    seed: int,
    stage: Stage | None = None,
) -> Iterator[Stage]:
    """Every stage of a sampler as it is reached; the last has `schedule.parts` parts.

    Args:
        likelihood: log-likelihood by point; the prior is standard normal.
        dimensions: of a point.
        schedule: how many chains and steps.
        seed: of the one generator.
        stage: where an earlier run stood, to go on from there.
    """
    if stage is None:
        stage = begin(likelihood, dimensions, schedule, seed)
        yield stage
    while stage.number < schedule.parts:
        stage = advance(likelihood, stage, schedule)
        yield stage
