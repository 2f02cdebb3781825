"""Is a contrast's sign the same over what the record can't tell: the sign-flip table, drawn."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sim.show.figures import style
from sim.show.figures.about import About
from sim.show.figures.table import Table, some
from sim.study.signs import HOLDS

if TYPE_CHECKING:
    import plotly.graph_objects as go

SIDES: dict[str, dict[str, Any]] = {
    "more": {"color": style.NARROW},
    "unresolved": {"color": "#ffffff"},
    "less": {"color": "#ffffff", "pattern": {"shape": "/", "fgcolor": style.MISSED}},
}
"""From left to right, so that what is claimed reaches from its side across the far line."""


def signs(lines: Table, measure: str, verdict: str, about: About) -> go.Figure:
    """For each axis and level the shares of worlds whose difference is more, less or unresolved.

    The lines are the shares from which a sign is claimed, more from the left, less from the right.

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
        [
            go.Bar(
                x=[row[side] / row["draws"] for row in told],
                y=names,
                orientation="h",
                name=side,
                marker={**look, "line": {"color": style.MEDIAN, "width": 1.4}},
                text=[row[side] or "" for row in told],
                textposition="inside",
                insidetextanchor="middle",
                textfont={"color": style.INK},
                customdata=[[row["draws"], row["difference"]] for row in told],
                hovertemplate=f"%{{y}}: %{{text}} of %{{customdata[0]}} {side}, "
                "mean %{customdata[1]:+.3g}<extra></extra>",
            )
            for side, look in SIDES.items()
        ]
    )
    for share in (1.0 - HOLDS, HOLDS):
        figure.add_vline(x=share, line=style.line(style.RECORD, "dash", 1.5))
    figure.update_layout(barmode="stack")
    figure.update_xaxes(range=[0, 1], tickformat=".0%", title_text="share of worlds")
    figure.update_yaxes(autorange="reversed", showgrid=False)
    own = [row for row in told if row["axis"] == told[0]["axis"]]
    worlds, open_ = (sum(row[key] for row in own) for key in ("draws", "unresolved"))
    words = f"{measure}: {verdict}; the sign is resolved in {worlds - open_} of {worlds} worlds"
    return style.finished(figure, words, told, about, 190 + 26 * len(told))
