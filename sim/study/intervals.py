"""How far the mean of a sample may lie from the truth: Student's 95 % interval.

Student's (1908) and not the normal's, because the spread is estimated from the same sample: of
two values the normal's interval holds the truth in 70 of 100 cases, of ten in 92.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import inf, sqrt
from statistics import fmean

AGREE = 6
"""Values that are all alike tell nothing of how they spread where they are fewer: five that fall
on one side of the truth by chance alone are too likely (the sign test's 2/2⁵ = 0.06)."""


def half_width(values: Sequence[float]) -> float:
    """Half the 95 % interval of a mean; infinite where nothing tells of the spread.

    >>> round(half_width([0.0, 1.0, 2.0, 3.0]), 3), half_width([1.0]), half_width([1.0, 1.0])
    (2.054, inf, inf)
    """
    n = len(values)
    if n < 2 or (n < AGREE and min(values) == max(values)):
        return inf
    mean = fmean(values)
    return t95(n - 1) * sqrt(sum((v - mean) ** 2 for v in values) / (n - 1) / n)


def t95(freedom: int) -> float:
    """How many standard errors a two-sided 95 % interval reaches.

    >>> round(t95(1), 2), round(t95(19), 3)
    (12.71, 2.093)
    """
    return t_at(0.975, freedom)


def t_at(level: float, freedom: int) -> float:
    """Student's quantile at a level; no interval without a degree of freedom."""
    from scipy.special import stdtrit

    return float(stdtrit(freedom, level)) if freedom > 0 else inf
