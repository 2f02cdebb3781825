"""`rungs ablate`: each mechanism off, what changes, in one table."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from sim.cli.options import RUNNING, Call
from sim.errors import InputError

if TYPE_CHECKING:
    from sim.compare.ablation import Ablation
    from sim.study.work import Progress

SYNOPSIS = "[MECHANISM …] [scenario=NAME] [KEY=VALUE …] [replications=N] [OPTIONS]"
OPTIONS = {
    **{name: text for name, text in RUNNING.items() if name != "--multirun"},
    "--out": ("value", "DIR  the folder of its runs and table (default: outputs/ablate-HASH)"),
}
EXAMPLES = (
    "rungs ablate replications=100",
    "rungs ablate truce patron_word scenario=summer_2020",
    "rungs ablate deterrence backlash --json",
)


def main(call: Call) -> int:
    """Run the scenario as it is and without each mechanism; print and save the table."""
    from sim.cli import running
    from sim.compare.ablation import ablate, chosen
    from sim.show import ablation as shown

    if running.print_config(call):
        return 0
    names = chosen(call.words)
    kept = any(word.startswith("journal=") for word in call.overrides)
    overrides = call.overrides if kept else [*call.overrides, "journal=none"]
    folder = _folder(call, overrides)

    def each(title: str) -> Progress | None:
        return None if call.has("--quiet") else running.lines(title)

    found = list(ablate(overrides, names, folder, each, call.path("--config-dir")))
    saved = shown.save(found, folder)
    if call.has("--json"):
        running.print_json(_told(found, folder))
    else:
        print(shown.table(found))
        if not call.has("--quiet"):
            print(f"\nall patterns: {saved}")
    return 0


def _folder(call: Call, overrides: list[str]) -> Path:
    from sim.cli import running
    from sim.study.folder import identity
    from sim.study.manifest import MANIFEST

    settings = running.settings_of(call, overrides)
    out = call.path("--out")
    if out is not None and (out / MANIFEST).exists():
        raise InputError(f"--out {out}: holds another study; name a folder that is free")
    return out or Path("outputs") / f"ablate-{identity(settings)[:12]}"


def _told(found: list[Ablation], folder: Path) -> dict[str, object]:
    return {
        "folder": str(folder),
        "ablations": [
            {"mechanism": a.mechanism, "inside": a.inside, "compared": a.compared} for a in found
        ],
        "effects": [e._asdict() for a in found for e in a.effects],
    }
