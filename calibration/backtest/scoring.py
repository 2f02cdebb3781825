"""Each forecast beside what came: a row of scores for every origin and horizon."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

import numpy as np

from calibration.backtest.forecast import Forecast
from calibration.backtest.observed import Days
from calibration.backtest.origins import HORIZONS, scored
from calibration.scores import (
    Floats,
    brier,
    covered,
    crps,
    interval,
    log_score,
    pit,
    weighted_interval_score,
)


class Row(NamedTuple):
    """One forecast of a count: its quantiles, what came, its scores (see `calibration.scores`).

    `mass50` is the share of the forecast's own draws in its 50 % interval: counts are coarse,
    so it is `0.5` or more, and a perfect forecast covers as much.
    """

    origin: date
    horizon_weeks: int
    forecaster: str
    draws: int
    mean: float
    low90: float
    low50: float
    median: float
    high50: float
    high90: float
    observed: int
    crps: float
    log_score: float
    interval_score: float
    pit: float
    covered50: bool
    covered90: bool
    mass50: float
    mass90: float


class Reach(NamedTuple):
    """One forecast of whether a rung is reached; `highest` is the one that was."""

    origin: date
    horizon_weeks: int
    forecaster: str
    rung: int
    probability: float
    highest: int
    reached: bool
    brier: float


class Series(NamedTuple):
    """One forecaster at one horizon: draws by origin, shape (n, draws), and what came, (n,)."""

    forecaster: str
    weeks: int
    origins: list[date]
    samples: Floats
    observed: Floats


def series(forecasts: Sequence[Forecast], days: Days, end: date) -> list[Series]:
    """The forecasts of counts, by forecaster and horizon, whose spans end by `end`."""
    found = []
    for name in dict.fromkeys(f.forecaster for f in forecasts if f.samples is not None):
        own = {f.origin: f.samples for f in forecasts if f.forecaster == name}
        for place, weeks in enumerate(HORIZONS):
            origins = scored(list(own), weeks, end)
            if origins:
                drawn = [np.asarray(own[o], dtype=np.float64)[place] for o in origins]
                came = np.array([days.total(o, weeks) for o in origins], dtype=np.float64)
                found.append(Series(name, weeks, origins, np.stack(drawn), came))
    return found


def rows(told: Series, seed: int) -> list[Row]:
    """The scores of a series, origin by origin."""
    drawn, came = told.samples, told.observed
    (low90, high90), (low50, high50) = interval(drawn, 0.9), interval(drawn, 0.5)
    columns = (
        *(drawn.mean(axis=1), low90, low50, _medians(drawn), high50, high90),
        came.astype(int),
        *(crps(drawn, came), log_score(drawn, came), weighted_interval_score(drawn, came)),
        pit(drawn, came, _places(told, seed)),
        *(covered(drawn, came, 0.5), covered(drawn, came, 0.9)),
        *(_mass(drawn, low50, high50), _mass(drawn, low90, high90)),
    )
    each = zip(told.origins, *(np.asarray(c).tolist() for c in columns), strict=True)
    return [Row(day, told.weeks, told.forecaster, drawn.shape[1], *rest) for day, *rest in each]


def _medians(drawn: Floats) -> Floats:
    """The lower median of each forecast: a draw itself, as the other quantiles are."""
    return np.asarray(np.quantile(drawn, 0.5, axis=1, method="inverted_cdf"), dtype=np.float64)


def _mass(drawn: Floats, low: Floats, high: Floats) -> Floats:
    """The share of each forecast's draws that its interval holds."""
    inside = (drawn >= low[:, np.newaxis]) & (drawn <= high[:, np.newaxis])
    return np.asarray(inside.mean(axis=1), dtype=np.float64)


def _places(told: Series, seed: int) -> Floats:
    """Where a count stands within its own slot: the same for every forecaster."""
    keys = [[seed, told.weeks, origin.toordinal()] for origin in told.origins]
    return np.array([np.random.default_rng(key).random() for key in keys])


def reaches(forecast: Forecast, days: Days, end: date) -> list[Reach]:
    """What a forecast says of the rungs, beside the record's own."""
    found = []
    for place, weeks in enumerate(HORIZONS):
        for origin in scored([forecast.origin], weeks, end):
            highest = days.highest(origin, weeks)
            for rung, chances in forecast.reach.items():
                told = (weeks, forecast.forecaster, rung, chances[place], highest, highest >= rung)
                loss = float(brier(chances[place], highest >= rung))
                found.append(Reach(origin, *told, loss))
    return found
