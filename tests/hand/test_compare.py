"""Predictive p-values, intervals and verdicts by hand; the record's own patterns."""

from datetime import date

import pytest

from sim import record
from sim.compare import check, predictive_p, quantile, range_p, record_patterns, verdict
from sim.compare.labels import LABELS, label
from sim.show import tables

TEN = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]


@pytest.mark.parametrize(
    ("recorded", "p"), [(0, 0.0), (1, 0.1), (5, 0.9), (5.5, 1.0), (10, 0.1), (11, 0.0)]
)
def test_two_sided_p(recorded, p):
    assert predictive_p(TEN, recorded) == pytest.approx(p)


def test_all_ties_are_no_evidence():
    assert predictive_p([2, 2, 2], 2) == 1.0


def test_a_range_is_judged_by_its_most_favourable_value():
    assert range_p(TEN, 1, 20) == pytest.approx(0.9)
    assert range_p(TEN, 9, 20) == predictive_p(TEN, 9)
    assert range_p(TEN, 0, 2) == predictive_p(TEN, 2)


def test_quantiles_are_values_that_occurred():
    assert [quantile(TEN, q) for q in (0.05, 0.25, 0.5, 0.75, 0.95)] == [1, 3, 5, 8, 10]


def test_unknown_replications_are_left_out_and_counted():
    found = check("gap_median", (4.0, 4.0, 4.0), [None, 3.0, None, 5.0])
    assert (found.n, found.replications) == (2, 4)
    assert (found.low90, found.high90) == (3.0, 5.0)
    assert found.verdict == "inside 50 %"


def test_an_unknown_record_has_no_p():
    found = check("iraqi_killed", (None, None, None), [1.0, 2.0])
    assert found.p_value is None
    assert found.verdict == "unknown"


def test_no_replication_knows():
    found = check("strike_lag", (2.0, 2.0, 2.0), [None, None])
    assert found.median is None
    assert found.verdict == "unknown"


def test_verdicts_at_the_edges():
    intervals = (5.0, 4.0, 6.0, 2.0, 8.0)
    assert verdict(6.0, 9.0, intervals) == "inside 50 %"
    assert verdict(6.5, 9.0, intervals) == "inside 90 %"
    assert verdict(8.5, 9.0, intervals) == "outside"
    assert verdict(0.0, 1.9, intervals) == "outside"


@pytest.fixture(scope="module")
def campaign():
    return record_patterns(record.read(), date(2019, 5, 1), date(2021, 1, 1))


def test_the_record_by_hand(campaign):
    assert campaign["rocket_attacks"] == (75, 72, 75)
    assert campaign["coalition_killed"] == (4, 4, 4)
    assert campaign["fatal_attacks"] == (2, 2, 2)
    assert campaign["airstrikes"] == (2, 2, 2)
    assert campaign["leadership_strikes"] == (1, 1, 1)
    assert campaign["highest_rung"] == (10, 10, 10)
    assert campaign["strike_lag"] == (2, 2, 2)


def test_conflicts_of_sources_stay_ranges(campaign):
    best, low, high = campaign["coalition_wounded"]
    assert low < best <= high
    best, low, high = campaign["salvo_mean"]
    assert low < high


def test_every_pattern_has_words(campaign):
    for pattern in campaign:
        assert label(pattern).text
    assert {name for name in LABELS if name not in campaign} == set()


def test_words_reverse_when_the_data_do():
    inside = check("rocket_attacks", (5.0, 5.0, 5.0), TEN)
    outside = check("rocket_attacks", (50.0, 50.0, 50.0), TEN)
    assert tables.in_words([inside]).startswith("1 of 1 recorded patterns")
    told = tables.in_words([outside])
    assert told.startswith("0 of 1 recorded patterns")
    assert "rocket attacks reported" in told


def test_a_table_is_aligned_and_dashes_the_unknown():
    text = tables.table([("a", 1), ("bb", None), ("c", 22)], ("name", "n"))
    assert text.splitlines() == ["name   n", "────  ──", "a      1", "bb     –", "c     22"]
