"""Tables as figures take them: Arrow, pandas, or rows with names."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

Row = dict[str, Any]
Table = Any
"""An Arrow table, a pandas frame, or an iterable of named tuples or mappings."""


def rows(table: Table) -> list[Row]:
    """The rows of a table as plain mappings, unknown as ``None``.

    >>> from collections import namedtuple
    >>> rows([namedtuple("Row", "a b")(1, None)])
    [{'a': 1, 'b': None}]
    """
    if hasattr(table, "to_pylist"):
        return list(table.to_pylist())
    if hasattr(table, "to_dict"):
        return [_known(row) for row in table.to_dict("records")]
    return [_plain(row) for row in table]


def some(table: Table) -> list[Row]:
    """As `rows`, of a table that has any.

    Raises:
        ValueError: it has none, so there is nothing to draw.
    """
    told = rows(table)
    if not told:
        raise ValueError("nothing to draw: the table has no row")
    return told


def _plain(row: Any) -> Row:
    return dict(row) if isinstance(row, Mapping) else dict(row._asdict())


def _known(row: Mapping[str, Any]) -> Row:
    """A row of a frame, in which unknown is NaN or NA."""
    import pandas as pd

    return {key: None if pd.isna(value) else value for key, value in row.items()}


def column(told: Iterable[Row], name: str) -> list[Any]:
    """One column."""
    return [row[name] for row in told]


def by(told: Iterable[Row], *names: str) -> dict[Any, list[Row]]:
    """Rows by the value of a column (or of several, as a tuple), in order of appearance.

    >>> by([{"a": 1, "b": 2}, {"a": 1, "b": 3}], "a")
    {1: [{'a': 1, 'b': 2}, {'a': 1, 'b': 3}]}
    """
    found: dict[Any, list[Row]] = {}
    for row in told:
        key = row[names[0]] if len(names) == 1 else tuple(row[name] for name in names)
        found.setdefault(key, []).append(row)
    return found
