"""A journal, stepped through event by event."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from dash import ALL, Dash, Input, Output, Patch, State, ctx, dcc, html, no_update

from sim.errors import InputError
from sim.show.dashboard import fields, journals, stepper
from sim.show.dashboard.folders import Shelf
from sim.show.dashboard.results import CONFIG

NOTHING = html.P("Choose a run that kept its journals (journal=full or attacks).", className="hint")


def section() -> Any:
    """What to step through, the timeline, the event on it."""
    what = [
        fields.choice("pick", "journal", "Run", []),
        fields.number("journal-replication", "Replication", 0, min=0, step=1),
        fields.choice("journal", "shown", "Events", journals.SHOWN.items()),
    ]
    slider = dcc.Input(id="journal-step", type="range", min=0, max=1, step=1, value=0)
    moves = [
        fields.button("journal-first", "First"),
        fields.button("journal-back", "Back"),
        fields.button("journal-next", "Next", main=True),
        fields.button("journal-last", "Last"),
        html.Label([html.Span("Step", className="name"), slider], className="slider"),
        html.Span(id="journal-place", role="status"),
    ]
    return html.Div(
        [
            html.H2("A replication's journal, event by event"),
            html.Div(what, className="pair"),
            html.Div(moves, className="moves"),
            dcc.Graph(id="journal-line", config=CONFIG, responsive=True, figure=_empty(),
                      style={"height": "320px"}),
            html.Div(NOTHING, id="journal-event", className="event"),
        ],
        id="journal-page",
    )  # fmt: skip


def _empty() -> dict[str, Any]:
    return {"data": [], "layout": {"xaxis": {"visible": False}, "yaxis": {"visible": False}}}


WHOSE: tuple[tuple[Any, str], ...] = (
    (fields.chosen("pick", "journal"), "data"),
    ("journal-replication", "value"),
    (fields.chosen("journal", "shown"), "data"),
)
"""Whose steps are shown: of which run, which replication, which of its events."""
Steps = Callable[[object, object, object], journals.Walk]


def register(app: Dash, shelf: Shelf) -> None:
    """What the page answers."""

    def steps(run: object, replication: object, shown: object) -> journals.Walk:
        if isinstance(replication, bool) or not isinstance(replication, int):
            raise InputError("replication: a whole number is needed")
        return journals.walk(shelf.place(run), replication, str(shown))

    _choose(app, steps)
    _stand(app, steps)
    _move(app, steps)


def _choose(app: Dash, steps: Steps) -> None:
    """Another journal: its line, and the first step."""

    @app.callback(
        Output("journal-line", "figure"),
        Output("journal-step", "max"),
        Output("journal-step", "value"),
        *(Input(*one) for one in WHOSE),
    )
    def load(*told: Any) -> Any:
        if not told[0]:
            return no_update
        found = steps(*told)
        return stepper.figure(found), len(found.events) - 1, 0


def _stand(app: Dash, steps: Steps) -> None:
    """Another step: its event, its place, the mark on the line."""

    @app.callback(
        Output("journal-event", "children"),
        Output("journal-place", "children"),
        Output("journal-line", "figure", allow_duplicate=True),
        Input("journal-step", "value"),
        Input("journal-step", "max"),
        *(State(*one) for one in WHOSE),
        prevent_initial_call=True,
    )
    def stand(step: object, _: object, *told: Any) -> Any:
        if not told[0]:
            return no_update
        found = steps(*told)
        i = _within(step, found)
        return _event(found, i), f"{i + 1} of {len(found.events)}", _line_at(found, i)


def _move(app: Dash, steps: Steps) -> None:
    """A button, a point of the line or a link to another event: its step."""

    @app.callback(
        Output("journal-step", "value", allow_duplicate=True),
        *(Input(f"journal-{end}", "n_clicks") for end in ("first", "back", "next", "last")),
        Input("journal-line", "clickData"),
        Input({"goto": ALL}, "n_clicks"),
        State("journal-step", "value"),
        *(State(*one) for one in WHOSE),
        prevent_initial_call=True,
    )
    def move(*told: Any) -> Any:
        click, step, whom = told[4], told[6], told[7:]
        if not whom[0] or not ctx.triggered or ctx.triggered[0]["value"] is None:
            return no_update
        return _towards(ctx.triggered_id, click, step, steps(*whom))


def _towards(pressed: Any, click: Any, step: object, found: journals.Walk) -> int:
    """The step that a press leads to."""
    at, last = _within(step, found), len(found.events) - 1
    moves = {"first": 0, "back": max(0, at - 1), "next": min(last, at + 1), "last": last}
    match pressed:
        case {"goto": id}:
            return found.ids.get(id, at)
        case "journal-line":
            return _within(click["points"][0]["customdata"], found)
        case name:
            return moves[name.removeprefix("journal-")]


def _within(step: object, found: journals.Walk) -> int:
    """A step's number, kept inside the journal."""
    try:
        number = int(step)  # type: ignore[call-overload]
    except (OverflowError, TypeError, ValueError):
        return 0
    return int(min(len(found.events) - 1, max(0, number)))


def _line_at(found: journals.Walk, i: int) -> Patch:
    figure = Patch()
    for end in ("x0", "x1"):
        figure["layout"]["shapes"][0][end] = stepper.when(found, i)
    return figure


def _event(found: journals.Walk, i: int) -> list[Any]:
    told = journals.said(found, i)
    lines = [part for name, text in told.lines for part in (html.Dt(name), html.Dd(text))]
    return [
        html.H3(told.title, **fields.aria(live="polite")),
        html.Dl(lines),
        *_linked("Provoked by", [told.cause] if told.cause else [], found),
        *_linked("What followed", told.followed, found),
    ]


def _linked(head: str, events: list[tuple[str, str]], found: journals.Walk) -> list[Any]:
    """Events that one can go to, where they are among those walked through."""
    if not events:
        return []
    listed = [
        html.Li(html.Button(text, id={"goto": id}, n_clicks=None, type="button", className="link")
                if id in found.ids else text)
        for id, text in dict(events).items()
    ]  # fmt: skip
    return [html.H4(head), html.Ul(listed)]
