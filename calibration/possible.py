"""One rocket attack as it was observed, and all that can have been behind it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from sim.agents.salvo import LARGE
from sim.agents.sites import EMBASSY
from sim.events import Event
from sim.events.event import Range

Span = Range | None
"""Lowest and highest count that sources allow (a high of None: no end); None: unknown."""
Pattern = tuple[Span, Span]
"""What is stated of the killed and of the wounded of one group."""

MOST = LARGE[1]
"""Rounds that one attack attempts at most."""


class Salvo(NamedTuple):
    """One rocket attack as it was observed, and what stood at its site.

    Counts are rounds and people. `defended`: a battery against rockets stands there.
    `siren`: the site has one. `staffed`: withdrawals of embassy staff felt by then.
    """

    fired: Span
    unfired: Span
    failed: Span
    intercepted: Span
    impacted: Span
    coalition_killed: Span
    coalition_wounded: Span
    iraqi_killed: Span
    iraqi_wounded: Span
    civilian_killed: Span
    civilian_wounded: Span
    inside_compound: bool | None
    site_class: str
    defended: bool
    siren: bool
    staffed: int

    @property
    def tolls(self) -> tuple[Pattern, ...]:
        """What is stated of each group: of the Coalition, of Iraqi forces, of civilians."""
        return (
            (self.coalition_killed, self.coalition_wounded),
            (self.iraqi_killed, self.iraqi_wounded),
            (self.civilian_killed, self.civilian_wounded),
        )

    @property
    def tells_of_harm(self) -> bool:
        """Whether anything is known of what came down inside or of whom it hurt."""
        return self.inside_compound is not None or any(any(toll) for toll in self.tolls)

    @property
    def tells_nothing(self) -> bool:
        """Whether the attack is known, and neither its rounds nor its harm."""
        return not self.tells_of_harm and not any(self[:5])


def salvo(event: Event, defended: bool, siren: bool, staffed: int) -> Salvo:
    """The rounds and harm of a rocket attack, recorded or simulated.

    Args:
        event: whose ranges and blanks are kept.
        defended: whether a battery against rockets stands at its site by then.
        siren: whether its site has a siren.
        staffed: withdrawals of embassy staff until then.

    Raises:
        ValueError: the event has no site class.
    """
    if event.site_class is None:
        raise ValueError(f"attack {event.id} has no site class: give it one, or leave it out")
    spans = [event.bounds(name) for name in Salvo._fields[:11]]
    site = (event.inside_compound, event.site_class, defended, siren, staffed)
    return Salvo._make((*spans, *site))


class Departure(NamedTuple):
    """Rounds that left, and how many may have stayed behind."""

    fired: int
    unfired: range


class Flight(NamedTuple):
    """Rounds that left and came down, and how many may have failed between."""

    fired: int
    impacted: int
    failed: tuple[int, ...]
    defended: bool


class Fall(NamedTuple):
    """Rounds that came down, where, and what is stated of the harm."""

    impacted: int
    large: bool
    site_class: str
    siren: bool
    withdrawals: int
    tolls: tuple[Pattern, ...]
    inside: bool | None


def possible(salvo: Salvo) -> Iterator[tuple[Departure, Flight, Fall]]:
    """The numbers of rounds fired and impacted that an observation allows."""
    if salvo.tells_nothing:
        return
    for fired in allowed(salvo.fired, 1, MOST):
        unfired = allowed(salvo.unfired, 0, MOST - fired)
        for impacted in allowed(salvo.impacted, 0, fired):
            failed = tuple(failures(salvo, fired, impacted))
            if unfired and failed:
                yield (
                    Departure(fired, unfired),
                    Flight(fired, impacted, failed, salvo.defended),
                    fall(salvo, fired, impacted),
                )


def allowed(span: Span, least: int, most: int) -> range:
    """The counts within a span, from `least` to `most`.

    >>> allowed((2, None), 1, 4), allowed(None, 1, 2), allowed((0, 9), 1, 3)
    (range(2, 5), range(1, 3), range(1, 4))
    """
    low, high = span if span is not None else (None, None)
    return range(max(least, low or 0), min(most, most if high is None else high) + 1)


def failures(salvo: Salvo, fired: int, impacted: int) -> Iterator[int]:
    """How many rounds can have failed: what neither failed nor fell was intercepted."""
    stopped = allowed(salvo.intercepted, 0, MOST if salvo.defended else 0)
    for failed in allowed(salvo.failed, 0, fired - impacted):
        if fired - failed - impacted in stopped:
            yield failed


def fall(salvo: Salvo, fired: int, impacted: int) -> Fall:
    """What bears on the harm; where none is stated, nothing does."""
    if not salvo.tells_of_harm:
        return Fall(0, False, salvo.site_class, False, 0, salvo.tolls, None)
    large = fired >= LARGE[0]
    withdrawals = salvo.staffed if salvo.site_class == EMBASSY else 0
    told = (salvo.tolls, salvo.inside_compound)
    return Fall(impacted, large, salvo.site_class, salvo.siren, withdrawals, *told)
