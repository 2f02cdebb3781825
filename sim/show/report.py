"""The report of a comparison: one self-contained page, and the table beside it."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from sim.compare import Check
from sim.compare.reporting import rates
from sim.settings.describe import Parameter, parameters
from sim.show import tables
from sim.show.pages import template
from sim.show.predictive import pictures
from sim.study.runs import Runs

LIMITS = (
    "Intent against inaccuracy: a miss may be restraint or a poor aim.",
    "Deterrence against backlash against stock against restraint: only their sum shows.",
    "Which cause ended the summer of 2020: one fall, six candidate causes.",
    "C-RAM against duds against reporting: intercept reports conflict.",
    "The share of attacks that stand behind front brands.",
    "Whether a blank hides harm: simulated reports are blanked as recorded rows are, whatever "
    "their harm, so part of the simulated casualties goes unreported.",
    "Anything above rung 8: counted where it happens, never a forecast.",
)
NOTES = {
    "days": "A day's state is the highest rung in its trailing 14 days.",
    "transitions": "Changes of the daily state, the highest rung in the trailing 14 days.",
    "interception": "Shares of the rounds of those attacks whose report states both numbers.",
    "published": "Others counted by rules and over days of their own, picked after the event and "
    "often because they were busy; running totals share their days. So these rows overlap, and "
    "misses among them weigh less. Who printed what: rungs show record.",
}
"""What a reader must know of a family before reading its picture."""
PROVENANCE = (
    "scenario",
    "status",
    "posterior",
    "seed",
    "replications",
    "code_sha256",
    "record",
    "record_sha256",
    "versions",
    "environment",
    "started",
    "ended",
)


def save_comparison(runs: Runs, checks: Sequence[Check]) -> dict[str, Path]:
    """Write `comparison.csv` and `report.html` into the run folder; what lies where."""
    assert runs.folder is not None
    folder = runs.folder.path
    runs.folder.write("comparison.csv", as_csv(checks).encode())
    runs.folder.write("report.html", page(runs, checks).encode())
    names = {"report": "report.html", "table": "comparison.csv"}
    return {"run": folder, **{what: folder / name for what, name in names.items()}}


def as_csv(checks: Sequence[Check]) -> str:
    """The checks as CSV, unknown left blank."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(Check._fields)
    writer.writerows(checks)
    return text.getvalue()


def page(runs: Runs, checks: Sequence[Check]) -> str:
    """The report as HTML: no script, no outside asset."""
    assert runs.folder is not None
    settings, manifest = runs.settings, runs.folder.manifest()
    rows = list(parameters(settings))
    about = {key: manifest.get(key) for key in ("scenario", "seed", "record", "code_sha256")}
    return template("report.html.j2").render(
        title=f"{settings.scenario.title}: simulated and recorded",
        about=settings.scenario.about.strip(),
        verdict=tables.in_words(checks),
        replications=settings.replications,
        manifest=manifest,
        drawn=drawn(rows, manifest.get("posterior")),
        pictures=pictures(checks, about),
        checks=checks,
        differ=rates(runs),
        notes=NOTES,
        limits=LIMITS,
        parameters=rows,
        provenance={key: _plain(manifest.get(key)) for key in PROVENANCE},
        recorded=tables.recorded,
        number=tables.number,
        span=tables.span,
        probability=tables.probability,
        misfits=[tables.misfit(c) for c in checks if c.missed],
    )


def drawn(rows: Sequence[Parameter], posterior: Any) -> str:
    """Where the parameters of a run come from."""
    uncertain = sum(row.value[:1].isalpha() for row in rows)
    source = f"the posterior {posterior}" if posterior else "their priors"
    return (
        f"drawn from {source} anew for each replication where uncertain "
        f"({uncertain} of {len(rows)})"
    )


def _plain(value: Any) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{key} {told}" for key, told in value.items())
    return tables.UNKNOWN if value is None else str(value)
