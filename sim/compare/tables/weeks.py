"""Attacks by week, single and summed: the fan of what is simulated, the record beside it."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, NamedTuple

from sim.compare.tables.history import History
from sim.errors import RungsError
from sim.measures import WEEKS, weekly_counts
from sim.study.runs import QUANTILES

if TYPE_CHECKING:
    import numpy as np
    import pyarrow as pa


class Week(NamedTuple):
    """One week: reported rocket attacks in it and up to its end, simulated and recorded.

    Only attacks whose day is known count, on both sides; `recorded` is ``None`` where the
    record does not know the whole week, `recorded_total` where it misses any week so far.
    """

    week: date
    low90: float
    low50: float
    median: float
    high50: float
    high90: float
    recorded: int | None
    total_low90: float
    total_low50: float
    total_median: float
    total_high50: float
    total_high90: float
    recorded_total: int | None


def weeks(replications: pa.Table, history: History) -> list[Week]:
    """A row for each whole week of the window.

    Args:
        replications: of a run, with its `week_` columns.
        history: what the record tells of the same window.

    Raises:
        RungsError: the run was made before weeks were counted.
    """
    import numpy as np

    names = [name for name in replications.column_names if name.startswith(WEEKS)]
    if not names:
        raise RungsError("this run has no weekly counts: run the same command again, elsewhere")
    counts = np.array([replications[name].to_numpy() for name in names])
    single, total = _levels(counts), _levels(counts.cumsum(axis=0))
    told = _recorded(history, names)
    first = [date.fromisoformat(name.removeprefix(WEEKS)) for name in names]
    parts = zip(first, single, told, total, _sums(told), strict=True)
    return [Week._make((week, *a, n, *b, so_far)) for week, a, n, b, so_far in parts]


def _levels(counts: np.ndarray) -> list[list[float]]:
    """The levels of `QUANTILES` over replications, week by week."""
    import numpy as np

    found = np.quantile(counts, list(QUANTILES.values()), axis=1, method="inverted_cdf")
    told: list[list[float]] = found.T.tolist()
    return told


def _sums(counts: list[int | None]) -> list[int | None]:
    """The counts summed so far; unknown from the first unknown one on.

    >>> _sums([1, 2, None, 4])
    [1, 3, None, None]
    """
    sums: list[int | None] = []
    so_far: int | None = 0
    for count in counts:
        so_far = None if so_far is None or count is None else so_far + count
        sums.append(so_far)
    return sums


def _recorded(history: History, names: list[str]) -> list[int | None]:
    counts = weekly_counts(history.journal)
    return [
        counts[name] if history.knows(7.0 * i, 7.0 * i + 7.0) else None
        for i, name in enumerate(names)
    ]
