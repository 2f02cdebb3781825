"""The scores of a backtest in brief, and the simulator's against each baseline's."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from calibration.backtest.forecast import CLIMATOLOGY, RUNGS_NAME
from calibration.backtest.origins import HORIZONS
from calibration.backtest.scoring import Reach, Row, Series
from calibration.scores import Floats, block_bootstrap, crps, information_gain, n_test

RESAMPLED = 4000
"""Series that a bootstrap draws."""
NO_INTERVAL = 13
"""Weeks from which on half a year is too few independent looks for an interval."""
BINS = 5
BATCHES = 10
"""Parts of the draws whose scores are compared to see how far the draws' own luck matters."""


class Score(NamedTuple):
    """Means over the origins of one forecaster at one horizon.

    `least` and `most` are the N-test: the chance of at least, and of at most, as many attacks
    as came in all weeks together; of one week ahead alone, where windows don't overlap, and
    as if what is not known of the parameters were drawn anew each week. `mass50` and `mass90`
    are what the forecasts' own intervals hold, which whole numbers make more than their level.
    `crps_error` is the standard error of the mean CRPS that comes from drawing so many and no
    more. `pit` counts origins by fifth of the forecast in which what came lies.
    """

    model: str
    horizon_weeks: int
    origins: int
    crps: float | None = None
    crps_error: float | None = None
    log_score: float | None = None
    interval_score: float | None = None
    coverage50: float | None = None
    coverage90: float | None = None
    mass50: float | None = None
    mass90: float | None = None
    brier4: float | None = None
    brier6: float | None = None
    brier7: float | None = None
    least: float | None = None
    most: float | None = None
    pit: tuple[int, ...] = ()


class Comparison(NamedTuple):
    """The simulator less a baseline, on the same origins.

    `crps_difference` is in attacks, below 0 where the simulator is better, with its 90 %
    interval by block bootstrap; `better` is the share of the baseline's CRPS that it saves.
    `gain` is in nats per attack, one week ahead alone; above 0 where the simulator is better.
    """

    baseline: str
    horizon_weeks: int
    crps_difference: float
    low90: float | None
    high90: float | None
    better: float
    gain: float | None = None
    gain_low90: float | None = None
    gain_high90: float | None = None


def scores(told: Sequence[Series], rows: Sequence[Row], reached: Sequence[Reach]) -> list[Score]:
    """Every forecaster at every horizon; the climatology of rungs has Brier scores alone."""
    found = []
    for weeks in HORIZONS:
        for line in [line for line in told if line.weeks == weeks]:
            own = [r for r in rows if (r.forecaster, r.horizon_weeks) == (line.forecaster, weeks)]
            found.append(_score(line, own, reached))
        origins = {r.origin for r in reached if r.horizon_weeks == weeks}
        if origins:
            found.append(_of_rungs(CLIMATOLOGY, weeks, len(origins), reached))
    return found


def _score(told: Series, own: Sequence[Row], reached: Sequence[Reach]) -> Score:
    least, most = _n_test(told) if told.weeks == 1 else (None, None)
    bins = np.histogram([row.pit for row in own], BINS, (0.0, 1.0))[0]
    return _of_rungs(told.forecaster, told.weeks, len(own), reached)._replace(
        crps=_mean([row.crps for row in own]),
        crps_error=_monte_carlo(told),
        log_score=_mean([row.log_score for row in own]),
        interval_score=_mean([row.interval_score for row in own]),
        coverage50=_mean([row.covered50 for row in own]),
        coverage90=_mean([row.covered90 for row in own]),
        mass50=_mean([row.mass50 for row in own]),
        mass90=_mean([row.mass90 for row in own]),
        least=least,
        most=most,
        pit=tuple(bins.tolist()),
    )


def _of_rungs(name: str, weeks: int, origins: int, reached: Sequence[Reach]) -> Score:
    """The Brier scores; nothing yet of the counts."""
    own = [r for r in reached if (r.forecaster, r.horizon_weeks) == (name, weeks)]
    losses = {rung: [r.brier for r in own if r.rung == rung] for rung in (4, 6, 7)}
    four, six, seven = (_mean(each) if each else None for each in losses.values())
    return Score(name, weeks, origins, brier4=four, brier6=six, brier7=seven)


def _mean(values: Sequence[float]) -> float:
    return float(np.mean(values))


def _monte_carlo(told: Series) -> float | None:
    means = batches(told)
    return None if means is None else batch_error(means)


def batches(told: Series) -> Floats | None:
    """The mean CRPS by batch of draws, shape (batches,); none where draws are too few to part.

    The fair CRPS has the same expectation in each batch, however small.
    """
    if told.samples.shape[1] < 2 * BATCHES:
        return None
    parts = np.array_split(told.samples, BATCHES, axis=1)
    return np.array([crps(part, told.observed).mean() for part in parts])


def batch_error(means: Floats) -> float:
    """The standard error, by draws, of the mean of the batches."""
    return float(np.std(means, ddof=1) / np.sqrt(BATCHES))


def _n_test(told: Series) -> tuple[float, float]:
    return n_test(told.samples.sum(axis=0), float(told.observed.sum()))


def comparisons(rows: Sequence[Row], seed: int) -> list[Comparison]:
    """The simulator against every baseline at every horizon."""
    found = []
    for weeks in HORIZONS:
        by_name: dict[str, list[Row]] = {}
        for row in rows:
            if row.horizon_weeks == weeks:
                by_name.setdefault(row.forecaster, []).append(row)
        own = by_name.pop(RUNGS_NAME, [])
        found += [_comparison(name, own, other, seed) for name, other in by_name.items() if own]
    return found


def _comparison(name: str, own: Sequence[Row], other: Sequence[Row], seed: int) -> Comparison:
    weeks = own[0].horizon_weeks
    less = [a.crps - b.crps for a, b in zip(own, other, strict=True)]
    theirs = _mean([row.crps for row in other])
    better = -_mean(less) / theirs if theirs > 0.0 else 0.0
    low, high = paired_interval(less, weeks, seed)
    made = Comparison(name, weeks, _mean(less), low, high, better)
    attacks = sum(row.observed for row in own)
    return _with_gain(made, own, other, seed) if weeks == 1 and attacks else made


def _with_gain(made: Comparison, own: Sequence[Row], other: Sequence[Row], seed: int) -> Comparison:
    """The comparison with its information gain per attack."""
    mine, theirs = [row.log_score for row in own], [row.log_score for row in other]
    attacks = sum(row.observed for row in own)
    low, high = paired_interval(np.subtract(mine, theirs).tolist(), 1, seed)
    each = len(own) / attacks
    return made._replace(
        gain=information_gain(mine, theirs, attacks),
        gain_low90=None if low is None else low * each,
        gain_high90=None if high is None else high * each,
    )


def paired_interval(
    differences: Sequence[float], weeks: int, seed: int
) -> tuple[float, float] | tuple[None, None]:
    """90 % interval of a mean paired difference; none where it would mean nothing.

    Args:
        differences: one an origin, in the order of origins.
        weeks: the horizon, and so how many neighbours share weeks and are drawn together.
        seed: of the resampling.
    """
    if weeks >= NO_INTERVAL or len(differences) < 2 * weeks:
        return None, None
    return block_bootstrap(differences, weeks, RESAMPLED, seed)
