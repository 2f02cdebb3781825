"""The record as a journal, and the tempo series in it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from pathlib import Path

from sim.clock import to_date
from sim.errors import InputError, nearest
from sim.events import Event, Journal, Kind
from sim.record.checks import checked, checked_marks
from sim.record.files import events_file, folder_or_file
from sim.record.rows import event_of, mark_of
from sim.record.table import Row

FIRST_DAY = date(2019, 5, 1)
"""Day 0 of the packaged record."""
LAST_DAY = date(2021, 1, 1)
"""Where the packaged record's window closes (exclusive)."""


def read(
    path: str | Path | None = None,
    *,
    without: Iterable[str] = (),
    start: date | None = None,
    end: date | None = None,
) -> Journal:
    """The record as a journal in time order: every row an event, nothing dropped.

    Args:
        path: a folder with `events.csv` (and `timeline.csv`, `sources.csv` beside it), or
            one CSV file in the schema of `events.csv`, without a timeline; by default the
            packaged record.
        without: switches (column `doubt`) of doubtful rows to leave out.
        start: local date of day 0; by default 1 May 2019 for the packaged record, else the
            first day of the month of the earliest row. Earlier rows have negative times.
        end: local date on which the window closes (exclusive); by default 1 January 2021
            for the packaged record, else none. Later events stay in the journal.

    An event of a known day stands at noon; one known to the week or month stands at the noon
    of its nominal date, between `time_low` and `time_high` (midnight before its first and
    after its last possible day). A convoy attack's `claim_status` becomes its subtype.

    Raises:
        InputError: a file that cannot be read or that breaks the schema; the message names
            file, row, column, value and remedy.

    >>> journal = read()
    >>> journal.start.isoformat(), len(tempo(journal))
    ('2019-05-01', 75)
    """
    place = folder_or_file(path)
    rows = checked(events_file(place))
    if path is None:
        start, end = start or FIRST_DAY, end or LAST_DAY
    day_0 = start or min(row.get("date") for row in rows).replace(day=1)
    if end is not None and end <= day_0:
        raise InputError(f"end {end} does not lie after start {day_0}\nchoose a later end")
    dropped = _left_out(without, rows)
    events = [event_of(row, day_0) for row in rows if row.get("doubt") not in dropped]
    return Journal(day_0, end, events + _marks(place, rows, day_0)).in_time()


def left_out(path: str | Path | None, without: Iterable[str]) -> list[Event]:
    """The doubtful rows of a record that these switches leave out."""
    names = set(without)
    return [event for event in read(path) if event.doubt in names] if names else []


def tempo(journal: Journal) -> list[Event]:
    """The tempo series: rocket attacks of quality A or B, in the journal's order."""
    return [event for event in journal if event.tempo]


def known_until(journal: Journal) -> date:
    """The day before which a record knows all: its stated end.

    One that states none is taken to know all up to its last row (marks apart, which can lie
    ahead); silence after that is unknown, not quiet.

    >>> known_until(read())
    datetime.date(2021, 1, 1)
    """
    if journal.end is not None:
        return journal.end
    rows = [event.time for event in journal if event.kind is not Kind.CALENDAR_MARK]
    return to_date(max(rows, default=0.0), journal.start) + timedelta(days=1)


def _left_out(without: Iterable[str], rows: list[Row]) -> set[str]:
    switches = {row.get("doubt") for row in rows if row.get("doubt")}
    names = {without} if isinstance(without, str) else set(without)
    for name in sorted(names - switches):
        remedy = nearest(name, switches) if switches else "this record has no doubtful rows"
        raise InputError(f"without: {name!r} switches off no row of the record\n{remedy}")
    return names


def _marks(place: Path, rows: list[Row], day_0: date) -> list[Event]:
    """The marks of the timeline beside the events, where there is one, that repeat no row."""
    timeline = place / "timeline.csv"
    if not timeline.exists():
        return []
    marks = checked_marks(timeline, rows)
    return [mark_of(row, day_0) for row in marks if not row.get("event_id")]
