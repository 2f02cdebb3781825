"""Hand: what the US threatens, of what, and when it holds its tongue."""

from __future__ import annotations

from functools import cache
from typing import Any

import pytest
import simpy

from sim.agents.us_threats import USThreats
from sim.campaign import drawn
from sim.draws import Draws
from sim.events import Event, Journal, Kind, Side
from sim.settings.compose import load
from sim.settings.sampling import Sampler
from sim.settings.scenario import Scenario

PRESSED = ("threats.closure.rule=pressure", "threats.closure.attacks=1", "threats.deadline_days=7")
ON_A_DATE = ("threats.closure.rule=date", "threats.closure.day=2019-06-01")
"""The 31st day of a window that begins on 1 May."""


@cache
def scenario(*overrides: str) -> Scenario:
    return drawn(Sampler(load(["threats.warning_probability=0", *overrides])), Draws(1, 0))


def threats(*given: Event, policy: tuple[str, ...]) -> list[tuple[str, float]]:
    """The threats that the US makes when these events happen, and their days."""
    s, env = scenario(*policy), simpy.Environment()
    journal = Journal(s.scenario.start)
    agent = USThreats(s.threats, s.sites, s.scenario.start, Draws(1, 0), journal)
    journal.subscribe(agent.observes, agent.observe, agent.rank)
    journal.subscribe(agent.reacts, agent.react, 100 + agent.rank)
    agent.start(env)

    def happen():  # type: ignore[no-untyped-def]
        for one in given:
            yield env.timeout(one.time - env.now)
            journal.post(one)

    env.process(happen())
    env.run(until=100.0)
    return [(e.id, e.time) for e in journal.where(Kind.THREAT) if e not in given]


def on_embassy(name: str, time: float, **fields: Any) -> Event:
    told = {"site": "embassy", "site_class": "embassy_zone", **fields}
    return Event(id=name, time=time, kind=Kind.ROCKET_ATTACK, **told)


def closing(time: float, due: float) -> Event:
    told: dict[str, Any] = {"subtype": "closure", "side": Side.US, "due": due}
    return Event(id="given", time=time, kind=Kind.THREAT, **told)


@pytest.mark.parametrize(
    ("harm", "warned"),
    [({"coalition_wounded": 1}, True), ({"inside_compound": True}, True), ({}, False)],
)
def test_harm_or_a_hit_inside_a_compound_draws_a_warning(
    harm: dict[str, Any], warned: bool
) -> None:
    always = ("threats=always", "threats.closure.rule=never", "threats.warning_probability=1")
    found = threats(on_embassy("R", 1.0, **harm), policy=always)
    assert found == ([("warning:R", 1.0)] if warned else [])


@pytest.mark.parametrize(("opened", "made"), [("2019-05-31", 1), ("2019-06-02", 0)])
def test_what_has_not_opened_yet_is_not_threatened_with_closing(opened: str, made: int) -> None:
    later = (f"++sites.places.embassy.opened={opened}", "++sites.places.embassy.source=test")
    opening = Event(id="O", time=30.0, kind=Kind.SITE_OPENED, site="embassy")
    given = [opening] if made else []
    assert len(threats(*given, policy=(*ON_A_DATE, *later))) == made


@pytest.mark.parametrize(("due", "made"), [(20.0, 1), (40.0, 0)])
def test_no_threat_on_its_date_where_one_like_it_stands(due: float, made: int) -> None:
    assert len(threats(closing(10.0, due), policy=ON_A_DATE)) == made


def test_attacks_while_a_closure_threat_stands_provoke_no_other() -> None:
    """The threat would come ten days later, when the one that stands has been due for long."""
    slow = (*PRESSED, "threats.closure.lag_days=10")
    assert threats(closing(1.0, 8.0), on_embassy("R", 5.0), policy=slow) == []
    after = threats(closing(1.0, 8.0), on_embassy("R", 9.0), policy=slow)
    assert after == [("closure:R", 19.0)]


def test_attacks_while_a_closure_threat_is_planned_provoke_no_other() -> None:
    """One at a time: the second would come when the first, made on day 11, is long due."""
    slow = (*PRESSED, "threats.closure.lag_days=10")
    attacks = (on_embassy("R1", 1.0), on_embassy("R2", 10.0))
    assert threats(*attacks, policy=slow) == [("closure:R1", 11.0)]
