"""Pictures of the predictive check: a family of patterns each, the record on top."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from math import floor, inf, log10
from typing import Any, NamedTuple

from sim.compare import ABOVE, BELOW, FAMILIES, Check, sides
from sim.show import tables
from sim.show.pages import safe, template

LEFT, WIDTH = 350, 330
"""Where the strip of a row begins, and how long it is."""
STEPS = {1.0: 4, 1.5: 3, 2.0: 4, 3.0: 3, 4.0: 4, 5.0: 5, 6.0: 3, 8.0: 4}
"""Where an axis may end (times a power of ten), and into how many steps it is then cut."""
CAPS = {"share": 1.0, "rung": 10.0}
"""Units that end somewhere."""
BARE = ("share", "ratio", "rung")
"""Units that aren't written after a number."""
SIDES = {ABOVE: "above", BELOW: "below"}
NUMBERS = ("pattern", "unit", "recorded", "recorded_low", "recorded_high", "median", "low50",
           "high50", "low90", "high90", "p_value", "n", "replications", "verdict")  # fmt: skip


class Picture(NamedTuple):
    """A family: what it is called, what its picture shows in a sentence, the SVG."""

    family: str
    title: str
    svg: Any
    blank: list[str]


class Row(NamedTuple):
    """One pattern as drawn: `x` turns a value into a place on its own axis, up to `top`."""

    check: Check
    x: Callable[[float], float]
    top: float
    ends: tuple[float, float, bool]
    at: float | None

    @property
    def side(self) -> str:
        """Above, below, or nothing where the record is no miss."""
        return SIDES.get(self.check.verdict, "")


def pictures(checks: Sequence[Check], about: Mapping[str, Any]) -> list[Picture]:
    """A picture of every family of which the record and the run know a pattern.

    Args:
        checks: of a run.
        about: what is kept in each picture's metadata beside its numbers (run, seed).
    """
    told = []
    for family in FAMILIES:
        every = [c for c in checks if c.group == family]
        drawn = [c for c in every if c.verdict != "unknown"]
        if drawn:
            draw = months_svg if family == "months" else family_svg
            blank = [c.label for c in every if c.verdict == "unknown"]
            told.append(Picture(family, title(drawn), safe(draw(drawn, about)), blank))
    return told


def title(drawn: Sequence[Check]) -> str:
    """What is seen: how many patterns of a family fit, and which miss on which side."""
    n = len(drawn)
    missed = sum(c.missed for c in drawn)
    many = f"{n - missed} of {n}" if missed else f"all {n}" if n > 1 else "it lies"
    told = f"{FAMILIES[drawn[0].group]}: {many} inside the central 90 %"
    return "; ".join([told, *(side[0].lower() + side[1:] for side in sides(drawn, 3))])


def family_svg(drawn: Sequence[Check], about: Mapping[str, Any]) -> str:
    """Intervals as bars and the record as a diamond, a row for each pattern.

    Patterns of one unit share an axis where the family has no other and none would shrink
    to a speck; else every row has its own, from 0.
    """
    tops = [_top(c) for c in drawn]
    shared = len({c.unit for c in drawn}) == 1 and max(tops) <= 20 * min(tops)
    rows = [_row(c, max(tops) if shared else top) for c, top in zip(drawn, tops, strict=True)]
    return template("family.svg.j2").render(
        title=title(drawn),
        rows=rows,
        ticks=_ticks(max(tops), drawn[0].unit) if shared else [],
        left=LEFT,
        width=WIDTH,
        recorded=tables.recorded,
        number=tables.number,
        amount=amount,
        span=tables.span,
        probability=tables.probability,
        metadata=metadata(drawn, about),
    )


def metadata(drawn: Sequence[Check], about: Mapping[str, Any]) -> str:
    """The numbers behind a picture and the run that they come from, as JSON."""
    rows = [{name: getattr(c, name) for name in NUMBERS} for c in drawn]
    return json.dumps({**about, "patterns": rows}, default=str)


def _row(c: Check, top: float) -> Row:
    def x(value: float) -> float:
        return round(LEFT + WIDTH * min(value, top) / top, 1)

    low = 0.0 if c.recorded_low is None else c.recorded_low
    high = top if c.recorded_high is None else c.recorded_high
    at = None if c.recorded is None else x(c.recorded)
    return Row(c, x, top, (x(low), x(high), c.recorded_high is None), at)


def _top(c: Check) -> float:
    """The end of a row's axis: a round number that holds the interval and the record."""
    ends = (c.high90, c.recorded, c.recorded_low, c.recorded_high)
    most = max(end for end in ends if end is not None)
    return min(round_up(1.02 * most), CAPS.get(c.unit, inf))


def round_up(value: float) -> float:
    """The next number at which an axis may end; 1 for nothing.

    >>> [round_up(v) for v in (0.0, 0.07, 4.08, 33, 455, 950)]
    [1.0, 0.08, 5.0, 40.0, 500.0, 1000.0]
    """
    if value <= 0.0:
        return 1.0
    power = floor(log10(value))
    step = next(s for s in (*STEPS, 10.0) if s * 10.0**power >= value * (1.0 - 1e-12))
    return float(f"{step * 10.0**power:.12g}")


def _ticks(top: float, unit: str) -> list[tuple[float, str]]:
    """Places on a shared axis with their words; the last one names the unit."""
    lead = float(f"{top / 10.0 ** floor(log10(top)):.12g}")
    n = STEPS.get(lead, 4)
    words = [tables.number(top * i / n) for i in range(n)]
    return [(LEFT + WIDTH * i / n, told) for i, told in enumerate([*words, amount(top, unit)])]


def amount(value: float, unit: str) -> str:
    """A number with its unit."""
    return tables.number(value) if unit in BARE else f"{tables.number(value)} {unit}"


def months_svg(drawn: Sequence[Check], about: Mapping[str, Any]) -> str:
    """Monthly counts side by side, in order of time."""
    top = max(max(c.high90 or 0.0, c.recorded_high or 0.0) for c in drawn) or 1.0
    step = max(1, round(top / 5))
    return template("months.svg.j2").render(
        title=title(drawn),
        months=drawn,
        width=60 + 34 * len(drawn),
        ticks=range(0, int(top) + 1, step),
        x=lambda i: 64 + 34 * i,
        y=lambda count: round(220 - 205 * count / top, 1),
        metadata=metadata(drawn, about),
    )
