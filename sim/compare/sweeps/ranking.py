"""Policies ranked on common draws: how sure the best one is, and what another would cost."""

from __future__ import annotations

from collections.abc import Sequence
from math import hypot, inf, sqrt
from typing import NamedTuple

import numpy as np

from sim.compare.sweeps.regret import Regret, regrets
from sim.compare.sweeps.table import Array, Extent, Swept, balanced
from sim.compare.sweeps.worlds import crossed
from sim.errors import InputError, nearest
from sim.study.intervals import Limits, alike, apart, half_width, t95
from sim.study.intervals import interval as ends
from sim.study.outcomes import limits_of

BEST = ("lowest", "highest")
DRAWS = 2000
ROUNDING = 1e-9
"""Differences below this share of what is measured are ties."""


class Option(NamedTuple):
    """One policy, or one point, among those that are ranked.

    Attributes:
        rank: 1 for the best mean.
        option: its levels, such as `retaliation=never`; `against` is the first one's.
        difference: from the first one, paired over worlds and replications.
        best: the probability that it is truly the best; options that tie share it, so that all
            of them add to one. Unknown with one replication, and where replications agree that
            some option is as much apart, as are the next two.
        good: the probability that it is within the indifference zone of the best.
        cost: what choosing it is expected to cost against the truly best (the expected
            opportunity cost of Chick & Inoue 2001); here only luck and worlds vary.
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
    best: float | None
    good: float | None
    cost: float | None
    regret_mean: float
    regret_90: float
    regret_most: float
    regret_least: float | None


class Ranking(NamedTuple):
    """Every option from the best to the worst.

    `correct` is the probability of correct selection: that the first is the best one or, where
    there is a `zone`, within it; unknown where nothing tells of luck. `worlds` is how many draws
    of the other factors each option was tried in.
    """

    measure: str
    best: str
    zone: float
    extent: Extent
    worlds: int
    correct: float | None
    options: list[Option]


def ranking(
    swept: Swept,
    policies: Sequence[str] = (),
    best: str = "lowest",
    zone: float = 0.0,
    draws: int = DRAWS,
    seed: int = 0,
) -> Ranking:
    """Rank policies by the mean of a measure over worlds and replications.

    Worlds are the combinations of all other factors' values. Those in which every policy was
    tried count, so that policies are compared in the same worlds on the same draws.

    The probability of correct selection is by Student's t: means are drawn as luck and, where
    there are several, worlds leave them open, the same draw for every policy, and the selected
    one is correct where it comes within the indifference zone of the best (Bechhofer 1954; Kim &
    Nelson 2006). Common draws make it larger at equal cost (Chen, Lin, Yücesan & Chick 2000).
    Luck is in the spread between worlds too, which makes it rather too small. A bootstrap would
    not do: two or three replications that agree by chance look certain to it.

    Args:
        swept: any sweep that crosses policies with worlds; a grid with none.
        policies: factors whose levels are to be ranked; none for every point as it is.
        best: "lowest" or "highest".
        zone: a difference that nobody minds, in the measure's units.
        draws: of the means.
        seed: of the draws.

    Raises:
        InputError: no such factor or order; a zone below zero; policies that share no world.
    """
    _check(swept, policies, best, zone)
    even, extent = balanced(swept)
    labels, cube = crossed(even, list(policies) or list(swept.factors))
    sign = 1.0 if best == "highest" else -1.0
    order = np.argsort(-sign * cube.mean(axis=(1, 2)), kind="stable")
    chances = _chances(sign * cube[order], zone, draws, seed)
    costs = regrets(sign * cube[order])
    limits = limits_of(swept.measure)
    told = [
        _option(labels, cube, order, rank, chances[rank], costs[rank], limits)
        for rank in range(len(order))
    ]
    correct = chances[0].good if zone else chances[0].best
    return Ranking(swept.measure, best, zone, extent, cube.shape[1], correct, told)


def _check(swept: Swept, policies: Sequence[str], best: str, zone: float) -> None:
    for name in policies:
        if name not in swept.factors:
            told = nearest(name, swept.factors)
            raise InputError(f"rank={name} (in Python policies=): not swept; {told}")
    if best not in BEST:
        raise InputError(f"best={best}: {nearest(best, BEST)}")
    if not zone >= 0.0:
        raise InputError(f"zone={zone:g}: a difference that nobody minds is 0 or more")


class _Chance(NamedTuple):
    """See `Option`."""

    best: float | None
    good: float | None
    cost: float | None


def _chances(gain: Array, zone: float, draws: int, seed: int) -> list[_Chance]:
    """What luck and worlds leave open; `gain` is (options, worlds, replications), more is better.

    The cost is the normal's: with two worlds or replications Student's t has no mean.
    """
    if not _luck_is_known(gain):
        return [_Chance(None, None, None)] * len(gain)
    tie = ROUNDING * max(1.0, float(np.abs(gain).max()))
    short = _short(drawn_means(gain, draws, seed))
    first = short <= tie
    best = (first / first.sum(axis=1, keepdims=True)).mean(axis=0)
    good = (short <= zone + tie).mean(axis=0)
    cost = _short(drawn_means(gain, draws, seed, tails=False)).mean(axis=0)
    return [_Chance(*map(float, each)) for each in zip(best, good, cost, strict=True)]


def _luck_is_known(gain: Array) -> bool:
    """Not with one replication, nor where all agree that some option is as much apart, in
    however many worlds: these share their luck."""
    tie = ROUNDING * max(1.0, float(np.abs(gain).max()))
    each = (gain - gain[:1]).mean(axis=1)
    agree = (np.ptp(each, axis=1) <= tie) & (np.abs(each) > tie).any(axis=1)
    return gain.shape[-1] > 1 and not agree.any()


def _short(means: Array) -> Array:
    """By how much every option falls short of the best of its draw."""
    return np.asarray(means.max(axis=1, keepdims=True) - means)


def drawn_means(cube: Array, draws: int, seed: int, *, tails: bool = True) -> Array:
    """Means of every option as replications and worlds leave them open: (draws, options).

    Args:
        cube: (options, worlds, replications).
        draws: how many.
        seed: of the draws.
        tails: Student's, for a spread that is itself estimated; else the normal's.
    """
    random = np.random.default_rng(seed)
    samples = cube.mean(axis=1), cube.mean(axis=2)
    spread = [_deviations(sample, draws, random, tails) for sample in samples]
    return np.asarray(cube.mean(axis=(1, 2)) + sum(spread))


def _deviations(sample: Array, draws: int, random: np.random.Generator, tails: bool) -> Array:
    """Errors of the means of (options, n), correlated as the options are: (draws, options)."""
    n = sample.shape[1]
    if n < 2:
        return np.zeros((draws, len(sample)))
    centred = sample - sample.mean(axis=1, keepdims=True)
    errors = random.standard_normal((draws, n)) @ centred.T / sqrt(n * (n - 1))
    scale = np.sqrt((n - 1) / random.chisquare(n - 1, (draws, 1)))
    return np.asarray(errors * scale if tails else errors)


def _option(
    labels: list[str],
    cube: Array,
    order: np.ndarray[tuple[int], np.dtype[np.intp]],
    rank: int,
    chance: _Chance,
    regret: Regret,
    limits: Limits | None,
) -> Option:
    own, first = cube[order[rank]], cube[order[0]]
    change = interval(own - first, apart(limits)) if rank else (0.0, None, None)
    return Option(
        rank + 1, labels[order[rank]], *interval(own, limits), *change, *chance,
        regret.mean, regret.most_of_ten, regret.most, regret.least,
    )  # fmt: skip


def interval(
    table: Array, limits: Limits | None = None
) -> tuple[float, float | None, float | None]:
    """The mean of (worlds, replications) with a 95 % interval of both, where luck is known."""
    worlds, luck = len(table), table.mean(axis=0).tolist()
    limited = worlds == 1 or alike(luck)  # means of many worlds seldom come near a limit
    mean, half = float(table.mean()), half_width(luck, limits if limited else None)
    if half == inf:
        return mean, None, None
    if worlds > 1:
        by_worlds = t95(worlds - 1) * float(table.mean(axis=1).std(ddof=1)) / sqrt(worlds)
        half = hypot(half, by_worlds)
    low, high = limits or (-inf, inf)
    if worlds == 1 and limits is not None:
        low, high = ends(luck, limits) or (low, high)
        return mean, low, high
    return mean, max(low, mean - half), min(high, mean + half)
