"""What stands twice in a file."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from sim.record.faults import Fault
from sim.record.table import Row


def repeat_faults(rows: list[Row]) -> Iterator[Fault]:
    """Events that stand twice, and ids that two events have."""
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


def twice(rows: list[Row], columns: Iterable[str], at: str) -> Iterator[Fault]:
    """Rows that hold in these columns what an earlier one holds; the fault is told at one."""
    told, firsts = tuple(columns), dict[tuple[Any, ...], int]()
    for row in rows:
        first = firsts.setdefault(tuple(row.get(column) for column in told), row.line)
        if first != row.line:
            yield row.fault(at, f"repeats row {first}", "keep one of the two")
