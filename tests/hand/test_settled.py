"""Hand: what the record shows to have come does not come once more."""

from __future__ import annotations

from datetime import date
from functools import cache
from typing import NamedTuple

import pytest

from sim import record
from sim.agents.protests import VOTE
from sim.events import Event, Fields, Journal, Kind, Origin
from sim.history import History
from sim.replay import branch
from sim.settings.compose import load
from sim.settings.sampling import Sampler

FUTURES = 25
QUIET = (
    "ablation=everything_optional",
    "scenario.end=2020-12-31",
    "timeline=none",
    "retaliation=never",
    "militia.base_rate=0",
    "militia.excitation=0",
    "convoys=none",
)
"""Where nothing happens but what was under way, which is certain and slow."""


class Case(NamedTuple):
    """What would come, a day before the record has it, a day after, and the world."""

    name: str
    before: str
    after: str
    world: tuple[str, ...]


STATE = ("government.on=true", "government.arrests.rate=0")
CASES = {
    "a storming": Case(
        *("storming:A031", "2019-12-31", "2020-01-01"),
        ("storming.on=true", "storming.probability=1", "storming.lag_median_days=10"),
    ),
    "a vote": Case(
        *("vote:A034", "2020-01-05", "2020-01-06"),
        (*STATE, "government.protests.vote_probability=1", "government.protests.vote_days=10"),
    ),
    "a missile answer": Case(
        *("missiles:order:A034", "2020-01-08", "2020-01-09"),
        ("patron.on=true", "patron.missiles.probability=1", "patron.missiles.lag_median_days=10"),
    ),
    "a claim": Case(
        *("KA059", "2020-03-15", "2020-03-16"),
        ("claims.on=true", "claims.false_rate=0", "claims.delay_median_hours=150"),
    ),
    "a release": Case(
        *("release:A095", "2020-06-29", "2020-06-30"),
        (*STATE, "government.arrests.release_probability=1", "government.arrests.hold_days=20"),
    ),
    "a truce's end": Case(
        *("break:B066", "2020-11-17", "2020-11-18"),
        ("truce.on=true", "truce.offer_rate=0"),
    ),
}


@cache
def told(causes: bool) -> Journal:
    """The record, or the same with nobody saying what brought anything about."""
    journal = record.read()
    events = [event if causes else event.but(cause=None) for event in journal]
    return Journal(journal.start, journal.end, events)


def comes(case: Case, journal: Journal, day: str) -> int:
    """In how many futures it comes after a day."""
    sampler = Sampler(load([*QUIET, *case.world]))
    cut = float((date.fromisoformat(day) - journal.start).days)
    history = History(journal, journal.start, cut)
    futures = (branch(sampler, 8, number, history).events for number in range(FUTURES))
    return sum(any(event.id == case.name for event in events) for events in futures)


@pytest.mark.parametrize("causes", [True, False], ids=["as recorded", "without causes"])
@pytest.mark.parametrize("name", CASES)
def test_it_comes_until_it_has_come(name: str, causes: bool) -> None:
    case = CASES[name]
    assert comes(case, told(causes), case.before) > 0
    assert comes(case, told(causes), case.after) == 0


@pytest.mark.parametrize(
    ("protest", "votes_to_come"),
    [
        ({"subtype": VOTE, "cause": "A034"}, 0),
        ({"subtype": VOTE}, 0),
        ({"subtype": VOTE, "time": 246.5}, FUTURES),  # before the strike
        ({"subtype": VOTE, "cause": "A031"}, FUTURES),  # on another
        ({"cause": "A034"}, 0),  # perhaps the vote
        ({"cause": "A034", "origin": Origin.SIMULATED}, FUTURES),  # surely not
        ({}, FUTURES),
    ],
    ids=str,
)
def test_which_protest_settles_the_vote(protest: Fields, votes_to_come: int) -> None:
    said: Fields = {"id": "P", "time": 249.5, "kind": Kind.PROTEST, "origin": Origin.REPLAYED}
    rest = [event for event in record.read() if event.kind is not Kind.PROTEST]
    journal = Journal(date(2019, 5, 1), events=[*rest, Event(**said | protest)])
    assert comes(CASES["a vote"], journal, CASES["a vote"].after) == votes_to_come
