"""Discovered boxes: the ranges of factors under which a case of interest gathers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.show.figures import style
from sim.show.figures.about import About
from sim.show.figures.counts import number, percent
from sim.show.figures.table import Row, Table, by, rows

if TYPE_CHECKING:
    import plotly.graph_objects as go


def boxes(table: Table, case: str, about: About) -> go.Figure:
    """For each box and each factor that it restricts, the span kept of the factor's range.

    Args:
        table: a row for each restriction: `box`, `factor`, `low`, `high` (what is kept), `least`,
            `most` (the factor's own range), `density`, `coverage` (of the whole box).
        case: what the boxes gather, in words.
        about: the sweep.
    """
    import plotly.graph_objects as go

    told = rows(table)
    figure = go.Figure()
    names = [f"{row['box']}: {row['factor']}" for row in told]
    figure.add_bar(
        x=[1.0] * len(told),
        y=names,
        orientation="h",
        width=0.5,
        marker={"color": style.GRID},
        name="the factor's range",
        hoverinfo="skip",
    )
    for i, (box, own) in enumerate(by(told, "box").items()):
        look = style.look(i)
        figure.add_bar(
            base=[_place(row, row["low"]) for row in own],
            x=[_place(row, row["high"]) - _place(row, row["low"]) for row in own],
            y=[f"{box}: {row['factor']}" for row in own],
            orientation="h",
            width=0.5,
            marker=style.filled(look, [True] * len(own)),
            text=[f"{number(row['low'])} to {number(row['high'])}" for row in own],
            textposition="outside",
            cliponaxis=False,
            name=f"box {box}: {percent(own[0]['density'])} of its points are such cases, "
            f"{percent(own[0]['coverage'])} of all such cases",
            hovertemplate="%{text}<extra></extra>",
        )
    figure.update_layout(barmode="overlay")
    figure.update_xaxes(range=[0, 1.25], tickvals=[0, 0.5, 1], ticktext=["lowest", "", "highest"],
                        title_text="place in the factor's range")  # fmt: skip
    figure.update_yaxes(autorange="reversed", showgrid=False)
    height = 190 + 34 * len(told) + 18 * len(by(told, "box"))
    return style.finished(figure, title(told, case), told, about, height)


def _place(row: Row, value: float) -> float:
    """A value's place between the ends of its factor's range."""
    return float((value - row["least"]) / ((row["most"] - row["least"]) or 1.0))


def title(told: list[Row], case: str) -> str:
    """What the first box says."""
    if not told:
        return f"{case}: no box gathers such cases"
    first = next(iter(by(told, "box").values()))
    where = " and ".join(
        f"{row['factor']} is {number(row['low'])} to {number(row['high'])}" for row in first
    )
    return (
        f"{case}: {percent(first[0]['coverage'])} of the cases lie where {where}; "
        f"{percent(first[0]['density'])} of what lies there is one"
    )
