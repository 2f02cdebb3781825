"""What a row says of other rows: the one it answers, those it is partly the same as."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from sim.errors import nearest
from sim.record.contradictions import items
from sim.record.faults import Fault
from sim.record.table import Row


def link_faults(rows: list[Row]) -> Iterator[Fault]:
    """Links to no row, to the row itself, and causes that come after what they caused."""
    known = by_id(rows)
    for row in rows:
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
            yield from _early(mark, known[name])


def _early(mark: Row, row: Row) -> Iterator[Fault]:
    """A mark of what came out late, whose own row says no such thing: that row is what is read."""
    day, public = mark.get("date"), mark.get("known_from")
    if day and public and public > day and row.get("known_from") != public:
        remedy = f"write {public} into known_from of {row.get('event_id')} in events.csv, too"
        yield mark.fault("known_from", "is not what the row of that event says", remedy)


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
