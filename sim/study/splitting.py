"""Multilevel splitting of any process that climbs: fixed effort on levels fixed beforehand.

Particles start at level 0. Of those that reach the next level so many copies are made that as
many as before try the one after; the product of the shares that get there estimates how likely
the top is, without bias whatever the levels (Garvels 2000; Glasserman, Heidelberger, Shahabuddin
and Zajic 1999; Amrein and Künsch 2011). Each path that ends bears a weight, its share of one,
so that the weighted mean of anything told of whole paths is unbiased as well.

Levels found on the way (Cérou and Guyader 2007) would spend less thought, but their estimate
is biased at a finite number of particles: here levels are part of the question.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import fsum, inf, sqrt
from statistics import fmean, stdev
from typing import NamedTuple, Protocol, TypeVar

from sim.study.intervals import t95

State = TypeVar("State")


class Process(Protocol[State]):
    """What climbs: a state that goes on under new luck, and how high it has come."""

    def begin(self, number: int) -> State:
        """The state of a new particle."""
        ...

    def advance(self, state: State, level: int, mark: str) -> State:
        """The state where it first stands at `level` or higher, or at its end.

        It goes on as the process would, by luck that no other mark shares.
        """
        ...

    def level(self, state: State) -> int:
        """The highest level that it has reached."""
        ...

    def told(self, state: State) -> Sequence[float]:
        """What is averaged over whole paths."""
        ...


class Stage(NamedTuple):
    """One level: how many particles tried to reach it, and how many did."""

    tried: int
    reached: int


class Climb(NamedTuple):
    """One splitting run: its stages, and the weighted means of what was told."""

    stages: list[Stage]
    means: list[float]


class Estimate(NamedTuple):
    """A mean over independent runs with its 95 % interval; none where all runs are alike."""

    mean: float
    low: float | None
    high: float | None
    error: float


def climb(
    process: Process[State], particles: int, levels: int, luck: Callable[[str], Sequence[float]]
) -> Climb:
    """One run of fixed-effort splitting.

    Args:
        process: what climbs.
        particles: that try each level.
        levels: how many there are; who reaches the last goes on to the end of its path.
        luck: uniforms by a key, as many as there are particles, for the choice of copies.
    """
    weight = 1.0 / particles
    stages: list[Stage] = []
    ended: list[tuple[float, Sequence[float]]] = []
    states = [process.begin(number) for number in range(particles)]
    for level in range(1, levels + 2):
        reached: list[State] = []
        for number, state in enumerate(states):
            mark = f"{level}.{number}'" if level > 1 else ""
            further = process.advance(state, level, mark)
            if process.level(further) >= level:
                reached.append(further)
            else:
                ended.append((weight, process.told(further)))
        if level > levels:
            break
        stages.append(Stage(particles, len(reached)))
        if not reached:
            break
        weight *= len(reached) / particles
        states = [reached[i] for i in copies(len(reached), particles, luck(f"{level}"))]
    return Climb(stages, _weighted(ended))


def _weighted(ended: Sequence[tuple[float, Sequence[float]]]) -> list[float]:
    columns = zip(*[[weight * value for value in told] for weight, told in ended], strict=True)
    return [fsum(column) for column in columns]


def copies(reached: int, particles: int, uniforms: Sequence[float]) -> list[int]:
    """Which particle each copy is made of: each as often as the others, the rest by lot.

    >>> copies(3, 7, [0.9, 0.1, 0.5])
    [0, 0, 1, 1, 1, 2, 2]
    """
    each, rest = divmod(particles, reached)
    drawn = sorted(range(reached), key=lambda i: uniforms[i])[:rest]
    return sorted([i for i in range(reached) for _ in range(each)] + drawn)


def estimate(means: Sequence[float], most: float = inf) -> Estimate:
    """The mean of independent runs, with Student's interval as far as it lies in [0, most].

    >>> estimate([0.1, 0.3])[0], estimate([0.2, 0.2])
    (0.2, Estimate(mean=0.2, low=None, high=None, error=0.0))
    """
    mean, error = fmean(means), stdev(means) / sqrt(len(means))
    if error == 0.0:
        return Estimate(mean, None, None, 0.0)
    half = t95(len(means) - 1) * error
    return Estimate(mean, max(0.0, mean - half), min(most, mean + half), error)
