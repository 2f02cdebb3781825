"""Elementary effects by hand, beside SALib's; the floor that luck sets."""

import json

import numpy as np
import pytest
from SALib.analyze import morris as salib

from sim.compare.sweeps.morris import elementary, morris, signs
from sim.compare.sweeps.table import Swept
from sim.errors import InputError

STEP = 2 / 3
UNIT = np.array([[0, 0], [STEP, 0], [STEP, STEP], [1, 1], [1, 1 / 3], [1 / 3, 1 / 3]])
"""Two trajectories: the second goes down, and moves the second factor first."""


def swept(outcomes, unit=UNIT, kind="morris"):
    factors = {"rate": unit[:, 0], "share": unit[:, 1]}
    return Swept(kind, factors, unit, np.array(outcomes, dtype=float), "rocket_attacks")


def test_elementary_effects_by_hand():
    y = np.array([[0.0], [2.0], [3.0], [10.0], [4.0], [5.0]])
    found = elementary(UNIT, y)[..., 0]
    assert found.tolist() == [pytest.approx([3.0, -1.5]), pytest.approx([1.5, 9.0])]


def test_they_are_those_of_salib():
    unit, y = UNIT, np.array([0.0, 2.0, 3.0, 10.0, 4.0, 5.0])
    problem = {"num_vars": 2, "names": ["rate", "share"], "bounds": [[0, 1]] * 2}
    there = salib.analyze(problem, unit, y, num_levels=4, seed=1)
    own = elementary(unit, y[:, None])[..., 0]
    assert own.mean(axis=1) == pytest.approx(np.asarray(there["mu"]))
    rows = {row.factor: row for row in morris(swept(y[:, None])).factors}
    for i, name in enumerate(("rate", "share")):
        assert rows[name].mu == pytest.approx(own[i].mean())
        assert rows[name].mu_star == pytest.approx(np.abs(own[i]).mean())
        assert rows[name].sigma == pytest.approx(own[i].std(ddof=1))


@pytest.mark.parametrize("levels", [2, 6])
def test_any_number_of_levels_has_its_own_step(levels):
    step = levels / (2 * (levels - 1))
    unit = np.array([[0, 0], [step, 0], [step, step], [0, 0], [0, step], [step, step]])
    rows = {r.factor: r for r in morris(swept(unit @ [[3.0], [1.0]], unit)).factors}
    assert (rows["rate"].mu, rows["share"].mu) == (pytest.approx(3.0), pytest.approx(1.0))


def test_signs_are_every_choice_once_then_a_sample():
    assert signs(2, 0).tolist() == [[1, 1], [-1, 1]]
    assert signs(6, 0).shape == (32, 6)
    assert len(np.unique(np.abs(signs(6, 0) @ 3.0 ** np.arange(6)))) == 32
    assert signs(12, 0).shape == (2000, 12)
    assert (signs(12, 0)[0] == 1).all()


def test_a_sure_effect_is_told_and_an_inert_factor_has_none():
    y = 3.0 * UNIT[:, :1] + np.array([0.0, 5.0, -2.0, 1.0, 8.0, 4.0])
    rate, share = morris(swept(y)).factors
    assert (rate.factor, rate.mu_star, rate.told) == ("rate", pytest.approx(3.0), True)
    assert rate.p_value == 1 / 32  # one of 32 choices of signs: none changed
    assert (rate.mu_star_luck, rate.sigma_luck) == (None, None)  # all six agree
    assert rate.floor == pytest.approx(0.0, abs=1e-9)
    assert (share.mu_star, share.floor, share.told) == (0.0, 0.0, False)


@pytest.mark.parametrize(("last", "p", "told"), [(5.0, 1 / 32, True), (-1.0, 2 / 32, False)])
def test_what_luck_makes_in_more_than_one_case_of_twenty_is_not_told(last, p, told):
    """Of 32 choices of signs none makes as much as six of one sign; of 5, 5, 5, 5, 5 and −1 the
    choice that turns the five makes 26 for 24."""
    y = UNIT[:, :1] * np.array([5.0, 5.0, 5.0, 5.0, 5.0, last])
    [rate] = [row for row in morris(swept(y)).factors if row.factor == "rate"]
    assert (rate.p_value, rate.told) == (p, told)


def test_an_effect_of_either_sign_is_luck():
    y = UNIT[:, :1] * np.array([1.0, -1.0, 2.0, -2.0, 3.0, -3.0])
    rate = {row.factor: row for row in morris(swept(y)).factors}["rate"]
    assert (rate.mu, rate.p_value, rate.told) == (pytest.approx(0.0), 1.0, False)
    # sizes 1, 1, 2, 2, 3, 3: all alike gives 12 / 6, one 1 turned 10 / 6, and so on
    assert rate.floor == pytest.approx(10 / 6 * (6 / 5) ** 0.5)


def test_the_luck_of_a_mean_size_is_that_of_a_mean_where_no_effect_changes_sign():
    y = UNIT[:, :1] * np.array([1.0, 2.0, 3.0, 4.0, 5.0, 6.0])
    rate = {row.factor: row for row in morris(swept(y)).factors}["rate"]
    error = 3.5**0.5 / 6**0.5
    assert rate.mu_star_luck == pytest.approx(2.570582 * error)  # five degrees of freedom
    assert rate.luck == pytest.approx(error)


def test_sigma_has_intervals_of_points_and_of_luck():
    # three trajectories whose effects of the rate are 0, 3 and 6, times 1 and 3
    unit = np.tile([[0.0, 0.0], [STEP, 0.0], [STEP, STEP]], (3, 1))
    sizes = np.repeat([0.0, 3.0, 6.0], 3)[:, None]
    found = morris(swept(unit[:, :1] * sizes * [1.0, 3.0], unit))
    rate = {row.factor: row for row in found.factors}["rate"]
    assert rate.sigma == pytest.approx(6.0)  # of 0, 6 and 12
    # without each: of 6 and 12, 0 and 12, 0 and 6
    left = np.array([6.0, 12.0, 6.0]) / 2**0.5
    by_hand = (2 / 3 * ((left - left.mean()) ** 2).sum()) ** 0.5
    assert rate.sigma_points == pytest.approx(4.302653 * by_hand)
    assert rate.sigma_luck == pytest.approx(12.706205 * 3.0)  # 3 and 9: an error of 3
    assert morris(swept(UNIT[:, :1] + np.zeros(2))).factors[0].sigma_points is None


def test_five_replications_cannot_be_rare_enough():
    rate = morris(swept(UNIT[:, :1] + np.zeros(5))).factors[0]
    assert (rate.floor, rate.p_value, rate.told) == (None, None, None)
    assert rate.mu_star_luck is None
    assert morris(swept(UNIT[:, :1])).factors[0].mu_star_luck is None


def test_a_trajectory_without_all_its_points_is_left_out():
    unit = np.concatenate([UNIT, UNIT])
    y = 3.0 * unit[:, :1] + np.zeros(6)
    y[4] = np.nan
    found = morris(swept(y, unit))
    assert (found.trajectories, found.extent.points, found.extent.of_points) == (3, 9, 12)
    with pytest.raises(InputError, match="two whole trajectories"):
        morris(swept(y[:6]))


@pytest.mark.parametrize("unit", [UNIT[:-1], UNIT[::2], np.zeros((6, 2)), UNIT * [1, 0.5]])
def test_another_design_is_refused(unit):
    with pytest.raises(InputError, match=r"design=lhs: screening needs .*design=morris"):
        morris(swept(np.zeros((len(unit), 1)), unit, "lhs"))


def test_rows_are_json():
    rows = morris(swept(3.0 * UNIT[:, :1] + np.zeros(6))).factors
    assert json.loads(json.dumps([row._asdict() for row in rows], allow_nan=False))
