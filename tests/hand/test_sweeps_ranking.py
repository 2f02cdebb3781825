"""Rankings by hand: worlds, paired differences, regret, what is refused."""

import json

import numpy as np
import pytest

from sim.compare.sweeps.ranking import ranking
from sim.compare.sweeps.table import Swept
from sim.compare.sweeps.worlds import crossed
from sim.errors import InputError

POLICIES = ["never", "always"]


def swept(cube, worlds=(0.1, 0.2)):
    """(policies, worlds, replications) as points, world by world."""
    table = np.array(cube, dtype=float)
    points = np.moveaxis(table, 1, 0).reshape(-1, table.shape[2])
    names = POLICIES * table.shape[1]
    factors = {"retaliation": names, "rate": np.repeat(worlds[: table.shape[1]], 2)}
    return Swept("csv", factors, None, points, "us_strikes")


BOTH = [[[1, 3], [6, 8]], [[2, 4], [3, 5]]]
"""`never` is better by one in the first world, worse by three in the second."""


def test_the_lowest_mean_comes_first_with_paired_differences():
    found = ranking(swept(BOTH), ["retaliation"])
    first, second = found.options
    assert (first.option, first.mean) == ("retaliation=always", 3.5)
    assert (second.option, second.mean, second.difference) == ("retaliation=never", 4.5, 1.0)
    assert (found.worlds, found.extent.replications) == (2, 2)
    assert (first.rank, second.rank, first.difference) == (1, 2, 0.0)


def test_the_highest_mean_where_more_is_better():
    assert ranking(swept(BOTH), ["retaliation"], "highest").options[0].option.endswith("never")


def test_regret_is_against_the_best_of_each_world():
    always, never = ranking(swept(BOTH), ["retaliation"]).options
    assert (always.regret_mean, always.regret_90, always.regret_most) == (0.5, 1.0, 1.0)
    assert (never.regret_mean, never.regret_90, never.regret_most) == (1.5, 3.0, 3.0)
    # both replications say the same, so halves choose alike
    assert (always.regret_least, never.regret_least) == (0.5, 1.5)


def test_regret_is_against_the_most_where_more_is_better():
    """`never` makes 3 more in the second world, `always` one more in the first."""
    never, always = ranking(swept(BOTH), ["retaliation"], "highest").options
    assert (never.regret_mean, never.regret_90, never.regret_most) == (0.5, 1.0, 1.0)
    assert (always.regret_mean, always.regret_90, always.regret_most) == (1.5, 3.0, 3.0)


def test_luck_alone_makes_regret_but_not_judged_on_the_other_half():
    [one, two] = ranking(swept([[[0, 2]], [[1, 1]]]), ["retaliation"]).options
    assert (one.regret_mean, two.regret_mean) == (0.0, 0.0)
    # the better on each half is the worse on the other: by nothing, or by one
    assert (one.regret_least, two.regret_least) == (-0.5, -0.5)


@pytest.mark.parametrize("times", [1, 20])
def test_the_same_difference_in_every_replication_is_unknown_never_certain(times):
    found = ranking(
        swept([[[1, 50, 7, 3, 4] * times], [[2, 51, 8, 4, 5] * times]]), ["retaliation"]
    )
    first, second = found.options
    assert (found.correct, second.best, second.cost) == (None, None, None)
    assert (second.difference, second.difference_low95) == (1.0, None)
    assert first.low95 is not None  # the mean has luck
    assert (first.difference, first.difference_low95) == (0.0, None)


def test_worlds_do_not_tell_of_luck_that_they_share():
    """Eight worlds that differ, but two replications that agree in each."""
    worlds = [[[k, k] for k in range(8)], [[2 * k + 1] * 2 for k in range(8)]]
    found = ranking(swept(worlds, np.arange(8.0)), ["retaliation"])
    assert (found.correct, found.options[1].difference_low95) == (None, None)


def test_a_probability_in_all_or_none_is_bounded():
    told = swept([[[0] * 20], [[1] * 20]])._replace(measure="reaches_eight")
    first, second = ranking(told, ["retaliation"]).options
    assert (first.low95, first.high95) == pytest.approx((0.0, 0.1862), abs=1e-4)
    assert second.difference_low95 == pytest.approx(0.6276, abs=1e-4)
    assert (first.difference_low95, second.best) == (None, None)


UNEVEN = [[[1, 3, 2], [6, 8, 9]], [[2, 4, 4], [3, 5, 4]]]


def test_within_the_zone_any_choice_is_correct():
    found = ranking(swept(UNEVEN), ["retaliation"], zone=1e6)
    assert [option.good for option in found.options] == [1.0, 1.0]
    assert found.correct == 1.0
    assert 0.0 < found.options[1].best < 1.0


def test_points_that_tie_share_the_best():
    found = ranking(swept([[[1, 2]], [[1, 2]]]), ["retaliation"])
    assert [option.best for option in found.options] == [0.5, 0.5]
    assert [option.good for option in found.options] == [1.0, 1.0]
    assert found.correct == 0.5


def test_one_replication_leaves_every_probability_unknown():
    found = ranking(swept([[[1], [1]], [[2], [4]]]), ["retaliation"])
    assert found.correct is None
    assert {(o.best, o.good, o.cost) for o in found.options} == {(None, None, None)}


def test_points_as_they_are():
    found = ranking(swept(BOTH))
    assert found.options[0].option == "retaliation=never, rate=0.1"
    assert (len(found.options), found.worlds) == (4, 1)


def test_worlds_that_some_policy_lacks_do_not_count():
    part = swept(BOTH)
    less = part._replace(
        factors={k: v[:3] for k, v in part.factors.items()}, outcomes=part.outcomes[:3]
    )
    labels, cube = crossed(less, ["retaliation"])
    assert labels == ["retaliation=never", "retaliation=always"]
    assert cube.tolist() == [[[1, 3]], [[2, 4]]]


@pytest.mark.parametrize(
    ("call", "words"),
    [
        ({"policies": ["retaliaton"]}, "rank=retaliaton .*did you mean 'retaliation'"),
        ({"best": "lowst"}, "did you mean 'lowest'"),
        ({"zone": -1.0}, "zone=-1"),
        ({"zone": float("nan")}, "zone=nan"),
        ({"policies": ["rate", "retaliation"]}, None),
    ],
)
def test_wrong_calls(call, words):
    if words is None:
        assert ranking(swept(BOTH), **call).worlds == 1
        return
    with pytest.raises(InputError, match=words):
        ranking(swept(BOTH), **call)


def test_policies_never_tried_in_the_same_world_cannot_be_ranked():
    apart = Swept(
        "lhs", {"policy": ["a", "b"], "rate": np.array([0.1, 0.2])}, None, np.ones((2, 2)), "m"
    )
    with pytest.raises(InputError, match="2 policies in 2 worlds, of which all were tried in 0"):
        ranking(apart, ["policy"])


def test_rows_are_json():
    found = ranking(swept(BOTH), ["retaliation"])
    assert json.loads(json.dumps([o._asdict() for o in found.options], allow_nan=False))
    one = ranking(swept([[[1]], [[2]]]), ["retaliation"]).options[1]
    assert (one.difference_low95, one.regret_least) == (None, None)
