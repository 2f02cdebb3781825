"""A posterior in words: how well it was sampled, and what the record taught of each quantity."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

from sim.settings.posterior import DIAGNOSTICS, MANIFEST

SHOWN_RIDGES = 8


def rows(path: Path) -> list[dict[str, str]]:
    """The diagnostics of a posterior: one row a quantity."""
    with (path / DIAGNOSTICS).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def about(path: Path) -> dict[str, Any]:
    """Its manifest."""
    told: dict[str, Any] = json.loads((path / MANIFEST).read_text(encoding="utf-8"))
    return told


def text(path: Path, whole: bool = True) -> str:
    """What a reader should know of a posterior, the verdict first."""
    told, found = about(path), rows(path)
    counted = {v: sum(row["verdict"] == v for row in found) for v in VERDICTS}
    lines = [
        f"{told['title']}: the record before {told['until']}, {len(found)} quantities",
        "  " + ", ".join(f"{n} {verdict}" for verdict, n in counted.items()),
        f"  chains {'agree' if told['healthy'] else 'do NOT all agree'}: worst R-hat "
        f"{told['worst_rhat']}, least effective draws {told['least_ess']}",
    ]
    lines += [f"  conditional on {condition}" for condition in told["conditions"]]
    if whole:
        lines += ["", *_table(found), "", *_ridges(told["ridges"]), *_pressed(found)]
    return "\n".join([*lines, "", f"posterior: {path}   (use it: posterior={told['name']})"])


VERDICTS = ("calibrated", "informed", "driven by the prior")


def _table(found: list[dict[str, str]]) -> list[str]:
    """Quantities that the record taught something of, most first; the others by number."""
    taught = [row for row in found if row["verdict"] != VERDICTS[-1]]
    taught.sort(key=lambda row: -float(row["contraction"]))
    width = max([len(row["key"]) for row in taught], default=8)
    head = f"{'quantity':<{width}}  {'median':>9}  {'90 % interval':>21}  contraction  prior"
    return [head, *(_line(row, width) for row in taught)]


def _line(row: dict[str, str], width: int) -> str:
    low, median, high = (float(row[name]) for name in ("low90", "median", "high90"))
    span = f"{low:.3g} to {high:.3g}"
    gained = f"{float(row['contraction']):.2f}"
    return f"{row['key']:<{width}}  {median:>9.3g}  {span:>21}  {gained:>11}  {row['prior']}"


def _ridges(told: list[list[Any]]) -> list[str]:
    if not told:
        return ["no two quantities are known only together"]
    lines = [f"  {one} and {other} ({r:+.2f})" for one, other, r in told[:SHOWN_RIDGES]]
    more = [f"  and {len(told) - SHOWN_RIDGES} more"] if len(told) > SHOWN_RIDGES else []
    return ["known only together (correlation):", *lines, *more]


def _pressed(found: list[dict[str, str]]) -> list[str]:
    told = pressed(found)
    return [f"pressed against an end of the prior: {', '.join(told)}"] if told else []


def pressed(found: list[dict[str, str]]) -> list[str]:
    """The quantities whose posterior is pressed against an end of the prior, with that end."""
    return [f"{row['key']} ({row['pressed']})" for row in found if row["pressed"]]


def as_json(path: Path) -> dict[str, Any]:
    """Manifest and diagnostics."""
    return {**about(path), "quantities": rows(path)}


def check_text(verdict: list[str], rows: list[dict[str, Any]]) -> str:
    """A check's verdict, then its table."""
    heads = list(rows[0])
    cells = [[_cell(row[head]) for head in heads] for row in rows]
    widths = [max(len(line[i]) for line in [heads, *cells]) for i in range(len(heads))]
    lines = ["  ".join(c.ljust(w) for c, w in zip(r, widths, strict=True)) for r in [heads, *cells]]
    return "\n".join([*verdict, "", *(line.rstrip() for line in lines)])


def _cell(value: Any) -> str:
    if value is None:
        return "unknown"
    return f"{value:.3g}" if isinstance(value, float) else str(value)
