"""What every agent holds at a date, as history leaves it, with its uncertainty."""

from __future__ import annotations

from statistics import fmean, median, quantiles
from typing import NamedTuple

from sim.events import Event, Kind, Origin
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


class Behind(NamedTuple):
    """An event that an agent has observed, as its source states it and not as it was drawn.

    `low` to `high` is when it may have been (days), alike where the time is known; both are
    unknown where no source has it and each replication draws its own. `share` of the replications
    have it before the date.
    """

    id: str
    kind: Kind
    low: float | None
    high: float | None
    share: float


class State(NamedTuple):
    """All quantities, and for each agent the latest events that it has observed."""

    holdings: list[Holding]
    behind: dict[str, list[Behind]]


def state_at(settings: Settings, history: History, replications: int) -> State:
    """Let the agents of many replications live through a history up to its cut."""
    sampler = sampler_of(settings)
    found: dict[tuple[str, str], list[float]] = {}
    seen: dict[str, dict[str, list[Event]]] = {}
    for number in range(replications):
        campaign = replay(sampler, settings.seed, number, history, told=False)
        for agent in campaign.agents:
            name = type(agent).__name__
            for quantity, value in agent.state(history.cut).items():
                found.setdefault((name, quantity), []).append(value)
            for event in campaign.past:
                if event.kind in agent.observes:
                    seen.setdefault(name, {}).setdefault(event.id, []).append(event)
    holdings = [Holding(*key, *_spread(values)) for key, values in found.items()]
    rows = {event.id: event for event in history.events}
    return State(holdings, {n: latest(events, rows, replications) for n, events in seen.items()})


def latest(seen: dict[str, list[Event]], rows: dict[str, Event], replications: int) -> list[Behind]:
    """The last events of an agent by the time that is stated, or drawn on average.

    Args:
        seen: by id, as each replication has lived through them.
        rows: the history's own, by id.
        replications: how many there were.
    """
    found = []
    for name, lived in seen.items():
        row = rows.get(name, lived[0])
        drawn = name not in rows and row.origin is Origin.SIMULATED
        time = fmean(event.time for event in lived) if drawn else row.time
        low, high = (None, None) if drawn else _ends(row)
        found.append((time, Behind(name, row.kind, low, high, len(lived) / replications)))
    return [told for _, told in sorted(found)[-BEHIND:]]


def _ends(row: Event) -> tuple[float, float]:
    """The first and the last moment that a row leaves open."""
    if row.time_low is None or row.time_high is None:
        return row.time, row.time
    return row.time_low, row.time_high


def _spread(values: list[float]) -> tuple[float, float, float]:
    """Median, and the 5th and 95th percentile."""
    if len(values) < 2:
        return values[0], values[0], values[0]
    cuts = quantiles(values, n=20, method="inclusive")
    return median(values), cuts[0], cuts[-1]
