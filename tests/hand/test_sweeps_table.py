"""What of a sweep is analysed, and the products that luck cannot bias, by hand."""

import numpy as np
import pytest

from sim.compare.sweeps.pairs import jackknife, product, without_each
from sim.compare.sweeps.table import Extent, Swept, balanced, block_of, names, saltelli_step
from sim.errors import InputError

BLANK = float("nan")


def swept(outcomes, **more):
    table = np.array(outcomes, dtype=float)
    told = {"kind": "grid", "factors": {"a": np.arange(len(table), dtype=float)}, "unit": None}
    return Swept(**{**told, **more}, outcomes=table, measure="rocket_attacks")


def test_a_whole_sweep_is_taken_as_it_is():
    even, extent = balanced(swept([[1, 2], [3, 4]]))
    assert even.outcomes.tolist() == [[1, 2], [3, 4]]
    assert extent == Extent(2, 2, 2, 2)
    assert extent.whole


def test_a_point_without_results_is_left_out_of_factors_too():
    pol = ["x", "y", "z"]
    even, extent = balanced(
        swept([[1, 2], [BLANK, BLANK], [3, 4]], factors={"a": np.array([0.0, 1, 2]), "pol": pol})
    )
    assert even.factors["a"].tolist() == [0.0, 2.0]
    assert even.factors["pol"] == ["x", "z"]
    assert extent == Extent(2, 3, 2, 2)
    assert not extent.whole


def test_a_point_hardly_begun_costs_no_replications_of_the_others():
    rows = [[1, 2, 3, 4], [1, BLANK, BLANK, BLANK], [5, 6, 7, 8]]
    even, extent = balanced(swept(rows))
    assert even.outcomes.tolist() == [[1, 2, 3, 4], [5, 6, 7, 8]]
    assert extent == Extent(2, 3, 4, 4)


def test_a_stopping_rule_loses_no_point_but_what_only_some_have():
    rows = np.ones((3, 30))
    rows[0, 12:] = BLANK
    assert balanced(swept(rows))[1] == Extent(3, 3, 12, 30)


def test_points_of_a_block_count_together():
    rows = [[1, 2], [BLANK, BLANK], [3, 4], [5, 6]]
    assert balanced(swept(rows), 2)[0].outcomes.tolist() == [[3, 4], [5, 6]]


def test_nothing_known_is_refused():
    with pytest.raises(InputError, match=r"rocket_attacks: no replication .* finish the sweep"):
        balanced(swept([[BLANK], [BLANK]]))
    with pytest.raises(InputError, match="no replication"):
        balanced(swept([[1, BLANK], [BLANK, 1]]))


def test_names_are_words():
    assert names([True, np.False_, "never", 3]) == ["true", "false", "never", "3"]


def saltelli(second):
    """Two rows of two factors: A, AB, (BA,) B."""
    rows = []
    for a, b in [([0.1, 0.2], [0.3, 0.4]), ([0.6, 0.7], [0.8, 0.9])]:
        swapped = [[b[0], a[1]], [a[0], b[1]]]
        rows += [a, *swapped, *([[a[0], b[1]], [b[0], a[1]]] if second else []), b]
    return np.array(rows)


@pytest.mark.parametrize(("second", "step"), [(False, 4), (True, 6)])
def test_the_rows_of_a_saltelli_design_are_recognised(second, step):
    unit = saltelli(second)
    factors = {"a": unit[:, 0], "b": unit[:, 1]}
    told = swept(np.ones((len(unit), 1)), kind="sobol", factors=factors, unit=unit)
    assert saltelli_step(told) == block_of(told) == step


def test_another_design_has_no_such_rows():
    unit = np.roll(saltelli(False), 1, axis=0)
    factors = {"a": unit[:, 0], "b": unit[:, 1]}
    for wrong in (unit, unit[:-1], None, unit[:0]):
        told = swept(np.ones((8, 1)), kind="lhs", factors=factors, unit=wrong)
        with pytest.raises(InputError, match=r"design=lhs: Sobol indices need .*design=sobol"):
            saltelli_step(told)


def test_products_are_of_different_replications():
    one, two = np.array([1.0, 2.0, 4.0]), np.array([3.0, 5.0, 7.0])
    pairs = [one[r] * two[s] for r in range(3) for s in range(3) if r != s]
    assert product(one, two) == pytest.approx(np.mean(pairs))
    left = [[one[r] * two[s] for r in range(3) for s in range(3) if r != s and k not in (r, s)]
            for k in range(3)]  # fmt: skip
    assert without_each(one, two) == pytest.approx([np.mean(rest) for rest in left])
    assert product(one[:1], two[:1]) == 3.0


def test_the_jackknife_of_a_mean_is_its_standard_error():
    values = np.array([1.0, 4.0, 4.0, 9.0])
    left = (values.sum() - values) / 3
    assert jackknife(left) == pytest.approx(values.std(ddof=1) / 2)
