"""Theory: every variate by inversion has the distribution it is named for.

The inverse of a distribution function is checked on a fine grid of uniforms against
scipy's, which is exact: no chance is involved.
"""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import stats

from sim import inversion
from sim.agents.sites import toll

GRID = [(i + 0.5) / 997 for i in range(997)]
FINE = [(i + 0.5) / 200_000 for i in range(200_000)]


def same_counts(ours: list[int], theirs: np.ndarray) -> bool:
    """Equal but where a uniform falls within rounding of a jump."""
    return sum(a != int(b) for a, b in zip(ours, theirs, strict=True)) == 0


@pytest.mark.parametrize("n", [1, 3, 12, 40, 300])
@pytest.mark.parametrize("p", [0.01, 0.3, 0.5, 0.85])
def test_binomial(n: int, p: float) -> None:
    ours = [inversion.binomial(u, n, p) for u in GRID]
    assert same_counts(ours, stats.binom.ppf(GRID, n, p))


@pytest.mark.parametrize("mean", [0.01, 0.7, 4.0, 16.0, 128.0, 512.0])
def test_poisson(mean: float) -> None:
    ours = [inversion.poisson(u, mean) for u in GRID]
    assert same_counts(ours, stats.poisson.ppf(GRID, mean))


@pytest.mark.parametrize("mean", [0.001, 0.2, 1.0, 12.0])
@pytest.mark.parametrize("dispersion", [0.05, 0.5, 5.0])
def test_negative_binomial(mean: float, dispersion: float) -> None:
    ours = [inversion.negative_binomial(u, mean, dispersion) for u in GRID]
    theirs = stats.nbinom.ppf(GRID, dispersion, dispersion / (dispersion + mean))
    assert same_counts(ours, theirs)


@pytest.mark.parametrize(("mean", "dispersion"), [(0.3, 0.5), (2.0, 1.0), (5.0, 4.0)])
def test_negative_binomial_moments(mean: float, dispersion: float) -> None:
    """Mean and variance = mean + mean² / dispersion, over a grid of 200,000 uniforms."""
    counts = np.array([inversion.negative_binomial(u, mean, dispersion) for u in FINE])
    assert counts.mean() == pytest.approx(mean, rel=1e-3)
    assert counts.var() == pytest.approx(mean + mean**2 / dispersion, rel=5e-3)


def test_log_normal() -> None:
    ours = [inversion.log_normal(u, 3.0, 0.8) for u in GRID]
    np.testing.assert_allclose(ours, stats.lognorm.ppf(GRID, s=0.8, scale=3.0), rtol=1e-12)


def test_exponential() -> None:
    ours = [inversion.exponential(u, 2.5) for u in GRID]
    np.testing.assert_allclose(ours, stats.expon.ppf(GRID, scale=2.5), rtol=1e-12)


def test_choices_fall_in_proportion_to_the_weights() -> None:
    weights = [2.0, 0.0, 1.0, 5.0, 0.0]
    counts = np.bincount([inversion.choose(u, weights) for u in FINE], minlength=5)
    np.testing.assert_allclose(counts / len(FINE), np.array(weights) / 8.0, atol=1e-5)


@pytest.mark.parametrize(
    "variate",
    [
        lambda u: inversion.binomial(u, 20, 0.3),
        lambda u: inversion.poisson(u, 6.0),
        lambda u: inversion.negative_binomial(u, 3.0, 0.2),
        lambda u: inversion.log_normal(u, 2.0, 0.5),
        lambda u: inversion.exponential(u, 2.0),
        lambda u: inversion.choose(u, [1.0, 0.0, 2.0]),
    ],
)
def test_more_uniform_no_smaller_value(variate) -> None:  # type: ignore[no-untyped-def]
    values = [variate(u) for u in GRID]
    assert values == sorted(values)
    assert values[0] < values[-1]


def test_a_toll_splits_the_hurt_by_lethality() -> None:
    """Killed have the stated mean and wounded that many times the ratio (grid of 300 × 300)."""
    grid = [(i + 0.5) / 300 for i in range(300)]
    tolls = [toll(u, v, 0.8, 4.0, 1.5) for u in grid for v in grid]
    assert np.mean([t.killed for t in tolls]) == pytest.approx(0.8, rel=0.02)
    assert np.mean([t.wounded for t in tolls]) == pytest.approx(3.2, rel=0.02)
    hurt = np.array([t.killed + t.wounded for t in tolls])
    assert hurt.var() == pytest.approx(4.0 + 4.0**2 / 1.5, rel=0.04)


@pytest.mark.parametrize("mean", [501.0, 800.0, 1024.0, 4096.0])
def test_poisson_of_a_large_mean(mean: float) -> None:
    """The strips of a rate of 16 a day and more hold over a thousand candidates each; of means
    above 745 the probability of none lies below the smallest float."""
    ours = [inversion.poisson(u, mean) for u in (0.01, 0.5, 0.99)]
    assert ours == [int(k) for k in stats.poisson.ppf([0.01, 0.5, 0.99], mean)]


@pytest.mark.parametrize("p", [0.6, 0.667, 0.95])
def test_binomial_of_many_trials(p: float) -> None:
    """As many as a toll can hold: (1 - p)^n lies below the smallest float."""
    ours = [inversion.binomial(u, 1000, p) for u in (0.01, 0.5, 0.99)]
    assert ours == [int(k) for k in stats.binom.ppf([0.01, 0.5, 0.99], 1000, p)]


def test_exponential_and_log_normal_by_hand() -> None:
    assert inversion.exponential(1.0 - math.exp(-1.0), 4.0) == pytest.approx(4.0)
    one_sd = stats.norm.cdf(1.0)
    assert inversion.log_normal(one_sd, 2.0, 0.5) == pytest.approx(2.0 * math.exp(0.5))
