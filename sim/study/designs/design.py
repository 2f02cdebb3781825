"""A design: the points that a sweep looks at, made and judged before anything runs."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product
from math import prod
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from sim.errors import InputError, nearest
from sim.study.designs import sampled
from sim.study.designs.axes import Axis, Listed, Value
from sim.study.designs.constraints import Constraint
from sim.study.designs.given import from_csv, from_posterior

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

KINDS = ("grid", *sampled.SAMPLED, "posterior", "csv")
BALANCED = ("sobol", "morris")
"""Designs that a constraint would spoil."""
MOST_POINTS = 200_000
Point = dict[str, Value]


class Factor(NamedTuple):
    """What moves as one: an axis, or several that are linked."""

    axes: tuple[Axis, ...]

    @property
    def name(self) -> str:
        """Its keys."""
        return " + ".join(axis.key for axis in self.axes)

    @property
    def levels(self) -> int:
        """How many values it lists.

        Raises:
            InputError: it lists none, or linked axes list different numbers.
        """
        counts = {len(axis.values) if isinstance(axis, Listed) else 0 for axis in self.axes}
        if 0 in counts:
            raise InputError(
                f"{self.name}: a grid needs values, KEY=a,b or KEY=range(1,9,2); "
                "for an interval choose design=lhs, random, sobol or morris"
            )
        if len(counts) > 1:
            raise InputError(f"link={self.name}: linked axes need equally many values")
        return counts.pop()

    def at(self, u: float) -> Point:
        """Its values at a coordinate from 0 to 1."""
        return {axis.key: axis.at(u) for axis in self.axes}


class Asked(NamedTuple):
    """What a design is made from.

    Args:
        kind: one of `KINDS`.
        factors: what moves; none where points are given.
        points: how many (grid: ignored; Sobol and Morris: of the base).
        seed: root entropy of its luck.
        where: a constraint, or nothing.
        source: the CSV file, or the posterior's name.
    """

    kind: str
    factors: tuple[Factor, ...] = ()
    points: int = 0
    seed: int = 0
    where: str = ""
    source: str = ""


class Design(NamedTuple):
    """Points in order; where the unit cube was sampled its rows, shape (points, factors)."""

    asked: Asked
    points: list[Point]
    unit: npt.NDArray[np.float64] | None = None

    @property
    def keys(self) -> list[str]:
        """The keys that points set."""
        return list(self.points[0])


def factors(axes: Sequence[Axis], links: Sequence[Sequence[str]]) -> tuple[Factor, ...]:
    """Axes as factors, those of a link as one, in the order of the axes.

    Raises:
        InputError: a link of a key that isn't swept, or of one that has a link.
    """
    keyed = {axis.key: axis for axis in axes}
    linked: dict[str, tuple[Axis, ...]] = {}
    for names in links:
        for name in names:
            if name not in keyed:
                raise InputError(f"link={name}: is not swept; {nearest(name, keyed)}")
            if name in linked:
                raise InputError(f"link={name}: stands in two links; one link takes it")
        linked |= {name: tuple(keyed[other] for other in names) for name in names}
    whole = [linked.get(axis.key, (axis,)) for axis in axes]
    return tuple(Factor(told) for told in dict.fromkeys(whole))


def count(asked: Asked) -> int:
    """How many points a design would have (before its constraint), without making them."""
    if asked.kind == "grid":
        return prod(factor.levels for factor in asked.factors)
    if asked.kind in sampled.SAMPLED:
        return sampled.rows(asked.kind, asked.points, len(asked.factors))
    return asked.points


def make(asked: Asked) -> Design:
    """The points of a design.

    Raises:
        InputError: nothing to sweep, too many points, none that the constraint keeps.
    """
    check(asked)
    made = _made(asked)
    if not asked.where:
        return made
    constraint = Constraint(asked.where, made.keys)
    kept = [i for i, point in enumerate(made.points) if constraint.holds(point)]
    if not kept:
        raise InputError(f"where={asked.where}: keeps none of {len(made.points):,} points")
    unit = None if made.unit is None else made.unit[kept]
    return Design(asked, [made.points[i] for i in kept], unit)


def check(asked: Asked) -> None:
    """Refuse a design that can't be, with the count that it would have made."""
    if asked.kind not in KINDS:
        raise InputError(f"design={asked.kind}: no such design; {nearest(asked.kind, KINDS)}")
    if asked.kind not in ("posterior", "csv") and not asked.factors:
        raise InputError("nothing is swept: name an axis, such as militia.excitation=0,0.3,0.6")
    if asked.kind not in ("grid", "csv") and asked.points < 1:
        raise InputError(f"points={asked.points}: the design is empty; ask for 1 or more")
    if asked.kind in BALANCED and asked.where:
        raise InputError(f"where=: a constraint unbalances design={asked.kind}; use lhs or random")
    sampled.check(asked.kind, asked.points)
    told = count(asked)
    if told > MOST_POINTS:
        raise InputError(
            f"the design would have {told:,} points, over {MOST_POINTS:,}: ask for less"
        )


def _made(asked: Asked) -> Design:
    if asked.kind == "csv":
        return Design(asked, from_csv(Path(asked.source)))
    if asked.kind == "posterior":
        return Design(asked, from_posterior(asked.source, asked.points, asked.seed))
    if asked.kind == "grid":
        steps = [[factor.at((i + 0.5) / factor.levels) for i in range(factor.levels)]
                 for factor in asked.factors]  # fmt: skip
        return Design(asked, [_joined(parts) for parts in product(*steps)])
    unit = sampled.SAMPLED[asked.kind](asked.points, len(asked.factors), asked.seed)
    points = [
        _joined([factor.at(u) for factor, u in zip(asked.factors, row, strict=True)])
        for row in unit.tolist()
    ]
    return Design(asked, points, unit)


def _joined(parts: Sequence[Point]) -> Point:
    return {key: value for part in parts for key, value in part.items()}
