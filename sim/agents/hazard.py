"""Rare events of one process: exact, and aligned between configurations."""

from __future__ import annotations

from collections.abc import Callable, Generator

import simpy

from sim.draws import Stream
from sim.embedding import Candidate, Embedding

BLOCK_DAYS = 1024.0
LOWEST_STRIP = 1.0 / 64.0
"""A rare process opens one or two strips in one long block."""


class Hazard:
    """A Poisson process whose rate may change with what has happened.

    Args:
        stream: the random stream that keys its candidates.
        prefix: first letters of every event's identity.
        ceiling: a bound that the rate never exceeds (events a day).
    """

    def __init__(self, stream: Stream, prefix: str, ceiling: float) -> None:
        self.ceiling = ceiling
        self._candidates = Embedding(stream, prefix, BLOCK_DAYS, LOWEST_STRIP)

    def run(
        self,
        env: simpy.Environment,
        end: float,
        act: Callable[[Candidate], None],
        rate: Callable[[float], float] | None = None,
    ) -> Generator[simpy.Event]:
        """Act at each candidate that lies below the rate of its moment.

        Args:
            env: the clock.
            end: days.
            act: called at each event, with its candidate point.
            rate: events a day at a time (days); by default the ceiling itself.
        """
        now = env.now
        while now < end:
            until = min(self._candidates.block_end(now), end)
            for point in self._candidates.between(now, until, self.ceiling):
                yield env.timeout(point.time - env.now)
                if rate is None or point.height < rate(point.time):
                    act(point)
            now = until
