"""Poisson embedding: the points from which every point process is cut out.

Candidate points lie on fixed strips of rate × fixed blocks of time, each keyed by
(stream, strip, block, index). A candidate becomes an event where its height is below
the intensity at its time. So the simulation is exact without a global bound, no
breakpoint disturbs a draw, and two policies stay coupled even after their histories
part (Brémaud and Massoulié 1996, stability of nonlinear Hawkes processes).
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from math import floor, inf
from typing import NamedTuple

from sim.draws import Stream
from sim.inversion import poisson

BLOCK_DAYS = 128.0
LOWEST_STRIP = 0.25
"""Height of the first strip (points a day); each later strip doubles the reach."""


class Candidate(NamedTuple):
    """A point that may become an event: `time` (days), `height` (per day), identity.

    The identity is the process's letter with strip and block (`cell`), and a `number`.
    """

    time: float
    height: float
    cell: str
    number: int

    @property
    def id(self) -> str:
        """Its name, the same under every policy."""
        return f"{self.cell}.{self.number}"


Point = tuple[float, float, str, int]
"""A candidate that nobody has looked at yet: many are made, few are chosen."""


def strip_bounds(strip: int, lowest: float = LOWEST_STRIP) -> tuple[float, float]:
    """(low, high) heights of a strip, in points a day, where the first has `lowest`.

    >>> strip_bounds(0), strip_bounds(1), strip_bounds(3)
    ((0.0, 0.25), (0.25, 0.5), (1.0, 2.0))
    """
    if strip == 0:
        return 0.0, lowest
    return lowest * 2.0 ** (strip - 1), lowest * 2.0**strip


class Embedding:
    """The candidates of one process, opened strip by strip where its intensity can reach.

    Args:
        stream: the random stream that keys them, with its mark.
        prefix: first letters of every candidate's identity.
        block_days: length of a block; a rare process is cheaper in long ones.
        lowest: height of the first strip (points a day).
    """

    def __init__(
        self,
        stream: Stream,
        prefix: str,
        block_days: float = BLOCK_DAYS,
        lowest: float = LOWEST_STRIP,
    ) -> None:
        self._stream = stream
        self._prefix = prefix
        self.block_days = block_days
        self.lowest = lowest
        self._blocks: dict[int, tuple[list[Point], int, float]] = {}

    def block_end(self, time: float) -> float:
        """The end of the block of time that `time` lies in (its start belongs to it)."""
        return (floor(time / self.block_days) + 1) * self.block_days

    def between(self, after: float, until: float, ceiling: float) -> Iterator[Candidate]:
        """Candidates in (after, until] below `ceiling`, in time order, within one block."""
        points, first = self.after(after, ceiling)
        for i in range(first, len(points)):
            point = points[i]
            if point[0] > until:
                return
            if point[1] < ceiling:
                yield Candidate(*point)

    def after(self, time: float, ceiling: float) -> tuple[list[Point], int]:
        """The candidates of the block that `time` lies in, in time order, with none missing
        below `ceiling`; and the place of the first after `time`."""
        points = self._points(floor(time / self.block_days), ceiling)
        return points, bisect_right(points, (time, inf))

    def _points(self, block: int, ceiling: float) -> list[Point]:
        points, opened, reach = self._blocks.get(block, ([], 0, 0.0))
        if ceiling > reach:
            while ceiling > reach:
                points = points + self._open(opened, block)
                opened += 1
                reach = strip_bounds(opened, self.lowest)[0]
            points.sort()
            self._blocks[block] = (points, opened, reach)
        return points

    def _open(self, strip: int, block: int) -> list[Point]:
        low, high = strip_bounds(strip, self.lowest)
        cell = f"{self._stream.mark}{strip}.{block}"
        count = poisson(self._stream(cell)[0], (high - low) * self.block_days)
        days = self.block_days
        start, width, name = block * days, high - low, f"{self._prefix}{cell}"
        return [
            (start + u * days, low + v * width, name, i)
            for i, (u, v) in enumerate(self._stream.page(cell, count, 2))
        ]
