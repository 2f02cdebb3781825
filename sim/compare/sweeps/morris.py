"""Morris screening: which factors do anything that luck alone would not."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from sim.compare.sweeps.pairs import jackknife
from sim.compare.sweeps.table import Array, Extent, Swept, balanced
from sim.errors import InputError
from sim.study.intervals import ROUNDING, t95

FLIPS = 2000
MEANT = 0.05
"""How often luck alone would be taken for an effect."""


class Screened(NamedTuple):
    """A factor's elementary effects, in the measure's units over the factor's whole range.

    Attributes:
        mu: their mean; with a sign.
        mu_star: the mean of their sizes (Campolongo, Cariboni & Saltelli 2007); luck adds to
            it, as a size has no sign to cancel.
        mu_star_points: half its 95 % interval by SALib's bootstrap over trajectories.
        mu_star_luck: half its 95 % interval by a jackknife over replications; of two or more
            that do not agree.
        sigma: their standard deviation: curvature, interactions, and luck.
        sigma_points, sigma_luck: half its 95 % intervals by jackknives over trajectories, of
            three or more, and over replications; unknown where all agree.
        luck: the standard error that luck alone gives one elementary effect.
        floor: the mu_star that luck alone would stay under in 95 % of cases.
        p_value: how often luck alone would make as large a mu_star.
        told: whether the factor can be told from luck; unknown with too few replications.
    """

    factor: str
    mu: float
    mu_star: float
    mu_star_points: float
    mu_star_luck: float | None
    sigma: float
    sigma_points: float | None
    sigma_luck: float | None
    luck: float | None
    floor: float | None
    p_value: float | None
    told: bool | None


class Morris(NamedTuple):
    """Every factor, the largest mu_star first."""

    measure: str
    extent: Extent
    trajectories: int
    factors: list[Screened]


def morris(swept: Swept, seed: int = 0) -> Morris:
    """Screen the factors of a Morris design (Morris 1991), by SALib's `morris.analyze`.

    Whether a factor can be told from luck is a test by signs: were there no effect, each
    replication's elementary effects could as well have the other sign, all of one replication's
    together, as they share its draws. So mu_star is taken again under many choices of signs;
    for the floor, of effects less their mean over replications, which leaves the luck. It needs
    six replications; with fewer none is as rare as one in twenty. A factor that no line of the
    simulation reads has no elementary effect at all on common draws, and no floor but zero.

    Args:
        swept: a sweep with design=morris, its points in SALib's order.
        seed: of SALib's bootstrap and of the signs.

    Raises:
        InputError: another design, or nothing known yet.
    """
    size = len(swept.factors) + 1
    steps = _steps(swept, size)
    even, extent = balanced(swept, size)
    if even.unit is None or extent.points < 2 * size:
        raise InputError(
            f"{swept.measure}: screening needs two whole trajectories; finish the sweep"
        )
    found = _analyzed(even, float(steps[0]), seed)
    effects = elementary(even.unit, even.outcomes)
    flips = signs(effects.shape[-1], seed)
    told = [
        _screened(name, {key: found[key][i] for key in KEYS}, effects[i], flips)
        for i, name in enumerate(swept.factors)
    ]
    told.sort(key=lambda row: -row.mu_star)
    return Morris(swept.measure, extent, effects.shape[1], told)


KEYS = ("mu", "mu_star", "mu_star_conf", "sigma")


def _steps(swept: Swept, size: int) -> Array:
    """What moves at each step.

    Raises:
        InputError: not one factor a step, each once in a trajectory, by the same length.
    """
    unit, factors = swept.unit, size - 1
    if unit is not None and len(unit) and len(unit) % size == 0:
        moves = np.diff(unit.reshape(-1, size, factors), axis=1)
        moved = np.abs(moves) > 1e-9
        lengths = np.abs(moves[moved])
        once = (moved.sum(axis=1) == 1).all() and (moved.sum(axis=2) == 1).all()
        if once and np.allclose(lengths, lengths[0]) and lengths[0] > 0.5:
            return np.asarray(lengths)
    raise InputError(
        f"design={swept.kind}: screening needs the points of design=morris, whole and in order"
    )


def _analyzed(even: Swept, step: float, seed: int) -> dict[str, Array]:
    """SALib's own analysis of the mean response."""
    from SALib.analyze import morris as salib

    names = list(even.factors)
    problem = {"num_vars": len(names), "names": names, "bounds": [[0.0, 1.0]] * len(names)}
    levels = round(2.0 * step / (2.0 * step - 1.0))
    means = even.outcomes.mean(axis=1)
    found: dict[str, Array] = salib.analyze(problem, even.unit, means, num_levels=levels, seed=seed)
    return found


def elementary(unit: Array, outcomes: Array) -> Array:
    """Elementary effects of each replication: (factors, trajectories, replications).

    SALib keeps those of the mean to itself.
    """
    size = unit.shape[1] + 1
    moves = np.diff(unit.reshape(-1, size, size - 1), axis=1)
    changes = np.diff(outcomes.reshape(-1, size, outcomes.shape[-1]), axis=1)
    which = np.abs(moves).argmax(axis=2)
    lengths = np.take_along_axis(moves, which[..., None], axis=2)
    order = which.argsort(axis=1)[..., None]
    return np.moveaxis(np.take_along_axis(changes / lengths, order, axis=1), 1, 0)


def signs(replications: int, seed: int) -> Array:
    """Choices of a sign for each replication, the one that was observed first.

    All there are up to ten replications, of which the mirrored half says the same; else 2,000.
    """
    if replications <= 10:
        bits = np.arange(2 ** max(0, replications - 1))[:, None] >> np.arange(replications)
        return np.asarray(1.0 - 2.0 * (bits & 1))
    drawn = np.random.default_rng(seed).integers(0, 2, (FLIPS, replications))
    drawn[0] = 0
    return np.asarray(1.0 - 2.0 * drawn)


def _screened(name: str, found: dict[str, float], effects: Array, flips: Array) -> Screened:
    mu, mu_star, by_points, sigma = (float(found[key]) for key in KEYS)
    n = effects.shape[-1]
    by_luck = sigma_luck = luck = floor = p_value = told = None
    if n > 1:
        left_out = (effects.sum(axis=1, keepdims=True) - effects) / (n - 1)
        by_luck = _half(np.abs(left_out).mean(axis=0))
        sigma_luck = _half(left_out.std(axis=0, ddof=1))
        luck = float(np.sqrt(effects.var(axis=1, ddof=1).mean() / n))
    if len(flips) * MEANT > 1.0:
        apart = (effects - effects.mean(axis=1, keepdims=True)) * (n / (n - 1)) ** 0.5
        floor = float(np.quantile(_sizes(apart, flips), 1.0 - MEANT, method="higher"))
        p_value = float((_sizes(effects, flips) >= mu_star * (1.0 - 1e-9)).mean())
        told = mu_star > 0.0 and p_value <= MEANT
    spread = sigma, _sigma_points(effects.mean(axis=1)), sigma_luck
    return Screened(name, mu, mu_star, by_points, by_luck, *spread, luck, floor, p_value, told)


def _half(estimates: Array) -> float | None:
    """Half an interval from estimates that leave out one each; unknown where all agree."""
    error = float(jackknife(estimates))
    agree = error <= ROUNDING * max(1.0, float(np.abs(estimates).max()))
    return None if agree else t95(len(estimates) - 1) * error


def _sigma_points(means: Array) -> float | None:
    """Half the interval of sigma, had other trajectories been drawn."""
    if len(means) < 3:
        return None
    return _half(np.array([np.delete(means, i).std(ddof=1) for i in range(len(means))]))


def _sizes(effects: Array, flips: Array) -> Array:
    """mu_star of (trajectories, replications) under each choice of signs."""
    return np.asarray(np.abs(effects @ flips.T / effects.shape[1]).mean(axis=0))
