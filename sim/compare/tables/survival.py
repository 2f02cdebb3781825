"""Time to a rung, with censoring: Kaplan and Meier's estimate and the record's own day."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import floor
from typing import TYPE_CHECKING, Any, NamedTuple

from sim.compare.tables.history import History
from sim.study.outcomes import CURVES

if TYPE_CHECKING:
    import pyarrow as pa

    from sim.study.branching import Futures, Plan

MOST_POINTS = 100
"""A curve keeps so many of its steps, evenly spread: a picture shows no more."""


class Reach(NamedTuple):
    """One step of a curve: by `day` the share `reached` of a policy's futures reached `rung`.

    `low95` and `high95` are Greenwood's log-log interval. `reached_by` counts the futures that
    ever do, of `futures`; the others are censored when they end. `recorded` is the record's
    own day, ``None`` where it does not get there or is not known.
    """

    policy: str
    rung: int
    day: float
    reached: float
    low95: float
    high95: float
    reached_by: int
    futures: int
    recorded: float | None


class Curve(NamedTuple):
    """Kaplan and Meier's steps: days, shares reached, and the ends of their 95 % intervals."""

    days: tuple[float, ...]
    reached: tuple[float, ...]
    low95: tuple[float, ...]
    high95: tuple[float, ...]


def curve(times: Sequence[float | None], watched: Sequence[float]) -> Curve:
    """The share that has reached something by each day at which any does.

    Args:
        times: when each future does; ``None``: not while it was watched.
        watched: how long each was watched.

    >>> curve([1.0, None, 3.0, 4.0], [9.0, 2.0, 9.0, 9.0])[:2]
    ((1.0, 3.0, 4.0), (0.25, 0.625, 1.0))
    """
    import warnings

    import numpy as np
    from scipy import stats

    reached = np.array([t for t in times if t is not None], dtype=float)
    if not len(reached):
        return Curve((), (), (), ())
    censored = np.array([w for t, w in zip(times, watched, strict=True) if t is None], dtype=float)
    told = stats.ecdf(stats.CensoredData(uncensored=reached, right=censored)).cdf
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore", RuntimeWarning)  # at a share of 1 there is no interval
        ends = told.confidence_interval(0.95, method="log-log")
    at = np.isin(told.quantiles, reached)
    shares = told.probabilities[at]
    low, high = (np.where(np.isnan(p), shares, p) for p in
                 (ends.low.probabilities[at], ends.high.probabilities[at]))  # fmt: skip
    return Curve(*(tuple(part.tolist()) for part in (told.quantiles[at], shares, low, high)))


def reaches(replications: pa.Table, policy: str, days: int, history: History) -> list[Reach]:
    """The curves of a run: rungs 6, 7 and 8, of what happens whether it is reported or not.

    A replication is watched to the window's end, or to the midnight after a sustained
    exchange.
    """
    ends, told = watched(replications, days), _recorded(history)
    times = {column: replications[f"true_{column}"].to_pylist() for column in CURVES}
    return [
        row
        for column, rung in CURVES.items()
        for row in _rows(policy, rung, times[column], ends, told[column])
    ]


def watched(replications: pa.Table, days: int) -> list[float]:
    """How many of a window's days are told of each replication: all, or those up to the midnight
    after a sustained exchange."""
    exchanges = replications["true_sustained_exchange"].to_pylist()
    return [float(days) if t is None else min(float(days), floor(t) + 1.0) for t in exchanges]


def exchanges(replications: pa.Table) -> int:
    """How many replications came to a sustained exchange."""
    column = replications["true_sustained_exchange"]
    return len(column) - int(column.null_count)


def reaches_of_futures(futures: Futures, plan: Plan, record: Mapping[str, Any]) -> list[Reach]:
    """The curves of a branch study, by policy, in days from its cut."""
    return [
        row
        for name in plan.arms
        for column, rung in CURVES.items()
        for own in [futures.of(name)]
        for row in _rows(name, rung, [r[column] for r in own], [r["days_told"] for r in own],
                         record.get(column))
    ]  # fmt: skip


def _rows(
    policy: str,
    rung: int,
    times: list[float | None],
    watched: list[float],
    recorded: float | None,
) -> list[Reach]:
    """A curve from its first day on; a level one where no future gets there."""
    steps = _thinned(curve(times, watched))
    count = sum(t is not None for t in times)
    rest = (count, len(times), recorded)
    points = [(0.0, 0.0, 0.0, 0.0), *steps]
    if max(watched) > points[-1][0]:
        points.append((max(watched), *points[-1][1:]))
    return [Reach(policy, rung, *point, *rest) for point in points]


def _thinned(told: Curve) -> list[tuple[float, float, float, float]]:
    points = list(zip(*told, strict=True))
    if len(points) <= MOST_POINTS:
        return points
    step = (len(points) - 1) / (MOST_POINTS - 1)
    return [points[round(i * step)] for i in range(MOST_POINTS)]


def _recorded(history: History) -> dict[str, float | None]:
    """When the record first reached each rung, if it knows the window from its start."""
    if history.empty or history.first > 0.0:
        return dict.fromkeys(CURVES)
    firsts = {
        column: next((r.event.time for r in history.rungs if r.dated and r.rung >= rung), None)
        for column, rung in CURVES.items()
    }
    return {name: t if t is not None and t < history.last else None for name, t in firsts.items()}
