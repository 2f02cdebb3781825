"""Simulation-based calibration: are the truth's ranks uniform?"""

from __future__ import annotations

from math import log, sqrt
from typing import TYPE_CHECKING

from sim.show.figures import style
from sim.show.figures.about import About
from sim.show.figures.counts import plural
from sim.show.figures.table import Table, by, some

if TYPE_CHECKING:
    import plotly.graph_objects as go

ALPHA = 0.01
GRID = [i / 40 for i in range(41)]


def ranks(table: Table, about: About) -> go.Figure:
    """The distribution of each quantity's ranks less the uniform one, and a 99 % band.

    The band is Dvoretzky, Kiefer and Wolfowitz's, widened for the number of quantities; what
    leaves it is drawn heavy and named.

    Args:
        table: a row for each history and quantity: `key`, `rank` in (0, 1), unknown ``None``.
        about: the check.
    """
    import plotly.graph_objects as go

    told = [row for row in some(table) if row["rank"] is not None]
    found = {key: sorted(row["rank"] for row in own) for key, own in by(told, "key").items()}
    half = {key: band(len(own), len(found)) for key, own in found.items()}
    figure, widest = go.Figure(), max(half.values())
    figure.add_hrect(y0=-widest, y1=widest, fillcolor=style.WIDE, opacity=0.7, line_width=0,
                     layer="below")  # fmt: skip
    out = _outside(found, half)
    for key, own in found.items():
        bad = key in out
        look = style.look(1 + out.index(key)) if bad else style.look(0)
        figure.add_scatter(
            x=GRID,
            y=excess(own),
            mode="lines",
            line=style.line(look.colour if bad else style.rgba(style.INK, 0.3),
                            look.dash if bad else "solid", 2.4 if bad else 1.0),
            name=style.words(key),
            showlegend=bad,
            hovertemplate="%{fullData.name}: %{y:+.3f}<extra></extra>",
        )  # fmt: skip
    figure.update_xaxes(title_text="rank of the truth among its posterior's draws", range=[0, 1])
    figure.update_yaxes(title_text="share below, less the uniform")
    return style.finished(figure, title(found, out), told, about, 430)


def excess(ordered: list[float]) -> list[float]:
    """The share of ranks up to each point of the grid, less that point.

    >>> excess([0.5])[0], excess([0.5])[20], excess([0.5])[40]
    (0.0, 0.5, 0.0)
    """
    from bisect import bisect_right

    return [bisect_right(ordered, x) / len(ordered) - x for x in GRID]


def band(histories: int, quantities: int) -> float:
    """Half the width that all curves together keep to with probability 99 % or more."""
    return sqrt(log(2.0 * quantities / ALPHA) / (2.0 * histories))


def _outside(found: dict[str, list[float]], half: dict[str, float]) -> list[str]:
    return [key for key, own in found.items() if max(map(abs, excess(own))) > half[key]]


def title(found: dict[str, list[float]], out: list[str]) -> str:
    """Whether all ranks are uniform as far as so many histories can show."""
    n = max(len(own) for own in found.values())
    good = f"{len(found) - len(out)} of {plural(len(found), 'quantity', 'quantities')}"
    told = f"Ranks over {plural(n, 'history', 'histories')} are uniform for {good}"
    return told + (f"; not for {', '.join(out[:4])}" if out else ", as far as so many can show")
