"""Splitting beside plain replications, for the same interval: ``python -m benchmarks.splitting``.

The question has a probability of about one in a thousand: within 180 days of the first of May
2019, do state missiles fall (rung 10), where the US answers every Coalition death and nothing
else, and every parameter is fixed? Splitting tells the probability with some variance at some
cost; n plain replications tell it with variance p (1 - p) / n at the cost of n. Work to the
same variance is cost × variance, and the ratio of the two works is what splitting is worth, in
simulated days and in processor seconds. Both are measured in one run, turn by turn; the
variance of splitting is itself an estimate from its repeats, and p is what splitting found,
because so few plain replications get there.
"""

from __future__ import annotations

import json
from math import sqrt
from typing import NamedTuple

from sim.study.climbing import Cost, added
from sim.study.rare import Answer, ask, run

RUNG = 10
WORDS = (
    "retaliation=on_coalition_death",
    "convoys=none",
    "patron.missiles.probability=0.1",
    "workers=1",
)
HORIZON, WORLD = "180d", "median"
LEVELS = (3, 5, 6)
"""A death, a decision against leaders, an order: what the pilot of the verb chooses here."""


class Beside(NamedTuple):
    """Both ways to the same probability: what each found, and how many times the work of
    splitting plain replications need for the same variance."""

    split: float
    split_error: float
    plain: float
    plain_error: float
    in_days: float
    in_seconds: float


def measured(particles: int = 200, repeats: int = 15, plain: int = 1500, turns: int = 2) -> Beside:
    """Both, turn by turn, so that a busy machine slows both alike.

    Args:
        particles: that try each level.
        repeats: of splitting in each turn; also the parts that plain replications come in.
        plain: replications in each turn.
        turns: each under a seed of its own.
    """
    splits, plains = [], []
    for turn in range(turns):
        splits.append(answered(turn, particles, repeats, LEVELS))
        plains.append(answered(100 + turn, max(2, plain // repeats), repeats, ()))
    found, error, cost = pooled(splits)
    brute, _, brute_cost = pooled(plains)
    count = brute_cost.runs
    variance, work = found * (1.0 - found) / count, error**2
    return Beside(
        found,
        error,
        brute,
        sqrt(brute * (1.0 - brute) / count),
        variance * brute_cost.days / (work * cost.days),
        variance * brute_cost.seconds / (work * cost.seconds),
    )


def answered(seed: int, particles: int, repeats: int, levels: tuple[int, ...]) -> Answer:
    """One turn of one way."""
    words = [*WORDS, f"seed={seed}"]
    return run(ask(RUNG, words, None, HORIZON, particles, repeats, levels=levels, world=WORLD))


def pooled(answers: list[Answer]) -> tuple[float, float, Cost]:
    """Mean, standard error and cost of turns that were all alike."""
    told = [answer.rungs[RUNG] for answer in answers]
    mean = sum(e.mean for e in told) / len(told)
    error = sqrt(sum(e.error**2 for e in told)) / len(told)
    return mean, error, added(answer.cost for answer in answers)


def main() -> None:
    """Measure and print."""
    found = measured()
    print(f"P(rung {RUNG} within {HORIZON}), every parameter at its median")
    for name, value in found._asdict().items():
        print(f"  {name:<14}{value:12.5f}")
    print(json.dumps(found._asdict()))


if __name__ == "__main__":
    main()
