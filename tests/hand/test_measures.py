"""Patterns worked out by hand on a small journal; reports blanked like the record."""

from datetime import date

import pytest

from sim import record
from sim.events import Event, Journal, Kind, Side
from sim.measures import (
    half_year,
    mask_of,
    months_of,
    patterns,
    recorded,
    reported,
    value,
    weekly_counts,
)
from sim.study.patterns import all_patterns

ENDS = ("best", "low", "high")
START, END = date(2020, 1, 1), date(2020, 3, 1)  # 60 days


def rocket(name, day, **fields):
    return Event(
        id=name, time=day + 0.5, kind=Kind.ROCKET_ATTACK, side=Side.MILITIA, tempo=True, **fields
    )


def journal(*events):
    return Journal(START, END, list(events))


SMALL = journal(
    rocket("a", 0, fired=2, site_class="airport", coalition_killed=0, intercepted=1),
    rocket("b", 1, fired=12, site_class="embassy_zone", coalition_killed=2, intercepted=0),
    Event(id="s", time=4.5, kind=Kind.AIRSTRIKE, side=Side.US, cause="b"),
    rocket("c", 6, site_class="embassy_zone"),
    Event(id="v", time=20.5, kind=Kind.CONVOY_ATTACK, units=3, civilian_wounded=1),
    rocket("d", 40, fired=1, ranges={"fired": (1, 4)}, site_class="embassy_zone"),
)


def test_counts_by_hand():
    told = patterns(SMALL)
    assert told["rocket_attacks"] == 4
    assert told["convoy_attacks"] == 3  # one row stands for three convoys
    assert told["month_2020-01"] == 3
    assert told["month_2020-02"] == 1
    assert told["weekly_most"] == 3
    assert told["weekly_mean"] == pytest.approx(4 / 8)
    assert told["quiet_weeks"] == pytest.approx(6 / 8)
    assert told["weekly_dispersion"] == pytest.approx((10 / 8 - 0.25) / 0.5)


def test_gaps_salvos_and_lags_by_hand():
    told = patterns(SMALL)
    assert (told["gap_median"], told["gap_longest"]) == (5, 34)
    assert told["salvo_mean"] == 5
    assert told["salvo_median"] == 2
    assert told["salvo_largest"] == 12
    assert told["large_salvos"] == pytest.approx(1 / 3)
    assert told["salvo_unknown"] == pytest.approx(1 / 4)
    assert told["strike_lag"] == 3
    assert told["reply_lag"] == 2


def test_weeks_by_their_number_of_attacks():
    # days 0, 1, 6 in week 0; day 40 in week 5; eight whole weeks
    told = patterns(SMALL)
    shares = [told[name] for name in ("quiet_weeks", "weeks_of_one", "weeks_of_two")]
    assert (*shares, told["weeks_of_more"]) == (6 / 8, 1 / 8, 0, 1 / 8)


def test_bursts_by_hand():
    days = [0, 0, 2, 3, 6, 7, 20, 20, 20]
    told = patterns(journal(*(rocket(f"r{i}", day) for i, day in enumerate(days))))
    assert told["burst_3_days"] == 3  # 0, 0, 2; day 3 is the fourth
    assert told["burst_7_days"] == 5  # 0, 0, 2, 3, 6; day 7 is the eighth
    assert told["burst_days"] == 2
    assert told["gap_short"] == 7 / 8  # gaps 0, 2, 1, 3, 1, 13, 0, 0
    quiet = patterns(journal())
    assert (quiet["burst_3_days"], quiet["burst_days"], quiet["gap_short"]) == (0, 0, None)


def test_bursts_need_a_day():
    told = patterns(journal(rocket("a", 3), rocket("b", 3, precision="week")))
    assert (told["burst_3_days"], told["burst_days"]) == (1, 0)


def test_interception_by_half_year_and_class():
    rockets = [
        rocket("a", 20, fired=4, intercepted=1, site_class="embassy_zone"),
        rocket("b", 21, fired=2, intercepted=2, site_class="erbil"),
        rocket("c", 200, fired=6, intercepted=0, site_class="embassy_zone"),
        rocket("d", 201, fired=5, site_class="airport"),
    ]
    told = patterns(Journal(START, date(2021, 1, 1), rockets))
    assert told["intercepted_share"] == 3 / 12
    assert told["intercepted_in_2020H1"] == 3 / 6
    assert told["intercepted_in_2020H2"] == 0 / 6
    assert told["intercepted_at_embassy_zone"] == 1 / 10
    assert told["intercepted_at_erbil"] == 1
    assert told["intercepted_at_airport"] is None  # not stated: unknown, not zero
    halves = {name for name in told if name.startswith("intercepted_in_")}
    assert halves == {"intercepted_in_2020H1", "intercepted_in_2020H2"}


def test_harm_targets_and_interception_by_hand():
    told = patterns(SMALL)
    assert told["coalition_killed"] == 2
    assert told["fatal_attacks"] == 1
    assert told["civilian_wounded"] == 1
    assert told["iraqi_killed"] is None  # nobody says anything: unknown, not zero
    assert told["target_embassy_zone"] == pytest.approx(3 / 4)
    assert told["intercepted_share"] == pytest.approx(1 / 14)


def test_ten_rounds_are_a_large_salvo_and_one_death_a_fatal_attack():
    told = patterns(
        journal(
            rocket("a", 0, fired=10, coalition_killed=1),
            rocket("b", 1, fired=9, coalition_killed=0),
        )
    )
    assert (told["large_salvos"], told["fatal_attacks"]) == (1 / 2, 1)


def test_shares_of_targets_are_of_the_attacks_whose_target_is_known():
    hit = [rocket("a", 0, site_class="erbil"), rocket("b", 1, site_class="airport")]
    assert patterns(journal(*hit, rocket("c", 2)))["target_erbil"] == 1 / 2


def test_ranges_are_taken_at_their_ends():
    assert patterns(SMALL, "high")["salvo_mean"] == 6
    open_ended = rocket("x", 0, ranges={"fired": (3, None)})
    assert value(open_ended, "fired") == 3
    assert value(open_ended, "fired", "high") == 3
    assert value(rocket("y", 0), "fired", "low") is None


def test_doubtful_rows_are_left_out_at_the_low_end():
    doubtful = journal(rocket("a", 0), rocket("b", 1, doubt="dujail_2020_01_09"))
    assert patterns(doubtful)["rocket_attacks"] == 2
    assert patterns(doubtful, "low")["rocket_attacks"] == 1


def test_claimed_convoys_are_left_out_at_the_low_end():
    told = [
        Event(id="c", time=1.5, kind=Kind.CONVOY_ATTACK, subtype="claimed", units=4),
        Event(id="d", time=2.5, kind=Kind.CONVOY_ATTACK, subtype="confirmed", units=2),
    ]
    assert patterns(journal(*told))["convoy_attacks"] == 6
    assert patterns(journal(*told), "low")["convoy_attacks"] == 2


def test_the_share_intercepted_spans_what_all_sources_allow():
    conflict = rocket("x", 0, ranges={"fired": (8, 20), "intercepted": (1, 18)})
    plain = rocket("y", 1, fired=2, intercepted=1)
    told = [patterns(journal(conflict, plain), end)["intercepted_share"] for end in ENDS]
    # 1 + 1 of 8 + 2; at least 1 + 1 of 20 + 2; at most 18 + 1 of 18 + 2, not of 8 + 2
    assert told == [2 / 10, 2 / 22, 19 / 20]


def test_the_ninety_per_cent_gap_is_a_gap_that_nine_in_ten_do_not_exceed():
    days = [0, 1, 3, 6, 10, 15, 21, 28, 36, 45, 55]  # gaps 1 to 10
    spread = patterns(journal(*(rocket(f"r{day}", day) for day in days)))
    assert (spread["gap_90"], spread["gap_longest"]) == (9, 10)
    few = patterns(journal(*(rocket(f"r{day}", day) for day in days[:4])))
    assert few["gap_90"] == 3  # of 1, 2 and 3 two do not make nine in ten


def strike(time, **fields):
    return Event(id=f"s{time}", time=time, kind=Kind.AIRSTRIKE, side=Side.US, **fields)


def reply(*events):
    return patterns(journal(*events))["reply_lag"]


def test_a_strike_is_answered_by_the_next_attack_or_never():
    """Rockets come at noon: before it they answer a strike of their day, after it they do not."""

    def answers(*times):
        return reply(rocket("a", 5), rocket("b", 9), *map(strike, times))

    assert [answers(time) for time in (1.9, 5.1, 5.9, 6.9, 9.1, 9.9)] == [4, 0, 4, 3, 0, None]
    assert answers(1.9, 6.9, 10.9) == 3.5  # the last one sees no reply


def test_of_one_moment_the_stated_order_tells_what_answers():
    """A record knows days, not hours: where no order is stated, an attack of the day answers."""
    later = rocket("b", 8)
    for attack, struck, days in [(None, None, 0), (2, 1, 0), (1, 2, 3), (None, 1, 0), (1, None, 0)]:
        assert reply(rocket("a", 5, order=attack), strike(5.5, order=struck), later) == days


def test_the_cause_of_a_strike_is_not_its_answer():
    assert reply(rocket("a", 5), strike(5.5, cause="a"), rocket("b", 8)) == 3
    assert reply(rocket("a", 5), rocket("b", 5), strike(5.5, cause="a")) == 0
    assert reply(rocket("a", 5), strike(5.5, cause="a")) is None


def test_the_strike_of_29_december_2019_is_answered_on_its_day():
    """A030 comes second that day, A031 first."""
    told = recorded(record.read(), date(2019, 12, 29), date(2019, 12, 31))
    assert patterns(told)["reply_lag"] == 0


def test_a_month_counts_but_has_no_gap():
    undated = journal(rocket("a", 0), rocket("b", 14, precision="month"), rocket("c", 20))
    told = patterns(undated)
    assert told["rocket_attacks"] == 3
    assert told["month_2020-01"] == 3
    assert told["gap_longest"] == 20
    assert told["weekly_most"] == 1


def test_rockets_outside_the_tempo_series_are_in_no_pattern_of_rockets():
    told = journal(rocket("a", 0), rocket("c", 1).but(tempo=False, fired=30))
    assert patterns(told) == patterns(journal(rocket("a", 0)))
    assert sum(weekly_counts(told).values()) == 1


def test_an_attack_without_a_day_gives_no_lag():
    strike = Event(id="s", time=16.5, kind=Kind.AIRSTRIKE, side=Side.US, cause="b")
    told = patterns(journal(rocket("a", 0), rocket("b", 14, precision="month"), strike))
    assert told["strike_lag"] is None


def test_a_strike_without_a_day_gives_no_lag():
    struck = strike(16.5, cause="a", precision="month")
    told = patterns(journal(rocket("a", 10), struck, rocket("b", 20)))
    assert (told["airstrikes"], told["strike_lag"], told["reply_lag"]) == (1, None, None)


def test_an_empty_journal_knows_zero_counts_and_no_gaps():
    told = patterns(journal())
    assert told["rocket_attacks"] == 0
    assert told["coalition_killed"] == 0  # no attack, nobody hurt
    assert told["gap_median"] is None
    assert told["weekly_dispersion"] is None


def simulated():
    attack = rocket(
        "r", 3, fired=4, intercepted=1, coalition_killed=0, actor="kataib", intent="punish"
    )
    return journal(
        Event(id="Lr", time=3.5, kind=Kind.LAUNCH),
        attack,
        rocket("unseen", 5, fired=1),
        Event(id="Pr", time=3.6, kind=Kind.REPORT, cause="r"),
        Event(id="Dr", time=4.0, kind=Kind.DECISION, side=Side.US, cause="r"),
        Event(id="Sr", time=6.0, kind=Kind.AIRSTRIKE, side=Side.US, cause="Dr"),
    )


def test_only_what_was_reported_is_seen_and_truth_is_hidden():
    seen = reported(simulated(), {}, lambda _: 0.5)
    assert [event.id for event in seen] == ["r", "Sr"]
    assert seen.events[0].actor is None
    assert seen.events[0].intent is None
    assert seen.events[1].cause == "r"  # the decision in between is nobody's knowledge


def test_a_strike_keeps_a_cause_that_no_decision_stands_between():
    struck = strike(6.0, cause="r")
    seen = reported(journal(*simulated(), struck), {}, lambda _: 0.5)
    assert {event.id: event.cause for event in seen.where(Kind.AIRSTRIKE)}[struck.id] == "r"


def test_a_claim_is_an_attack_on_record_only_where_nobody_else_tells_of_it():
    """Neither a claim that nobody printed, nor one of what is on record already, nor one denied."""
    bomb = Event(id="v", time=5.5, kind=Kind.CONVOY_ATTACK, side=Side.MILITIA, units=1)
    boasts = [
        Event(id=name, time=6.0, kind=Kind.CLAIM, subtype=Kind.CONVOY_ATTACK, cause=cause)
        for name, cause in [("mere", None), ("true", "v"), ("denied", None), ("unheard", None)]
    ]
    told = [
        Event(id=f"P{of}{text}", time=6.5, kind=Kind.REPORT, cause=of, text=text)
        for of, text in [("v", None), ("mere", None), ("true", None), ("denied", "denied")]
    ]
    seen = reported(journal(bomb, *boasts, *told), {}, lambda _: 0.5)
    assert [(e.id, e.subtype) for e in seen] == [("v", None), ("mere", "claimed")]


def test_reports_take_over_the_blanks_of_a_recorded_row_of_their_half_year():
    row = Event(id="A", time=10.5, kind=Kind.ROCKET_ATTACK, fired=1, tempo=True)
    later = Event(id="B", time=200.5, kind=Kind.ROCKET_ATTACK, intercepted=1, tempo=True)
    mask = mask_of(Journal(START, None, [row, later]))
    seen = reported(simulated(), mask, lambda _: 0.99)
    assert seen.events[0].fired == 4
    assert seen.events[0].intercepted is None  # blank in the row of the same half-year


def test_a_blank_number_of_rounds_takes_the_range_of_the_accounts_with_it():
    told = [
        Event(id=f"P{fired}r", time=3.5 + fired / 10, kind=Kind.REPORT, cause="r", fired=fired)
        for fired in (2, 4)
    ]
    twice = journal(rocket("r", 3, fired=4), *told)
    stated = Event(id="A", time=10.5, kind=Kind.ROCKET_ATTACK, fired=1, tempo=True)
    silent = stated.but(fired=None, intercepted=1)
    for row, ends in ((stated, [4, 2, 4]), (silent, [None, None, None])):
        seen = reported(twice, mask_of(Journal(START, None, [row])), lambda _: 0.5)
        assert [value(seen.events[0], "fired", end) for end in ENDS] == ends
        assert seen.events[0].ranges == ({"fired": (2, 4)} if row is stated else None)


def test_a_row_without_a_day_leaves_the_day_of_a_report_blank():
    row = Event(id="A", time=10.5, kind=Kind.ROCKET_ATTACK, fired=1, precision="month", tempo=True)
    seen = reported(simulated(), mask_of(Journal(START, None, [row])), lambda _: 0.0)
    assert seen.events[0].precision == "month"
    assert seen.events[0].time == 3.5  # its month is still known
    assert patterns(seen)["rocket_attacks"] == 1
    assert patterns(seen)["weekly_most"] == 0


def test_the_uniform_of_the_attack_picks_the_row():
    rows = [
        Event(id="A", time=1.5, kind=Kind.ROCKET_ATTACK, fired=1, tempo=True),
        Event(id="B", time=2.5, kind=Kind.ROCKET_ATTACK, intercepted=1, tempo=True),
    ]
    mask = mask_of(Journal(START, None, rows))
    first, second = (reported(simulated(), mask, {"r": u}.__getitem__) for u in (0.49, 0.5))
    assert (first.events[0].fired, first.events[0].intercepted) == (4, None)
    assert (second.events[0].fired, second.events[0].intercepted) == (None, 1)


def test_a_half_year_without_rows_borrows_those_of_all_others():
    later = Event(id="B", time=200.5, kind=Kind.ROCKET_ATTACK, intercepted=1, tempo=True)
    seen = reported(simulated(), mask_of(Journal(START, None, [later])), lambda _: 0.5)
    assert (seen.events[0].fired, seen.events[0].intercepted) == (None, 1)


def test_rows_that_are_never_compared_leave_no_mark():
    unsourced = Event(id="A", time=10.5, kind=Kind.ROCKET_ATTACK, tempo=False)
    assert mask_of(Journal(START, None, [unsourced])) == {}


def test_a_range_is_no_blank():
    row = Event(id="A", time=10.5, kind=Kind.ROCKET_ATTACK, ranges={"fired": (1, None)}, tempo=True)
    [blank] = mask_of(Journal(START, None, [row]))[(Kind.ROCKET_ATTACK, "2020H1")]
    assert "fired" not in blank
    assert "intercepted" in blank


def test_the_mask_of_the_record_knows_that_interceptions_were_not_reported_early():
    mask = mask_of(record.read())
    rows = mask[(Kind.ROCKET_ATTACK, "2020H1")]
    assert all("intercepted" in blank for blank in rows)
    assert any("fired" not in blank for blank in rows)


def test_the_record_is_cut_and_dated_anew():
    window = recorded(record.read(), date(2020, 7, 24), date(2020, 8, 17))
    assert all(0 <= event.time < 24 for event in window)
    rockets = window.where(Kind.ROCKET_ATTACK)
    assert len(rockets) == 11  # 24, 27, 28, 30 July; 3, 5, 11, 13, 14, 15, 16 August
    assert not window.where(Kind.CONTEXT, Kind.REPORT)


def test_every_time_of_an_event_is_dated_anew():
    row = rocket("a", 40, time_low=38.0, time_high=45.0, known_from=41.0, due=50.0)
    [moved] = recorded(journal(row), date(2020, 2, 1), END)
    times = (moved.time, moved.time_low, moved.time_high, moved.known_from, moved.due)
    assert times == (9.5, 7.0, 14.0, 10.0, 19.0)


def test_a_window_holds_its_first_day_and_not_its_end():
    days = journal(rocket("a", 30), rocket("b", 31), rocket("c", 59))
    window = recorded(days, date(2020, 2, 1), date(2020, 2, 29))
    assert [event.id for event in window] == ["b"]
    midnights = journal(*(rocket(str(day), day - 0.5) for day in (31, 59)))
    window = recorded(midnights, date(2020, 2, 1), date(2020, 2, 29))
    assert [event.id for event in window] == ["31"]


def test_days_before_a_rung_are_the_whole_window_where_it_is_never_reached():
    calm = all_patterns(journal(rocket("a", 10, coalition_killed=0)))
    assert (calm["highest_rung"], calm["days_to_seven"]) == (4, 60)
    fatal = all_patterns(journal(rocket("a", 10, coalition_killed=1)))
    assert (fatal["highest_rung"], fatal["days_to_seven"], fatal["days_to_eight"]) == (7, 10.5, 60)


def test_a_range_of_deaths_is_a_range_of_rungs():
    unsure = journal(rocket("a", 10, ranges={"coalition_killed": (0, 1)}))
    assert [all_patterns(unsure, end)["highest_rung"] for end in ENDS] == [4, 4, 7]
    shares = all_patterns(unsure, "high")
    assert shares["rung_7_days"] == pytest.approx(14 / 60)
    assert shares["rung_0_days"] == pytest.approx(46 / 60)


def test_a_doubtful_row_is_a_range_of_the_ladder():
    """Rung 4 for its own day and the 13 after, or a quiet window."""
    unsure = journal(rocket("a", 10, coalition_killed=0, doubt="a switch"))
    told = [all_patterns(unsure, end) for end in ENDS]
    assert [ends["rung_0_days"] for ends in told] == pytest.approx([46 / 60, 1.0, 46 / 60])
    assert [ends["highest_rung"] for ends in told] == [4, 0, 4]


def test_changes_of_rung_by_hand():
    told = all_patterns(
        journal(
            rocket("a", 2, coalition_killed=0),  # rung 4 from day 2
            rocket("b", 5, coalition_killed=1),  # 7 from day 5
            Event(id="s", time=7.5, kind=Kind.AIRSTRIKE, side=Side.US, cause="b"),  # 8 from day 7
            rocket("c", 9, coalition_killed=0),  # a reply; on day 21 the state falls to 4
            Event(id="t", time=25.5, kind=Kind.AIRSTRIKE, side=Side.US),  # for nothing of rung 7
            rocket("d", 55, coalition_killed=0),  # no reply any more
        )
    )
    # 0 → 4 → 7 → 8 → 4 → 0 → 8 → 0 → 4
    assert (told["changes_up"], told["changes_down"]) == (5, 3)
    changes = [told[f"changes_to_{rung}"] for rung in range(11)]
    assert changes == [2, 0, 0, 0, 3, 0, 0, 1, 2, 0, 0]
    assert (told["sevens"], told["seven_to_eight"]) == (1, 1)
    assert (told["strike_to_reply"], told["eight_to_nine"]) == (1, 0)


def test_a_ninth_rung_within_thirty_days_is_counted():
    def after(days):
        strike = Event(id="s", time=3.5, kind=Kind.AIRSTRIKE, side=Side.US)
        leader = Event(id="l", time=3.6 + days, kind=Kind.LEADERSHIP_STRIKE, side=Side.US)
        return all_patterns(journal(strike, leader))["eight_to_nine"]

    assert [after(days) for days in (1, 30, 31)] == [1, 1, 0]


def test_months_and_half_years():
    assert months_of(date(2019, 11, 30), 3) == ["2019-11", "2019-12"]
    assert half_year(date(2019, 6, 30)) == "2019H1"


def test_a_rocket_whose_class_no_report_tells_is_a_bare_rocket():
    """As in half of the record's rows: a new class of weapon is seen by those who name it."""
    heavy = journal(rocket("h", 3, fired=1, weapon_class="rocket_122mm"))
    heavy = Journal(START, END, [*heavy, report_of("h", 3)])
    for coded, told in (("rocket", "rocket"), (None, "rocket"), ("rocket_107mm", "rocket_122mm")):
        mask = mask_of(journal(rocket("r", 1, fired=1, weapon_class=coded)))
        (seen,) = reported(heavy, mask, lambda _: 0.0).where(Kind.ROCKET_ATTACK)
        assert seen.weapon_class == told


def report_of(name, day):
    return Event(
        id=f"w{name}", time=day + 0.6, kind=Kind.REPORT, cause=name, source="wire", fired=1
    )


def test_recorded_convoys_lose_the_region_that_no_simulated_one_has():
    told = record.read()
    seen = recorded(told, told.start, told.end)
    assert any(e.region for e in told.where(Kind.CONVOY_ATTACK))
    assert not any(e.region for e in seen.where(Kind.CONVOY_ATTACK))
    assert all(e.region for e in seen.where(Kind.ROCKET_ATTACK))
