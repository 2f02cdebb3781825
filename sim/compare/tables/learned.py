"""What a fit taught: where each quantity's posterior lies within its prior."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import NamedTuple

from sim.settings.compose import draft
from sim.settings.posterior import DRAWS, manifest, place, sampler_of
from sim.settings.sampling import Uncertain

BINS = 20
LEVELS = (0.05, 0.5, 0.95)
GRID = 400


class Learned(NamedTuple):
    """One quantity: prior and posterior quantiles, and the posterior's place in the prior.

    `place_*` are the prior's probabilities below the posterior's quantiles, so a posterior
    that learnt nothing has 0.05, 0.5 and 0.95. `bins` are the shares of posterior draws in
    twenty pieces of equal prior probability; `edges` the prior's quantiles between them.
    """

    key: str
    prior: str
    verdict: str
    contraction: float
    prior_low90: float
    prior_median: float
    prior_high90: float
    low90: float
    median: float
    high90: float
    place_low90: float
    place_median: float
    place_high90: float
    bins: tuple[float, ...]
    edges: tuple[float, ...]


def learned(name: str) -> list[Learned]:
    """Every quantity of a posterior that its scenario still draws, most contracted first.

    Raises:
        InputError: no such posterior.
    """
    import pyarrow.parquet as pq

    path, told = place(name), manifest(name)
    settings = draft([f"scenario={told['scenario']}", *told["conditions"]])
    priors = sampler_of(settings.model_copy(update={"posterior": None})).uncertain()
    table = pq.read_table(path / DRAWS)
    found = [
        _row(row, priors[row["key"]], table[row["key"]].to_pylist())
        for row in _diagnostics(path)
        if row["key"] in priors and row["key"] in table.column_names
    ]
    return sorted(found, key=lambda row: -row.contraction)


def _diagnostics(path: Path) -> list[dict[str, str]]:
    with (path / "diagnostics.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _row(told: dict[str, str], known: Uncertain, draws: list[float]) -> Learned:
    import numpy as np

    grid = [(i + 0.5) / GRID for i in range(GRID)]
    prior = [known.prior.quantile(u, known.low, known.high) for u in grid]
    places = np.interp(draws, prior, grid)
    counts, _ = np.histogram(places, bins=BINS, range=(0.0, 1.0))
    edges = [known.prior.quantile(i / BINS, known.low, known.high) for i in range(1, BINS)]
    return Learned._make(
        (
            *(told["key"], told["prior"], told["verdict"], float(told["contraction"])),
            *(known.prior.quantile(u, known.low, known.high) for u in LEVELS),
            *np.quantile(draws, LEVELS).tolist(),
            *np.quantile(places, LEVELS).tolist(),
            *(tuple((counts / len(draws)).tolist()), tuple(edges)),
        )
    )
