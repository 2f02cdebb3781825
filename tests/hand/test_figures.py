"""Hand: the numbers that a figure draws are the numbers of its table, and it says where from."""

from __future__ import annotations

import json
import os
import re
import shutil
from datetime import date, datetime
from html import unescape
from itertools import pairwise

import pytest

from sim.compare.contrasts import contrast
from sim.compare.tables import Climb, Happening, Lag, Learned, Reach, State, Transition, Week
from sim.errors import InputError, RungsError
from sim.show import figures
from sim.show.figures import ranks as ranks_of
from sim.show.figures.counts import percent
from sim.show.figures.coverage import of_ranks, of_scores
from sim.show.figures.flow import ARROW
from sim.show.figures.ranks import GRID, band
from sim.show.figures.save import as_html, metadata, titled, with_text
from sim.show.figures.skill import of_backtest
from sim.show.figures.style import LOOKS, RECORD, RUNG_COLOURS, rgba
from sim.show.figures.table import rows
from sim.show.forecast_tables import Told
from sim.study.outcomes import MEASURES
from sim.study.signs import Line

ABOUT = figures.About("mine", seed=7, replications=4, command="rungs run seed=7")


def trace(figure, name, place=0):
    """The `place`-th trace of a name."""
    return [each for each in figure.data if each.name == name][place]


def title(figure):
    return figure.layout.meta["title"]


# -- fan -------------------------------------------------------------------------------------


def week(day, recorded, total):
    low = float(day)
    single, sums = ([base + i for i in range(5)] for base in (low, 10 * low))
    return Week._make((date(2019, 5, day), *single, recorded, *sums, total))


WEEKS = [week(1, 5, 14), week(8, 7, None), week(15, None, None)]


def test_the_fan_draws_its_table():
    figure = figures.fan(WEEKS, ABOUT)
    for place, prefix in ((0, "total_"), (1, "")):
        for level in ("90", "50"):
            assert list(trace(figure, f"central {level} %", place).y) == [
                getattr(w, f"{prefix}high{level}") for w in WEEKS
            ]
            assert list(trace(figure, f"central {level} %, low end", place).y) == [
                getattr(w, f"{prefix}low{level}") for w in WEEKS
            ]
        assert list(trace(figure, "median", place).y) == [
            getattr(w, f"{prefix}median") for w in WEEKS
        ]
        assert list(trace(figure, "median", place).x) == [w.week for w in WEEKS]
    assert list(trace(figure, "the record").y) == [14, None, None]
    assert list(trace(figure, "the record", 1).y) == [5, 7, None]


def test_the_fan_says_in_how_many_weeks_the_record_lies_inside():
    told = title(figures.fan(WEEKS, ABOUT))
    assert told == (
        "The record lies inside the 90 % fan in 1 of 2 weeks; its total, 14, ends inside the fan "
        "(10 to 14)"
    )
    low = [w._replace(recorded=w.low90) for w in WEEKS[:2]]
    assert "in 2 of 2 weeks" in title(figures.fan(low, ABOUT))
    above = [w._replace(recorded=99, recorded_total=99) for w in WEEKS[:2]]
    assert "in 0 of 2 weeks; its total, 99, ends above the fan" in title(figures.fan(above, ABOUT))
    silent = [w._replace(recorded=None, recorded_total=None) for w in WEEKS]
    assert "the record tells nothing" in title(figures.fan(silent, ABOUT))


def test_the_fan_says_where_its_total_ends_and_how_wide_it_is_without_a_record():
    silent = [w._replace(recorded=None, recorded_total=None) for w in WEEKS]
    assert title(figures.fan(silent, ABOUT)) == (
        "By the end, half of the replications report 151 to 153 attacks; the record tells nothing "
        "of these weeks"
    )
    for total, where in {9: "below", 10: "inside", 14: "inside", 15: "above"}.items():
        told = title(figures.fan([WEEKS[0]._replace(recorded_total=total)], ABOUT))
        assert told.endswith(f"; its total, {total}, ends {where} the fan (10 to 14)")


# -- the ladder ------------------------------------------------------------------------------


def states(recorded=(2, 0)):
    shares = [{0: 0.75, 2: 0.25}, {0: 0.4, 2: 0.6}]
    return [
        State(date(2019, 5, 1 + 7 * i), rung, shares[i].get(rung, 0.0),
              None if recorded[i] is None else rung == recorded[i])
        for i in range(2) for rung in range(11)
    ]  # fmt: skip


def test_the_ladder_draws_the_share_of_every_rung_and_the_records_line():
    figure = figures.ladder(states(), ABOUT)
    grid = figure.data[0]
    assert list(grid.y) == list(range(11))
    assert [list(grid.z[0]), list(grid.z[2]), list(grid.z[10])] == [
        [0.75, 0.4],
        [0.25, 0.6],
        [0.0, 0.0],
    ]
    line = trace(figure, "the record")
    assert list(line.y) == [2, 0]
    assert list(line.x) == list(grid.x) == [date(2019, 5, 1), date(2019, 5, 8)]


def test_the_ladder_says_how_often_the_record_is_where_most_are():
    assert "on 0 of 2 days looked at; on an average one it shares its rung with 32 %" in (
        title(figures.ladder(states(), ABOUT))
    )
    assert "on 2 of 2 days" in title(figures.ladder(states((0, 2)), ABOUT))
    assert "On an average day 0 % of replications stand on rung 6" in (
        title(figures.ladder(states((None, None)), ABOUT))
    )


def test_a_day_on_which_nobody_is_told_of_is_a_gap_and_not_looked_at():
    nobody = [State(date(2019, 5, 15), rung, None, rung == 4) for rung in range(11)]
    figure = figures.ladder([*states((0, 2)), *nobody], ABOUT)
    assert [list(row)[2] for row in figure.data[0].z] == [None] * 11
    assert "on 2 of 2 days looked at" in title(figure)
    assert title(figures.ladder(nobody, ABOUT)) == "Nothing is told of any replication"


def test_of_no_record_the_ladder_counts_rung_six_itself():
    day = [State(date(2019, 5, 1), rung, {5: 0.5, 6: 0.3, 8: 0.2}.get(rung, 0.0), None)
           for rung in range(11)]  # fmt: skip
    assert "On an average day 50 % of" in title(figures.ladder(day, ABOUT))


# -- escalation paths ------------------------------------------------------------------------

CLIMBS = [
    Climb("0 → 3 → 6", 5, 0.5, False),
    Climb("0 → 6", 3, 0.3, True),
    Climb("0 → 3", 2, 0.2, False),
]
DARK = rgba(RECORD, 0.55)


def test_the_flow_adds_up_the_climbs():
    sankey = figures.flow(CLIMBS, ABOUT).data[0]
    names = list(sankey.node.label)
    links = {
        (int(names[a]), int(names[b])): value
        for a, b, value in zip(
            sankey.link.source, sankey.link.target, sankey.link.value, strict=True
        )
    }
    assert links == {(0, 3): 7, (3, 6): 5, (0, 6): 3}
    assert [c for c in sankey.link.customdata if c] == ["the record climbed here too"]


def test_the_records_own_links_alone_are_dark():
    sankey = figures.flow([*CLIMBS, Climb("0 → 9", 1, 0.1, False)], ABOUT).data[0]
    ends = zip(sankey.link.source, sankey.link.target, strict=True)
    links = [tuple(int(sankey.node.label[end]) for end in each) for each in ends]
    assert dict(zip(links, sankey.link.value, strict=True)) == {
        (0, 3): 7, (0, 6): 3, (0, 9): 1, (3, 6): 5
    }  # fmt: skip
    dark = [link for link, c in zip(links, sankey.link.color, strict=True) if c == DARK]
    assert dark == [(0, 6)]


def test_the_flow_names_the_commonest_climb_and_the_records():
    told = title(figures.flow(CLIMBS, ABOUT))
    assert told == (
        "The commonest climb, 0 → 3 → 6, is that of 50 % of replications; the record's, 0 → 6, "
        "that of 30 %"
    )
    alone = [*CLIMBS[:1], Climb("0 → 9", 0, 0.0, True)]
    assert "that of no replication" in title(figures.flow(alone, ABOUT))
    assert ARROW in CLIMBS[0].path


CHANGES = [
    Transition(0, 3, 30, 3.0, 0.75, 2),
    Transition(0, 6, 10, 1.0, 0.25, 0),
    Transition(3, 0, 5, 0.5, 1.0, 1),
    Transition(6, 9, 0, 0.0, 0.0, 1),
]


def test_the_matrix_draws_shares_and_frames_what_the_record_did():
    figure = figures.transitions(CHANGES, ABOUT)
    z = figure.data[0].z
    assert (z[0][3], z[0][6], z[3][0], z[6][9], z[1][1]) == (0.75, 0.25, 1.0, None, None)
    frames = {(round(s.y0 + 0.46), round(s.x0 + 0.46)) for s in figure.layout.shapes}
    assert frames == {(0, 3), (3, 0), (6, 9)}
    told = title(figure)
    assert "from rung 0 to 3: 75 % of all changes out of rung 0" in told
    assert "2 of the record's 3 kinds of change" in told


def test_the_commonest_rise_is_a_rise_and_the_one_of_most_changes():
    told = [*CHANGES, Transition(3, 3, 90, 9.0, 0.9, None), Transition(8, 9, 1, 0.1, 1.0, None)]
    assert "from rung 0 to 3: 75 %" in title(figures.transitions(told, ABOUT))


# -- survival, lags, timeline ------------------------------------------------------------------

REACHES = [
    Reach(policy, 8, day, share, share / 2, min(1.0, 2 * share), 2, 4, 12.5)
    for policy, steps in {"never": [(0.0, 0.0), (30.0, 0.25)],
                          "historical": [(0.0, 0.0), (9.0, 0.25), (30.0, 0.5)]}.items()
    for day, share in steps
]  # fmt: skip


def test_survival_draws_every_step_its_interval_and_the_records_day():
    figure = figures.survival(REACHES, ABOUT)
    own = [r for r in REACHES if r.policy == "historical"]
    drawn = trace(figure, "historical")
    assert (list(drawn.x), list(drawn.y)) == ([0.0, 9.0, 30.0], [0.0, 0.25, 0.5])
    assert drawn.line.shape == "hv"
    assert list(trace(figure, "historical, 95 %").y) == [r.high95 for r in own]
    assert list(trace(figure, "historical, low end").y) == [r.low95 for r in own]
    assert [s.x0 for s in figure.layout.shapes] == [12.5]
    assert title(figure).endswith(
        "reached by 25 % under never, 50 % under historical; the record got there on day 12.5"
    )


def test_each_rung_has_the_records_own_day_and_the_title_tells_of_the_highest():
    low = [r._replace(rung=6, reached=0.9, recorded=3.0) for r in REACHES]
    figure = figures.survival([*low, *REACHES], ABOUT)
    assert [s.x0 for s in figure.layout.shapes] == [3.0, 12.5]
    assert title(figure).startswith("Rung 8 ")
    assert title(figure).endswith("50 % under historical; the record got there on day 12.5")
    never = [r._replace(recorded=None) for r in REACHES]
    assert [s.x0 for s in figures.survival([*low, *never], ABOUT).layout.shapes] == [3.0]


def test_policies_differ_by_dash_as_well_as_by_colour():
    figure = figures.survival(REACHES, ABOUT)
    one, two = trace(figure, "never").line, trace(figure, "historical").line
    assert one.dash != two.dash
    assert one.color != two.color


LAGS = [
    Lag("strike_lag", "from an attack", 1.0, 0.25, 4, 5, 2.0),
    Lag("strike_lag", "from an attack", 3.0, 1.0, 4, 5, 2.0),
    Lag("reply_lag", "from a strike", 4.0, 1.0, 2, 5, None),
]


def test_lags_are_drawn_as_they_are_stored():
    figure = figures.lags(LAGS, ABOUT)
    assert (list(trace(figure, "from an attack").x), list(trace(figure, "from an attack").y)) == (
        [0, 1.0, 3.0],
        [0, 0.25, 1.0],
    )
    assert [s.x0 for s in figure.layout.shapes] == [2.0]
    told = title(figure)
    assert told.startswith(
        "From an attack, 3 days in the middle replication and 2 in the record (25 %"
    )
    assert told.endswith("from a strike, 4 days in the middle replication")


def test_a_lag_as_long_as_the_records_is_as_fast_and_half_is_the_middle():
    own = [LAGS[0]._replace(days=2.0, share=0.5), LAGS[1]]
    assert title(figures.lags(own, ABOUT)) == (
        "From an attack, 2 days in the middle replication and 2 in the record (50 % are as fast)"
    )


ROCKETS = "rocket attacks", "rocket_attack"
HAPPENINGS = [
    Happening("the record", datetime(2019, 5, 19, 12), *ROCKETS, "embassy_zone", 1, 0),
    Happening("the record", datetime(2019, 12, 29), "US strikes", "airstrike", None, None, None),
    Happening("replication 3", datetime(2019, 6, 1), *ROCKETS, "airport", 9, 2),
]


def test_the_timeline_has_a_mark_for_every_event_on_its_lane():
    figure = figures.timeline(HAPPENINGS, ABOUT)
    record, other = trace(figure, "the record"), trace(figure, "replication 3")
    assert list(record.x) == [h.time for h in HAPPENINGS[:2]]
    assert list(other.x) == [HAPPENINGS[2].time]
    lanes = list(figure.layout.yaxis.ticktext)
    assert [lanes[round(y)] for y in [*record.y, *other.y]] == [h.lane for h in HAPPENINGS]
    assert list(trace(figure, "killed a Coalition member").x) == [HAPPENINGS[2].time]
    assert record.marker.size[0] < other.marker.size[0]  # one round, nine rounds
    assert "rounds unknown" in record.customdata[1]
    assert title(figure) == (
        "The record: 1 rocket attack, 1 US strike; replication 3: 1 rocket attack, 0 US strikes"
    )


def test_the_area_of_a_mark_grows_by_as_much_with_each_round_up_to_forty():
    fired = [HAPPENINGS[0]._replace(rounds=n) for n in (0, 10, 20, 40, 80)]
    area = [s**2 for s in trace(figures.timeline(fired, ABOUT), "the record").marker.size]
    assert [b - a for a, b in pairwise(area)] == pytest.approx([140.0, 140.0, 280.0, 0.0])


# -- policies --------------------------------------------------------------------------------


def contrasts():
    one = contrast(MEASURES[0], "never", "historical", [1.0, 2.0, 4.0], [0.0, 1.0, 2.5])
    two = contrast(MEASURES[1], "never", "historical", [0.0, 0.0, 9.0], [1.0, 0.0, 0.0])
    strikes = contrast(MEASURES[5], "never", "historical", [0.0, 0.0, 0.0], [2.0, 1.0, 2.0])
    return [one, two, strikes]


def test_differences_are_drawn_with_their_intervals():
    told = contrasts()
    figure = figures.differences(told, ABOUT)
    drawn = [x for t in figure.data for x in t.x]
    assert drawn == [c.difference for c in told]
    low = [x - e for t in figure.data for x, e in zip(t.x, t.error_x.arrayminus, strict=True)]
    high = [x + e for t in figure.data for x, e in zip(t.x, t.error_x.array, strict=True)]
    assert low == pytest.approx([c.low95 for c in told])
    assert high == pytest.approx([c.high95 for c in told])
    hollow = [s.endswith("-open") for t in figure.data for s in t.marker.symbol]
    assert hollow == [c.sign == 0 for c in told] == [False, True, False]


def test_pairs_that_are_all_alike_are_drawn_hollow():
    told = contrast(MEASURES[5], "never", "historical", [0.0] * 50, [2.0] * 50)
    figure = figures.differences([told], ABOUT)
    assert figure.data[0].marker.symbol[0].endswith("-open")
    assert "no difference can be told from none" in title(figure)


def test_the_differences_title_reverses_with_the_data():
    told = contrasts()
    back = [c._replace(difference=-c.difference, low95=-c.high95, high95=-c.low95) for c in told]
    one, two = (title(figures.differences(rows_, ABOUT)) for rows_ in (told, back))
    assert one == (
        "never against historical: higher: rocket attacks; lower: US strikes; 1 measure can't be "
        "told from none"
    )
    assert "higher: US strikes; lower: rocket attacks" in two


def test_an_end_at_nought_tells_nothing_and_an_unknown_end_is_no_measure():
    far, *_ = contrasts()
    told = [
        far._replace(label="touches", low95=0.0, high95=2.0),
        far._replace(label="unknown", low95=None, high95=None),
        *(far._replace(label=f"more {i}", low95=0.5, high95=2.0) for i in range(5)),
    ]
    figure = figures.differences(told, ABOUT)
    hollow = [s.endswith("-open") for s in figure.data[0].marker.symbol]
    assert hollow == [True, True, *[False] * 5]
    assert title(figure) == (
        "never against historical: higher: more 0, more 1, more 2 and 2 more; 1 measure can't be "
        "told from none"
    )


def test_the_sign_table_is_drawn():
    lines = [
        Line("stock", "low", 1.0, 1.0, 10, 1.5, 9, 0, 1, 0),
        Line("stock", "high", 9.0, 9.0, 5, -0.5, 1, 2, 2, 1),
        Line("fronts", "mid", 0.2, 0.3, 15, 0.8, 10, 2, 3, 1),
    ]
    figure = figures.signs(lines, "rocket attacks", "more futures are needed", ABOUT)
    names = ["stock: low", "stock: high", "fronts: mid"]
    assert {tuple(bars.y) for bars in figure.data} == {tuple(names)}
    shares = {bars.name: list(bars.x) for bars in figure.data}
    assert list(shares) == ["more", "unresolved", "less"]  # what is claimed starts at its side
    assert shares["more"] == pytest.approx([0.9, 0.2, 2 / 3])
    assert shares["unresolved"] == pytest.approx([0.1, 0.4, 0.2])
    assert shares["less"] == pytest.approx([0.0, 0.4, 2 / 15])
    assert list(trace(figure, "less").text) == ["", "2", "2"]
    assert [shape.x0 for shape in figure.layout.shapes] == pytest.approx([0.2, 0.8])
    assert title(figure) == (
        "rocket attacks: more futures are needed; the sign is resolved in 12 of 15 worlds"
    )


def test_shares_are_drawn_by_name():
    told = [
        {"name": name, "rung": rung, "share": share}
        for name, shares in {"never": (0.25, 0.75), "the record": (0.0, 1.0)}.items()
        for rung, share in zip((6, 8), shares, strict=True)
    ]
    figure = figures.shares(told, "futures by their highest rung", ABOUT)
    assert list(trace(figure, "never").y) == [0.25, 0.75]
    assert list(trace(figure, "the record").x) == [6, 8]
    assert title(figure).endswith("75 % under never; of the record's 100 %")
    seven = [{**row, "rung": row["rung"] - 1} for row in told]  # rung 7 itself counts
    assert "75 % under never" in title(figures.shares(seven, "futures", ABOUT))


# -- calibration -----------------------------------------------------------------------------


def quantity(key, verdict, places, contraction=0.5):
    bins = (0.5, 0.5, *[0.0] * 18)
    return Learned(key, "uniform 0 to 1", verdict, contraction, 0.05, 0.5, 0.95, *places, *places,
                   bins, tuple(i / 20 for i in range(1, 20)))  # fmt: skip


def test_priors_and_posteriors_are_drawn_in_the_priors_own_scale():
    told = [
        quantity("militia.base_rate", "calibrated", (0.01, 0.05, 0.1), 0.9),
        quantity("truce.factor", "driven by the prior", (0.05, 0.5, 0.95), 0.0),
    ]
    figure = figures.learned(told, ABOUT)
    one = trace(figure, "calibrated")
    assert (list(one.x), list(one.y)) == ([0.05], ["militia.base_rate"])
    assert one.x[0] - one.error_x.arrayminus[0] == pytest.approx(0.01)
    assert one.x[0] + one.error_x.array[0] == pytest.approx(0.1)
    assert "settles 1 of 2 quantities, says something of 0 and leaves 1" in title(figure)
    assert one.marker.symbol != trace(figure, "driven by the prior").marker.symbol


def test_what_was_known_before_is_the_prior_and_all_are_counted():
    many = [quantity(f"k{i}", "calibrated" if i < 3 else "informed", (0.2, 0.3, 0.4))
            for i in range(5)]  # fmt: skip
    figure = figures.learned([q._replace(low90=0.2, median=0.3, high90=0.4) for q in many], ABOUT)
    before, after = trace(figure, "calibrated").customdata[0]
    assert (before, after) == ("0.5 (0.05 to 0.95)", "0.3 (0.2 to 0.4)")
    assert "settles 3 of 5 quantities, says something of 2 and leaves 0" in title(figure)


def test_one_quantity_is_drawn_over_pieces_of_its_prior():
    figure = figures.marginal(
        quantity("militia.base_rate", "calibrated", (0.01, 0.05, 0.1), 0.9), ABOUT
    )
    assert list(figure.data[0].y) == [0.5, 0.5, *[0.0] * 18]
    assert figure.layout.shapes[0].y0 == 1 / 20
    assert "takes away 90 % of the prior's variance" in title(figure)


def test_ranks_are_drawn_as_an_excess_over_the_uniform():
    even = [(i + 0.5) / 100 for i in range(100)]
    told = [
        {"key": k, "rank": r} for k, own in {"good": even, "bad": [0.1] * 100}.items() for r in own
    ]
    figure = figures.ranks([*told, {"key": "good", "rank": None}], ABOUT)
    assert list(trace(figure, "bad").x) == GRID
    expected = [(1.0 if x >= 0.1 else 0.0) - x for x in GRID]
    assert list(trace(figure, "bad").y) == pytest.approx(expected)
    assert max(map(abs, trace(figure, "good").y)) <= 0.01
    assert figure.layout.shapes[0].y1 == band(100, 2)
    assert "uniform for 1 of 2 quantities; not for bad" in title(figure)


def test_ranks_that_are_too_high_are_not_uniform_either():
    told = [{"key": k, "rank": r} for k, r in (("high", 0.95), ("low", 0.05)) for _ in range(100)]
    assert title(figures.ranks(told, ABOUT)).endswith("0 of 2 quantities; not for high, low")


def test_the_band_of_ranks_is_that_of_dvoretzky_kiefer_and_wolfowitz():
    assert band(200, 1) == pytest.approx((5.298317366548036 / 400) ** 0.5)  # log(2 / 0.01)
    assert band(200, 50) == pytest.approx((9.210340371976184 / 400) ** 0.5)  # log(100 / 0.01)


SCORES = [
    {"model": "rungs", "horizon_weeks": 1, "origins": 20, "crps": 0.5, "coverage50": 0.5,
     "coverage90": 0.45, "pit": [2, 4, 4, 4, 6]},
    {"model": "flat", "horizon_weeks": 1, "origins": 20, "crps": 0.6, "coverage50": 0.55,
     "coverage90": 1.0, "pit": [4, 4, 4, 4, 4]},
]  # fmt: skip


def test_pit_counts_origins():
    figure = figures.pit(SCORES[:1], ABOUT)
    assert list(figure.data[0].y) == [2, 4, 4, 4, 6]
    assert figure.layout.shapes[0].y0 == 4.0
    assert "30 % lies in the highest part of the forecast and 10 % in the lowest" in (title(figure))


def test_coverage_is_drawn_with_what_chance_allows():
    told = of_scores(SCORES)
    figure = figures.coverage(told, ABOUT)
    marks = [t for t in figure.data if t.type == "scatter"]
    assert [list(t.x) for t in marks] == [[0.5, 0.55], [0.45, 1.0]]
    bars = [t for t in figure.data if t.type == "bar"]
    low = [r["low"] for r in told if r["level"] == 0.5]
    assert list(bars[0].base) == low == [0.2, 0.2]  # 4 of 20, the binomial's 0.5 % quantile
    assert list(marks[1].marker.symbol) == ["x", "circle"]
    assert title(figure).endswith("50%: 2 of 2; 90%: 1 of 2")


def test_of_windows_that_overlap_the_shares_are_told_without_a_band():
    later = [{**SCORES[i], "horizon_weeks": 4, "coverage90": c} for i, c in enumerate((0.8, 0.6))]
    later.append({**later[0], "model": "last", "coverage90": 0.7})
    told = of_scores(later)
    assert {(row["low"], row["high"]) for row in told} == {(None, None)}
    assert title(figures.coverage(told, ABOUT)).endswith("90%: 60 % to 80 % held")


def test_more_than_chance_allows_is_outside_too():
    told = {"name": "n", "level": 0.5, "share": 0.9, "low": 0.3, "high": 0.7}
    figure = figures.coverage([told, {**told, "name": "m", "share": 0.7}], ABOUT)
    assert title(figure).endswith("50%: 1 of 2")
    (marks,) = (t for t in figure.data if t.type == "scatter")
    assert list(marks.marker.symbol) == ["x", "circle"]


def test_coverage_of_ranks_has_a_row_for_each_level():
    verdict = {
        "key": "k",
        "histories": 200,
        "coverage_50": 0.5,
        "coverage_90": 0.7,
        "coverage_95": 0.95,
    }
    told = of_ranks([verdict])
    assert [(r["level"], r["share"]) for r in told] == [(0.5, 0.5), (0.9, 0.7), (0.95, 0.95)]
    assert [r["low"] <= r["share"] <= r["high"] for r in told] == [True, False, True]
    assert (told[0]["low"], told[0]["high"]) == (0.41, 0.59)  # the binomial's central 99 %


# -- sweeps and forecasts ----------------------------------------------------------------------


def test_sensitivity_bars_are_in_order_of_size_and_hollow_where_unsure():
    told = [
        {"factor": "a", "kind": "total", "value": 0.1, "low95": -0.1, "high95": 0.3},
        {"factor": "b", "kind": "total", "value": -0.5, "low95": -0.7, "high95": -0.3},
    ]
    figure = figures.sensitivity(told, "rocket attacks", "share of variance", ABOUT)
    bars = figure.data[0]
    assert (list(bars.y), list(bars.x)) == (["a", "b"], [0.1, -0.5])
    assert list(figure.layout.yaxis.categoryarray) == ["a", "b"]  # from the bottom up
    assert list(bars.marker.color) == ["#ffffff", LOOKS[0].colour]
    assert bars.x[1] - bars.error_x.arrayminus[1] == pytest.approx(-0.7)
    assert "b matters most (-0.5 share of variance); 1 of 2 factors" in title(figure)


def test_an_effect_of_which_no_interval_is_told_is_taken_at_its_word():
    told = {"factor": "a", "kind": "total", "value": 2.0, "low95": None, "high95": None}
    figure = figures.sensitivity([told], "rocket attacks", "attacks", ABOUT)
    assert list(figure.data[0].marker.color) == [LOOKS[0].colour]
    assert title(figure).endswith("1 of 1 factor can be told from luck")


def test_a_measure_that_no_factor_moves_names_none():
    still = {"factor": "a", "kind": "total", "value": 0.0, "low95": 0.0, "high95": 0.0}
    figure = figures.sensitivity([still], "rocket attacks", "attacks", ABOUT)
    assert title(figure) == "Rocket attacks: no factor moves it"


def test_an_effect_is_sure_as_its_analysis_says():
    told = [{"factor": "a", "kind": "largest difference", "value": 2.0, "low95": 1.0, "high95": 3.0,
             "sure": False}]  # fmt: skip
    figure = figures.sensitivity(told, "rocket attacks", "attacks", ABOUT)
    assert list(figure.data[0].marker.color) == ["#ffffff"]
    told = "Rocket attacks: no factor can be told from luck, not even a (2 attacks)"
    assert title(figure) == told


def test_boxes_are_drawn_in_the_range_of_each_factor():
    told = [{"box": 1, "factor": "a", "low": 2.0, "high": 3.0, "least": 1.0, "most": 5.0,
             "density": 0.8, "coverage": 0.6}]  # fmt: skip
    figure = figures.boxes(told, "over 100 attacks", ABOUT)
    span = figure.data[1]
    assert (list(span.base), list(span.x)) == ([0.25], [0.25])
    assert span.text[0] == "2 to 3"
    assert span.name == "box 1: 80 % of its points are such cases, 60 % of all such cases"
    assert title(figure) == (
        "over 100 attacks: 60 % of the cases lie where a is 2 to 3; 80 % of what lies there is one"
    )


def test_forecasts_are_drawn_with_what_came():
    told = [
        {"origin": date(2020, 7, 6), "horizon_weeks": 1, "low90": 0.0, "low50": 1.0, "median": 2.0,
         "high50": 3.0, "high90": 4.0, "observed": 2, "covered50": True, "covered90": True},
        {"origin": date(2020, 7, 13), "horizon_weeks": 1, "low90": 0.0, "low50": 1.0, "median": 1.0,
         "high50": 2.0, "high90": 3.0, "observed": 9, "covered50": False, "covered90": False},
    ]  # fmt: skip
    figure = figures.forecasts(told, ABOUT)
    bar = trace(figure, "central 90 %")
    assert [b + y for b, y in zip(bar.base, bar.y, strict=True)] == [4.0, 3.0]
    assert list(trace(figure, "median").y) == [2.0, 1.0]
    assert list(trace(figure, "recorded, inside").y) == [2]
    assert list(trace(figure, "recorded, outside the 90 %").y) == [9]
    assert "on 1 of 2 Mondays, the 50 % forecast on 1" in title(figure)


def test_what_only_the_wider_interval_held_is_inside():
    told = {"origin": date(2020, 7, 6), "horizon_weeks": 1, "low90": 1.0, "low50": 2.0,
            "median": 2.5, "high50": 3.0, "high90": 5.0, "observed": 4, "covered50": False,
            "covered90": True}  # fmt: skip
    figure = figures.forecasts([told], ABOUT)
    for level, ends in {"90": (1.0, 5.0), "50": (2.0, 3.0)}.items():
        bar = trace(figure, f"central {level} %")
        assert (bar.base[0], bar.base[0] + bar.y[0]) == ends
    assert list(trace(figure, "recorded, inside").y) == [4]
    assert "on 1 of 1 Mondays, the 50 % forecast on 0" in title(figure)


def test_skill_is_a_ratio_to_the_simulator():
    line = {"baseline": "flat", "horizon_weeks": 1, "low90": -0.2, "high90": 0.05}
    told = of_backtest(Told({}, [], SCORES, [line], [], []))
    figure = figures.skill(told, ABOUT)
    dots = figure.data[0]
    assert (list(dots.y), list(dots.x)) == (["rungs", "flat"], [1.0, 1.2])
    assert dots.x[1] + dots.error_x.array[1] == pytest.approx(1.4)
    assert dots.x[1] - dots.error_x.arrayminus[1] == pytest.approx(0.9)
    assert title(figure).endswith("1 week ahead 1 of 1")


def test_a_forecaster_as_good_as_the_simulator_is_not_beaten():
    row = {"model": "rungs", "horizon_weeks": 1, "ratio": 1.0, "low90": None, "high90": None}
    told = [{**row, "model": name, "ratio": r} for name, r in (("rungs", 1), ("a", 1), ("b", 2))]
    assert title(figures.skill(told, ABOUT)).endswith("1 week ahead 1 of 2")


def test_one_in_a_hundred_is_told_as_such():
    assert [percent(x) for x in (0.01, 0.99, 0.0, 0.004)] == ["1 %", "99 %", "0 %", "under 1 %"]


# -- what every figure keeps -------------------------------------------------------------------


def test_a_figure_keeps_its_table_its_run_and_its_seed():
    told = json.loads(metadata(figures.fan(WEEKS, ABOUT)))
    assert told["about"]["run"] == "mine"
    assert told["about"]["seed"] == 7
    assert told["about"]["command"] == "rungs run seed=7"
    assert [row["median"] for row in told["table"]] == [w.median for w in WEEKS]
    assert told["table"][2]["recorded"] is None


def test_tables_may_be_arrow_or_pandas():
    import pandas as pd
    import pyarrow as pa

    plain = [w._asdict() for w in WEEKS]
    first = metadata(figures.fan(WEEKS, ABOUT))
    assert metadata(figures.fan(pa.Table.from_pylist(plain), ABOUT)) == first
    frame = rows(pd.DataFrame(plain))
    assert [row["recorded"] for row in frame] == [5, 7, None]


def test_words_from_outside_are_no_markup():
    hostile = [r._replace(policy="<b>x</b>") for r in REACHES]
    figure = figures.survival(hostile, ABOUT)
    assert "<b>" not in figure.layout.title.text
    assert all("<b>" not in t.name for t in figure.data)


def test_an_html_file_is_whole_and_carries_its_data(tmp_path):
    path = figures.save(figures.fan(WEEKS, ABOUT), tmp_path / "fan.html")
    html = path.read_text(encoding="utf-8")
    assert '"command":"rungs run seed=7"' in html
    assert not re.search(r"<(?:script|link|img)[^>]+(?:src|href)=", html)
    assert as_html(figures.fan(WEEKS, ABOUT)).startswith(b"<!doctype html>")


def test_a_json_file_can_be_read_back(tmp_path):
    import plotly.io as pio

    path = figures.save(figures.fan(WEEKS, ABOUT), tmp_path / "fan.json")
    again = pio.read_json(path)
    assert list(trace(again, "median").y) == [w.total_median for w in WEEKS]
    assert again.layout.meta["about"]["seed"] == 7


def test_another_ending_is_refused(tmp_path):
    with pytest.raises(InputError, match=r"fan\.gif: figures are saved as \.png, \.svg"):
        figures.save(figures.fan(WEEKS, ABOUT), tmp_path / "fan.gif")


def test_without_a_chromium_the_error_names_the_remedy(tmp_path, monkeypatch):
    monkeypatch.setenv("BROWSER_PATH", str(tmp_path / "chromium"))
    with pytest.raises(RungsError, match="needs Chromium or Chrome") as caught:
        figures.save(figures.fan(WEEKS, ABOUT), tmp_path / "fan.png")
    assert "save as .html or .json" in str(caught.value)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.slow
@pytest.mark.skipif(
    shutil.which("chromium") is None and "CI" not in os.environ,
    reason="no Chromium on this desk; in CI its lack fails",
)
def test_pictures_carry_their_data(tmp_path):
    figure = figures.fan(WEEKS, ABOUT)
    png = figures.save(figure, tmp_path / "fan.png").read_bytes()
    assert json.loads(figures.text_of(png)) == json.loads(metadata(figure))
    svg = figures.save(figure, tmp_path / "fan.svg").read_text(encoding="utf-8")
    inside = unescape(re.search("<metadata>(.*?)</metadata>", svg)[1])
    assert json.loads(inside) == json.loads(metadata(figure))
    assert "The record lies inside the 90 % fan" in re.search("<title>(.*?)</title>", svg)[1]


def test_an_svg_opens_with_its_title_and_its_data():
    figure = figures.fan(WEEKS, ABOUT)
    svg = titled('<svg width="1"><rect/></svg>', figure)
    assert svg.startswith('<svg width="1"><title>The record lies inside the 90 % fan')
    assert svg.endswith("</metadata><rect/></svg>")
    inside = unescape(re.search("<metadata>(.*?)</metadata>", svg)[1])
    assert json.loads(inside) == json.loads(metadata(figure))


def test_a_text_chunk_is_valid_png():
    import struct
    import zlib

    header = struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0)
    png = b"\x89PNG\r\n\x1a\n" + struct.pack(">I", 13) + b"IHDR" + header
    png += struct.pack(">I", zlib.crc32(b"IHDR" + header))
    longer = with_text(png, "rungs", "90 % – ja")
    (length,) = struct.unpack(">I", longer[33:37])
    body = longer[37 : 41 + length]
    assert body.startswith(b"iTXtrungs\0")
    assert struct.unpack(">I", longer[41 + length : 45 + length]) == (zlib.crc32(body),)
    assert figures.text_of(longer) == "90 % – ja"


def test_rung_colours_darken_evenly_and_looks_differ_without_colour():
    def lightness(colour):
        red, green, blue = (int(colour[i : i + 2], 16) for i in (1, 3, 5))
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    steps = [lightness(c) for c in RUNG_COLOURS]
    assert all(b < a for a, b in pairwise(steps))
    assert len({look.dash for look in LOOKS}) == len({look.marker for look in LOOKS}) == len(LOOKS)
    assert len({look.hatch for look in LOOKS}) == len(LOOKS)
    assert ranks_of is figures.ranks
