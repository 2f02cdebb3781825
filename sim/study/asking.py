"""From the words of a sweep to its request: which are axes, which hold for all points."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from sim.errors import InputError
from sim.settings.posterior import conditions
from sim.study.designs.axes import is_axis
from sim.study.planning import measure_of
from sim.study.sweeps import REPLICATIONS, Request

OWN = ("design", "points", "link", "where", "stop_on", "width")
"""What is said about the design itself."""
HANDS = ("workers", "executor")
POINTS = {"sobol": 64, "morris": 20}
"""Points where nobody says how many; of other designs 100."""


def request_of(words: Sequence[str], own: Mapping[str, str], extra: Path | None = None) -> Request:
    """The request that words make.

    Args:
        words: overrides and axes.
        own: of `OWN`, what is said about the design.
        extra: a folder with further config files.

    Raises:
        InputError: words that contradict each other, or say too little.
    """
    hands = tuple(w for w in words if w.partition("=")[0].partition(".")[0] in HANDS)
    axes = tuple(w for w in words if w not in hands and is_axis(w))
    shared = [w for w in words if w not in hands and w not in axes]
    asked = [w for w in shared if w.startswith("replications=")]
    shared = [w for w in shared if w not in asked]
    if not any(word.startswith("journal=") for word in shared):
        shared.append("journal=none")
    kind, points, source = _design(own, axes)
    if kind == "posterior":
        source, shared = _posterior(shared)
    return Request(
        shared=tuple(shared),
        hands=hands,
        axes=axes,
        links=tuple(tuple(pair.split("+")) for pair in own.get("link", "").split(",") if pair),
        kind=kind,
        points=points,
        where=own.get("where", ""),
        source=source,
        replications=whole("replications", asked[-1].partition("=")[2]) if asked else REPLICATIONS,
        stop=_stop(own),
        extra=None if extra is None else str(extra),
    )


def _design(own: Mapping[str, str], axes: tuple[str, ...]) -> tuple[str, int, str]:
    """The kind of design, how many points, and the file that states them."""
    points = own.get("points", "")
    if points.endswith(".csv"):
        if own.get("design", "csv") != "csv" or axes:
            raise InputError(f"points={points}: the file is the design; leave design= and axes out")
        return "csv", 0, points
    listed = not any(_wide(word) for word in axes)
    kind = own.get("design", "grid" if listed else "lhs")
    if kind == "grid" and points:
        raise InputError(f"points={points}: a grid has the points that its axes list; leave it out")
    if kind == "csv":
        raise InputError("design=csv needs its file: points=FILE.csv")
    return kind, 0 if kind == "grid" else whole("points", points or POINTS.get(kind, 100)), ""


def _wide(word: str) -> bool:
    value = word.partition("=")[2].replace(" ", "")
    return value in ("prior", "limits") or "interval(" in value


def _posterior(shared: list[str]) -> tuple[str, list[str]]:
    """The posterior whose draws are the points; what it was fitted under holds for all."""
    named = [word for word in shared if word.startswith("posterior=")]
    if len(named) != 1:
        raise InputError("design=posterior needs posterior=NAME: its draws are the points")
    rest = [word for word in shared if word not in named]
    return named[0].partition("=")[2], [*conditions(named), *rest]


def whole(name: str, text: str | int) -> int:
    """A key's whole number.

    Raises:
        InputError: it is none.
    """
    try:
        return int(text)
    except ValueError:
        raise InputError(f"{name}={text}: not a whole number") from None


def _stop(own: Mapping[str, str]) -> tuple[str, float] | None:
    if ("stop_on" in own) != ("width" in own):
        raise InputError("stop_on=MEASURE and width=W go together")
    if "stop_on" not in own:
        return None
    width = number("width", own["width"])
    if width == 0.0:
        raise InputError(f"width={own['width']}: must be above 0")
    return measure_of(own["stop_on"], "stop_on"), width


def number(name: str, text: str) -> float:
    """A number that is not below zero, as a word states it."""
    try:
        value = float(text)
    except ValueError:
        raise InputError(f"{name}={text}: not a number") from None
    if not 0.0 <= value < 1e9:
        raise InputError(f"{name}={text}: must not be below 0")
    return value
