"""Baselines: what each must say of a history whose answer is known."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pytest
from numpy.typing import ArrayLike
from scipy import stats

from calibration import baselines
from calibration.baselines import (
    BASELINES,
    Baseline,
    Hawkes,
    HiddenMarkov,
    Mixture,
    NegativeBinomial,
    PoissonGamma,
    Resampled,
)

WEEKS = (7, 28, 91)

every_baseline = pytest.mark.parametrize("baseline", BASELINES, ids=lambda b: b.name)


def history(length: int = 426, rate: float = 0.15, seed: int = 1) -> np.ndarray:
    return np.random.default_rng(seed).poisson(rate, length)


def forecast(
    baseline: Baseline, days: ArrayLike, horizons: Sequence[int] = WEEKS, draws: int = 400
) -> np.ndarray:
    return baseline.forecast(days, horizons, draws, np.random.default_rng(99))


# ---------------------------------------------------------------- what all of them keep


def test_baselines_are_listed_once_and_pooled() -> None:
    assert [b.name for b in BASELINES] == [
        "all history",
        "last 4 weeks",
        "last 8 weeks",
        "last 12 weeks",
        "negative binomial",
        "last 12 months resampled",
        "Hawkes",
        "hidden Markov",
        "equal mixture",
    ]
    assert isinstance(BASELINES[-1], Mixture)
    assert BASELINES[-1].members == BASELINES[:-1]


@every_baseline
def test_totals_are_those_of_one_path(baseline: Baseline) -> None:
    """They grow with the horizon, whatever order horizons are asked in."""
    drawn = forecast(baseline, history(), (28, 1, 7, 91))
    assert drawn.shape == (4, 400)
    assert np.issubdtype(drawn.dtype, np.integer)
    assert drawn.min() >= 0
    assert (np.diff(drawn[[1, 2, 0, 3]], axis=0) >= 0).all()
    assert (drawn[3] > drawn[1]).any()


@every_baseline
def test_the_same_seed_gives_the_same_draws(baseline: Baseline) -> None:
    days = history()
    one, again = forecast(baseline, days), forecast(baseline, days)
    other = baseline.forecast(days, WEEKS, 400, np.random.default_rng(100))
    assert (one == again).all()
    assert (one != other).any()


@every_baseline
def test_nothing_after_the_origin_is_seen_or_changed(baseline: Baseline) -> None:
    """The history is a window on a longer series, whose rest is poisoned."""
    full = history(600)
    before = forecast(baseline, full[:426])
    full[426:] = 1000
    poisoned = full.copy()
    assert (forecast(baseline, full[:426]) == before).all()
    assert (full == poisoned).all()


@every_baseline
@pytest.mark.parametrize("days", [[], [0], [3], [0] * 500, [0] * 60 + [1], [1] + [0] * 60])
def test_thin_histories_have_forecasts(baseline: Baseline, days: list[int]) -> None:
    drawn = forecast(baseline, days)
    assert drawn.shape == (3, 400)
    assert drawn.min() >= 0


@every_baseline
def test_a_long_quiet_history_promises_quiet(baseline: Baseline) -> None:
    """Four weeks without an attack leave a chance of 1 - √(28 / 35) = 11 % for a week."""
    drawn = forecast(baseline, [0] * 500)
    assert (drawn[0] > 0).mean() < 0.15


@every_baseline
def test_a_steady_rate_is_found(baseline: Baseline) -> None:
    """Four weeks at 0.5 a day hold 14 attacks; the shortest window knows that to within 3.7.

    Twice that: one history in twenty would fail, this one doesn't.
    """
    drawn = forecast(baseline, history(600, rate=0.5, seed=5), draws=2000)
    assert drawn[1].mean() == pytest.approx(14.0, abs=7.5)
    assert drawn[2].mean() / drawn[0].mean() == pytest.approx(13.0, rel=0.25)


@every_baseline
@pytest.mark.parametrize("days", [[1, -1], [0.5, 1.0], [[1, 2]]])
def test_a_history_is_a_series_of_counts(baseline: Baseline, days: list[float]) -> None:
    with pytest.raises(ValueError, match="whole attacks a day"):
        forecast(baseline, days)


@every_baseline
@pytest.mark.parametrize("horizons", [[], [0, 7]])
def test_a_horizon_lies_ahead(baseline: Baseline, horizons: list[int]) -> None:
    with pytest.raises(ValueError, match="each 1 or more"):
        forecast(baseline, [1, 2], horizons)


# ---------------------------------------------------------------- Poisson-gamma


def test_poisson_gamma_has_its_closed_form() -> None:
    """10 attacks in 20 days: a week is negative binomial of size 10.5 and p = 20 / 27.

    20,000 draws: the distribution function lies within 0.015 but for one seed in 10,000.
    """
    drawn = forecast(PoissonGamma("all"), [1, 0] * 10, [7], 20_000)[0]
    counts = np.arange(25)
    ours = (drawn[:, np.newaxis] <= counts).mean(axis=0)
    np.testing.assert_allclose(ours, stats.nbinom.cdf(counts, 10.5, 20.0 / 27.0), atol=0.015)


def test_last_weeks_are_all_that_a_window_knows() -> None:
    old, recent = history(400, 3.0), history(28, 0.2, seed=2)
    windowed = forecast(PoissonGamma("4 weeks", 28), np.concatenate([old, recent]))
    assert (windowed == forecast(PoissonGamma("all"), recent)).all()
    days = np.concatenate([old, [7], recent[1:]])
    assert (forecast(PoissonGamma("4 weeks", 28), days) != windowed).any()


# ---------------------------------------------------------------- negative binomial


def test_negative_binomial_finds_the_spread_of_weeks() -> None:
    """400 weeks of mean 3 and size 1, variance 12; four weeks have four times both."""
    rng = np.random.default_rng(3)
    weeks = rng.negative_binomial(1.0, 0.25, 400)
    days = np.zeros((400, 7), dtype=int)
    days[:, 2] = weeks
    drawn = forecast(NegativeBinomial(), days.ravel(), (7, 28), 20_000)
    assert drawn.mean(axis=1) == pytest.approx([3.0, 12.0], rel=0.12)
    assert drawn.var(axis=1) == pytest.approx([12.0, 48.0], rel=0.35)


def test_negative_binomial_of_poisson_weeks_is_nearly_poisson() -> None:
    drawn = forecast(NegativeBinomial(), history(2800, 0.5), (7,), 20_000)
    assert drawn.mean() == pytest.approx(3.5, rel=0.1)
    assert drawn.var() / drawn.mean() == pytest.approx(1.0, abs=0.2)


def test_an_incomplete_first_week_is_left_out() -> None:
    days = history(70)
    longer = np.concatenate([[50, 50, 50], days])
    assert (forecast(NegativeBinomial(), longer) == forecast(NegativeBinomial(), days)).all()


# ---------------------------------------------------------------- resampled


def test_resampled_by_hand() -> None:
    """One attack each seventh day of 52 weeks: each week has one, also over the seam."""
    drawn = forecast(
        Resampled("52 weeks", 364), [9] * 30 + [0, 0, 0, 1, 0, 0, 0] * 52, (7, 28, 400)
    )
    assert (drawn[:2] == [[1], [4]]).all()
    assert set(drawn[2]) <= {57, 58}


def test_resampled_weighs_every_day_of_the_year_alike() -> None:
    """73 attacks at the end of 365 days: five days hold one on average, none to five of them."""
    days = [0] * 292 + [1] * 73
    drawn = forecast(Resampled(), days, (5,), 20_000)[0]
    assert drawn.mean() == pytest.approx(1.0, abs=0.06)  # four standard errors
    assert set(drawn) == {0, 1, 2, 3, 4, 5}


# ---------------------------------------------------------------- Hawkes


def brute_force(days: Sequence[int], base: float, offspring: float, tau: float) -> float:
    """Poisson log probabilities day by day, by the double sum of the definition."""
    parts = []
    for d, count in enumerate(days):
        weights = [math.expm1(1 / tau) * math.exp(-(d - j) / tau) * days[j] for j in range(d)]
        parts.append(stats.poisson.logpmf(count, base + offspring * math.fsum(weights)))
    return math.fsum(parts)


@pytest.mark.parametrize("tau", [1.0, 4.0, 60.0])
def test_hawkes_likelihood_against_brute_force(tau: float) -> None:
    days = [0, 2, 0, 1, 1, 0, 0, 0, 3, 0, 1, 0]
    bases, offsprings = np.array([[0.05], [0.4], [2.0]]), np.array([0.01, 0.5, 0.95])
    ours = baselines.log_likelihood(days, bases, offsprings, tau)
    factorials = math.log(2.0) + math.log(6.0)
    expected = [[brute_force(days, b, o, tau) for o in offsprings] for b in bases[:, 0]]
    np.testing.assert_allclose(ours - factorials, expected, rtol=1e-12)


def test_hawkes_likelihood_without_offspring_is_poisson() -> None:
    ours = baselines.log_likelihood([0, 2, 1, 0], 0.5, 0.0, 3.0)
    assert ours == pytest.approx(3 * math.log(0.5) - 4 * 0.5)


def test_one_attack_sets_off_its_offspring_in_all() -> None:
    """The weights of the days to come add up to one, for each decay."""
    days = np.array([1] + [0] * 600)
    excited = baselines.excitation(days, np.array([1.0, 7.0, 60.0]))
    np.testing.assert_allclose(excited.sum(axis=0), 1.0, atol=1e-4)
    assert excited[1] == pytest.approx(1.0 - np.exp(-1.0 / np.array([1.0, 7.0, 60.0])))
    assert (excited[0] == 0.0).all()


def simulated(base: float, offspring: float, tau: float, length: int, seed: int) -> np.ndarray:
    """A history by its families: each attack draws its offspring, each offspring its lag."""
    rng = np.random.default_rng(seed)
    days = np.zeros(length, dtype=int)
    waiting = list(np.repeat(np.arange(length), rng.poisson(base, length)))
    while waiting:
        day = waiting.pop()
        if day < length:
            days[day] += 1
            lags = rng.geometric(1.0 - math.exp(-1.0 / tau), rng.poisson(offspring))
            waiting.extend(day + lags)
    return days


def test_hawkes_finds_what_made_a_history() -> None:
    """4,000 days of about 800 attacks: errors of 0.015, 0.06 and a third, times three."""
    days = simulated(0.1, 0.5, 5.0, 4000, seed=12)
    base, offspring, decay = Hawkes.posterior(days, 1000, np.random.default_rng(1))
    assert base.mean() == pytest.approx(0.1, abs=0.04)
    assert offspring.mean() == pytest.approx(0.5, abs=0.15)
    assert np.exp(np.log(decay).mean()) == pytest.approx(5.0, rel=0.7)


def test_hawkes_learns_from_quiet_days_the_base_alone() -> None:
    """Of base, Gamma(1/2, 500) with mean 1 / 1,000; of offspring and decay, nothing.

    4,000 draws: within five standard errors.
    """
    posterior = Hawkes.posterior([0] * 500, 4000, np.random.default_rng(1))
    base, offspring, decay = (values.mean() for values in posterior)
    assert base == pytest.approx(0.001, rel=0.11)
    assert offspring == pytest.approx(0.5, abs=0.025)
    assert decay == pytest.approx(np.geomspace(1.0, 60.0, 13).mean(), abs=1.6)


def test_hawkes_finds_no_offspring_in_a_steady_rate() -> None:
    offspring = Hawkes.posterior(history(2000, 0.3), 1000, np.random.default_rng(1))[1]
    assert offspring.mean() < 0.15


def test_hawkes_goes_forward_by_its_own_rule(monkeypatch: pytest.MonkeyPatch) -> None:
    """With known parameters the means follow a linear recursion; and a burst lives on.

    20,000 draws: within five standard errors.
    """

    def known(days: ArrayLike, draws: int, rng: np.random.Generator) -> tuple[np.ndarray, ...]:
        return tuple(np.full(draws, value) for value in (0.1, 0.6, 5.0))

    monkeypatch.setattr(Hawkes, "posterior", staticmethod(known))
    for days in ([0] * 30, [0] * 27 + [2, 0, 4]):
        keep, means = math.exp(-0.2), []
        excited = baselines.excitation(np.array(days), np.array([5.0]))[-1, 0]
        for _ in range(28):
            means.append(0.1 + 0.6 * excited)
            excited = keep * excited + (1.0 - keep) * means[-1]
        drawn = forecast(Hawkes(), days, (1, 7, 28), 20_000)
        error = drawn.std(axis=1) / math.sqrt(20_000)
        expected = np.cumsum(means)[[0, 6, 27]]
        assert (np.abs(drawn.mean(axis=1) - expected) < 5.0 * error).all()


# ---------------------------------------------------------------- hidden Markov


def regimes(last: int) -> np.ndarray:
    """Eight spells of 60 days by turns at 0.05 and 1.5 a day; the last `last` days are calm."""
    rng = np.random.default_rng(13)
    busy = rng.poisson(1.5, (4, 60))
    calm = rng.poisson(0.05, (4, 60))
    days = np.stack([calm, busy], axis=1).ravel()
    return np.concatenate([days, np.zeros(last, dtype=int)])


def test_hidden_markov_finds_the_regimes() -> None:
    model = HiddenMarkov.fitted(regimes(0))
    assert sorted(model.lambdas_[:, 0]) == pytest.approx([0.05, 1.5], abs=0.2)
    assert np.diag(model.transmat_) == pytest.approx([0.98, 0.98], abs=0.02)


def test_hidden_markov_takes_a_third_state_if_three_rates_are_there() -> None:
    rng = np.random.default_rng(14)
    spells = [rng.poisson(rate, 60) for rate in (0.1, 2.0, 9.0, 0.1, 9.0, 2.0, 0.1, 2.0, 9.0)]
    rates = HiddenMarkov.fitted(np.concatenate(spells)).lambdas_[:, 0]
    assert sorted(rates) == pytest.approx([0.1, 2.0, 9.0], rel=0.3, abs=0.1)


@pytest.mark.parametrize("calm_days", [0, 2, 20])
def test_hidden_markov_goes_forward_from_its_filter(calm_days: int) -> None:
    """Means against the forward algorithm by hand; 20,000 draws, five standard errors."""
    days = regimes(calm_days)
    model = HiddenMarkov.fitted(days)
    rates, moves, belief = model.lambdas_[:, 0], model.transmat_, model.startprob_
    for d, count in enumerate(days):
        belief = (belief @ moves if d else belief) * stats.poisson.pmf(count, rates)
        belief = belief / belief.sum()
    expected = np.cumsum([belief @ np.linalg.matrix_power(moves, k) @ rates for k in range(1, 29)])
    drawn = forecast(HiddenMarkov(), days, (1, 7, 28), 20_000)
    error = drawn.std(axis=1) / math.sqrt(20_000)
    assert (np.abs(drawn.mean(axis=1) - expected[[0, 6, 27]]) < 5.0 * error).all()


def test_hidden_markov_survives_a_state_never_left() -> None:
    """The last day alone is unlike all others: nothing was seen to follow it."""
    assert forecast(HiddenMarkov(), [0] * 200 + [1000]).max() > 0


@pytest.mark.parametrize("days", [[0] * 100, [1, 0, 2] * 9])
def test_hidden_markov_of_too_little_is_one_rate(days: list[int]) -> None:
    assert (forecast(HiddenMarkov(), days) == forecast(PoissonGamma("one rate"), days)).all()


# ---------------------------------------------------------------- mixture


@dataclass(frozen=True)
class Always:
    """A stand-in that always says the same."""

    value: int
    name: str = "always"

    def forecast(
        self, days: ArrayLike, horizons: Sequence[int], draws: int, rng: np.random.Generator
    ) -> np.ndarray:
        return (
            np.full((len(horizons), draws), self.value) * np.arange(1, len(horizons) + 1)[:, None]
        )


def test_mixture_is_the_pool_in_equal_shares() -> None:
    drawn = forecast(Mixture((Always(1), Always(5), Always(9))), [0], (7, 14), 300)
    assert dict(zip(*np.unique(drawn[0], return_counts=True), strict=True)) == {
        1: 100,
        5: 100,
        9: 100,
    }
    assert (drawn[1] == 2 * drawn[0]).all()  # paths stay whole
    assert set(drawn[0, :20]) == {1, 5, 9}  # and come in no order


@pytest.mark.parametrize("draws", [1, 2, 7, 400])
def test_mixture_shares_differ_by_one_at_most(draws: int) -> None:
    drawn = forecast(Mixture((Always(0), Always(1), Always(2))), [0], (7,), draws)
    assert drawn.shape == (1, draws)
    assert np.ptp(np.bincount(drawn[0], minlength=3)) <= 1


def test_mixture_mean_is_the_mean_of_its_members() -> None:
    """8,000 draws of each, so the errors of both means stay under 2 %."""
    days = regimes(10)
    members = [forecast(baseline, days, (28,), 8000).mean() for baseline in BASELINES[:-1]]
    pooled = forecast(BASELINES[-1], days, (28,), 64_000).mean()
    assert pooled == pytest.approx(np.mean(members), rel=0.05)
