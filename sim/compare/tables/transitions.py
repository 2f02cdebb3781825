"""How the state of the ladder changes: from which rung to which, how often, and in the record."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from sim.compare.tables.history import History

if TYPE_CHECKING:
    import pyarrow as pa


class Transition(NamedTuple):
    """Changes from one rung to another.

    `changes` over all replications, `each` a replication, `share` of all that leave `origin`;
    `recorded` how often the record made it (``None`` where it knows none of the window).
    """

    origin: int
    target: int
    changes: int
    each: float
    share: float
    recorded: int | None


def transitions(paths: pa.Table, replications: int, history: History) -> list[Transition]:
    """Every change that occurs, simulated or recorded, by origin and target."""
    whom, rung = paths["replication"].to_pylist(), paths["rung"].to_pylist()
    counts = Counter(
        (a, b) for (one, a), (two, b) in pairwise(zip(whom, rung, strict=True)) if one == two
    )
    told = Counter((a.rung, b.rung) for a, b in pairwise(history.path))
    leaving = Counter[int]()
    for (origin, _), count in counts.items():
        leaving[origin] += count
    return [
        Transition(
            pair[0],
            pair[1],
            counts[pair],
            counts[pair] / replications,
            counts[pair] / leaving[pair[0]] if leaving[pair[0]] else 0.0,
            None if history.empty else told[pair],
        )
        for pair in sorted(counts.keys() | told.keys())
    ]
