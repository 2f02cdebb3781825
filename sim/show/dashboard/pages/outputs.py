"""What lies in the outputs folder, and every choice of a run that the other pages offer."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from urllib.parse import parse_qs, quote

from dash import Dash, Input, Output, State, ctx, dcc, html

from sim.show.dashboard import fields
from sim.show.dashboard.folders import Entry, Shelf
from sim.show.dashboard.results import downloads

PICKS = {"campaign": "run", "journal": "run", "one": "run", "two": "run", "branch": "branch"}
"""Every choice of a folder, and which kind of folder it offers."""
ADDRESS = {"campaign": "run", "journal": "run", "one": "one", "two": "two", "branch": "branch"}
"""The word of the page's address that makes the choice."""
MADE = ("campaign", "branch")
"""The choices that turn to what was just made."""
HEADS = ("folder", "scenario and policy", "replications", "seed", "status", "look at")


def section() -> Any:
    """The table, and the files of each."""
    return html.Div([html.H2("What lies in the outputs folder"), html.Div(id="outputs-list")])


def register(app: Dash, shelf: Shelf, shown_first: Sequence[str]) -> None:
    """What the page answers, and what every choice of a run offers."""
    one, two = [*shown_first, "", ""][:2]
    first = {"campaign": one, "journal": one, "one": one, "two": two}
    picks = [fields.chosen("pick", name) for name in PICKS]
    selects = [fields.select("pick", name) for name in PICKS]

    @app.callback(
        *(Output(id, "children") for id in selects),
        *(Output(id, "data") for id in picks),
        Output("outputs-list", "children"),
        Input("finished", "data"),
        Input("address", "search"),
        Input("address", "pathname"),
        *(State(id, "data") for id in picks),
    )
    def offer(finished: Any, search: Any, _: Any, *now: Any) -> tuple[Any, ...]:
        entries = shelf.entries()
        told = {key: values[0] for key, values in parse_qs(str(search or "").lstrip("?")).items()}
        news = {each["prop_id"] for each in ctx.triggered}
        chosen = []
        for pick, held in zip(PICKS, now, strict=True):
            made = finished if pick in MADE and "finished.data" in news else None
            asked = told.get(ADDRESS[pick]) if "address.search" in news or not held else None
            chosen.append(_first_valid(PICKS[pick], entries, made, asked, held, first.get(pick)))
        listed = [_options(kind, entries) for kind in PICKS.values()]
        return (*listed, *chosen, _listing(shelf, entries))


def _first_valid(kind: str, entries: list[Entry], *names: Any) -> str:
    """What was just made, else what the address says, else what was chosen; else nothing."""
    valid = [e.name for e in entries if e.kind == kind and e.status == "complete"]
    return next((str(name) for name in names if name in valid), "")


def _options(kind: str, entries: list[Entry]) -> list[Any]:
    told = [(e.name, e.title) for e in entries if e.kind == kind and e.status == "complete"]
    return fields.options(told, "none" if told else "none made yet")


def _listing(shelf: Shelf, entries: list[Entry]) -> list[Any]:
    if not entries:
        return [html.P("Nothing yet: run a scenario, or a branch.", className="hint")]
    rows = [
        (
            e.name,
            f"{e.scenario}: {e.policy}",
            e.replications or "unknown",
            e.seed,
            e.status,
            _links(e),
        )
        for e in entries
    ]
    left = shelf.left_out()
    note = [html.P(f"{_folders(left)} left out: an odd name, or a link inside.")] if left else []
    files = [downloads(shelf, shelf.root / e.name) for e in entries[:30]]
    return [fields.table(HEADS, rows, f"{len(entries)} folders, the latest first"), *note, *files]


def _folders(count: int) -> str:
    return "1 folder is" if count == 1 else f"{count} folders are"


def _links(entry: Entry) -> Any:
    name = quote(entry.name)
    if entry.status != "complete":
        return ""
    if entry.kind == "branch":
        return dcc.Link("differences", href=f"/branch?branch={name}")
    if entry.kind == "run":
        return [dcc.Link("pictures", href=f"/?run={name}"), " · ",
                dcc.Link("journal", href=f"/journal?run={name}")]  # fmt: skip
    return ""
