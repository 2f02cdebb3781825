"""What a report costs: ``python -m benchmarks.reports [REPLICATIONS]``.

A run of the whole campaign is made, then its report in a process of its own; the report's
processor time is told beside that of the simulation in the same run.
"""

from __future__ import annotations

import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from sim.settings.compose import load
from sim.study.runs import run

AIM_S = 10.0
"""Seconds within which the report of 1,000 replications is to be there."""


def reported(folder: Path) -> dict[str, float]:
    """Seconds of the report of a run, begun as a user begins it, and the size of its page."""
    page = folder / "report.html"
    words = [sys.executable, "-m", "sim", "report", str(folder), "--quiet", "--out", str(page)]
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    began = time.perf_counter()
    subprocess.run(words, check=True, stdout=subprocess.DEVNULL)
    wall = time.perf_counter() - began
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    spent = after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime
    return {"report_s": wall, "report_cpu_s": spent, "page_mb": page.stat().st_size / 1e6}


def measured(replications: int) -> dict[str, float]:
    """The report of a run of so many replications beside its simulation."""
    settings = load([f"replications={replications}", "workers=1", "posterior=full"])
    with tempfile.TemporaryDirectory() as place:
        began = time.process_time()
        run(settings, Path(place) / "run")
        simulated = time.process_time() - began
        told = reported(Path(place) / "run")
    return {"simulation_cpu_s": simulated, **told, "ratio": told["report_cpu_s"] / simulated}


def main() -> None:
    """Print what was measured."""
    replications = int(sys.argv[1]) if len(sys.argv) > 1 else 1000
    print(f"a report of {replications} replications (aim: under {AIM_S:g} s)")
    for name, value in measured(replications).items():
        print(f"  {name:<18}{value:8.2f}")


if __name__ == "__main__":
    main()
