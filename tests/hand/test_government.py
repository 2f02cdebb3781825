"""Hand: an arrest, the threats that it draws, its release, and the image that is burned then."""

from __future__ import annotations

from functools import cache
from math import log
from typing import Any

import pytest
import simpy

from sim.agents.government import Government
from sim.campaign import drawn
from sim.draws import Draws
from sim.events import Event, Journal, Kind, Origin, Side
from sim.settings.compose import load
from sim.settings.sampling import Sampler
from sim.settings.scenario import Scenario

EXACT = (
    "government.arrests.rate=0",
    "government.arrests.hold_days=4",
    "government.arrests.release_probability=0.6",
    "government.arrests.salaried_cover=0",
    "government.arrests.intimidation_probability=0.4",
    f"government.arrests.threat_release={log(2.0)}",
)
"""Odds of 1.5 for a release, and of 3 under threats: 0.6 and 0.75."""
BETWEEN, NEVER = 0.7, 0.9
"""A case that ends in a release only under threats, and one that never does."""


@cache
def scenario() -> Scenario:
    return drawn(Sampler(load(EXACT)), Draws(1, 0))


class Injected:
    """The uniforms of each entity by its name; nothing comes of any other."""

    def __init__(self, **uniforms: tuple[float, ...]) -> None:
        self.uniforms = {name.replace("__", ":"): u for name, u in uniforms.items()}

    def stream(self, name: str, width: int = 8) -> Injected:
        return self

    def __call__(self, entity: str, occurrence: int = 0) -> tuple[float, ...]:
        return self.uniforms.get(entity, (1.0,) * 5)


def u(case: float, friends: float, within: float) -> tuple[float, ...]:
    """How the case ends, whether friends intimidate, and after what part of a day."""
    return (0.5, 0.5, case, friends, within)


def government(journal: Journal, **uniforms: tuple[float, ...]) -> Government:
    s, draws = scenario(), Injected(**uniforms)
    return Government(s.government, s.militia.cells, draws, journal, 60.0)  # type: ignore[arg-type]


def what_follows(due: float | None = 5.0, **uniforms: tuple[float, ...]) -> list[Event]:
    """All that follows an arrest of day 1 whose case is decided on day 5."""
    journal, env = Journal(scenario().scenario.start), simpy.Environment()
    agent = government(journal, **uniforms)
    journal.subscribe(agent.observes, agent.observe, agent.rank)
    journal.subscribe(agent.reacts, agent.react, 100 + agent.rank)
    agent.start(env)
    arrest = Event(id="A", time=1.0, kind=Kind.ARREST, side=Side.IRAQ, actor="badr", due=due)

    def happen():  # type: ignore[no-untyped-def]
        yield env.timeout(1.0)
        journal.post(arrest)

    env.process(happen())
    env.run(until=60.0)
    return [event for event in journal if event is not arrest]


def places(found: list[Event]) -> list[tuple[str, float]]:
    return [(event.id, event.time) for event in found]


def test_from_an_arrest_to_a_burned_image() -> None:
    """Threats after a quarter of a day turn the case; the image burns half a day after it."""
    threat, release, image = what_follows(A=u(BETWEEN, 0.39, 0.25), release__A=u(NEVER, 0.39, 0.5))
    told: dict[str, Any] = {"actor": "badr", "origin": Origin.SIMULATED}
    assert threat == Event(
        id="fear:A",
        time=1.25,
        kind=Kind.INTIMIDATION,
        subtype="officers_threatened",
        side=Side.MILITIA,
        cause="A",
        **told,
    )
    assert release == Event(
        id="release:A", time=5.0, kind=Kind.RELEASE, side=Side.IRAQ, cause="A", **told
    )
    assert image == Event(
        id="fear:release:A",
        time=5.5,
        kind=Kind.INTIMIDATION,
        subtype="burned_image",
        side=Side.MILITIA,
        cause="release:A",
        **told,
    )


@pytest.mark.parametrize(
    ("case", "friends", "found"),
    [
        (0.59, 0.41, ["release:A"]),
        (0.61, 0.41, []),
        (0.61, 0.39, ["fear:A", "release:A"]),
        (0.74, 0.39, ["fear:A", "release:A"]),
        (0.76, 0.39, ["fear:A"]),
    ],
)
def test_threats_double_the_odds_of_a_release(
    case: float, friends: float, found: list[str]
) -> None:
    assert [event.id for event in what_follows(A=u(case, friends, 0.5))] == found


def test_threats_after_the_decision_change_nothing() -> None:
    """Decided after a tenth of a day: too late for those still held, needless for the free."""
    late = what_follows(due=1.1, A=u(BETWEEN, 0.1, 0.5))
    assert places(late) == [("fear:A", 1.5)]
    needless = what_follows(due=1.1, A=u(0.1, 0.1, 0.5))
    assert places(needless) == [("release:A", 1.1)]


def test_no_image_burns_without_a_release() -> None:
    assert what_follows(A=u(NEVER, 0.9, 0.5), release__A=u(0.1, 0.1, 0.5)) == []


def test_a_case_without_a_date_is_decided_after_its_hold() -> None:
    """The median of an exponential hold with a mean of four days."""
    (release,) = what_follows(due=None, A=u(0.1, 0.9, 0.5))
    assert release.time == pytest.approx(1.0 + 4.0 * log(2.0))


@pytest.mark.parametrize(
    ("capacity", "after", "arrested"),
    [(1.0, 0.59, True), (1.0, 0.61, False), (0.5, 0.29, True), (0.5, 0.31, False)],
)
def test_an_arrest_after_a_find_follows_reach_and_names_the_find_and_whom_it_caught(
    capacity: float, after: float, arrested: bool
) -> None:
    told = (*EXACT, "government.arrests.after_foiled=0.6", f"government.capacity={capacity}")
    s, env = drawn(Sampler(load(told)), Draws(1, 0)), simpy.Environment()
    journal, draws = Journal(s.scenario.start), Injected(F=(0.5, 0.5, after, 1.0, 1.0))
    agent = Government(s.government, s.militia.cells, draws, journal, 60.0)  # type: ignore[arg-type]
    agent.start(env)
    agent.react(Event(id="F", time=0.0, kind=Kind.FOILED_ATTACK, actor="badr"))
    found = [(e.id, e.kind, e.cause, e.actor, e.due) for e in journal]
    held = pytest.approx(4.0 * log(2.0))
    assert found == ([("arrest:F", Kind.ARREST, "F", "badr", held)] if arrested else [])


def test_only_threats_to_officers_are_held_over_a_case() -> None:
    agent = government(Journal(scenario().scenario.start))
    for name in ("burned_image", "officers_threatened"):
        fear = {"kind": Kind.INTIMIDATION, "subtype": name, "cause": f"A:{name}"}
        agent.observe(Event(id=name, time=1.0, **fear))  # type: ignore[arg-type]
    assert agent.threatened == {"A:officers_threatened"}
