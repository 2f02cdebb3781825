"""Products of means without the bias that luck gives them."""

from __future__ import annotations

import numpy as np

from sim.compare.sweeps.table import Array


def product(one: Array, two: Array) -> Array:
    """E[one] E[two] over replications, unbiased: the mean of one_r two_s over all r ≠ s.

    The product of two means over the same replications holds their covariance over R too; a
    square, the luck of the mean. Two disjoint halves are free of it, and this is the mean over
    all ways to take them (a U-statistic; Hoeffding 1948). With one replication it is the plain
    product, and nothing is corrected.

    Args:
        one: (…, replications).
        two: of the same shape.

    >>> product(np.array([1.0, 3.0]), np.array([1.0, 3.0])).item()
    3.0
    """
    n = one.shape[-1]
    if n == 1:
        return np.asarray(one[..., 0] * two[..., 0])
    same = (one * two).sum(axis=-1)
    return np.asarray((one.sum(axis=-1) * two.sum(axis=-1) - same) / (n * (n - 1)))


def without_each(one: Array, two: Array) -> Array:
    """`product` with each replication left out in turn: (…, replications), of three or more."""
    n, both = one.shape[-1], one * two
    rest = one.sum(axis=-1, keepdims=True) - one, two.sum(axis=-1, keepdims=True) - two
    return np.asarray((rest[0] * rest[1] - (both.sum(axis=-1, keepdims=True) - both))
                      / ((n - 1) * (n - 2)))  # fmt: skip


def jackknife(estimates: Array) -> Array:
    """Standard error from estimates with one replication left out each, on the last axis.

    For a mean it is the usual one (Quenouille 1956, Tukey 1958).

    >>> jackknife(np.array([2.5, 2.0, 1.5])).item() == (1 / 3) ** 0.5
    True
    """
    n = estimates.shape[-1]
    return np.asarray(np.sqrt((n - 1) ** 2 / n * estimates.var(axis=-1, ddof=1)))
