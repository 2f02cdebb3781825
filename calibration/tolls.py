"""The probability of a toll: what is stated of the killed and wounded of one group."""

from __future__ import annotations

from collections.abc import Iterator
from math import lgamma

import numpy as np
from scipy.special import gammaln, xlog1py, xlogy

from calibration.arrays import Array
from calibration.possible import Pattern, Span
from sim.settings.places import Casualties


def toll_mass(pattern: Pattern, mean_killed: Array, casualties: Casualties) -> Array:
    """Probability that one group's toll is as stated.

    The number hurt is negative binomial with mean ``mean_killed (1 + wounded per killed)``
    and variance mean + mean² / dispersion; each of them is killed with the same probability.

    Args:
        pattern: killed and wounded.
        mean_killed: people, any shape that ends in W.
        casualties: of the scenario.
    """
    killed, wounded = pattern
    mass = np.zeros_like(mean_killed)
    for sign, dead in parts(killed):
        for turn, hurt in parts(wounded):
            mass += sign * turn * exact_toll_mass(dead, hurt, mean_killed, casualties)
    return np.maximum(mass, 0.0)


def parts(span: Span) -> Iterator[tuple[float, int | None]]:
    """A span as signed counts, where None is any count: no end is all but those below.

    >>> list(parts((2, 3))), list(parts((1, None)))
    ([(1.0, 2), (1.0, 3)], [(1.0, None), (-1.0, 0)])
    """
    low, high = span if span is not None else (None, None)
    if high is None:
        yield 1.0, None
        yield from ((-1.0, count) for count in range(low or 0))
    else:
        yield from ((1.0, count) for count in range(low or 0, high + 1))


def exact_toll_mass(
    killed: int | None, wounded: int | None, mean_killed: Array, casualties: Casualties
) -> Array:
    """Probability of a toll: a part of the hurt is negative binomial of the same shape.

    Where both killed and wounded count, times the binomial split between them.
    """
    if killed is None and wounded is None:
        return np.ones_like(mean_killed)
    r, each = casualties.dispersion, np.asarray(casualties.wounded_per_killed, float)
    counted = (0.0 if killed is None else 1.0) + (0.0 if wounded is None else each)
    log_mass = log_count((killed or 0) + (wounded or 0), mean_killed * (counted / r), r)
    if killed is not None and wounded is not None:
        log_mass += log_split(killed, wounded, each)
    return np.exp(log_mass)


def log_count(n: int, x: Array, r: Array | float) -> Array:
    """Log-probability of n, negative binomial of shape r and mean r x.

    log Γ(r + n) − log Γ(r) − log n! + n log x − (r + n) log(1 + x).
    """
    result: Array = -(r + n) * np.log1p(x)
    if n:
        result += xlogy(n, x) + (gammaln(r + n) - gammaln(r) - lgamma(n + 1))
    return result


def log_split(killed: int, wounded: int, wounded_per_killed: Array) -> Array:
    """Log-probability that of the hurt so many are killed and the others wounded."""
    lethal = 1.0 / (1.0 + wounded_per_killed)
    ways = lgamma(killed + wounded + 1) - lgamma(killed + 1) - lgamma(wounded + 1)
    result: Array = ways + xlogy(killed, lethal) + xlog1py(wounded, -lethal)
    return result
