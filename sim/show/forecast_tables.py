"""A backtest as plain tables, a mapping for each row: nobody here need know who forecast."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

Table = Sequence[Mapping[str, Any]]

OURS = "rungs"
"""The simulator among the forecasters."""


class Told(NamedTuple):
    """A backtest as plain tables.

    `about` holds title, posteriors (name, until, hash), record, first, last, end, draws, baseline
    draws, seed, origins by horizon, the identity and the hashes of what it was made from; the
    tables have the columns of `calibration.backtest`'s rows.
    """

    about: Mapping[str, Any]
    aims: Table
    scores: Table
    comparisons: Table
    rows: Table
    reached: Table

    @property
    def horizons(self) -> list[int]:
        """The weeks ahead that could be scored."""
        return sorted({int(row["horizon_weeks"]) for row in self.scores})

    def at(self, weeks: int) -> list[Mapping[str, Any]]:
        """The scores of counts at one horizon, ours first, then by CRPS."""
        known = [s for s in self.scores if s["horizon_weeks"] == weeks and s["crps"] is not None]
        return sorted(known, key=lambda s: (s["model"] != OURS, s["crps"]))

    def outside(self) -> list[Mapping[str, Any]]:
        """Our rows whose count lies outside the 90 % interval."""
        ours = (row for row in self.rows if row["forecaster"] == OURS)
        return [row for row in ours if not row["covered90"]]

    def against(self, baseline: str, weeks: int) -> Mapping[str, Any]:
        """Our comparison with a baseline; empty for ourselves."""
        found = [c for c in self.comparisons
                 if (c["baseline"], c["horizon_weeks"]) == (baseline, weeks)]  # fmt: skip
        return found[0] if found else {}


def ahead(weeks: int) -> str:
    """A horizon in words.

    >>> ahead(1), ahead(13)
    ('1 week', '13 weeks')
    """
    return f"{weeks} week" if weeks == 1 else f"{weeks} weeks"
