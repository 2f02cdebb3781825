"""Escalation paths as a flow: by which rungs campaigns climb, the record's way marked."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise
from textwrap import wrap
from typing import TYPE_CHECKING

from sim.ladder import RUNGS
from sim.show.figures import style
from sim.show.figures.about import About
from sim.show.figures.counts import percent
from sim.show.figures.table import Row, Table, some

if TYPE_CHECKING:
    import plotly.graph_objects as go

ARROW = " → "


def flow(climbs: Table, about: About) -> go.Figure:
    """A Sankey diagram: each link is the replications that climb from one high to the next.

    Links that the record climbed too are dark; one that it alone took is not drawn, for it
    has no width, and the title says so.

    Args:
        climbs: rows of `sim.compare.tables.Climb`.
        about: what they were made from.
    """
    import plotly.graph_objects as go

    told = some(climbs)
    links = _links(told)
    used = sorted({rung for link in links for rung in link})
    own = _recorded(told)
    x = [0.02 + 0.96 * i / max(1, len(used) - 1) for i in range(len(used))]
    figure = go.Figure(
        go.Sankey(
            arrangement="snap",
            node={
                "label": [str(rung) for rung in used],
                "customdata": [RUNGS[rung] for rung in used],
                "hovertemplate": "rung %{label}, %{customdata}: %{value}<extra></extra>",
                "color": [style.RUNG_COLOURS[rung] for rung in used],
                "line": {"color": style.GREY, "width": 0.5},
                "pad": 18,
                "thickness": 16,
                "x": x,
                "y": [0.5] * len(used),
            },
            link={
                "source": [used.index(a) for a, _ in links],
                "target": [used.index(b) for _, b in links],
                "value": list(links.values()),
                "color": [style.rgba(style.RECORD, 0.55) if link in own
                          else style.rgba("#0072B2", 0.25) for link in links],
                "customdata": ["the record climbed here too" if link in own else ""
                               for link in links],
                "hovertemplate": "%{source.label} → %{target.label}: %{value} replications "
                                 "%{customdata}<extra></extra>",
            },
        )
    )  # fmt: skip
    key = wrap(" · ".join(f"{rung} {RUNGS[rung]}" for rung in used), style.TITLE_CHARACTERS + 20)
    figure.add_annotation(text="<br>".join([*key, "dark: the record climbed here too"]), x=0,
                          y=-0.04, xref="paper", yref="paper", yanchor="top", xanchor="left",
                          align="left", showarrow=False, font={"size": 12})  # fmt: skip
    return style.finished(figure, title(told), told, about, height=540)


def _rungs(row: Row) -> list[int]:
    return [int(rung) for rung in row["path"].split(ARROW)]


def _links(told: list[Row]) -> dict[tuple[int, int], int]:
    """How many replications climb from a high to the next."""
    counts = Counter[tuple[int, int]]()
    for row in told:
        if row["replications"]:
            counts.update({link: row["replications"] for link in pairwise(_rungs(row))})
    return dict(sorted(counts.items()))


def _recorded(told: list[Row]) -> set[tuple[int, int]]:
    return {link for row in told if row["recorded"] for link in pairwise(_rungs(row))}


def title(told: list[Row]) -> str:
    """The commonest way up, its share, and how many share the record's."""
    first = told[0]
    found = f"The commonest climb, {first['path']}, is that of {percent(first['share'])}"
    own = [row for row in told if row["recorded"]]
    if not own:
        return f"{found} of replications"
    row = own[0]
    whose = percent(row["share"]) if row["replications"] else "no replication"
    return f"{found} of replications; the record's, {row['path']}, that of {whose}"
