"""`rungs compare`: simulated distributions beside the record."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from sim.cli.options import RUNNING, Call, listed, refuse_words, take
from sim.errors import InputError

if TYPE_CHECKING:
    from sim.study.runs import Runs

SYNOPSIS = "[scenario=NAME | run=DIR] [record=FILE] [without=NAME,…] [KEY=VALUE …] [OPTIONS]"
OPTIONS = {"--all": ("flag", "print every pattern, not the headline ones"), **RUNNING}
EXAMPLES = (
    "rungs compare scenario=historical replications=1000",
    "rungs compare run=outputs/mine",
    "rungs compare scenario=summer_2020 retaliation=on_coalition_death --json",
)
PACKAGED = "packaged"
"""The name of the record that comes with Rungs, for a run that was made with another."""
REFUSED = {"--multirun": "compare takes one scenario; use rungs run, then compare run=DIR"}
OF_A_NEW_RUN = ("--out", "--cfg", "--config-dir")


def main(call: Call) -> int:
    """Run or read a study, compare it with the record, print and save the tables."""
    from sim.cli import running
    from sim.compare import compare_with_record, in_words, to_json
    from sim.compare.reporting import rates
    from sim.compare.tables import exchanges, history
    from sim.record import read
    from sim.show import tables
    from sim.show.reports.of_run import save_comparison
    from sim.study import masked

    own = take(call, "run", "record", "without")
    refuse_words(call, "compare")
    if idle := [name for name in OF_A_NEW_RUN if "run" in own and name in call.options]:
        raise InputError(
            f"{idle[0]}: is for a new run, and run= names a finished one; leave it out"
        )
    if running.print_config(call):
        return 0
    without, packaged = listed(own, "without"), own.get("record") == PACKAGED
    if packaged:
        del own["record"]
    read(own.get("record"), without=without)  # a bad one is refused before all
    found = _study(call, own)
    record = None if packaged else own.get("record", found.record_path)
    runs = masked.beside(found, record)
    checks = compare_with_record(runs, record, without)
    saved = save_comparison(runs, checks, record, without)
    differ, rows = rates(runs), runs.arrow("replications")
    if call.has("--json"):
        told = {"verdict": in_words(checks), **to_json(checks)}
        told |= {"sustained_exchanges": exchanges(rows)}
        told |= {"without": without} if without else {}
        running.print_json({**told, "reporting": [r._asdict() for r in differ]})
        return 0
    print(tables.verdict(checks, every=call.has("--all")))
    print(f"\n{tables.reporting(differ)}")
    known = history(runs.settings, record, without)
    notes = (
        tables.exchanges(exchanges(rows), len(rows)),
        tables.beside(known, record),
        tables.without(record, without),
    )
    for note in filter(None, notes):
        print(f"\n{note}")
    if not call.has("--quiet"):
        print("\n" + "\n".join(f"{what}: {path}" for what, path in saved.items()))
    return 0


def _study(call: Call, own: dict[str, str]) -> Runs:
    """The run that is named, or a new one."""
    from sim.cli import running
    from sim.study import runs

    if "run" in own:
        if call.overrides:
            raise InputError(
                f"{call.overrides[0]}: a finished run (run=) cannot be changed; leave it out"
            )
        return runs.read(Path(own["run"]))
    if call.has("--multirun"):
        raise InputError(f"--multirun: {REFUSED['--multirun']}")
    settings = running.settings_of(call, call.overrides)
    record = own.get("record")
    folder = running.folder_of(call, settings, False, record)
    with running.progress(call, settings.scenario.name, folder) as progress:
        return runs.run(settings, folder, progress, list(call.argv), record)
