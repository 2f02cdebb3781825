"""State comes from events alone: a journal restores every agent, bit for bit, and from any
moment a replication goes on as it did."""

from __future__ import annotations

from collections import deque
from datetime import date
from enum import Enum
from functools import cache
from typing import Any

import pytest
import simpy
from pydantic import BaseModel

from sim.agents.hazard import Hazard
from sim.campaign import Campaign, drawn, given_to_all, simulate
from sim.draws import Draws, Stream
from sim.embedding import Embedding
from sim.events import Event, Journal, Kind, Side
from sim.history import History
from sim.replay import branch, replay
from sim.settings.compose import load
from sim.settings.sampling import Sampler

SEED = 77
REPLICATIONS = 12
WORLDS: dict[str, tuple[str, ...]] = {
    "as it was": (),
    "everything on": ("ablation=nothing_off",),
    "graduated and deadly": (
        "retaliation=graduated",
        "militia.base_rate=0.2",
        "casualties.coalition_deaths_small=0.02",
    ),
    "a count triggers": ("retaliation=on_count", "militia.base_rate=0.2"),
    "an arrest a day": (
        *("government.arrests.rate=1", "government.will=1", "government.capacity=1"),
        *("government.arrests.intimidation_probability=0.9", "government.arrests.fear=0"),
    ),
}
ENGINE = (Stream, Embedding, Hazard, Journal, BaseModel, simpy.Event, simpy.Environment)
"""What is machinery or a constant, and no state."""
HANDLES = {
    *("env", "_timer", "_fires", "_found", "_done", "_stirred", "_acting", "_waiting"),
    *("channels", "_since"),
}
"""Timers and processes: they follow from the state, and are made anew at a start."""


def bits(thing: Any) -> Any:
    """Everything in an object that can differ, as plain values; floats to the last bit."""
    if thing is None or isinstance(thing, bool | int | str | Enum):
        return thing
    if isinstance(thing, float):
        return thing.hex()
    if isinstance(thing, Event):
        return bits(thing.stated())
    if isinstance(thing, dict):
        return {str(key): bits(value) for key, value in thing.items()}
    if isinstance(thing, list | tuple | deque):
        return [bits(item) for item in thing]
    if isinstance(thing, set | frozenset):
        return sorted(bits(item) for item in thing)
    if isinstance(thing, date):
        return thing.isoformat()
    if callable(thing) or isinstance(thing, ENGINE):
        return None
    names = [*vars(thing)] if hasattr(thing, "__dict__") else list(type(thing).__slots__)
    told = {name: getattr(thing, name) for name in names if name not in HANDLES}
    return {name: bits(value) for name, value in told.items()}


@cache
def sampler(world: str) -> Sampler:
    return Sampler(load(WORLDS[world]))


@cache
def lived(world: str, replication: int) -> tuple[Journal, dict[str, Any]]:
    """A whole replication, and every agent's state at its end."""
    draws = Draws(SEED, replication)
    campaign = Campaign(drawn(sampler(world), draws), draws, given_to_all(sampler(world)))
    journal = campaign.run()
    return journal, {type(a).__name__: bits(a) for a in campaign.agents}


@pytest.mark.parametrize("world", WORLDS)
def test_a_journal_restores_every_agent_to_the_bit(world: str) -> None:
    for replication in range(REPLICATIONS):
        journal, states = lived(world, replication)
        end = float((journal.end - journal.start).days)  # type: ignore[operator]
        history = History(journal, journal.start, end)
        restored = replay(sampler(world), SEED, replication, history)
        for agent in restored.agents:
            assert bits(agent) == states[type(agent).__name__], type(agent).__name__


def test_the_comparison_sees_what_is_left_out() -> None:
    """It has teeth: a journal without one kind leaves some agent in another state."""
    for kind in (Kind.ROCKET_ATTACK, Kind.AIRSTRIKE, Kind.INTIMIDATION, Kind.TRUCE):
        assert any(_misses(kind, replication) for replication in range(REPLICATIONS)), kind


def _misses(kind: Kind, replication: int) -> bool:
    journal, states = lived("as it was", replication)
    end = float((journal.end - journal.start).days)  # type: ignore[operator]
    rest = Journal(journal.start, journal.end, [e for e in journal if e.kind is not kind])
    history = History(rest, rest.start, end)
    agents = replay(sampler("as it was"), SEED, replication, history).agents
    return any(bits(agent) != states[type(agent).__name__] for agent in agents)


@pytest.mark.parametrize("world", WORLDS)
def test_from_any_moment_a_replication_goes_on_as_it_did(world: str) -> None:
    """Pending strikes, votes, releases, claims, truces, reports: each comes as it came."""
    for replication in range(REPLICATIONS):
        journal, _ = lived(world, replication)
        whole = sorted(journal, key=_place)
        cut = 40.0 + 43.7 * replication
        future = branch(sampler(world), SEED, replication, History(journal, journal.start, cut))
        assert sorted(future.journal, key=_place) == whole


def _place(event: Event) -> tuple[float, str]:
    return event.time, event.id


def test_two_policies_share_what_a_cut_leaves_until_they_part() -> None:
    never, parted = Sampler(load([*WORLDS["graduated and deadly"], "retaliation=never"])), []
    for replication in range(REPLICATIONS):
        journal, _ = lived("graduated and deadly", replication)
        history = History(journal, journal.start, 150.0)
        one = branch(sampler("graduated and deadly"), SEED, replication, history).events
        two = branch(never, SEED, replication, history).events
        assert not any(e.kind is Kind.DECISION and e.side is Side.US for e in two)
        parted += [a for a, b in zip(one, two, strict=False) if a != b][:1]
    assert len(parted) > 3
    assert {(e.kind, e.side) for e in parted} == {(Kind.DECISION, Side.US)}


def test_a_plain_replication_is_unchanged_by_what_is_simulated_before() -> None:
    assert simulate(sampler("as it was"), SEED, 0) == lived("as it was", 0)[0]
