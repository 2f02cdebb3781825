"""The campaign's timeline: the record's events and one replication's, lane by lane."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.show.figures import style
from sim.show.figures.about import About
from sim.show.figures.counts import plural, sentence
from sim.show.figures.table import Row, Table, by, column, some

if TYPE_CHECKING:
    import plotly.graph_objects as go

ROCKETS = "rocket attacks"


def timeline(happenings: Table, about: About) -> go.Figure:
    """A mark for each event, the record's filled, the replication's hollow below it.

    The area of a rocket attack grows with its rounds; a cross marks Coalition deaths.

    Args:
        happenings: rows of `sim.compare.tables.Happening`.
        about: what they were made from.
    """
    import plotly.graph_objects as go

    told = some(happenings)
    lanes = list(reversed(by(told, "lane")))
    figure = go.Figure()
    for i, (source, own) in enumerate(by(told, "source").items()):
        figure.add_trace(_marks(own, source, lanes, i))
    fatal = [row for row in told if row["killed"]]
    sources = list(by(told, "source"))
    if fatal:
        figure.add_scatter(
            x=column(fatal, "time"),
            y=[_height(row, lanes, sources.index(row["source"])) for row in fatal],
            mode="markers",
            marker={
                "symbol": "x-thin",
                "size": 13,
                "line": {"color": style.MISSED, "width": 2.5},
            },
            name="killed a Coalition member",
            hoverinfo="skip",
        )
    figure.update_yaxes(tickvals=list(range(len(lanes))), ticktext=lanes,
                        range=[-0.6, len(lanes) - 0.4])  # fmt: skip
    figure.update_xaxes(title_text="date")
    return style.finished(figure, title(told), told, about, height=140 + 62 * len(lanes))


def _height(row: Row, lanes: list[str], source: int) -> float:
    """The record lies on the upper half of its lane."""
    return lanes.index(row["lane"]) + (0.18 if source == 0 else -0.18)


def _marks(own: list[Row], source: str, lanes: list[str], i: int) -> go.Scatter:
    import plotly.graph_objects as go

    colour = style.RECORD if i == 0 else style.LOOKS[0].colour
    return go.Scatter(
        x=column(own, "time"),
        y=[_height(row, lanes, i) for row in own],
        mode="markers",
        name=style.words(source),
        marker={
            "symbol": "diamond" if i == 0 else "circle-open",
            "color": style.rgba(colour, 0.55) if i == 0 else colour,
            "size": [_size(row["rounds"]) for row in own],
            "line": {"color": colour, "width": 1.2},
        },
        customdata=[[row["kind"].replace("_", " "), row["site_class"] or "site unknown",
                     _stated(row["rounds"], "rounds"), _stated(row["killed"], "killed")]
                    for row in own],
        hovertemplate="%{x|%d %b %Y}: %{customdata[0]}, %{customdata[1]}, %{customdata[2]}, "
                      "%{customdata[3]}<extra>%{fullData.name}</extra>",
    )  # fmt: skip


def _size(rounds: int | None) -> float:
    """The width of a mark, its area growing with the rounds, up to forty."""
    return 6.0 if rounds is None else float((36.0 + 14.0 * min(40, rounds)) ** 0.5)


def _stated(count: int | None, what: str) -> str:
    return f"{what} unknown" if count is None else f"{count} {what}"


def title(told: list[Row]) -> str:
    """How many rocket attacks and strikes each source has."""
    found = []
    for source, own in by(told, "source").items():
        rockets = sum(row["lane"] == ROCKETS for row in own)
        strikes = sum(row["lane"] == "US strikes" for row in own)
        counted = plural(rockets, "rocket attack"), plural(strikes, "US strike")
        found.append(f"{source}: {', '.join(counted)}")
    return sentence("; ".join(found))
