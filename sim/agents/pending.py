"""What an earlier event has set going and nobody has seen yet."""

from __future__ import annotations

from collections.abc import Iterable
from math import exp, log
from statistics import NormalDist
from typing import NamedTuple, Protocol

from sim.events import Event, Kind, Origin
from sim.inversion import exponential, log_normal

_below = NormalDist().cdf
OVER = 0.99
"""A wait that has outlived this share of all waits is over: else a policy that is certain to
answer would answer, at the cut, whatever it had let pass for months."""


class Delay(Protocol):
    """A waiting time in days."""

    def at(self, u: float) -> float:
        """The delay at probability `u`."""
        ...

    def passed(self, days: float) -> float:
        """The probability that the delay is over after so many days."""
        ...


class LogNormal(NamedTuple):
    """A delay whose logarithm is normal."""

    median: float
    sigma: float

    def at(self, u: float) -> float:
        return log_normal(u, self.median, self.sigma)

    def passed(self, days: float) -> float:
        return _below(log(days / self.median) / self.sigma) if days > 0.0 else 0.0


class Exponential(NamedTuple):
    """A delay that does not age; an infinite mean never ends."""

    mean: float

    def at(self, u: float) -> float:
        return exponential(u, self.mean) if self.mean > 0.0 else 0.0

    def passed(self, days: float) -> float:
        if self.mean <= 0.0:
            return 1.0 if days > 0.0 else 0.0
        return 1.0 - exp(-max(0.0, days) / self.mean)


class Within(NamedTuple):
    """A delay anywhere between none and so many days."""

    days: float

    def at(self, u: float) -> float:
        return u * self.days

    def passed(self, days: float) -> float:
        return min(1.0, max(0.0, days / self.days))


class Exactly(NamedTuple):
    """A delay that is known."""

    days: float

    def at(self, u: float) -> float:
        return self.days

    def passed(self, days: float) -> float:
        return 1.0 if days > self.days else 0.0


def still_to_come(
    chance: float, u_chance: float, u_delay: float, delay: Delay, waited: float = 0.0
) -> float | None:
    """Days from an event to its consequence, if it has one: given that none came so far.

    With probability p·S / (1 − p + p·S) it is still to come, S being the share of delays
    longer than `waited`, and then at a delay drawn from those. Nothing waited: p, any delay.

    >>> still_to_come(0.5, 0.4, 0.5, Within(10.0)), still_to_come(0.5, 0.6, 0.5, Within(10.0))
    (5.0, None)
    >>> still_to_come(0.5, 0.3, 0.5, Within(10.0), waited=5.0)  # one in three, half of the rest
    7.5
    """
    gone = delay.passed(waited)
    if u_chance >= chance_left(chance, gone):
        return None
    return delay.at(gone + u_delay * (1.0 - gone)) if gone > 0.0 else delay.at(u_delay)


def chance_left(chance: float, gone: float) -> float:
    """The chance that something is still to come, where so many of its delays are over.

    >>> chance_left(0.5, 0.0), chance_left(0.75, 2 / 3), chance_left(1.0, 0.995)
    (0.5, 0.5, 0.0)
    """
    if gone <= 0.0:
        return chance
    if gone > OVER:
        return 0.0
    left = chance * (1.0 - gone)
    return left / (1.0 - chance + left) if left > 0.0 else 0.0


def day_of(decision: Event) -> float:
    """When what was decided takes place: at once, where nobody said."""
    return decision.time if decision.due is None else decision.due


class Past:
    """What happened before the moment at which agents begin to act.

    Of a simulated event every decision is on its journal and every draw stands: nothing is
    uncertain. Of a recorded one only what was seen is known.

    Args:
        now: the moment (days).
        events: in the order in which they happened.
        since: the moment from which agents have acted already, where that was before; what
            they drew of the recorded events at that moment stands.
    """

    def __init__(
        self, now: float, events: Iterable[Event] = (), since: float | None = None
    ) -> None:
        self.now = now
        self.since = now if since is None else since
        self.events = list(events)
        self.by_id = {event.id: event for event in self.events}
        self._answers = {(event.cause, event.kind) for event in self.events if event.cause}

    def of(self, *kinds: Kind) -> list[Event]:
        """The events of some kinds, in order."""
        return [event for event in self.events if event.kind in kinds]

    def followed(self, event: Event, kind: Kind) -> bool:
        """Whether a consequence of this kind has been seen."""
        return (event.id, kind) in self._answers

    def waited(self, event: Event) -> float:
        """Days for which nothing had come of an event when its draw was made; none where it
        was made at once."""
        return 0.0 if event.origin is Origin.SIMULATED else self.since - event.time
