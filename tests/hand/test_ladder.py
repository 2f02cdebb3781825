"""Hand: every predicate at and just below its threshold, and the record's anchors."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from itertools import count, permutations
from typing import Any

import pytest

from sim import ladder
from sim.clock import to_days
from sim.events import Event, Fields, Journal, Kind, Side
from sim.ladder import Episode, Rung, Step

START = date(2019, 5, 1)
NOTHING = Fields(
    coalition_killed=0,
    coalition_wounded=0,
    iraqi_killed=0,
    iraqi_wounded=0,
    civilian_killed=0,
    civilian_wounded=0,
)
_ids = count()


def happening(kind: Kind, day: float, **fields: Any) -> Event:
    return Event(**{"id": f"e{next(_ids)}", "time": day, "kind": kind, **fields})


def rocket(day: float, **fields: Any) -> Event:
    """A harmless rocket attack of which everything is stated."""
    known = {
        "region": "Baghdad",
        "weapon_class": "rocket_107mm",
        "site_class": "airport",
        "fired": 2,
        **NOTHING,
    }
    return happening(Kind.ROCKET_ATTACK, day, **{**known, **fields})


def convoy(day: float, **fields: Any) -> Event:
    known = {"region": "Baghdad", "weapon_class": "ied", "site_class": "convoy_route", **NOTHING}
    return happening(Kind.CONVOY_ATTACK, day, **{**known, **fields})


def strike(day: float, **fields: Any) -> Event:
    return happening(Kind.AIRSTRIKE, day, **{"side": Side.US, **fields})


def rate(*events: Event) -> list[Rung]:
    return ladder.rate(Journal(START, events=events))


def rungs(*events: Event) -> list[int]:
    return [rung.rung for rung in rate(*events)]


def only(event: Event) -> Rung:
    [rung] = rate(event)
    return rung


# -- predicates -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("event", "rung"),
    [
        (happening(Kind.STATE_MISSILE_STRIKE, 0, side=Side.IRAN), 10),
        (happening(Kind.LEADERSHIP_STRIKE, 0, side=Side.US), 9),
        (happening(Kind.EMBASSY_STORMING, 0, entry=True), 9),
        (strike(0), 8),
        (happening(Kind.FOILED_ATTACK, 0), 2),
        (happening(Kind.ARREST, 0), 2),
        (happening(Kind.THREAT, 0, side=Side.US), 1),
        (happening(Kind.THREAT, 0, side=Side.MILITIA), 1),
        (happening(Kind.POSTURE_CHANGE, 0, subtype="staff_drawdown"), 1),
    ],
)
def test_a_kind_with_its_own_rung(event: Event, rung: int) -> None:
    found = only(event)
    assert (found.rung, found.low, found.high, found.unknown) == (rung, rung, rung, False)


@pytest.mark.parametrize(
    "event",
    [
        happening(Kind.EMBASSY_STORMING, 0, entry=False),
        strike(0, side=Side.UNATTRIBUTED),
        happening(Kind.POSTURE_CHANGE, 0, subtype="reinforcement"),
        happening(Kind.POSTURE_CHANGE, 0),
        happening(Kind.DEPOT_BLAST, 0),
        happening(Kind.DECISION, 0),
        happening(Kind.REPORT, 0, coalition_killed=3),
    ],
)
def test_an_event_without_a_rung(event: Event) -> None:
    assert rate(event) == []


@pytest.mark.parametrize("attack", [rocket, convoy])
@pytest.mark.parametrize(
    ("fields", "rung"),
    [
        ({"coalition_killed": 1}, 7),
        ({"coalition_wounded": 1}, 6),
        ({"iraqi_killed": 1}, 6),
        ({"civilian_killed": 1}, 6),
        ({"iraqi_wounded": 5}, 6),
        ({"civilian_wounded": 5}, 6),
        ({"iraqi_wounded": 2, "civilian_wounded": 3}, 6),
        ({"iraqi_wounded": 2, "civilian_wounded": 2}, None),
        ({"fired": 10}, 6),
        ({"fired": 9}, None),
        ({"inside_compound": True}, 6),
        ({"inside_compound": False}, None),
        ({"militia_killed": 9}, None),
        ({"units": 4}, None),
    ],
)
def test_harm_at_and_below_its_threshold(
    attack: Callable[..., Event], fields: dict[str, Any], rung: int | None
) -> None:
    quiet = 4 if attack is rocket else 3
    assert only(attack(0, **fields)).rung == (rung or quiet)


def test_the_first_predicate_from_the_top_gives_the_reason() -> None:
    event = rocket(0, coalition_killed=1, coalition_wounded=4, fired=30, inside_compound=True)
    assert only(event).why == "coalition killed"
    assert only(rocket(0, fired=30, inside_compound=True)).why == "10 or more rounds"


def test_three_rocket_attacks_in_seven_days_are_a_campaign() -> None:
    assert rungs(rocket(0.5), rocket(3.5), rocket(6.99)) == [4, 4, 5]
    assert rungs(rocket(0.99), rocket(3.5), rocket(7.0)) == [4, 4, 4]
    assert rungs(rocket(0), convoy(1), convoy(2), rocket(3)) == [4, 3, 3, 4]


def test_two_target_classes_on_one_date_are_a_campaign() -> None:
    other = {"site_class": "training_base"}
    assert rungs(rocket(2.1), rocket(2.9, **other)) == [5, 5]
    assert rungs(rocket(2.9), rocket(3.1, **other)) == [4, 4]
    assert rungs(rocket(2.1), rocket(2.9)) == [4, 4]
    assert rungs(rocket(2.1), convoy(2.9)) == [4, 3]


def test_windows_count_calendar_days_before_the_start_too() -> None:
    assert rungs(rocket(-0.5), rocket(-0.1, site_class="erbil")) == [5, 5]
    assert rungs(rocket(-0.1), rocket(0.1, site_class="erbil")) == [4, 4]


# -- novelty --------------------------------------------------------------------------


def test_novelty_of_weapon_or_region() -> None:
    assert rungs(rocket(0), rocket(70, weapon_class="rocket_122mm")) == [4, 6]
    assert rungs(rocket(0), rocket(70, region="Erbil")) == [4, 6]
    assert rungs(rocket(0), convoy(70)) == [4, 6]
    assert rate(rocket(0), rocket(70, region="Erbil"))[1].why == "novel region"


def test_novelty_is_off_during_the_first_sixty_days() -> None:
    assert rungs(rocket(0), rocket(59.9, region="Erbil")) == [4, 4]
    assert rungs(rocket(0), rocket(60.0, region="Erbil")) == [4, 6]
    assert rungs(rocket(-30), rocket(29.9, region="Erbil")) == [4, 4]
    assert rungs(rocket(-30), rocket(30.0, region="Erbil")) == [4, 6]


def test_a_stranger_returns_after_180_days() -> None:
    assert rungs(rocket(0), rocket(179.9)) == [4, 4]
    assert rungs(rocket(0.9), rocket(180.0)) == [4, 6]
    assert rungs(rocket(0), convoy(100), rocket(190, weapon_class=None)) == [4, 6, 4]


def test_coarse_coding_of_a_weapon_is_not_a_new_weapon() -> None:
    for coarse in ("rocket", "rocket_or_mortar"):
        assert rungs(rocket(0), rocket(70, weapon_class=coarse)) == [4, 4]
        assert rungs(rocket(0, weapon_class=coarse), rocket(70)) == [4, 4]
    mortar = {"weapon_class": "mortar"}
    assert rungs(rocket(0), rocket(70, **mortar)) == [4, 6]
    assert rungs(rocket(0, weapon_class="rocket_or_mortar"), rocket(70, **mortar)) == [4, 4]
    assert rungs(rocket(0, weapon_class="rocket_122mm"), rocket(70)) == [4, 6]


def test_two_novel_attacks_of_one_date_are_both_novel() -> None:
    erbil = {"region": "Erbil"}
    assert rungs(rocket(0), rocket(70.1, **erbil), rocket(70.9, **erbil), rocket(71, **erbil)) == [
        4,
        6,
        6,
        5,
    ]


def test_an_unknown_class_or_region_is_not_novel_and_not_seen() -> None:
    blank = rate(rocket(0), rocket(70, region=None))[1]
    assert (blank.rung, blank.unknown) == (4, True)
    blank = rate(rocket(0), rocket(70, weapon_class=None))[1]
    assert (blank.rung, blank.unknown) == (4, True)
    assert rungs(rocket(0), rocket(70, region=None), rocket(80, region="Erbil")) == [4, 4, 6]
    assert [rate(rocket(0), rocket(day, region=None))[1].unknown for day in (59.9, 60)] == [
        False,
        True,
    ]


# -- blanks and ranges ----------------------------------------------------------------


@pytest.mark.parametrize("name", [*NOTHING, "fired"])
def test_a_blank_never_raises_and_is_flagged(name: str) -> None:
    found = only(rocket(0, **{name: None}))
    assert (found.rung, found.low, found.high, found.unknown) == (4, 4, 4, True)


def test_a_blank_that_cannot_raise_is_not_flagged() -> None:
    assert not only(rocket(0)).unknown
    assert not only(convoy(0)).unknown
    assert not only(rocket(0, coalition_wounded=1, fired=None, iraqi_killed=None)).unknown
    assert only(rocket(0, coalition_wounded=1, coalition_killed=None)).unknown
    blank = dict.fromkeys([*NOTHING, "fired"])
    assert not only(rocket(0, **{**blank, "coalition_killed": 1})).unknown


def test_a_campaign_attack_may_hide_a_severe_one() -> None:
    found = rate(rocket(0), rocket(1), rocket(2, fired=None))
    assert [(r.rung, r.unknown) for r in found] == [(4, False), (4, False), (5, True)]


def test_a_blank_compound_flag_matters_at_missions_only() -> None:
    assert only(rocket(0, site_class="embassy_zone")).unknown
    assert not only(rocket(0, site_class="embassy_zone", inside_compound=False)).unknown
    assert not only(rocket(0, site_class="training_base")).unknown
    assert only(rocket(0, site_class=None)).unknown


def test_a_blank_target_class_is_no_second_class() -> None:
    pair = rate(rocket(0), rocket(0, site_class=None, inside_compound=False))
    assert [(r.rung, r.unknown) for r in pair] == [(4, True), (4, True)]
    assert not only(rocket(0, site_class=None, inside_compound=False)).unknown
    unplaced = rocket(2, site_class=None, inside_compound=False)
    campaign = rate(rocket(0), rocket(2), unplaced)
    assert [(r.rung, r.unknown) for r in campaign] == [(4, False), (5, False), (5, False)]


def test_an_unstated_entry_or_side_stands_at_zero_and_is_flagged() -> None:
    for event in (happening(Kind.EMBASSY_STORMING, 0), strike(0, side=None)):
        found = only(event)
        assert (found.rung, found.high, found.unknown) == (0, 0, True)


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"fired": None, "ranges": {"fired": (8, 21)}}, (4, 4, 6, False)),
        ({"fired": None, "ranges": {"fired": (12, 21)}}, (6, 6, 6, False)),
        ({"fired": 12, "ranges": {"fired": (8, 21)}}, (4, 6, 6, False)),
        ({"fired": 8, "ranges": {"fired": (12, 21)}}, (4, 4, 6, False)),
        ({"fired": 12, "ranges": {"fired": (8, None)}}, (4, 6, 6, False)),
        ({"fired": None, "ranges": {"fired": (4, None)}}, (4, 4, 4, True)),
        ({"fired": None, "ranges": {"fired": (None, 12)}}, (4, 4, 6, False)),
        ({"ranges": {"coalition_killed": (0, 1)}}, (4, 4, 7, False)),
        ({"coalition_wounded": 2, "ranges": {"coalition_killed": (0, None)}}, (6, 6, 6, True)),
        ({"coalition_killed": 1, "ranges": {"coalition_killed": (1, None)}}, (7, 7, 7, False)),
        ({"ranges": {"iraqi_wounded": (0, 3), "civilian_wounded": (0, 2)}}, (4, 4, 6, False)),
    ],
)
def test_ranges_give_an_interval(
    fields: dict[str, Any], expected: tuple[int, int, int, bool]
) -> None:
    found = only(rocket(0, **fields))
    low, nominal, high, unknown = expected
    assert (found.low, found.rung, found.high) == (low, nominal, high)
    assert found.unknown is unknown


# -- precision and order --------------------------------------------------------------


def test_a_month_enters_no_window() -> None:
    month = {"precision": "month"}
    assert rungs(rocket(0), rocket(1), rocket(2, **month)) == [4, 4, 4]
    assert rungs(rocket(0), rocket(1, **month), rocket(2)) == [4, 4, 4]
    assert rungs(rocket(0), rocket(0, site_class="erbil", **month)) == [4, 4]
    assert rungs(rocket(0), rocket(70, region="Erbil", **month)) == [4, 4]
    assert rungs(rocket(0), rocket(65, region="Erbil", **month), rocket(70, region="Erbil")) == [
        4,
        4,
        6,
    ]
    assert only(rocket(0, fired=10, **month)).rung == 6
    assert ladder.state(rate(rocket(0, **month)), at=0) == 0
    assert ladder.episodes(rate(rocket(0, **month))) == []


def test_a_week_stands_on_its_nominal_date() -> None:
    assert rungs(rocket(0), rocket(1, precision="week"), rocket(2)) == [4, 4, 5]


def test_the_order_of_one_date_does_not_matter() -> None:
    day = [rocket(9.1), rocket(9.5, site_class="erbil", region=None), rocket(9.9, fired=12)]
    expected = {event.id: rung for event, rung in zip(day, rungs(*day), strict=True)}
    assert list(expected.values()) == [5, 5, 6]
    for times in permutations([9.1, 9.5, 9.9]):
        moved = [event.but(time=time) for event, time in zip(day, times, strict=True)]
        assert {r.event.id: r.rung for r in rate(*moved)} == expected


def test_rungs_come_by_time_and_stated_order() -> None:
    reply, cause = rocket(5.5, order=2), strike(5.5, order=1)
    assert [r.event for r in rate(rocket(7), reply, cause)][:2] == [cause, reply]


# -- sides and flags ------------------------------------------------------------------


def test_side_ladders() -> None:
    found = rate(
        happening(Kind.THREAT, 0, side=Side.US),
        happening(Kind.THREAT, 1, side=Side.MILITIA),
        happening(Kind.ARREST, 2, side=Side.IRAQ),
        rocket(3, side=Side.UNATTRIBUTED),
        strike(4),
        happening(Kind.EMBASSY_STORMING, 5, entry=True),
        happening(Kind.LEADERSHIP_STRIKE, 6),
        happening(Kind.STATE_MISSILE_STRIKE, 7),
    )
    assert [r.rung for r in found] == [1, 1, 2, 4, 8, 9, 9, 10]
    assert [r.event.time for r in ladder.side(found, Side.MILITIA)] == [2, 3, 5]
    assert [r.event.time for r in ladder.side(found, Side.US)] == [0, 4, 6]
    with pytest.raises(ValueError, match="no ladder of side iran: there are militia and us"):
        ladder.side(found, Side.IRAN)


def test_depot_blasts_are_flagged() -> None:
    late, early = happening(Kind.DEPOT_BLAST, 3), happening(Kind.DEPOT_BLAST, 1)
    assert ladder.flags(Journal(START, events=[late, rocket(2), early])) == [early, late]


# -- states, paths, episodes ----------------------------------------------------------


def small() -> list[Rung]:
    """4 on day −5, 7 on day 5, 8 on day 6, 4 on day 13, 1 on day 40."""
    killed = rocket(5.5, id="killed", coalition_killed=1, site_class="training_base")
    return rate(
        rocket(-4.5),
        killed,
        strike(6.5, cause="decided"),
        happening(Kind.DECISION, 5.6, id="decided", cause="killed"),
        rocket(13.5),
        happening(Kind.THREAT, 40.5, side=Side.US),
    )


def test_state_is_the_highest_rung_of_fourteen_days() -> None:
    assert [ladder.state(small(), at) for at in (0, 4, 5, 6.1, 19.9, 20, 26.9, 27, 40)] == [
        4,
        4,
        7,
        8,
        8,
        4,
        4,
        0,
        1,
    ]
    assert [ladder.state(small(), 13, window) for window in (7, 14, 30)] == [4, 8, 8]


def test_path_by_hand() -> None:
    steps = [(0, 4), (5, 7), (6, 8), (20, 4), (27, 0), (40, 1)]
    assert ladder.path(small(), 0, 50) == [Step(day, rung) for day, rung in steps]
    assert ladder.path(small(), 7.5, 27) == [Step(7.5, 8), Step(20, 4)]
    assert ladder.path(small(), -20, 5) == [Step(-20, 0), Step(-5, 4)]
    weekly = [(0, 4), (2, 0), (5, 7), (6, 8), (13, 4), (20, 0), (40, 1), (47, 0)]
    assert ladder.path(small(), 0, 50, window=7) == [Step(day, rung) for day, rung in weekly]


@pytest.mark.parametrize("window", [1, 7, 14, 30])
def test_path_agrees_with_state_on_every_day(window: int) -> None:
    steps = ladder.path(small(), -20, 80, window)
    for day in range(-20, 80):
        held = [step.rung for step in steps if step.time <= day][-1]
        assert held == ladder.state(small(), day, window)


def test_impossible_spans_and_windows_are_refused() -> None:
    with pytest.raises(ValueError, match=r"the span \[3, 3\) is empty"):
        ladder.path([], 3, 3)
    with pytest.raises(ValueError, match=r"the span \[3, 2\) is empty"):
        ladder.statistics([], 3, 2)
    for wrong in (lambda: ladder.state([], 0, 0), lambda: ladder.path([], 0, 1, 0)):
        with pytest.raises(ValueError, match="a window of 0 days holds no day: give 1 or more"):
            wrong()


def test_episodes_end_with_a_gap_of_seven_days() -> None:
    found = rate(rocket(0.5), rocket(6.9), convoy(10), strike(12.1), rocket(19), convoy(25))
    assert ladder.episodes(found) == [Episode(0.5, 12.1, 2, 8), Episode(19, 19, 1, 4)]


def test_statistics_by_hand() -> None:
    found = ladder.statistics(small(), 0, 50)
    assert (found.highest, found.to_six, found.to_seven, found.to_eight) == (8, 5.5, 5.5, 6.5)
    assert found.days_per_rung == (13, 10, 0, 0, 12, 0, 0, 1, 14, 0, 0)
    assert found.shares == tuple(days / 50 for days in found.days_per_rung)
    changes = {(i, j): n for i, row in enumerate(found.transitions) for j, n in enumerate(row) if n}
    assert changes == {(4, 7): 1, (7, 8): 1, (8, 4): 1, (4, 0): 1, (0, 1): 1}
    assert (found.sevens, found.strikes, found.seven_to_eight, found.replies) == (1, 1, 1, 1)
    assert (found.eights, found.eights_to_nine, found.nine_given_eight) == (1, 0, 0.0)
    assert (found.episodes, found.sustained, found.end) == (2, None, 50)


def test_times_are_censored_at_the_end_and_counted_from_the_start() -> None:
    early = ladder.statistics(small(), 0, 6)
    assert (early.to_seven, early.to_eight, early.eights) == (5.5, None, 0)
    late = ladder.statistics(small(), 6, 50)
    assert (late.to_seven, late.to_eight, late.sevens, late.seven_to_eight) == (0.5, 0.5, 0, 1)
    assert ladder.statistics([], 0, 5).nine_given_eight is None
    past = ladder.statistics(small(), 7, 50)
    assert (past.strikes, past.seven_to_eight, past.replies) == (0, 0, 0)


def test_statistics_take_the_window_asked_for() -> None:
    found = ladder.statistics(small(), 0, 50, window=7)
    assert found.days_per_rung == (26, 7, 0, 0, 9, 0, 0, 1, 7, 0, 0)


def test_a_month_counts_in_the_highest_rung_and_in_no_time_or_lag() -> None:
    fatal, month = {"coalition_killed": 1}, {"precision": "month"}
    found = ladder.statistics(rate(rocket(10, **fatal, **month)), 0, 50)
    assert (found.highest, found.sevens, found.to_seven) == (7, 1, None)
    assert answered(rocket(10, **fatal, **month), strike(12)) == 0
    assert answered(rocket(10, **fatal), strike(12, **month)) == 0
    assert answered(rocket(10, **fatal), strike(11, **month), strike(12)) == 1
    assert answered(rocket(10, id="k", **fatal, **month), strike(12, cause="k", **month)) == 1
    assert ladder.statistics(rate(strike(10), rocket(12, **month)), 0, 50).replies == 0


def answered(*events: Event) -> int:
    return ladder.statistics(rate(*events), 0, 100).seven_to_eight


def test_which_strikes_answer_a_rung_seven() -> None:
    killed = rocket(10, id="k", coalition_killed=1)
    hurt = rocket(11, id="h", coalition_wounded=1)
    assert answered(killed, strike(24.9)) == 1
    assert answered(killed, strike(25)) == 0
    assert answered(killed, strike(12), strike(13)) == 1
    assert answered(strike(9), killed) == 0
    assert answered(killed, hurt, strike(12, cause="h")) == 0
    assert answered(killed, hurt, strike(40, cause="k")) == 1
    assert answered(killed, hurt, strike(12, cause="gone")) == 1
    assert answered(killed, happening(Kind.LEADERSHIP_STRIKE, 12, cause="k")) == 1
    storming = happening(Kind.EMBASSY_STORMING, 12, id="s", entry=True, cause="k")
    assert answered(killed, storming, happening(Kind.LEADERSHIP_STRIKE, 13, cause="s")) == 0


def test_a_ring_of_causes_does_not_hang() -> None:
    ring = happening(Kind.DECISION, 1, id="d", cause="x")
    other = happening(Kind.DECISION, 1, id="x", cause="d")
    assert only(strike(2, cause="d")).answers is None
    assert rate(ring, other, strike(2, cause="d"))[0].answers is None


def test_replies_come_within_seven_days() -> None:
    def replies(*events: Event) -> int:
        return ladder.statistics(rate(*events), 0, 100).replies

    assert replies(strike(10), rocket(17.9)) == 1
    assert replies(strike(10), rocket(18)) == 0
    assert replies(rocket(9), strike(10), convoy(11)) == 0
    assert replies(strike(10.5, order=1), rocket(10.5, order=2)) == 1
    assert replies(strike(10), strike(11), rocket(12)) == 2


def test_nine_after_eight_needs_thirty_observed_days() -> None:
    def eights(end: float, *events: Event) -> tuple[int, int]:
        found = ladder.statistics(rate(*events), 0, end)
        return found.eights, found.eights_to_nine

    breach = happening(Kind.EMBASSY_STORMING, 40, entry=True)
    assert eights(41, strike(10), breach) == (1, 1)
    assert eights(40, strike(10)) == (0, 0)
    assert eights(90, strike(9), breach) == (1, 0)
    assert eights(90, strike(9), strike(20), breach) == (2, 1)


def test_a_sustained_exchange_is_counted_and_censored_there() -> None:
    def exchange(days: list[float]) -> list[Rung]:
        blows = [rocket(day, coalition_killed=1) for day in days]
        return rate(*blows, *(strike(day + 0.25) for day in days), rocket(95))

    found = exchange([10.5, 20.5, 39.5])
    assert ladder.sustained_exchange(found) == 39.75
    told = ladder.statistics(found, 5, 100)
    assert (told.sustained, told.end, sum(told.days_per_rung)) == (34.75, 40, 35)
    assert ladder.statistics(exchange([10.5, 20.5, 40.5]), 5, 100).sustained is None
    assert ladder.sustained_exchange(exchange([10.5, 20.5])) is None
    assert ladder.sustained_exchange(found, start=50) is None


def test_iran_s_missiles_are_blows_of_a_sustained_exchange() -> None:
    missiles = [happening(Kind.STATE_MISSILE_STRIKE, day, side=Side.IRAN) for day in (1.5, 2.5)]
    strikes = [strike(day) for day in (1.6, 2.6, 3.6)]
    fatal = rocket(4.5, coalition_killed=1)
    assert ladder.sustained_exchange(rate(*missiles, *strikes, fatal)) == 4.5
    assert ladder.sustained_exchange(rate(missiles[0], *strikes, fatal)) is None


# -- the record -----------------------------------------------------------------------


@pytest.fixture(scope="module")
def record() -> Journal:
    from sim.record import read

    return read()


def on(journal: Journal, day: date, kind: Kind) -> list[Rung]:
    wanted = int(to_days(day, journal.start))
    return [r for r in ladder.rate(journal) if r.day == wanted and r.event.kind is kind]


ANCHORS = [
    (date(2019, 12, 27), Kind.ROCKET_ATTACK, 7),
    (date(2019, 12, 29), Kind.AIRSTRIKE, 8),
    (date(2019, 12, 29), Kind.ROCKET_ATTACK, 4),
    (date(2020, 1, 3), Kind.LEADERSHIP_STRIKE, 9),
    (date(2020, 1, 8), Kind.STATE_MISSILE_STRIKE, 10),
    (date(2020, 3, 11), Kind.ROCKET_ATTACK, 7),
    (date(2020, 3, 13), Kind.AIRSTRIKE, 8),
    (date(2020, 6, 13), Kind.ROCKET_ATTACK, 5),
    (date(2020, 9, 30), Kind.ROCKET_ATTACK, 6),
    (date(2020, 12, 20), Kind.ROCKET_ATTACK, 6),
]


@pytest.mark.parametrize(("day", "kind", "rung"), ANCHORS)
def test_anchor(record: Journal, day: date, kind: Kind, rung: int) -> None:
    assert [r.rung for r in on(record, day, kind)] == [rung]


def changed(record: Journal, day: date, change: Callable[[Event], list[Event]]) -> Journal:
    """The record with the rocket attacks of one day replaced."""
    events: list[Event] = []
    for event in record:
        hit = event.kind is Kind.ROCKET_ATTACK and int(event.time) == to_days(day, record.start)
        events += change(event) if hit else [event]
    return Journal(record.start, record.end, events)


def without(event: Event, **fields: Any) -> Event:
    """A copy with other values, whose ranges no longer speak of these fields."""
    ranges = {q: pair for q, pair in (event.ranges or {}).items() if q not in fields}
    return event.but(**{**fields, "ranges": ranges})


def test_rungs_follow_the_harm_in_the_record(record: Journal) -> None:
    k1 = date(2019, 12, 27)
    spared = changed(record, k1, lambda e: [without(e, coalition_killed=0)])
    [found] = on(spared, k1, Kind.ROCKET_ATTACK)
    assert (found.rung, found.unknown) == (6, False)
    blank = changed(record, k1, lambda e: [without(e, coalition_killed=None)])
    [found] = on(blank, k1, Kind.ROCKET_ATTACK)
    assert (found.rung, found.unknown) == (6, True)


def test_rungs_follow_the_neighbours_in_the_record(record: Journal) -> None:
    taji = date(2020, 6, 13)
    for neighbour in (date(2020, 6, 8), date(2020, 6, 10)):
        thinned = changed(record, neighbour, lambda e: [])
        assert [r.rung for r in on(thinned, taji, Kind.ROCKET_ATTACK)] == [4]
    moved = changed(record, date(2020, 6, 8), lambda e: [e.but(time=e.time - 2)])
    assert [r.rung for r in on(moved, taji, Kind.ROCKET_ATTACK)] == [4]


def test_the_embassy_volley_is_severe_through_the_compound_flag(record: Journal) -> None:
    day = date(2020, 12, 20)
    [found] = on(record, day, Kind.ROCKET_ATTACK)
    assert found.low == found.rung == 6
    outside = changed(record, day, lambda e: [e.but(inside_compound=False)])
    [found] = on(outside, day, Kind.ROCKET_ATTACK)
    assert (found.low, found.high) == (4, 6)
    few = changed(record, day, lambda e: [without(e, fired=8)])
    assert [r.rung for r in on(few, day, Kind.ROCKET_ATTACK)] == [6]


def test_erbil_is_novel_by_weapon_and_by_region(record: Journal) -> None:
    day = date(2020, 9, 30)
    by_region = changed(record, day, lambda e: [without(e, weapon_class="rocket")])
    assert [r.why for r in on(by_region, day, Kind.ROCKET_ATTACK)] == ["novel region"]
    by_weapon = changed(record, day, lambda e: [without(e, region="Baghdad")])
    assert [r.why for r in on(by_weapon, day, Kind.ROCKET_ATTACK)] == ["novel weapon class"]
    neither = {"weapon_class": "rocket", "region": "Baghdad", "site_class": "airport"}
    plain = changed(record, day, lambda e: [without(e, **neither)])
    assert [r.rung for r in on(plain, day, Kind.ROCKET_ATTACK)] != [6]


def test_the_record_in_statistics(record: Journal) -> None:
    rated = ladder.rate(record)
    end = to_days(date(2021, 1, 1), record.start)
    found = ladder.statistics(rated, 0, end)
    assert (found.highest, found.sevens, found.strikes) == (10, 2, 3)
    assert (found.seven_to_eight, found.sustained) == (2, None)
    assert (found.eights, found.eights_to_nine) == (2, 1)
    assert found.to_seven == to_days(date(2019, 12, 27), record.start) + 0.5
