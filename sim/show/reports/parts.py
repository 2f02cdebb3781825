"""What a report is made of: a section for each study, in parts of text, picture and table."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from sim.show import tables

if TYPE_CHECKING:
    import plotly.graph_objects as go

MOST_ROWS = 120
"""A table beside a picture shows so many rows, evenly spread."""


class Grid(NamedTuple):
    """A table for a page; `missed` marks rows that are to stand out."""

    heads: tuple[str, ...]
    rows: Sequence[tuple[str, ...]]
    missed: frozenset[int] = frozenset()
    note: str = ""


class Part(NamedTuple):
    """One thing that is shown: words, then a picture (with the numbers behind it), then a table.

    `svg` is a picture that needs no script, `folded` a table that is opened on demand.
    """

    head: str
    text: tuple[str, ...] = ()
    figure: go.Figure | None = None
    svg: Any = None
    grid: Grid | None = None
    folded: bool = False


class Verdict(NamedTuple):
    """What the first screen says; every line is computed from the study's tables."""

    run: str
    says: tuple[str, ...]
    sure: tuple[str, ...]
    silent: tuple[str, ...]

    def as_json(self) -> dict[str, Any]:
        """The four answers by their questions."""
        return {question: getattr(self, name) for name, question in QUESTIONS.items()}


QUESTIONS = {
    "run": "what was run",
    "says": "what it says",
    "sure": "how sure",
    "silent": "what the record cannot tell",
}


class Section(NamedTuple):
    """One study: its verdict, its parts, and what it rests on."""

    title: str
    kind: str
    about: str
    verdict: Verdict
    parts: tuple[Part, ...]
    provenance: Mapping[str, Any]


def pictured(head: str, figure: go.Figure, *text: str) -> Part:
    """A figure with the table that is inside it beside it."""
    return Part(head, text, figure, grid=grid_of(figure.layout.meta["table"]), folded=True)


def grid_of(rows: Sequence[Mapping[str, Any]], most: int = MOST_ROWS) -> Grid:
    """Rows as a table for a page; of many, some evenly spread.

    >>> grid_of([{"a_b": 0.25, "c": None}]).rows
    [('0.25', '–')]
    """
    if not rows:
        return Grid((), [])
    step = -(-len(rows) // most)
    heads = [name for name, value in rows[0].items() if not isinstance(value, list | tuple | dict)]
    note = "" if step == 1 else f"One row in {step} of {len(rows)}; the picture holds them all."
    shown = [tuple(cell(row[name]) for name in heads) for row in rows[::step]]
    return Grid(tuple(name.replace("_", " ") for name in heads), shown, note=note)


def cell(value: Any) -> str:
    """A value for a reader; unknown as a dash."""
    if value is None:
        return tables.UNKNOWN
    if isinstance(value, bool):
        return "yes" if value else "no"
    return tables.number(value) if isinstance(value, int | float) else str(value)


def plain(entries: Mapping[str, Any], names: Iterable[str]) -> dict[str, str]:
    """Entries of a manifest in words."""
    return {name: _words(entries.get(name)) for name in names}


def _words(value: Any) -> str:
    if isinstance(value, Mapping):
        return ", ".join(f"{key} {told}" for key, told in value.items())
    if isinstance(value, list):
        return " ".join(map(str, value))
    return tables.UNKNOWN if value is None else str(value)


PROVENANCE = (
    *("argv", "scenario", "policy", "posterior", "posterior_sha256", "seed", "replications"),
    *("status", "identity", "code_sha256", "record", "record_sha256", "versions", "environment"),
    *("started", "ended"),
)
"""What is told of where a study comes from."""
