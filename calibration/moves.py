"""How chains move in normal coordinates: a creep and a leap in one call of the likelihood.

A creep goes from where a chain is and may be refused. A leap offers several draws that do not
hang on where the chain is, and takes one of them or stays. What both look at is known before
either is decided, so the likelihood is asked once for all of it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import emcee
import numpy as np

from calibration.gaussian import WIDTH, Broad, Gaussian
from calibration.quantiles import Floats

Proposal = Callable[[Floats, np.random.RandomState], tuple[Floats, Floats]]
"""emcee's own: from points to new ones, and log q(x | x') − log q(x' | x)."""
LEAST = 2
"""The fewest draws that a leap offers a chain; else as many as fill a call."""
LOOSE = 2.0
"""How much wider a coordinate that moves alone is drawn than the Gaussian would have it."""


class CreepAndLeap(emcee.moves.Move):  # type: ignore[misc]
    """A step of all chains, as emcee takes it.

    Args:
        creep: proposes a point from where a chain is; taken as Metropolis and Hastings take it.
        shape: what is leapt to: several draws, of which one is taken by weight, or none
            (iterated sampling importance resampling: Tjelmeland 2004; Andrieu, Doucet and
            Holenstein 2010).
    """

    def __init__(self, creep: Proposal, shape: Broad) -> None:
        self.creep, self.shape = creep, shape

    def propose(self, model: Any, state: Any) -> tuple[Any, Any]:
        """The state after a step, and which chains moved."""
        chains = len(state.coords)
        near, correction = self.creep(state.coords, model.random)
        far = self.shape.draw(model.random, chains * max(LEAST, WIDTH // chains - 1))
        told, _ = model.compute_log_prob_fn(np.concatenate([near, far]))
        chance = told[:chains] - state.log_prob + correction
        crept = np.log(model.random.random_sample(chains)) < chance
        points = np.where(crept[:, None], near, state.coords)
        densities = np.where(crept, told[:chains], state.log_prob)
        at, leapt = self._leap(points, densities, far, told[chains:], model.random)
        return emcee.State(*at), crept | leapt

    def _leap(
        self, points: Floats, densities: Floats, far: Floats, told: Floats, random: Any
    ) -> tuple[tuple[Floats, Floats], Any]:
        """Points and their densities after the leap, and which chains took one of its draws."""
        chains, dimensions = points.shape
        offered = _beside(points, far.reshape(chains, -1, dimensions))
        log_p = _beside(densities, told.reshape(chains, -1))
        log_q = self.shape.log_density(offered.reshape(-1, dimensions)).reshape(log_p.shape)
        taken = by_weight(log_p - log_q, random)
        rows = np.arange(chains)
        return (offered[rows, taken], log_p[rows, taken]), taken > 0


def _beside(first: Floats, rest: Floats) -> Floats:
    return np.concatenate([first[:, None], rest], axis=1)


def by_weight(log_weights: Floats, random: np.random.RandomState) -> Any:
    """For each row the column drawn by its weight: the largest with Gumbel noise added."""
    noise = -np.log(-np.log(random.random_sample(log_weights.shape)))
    return (log_weights + noise).argmax(axis=1)


def proposal(fitted: Gaussian, beta: float) -> Proposal:
    """One step of an autoregression about the Gaussian, which leaves it as it is:
    x' = m + √(1 − β²)(x − m) + β·N(0, S) (Cotter, Roberts, Stuart and White 2013)."""

    def propose(points: Floats, random: np.random.RandomState) -> tuple[Floats, Floats]:
        kept = np.sqrt(1.0 - beta**2) * (points - fitted.mean)
        noise = fitted.draw(random, len(points)) - fitted.mean
        new = fitted.mean + kept + beta * noise
        return new, fitted.log_density(points) - fitted.log_density(new)

    return propose


def single(fitted: Gaussian) -> Proposal:
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
