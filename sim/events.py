"""Event, Kind and Journal: the one vocabulary of the project.

Simulated, replayed and announced events share this schema, so the ladder, the
measures and the comparison are written once and read any of them. A field that
nobody stated is ``None``: unknown, never zero.
"""

from __future__ import annotations

import functools
import json
from bisect import insort
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypedDict, Unpack

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa


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
        ``inside_compound``, ``weapon_class``, ``intent``, ``units`` (convoys that one
        record row stands for).
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

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError(f"Event is immutable: make a copy with event.but({name}=...)")

    def __delattr__(self, name: str) -> None:
        raise AttributeError("Event is immutable")

    def stated(self) -> dict[str, Any]:
        """The fields somebody stated, without the unknown ones."""
        return {name: value for name, value in self.__dict__.items() if value is not None}

    def but(self, **changes: Unpack[Fields]) -> Event:
        """A copy with some fields changed (``None`` makes one unknown)."""
        return Event(**{**self.__dict__, **changes})

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


_ENUMS: dict[str, Callable[[Any], Any]] = {"kind": Kind, "side": Side, "origin": Origin}
_ORDINARY = tuple(name for name in Event.__annotations__ if name != "ranges")


@functools.cache
def schema() -> pa.Schema:
    """The Arrow schema of a journal: one column per field, two more per quantity."""
    import pyarrow as pa

    types = {"str": pa.string(), "float": pa.float64(), "int": pa.int64(), "bool": pa.bool_()}
    fields = []
    for name in _ORDINARY:
        base = Event.__annotations__[name].removesuffix(" | None")
        fields.append(pa.field(name, types.get(base, pa.string())))
    for quantity in QUANTITIES:
        fields += [pa.field(f"{quantity}_{end}", pa.int64()) for end in ("low", "high")]
    return pa.schema(fields)


Listener = Callable[[Event], None]


class Journal:
    """What happened, in the order in which it became known; and the agents' only channel.

    Args:
        start: local date of day 0.
        end: local date on which the window closes (exclusive), if it has one.
        events: events to start with, posted to nobody.

    Agents subscribe to kinds; `post` writes an event and tells its subscribers.
    """

    def __init__(self, start: date, end: date | None = None, events: Iterable[Event] = ()) -> None:
        self.start = start
        self.end = end
        self.events: list[Event] = list(events)
        self._listeners: defaultdict[Kind, list[tuple[int, int, Listener]]] = defaultdict(list)
        self._calls: dict[Kind, tuple[Listener, ...]] = {}

    # -- as a channel -----------------------------------------------------------------

    def subscribe(self, kinds: Iterable[Kind], listener: Listener, rank: int = 0) -> None:
        """Call `listener(event)` for every later event of these kinds, lowest rank first."""
        for kind in kinds:
            insort(self._listeners[kind], (rank, len(self._listeners[kind]), listener))
            self._calls[kind] = tuple(entry[2] for entry in self._listeners[kind])

    def post(self, event: Event) -> None:
        """Write an event and tell its subscribers."""
        self.events.append(event)
        for listener in self._calls.get(event.kind, ()):
            listener(event)

    def dismiss(self) -> None:
        """Forget every subscriber: what happened stays, nobody listens any more."""
        self._listeners.clear()
        self._calls.clear()

    def announce(self, event: Event) -> None:
        """Tell subscribers of an event known before its day; `write` it when the day comes."""
        for listener in self._calls.get(event.kind, ()):
            listener(event)

    def write(self, event: Event) -> None:
        """Write an event whose subscribers were told earlier, or that has none."""
        self.events.append(event)

    # -- as a sequence ----------------------------------------------------------------

    def __len__(self) -> int:
        return len(self.events)

    def __iter__(self) -> Iterator[Event]:
        return iter(self.events)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Journal) and (self.start, self.end, self.events) == (
            other.start,
            other.end,
            other.events,
        )

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        return f"Journal({self.start} – {self.end}, {len(self)} events)"

    def where(self, *kinds: Kind) -> list[Event]:
        """The events of some kinds, in order."""
        return [event for event in self.events if event.kind in kinds]

    def in_time(self) -> Journal:
        """The same events by time; ties keep a stated order, then the order of posting."""
        ordered = sorted(self.events, key=lambda e: (e.time, e.order or 0))
        return Journal(self.start, self.end, ordered)

    def consequences(self, of: str) -> list[Event]:
        """Every event that follows from the event with this id, through cause links."""
        found, known = [], {of}
        for event in self.events:
            if event.cause in known:
                known.add(event.id)
                found.append(event)
        return found

    # -- as a table -------------------------------------------------------------------

    def to_arrow(self) -> pa.Table:
        """One row per event in the columns of `schema`; start and end in the metadata."""
        import pyarrow as pa

        rows = [event.__dict__ for event in self.events]
        table = pa.table(columns(rows), schema=schema())
        end = None if self.end is None else self.end.isoformat()
        about = json.dumps({"start": self.start.isoformat(), "end": end})
        return table.replace_schema_metadata({"rungs.journal": about})

    @classmethod
    def from_arrow(cls, table: pa.Table, start: date | None = None) -> Journal:
        """The inverse of `to_arrow`; `start` is needed only where the metadata was lost."""
        about = json.loads((table.schema.metadata or {}).get(b"rungs.journal", b"{}"))
        if start is None:
            if "start" not in about:
                raise ValueError(
                    "the table does not say on which date its day 0 falls: "
                    "pass start=, or keep the metadata that Journal.to_arrow wrote"
                )
            start = date.fromisoformat(about["start"])
        end = date.fromisoformat(about["end"]) if about.get("end") else None
        return cls(start, end, [_event(row) for row in table.to_pylist()])

    def to_pandas(self) -> pd.DataFrame:
        """`to_arrow` as a frame with nullable columns, so that no unknown becomes a number."""
        return to_pandas(self.to_arrow())

    @classmethod
    def from_pandas(cls, frame: pd.DataFrame, start: date | None = None) -> Journal:
        """The inverse of `to_pandas`."""
        import pyarrow as pa

        about = frame.attrs.get("rungs.journal")
        table = pa.Table.from_pandas(frame, schema=schema(), preserve_index=False)
        metadata = {"rungs.journal": about} if about else None
        return cls.from_arrow(table.replace_schema_metadata(metadata), start)

    def to_parquet(self, path: str | Path) -> None:
        """Write the journal to one Parquet file."""
        import pyarrow.parquet as pq

        pq.write_table(self.to_arrow(), path, compression="zstd")

    @classmethod
    def from_parquet(cls, path: str | Path) -> Journal:
        """Read a journal that `to_parquet` wrote."""
        import pyarrow.parquet as pq

        return cls.from_arrow(pq.read_table(path))


def columns(rows: list[dict[str, Any]]) -> dict[str, Any]:
    """Field dictionaries of events as Arrow arrays by column of `schema`."""
    import pyarrow as pa

    used = set().union(*rows) if rows else set()
    unknown = used - set(_ORDINARY) - {"ranges"}
    if unknown:
        raise ValueError(f"events have no such fields: {', '.join(sorted(unknown))}")
    ranged = [row.get("ranges") or {} for row in rows] if "ranges" in used else None
    out = {}
    for field in schema():
        name, values = field.name, None
        if name in used:
            values = [row.get(name) for row in rows]
        elif ranged is not None and name.endswith(("_low", "_high")) and name not in _ORDINARY:
            quantity, end = name.rsplit("_", 1)
            side = 0 if end == "low" else 1
            values = [r[quantity][side] if quantity in r else None for r in ranged]
        out[name] = (
            pa.nulls(len(rows), field.type) if values is None else pa.array(values, field.type)
        )
    return out


def to_pandas(table: pa.Table) -> pd.DataFrame:
    """An Arrow table as a frame with nullable dtypes (unknown stays unknown)."""
    import pandas as pd

    frame: pd.DataFrame = table.to_pandas(types_mapper=pd.ArrowDtype)
    about = (table.schema.metadata or {}).get(b"rungs.journal")
    if about:
        frame.attrs["rungs.journal"] = about.decode()
    return frame


def _event(row: dict[str, Any]) -> Event:
    fields = {k: v for k, v in row.items() if v is not None and k in Event.__annotations__}
    for name, enum in _ENUMS.items():
        if name in fields:
            fields[name] = enum(fields[name])
    ranges = {
        q: (row.get(f"{q}_low"), row.get(f"{q}_high"))
        for q in QUANTITIES
        if row.get(f"{q}_low") is not None or row.get(f"{q}_high") is not None
    }
    if ranges:
        fields["ranges"] = ranges
    return Event(**fields)
