"""`rungs resume`: finish a run or a sweep that was cut off."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from sim.cli.options import COMMON, Call
from sim.errors import InputError

SYNOPSIS = "DIR [workers=N] [executor=NAME] [OPTIONS]"
OPTIONS = COMMON
EXAMPLES = (
    "rungs resume outputs/sweep-0f3a9c1d2b47",
    "rungs resume outputs/historical-4be1f0a9c2d3 workers=2",
    "rungs resume outputs/sweep-0f3a9c1d2b47 executor=dask executor.address=tcp://scheduler:8786",
)
HANDS = ("workers", "executor")


def main(call: Call) -> int:
    """Compute what the folder lacks, and nothing else."""
    from sim.study.folder import RunFolder

    if len(call.words) != 1:
        raise InputError("resume needs the folder to finish: rungs resume outputs/NAME")
    for word in call.overrides:
        if word.partition("=")[0].partition(".")[0] not in HANDS:
            raise InputError(
                f"{word}: a resumed study stays what it was; only workers= and executor= may change"
            )
    path = Path(call.words[0])
    folder = RunFolder.open(path)
    if folder.kind == "sweep":
        return _sweep(call, path)
    if folder.kind != "run" or not any(path.glob("config.yaml")):
        raise InputError(f"{path}: is neither a run nor a sweep; give its own command again")
    return _run(call, path, folder.manifest())


def _sweep(call: Call, path: Path) -> int:
    from sim.cli import running
    from sim.study.sweeps import resume

    with running.progress(call, "sweep", path) as progress:
        sweep = resume(path, progress, tuple(call.overrides) or None)
    made, failed = sweep.counts
    _say(call, path, made, failed)
    return 0


def _run(call: Call, path: Path, manifest: dict[str, Any]) -> int:
    from sim.cli import running
    from sim.study.runs import resume

    with running.progress(call, str(manifest.get("scenario")), path) as progress:
        runs = resume(path, call.overrides, progress)
    _say(call, path, runs.settings.replications, 0)
    return 0


def _say(call: Call, path: Path, made: int, failed: int) -> None:
    from sim.cli import running

    if call.has("--json"):
        told = {"folder": str(path), "replications": made, "failed": failed, "status": "complete"}
        running.print_json(told)
    else:
        print(f"complete: {made:,} replications in {path}")
