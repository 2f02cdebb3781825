"""The same scales for pictures that lie side by side: unlike ones would deceive the eye."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import chain
from typing import Any

Drawn = dict[str, Any]
"""A figure as plotly's own JSON."""


def alike(figures: Sequence[Drawn]) -> None:
    """Give each vertical axis, and each scale of colours, the ends that hold all the figures.

    An axis whose range is set keeps it; so does one of names.

    >>> one, two = ({"data": [{"y": [0, top]}], "layout": {"yaxis": {}}} for top in (5, 20))
    >>> alike([one, two])
    >>> one["layout"]["yaxis"]["range"] == two["layout"]["yaxis"]["range"] == [0, 21.0]
    True
    """
    axes = {trace.get("yaxis", "y") for figure in figures for trace in figure["data"]}
    for axis in axes:
        _one_range(figures, axis)
    _one_colour_scale(figures)


def _one_range(figures: Sequence[Drawn], axis: str) -> None:
    layouts = [f["layout"].setdefault("yaxis" + axis[1:], {}) for f in figures]
    told = list(chain.from_iterable(_heights(figure, axis) for figure in figures))
    if not told or any("range" in each for each in layouts):
        return
    low, high = min(0, *told), max(told)
    for each in layouts:
        each["range"] = [low, high + 0.05 * (high - low)]


def _heights(figure: Drawn, axis: str) -> Iterator[float]:
    for trace in figure["data"]:
        if trace.get("yaxis", "y") == axis and trace.get("type") != "heatmap":
            yield from (y for y in trace.get("y") or [] if isinstance(y, int | float))


def _one_colour_scale(figures: Sequence[Drawn]) -> None:
    maps = [t for f in figures for t in f["data"] if t.get("type") == "heatmap"]
    told = [z for trace in maps for row in trace["z"] for z in row if isinstance(z, int | float)]
    for trace in maps:
        trace.update(zmin=min(0, *told), zmax=max(told))
