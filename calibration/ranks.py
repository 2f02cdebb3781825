"""Simulation-based calibration: where the truth ranks among its posterior's draws.

If histories are drawn from the priors and the sampler is right, the truth's rank among L
posterior draws is uniform, for every quantity, and a central interval of level p holds the
truth in a share p of histories (Talts and others 2018).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

import numpy as np
from scipy import stats

from calibration.quantiles import Floats

LEVELS = (0.5, 0.9, 0.95)
BINS = 20
FAMILY = 0.01
"""Chance that a perfect sampler fails one of the tests of a kind, over all quantities."""


class Verdict(NamedTuple):
    """One quantity: how uniform its ranks are, and how often its intervals hold the truth.

    `ks` and `chi2` are p-values corrected by Holm over all quantities; `passes` says whether
    both are above 1 % and all coverages lie inside the simultaneous bands. `mean_rank` is 0.5
    where the posterior is not biased: above it truths lie higher than the posterior says.
    """

    key: str
    histories: int
    ks: float
    chi2: float
    coverage_50: float
    coverage_90: float
    coverage_95: float
    passes: bool
    mean_rank: float


def rank(truth: float, draws: Floats, u: float) -> float:
    """The truth's place among draws as a number in (0, 1); ties are broken by `u`.

    >>> rank(2.5, np.array([1.0, 2.0, 3.0]), 0.5)
    0.625
    """
    below, same = int((draws < truth).sum()), int((draws == truth).sum())
    return (below + u * (same + 1)) / (len(draws) + 1)


def verdicts(ranks: Mapping[str, Floats]) -> list[Verdict]:
    """Every quantity's verdict; `ranks` holds one number a history, unknown ones as NaN."""
    known = {key: told[~np.isnan(told)] for key, told in ranks.items()}
    ks = holm([float(stats.kstest(told, "uniform").pvalue) for told in known.values()])
    chi2 = holm([_chi2(told) for told in known.values()])
    return [
        _verdict(key, told, p, q, len(known))
        for (key, told), p, q in zip(known.items(), ks, chi2, strict=True)
    ]


def _verdict(key: str, told: Floats, ks: float, chi2: float, quantities: int) -> Verdict:
    half, nine, most = shares = [coverage(told, level) for level in LEVELS]
    inside = all(
        low <= share <= high
        for share, (low, high) in zip(shares, bands(len(told), quantities), strict=True)
    )
    passes = min(ks, chi2) > FAMILY and inside
    return Verdict(key, len(told), ks, chi2, half, nine, most, passes, float(told.mean()))


def coverage(ranks: Floats, level: float) -> float:
    """The share of histories whose central interval holds the truth."""
    edge = (1.0 - level) / 2.0
    return float(((ranks >= edge) & (ranks <= 1.0 - edge)).mean())


@lru_cache(maxsize=64)
def bands(histories: int, quantities: int) -> tuple[tuple[float, float], ...]:
    """Shares between which every coverage lies, all together, with probability 99 %.

    Bonferroni over quantities and levels; binomial, from the number of histories.
    """
    tail = FAMILY / (2.0 * quantities * len(LEVELS))
    found = [
        (stats.binom.ppf(tail, histories, p), stats.binom.isf(tail, histories, p)) for p in LEVELS
    ]
    return tuple((float(low) / histories, float(high) / histories) for low, high in found)


def _chi2(told: Floats) -> float:
    """p of the χ² test with 20 bins, fewer where each would hold under five."""
    bins = min(BINS, max(2, len(told) // 5))
    counts, _ = np.histogram(told, bins=bins, range=(0.0, 1.0))
    return float(stats.chisquare(counts).pvalue)


def holm(pvalues: Sequence[float]) -> list[float]:
    """p-values corrected for their number (Holm 1979).

    >>> holm([0.01, 0.04, 0.03])
    [0.03, 0.06, 0.06]
    """
    order = np.argsort(pvalues)
    told, most = [0.0] * len(pvalues), 0.0
    for place, i in enumerate(order):
        most = max(most, min(1.0, (len(pvalues) - place) * pvalues[i]))
        told[i] = round(most, 12)
    return told


def power(histories: int, quantities: int, draws: int, tries: int, seed: int) -> float:
    """How often a perfect sampler passes all of it: ranks drawn uniform, by simulation."""
    random = np.random.default_rng(seed)
    passed = 0
    for _ in range(tries):
        told = (random.integers(0, draws + 1, (quantities, histories)) + 0.5) / (draws + 1)
        passed += all(v.passes for v in verdicts({str(i): t for i, t in enumerate(told)}))
    return passed / tries
