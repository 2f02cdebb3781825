"""Theory: splitting of a chain whose probabilities are known, and what its interval is worth."""

from __future__ import annotations

from functools import cache
from random import Random
from typing import NamedTuple

import numpy as np
import pytest

from sim.study.splitting import Climb, climb, estimate

pytestmark = pytest.mark.slow

STEPS = {-1: 0.76, 1: 0.19, 3: 0.05}
START, TOP, HORIZON = 2, 14, 40
LEVELS = (4, 6, 8, 11)
"""Steps of three jump over some; the top is no level: who reaches 11 goes on."""
PARTICLES, REPEATS, STUDIES = 40, 20, 40


class Walker(NamedTuple):
    """Where it stands, after how many steps, and how high it has been."""

    place: int
    steps: int
    highest: int


class Walk:
    """A walk that ends at nought, at the top or at the horizon."""

    def __init__(self, seed: str) -> None:
        self.luck = Random(seed)

    def begin(self, number: int) -> Walker:
        return Walker(START, 0, START)

    def advance(self, walker: Walker, level: int, mark: str) -> Walker:
        goal = LEVELS[level - 1] if level <= len(LEVELS) else TOP
        place, steps, highest = walker
        while 0 < place < TOP and steps < HORIZON and highest < goal:
            place += self.luck.choices(list(STEPS), list(STEPS.values()))[0]
            steps, highest = steps + 1, max(highest, place)
        return Walker(place, steps, highest)

    def level(self, walker: Walker) -> int:
        return sum(walker.highest >= level for level in LEVELS)

    def told(self, walker: Walker) -> list[float]:
        """The top, a middle that is no level, and the length of the path."""
        return [float(walker.highest >= TOP), float(walker.highest >= 7), float(walker.steps)]


def exact() -> list[float]:
    """The same by the law of the chain: the distribution of (place, highest), step by step."""
    law = np.zeros((TOP + 3, TOP + 3))
    law[START, START] = 1.0
    steps = 0.0
    for _ in range(HORIZON):
        steps += law[1:TOP].sum()
        after = np.zeros_like(law)
        after[0], after[TOP:] = law[0], law[TOP:]
        for place in range(1, TOP):
            for highest in range(place, TOP):
                for step, chance in STEPS.items():
                    to = place + step
                    after[to, max(highest, to)] += chance * law[place, highest]
        law = after
    return [float(law[:, TOP:].sum()), float(law[:, 7:].sum()), float(steps)]


@cache
def studies() -> list[list[Climb]]:
    """Forty studies of twenty runs each."""
    return [[_one(f"{study} {repeat}") for repeat in range(REPEATS)] for study in range(STUDIES)]


def _one(seed: str) -> Climb:
    lots = Random(f"lots {seed}")
    walk = Walk(f"walk {seed}")
    return climb(walk, PARTICLES, len(LEVELS), lambda _: [lots.random() for _ in range(PARTICLES)])


def test_the_estimate_is_unbiased_for_whatever_is_told_of_paths() -> None:
    """Within 4 standard errors, three times: a false alarm in 5,000 runs."""
    for place, truth in enumerate(exact()):
        told = estimate([found.means[place] for study in studies() for found in study])
        assert abs(told.mean - truth) < 4.0 * told.error, (place, told, truth)
        assert told.error < 0.2 * truth


def test_the_top_is_rare_and_plain_repeats_would_hardly_see_it() -> None:
    assert 1e-3 < exact()[0] < 2e-3
    plain = exact()[0] / (PARTICLES * REPEATS * STUDIES)  # variance of as many plain walks
    told = estimate([found.means[0] for study in studies() for found in study])
    assert told.error**2 < plain / 20.0


def test_the_interval_covers_as_often_as_it_says() -> None:
    """Of 40 intervals at least 32: fewer have a chance of 1e-3 where 95 % cover, and of 4 % where
    a right-skewed mean of 20 runs brings that down to 88 %."""
    for place, truth in enumerate(exact()):
        told = [estimate([found.means[place] for found in study]) for study in studies()]
        covered = [
            e for e in told if e.low is not None and e.high is not None and e.low <= truth <= e.high
        ]
        assert len(covered) >= 32, place
