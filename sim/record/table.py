"""A CSV file as parsed rows, with the faults of its cells."""

from __future__ import annotations

import csv
import io
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sim.errors import nearest
from sim.record.cells import Parser
from sim.record.faults import CellError, Fault, refuse, short
from sim.record.files import read_text


@dataclass(frozen=True)
class Row:
    """One line of a table: the parsed cells by column, blanks left out."""

    line: int
    cells: Mapping[str, Any]

    def get(self, column: str) -> Any:
        return self.cells.get(column)

    def fault(self, column: str, problem: str, remedy: str) -> Fault:
        name = str(self.get("event_id") or "")
        value = self.get(column)
        return Fault(self.line, name, column, "" if value is None else str(value), problem, remedy)


def table(
    path: Path,
    columns: Mapping[str, Parser],
    needed: Collection[str],
    never_blank: Collection[str] = (),
) -> tuple[list[Row], list[Fault]]:
    """The rows of a CSV file and the faults of their cells."""
    (_, header), *lines = _lines(path)
    _check_header(path, header, columns, needed)
    if not lines:
        refuse(path, "has a header but no rows", "it needs at least one row")
    rows, faults = [], []
    for line, cells in lines:
        _check_width(path, line, cells, header)
        raw = {column: cell.strip() for column, cell in zip(header, cells, strict=True)}
        row, wrong = _parse(line, raw, columns, never_blank)
        rows.append(row)
        faults += wrong
    return rows, faults


def _lines(path: Path) -> list[tuple[int, list[str]]]:
    """The records of a CSV file, each with the number of its first line."""
    reader = csv.reader(io.StringIO(read_text(path), newline=""), strict=True)
    lines, first = [], 1
    try:
        for cells in reader:
            if cells:
                lines.append((first, cells))
            first = reader.line_num + 1
    except csv.Error as error:
        refuse(path, f"row {first} is broken CSV: {error}", "close every quote, then try again")
    if not lines:
        refuse(path, "is empty", "it needs a header and at least one row")
    return lines


def _check_header(
    path: Path, header: list[str], columns: Collection[str], needed: Iterable[str]
) -> None:
    if len(header) == 1 and ";" in header[0]:
        refuse(path, "is separated by semicolons", "save it with commas between the columns")
    for name in header:
        if name not in columns:
            refuse(path, f"row 1, column {name!r} is unknown", nearest(name, columns))
        if header.count(name) > 1:
            refuse(path, f"row 1, column {name!r} stands there twice", "keep one of the two")
    missing = [name for name in needed if name not in header]
    if missing:
        named = ", ".join(missing[:5]) + (" …" if len(missing) > 5 else "")
        refuse(path, f"row 1 lacks the column {named}", "add it; its cells may be blank (unknown)")


def _check_width(path: Path, line: int, cells: list[str], header: list[str]) -> None:
    if len(cells) != len(header):
        name = short(cells[0])
        problem = f"row {line} ({name}) has {len(cells)} cells, the header {len(header)}"
        refuse(path, problem, "give every column one cell; quote a cell that holds a comma")


def _parse(
    line: int, raw: Mapping[str, str], columns: Mapping[str, Parser], never_blank: Collection[str]
) -> tuple[Row, list[Fault]]:
    cells: dict[str, Any] = {}
    faults = []
    name = raw.get("event_id", "")
    for column, cell in raw.items():
        try:
            if cell:
                cells[column] = columns[column](cell)
            elif column in never_blank:
                raise CellError("is blank", "this column needs a value in every row")
        except CellError as refused:
            fault = Fault(line, name, column, cell, refused.problem, refused.remedy)
            faults.append(fault)
    return Row(line, cells), faults
