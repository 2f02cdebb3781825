"""Time to a rung: the share of futures that have reached it, with censoring, by policy."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.ladder import RUNGS
from sim.show.figures import style
from sim.show.figures.about import About
from sim.show.figures.counts import number, percent
from sim.show.figures.table import Row, Table, by, column, some

if TYPE_CHECKING:
    import plotly.graph_objects as go


def survival(reaches: Table, about: About) -> go.Figure:
    """A panel for each rung, a step for each policy with its 95 % interval; dotted: the record.

    Args:
        reaches: rows of `sim.compare.tables.Reach`.
        about: what they were made from.
    """
    from plotly.subplots import make_subplots

    told = some(reaches)
    rungs, policies = sorted(by(told, "rung")), list(by(told, "policy"))
    heads = [f"rung {rung} or above" for rung in rungs]
    figure = make_subplots(rows=1, cols=len(rungs), shared_yaxes=True, subplot_titles=heads,
                           horizontal_spacing=0.03)  # fmt: skip
    for place, rung in enumerate(rungs, 1):
        for i, policy in enumerate(policies):
            own = [row for row in told if (row["rung"], row["policy"]) == (rung, policy)]
            for trace in _curve(own, style.look(i), legend=place == 1):
                figure.add_trace(trace, row=1, col=place)
        day = next((row["recorded"] for row in told if row["rung"] == rung), None)
        if day is not None:
            figure.add_vline(x=day, line=style.line(style.RECORD, "dot", 1.5), row=1, col=place,
                             annotation_text="record", annotation_font_size=11,
                             annotation_position="bottom right")  # fmt: skip
    figure.update_xaxes(title_text="days", rangemode="tozero")
    figure.update_yaxes(range=[0, 1.02], tickformat=".0%")
    figure.update_yaxes(title_text="share that has reached it", col=1)
    return style.finished(figure, title(told), told, about, height=410, heads=True)


def _curve(own: list[Row], look: style.Look, legend: bool) -> list[go.Scatter]:
    import plotly.graph_objects as go

    x, name = column(own, "day"), style.words(own[0]["policy"])
    edge = {"x": x, "mode": "lines", "line": {"width": 0, "shape": "hv"}, "legendgroup": name,
            "showlegend": False, "hoverinfo": "skip"}  # fmt: skip
    line = {**style.line(look.colour, look.dash), "shape": "hv"}
    return [
        go.Scatter(y=column(own, "low95"), name=f"{name}, low end", **edge),
        go.Scatter(y=column(own, "high95"), name=f"{name}, 95 %", fill="tonexty",
                   fillcolor=style.rgba(look.colour, 0.18), **edge),
        go.Scatter(x=x, y=column(own, "reached"), mode="lines", line=line, name=name,
                   legendgroup=name, showlegend=legend,
                   hovertemplate="day %{x:.0f}: %{y:.0%}"),
    ]  # fmt: skip


def title(told: list[Row]) -> str:
    """How many ever reach the highest rung that is looked at, policy by policy."""
    rung = max(row["rung"] for row in told)
    own = by([row for row in told if row["rung"] == rung], "policy")
    shares = [f"{percent(part[-1]['reached'])} under {name}" for name, part in own.items()]
    found = f"Rung {rung} ({RUNGS[rung]}) or above is reached by " + ", ".join(shares)
    if len(own) == 1:
        found = found.partition(" under ")[0] + " of replications"
    days = {row["recorded"] for row in told if row["rung"] == rung} - {None}
    return found + (f"; the record got there on day {number(days.pop())}" if days else "")
