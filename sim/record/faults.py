"""What is wrong with a table, told with the file, the row, the column, the value, the remedy."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

from sim.errors import InputError


class CellError(ValueError):
    """What is wrong with a cell, and the remedy."""

    def __init__(self, problem: str, remedy: str) -> None:
        super().__init__(problem)
        self.problem, self.remedy = problem, remedy


@dataclass(frozen=True)
class Fault:
    """A cell that is wrong, in the row of the event `name` that begins on `line`."""

    line: int
    name: str
    column: str
    value: str
    problem: str
    remedy: str

    def __str__(self) -> str:
        who = f" ({short(self.name)})" if self.name else ""
        shown = repr(short(self.value))
        return f"row {self.line}{who}, column {self.column}: {shown} {self.problem}"


def short(text: str) -> str:
    """A cell on one line, cut where it is long."""
    line = " ".join(text.split())
    return line if len(line) <= 60 else line[:57] + "…"


def refuse(path: Path, problem: str, remedy: str) -> NoReturn:
    """Refuse the whole file."""
    raise InputError(f"{path}: {problem}\n{remedy}")


def refuse_all(path: Path, faults: Iterable[Fault]) -> None:
    """Name the first fault, its remedy, and how many more there are."""
    found = sorted(faults, key=lambda fault: fault.line)
    if not found:
        return
    more = len(found) - 1
    tail = f"\nand {more} more fault{'s' if more > 1 else ''}" if more else ""
    raise InputError(f"{path}: {found[0]}\n{found[0].remedy}{tail}")
