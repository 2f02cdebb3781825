"""What the rows of a file, and the files of a record, must not contradict."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from sim.errors import nearest
from sim.record.cells import Parser
from sim.record.codes import WEAPON_CLASSES
from sim.record.columns import COLUMNS, NEVER_BLANK, SHARED, SOURCES, TIMELINE, WEAPONS
from sim.record.contradictions import items, row_faults
from sim.record.faults import Fault, refuse_all
from sim.record.links import by_id, link_faults, mark_faults
from sim.record.repeats import repeat_faults, twice
from sim.record.spelling import spelling_faults
from sim.record.table import Row, table
from sim.record.years import far_marks, year_faults


def checked(path: Path) -> list[Row]:
    """The rows of an events file, or an error that names what is wrong with them."""
    rows, faults = table(path, COLUMNS, SHARED, NEVER_BLANK)
    for row in rows:
        faults += row_faults(row)
    faults += [*repeat_faults(rows), *link_faults(rows), *year_faults(rows)]
    faults += [*spelling_faults(rows, "region"), *spelling_faults(rows, "site")]
    faults += _weapon_faults(rows, path.with_name("weapon_classes.csv"))
    sources = path.with_name("sources.csv")
    if sources.exists():
        faults += _source_faults(rows, _names(sources, SOURCES))
    refuse_all(path, faults)
    return rows


def checked_marks(path: Path, events: list[Row]) -> list[Row]:
    """The rows of a timeline beside these events, or an error as for those."""
    rows, faults = table(path, TIMELINE, list(TIMELINE)[:6], ("date", "mark", "kind"))
    known = by_id(events)
    for row in rows:
        faults += mark_faults(row, known)
    faults += [*twice(rows, ("date", "mark", "kind"), "mark"), *far_marks(rows, events)]
    refuse_all(path, faults)
    return rows


def _source_faults(rows: list[Row], keys: set[str]) -> Iterator[Fault]:
    for row in rows:
        for key in items(row.get("sources")):
            if key not in keys:
                remedy = f"add it to sources.csv; {nearest(key, keys)}"
                yield row.fault("sources", f"holds {key!r}, no key of sources.csv", remedy)


def _weapon_faults(rows: list[Row], own: Path) -> Iterator[Fault]:
    """Weapon classes outside the code book; a record's own ones stand beside it."""
    known = {*WEAPON_CLASSES, *(_names(own, WEAPONS) if own.exists() else ())}
    for row in rows:
        name = row.get("weapon_class")
        if name and name not in known:
            remedy = f"{nearest(name, known)} (one of your own: name it in {own.name})"
            yield row.fault("weapon_class", "is no weapon class", remedy)


def _names(path: Path, columns: Mapping[str, Parser]) -> set[str]:
    """The names in the first column of a file that says what they mean, each once."""
    name, meaning = list(columns)[:2]
    rows, faults = table(path, columns, columns, (name, meaning))
    refuse_all(path, [*faults, *twice(rows, (name,), name)])
    return {row.get(name) for row in rows}
