"""Draws from a posterior in normal coordinates: independent chains, run by emcee.

Each chain proposes from an autoregression about a Gaussian that has been fitted before:
x' = m + √(1 − β²)(x − m) + β·N(0, S), which leaves N(m, S) as it is (β = 1 forgets where it
was). The acceptance step has only to make up for where the posterior differs, so dimensions
of which the record says nothing cost nothing (Cotter, Roberts, Stuart and White 2013, MCMC
methods for functions). Now and then some coordinates are drawn anew from the prior, or one by
itself from what the Gaussian says of it given the others, loosely: that frees a chain from a
tail that the Gaussian is too narrow for. emcee's own ensemble moves mix badly in forty
dimensions.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import emcee
import numpy as np

from calibration.gaussian import Gaussian, at_mode, in_parts, learn, resampled
from calibration.plan import Sampling
from calibration.quantiles import Floats

LogLikelihood = Callable[[Floats], Floats]
"""Of points of shape (n, dimensions)."""
BETAS = {1.0: 0.35, 0.6: 0.2, 0.25: 0.1}
"""Lengths of step and how often each is taken: most leap, some creep where leaps fail."""
RENEWED = {3: 0.1}
"""How many coordinates are drawn anew from the prior, and how often."""
SINGLE, LOOSE = 0.25, 2.0
"""How often one coordinate moves alone, and how much wider than the Gaussian would have it."""


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
    moves = [(emcee.moves.MHMove(proposal(stage.fitted, b)), often) for b, often in BETAS.items()]
    moves += [(emcee.moves.MHMove(renewal(n)), often) for n, often in RENEWED.items()]
    moves += [(emcee.moves.MHMove(single(stage.fitted)), SINGLE)]
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


def proposal(
    fitted: Gaussian, beta: float
) -> Callable[[Floats, np.random.RandomState], tuple[Floats, Floats]]:
    """emcee's proposal function: new points, and log q(x | x') − log q(x' | x)."""

    def propose(points: Floats, random: np.random.RandomState) -> tuple[Floats, Floats]:
        kept = np.sqrt(1.0 - beta**2) * (points - fitted.mean)
        noise = fitted.draw(random, len(points)) - fitted.mean
        new = fitted.mean + kept + beta * noise
        return new, fitted.log_density(points) - fitted.log_density(new)

    return propose


def renewal(
    some: int,
) -> Callable[[Floats, np.random.RandomState], tuple[Floats, Floats]]:
    """As `proposal`, with `some` coordinates of each point drawn anew from the prior."""

    def propose(points: Floats, random: np.random.RandomState) -> tuple[Floats, Floats]:
        order = random.random_sample(points.shape).argsort(axis=1)
        noise = random.standard_normal(points.shape)
        new = np.where(order < some, noise, points)
        return new, 0.5 * ((new**2).sum(axis=1) - (points**2).sum(axis=1))

    return propose


def single(
    fitted: Gaussian,
) -> Callable[[Floats, np.random.RandomState], tuple[Floats, Floats]]:
    """As `proposal`, with one coordinate of each point drawn given the others; those of which
    the data tell most move most often."""
    inverse = np.linalg.inv(fitted.root @ fitted.root.T)
    spread = np.sqrt(LOOSE / np.diag(inverse))
    told = 0.1 + np.maximum(0.0, 1.0 - 1.0 / np.diag(inverse))
    often = told / told.sum()

    def propose(points: Floats, random: np.random.RandomState) -> tuple[Floats, Floats]:
        rows = np.arange(len(points))
        which = random.choice(len(often), size=len(points), p=often)
        off = points - fitted.mean
        pull = (off @ inverse)[rows, which] / np.diag(inverse)[which]
        middle = points[rows, which] - pull
        new = points.copy()
        new[rows, which] = middle + spread[which] * random.standard_normal(len(points))
        before, after = (((p[rows, which] - middle) / spread[which]) ** 2 for p in (points, new))
        return new, 0.5 * (after - before)

    return propose
