"""A Gaussian that fits a posterior: its curvature at the mode, then moments of weighted draws.

Adaptive multiple importance sampling (Cornuet, Marin, Mira and Robert 2012): each round draws
from the Gaussian of the round before, weighs all draws made so far against the mixture they
came from, and fits anew. Weights are tempered while few draws carry them.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
from scipy.linalg import solve_triangular
from scipy.optimize import minimize
from scipy.special import logsumexp

from calibration.quantiles import Floats
from sim.errors import RungsError

LogDensity = Callable[[Floats], Floats]
"""Of points of shape (n, dimensions); −inf where nothing can be."""
WIDTH = 64
"""Points that are looked at together."""
TRIED = 64
"""Points of the prior of which the best starts the search for the mode."""
LOTS = 100
"""Lots of such points that are tried before it gives up."""
CLIMB = 40
"""Most looks at the slope in that search: the mode need only be near."""
STEP, WIDE = 1e-4, 0.3
"""Steps of differences: for the slope, and for a curvature that is felt over some width."""
LEAST = -0.5
"""The least curvature of the likelihood that counts: the posterior stays a hill."""
SPREAD = 1.15
"""Each fitted covariance is widened by this factor, so that tails are reached."""
CARRIED = 300
"""Draws that must share the weight, else it is tempered."""
POWERS = {1.0: 0.5, 0.6: 0.3, 0.3: 0.2}
"""How far the data count in the parts of a `Broad`, and their shares."""
LOWEST = -1e6
"""Stands for the log density where every point that was tried is impossible."""
_CORNERS = ((1.0, 1.0), (1.0, -1.0), (-1.0, 1.0), (-1.0, -1.0))


class Gaussian(NamedTuple):
    """A normal distribution: its mean and the Cholesky root of its covariance."""

    mean: Floats
    root: Floats

    def draw(self, random: np.random.RandomState, n: int) -> Floats:
        """`n` points."""
        points: Floats = self.mean + random.standard_normal((n, len(self.mean))) @ self.root.T
        return points

    def log_density(self, points: Floats) -> Floats:
        """Of points of shape (n, dimensions), up to the constant of its dimension."""
        scaled = solve_triangular(self.root, (points - self.mean).T, lower=True)
        told: Floats = -0.5 * (scaled**2).sum(axis=0) - np.log(np.diag(self.root)).sum()
        return told

    def tempered(self, power: float) -> Gaussian:
        """What it would be if the data counted for `power` of what they do, under N(0, 1)."""
        precision = np.linalg.inv(self.root @ self.root.T)
        covariance = np.linalg.inv((1.0 - power) * np.eye(len(self.mean)) + power * precision)
        mean = covariance @ (power * precision @ self.mean)
        return Gaussian(mean, np.asarray(np.linalg.cholesky(covariance)))


class Broad(NamedTuple):
    """A Gaussian mixed with itself tempered: near a posterior's middle it is narrow, and it
    reaches the tails that lean towards the prior, in which one Gaussian would leave a chain
    to stick (a defensive mixture, Hesterberg 1995)."""

    parts: tuple[Gaussian, ...]
    shares: tuple[float, ...]

    @classmethod
    def about(cls, fitted: Gaussian) -> Broad:
        """The mixture about a fitted Gaussian."""
        return cls(tuple(fitted.tempered(power) for power in POWERS), tuple(POWERS.values()))

    def draw(self, random: np.random.RandomState, n: int) -> Floats:
        """`n` points."""
        which = random.choice(len(self.parts), size=n, p=self.shares)
        drawn = np.stack([part.draw(random, n) for part in self.parts])
        return np.asarray(drawn[which, np.arange(n)])

    def log_density(self, points: Floats) -> Floats:
        """Of points of shape (n, dimensions), up to the constant of its dimension."""
        told = [part.log_density(points) for part in self.parts]
        return np.asarray(logsumexp(told, axis=0, b=np.reshape(self.shares, (-1, 1))))


class Draws(NamedTuple):
    """Weighted draws: points, normalised weights, how many equal ones they are worth; and the
    weights as they were, on the log scale, against normalised shapes."""

    points: Floats
    weights: Floats
    worth: float
    log_weights: Floats


def at_mode(density: LogDensity, dimensions: int, random: np.random.RandomState) -> Gaussian:
    """The Gaussian that a posterior's curvature at its mode implies; its prior is N(0, 1)."""
    best = _possible(density, dimensions, random)
    steps = STEP * np.eye(dimensions)

    def downhill(x: Floats) -> tuple[float, Floats]:
        told = -_finite(in_parts(density, x + np.concatenate([0.0 * steps[:1], steps, -steps])))
        slope = (told[1 : dimensions + 1] - told[dimensions + 1 :]) / (2.0 * STEP)
        return float(told[0]), slope

    found = minimize(downhill, best, jac=True, method="L-BFGS-B", options={"maxfun": CLIMB})
    mode = np.asarray(found.x)
    return Gaussian(mode, _root_at(density, mode))


def _possible(density: LogDensity, dimensions: int, random: np.random.RandomState) -> Floats:
    """The best of some points of the prior, of the first lot in which any is possible.

    Raises:
        RungsError: none of many is.
    """
    for _ in range(LOTS):
        tried = random.standard_normal((TRIED, dimensions))
        told = density(tried)
        if np.isfinite(told).any():
            return np.asarray(tried[np.argmax(told)])
    raise RungsError(
        f"none of {LOTS * TRIED} draws from the priors can have made this history: "
        "some recorded value contradicts the model; look at the rows of this part of the fit"
    )


def _root_at(density: LogDensity, mode: Floats) -> Floats:
    """Cholesky root of the covariance by the curvature at a point."""
    d = len(mode)
    steps = WIDE * np.eye(d)
    pairs = [(i, j) for i in range(d) for j in range(i, d)]
    corners = np.array([a * steps[i] + b * steps[j] for i, j in pairs for a, b in _CORNERS])
    told = _finite(in_parts(density, mode + corners)).reshape(-1, 4)
    bends = (told[:, 0] - told[:, 1] - told[:, 2] + told[:, 3]) / (4.0 * WIDE**2)
    hessian = np.zeros((d, d))
    for (i, j), bend in zip(pairs, bends, strict=True):
        hessian[i, j] = hessian[j, i] = bend
    values, vectors = np.linalg.eigh(-hessian)
    precision = np.maximum(values, 1.0 + LEAST)  # the prior's own is 1
    return np.linalg.cholesky((vectors / precision) @ vectors.T)


def _finite(told: Floats) -> Floats:
    """Densities with the lowest known one where a point is impossible: a wall has no slope."""
    sound = np.isfinite(told)
    return np.where(sound, told, told[sound].min() if sound.any() else LOWEST)


def learn(
    density: LogDensity, first: Gaussian, random: np.random.RandomState, rounds: int, n: int
) -> tuple[Gaussian, Draws]:
    """A Gaussian fitted over some rounds of `n` draws each, and the draws of all rounds."""
    fitted, shapes = first, list[Broad]()
    points, told, mixed = np.empty((0, len(first.mean))), np.empty(0), np.empty(0)
    for _ in range(rounds):
        shapes.append(Broad.about(fitted))
        new = shapes[-1].draw(random, n)
        before = np.logaddexp(mixed, shapes[-1].log_density(points))
        mixed = np.concatenate([before, logsumexp([s.log_density(new) for s in shapes], axis=0)])
        points = np.concatenate([points, new])
        told = np.concatenate([told, in_parts(density, new)])
        draws = _tempered(points, told - mixed + np.log(len(shapes)))
        fitted = moments(draws, fitted)
    return fitted, draws


def _tempered(points: Floats, log_weights: Floats) -> Draws:
    """Weights, flattened until enough draws share them."""
    power = 1.0
    while True:
        weights = np.exp((log_weights - log_weights.max()) * power)
        weights /= weights.sum()
        worth = float(1.0 / (weights**2).sum())
        if worth >= min(CARRIED, len(points) / 2.0) or power < 1e-3:
            return Draws(points, weights, worth, log_weights)
        power *= 0.9


def moments(draws: Draws, before: Gaussian) -> Gaussian:
    """The weighted mean and covariance, drawn to the one before as far as draws are few."""
    mean = draws.weights @ draws.points
    off = draws.points - mean
    covariance = (off.T * draws.weights) @ off
    kept = len(mean) / (len(mean) + draws.worth)
    blended = (1.0 - kept) * covariance + kept * before.root @ before.root.T
    return Gaussian(mean, np.asarray(np.linalg.cholesky(SPREAD * blended)))


def in_parts(density: LogDensity, points: Floats) -> Floats:
    """The density of many points, a few at a time."""
    parts = np.array_split(points, max(1, -(-len(points) // WIDTH)))
    return np.concatenate([density(part) for part in parts])


def resampled(draws: Draws, random: np.random.RandomState, n: int) -> Floats:
    """`n` points drawn by weight."""
    chosen: Any = random.choice(len(draws.points), size=n, p=draws.weights)
    return np.asarray(draws.points[chosen])


def evidence(draws: Draws) -> float:
    """The log marginal likelihood that weighted draws estimate.

    The shapes that were drawn from and the normal prior lack the same constant.
    """
    n = len(draws.log_weights)
    return float(logsumexp(draws.log_weights) - np.log(n))
