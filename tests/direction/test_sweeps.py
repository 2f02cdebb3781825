"""More replications, more points, common draws: which way the answers of a sweep move."""

from __future__ import annotations

import numpy as np
from SALib.sample import morris as screened
from SALib.sample import sobol as sampled

from sim.compare.sweeps.effects import effects
from sim.compare.sweeps.morris import morris
from sim.compare.sweeps.ranking import ranking
from sim.compare.sweeps.sobol import sobol
from sim.compare.sweeps.table import Swept

PROBLEM = {"num_vars": 3, "names": ["a", "b", "inert"], "bounds": [[0.0, 1.0]] * 3}


def response(unit: np.ndarray) -> np.ndarray:
    return 4.0 * unit[:, 0] + 2.0 * unit[:, 1] * unit[:, 0]


def swept(kind: str, unit: np.ndarray, replications: int) -> Swept:
    luck = np.random.default_rng(2).standard_normal((len(unit), 64))[:, :replications]
    factors = {name: unit[:, i] for i, name in enumerate(PROBLEM["names"])}
    return Swept(kind, factors, unit, response(unit)[:, None] + luck, "rocket_attacks")


def test_replications_shrink_the_luck_of_an_index_and_points_the_rest() -> None:
    few, many = (sampled.sample(PROBLEM, n, calc_second_order=False, seed=3) for n in (64, 1024))
    start, longer, wider = (
        {i.factor: i for i in sobol(swept("sobol", unit, n)).indices}
        for unit, n in ((few, 16), (few, 64), (many, 16))
    )
    for name in ("a", "b"):
        assert longer[name].total_luck < 0.75 * start[name].total_luck
        assert 0.7 < longer[name].first_points / start[name].first_points < 1.05
        assert wider[name].first_points < 0.5 * start[name].first_points
        assert wider[name].total_points < 0.5 * start[name].total_points


def test_replications_lower_the_floor_of_a_screening() -> None:
    unit = screened.sample(PROBLEM, 12, num_levels=4, seed=3)
    few, many = ({r.factor: r for r in morris(swept("morris", unit, n)).factors} for n in (8, 64))
    assert many["inert"].floor < 0.6 * few["inert"].floor
    assert many["inert"].mu_star < few["inert"].mu_star
    assert many["a"].told
    assert not many["inert"].told


def test_replications_narrow_a_main_effect_of_a_grid_by_their_root() -> None:
    unit = np.stack(np.meshgrid(*[np.linspace(0.0, 1.0, 4)] * 3), axis=-1).reshape(-1, 3)
    few, many = ({f.factor: f for f in effects(swept("grid", unit, n)).factors} for n in (16, 64))
    for name in PROBLEM["names"]:
        widths = [f[name].slope_high95 - f[name].slope_low95 for f in (few, many)]
        assert 0.3 < widths[1] / widths[0] < 0.75
    assert many["a"].sure
    assert not many["inert"].sure


def test_common_draws_make_a_selection_surer() -> None:
    random = np.random.default_rng(4)
    draws = random.standard_normal((3, 40))
    gaps, own = np.array([[0.0], [0.2], [0.4]]), 0.2 * random.standard_normal((3, 40))
    own -= own.mean(axis=1, keepdims=True)
    draws -= draws.mean(axis=1, keepdims=True)
    policies = {"policy": ["a", "b", "c"]}
    paired, apart = (
        ranking(Swept("csv", policies, None, gaps + own + luck, "us_strikes"), ["policy"])
        for luck in (draws[:1], draws)
    )
    assert paired.correct > 0.95 > 0.9 > apart.correct
    assert paired.options[1].difference_high95 < apart.options[1].difference_high95


def test_a_wider_zone_never_lowers_the_probability_of_correct_selection() -> None:
    table = np.random.default_rng(5).standard_normal((6, 20))
    told = Swept("csv", {"policy": list("abcdef")}, None, table, "us_strikes")
    correct = [ranking(told, ["policy"], zone=zone).correct for zone in (0.0, 0.1, 0.3, 3.0)]
    assert correct == sorted(correct)
    assert correct[-1] == 1.0 > correct[0]
