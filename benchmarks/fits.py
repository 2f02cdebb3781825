"""What a fit and a forecast cost, each beside a floor of the same run."""

from __future__ import annotations

import statistics
from datetime import date

import numpy as np

from benchmarks.floor import bare_simpy, timed
from calibration import plan as plans
from calibration.backtest import futures, simple
from calibration.backtest.futures import Source, jobs
from calibration.backtest.study import BASELINE_DRAWS
from calibration.blocks import blocks, data_of, read_record, settings_of
from sim import record
from sim.campaign import drawn, uncollected
from sim.draws import Draws
from sim.replay import branch
from sim.settings.compose import load

WIDTH, ASKED = 64, 5
"""Parameter sets that a likelihood is asked for at once, as a sampler does, and how often."""
FUTURES = 50


def likelihoods() -> dict[str, dict[str, float]]:
    """Cost of a likelihood by block of the reference fit, for one parameter set of `WIDTH` at
    once, beside drawing the scenario of one: a chain that drew as a simulation does would pay
    that at every step."""
    plan = plans.read("reference")
    data = data_of(plan, settings_of(plan), read_record(plan, None))
    random, found = np.random.default_rng(1), {}
    for block in blocks(data, plan):
        costs, floors = [], []
        for number in range(ASKED):
            points = 0.3 * random.standard_normal((WIDTH, len(block.quantities)))
            costs.append(timed(block.at, points)[0])
            floors.append(timed(drawn, data.sampler, Draws(1, number))[0])
        found[block.name] = {
            "quantities": float(len(block.quantities)),
            "ms_a_point": statistics.fmean(costs) / WIDTH,
            "floor_mean_ms": statistics.fmean(floors),
            "ratio_to_floor": sum(costs) / WIDTH / sum(floors),
        }
    return found


def forecasts() -> dict[str, float]:
    """Cost of one future of a Monday's forecast, masked as the record and rated, beside bare
    SimPy's for as many events; and of the baselines' forecasts of that Monday."""
    source, monday = Source(None, record.hash_of_data()), date(2020, 8, 3)
    job = jobs(load(["posterior=reference"]), source, monday, 1)[0]
    start = futures.prepared(job.settings, source, monday)
    costs, floors = [], []
    with uncollected():
        for number in range(FUTURES):
            costs.append(timed(futures.future, start, number)[0])
            events = len(branch(start.sampler, start.seed, number, start.history).events)
            floors.append(timed(bare_simpy, events)[0])
    baselines, _ = timed(simple.work, simple.Job(source, monday, BASELINE_DRAWS, 1))
    return {
        "mean_ms": statistics.fmean(costs),
        "floor_mean_ms": statistics.fmean(floors),
        "ratio_to_floor": sum(costs) / sum(floors),
        "nine_baselines_in_futures": baselines / statistics.fmean(costs),
        "seconds_for_25_mondays_of_300_on_two_cores": 25 * 300 * statistics.fmean(costs) / 2e3,
    }
