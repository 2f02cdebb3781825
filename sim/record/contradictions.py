"""What the cells of one row must not contradict."""

from __future__ import annotations

from collections.abc import Iterator
from math import inf

from sim.events import QUANTITIES, Kind, Range
from sim.record.columns import count_columns
from sim.record.faults import Fault
from sim.record.rows import kind_of
from sim.record.table import Row

ARRIVED = ("intercepted", "impacted", "failed")
"""What becomes of rounds that were fired."""
WIDEST = {"week": 14, "month": 62}
"""Most days from the first to the last possible one: a vague week or month is taken as such."""


def row_faults(row: Row) -> Iterator[Fault]:
    """Everything in a row that cannot be, whatever the other rows say."""
    for faults in (_date_faults, _range_faults, _round_faults, _provenance_faults):
        yield from faults(row)


def items(cell: str | None) -> list[str]:
    """What a cell holds that may hold several things, parted by `;`."""
    return [item for part in (cell or "").split(";") if (item := part.strip())]


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
    elif (high - low).days >= WIDEST.get(row.get("date_precision"), inf):
        days = (high - low).days + 1
        remedy = "check the years of date_low and date_high, or name a vaguer precision"
        yield row.fault("date_precision", f"but the date may be any of {days} days", remedy)
    elif row.get("due") and row.get("due") < low:
        remedy = "a deadline lies on the day of its threat or later; check the year"
        yield row.fault("due", f"lies before the threat, {low}", remedy)


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


def _round_faults(row: Row) -> Iterator[Fault]:
    """More rounds that arrived, for certain, than were fired at most."""
    most = _bounds(row, "fired")[1]
    least = {quantity: _bounds(row, quantity)[0] or 0 for quantity in ARRIVED}
    if most is None or sum(least.values()) <= most:
        return
    worst = max(ARRIVED, key=lambda quantity: least[quantity])
    best_column, low_column, _ = count_columns(worst)
    column = best_column if row.get(low_column) is None else low_column
    whole = "" if least[worst] > most else f" with the others makes {sum(least.values())}:"
    problem = f"{whole or 'is'} more than the {most} rounds fired at most".lstrip()
    yield row.fault(column, problem, "correct the counts, or raise rounds_fired_high")


def _bounds(row: Row, quantity: str) -> Range:
    """The least and the most of a count, each unknown where nobody said."""
    best, low, high = (row.get(column) for column in count_columns(quantity))
    return (best, best) if low is high is None else (low, high)


def _provenance_faults(row: Row) -> Iterator[Fault]:
    quality = row.get("quality")
    if quality in ("A", "B") and not items(row.get("sources")):
        remedy = "name its sources, or give it quality C (general knowledge)"
        yield row.fault("sources", f"but quality {quality} rests on a source", remedy)
    if row.get("tempo") and (quality == "C" or kind_of(row) is not Kind.ROCKET_ATTACK):
        remedy = "write no: the tempo series holds rocket attacks of quality A or B"
        yield row.fault("tempo", f"as yes, for {kind_of(row)} of quality {quality}", remedy)
