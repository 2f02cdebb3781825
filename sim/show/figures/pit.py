"""Where what came lies in its forecast: the probability integral transform, by horizon."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.show.figures import style
from sim.show.figures.about import About
from sim.show.figures.counts import percent
from sim.show.figures.table import Row, Table, some
from sim.show.forecast_tables import ahead

if TYPE_CHECKING:
    import plotly.graph_objects as go


def pit(scores: Table, about: About) -> go.Figure:
    """Origins by the part of the forecast in which the record lies; dashed: a perfect forecast.

    Args:
        scores: one forecaster's rows: `horizon_weeks`, `origins`, `pit` (counts of bins).
        about: the backtest.
    """
    from plotly.subplots import make_subplots

    told = some(scores)
    heads = [f"{ahead(row['horizon_weeks'])} ahead, {row['origins']} origins" for row in told]
    figure = make_subplots(rows=1, cols=len(told), subplot_titles=heads, shared_yaxes=True,
                           horizontal_spacing=0.04)  # fmt: skip
    for place, row in enumerate(told, 1):
        n = len(row["pit"])
        names = [f"{100 * i // n}–{100 * (i + 1) // n}" for i in range(n)]
        figure.add_bar(
            x=names,
            y=list(row["pit"]),
            marker={"color": style.NARROW, "line": {"color": style.MEDIAN, "width": 1.2}},
            hovertemplate="%{y} origins<extra></extra>",
            row=1,
            col=place,
        )
        figure.add_hline(y=sum(row["pit"]) / n, line=style.line(style.RECORD, "dash", 1.5), row=1,
                         col=place)  # fmt: skip
    figure.update_yaxes(title_text="origins", col=1)
    figure.update_xaxes(title_text="part of the forecast, %", type="category")
    return style.finished(figure, title(told), told, about, 390, legend=False, heads=True)


def title(told: list[Row]) -> str:
    """How much of what came lies in the highest and the lowest part, horizon by horizon."""
    when = ", ".join(str(row["horizon_weeks"]) for row in told)
    high, low = (
        ", ".join(percent(row["pit"][end] / sum(row["pit"])) for row in told) for end in (-1, 0)
    )
    return (
        f"Of what came {when} weeks ahead, {high} lies in the highest part of the forecast and "
        f"{low} in the lowest; a perfect forecast has {percent(1 / len(told[0]['pit']))} in each"
    )
