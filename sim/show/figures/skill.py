"""Skill: every forecaster's error as a multiple of the simulator's, by horizon."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.show.figures import style
from sim.show.figures.about import About
from sim.show.figures.table import Row, Table, by, column, some
from sim.show.forecast_tables import OURS, Told, ahead

if TYPE_CHECKING:
    import plotly.graph_objects as go


def skill(table: Table, about: About) -> go.Figure:
    """A panel for each horizon; right of the line a forecaster is worse than the simulator.

    Args:
        table: `model`, `horizon_weeks`, `ratio`, and `low90`, `high90` (``None``: not told).
        about: the backtest.
    """
    from plotly.subplots import make_subplots

    told = some(table)
    parts = list(by(told, "horizon_weeks").items())
    names = list(by(told, "model"))
    heads = [f"{ahead(weeks)} ahead" for weeks, _ in parts]
    figure = make_subplots(rows=1, cols=len(parts), shared_yaxes=True, horizontal_spacing=0.03,
                           subplot_titles=heads)  # fmt: skip
    for place, (_, own) in enumerate(parts, 1):
        figure.add_scatter(
            x=column(own, "ratio"),
            y=column(own, "model"),
            mode="markers",
            marker={
                "symbol": ["square" if row["model"] == OURS else "circle-open" for row in own],
                "size": 10,
                "color": [style.RECORD if row["model"] == OURS else style.LOOKS[0].colour
                          for row in own],
                "line": {"width": 2},
            },
            error_x=_ends(own),
            hovertemplate="%{y}: %{x:.2f}<extra></extra>",
            row=1,
            col=place,
        )  # fmt: skip
        figure.add_vline(x=1, line=style.line(style.GREY, "dash", 1.2), row=1, col=place)
    figure.update_yaxes(categoryorder="array", categoryarray=names[::-1], showgrid=False)
    figure.update_xaxes(rangemode="tozero")
    figure.update_xaxes(title_text="mean CRPS, the simulator's = 1", col=(len(parts) + 1) // 2)
    return style.finished(figure, title(told), told, about, 200 + 24 * len(names), False, True)


def _ends(own: list[Row]) -> dict[str, object]:
    """The intervals, where they are told."""
    told = [(row["ratio"], row["low90"], row["high90"]) for row in own]
    return {
        "type": "data",
        "symmetric": False,
        "array": [None if high is None else high - ratio for ratio, _, high in told],
        "arrayminus": [None if low is None else ratio - low for ratio, low, _ in told],
        "color": style.LOOKS[0].colour,
        "thickness": 2,
    }


def title(told: list[Row]) -> str:
    """How many forecasters the simulator beats, horizon by horizon."""
    found = []
    for weeks, own in by(told, "horizon_weeks").items():
        others = [row for row in own if row["model"] != OURS]
        worse = sum(row["ratio"] > 1.0 for row in others)
        found.append(f"{ahead(weeks)} ahead {worse} of {len(others)}")
    return f"The simulator's mean CRPS is below that of: {'; '.join(found)}"


def of_backtest(told: Told) -> list[Row]:
    """Rows from a backtest: ratios, and the ends that the paired difference leaves."""
    found = []
    for weeks in told.horizons:
        scores = told.at(weeks)
        own = next(s["crps"] for s in scores if s["model"] == OURS) or 1.0
        for score in scores:
            line = told.against(score["model"], weeks)
            known = line.get("low90") is not None
            found.append({
                "model": score["model"],
                "horizon_weeks": weeks,
                "ratio": score["crps"] / own,
                "low90": 1.0 - line["high90"] / own if known else None,
                "high90": 1.0 - line["low90"] / own if known else None,
            })  # fmt: skip
    return found
