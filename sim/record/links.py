"""What a row says of other rows: the one it answers, those it is partly the same as."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from sim.errors import nearest
from sim.record.contradictions import items
from sim.record.faults import Fault
from sim.record.rows import kind_of
from sim.record.table import Row


def link_faults(rows: list[Row]) -> Iterator[Fault]:
    """Links to no row, to the row itself, and causes that come after what they caused or are
    several, of which no chain of causes could follow either."""
    known = by_id(rows)
    for row in rows:
        if (causes := len(items(row.get("cause")))) > 1:
            remedy = "name the one it answers first of all; tell of the others in its note"
            yield row.fault("cause", f"names {causes} rows", remedy)
        for column in ("cause", "overlaps"):
            for name in items(row.get(column)):
                if name not in known:
                    yield row.fault(column, "names no event of this file", nearest(name, known))
                elif name == row.get("event_id"):
                    yield row.fault(column, "names the row itself", "name another, or none")
                elif column == "cause":
                    yield from _late(row, known[name])


def mark_faults(mark: Row, known: Mapping[str, Row]) -> Iterator[Fault]:
    """The same for a mark of the timeline, whose links name rows of events."""
    for column in ("event_id", "cause"):
        name = mark.get(column)
        if name and name not in known:
            yield mark.fault(column, "names no row of events.csv", nearest(name, known))
        elif name and column == "cause":
            yield from _late(mark, known[name])
        elif name:
            yield from _unlike(mark, known[name])


def _unlike(mark: Row, row: Row) -> Iterator[Fault]:
    """What a mark says otherwise than the row that it repeats: that row alone is read."""
    told = {
        "date": row.get("date"),
        "kind": kind_of(row),
        "subtype": row.get("subtype") or row.get("claim_status"),
        "known_from": row.get("known_from") or row.get("date"),
    }
    name = row.get("event_id")
    for column, other in told.items():
        own = mark.get(column)
        if own not in (None, other):
            there = "event_kind" if column == "kind" else column
            remedy = f"write {own} into {there} of {name}, which is what is read, or mend the mark"
            problem = f"is not what {name} says in events.csv, {other or 'which is blank'}"
            yield mark.fault(column, problem, remedy)


def by_id(rows: list[Row]) -> dict[str, Row]:
    """The rows by their ids, the first where several have one."""
    return {str(row.get("event_id")): row for row in reversed(rows)}


def _late(row: Row, cause: Row) -> Iterator[Fault]:
    """A cause that can only have come after the row."""
    first, last = cause.get("date_low"), row.get("date_high") or row.get("date")
    if not (first and last) or first < last:
        return
    orders = cause.get("order_in_day"), row.get("order_in_day")
    remedy = "a cause comes first: name an earlier row, or correct a date"
    if first > last:
        yield row.fault("cause", f"happened on {first}, after what it caused ({last})", remedy)
    elif None not in orders and orders[0] > orders[1]:
        yield row.fault("cause", "happened later that day than what it caused", remedy)
