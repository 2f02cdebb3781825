"""Policies ranked on common draws: how sure the best one is, and what another would cost."""

from __future__ import annotations

from collections.abc import Sequence
from math import sqrt
from typing import NamedTuple

import numpy as np

from sim.compare.sweeps.pairs import t95
from sim.compare.sweeps.regret import Regret, regrets
from sim.compare.sweeps.table import Array, Extent, Swept, balanced
from sim.compare.sweeps.worlds import crossed
from sim.errors import InputError, nearest

BEST = ("lowest", "highest")
RESAMPLES = 2000


class Option(NamedTuple):
    """One policy, or one point, among those that are ranked.

    Attributes:
        rank: 1 for the best mean.
        option: its levels, such as `retaliation=never`; `against` is the first one's.
        difference: from the first one, paired over worlds and replications.
        best: share of resamples in which it is the best.
        good: share in which it is within the indifference zone of the best.
        cost: what choosing it is expected to cost against the best of each resample (the
            expected opportunity cost of Chick & Inoue 2001); here only luck and worlds vary.
        regret_mean, regret_90, regret_most: over worlds, what it costs against the best policy
            of that very world: mean, 90 % quantile, largest. Luck makes other policies look
            better in some world, so with few replications these are too large.
        regret_least: the mean again, with the best of each world chosen on one half of the
            replications and judged on the other: too small where the halves choose amiss.
    """

    rank: int
    option: str
    mean: float
    low95: float | None
    high95: float | None
    difference: float
    difference_low95: float | None
    difference_high95: float | None
    best: float
    good: float
    cost: float
    regret_mean: float
    regret_90: float
    regret_most: float
    regret_least: float | None


class Ranking(NamedTuple):
    """Every option from the best to the worst.

    `correct` is the probability of correct selection: that the first is within `zone` of the
    best one. `worlds` is how many draws of the other factors each option was tried in.
    """

    measure: str
    best: str
    zone: float
    extent: Extent
    worlds: int
    correct: float
    options: list[Option]


def ranking(
    swept: Swept,
    policies: Sequence[str] = (),
    best: str = "lowest",
    zone: float = 0.0,
    resamples: int = RESAMPLES,
    seed: int = 0,
) -> Ranking:
    """Rank policies by the mean of a measure over worlds and replications.

    Worlds are the combinations of all other factors' values. Those in which every policy was
    tried count, so that policies are compared in the same worlds on the same draws.

    The probability of correct selection is a paired bootstrap's: replications and, where there
    are several, worlds are drawn again, the same ones for every policy, and the selected one is
    correct where it comes within the indifference zone of the best (Bechhofer 1954; Kim &
    Nelson 2006). Common draws make it larger at equal cost (Chen, Lin, Yücesan & Chick 2000).
    Drawing both at once makes it rather too small (Owen 2007).

    Args:
        swept: any sweep that crosses policies with worlds; a grid with none.
        policies: factors whose levels are to be ranked; none for every point as it is.
        best: "lowest" or "highest".
        zone: a difference that nobody minds, in the measure's units.
        resamples: of the bootstrap.
        seed: of the bootstrap.

    Raises:
        InputError: no such factor or order; a zone below zero; policies that share no world.
    """
    _check(swept, policies, best, zone)
    even, extent = balanced(swept)
    labels, cube = crossed(even, list(policies) or list(swept.factors))
    sign = 1.0 if best == "highest" else -1.0
    means = drawn_means(cube, resamples, seed)
    order = np.argsort(-sign * cube.mean(axis=(1, 2)), kind="stable")
    gain = sign * means[:, order]
    short = gain.max(axis=1, keepdims=True) - gain
    good = (short <= zone + 1e-12).mean(axis=0)
    costs = regrets(sign * cube[order])
    told = [
        _option(labels, cube, order, rank, short[:, rank], float(good[rank]), costs[rank])
        for rank in range(len(order))
    ]
    return Ranking(swept.measure, best, zone, extent, cube.shape[1], float(good[0]), told)


def _check(swept: Swept, policies: Sequence[str], best: str, zone: float) -> None:
    for name in policies:
        if name not in swept.factors:
            told = nearest(name, swept.factors)
            raise InputError(f"rank={name} (in Python policies=): not swept; {told}")
    if best not in BEST:
        raise InputError(f"best={best}: {nearest(best, BEST)}")
    if not zone >= 0.0:
        raise InputError(f"zone={zone:g}: a difference that nobody minds is 0 or more")


def drawn_means(cube: Array, resamples: int, seed: int) -> Array:
    """Means of every option over replications and worlds drawn again: (resamples, options)."""
    random = np.random.default_rng(seed)
    _, worlds, n = cube.shape
    replications = random.multinomial(n, np.full(n, 1 / n), resamples) / n
    others = random.multinomial(worlds, np.full(worlds, 1 / worlds), resamples) / worlds
    means = [np.einsum("bw,wb->b", others, option @ replications.T) for option in cube]
    return np.stack(means, axis=1)


def _option(
    labels: list[str],
    cube: Array,
    order: np.ndarray[tuple[int], np.dtype[np.intp]],
    rank: int,
    short: Array,
    good: float,
    regret: Regret,
) -> Option:
    own, first = cube[order[rank]], cube[order[0]]
    best, cost = float((short <= 1e-12).mean()), float(short.mean())
    return Option(
        rank + 1, labels[order[rank]], *interval(own), *interval(own - first),
        best, good, cost, regret.mean, regret.most_of_ten, regret.most, regret.least,
    )  # fmt: skip


def interval(table: Array) -> tuple[float, float | None, float | None]:
    """The mean of (worlds, replications) with a 95 % interval of both; luck needs two."""
    worlds, n = table.shape
    mean = float(table.mean())
    if n < 2:
        return mean, None, None
    half = t95(n - 1) * float(table.mean(axis=0).std(ddof=1)) / sqrt(n)
    if worlds > 1:
        apart = t95(worlds - 1) * float(table.mean(axis=1).std(ddof=1)) / sqrt(worlds)
        half = sqrt(half**2 + apart**2)
    return mean, mean - half, mean + half
