"""Python values as the words of an override: what a dict says is what `{key: value}` says."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def word(key: str, value: Any) -> str:
    """An override that sets a key to a value; text stands as it is, a group's choice or a prior.

    >>> from datetime import date
    >>> word("retaliation", "never"), word("scenario.end", date(2020, 7, 1))
    ('retaliation=never', 'scenario.end=2020-07-01')
    >>> word("militia.base_rate", {"prior": "uniform", "low": 0.1, "high": 0.2, "source": "it's"})
    "militia.base_rate={prior: 'uniform', low: 0.1, high: 0.2, source: 'it\\\\'s'}"
    """
    return f"{key}={value if isinstance(value, str) else _told(value)}"


def _told(value: Any) -> str:
    """A value in the grammar of overrides, text in quotes."""
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{key}: {_told(inner)}" for key, inner in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(map(_told, value)) + "]"
    if isinstance(value, str):
        return _quoted(value)
    return "null" if value is None else str(value)


def _quoted(text: str) -> str:
    """Text in single quotes; those inside, and a backslash before one, are escaped."""
    parts = text.split("'")
    escaped = [part + "\\" * _trailing(part) for part in parts]
    return "'" + "\\'".join(escaped) + "'"


def _trailing(text: str) -> int:
    """How many backslashes a text ends with."""
    return len(text) - len(text.rstrip("\\"))
