"""Hand: what the figures draw, worked out on a few replications and a short record."""

from __future__ import annotations

from datetime import date, datetime
from math import exp, log

import pyarrow as pa
import pytest

from sim.compare import tables
from sim.compare.tables import History
from sim.compare.tables.learned import BINS
from sim.errors import RungsError
from sim.events import Event, Journal, Kind, Side
from sim.settings.compose import load
from sim.settings.posterior import place

START = date(2019, 5, 1)


def rocket(name, day, **fields):
    told = {"id": name, "time": day + 0.5, "kind": Kind.ROCKET_ATTACK, "side": Side.MILITIA}
    return Event(**{**told, "tempo": True, "weapon_class": "rocket", **fields})


def strike(name, day, **fields):
    return Event(id=name, time=day + 0.5, kind=Kind.AIRSTRIKE, side=Side.US, **fields)


def record(events=(), first=0.0, last=21.0):
    return History(Journal(START, date(2019, 5, 22), list(events)), first, last)


def replications(**columns):
    n = len(next(iter(columns.values())))
    return pa.table({"replication": list(range(n)), **columns})


PATHS = pa.table(
    {
        "replication": [0, 0, 0, 1, 1, 2],
        "time": [0.0, 3.0, 17.0, 0.0, 7.0, 0.0],
        "rung": [0, 4, 0, 0, 6, 0],
    }
)
THREE = replications(true_sustained_exchange=[None, None, None])


def test_weeks_are_levels_over_replications_beside_the_record():
    counts = {"week_2019-05-01": [0.0, 1.0, 4.0], "week_2019-05-08": [1.0, 1.0, 0.0]}
    events = [rocket("a", 0), rocket("b", 6), rocket("c", 8, precision="week")]
    events.append(rocket("d", 9, tempo=False))
    one, two = tables.weeks(replications(**counts), record(events))
    assert (one.week, two.week) == (date(2019, 5, 1), date(2019, 5, 8))
    assert (one.low90, one.median, one.high90) == (0.0, 1.0, 4.0)
    assert (two.total_low90, two.total_median, two.total_high90) == (1.0, 2.0, 4.0)
    assert (one.recorded, two.recorded, two.recorded_total) == (2, 0, 2)


def test_a_week_that_the_record_does_not_know_is_unknown_and_so_is_every_later_total():
    counts = {f"week_2019-05-{day:02d}": [1.0] for day in (1, 8, 15)}
    told = tables.weeks(replications(**counts), record([rocket("a", 0)], last=13.0))
    assert [w.recorded for w in told] == [1, None, None]
    assert [w.recorded_total for w in told] == [1, None, None]
    late = tables.weeks(replications(**counts), record(first=7.0))
    assert [w.recorded for w in late] == [None, 0, 0]
    assert [w.recorded_total for w in late] == [None, None, None]


def test_a_run_without_weekly_counts_is_refused():
    with pytest.raises(RungsError, match="no weekly counts: run the same command again"):
        tables.weeks(replications(rocket_attacks=[1.0]), record())


def test_states_are_shares_of_replications_by_day():
    told = tables.states(PATHS, THREE, START, record([rocket("a", 8)]), 21)
    share = {(s.day.day, s.rung): s.share for s in told}
    assert (share[1, 0], share[1, 4]) == (1.0, 0.0)
    assert [share[8, rung] for rung in (0, 4, 6)] == pytest.approx([1 / 3] * 3)
    assert [share[15, rung] for rung in (0, 4, 6)] == pytest.approx([1 / 3] * 3)
    assert len(told) == 3 * 11
    assert [s.rung for s in told if s.recorded] == [0, 0, 4]


def test_nothing_is_told_of_a_replication_after_a_sustained_exchange():
    cut = replications(true_sustained_exchange=[None, 8.5, None])
    told = tables.states(PATHS, cut, START, record(), 21)
    share = {(s.day.day, s.rung): s.share for s in told}
    assert [share[8, rung] for rung in (0, 4, 6)] == pytest.approx([1 / 3] * 3)
    assert [share[15, rung] for rung in (0, 4, 6)] == pytest.approx([0.5, 0.5, 0.0])
    none = replications(true_sustained_exchange=[8.5, 8.5, 8.5])
    later = tables.states(PATHS, none, START, record(), 21)[22:]
    assert {s.share for s in later} == {None}  # nobody is left: unknown, and no nought


def test_a_state_of_which_the_record_knows_nothing_is_unknown():
    told = tables.states(PATHS, THREE, START, record(last=7.0), 21)
    assert [s.recorded for s in told if s.rung == 0] == [True, None, None]


def test_transitions_are_counted_within_a_replication():
    told = {(t.origin, t.target): t for t in tables.transitions(PATHS, 3, record([rocket("a", 2)]))}
    assert {pair: t.changes for pair, t in told.items()} == {(0, 4): 1, (0, 6): 1, (4, 0): 1}
    assert (told[0, 4].each, told[0, 4].share, told[4, 0].share) == (1 / 3, 0.5, 1.0)
    assert {pair: t.recorded for pair, t in told.items()} == {(0, 4): 1, (0, 6): 0, (4, 0): 1}


def test_climbs_are_the_ways_up():
    told = tables.climbs(PATHS, 3, record([rocket("a", 2), rocket("b", 4, fired=20)]))
    assert [(c.path, c.replications, c.recorded) for c in told] == [
        ("0", 1, False),
        ("0 → 4", 1, False),
        ("0 → 6", 1, False),
        ("0 → 4 → 6", 0, True),
    ]
    assert told[3].rungs == (0, 4, 6)
    assert {c.recorded for c in tables.climbs(PATHS, 3, record(first=5.0, last=5.0))} == {None}


def test_reaches_follow_kaplan_and_meier_with_censoring():
    rows = replications(
        true_days_to_six=[2.0, None, 10.0, None],
        true_days_to_seven=[None] * 4,
        true_days_to_eight=[None, None, 4.0, None],
        true_sustained_exchange=[None, 5.2, None, None],
    )
    events = [rocket("a", 1, fired=20), strike("s", 8)]
    told = tables.reaches(rows, "mine", 21, record(events))
    six = [r for r in told if r.rung == 6]
    # 3 of 4 left after day 2; the one of day 6 is censored; 1 of 2 left after day 10
    assert [(r.day, r.reached) for r in six] == [
        (0.0, 0.0), (2.0, 0.25), (10.0, pytest.approx(1 - 0.75 / 2)), (21.0, pytest.approx(0.625))
    ]  # fmt: skip
    assert (six[0].reached_by, six[0].futures, six[0].recorded) == (2, 4, 1.5)
    seven = [r for r in told if r.rung == 7]
    assert [(r.day, r.reached, r.recorded) for r in seven] == [(0.0, 0.0, 8.5), (21.0, 0.0, 8.5)]
    assert all(r.low95 <= r.reached <= r.high95 for r in told)


def test_a_replication_is_watched_to_the_midnight_after_its_exchange():
    """An exchange in the small hours of day 5: the rest of that day is still told."""
    rows = replications(
        **{f"true_days_to_{name}": [5.5, None] for name in ("six", "seven", "eight")},
        true_sustained_exchange=[None, 5.2],
    )
    told = [r for r in tables.reaches(rows, "mine", 21, record()) if r.rung == 6]
    assert [(r.day, r.reached) for r in told[:2]] == [(0.0, 0.0), (5.5, 0.5)]
    assert tables.exchanges(rows) == 1
    assert tables.exchanges(replications(true_sustained_exchange=[2.0, 3.0, None])) == 2


@pytest.mark.parametrize(
    ("events", "first", "last", "day"),
    [
        ([rocket("a", 4, fired=20)], 0.0, 21.0, 4.5),
        ([rocket("a", 4, fired=20)], 2.0, 21.0, None),  # there may have been one before
        ([rocket("a", 4, fired=20)], 0.0, 4.0, None),  # beyond what it knows
        ([rocket("a", 4, fired=20, precision="month"), rocket("b", 9, fired=20)], 0.0, 21.0, 9.5),
    ],
)
def test_the_records_own_day_is_the_first_that_it_dates_and_surely_knows(events, first, last, day):
    rows = replications(
        **{f"true_days_to_{name}": [5.5] for name in ("six", "seven", "eight")},
        true_sustained_exchange=[None],
    )
    told = tables.reaches(rows, "mine", 21, record(events, first, last))
    assert {r.recorded for r in told if r.rung == 6} == {day}


def test_the_interval_of_a_curve_is_greenwoods_log_log():
    told = tables.curve([1.0, 2.0, None, None], [9.0] * 4)
    # S = 3/4 after the first, variance of log(-log S): (1 / (4 · 3)) / log(S)²
    spread = 1.959963984540054 * (1 / 12) ** 0.5 / abs(log(0.75))
    ends = [1 - 0.75 ** exp(sign * spread) for sign in (-1, 1)]
    assert (told.low95[0], told.high95[0]) == pytest.approx(ends)


def test_a_long_curve_is_thinned_and_keeps_its_ends():
    rows = {f"true_days_to_{name}": [float(i) for i in range(1, 1001)]
            for name in ("six", "seven", "eight")}  # fmt: skip
    told = tables.reaches(
        replications(**rows, true_sustained_exchange=[None] * 1000), "mine", 1000, record()
    )
    six = [r for r in told if r.rung == 6]
    assert len(six) == 101
    assert [(r.day, round(r.reached, 9)) for r in (six[1], six[-1])] == [
        (1.0, 0.001),
        (1000.0, 1.0),
    ]


def test_lags_are_a_distribution_over_the_replications_that_know_one():
    rows = replications(strike_lag=[2.0, None, 1.0, 2.0], reply_lag=[None, None, 3.0, None])
    told = tables.lags(rows, [])
    assert [(r.lag, r.days, round(r.share, 3), r.known) for r in told] == [
        ("strike_lag", 1.0, 0.333, 3),
        ("strike_lag", 2.0, 1.0, 3),
        ("reply_lag", 3.0, 1.0, 1),
    ]
    assert {r.recorded for r in told} == {None}


def test_a_chronicle_tells_the_record_then_the_replication():
    events = [rocket("a", 0, fired=3, site_class="airport"), rocket("x", 1, tempo=False)]
    own = Journal(START, None, [strike("s", 4), Event(id="t", time=5.0, kind=Kind.THREAT)])
    told = tables.chronicle(record(events), own, "replication 3")
    assert [(h.source, h.time, h.lane, h.rounds, h.killed) for h in told] == [
        ("the record", datetime(2019, 5, 1, 12), "rocket attacks", 3, None),
        ("replication 3", datetime(2019, 5, 5, 12), "US strikes", None, None),
    ]


def test_what_a_fit_taught_is_told_on_the_priors_own_scale():
    told = tables.learned("reference")
    by_key = {row.key: row for row in told}
    row = by_key["militia.base_rate"]
    assert row.prior == "log-uniform 0.01 to 1"
    assert row.prior_median == pytest.approx(0.1)
    assert row.place_median == pytest.approx(log(row.median / 0.01) / log(100.0), abs=0.01)
    assert sum(row.bins) == pytest.approx(1.0)
    assert len(row.bins) == BINS == len(row.edges) + 1
    assert row.edges[9] == pytest.approx(0.1)
    assert [r.contraction for r in told] == sorted((r.contraction for r in told), reverse=True)
    listed = (place("reference") / "diagnostics.csv").read_text(encoding="utf-8").splitlines()
    assert len(told) == len(listed) - 1


def test_the_record_knows_its_own_window_only():
    told = tables.history(load(["scenario=historical"]))
    assert (told.first, told.last, told.empty) == (0.0, 611.0, False)
    late = tables.history(
        load(["scenario=historical", "scenario.start=2020-12-01", "scenario.end=2021-02-01"])
    )
    assert (late.first, late.last) == (0.0, 31.0)
    assert not late.knows(30.0, 37.0)
