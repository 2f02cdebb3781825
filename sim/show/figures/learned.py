"""Prior to posterior: what the record taught of each quantity."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sim.show.figures import style
from sim.show.figures.about import About
from sim.show.figures.counts import number, percent
from sim.show.figures.table import Row, Table, by, column, some

if TYPE_CHECKING:
    import plotly.graph_objects as go

CALIBRATED, INFORMED, IDLE = "calibrated", "informed", "driven by the prior"
LOOKS = {
    CALIBRATED: (style.MEDIAN, "circle"),
    INFORMED: ("#D55E00", "square"),
    IDLE: (style.GREY, "circle-open"),
}
"""How each verdict is drawn."""
SHOWN = 40


def learned(table: Table, about: About, most: int = SHOWN) -> go.Figure:
    """Each quantity's posterior interval on the scale of its own prior, where that is flat.

    A quantity of which nothing was learnt spans the grey band, 5 to 95 %, with its median in
    the middle.

    Args:
        table: rows of `sim.compare.tables.Learned`, most contracted first.
        about: the fit.
        most: how many quantities are drawn; the title counts all.
    """
    import plotly.graph_objects as go

    told = some(table)
    shown = told[:most]
    names = column(shown, "key")
    figure = go.Figure()
    figure.add_vrect(x0=0.05, x1=0.95, fillcolor=style.GRID, opacity=0.5, line_width=0,
                     layer="below")  # fmt: skip
    for verdict, own in by(shown, "verdict").items():
        colour, symbol = LOOKS[verdict]
        figure.add_scatter(
            x=column(own, "place_median"),
            y=column(own, "key"),
            mode="markers",
            name=verdict,
            marker={"symbol": symbol, "size": 9, "color": colour, "line": {"width": 1.5}},
            error_x={
                "type": "data",
                "symmetric": False,
                "array": [row["place_high90"] - row["place_median"] for row in own],
                "arrayminus": [row["place_median"] - row["place_low90"] for row in own],
                "color": colour,
                "thickness": 2,
            },
            customdata=[_spans(row) for row in own],
            hovertemplate="%{y}: prior %{customdata[0]}, posterior %{customdata[1]}<extra></extra>",
        )
    figure.update_xaxes(
        range=[-0.02, 1.02],
        tickformat=".0%",
        title_text="probability of the prior below (90 % interval, median)",
    )
    figure.update_yaxes(categoryorder="array", categoryarray=names[::-1], tickfont={"size": 11},
                        range=[-0.8, len(names) - 0.2])  # fmt: skip
    return style.finished(figure, title(told, len(shown)), told, about, 190 + 19 * len(names))


def _spans(row: Row) -> list[str]:
    found = []
    for of in ("prior_", ""):
        low, median, high = (number(row[f"{of}{name}"]) for name in ("low90", "median", "high90"))
        found.append(f"{median} ({low} to {high})")
    return found


def title(told: list[Row], shown: int) -> str:
    """How many quantities the record settles, informs, and leaves to the prior."""
    counts = {verdict: sum(row["verdict"] == verdict for row in told) for verdict in LOOKS}
    found = (
        f"The record settles {counts[CALIBRATED]} of {len(told)} quantities, says something of "
        f"{counts[INFORMED]} and leaves {counts[IDLE]} to their priors"
    )
    return found if shown >= len(told) else f"{found} (the {shown} most contracted are shown)"


def marginal(row: Any, about: About) -> go.Figure:
    """One quantity: posterior draws over twenty pieces of equal prior probability.

    Args:
        row: of `sim.compare.tables.Learned`.
        about: the fit.
    """
    import plotly.graph_objects as go

    told = some([row])[0]
    n = len(told["bins"])
    figure = go.Figure(
        go.Bar(
            x=[(i + 0.5) / n for i in range(n)],
            y=list(told["bins"]),
            width=0.92 / n,
            name="posterior",
            marker={"color": style.NARROW, "line": {"color": style.MEDIAN, "width": 1.2}},
            hovertemplate="%{y:.1%} of draws<extra></extra>",
        )
    )
    figure.add_hline(y=1 / n, line=style.line(style.RECORD, "dash", 1.5),
                     annotation_text="the prior", annotation_position="top right")  # fmt: skip
    at = [i for i in range(n - 1) if i % 3 == 0]
    figure.update_xaxes(tickvals=[(i + 1) / n for i in at],
                        ticktext=[number(told["edges"][i]) for i in at],
                        range=[0, 1], title_text=f"{told['key']} (even in the prior)")  # fmt: skip
    figure.update_yaxes(tickformat=".0%", title_text="share of posterior draws", rangemode="tozero")
    words = (
        f"{told['key']}: the record takes away {percent(max(0.0, told['contraction']))} of the "
        f"prior's variance ({told['verdict']}); median {number(told['prior_median'])} before, "
        f"{number(told['median'])} after"
    )
    return style.finished(figure, words, [told], about, 360, legend=False)
