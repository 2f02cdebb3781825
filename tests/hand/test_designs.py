"""Axes, designs and constraints, worked out by hand."""

from __future__ import annotations

import json
from itertools import product

import numpy as np
import pytest

from sim.errors import InputError
from sim.settings.compose import load
from sim.settings.posterior import rows_of, sampler_of
from sim.study.designs import sampled
from sim.study.designs.axes import Believed, Listed, Span, axes, is_axis
from sim.study.designs.constraints import Constraint
from sim.study.designs.design import Asked, count, factors, make
from sim.study.designs.given import from_csv, from_posterior
from sim.study.expansion import Expansion

BASE = load(["scenario=summer_2020"])


def grid(*words, links=()):
    return Asked("grid", factors(axes(words, BASE), links))


def cube(kind, *words, points=16, links=(), where=""):
    return Asked(kind, factors(axes(words, BASE), links), points, seed=7, where=where)


# -- axes --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("word", "values"),
    [
        ("militia.excitation=0,0.3,0.6", (0, 0.3, 0.6)),
        ("seed=range(1,10,4)", (1, 5, 9)),
        ("retaliation=never,historical", ("never", "historical")),
        ("retaliation=glob(on_*)", ("on_attempt", "on_coalition_death", "on_compound_hit",
                                    "on_count", "on_wounded")),
        ("truce.on=true,false", (True, False)),
    ],
)  # fmt: skip
def test_a_list_lists_its_values(word, values):
    assert is_axis(word)
    assert axes([word], BASE) == [Listed(word.partition("=")[0], values)]


def test_an_interval_and_the_limits_are_spans():
    one, two = axes(["militia.excitation=interval(0.1,0.5)", "militia.base_rate=limits"], BASE)
    assert one == Span("militia.excitation", 0.1, 0.5)
    assert one.at(0.25) == pytest.approx(0.2)
    assert isinstance(two, Span)
    assert two.low < two.high


def test_a_prior_is_met_at_its_quantiles():
    (axis,) = axes(["militia.excitation=prior"], BASE)
    told = sampler_of(BASE).uncertain()["militia.excitation"]
    assert isinstance(axis, Believed)
    for u in (0.1, 0.5, 0.975):
        assert axis.at(u) == told.prior.quantile(u, told.low, told.high)
    assert axis.at(0.0) == axis.at(0.01)
    assert axis.at(1.0) == axis.at(0.99)


def test_a_star_takes_every_uncertain_quantity_that_it_fits():
    keys = [axis.key for axis in axes(["militia.*=prior"], BASE)]
    assert keys == [k for k in sampler_of(BASE).uncertain() if k.startswith("militia.")]
    assert len(keys) > 5


def test_what_sets_a_key_is_no_axis():
    assert not is_axis("militia.excitation=0.3")
    assert not is_axis("retaliation=never")
    assert not is_axis("~ablation")


def test_equal_shares_of_the_unit_interval():
    axis = Listed("x", ("a", "b", "c"))
    assert [axis.at(u) for u in (0.0, 0.33, 0.34, 0.66, 0.67, 1.0)] == list("aabbcc")


@pytest.mark.parametrize(
    ("word", "why"),
    [
        ("militia.excitation=0,3", r"militia\.excitation=3: outside 0 to 0\.99 \(attacks\)"),
        ("militia.excitation=interval(0,1.5)", r"=1\.5: outside 0 to 0\.99"),
        ("militia.excitation=interval(0.5,0.5)", r"the interval is empty"),
        ("retaliation=interval(0,1)", r"an interval needs a quantity"),
        ("retaliation=never,allways", r"retaliation=allways: no such config"),
        ("militia.excitatio=limits", r"no such quantity; did you mean 'militia\.excitation'"),
        ("militia.excitation=range(0,1000000000)", r"1,000,000,000 values, over 100,000"),
        ("militia.excitation=range(0,1,0)", r"finite ends and a step other than 0"),
        ("militia.excitation=range(0,1,nan)", r"finite ends and a step other than 0"),
        ("militia.excitation=range(0,inf)", r"finite ends and a step other than 0"),
        ("militia.excitation=range(nan,1)", r"finite ends and a step other than 0"),
        ("militia.excitation=range(5,1)", r"has no values; the design would be empty"),
        ("workers=1,2", r"workers is no axis of a sweep"),
        ("replications=10,20", r"replications is no axis"),
        ("retaliation=glob(zz*)", r"has no values"),
        ("_target_=a,b", r"never names code"),
        ("militia._target_=a,b", r"never names code"),
    ],
)
def test_a_bad_axis_is_refused(word, why):
    with pytest.raises(InputError, match=why):
        axes([word], BASE)


def test_a_fixed_quantity_has_no_prior():
    with pytest.raises(InputError, match=r"is fixed, not uncertain; write interval\(low,high\)"):
        axes(["militia.excitation=prior"], load(["militia.excitation=0.3"]))


def test_a_key_is_swept_once():
    with pytest.raises(InputError, match=r"militia\.excitation: is swept twice"):
        axes(["militia.excitation=0,0.3", "militia.excitation=prior"], BASE)


# -- designs -----------------------------------------------------------------------------


def test_a_grid_is_every_combination_the_last_axis_fastest():
    made = make(grid("militia.excitation=0,0.3,0.6", "retaliation=never,historical"))
    told = [(p["militia.excitation"], p["retaliation"]) for p in made.points]
    assert told == list(product((0, 0.3, 0.6), ("never", "historical")))


def test_linked_axes_move_as_one():
    words = ["militia.excitation=0,0.3", "militia.base_rate=0.1,0.2", "seed=1,2"]
    made = make(grid(*words, links=[["militia.excitation", "militia.base_rate"]]))
    assert [tuple(p.values()) for p in made.points] == [
        (0, 0.1, 1), (0, 0.1, 2), (0.3, 0.2, 1), (0.3, 0.2, 2)
    ]  # fmt: skip
    words = ["militia.excitation=interval(0,0.5)", "militia.base_rate=interval(0,1)"]
    told = make(cube("lhs", *words, links=[["militia.excitation", "militia.base_rate"]]))
    assert told.unit.shape == (16, 1)
    assert [2 * p["militia.excitation"] for p in told.points] == pytest.approx(
        [p["militia.base_rate"] for p in told.points]
    )


@pytest.mark.parametrize(
    ("links", "why"),
    [
        ([["militia.excitation", "seed"]], "equally many values"),
        ([["militia.excitation", "convoys.rate"]], "is not swept"),
        ([["militia.excitation", "militia.base_rate"], ["militia.base_rate", "seed"]], "two links"),
    ],
)
def test_a_bad_link_is_refused(links, why):
    words = ["militia.excitation=0,0.3", "militia.base_rate=0.1,0.2", "seed=1,2,3"]
    with pytest.raises(InputError, match=why):
        make(grid(*words, links=links))


WIDE = ("militia.excitation=interval(0,0.5)", "retaliation=never,historical")


def test_a_latin_hypercube_has_a_point_in_every_slice():
    made = make(cube("lhs", *WIDE, points=20))
    for column in made.unit.T:
        assert sorted(np.floor(column * 20).astype(int)) == list(range(20))
    assert [p["retaliation"] for p in made.points].count("never") == 10


def test_a_sobol_design_swaps_one_factor_a_row():
    unit = make(cube("sobol", *WIDE, points=8)).unit
    for a, first, second, b in unit.reshape(8, 4, 2):
        assert first.tolist() == [b[0], a[1]]
        assert second.tolist() == [a[0], b[1]]


def test_a_morris_trajectory_moves_one_factor_at_a_time():
    unit = make(cube("morris", *WIDE, points=5)).unit
    for path in unit.reshape(5, 3, 2):
        moved = np.diff(path, axis=0) != 0.0
        assert moved.sum(axis=1).tolist() == [1, 1]
        assert moved.sum(axis=0).tolist() == [1, 1]


@pytest.mark.parametrize("kind", list(sampled.SAMPLED))
def test_the_count_is_known_before_any_point_is_made(kind):
    asked = cube(kind, *WIDE, points=8)
    assert count(asked) == len(make(asked).points)
    assert count(grid("militia.excitation=0,0.3", "seed=range(1,6)")) == 10


@pytest.mark.parametrize("kind", list(sampled.SAMPLED))
def test_a_design_is_the_same_each_time_and_hangs_on_the_seed(kind):
    asked = cube(kind, *WIDE, points=8)
    assert make(asked).points == make(asked).points
    assert make(asked).points != make(asked._replace(seed=8)).points


@pytest.mark.parametrize("kind", ["random", "sobol"])
def test_a_larger_design_begins_like_a_smaller_one(kind):
    few, many = (make(cube(kind, *WIDE, points=n)).points for n in (8, 16))
    assert many[: len(few)] == few


@pytest.mark.parametrize(
    ("asked", "why"),
    [
        (Asked("grid"), "nothing is swept"),
        (Asked("latin", points=3), "design=latin: no such design"),
        (cube("lhs", *WIDE, points=0), "the design is empty"),
        (cube("lhs", *WIDE, points=10**9), "would have 1,000,000,000 points, over 200,000"),
        (cube("sobol", *WIDE, points=2**20), "would have 4,194,304 points"),
        (cube("sobol", *WIDE, points=12), "use 8 or 16"),
        (cube("sobol", *WIDE, where="militia.excitation < 1"), "unbalances design=sobol"),
        (cube("lhs", *WIDE, where="militia.excitation > 1"), "keeps none of 16 points"),
        (grid("seed=range(0,90000)", "militia.excitation=range(0,0.9,0.00001)"), "8,100,000,000"),
        (grid("militia.excitation=interval(0,0.5)"), "a grid needs values"),
    ],
)
def test_a_bad_design_is_refused_before_any_point_is_made(asked, why):
    with pytest.raises(InputError, match=why):
        make(asked)


# -- constraints -------------------------------------------------------------------------

POINT = {"a.b": 2.0, "c": 3, "policy": "never"}


@pytest.mark.parametrize(
    ("text", "holds"),
    [
        ("a.b < c", True),
        ("a.b * 2 - 1 == c", True),
        ("1 < a.b < 2", False),
        ("policy == 'never' and not c / 3 > 1", True),
        ("policy != 'never' or -c >= 0", False),
        ("a.b + c", True),
    ],
)
def test_a_constraint_is_read_as_it_is_written(text, holds):
    assert Constraint(text, list(POINT)).holds(POINT) is holds


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("a.b <", "no expression"),
        ("a.c > 1", r"a\.c is not swept; did you mean 'a\.b'"),
        ("__import__('os').remove('x')", "is more than arithmetic"),
        ("c ** 9999999", "is more than arithmetic"),
        ("[c for c in (1, 2)]", "is more than arithmetic"),
        ("().__class__ == 1", "is not swept"),
        ("c < " + "1" * 600, "over 500 characters"),
    ],
)
def test_a_constraint_that_is_more_than_arithmetic_is_refused(text, why):
    with pytest.raises(InputError, match=why):
        Constraint(text, list(POINT))


@pytest.mark.parametrize("text", ["policy < c", "c / 0 > 1"])
def test_what_cannot_be_worked_out_is_an_error(text):
    with pytest.raises(InputError, match=f"where={text}"):
        Constraint(text, list(POINT)).holds(POINT)


def test_a_design_keeps_the_points_for_which_it_holds():
    asked = grid("militia.excitation=0,0.3,0.6", "retaliation=never,historical")
    made = make(asked._replace(where="militia.excitation > 0.1 and retaliation == 'never'"))
    assert [p["militia.excitation"] for p in made.points] == [0.3, 0.6]
    wide = make(cube("lhs", *WIDE, where="militia.excitation > 0.25"))
    assert wide.unit.shape == (len(wide.points), 2)
    assert (wide.unit[:, 0] > 0.5).all()


# -- points that are given ---------------------------------------------------------------


def test_points_of_a_file(tmp_path):
    path = tmp_path / "points.csv"
    path.write_text(
        "militia.excitation,retaliation,truce.on\n0.3,never,true\n\n0.5,historical,false\n"
    )
    assert from_csv(path) == [
        {"militia.excitation": 0.3, "retaliation": "never", "truce.on": True},
        {"militia.excitation": 0.5, "retaliation": "historical", "truce.on": False},
    ]


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("a,b\n", "has no points"),
        ("a,a\n1,2\n", "'a' stands twice"),
        ("a,b\n1,2\n3\n", r"points\.csv:3: 1 values for 2 keys"),
        ("a,b\n1,\n", r"points\.csv:2: b is blank"),
    ],
)
def test_a_bad_file_of_points_is_refused(text, why, tmp_path):
    path = tmp_path / "points.csv"
    path.write_text(text)
    with pytest.raises(InputError, match=why):
        from_csv(path)
    with pytest.raises(InputError, match="cannot be read"):
        from_csv(tmp_path / "none.csv")


def test_points_of_a_posterior_are_its_draws():
    rows = rows_of("reference")
    table = set(rows.table)
    few, many = (from_posterior("reference", n, 7) for n in (5, 20))
    assert many[:5] == few
    assert all(tuple(point[key] for key in rows.keys) in table for point in many)
    with pytest.raises(InputError, match="ask for no more"):
        from_posterior("reference", 10**6, 7)


# -- from points to settings -------------------------------------------------------------


def test_a_point_is_what_its_overrides_would_give():
    made = Expansion(["scenario=summer_2020"])
    point = {"militia.excitation": 0.3, "retaliation": "never", "truce.on": False, "seed": 5}
    told = [f"{key}={json.dumps(value)}" for key, value in point.items()]
    whole = load(["scenario=summer_2020", *(w.replace('"', "") for w in told)])
    assert made.settings(point) == whole
    assert made.settings({"seed": 5}) == load(["scenario=summer_2020", "seed=5"])


def test_a_point_that_the_schema_refuses_is_named():
    with pytest.raises(InputError, match=r"at the point militia\.excitaton=1: .*no such key"):
        Expansion([]).settings({"militia.excitaton": 1})


def test_the_name_of_a_point_is_its_content():
    one, two = Expansion(["scenario=summer_2020"]), Expansion(["scenario=summer_2020", "workers=1"])
    more = Expansion(["scenario=summer_2020", "replications=3", "journal=none"])
    key = one.key(one.settings({"militia.excitation": 0.3}))
    for other in (two, more):
        assert other.key(other.settings({"militia.excitation": 0.3})) == key
    assert one.key(one.settings({"militia.excitation": 0.3, "seed": 1})) != key
    assert one.key(one.settings({"militia.excitation": 0.31})) != key
