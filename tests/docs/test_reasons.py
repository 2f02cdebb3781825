"""Why something is missed: every committed miss has its reason, and the reasons are true."""

from __future__ import annotations

import csv
from datetime import date, timedelta

import pytest

from sim import measures, record
from sim.compare.labels import label
from sim.show import backtested, forecasts, identifiability, reasons
from sim.show.forecast_tables import Told

ROOT = identifiability.HOME.parent
TABLES = ("backtest.json", "backtest_monthly.json")
ABOUT = {"origins": {"1": 9}}


def table() -> dict[str, dict[str, str]]:
    """Every pattern of the committed predictive check, by its label."""
    path = identifiability.HOME / "results" / "predictive.csv"
    with path.open(encoding="utf-8", newline="") as file:
        return {row["label"]: row for row in csv.DictReader(file)}


def patterns() -> list[str]:
    """Those that miss."""
    return [label for label, row in table().items() if row["verdict"].startswith("recorded")]


def aims(name: str) -> list[str]:
    return [aim["name"] for aim in backtested.read(name).aims if aim["met"] is False]


def part(page: str, head: str) -> str:
    return page.partition(head)[2].partition("\n#")[0]


# -- every miss has one -----------------------------------------------------------------------


@pytest.mark.parametrize("name", TABLES)
def test_every_aim_that_is_missed_has_a_reason_on_the_page(name: str) -> None:
    told = part(backtested.page(), "### Why aims are missed, and what was tried\n")
    assert reasons.AIMS_TRIED in told
    for aim in aims(name):
        assert aim in told
        assert reasons.answer(aim, reasons.AIMS) != reasons.UNKNOWN


def test_every_pattern_that_misses_has_a_reason_on_the_page() -> None:
    told = part(identifiability.page(), "Why they miss, and what was tried:\n")
    assert reasons.PATTERNS_TRIED in told
    for pattern in patterns():
        assert pattern in told
        assert reasons.answer(pattern, reasons.PATTERNS) != reasons.UNKNOWN


def test_what_has_no_reason_is_said_to_have_none() -> None:
    found = reasons.given(["changes to rung 9", "days on rung 9"], reasons.PATTERNS)
    assert found == [f"- **changes to rung 9; days on rung 9.** {reasons.UNKNOWN}"]


def test_an_answer_is_given_once_with_all_that_it_is_for() -> None:
    answers = ((("a",), "One."), (("b", "c"), "Two."))
    assert reasons.given(["c2", "a1", "b3"], answers) == ["- **c2; b3.** Two.", "- **a1.** One."]


# -- what they say of the data ----------------------------------------------------------------


@pytest.mark.parametrize("name", TABLES)
def test_every_count_outside_an_interval_lies_above_it_and_in_one_wave(name: str) -> None:
    """Each window reaches into July to September 2020; those of 13 weeks begin in July."""
    found = backtested.read(name).outside()
    assert found
    for row in found:
        assert row["observed"] > row["high90"]
        first = date.fromisoformat(row["origin"])
        assert date(2020, 7, 1) <= first < date(2020, 10, 1)
        if row["horizon_weeks"] == 13:
            assert first < date(2020, 8, 1) < first + timedelta(weeks=13)


def rows(kind: str) -> list[dict[str, str]]:
    path = ROOT / "seeds" / "record" / "events.csv"
    every = list(csv.DictReader(path.read_text(encoding="utf-8").splitlines()))
    return [row for row in every if row["event_kind"] == kind]


def test_nearly_all_attacks_of_the_test_came_by_september() -> None:
    days = [row["date"] for row in rows("rocket_attack") if row["date"] > "2020-06-30"]
    assert (sum(day < "2020-10-01" for day in days), len(days)) == (26, 29)


def test_nearly_all_recorded_convoy_attacks_came_after_june_2020() -> None:
    convoys = rows("convoy_attack")
    late = [row for row in convoys if row["date"] > "2020-06-30"]
    counts = [sum(int(row["units"] or 1) for row in told) for told in (late, convoys)]
    assert counts == [33, 36]


@pytest.mark.parametrize(
    ("window", "listed", "inside"),
    [
        ("rocket_attacks_2020-07-01_2020-09-30", 26, True),
        ("convoy_attacks_2020-08-12_2020-08-18", 2, True),
        ("convoy_attacks_2020-09-25_2020-10-01", 5, False),
        ("all_attacks_2020-07-23_2020-09-24", 35, False),
        ("all_attacks_2020-08-10_2020-08-16", 8, False),
        ("rocket_attacks_2019-06-14_2019-06-19", 4, False),
        ("embassy_rockets_2020-08-05_2020-08-11", 2, False),
    ],
)
def test_what_the_record_itself_lists_in_a_printed_window(
    window: str, listed: int, inside: bool
) -> None:
    """Where that lies inside, print says more than the record that was fitted."""
    journal = record.read()
    whole = measures.recorded(journal, journal.start, date(2021, 1, 1))
    assert measures.published_totals(whole)[f"published_{window}"] == listed
    row = table()[label(f"published_{window}").text]
    assert row["verdict"].startswith("recorded above")
    assert (listed <= float(row["high90"])) is inside


def test_the_busiest_week_is_as_busy_as_the_records() -> None:
    row = table()["busiest week"]
    assert row["verdict"] == "inside 50 %"


def test_narrow_misses_are_narrow() -> None:
    narrow = reasons.PATTERNS[-1][0]
    assert all(0.025 < float(table()[label]["p_value"]) < 0.1 for label in narrow)


def test_no_mechanism_left_out_makes_a_forecast_better_by_more_than_a_twentieth() -> None:
    path = identifiability.HOME / "results" / "worth_crps.csv"
    worths = list(csv.DictReader(path.read_text(encoding="utf-8").splitlines()))
    assert all(float(row["worth"]) > -0.05 * float(row["crps_on"]) for row in worths)


# -- which counts lie outside ------------------------------------------------------------------


def row(origin: str, observed: int, weeks: int = 1, who: str = "rungs") -> dict[str, object]:
    held = 1 <= observed <= 3
    return {"origin": origin, "horizon_weeks": weeks, "forecaster": who, "low90": 1.0,
            "high90": 3.0, "observed": observed, "covered90": held}  # fmt: skip


def test_the_counts_outside_are_told_by_side_and_horizon() -> None:
    found = [row("a", 3), row("b", 4), row("c", 0), row("d", 1), row("e", 9, weeks=4),
            row("f", 9, who="Hawkes")]  # fmt: skip
    told = Told(ABOUT, [], [], [], found, [])
    held = "came than the 90 % interval of rungs holds after"
    assert forecasts.outside(told, 1) == f"More {held} b. Fewer {held} c."
    assert forecasts.outside(told, 4) == f"More {held} e."
    assert forecasts.outside(told, 13) == "Every count lies inside the 90 % interval of rungs."
    assert [told["origin"] for told in forecasts.as_json(told)["outside"]] == ["b", "c", "e"]


def test_of_many_counts_outside_the_first_are_named() -> None:
    told = Told(ABOUT, [], [], [], [row(str(i), 4) for i in range(9)], [])
    assert forecasts.outside(told, 1).endswith("after 0, 1, 2, 3, 4, 5 and 3 more.")
