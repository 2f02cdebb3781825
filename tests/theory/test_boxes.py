"""Boxes that are there are found, on points held out too; where there is none, none is claimed."""

from __future__ import annotations

import json

import numpy as np
import pytest

from sim.compare.sweeps.boxes import boxes
from sim.compare.sweeps.prim import peeled
from sim.compare.sweeps.table import Swept

POLICIES = ("never", "some", "always")


def factors(points: int, seed: int) -> dict[str, np.ndarray | list[str]]:
    random = np.random.default_rng(seed)
    return {
        "militia.excitation": random.random(points),
        "militia.base_rate": random.random(points),
        "retaliation": [str(name) for name in random.choice(POLICIES, points)],
        "fixed": np.ones(points),
    }


def planted(points: int, seed: int) -> tuple[dict[str, np.ndarray | list[str]], np.ndarray]:
    told = factors(points, seed)
    policy = np.array(told["retaliation"])
    return told, (np.asarray(told["militia.excitation"]) > 0.6) & (policy != "never")


def test_a_planted_box_is_found() -> None:
    told, cases = planted(150, 1)
    low, names = sorted(peeled(told, cases))
    assert (low.factor, low.side) == ("militia.excitation", "at least")
    assert low.value == pytest.approx(0.6, abs=0.03)
    assert (names.factor, names.levels) == ("retaliation", ("always", "some"))


def test_cases_by_chance_have_no_box_or_a_weak_one() -> None:
    cases = np.random.default_rng(3).random(150) < 0.3
    for cut in peeled(factors(150, 2), cases):
        assert cut.quasi_p > 1e-4


@pytest.mark.slow
def test_stability_and_the_points_held_out_tell_a_box_from_chance() -> None:
    told, cases = planted(240, 4)
    random = np.random.default_rng(5)
    y = np.where(cases, 80.0, 40.0)[:, None] + 15.0 * random.standard_normal((240, 8))
    there = boxes(Swept("lhs", told, None, y, "rocket_attacks"), "rocket_attacks > 60", 1, 10)
    [box] = there.boxes
    assert {limit.factor for limit in box.limits} == {"militia.excitation", "retaliation"}
    assert all(limit.chosen >= 0.9 for limit in box.limits)
    assert box.held_density.low95 > 0.8
    assert json.dumps([limit._asdict() for limit in box.limits], allow_nan=False)
    shuffled = y[random.permutation(240)]
    chance = boxes(
        Swept("lhs", told, None, shuffled, "rocket_attacks"), "rocket_attacks > 60", 1, 10
    )
    for box in chance.boxes:
        assert box.held_density.share < 0.7
        assert min(limit.chosen for limit in box.limits) < 0.7
