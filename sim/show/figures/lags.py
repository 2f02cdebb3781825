"""Response lags: how soon strikes answer attacks and attacks answer strikes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.show.figures import style
from sim.show.figures.about import About
from sim.show.figures.counts import number, percent, sentence
from sim.show.figures.table import Row, Table, by, column, some

if TYPE_CHECKING:
    import plotly.graph_objects as go


def lags(table: Table, about: About) -> go.Figure:
    """The share of replications whose median lag is at most so long; dotted: the record's.

    Args:
        table: rows of `sim.compare.tables.Lag`.
        about: what they were made from.
    """
    from plotly.subplots import make_subplots

    told = some(table)
    parts = list(by(told, "label").items())
    figure = make_subplots(rows=1, cols=len(parts), shared_yaxes=True, horizontal_spacing=0.05,
                           subplot_titles=[name for name, _ in parts])  # fmt: skip
    for place, (name, own) in enumerate(parts, 1):
        look = style.look(place - 1)
        figure.add_scatter(
            x=[0, *column(own, "days")],
            y=[0, *column(own, "share")],
            mode="lines",
            line={**style.line(look.colour, look.dash), "shape": "hv"},
            name=name,
            hovertemplate="%{y:.0%} within %{x:g} days<extra></extra>",
            row=1,
            col=place,
        )
        if own[0]["recorded"] is not None:
            figure.add_vline(x=own[0]["recorded"], line=style.line(style.RECORD, "dot"), row=1,
                             col=place, annotation_text="record",
                             annotation_position="bottom right")  # fmt: skip
        far = next((row["days"] for row in own if row["share"] >= 0.98), own[-1]["days"])
        figure.update_xaxes(range=[0, 1.1 * max(far, own[0]["recorded"] or 0, 1)], col=place)
    figure.update_xaxes(title_text="median lag of a replication, days")
    figure.update_yaxes(range=[0, 1.02], tickformat=".0%")
    figure.update_yaxes(title_text="share of replications", col=1)
    return style.finished(figure, title(told), told, about, height=400, legend=False, heads=True)


def title(told: list[Row]) -> str:
    """Where the record's medians lie among the replications'."""
    found = []
    for name, own in by(told, "label").items():
        middle = next(row["days"] for row in own if row["share"] >= 0.5)
        words = f"{name}, {number(middle)} days in the middle replication"
        recorded = own[0]["recorded"]
        if recorded is not None:
            shorter = max([row["share"] for row in own if row["days"] <= recorded], default=0.0)
            words += f" and {number(recorded)} in the record ({percent(shorter)} are as fast)"
        found.append(words)
    return sentence("; ".join(found))
