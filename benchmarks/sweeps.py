"""What a sweep costs beyond simulation: ``python -m benchmarks.sweeps [POINTS [REPLICATIONS]]``.

Three questions, each a ratio measured in one run: processor time of a sweep against what of it
simulates and measures replications; time of two workers against one; peak memory of a long
sweep against a short one. `--overhead` and `--memory` ask the first and the last alone, the
last at the sizes of its aim.
"""

from __future__ import annotations

import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

from sim.study import sweeping
from sim.study.sweeps import Request, run

WORLD = ("scenario=summer_2020", "journal=none")
AXIS = "militia.excitation=interval(0,0.6)"
SHORT = 1_000
AIM = {"full": 20_000, "none": 200_000}
"""Replications at which memory must be flat and under a gibibyte."""
WEEK = ("scenario.end=2019-05-08", "ablation=everything_optional")
"""A world that costs little: memory is asked for by replications, whatever these hold."""


def asked(points: int, replications: int, *hands: str) -> Request:
    """A Latin hypercube of one factor."""
    return Request(WORLD, hands, (AXIS,), (), "lhs", points, replications=replications)


class Stopwatch:
    """Adds up the processor time of some functions while it is held.

    Args:
        module: whose names they are.
        names: the functions.
    """

    def __init__(self, module: ModuleType, *names: str) -> None:
        self.seconds = 0.0
        self._module = module
        self._held = {name: getattr(module, name) for name in names}

    def __enter__(self) -> Stopwatch:
        for name, function in self._held.items():
            setattr(self._module, name, self._timed(function))
        return self

    def __exit__(self, *_: object) -> None:
        for name, function in self._held.items():
            setattr(self._module, name, function)

    def _timed(self, function: Callable[..., Any]) -> Callable[..., Any]:
        def timed(*arguments: Any, **named: Any) -> Any:
            began = time.process_time()
            try:
                return function(*arguments, **named)
            finally:
                self.seconds += time.process_time() - began

        return timed


def overhead(points: int, replications: int) -> dict[str, float]:
    """A sweep in this process, and how much of it goes into simulating and measuring.

    Both are taken in the same seconds, because a shared machine is not equally fast twice.
    """
    request = asked(points, replications, "executor=serial")
    with tempfile.TemporaryDirectory() as folder:
        run(asked(2, 2, "executor=serial"), Path(folder) / "first")  # reads what is read once
        began = time.process_time()
        with Stopwatch(sweeping, "simulate", "outcome") as simulation:
            run(request, Path(folder) / "sweep")
        whole = time.process_time() - began
    told = {"simulation_s": simulation.seconds, "sweep_s": whole}
    return {**told, "ratio": whole / simulation.seconds}


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
    told = [int(word) for word in words if word.isdigit()]
    points, replications = *told, *(100, 100)[len(told) :]
    size = f"{points:,} points × {replications:,} replications"
    show(f"a sweep of {size} beside its simulations (aim: under 1.10)",
         overhead(points, replications))  # fmt: skip
    if "--overhead" in words:
        return
    show("two workers beside one (aim: 1.75 or more)", speedup(points, replications))
    show("peak memory (aim: flat)", memory({"full": 4 * SHORT, "none": 4 * SHORT}))


if __name__ == "__main__":
    main(sys.argv[1:])
