"""Attacks by week and summed: the fan of what is simulated, with the record on it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.show.figures import style
from sim.show.figures.about import About
from sim.show.figures.counts import number
from sim.show.figures.table import Row, Table, column, some

if TYPE_CHECKING:
    import plotly.graph_objects as go


def fan(weeks: Table, about: About) -> go.Figure:
    """Cumulative attacks above, weekly ones below, reported on both sides.

    Args:
        weeks: rows of `sim.compare.tables.Week`.
        about: what they were made from.
    """
    from plotly.subplots import make_subplots

    told = some(weeks)
    figure = make_subplots(rows=2, cols=1, shared_xaxes=True, vertical_spacing=0.06)
    for place, prefix in ((1, "total_"), (2, "")):
        for trace in _fan(told, prefix, legend=place == 1):
            figure.add_trace(trace, row=place, col=1)
    figure.update_yaxes(title_text="attacks so far", rangemode="tozero", row=1)
    figure.update_yaxes(title_text="attacks a week", rangemode="tozero", row=2)
    figure.update_xaxes(title_text="week beginning", row=2)
    return style.finished(figure, title(told), told, about, height=560)


def _fan(told: list[Row], prefix: str, legend: bool) -> list[go.Scatter]:
    import plotly.graph_objects as go

    x = column(told, "week")
    shape = "linear" if prefix else "hvh"
    recorded = column(told, "recorded_total" if prefix else "recorded")
    bands = [("90", style.WIDE, "central 90 %"), ("50", style.NARROW, "central 50 %")]
    found = []
    for level, colour, name in bands:
        low, high = column(told, f"{prefix}low{level}"), column(told, f"{prefix}high{level}")
        edge = {"x": x, "mode": "lines", "line": {"width": 0, "shape": shape},
                "legendgroup": name}  # fmt: skip
        found += [
            go.Scatter(y=low, name=f"{name}, low end", showlegend=False, hoverinfo="skip", **edge),
            go.Scatter(y=high, name=name, showlegend=legend, fill="tonexty", fillcolor=colour,
                       **edge),
        ]  # fmt: skip
    median = {**style.line(style.MEDIAN, "dash"), "shape": shape}
    mark = {"color": style.RECORD, "size": 4 if prefix else 6, "symbol": "diamond"}
    return [
        *found,
        go.Scatter(x=x, y=column(told, f"{prefix}median"), mode="lines", line=median,
                   name="median", legendgroup="median", showlegend=legend),
        go.Scatter(x=x, y=recorded, mode="lines+markers" if prefix else "markers",
                   marker=mark, line=style.line(style.RECORD, width=1.5), name="the record",
                   legendgroup="record", showlegend=legend, cliponaxis=False),
    ]  # fmt: skip


def title(told: list[Row]) -> str:
    """In how many weeks the record lies inside the fan, and where its total ends."""
    known = [row for row in told if row["recorded"] is not None]
    if not known:
        end = told[-1]
        return (
            f"By the end, half of the replications report {number(end['total_low50'])} to "
            f"{number(end['total_high50'])} attacks; the record tells nothing of these weeks"
        )
    inside = sum(row["low90"] <= row["recorded"] <= row["high90"] for row in known)
    return f"The record lies inside the 90 % fan in {inside} of {len(known)} weeks" + _ending(
        [row for row in told if row["recorded_total"] is not None]
    )


def _ending(known: list[Row]) -> str:
    if not known:
        return ""
    last = known[-1]
    low, total, high = last["total_low90"], last["recorded_total"], last["total_high90"]
    where = "above" if total > high else "below" if total < low else "inside"
    return f"; its total, {total}, ends {where} the fan ({number(low)} to {number(high)})"
