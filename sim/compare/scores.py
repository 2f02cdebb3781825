"""How a recorded value stands in a simulated distribution."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from math import ceil
from typing import NamedTuple


class Tails(NamedTuple):
    """The share of simulated values below the recorded one and above it, equal ones by half.

    For one recorded value they sum to 1. For a range each tail is taken at the end that
    makes it heavier, so their sum is 1 or more.
    """

    below: float
    above: float

    @property
    def p(self) -> float:
        """The two-sided predictive p-value: twice the lighter tail, at most 1."""
        return min(1.0, 2.0 * min(self))


def tails(ordered: Sequence[float], low: float | None, high: float | None) -> Tails:
    """The mid-p tails of simulated values T at a recorded range [low, high].

    below = P(T < high) + P(T = high) / 2 and above = P(T > low) + P(T = low) / 2, as
    shares of the replications. Ties count half, so that the tail of a discrete pattern is
    1/2 on average, as a continuous one's is (Lancaster 1961).

    Args:
        ordered: simulated values in ascending order, at least one.
        low: the lower end; ``None`` where the range is open below.
        high: the upper end; ``None`` where it is open above ("at least").

    >>> tails([1, 2, 3, 4], 4, 4)
    Tails(below=0.875, above=0.125)
    >>> tails([1, 2, 3, 4], 4, None)
    Tails(below=1.0, above=0.125)
    """
    twice = 2 * len(ordered)
    below = twice if high is None else _twice_below(ordered, high)
    above = twice if low is None else twice - _twice_below(ordered, low)
    return Tails(below / twice, above / twice)


def _twice_below(ordered: Sequence[float], value: float) -> int:
    """Twice the number of values under `value`, those equal to it counted once."""
    return bisect_left(ordered, value) + bisect_right(ordered, value)


def predictive_p(ordered: Sequence[float], recorded: float) -> float:
    """Two-sided predictive p-value of one value t: 2 min(P(T<t) + P(T=t)/2, P(T>t) + P(T=t)/2).

    Args:
        ordered: simulated values in ascending order, at least one.
        recorded: the recorded value.

    >>> predictive_p([1, 2, 3, 4], 4)
    0.25
    >>> predictive_p([1, 2, 3, 4], 9)
    0.0
    """
    return tails(ordered, recorded, recorded).p


def range_p(ordered: Sequence[float], low: float | None, high: float | None) -> float:
    """The largest p-value that a value in [low, high] can have; ``None`` is an open end.

    Each tail is taken at the end of the range that makes it heavier.

    >>> range_p([1, 2, 3, 4], 4, 9), range_p([1, 2, 3, 4], 0, 9), range_p([1, 2, 3, 4], 9, None)
    (0.25, 1.0, 0.0)
    """
    return tails(ordered, low, high).p


def quantile(ordered: Sequence[float], level: float) -> float:
    """The smallest value that at least `level` of the values do not exceed.

    >>> quantile([1, 2, 3, 4], 0.5), quantile([1, 2, 3, 4], 0.95)
    (2, 4)
    """
    return ordered[rank(len(ordered), level) - 1]


def rank(n: int, level: float) -> int:
    """Which of n values in ascending order, counted from 1, is their quantile at `level`.

    >>> rank(40, 0.05), rank(40, 0.95)
    (2, 38)
    """
    return max(1, ceil(level * n))
