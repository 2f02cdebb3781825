"""What a cell may hold: one parser for each sort of column."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from datetime import date
from typing import Any

from sim.errors import nearest
from sim.record.faults import CellError

Parser = Callable[[str], Any]
"""From the text of a cell that is not blank to its value; raises `CellError`."""


def day(cell: str) -> date:
    """A day of the calendar, in one spelling only."""
    try:
        if re.fullmatch(r"\d{4}-\d\d-\d\d", cell):
            return date.fromisoformat(cell)
    except ValueError:
        pass
    raise CellError("is no date", "write a day of the calendar as YYYY-MM-DD")


def count(cell: str) -> int:
    """A whole number, zero or more."""
    if re.fullmatch(r"[0-9]{1,9}", cell):
        return int(cell)
    what = "is negative" if re.fullmatch(r"-\d+", cell) else "is no whole number"
    raise CellError(what, "write 0, 1, 2 …, or leave the cell blank where the number is unknown")


def some(cell: str) -> int:
    """A whole number above zero."""
    number = count(cell)
    if number:
        return number
    raise CellError("stands for nothing", "write 1, 2 …, leave the cell blank, or drop the row")


def yes_no(cell: str) -> bool:
    """Yes or no."""
    if cell in ("yes", "no"):
        return cell == "yes"
    raise CellError("is neither yes nor no", "write yes, no, or leave the cell blank (unknown)")


def one_of(valid: Iterable[str]) -> Parser:
    """The parser that knows these names and no other."""
    names = tuple(str(name) for name in valid)

    def parse(cell: str) -> str:
        if cell in names:
            return cell
        raise CellError("is unknown here", nearest(cell, names))

    return parse
