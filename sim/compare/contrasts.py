"""Two policies on the same draws: differences, intervals, and what sharing draws is worth."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import fmean, variance
from typing import Any, NamedTuple

from sim.record import known_until
from sim.replay import Future
from sim.study.branching import Futures, Plan
from sim.study.intervals import alike, apart, interval
from sim.study.outcomes import AGAINST, CURVES, MEASURES, Measure, outcome


class Contrast(NamedTuple):
    """One measure under a policy and under the one it is compared with.

    `difference` is the first less the second, with the 95 % interval of its mean; where all
    paired differences are `alike`, its ends bound what was not seen (of a probability), or are
    unknown. `correlation` is between the two over replications, and `variance_ratio` how many times
    as many independent replications would be needed for the same interval.
    """

    policy: str
    against: str
    measure: str
    label: str
    unit: str
    mean: float
    reference: float
    difference: float
    low95: float | None
    high95: float | None
    correlation: float | None
    variance_ratio: float | None
    replications: int
    alike: bool

    @property
    def sign(self) -> int:
        """1 or −1 where the interval leaves out zero, else 0."""
        if self.low95 is None or self.high95 is None:
            return 0
        return (self.low95 > 0.0) - (self.high95 < 0.0)


class Curve(NamedTuple):
    """The share of a policy's futures that have reached a rung by a day from the cut."""

    policy: str
    rung: int
    days: tuple[float, ...]
    reached: tuple[float, ...]


class Findings(NamedTuple):
    """What a branch study found: its futures, how they differ, what the record did."""

    plan: Plan
    futures: Futures
    contrasts: list[Contrast]
    curves: list[Curve]
    record: dict[str, Any]


def findings(plan: Plan, futures: Futures) -> Findings:
    """All that is told of a branch study."""
    told, lines = contrasts(futures, plan), curves(futures, plan)
    return Findings(plan, futures, told, lines, recorded(plan))


def contrasts(futures: Futures, plan: Plan) -> list[Contrast]:
    """Every measure of every policy against the last one."""
    return [
        contrast(measure, name, plan.reference, *_pairs(futures.of(name), measure))
        for name in plan.arms
        if name != plan.reference
        for measure in MEASURES
    ]


def _pairs(rows: list[dict[str, Any]], measure: Measure) -> tuple[list[float], list[float]]:
    """The values of a policy, and of the reference over the same days."""
    own, other = measure.name, f"{AGAINST}{measure.name}"
    return [float(row[own]) for row in rows], [float(row[other]) for row in rows]


def contrast(
    measure: Measure, policy: str, against: str, one: Sequence[float], two: Sequence[float]
) -> Contrast:
    """The paired comparison of two samples (see `sim.study.intervals`).

    >>> m = Measure("m", "m", "u")
    >>> c = contrast(m, "a", "b", [1.0, 2.0, 4.0], [0.0, 1.0, 3.0])
    >>> c.difference, c.low95, c.correlation, c.variance_ratio
    (1.0, None, 1.0, None)
    """
    n = len(one)
    differences = [a - b for a, b in zip(one, two, strict=True)]
    low95, high95 = interval(differences, apart(measure.limits)) or (None, None)
    return Contrast(
        policy,
        against,
        measure.name,
        measure.label,
        measure.unit,
        fmean(one),
        fmean(two),
        fmean(differences),
        low95,
        high95,
        _correlation(one, two),
        _ratio(one, two, differences),
        n,
        n > 1 and alike(differences),
    )


def _correlation(one: Sequence[float], two: Sequence[float]) -> float | None:
    """Pearson's, unknown where one of the two never varies."""
    from statistics import StatisticsError, correlation

    try:
        return correlation(one, two)
    except StatisticsError:
        return None


def _ratio(
    one: Sequence[float], two: Sequence[float], differences: Sequence[float]
) -> float | None:
    """Variance of the difference of independent samples over that of the paired ones."""
    if len(one) < 2:
        return None
    paired = variance(differences)
    return (variance(one) + variance(two)) / paired if paired > 0.0 else None


def curves(futures: Futures, plan: Plan) -> list[Curve]:
    """When each rung is first reached, with censoring at a sustained exchange and the horizon."""
    return [
        _curve(name, rung, futures.of(name), column)
        for name in plan.arms
        for column, rung in CURVES.items()
    ]


def _curve(policy: str, rung: int, rows: list[dict[str, Any]], column: str) -> Curve:
    """Kaplan and Meier's estimate, from scipy."""
    import numpy as np
    from scipy import stats

    reached = np.array([row[column] for row in rows if row[column] is not None], dtype=float)
    censored = np.array([row["days_told"] for row in rows if row[column] is None], dtype=float)
    if not len(reached):
        return Curve(policy, rung, (), ())
    told = stats.ecdf(stats.CensoredData(uncensored=reached, right=censored)).cdf
    jumps = np.isin(told.quantiles, reached)
    days, shares = told.quantiles[jumps], told.probabilities[jumps]
    return Curve(policy, rung, tuple(days.tolist()), tuple(shares.tolist()))


def recorded(plan: Plan) -> dict[str, Any]:
    """What the record says of the same days, as far as it goes; empty beyond its end."""
    journal = plan.source.journal()
    shift = float((plan.settings.scenario.start - journal.start).days)
    first, last = plan.cut + shift, plan.end + shift
    known = float((known_until(journal) - journal.start).days)
    if first >= known:
        return {}
    return outcome(Future(journal, first), min(last, known))
