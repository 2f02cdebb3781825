"""Shares by rung, policy beside policy: how high futures climb, where their days are spent."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.show.figures import style
from sim.show.figures.about import About
from sim.show.figures.counts import percent
from sim.show.figures.table import Row, Table, by, column, some

if TYPE_CHECKING:
    import plotly.graph_objects as go

RECORD = "the record"


def shares(table: Table, what: str, about: About) -> go.Figure:
    """Bars side by side for each rung; the record's are black outlines.

    Args:
        table: rows with `name` (a policy, or "the record"), `rung`, `share`.
        what: of what the shares are, such as "futures by their highest rung".
        about: the study.
    """
    import plotly.graph_objects as go

    told = some(table)
    figure = go.Figure()
    for i, (name, own) in enumerate(by(told, "name").items()):
        look = style.Look(style.RECORD, "solid", "circle", "") if name == RECORD else style.look(i)
        figure.add_bar(
            x=column(own, "rung"),
            y=column(own, "share"),
            name=style.words(name),
            marker=style.filled(look, [name != RECORD] * len(own)),
            hovertemplate="rung %{x}: %{y:.1%}<extra>%{fullData.name}</extra>",
        )
    figure.update_layout(barmode="group", bargap=0.25)
    figure.update_xaxes(title_text="rung", dtick=1, showgrid=False)
    figure.update_yaxes(title_text=f"share of {what.split()[0]}", tickformat=".0%")
    return style.finished(figure, title(told, what), told, about, 380)


def title(told: list[Row], what: str) -> str:
    """The share on rung 7 or above, name by name."""
    high = {
        name: sum(row["share"] for row in own if row["rung"] >= 7)
        for name, own in by(told, "name").items()
    }
    found = ", ".join(f"{percent(share)} under {name}" for name, share in high.items()
                      if name != RECORD)  # fmt: skip
    told_of = f"; of the record's {percent(high[RECORD])}" if RECORD in high else ""
    return f"{what.capitalize()}, on rung 7 or above: {found}{told_of}"
