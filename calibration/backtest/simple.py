"""The simple forecasts at one origin: every baseline, and how often rungs were reached."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple
from zlib import crc32

import numpy as np

from calibration.backtest.forecast import CLIMATOLOGY, Forecast
from calibration.backtest.futures import Source, journal_of
from calibration.backtest.observed import RUNGS, Days, climatology, days_of
from calibration.backtest.origins import DAYS, HORIZONS
from calibration.baselines import BASELINES, Baseline
from calibration.replayed import Seen


class Job(NamedTuple):
    """All simple forecasts of one origin, of so many draws each."""

    source: Source
    origin: date
    draws: int
    seed: int


def work(job: Job) -> list[Forecast]:
    """Every baseline fitted to what was seen; the climatology of rungs last."""
    days = days_of(Seen(journal_of(job.source), job.origin).before(job.origin), job.origin)
    return [*(_baseline(baseline, days, job) for baseline in BASELINES), _climatology(days, job)]


def _baseline(baseline: Baseline, days: Days, job: Job) -> Forecast:
    """Draws of attacks; of the rungs it has that of any attack alone."""
    name = baseline.name
    rng = np.random.default_rng([job.seed, job.origin.toordinal(), crc32(name.encode())])
    samples = baseline.forecast(days.attacks, DAYS, job.draws, rng)
    return Forecast(name, job.origin, samples, {4: tuple((samples > 0).mean(axis=1).tolist())})


def _climatology(days: Days, job: Job) -> Forecast:
    reach = {rung: tuple(climatology(days, weeks, rung) for weeks in HORIZONS) for rung in RUNGS}
    return Forecast(CLIMATOLOGY, job.origin, None, reach)
