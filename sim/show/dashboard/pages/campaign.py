"""The campaign: choose a scenario and its policies, move the levers, run, see what comes of it."""

from __future__ import annotations

from typing import Any

from dash import Dash, Input, Output, State, html

from sim.show.dashboard import asked, fields, forms, offers, results
from sim.show.dashboard.folders import Shelf
from sim.show.dashboard.jobs import Jobs
from sim.show.dashboard.notices import clear

SEED = 20190501
REPLICATIONS = 200


def section() -> Any:
    """The form on the left, the pictures of a run on the right."""
    more = html.Details([html.Summary("More policies and cases"),
                         *forms.policies("run", offers.FURTHER)])  # fmt: skip
    moved = html.Details([html.Summary("Levers"), *forms.levers("run"), forms.further("run")],
                         open=True)  # fmt: skip
    count = fields.number("run-replications", "Replications", REPLICATIONS, min=1,
                          max=asked.MOST_REPLICATIONS, step=1)  # fmt: skip
    seed = fields.number("run-seed", "Seed", SEED, min=0, step=1)
    form = html.Div(
        [
            html.H2("What to simulate"),
            *forms.policies("run", offers.FIRST),
            forms.posterior("run"),
            more,
            moved,
            html.Div([count, seed, fields.button("run-start", "Run", main=True)], className="go"),
            forms.preview("run"),
        ],
        className="form",
    )
    shown = html.Div(
        [
            html.H2("What came of it"),
            fields.choice("pick", "campaign", "Run", []),
            html.Div(id="campaign-result", className="results"),
        ]
    )
    return html.Div([form, shown], className="sides")


def register(app: Dash, shelf: Shelf, jobs: Jobs) -> None:
    """What the page answers."""

    @app.callback(
        Output("watched", "data"),
        Input("run-start", "n_clicks"),
        State("run-replications", "value"),
        State("run-seed", "value"),
        *forms.states("run"),
        prevent_initial_call=True,
    )
    def start(_: int, replications: object, seed: object, *told: Any) -> str:
        clear()
        return jobs.start(*asked.simulation(forms.words(told), replications, seed))

    @app.callback(
        Output("run-command", "children"),
        Input("run-replications", "value"),
        Input("run-seed", "value"),
        *forms.states("run", Input),
    )
    def judge(replications: object, seed: object, *told: Any) -> Any:
        return forms.judged(lambda: asked.simulation(forms.words(told), replications, seed))

    @app.callback(
        Output("campaign-result", "children"), Input(fields.chosen("pick", "campaign"), "data")
    )
    def show(name: object) -> Any:
        return results.of_run(shelf, name) if name else results.NOTHING_YET
