"""A weighted sum of points' means, with its error from the points and from luck."""

from __future__ import annotations

from math import hypot, inf, isfinite, sqrt
from typing import NamedTuple

import numpy as np

from sim.compare.sweeps.table import Array
from sim.study.intervals import Limits, alike, t_at, unseen


class Estimate(NamedTuple):
    """A value with two standard errors.

    Attributes:
        value: mean over replications.
        points: its error as another design would have other points; 0 for a fixed design.
        blocks: independent blocks of points that this error rests on.
        luck: its error as other replications would have other luck; unknown with one, and
            where all agree.
        replications: that this error rests on.
        limits: of the value in one replication, where there are any: what bounds luck that no
            replication has shown.
    """

    value: float
    points: float
    blocks: int
    luck: float | None
    replications: int
    limits: Limits | None = None

    def half(self, level: float = 0.95) -> float | None:
        """Half the interval at a level, of both errors; unknown where one of them is."""
        by_points = self.points and t_at(0.5 + level / 2.0, self.blocks - 1) * self.points
        half = hypot(by_points, self._by_luck(level))
        return half if isfinite(half) else None

    def _by_luck(self, level: float) -> float:
        if self.luck is not None:
            return t_at(0.5 + level / 2.0, self.replications - 1) * self.luck
        if self.limits is None or self.replications < 2:
            return inf
        room = max(self.value - self.limits[0], self.limits[1] - self.value)
        return unseen(self.replications, level) * room

    def span(self, level: float = 0.95) -> tuple[float | None, float | None]:
        """The interval at a level, within the limits."""
        half, (low, high) = self.half(level), self.limits or (-inf, inf)
        if half is None:
            return None, None
        return max(low, self.value - half), min(high, self.value + half)

    def sign(self, level: float = 0.95) -> int:
        """1 or −1 where the interval leaves out zero, else 0."""
        low, high = self.span(level)
        return 0 if low is None or high is None else int(low > 0.0) - int(high < 0.0)


def linear(
    weights: Array, residuals: Array, outcomes: Array, block: int, limits: Limits | None = None
) -> Estimate:
    """Σ w_p y_p over points, where every replication has its own sum: so they are paired.

    The error from luck is that of the mean of the replications' sums. The one from points is
    the sandwich Σ (Σ_block w_p e_p)² of independent blocks (White 1980, Liang & Zeger 1986); it
    too holds the luck that differs from point to point, so both together are rather too wide,
    and after a Latin hypercube, which spreads its points, wider still.

    Args:
        weights: (points,).
        residuals: (points,), of the points' means around what is estimated; NaN where a level
            has one point, whose spread nobody can tell.
        outcomes: (points, replications), without blanks.
        block: consecutive points that belong together; 0 where the points are fixed.
        limits: of a single outcome, where it has any.
    """
    each = weights @ outcomes
    n = len(each)
    luck = None if n < 2 or alike(each.tolist()) else float(each.std(ddof=1)) / sqrt(n)
    ends = limits and _weighted(weights, limits)
    if block == 0:
        return Estimate(float(each.mean()), 0.0, 0, luck, n, ends)
    meant = weights != 0.0
    sums = np.where(meant, weights * residuals, 0.0).reshape(-1, block).sum(axis=1)
    blocks = int(meant.reshape(-1, block).any(axis=1).sum())
    return Estimate(float(each.mean()), sqrt(float(sums @ sums)), blocks, luck, n, ends)


def _weighted(weights: Array, limits: Limits) -> Limits:
    """The limits of a weighted sum of outcomes that have these."""
    ends = np.array([weights * limits[0], weights * limits[1]])
    return float(ends.min(axis=0).sum()), float(ends.max(axis=0).sum())
