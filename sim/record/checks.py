"""What the cells of a row, and the rows of a file, must not contradict."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Any

from sim.errors import nearest
from sim.events import QUANTITIES, Kind
from sim.record.columns import COLUMNS, NEVER_BLANK, SHARED, SOURCES, TIMELINE, count_columns
from sim.record.faults import Fault, refuse_all
from sim.record.rows import kind_of
from sim.record.table import Row, table


def checked(path: Path) -> list[Row]:
    """The rows of an events file, or an error that names what is wrong with them."""
    rows, faults = table(path, COLUMNS, SHARED, NEVER_BLANK)
    for row in rows:
        faults += [*_date_faults(row), *_range_faults(row), *_provenance_faults(row)]
    faults += [*_repeat_faults(rows), *_link_faults(rows)]
    sources = path.with_name("sources.csv")
    if sources.exists():
        faults += _source_faults(rows, _keys(sources))
    refuse_all(path, faults)
    return rows


def checked_marks(path: Path, ids: Collection[str]) -> list[Row]:
    """The rows of a timeline beside the events `ids`, or an error as for those."""
    rows, faults = table(path, TIMELINE, list(TIMELINE)[:6], ("date", "mark", "kind"))
    for row in rows:
        for column in ("event_id", "cause"):
            name = row.get(column)
            if name and name not in ids:
                faults.append(row.fault(column, "names no row of events.csv", nearest(name, ids)))
    refuse_all(path, faults)
    return rows


def _date_faults(row: Row) -> Iterator[Fault]:
    day, low, high = row.get("date"), row.get("date_low"), row.get("date_high")
    if not (day and low and high):
        return
    if low > high:
        yield row.fault("date_low", f"lies after date_high {high}", "swap the two dates")
    elif not low <= day <= high:
        remedy = "date must lie within date_low and date_high"
        yield row.fault("date", f"lies outside {low} – {high}", remedy)
    elif row.get("date_precision") == "day" and low != high:
        remedy = "write week or month, or give date_low and date_high the same day"
        yield row.fault("date_precision", f"but the date runs from {low} to {high}", remedy)


def _range_faults(row: Row) -> Iterator[Fault]:
    for quantity in QUANTITIES:
        best_column, low_column, high_column = columns = count_columns(quantity)
        best, low, high = (row.get(column) for column in columns)
        if low is not None and high is not None and low > high:
            yield row.fault(low_column, f"is above {high_column} {high}", "swap the two numbers")
        elif best is not None and (
            (low is not None and best < low) or (high is not None and best > high)
        ):
            remedy = f"widen {low_column} and {high_column}, or correct the best value"
            yield row.fault(best_column, f"lies outside its range {low} – {high}", remedy)


def _provenance_faults(row: Row) -> Iterator[Fault]:
    quality = row.get("quality")
    if quality in ("A", "B") and not _items(row.get("sources")):
        remedy = "name its sources, or give it quality C (general knowledge)"
        yield row.fault("sources", f"but quality {quality} rests on a source", remedy)
    if row.get("tempo") and (quality == "C" or kind_of(row) is not Kind.ROCKET_ATTACK):
        remedy = "write no: the tempo series holds rocket attacks of quality A or B"
        yield row.fault("tempo", f"as yes, for {kind_of(row)} of quality {quality}", remedy)


def _repeat_faults(rows: list[Row]) -> Iterator[Fault]:
    ids: dict[str, int] = {}
    contents: dict[tuple[Any, ...], int] = {}
    for row in rows:
        content = tuple((k, v) for k, v in row.cells.items() if k != "event_id")
        first = contents.setdefault(content, row.line)
        if first != row.line:
            remedy = "leave one out, or say in its note what tells it from the other"
            yield row.fault("event_id", f"repeats row {first} in every other cell", remedy)
            continue
        first = ids.setdefault(row.get("event_id"), row.line)
        if first != row.line:
            yield row.fault("event_id", f"is taken by row {first}", "give every row its own id")


def _link_faults(rows: list[Row]) -> Iterator[Fault]:
    ids = [str(row.get("event_id")) for row in rows]
    known = set(ids)
    for row in rows:
        for column in ("cause", "overlaps"):
            for name in _items(row.get(column)):
                if name not in known:
                    yield row.fault(column, "names no event of this file", nearest(name, ids))


def _source_faults(rows: list[Row], keys: set[str]) -> Iterator[Fault]:
    for row in rows:
        for key in _items(row.get("sources")):
            if key not in keys:
                remedy = f"add it to sources.csv; {nearest(key, keys)}"
                yield row.fault("sources", f"holds {key!r}, no key of sources.csv", remedy)


def _items(cell: str | None) -> list[str]:
    return [item for part in (cell or "").split(";") if (item := part.strip())]


def _keys(path: Path) -> set[str]:
    rows, faults = table(path, SOURCES, SOURCES, ("key", "citation"))
    refuse_all(path, faults)
    return {row.get("key") for row in rows}
