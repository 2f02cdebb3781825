"""A recorded past as one replication lives through it: ranges and blanks become numbers.

What sources leave open is drawn, never filled with a point. A range is drawn evenly between
its ends, a date between the first and the last that it can be. A blank takes over what a row
of its kind, picked at random among those before the cut that state it, has; with fewer than
`FEWEST` such rows it stays unknown. Whether a round fell inside the compound, who claimed an
attack and how long a threat stands is drawn as the replication's own parameters say. Two
blanks stay unknown always: Coalition deaths, because the published totals of four leave no
room for unreported ones, and what agents do not read.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from math import floor
from typing import NamedTuple

from sim.agents.claims import NOBODY
from sim.draws import Draws, Stream
from sim.events import QUANTITIES, Event, Fields, Journal, Kind, Origin, Range

GIVEN = (
    Kind.CALENDAR_MARK,
    Kind.SITE_OPENED,
    Kind.SITE_CLOSED,
    Kind.DEFENCE_FIELDED,
    Kind.POSTURE_CHANGE,
)
"""What a scenario's own configuration gives, before its start as after it."""
FEWEST = 5
"""Rows that must state a quantity before a blank is drawn from them."""
DRAWN = (
    "fired",
    "impacted",
    "coalition_wounded",
    "iraqi_killed",
    "iraqi_wounded",
    "civilian_killed",
    "civilian_wounded",
    "militia_killed",
)
"""The counts whose blanks are drawn; of the others agents read Coalition deaths alone."""
WIDEST = 2
"""A range without an upper end reaches to this many times its lower end."""

CANDIDATE = re.compile(r"(?<![\d.])(?=\d+\.\d+\.\d+$)")
"""Where the numbers of the candidate point begin with which a simulated event's id ends."""

Donors = dict[tuple[Kind, str], list[Range]]


class Gap(NamedTuple):
    """A count that sources leave open: its place in `DRAWN`, and the ranges it is drawn from."""

    place: int
    quantity: str
    spans: list[Range]


class Unseen(NamedTuple):
    """What one replication supposes of what nobody reported.

    `fronted` is the share of attacks that fronts claim, `front` the brand of such an attack,
    `deadline_days` how long a threat stands, `inside` by site class the share of rounds that
    fall inside the compound.
    """

    fronted: float
    front: str
    deadline_days: float
    inside: Mapping[str, float]


class Lived(NamedTuple):
    """The replication that a simulated journal is of: its study's root entropy, its number."""

    entropy: int
    number: int


class History:
    """A journal cut at a moment, ready to be drawn many times.

    Args:
        journal: the record, or a simulated replication (which leaves nothing open).
        start: the first day of the scenario whose days count.
        cut: the moment (days of that scenario) before which events are known.
        of: the replication that a simulated journal is of. It goes on under its own ids; any
            other, or one whose days count from elsewhere, gives the same ids to events of its
            own, so that there those of the past bear the replication's number as a mark.
            Where nobody says whose a journal is, every replication goes on under its ids.
    """

    def __init__(self, journal: Journal, start: date, cut: float, of: Lived | None = None) -> None:
        self.cut = cut
        shift = float((start - journal.start).days)
        events = [_shifted(event, shift) for event in journal.in_time()]
        told = [*unclaimed(events, cut)]
        if cut % 1.0:
            told = hourless(told, cut)
        self.events = [event for event in told if _earliest(event) < cut and _is_lived(event)]
        self.donors = _donors(event for event in self.events if event.time < cut)
        self._gaps = [self._open(event) for event in self.events]
        self._foreign = self.events if of is None else [_marked(e, of) for e in self.events]
        self._root = None if of is None or shift else Draws(*of).root

    def drawn(self, luck: Stream, unseen: Unseen, root: str | None = None) -> list[Event]:
        """The past of one replication, in order.

        Args:
            luck: keyed by the event's id.
            unseen: what the replication supposes of the rest.
            root: of its draws.
        """
        events = self.events if self.is_own(root) else self._foreign
        pairs = zip(events, self._gaps, strict=True)
        lived = [_drawn(event, gaps, luck, unseen) for event, gaps in pairs]
        known = [event for event in lived if event.time < self.cut]
        return sorted(known, key=lambda event: event.time)

    def is_own(self, root: str | None) -> bool:
        """Whether the replication of these draws is the one that a simulated journal is of, so
        that whatever it drew there stands."""
        return self._foreign is self.events or root == self._root

    def _open(self, event: Event) -> tuple[Gap, ...]:
        """What is to be drawn of an event's counts: its ranges, and blanks with donors enough."""
        found = []
        for place, quantity in enumerate(DRAWN):
            span, best = event.bounds(quantity), getattr(event, quantity)
            if span is None:
                rows = self.donors.get((event.kind, quantity), [])
                if len(rows) >= FEWEST:
                    found.append(Gap(place, quantity, rows))
            elif not best == span[0] == _top(span):
                found.append(Gap(place, quantity, [span]))
        return tuple(found)


def _drawn(event: Event, gaps: tuple[Gap, ...], luck: Stream, unseen: Unseen) -> Event:
    """One event as a replication lives through it."""
    if event.origin is Origin.SIMULATED or event.origin is Origin.TIMELINE:
        return event
    changes: Fields = _counts(event, gaps, luck) if gaps else {}
    if event.time_low is not None and event.time_high is not None:
        changes["time"] = event.time_low + luck(event.id)[0] * (event.time_high - event.time_low)
    if event.kind is Kind.THREAT and event.due is None:
        changes["due"] = changes.get("time", event.time) + unseen.deadline_days
    if event.kind in (Kind.ROCKET_ATTACK, Kind.CONVOY_ATTACK) and event.brand is None:
        changes["brand"] = unseen.front if luck(event.id)[1] < unseen.fronted else NOBODY
    if event.kind is Kind.ROCKET_ATTACK and event.inside_compound is None:
        rounds = changes.get("impacted", event.impacted)
        missed = 1.0 - unseen.inside.get(event.site_class or "", 0.0)
        hit = 1.0 - missed ** (1 if rounds is None else rounds)
        changes["inside_compound"] = luck(event.id)[2] < hit
    if not changes:
        return event
    changes["ranges"] = None
    return event.but(**changes)


def _counts(event: Event, gaps: tuple[Gap, ...], luck: Stream) -> Fields:
    """A number for each range and each blank that is drawn."""
    changes: Fields = {}
    counts = luck(event.id, 1)
    for place, quantity, spans in gaps:
        among = counts[place] * len(spans)
        count = _between(spans[int(among)], among % 1.0)
        if count != getattr(event, quantity):
            changes[quantity] = count  # type: ignore[literal-required]
    _agree(changes, event)
    return changes


def _agree(changes: Fields, event: Event) -> None:
    """No more rounds come down than were fired: what was stated decides, else the rounds fired."""
    fired = changes.get("fired", event.fired)
    impacted = changes.get("impacted", event.impacted)
    if fired is not None and impacted is not None and impacted > fired:
        if "impacted" in changes:
            changes["impacted"] = fired
        elif "fired" in changes:
            changes["fired"] = impacted


def _between(span: Range, u: float) -> int:
    low = span[0] or 0
    return low + int(u * (_top(span) - low + 1))


def _top(span: Range) -> int:
    """The upper end of a range, or what stands for it where sources state none."""
    return span[1] if span[1] is not None else WIDEST * (span[0] or 0)


def _donors(events: Iterable[Event]) -> Donors:
    """What rows of each kind state of each quantity."""
    found: Donors = {}
    for event in events:
        for quantity in QUANTITIES:
            span = event.bounds(quantity)
            if span is not None:
                found.setdefault((event.kind, quantity), []).append(span)
    return found


def unclaimed(events: Iterable[Event], cut: float) -> Iterator[Event]:
    """Recorded events as they stood at a cut: an attack whose claims came later had no brand.

    Args:
        events: of a record, claims among them, which name the attack as their cause.
        cut: days of the record.
    """
    told = list(events)
    claims = [event for event in told if event.kind is Kind.CLAIM]
    later = {c.cause for c in claims if c.time >= cut} - {c.cause for c in claims if c.time < cut}
    for event in told:
        new = event.id in later and event.origin is Origin.REPLAYED
        yield event.but(brand=None) if new else event


def hourless(events: list[Event], cut: float) -> list[Event]:
    """Events of which nobody recorded the hour, open within the day of a cut in its midst; in
    the order of that day where sources tell it."""
    day = floor(cut)
    places = max([e.order or 1 for e in events if floor(e.time) == day], default=1)
    return [_within(event, day, places) if _is_hourless(event, day) else event for event in events]


def _is_hourless(event: Event, day: int) -> bool:
    recorded = event.origin is Origin.REPLAYED and event.time_low is None
    return recorded and floor(event.time) == day


def _within(event: Event, day: int, places: int) -> Event:
    """Anywhere in its day, or in its share of it."""
    if event.order is None:
        return event.but(time_low=float(day), time_high=day + 1.0)
    low = day + (event.order - 1.0) / places
    return event.but(time_low=low, time_high=low + 1.0 / places)


def _earliest(event: Event) -> float:
    return event.time if event.time_low is None else event.time_low


def _is_lived(event: Event) -> bool:
    """Whether agents live through a row: not what the configuration gives, and of recorded
    rocket attacks only the tempo series, whose rate λ is."""
    if event.origin is not Origin.REPLAYED:
        return True
    return event.kind not in GIVEN and (event.kind is not Kind.ROCKET_ATTACK or bool(event.tempo))


def _marked(event: Event, of: Lived) -> Event:
    """The event of another replication: its number stands before those of its candidate.

    What follows from an id, or is read out of one, still does: letters before, numbers behind.
    """
    mark = f"{of.number}'"
    cause = None if event.cause is None else CANDIDATE.sub(mark, event.cause)
    return event.but(id=CANDIDATE.sub(mark, event.id), cause=cause)


def _shifted(event: Event, shift: float) -> Event:
    """The event with its times in days of the scenario."""
    if not shift:
        return event
    moved: Fields = {"time": event.time - shift}
    for name in ("known_from", "due", "time_low", "time_high"):
        value = getattr(event, name)
        if value is not None:
            moved[name] = value - shift
    return event.but(**moved)
