"""Dates that can only be a slip of the year, by what stands around them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, timedelta

from sim.events import Kind
from sim.record.faults import Fault
from sim.record.table import Row

FAR = timedelta(days=365)
"""A row further than this from all others has a slip of the year in its date."""
HANDFUL = 5
"""Fewer rows than this can't tell which of them is wrong."""


def year_faults(rows: list[Row]) -> Iterator[Fault]:
    """Rows a year away from all others, or a year away from their place among them.

    A record as a whole may lie in any year.
    """
    known = [row for row in rows if row.get("date")]
    if len(known) < HANDFUL:
        return
    far = [fault for row in known for fault in _far(row, known)]
    yield from far or _out_of_place(known)


def far_marks(marks: list[Row], rows: list[Row]) -> Iterator[Fault]:
    """The same for marks beside the rows; those of the calendar may lie ahead."""
    known = [row for row in rows if row.get("date")]
    for mark in marks:
        if len(known) >= HANDFUL and mark.get("kind") != Kind.CALENDAR_MARK:
            yield from _far(mark, known)


def _far(row: Row, rows: Iterable[Row]) -> Iterator[Fault]:
    day = row.get("date")
    if day is None:
        return
    away = min(abs(day - other.get("date")) for other in rows if other is not row)
    if away > FAR:
        problem = f"lies {away.days} days from every other row"
        yield row.fault("date", problem, "check the year")


def _out_of_place(rows: list[Row]) -> Iterator[Fault]:
    """Rows that another year would put in order, in a file that stands in order but for them."""
    meant = {row.line: _meant(row, *around) for row, around in _neighbours(rows)}
    rest = [row.get("date") for row in rows if meant.get(row.line) is None]
    if rest != sorted(rest):
        return
    for row, (before, after) in _neighbours(rows):
        if (right := meant[row.line]) is not None:
            problem = f"stands between rows of {before} and {after}"
            yield row.fault("date", problem, f"check the year: {right} would be in order")


def _neighbours(rows: list[Row]) -> Iterator[tuple[Row, tuple[date, date]]]:
    """Each row between two others, with their dates."""
    for before, row, after in zip(rows, rows[1:], rows[2:], strict=False):
        yield row, (before.get("date"), after.get("date"))


def _meant(row: Row, before: date, after: date) -> date | None:
    """The day of another year that lies between those around it, where its own does not."""
    day: date = row.get("date")
    if before <= day <= after:
        return None
    years = (_in_year(day, day.year + step) for step in (-1, 1))
    return next((other for other in years if before <= other <= after), None)


def _in_year(day: date, year: int) -> date:
    leap = (day.month, day.day) == (2, 29)
    return day.replace(year=year, day=28 if leap else day.day)
