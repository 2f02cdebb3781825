"""Scores: values worked out by hand, what theory says of them, and the library's traps."""

from __future__ import annotations

import math
from fractions import Fraction

import numpy as np
import pytest
import scoringrules
from scipy import stats

from calibration import scores

# ---------------------------------------------------------------- CRPS


def by_definition(drawn: list[float], came: float) -> float:
    """Mean |x - y| less half the mean |x - x'| over pairs of different draws."""
    m = len(drawn)
    apart = math.fsum(abs(a - b) for a in drawn for b in drawn) / (m * (m - 1))
    return math.fsum(abs(x - came) for x in drawn) / m - apart / 2.0


@pytest.mark.parametrize(("point", "came"), [(3, 3), (3, 7), (5, 0)])
def test_crps_of_one_point_is_its_distance(point: int, came: int) -> None:
    assert scores.crps([[point] * 5], [came]) == pytest.approx([abs(point - came)])


def test_crps_by_hand() -> None:
    """|x - 2|: 2, 1, 1, 2, mean 1.5; the six pairs are 12 apart in all, half their mean is 1."""
    assert scores.crps([[0, 1, 1, 4]], [2]) == pytest.approx([0.5])


def test_crps_is_the_fair_one() -> None:
    rng = np.random.default_rng(1)
    drawn, came = rng.poisson(3.0, (20, 7)), rng.poisson(3.0, 20)
    expected = [by_definition(list(x), y) for x, y in zip(drawn, came, strict=True)]
    np.testing.assert_allclose(scores.crps(drawn, came), expected)


def test_crps_of_few_draws_is_not_biased() -> None:
    """The mean over 20,000 forecasts of 3 draws is the score of the distribution itself.

    Standard error 0.006 and 4 of them: a false alarm in 15,000 seeds. The usual estimator
    would be 0.19 too high.
    """
    rng = np.random.default_rng(2)
    few = scores.crps(rng.poisson(3.0, (20_000, 3)), np.full(20_000, 2)).mean()
    counts = np.arange(60)
    exact = math.fsum((stats.poisson.cdf(counts, 3.0) - (counts >= 2)) ** 2)
    assert few == pytest.approx(exact, abs=0.024)


def test_whole_numbers_reach_the_library_as_floats(monkeypatch: pytest.MonkeyPatch) -> None:
    """Under numba it cuts the scores of int observations short: 0.65 instead of 1.339."""
    seen: list[np.dtype] = []
    original = scoringrules.crps_ensemble

    def spy(obs: np.ndarray, fct: np.ndarray, **options: str) -> np.ndarray:
        seen.extend([obs.dtype, fct.dtype])
        assert options == {"estimator": "pwm", "backend": "numpy"}
        return original(obs, fct, **options)

    monkeypatch.setattr(scoringrules, "crps_ensemble", spy)
    whole = scores.crps(np.array([[0, 1, 5], [2, 2, 9]]), np.array([1, 4]))
    assert seen == [np.dtype(float)] * 2
    assert whole == pytest.approx([by_definition([0, 1, 5], 1), by_definition([2, 2, 9], 4)])


@pytest.mark.parametrize("observed", [[1, 2], 1, [[1]]])
def test_observations_must_pair_with_forecasts(observed: object) -> None:
    with pytest.raises(ValueError, match=r"must be \(n, m\) and \(n,\)"):
        scores.crps([[1, 2, 3]], observed)  # type: ignore[arg-type]


def test_one_draw_has_no_fair_score() -> None:
    with pytest.raises(ValueError, match="needs 2 draws"):
        scores.crps([[1]], [1])


# ---------------------------------------------------------------- log score


def test_log_score_by_hand_under_dispersed() -> None:
    """Draws 1 and 3: mean 2, variance 1, so the smooth part is Poisson(2): p(1) = p(2)."""
    smooth = 0.05 * 2.0 * math.exp(-2.0)
    ours = scores.log_score([[1, 3], [1, 3]], [1, 2])
    assert ours == pytest.approx([math.log(0.475 + smooth), math.log(smooth)])


def test_log_score_by_hand_over_dispersed() -> None:
    """Draws 0 and 4: mean 2, variance 4, so NB of size 2 and p = 1/2: p(1) = 2 · ¼ · ½."""
    assert scores.log_score([[0, 4]], [1]) == pytest.approx([math.log(0.05 * 0.25)])


def test_log_score_is_finite_wherever_the_count_lands() -> None:
    drawn = [[0] * 100, [0] * 100, [7] * 100, [0, 50] * 50]
    assert np.isfinite(scores.log_score(drawn, [0, 400, 0, 3000])).all()


@pytest.mark.parametrize("drawn", [[0] * 10, [2] * 10, [0, 1, 1, 2], [0, 0, 0, 9]])
def test_log_score_is_of_a_distribution(drawn: list[int]) -> None:
    """The probabilities of all counts add up to one."""
    counts = np.arange(2000)
    each = np.exp(scores.log_score(np.tile(drawn, (2000, 1)), counts))
    assert each.sum() == pytest.approx(1.0, abs=1e-9)


def test_log_score_of_many_draws_is_nearly_that_of_their_distribution() -> None:
    rng = np.random.default_rng(3)
    counts = np.arange(8)
    ours = scores.log_score(np.tile(rng.poisson(3.0, 100_000), (8, 1)), counts)
    np.testing.assert_allclose(ours, stats.poisson.logpmf(counts, 3.0), atol=0.05)


# ---------------------------------------------------------------- Brier, intervals, coverage


def test_brier_by_hand() -> None:
    assert scores.brier([0.0, 0.3, 0.3], [0, 0, 1]) == pytest.approx([0.0, 0.09, 0.49])


@pytest.mark.parametrize("m", [1, 20, 100, 1000])
def test_interval_ends_are_the_draws_that_fractions_say(m: int) -> None:
    """Draws m … 1 at every level in hundredths: no rounding moves an end to the next draw."""
    drawn = [list(range(m, 0, -1))]
    for percent in range(1, 100):
        low, high = scores.interval(drawn, percent / 100)
        expected = (math.ceil(Fraction(m * tail, 200)) for tail in (100 - percent, 100 + percent))
        assert (low[0], high[0]) == tuple(expected)


@pytest.mark.parametrize("level", [0.0, 1.0, 90.0])
def test_a_level_is_a_share(level: float) -> None:
    with pytest.raises(ValueError, match="must lie between 0 and 1"):
        scores.interval([[1, 2]], level)


def test_interval_score_by_hand() -> None:
    """90 %: width 4, and 20 for each attack beyond an end."""
    ours = scores.interval_score([2, 2, 2], [6, 6, 6], [2, 1, 8], 0.9)
    assert ours == pytest.approx([4.0, 4.0 + 20.0, 4.0 + 40.0])


def test_weighted_interval_score_by_hand() -> None:
    """Draws 1 … 100, median 50, intervals 25–75 and 5–95; 97 came.

    50 %: 50 + 4 · 22 = 138, times ¼ = 34.5. 90 %: 90 + 20 · 2 = 130, times 0.05 = 6.5.
    Median: 47 / 2 = 23.5. Together 64.5 over 2.5. The library's numpy code would put the
    median where its error belongs: (25 + 41) / 2.5 = 26.4.
    """
    ours = scores.weighted_interval_score([range(1, 101)], [97])
    assert ours == pytest.approx([64.5 / 2.5])


def test_weighted_interval_score_nears_the_crps_as_levels_are_added() -> None:
    """With ever more levels it becomes the CRPS (Bracher et al. 2021)."""
    rng = np.random.default_rng(4)
    drawn, came = rng.poisson(40.0, (10, 4000)), rng.poisson(40.0, 10)
    levels = np.arange(1, 100) / 100.0
    ours = scores.weighted_interval_score(drawn, came, list(levels))
    np.testing.assert_allclose(ours, scores.crps(drawn, came), rtol=0.03, atol=0.05)


def test_coverage_by_hand_counts_the_ends_in() -> None:
    drawn = np.tile(np.arange(1, 101), (6, 1))
    inside = scores.covered(drawn, [24, 25, 50, 75, 76, 4], 0.5)
    assert inside.tolist() == [False, True, True, True, False, False]


def test_coverage_of_a_perfect_forecast() -> None:
    """A Poisson mean of 400 is fine enough to cover as much as it says, or a little more.

    4,000 forecasts: within 0.03 but for one seed in 10,000.
    """
    rng = np.random.default_rng(5)
    drawn, came = rng.poisson(400.0, (4000, 500)), rng.poisson(400.0, 4000)
    assert scores.covered(drawn, came, 0.5).mean() == pytest.approx(0.51, abs=0.03)
    assert scores.covered(drawn, came, 0.9).mean() == pytest.approx(0.90, abs=0.03)


# ---------------------------------------------------------------- PIT


def test_pit_by_hand() -> None:
    """Draws 0 1 1 3: 1 has one below it and two equals; 9 has all four below it."""
    ours = scores.pit([[0, 1, 1, 3]] * 4, [1, 1, 9, 0], [0.0, 1.0, 0.5, 0.25])
    assert ours == pytest.approx([1 / 5, 4 / 5, 4.5 / 5, 0.1])


@pytest.mark.parametrize("draws", [3, 200])
@pytest.mark.parametrize("mean", [0.3, 5.0])
def test_pit_of_a_perfect_forecast_is_uniform(draws: int, mean: float) -> None:
    """Few draws or many, rare counts or not. Fails for one seed in 1,000; this one passes."""
    rng = np.random.default_rng(6)
    drawn, came = rng.poisson(mean, (5000, draws)), rng.poisson(mean, 5000)
    ours = scores.pit(drawn, came, rng.random(5000))
    assert stats.kstest(ours, "uniform").pvalue > 0.001


def test_pit_shows_a_forecast_that_is_too_narrow() -> None:
    rng = np.random.default_rng(7)
    drawn, came = rng.poisson(5.0, (2000, 200)), rng.negative_binomial(2.0, 2.0 / 7.0, 2000)
    ours = scores.pit(drawn, came, rng.random(2000))
    assert np.var(ours) > 1.3 / 12.0


# ---------------------------------------------------------------- bootstrap


def test_blocks_are_neighbours_round_the_end() -> None:
    """A series of period 4: any 4 neighbours, wrapped or not, have the same mean."""
    low, high = scores.block_bootstrap([0.0, 1.0, 2.0, 5.0] * 5, block=4, draws=200, seed=1)
    assert (low, high) == (2.0, 2.0)


def test_a_last_block_is_cut_to_the_length_of_the_series() -> None:
    """Three of value 0, 0, 3 in blocks of two: the second block gives its first alone."""
    low, high = scores.block_bootstrap([0.0, 0.0, 3.0], block=2, draws=2000, seed=1)
    assert (low, high) == (0.0, 2.0)


def test_bootstrap_of_independent_noise_has_the_known_width() -> None:
    """400 of standard deviation 1: ± 1.645 / 20, here to a tenth (error of the resampling 2 %)."""
    noise = np.random.default_rng(8).standard_normal(400)
    noise = (noise - noise.mean()) / noise.std()
    low, high = scores.block_bootstrap(noise, block=1, draws=4000, seed=2)
    assert (low, high) == pytest.approx((-1.645 / 20, 1.645 / 20), rel=0.1)


def test_blocks_widen_the_interval_of_overlapping_sums() -> None:
    """Sums of four neighbours: their mean varies as if by blocks of four, twice as wide."""
    noise = np.random.default_rng(9).standard_normal(403)
    sums = np.convolve(noise, np.ones(4), "valid")
    widths = [np.diff(scores.block_bootstrap(sums, block, 2000, 3))[0] for block in (1, 4, 16)]
    assert widths[0] * 1.3 < widths[1] < widths[2] * 1.1


def test_the_seed_decides() -> None:
    series = np.random.default_rng(10).standard_normal(30)
    one, again, other = (scores.block_bootstrap(series, 4, 500, seed) for seed in (1, 1, 2))
    assert one == again != other


@pytest.mark.parametrize("block", [0, 4])
def test_a_block_fits_the_series(block: int) -> None:
    with pytest.raises(ValueError, match="must lie in 1 … 3"):
        scores.block_bootstrap([1.0, 2.0, 3.0], block, 10, 1)


# ---------------------------------------------------------------- information gain, N-test


def test_information_gain_by_hand() -> None:
    assert scores.information_gain([-1.0, -4.0], [-3.0, -3.0], 4) == pytest.approx(0.25)


def test_information_gain_needs_an_attack_and_pairs() -> None:
    with pytest.raises(ValueError, match="without an attack"):
        scores.information_gain([-1.0], [-2.0], 0)
    with pytest.raises(ValueError, match="must be paired"):
        scores.information_gain([-1.0, -1.0], [-2.0], 1)


def test_n_test_by_hand_counts_equals_in_both_tails() -> None:
    assert scores.n_test([1, 2, 2, 5], 2) == (0.75, 0.75)
    assert scores.n_test([1, 2, 2, 5], 6) == (0.0, 1.0)


def test_n_test_of_many_draws_is_the_distribution_s() -> None:
    totals = np.random.default_rng(11).poisson(29.0, 100_000)
    expected = (stats.poisson.sf(37, 29.0), stats.poisson.cdf(38, 29.0))
    assert scores.n_test(totals, 38) == pytest.approx(expected, abs=0.005)
