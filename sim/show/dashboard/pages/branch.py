"""Branching: history up to a date, then two policies on the same draws."""

from __future__ import annotations

from datetime import date
from typing import Any

from dash import Dash, Input, Output, Patch, State, html, no_update

from sim.show.dashboard import asked, fields, forms, offers, results
from sim.show.dashboard.folders import Shelf
from sim.show.dashboard.jobs import Jobs
from sim.show.dashboard.notices import clear

GROUP, POLICY, AGAINST = "retaliation", "never", "historical"
DATE = "2020-03-12"
FIRST_DAY, LAST_DAY = "2019-05-01", "2020-12-31"
REPLICATIONS = 100


def section() -> Any:
    """The form on the left, the differences on the right."""
    groups = {**offers.FIRST, **offers.FURTHER}
    kinds = [(name, groups[name]) for name in (GROUP, *(g for g in offers.BRANCHED if g != GROUP))]
    form = html.Div(
        [
            html.H2("Where history is cut"),
            fields.text("branch-date", "Date", DATE, "or click on the timeline",
                        pattern=r"\d{4}-\d{2}-\d{2}", autoComplete="off"),
            fields.choice("ask", "group", "What the policies differ in", kinds),
            fields.choice("ask", "policy", "Policy", _policies(GROUP, POLICY)),
            fields.choice("ask", "against", "Compared with", _policies(GROUP, AGAINST)),
            forms.posterior("branch"),
            html.Details([html.Summary("Levers"), *forms.levers("branch"),
                          forms.further("branch")]),
            html.Div(
                [
                    fields.text("branch-horizon", "How far", "180d", "180d, or 26w"),
                    fields.number("branch-replications", "Futures of each", REPLICATIONS, min=1,
                                  max=asked.MOST_REPLICATIONS, step=1),
                    fields.button("branch-start", "Branch", main=True),
                ],
                className="go",
            ),
            forms.preview("branch"),
        ],
        className="form",
    )  # fmt: skip
    shown = html.Div(
        [
            html.H2("What parts them"),
            fields.choice("pick", "branch", "Study", []),
            html.Div(id="branch-result", className="results"),
        ]
    )
    return html.Div([form, shown], className="sides")


def _policies(group: str, first: str) -> list[tuple[str, str]]:
    """The choices of a group, the one that is meant first."""
    told = {c.name: f"{c.name}: {c.about}" for c in offers.choices(group)}
    names = [first, *(name for name in told if name != first)] if first in told else list(told)
    return [(name, told[name]) for name in names]


def _asked(name: str) -> Any:
    return fields.chosen("ask", name)


def _states(kind: type[State] | type[Input]) -> list[Any]:
    """What `_command` must be handed."""
    return [
        kind("branch-date", "value"),
        kind(_asked("group"), "data"),
        kind(_asked("policy"), "data"),
        kind(_asked("against"), "data"),
        kind("branch-horizon", "value"),
        kind("branch-replications", "value"),
        *forms.states("branch", kind),
    ]


def _command(told: tuple[Any, ...]) -> asked.Command:
    return asked.branch(forms.words(told[6:]), *told[:6])


def register(app: Dash, shelf: Shelf, jobs: Jobs) -> None:
    """What the page answers."""

    @app.callback(
        Output("watched", "data", allow_duplicate=True),
        Input("branch-start", "n_clicks"),
        *_states(State),
        prevent_initial_call=True,
    )
    def start(_: int, *told: Any) -> str:
        clear()
        return jobs.start(*_command(told))

    @app.callback(Output("branch-command", "children"), *_states(Input))
    def judge(*told: Any) -> Any:
        return forms.judged(lambda: _command(told))

    @app.callback(
        Output(fields.select("ask", "policy"), "children"),
        Output(_asked("policy"), "data"),
        Output(fields.select("ask", "against"), "children"),
        Output(_asked("against"), "data"),
        Input(_asked("group"), "data"),
        prevent_initial_call=True,
    )
    def offer(group: str) -> tuple[Any, str, Any, str]:
        usual = offers.usual().get(group, "")
        against = _policies(group, usual)
        policy = [c for c in against if c[0] != usual] + [c for c in against if c[0] == usual]
        return fields.options(policy), policy[0][0], fields.options(against), against[0][0]

    @app.callback(
        Output("branch-date", "value"), Input("record", "clickData"), prevent_initial_call=True
    )
    def pick(click: Any) -> str:
        return str(click["points"][0]["x"])[:10]

    @app.callback(
        Output("record", "figure"),
        Output("branch-here", "children"),
        Input("branch-date", "value"),
        prevent_initial_call=True,
    )
    def mark(told: object) -> Any:
        return _marked(told)

    @app.callback(
        Output("branch-result", "children"), Input(fields.chosen("pick", "branch"), "data")
    )
    def show(name: object) -> Any:
        return results.of_branch(shelf, name) if name else results.NO_BRANCH


def _marked(told: object) -> Any:
    """The timeline's line at the date, if it is one of the record's."""
    try:
        day = date.fromisoformat(str(told)).isoformat()
    except ValueError:
        return no_update, no_update
    if not FIRST_DAY <= day <= LAST_DAY:
        return no_update, no_update
    figure = Patch()
    figure["layout"]["shapes"][0]["x0"] = day
    figure["layout"]["shapes"][0]["x1"] = day
    figure["layout"]["annotations"][0]["x"] = day
    figure["layout"]["annotations"][0]["text"] = day
    return figure, here(day)


def here(day: str) -> str:
    """The words of the link that leads to this page from a date."""
    return f"Branch from {date.fromisoformat(day):%-d %B %Y}"
