"""A report as one HTML file: nothing is loaded, text comes first, every picture has its table."""

from __future__ import annotations

import base64
import functools
import gzip
import json
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from sim.show.pages import safe, template
from sim.show.reports.parts import QUESTIONS, Part, Section, Verdict

if TYPE_CHECKING:
    import plotly.graph_objects as go


MARK = '<p id="undrawn" hidden>'
"""What stands in every page of ours, and in no other."""
TITLE_PX, LINE_PX = 22, 19
"""What a title takes of a figure's height: in all, and for each line."""


def page(
    title: str,
    sections: Sequence[Section],
    together: Verdict | None = None,
    beside: Sequence[Part] = (),
) -> str:
    """The report as HTML.

    Args:
        title: of the whole.
        sections: a study each; of one alone the verdict is the page's.
        together, beside: of several studies, the verdict on all and what stands side by side.
    """
    from plotly.offline import get_plotlyjs

    figures: list[go.Figure] = []

    def place(figure: go.Figure) -> int:
        figures.append(figure)
        return len(figures) - 1

    return template("report.html.j2").render(
        title=title,
        sections=sections,
        together=together,
        beside=beside,
        questions=QUESTIONS,
        place=place,
        data=lambda: [safe(script_json(figure)) for figure in figures],
        plotly=packed(get_plotlyjs()),
    )


@functools.cache
def packed(script: str) -> str:
    """A script as gzip in base64, a third of its size; the page unpacks it itself."""
    return base64.b64encode(gzip.compress(script.encode(), mtime=0)).decode("ascii")


def script_json(figure: go.Figure) -> str:
    """A figure as JSON that can stand inside a script element.

    Its title and its table are text in the page, which wraps and prints.
    """
    told: dict[str, Any] = json.loads(figure.to_json())
    layout = told["layout"]
    lines = layout.pop("title")["text"].count("<br>") + 1
    layout["margin"]["t"] -= TITLE_PX + LINE_PX * lines
    layout["height"] -= TITLE_PX + LINE_PX * lines
    layout["meta"] = {key: layout["meta"][key] for key in ("title", "about")}
    text = json.dumps(told, ensure_ascii=False, separators=(",", ":"))
    return text.replace("<", "\\u003c").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")
