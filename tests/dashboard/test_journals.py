"""A journal's steps in words, by hand; and that its timeline shows each of them once."""

from __future__ import annotations

from datetime import date

import pytest

from sim import ladder
from sim.errors import InputError
from sim.events import Event, Journal, Kind, Side
from sim.show.dashboard import journals, stepper
from sim.show.dashboard.journals import Walk, brief, said, walk

ATTACK = Event(id="a", time=1.25, kind=Kind.ROCKET_ATTACK, side=Side.MILITIA, actor="some_cell",
               site="taji", fired=5, ranges={"impacted": (2, None), "coalition_wounded": (1, 3)},
               coalition_killed=1)  # fmt: skip
CHOICE = Event(id="b", time=2.0, kind=Kind.DECISION, subtype="airstrike", side=Side.US, cause="a",
               cause_reason="a_death", confidence=0.7312)  # fmt: skip
STRIKE = Event(id="c", time=3.5, kind=Kind.AIRSTRIKE, side=Side.US, cause="b")
JOURNAL = Journal(date(2020, 3, 1), date(2020, 4, 1), [ATTACK, CHOICE, STRIKE])


def steps(events=(ATTACK, CHOICE, STRIKE)):
    rungs = {rung.event.id: rung for rung in ladder.rate(JOURNAL)}
    return Walk(JOURNAL, list(events), rungs, {e.id: i for i, e in enumerate(events)})


def test_an_event_in_a_line():
    assert brief(ATTACK, JOURNAL) == "02 Mar 2020 06:00: rocket attack, taji"
    assert brief(CHOICE, JOURNAL) == "03 Mar 2020 00:00: decision (airstrike)"


def test_what_is_stated_is_told_and_what_is_unknown_is_not():
    lines = dict(said(steps(), 0).lines)
    assert lines["side"] == "the militia"
    assert lines["done by (the truth, which no agent reads)"] == "some cell"
    assert lines["fired"] == "5"
    assert lines["impacted"] == "2 or more"
    assert lines["coalition wounded"] == "1 to 3"
    assert lines["rung"].startswith("7 fatal attack on the Coalition")
    assert not {"intercepted", "civilian killed", "claimed by", "confidence"} & set(lines)


def test_causes_and_what_followed_are_linked():
    told = said(steps(), 1)
    assert told.cause == ("a", "02 Mar 2020 06:00: rocket attack, taji (a death)")
    assert told.followed == [("c", "04 Mar 2020 12:00: airstrike")]
    assert said(steps(), 0).cause is None
    assert said(steps(), 2).followed == []


def test_the_timeline_shows_each_step_once_where_it_belongs():
    figure = stepper.figure(steps())
    places = [k for trace in figure.data for k in trace.customdata]
    assert sorted(places) == [0, 1, 2]
    lanes = dict(zip(figure.layout.yaxis.tickvals, figure.layout.yaxis.ticktext, strict=True))
    where = {k: lanes[y] for trace in figure.data
             for k, y in zip(trace.customdata, trace.y, strict=True)}  # fmt: skip
    assert where == {0: "rocket attacks", 1: "statements, threats", 2: "strikes"}
    assert figure.layout.shapes[0].x0 == "2020-03-02T06:00:00"


def test_every_kind_has_a_lane_of_its_own_choice():
    lanes = [kinds for _, kinds in stepper.LANES]
    assert sum(map(len, lanes)) == len(set().union(*lanes))
    rest = {kind for kind in Kind if stepper.lane(kind) == len(stepper.LANES) - 1}
    assert rest == {Kind.CALENDAR_MARK, Kind.CONTEXT}


def test_a_part_of_a_journal_leaves_out_what_it_says(two_runs):
    counts = {part: walk(two_runs / "historical", 0, part).events for part in journals.SHOWN}
    kinds = {part: {event.kind for event in events} for part, events in counts.items()}
    assert Kind.REPORT in kinds["all"]
    assert not {Kind.REPORT, Kind.CLAIM} & kinds["most"]
    assert not {Kind.CONVOY_ATTACK, Kind.SIREN} & kinds["main"]
    assert Kind.ROCKET_ATTACK in kinds["main"] or Kind.AIRSTRIKE in kinds["main"]
    assert len(counts["all"]) > len(counts["most"]) > len(counts["main"])


@pytest.mark.parametrize(("replication", "part"), [(6, "main"), (-1, "main"), (0, "everything")])
def test_what_was_not_kept_is_an_error(two_runs, replication, part):
    with pytest.raises(InputError):
        walk(two_runs / "historical", replication, part)
