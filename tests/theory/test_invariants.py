"""Extreme cases together: what holds of every journal, whatever is on, off or at its limit."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from itertools import combinations
from random import Random

import pytest

from sim.campaign import simulate
from sim.compare.ablation import leaves, mechanisms
from sim.events import Event, Journal, Kind, Side
from sim.settings.compose import load
from sim.settings.files import groups
from sim.settings.sampling import Sampler
from sim.settings.scenario import Scenario

BUSY = (
    *("scenario.end=2020-04-01", "militia.base_rate=0.5", "government.capacity=0.8"),
    *("casualties.coalition_deaths_small=0.05", "storming.killed=1", "storming.probability=0.8"),
)
ON_PLACE = (Kind.LAUNCH, Kind.FOILED_ATTACK, Kind.SIREN, Kind.EMBASSY_STORMING)
MISSILES = Kind.STATE_MISSILE_STRIKE
ONCE = (Kind.ROCKET_ATTACK, Kind.RELEASE, Kind.THREAT_LAPSED, Kind.TRUCE_BREAK, MISSILES)
"""What comes at most once of one cause; of a truce that rockets end, once of those rockets."""


# -- what must hold --------------------------------------------------------------------------


def placed(journal: Journal, days: float) -> Iterator[str]:
    """Every event has a name of its own, a time in the window and its cause before it."""
    known: set[str] = set()
    last = 0.0
    for event in journal:
        if event.id in known:
            yield f"{event.id}: twice"
        if event.cause is not None and event.cause not in known:
            yield f"{event.id}: no cause before it"
        if not last <= event.time < days:
            yield f"{event.id}: out of its time"
        if event.due is not None and event.due < event.time:
            yield f"{event.id}: due before it is made"
        known.add(event.id)
        last = event.time


def conserved(journal: Journal) -> Iterator[str]:
    """Rounds that fly fail, are stopped or come down, and nobody stops what doesn't fly."""
    for event in journal.where(Kind.ROCKET_ATTACK, MISSILES):
        ways = (event.failed or 0, event.intercepted or 0, event.impacted or 0)
        if event.fired != sum(ways) or min(ways) < 0:
            yield f"{event.id}: rounds lost or made"


def open_there(journal: Journal, opened: dict[str, bool]) -> Iterator[str]:
    """Nothing is aimed at a site that is closed, sounded or stormed there, nor closed again."""
    for event in journal:
        site = event.site or ""
        if event.kind is Kind.SITE_OPENED:
            opened[site] = True
        elif event.kind is Kind.SITE_CLOSED:
            if not opened[site]:
                yield f"{event.id}: closed twice"
            opened[site] = False
        elif event.kind in (*ON_PLACE, MISSILES) and not opened[site]:
            yield f"{event.id}: at a closed site"


def one_at_a_time(journal: Journal) -> Iterator[str]:
    """One truce holds, one US decision is pending, and nothing is settled twice."""
    truce, pending = False, None
    for event in journal:
        if event.kind in (Kind.TRUCE, Kind.TRUCE_BREAK):
            if truce is (event.kind is Kind.TRUCE):
                yield f"{event.id}: a truce in a truce, or the end of none"
            truce = event.kind is Kind.TRUCE
        elif event.kind is Kind.DECISION and event.side is Side.US:
            if pending is not None:
                yield f"{event.id}: decided while {pending} was pending"
            pending = event.id
        elif event.cause == pending or _strikes(event):
            pending = None
    settled = Counter((event.cause, event.kind) for event in journal.where(*ONCE))
    yield from (f"{cause}: {kind} twice" for (cause, kind), n in settled.items() if n > 1)


def _strikes(event: Event) -> bool:
    return event.side is Side.US and event.kind in (Kind.AIRSTRIKE, Kind.LEADERSHIP_STRIKE)


def faults(journal: Journal, scenario: Scenario) -> list[str]:
    opened = {key: place.opened is None for key, place in scenario.sites.places.items()}
    return [
        *placed(journal, float(scenario.days)),
        *conserved(journal),
        *open_there(journal, opened),
        *one_at_a_time(journal),
    ]


def composed(*overrides: str) -> Scenario:
    return load((*BUSY, *overrides))


def found(scenario: Scenario) -> list[str]:
    """What is wrong with two replications."""
    sampler = Sampler(scenario)
    return [fault for r in range(2) for fault in faults(simulate(sampler, 3, r), scenario)]


# -- that it would be seen -------------------------------------------------------------------


def made(kind: Kind, time: float, name: str, **told: object) -> Event:
    return Event(id=name, time=time, kind=kind, **told)  # type: ignore[arg-type]


ARREST = made(Kind.ARREST, 1.0, "A")
TRUCE = made(Kind.TRUCE, 1.0, "T")
CLOSED = made(Kind.SITE_CLOSED, 1.0, "S", site="taji")
DECIDED = made(Kind.DECISION, 1.0, "D", side=Side.US, due=9.0)
WRONG = {
    "twice": (ARREST, ARREST),
    "no cause": (made(Kind.RELEASE, 1.0, "r", cause="A"), ARREST),
    "after the end": (made(Kind.ARREST, 400.0, "A"),),
    "out of order": (ARREST, made(Kind.ARREST, 0.5, "B")),
    "due before": (ARREST.but(due=0.5),),
    "rounds": (made(Kind.ROCKET_ATTACK, 1.0, "R", fired=3, failed=1, intercepted=1, impacted=2),),
    "closed": (CLOSED, made(Kind.LAUNCH, 2.0, "L", site="taji")),
    "closed again": (CLOSED, made(Kind.SITE_CLOSED, 2.0, "S2", site="taji")),
    "truce in truce": (TRUCE, made(Kind.TRUCE, 2.0, "T2")),
    "end of none": (made(Kind.TRUCE_BREAK, 2.0, "b"),),
    "two decisions": (DECIDED, made(Kind.DECISION, 2.0, "D2", side=Side.US, due=9.0)),
    "let go twice": (ARREST, *(made(Kind.RELEASE, 2.0, name, cause="A") for name in "rs")),
}


@pytest.mark.parametrize("case", WRONG)
def test_what_is_wrong_is_found(case: str) -> None:
    scenario = load(BUSY)
    assert faults(Journal(scenario.scenario.start), scenario) == []
    assert len(faults(Journal(scenario.scenario.start, events=WRONG[case]), scenario)) == 1


# -- whatever is on --------------------------------------------------------------------------

PLACES = load([]).sites.places
ALWAYS = "retaliation.probability={killed: 1, wounded: 1, compound: 1, none: 1}"
EXTREMES = {
    "perfect attribution": ("attribution=perfect",),
    "no capacity": ("government=weak",),
    "a patron with full control": ("patron=full_control",),
    "a truce that never breaks": ("truce=unbroken", "truce.offer_rate=0.2"),
    "no observers": ("observers=none",),
    "all sites close": tuple(
        f"++sites.places.{name}.{what}"
        for name in PLACES
        for what in ("closed=2019-12-01", "source=test")
    ),
    "an embassy that is closed": (
        *("threats=always", "threats.closure.execution=1", "threats.closure.attacks=1"),
    ),
    "everything is answered, against leaders": (
        *(ALWAYS, "retaliation.strike.leadership_share=1", "patron.missiles.probability=1"),
    ),
    "handovers that fire hastens": ("drawdown=hastens",),
}


@pytest.mark.parametrize("two", list(combinations(EXTREMES, 2)), ids=" and ".join)
def test_extremes_together(two: tuple[str, str]) -> None:
    assert found(composed(*EXTREMES[two[0]], *EXTREMES[two[1]])) == []


def test_every_policy_with_every_defence() -> None:
    choices = groups()
    policies = [composed(f"retaliation={name}") for name in choices["retaliation"]]
    for defence in choices["air_defence"]:
        there = {"air_defence": composed(f"air_defence={defence}").air_defence}
        for policy in policies:
            assert found(policy.model_copy(update=there)) == [], (policy.retaliation.title, defence)


def test_mechanisms_off_two_by_two() -> None:
    """Twenty pairs drawn from all of them."""
    pairs = list(combinations(mechanisms(), 2))
    for two in Random(7).sample(pairs, 20):
        off = [leaf for name in two for leaf in leaves(name)]
        assert found(composed(*off)) == [], two
