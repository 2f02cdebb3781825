"""Tables for a terminal: aligned, unknown as a dash, nothing wider than it must be."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import timedelta
from textwrap import fill, wrap

from sim.compare import ABOVE, BELOW, Check, in_words
from sim.compare.contrasts import Contrast
from sim.compare.reporting import Rate
from sim.compare.tables import History
from sim.record import left_out

WIDTH = 100
UNKNOWN = "–"
ONE_DAY = timedelta(days=1)
MARKS = {"inside 50 %": "=", "inside 90 %": "≈", ABOVE: "▲", BELOW: "▼", "unknown": "?"}
KEY = (
    "= inside the central 50 % of what is simulated, ≈ inside the central 90 %, ▲ recorded above\n"
    "it, ▼ recorded below it, ? not known; p: two-sided, ties count half"
)


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
    return cell in ("", UNKNOWN) or cell.lstrip("-≥<(. ")[:1].isdigit()


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
    """An interval; with a low end alone, "at least"."""
    if low is not None and high is None:
        return f"≥ {number(low)}"
    return UNKNOWN if low is None or high is None else f"{number(low)}–{number(high)}"


def paired(contrast: Contrast) -> str:
    """The interval of a difference; where all pairs are alike their bound, or that they are."""
    if contrast.low95 is None:
        n = contrast.replications
        return f"{n} of {n} alike" if contrast.alike else UNKNOWN
    told = f"{number(contrast.low95)} to {number(contrast.high95)}"
    return f"{told}, bound" if contrast.alike else told


def recorded(check: Check) -> str:
    """The recorded value, with its range where sources leave one."""
    if check.recorded_low == check.recorded_high:
        return number(check.recorded)
    told = span(check.recorded_low, check.recorded_high)
    if check.recorded is None:
        return told if check.recorded_high is None else f"({told})"
    return f"{number(check.recorded)} ({told})"


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
        probability(row.p_value, row.n),
    )


def probability(value: float | None, replications: int = 400) -> str:
    """A p-value: never a bare zero, which no number of replications could show.

    >>> probability(0.0), probability(0.0, 40), probability(0.0123)
    ('<.01', '<.05', '0.01')
    """
    if value is None:
        return UNKNOWN
    if value == 0.0:
        return f"<{max(0.01, min(1.0, 2.0 / replications)):.1g}".replace("0.", ".")
    return "<.01" if value < 0.005 else f"{value:.2f}"


def verdict(rows: Iterable[Check], every: bool = False) -> str:
    """The headline checks or every one, what the marks mean, and how all of them came out."""
    everything = list(rows)
    shown = checks(row for row in everything if every or row.headline)
    return f"{shown}\n\n{KEY}\n{fill(in_words(everything), WIDTH)}"


def misfit(row: Check) -> str:
    """How a pattern misses, in words: the side, the interval, the p-value."""
    where = "above" if row.verdict == ABOVE else "below"
    told = f"{row.label}: recorded {recorded(row)}, {where} the central 90 %"
    interval = f"{span(row.low90, row.high90)} {row.unit}"
    return f"{told} of what is simulated ({interval}; p {probability(row.p_value, row.n)})"


def beside(history: History, record: str | None) -> str:
    """Which record is compared with, where it is another one or knows a part of the window."""
    first, after = history.days
    named = "the record" if record is None else f"the record {record}"
    if history.empty:
        return fill(f"{named} knows no day of the window: nothing of it can be compared", WIDTH)
    if history.whole:
        return "" if record is None else f"{named} knows the whole window"
    return fill(
        f"{named} knows {first} to {after - ONE_DAY} of the window: what hangs on all of it is "
        f"unknown; scenario.start={first} scenario.end={after} compare that part",
        WIDTH,
    )


def exchanges(count: int, replications: int) -> str:
    """How many replications came to a sustained exchange, and what that means; empty of none.

    >>> exchanges(0, 60)
    ''
    """
    if not count:
        return ""
    return (
        f"{count} of {replications} replications came to a sustained exchange: the ladder is told "
        "up to it"
    )


def without(record: str | None, switches: Collection[str]) -> str:
    """Which doubtful rows of a record its switches leave out; nothing where none does."""
    rows = [f"{event.id} ({event.doubt})" for event in left_out(record, switches)]
    return fill(f"left out of the record as doubtful: {', '.join(rows)}", WIDTH) if rows else ""


def reporting(rows: Iterable[Rate]) -> str:
    """How often reports differ, a line for each way."""
    lines = [(row.text, number(row.mean), f"{row.share:.0%}") for row in rows]
    return table(lines, ("reports that differ", "a replication", "in replications"))
