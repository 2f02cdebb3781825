"""Predictive p-values, intervals and verdicts by hand; the record's own patterns."""

import json
from datetime import date, timedelta
from math import inf
from shutil import copytree

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim import record
from sim.compare import (
    ABOVE,
    BELOW,
    FAMILIES,
    Tails,
    by_chance,
    chance_of_a_miss,
    check,
    compare_with_record,
    in_words,
    predictive_p,
    published_patterns,
    quantile,
    range_p,
    record_patterns,
    tails,
    to_json,
    verdict,
)
from sim.compare.checks import UNKNOWN
from sim.compare.labels import LABELS, label
from sim.compare.tables import History
from sim.events import Event, Journal, Kind
from sim.record import known_until
from sim.record.files import data_dir
from sim.settings.compose import load
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
    assert range_p(TEN, 1, 20) == 1.0  # 5.5 lies in it
    assert range_p(TEN, 1, 3) == pytest.approx(0.5)
    assert range_p(TEN, 9, 20) == predictive_p(TEN, 9)
    assert range_p(TEN, 0, 2) == predictive_p(TEN, 2)


@pytest.mark.parametrize(("low", "high"), [(1, 3), (2, 9.5), (5.5, 7), (0, 0.5), (10, 12)])
def test_no_value_in_a_range_has_a_larger_p(low, high):
    grid = [low + (high - low) * i / 40 for i in range(41)]
    assert range_p(TEN, low, high) == pytest.approx(max(predictive_p(TEN, x) for x in grid))


def test_ties_count_half_on_either_side():
    # T = 0, 0, 0, 1, 2: below 1 are 3 and a half of 5, above it 1 and a half
    assert tails([0, 0, 0, 1, 2], 1, 1) == Tails(3.5 / 5, 1.5 / 5)
    assert tails([0, 0, 0, 1, 2], 1, 1).p == pytest.approx(0.6)
    assert tails([0, 0, 0, 1, 2], 0, 0) == Tails(1.5 / 5, 3.5 / 5)


def test_an_open_end_is_never_on_that_side():
    assert tails(TEN, 9, None) == Tails(1.0, 0.15)  # at least 9: half of 9, and 10
    assert tails(TEN, None, 2) == Tails(0.15, 1.0)
    assert range_p(TEN, 0, None) == range_p(TEN, None, 11) == 1.0
    assert range_p(TEN, 11, None) == 0.0


def test_the_mid_p_is_one_half_on_average_whatever_the_ties():
    values = [0, 0, 0, 0, 0, 0, 0, 1, 1, 4]
    below = [tails(values, value, value).below for value in values]
    assert sum(below) / len(below) == pytest.approx(0.5)


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


def test_a_blank_in_record_or_run_has_no_p_and_zero_has_one():
    for ends, values in [((None, None, None), [0.0]), ((0, 0, 0), [None]), ((0, 0, 0), [])]:
        found = check("iraqi_killed", ends, values)
        assert (found.p_value, found.verdict, found.missed) == (None, "unknown", False)
    assert check("iraqi_killed", (0, 0, 0), [0.0]).p_value == 1.0


def test_no_replication_knows():
    found = check("strike_lag", (2.0, 2.0, 2.0), [None, None])
    assert found.median is None
    assert found.verdict == "unknown"


def test_json_says_null_for_unknown_and_is_never_nan():
    told = [
        check("strike_lag", (None, None, None), [None]),
        check("rocket_attacks", (75, 72, 75), TEN),
    ]
    [unknown, known] = json.loads(json.dumps(to_json(told), allow_nan=False))["patterns"]
    values = ("recorded", "recorded_low", "recorded_high", "median", "low50", "p_value")
    assert {unknown[name] for name in values} == {None}
    assert (unknown["pattern"], unknown["n"], unknown["replications"]) == ("strike_lag", 0, 1)
    assert [known[name] for name in (*values, "high50", "low90", "high90")] == [
        75, 72, 75, 5, 3, 0.0, 8, 1, 10
    ]  # fmt: skip


def test_a_pattern_that_a_run_never_measured_is_unknown_not_left_out():
    class Old:
        settings = load(["scenario=summer_2020"])

        def arrow(self, kind):
            assert kind == "replications"
            return pa.table({"rocket_attacks": [8, 9, 10]})

    found = {c.pattern: c for c in compare_with_record(Old())}
    assert found["rocket_attacks"].n == 3
    assert found["salvo_mean"].n == 0
    assert found["salvo_mean"].replications == 3
    assert found["salvo_mean"].verdict == "unknown"


def test_beyond_the_record_nothing_is_known(campaign):
    told = record_patterns(record.read(), date(2020, 12, 1), date(2021, 2, 1))
    assert told["month_2020-12"] == (1, 1, 1)
    assert told["month_2021-01"] == (None, None, None)  # not zero
    assert told["rocket_attacks"] == (None, None, None)
    before = record_patterns(record.read(), date(2019, 4, 1), date(2019, 6, 1))
    assert before["month_2019-04"] == (None, None, None)
    assert before["month_2019-05"] == campaign["month_2019-05"] == (1, 1, 1)


@pytest.mark.parametrize(
    ("year", "month", "last"), [(2020, 1, 31), (2020, 2, 29), (2020, 4, 30), (2019, 12, 31)]
)
def test_a_month_is_known_only_where_its_last_day_is(year, month, last):
    """A day short of its end a record is silent on a month, not quiet."""
    start, name = date(year, month, 1), f"month_{year}-{month:02d}"
    window = start, date(year + 1, 6, 1)
    for day, known in ((last, UNKNOWN), (last + 1, (0, 0, 0))):
        seen = Journal(start, start + timedelta(days=day - 1), [])
        assert record_patterns(seen, *window)[name] == known


def test_the_ends_of_a_pattern_that_falls_where_counts_rise_are_in_order():
    """Nobody killed: rung 7 is never reached, in 60 days; one killed: on the attack's day."""
    unsure = Event(id="x", time=10.5, kind=Kind.ROCKET_ATTACK, tempo=True,
                   ranges={"coalition_killed": (0, 1)})  # fmt: skip
    start, end = date(2020, 1, 1), date(2020, 3, 1)
    told = record_patterns(Journal(start, end, [unsure]), start, end)
    assert told["days_to_seven"] == (60, 10.5, 60)
    assert told["highest_rung"] == (4, 4, 7)


def unended(*days: float, kind: Kind = Kind.ROCKET_ATTACK) -> Journal:
    """A record of 2020 that states no end, with a row on each of these days."""
    rows = [Event(id=f"x{day}", time=day, kind=kind, tempo=True) for day in days]
    return Journal(date(2020, 1, 1), None, rows)


def test_a_record_that_states_no_end_knows_nothing_after_its_last_row():
    record = unended(3.5, 9.5)
    assert known_until(record) == date(2020, 1, 11)
    whole = record_patterns(record, date(2020, 1, 1), date(2020, 1, 11))
    assert whole["rocket_attacks"] == (2, 2, 2)
    assert record_patterns(record, date(2020, 1, 1), date(2020, 2, 1))["rocket_attacks"] == UNKNOWN
    before = record_patterns(record, date(2019, 12, 1), date(2020, 1, 11))
    assert before["rocket_attacks"] == UNKNOWN


def test_a_mark_ahead_says_nothing_of_the_days_before_it_but_a_row_does():
    quiet = unended(3.5, 9.5)
    ahead = unended(20.5, kind=Kind.CALENDAR_MARK).events
    assert known_until(Journal(quiet.start, None, [*quiet, *ahead])) == date(2020, 1, 11)
    other = unended(20.5, kind=Kind.CONTEXT).events
    assert known_until(Journal(quiet.start, None, [*quiet, *other])) == date(2020, 1, 22)


@pytest.mark.parametrize(
    ("first", "last", "record", "says"),
    [
        (0, 10, None, ""),
        (0, 10, "mine.csv", "the record mine.csv knows the whole window"),
        (2, 9, "mine.csv", "the record mine.csv knows 2020-01-03 to 2020-01-09 of the window"),
        (2, 9, None, "scenario.start=2020-01-03 scenario.end=2020-01-10"),
        (4, 4, None, "the record knows no day of the window"),
    ],
)
def test_a_reader_learns_which_record_it_is_and_how_far_it_goes(first, last, record, says):
    window = Journal(date(2020, 1, 1), date(2020, 1, 11))
    told = tables.beside(History(window, first, last), record).replace("\n", " ")
    assert says in told
    assert bool(told) == bool(says)


def test_the_summer_window_has_its_own_record():
    told = record_patterns(record.read(), date(2020, 7, 24), date(2020, 8, 17))
    assert told["rocket_attacks"] == (11, 11, 11)
    assert told["month_2020-07"][0] + told["month_2020-08"][0] == 11
    assert told["airstrikes"] == (0, 0, 0)
    assert told["days_to_eight"] == (24, 24, 24)  # never in the window


@pytest.mark.parametrize(
    ("low", "high", "words"),
    [
        (3, 3, "inside 50 %"),
        (8, 8, "inside 50 %"),
        (2.9, 2.9, "inside 90 %"),
        (8.1, 8.1, "inside 90 %"),
        (1, 1, "inside 90 %"),
        (10, 10, "inside 90 %"),
        (0.9, 0.9, BELOW),
        (10.1, 10.1, ABOVE),
        (0, 3, "inside 50 %"),  # a range, and those with an open end
        (0, 1, "inside 90 %"),
        (0, None, "inside 50 %"),
        (10.1, None, ABOVE),
        (None, 0.9, BELOW),
    ],
)
def test_verdicts_at_the_edges(low, high, words):
    assert verdict((5, 3, 8, 1, 10), low, high) == words


def test_a_value_beyond_the_printed_interval_is_a_miss():
    """Of 40 the interval ends at the 38th: two lie above 38.5, by a one-sided p of 0.05 a hit."""
    forty = list(range(1, 41))
    found = [check("rocket_attacks", (x, x, x), forty) for x in (1.5, 2, 38, 38.5)]
    assert {(c.low90, c.high90) for c in found} == {(2, 38)}
    assert [c.verdict for c in found] == [BELOW, "inside 90 %", "inside 90 %", ABOVE]
    assert found[-1].p_value == pytest.approx(0.1)


@pytest.mark.parametrize(
    ("n", "misses"),
    # the first and the last of 5 and of 10; the first two and the last two of 40, as of the
    # other 39 the 2nd and the 38th are the ends; ten on either side of 200
    [(1, 1.0), (5, 2 / 5), (10, 2 / 10), (40, 4 / 40), (200, 20 / 200)],
)
def test_what_chance_alone_misses_hangs_on_the_number_of_replications(n, misses):
    values = list(range(n))
    assert chance_of_a_miss(values) == pytest.approx(misses)
    others = [([*values[:i], *values[i + 1 :]], (x, x, x)) for i, x in enumerate(values)]
    found = [check("rocket_attacks", ends, rest).missed for rest, ends in others if rest]
    assert n == 1 or sum(found) / n == pytest.approx(misses)


def test_chance_alone_misses_less_where_many_share_a_value():
    assert chance_of_a_miss([0] * 96 + [1] * 4) == pytest.approx(0.04)
    assert chance_of_a_miss([0] * 50 + [1] * 50) == 0.0


def test_the_words_count_the_luck_of_those_that_know_a_pattern():
    few = [check("rocket_attacks", (3, 3, 3), [1, 2, 3, 4, 5, None])] * 12
    many = [check("rocket_attacks", (3, 3, 3), list(range(200)))] * 12
    blank = [check("rocket_attacks", (None, None, None), [1, 2])] * 12
    assert [by_chance(rows) for rows in (few, many, few + many, few + blank)] == [5, 1, 6, 5]
    assert "where chance alone would have about 5" in in_words(few)


SOME = st.integers(-4, 4) | st.floats(-4, 4)


@given(st.lists(SOME, min_size=1, max_size=60), st.tuples(SOME, SOME), st.sampled_from("rlh"))
def test_the_verdict_and_the_interval_agree(values, ends, kind):
    low, high = min(ends), max(ends)
    told = {"r": (low, low, high), "l": (None, low, None), "h": (None, None, high)}[kind]
    found = check("rocket_attacks", told, values)
    first, last = (-inf if kind == "h" else low), (inf if kind == "l" else high)
    meets90 = first <= found.high90 and last >= found.low90
    meets50 = first <= found.high50 and last >= found.low50
    assert meets90 == found.verdict.startswith("inside") == (not found.missed)
    assert meets50 == (found.verdict == "inside 50 %")
    assert (found.verdict == ABOVE) == (first > found.high90)


class Ran:
    """A run that measured what it is given."""

    def __init__(self, scenario, **columns):
        self.settings = load([f"scenario={scenario}"])
        self.columns = columns

    def arrow(self, kind):
        return pa.table(self.columns)


def test_the_verdict_reverses_with_the_data():
    # the summer of 2020 has 11 attacks, and a count of 2 on the embassy, 5 to 11 August
    two = "published_embassy_rockets_2020-08-05_2020-08-11"

    def side(values):
        ran = Ran("summer_2020", rocket_attacks=values, **{two: values})
        found = {c.pattern: c for c in compare_with_record(ran)}
        told = in_words([found["rocket_attacks"], found[two]])
        return found["rocket_attacks"].verdict, found[two].verdict, told

    few, same, many = side([1.0] * 40), side([2.0, 11.0] * 20), side([50.0] * 40)
    assert few[:2] == (ABOVE, ABOVE)
    assert same[:2] == ("inside 50 %", "inside 50 %")
    assert many[:2] == (BELOW, BELOW)
    assert "Recorded above: rocket attacks reported; rockets on the embassy" in few[2]
    assert same[2].startswith("2 of 2 recorded patterns lie inside")
    assert "Recorded" not in same[2]
    assert "Recorded below: rocket attacks reported; rockets on the embassy" in many[2]


def test_checks_come_family_by_family():
    found = [c.group for c in compare_with_record(Ran("historical", rocket_attacks=[1.0]))]
    assert found == sorted(found, key=list(FAMILIES).index)
    assert set(found) == set(FAMILIES)


def test_what_others_printed_stands_for_their_windows():
    told = published_patterns(None, date(2019, 5, 1), date(2021, 1, 1))
    assert told["published_rocket_attacks_2019-10-28_2020-03-26"] == (26, 26, 26)
    assert told["published_rocket_attacks_2019-10-28_2020-06-22"] == (None, 33, 35)
    assert told["published_rocket_attacks_2019-05-01_2020-10-22"] == (None, 78, None)
    # one says 40, another at least 39
    assert told["published_rocket_attacks_2019-10-01_2020-07-31"] == (None, 39, None)


def test_a_count_whose_low_end_one_source_leaves_open_is_open_below(tmp_path):
    """One says at most 40, another 35 to 38: fewer than 35 contradicts nobody's word."""
    (tmp_path / "published_counts.csv").write_text(
        ",".join(record.PUBLISHED)
        + "\n2020-02-01,2020-02-29,at most,,40,X,B,,rocket_attacks"
        + "\n2020-02-01,2020-02-29,tally,35,38,Y,B,,rocket_attacks\n"
    )
    told = published_patterns(str(tmp_path), date(2020, 2, 1), date(2020, 3, 1))
    assert told == {"published_rocket_attacks_2020-02-01_2020-02-29": (None, None, 40)}


def test_only_windows_wholly_inside_are_compared():
    summer = published_patterns(None, date(2020, 8, 5), date(2020, 8, 12))
    assert set(summer) == {
        "published_convoy_attacks_2020-08-05_2020-08-11",
        "published_embassy_rockets_2020-08-05_2020-08-11",
    }
    assert published_patterns(None, date(2020, 8, 6), date(2020, 8, 12)) == {}
    assert published_patterns(None, date(2020, 8, 5), date(2020, 8, 11)) == {}


def test_another_record_brings_its_own_published_counts_or_none(tmp_path):
    whole = date(2019, 5, 1), date(2021, 1, 1)
    assert published_patterns(str(tmp_path), *whole) == {}
    assert published_patterns(str(tmp_path / "events.csv"), *whole) == {}
    (tmp_path / "published_counts.csv").write_text(
        ",".join(record.PUBLISHED)
        + "\n2020-02-01,2020-02-29,tally,7,,X,B,,rocket_attacks"
        + "\n2020-02-01,2020-02-29,handed over,2,2,X,B,,closures\n"
    )
    assert published_patterns(str(tmp_path), *whole) == {
        "published_rocket_attacks_2020-02-01_2020-02-29": (None, 7, None)
    }


def test_a_run_beside_another_record_meets_that_ones_published_counts(tmp_path):
    folder = tmp_path / "record"
    copytree(data_dir() / "record", folder)
    (folder / "published_counts.csv").write_text(
        ",".join(record.PUBLISHED) + "\n2020-08-05,2020-08-11,tally,7,7,X,B,,rocket_attacks\n"
    )

    class Run:
        settings = load(["scenario=summer_2020"])

        def arrow(self, kind):
            return pa.table({"rocket_attacks": [8, 9, 10]})

    found = [c for c in compare_with_record(Run(), str(folder)) if c.group == "published"]
    assert [(c.pattern, c.recorded) for c in found] == [
        ("published_rocket_attacks_2020-08-05_2020-08-11", 7)
    ]


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
    assert campaign["convoy_attacks"] == (36, 25, 36)  # 25 convoys confirmed, 11 claimed
    best, low, high = campaign["intercepted_share"]
    assert 0 < low < best < high < 1


def test_conflicts_of_sources_stay_ranges(campaign):
    best, low, high = campaign["coalition_wounded"]
    assert low < best <= high
    best, low, high = campaign["salvo_mean"]
    assert low < high


def test_the_record_s_quiet_days_span_its_doubtful_rows(campaign):
    without = record.read(without=["dujail_2020_01_09", "taji_2020_03_24", "nahrawan_2020_04_18"])
    certain = record_patterns(without, date(2019, 5, 1), date(2021, 1, 1))["rung_0_days"]
    best, low, high = campaign["rung_0_days"]
    assert low <= best < certain[0] <= high


def test_every_pattern_has_words(campaign):
    for pattern in campaign:
        assert label(pattern).text
    assert {name for name in LABELS if name not in campaign} == set()


def test_words_reverse_when_the_data_do():
    inside = check("rocket_attacks", (5.0, 5.0, 5.0), TEN)
    outside = check("rocket_attacks", (50.0, 50.0, 50.0), TEN)
    assert in_words([inside]).startswith("1 of 1 recorded patterns")
    told = in_words([outside])
    assert told.startswith("0 of 1 recorded patterns")
    assert "rocket attacks reported" in told


def test_misses_are_counted_by_pattern_and_by_family_and_the_rest_by_number():
    """Nine misses in two of three families, one pattern inside: six are named, three counted."""
    months = [f"month_2020-{n:02d}" for n in range(1, 9)]
    rows = [check(name, (50, 50, 50), TEN) for name in ["rocket_attacks", *months]]
    told = in_words([*rows, check("gap_median", (5, 5, 5), TEN)])
    assert "1 of 10 recorded patterns lie inside" in told
    assert "9 miss it, in 2 of 3 families" in told
    assert told.endswith(" and 3 more.")


def test_a_misfit_says_on_which_side_and_by_how_much():
    above = tables.misfit(check("rocket_attacks", (50, 40, 50), TEN))
    assert above.startswith("rocket attacks reported: recorded 50 (40–50), above")
    assert above.endswith("above the central 90 % of what is simulated (1–10 attacks; p <.2)")
    assert "below the central 90 %" in tables.misfit(check("rocket_attacks", (0, 0, 0), TEN))


def test_the_legend_and_the_count_follow_the_headlines_and_the_whole_table():
    rows = [check(name, (5, 5, 5), TEN) for name in ("rocket_attacks", "gap_90")]
    assert [row.headline for row in rows] == [True, False]
    for every in (False, True):
        told = tables.verdict(rows, every)
        assert (rows[1].label in told) == every
        assert told.endswith(f"{tables.KEY}\n{tables.fill(in_words(rows), tables.WIDTH)}")


def test_words_where_nothing_could_be_compared():
    told = in_words([check("strike_lag", (None, None, None), [1.0])])
    assert told.startswith("No pattern could be compared")


def test_a_small_p_is_no_zero():
    assert [tables.probability(p) for p in (None, 0.0, 0.004, 0.005, 1.0)] == [
        "–",
        "<.01",
        "<.01",
        "0.01",
        "1.00",
    ]


def test_no_p_value_claims_more_than_its_replications_can_show():
    assert [tables.probability(0.0, n) for n in (1, 20, 40, 1000)] == ["<1", "<.1", "<.05", "<.01"]


def test_an_open_range_is_shown_as_at_least():
    assert tables.recorded(check("rocket_attacks", (None, 78, None), TEN)) == "≥ 78"


def test_a_range_without_a_best_value_is_shown():
    assert tables.recorded(check("salvo_mean", (None, 2.0, 3.0), TEN)) == "(2–3)"
    assert tables.recorded(check("salvo_mean", (None, None, None), TEN)) == "–"


def test_tables_fit_a_terminal_and_keep_every_word(campaign):
    rows = [check(name, ends, [0.123456, 987.654]) for name, ends in campaign.items()]
    text = tables.checks(rows)
    assert max(map(len, text.splitlines())) <= tables.WIDTH
    told = "".join(text.split())
    cut = [word for row in rows for word in row.label.split() if word not in told]
    assert cut == []


def test_a_long_label_goes_on_below_and_numbers_stay_to_the_right():
    long = check("rung_9_days", (0.013, 0.0123, 0.0144), [0.00123, 0.4567])
    short = check("airstrikes", (2, 2, 2), [1.0, 2.0])
    wide = long._replace(label="a word " * 20)
    head, _, first, second, *_, last = tables.checks([wide, short]).splitlines()
    assert first[0] == tables.MARKS[wide.verdict]
    assert second.split() == ["a", "word"] * (len(second.split()) // 2)
    assert last[: head.index("median") + len("median")].endswith(" 1")


def test_a_table_is_aligned_and_dashes_the_unknown():
    assert tables.table([("a", "(1–2)"), ("b", "≥ 3")], ("", "n")).splitlines()[-1] == "b    ≥ 3"
    text = tables.table([("a", 1), ("bb", None), ("c", 22)], ("name", "n"))
    assert text.splitlines() == ["name   n", "────  ──", "a      1", "bb     –", "c     22"]
