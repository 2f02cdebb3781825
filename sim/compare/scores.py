"""How a recorded value stands in a simulated distribution."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from math import ceil


def predictive_p(ordered: Sequence[float], recorded: float) -> float:
    """Two-sided predictive p-value: twice the smaller tail, at most 1; ties count half.

    Args:
        ordered: simulated values in ascending order, at least one.
        recorded: the recorded value.

    >>> predictive_p([1, 2, 3, 4], 4)
    0.25
    >>> predictive_p([1, 2, 3, 4], 9)
    0.0
    """
    n = len(ordered)
    below, upto = bisect_left(ordered, recorded), bisect_right(ordered, recorded)
    left = (below + upto) / 2.0 / n
    return min(1.0, 2.0 * min(left, 1.0 - left))


def range_p(ordered: Sequence[float], low: float, high: float) -> float:
    """The p-value of the recorded range's most favourable value: the one nearest the median."""
    return predictive_p(ordered, min(high, max(low, quantile(ordered, 0.5))))


def quantile(ordered: Sequence[float], level: float) -> float:
    """The smallest value that at least `level` of the values do not exceed.

    >>> quantile([1, 2, 3, 4], 0.5), quantile([1, 2, 3, 4], 0.95)
    (2, 4)
    """
    return ordered[max(0, ceil(level * len(ordered)) - 1)]
