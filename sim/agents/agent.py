"""What every agent is: it starts nothing until told to, and knows only what it observes."""

from __future__ import annotations

from collections.abc import Mapping
from math import inf
from typing import ClassVar, NamedTuple, Unpack

import simpy

from sim.agents.pending import Past
from sim.events import Event, Fields, Journal, Kind, Origin


class Entry(NamedTuple):
    """An event on the timeline and the moment (days) at which agents learn of it.

    Calendar marks work before their day, from when they are known; what else is on the
    timeline is learnt when it happens. What recalls events of a kind is learnt only if there
    has been one.
    """

    known: float
    event: Event
    of: Kind | None = None

    def has_cause(self, first: Mapping[Kind, float]) -> bool:
        """Whether what it recalls happened before; `first` has each kind's first time (days).

        What was known by the start is given: nothing that is simulated came before it.
        """
        return self.of is None or self.known <= 0.0 or first.get(self.of, inf) < self.known


class Agent:
    """An actor that keeps state through `observe` alone and acts through its processes.

    `observes` are the kinds that change its state; `reacts` those that make it act.
    Every state changes before anyone acts on an event; then agents act by `rank`
    (observation, government, attack, defence, casualties, retaliation), lowest first.
    """

    observes: tuple[Kind, ...] = ()
    reacts: tuple[Kind, ...] = ()
    rank: ClassVar[int] = 0

    env: simpy.Environment
    journal: Journal

    def observe(self, event: Event) -> None:
        """Change state because of an event: simulated, replayed or announced."""

    def state(self, time: float) -> dict[str, float]:
        """What it holds at `time`, for a reader: quantities in words, with their unit."""
        return {}

    def react(self, event: Event) -> None:
        """Act on an event that has just happened."""

    def start(self, env: simpy.Environment) -> None:
        """Launch the agent's processes."""
        self.env = env

    def post(self, **fields: Unpack[Fields]) -> None:
        """Post what this agent has just done or decided."""
        fields["origin"] = Origin.SIMULATED
        self.journal.post(Event.of(fields))

    def post_later(self, event: Event) -> None:
        """Post an event when its time comes, if that does not lie behind."""
        if event.time >= self.env.now:
            timeout = self.env.timeout(event.time - self.env.now)
            assert timeout.callbacks is not None
            timeout.callbacks.append(lambda _: self.journal.post(event))

    def told(self, now: float) -> list[Entry]:
        """What the configuration gives this agent to tell, as far as it is told before `now`."""
        return []

    def resume(self, past: Past) -> None:
        """Go on, once started, with what earlier events had set going."""
