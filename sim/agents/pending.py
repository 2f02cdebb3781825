"""What an earlier event has set going and nobody has seen yet."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from math import exp, inf, log
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
    (left,) = chances_left([(chance, delay.passed(waited))])
    return longer(delay, u_delay, waited) if u_chance < left else None


def longer(delay: Delay, u: float, waited: float) -> float:
    """The delay at probability `u` of those longer than what has been waited.

    >>> longer(Within(10.0), 0.5, 0.0), longer(Within(10.0), 0.5, 5.0)
    (5.0, 7.5)
    """
    gone = delay.passed(waited)
    return delay.at(gone + u * (1.0 - gone)) if gone > 0.0 else delay.at(u)


def chances_left(waits: Sequence[tuple[float, float]]) -> list[float]:
    """The chance of each that it is the one to come where none before it is, given that none came.

    The first that is to come stands for those after it. Each has its chance p and the share
    1 − S of its delays that is over. That nothing has come of it or of those after it has the
    probability Q = p·S + (1 − p)·Q′, where Q′ is that of the next, and 1 behind the last; so
    it is the one with probability p·S / Q.

    >>> chances_left([(0.5, 0.5), (0.5, 0.5)])  # 1/4 of 1/4 + 1/2 · 3/4; 1/4 of 1/4 + 1/2
    [0.4, 0.3333333333333333]
    >>> chances_left([(1.0, 0.995)])  # what has outlived nearly all waits is over
    [0.0]
    """
    found, nothing = [], 1.0
    for chance, gone in reversed(waits):
        left = chance * (1.0 - gone) if gone <= OVER else 0.0
        nothing = left + (1.0 - chance) * nothing
        found.append(left / nothing if left > 0.0 else 0.0)
    return found[::-1]


def day_of(decision: Event) -> float:
    """When what was decided takes place: at once, where nobody said."""
    return decision.time if decision.due is None else decision.due


def unexplained(event: Event) -> bool:
    """Whether it is of a record that doesn't say what brought it about; what is simulated
    without a cause has none."""
    return event.cause is None and event.origin is not Origin.SIMULATED


class Past:
    """What happened before the moment at which agents begin to act.

    Of a simulated event every decision is on its journal, and of the replication's own every
    draw stands: nothing is uncertain. Of a recorded one only what was seen is known, and of
    another replication's too what has a luck of its own here.

    Args:
        now: the moment (days).
        events: in the order in which they happened.
        since: the moment from which agents have acted already, where that was before; what
            they drew of the recorded events at that moment stands.
        own: whether what is simulated in it is of the replication that goes on.
    """

    def __init__(
        self,
        now: float,
        events: Iterable[Event] = (),
        since: float | None = None,
        own: bool = True,
    ) -> None:
        self.now = now
        self._own = own
        self.since = now if since is None else since
        self.events = list(events)
        self.by_id = {event.id: event for event in self.events}
        self._answers = {(event.cause, event.kind) for event in self.events if event.cause}
        self._unexplained = {e.kind: e.time for e in self.events if unexplained(e)}

    def of(self, *kinds: Kind) -> list[Event]:
        """The events of some kinds, in order."""
        return [event for event in self.events if event.kind in kinds]

    def followed(self, event: Event, kind: Kind) -> bool:
        """Whether a consequence of this kind has been seen; what nobody explained stands for
        whatever came before it."""
        last = self._unexplained.get(kind, -inf)
        return (event.id, kind) in self._answers or last >= event.time

    def waited(self, event: Event) -> float:
        """Days for which nothing had come of an event when its draw was made; none where it
        was made at once."""
        at_once = self._own and event.origin is Origin.SIMULATED
        return 0.0 if at_once else self.since - event.time
