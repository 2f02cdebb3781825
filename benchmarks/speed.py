"""Speed, measured side by side in one run: ``python -m benchmarks.speed``.

Six questions: what a replication of `historical` costs with its full journal, against
bare SimPy doing nothing for the same number of events; what a future from a date costs; what
each part of `rungs calibrate` asks of its likelihood, against a draw of the scenario's
parameters; what a forecast of `rungs backtest` costs, against bare SimPy; how fast the command
line answers; how fast a configuration is composed and judged. Each timing alternates with its
floor, so that a busy machine slows both alike. Aims are printed beside them.
"""

from __future__ import annotations

import gc
import json
import os
import statistics
import subprocess
import sys
import time

from benchmarks.fits import WIDTH, forecasts, likelihoods
from benchmarks.floor import bare_simpy, timed
from sim import record
from sim.campaign import simulate, uncollected
from sim.history import History
from sim.replay import branch
from sim.settings.compose import load
from sim.settings.sampling import Sampler
from sim.study.outcomes import outcome

REPLICATIONS = 100
AT_RECORD = ["militia.base_rate=0.09", "militia.excitation=0.3", "convoys.rate=0.15"]
"""A network about as busy as the record: some 75 rocket attacks, some 90 convoys."""


CASES = {
    "all systems on, about as busy as the record (aim: under 6 ms)": AT_RECORD,
    "all that is optional off, about as busy as the record (aim: under 4 ms)": [
        *AT_RECORD,
        "ablation=everything_optional",
    ],
    "all systems on, parameters from their priors": [],
}


def replication(overrides: list[str]) -> dict[str, float]:
    """Cost of a replication beside bare SimPy's for as many events, in milliseconds."""
    settings = load(overrides)
    sampler, history = Sampler(settings), record.read()
    gc.collect()
    gc.freeze()
    costs, floors, events = [], [], []
    with uncollected():  # as a worker runs them
        for number in range(REPLICATIONS):
            cost, journal = timed(simulate, sampler, 1, number, history)
            floor, _ = timed(bare_simpy, len(journal))
            costs.append(cost)
            floors.append(floor)
            events.append(len(journal))
    return {
        "median_ms": statistics.median(costs),
        "mean_ms": statistics.fmean(costs),
        "median_events": statistics.median(events),
        "mean_events": statistics.fmean(events),
        "floor_mean_ms": statistics.fmean(floors),
        "ratio_to_floor": sum(costs) / sum(floors),
        "replications_per_second": 1e3 / statistics.fmean(costs),
        "microseconds_per_event": 1e3 * sum(costs) / sum(events),
    }


def future() -> dict[str, float]:
    """Cost of one future of 180 days from 12 March 2020, told, beside bare SimPy's."""
    words = ["scenario.end=2020-09-08"]
    samplers = [Sampler(load([*words, f"retaliation={p}"])) for p in ("never", "historical")]
    told = record.read()
    history = History(told, told.start, 316.0)
    gc.collect()
    gc.freeze()
    costs, floors = [], []

    def one(sampler: Sampler, number: int) -> int:
        made = branch(sampler, 1, number, history, told=False)
        outcome(made, 496.0)
        return len(made.events)

    with uncollected():
        for number in range(REPLICATIONS):
            for sampler in samplers:
                cost, events = timed(one, sampler, number)
                costs.append(cost)
                floors.append(timed(bare_simpy, events)[0])
    return {
        "mean_ms": statistics.fmean(costs),
        "floor_mean_ms": statistics.fmean(floors),
        "ratio_to_floor": sum(costs) / sum(floors),
        "seconds_for_2000_of_two_policies_on_two_cores": 2.0 * statistics.fmean(costs),
    }


def command(words: list[str], repeat: int = 7, cache: str | None = None) -> float:
    """Median wall seconds of a whole command; with `cache` as the folder it remembers in."""
    walls = []
    told = None if cache is None else {**os.environ, "RUNGS_CACHE": cache}
    for _ in range(repeat):
        began = time.perf_counter()
        subprocess.run([sys.executable, *words], check=True, capture_output=True, env=told)
        walls.append(time.perf_counter() - began)
    return statistics.median(walls)


COMPOSE = "from sim.settings.compose import load; load(['scenario=historical'])"


def main() -> None:
    """Measure and print."""
    told = {name: replication(overrides) for name, overrides in CASES.items()}
    for name, row in told.items():
        print(name)
        for key, value in row.items():
            print(f"  {key:<26}{value:10.2f}")
    branched = future()
    print("a future of 180 days from 12 March 2020 (aim: 2,000 of two policies under 30 s)")
    for key, value in branched.items():
        print(f"  {key:<46}{value:10.2f}")
    asked = likelihoods()
    print(f"a likelihood of the reference fit, {WIDTH} parameter sets at once, by block")
    for name, row in asked.items():
        line = "  ".join(f"{key} {value:.3g}" for key, value in row.items())
        print(f"  {name:<10}{line}")
    forecast = forecasts()
    print("a future of a Monday's forecast, 13 weeks, as it would be reported")
    for key, value in forecast.items():
        print(f"  {key:<46}{value:10.2f}")
    start = command(["-c", "pass"])
    answers = {
        "rungs --help (aim: under 0.2 s)": command(["-m", "sim", "--help"]),
        "composed and judged (aim: under 0.6 s)": command(["-c", COMPOSE]),
        "the same where nothing is remembered": command(["-c", COMPOSE], cache=""),
        "an empty Python, for comparison": start,
    }
    for name, seconds in answers.items():
        print(f"{name:<42}{seconds:8.3f} s")
    found = {"replication": told, "future": branched, "likelihood": asked, "forecast": forecast}
    print(json.dumps({**found, "seconds": answers}))


if __name__ == "__main__":
    main()
