"""Rules, held-out points, limits and their stability by hand; what too few cases are told."""

import builtins
import sys

import numpy as np
import pytest

from sim.compare.sweeps import boxes as found_boxes
from sim.compare.sweeps.boxes import _limit, _rivals, boxes, share_of
from sim.compare.sweeps.cases import Rule, rule
from sim.compare.sweeps.parts import Part, again, held_out
from sim.compare.sweeps.prim import Cut, inside, peeled
from sim.compare.sweeps.table import Swept
from sim.errors import InputError


def swept(means, **factors):
    outcomes = np.array(means, dtype=float)[:, None] + np.array([-1.0, 0.0, 1.0])
    return Swept("lhs", factors, None, outcomes, "rocket_attacks")


def test_a_rule_holds_on_its_side_of_the_threshold():
    means = np.array([59.0, 60.0, 61.0])
    assert rule("rocket_attacks > 60").holds(means).tolist() == [False, False, True]
    assert rule("rocket_attacks>=60").holds(means).tolist() == [False, True, True]
    assert rule("rocket_attacks < 60").holds(means).tolist() == [True, False, False]
    assert rule(" rocket_attacks <= 6e1 ").holds(means).tolist() == [True, True, False]
    assert str(rule("reaches_eight >= 0.50")) == "reaches_eight >= 0.5"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("many attacks", "a rule is MEASURE > NUMBER"),
        ("rocket_attacks = 60", "a rule is MEASURE > NUMBER"),
        ("rocket_atacks > 60", "did you mean 'rocket_attacks'"),
        ("rocket_attacks > sixty", "sixty is no number"),
        ("rocket_attacks > nan", "nan is no number"),
        ("rocket_attacks > inf", "inf is no number"),
    ],
)
def test_what_is_no_rule(text, words):
    with pytest.raises(InputError, match=words):
        rule(text)


def test_points_near_the_threshold_are_unsure():
    outcomes = np.array([[59.0, 61.0, 63.0], [70.0, 71.0, 72.0], [60.5, 60.5, 60.5]])
    # 61 ± 4.30 · 2 / √3 holds 60; 71 ± 2.48 does not; the third has no luck
    assert Rule("rocket_attacks", ">", 60.0).unsure(outcomes) == 1
    assert Rule("rocket_attacks", ">", 60.0).unsure(outcomes[:, :1]) is None
    none = np.zeros((2, 20))  # up to 0.186, had more been made
    assert Rule("reaches_eight", ">", 0.1).unsure(none) == 2
    assert Rule("reaches_eight", ">", 0.2).unsure(none) == 0


def test_limits_let_in_what_they_say():
    factors = {"rate": np.array([1.0, 2.0, 3.0]), "policy": ["never", "always", "some"]}
    low, high = Cut("rate", "at least", 2.0, None, 0.0), Cut("rate", "at most", 2.0, None, 0.0)
    some = Cut("policy", "one of", None, ("always", "never"), 0.0)
    assert inside([low], factors, 3).tolist() == [False, True, True]
    assert inside([high, some], factors, 3).tolist() == [True, True, False]
    assert inside([], factors, 3).all()


def test_a_third_of_the_blocks_is_held_out_across_the_cases():
    cases = np.array([True] * 30 + [False] * 60)
    held = held_out(cases, 1, np.random.default_rng(0))
    assert (held.sum(), (held & cases).sum()) == (30, 10)
    blocks = held_out(cases, 6, np.random.default_rng(0)).reshape(-1, 6)
    assert (blocks.all(axis=1) | ~blocks.any(axis=1)).all()
    assert blocks.all(axis=1).sum() == 5


def test_a_resample_draws_whole_blocks():
    rate, names = np.arange(9.0), [f"n{i}" for i in range(9)]
    part = Part({"rate": rate, "name": names}, rate > 4, 4)
    drawn = again(part, np.arange(9) // 3, np.random.default_rng(1))
    rows = np.asarray(drawn.factors["rate"]).reshape(3, 3)
    assert (np.diff(rows, axis=1) == 1).all()
    assert set(rows[:, 0]) <= {0.0, 3.0, 6.0}
    assert len(set(rows[:, 0])) == 2  # one of them twice, with this seed
    assert drawn.factors["name"] == [f"n{int(i)}" for i in rows.ravel()]
    assert (drawn.cases == (rows.ravel() > 4)).all()


def test_factors_that_never_vary_have_no_box():
    assert peeled({"rate": np.ones(4)}, np.array([True, False, True, False])) == []


def test_stability_counts_the_same_limit_of_resamples():
    cut = Cut("rate", "at least", 2.0, None, 0.01)
    name = Cut("policy", "one of", None, ("a",), 0.01)
    drawn = [
        [cut._replace(value=1.0), name],
        [cut._replace(value=3.0), name._replace(levels=("a", "b"))],
        [Cut("rate", "at most", 9.0, None, 0.01)],
        [],
    ]
    told = _limit(cut, drawn)
    assert (told.chosen, told.value) == (0.5, 2.0)
    assert (told.low, told.high) == pytest.approx((1.1, 2.9))
    assert _limit(name, drawn)[5:] == (0.25, None, None)
    assert _rivals([cut, name], drawn) == [("rate", "at most", 0.25)]
    assert _limit(cut, [[]]).low is None


def test_shares_of_nothing_are_unknown():
    assert share_of(0, 0) == (0, 0, None, None, None)
    assert share_of(0, 10)[2:4] == (0.0, pytest.approx(0.0, abs=1e-12))


@pytest.mark.parametrize("high", [0, 14, 46, 60])
def test_too_few_cases_or_others_are_refused(high):
    means = [80.0] * high + [40.0] * (60 - high)
    with pytest.raises(InputError) as refused:
        boxes(swept(means, rate=np.arange(60.0)), "rocket_attacks > 60")
    told = str(refused.value)
    assert f"cases=rocket_attacks > 60: {high} of 60 points are cases" in told
    assert "sweep more points" in told
    assert len(told.splitlines()) <= 3


def test_another_measures_rule_is_refused():
    with pytest.raises(InputError, match="these are the results of rocket_attacks"):
        boxes(swept([1.0] * 3, rate=np.arange(3.0)), "us_strikes > 1")


def test_without_the_extra_it_says_how_to_get_it(monkeypatch):
    real = builtins.__import__

    def missing(name, *rest):
        if name.startswith("ema_workbench"):
            raise ModuleNotFoundError("No module named 'ema_workbench'", name="ema_workbench")
        return real(name, *rest)

    for name in [name for name in sys.modules if name.startswith("ema_workbench")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setattr(builtins, "__import__", missing)
    with pytest.raises(InputError, match=r"not installed;\n.*rungs\[discovery\]"):
        peeled({"rate": np.arange(4.0)}, np.array([True, False, True, False]))


def test_coverage_and_density_of_both_parts_and_of_a_second_box(monkeypatch):
    """With limits that are given, which overlap: from 70 on, and up to 79 of what is left."""
    asked = iter(
        [[Cut("rate", "at least", 70.0, None, 0.0)], [Cut("rate", "at most", 79.0, None, 0.0)]]
    )
    monkeypatch.setattr(found_boxes, "peeled", lambda factors, cases: next(asked))
    rate = np.arange(100.0)
    cases = (rate >= 75) | (rate < 20)  # 45, of which the first box holds 25 in 30 points
    told = boxes(swept(np.where(cases, 80, 40), rate=rate), "rocket_attacks > 60", 2, 0)
    assert (told.cases, told.learnt, told.held, told.unsure) == (45, 67, 33, 0)
    first, second = told.boxes
    hits = first.learnt_density.hits + first.held_density.hits
    assert (hits, first.learnt_density.of + first.held_density.of) == (25, 30)
    assert first.learnt_coverage.of + first.held_coverage.of == 45
    hits = second.learnt_density.hits + second.held_density.hits
    assert (hits, second.learnt_density.of + second.held_density.of) == (20, 70)
    assert second.learnt_coverage.of + second.held_coverage.of == 45


def test_progress_ends_where_it_said(monkeypatch):
    monkeypatch.setattr(
        found_boxes, "peeled", lambda *_: [Cut("rate", "at least", 70.0, None, 0.0)]
    )
    seen = []
    rate = np.arange(90.0)
    means = np.where(rate >= 60, 80, 40)
    boxes(
        swept(means, rate=rate), "rocket_attacks > 60", 1, 4, progress=lambda *at: seen.append(at)
    )
    assert seen == [(1, 5), (2, 5), (3, 5), (4, 5), (5, 5)]
