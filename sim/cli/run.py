"""`rungs run`: one scenario, N replications, a run folder."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from sim.cli.options import RUNNING, Call, refuse_words

if TYPE_CHECKING:
    from sim.settings.scenario import Settings

SYNOPSIS = "[scenario=NAME] [retaliation=NAME] [KEY=VALUE …] [replications=N] [OPTIONS]"
OPTIONS = RUNNING
EXAMPLES = (
    "rungs run scenario=historical replications=1000",
    "rungs run scenario=summer_2020 retaliation=never air_defence=none seed=7",
    "rungs run militia.base_rate=0.2 militia.excitation=0.4 journal=attacks --out outputs/mine",
)


def main(call: Call) -> int:
    """Run what is asked for, and say where it lies."""
    from sim.cli import running

    refuse_words(call, "run")
    if running.print_config(call):
        return 0
    several = running.jobs(call)
    judged = [running.settings_of(call, overrides) for overrides in several]  # all before any
    told = [_one(call, settings, len(judged) > 1) for settings in judged]
    if call.has("--json"):
        running.print_json(told[0] if len(told) == 1 else {"runs": told})
    else:
        for entry in told:
            print(_sentence(entry))
    return 0


def _one(call: Call, settings: Settings, several: bool) -> dict[str, Any]:
    from sim.cli import running
    from sim.compare.tables import exchanges
    from sim.study.runs import run

    folder = running.folder_of(call, settings, several)
    began = time.monotonic()
    with running.progress(call, settings.scenario.name, folder) as progress:
        runs = run(settings, folder, progress, list(call.argv))
    seconds = time.monotonic() - began
    rows = {row["measure"]: row for row in runs.arrow("summary").to_pylist()}
    return {
        "folder": str(folder),
        "scenario": settings.scenario.name,
        "retaliation": settings.retaliation.title,
        "replications": settings.replications,
        "seed": settings.seed,
        "seconds": round(seconds, 2),
        "rocket_attacks": _interval(rows["true_rocket_attacks"]),
        "highest_rung": _interval(rows["true_highest_rung"]),
        "sustained_exchanges": exchanges(runs.arrow("replications")),
    }


def _interval(row: dict[str, float]) -> dict[str, float]:
    return {name: row[name] for name in ("median", "low90", "high90")}


def _sentence(told: dict[str, Any]) -> str:
    from sim.show.tables import exchanges

    attacks, rung = told["rocket_attacks"], told["highest_rung"]
    cut = exchanges(told["sustained_exchanges"], told["replications"])
    lines = [
        f"{told['scenario']} ({told['retaliation']}): {told['replications']} replications "
        f"in {told['seconds']} s",
        f"rocket attacks {_words(attacks)}; highest rung {_words(rung)}",
        *([cut] if cut else []),
        told["folder"],
    ]
    return "\n  ".join(lines)


def _words(interval: object) -> str:
    assert isinstance(interval, dict)
    return f"{interval['median']:g} (90 %: {interval['low90']:g} to {interval['high90']:g})"
