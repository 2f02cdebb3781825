"""What the patterns are made of: the counts that an event states, and the days that are known."""

from __future__ import annotations

from collections.abc import Iterable
from math import floor
from typing import Literal

from sim.events import Event, Kind

Choice = Literal["best", "low", "high"]
Patterns = dict[str, float | None]

ATTACKS = (Kind.ROCKET_ATTACK, Kind.CONVOY_ATTACK, Kind.FOILED_ATTACK)
STRIKES = (Kind.AIRSTRIKE, Kind.LEADERSHIP_STRIKE)
UNDATED = ("week", "month")
"""Precisions that leave the day open; a mask holds them among its blanks."""


def value(event: Event, quantity: str, choose: Choice = "best") -> int | None:
    """A count of an event: its best value (else its low end), or an end of its range.

    An open upper end ("at least") counts as the best value, or as its low end.
    """
    best: int | None = getattr(event, quantity)
    if event.ranges is None or quantity not in event.ranges:
        return best
    low, high = event.ranges[quantity]
    if choose == "low" and low is not None:
        return low
    if choose == "high" and high is not None:
        return high
    return best if best is not None else low


def known(events: Iterable[Event], quantity: str, choose: Choice) -> list[int]:
    """The counts that events state, those that say nothing left out."""
    counts = (value(event, quantity, choose) for event in events)
    return [count for count in counts if count is not None]


def has_day(event: Event) -> bool:
    """Whether the day of an event is known, not merely its week or month."""
    return event.precision not in UNDATED


def dated(events: Iterable[Event]) -> list[int]:
    """The days of events whose day is known, in order."""
    return sorted(floor(e.time) for e in events if has_day(e))
