"""A journal, stepped through event by event."""

from __future__ import annotations

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


def register(app: Dash, shelf: Shelf) -> None:
    """What the page answers."""
    whose = (
        fields.chosen("pick", "journal"),
        "journal-replication",
        fields.chosen("journal", "shown"),
    )

    def steps(run: object, replication: object, shown: object) -> journals.Walk:
        if isinstance(replication, bool) or not isinstance(replication, int):
            raise InputError("replication: a whole number is needed")
        return journals.walk(shelf.place(run), replication, str(shown))

    @app.callback(
        Output("journal-line", "figure"),
        Output("journal-step", "max"),
        Output("journal-step", "value"),
        Input(whose[0], "data"),
        Input(whose[1], "value"),
        Input(whose[2], "data"),
    )
    def load(*told: Any) -> Any:
        if not told[0]:
            return no_update
        found = steps(*told)
        return stepper.figure(found), len(found.events) - 1, 0

    @app.callback(
        Output("journal-event", "children"),
        Output("journal-place", "children"),
        Output("journal-line", "figure", allow_duplicate=True),
        Input("journal-step", "value"),
        Input("journal-step", "max"),
        State(whose[0], "data"),
        State(whose[1], "value"),
        State(whose[2], "data"),
        prevent_initial_call=True,
    )
    def stand(step: object, _: object, *told: Any) -> Any:
        if not told[0]:
            return no_update
        found = steps(*told)
        i = _within(step, found)
        return _event(found, i), f"{i + 1} of {len(found.events)}", _line_at(found, i)

    @app.callback(
        Output("journal-step", "value", allow_duplicate=True),
        Input("journal-first", "n_clicks"),
        Input("journal-back", "n_clicks"),
        Input("journal-next", "n_clicks"),
        Input("journal-last", "n_clicks"),
        Input("journal-line", "clickData"),
        Input({"goto": ALL}, "n_clicks"),
        State("journal-step", "value"),
        State(whose[0], "data"),
        State(whose[1], "value"),
        State(whose[2], "data"),
        prevent_initial_call=True,
    )
    def move(*told: Any) -> Any:
        click, step, whom = told[4], told[6], told[7:]
        if not whom[0] or not ctx.triggered or ctx.triggered[0]["value"] is None:
            return no_update
        found = steps(*whom)
        at = _within(step, found)
        moves = {"journal-first": 0, "journal-back": at - 1, "journal-next": at + 1,
                 "journal-last": len(found.events) - 1}  # fmt: skip
        match ctx.triggered_id:
            case {"goto": id}:
                return found.ids.get(id, at)
            case "journal-line":
                return _within(click["points"][0]["customdata"], found)
            case name:
                return min(len(found.events) - 1, max(0, moves[name]))


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
