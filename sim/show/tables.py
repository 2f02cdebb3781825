"""Tables for a terminal: aligned, unknown as a dash, nothing wider than it must be."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from textwrap import fill, wrap

from sim.compare import Check
from sim.compare.reporting import Rate

WIDTH = 100
UNKNOWN = "–"
MARKS = {"inside 50 %": "=", "inside 90 %": "≈", "outside": "✗", "unknown": "?"}
KEY = "= inside the 50 % interval, ≈ inside the 90 % interval, ✗ outside, ? not known"


def table(rows: Iterable[Sequence[object]], heads: Sequence[str]) -> str:
    """Rows under their heads; a column whose cells are numbers is set to the right."""
    cells = [[UNKNOWN if cell is None else str(cell) for cell in row] for row in rows]
    widths = [max(len(line[i]) for line in [list(heads), *cells]) for i in range(len(heads))]
    right = [bool(cells) and all(_numeric(row[i]) for row in cells) for i in range(len(heads))]
    lines = [list(heads), ["─" * width for width in widths], *cells]
    return "\n".join(
        "  ".join(
            cell.rjust(width) if flush else cell.ljust(width)
            for cell, width, flush in zip(line, widths, right, strict=True)
        ).rstrip()
        for line in lines
    )


def _numeric(cell: str) -> bool:
    return cell in ("", UNKNOWN) or cell.lstrip("-≥ ")[:1].isdigit()


def number(value: float | None) -> str:
    """A number in two or three figures; unknown as a dash."""
    if value is None:
        return UNKNOWN
    if float(value).is_integer():
        return str(int(value))
    if abs(value) < 1:
        return f"{value:.2g}"
    return f"{value:.3g}" if abs(value) < 100 else f"{value:.0f}"


def span(low: float | None, high: float | None) -> str:
    """An interval."""
    return UNKNOWN if low is None or high is None else f"{number(low)}–{number(high)}"


def recorded(check: Check) -> str:
    """The recorded value, with its range where sources leave one."""
    if check.recorded_low == check.recorded_high:
        return number(check.recorded)
    if check.recorded is None:
        return f"({span(check.recorded_low, check.recorded_high)})"
    return f"{number(check.recorded)} ({span(check.recorded_low, check.recorded_high)})"


def checks(rows: Iterable[Check]) -> str:
    """Every check on a line; a label that would break the width goes on in the next."""
    heads = ("", "pattern", "unit", "recorded", "median", "50 %", "90 %", "p")
    lines = [_line(row) for row in rows]
    others = [max(map(len, column)) + 2 for column in zip(heads, *lines, strict=True)]
    room = max(20, WIDTH + 2 - sum(others) + others[1] - 2)
    return table([part for line in lines for part in _wrapped(line, room)], heads)


def _wrapped(line: tuple[str, ...], room: int) -> list[tuple[str, ...]]:
    """A line whose label fits its room, and what is left of the label below it."""
    mark, text, *rest = line
    first, *more = wrap(text, room)
    return [(mark, first, *rest), *(("", part, *[""] * len(rest)) for part in more)]


def _line(row: Check) -> tuple[str, ...]:
    return (
        MARKS[row.verdict],
        row.label,
        row.unit,
        recorded(row),
        number(row.median),
        span(row.low50, row.high50),
        span(row.low90, row.high90),
        probability(row.p_value),
    )


def probability(value: float | None) -> str:
    """A p-value: never a bare zero, which no number of replications could show."""
    if value is None:
        return UNKNOWN
    return "<.01" if value < 0.005 else f"{value:.2f}"


def verdict(rows: Iterable[Check]) -> str:
    """The headline checks, and in one line how all of them came out."""
    everything = list(rows)
    shown = checks(row for row in everything if row.headline)
    return f"{shown}\n\n{KEY}\n{fill(in_words(everything), WIDTH)}"


def in_words(rows: Sequence[Check]) -> str:
    """How many patterns the record and the simulation share."""
    known = [row for row in rows if row.verdict != "unknown"]
    if not known:
        return "No pattern could be compared: the record or the simulation knows none of them."
    outside = [row.label for row in known if row.verdict == "outside"]
    told = (
        f"{len(known) - len(outside)} of {len(known)} recorded patterns lie inside the "
        f"simulated 90 % intervals; {len(outside)} outside"
    )
    if outside:
        told += f": {'; '.join(outside[:6])}" + (" …" if len(outside) > 6 else "")
    return told + "."


def misfit(row: Check) -> str:
    """How a pattern that lies outside misses, in words."""
    low = row.recorded if row.recorded_low is None else row.recorded_low
    above = low is not None and row.high90 is not None and low > row.high90
    where = "above" if above else "below"
    told = f"{row.label}: recorded {recorded(row)}, {where} the 90 % interval"
    return f"{told} {span(row.low90, row.high90)} {row.unit} (p {probability(row.p_value)})"


def reporting(rows: Iterable[Rate]) -> str:
    """How often reports differ, a line for each way."""
    lines = [(row.text, number(row.mean), f"{row.share:.0%}") for row in rows]
    return table(lines, ("reports that differ", "a replication", "in replications"))
