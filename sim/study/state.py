"""What every agent holds at a date, as history leaves it, with its uncertainty."""

from __future__ import annotations

from statistics import median, quantiles
from typing import NamedTuple

from sim.events import Event
from sim.history import History
from sim.replay import replay
from sim.settings.posterior import sampler_of
from sim.settings.scenario import Settings

BEHIND = 3
"""The latest events that are named for an agent."""


class Holding(NamedTuple):
    """One quantity of an agent: median and 90 % interval over replications."""

    agent: str
    quantity: str
    median: float
    low90: float
    high90: float


class State(NamedTuple):
    """All quantities, and for each agent the latest events that it has observed."""

    holdings: list[Holding]
    behind: dict[str, list[Event]]


def state_at(settings: Settings, history: History, replications: int) -> State:
    """Let the agents of many replications live through a history up to its cut."""
    sampler = sampler_of(settings)
    found: dict[tuple[str, str], list[float]] = {}
    behind: dict[str, list[Event]] = {}
    for number in range(replications):
        campaign = replay(sampler, settings.seed, number, history, told=False)
        for agent in campaign.agents:
            name = type(agent).__name__
            for quantity, value in agent.state(history.cut).items():
                found.setdefault((name, quantity), []).append(value)
            if number == 0:
                seen = [event for event in campaign.past if event.kind in agent.observes]
                behind[name] = seen[-BEHIND:]
    holdings = [Holding(*key, *_spread(values)) for key, values in found.items()]
    return State(holdings, {name: seen for name, seen in behind.items() if seen})


def _spread(values: list[float]) -> tuple[float, float, float]:
    """Median, and the 5th and 95th percentile."""
    if len(values) < 2:
        return values[0], values[0], values[0]
    cuts = quantiles(values, n=20, method="inclusive")
    return median(values), cuts[0], cuts[-1]
