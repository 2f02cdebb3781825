"""Sobol indices against functions whose indices are known, and against SALib's."""

from __future__ import annotations

import json
from functools import cache

import numpy as np
import pytest
from SALib.analyze import sobol as salib
from SALib.sample import sobol as sampled

from sim.compare.sweeps.effects import effects
from sim.compare.sweeps.sobol import Sobol, _luck, sobol
from sim.compare.sweeps.table import Swept

NAMES = ("a", "b", "c", "inert")
FIRST = {"a": 0.3139, "b": 0.4424, "c": 0.0, "inert": 0.0}
TOTAL = {"a": 0.5576, "b": 0.4424, "c": 0.2437, "inert": 0.0}
VARIANCE = 13.8446
"""Of the Ishigami function with 7 and 0.1 (Ishigami & Homma 1990)."""


def ishigami(unit: np.ndarray) -> np.ndarray:
    a, b, c = (-np.pi + 2.0 * np.pi * unit[:, i] for i in range(3))
    return np.sin(a) + 7.0 * np.sin(b) ** 2 + 0.1 * c**4 * np.sin(a)


@cache
def design(rows: int, second: bool = False) -> np.ndarray:
    problem = {"num_vars": 4, "names": list(NAMES), "bounds": [[0.0, 1.0]] * 4}
    return sampled.sample(problem, rows, calc_second_order=second, seed=7)


def swept(unit: np.ndarray, outcomes: np.ndarray) -> Swept:
    factors = {name: unit[:, i] for i, name in enumerate(NAMES)}
    return Swept("sobol", factors, unit, outcomes, "rocket_attacks")


def noisy(rows: int, replications: int, apart: float, shared: float, seed: int = 1) -> Swept:
    """Ishigami with luck of each point's own and luck that all points share."""
    unit, random = design(rows), np.random.default_rng(seed)
    luck = apart * random.standard_normal((len(unit), replications))
    return swept(
        unit, ishigami(unit)[:, None] + luck + shared * random.standard_normal(replications)
    )


def by_name(found: Sobol) -> dict[str, tuple]:
    return {index.factor: index for index in found.indices}


@pytest.mark.parametrize("second", [False, True])
def test_without_luck_they_are_known_and_salibs(second: bool) -> None:
    unit = design(1024, second)
    y = ishigami(unit)
    found = by_name(sobol(swept(unit, y[:, None])))
    problem = {"num_vars": 4, "names": list(NAMES), "bounds": [[0.0, 1.0]] * 4}
    there = salib.analyze(problem, y, calc_second_order=second, seed=1)
    if not second:  # SALib centres on all points, of which the second order has more
        assert [found[n].first for n in NAMES] == pytest.approx(there["S1"], abs=0.002)
    assert [found[n].total for n in NAMES] == pytest.approx(there["ST"], abs=1e-9)
    for name in NAMES:
        assert found[name].first == pytest.approx(FIRST[name], abs=0.02)
        assert found[name].total == pytest.approx(TOTAL[name], abs=0.02)
        assert found[name].first_luck is None
    assert list(found) == ["a", "b", "c", "inert"]  # by their totals: alone b makes more than a


def test_the_interval_of_the_points_is_salibs() -> None:
    unit = design(1024)
    y = ishigami(unit)
    problem = {"num_vars": 4, "names": list(NAMES), "bounds": [[0.0, 1.0]] * 4}
    there = salib.analyze(problem, y, calc_second_order=False, num_resamples=1000, seed=1)
    found = by_name(sobol(swept(unit, y[:, None])))
    told = [(found[n].first_points, found[n].total_points) for n in NAMES]
    confidence = np.array([there["S1_conf"], there["ST_conf"]])
    assert np.allclose(np.array(told).T, confidence, rtol=0.15, atol=1e-6)


def test_luck_adds_nothing_to_the_indices_but_spread() -> None:
    """With luck of four times the parameters' variance SALib gives a factor that does nothing
    a total index of 0.17; ours stays at zero, within its interval."""
    told = noisy(1024, 16, apart=7.4, shared=0.0)
    there = salib.analyze(
        {"num_vars": 4, "names": list(NAMES), "bounds": [[0.0, 1.0]] * 4},
        told.outcomes.mean(axis=1), calc_second_order=False, seed=1,
    )  # fmt: skip
    assert there["ST"][3] > 0.15
    found = by_name(sobol(told))
    for name in NAMES:
        for own, known in ((found[name].total, TOTAL[name]), (found[name].first, FIRST[name])):
            assert own == pytest.approx(known, abs=0.1)
    assert abs(found["inert"].total) < found["inert"].total_luck < 0.06


def test_the_variance_of_one_replication_is_split() -> None:
    split = sobol(noisy(512, 60, apart=3.0, shared=6.0)).split
    assert split.parameters == pytest.approx(VARIANCE, rel=0.05)
    assert split.luck == pytest.approx(9.0 + split.luck_shared, rel=0.05)
    # a variance of 36 from 60 draws: standard error 6.6, four of them
    assert split.luck_shared == pytest.approx(36.0, abs=27.0)
    assert split.share == pytest.approx(VARIANCE / (VARIANCE + split.luck), rel=0.05)
    assert abs(split.parameters - VARIANCE) < split.parameters_points + split.parameters_luck


def test_luck_of_the_points_own_is_not_shared() -> None:
    """The mean of 48 points still holds a 48th of it: 0.021, told to 0.0005 by 4,000."""
    apart = np.random.default_rng(3).standard_normal((48, 4000))
    split = sobol(swept(design(8), ishigami(design(8))[:, None] + apart), resamples=10).split
    assert split.luck_shared < 0.003
    assert split.luck == pytest.approx(1.0, abs=0.02)


def test_the_interval_of_luck_is_students() -> None:
    """Of the mean of 1, 2 and 3, whose means without each are 2.5, 2 and 1.5."""
    assert _luck(np.array([2.5, 2.0, 1.5])) == pytest.approx(4.302653 / 3**0.5)


def test_shared_luck_changes_nothing() -> None:
    """Common random numbers: what all points share cancels to the last bit but rounding."""
    calm, shaken = (by_name(sobol(noisy(128, 8, 1.0, shared))) for shared in (0.0, 100.0))
    for name in NAMES:
        assert shaken[name][1:] == pytest.approx(calm[name][1:], rel=1e-6, abs=1e-9)


def test_luck_alone_has_no_sure_index() -> None:
    told = noisy(64, 10, 1.0, 1.0)
    alone = told._replace(outcomes=told.outcomes - ishigami(design(64))[:, None])
    found = sobol(alone)
    assert not any(index.sure for index in found.indices)
    none = sobol(alone._replace(outcomes=np.ones((len(alone.outcomes), 3))))
    assert {value for index in none.indices for value in index[1:]} == {None}
    assert json.dumps([*map(list, none.indices), list(none.split)], allow_nan=False)


def test_rows_without_all_their_points_are_left_out() -> None:
    told = noisy(64, 5, 0.0, 1.0)
    outcomes = told.outcomes.copy()
    outcomes[[3, 100]] = np.nan
    found = sobol(told._replace(outcomes=outcomes))
    assert (found.rows, found.extent.points, found.extent.of_points) == (62, 372, 384)
    assert by_name(found)["b"].total == pytest.approx(TOTAL["b"], abs=0.15)


def binned(alone: np.ndarray) -> float:
    """The share of five equal bins' means, of a function of one factor on a fine grid."""
    return float(alone.reshape(5, -1).mean(axis=1).var()) / VARIANCE


def test_shares_of_any_design_are_first_order_indices_of_the_bins() -> None:
    random = np.random.default_rng(4)
    unit = random.random((4000, 4))
    y = ishigami(unit)[:, None] + 4.0 * random.standard_normal((4000, 6))
    told = swept(unit, y)._replace(kind="random")
    shares = {f.factor: f.share for f in effects(told).factors}
    x = np.linspace(-np.pi, np.pi, 10_001)[:-1]
    assert shares["a"] == pytest.approx(binned((1.0 + 0.02 * np.pi**4) * np.sin(x)), abs=0.03)
    assert shares["b"] == pytest.approx(binned(7.0 * np.sin(x) ** 2), abs=0.03)
    assert shares["c"] == pytest.approx(0.0, abs=0.005)
    assert shares["inert"] == pytest.approx(0.0, abs=0.005)


def by_chance(rows: int, random: np.random.Generator) -> np.ndarray:
    """A Saltelli design of independent points, in SALib's order."""
    a, b = random.random((2, rows, 4))
    swapped = [np.where(np.arange(4) == i, b, a) for i in range(4)]
    return np.stack([a, *swapped, b], axis=1).reshape(-1, 4)


@pytest.mark.slow
def test_both_intervals_hold_the_truth_as_often_as_they_say() -> None:
    """Of 300 sweeps with fresh points and luck the totals lie within both intervals together
    in at least nine of ten (said: 95 % or more; when last looked, 285 to 300, by factor).
    Points of a Sobol sequence lie closer to the truth than the bootstrap of rows believes."""
    held = dict.fromkeys(NAMES, 0)
    for seed in range(300):
        random = np.random.default_rng(seed)
        unit = by_chance(128, random)
        y = ishigami(unit)[:, None] + 4.0 * random.standard_normal((len(unit), 8))
        for index in sobol(swept(unit, y), resamples=200).indices:
            reach = (index.total_points**2 + index.total_luck**2) ** 0.5
            held[index.factor] += abs(index.total - TOTAL[index.factor]) <= reach
    assert min(held.values()) >= 0.9 * 300, held
