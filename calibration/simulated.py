"""What simulation tells of quantities that no likelihood knows, and the proof of it.

Rows of the table that are like the record take its place, one at a time and left out of the
table: their truths are known, so ranks and coverage are those of any other calibration.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np

from calibration.diagnostics import verdict
from calibration.quantiles import Floats, quantiles, values
from calibration.ranks import Verdict, rank
from calibration.regressed import Found
from calibration.summaries import ANSWERED, Summaries
from calibration.table import Table, World
from sim.errors import InputError
from sim.settings.sampling import Uncertain

PROOFS = 200
"""Histories that stand for the record, of each quantity the first that are like it."""
TIES = 0.5
"""Two histories never have the same parameters."""
GRID: Floats = np.linspace(0.0005, 0.9995, 1000)
"""Probabilities at which a prior's mean and spread are taken."""


class Taught(NamedTuple):
    """One quantity: its prior, what the record says that bears on it, its posterior, its proof.

    `place` is the record's among the `alike` histories, ties by half; of these the `kept`
    nearest are the posterior. `contraction` is on the scale on which the prior is normal.
    """

    key: str
    prior: str
    prior_mean: float
    prior_sd: float
    recorded: str
    place: float
    alike: int
    kept: int
    mean: float
    low90: float
    high90: float
    contraction: float
    verdict: str
    coverage_50: float
    coverage_90: float
    coverage_95: float
    proven: bool


def answers(of: World, table: Table, keep: int) -> dict[str, Found]:
    """The posterior of each quantity.

    Args:
        of: the world that the table is of.
        table: simulated histories.
        keep: how many of the nearest are kept.

    Raises:
        InputError: too few histories are like the record, one of them taken for it.
    """
    return {key: _answer(of, table, key, keep) for key in of.quantities}


def _answer(of: World, table: Table, key: str, keep: int) -> Found:
    alike = table.alike(key, of.recorded)
    found = table.answer(key, of.recorded, keep)
    if found is None or table.answer(key, of.recorded, keep, without=alike[0]) is None:
        raise InputError(
            f"histories={len(table.z)}: only {len(alike)} of them tell of what bears on {key}, "
            f"too few to keep {keep}; ask for more histories= or fewer draws="
        )
    return found


def taught(of: World, found: Mapping[str, Found], proven: Mapping[str, Verdict]) -> list[Taught]:
    """Each quantity's posterior in its own unit, with the verdict on its ranks."""
    return [
        _row(key, told, of.recorded, found[key], proven[key]) for key, told in of.quantities.items()
    ]


def _row(key: str, told: Uncertain, recorded: Summaries, found: Found, proven: Verdict) -> Taught:
    before = quantiles(told, GRID)
    after = np.asarray(values({key: told}, found.draws[:, None])[key])
    low, high = np.quantile(after, (0.05, 0.95)).tolist()
    gained = 1.0 - float(found.draws.var())
    return Taught(
        key, told.prior.words(), float(before.mean()), float(before.std()),
        "; ".join(_said(name, recorded[name]) for name in ANSWERED[key]),
        found.place, found.alike, len(found.draws), float(after.mean()), low, high,
        gained, verdict(gained),
        proven.coverage_50, proven.coverage_90, proven.coverage_95, proven.passes,
    )  # fmt: skip


def _said(name: str, value: float) -> str:
    """A summary in words.

    >>> _said("stormings", 1.0), _said("days to a release", float("nan"))
    ('stormings: 1', 'days to a release: unknown')
    """
    return f"{name}: {'unknown' if np.isnan(value) else format(value, '.3g')}"


def proof(table: Table, recorded: Summaries, keep: int) -> dict[str, Floats]:
    """Where truths rank among their own posterior's draws, by quantity, shape (`PROOFS`,).

    NaN where fewer histories are like the record, or too few are like one of them.
    """
    ranks = {key: np.full(PROOFS, np.nan) for key in table.keys}
    for key, told in ranks.items():
        for at, number in enumerate(table.alike(key, recorded)[:PROOFS]):
            found = table.answer(key, table.row(number), keep, without=number)
            if found is not None:
                told[at] = rank(float(table.of(key)[number]), found.draws, TIES)
    return ranks


def provenance(of: World) -> dict[str, Any]:
    """What a reader of the results must know of where they come from."""
    return {
        "conditions": list(of.conditions),
        "recorded": {k: None if np.isnan(v) else v for k, v in of.recorded.items()},
        "left": of.left,
    }
