"""Escalation paths as a matrix: where a change of state leads, and how often."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.ladder import RUNGS
from sim.show.figures import style
from sim.show.figures.about import About
from sim.show.figures.counts import percent
from sim.show.figures.table import Row, Table, some

if TYPE_CHECKING:
    import plotly.graph_objects as go

N = len(RUNGS)


def transitions(table: Table, about: About) -> go.Figure:
    """From the rung of a row to that of a column: the share of all changes out of the row.

    The number in a cell is the share in per cent; a frame marks what the record did.

    Args:
        table: rows of `sim.compare.tables.Transition`.
        about: what they were made from.
    """
    import plotly.graph_objects as go

    told = some(table)
    share = {(row["origin"], row["target"]): row["share"] for row in told if row["changes"]}
    grid = [[share.get((i, j)) for j in range(N)] for i in range(N)]
    names = [f"{rung} {RUNGS[rung]}" for rung in range(N)]
    figure = go.Figure(
        go.Heatmap(
            z=grid,
            x=list(range(N)),
            y=names,
            text=[["" if z is None else _cell(z) for z in line] for line in grid],
            texttemplate="%{text}",
            colorscale=[[0.0, "#f4f8fb"], [1.0, style.MEDIAN]],
            zmin=0.0,
            zmax=1.0,
            xgap=2,
            ygap=2,
            colorbar={"title": {"text": "share"}, "tickformat": ".0%", "thickness": 14},
            hovertemplate="from %{y} to rung %{x}: %{z:.1%} of changes<extra></extra>",
        )
    )
    for row in told:
        if row["recorded"]:
            i, j = row["origin"], row["target"]
            figure.add_shape(type="rect", x0=j - 0.46, x1=j + 0.46, y0=i - 0.46, y1=i + 0.46,
                             line=style.line(style.MISSED))  # fmt: skip
    figure.update_xaxes(title_text="to rung", dtick=1, showgrid=False)
    figure.update_yaxes(title_text="from rung", showgrid=False)
    return style.finished(figure, title(told), told, about, height=520, legend=False)


def _cell(share: float) -> str:
    return f"{100.0 * share:.0f}" if share >= 0.005 else "<1"


def title(told: list[Row]) -> str:
    """Where the state goes from the rung most often left for a higher one."""
    up = [row for row in told if row["target"] > row["origin"] and row["changes"]]
    if not up:
        return "No replication ever changes to a higher rung"
    row = max(up, key=lambda each: each["changes"])
    own = [each for each in told if each["recorded"]]
    known = sum(each["changes"] > 0 for each in own)
    found = (
        f"The commonest rise is from rung {row['origin']} to {row['target']}: "
        f"{percent(row['share'])} of all changes out of rung {row['origin']}"
    )
    if all(each["recorded"] is None for each in told):
        return found
    return f"{found}; {known} of the record's {len(own)} kinds of change (framed) occur in the run"
