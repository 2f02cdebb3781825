"""The job under way: how far it is, how fast, and the button that cancels it."""

from __future__ import annotations

from typing import Any

from dash import Dash, Input, Output, State, dcc, html, no_update

from sim.show.dashboard import fields
from sim.show.dashboard.jobs import Jobs

EVERY_MS = 400


def panel() -> Any:
    """The panel, hidden while nothing was started; what it watches outlives a reload."""
    bar = html.Progress(id="job-bar", value="0", max="1", **fields.aria(labelledby="job-words"))
    told = [
        html.P(id="job-words", role="status"),
        bar,
        fields.button("job-cancel", "Cancel"),
    ]
    return html.Div(
        [
            dcc.Store(id="watched", storage_type="session"),
            dcc.Store(id="finished"),
            dcc.Interval(id="tick", interval=EVERY_MS, disabled=True),
            html.Section(
                told,
                id="job",
                hidden=True,
                className="job",
                **fields.aria(label="the job under way"),
            ),
        ]
    )


def register(app: Dash, jobs: Jobs) -> None:
    """What the panel answers."""

    @app.callback(
        Output("job", "hidden"),
        Output("job-words", "children"),
        Output("job-bar", "value"),
        Output("job-bar", "max"),
        Output("job-cancel", "disabled"),
        Output("tick", "disabled"),
        Output("finished", "data"),
        Input("tick", "n_intervals"),
        Input("watched", "data"),
        State("finished", "data"),
    )
    def watch(_: Any, name: object, finished: object) -> tuple[Any, ...]:
        if not jobs.known(name):
            return True, "", "0", "1", True, True, no_update
        state = jobs.state(name)
        done = state.name if state.phase == "complete" and finished != name else no_update
        return (
            False,
            words(state),
            str(state.done),
            str(max(1, state.total)),
            state.over,
            state.over,
            done,
        )

    @app.callback(
        Output("tick", "n_intervals"),
        Input("job-cancel", "n_clicks"),
        State("watched", "data"),
        prevent_initial_call=True,
    )
    def cancel(_: int, name: object) -> int:
        jobs.cancel(name)
        return 0


def words(state: Any) -> str:
    """A job's state as a sentence."""
    far = f"{state.done} of {state.total} replications"
    if state.phase == "running":
        return f"{state.name}: {far}{', ' if state.words else ''}{state.words}"
    if state.phase == "stopping":
        return f"{state.name}: {far}; stopping (Cancel again ends it at once)"
    return f"{state.name}: {state.phase}{'' if state.phase == 'complete' else ': ' + state.words}"
