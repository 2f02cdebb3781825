"""Hand: what a replication makes of a past's ranges and blanks, on rows made up for it."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from sim.draws import Draws
from sim.events import Event, Journal, Kind, Origin, Side
from sim.history import FEWEST, History, Unseen
from sim.replay import Future

START = date(2020, 1, 1)
CUT = 30.0
UNSEEN = Unseen(fronted=0.5, front="a front", deadline_days=7.0, inside={"embassy_zone": 1.0})


def row(name: str, time: float = 3.5, **fields: Any) -> Event:
    made = {"kind": Kind.ROCKET_ATTACK, "tempo": True, "origin": Origin.REPLAYED, **fields}
    return Event(**{"id": name, "time": time, **made})


def history(*rows: Event, start: date = START, cut: float = CUT) -> History:
    return History(Journal(START, None, rows), start, cut)


def lives(name: str, *rows: Event, count: int = 60) -> list[Event]:
    """What each replication makes of one row."""
    made = history(*rows)
    pasts = (made.drawn(Draws(1, n).stream("history.rows"), UNSEEN) for n in range(count))
    return [next(event for event in past if event.id == name) for past in pasts]


@pytest.mark.parametrize(
    ("best", "ends", "counts"),
    [
        (None, (2, 4), {2, 3, 4}),
        (2, (2, 4), {2, 3, 4}),  # a best value is one of those that sources give
        (4, (2, 4), {2, 3, 4}),
        (None, (3, None), {3, 4, 5, 6}),  # at least three: up to twice as many
        (None, (None, 2), {0, 1, 2}),
        (3, (3, 3), {3}),
    ],
)
def test_a_range_is_drawn_between_its_ends(best: int | None, ends: Any, counts: set[int]) -> None:
    drawn = lives("a", row("a", coalition_wounded=best, ranges={"coalition_wounded": ends}))
    assert {event.coalition_wounded for event in drawn} == counts
    assert not any(event.ranges for event in drawn)


def test_the_fifth_row_that_states_a_count_makes_blanks_drawn() -> None:
    assert FEWEST == 5
    told = [row(f"k{i}", fired=2 + i % 2) for i in range(5)]
    assert {e.fired for e in lives("a", row("a"), *told)} == {2, 3}
    assert {e.fired for e in lives("a", row("a"), *told[1:])} == {None}


def test_a_blank_takes_any_count_of_the_range_it_falls_on() -> None:
    told = [row(f"k{i}", ranges={"fired": (100 * i, 100 * i + 9)}) for i in range(5)]
    drawn = {e.fired for e in lives("a", row("a"), *told, count=300)}
    assert all(len({n for n in drawn if n is not None and n // 100 == i}) > 5 for i in range(5))


def test_other_kinds_and_rows_after_the_cut_fill_no_blank() -> None:
    """Nor does a row that may have come before the cut, when it is dated after it."""
    blank, four = row("a"), [row(f"k{i}", fired=2) for i in range(4)]
    week = {"time_low": CUT - 2.0, "time_high": CUT + 5.0, "precision": "week"}
    for fifth in (
        row("k", fired=9, kind=Kind.CONVOY_ATTACK),
        row("k", CUT + 1.5, fired=9),
        row("k", CUT + 1.5, fired=9, **week),
    ):
        assert {e.fired for e in lives("a", blank, *four, fifth)} == {None}


def test_a_week_that_straddles_the_cut_is_lived_through_where_its_day_is_drawn_before_it() -> None:
    """Two days of five lie before: 200 fixed draws, a share within three standard deviations."""
    made = history(row("a", CUT + 1.5, time_low=CUT - 2.0, time_high=CUT + 3.0))
    pasts = [made.drawn(Draws(1, n).stream("history.rows"), UNSEEN) for n in range(200)]
    times = [event.time for past in pasts for event in past]
    assert 59 <= len(times) <= 101
    assert all(CUT - 2.0 <= time < CUT for time in times)


def test_rounds_that_were_stated_decide_how_many_came_down_else_those_fired() -> None:
    """Rows elsewhere tell of two rounds fired, and of seven that came down."""
    told = [row(f"f{i}", fired=2) for i in range(5)] + [row(f"i{i}", impacted=7) for i in range(5)]

    def drawn(**fields: int) -> set[tuple[int | None, int | None]]:
        return {(e.fired, e.impacted) for e in lives("a", row("a", **fields), *told)}

    assert drawn() == {(2, 2)}
    assert drawn(fired=1) == {(1, 1)}
    assert drawn(impacted=7) == {(7, 7)}
    assert drawn(impacted=0) == {(2, 0)}


def test_a_round_nobody_counted_may_have_fallen_inside() -> None:
    """Where all rounds do: one at least came down, unless none is told of."""
    hit = {"site_class": "embassy_zone"}
    assert {e.inside_compound for e in lives("a", row("a", **hit))} == {True}
    assert {e.inside_compound for e in lives("a", row("a", **hit, impacted=0))} == {False}
    assert {e.inside_compound for e in lives("a", row("a", **hit, inside_compound=False))} == {
        False
    }


@pytest.mark.parametrize(("when", "known"), [(CUT - 0.5, True), (CUT, False), (CUT + 1.0, False)])
def test_a_claim_at_the_cut_is_not_known_yet(when: float, known: bool) -> None:
    attack = row("a", brand="some front")
    claim = row("c", when, kind=Kind.CLAIM, cause="a")
    (lived,) = (e for e in history(attack, claim).events if e.id == "a")
    assert (lived.brand is not None) == known


def test_what_is_given_and_rockets_outside_the_series_are_not_lived_through() -> None:
    given = (Kind.CALENDAR_MARK, Kind.SITE_OPENED, Kind.SITE_CLOSED, Kind.DEFENCE_FIELDED,
             Kind.POSTURE_CHANGE)  # fmt: skip
    rows = [row(str(kind), kind=kind) for kind in given] + [row("doubtful", tempo=False)]
    strike = row("s", kind=Kind.AIRSTRIKE, side=Side.US)
    assert [event.id for event in history(*rows, strike).events] == ["s"]


def test_every_time_counts_from_the_scenario_s_start() -> None:
    times = {"time_low": 14.0, "time_high": 21.0, "known_from": 15.0, "due": 25.0}
    (moved,) = history(row("a", 17.5, **times), start=date(2020, 1, 11), cut=20.0).events
    assert (moved.time, moved.time_low, moved.time_high) == (7.5, 4.0, 11.0)
    assert (moved.known_from, moved.due) == (5.0, 15.0)


def test_what_happens_at_the_cut_is_of_the_future() -> None:
    told = [row("before", CUT - 0.5), row("at", CUT), row("after", CUT + 0.5)]
    future = Future(Journal(START, None, told), CUT)
    assert [event.id for event in future.events] == ["at", "after"]
    assert [event.id for event in history(*told).events] == ["before"]
