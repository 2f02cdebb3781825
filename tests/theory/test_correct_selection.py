"""The probability of correct selection against the normal's closed form."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from sim.compare.sweeps.ranking import ranking
from sim.compare.sweeps.table import Swept


def pair(differences: np.ndarray, common: np.ndarray) -> Swept:
    """Two policies whose paired differences are these."""
    outcomes = np.stack([common, common + differences])
    return Swept("csv", {"policy": ["a", "b"]}, None, outcomes, "rocket_attacks")


@pytest.mark.parametrize("gap", [0.0, 0.1, 0.3])
def test_two_policies(gap: float) -> None:
    """The bootstrap of the mean difference is nearly normal: Φ(d √n / s)."""
    random = np.random.default_rng(5)
    differences = random.standard_normal(100)
    differences += gap - differences.mean()
    found = ranking(pair(differences, 40.0 * random.standard_normal(100)), ["policy"])
    error = differences.std(ddof=0) / 10.0
    known = float(stats.norm.cdf(gap / error))
    assert found.options[0].best == pytest.approx(known, abs=0.04)  # 2,000 resamples, 3.5 errors
    cost = error * stats.norm.pdf(gap / error) - gap * stats.norm.cdf(-gap / error)
    assert found.options[0].cost == pytest.approx(cost, abs=0.01)


def test_a_zone_moves_the_threshold() -> None:
    random = np.random.default_rng(6)
    differences = random.standard_normal(100)
    differences -= differences.mean()
    found = ranking(pair(differences, np.zeros(100)), ["policy"], zone=0.1)
    known = float(stats.norm.cdf(0.1 / (differences.std(ddof=0) / 10.0)))
    assert found.correct == pytest.approx(known, abs=0.04)
    assert found.options[0].best == pytest.approx(0.5, abs=0.04)


def test_worlds_are_drawn_again_too() -> None:
    """Without luck only the worlds are a sample: Φ(d √worlds / s) again."""
    random = np.random.default_rng(7)
    gaps = random.standard_normal(60)
    gaps += 0.15 - gaps.mean()
    outcomes = np.repeat(np.stack([np.zeros(60), gaps], axis=1).ravel()[:, None], 4, axis=1)
    factors = {"policy": ["a", "b"] * 60, "draw": np.repeat(np.arange(60.0), 2)}
    found = ranking(Swept("csv", factors, None, outcomes, "rocket_attacks"), ["policy"])
    known = float(stats.norm.cdf(0.15 / (gaps.std(ddof=0) / 60**0.5)))
    assert found.worlds == 60
    assert found.correct == pytest.approx(known, abs=0.04)


def test_regret_of_worlds_that_disagree() -> None:
    """Two policies with a standard normal difference in each world: each costs E max(0, Z)."""
    random = np.random.default_rng(8)
    gaps = random.standard_normal(4000)
    outcomes = np.stack([np.zeros(4000), gaps], axis=1).ravel()[:, None]
    factors = {"policy": ["a", "b"] * 4000, "draw": np.repeat(np.arange(4000.0), 2)}
    told = Swept("csv", factors, None, outcomes, "rocket_attacks")
    for option in ranking(told, ["policy"], resamples=10).options:
        assert option.regret_mean == pytest.approx((2 * np.pi) ** -0.5, abs=0.04)
        assert option.regret_90 == pytest.approx(stats.norm.ppf(0.9), abs=0.1)


def test_regret_with_luck_lies_between_its_two_estimates() -> None:
    random = np.random.default_rng(9)
    gaps = 0.5 * random.standard_normal(2000)
    luck = random.standard_normal((2000, 2, 4))
    outcomes = (np.stack([np.zeros(2000), gaps], axis=1)[..., None] + luck).reshape(-1, 4)
    factors = {"policy": ["a", "b"] * 2000, "draw": np.repeat(np.arange(2000.0), 2)}
    told = Swept("csv", factors, None, outcomes, "rocket_attacks")
    true = 0.5 * (2 * np.pi) ** -0.5
    for option in ranking(told, ["policy"], resamples=10).options:
        assert option.regret_least < true < option.regret_mean
