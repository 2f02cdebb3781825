"""How every figure looks: one palette, one font, and never colour alone.

The colours are Okabe and Ito's, which the colour-blind tell apart; what they part is parted
by a dash, a marker or a hatching too, so that a figure reads in grey. The rungs' own scale
is cividis, whose lightness falls evenly.
"""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from textwrap import wrap
from typing import TYPE_CHECKING, Any, NamedTuple

from sim.show.figures.about import About
from sim.show.figures.table import Row

if TYPE_CHECKING:
    import plotly.graph_objects as go

INK, GREY, GRID = "#111111", "#5c5c5c", "#e2e2e2"
WIDE, NARROW, MEDIAN = "#d6e4f0", "#8fb3d3", "#0b3c6f"
"""The central 90 %, the central 50 % and the median of what is simulated."""
RECORD = "#000000"
MISSED = "#D55E00"
FONT = "Helvetica, Arial, 'Liberation Sans', sans-serif"
TITLE_CHARACTERS = 110


class Look(NamedTuple):
    """How one series is told from the others."""

    colour: str
    dash: str
    marker: str
    hatch: str


LOOKS = (
    Look("#0072B2", "solid", "circle", ""),
    Look("#D55E00", "dash", "square", "/"),
    Look("#009E73", "dot", "triangle-up", "x"),
    Look("#CC79A7", "dashdot", "diamond", "."),
    Look("#E69F00", "longdash", "cross", "\\"),
    Look("#56B4E9", "longdashdot", "star", "-"),
)
RUNG_COLOURS = (
    *("#fee838", "#e8d24e", "#d0bd5b", "#baa966", "#a59673", "#918478"),
    *("#7d7c78", "#666970", "#50566c", "#31446b", "#00204d"),
)
"""Rungs 0 to 10 in cividis, from light to dark."""


def look(i: int) -> Look:
    """The look of the i-th series."""
    return LOOKS[i % len(LOOKS)]


def rgba(colour: str, opacity: float) -> str:
    """A colour that lets others shine through.

    >>> rgba("#0072B2", 0.2)
    'rgba(0,114,178,0.2)'
    """
    red, green, blue = (int(colour[i : i + 2], 16) for i in (1, 3, 5))
    return f"rgba({red},{green},{blue},{opacity:g})"


def template() -> go.layout.Template:
    """Font, colours, grid and margins of every figure."""
    import plotly.graph_objects as go

    axis = {
        "gridcolor": GRID,
        "linecolor": GREY,
        "zeroline": False,
        "ticks": "outside",
        "tickcolor": GREY,
        "automargin": True,
        "title": {"standoff": 8},
    }
    return go.layout.Template(
        layout={
            "font": {"family": FONT, "size": 13, "color": INK},
            "colorway": [each.colour for each in LOOKS],
            "paper_bgcolor": "#ffffff",
            "plot_bgcolor": "#ffffff",
            "xaxis": axis,
            "yaxis": axis,
            "hoverlabel": {"font": {"family": FONT}},
            "margin": {"l": 64, "r": 24, "t": 64, "b": 56},
            "title": {"x": 0, "xref": "container", "pad": {"l": 12}, "font": {"size": 15}},
            "legend": {
                "orientation": "h",
                "yref": "container",
                "y": 0.0,
                "yanchor": "bottom",
                "x": 0.0,
                "font": {"size": 12},
            },
        }
    )


def words(text: str) -> str:
    """Text from outside as a figure may show it: no markup.

    >>> words("<b>7</b>")
    '&lt;b&gt;7&lt;/b&gt;'
    """
    return escape(str(text), quote=False)


def _lines(title: str) -> list[str]:
    """A title in lines, no number parted from its per-cent sign."""
    return wrap(title.replace(" %", "\N{NO-BREAK SPACE}%"), TITLE_CHARACTERS)


def finished(
    figure: go.Figure,
    title: str,
    table: Sequence[Row],
    about: About,
    height: int = 420,
    legend: bool = True,
    heads: bool = False,
) -> go.Figure:
    """A figure with its finding for a title, its look, and what it was made from inside it.

    `legend` leaves room for one below, `heads` for those of panels above.

    `layout.meta` holds the title, the provenance and the whole table that is drawn.
    """
    lines = _lines(title)
    figure.update_layout(
        template=template(),
        title_text="<br>".join(words(line) for line in lines),
        height=height + 18 * (len(lines) - 1),
        margin_t=46 + 19 * len(lines) + (26 if heads else 0),
        margin_b=84 if legend else 56,
        showlegend=legend,
        meta={"title": title, "about": about._asdict(), "table": list(table)},
    )
    return figure


def filled(look: Look, sure: Sequence[bool]) -> dict[str, Any]:
    """The marker of bars: filled and hatched in the look of their series, white where unsure."""
    return {
        "color": [look.colour if each else "#ffffff" for each in sure],
        "line": {"color": look.colour, "width": 1.6},
        "pattern": {
            "shape": [look.hatch if each else "" for each in sure],
            "bgcolor": look.colour,
            "fgcolor": "#ffffff",
            "size": 7,
            "solidity": 0.35,
        },
    }


def line(colour: str, dash: str = "solid", width: float = 2.0) -> dict[str, Any]:
    """A line's style."""
    return {"color": colour, "dash": dash, "width": width}
