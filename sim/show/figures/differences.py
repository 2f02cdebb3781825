"""Two policies on the same draws: each measure's paired difference with its interval."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.show.figures import style
from sim.show.figures.about import About
from sim.show.figures.counts import plural
from sim.show.figures.table import Row, Table, by, column, some

if TYPE_CHECKING:
    import plotly.graph_objects as go


def differences(contrasts: Table, about: About) -> go.Figure:
    """A row for each measure and policy, a panel for each unit, zero marked.

    Filled where the 95 % interval leaves out zero, hollow where it holds it or is not known.

    Args:
        contrasts: rows of `sim.compare.contrasts.Contrast`.
        about: what they were made from.
    """
    from plotly.subplots import make_subplots

    told = some(contrasts)
    units, policies = by(told, "unit"), list(by(told, "policy"))
    heights = [0.4 + len(by(own, "label")) for own in units.values()]
    panels = 42 * len(units) + 30 * len(by(told, "label"))
    figure = make_subplots(rows=len(units), cols=1, row_heights=heights,
                           vertical_spacing=min(44 / panels, 0.9 / len(units)))  # fmt: skip
    for place, own in enumerate(units.values(), 1):
        for i, policy in enumerate(policies):
            part = [row for row in own if row["policy"] == policy]
            figure.add_trace(_trace(part, i, len(policies), place == 1), row=place, col=1)
        labels = list(by(own, "label"))
        figure.update_yaxes(tickvals=list(range(len(labels))), ticktext=labels,
                            range=[len(labels) - 0.4, -0.6], showgrid=False, row=place)  # fmt: skip
        figure.add_annotation(text=style.words(own[0]["unit"]), x=0, y=1, row=place, col=1,
                              xref="x domain", yref="y domain", xanchor="left", xshift=4,
                              yanchor="bottom", showarrow=False,
                              font={"size": 12, "color": style.GREY})  # fmt: skip
        figure.add_vline(x=0, line=style.line(style.GREY, "dot", 1.2), row=place, col=1)
    legend = len(policies) > 1
    return style.finished(figure, title(told), told, about, 190 + panels, legend, heads=True)


def _trace(part: list[Row], i: int, of: int, legend: bool) -> go.Scatter:
    import plotly.graph_objects as go

    look, labels = style.look(i), list(by(part, "label"))
    told = column(part, "difference")
    ends = [(row["difference"] if row["low95"] is None else row["low95"],
             row["difference"] if row["high95"] is None else row["high95"])
            for row in part]  # fmt: skip
    known = [row["low95"] is not None for row in part]
    sure = [k and (low > 0.0 or high < 0.0) for k, (low, high) in zip(known, ends, strict=True)]
    return go.Scatter(
        x=told,
        y=[labels.index(row["label"]) + 0.24 * (i - (of - 1) / 2) for row in part],
        error_x={
            "type": "data",
            "symmetric": False,
            "array": [high - d for d, (_, high) in zip(told, ends, strict=True)],
            "arrayminus": [d - low for d, (low, _) in zip(told, ends, strict=True)],
            "color": look.colour,
            "thickness": 2,
        },
        mode="markers",
        marker={
            "symbol": [look.marker if each else f"{look.marker}-open" for each in sure],
            "size": 10,
            "color": look.colour,
            "line": {"width": 2, "color": look.colour},
        },
        name=style.words(f"{part[0]['policy']} less {part[0]['against']}"),
        legendgroup=str(i),
        showlegend=legend,
        customdata=column(part, "label"),
        hovertemplate="%{customdata}: %{x:.3g}<extra>%{fullData.name}</extra>",
    )


def title(told: list[Row]) -> str:
    """How many differences are told from zero, policy by policy, and what they compare."""
    found = []
    for policy, own in by(told, "policy").items():
        known = [row for row in own if row["low95"] is not None]
        more = [row["label"] for row in known if row["low95"] > 0.0]
        less = [row["label"] for row in known if row["high95"] < 0.0]
        words = f"{policy} against {own[0]['against']}: "
        if not more and not less:
            found.append(f"{words}no difference can be told from none")
            continue
        parts = [f"{side}: {_some(names)}" for side, names in (("higher", more), ("lower", less))
                 if names]  # fmt: skip
        rest = len(known) - len(more) - len(less)
        parts += [f"{plural(rest, 'measure')} can't be told from none"] if rest else []
        found.append(words + "; ".join(parts))
    return ". ".join(found)


def _some(names: list[str], most: int = 3) -> str:
    more = f" and {len(names) - most} more" if len(names) > most else ""
    return ", ".join(names[:most]) + more
