"""The levels of a factor: its names, its few numbers, or bins of its many."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from sim.compare.sweeps.table import Array, Mask, Values, names, numeric

BINS = 5
"""Quantile bins of a factor that takes many values."""
FEW = 8
"""A factor of no more values has each for a level."""


class Group(NamedTuple):
    """A level and its points."""

    name: str
    low: float | None
    high: float | None
    points: Mask


def groups(values: Values) -> list[Group]:
    """The levels of a factor: names, few numbers, or quantile bins of many.

    >>> [(g.name, g.points.tolist()) for g in groups(["b", "a", "b"])]
    [('b', [True, False, True]), ('a', [False, True, False])]
    """
    if not numeric(values):
        told = np.array(names(values))
        return [Group(str(name), None, None, told == name) for name in dict.fromkeys(told)]
    numbers = np.asarray(values, dtype=float)
    distinct = np.unique(numbers)
    if len(distinct) <= FEW:
        return [_group(numbers, numbers == value) for value in distinct]
    inner = np.quantile(numbers, np.arange(1, BINS) / BINS)
    which = np.searchsorted(inner, numbers, side="left")
    return [_group(numbers, which == i) for i in range(BINS) if (which == i).any()]


def _group(numbers: Array, points: Mask) -> Group:
    low, high = float(numbers[points].min()), float(numbers[points].max())
    name = f"{low:.4g}" if low == high else f"{low:.3g} to {high:.3g}"
    return Group(name, low, high, points)
