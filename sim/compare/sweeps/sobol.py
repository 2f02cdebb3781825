"""Sobol indices of the mean response, with what the points and what luck leave open."""

from __future__ import annotations

from collections.abc import Callable
from math import hypot
from typing import NamedTuple

import numpy as np

from sim.compare.sweeps.pairs import jackknife, product, without_each
from sim.compare.sweeps.table import Array, Extent, Swept, balanced, saltelli_step, spread
from sim.study.intervals import ROUNDING, t95

Z95 = 1.959964
RESAMPLES = 1000


class Index(NamedTuple):
    """First-order and total index of a factor, each with half of two 95 % intervals.

    `…_points` is of other points (a bootstrap over the design's rows), `…_luck` of other
    replications. All is ``None`` where the factors make no spread that could be told from luck,
    and luck's part with fewer than three replications, or where all of them agree.
    """

    factor: str
    first: float | None
    first_points: float | None
    first_luck: float | None
    total: float | None
    total_points: float | None
    total_luck: float | None

    @property
    def sure(self) -> bool:
        """Whether the total index leaves out zero, with both intervals together."""
        if self.total is None or self.total_points is None or self.total_luck is None:
            return False
        return self.total > hypot(self.total_points, self.total_luck)


class Split(NamedTuple):
    """The variance of one replication's outcome: what parameters make of it, and luck.

    Attributes:
        parameters: variance of the mean response over the factors, without luck.
        parameters_points, parameters_luck: half of its 95 % intervals.
        luck: variance over replications at a point, on average; unknown with one replication.
        luck_shared: the part of it that every point has alike, which cancels where points
            are compared on the same draws.
        share: parameters / (parameters + luck).
    """

    parameters: float
    parameters_points: float
    parameters_luck: float | None
    luck: float | None
    luck_shared: float | None
    share: float | None


class Sobol(NamedTuple):
    """The indices of every factor, the largest total first, and the split of the variance."""

    measure: str
    extent: Extent
    rows: int
    indices: list[Index]
    split: Split


class _Ratios(NamedTuple):
    """Numerators by factor and the variance that they are of: (…, resamples or replications)."""

    first: Array
    total: Array
    variance: Array

    def indices(self) -> Array:
        return np.concatenate([self.first, self.total]) / self.variance


def sobol(swept: Swept, resamples: int = RESAMPLES, seed: int = 0) -> Sobol:
    """First-order and total indices of the mean response f(x) = E[Y | x].

    With A, B and AB_i the rows of the design (AB_i is A with factor i of B), V the variance of
    f over A and B:

    - first order, S_i = mean of f(B) (f(AB_i) − f(A)) / V (Saltelli et al. 2010, table 2 b);
    - total, T_i = mean of (f(A) − f(AB_i))² / 2 V (Jansen 1999).

    Without luck these are SALib's. f is known by its mean over replications alone, whose luck
    would add to every square: to V, and so to the total index of a factor that does nothing.
    Each square and product is therefore the mean of products over all pairs of different
    replications (see `pairs.product`), which is unbiased; luck that is the same at all points
    cancels before, in the differences. An index may so come out a little below zero.

    The interval of the points is the normal's with a bootstrap over rows; that of luck is
    Student's with a delete-one jackknife over replications. Luck that differs from point to
    point is in the first one too: only with many replications is it of the points alone.

    Args:
        swept: a sweep with design=sobol, its points in SALib's order.
        resamples: of rows.
        seed: of the resampling.

    Raises:
        InputError: another design, or nothing known yet.
    """
    step = saltelli_step(swept)
    even, extent = balanced(swept, step)
    a, ab, b = _parts(even.outcomes, step, len(swept.factors))
    rows = _terms(a, ab, b, product)
    found = _ratios(rows, np.ones((1, len(a))) / len(a))
    drawn = np.random.default_rng(seed).multinomial(len(a), np.full(len(a), 1 / len(a)), resamples)
    by_points = _ratios(rows, drawn / len(a))
    by_luck = _averages(_terms(a, ab, b, without_each)) if a.shape[-1] > 2 else None
    split = _split(found, by_points, by_luck, np.concatenate([a, b]), even.outcomes)
    if spread(even.outcomes) and found.variance[0] > 0.0:
        told = _indices(list(swept.factors), found, by_points, by_luck)
    else:
        told = [Index(name, *[None] * 6) for name in swept.factors]
    told.sort(key=lambda index: -(index.total or 0.0))
    return Sobol(swept.measure, extent, len(a), told, split)


def _parts(outcomes: Array, step: int, factors: int) -> tuple[Array, Array, Array]:
    """A, AB and B: (rows, replications), (factors, rows, replications); each replication's
    mean over A and B is taken off."""
    rows = outcomes.reshape(-1, step, outcomes.shape[-1])
    rows = rows - rows[:, [0, -1]].mean(axis=(0, 1))
    return rows[:, 0], np.moveaxis(rows[:, 1 : 1 + factors], 1, 0), rows[:, -1]


def _terms(a: Array, ab: Array, b: Array, times: Callable[[Array, Array], Array]) -> _Ratios:
    """What each row adds: (factors, rows, …) and (rows, …)."""
    first = np.array([times(b, swapped - a) for swapped in ab])
    total = np.array([0.5 * times(a - swapped, a - swapped) for swapped in ab])
    return _Ratios(first, total, 0.5 * (times(a, a) + times(b, b)))


def _ratios(rows: _Ratios, weights: Array) -> _Ratios:
    """Weighted means over rows; one column for each line of weights."""
    return _Ratios(rows.first @ weights.T, rows.total @ weights.T, rows.variance @ weights.T)


def _averages(rows: _Ratios) -> _Ratios:
    """Means over rows, replication by replication."""
    return _Ratios(rows.first.mean(axis=1), rows.total.mean(axis=1), rows.variance.mean(axis=0))


def _indices(
    factors: list[str], found: _Ratios, by_points: _Ratios, by_luck: _Ratios | None
) -> list[Index]:
    values = found.indices()[:, 0]
    points = Z95 * np.nanstd(_told(by_points), axis=-1, ddof=1)
    luck = None if by_luck is None else _luck(by_luck.indices())
    count = len(factors)
    return [
        Index(
            name,
            *(_cell(column, i) for column in (values, points, luck)),
            *(_cell(column, i + count) for column in (values, points, luck)),
        )
        for i, name in enumerate(factors)
    ]


def _told(drawn: _Ratios) -> Array:
    """Indices of the resamples in which there is a variance to share."""
    kept = drawn.variance > 0.0
    return _Ratios(drawn.first[:, kept], drawn.total[:, kept], drawn.variance[kept]).indices()


def _cell(column: Array | None, i: int) -> float | None:
    return None if column is None or np.isnan(column[i]) else float(column[i])


def _luck(estimates: Array) -> Array:
    """Half an interval from estimates that leave out a replication each; NaN where all agree."""
    errors = jackknife(estimates)
    agree = errors <= ROUNDING * np.maximum(1.0, np.abs(estimates).max(axis=-1))
    return np.asarray(t95(estimates.shape[-1] - 1) * np.where(agree, np.nan, errors))


def _split(
    found: _Ratios, by_points: _Ratios, by_luck: _Ratios | None, ends: Array, outcomes: Array
) -> Split:
    """See `Split`; luck in two parts as in an analysis of variance of points by replications."""
    parameters, n = float(found.variance[0]), outcomes.shape[-1]
    by_chance = Z95 * float(by_points.variance.std(ddof=1))
    if n < 2:
        return Split(parameters, by_chance, None, None, None, None)
    luck = float(outcomes.var(axis=1, ddof=1).mean())
    apart = outcomes - outcomes.mean(axis=0)
    differing = float(apart.var(axis=1, ddof=1).mean()) / max(1, len(apart) - 1)
    shared = max(0.0, float(outcomes.mean(axis=0).var(ddof=1)) - differing)
    part = None if by_luck is None else _cell(_luck(by_luck.variance[None]), 0)
    both = max(0.0, parameters) + luck
    share = max(0.0, parameters) / both if both > 0.0 else None
    return Split(parameters, by_chance, part, luck, shared, share)
