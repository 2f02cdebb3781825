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
    """Student's t of 99 degrees is nearly normal: Φ(d √n / s)."""
    random = np.random.default_rng(5)
    differences = random.standard_normal(100)
    differences += gap - differences.mean()
    found = ranking(pair(differences, 40.0 * random.standard_normal(100)), ["policy"])
    error = differences.std(ddof=0) / 10.0
    known = float(stats.norm.cdf(gap / error))
    assert found.options[0].best == pytest.approx(known, abs=0.04)  # 2,000 draws, 3.5 errors
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
    """With next to no luck only the worlds are a sample: Φ(d √worlds / s) again."""
    random = np.random.default_rng(7)
    gaps = random.standard_normal(60)
    gaps += 0.15 - gaps.mean()
    outcomes = np.repeat(np.stack([np.zeros(60), gaps], axis=1).ravel()[:, None], 4, axis=1)
    outcomes += 1e-4 * random.standard_normal(outcomes.shape)
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
    for option in ranking(told, ["policy"], draws=10).options:
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
    for option in ranking(told, ["policy"], draws=10).options:
        assert option.regret_least < true < option.regret_mean


@pytest.mark.parametrize("options", [2, 3, 7])
@pytest.mark.parametrize("replications", [2, 20])
def test_identical_options_share_evenly(options: int, replications: int) -> None:
    outcomes = np.random.default_rng(10).poisson(0.1, replications) * np.ones((options, 1)) / 7.0
    told = Swept("csv", {"policy": list("abcdefg")[:options]}, None, outcomes, "rocket_attacks")
    found = ranking(told, ["policy"])
    assert [o.best for o in found.options] == pytest.approx([1 / options] * options)
    assert found.correct == pytest.approx(1 / options)


@pytest.mark.parametrize("n", [2, 5, 100])
def test_equal_means_with_noise_get_a_half(n: int) -> None:
    differences = np.random.default_rng(11).standard_normal(n)
    found = ranking(pair(differences - differences.mean(), np.zeros(n)), ["policy"])
    assert [o.best for o in found.options] == pytest.approx([0.5, 0.5], abs=0.045)  # 4 errors


@pytest.mark.parametrize("n", [2, 3, 8])
def test_two_policies_of_few_replications_by_students_t(n: int) -> None:
    """T_{n-1}(d √n / s), as the paired interval has it."""
    differences = np.random.default_rng(12).standard_normal(n) + 1.0
    found = ranking(pair(differences, np.zeros(n)), ["policy"])
    error = differences.std(ddof=1) / n**0.5
    known = float(stats.t.cdf(abs(differences.mean()) / error, n - 1))
    assert found.options[0].best == pytest.approx(known, abs=0.045)


def test_one_event_in_sixty_is_no_certainty() -> None:
    """Three worlds of twenty replications that differ once, in all else alike."""
    outcomes = np.zeros((6, 20))
    outcomes[:, :5] = 1 / 3
    outcomes[1, 10] = 1.0
    factors = {"policy": ["a", "b"] * 3, "draw": np.repeat(np.arange(3.0), 2)}
    found = ranking(Swept("csv", factors, None, outcomes, "reaches_eight"), ["policy"])
    first, second = found.options
    assert second.difference_low95 == pytest.approx(-0.063, abs=0.001)
    assert first.best + second.best == pytest.approx(1.0)
    assert 0.6 < first.best < 0.9


def test_three_that_agree_by_chance_are_seldom_certain() -> None:
    """Without a difference, a probability above 0.975 comes in one case of twenty, whatever
    the replications; a bootstrap's in one of four. By chance it fails once in 10,000."""
    certain, random = 0, np.random.default_rng(13)
    for _ in range(400):
        found = ranking(pair(random.standard_normal(3), np.zeros(3)), ["policy"])
        certain += found.options[0].best > 0.975
    assert stats.binom.ppf(1e-4, 400, 0.045) <= certain <= stats.binom.ppf(1 - 1e-4, 400, 0.055)
