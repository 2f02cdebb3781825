"""The published windows: which are measured, what counts in them, by hand."""

from datetime import date

import pytest

from sim import record
from sim.events import Event, Journal, Kind, Side
from sim.measures import Window, printed, published_totals
from sim.record import PublishedCount

START, END = date(2020, 1, 1), date(2020, 3, 1)


def rocket(name, day, **fields):
    fields = {"tempo": True, **fields}
    return Event(id=name, time=day + 0.5, kind=Kind.ROCKET_ATTACK, side=Side.MILITIA, **fields)


def convoy(name, day, **fields):
    return Event(id=name, time=day + 0.5, kind=Kind.CONVOY_ATTACK, **fields)


SEEN = Journal(
    START,
    END,
    [
        rocket("a", 0, site_class="embassy_zone", coalition_killed=2),
        rocket("b", 4, ranges={"coalition_killed": (1, 3)}, civilian_killed=4),
        convoy("c", 4, units=3, subtype="claimed"),
        rocket("d", 9, precision="month"),
        convoy("e", 10, iraqi_killed=1),
        Event(id="s", time=9.5, kind=Kind.AIRSTRIKE, side=Side.US),
        Event(id="l", time=9.6, kind=Kind.LEADERSHIP_STRIKE, side=Side.US),
        rocket("f", 10),
    ],
)


def count(rule, first, last):
    window = Window(rule, date(2020, 1, first), date(2020, 1, last))
    return published_totals(SEEN, [window])[window.name]


@pytest.mark.parametrize(
    ("rule", "total"),
    [
        ("rocket_attacks", 3),  # b, d (its day was known to those who counted), f
        ("convoy_attacks", 4),  # three claimed, one more
        ("all_attacks", 7),
        ("embassy_rockets", 0),
        ("coalition_killed", 3),  # the high end of b; a blank adds nothing
        ("killed", 8),
        ("us_strikes", 1),  # no leadership strike
    ],
)
def test_what_counts_from_the_second_to_the_eleventh(rule, total):
    assert count(rule, 2, 11) == total


def test_both_ends_of_a_window_belong_to_it():
    assert [count("rocket_attacks", *days) for days in [(5, 5), (1, 5), (6, 9), (6, 10)]] == [
        1, 2, 0, 1
    ]  # fmt: skip


def test_a_window_that_reaches_beyond_the_journal_is_not_measured():
    windows = [
        Window("rocket_attacks", date(2019, 12, 31), date(2020, 1, 5)),
        Window("rocket_attacks", date(2020, 1, 1), date(2020, 2, 29)),
        Window("rocket_attacks", date(2020, 1, 1), date(2020, 3, 1)),
    ]
    assert published_totals(SEEN, windows) == {windows[1].name: 4}


def test_a_name_holds_its_window():
    window = Window("us_strikes", date(2020, 1, 3), date(2020, 2, 1))
    assert Window.of(window.name) == window


def published(rule, low, high):
    return PublishedCount(START, END, "tally", low, high, "X", "B", "", rule)


def test_only_numbers_that_a_simulation_answers_for_are_taken():
    told = [
        published("rocket_attacks", 5, None),
        published("rocket_attacks", None, None),
        published("closures", 6, 6),
        published(None, 12, 12),
        published("rocket_attacks", None, 9),
    ]
    assert printed(told) == {Window("rocket_attacks", START, END): [told[0], told[4]]}


def test_the_packaged_windows_are_measured_in_a_run_of_the_whole_record():
    told = published_totals(Journal(date(2019, 5, 1), date(2021, 1, 1)))
    assert set(told) == {window.name for window in printed(record.published())}
    assert set(told.values()) == {0}
    assert len(told) == 37
