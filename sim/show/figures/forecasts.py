"""Forecasts by origin with what came."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.show.figures import style
from sim.show.figures.about import About
from sim.show.figures.table import Row, Table, column, some
from sim.show.forecast_tables import ahead

if TYPE_CHECKING:
    import plotly.graph_objects as go


def forecasts(table: Table, about: About) -> go.Figure:
    """A bar of 90 %, one of 50 %, the median and what came, for each origin.

    Args:
        table: one forecaster's rows at one horizon: `origin`, `horizon_weeks`, `low90` to
            `high90`, `observed`, `covered90`.
        about: the backtest.
    """
    import plotly.graph_objects as go

    told = some(table)
    x = column(told, "origin")
    figure = go.Figure()
    for level, colour, width in (("90", style.WIDE, 0.8), ("50", style.NARROW, 0.8)):
        low, high = column(told, f"low{level}"), column(told, f"high{level}")
        figure.add_bar(
            x=x,
            base=low,
            y=[max(b - a, 0.04) for a, b in zip(low, high, strict=True)],
            width=width * 7 * 86_400_000,
            marker={"color": colour},
            name=f"central {level} %",
            customdata=high,
            hovertemplate="%{x|%d %b %Y}: %{base:g} to %{customdata:g}<extra></extra>",
        )
    figure.add_scatter(
        x=x,
        y=column(told, "median"),
        mode="markers",
        marker={"symbol": "line-ew", "size": 12, "line": {"color": style.MEDIAN, "width": 2.5}},
        name="median",
    )
    for inside, symbol, colour, name in (
        (True, "diamond", style.RECORD, "recorded, inside"),
        (False, "x", style.MISSED, "recorded, outside the 90 %"),
    ):
        own = [row for row in told if bool(row["covered90"]) is inside]
        figure.add_scatter(
            x=column(own, "origin"),
            y=column(own, "observed"),
            mode="markers",
            marker={"symbol": symbol, "size": 8, "color": colour},
            name=name,
        )
    weeks = told[0]["horizon_weeks"]
    figure.update_layout(barmode="overlay")
    figure.update_xaxes(title_text="forecast made on Monday")
    figure.update_yaxes(title_text=f"attacks within {ahead(weeks)}", rangemode="tozero")
    return style.finished(figure, title(told, weeks), told, about, 400)


def title(told: list[Row], weeks: int) -> str:
    """How often the intervals held what came."""
    inside = {level: sum(bool(row[f"covered{level}"]) for row in told) for level in (50, 90)}
    return (
        f"{ahead(weeks)} ahead, the 90 % forecast held what came on {inside[90]} of {len(told)} "
        f"Mondays, the 50 % forecast on {inside[50]}"
    )
