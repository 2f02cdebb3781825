"""Theory: what else was under way at the cut still comes as often, and when, as it should."""

from __future__ import annotations

from datetime import date
from functools import cache
from typing import NamedTuple

import pytest
from scipy import stats

from sim.agents.pending import Delay, Exponential, LogNormal, Within
from sim.agents.truce import mean_days
from sim.events import Event, Journal, Kind, Origin, Side
from sim.history import History, Lived
from sim.replay import branch
from sim.settings.compose import load
from sim.settings.sampling import Sampler

START = date(2019, 5, 1)
BEGUN = 10.5
"""The day and hour of what sets it going; nothing else is on the record."""
AT_ONCE = 1e-9
CHANCE = 0.8
REPLICATIONS = 300
ALARM = 1e-4
QUIET = (
    "ablation=everything_optional",
    "scenario.end=2019-10-01",
    "timeline=none",
    "retaliation=never",
    "militia.base_rate=0",
    "militia.excitation=0",
    "convoys=none",
)


class Course(NamedTuple):
    """What sets something going, what comes of it or not, and in which world."""

    kind: Kind
    side: Side
    comes: Kind
    world: tuple[str, ...]


class Law(NamedTuple):
    """How likely it comes, after which delay; and the days for which it had not.

    Without a chance it is as likely as it turns out where nothing was waited.
    """

    course: Course
    chance: float | None
    delay: Delay
    waited: float


MISSILES = (
    "patron.on=true",
    "patron.resupply_rate=0",
    f"patron.missiles.probability={CHANCE}",
    "patron.missiles.lag_median_days=4",
    "patron.missiles.lag_sigma=0.6",
)
CROWD = (
    "storming.on=true",
    f"storming.probability={CHANCE}",
    "storming.lag_median_days=3",
    "storming.lag_sigma=0.5",
)
HELD = (
    "government.on=true",
    "government.arrests.rate=0",
    "government.arrests.salaried_cover=0",
    "government.arrests.hold_days=4",
)
RELEASED = (
    *HELD,
    f"government.arrests.release_probability={CHANCE}",
    "government.arrests.intimidation_probability=0",
)
FRIENDS = (
    *HELD,
    "government.arrests.release_probability=0",
    f"government.arrests.intimidation_probability={CHANCE}",
)
VOTES = (
    "government.on=true",
    "government.arrests.rate=0",
    f"government.protests.vote_probability={CHANCE}",
    "government.protests.vote_days=5",
)
TRUCE = ("truce.on=true", "truce.offer_rate=0", "truce.weekly_break=0.5")

ANSWER = Course(Kind.LEADERSHIP_STRIKE, Side.US, Kind.STATE_MISSILE_STRIKE, MISSILES)
STORMING = Course(Kind.AIRSTRIKE, Side.US, Kind.EMBASSY_STORMING, CROWD)
RELEASE = Course(Kind.ARREST, Side.IRAQ, Kind.RELEASE, RELEASED)
INTIMIDATION = Course(Kind.ARREST, Side.IRAQ, Kind.INTIMIDATION, FRIENDS)
TRUCE_BREAK = Course(Kind.TRUCE, Side.MILITIA, Kind.TRUCE_BREAK, TRUCE)
VOTE = Course(Kind.LEADERSHIP_STRIKE, Side.US, Kind.PROTEST, VOTES)
LAWS = {
    "a missile answer": Law(ANSWER, CHANCE, LogNormal(4.0, 0.6), 5.0),
    "a storming": Law(STORMING, CHANCE, LogNormal(3.0, 0.5), 4.0),
    "a release": Law(RELEASE, CHANCE, Exponential(4.0), 5.0),
    "intimidation": Law(INTIMIDATION, None, Within(1.0), 0.7),
    "a truce's end": Law(TRUCE_BREAK, 1.0, Exponential(mean_days(0.5)), 12.0),
}
SAID = ("a missile answer", "a release")
"""A simulated past says when these will come, if they do: the order, and the arrest's deadline."""


@cache
def lags(
    course: Course, waited: float, of: Lived | None = None, due: float | None = None
) -> list[float]:
    """The days from its cause to each that comes after the cut, in many futures."""
    cause = Event(id="X", time=BEGUN, kind=course.kind, side=course.side, militia_killed=30)
    if of is not None:
        cause = cause.but(origin=Origin.SIMULATED, due=due)
    history = History(Journal(START, events=[cause]), START, BEGUN + waited, of)
    sampler = Sampler(load([*QUIET, *course.world]))
    futures = (branch(sampler, 8, n, history, told=False).events for n in range(REPLICATIONS))
    return [e.time - BEGUN for events in futures for e in events if e.kind is course.comes]


def comes_as_often(found: int, share: float) -> bool:
    low, high = stats.binom.ppf([ALARM / 2, 1 - ALARM / 2], REPLICATIONS, share)
    return bool(low <= found <= high)


ANOTHER = Lived(9, 5)
"""A replication of another study: what it set going has a luck of its own here."""
SEEN = [*((name, None) for name in LAWS), *((name, ANOTHER) for name in LAWS if name not in SAID)]


@pytest.mark.parametrize(("name", "of"), SEEN)
def test_it_comes_with_the_chance_that_is_left(name: str, of: Lived | None) -> None:
    """p·S / (1 − p + p·S), S being the share of delays longer than what was waited."""
    course, chance, delay, waited = LAWS[name]
    p = len(lags(course, AT_ONCE, of)) / REPLICATIONS if chance is None else chance
    left = p * (1.0 - delay.passed(waited))
    assert comes_as_often(len(lags(course, waited, of)), left / (1.0 - p + left))


@pytest.mark.parametrize(("name", "of"), SEEN)
def test_at_a_lag_from_the_delays_that_are_left(name: str, of: Lived | None) -> None:
    """The lags, as probabilities among those longer than what was waited, are uniform."""
    course, _, delay, waited = LAWS[name]
    found, gone = lags(course, waited, of), delay.passed(waited)
    assert min(found) >= waited
    levels = [(delay.passed(lag) - gone) / (1.0 - gone) for lag in found]
    assert stats.kstest(levels, "uniform").pvalue > ALARM


def test_a_vote_comes_on_its_day_or_not_at_all() -> None:
    """The day is known, so that until then a wait tells nothing."""
    found = lags(VOTE, 4.9)
    assert comes_as_often(len(found), CHANCE)
    assert found == [pytest.approx(5.0)] * len(found)
    assert lags(VOTE, 5.1) == []


def test_a_release_whose_day_another_replication_set_comes_on_that_day() -> None:
    found = lags(RELEASE, 5.0, ANOTHER, due=BEGUN + 6.0)
    assert comes_as_often(len(found), CHANCE)
    assert found == [pytest.approx(6.0)] * len(found)
    assert lags(RELEASE, 5.0, ANOTHER, due=BEGUN + 4.0) == []
