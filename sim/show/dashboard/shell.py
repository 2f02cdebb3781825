"""The page round the pages: head, navigation, the record's timeline, what is told to all."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any, cast

from dash import ALL, MATCH, ClientsideFunction, Dash, Input, Output, State, dcc, html

from sim.show.dashboard import fields, notices, pictures, watching
from sim.show.dashboard.pages import branch, campaign, journal, outputs, sides
from sim.show.dashboard.results import CONFIG
from sim.show.figures import style

NAVIGATION = {
    "/": "Campaign",
    "/branch": "Branch",
    "/sides": "Side by side",
    "/journal": "Journal",
    "/outputs": "Outputs",
}
TIMELINE_PIXELS = 420


def layout() -> Any:
    """The whole page."""
    content = {
        "/": campaign.section(),
        "/branch": branch.section(),
        "/sides": sides.section(),
        "/journal": journal.section(),
        "/outputs": outputs.section(),
    }
    pages = [
        html.Section(
            told, id={"page": path}, hidden=path != "/", **fields.aria(label=NAVIGATION[path])
        )
        for path, told in content.items()
    ]
    return html.Div(
        [
            dcc.Location(id="address", refresh=False),
            html.A("To the content", href="#content", className="skip"),
            _head(),
            html.Main(
                [notices.region(), watching.panel(), timeline(), *pages], id="content", tabIndex=-1
            ),
            html.Footer(
                "Retrospective and aggregate. A blank in the record is unknown, never zero. "
                "Parameters are documented ranges unless a posterior is chosen."
            ),
        ]
    )


def _head() -> Any:
    links = [dcc.Link(name, href=path, id={"link": path}) for path, name in NAVIGATION.items()]
    return html.Header([html.H1("Rungs"), html.Nav(links, **fields.aria(label="Pages"))])


def timeline() -> Any:
    """The record's timeline: a drawing at once, in whose place the one comes that answers."""
    title, figure = pictures.drawn(pictures.record())
    figure["layout"]["shapes"] = [
        {"type": "line", "x0": branch.DATE, "x1": branch.DATE, "yref": "paper", "y0": 0, "y1": 1,
         "line": {"color": style.MISSED, "width": 2}}
    ]  # fmt: skip
    figure["layout"]["annotations"] = [
        {"x": branch.DATE, "y": 1, "yref": "paper", "yanchor": "bottom", "text": branch.DATE,
         "showarrow": False, "font": {"color": style.MISSED}}
    ]  # fmt: skip
    figure["layout"]["height"] = TIMELINE_PIXELS
    figure["data"].insert(0, _days(figure["layout"]["yaxis"]["range"]))
    graph = dcc.Graph(id="record", figure=figure, config=CONFIG, responsive=True,
                      style={"height": f"{TIMELINE_PIXELS}px"})  # fmt: skip
    first = html.Img(src="/record.svg", alt="", className="first")
    caption = html.Figcaption(
        [
            html.H2("The record"),
            f"{title}. A click picks a date. ",
            dcc.Link(branch.here(branch.DATE), href="/branch", id="branch-here"),
        ]
    )
    return html.Figure([caption, html.Div([first, graph], className="over")], id="timeline")


def _days(ends: list[float]) -> dict[str, Any]:
    """A field that nobody sees, a cell for each day: a click anywhere falls on a date."""
    first = date.fromisoformat(branch.FIRST_DAY)
    count = (date.fromisoformat(branch.LAST_DAY) - first).days + 1
    days = [(first + timedelta(days=i)).isoformat() for i in range(count)]
    return {"type": "heatmap", "x": days, "y": ends, "z": [[0] * count], "opacity": 0,
            "showscale": False, "hoverinfo": "none"}  # fmt: skip


def register(app: Dash) -> None:
    """What happens in the browser alone."""
    in_browser = cast(Any, app).clientside_callback
    in_browser(
        ClientsideFunction("rungs", "page"),
        Output({"page": ALL}, "hidden"),
        Output({"link": ALL}, "className"),
        Output("timeline", "hidden"),
        Input("address", "pathname"),
        State({"page": ALL}, "id"),
        State({"link": ALL}, "id"),
    )
    in_browser(
        ClientsideFunction("rungs", "mirror"),
        Output(fields.select("pick", MATCH), "title"),
        Input(fields.chosen("pick", MATCH), "data"),
        Input(fields.select("pick", MATCH), "children"),
        State(fields.chosen("pick", MATCH), "id"),
    )
    in_browser(
        ClientsideFunction("rungs", "picture"),
        Output({"save": MATCH}, "title"),
        Input({"save": MATCH}, "n_clicks"),
        State({"save": MATCH}, "id"),
        prevent_initial_call=True,
    )
