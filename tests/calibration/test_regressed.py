"""Inference on a table of simulations, where the posterior is known exactly."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from calibration import ranks
from calibration.quantiles import Floats
from calibration.regressed import posterior

SHAPE, RATE, DAYS = 2.0, 20.0, 400.0
"""A Poisson rate with a gamma prior of mean 0.1 a day, counted over 400 days."""


def table(rows: int, seed: int) -> tuple[Floats, Floats]:
    """Rates in normal coordinates, and a count each beside one of pure noise."""
    random = np.random.default_rng(seed)
    z = random.standard_normal(rows)
    counts = random.poisson(rate(z) * DAYS)
    return z, np.column_stack([counts, random.poisson(30.0, rows)]).astype(float)


def rate(z: Floats) -> Floats:
    return np.asarray(stats.gamma.ppf(stats.norm.cdf(z), SHAPE, scale=1.0 / RATE))


@pytest.mark.parametrize("count", [10, 40, 90])
def test_a_rate_has_the_gamma_posterior_of_its_count(count: int) -> None:
    """Theory: Gamma(a + n, b + T). Its mean within 5 %, its spread within 15 %."""
    found = posterior(*table(20_000, 1), np.array([float(count), 30.0]), 400)
    assert found is not None
    exact = stats.gamma(SHAPE + count, scale=1.0 / (RATE + DAYS))
    told = rate(found.draws)
    assert told.mean() == pytest.approx(exact.mean(), rel=0.05)
    assert told.std() == pytest.approx(exact.std(), rel=0.15)


def test_intervals_hold_as_many_truths_as_they_promise() -> None:
    """Theory: ranks of 300 truths are uniform. False alarms: 1 % over other seeds."""
    z, told = table(6_000, 2)
    truths, seen = table(300, 3)
    placed = []
    for truth, here in zip(truths, seen, strict=True):
        found = posterior(z, told, here, 200)
        assert found is not None
        placed.append(ranks.rank(float(truth), found.draws, 0.5))
    verdict = ranks.verdicts({"rate": np.array(placed)})[0]
    assert verdict.passes, verdict


def test_where_summaries_say_nothing_every_draw_is_kept_as_it_was() -> None:
    """Hand: equal summaries are equally near, and there is no slope to move along."""
    z = np.arange(100.0)
    found = posterior(z, np.full((100, 1), 3.0), np.array([3.0]), 40)
    assert found is not None
    assert found.draws.tolist() == z.tolist()
    assert (found.alike, found.place) == (100, 0.5)


def test_draws_are_moved_to_where_the_record_stands() -> None:
    """Hand: z = log(1 + s) exactly, so every kept draw ends on the record's own value."""
    told = np.arange(100.0)[:, None]
    found = posterior(np.log1p(told[:, 0]), told, np.array([49.5]), 40)
    assert found is not None
    assert found.draws == pytest.approx(np.full(len(found.draws), np.log1p(49.5)))
    assert found.place == pytest.approx(0.5)


def test_a_record_without_an_occasion_meets_histories_without_one() -> None:
    """Hand: of a lag that nobody could see, only histories that saw none can tell."""
    z = np.repeat([-1.0, 1.0], 50)
    told = np.column_stack([np.where(z > 0.0, 5.0, np.nan)])
    unknown, known = (posterior(z, told, np.array([at]), 40) for at in (np.nan, 5.0))
    assert unknown is not None
    assert known is not None
    assert set(unknown.draws) == {-1.0}
    assert set(known.draws) == {1.0}
    assert unknown.alike == known.alike == 50


@pytest.mark.parametrize("keep", [51, 400])
def test_too_few_alike_is_no_posterior(keep: int) -> None:
    z = np.repeat([-1.0, 1.0], 50)
    told = np.column_stack([np.where(z > 0.0, 5.0, np.nan)])
    assert posterior(z, told, np.array([5.0]), keep) is None
    assert posterior(z[40:60], told[40:60], np.array([5.0]), 5) is None, "10 rows, 2 coefficients"
