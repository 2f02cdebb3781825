"""Intervals of means by hand, above all where the values of a sample are all alike."""

from __future__ import annotations

from math import inf, sqrt

import pytest
from scipy import stats

from sim.study.intervals import alike, half_width, interval, unseen

SHARE = (0.0, 1.0)
APART = (-1.0, 1.0)


def test_students_interval_worked_out_by_hand() -> None:
    """1, 2 and 6: mean 3, variance 7; Student's t of two degrees, 4.30."""
    half = 4.302653 * sqrt(7.0 / 3.0)
    assert interval([1.0, 2.0, 6.0]) == pytest.approx((3.0 - half, 3.0 + half))
    assert half_width([1.0, 2.0, 6.0]) == pytest.approx(half)


@pytest.mark.parametrize("n", [1, 2, 6, 500])
def test_values_that_are_all_alike_have_no_interval_however_many(n: int) -> None:
    assert interval([0.0] * n) is None
    assert half_width([2.0] * n) == inf


def test_the_half_width_at_a_limit_is_the_wider_side() -> None:
    """None of twenty: nothing below 0, and above it twice what half the span would say."""
    low, high = interval([0.0] * 20, (0.0, 1.0))
    assert (low, high) == pytest.approx((0.0, 0.1862), abs=1e-4)
    assert half_width([0.0] * 20, (0.0, 1.0)) == high
    assert half_width([1.0] * 20, (0.0, 1.0)) == pytest.approx(high)


def test_what_rounding_leaves_of_equal_values_is_no_spread() -> None:
    values = [0.3 - 0.1, 0.7 - 0.5, 0.9 - 0.7]
    assert len(set(values)) == 3
    assert alike(values)
    assert interval(values) is None
    assert not alike([0.2, 0.2, 0.2001])


def test_a_probability_that_is_all_alike_is_bounded() -> None:
    """No event in 20: of the four values that are added one is an event and two are half of one, so
    the mean is 2/24, the squares add up to 1.5, and Student's t of 19 degrees is 2.093."""
    half = 2.093024 * sqrt((1.5 - 24 * (2 / 24) ** 2) / 23 / 24)
    assert interval([0.0] * 20, SHARE) == pytest.approx((0.0, 2 / 24 + half))
    assert interval([1.0] * 20, SHARE) == pytest.approx((22 / 24 - half, 1.0))
    both = 2.093024 * sqrt(2 / 23 / 24)
    assert interval([0.0] * 20, APART) == pytest.approx((-both, both))
    assert half_width([0.0] * 20, APART) == pytest.approx(both)
    assert interval([0.0], SHARE) is None
    assert unseen(20) == pytest.approx(0.1391083)  # 0.861^20 is 0.05


def test_pairs_that_all_differ_by_one_may_yet_differ_the_other_way() -> None:
    """What was not seen may be a difference of minus one, two below."""
    low, high = interval([1.0] * 20, APART) or (inf, inf)
    assert 1.0 - low > 1.5 * (interval([0.0] * 20, SHARE) or (0.0, 0.0))[1]
    assert high == 1.0


def test_seeing_a_difference_makes_no_interval_narrower() -> None:
    widths = [half_width([1.0] * k + [0.0] * (200 - k), APART) for k in range(100)]
    assert widths == sorted(widths)


@pytest.mark.parametrize("p", [0.01, 0.02, 0.05, 0.1])
def test_intervals_of_rare_events_hold_the_truth(p: float) -> None:
    """All samples of 20, each with its probability: no width at agreement held 5 % in 64 of 100."""
    held = 0.0
    for events in range(21):
        low, high = interval([1.0] * events + [0.0] * (20 - events), SHARE) or (inf, inf)
        held += float(stats.binom.pmf(events, 20, p)) * (low <= p <= high)
    assert held >= 0.95


@pytest.mark.parametrize(("more", "less"), [(0.015, 0.0), (0.02, 0.0), (0.02, 0.02), (0.1, 0.05)])
def test_intervals_of_paired_probabilities_hold_the_truth(more: float, less: float) -> None:
    """All samples of 200 pairs: Student's interval held a difference of 0.015 in 76 of 100."""
    held = 0.0
    law = stats.multinomial(200, [more, less, 1.0 - more - less])
    for up in range(50):
        for down in range(40 if less else 1):
            pairs = [1.0] * up + [-1.0] * down + [0.0] * (200 - up - down)
            low, high = interval(pairs, APART) or (inf, inf)
            held += float(law.pmf([up, down, 200 - up - down])) * (low <= more - less <= high)
    assert held >= 0.93
