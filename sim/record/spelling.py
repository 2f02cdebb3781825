"""Names that a file spells in two ways: a place under a second name would be a place of its own."""

from __future__ import annotations

import re
from collections.abc import Iterator
from difflib import SequenceMatcher
from typing import Any

from sim.record.faults import Fault
from sim.record.table import Row

ALIKE = 0.85
"""From here on two words are taken for one: they part in one letter of seven. With less, places
that there are would be taken for one, such as Saada and Sanaa."""
ARTICLE = {"al", "el", "ad", "an", "ar", "as", "ash", "at", "az"}
"""The Arabic article, as it is written before different letters: Salah al-Din, Salah ad-Din."""
MOST_NAMES = 300
"""Of the commonest names: each is held against each, which takes time."""


def spelling_faults(rows: list[Row], column: str) -> Iterator[Fault]:
    """The names of a column that nearly are a name which stands there more often, or earlier."""
    found: dict[str, list[Row]] = {}
    for row in rows:
        if row.get(column):
            found.setdefault(row.get(column), []).append(row)
    names = sorted(found, key=lambda name: -len(found[name]))[:MOST_NAMES]
    for i, name in enumerate(names):
        other = next((known for known in names[:i] if _nearly(name, known)), None)
        if other is not None:
            yield _fault(found[name][0], column, other, found[other][0])


def _fault(row: Row, column: str, name: str, other: Row) -> Fault:
    remedy = f"did you mean {name!r}? a place of its own needs a name with another word in it"
    return row.fault(column, f"is nearly the {name!r} of row {other.line}", remedy)


def _nearly(one: str, two: str) -> bool:
    """Whether two names are one, word by word or with their words written as one; a name that
    only says more than the other is another."""
    first, second = _words(one), _words(two)
    if len(first) == len(second) > 0:
        return all(_alike(a, b) for a, b in zip(first, second, strict=True))
    if set(first) <= set(second) or set(second) <= set(first):
        return False
    return _alike("".join(first), "".join(second))


def _words(name: str) -> list[str]:
    return re.findall(r"\d+|[^\W\d_]+", name.casefold())


def _alike(one: str, two: str) -> bool:
    """Whether two words differ in next to nothing, and in no digit."""
    if {one, two} <= ARTICLE:
        return True
    if re.findall(r"\d", one) != re.findall(r"\d", two):
        return False
    match: SequenceMatcher[Any] = SequenceMatcher(None, one, two, autojunk=False)
    return match.quick_ratio() >= ALIKE and match.ratio() >= ALIKE
