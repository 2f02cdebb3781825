"""Points to learn a box from and points held out: splits and resamples of whole blocks."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.compare.sweeps.prim import Cut, inside
from sim.compare.sweeps.table import Mask, Values, taken


class Part(NamedTuple):
    """Some points: their factors and which are cases; `all_cases` with those boxed before."""

    factors: dict[str, Values]
    cases: Mask
    all_cases: int

    def kept(self, points: Mask) -> Part:
        """Some of them."""
        factors = {name: taken(values, points) for name, values in self.factors.items()}
        return Part(factors, self.cases[points], self.all_cases)

    def inside(self, cuts: Sequence[Cut]) -> Mask:
        """Those that all limits let in."""
        return inside(cuts, self.factors, len(self.cases))

    def enough(self, needed: int) -> bool:
        """Whether so many are cases, and as many are not."""
        return bool(min(self.cases.sum(), (~self.cases).sum()) >= needed)


def held_out(cases: Mask, block: int, random: np.random.Generator) -> Mask:
    """A third of the blocks, spread evenly over how many cases they hold."""
    counts = cases.reshape(-1, block).sum(axis=1)
    order = np.lexsort((random.random(len(counts)), counts))
    chosen = np.zeros(len(counts), dtype=bool)
    chosen[order[1::3]] = True
    return np.repeat(chosen, block)


def again(part: Part, groups: NDArray[np.intp], random: np.random.Generator) -> Part:
    """A bootstrap sample of whole blocks; `groups` says which block a point is of, in order."""
    starts = np.unique(groups, return_index=True)[1]
    pieces = np.split(np.arange(len(groups)), starts[1:])
    rows = np.concatenate([pieces[i] for i in random.integers(len(pieces), size=len(pieces))])
    factors = {name: _at(values, rows) for name, values in part.factors.items()}
    return part._replace(factors=factors, cases=part.cases[rows])


def _at(values: Values, rows: NDArray[np.intp]) -> Values:
    return [values[i] for i in rows] if isinstance(values, list) else values[rows]
