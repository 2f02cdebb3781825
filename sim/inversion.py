"""Variates by inversion: one uniform in, one value out, so that draws stay aligned.

Each function is non-decreasing in `u`; ``u`` lies strictly between 0 and 1.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from itertools import accumulate
from math import ceil, exp, log, log1p
from statistics import NormalDist

_normal = NormalDist().inv_cdf

LARGE_MEAN = 500.0
"""Above this exp(-mean) nears the smallest float, and the sum from zero fails."""


def cumulated(weights: Iterable[float]) -> list[float]:
    """Running sums of non-negative weights, for `pick`."""
    return list(accumulate(weights))


def pick(u: float, sums: Sequence[float]) -> int:
    """Index drawn in proportion to weights whose running sums these are.

    >>> pick(0.5, cumulated([1.0, 0.0, 3.0])), pick(0.2, cumulated([0.0, 1.0, 0.0]))
    (2, 1)
    """
    total = sums[-1]
    if total <= 0.0:
        raise ValueError("nothing to choose from: every weight is zero")
    index = bisect_right(sums, u * total)
    return index if index < len(sums) else bisect_left(sums, total)


def choose(u: float, weights: Iterable[float]) -> int:
    """Index drawn in proportion to non-negative `weights`.

    >>> choose(0.5, [1.0, 0.0, 3.0])
    2
    """
    return pick(u, cumulated(weights))


def binomial(u: float, n: int, p: float) -> int:
    """Successes among `n` trials of probability `p`.

    >>> binomial(0.5, 4, 0.5), binomial(0.9, 4, 0.0), binomial(0.1, 4, 1.0)
    (2, 0, 4)
    """
    if p <= 0.0 or n <= 0:
        return 0
    if p >= 1.0:
        return n
    if p > 0.5:  # count failures: (1 - p)^n would vanish for many trials
        return n - binomial(1.0 - u, n, 1.0 - p)
    odds = p / (1.0 - p)
    mass = (1.0 - p) ** n
    below, k = mass, 0
    while u > below and k < n:
        mass *= (n - k) / (k + 1) * odds
        below += mass
        k += 1
    return k


def negative_binomial(u: float, mean: float, dispersion: float, most: int = 100_000) -> int:
    """A count with variance mean + mean² / dispersion: small `dispersion`, heavy tail.

    Cut off at `most`, which bounds the sum where the tail is longer than any campaign.

    >>> negative_binomial(0.5, 0.01, 0.5), negative_binomial(0.9999, 1.0, 0.1) > 20
    (0, True)
    """
    if u <= 1.0 - mean:  # none has at least this probability (Markov), whatever the shape
        return 0
    p = mean / (mean + dispersion)
    mass = exp(-dispersion * log1p(mean / dispersion))
    below, k = mass, 0
    while u > below and k < most:
        mass *= (k + dispersion) / (k + 1) * p
        below += mass
        k += 1
    return k


def log_normal(u: float, median: float, sigma: float) -> float:
    """A positive value whose logarithm is normal with standard deviation `sigma`.

    >>> log_normal(0.5, 3.0, 1.0)
    3.0
    """
    return median * exp(sigma * _normal(u))


def exponential(u: float, mean: float) -> float:
    """A waiting time with this mean.

    >>> exponential(0.5, 2.0) == 2.0 * log(2.0)
    True
    """
    return -mean * log(1.0 - u)


def poisson(u: float, mean: float) -> int:
    """A Poisson count.

    >>> poisson(0.5, 2.0), poisson(0.99, 0.0)
    (2, 0)
    """
    if mean > LARGE_MEAN:
        from scipy.special import pdtrik

        return ceil(float(pdtrik(u, mean)))
    mass = exp(-mean)
    below, k = mass, 0
    while u > below and mass > 0.0:
        k += 1
        mass *= mean / k
        below += mass
    return k
