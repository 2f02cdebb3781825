"""Event and Kind: what can happen, and what is stated of it.

A field that nobody stated is ``None``: unknown, never zero.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Any, TypedDict, Unpack


class Kind(StrEnum):
    """What happened.

    `LAUNCH` is the militia's decision to fire, whose outcome nobody knows yet; `CONTEXT`
    is what the record tells and no agent observes.
    """

    ROCKET_ATTACK = "rocket_attack"
    CONVOY_ATTACK = "convoy_attack"
    FOILED_ATTACK = "foiled_attack"
    AIRSTRIKE = "airstrike"
    LEADERSHIP_STRIKE = "leadership_strike"
    DEPOT_BLAST = "depot_blast"
    STATE_MISSILE_STRIKE = "state_missile_strike"
    EMBASSY_STORMING = "embassy_storming"
    THREAT = "threat"
    THREAT_LAPSED = "threat_lapsed"
    TRUCE = "truce"
    TRUCE_BREAK = "truce_break"
    ARREST = "arrest"
    RELEASE = "release"
    INTIMIDATION = "intimidation"
    CLAIM = "claim"
    DECISION = "decision"
    LAUNCH = "launch"
    PATRON_SIGNAL = "patron_signal"
    RESUPPLY = "resupply"
    STATEMENT = "statement"
    DESIGNATION = "designation"
    PROTEST = "protest"
    SITE_OPENED = "site_opened"
    SITE_CLOSED = "site_closed"
    DEFENCE_FIELDED = "defence_fielded"
    POSTURE_CHANGE = "posture_change"
    CALENDAR_MARK = "calendar_mark"
    SIREN = "siren"
    ENGAGEMENT = "engagement"
    REPORT = "report"
    CORRECTION = "correction"
    CONTEXT = "context"

    __hash__ = str.__hash__  # an enumeration's own is a Python function, and kinds are looked up


class Side(StrEnum):
    """Whose act an event is."""

    MILITIA = "militia"
    US = "us"
    IRAN = "iran"
    IRAQ = "iraq"
    UNATTRIBUTED = "unattributed"


class Origin(StrEnum):
    """How an event came onto its journal."""

    SIMULATED = "simulated"
    REPLAYED = "replayed"
    TIMELINE = "timeline"


GROUPS = ("coalition", "iraqi", "civilian", "militia")
ROUNDS = ("unfired", "fired", "failed", "intercepted", "impacted")
HARM = tuple(f"{group}_{harm}" for group in GROUPS for harm in ("killed", "wounded"))
QUANTITIES = (*ROUNDS, *HARM)
"""The counted fields of an event; each may also carry a range (low, high)."""

Range = tuple[int | None, int | None]


class Fields(TypedDict, total=False):
    """The keyword arguments of `Event`; see there for their meaning."""

    id: str
    time: float
    kind: Kind
    subtype: str | None
    side: Side | None
    actor: str | None
    brand: str | None
    site: str | None
    site_class: str | None
    region: str | None
    entry: bool | None
    inside_compound: bool | None
    weapon_class: str | None
    intent: str | None
    severity: float | None
    units: int | None
    unfired: int | None
    fired: int | None
    failed: int | None
    intercepted: int | None
    impacted: int | None
    coalition_killed: int | None
    coalition_wounded: int | None
    iraqi_killed: int | None
    iraqi_wounded: int | None
    civilian_killed: int | None
    civilian_wounded: int | None
    militia_killed: int | None
    militia_wounded: int | None
    ranges: Mapping[str, Range] | None
    precision: str | None
    time_low: float | None
    time_high: float | None
    order: int | None
    cause: str | None
    cause_reason: str | None
    known_from: float | None
    due: float | None
    confidence: float | None
    source: str | None
    sources: str | None
    quality: str | None
    origin: Origin | None
    tempo: bool | None
    doubt: str | None
    text: str | None


_write = object.__setattr__
_blank = object.__new__


class Event:
    """One thing that happened, was decided, announced or reported. Immutable.

    Only what is stated is stored; every other field reads ``None`` (unknown).

    Identity and time
        ``id`` (unique in its journal), ``time`` (days from the journal's start),
        ``precision`` (exact, day, week, month), ``time_low``/``time_high`` (days;
        where the time is uncertain), ``order`` (position among a day's events where
        a source states it), ``known_from`` (day it became public), ``due`` (day on
        which what was decided or announced takes place).
    Who and where
        ``kind``, ``subtype``, ``side``, ``actor`` (who did it: the truth, which no
        agent reads), ``brand`` (who claimed it, ``"nobody"``, or unknown), ``site``,
        ``site_class``, ``region`` (governorate), ``entry`` (a mission was entered),
        ``inside_compound``, ``weapon_class``, ``intent``, ``severity`` (harm per
        leaker that a launch is meant to do, against harassment), ``units`` (convoys that
        one record row stands for, rounds of a delivery).
    Counts
        rounds ``unfired``, ``fired``, ``failed`` in flight, ``intercepted``,
        ``impacted``; people killed and wounded by group. ``ranges`` maps such a field
        to (low, high) where sources differ; a bare value is its own range.
    Provenance
        ``cause`` (id of the event that provoked it) and ``cause_reason``, ``source``
        (the outlet class of a report), ``sources`` (citation keys), ``quality``
        (A, B, C), ``origin``, ``tempo`` (belongs to the tempo series), ``doubt`` (the
        switch that removes a doubtful row), ``confidence`` (0–1), ``text``.

    >>> e = Event(id="a", time=1.0, kind=Kind.ROCKET_ATTACK, fired=3)
    >>> e.impacted is None, e.bounds("fired"), e.bounds("impacted")
    (True, (3, 3), None)
    """

    id: str
    time: float
    kind: Kind
    subtype: str | None = None
    side: Side | None = None
    actor: str | None = None
    brand: str | None = None
    site: str | None = None
    site_class: str | None = None
    region: str | None = None
    entry: bool | None = None
    inside_compound: bool | None = None
    weapon_class: str | None = None
    intent: str | None = None
    severity: float | None = None
    units: int | None = None
    unfired: int | None = None
    fired: int | None = None
    failed: int | None = None
    intercepted: int | None = None
    impacted: int | None = None
    coalition_killed: int | None = None
    coalition_wounded: int | None = None
    iraqi_killed: int | None = None
    iraqi_wounded: int | None = None
    civilian_killed: int | None = None
    civilian_wounded: int | None = None
    militia_killed: int | None = None
    militia_wounded: int | None = None
    ranges: Mapping[str, Range] | None = None
    precision: str | None = None
    time_low: float | None = None
    time_high: float | None = None
    order: int | None = None
    cause: str | None = None
    cause_reason: str | None = None
    known_from: float | None = None
    due: float | None = None
    confidence: float | None = None
    source: str | None = None
    sources: str | None = None
    quality: str | None = None
    origin: Origin | None = None
    tempo: bool | None = None
    doubt: str | None = None
    text: str | None = None

    def __init__(self, **fields: Unpack[Fields]) -> None:
        # The keyword dict is fresh on every call, so it can become the instance's own.
        _write(self, "__dict__", fields)

    @staticmethod
    def of(fields: Fields) -> Event:
        """The event with these fields; the dict becomes its own, so hand over a fresh one.

        A third of the cost of `Event(...)` where many fields are constant: ``{**template, ...}``.
        """
        event = _blank(Event)
        _write(event, "__dict__", fields)
        return event

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError(f"Event is immutable: make a copy with event.but({name}=...)")

    def __delattr__(self, name: str) -> None:
        raise AttributeError("Event is immutable")

    def stated(self) -> dict[str, Any]:
        """The fields somebody stated, without the unknown ones."""
        return {name: value for name, value in self.__dict__.items() if value is not None}

    def but(self, **changes: Unpack[Fields]) -> Event:
        """A copy with some fields changed (``None`` makes one unknown)."""
        return Event.of({**self.__dict__, **changes})  # type: ignore[typeddict-item]

    def bounds(self, quantity: str) -> Range | None:
        """(low, high) of a counted field, or ``None`` where it is unknown.

        A high of ``None`` inside the pair means that sources state only a lower bound.
        """
        if self.ranges is not None and quantity in self.ranges:
            return self.ranges[quantity]
        value = getattr(self, quantity)
        return None if value is None else (value, value)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Event) and self.stated() == other.stated()

    def __hash__(self) -> int:
        return hash((self.id, self.time))

    def __repr__(self) -> str:
        return "Event(" + ", ".join(f"{k}={v!r}" for k, v in self.stated().items()) + ")"
