"""Main effects by hand: means, paired differences, slopes, shares."""

import json

import numpy as np
import pytest

from sim.compare.sweeps.effects import effects
from sim.compare.sweeps.estimates import linear
from sim.compare.sweeps.levels import BINS, groups
from sim.compare.sweeps.table import Swept

T1 = 12.706204736
"""Student's 97.5 % quantile with one degree of freedom."""


def grid(outcomes, **factors):
    return Swept("grid", factors, None, np.array(outcomes, dtype=float), "rocket_attacks")


POLICY = ["never", "always", "never", "always"]
RATE = np.array([0.1, 0.1, 0.3, 0.3])
TWO_BY_TWO = grid([[10, 20], [13, 25], [12, 22], [15, 27]], retaliation=POLICY, rate=RATE)


def test_levels_and_paired_differences():
    rows = {(row.factor, row.level): row for row in effects(TWO_BY_TWO).levels}
    never, always = rows["retaliation", "never"], rows["retaliation", "always"]
    assert (never.points, never.mean, always.mean) == (2, 16.0, 20.0)
    assert (never.low, never.high, never.difference) == (None, None, 0.0)
    # replication by replication the difference is 3 and 5; each mean varies far more
    assert always.difference == 4.0
    assert always.difference_high95 - 4.0 == pytest.approx(T1 * 1.0)
    assert always.high95 - 20.0 == pytest.approx(T1 * 6.0)  # 14 and 26
    low = rows["rate", "0.1"]
    assert (low.low, low.high, low.mean) == (0.1, 0.1, 17.0)


def test_of_more_levels_each_difference_must_be_surer():
    """20 ± 1 of two replications is t = 20: beyond 12.7 at 95 %, short of the 25.5 that two
    differences need together."""
    rows = [[0, 0], [19, 21], [-1, 1]]
    two = grid(rows[:2], policy=["a", "b"])
    three = grid(rows, policy=["a", "b", "c"])
    [alone], [among] = effects(two).factors, effects(three).factors
    assert (alone.sure, among.sure) == (True, False)


def test_a_slope_is_in_the_units_of_the_factor():
    [rate] = [f for f in effects(TWO_BY_TWO).factors if f.factor == "rate"]
    assert rate.slope == pytest.approx(10.0)  # 2 for 0.2, in every replication
    assert rate.rank == pytest.approx(0.4472, abs=1e-4)


def test_replications_that_agree_tell_no_interval_and_are_never_sure():
    alike = grid([[10, 20] * 20, [12, 22] * 20], rate=np.array([0.1, 0.3]))
    found = effects(alike)
    [rate] = found.factors
    assert (rate.slope, rate.slope_low95, rate.sure) == (pytest.approx(10.0), None, False)
    first, second = found.levels
    assert (second.difference, second.difference_low95) == (2.0, None)
    assert first.low95 is not None  # the mean has luck, the difference none
    assert (first.difference, first.difference_low95) == (0.0, None)


def test_replications_that_agree_bound_a_probability():
    """None in 20 at one level, in all at the other: 0.139 either way, and twice that between."""
    told = grid([[0] * 20, [1] * 20], policy=["a", "b"])._replace(measure="reaches_eight")
    none, all_of_them = effects(told).levels
    assert (none.low95, none.high95) == pytest.approx((0.0, 0.1391), abs=1e-4)
    assert (all_of_them.low95, all_of_them.high95) == pytest.approx((0.8609, 1.0), abs=1e-4)
    assert all_of_them.difference_low95 == pytest.approx(1.0 - 0.2782, abs=1e-4)
    assert none.difference_low95 is None  # nothing is apart from itself
    assert effects(told).factors[0].sure


def test_factors_come_in_the_order_of_what_they_make():
    found = effects(TWO_BY_TWO)
    assert [f.factor for f in found.factors] == ["retaliation", "rate"]
    # levels' means less the replication's own, ± 1.5 and ± 2.5 of the policy, ± 1 of the rate:
    # products of different replications are 3.75 and 1
    assert [f.share for f in found.factors] == pytest.approx([3.75 / 4.75, 1 / 4.75])
    assert [f.span for f in found.factors] == [4.0, 2.0]


def test_what_never_varies_is_no_factor_and_what_never_matters_has_no_share():
    found = effects(grid([[3, 9], [3, 9]], fixed=np.ones(2), policy=["a", "b"]))
    [policy] = found.factors
    assert (policy.factor, policy.share, policy.span, policy.sure) == ("policy", None, 0.0, False)


def test_one_replication_has_no_interval():
    found = effects(grid([[1], [5]], policy=["a", "b"]))
    assert found.levels[1].difference == 4.0
    assert found.levels[1].difference_low95 is None
    assert not found.factors[0].sure


def test_a_level_of_one_sampled_point_has_no_interval():
    three = grid([[1, 2], [2, 3], [5, 7]], policy=["a", "a", "b"])._replace(kind="random")
    rows = effects(three).levels
    # means 1.5 and 2.5 of two points, and of two replications: each an error of 1 / 2
    assert rows[0].high95 - rows[0].mean == pytest.approx(T1 * (0.25 + 0.25) ** 0.5)
    assert (rows[1].low95, rows[1].difference_low95) == (None, None)


def test_the_share_of_a_sample_is_less_what_chance_would_make():
    two = grid([[0, 0], [2, 2], [4, 4], [6, 6]], policy=["a", "a", "b", "b"])
    # of a sum of squares of 20 the levels make 16, of which 4 / 2 by chance
    [chosen], [drawn] = (effects(two._replace(kind=k)).factors for k in ("grid", "random"))
    assert (chosen.share, drawn.share) == (pytest.approx(16 / 20), pytest.approx(14 / 20))


def test_many_values_fall_into_bins_of_equal_size_and_few_stand_alone():
    assert [int(g.points.sum()) for g in groups(np.arange(20.0))] == [4] * BINS
    assert [g.name for g in groups(np.array([1.0, 2.0, 1.0]))] == ["1", "2"]
    ties = groups(np.array([0.0] * 15 + list(range(1, 16))))
    assert sum(int(g.points.sum()) for g in ties) == 30
    assert (ties[0].low, ties[0].high) == (0.0, 0.0)


def test_an_estimate_by_hand():
    y = np.array([[1.0, 3.0], [5.0, 9.0]])
    found = linear(np.array([-1.0, 1.0]), np.array([0.5, -0.5]), y, 1)
    assert found.value == 5.0  # 4 and 6
    assert found.luck == pytest.approx(1.0)
    assert found.points == pytest.approx(0.5**0.5)
    assert found.half() == pytest.approx(T1 * (1.0 + 0.5) ** 0.5)
    together = linear(np.array([-1.0, 1.0]), np.array([0.5, -0.5]), y, 2)
    assert (together.points, together.blocks) == (1.0, 1)
    assert together.half() is None  # one block


def test_rows_are_json():
    found = effects(TWO_BY_TWO)
    told = [row._asdict() for row in (*found.factors, *found.levels)]
    assert len(json.loads(json.dumps(told, allow_nan=False))) == 6


def test_points_that_are_all_alike_differ_by_nothing_at_all():
    """The mean of sevenths is a seventh but for rounding, which no interval may call an effect."""
    rates = np.array([0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0, 1.1])
    alike = np.tile([1.0 / 7.0, 3.0 / 7.0, 0.1], (11, 1))
    found = effects(Swept("lhs", {"rate": rates}, None, alike, "x"))
    assert [level.difference for level in found.levels] == [0.0] * len(found.levels)
    [rate] = found.factors
    assert (rate.span, rate.slope, rate.sure) == (0.0, 0.0, False)
