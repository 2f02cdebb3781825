"""The ladder over time: the share of replications on each rung, the record's line on top."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.ladder import RUNGS
from sim.show.figures import style
from sim.show.figures.about import About
from sim.show.figures.counts import percent, plural
from sim.show.figures.table import Row, Table, by, column, some

if TYPE_CHECKING:
    import plotly.graph_objects as go


def ladder(states: Table, about: About) -> go.Figure:
    """A column for each day, darker where more replications stand; the record as a line.

    Args:
        states: rows of `sim.compare.tables.State`.
        about: what they were made from.
    """
    import plotly.graph_objects as go

    told = some(states)
    rungs = sorted(by(told, "rung").items())
    figure = go.Figure(
        go.Heatmap(
            x=column(rungs[0][1], "day"),
            y=[rung for rung, _ in rungs],
            z=[column(own, "share") for _, own in rungs],
            zmin=0.0,
            colorscale=[[0.0, "#ffffff"], [0.35, style.NARROW], [1.0, style.MEDIAN]],
            colorbar={"title": {"text": "share"}, "tickformat": ".0%", "thickness": 14},
            hovertemplate="%{x|%d %b %Y}, rung %{y}: %{z:.0%}<extra></extra>",
        )
    )
    for trace in _line([row for row in told if row["recorded"]]):
        figure.add_trace(trace)
    names = [f"{rung} {RUNGS[rung]}" for rung, _ in rungs]
    figure.update_yaxes(tickvals=[rung for rung, _ in rungs], ticktext=names, showgrid=False)
    figure.update_xaxes(title_text="day", showgrid=False)
    return style.finished(figure, title(told), told, about, height=470)


def _line(stood: list[Row]) -> list[go.Scatter]:
    """The record's steps, on a white edge that sets them off from dark cells."""
    import plotly.graph_objects as go

    place = {"x": column(stood, "day"), "y": column(stood, "rung"), "mode": "lines"}
    return [
        go.Scatter(**place, line={**style.line("#ffffff", width=5.5), "shape": "hv"},
                   showlegend=False, hoverinfo="skip", name="edge"),
        go.Scatter(**place, line={**style.line(style.RECORD, width=2.4), "shape": "hv"},
                   name="the record",
                   hovertemplate="%{x|%d %b %Y}: the record on rung %{y}<extra></extra>"),
    ]  # fmt: skip


def title(told: list[Row]) -> str:
    """How often the record's rung is also the commonest simulated one."""
    told = [row for row in told if row["share"] is not None]
    if not told:
        return "Nothing is told of any replication"
    days = by(told, "day")
    known = [own for own in days.values() if any(row["recorded"] for row in own)]
    if not known:
        high = sum(row["share"] for row in told if row["rung"] >= 6) / len(days)
        return f"On an average day {percent(high)} of replications stand on rung 6 or above"
    alike = sum(max(own, key=lambda row: row["share"])["recorded"] for own in known)
    shares = [row["share"] for own in known for row in own if row["recorded"]]
    return (
        f"The record stands on the commonest simulated rung on {alike} of "
        f"{plural(len(known), 'day')} looked at; on an average one it shares its rung with "
        f"{percent(sum(shares) / len(shares))} of replications"
    )
