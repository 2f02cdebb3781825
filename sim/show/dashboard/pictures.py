"""Which pictures a page shows: the figures of `sim.show.figures`, from what lies in a folder."""

from __future__ import annotations

import csv
import io
import json
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.errors import InputError
from sim.settings.compose import load
from sim.show.figures.about import About, of_manifest
from sim.study.folder import RunFolder

if TYPE_CHECKING:
    import plotly.graph_objects as go

    from sim.compare.tables import Happening

OF_RUN = {
    "fan": "Attacks by week",
    "ladder": "The ladder over time",
    "survival": "Time to a rung",
    "flow": "Escalation paths",
    "timeline": "One replication on the record's timeline",
}
OF_BRANCH = {"differences": "Paired differences", "survival": "Time to a rung"}


@lru_cache(maxsize=1)
def happenings() -> tuple[Happening, ...]:
    """The record's own events, as its timeline shows them."""
    from sim.compare.tables import chronicle, history

    return tuple(chronicle(history(load([])), None))


def record() -> go.Figure:
    """The record's own events over its whole window."""
    from sim.show.figures.timeline import timeline

    return timeline(happenings(), About("the record"))


def of(place: Path, name: str) -> go.Figure:
    """One picture of a run or of a branch study.

    Raises:
        InputError: there is no such picture.
        RungsError: the folder holds no complete study.
    """
    status = str(RunFolder.open(place).manifest().get("ended"))
    kind = "branch" if (place / "futures.parquet").is_file() else "run"
    if name not in (OF_BRANCH if kind == "branch" else OF_RUN):
        raise InputError("there is no such picture of this folder")
    return (_of_branch if kind == "branch" else _of_run)(place, name, status)


def as_csv(figure: go.Figure) -> str:
    """The rows that a figure draws, as CSV; unknown is left blank."""
    rows = figure.layout.meta["table"]
    text = io.StringIO()
    if rows:
        writer = csv.DictWriter(text, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    return text.getvalue()


def drawn(figure: go.Figure) -> tuple[str, dict[str, Any]]:
    """A figure's finding, and what the browser draws: no title and no table inside."""
    bare: dict[str, Any] = json.loads(figure.to_json())
    layout = bare["layout"]
    title = str(layout.pop("meta", {}).get("title", ""))
    layout.pop("title", None)
    layout["margin"] = {**layout.get("margin", {}), "t": 36}
    return title, bare


@lru_cache(maxsize=32)
def _of_run(place: Path, name: str, ended: str) -> go.Figure:
    """`ended` tells a folder that was made anew from the one before it."""
    from sim.compare import tables
    from sim.show import figures
    from sim.study import runs

    run = runs.read(place)
    about = of_manifest(place.name, RunFolder(place).manifest())
    settings, told = run.settings, tables.history(run.settings)
    if name == "fan":
        return figures.fan(tables.weeks(run.arrow("replications"), told), about)
    if name == "ladder":
        start, days = settings.scenario.start, settings.days
        made = run.arrow("replications")
        states = tables.states(run.arrow("paths"), made, start, told, days)
        return figures.ladder(states, about)
    if name == "flow":
        return figures.flow(tables.climbs(run.arrow("paths"), settings.replications, told), about)
    if name == "survival":
        return figures.survival(reaches(place, settings.retaliation.title), about)
    number = tables.middling(run.arrow("replications"))
    lanes = tables.chronicle(told, run.journal(number), f"replication {number}")
    return figures.timeline(lanes, about)


def reaches(place: Path, policy: str) -> list[Any]:
    """The time-to-rung curves of a run, under a name."""
    from sim.compare import tables
    from sim.study import runs

    run = runs.read(place)
    told = tables.history(run.settings)
    return tables.reaches(run.arrow("replications"), policy, run.settings.days, told)


@lru_cache(maxsize=32)
def _of_branch(place: Path, name: str, ended: str) -> go.Figure:
    from sim.compare import tables
    from sim.show import figures
    from sim.show.dashboard.studies import findings

    about = of_manifest(place.name, RunFolder(place).manifest())
    found = findings(place)
    if name == "differences":
        return figures.differences(found.contrasts, about)
    return figures.survival(
        tables.reaches_of_futures(found.futures, found.plan, found.record), about
    )
