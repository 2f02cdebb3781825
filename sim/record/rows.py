"""From a row of the record to an event of the journal."""

from __future__ import annotations

from datetime import date
from typing import Any

from sim.clock import NOON, to_days
from sim.events import QUANTITIES, Event, Kind, Origin, Side
from sim.record.codes import KINDS, SIDES
from sim.record.columns import count_columns
from sim.record.table import Row

_FIELDS = {
    "id": "event_id",
    "brand": "claimed_by",
    "site": "site",
    "site_class": "site_class",
    "region": "region",
    "entry": "entry",
    "inside_compound": "in_compound",
    "units": "units",
    "precision": "date_precision",
    "order": "order_in_day",
    "cause": "cause",
    "cause_reason": "cause_reason",
    "sources": "sources",
    "quality": "quality",
    "doubt": "doubt",
}
"""The fields of an event that take a cell as it is."""


def kind_of(row: Row) -> Kind:
    """The kind a row is coded as, else the one its own kind becomes."""
    coded, kind = row.get("event_kind"), row.get("kind")
    return Kind(coded) if coded else KINDS.get(kind, Kind.CONTEXT)


def event_of(row: Row, start: date) -> Event:
    """The event of a row of `events.csv`, in days since `start`."""
    kind = kind_of(row)
    return _known(
        {name: row.get(column) for name, column in _FIELDS.items()}
        | {"kind": kind, "origin": Origin.REPLAYED, **_when(row, start), **_counts(row)}
        | {
            "side": Side(row.get("side")) if row.get("side") else SIDES.get(kind),
            "subtype": row.get("subtype") or row.get("claim_status"),
            "text": row.get("target") or row.get("note"),
            "weapon_class": _weapon_class(row),
            "tempo": _tempo(row) if kind is Kind.ROCKET_ATTACK else None,
        }
    )


def mark_of(row: Row, start: date) -> Event:
    """The event of a row of `timeline.csv`, in days since `start`."""
    kind = Kind(row.get("kind"))
    return _known(
        {
            "id": f"T{row.line - 1:02d}",
            "kind": kind,
            "subtype": row.get("subtype"),
            "side": SIDES.get(kind),
            "origin": Origin.REPLAYED,
            "precision": "day",
            "order": row.get("order_in_day"),
            "cause": row.get("cause"),
            "quality": row.get("quality"),
            "text": row.get("mark"),
            **_when(row, start),
        }
    )


def _known(fields: dict[str, Any]) -> Event:
    """An event of the fields that are known; the others keep their defaults."""
    return Event(**{name: value for name, value in fields.items() if value is not None})


def _when(row: Row, start: date) -> dict[str, Any]:
    fields = {"time": to_days(row.get("date"), start) + NOON}
    if row.get("date_precision") in ("week", "month"):
        fields["time_low"] = to_days(row.get("date_low"), start)
        fields["time_high"] = to_days(row.get("date_high"), start) + 1.0
    for name in ("known_from", "due"):
        if row.get(name):
            fields[name] = to_days(row.get(name), start)
    return fields


def _counts(row: Row) -> dict[str, Any]:
    """Best values, and ranges where low and high differ or one of them is open."""
    fields: dict[str, Any] = {}
    ranges = {}
    for quantity in QUANTITIES:
        best, low, high = (row.get(column) for column in count_columns(quantity))
        if low is not None and low == high:
            best = low
        elif low is not None or high is not None:
            ranges[quantity] = (low, high)
        fields[quantity] = best
    return {**fields, "ranges": ranges or None}


def _weapon_class(row: Row) -> str | None:
    named: str | None = row.get("weapon_class")
    return "drone" if named is None and row.get("kind") == "drone_attack" else named


def _tempo(row: Row) -> bool:
    """Whether a rocket attack is in the tempo series: as coded, else by quality and weapon."""
    coded: bool | None = row.get("tempo")
    if coded is not None:
        return coded
    return row.get("quality") != "C" and _weapon_class(row) != "drone"
