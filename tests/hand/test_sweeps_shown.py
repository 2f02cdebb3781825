"""What a terminal shows of a sweep: the words first, then the tables."""

import numpy as np
import pytest
from SALib.sample import morris as screened
from SALib.sample import sobol as sampled

from sim.compare.sweeps.boxes import Box, Discovery, Limit, Rival, Share
from sim.compare.sweeps.effects import effects
from sim.compare.sweeps.morris import morris
from sim.compare.sweeps.ranking import ranking
from sim.compare.sweeps.sobol import sobol
from sim.compare.sweeps.table import Extent, Swept
from sim.show import sweeps as shown
from sim.show.tables import WIDTH

PROBLEM = {"num_vars": 2, "names": ["militia.excitation", "inert"], "bounds": [[0.0, 1.0]] * 2}


def swept(kind, unit, replications=8, apart=0.5):
    luck = np.random.default_rng(1).standard_normal((len(unit), replications))
    factors = {name: unit[:, i] for i, name in enumerate(PROBLEM["names"])}
    outcomes = 9.0 * unit[:, :1] + apart * luck + luck[0]
    return Swept(kind, factors, unit, outcomes, "rocket_attacks")


def test_effects_say_what_matters_and_list_it():
    text = shown.effects(effects(swept("random", np.random.default_rng(2).random((60, 2)))))
    first = text.splitlines()[0]
    assert first.startswith("What matters for rocket attacks, at 95 %: militia.excitation (9")
    assert first.endswith("% of the spread between points).")
    assert "Partial" not in text
    rows = [line.split() for line in text.splitlines()]
    [row] = [line for line in rows if line[:2] == ["inert", "5"]]
    assert row[-1] == "no"


def test_a_partial_sweep_is_said_to_be_one():
    told = swept("random", np.random.default_rng(2).random((60, 2)))
    told.outcomes[5] = np.nan
    text = shown.effects(effects(told))
    assert text.splitlines()[1] == "Partial: 59 of 60 points, 8 of 8 replications of each."


def test_one_replication_tells_nothing_from_luck():
    text = shown.effects(effects(swept("random", np.random.default_rng(2).random((60, 2)), 1)))
    assert text.startswith("Rocket attacks: with one replication a point nothing tells")


def test_luck_alone_is_called_luck():
    told = swept("random", np.random.default_rng(2).random((60, 2)))
    alone = told._replace(outcomes=np.random.default_rng(3).standard_normal((60, 8)))
    assert shown.effects(effects(alone)).startswith(
        "Rocket attacks: no factor can be told from luck."
    )


def test_sobol_says_how_much_is_luck():
    unit = sampled.sample(PROBLEM, 64, calc_second_order=False, seed=1)
    text = shown.sobol(sobol(swept("sobol", unit)))
    words = text.split("\n\n")[0].replace("\n", " ")
    assert "for rocket attacks, at 95 %: militia.excitation (1.01 ± 0.25 as total index)." in words
    assert "Of the variance of one replication the parameters make 8" in words
    assert "64 rows of the design" in text


def test_without_luck_that_anybody_saw_no_index_is_sure():
    unit = sampled.sample(PROBLEM, 64, calc_second_order=False, seed=1)
    found = sobol(swept("sobol", unit, apart=0.0))
    assert {(i.first_luck, i.total_luck, i.sure) for i in found.indices} == {(None, None, False)}
    assert found.split.parameters_luck is None
    assert shown.sobol(found).startswith("Rocket attacks: no factor can be told from luck.")


def test_morris_names_what_luck_would_make_and_what_does_nothing():
    unit = screened.sample(PROBLEM, 8, num_levels=4, seed=1)
    words = shown.morris(morris(swept("morris", unit))).split("\n\n")[0].replace("\n", " ")
    assert words.startswith("What matters for rocket attacks, at 95 %: militia.excitation (")
    assert "Not to be told from luck: inert." in words
    silent = shown.morris(morris(swept("morris", unit, apart=0.0)))
    assert "Without any effect on the same draws: inert." in silent
    few = shown.morris(morris(swept("morris", unit, 4)))
    assert "Without any effect" not in words
    assert "Not to be told" not in silent
    assert "Six replications are needed" in few
    assert "What matters" not in few


def test_a_ranking_says_who_is_first_and_how_sure():
    luck = np.random.default_rng(4).standard_normal((1, 30))
    table = np.array([[5.0], [2.0], [9.0]]) + luck
    table += 0.1 * np.random.default_rng(5).standard_normal((3, 30))
    factors = {"retaliation": ["some", "never", "always"]}
    found = ranking(Swept("csv", factors, None, table, "us_strikes"), ["retaliation"], zone=0.5)
    words = shown.ranking(found).split("\n\n")[0].replace("\n", " ")
    assert words.startswith("retaliation=never has the lowest mean (US strikes): ")
    assert "or within 0.5 of it has a probability of >.99 (one world, 30 repl" in words
    one = ranking(Swept("csv", factors, None, table[:, :1], "us_strikes"), ["retaliation"])
    assert "nothing tells what matters from luck" in shown.ranking(one).replace("\n", " ")


def worded(means, replications=30, alike=True, zone=0.0):
    """The sentence on policies a, b, … of these means, with luck of their own or the same, of
    which every second one has a tenth less."""
    shape = (1 if alike else len(means), replications)
    luck = np.random.default_rng(4).standard_normal(shape)
    luck = np.repeat(luck, len(means), axis=0) if alike else luck
    luck[1::2] *= 0.9
    luck -= luck.mean(axis=1, keepdims=True)
    table = np.array(means, dtype=float)[:, None] + luck
    told = Swept("csv", {"policy": list("abcdef")[: len(means)]}, None, table, "us_strikes")
    return shown.ranked(ranking(told, ["policy"], zone=zone))


def test_of_policies_that_tie_none_is_called_the_lowest():
    on = "(one world, 30 replications on the same draws)."
    assert worded([5, 5]) == (
        "policy=a and policy=b tie for the lowest mean (US strikes): 5; nothing tells which is "
        f"truly the lowest {on}"
    )
    assert worded([5, 9, 5]) == (
        "policy=a and policy=c tie for the lowest mean (US strikes): 5, against 9 of policy=b; "
        f"that one of them is truly the lowest has a probability of >.99 {on}"
    )
    assert worded([5] * 5).startswith("policy=a, policy=b, policy=c and 2 more tie for the lowest")
    assert "nothing tells which is truly the lowest" in worded([5, 5], alike=False)
    assert "nothing tells which is truly the lowest (" in worded([5, 5], zone=1.0)


def test_policies_that_are_always_as_much_apart_are_not_certain():
    luck = np.random.default_rng(4).standard_normal((1, 300))
    table = np.array([[5.0], [9.0]]) + luck
    told = Swept("csv", {"policy": ["a", "b"]}, None, table, "us_strikes")
    assert shown.ranked(ranking(told, ["policy"])) == (
        "policy=a has the lowest mean (US strikes), but replications that agree tell nothing of "
        "luck."
    )


def test_with_one_replication_no_probability_is_told():
    told = worded([5, 5], 1)
    assert told.startswith(
        "policy=a and policy=b tie for the lowest mean (US strikes), but with one"
    )
    assert "probability" not in told


SHARE = Share(8, 10, 0.8, 0.49, 0.943)
BOX = Box(
    [
        Limit("militia.excitation", "at least", 0.61, None, 0.01, 0.9, 0.55, 0.66),
        Limit("retaliation", "one of", None, ("always", "some"), 0.01, 0.7, None, None),
    ],
    [Rival("militia.base_rate", "at most", 0.3)],
    *(SHARE, SHARE, Share(6, 10, 0.6, 0.31, 0.83), Share(6, 8, 0.75, 0.41, 0.93)),
)


def discovery(found):
    return Discovery(
        "rocket_attacks > 60", "rocket_attacks", Extent(90, 90, 8, 8), 30, 4, 60, 30, 20, found
    )


def test_a_box_is_told_with_what_it_holds_of_the_points_held_out():
    text = shown.boxes(discovery([BOX]))
    words = text.split("\n\n")[0].replace("\n", " ")
    assert words.startswith("30 of 90 points are cases of rocket_attacks > 60; luck leaves 4")
    assert "militia.excitation at least 0.61 and retaliation one of always | some" in words
    assert "holds 60% of the cases, and 75% of what it holds are cases" in words
    assert "resamples also limit: militia.base_rate at most (30%)" in text
    assert "0.55 to 0.66" in text


def test_no_box_is_told_as_none():
    assert shown.boxes(discovery([])).startswith("No box sets the cases apart: 30 of 90 points")


@pytest.mark.parametrize("kind", ["grid", "random"])
def test_no_line_is_too_wide(kind):
    text = shown.effects(effects(swept(kind, np.random.default_rng(2).random((60, 2)))))
    assert max(map(len, text.splitlines())) <= WIDTH


def test_more_than_three_factors_are_counted():
    unit = np.random.default_rng(2).random((200, 5))
    names = {f"factor_{i}": unit[:, i] for i in range(5)}
    outcomes = 9.0 * unit.sum(axis=1)[:, None] + np.random.default_rng(3).random((200, 3))
    text = shown.effects(effects(Swept("random", names, None, outcomes, "us_strikes")))
    first = text.split("\n\n")[0].replace("\n", " ")
    assert first.startswith("What matters for US strikes, at 95 %: ")
    assert first.endswith("and 2 more.")
    assert first.count("factor_") == 3
