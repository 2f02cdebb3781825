"""The ladder over time: how many replications stand on each rung, and where the record stood."""

from __future__ import annotations

from bisect import bisect_right
from datetime import date, timedelta
from math import isnan
from typing import TYPE_CHECKING, NamedTuple

from sim.compare.tables.history import History
from sim.compare.tables.survival import watched
from sim.ladder import RUNGS

if TYPE_CHECKING:
    import numpy as np
    import pyarrow as pa

EVERY_DAYS = 7


class State(NamedTuple):
    """One day and rung: the share of replications in that state, of those that are still told of
    (unknown where none is), and whether the record was."""

    day: date
    rung: int
    share: float | None
    recorded: bool | None


def states(
    paths: pa.Table, replications: pa.Table, start: date, history: History, days: int
) -> list[State]:
    """The state of every seventh day, a row for each rung.

    Args:
        paths: one row per change of state (`replication`, `time`, `rung`).
        replications: a row for each, with the time of its sustained exchange; until then it is
            in some state on every day, from then on nothing is told of it.
        start: the first day of the window, `days` its length.
        history: what the record tells of it.
    """
    grid = list(range(0, days, EVERY_DAYS))
    whom = replications["replication"].to_pylist()
    ends = dict(zip(whom, watched(replications, days), strict=True))
    shares = _shares(paths, ends, grid)
    stood = [_recorded(history, day) for day in grid]
    return [
        State(start + timedelta(days=day), rung, None if isnan(share) else share,
              None if stood[i] is None else stood[i] == rung)
        for i, day in enumerate(grid)
        for rung, share in enumerate(shares[i].tolist())
    ]  # fmt: skip


def _shares(paths: pa.Table, ends: dict[int, float], grid: list[int]) -> np.ndarray:
    """For every day of the grid the share on each rung of those whose end lies beyond it; NaN
    where none does."""
    import numpy as np

    whom = paths["replication"].to_numpy()
    time, rung = paths["time"].to_numpy(), paths["rung"].to_numpy()
    order = np.lexsort((time, whom))
    whom, time, rung = whom[order], time[order], rung[order]
    span = float(max(grid[-1], time.max())) + 1.0
    numbers = np.unique(whom)
    until = np.array([ends[number] for number in numbers.tolist()])
    found = np.full((len(grid), len(RUNGS)), np.nan)
    for i, day in enumerate(grid):
        last = np.searchsorted(whom * span + time, numbers * span + day, side="right") - 1
        told = until > day
        if told.any():
            found[i] = np.bincount(rung[last][told], minlength=len(RUNGS)) / told.sum()
    return found


def _recorded(history: History, day: int) -> int | None:
    """The record's state of a day that it knows."""
    if not history.knows(day, day + 1):
        return None
    place = bisect_right([step.time for step in history.path], day) - 1
    return history.path[place].rung
