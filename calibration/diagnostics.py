"""Whether a sampler can be believed, and what the record taught: one row a quantity."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import combinations
from typing import Any, NamedTuple

import numpy as np
from arviz_stats.base.array import array_stats
from scipy.special import ndtri

from calibration.blocks import Block
from calibration.fit import Sampled
from calibration.quantiles import Floats, values
from sim.settings.sampling import Uncertain

RHAT, ESS = 1.01, 400.0
"""Bounds of sampler health (Vehtari and others 2021)."""
CALIBRATED, PRIOR_DRIVEN = 0.5, 0.2
"""Contractions from which a quantity counts as calibrated, and below which its prior rules."""
CORNER = 0.1
"""The outermost part of a prior: a posterior with over half of itself there is pressed against
an end of the prior, and that end says as much as the record."""
RIDGE = 0.5
"""Correlation from which two quantities are known only together."""


class Row(NamedTuple):
    """One quantity: its posterior in its own units, and how it was reached.

    `contraction` is 1 − the posterior's variance over the prior's, where the prior is
    standard normal; `pressed` is as the function of that name tells.
    """

    key: str
    block: str
    prior: str
    mean: float
    low90: float
    median: float
    high90: float
    contraction: float
    verdict: str
    pressed: str
    rhat: float
    ess_bulk: float
    ess_tail: float

    @property
    def healthy(self) -> bool:
        """Whether the chains agree and are long enough."""
        return self.rhat < RHAT and min(self.ess_bulk, self.ess_tail) > ESS


def rows(made: Iterable[Block], found: Iterable[Sampled]) -> list[Row]:
    """Every fitted quantity, in the order of the schema."""
    return [row for block, one in zip(made, found, strict=True) for row in _of(block, one)]


def _of(block: Block, one: Sampled) -> list[Row]:
    chains = np.moveaxis(one.chain, 0, 1)
    told = values(block.quantities, one.chain.reshape(-1, one.chain.shape[2]))
    return [
        _row(key, block, np.asarray(told[key]), chains[:, :, i])
        for i, key in enumerate(block.quantities)
        if key in block.fitted
    ]


def _row(key: str, block: Block, told: Floats, chain: Floats) -> Row:
    low, median, high = np.quantile(told, [0.05, 0.5, 0.95]).tolist()
    gained = float(1.0 - chain.var())
    return Row(
        key,
        block.name,
        block.fitted[key].prior.words(),
        float(told.mean()),
        low,
        median,
        high,
        gained,
        verdict(gained),
        pressed(chain, block.fitted[key]),
        *health(chain),
    )


def health(chain: Floats) -> tuple[float, float, float]:
    """R̂, and the effective draws in the bulk and in the tails, of (chains, steps) draws."""
    stats: Any = array_stats
    tails = stats.ess(chain, method="tail", prob=(0.05, 0.95))
    return float(stats.rhat(chain)), float(stats.ess(chain)), float(tails)


def verdict(contraction: float) -> str:
    """What a contraction says of a quantity.

    >>> verdict(0.7), verdict(0.3), verdict(0.1)
    ('calibrated', 'informed', 'driven by the prior')
    """
    if contraction >= CALIBRATED:
        return "calibrated"
    return "informed" if contraction >= PRIOR_DRIVEN else "driven by the prior"


def pressed(z: Floats, quantity: Uncertain) -> str:
    """The end that a posterior is pressed against: ``"low"``, ``"high"`` or none, ``""``.

    Ends that the quantity itself has (a share's 0 and 1) count as none: nobody chose them.

    Args:
        z: draws where the prior is standard normal.
        quantity: its prior and limits.
    """
    low, high = quantity.prior.support()
    edge = ndtri(CORNER)
    if low > quantity.low and (z < edge).mean() > 0.5:
        return "low"
    return "high" if high < quantity.high and (z > -edge).mean() > 0.5 else ""


class Ridge(NamedTuple):
    """Two quantities of which the record knows a combination."""

    one: str
    other: str
    correlation: float


def ridges(found: Iterable[Sampled], least: float = RIDGE) -> list[Ridge]:
    """Pairs of one block that are correlated, the closest first."""
    pairs = [pair for one in found for pair in _ridges(one, least)]
    return sorted(pairs, key=lambda pair: -abs(pair.correlation))


def _ridges(one: Sampled, least: float) -> list[Ridge]:
    names: Sequence[str] = (*one.fitted, *one.nuisance)
    together = np.atleast_2d(np.corrcoef(one.chain.reshape(-1, len(names)).T))
    pairs = combinations(range(len(one.fitted)), 2)
    told = [Ridge(names[i], names[j], float(together[i, j])) for i, j in pairs]
    return [pair for pair in told if abs(pair.correlation) >= least]
