"""Does a contrast keep its sign over what the record can't tell: the sign-flip table, drawn."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.show.figures import style
from sim.show.figures.about import About
from sim.show.figures.counts import percent
from sim.show.figures.table import Table, column, some
from sim.study.signs import HOLDS

if TYPE_CHECKING:
    import plotly.graph_objects as go

ROOM = 0.5
"""A bar that is shorter has its words beside it: inside one of 0 % they would not be seen."""


def signs(lines: Table, measure: str, verdict: str, about: About) -> go.Figure:
    """For each axis and level the share of draws in which the sign of all holds.

    The line is the share from which a sign is claimed.

    Args:
        lines: rows of `sim.study.signs.Line`.
        measure: of what, in words.
        verdict: what may be concluded.
        about: what they were made from.
    """
    import plotly.graph_objects as go

    told = some(lines)
    names = [f"{row['axis']}: {row['level']}" for row in told]
    figure = go.Figure(
        go.Bar(
            x=column(told, "holds"),
            y=names,
            orientation="h",
            marker={
                "color": [style.NARROW if row["holds"] >= HOLDS else "#ffffff" for row in told],
                "line": {"color": style.MEDIAN, "width": 1.4},
                "pattern": {"shape": ["" if row["holds"] >= HOLDS else "/" for row in told],
                            "fgcolor": style.MISSED},
            },
            text=[f"{percent(row['holds'])} of {row['draws']}, mean {row['difference']:+.3g}"
                  for row in told],
            textposition=["inside" if row["holds"] >= ROOM else "outside" for row in told],
            insidetextanchor="start",
            textfont={"color": style.INK},
            hovertemplate="%{y}: the sign holds in %{x:.0%}<extra></extra>",
        )
    )  # fmt: skip
    figure.add_vline(x=HOLDS, line=style.line(style.RECORD, "dash", 1.5))
    figure.update_xaxes(range=[0, 1], tickformat=".0%", title_text="share of worlds with the sign")
    figure.update_yaxes(autorange="reversed", showgrid=False)
    n = sum(row["holds"] >= HOLDS for row in told)
    words = (
        f"{measure}: {verdict}; the sign holds in {percent(HOLDS)} of worlds or more at "
        f"{n} of {len(told)} levels"
    )
    return style.finished(figure, words, told, about, 150 + 26 * len(told), legend=False)
