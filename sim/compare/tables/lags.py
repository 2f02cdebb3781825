"""How fast answers come: replications by their median lag, the record's beside them."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from sim.compare.checks import Check

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pyarrow as pa

LAGS = {
    "strike_lag": "from an attack to the strike that answers it",
    "reply_lag": "from a strike to the next attack",
}


class Lag(NamedTuple):
    """By `days`, the `share` of replications whose median lag is so short.

    Lags are of reports, as in the record. `known` replications of all have such an answer;
    `recorded` is the record's own median.
    """

    lag: str
    label: str
    days: float
    share: float
    known: int
    replications: int
    recorded: float | None


def lags(replications: pa.Table, checks: Sequence[Check]) -> list[Lag]:
    """The distribution of both lags over replications, a row for each value that occurs."""
    told = {check.pattern: check.recorded for check in checks}
    return [row for name in LAGS for row in _rows(replications, name, told.get(name))]


def _rows(replications: pa.Table, name: str, recorded: float | None) -> list[Lag]:
    values = sorted(replications[name].drop_null().to_pylist())
    n, of = len(values), len(replications)
    return [
        Lag(name, LAGS[name], value, (i + 1) / n, n, of, recorded)
        for i, value in enumerate(values)
        if i + 1 == n or values[i + 1] != value
    ]
