"""The section of a backtest: forecasts of what was not seen, beside what came."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from sim.errors import InputError
from sim.show import figures, forecasts
from sim.show.figures import of_manifest
from sim.show.figures.coverage import of_scores
from sim.show.figures.skill import of_backtest
from sim.show.figures.skill import title as skilled
from sim.show.forecast_tables import OURS, Told, ahead
from sim.show.reports import stress
from sim.show.reports.configured import settings_of
from sim.show.reports.limits import BRIEFLY, LIMITS
from sim.show.reports.page import page
from sim.show.reports.parts import PROVENANCE, Grid, Part, Section, Verdict, pictured, plain
from sim.study.folder import RunFolder

SCORES = "backtest.json"
"""What `rungs backtest --json` prints, kept in the folder."""


def read(path: Path) -> Told:
    """A backtest from its folder.

    Raises:
        InputError: it is not complete, or cannot be read.
    """
    folder = RunFolder.open(path)
    manifest = folder.manifest()
    if manifest.get("status") != "complete":
        raise InputError(f"{path}: the backtest is {manifest.get('status')}, not complete")
    folder.refuse_lost()
    try:
        told = json.loads((path / SCORES).read_text(encoding="utf-8"))
        rows, reached = (
            folder.table(f"{name}.parquet").to_pylist() for name in ("forecasts", "rungs")
        )
        scores = [*told["scores"], *told["climatology"]]
        return Told(manifest["backtest"], told["aims"], scores, told["comparisons"], rows, reached)
    except (OSError, KeyError, TypeError, ValueError) as error:
        raise InputError(f"{path}: cannot be read ({error}); run the backtest again") from None


def save(folder: RunFolder, told: Told) -> None:
    """Write the tables into the backtest's folder."""
    import pyarrow as pa

    folder.note(backtest=dict(told.about), aims=list(told.aims))
    folder.write_table("forecasts.parquet", pa.Table.from_pylist(list(told.rows)))
    folder.write_table("rungs.parquet", pa.Table.from_pylist(list(told.reached)))
    folder.write("scores.csv", forecasts.as_csv(told).encode())
    folder.write(SCORES, json.dumps(forecasts.as_json(told), default=str, indent=1).encode())


def save_page(folder: RunFolder, told: Told) -> dict[str, Path]:
    """Write the page of a finished backtest, whose manifest tells how it ended; what lies where."""
    found = section(told, folder.path, folder.manifest())
    folder.write("report.html", page(found.title, [found]).encode())
    names = ("report.html", "scores.csv", "forecasts.parquet", "rungs.parquet")
    return {name.partition(".")[0]: folder.path / name for name in names}


def section(told: Told, path: Path, manifest: dict[str, Any]) -> Section:
    """A backtest for a reader."""
    about, settings = of_manifest(path.name, manifest), settings_of(path)
    own = [score for score in told.scores if score["model"] == OURS]
    known = [score for weeks in told.horizons for score in told.at(weeks)]
    return Section(
        told.about["title"],
        "a backtest",
        " ".join(forecasts.lines(told.about)),
        verdict(told),
        tuple(
            [
                _aims(told),
                pictured("Skill by horizon", figures.skill(of_backtest(told), about),
                         "Bars: 90 % of the paired difference by block bootstrap; at four weeks "
                         "they are too narrow, at thirteen there are none."),
                *(part for weeks in told.horizons for part in _horizon(told, weeks, about)),
                Part("How the scores are to be read", (forecasts.KEY,)),
                pictured("Where what came lies in the forecast", figures.pit(own, about),
                         "Randomised probability integral transform; windows of four and "
                         "thirteen weeks overlap."),
                pictured("How often intervals held", figures.coverage(of_scores(known), about),
                         "Counts are whole, so intervals hold more than their name says."),
                _ladder(told),
                Part("What the record can't tell", LIMITS),
                stress.part(settings, manifest),
            ]
        ),
        plain(manifest, PROVENANCE),
    )  # fmt: skip


def verdict(told: Told) -> Verdict:
    """What the first screen says of a backtest."""
    missed = [aim for aim in told.aims if aim["met"] is False]
    about = told.about
    last = max(told.horizons, key=lambda weeks: weeks)
    n = {weeks: about["origins"][str(weeks)] for weeks in told.horizons}
    return Verdict(
        " ".join(forecasts.lines(about)),
        (
            forecasts.verdict(told.aims),
            *(f"Missed: {aim['name']}: {aim['told']}." for aim in missed[:3]),
            *(f"{ahead(w).capitalize()} ahead: {forecasts.outside(told, w)}" for w in n),
            f"{skilled(of_backtest(told))}.",
        ),
        (
            f"{n[min(n)]} Mondays {ahead(min(n))} ahead, {n[last]} of them {ahead(last)} ahead; "
            "those windows overlap, so few of them are independent.",
            f"{forecasts.counted(told.aims, False)}; nothing was tuned on this window.",
        ),
        (
            f"What came is one history of {n[min(n)]} weeks: another might have favoured others.",
            BRIEFLY,
        ),
    )


def _aims(told: Told) -> Part:
    lines = [(forecasts.VERDICTS[aim["met"]], aim["name"], aim["told"]) for aim in told.aims]
    missed = frozenset(i for i, aim in enumerate(told.aims) if aim["met"] is False)
    return Part("Aims fixed in advance", grid=Grid(("", "aim", "found"), lines, missed))


def _horizon(told: Told, weeks: int, about: figures.About) -> list[Part]:
    keys = ("forecaster", "horizon_weeks")
    own = [row for row in told.rows if tuple(row[key] for key in keys) == (OURS, weeks)]
    head = f"{ahead(weeks)} ahead".capitalize()
    lines = [forecasts.score_row(told, score, weeks) for score in told.at(weeks)]
    scores = Part(f"{head}: every forecaster", grid=Grid(forecasts.heads(weeks), lines))
    return [pictured(head, figures.forecasts(own, about)), scores] if own else [scores]


def _ladder(told: Told) -> Part:
    grid = Grid(forecasts.brier_heads(told), forecasts.brier_rows(told))
    return Part("Rungs reached", (forecasts.BRIER_KEY,), grid=grid)
