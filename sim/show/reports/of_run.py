"""The section of a run: pictures with the record on them, every pattern, every assumption."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim import record as recorded_data
from sim.compare import Check, by_chance
from sim.compare import tables as drawn
from sim.compare.reporting import rates
from sim.compare.tables import State
from sim.ladder import RUNGS
from sim.show import figures, tables
from sim.show.figures import About
from sim.show.figures.counts import percent
from sim.show.figures.table import by
from sim.show.figures.table import rows as rows_of
from sim.show.pages import safe
from sim.show.predictive import pictures
from sim.show.reports import stress
from sim.show.reports.assumptions import assumptions
from sim.show.reports.limits import LIMITS
from sim.show.reports.page import page
from sim.show.reports.parts import PROVENANCE, Grid, Part, Section, pictured, plain
from sim.show.reports.run_verdict import verdict
from sim.show.reports.told import Told, told_of
from sim.study.runs import Runs

if TYPE_CHECKING:
    import plotly.graph_objects as go

NOTES = {
    "days": "A day's state is the highest rung in its trailing 14 days.",
    "transitions": "Changes of the daily state, the highest rung in the trailing 14 days.",
    "interception": "Shares of the rounds of those attacks whose report states both numbers.",
    "published": "Others counted by rules and over days of their own, picked after the event and "
    "often because they were busy; running totals share their days. So these rows overlap, and "
    "misses among them weigh less. Who printed what: rungs show record.",
}
"""What a reader must know of a family before reading its picture."""


def save_comparison(
    runs: Runs, checks: Sequence[Check], record: str | None = None, without: Sequence[str] = ()
) -> dict[str, Path]:
    """Write `comparison.csv` and `report.html` into the run folder; what lies where."""
    assert runs.folder is not None
    folder = runs.folder.path
    runs.folder.note(
        compared_with=record or "packaged",
        compared_sha256=recorded_data.hash_of_data(record),
        compared_without=list(without) or None,
    )
    runs.folder.write("comparison.csv", as_csv(checks).encode())
    told = section(told_of(runs, checks, record))
    runs.folder.write("report.html", page(told.title, [told]).encode())
    names = {"report": "report.html", "table": "comparison.csv"}
    return {"run": folder, **{what: folder / name for what, name in names.items()}}


def as_csv(checks: Sequence[Check]) -> str:
    """The checks as CSV, unknown left blank."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(Check._fields)
    writer.writerows(checks)
    return text.getvalue()


def section(told: Told) -> Section:
    """A run for a reader."""
    settings = told.settings
    return Section(
        f"{settings.scenario.title}: simulated and recorded",
        "a run",
        settings.scenario.about.strip(),
        verdict(told),
        tuple(
            [
                *_pictures(told),
                *_families(told),
                _patterns(told.checks),
                _reports(told.runs),
                Part("What the record can't tell", LIMITS),
                assumptions(settings, told.manifest.get("posterior")),
                stress.part(settings, told.manifest),
            ]
        ),
        plain(told.manifest, (*PROVENANCE, "compared_with", "compared_sha256", "compared_without")),
    )


def _pictures(told: Told) -> list[Part]:
    """Every picture of a run, those for which it kept the tables."""
    runs, settings, known, about = told.runs, told.settings, told.history, told.about
    n, paths = settings.replications, runs.arrow("paths")
    rows = runs.arrow("replications")
    truth = "Simulated: what happens, reported or not. Recorded: what was reported."
    weeks = [name for name in rows.column_names if name.startswith("week_")]
    found = []
    if weeks:
        found.append(
            pictured(
                "Attacks, week by week", figures.fan(drawn.weeks(rows, known), about),
                "Reported rocket attacks whose day is known, on both sides, in whole weeks.",
            )
        )  # fmt: skip
    found += _timeline(told)
    states = drawn.states(paths, rows, settings.scenario.start, known, settings.days)
    return [
        *found,
        pictured("The ladder over time", figures.ladder(states, about),
                 "The state of a day is the highest rung of its trailing 14 days, over the "
                 "replications that have come to no sustained exchange yet.", truth
                 )._replace(grid=_days(states)),
        pictured("Ways up the ladder", figures.flow(drawn.climbs(paths, n, known), about),
                 "A campaign's climb is the rungs that were higher than all before them.", truth),
        _drawn("Changes of rung", figures.transitions, drawn.transitions(paths, n, known), about,
               truth),
        pictured("Time to a rung", figures.survival(told.reaches, about),
                 "Kaplan and Meier's estimate with its 95 % interval; replications that do not "
                 "get there are censored at the window's end or at a sustained exchange.", truth),
        _answers(told),
    ]  # fmt: skip


def _drawn(
    head: str, draw: Callable[..., go.Figure], rows: Sequence[Any], about: About, *text: str
) -> Part:
    """A picture of rows, or a word in its place where nothing happened that it could show."""
    if not rows:
        return Part(head, ("Nothing of the kind happened in this window, so nothing is drawn.",))
    return pictured(head, draw(rows, about), *text)


def _answers(told: Told) -> Part:
    rows = drawn.lags(told.runs.arrow("replications"), told.checks)
    if not rows:
        return Part("Answers", ("No replication reports a strike, so there are no answers.",))
    text = "Days between reports: a replication's median, for those that have one."
    return pictured("Answers", figures.lags(rows, told.about), text)


def _days(states: Sequence[State]) -> Grid:
    """A row for each day: the share on every rung, and the record's."""
    days = by(rows_of(states), "day")
    heads = ("day", *(f"rung {rung}" for rung in range(len(RUNGS))), "the record's rung")
    lines = []
    for day, own in days.items():
        stood = [str(row["rung"]) for row in own if row["recorded"]]
        shares = ["–" if row["share"] is None else f"{row['share']:.3f}" for row in own]
        lines.append((str(day), *shares, *(stood or ["–"])))
    return Grid(heads, lines)


def _timeline(told: Told) -> list[Part]:
    """The record beside the middling replication, where its journal was kept."""
    if told.settings.journal == "none":
        return []
    number = drawn.middling(told.runs.arrow("replications"))
    rows = drawn.chronicle(told.history, told.runs.journal(number), f"replication {number}")
    return [
        _drawn(
            "The campaign's timeline", figures.timeline, rows, told.about,
            f"Replication {number} is the one whose number of rocket attacks is the median; "
            "an example, not a forecast.",
        )
    ]  # fmt: skip


def _families(told: Told) -> list[Part]:
    key = (
        "Bars hold 90 % (light) and 50 % (dark) of replications, the line is their median. The "
        "record lies on top: a hollow mark inside the central 90 %, a filled one where it misses; "
        "a thin line is the range that sources leave, an arrow “at least”."
    )
    found = [Part("The predictive check, family by family", (key,))]
    for picture in pictures(told.checks, source_of(told.manifest)):
        text = [NOTES[picture.family]] if picture.family in NOTES else []
        if picture.blank:
            text.append(f"Not known, so not drawn: {'; '.join(picture.blank)}.")
        found.append(Part(picture.title, tuple(text), svg=_without_metadata(picture.svg)))
    return found


def source_of(manifest: Mapping[str, Any]) -> dict[str, Any]:
    """What a picture of checks keeps of the run that they come from."""
    return {key: manifest.get(key) for key in ("scenario", "seed", "record", "code_sha256")}


def _without_metadata(svg: str) -> Any:
    """A picture without its numbers: in the page they stand under "Every pattern"."""
    return safe(re.sub("<metadata>.*?</metadata>", "", svg, flags=re.DOTALL))


def _patterns(checks: Sequence[Check]) -> Part:
    heads = ("pattern", "unit", "recorded", "median", "50 %", "90 %", "p", "known", "verdict")
    rows = [
        (
            c.label,
            c.unit,
            tables.recorded(c),
            tables.number(c.median),
            tables.span(c.low50, c.high50),
            tables.span(c.low90, c.high90),
            tables.probability(c.p_value, c.n),
            f"{c.n} of {c.replications}",
            c.verdict,
        )
        for c in checks
    ]
    text = (
        "A recorded value in brackets is the range that sources leave. p is the two-sided "
        "predictive p-value, 2 min(P(T < t) + P(T = t)/2, P(T > t) + P(T = t)/2) over the "
        "replications that know the pattern; a range has the largest p of its values. What lies "
        f"outside the 90 % interval is a miss. {_by_chance(checks)}"
    )
    missed = frozenset(i for i, c in enumerate(checks) if c.missed)
    return Part("Every pattern", (text,), grid=Grid(heads, rows, missed))


def _by_chance(checks: Sequence[Check]) -> str:
    """How many misses so few replications make of themselves."""
    known = [c for c in checks if c.verdict != "unknown"]
    return (
        f"By chance alone about {by_chance(known)} of {len(known)} would, more with fewer "
        "replications and fewer with ties, and patterns aren't independent."
    )


def _reports(runs: Runs) -> Part:
    heads = ("reports that differ", "a replication", "replications with one")
    rows = [(r.text, tables.number(r.mean), percent(r.share)) for r in rates(runs)]
    text = (
        "Of one event several accounts are told: they come late, fall short, conflict, are denied, "
        "corrected or withdrawn."
    )
    return Part("How reports differ", (text,), grid=Grid(heads, rows))
