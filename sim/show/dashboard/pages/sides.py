"""Side by side: two runs, their numbers in one table, their pictures beside each other."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from dash import Dash, Input, Output, html

from sim.errors import RungsError
from sim.show.dashboard import fields, pictures, results, scales
from sim.show.dashboard.folders import Shelf
from sim.show.reports.beside import unlike
from sim.study import runs

PICTURES = ("fan", "ladder", "survival")
NOTHING = html.P("Choose two runs. To compare policies on the same draws, give both the same seed.",
                 className="hint")  # fmt: skip


def section() -> Any:
    """Two choices, and what they show."""
    pair = [fields.choice("pick", "one", "On the left", []),
            fields.choice("pick", "two", "On the right", [])]  # fmt: skip
    return html.Div(
        [
            html.H2("Two runs side by side"),
            html.Div(pair, className="pair"),
            html.Div(id="sides-result", className="results"),
        ]
    )


def register(app: Dash, shelf: Shelf) -> None:
    """What the page answers."""

    @app.callback(
        Output("sides-result", "children"),
        Input(fields.chosen("pick", "one"), "data"),
        Input(fields.chosen("pick", "two"), "data"),
    )
    def show(one: object, two: object) -> Any:
        if not one or not two:
            return NOTHING
        return beside(shelf.place(one), shelf.place(two))


def beside(one: Path, two: Path) -> list[Any]:
    """The table of both, then each picture of one beside that of the other."""
    return [_table(one, two), *(_pair(one, two, picture) for picture in PICTURES)]


def _pair(one: Path, two: Path, picture: str) -> Any:
    """One picture of both, on the same scales; where either has none, why."""
    try:
        drawn = [pictures.drawn(pictures.of(place, picture)) for place in (one, two)]
    except RungsError:
        shown = [results.shown_picture(place, picture) for place in (one, two)]
        return html.Div(shown, className="beside")
    scales.alike([figure for _, figure in drawn])
    ids = f"left.{picture}", f"right.{picture}"
    shown = [
        results.framed(place, picture, title, figure, id)
        for place, (title, figure), id in zip((one, two), drawn, ids, strict=True)
    ]
    return html.Div(shown, className="beside")


def _table(one: Path, two: Path) -> Any:
    both = [_summary(place) for place in (one, two)]
    rows = [
        (label, *(cell for told in both for cell in results.measured(told.get(measure))))
        for measure, label in results.BRIEF.items()
        if any(measure in told for told in both)
    ]
    several = [runs.read(place).settings for place in (one, two)]
    names = " | ".join(settings.retaliation.title for settings in several)
    heads = ("measure", f"{one.name}: median", "90 %", f"{two.name}: median", "90 %")
    return fields.table(heads, rows, ". ".join(filter(None, (names, unlike(several)))))


def _summary(place: Path) -> dict[str, dict[str, Any]]:
    return {row["measure"]: row for row in runs.read(place).arrow("summary").to_pylist()}
