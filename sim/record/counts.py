"""The counts that others printed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from sim.record.cells import Parser, count, day, one_of
from sim.record.codes import QUALITIES
from sim.record.faults import Fault, refuse_all
from sim.record.files import folder_or_file
from sim.record.repeats import twice
from sim.record.rules import RULES
from sim.record.table import Row, table

PUBLISHED: Mapping[str, Parser] = {
    **dict.fromkeys(("window_start", "window_end"), day),
    "quantity": str,
    **dict.fromkeys(("value_low", "value_high"), count),
    "source": str,
    "quality": one_of(QUALITIES),
    "note": str,
    "counts": one_of(RULES),
}
"""The columns of `published_counts.csv`."""


@dataclass(frozen=True)
class PublishedCount:
    """A count that somebody printed for the days from `start` to `end` (both included).

    `low` alone is a lower bound ("at least"); `counts` names the rule by which the journal
    is counted beside it, ``None`` where no rule can (the note says why).
    """

    start: date
    end: date
    quantity: str
    low: int | None
    high: int | None
    source: str
    quality: str
    note: str
    counts: str | None


def published(path: str | Path | None = None) -> list[PublishedCount]:
    """The counts that others printed, from a folder or file; by default the packaged ones."""
    place = folder_or_file(path)
    file = place / "published_counts.csv" if place.is_dir() else place
    never_blank = ("window_start", "window_end", "quantity", "source", "quality")
    rows, faults = table(file, PUBLISHED, PUBLISHED, never_blank)
    for row in rows:
        faults += _faults(row)
    faults += twice(rows, PUBLISHED, "quantity")
    refuse_all(file, faults)
    return [_count(row) for row in rows]


def counts_beside(record: str | Path | None) -> list[PublishedCount]:
    """The counts beside a record: none for one file, or a folder without such a file."""
    beside = folder_or_file(record) / "published_counts.csv"
    return published(beside) if beside.exists() else []


def _faults(row: Row) -> Iterator[Fault]:
    first, last = row.get("window_start"), row.get("window_end")
    low, high = row.get("value_low"), row.get("value_high")
    if first and last and first > last:
        yield row.fault("window_start", f"lies after window_end {last}", "swap the two dates")
    if low is not None and high is not None and low > high:
        yield row.fault("value_low", f"is above value_high {high}", "swap the two numbers")


def _count(row: Row) -> PublishedCount:
    return PublishedCount(
        start=row.get("window_start"),
        end=row.get("window_end"),
        quantity=row.get("quantity"),
        low=row.get("value_low"),
        high=row.get("value_high"),
        source=row.get("source"),
        quality=row.get("quality"),
        note=row.get("note") or "",
        counts=row.get("counts"),
    )
