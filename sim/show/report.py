"""The report of a comparison: one self-contained page, and the table beside it."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from sim.compare import Check
from sim.compare.reporting import rates
from sim.settings.describe import parameters
from sim.show import tables
from sim.show.pages import safe, template
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
PROVENANCE = (
    "scenario",
    "status",
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
    uncertain = sum(row.value[:1].isalpha() for row in rows)
    return template("report.html.j2").render(
        title=f"{settings.scenario.title}: simulated and recorded",
        about=settings.scenario.about.strip(),
        verdict=tables.in_words(checks),
        replications=settings.replications,
        manifest=manifest,
        drawn=f"drawn anew for each replication where uncertain ({uncertain} of {len(rows)})",
        months_svg=safe(months_svg(checks)),
        rungs_svg=safe(rungs_svg(checks)),
        checks=checks,
        differ=rates(runs),
        limits=LIMITS,
        parameters=rows,
        provenance={key: _plain(manifest.get(key)) for key in PROVENANCE},
        recorded=tables.recorded,
        number=tables.number,
        span=tables.span,
        probability=tables.probability,
        misfits=[tables.misfit(c) for c in checks if c.verdict == "outside"],
    )


def months_svg(checks: Sequence[Check]) -> str:
    """Monthly counts as a picture; empty where the record knows no month."""
    months = [c for c in checks if c.group == "months" and _complete(c)]
    if not months:
        return ""
    top = max(max(c.high90 or 0.0, c.recorded or 0.0) for c in months) or 1.0
    step = max(1, round(top / 5))
    return template("months.svg.j2").render(
        months=months,
        width=60 + 34 * len(months),
        ticks=range(0, int(top) + 1, step),
        x=lambda i: 64 + 34 * i,
        y=lambda count: round(220 - 205 * count / top, 1),
    )


def rungs_svg(checks: Sequence[Check]) -> str:
    """Share of days on each rung as a picture."""
    rungs = [c for c in checks if c.pattern.startswith("rung_") and _complete(c)]
    picture = template("share_of_days.svg.j2")
    return picture.render(rungs=rungs, x=lambda share: round(272 + 470 * share, 1)) if rungs else ""


def _complete(check: Check) -> bool:
    return check.recorded is not None and check.median is not None


def _plain(value: Any) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{key} {told}" for key, told in value.items())
    return tables.UNKNOWN if value is None else str(value)
