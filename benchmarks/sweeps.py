"""What a sweep costs beyond simulation: ``python -m benchmarks.sweeps [POINTS [REPLICATIONS]]``.

Three questions, each a ratio measured in one run: processor time of a sweep against that of a
bare loop over the same replications; time of two workers against one; peak memory of a long
sweep against a short one. `--memory` asks the last one alone, at the sizes of its aim.
"""

from __future__ import annotations

import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from sim.campaign import simulate, uncollected
from sim.history import History
from sim.record import read
from sim.replay import Future
from sim.settings.posterior import sampler_of
from sim.study.outcomes import outcome
from sim.study.sweeps import Plan, Request, run

WORLD = ("scenario=summer_2020", "journal=none")
AXIS = "militia.excitation=interval(0,0.6)"
SHORT = 1_000
AIM = {"full": 20_000, "none": 200_000}
"""Replications at which memory must be flat and under a gibibyte."""
WEEK = ("scenario=summer_2020", "scenario.end=2020-07-31")


def asked(points: int, replications: int, *hands: str) -> Request:
    """A Latin hypercube of one factor."""
    return Request(WORLD, hands, (AXIS,), (), "lhs", points, replications=replications)


def bare(request: Request) -> None:
    """The same replications in a loop that keeps nothing."""
    plan = Plan(request)
    history = History(read(None), plan.base.scenario.start, 0.0)
    for point in plan.design.points:
        settings = plan.expansion.settings(point)
        sampler = sampler_of(settings)
        with uncollected():
            for number in range(request.replications):
                journal = simulate(sampler, settings.seed, number, history, told=False)
                outcome(Future(journal, 0.0), float(settings.days))


def processor(work: Callable[[], Any]) -> float:
    """Seconds of processor time that a call takes in this process."""
    began = time.process_time()
    work()
    return time.process_time() - began


def overhead(points: int, replications: int) -> dict[str, float]:
    """A sweep in this process against the bare loop."""
    request = asked(points, replications, "executor=serial")
    bare(asked(2, 2))  # what is read once is read now
    simulation = processor(lambda: bare(request))
    with tempfile.TemporaryDirectory() as folder:
        whole = processor(lambda: run(request, Path(folder) / "sweep"))
    return {"bare_s": simulation, "sweep_s": whole, "ratio": whole / simulation}


def speedup(points: int, replications: int) -> dict[str, float]:
    """Two workers against one, by the clock on the wall; the machine has to be idle."""
    seconds = {}
    for workers in (1, 2):
        with tempfile.TemporaryDirectory() as folder:
            began = time.perf_counter()
            run(asked(points, replications, f"workers={workers}"), Path(folder) / "sweep")
            seconds[workers] = time.perf_counter() - began
    return {"one_s": seconds[1], "two_s": seconds[2], "ratio": seconds[1] / seconds[2]}


def peak(journal: str, replications: int) -> float:
    """Mebibytes that a sweep of one point takes at most, in a process of its own."""
    code = "import sys; from benchmarks.sweeps import alone; alone(sys.argv[1], int(sys.argv[2]))"
    told = subprocess.run(
        [sys.executable, "-c", code, journal, str(replications)],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    return float(told.stdout)


def alone(journal: str, replications: int) -> None:
    """Sweep one point here, and print the peak of this process's memory."""
    world = (*WEEK, f"journal={journal}")
    axes = ("militia.excitation=0.3,0.30",)  # twice the same world, which is computed once
    request = Request(world, ("executor=serial",), axes, replications=replications)
    with tempfile.TemporaryDirectory() as folder:
        run(request, Path(folder) / "sweep").outcomes("rocket_attacks")
    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)


def memory(sizes: dict[str, int]) -> dict[str, float]:
    """Peaks of a short and of a long sweep, by how much of the journal is kept."""
    told: dict[str, float] = {}
    for journal, most in sizes.items():
        few, many = peak(journal, SHORT), peak(journal, most)
        told |= {f"{journal}_{SHORT}_mib": few, f"{journal}_{most}_mib": many}
        told[f"{journal}_ratio"] = many / few
    return told


def show(title: str, told: dict[str, float]) -> None:
    """Print one answer."""
    print(title)
    for name, value in told.items():
        print(f"  {name:<24}{value:>10.2f}")


def main(words: list[str]) -> None:
    """Measure and print."""
    if "--memory" in words:
        show("peak memory (aim: flat, under 1024 MiB)", memory(AIM))
        return
    points, replications = (int(w) for w in [*words, "100", "100"][:2])
    size = f"{points:,} points × {replications:,} replications"
    show(f"a sweep of {size} beside a bare loop (aim: under 1.10)", overhead(points, replications))
    show("two workers beside one (aim: 1.75 or more)", speedup(points, replications))
    show("peak memory (aim: flat)", memory({"full": 4 * SHORT, "none": 4 * SHORT}))


if __name__ == "__main__":
    main(sys.argv[1:])
