"""The results of a sweep as every analysis takes them: points by replications."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from sim.errors import InputError

Array: TypeAlias = NDArray[np.float64]
Mask: TypeAlias = NDArray[np.bool_]
Values: TypeAlias = "NDArray[np.float64] | list[str]"

FIXED = ("grid", "csv")
"""Designs whose points somebody chose: another sweep would have the same, so they have no
spread of their own."""
ENOUGH = 10
"""Replications with which a point always counts."""


class Swept(NamedTuple):
    """One measure of a sweep.

    Replication r asks the same random draws at every point (common random numbers).

    Attributes:
        kind: of design: grid, lhs, sobol, morris, random, posterior or csv.
        factors: what was varied, by its key in the configuration; a value for every point,
            numbers as an array, names as a list.
        unit: (points, factors), the design's coordinates in the unit cube in SALib's order,
            all points of the design; ``None`` where it has none.
        outcomes: (points, replications); NaN where a replication is missing. Where a measure
            is unknown by its nature (days to a rung that is never reached), the caller puts
            what it means by that, such as the days until the window closed.
        measure: its name in `sim.study.outcomes`.
    """

    kind: str
    factors: dict[str, Values]
    unit: Array | None
    outcomes: Array
    measure: str


class Extent(NamedTuple):
    """How much of a sweep an analysis rests on."""

    points: int
    of_points: int
    replications: int
    of_replications: int

    @property
    def whole(self) -> bool:
        """Whether nothing is missing."""
        return self.points == self.of_points and self.replications == self.of_replications


def balanced(swept: Swept, block: int = 1) -> tuple[Swept, Extent]:
    """The points that count, with the replications that all of them share.

    A point counts with ten replications, or with as many as half of those that were begun
    have. All replications of all these points is what comparisons on common draws need; of a
    sweep with a stopping rule it leaves out what only some points have.

    Args:
        swept: whole or partial.
        block: consecutive points that only count together, as the rows of a Sobol design.

    Raises:
        InputError: nothing is left.
    """
    known = ~np.isnan(swept.outcomes)
    counts = known.sum(axis=1).reshape(-1, block).min(axis=1)
    begun = counts[counts > 0]
    needed = min(ENOUGH, int(np.median(begun))) if len(begun) else 1
    kept = np.repeat(counts >= needed, block)
    shared = known[kept].all(axis=0) & bool(kept.any())
    if not shared.any():
        raise InputError(
            f"{swept.measure}: no replication is known at enough points yet; finish the sweep"
        )
    extent = Extent(int(kept.sum()), len(known), int(shared.sum()), known.shape[1])
    return _part(swept, kept)._replace(outcomes=swept.outcomes[kept][:, shared]), extent


def _part(swept: Swept, kept: Mask) -> Swept:
    """Some of the points."""
    factors = {name: taken(values, kept) for name, values in swept.factors.items()}
    unit = None if swept.unit is None else swept.unit[kept]
    return swept._replace(factors=factors, unit=unit, outcomes=swept.outcomes[kept])


def taken(values: Values, kept: Mask) -> Values:
    """The values at some of the points."""
    if isinstance(values, list):
        return [value for value, keep in zip(values, kept, strict=True) if keep]
    return values[kept]


def spread(outcomes: Array) -> bool:
    """Whether any two points ever differ."""
    return bool((outcomes != outcomes[:1]).any())


def numeric(values: Values) -> bool:
    """Whether a factor is a number; switches and names are not."""
    return isinstance(values, np.ndarray) and values.dtype.kind in "iuf"


def names(values: Iterable[object]) -> list[str]:
    """The levels of a factor that is no number, as words.

    >>> names([True, "never"])
    ['true', 'never']
    """
    return [str(v).lower() if isinstance(v, bool | np.bool_) else str(v) for v in values]


def block_of(swept: Swept) -> int:
    """How many consecutive points of a design belong together.

    The rest of a design is independent of them: a row of Sobol's, a trajectory of Morris's.
    """
    if swept.kind == "sobol":
        return saltelli_step(swept)
    if swept.kind == "morris":
        return len(swept.factors) + 1
    return 1


def saltelli_step(swept: Swept) -> int:
    """The points of one row of a Saltelli design: D + 2, or 2 D + 2 with second order.

    Raises:
        InputError: the design is another.
    """
    unit, factors = swept.unit, len(swept.factors)
    for step in (factors + 2, 2 * factors + 2):
        if unit is not None and len(unit) and len(unit) % step == 0 and _saltelli(unit, step):
            return step
    raise InputError(
        f"design={swept.kind}: Sobol indices need the points of design=sobol, whole and in order"
    )


def _saltelli(unit: Array, step: int) -> bool:
    """Whether point j + 1 of each row is its first one, with factor j of its last one."""
    factors = unit.shape[1]
    rows = unit.reshape(-1, step, factors)
    first, last = rows[:, :1], rows[:, -1:]
    swapped = np.eye(factors, dtype=bool)[None]
    return bool(np.array_equal(rows[:, 1 : 1 + factors], np.where(swapped, last, first)))
