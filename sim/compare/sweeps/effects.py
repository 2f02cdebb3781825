"""Main effects: a measure over the levels of each factor, all others as the design has them."""

from __future__ import annotations

from math import sqrt
from typing import NamedTuple

import numpy as np

from sim.compare.sweeps.estimates import Estimate, linear
from sim.compare.sweeps.levels import Group, groups
from sim.compare.sweeps.pairs import product
from sim.compare.sweeps.table import (
    FIXED,
    Array,
    Extent,
    Swept,
    balanced,
    block_of,
    numeric,
    spread,
)
from sim.study.intervals import Limits
from sim.study.outcomes import limits_of


class Level(NamedTuple):
    """The points that share a level of a factor: their mean, and its difference from the first.

    `low` and `high` are the ends of a numeric bin; names have none. Differences are paired:
    the same replications on both sides, and the first level's own is none. Intervals are of 95 %,
    and unknown with one replication or with several that agree, but for the bound that a
    probability has (`sim.study.intervals`).
    """

    factor: str
    level: str
    low: float | None
    high: float | None
    points: int
    mean: float
    low95: float | None
    high95: float | None
    difference: float
    difference_low95: float | None
    difference_high95: float | None


class Factor(NamedTuple):
    """What one factor does on its own.

    Attributes:
        share: of the spread that the factors make, what this one's levels make; ``None`` where
            the factors make none that can be told from luck.
        span: the highest level's mean less the lowest one's.
        rank: Spearman's correlation with the points' means; ``None`` for names.
        slope: least squares, the measure's units for each of the factor's.
        sure: whether a difference from the first level or the slope leaves out zero, at 95 %
            for all of them together (Bonferroni).
    """

    factor: str
    levels: int
    share: float | None
    span: float
    rank: float | None
    slope: float | None
    slope_low95: float | None
    slope_high95: float | None
    sure: bool


class Effects(NamedTuple):
    """The main effects of a sweep: factors by what they make, and every level of each."""

    measure: str
    kind: str
    extent: Extent
    factors: list[Factor]
    levels: list[Level]


def effects(swept: Swept) -> Effects:
    """The main effects of every factor that varies.

    The share is the first-order index from given data (Plischke, Borgonovo & Smith 2013): the
    variance of the levels' means over that of the points' means, each without the luck that
    replications let estimate (`pairs.product`), and, where the points are a sample, without
    what the other factors leave in a level's mean (the adjustment of Kelley's ε²).

    Raises:
        InputError: nothing is known yet.
    """
    block = block_of(swept)
    even, extent = balanced(swept, block)
    block = 0 if swept.kind in FIXED else block
    grouped = {name: groups(values) for name, values in even.factors.items()}
    varying = {name: found for name, found in grouped.items() if len(found) > 1}
    told = [_factor(name, even, found, block) for name, found in varying.items()]
    told.sort(key=lambda f: (-(f.share or 0.0), -abs(f.span)))
    levels = [row for f in told for row in _levels(f.factor, even, varying[f.factor], block)]
    return Effects(swept.measure, swept.kind, extent, told, levels)


def _weights(group: Group) -> Array:
    return np.asarray(group.points / group.points.sum(), dtype=float)


def _moved(even: Swept) -> Array:
    """Outcomes less those of the first point: so points that are all alike differ by nothing,
    not by what rounding leaves of a sum."""
    return np.asarray(even.outcomes - even.outcomes[:1])


def _residuals(outcomes: Array, found: list[Group]) -> Array:
    """The points' means around their level's, of the size that their spread is estimated by."""
    means = outcomes.mean(axis=1)
    around: Array = np.full(len(means), np.nan)
    for points in (group.points for group in found):
        n = int(points.sum())
        if n > 1:
            around[points] = (means[points] - means[points].mean()) * sqrt(n / (n - 1))
    return around


def _differences(even: Swept, found: list[Group], block: int) -> list[Estimate]:
    """Each level less the first."""
    outcomes, first = _moved(even), _weights(found[0])
    residuals = _residuals(outcomes, found)
    limits = limits_of(even.measure)
    return [linear(_weights(g) - first, residuals, outcomes, block, limits) for g in found]


def _levels(factor: str, even: Swept, found: list[Group], block: int) -> list[Level]:
    residuals, limits = _residuals(_moved(even), found), limits_of(even.measure)
    rows = []
    for group, change in zip(found, _differences(even, found, block), strict=True):
        mean = linear(_weights(group), residuals, even.outcomes, block, limits)
        apart = (None, None) if group is found[0] else change.span()
        count = int(group.points.sum())
        rows.append(Level(factor, *group[:3], count, mean.value, *mean.span(),
                          change.value, *apart))  # fmt: skip
    return rows


def _factor(name: str, even: Swept, found: list[Group], block: int) -> Factor:
    changes = _differences(even, found, block)
    means = [change.value for change in changes]
    span = max(means) - min(means)
    values = even.factors[name]
    # Of two numbers the slope asks again what their difference does.
    asked = len(found) - 1 + (numeric(values) and len(found) > 2)
    level = 1.0 - 0.05 / asked
    sure = any(change.sign(level) for change in changes[1:])
    share = _share(even.outcomes, found, block)
    if not numeric(values):
        return Factor(name, len(found), share, span, None, None, None, None, sure)
    numbers = np.asarray(values, dtype=float)
    slope = _slope(numbers, _moved(even), block, limits_of(even.measure))
    rank = _rank_correlation(numbers, _moved(even).mean(axis=1))
    sure = sure or slope.sign(level) != 0
    return Factor(name, len(found), share, span, rank, slope.value, *slope.span(), sure)


def _slope(numbers: Array, outcomes: Array, block: int, limits: Limits | None) -> Estimate:
    centred = numbers - numbers.mean()
    weights = centred / (centred @ centred)
    means = outcomes.mean(axis=1)
    residuals = means - means.mean() - centred * (weights @ means)
    freedom = max(1, len(means) - 2)
    return linear(weights, residuals * sqrt(len(means) / freedom), outcomes, block, limits)


def _rank_correlation(one: Array, two: Array) -> float | None:
    """Spearman's, ties by their middle rank; unknown where one never varies."""
    from scipy import stats

    if np.ptp(one) == 0.0 or np.ptp(two) == 0.0:
        return None
    return float(stats.spearmanr(one, two).statistic)


def _share(outcomes: Array, found: list[Group], block: int) -> float | None:
    """See `effects`."""
    centred = outcomes - outcomes.mean(axis=0)
    total = float(product(centred, centred).mean())
    if total <= 0.0 or not spread(outcomes):
        return None
    if block == 0:
        means = np.array([centred[group.points].mean(axis=0) for group in found])
        made = float(_counts(found) @ product(means, means)) / len(outcomes)
    else:
        made = _adjusted(centred.mean(axis=1), found)
    return min(1.0, max(0.0, made / total))


def _adjusted(means: Array, found: list[Group]) -> float:
    """The variance between levels of a sample of points, less what chance puts there."""
    n, k = len(means), len(found)
    middles = np.array([means[group.points].mean() for group in found])
    between = float(_counts(found) @ middles**2)
    within = float(means @ means) - between
    return (between - (k - 1) * within / max(1, n - k)) / n


def _counts(found: list[Group]) -> Array:
    return np.array([group.points.sum() for group in found], dtype=float)
