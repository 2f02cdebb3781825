"""What a finished run or branch shows: its numbers, its pictures, what can be downloaded."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any
from urllib.parse import quote

from dash import dcc, html

from sim.errors import RungsError
from sim.show.dashboard import fields, pictures
from sim.show.dashboard.folders import Shelf
from sim.show.dashboard.studies import findings
from sim.show.tables import number
from sim.study import runs

NOTHING_YET = html.P("Nothing yet: press Run, or choose a run that lies in the outputs folder.",
                     className="hint")  # fmt: skip
NO_BRANCH = html.P("Nothing yet: choose a date and two policies, and press Branch.",
                   className="hint")  # fmt: skip
BRIEF = {
    "true_rocket_attacks": "rocket attacks, as it happens",
    "rocket_attacks": "rocket attacks, as reported",
    "true_convoy_attacks": "convoy attacks, as it happens",
    "coalition_killed": "Coalition killed, as reported",
    "airstrikes": "US airstrikes, as reported",
    "true_highest_rung": "highest rung",
    "true_days_to_eight": "days until the US strikes openly",
}
HEADS = ("measure", "median", "central 90 %")
CONFIG: Any = {
    "displaylogo": False,
    "responsive": True,
    "modeBarButtonsToRemove": ["select2d", "lasso2d"],
}


def of_run(shelf: Shelf, name: object) -> list[Any]:
    """Everything about a run.

    Raises:
        InputError: there is none of this name.
    """
    place = shelf.place(name)
    links = html.P(
        [
            dcc.Link("Step through its journals", href=f"/journal?run={quote(place.name)}"),
            " · ",
            dcc.Link("Lay it beside another", href=f"/sides?one={quote(place.name)}"),
        ]
    )
    shown = [shown_picture(place, picture) for picture in pictures.OF_RUN]
    return [numbers(place), links, *shown, downloads(shelf, place)]


def numbers(place: Path) -> Any:
    """The run in a few numbers."""
    rows = {row["measure"]: row for row in runs.read(place).arrow("summary").to_pylist()}
    told = [(label, *measured(rows[m])) for m, label in BRIEF.items() if m in rows]
    return fields.table(HEADS, told, f"{place.name} in brief")


def measured(row: dict[str, Any] | None) -> tuple[str, str]:
    """A measure's median and its central 90 %."""
    if row is None or row["median"] is None:
        return "unknown", "unknown"
    return number(row["median"]), f"{number(row['low90'])} to {number(row['high90'])}"


def of_branch(shelf: Shelf, name: object) -> list[Any]:
    """Everything about a branch study.

    Raises:
        InputError: there is none of this name.
    """
    place = shelf.place(name)
    shown = [shown_picture(place, picture) for picture in pictures.OF_BRANCH]
    return [contrasts(place), *shown, downloads(shelf, place)]


def contrasts(place: Path) -> Any:
    """The paired differences as a table."""
    told = findings(place).contrasts
    rows = [(f"{c.label} ({c.unit})", *map(_known, c[5:10])) for c in told]
    who = told[0].policy, told[0].against
    heads = ("measure", *who, "difference", "95 %, low", "high")
    return fields.table(heads, rows, f"{who[0]} against {who[1]}, on the same draws")


def _known(value: float | None) -> str:
    return "unknown" if value is None else number(value)


def shown_picture(place: Path, picture: str) -> Any:
    """A picture of a folder, or why there is none."""
    try:
        title, figure = pictures.drawn(pictures.of(place, picture))
    except RungsError as error:
        return html.Div([html.H3(_head(picture)), html.P(str(error), className="hint")])
    return framed(place, picture, title, figure, f"{place.name}.{picture}")


def _head(picture: str) -> str:
    return {**pictures.OF_RUN, **pictures.OF_BRANCH}[picture]


def framed(place: Path, picture: str, title: str, figure: dict[str, Any], id: str) -> Any:
    """A figure with its finding above it and its numbers to take away."""
    graph = dcc.Graph(id={"figure": id}, figure=figure, config=CONFIG, responsive=True,
                      style={"height": f"{figure['layout'].get('height', 420)}px"})  # fmt: skip
    csv_link = f"/numbers/{quote(place.name)}/{picture}.csv"
    taken = html.P(
        [
            html.A("Its numbers (CSV)", href=csv_link, download=""),
            " · ",
            html.Button("The picture (SVG)", id={"save": id}, n_clicks=0, type="button",
                        className="link"),
        ],
        className="taken",
    )  # fmt: skip
    return html.Figure([html.Figcaption([html.H3(_head(picture)), title]), graph, taken])


def downloads(shelf: Shelf, place: Path) -> Any:
    """Links to what lies in the folder."""
    return html.Details(
        [html.Summary(f"Files of {place.name}"), html.Ul(list(_links(place, shelf)))],
        className="files",
    )


def _links(place: Path, shelf: Shelf) -> Iterable[Any]:
    for path in shelf.files(place.name):
        size = path.stat().st_size
        told = f"{size / 1e6:.1f} MB" if size >= 1e5 else f"{max(1, round(size / 1e3))} kB"
        href = f"/files/{quote(place.name)}/{quote(path.name)}"
        yield html.Li([html.A(path.name, href=href, download=path.name), f" {told}"])
