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
    left = _below(ordered, recorded)
    return min(1.0, 2.0 * min(left, 1.0 - left))


def range_p(ordered: Sequence[float], low: float, high: float) -> float:
    """The largest p-value that a value in [low, high] can have.

    Each tail is taken at the end of the range that makes it heavier.

    >>> range_p([1, 2, 3, 4], 4, 9), range_p([1, 2, 3, 4], 0, 9)
    (0.25, 1.0)
    """
    return min(1.0, 2.0 * min(_below(ordered, high), 1.0 - _below(ordered, low)))


def _below(ordered: Sequence[float], value: float) -> float:
    """Share of the values under `value`; those equal to it count half."""
    ties = bisect_left(ordered, value) + bisect_right(ordered, value)
    return ties / (2.0 * len(ordered))


def quantile(ordered: Sequence[float], level: float) -> float:
    """The smallest value that at least `level` of the values do not exceed.

    >>> quantile([1, 2, 3, 4], 0.5), quantile([1, 2, 3, 4], 0.95)
    (2, 4)
    """
    return ordered[max(0, ceil(level * len(ordered)) - 1)]
