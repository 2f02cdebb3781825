"""How high a future has climbed: the levels at which paths to a high rung are split.

A level is worth having where it makes the top likelier: a tempo that has picked up, harm, a
death, an answer decided and not flown yet, one against leaders, missiles ordered. Rungs 8, 9
and 10 are no levels themselves: a decision comes some days before its deed, and copies that are
made there still draw the deed's toll, the crowd and the patron's answer for themselves.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from sim.agents.harm import harm_class
from sim.agents.trigger import WARNING
from sim.errors import InputError, nearest
from sim.events import Event, Kind, Side
from sim.ladder.rungs import CAMPAIGN_ATTACKS, CAMPAIGN_DAYS


class Level(NamedTuple):
    """A step on the way up, in words."""

    name: str
    says: str


LEVELS = (
    Level("tempo", f"{CAMPAIGN_ATTACKS} rocket attacks in {CAMPAIGN_DAYS} days"),
    Level("harm", "an attack wounds a Coalition member or hits the compound"),
    Level("death", "an attack kills a Coalition member"),
    Level("answer", "the US has decided to strike"),
    Level("leaders", "against leaders, or a crowd storms the embassy"),
    Level("order", "the patron has ordered missiles"),
)
"""From the lowest; whoever stands on one stands on all below, however it got there."""
NAMES = tuple(level.name for level in LEVELS)
TEMPO, HARM, DEATH, ANSWER, LEADERS, ORDER = range(1, len(LEVELS) + 1)
BELOW = {6: TEMPO, 7: HARM, 8: ANSWER, 9: LEADERS, 10: ORDER}
"""The highest level on the way to each rung; the lower rungs need none."""
OF_HARM = {"killed": DEATH, "wounded": HARM, "compound": HARM, "none": 0}
DEEDS = {
    Kind.AIRSTRIKE: ANSWER,
    Kind.EMBASSY_STORMING: LEADERS,
    Kind.LEADERSHIP_STRIKE: LEADERS,
    Kind.STATE_MISSILE_STRIKE: ORDER,
}


def levels_below(rung: int) -> tuple[int, ...]:
    """The levels on the way to a rung, by number.

    >>> levels_below(9), levels_below(3)
    ((1, 2, 3, 4, 5), ())
    """
    return tuple(range(1, BELOW.get(rung, 0) + 1))


def levels_named(names: Sequence[str], rung: int) -> tuple[int, ...]:
    """The levels of these names, in order.

    Raises:
        InputError: no such level on the way to this rung.

    >>> levels_named(["leaders", "death"], 9)
    (3, 5)
    """
    known = [NAMES[level - 1] for level in levels_below(rung)]
    for name in names:
        if name not in known:
            remedy = nearest(name, known) if known else "it needs none"
            raise InputError(f"levels={name}: no level on the way to rung {rung}; {remedy}")
    return tuple(sorted({NAMES.index(name) + 1 for name in names}))


class Ascent:
    """How many of some levels have been reached, event by event.

    Args:
        levels: those that count, by number.
        since: the moment from which events count (days).
        goal: after how many of them a run is to stop, if it is to.

    `over` says that nothing more can be learnt: the highest rung has been reached.
    """

    kinds = (*DEEDS, Kind.DECISION, Kind.ROCKET_ATTACK, Kind.CONVOY_ATTACK)

    def __init__(self, levels: Sequence[int], since: float, goal: int | None = None) -> None:
        self.levels = levels
        self.since = since
        self.goal = goal
        self.height = 0
        self.over = False
        self._attacks: deque[float] = deque(maxlen=CAMPAIGN_ATTACKS)

    def see(self, events: Iterable[Event]) -> None:
        """Climb with what has happened."""
        for event in events:
            if event.kind in self.kinds:
                self.reached(event)

    def reached(self, event: Event) -> bool:
        """Climb with an event; whether a run may stop: at its goal, or on the highest rung."""
        if event.time >= self.since:
            self.height = max(self.height, self._of(event))
            self.over |= event.kind is Kind.STATE_MISSILE_STRIKE
        return self.over or (self.goal is not None and self.count >= self.goal)

    @property
    def count(self) -> int:
        """How many of the levels have been reached."""
        return sum(level <= self.height for level in self.levels)

    def _of(self, event: Event) -> int:
        """The level of one event, with those before it."""
        if event.kind is Kind.DECISION:
            return _decided(event)
        if event.kind in DEEDS:
            return DEEDS[event.kind] if event.side is not Side.UNATTRIBUTED else 0
        harm = OF_HARM[harm_class(event)]
        return max(harm, self._tempo(event.time)) if event.kind is Kind.ROCKET_ATTACK else harm

    def _tempo(self, time: float) -> int:
        self._attacks.append(time)
        full = len(self._attacks) == CAMPAIGN_ATTACKS
        return TEMPO if full and time - self._attacks[0] < CAMPAIGN_DAYS else 0


def _decided(event: Event) -> int:
    if event.side is Side.IRAN:
        return ORDER
    if event.subtype in (WARNING, Kind.DEPOT_BLAST):
        return 0  # a word, or a blast that nobody owns, is no strike on the ladder
    return LEADERS if event.subtype == Kind.LEADERSHIP_STRIKE else ANSWER
