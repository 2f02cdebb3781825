"""Coverage: how often intervals hold what they are to hold."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.show.figures import style
from sim.show.figures.about import About
from sim.show.figures.counts import percent
from sim.show.figures.table import Row, Table, by, column, rows, some

if TYPE_CHECKING:
    import plotly.graph_objects as go


def coverage(table: Table, about: About) -> go.Figure:
    """A panel for each level: the share held by name, where a perfect forecast's would lie.

    Args:
        table: rows with `name`, `level`, `share`, and `low`, `high`: between which the share of
            a perfect forecast lies (``None``: not told).
        about: the check or backtest.
    """
    from plotly.subplots import make_subplots

    told = some(table)
    names, levels = list(by(told, "name")), by(told, "level")
    heads = [f"central {100 * level:.0f} %" for level in levels]
    figure = make_subplots(rows=1, cols=len(levels), shared_yaxes=True, subplot_titles=heads,
                           horizontal_spacing=0.03)  # fmt: skip
    for place, (level, own) in enumerate(levels.items(), 1):
        for trace in _panel(own, legend=place == 1):
            figure.add_trace(trace, row=1, col=place)
        figure.add_vline(x=level, line=style.line(style.RECORD, "dash", 1.3), row=1, col=place)
    figure.update_layout(barmode="overlay")
    figure.update_xaxes(range=[0, 1.05], dtick=0.25, tickformat=".0%", title_text="share held")
    figure.update_yaxes(categoryorder="array", categoryarray=names[::-1], showgrid=False)
    return style.finished(figure, title(told), told, about, 210 + 24 * len(names), heads=True)


def _panel(own: list[Row], legend: bool) -> list[go.Bar | go.Scatter]:
    import plotly.graph_objects as go

    banded = [row for row in own if row["low"] is not None]
    bars = go.Bar(
        x=[row["high"] - row["low"] for row in banded],
        base=column(banded, "low"),
        y=column(banded, "name"),
        orientation="h",
        marker={"color": style.WIDE},
        width=0.6,
        name="where a perfect one lies, 99 %",
        legendgroup="band",
        showlegend=legend,
        hoverinfo="skip",
    )
    inside = [row["low"] is None or row["low"] <= row["share"] <= row["high"] for row in own]
    look = style.LOOKS[0]
    marks = go.Scatter(
        x=column(own, "share"),
        y=column(own, "name"),
        mode="markers",
        marker={
            "symbol": ["circle" if each else "x" for each in inside],
            "size": 10,
            "color": [look.colour if each else style.MISSED for each in inside],
        },
        name="share held (a cross: outside)",
        legendgroup="share",
        showlegend=legend,
        hovertemplate="%{y}: %{x:.0%}<extra></extra>",
    )
    return [bars, marks]


def title(told: list[Row]) -> str:
    """How many names keep within what chance allows, level by level."""
    found = []
    for level, own in by(told, "level").items():
        known = [row for row in own if row["low"] is not None]
        if known:
            inside = sum(row["low"] <= row["share"] <= row["high"] for row in known)
            found.append(f"{level:.0%}: {inside} of {len(known)}")
        else:
            shares = [row["share"] for row in own]
            found.append(f"{level:.0%}: {percent(min(shares))} to {percent(max(shares))} held")
    return f"Intervals that hold as much as chance allows, by level: {'; '.join(found)}"


LEVELS = (0.5, 0.9, 0.95)
"""The intervals of which `calibration`'s tables tell."""


def of_ranks(verdicts: Table) -> list[Row]:
    """Rows from the verdicts of simulation-based calibration, with binomial 99 % bands."""
    from scipy import stats

    found = []
    for row in rows(verdicts):
        for level in LEVELS:
            n = int(row["histories"])
            low, high = (stats.binom.ppf(p, n, level) / n for p in (0.005, 0.995))
            share = float(row[f"coverage_{100 * level:.0f}"])
            found.append({"name": row["key"], "level": level, "share": share,
                          "low": float(low), "high": float(high)})  # fmt: skip
    return found


def of_scores(scores: Table) -> list[Row]:
    """Rows from a backtest's scores, by horizon and forecaster; windows overlap, so no band.

    Forecasts one week ahead do not overlap: theirs has the binomial's central 99 %.
    """
    from scipy import stats

    from sim.show.forecast_tables import ahead

    found = []
    for row in rows(scores):
        for level in (0.5, 0.9):
            low = high = None
            n, weeks = int(row["origins"]), row["horizon_weeks"]
            if weeks == 1:
                low, high = (float(stats.binom.ppf(p, n, level)) / n for p in (0.005, 0.995))
            name, share = f"{row['model']}, {ahead(weeks)}", row[f"coverage{100 * level:.0f}"]
            found.append({"name": name, "level": level, "share": share, "low": low, "high": high})
    return found
