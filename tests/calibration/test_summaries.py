"""What the public record says beside its attacks: by hand, and against the record."""

from __future__ import annotations

from datetime import date
from math import isnan, log
from typing import Any

import pytest

from calibration import blocks, plan
from calibration.replayed import Seen
from calibration.summaries import ANSWERED, UNTOLD, Summaries, summaries, untold
from calibration.table import world
from sim import record
from sim.agents.protests import VOTE
from sim.events import Event, Journal, Kind, Side
from sim.measures import recorded

START, END = date(2019, 5, 1), date(2020, 7, 1)
DEADLY = 10


def event(name: str, time: float, kind: Kind, **more: Any) -> Event:
    return Event(id=name, time=time, kind=kind, **more)


def of(*events: Event) -> Summaries:
    return summaries(Journal(START, END, events), DEADLY)


def test_nothing_on_record_is_no_occasion_not_a_zero() -> None:
    told = of()
    unknown = {name for name, value in told.items() if isnan(value)}
    assert unknown == {
        *("deadly strikes", "days to a storming", "leadership strikes", "days to the missiles"),
        *("days to the vote", "days to a release", "harmful attacks"),
        *("share of counts that conflict", "log spread of a conflict"),
    }
    assert {told[name] for name in set(told) - unknown} == {0}


def test_a_strike_counts_as_deadly_by_its_last_count_or_the_most_that_sources_give() -> None:
    deadly = event("a", 1.0, Kind.AIRSTRIKE, militia_killed=10)
    mild = event("b", 2.0, Kind.AIRSTRIKE, militia_killed=9, ranges={"militia_killed": (9, 40)})
    unsure = event("c", 3.0, Kind.AIRSTRIKE, ranges={"militia_killed": (0, 10)})
    blank = event("d", 4.0, Kind.AIRSTRIKE)
    assert of(deadly, mild, unsure, blank)["deadly strikes"] == 2


def test_a_lag_runs_in_whole_days_from_the_last_cause() -> None:
    """The first answer waits 3 days, the second 1; one before every cause has no lag."""
    causes = [event(f"l{day}", day + 0.9, Kind.LEADERSHIP_STRIKE) for day in (10, 20)]
    answers = [event(f"m{day}", day + 0.1, Kind.STATE_MISSILE_STRIKE) for day in (5, 13, 21)]
    told = of(*answers, *causes)
    assert (told["leadership strikes"], told["missile answers"]) == (2, 3)
    assert told["days to the missiles"] == 2.0


def test_only_a_vote_is_a_vote_and_only_a_us_warning_a_warning() -> None:
    told = of(
        event("p", 1.0, Kind.PROTEST),
        event("v", 2.0, Kind.PROTEST, subtype=VOTE),
        event("w", 3.0, Kind.THREAT, side=Side.US, subtype="public_warning"),
        event("c", 4.0, Kind.THREAT, side=Side.US, subtype="closure"),
        event("u", 5.0, Kind.THREAT, side=Side.MILITIA, subtype="ultimatum"),
    )
    assert (told["votes"], told["warnings"]) == (1, 1)


def test_harm_to_the_coalition_counts_on_sites_and_roads() -> None:
    told = of(
        event("a", 1.0, Kind.ROCKET_ATTACK, coalition_wounded=2),
        event("b", 2.0, Kind.CONVOY_ATTACK, coalition_killed=1),
        event("c", 3.0, Kind.ROCKET_ATTACK, iraqi_killed=1),
        event("d", 4.0, Kind.ROCKET_ATTACK),
    )
    assert told["harmful attacks"] == 2


def test_counts_conflict_where_sources_give_a_range_of_two_rounds_or_more() -> None:
    """Of four salvos that count, two conflict: by 2 and by 8, on average log 4."""
    told = of(
        event("a", 1.0, Kind.ROCKET_ATTACK, fired=3),
        event("b", 2.0, Kind.ROCKET_ATTACK, fired=4, ranges={"fired": (2, 4)}),
        event("c", 3.0, Kind.ROCKET_ATTACK, ranges={"fired": (2, 16)}),
        event("d", 4.0, Kind.ROCKET_ATTACK, fired=2),
        event("one", 5.0, Kind.ROCKET_ATTACK, fired=1),
        event("blank", 6.0, Kind.ROCKET_ATTACK),
        event("open", 7.0, Kind.ROCKET_ATTACK, ranges={"fired": (5, None)}),
    )
    assert told["share of counts that conflict"] == 0.5
    assert told["log spread of a conflict"] == pytest.approx(log(4.0))


def test_the_record_before_july_2020() -> None:
    """By hand from events.csv: A031 to A042, A028, A095, A096; A029, A059 and A062 hurt people."""
    seen = Seen(record.read(), END).before(END)
    told = summaries(recorded(seen, START, END), DEADLY)
    assert told == {
        "deadly strikes": 1,
        "stormings": 1,
        "days to a storming": 2,
        "leadership strikes": 1,
        "missile answers": 1,
        "days to the missiles": 5,
        "votes": 1,
        "days to the vote": 2,
        "arrests": 1,
        "days to a release": 4,
        "truces": 0,
        "harmful attacks": 3,
        "warnings": 1,
        "share of counts that conflict": pytest.approx(14 / 34),
        "log spread of a conflict": pytest.approx(0.62735, abs=1e-5),
    }


def test_no_quantity_meets_the_record_in_a_likelihood_as_well() -> None:
    """No evidence twice: what is fitted here is moved by no block, not even as a nuisance."""
    told = plan.read("reference")
    data = blocks.data_of(told, blocks.settings_of(told), record.read())
    for block in blocks.blocks(data, told):
        assert not set(ANSWERED) & set(block.quantities), block.name


def test_everything_else_says_why_it_is_left_to_its_prior() -> None:
    """Every reason is given for something, and every beginning of a key begins one."""
    left = world(plan.read("reference"), None, "reference").left
    assert set(left) == set(UNTOLD)
    for why, starts in UNTOLD.items():
        for start in starts:
            assert any(key.startswith(start) for key in left[why]), start


def test_a_quantity_that_nobody_thought_of_is_an_error() -> None:
    with pytest.raises(KeyError, match=r"militia\.new: say in UNTOLD why"):
        untold("militia.new")
