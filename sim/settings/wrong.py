"""What pydantic says of a value, in plain words that tell the limit and the remedy."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from sim.errors import nearest

_TRUTH = "true or false is needed"
_DAY = "a day of the calendar is needed, written as 2020-03-12"
_NUMBER, _WHOLE = "a number is needed", "a whole number is needed"
WORDS: Mapping[str, str] = {
    **dict.fromkeys(("bool_type", "bool_parsing"), _TRUTH),
    "date_type": _DAY,
    **dict.fromkeys(("date_from_datetime_parsing", "date_from_datetime_inexact"), _DAY),
    **dict.fromkeys(("float_type", "float_parsing"), _NUMBER),
    **dict.fromkeys(("int_type", "int_parsing", "int_from_float"), _WHOLE),
    "int_parsing_size": "is too large; write a smaller number",
    "finite_number": "a finite number is needed",
    "greater_than": "must be above {gt}",
    "greater_than_equal": "must be {ge} or more",
    "less_than": "must be below {lt}",
    "less_than_equal": "must be {le} or less",
    "string_type": "text is needed; put it in quotes",
    "tuple_type": "a list is needed, such as [a, b]; [] for none",
    "too_short": "must hold {min_length} or more",
    "dict_type": "entries by name are needed, as {{name: …}}; {{}} for none",
    "model_type": "keys with values are needed here",
    "model_attributes_type": _NUMBER,
}
"""By the type of fault; what stands in braces is the limit."""
UNKNOWN = ("extra_forbidden", "invalid_key")
"""The faults of a key that a section does not have."""


def words(fault: Mapping[str, Any], keys: Iterable[str] = ()) -> str:
    """What is wrong with a value; `keys` are those of the section that should stand there."""
    kind, value, limits = fault["type"], fault["input"], fault.get("ctx", {})
    if kind in ("literal_error", "union_tag_invalid"):
        names = re.findall(r"'([^']+)'", limits.get("expected") or limits["expected_tags"])
        return f"no such choice; {nearest(str(value), names)}"
    if kind == "tuple_type" and isinstance(value, str | int | float):
        return f"a list is needed: write [{value if isinstance(value, str) else shown(value)}]"
    if kind == "float_type" and type(value) is int:
        return "is too large; write a smaller number"
    if kind not in WORDS:
        return _sentence(fault["msg"])
    told = WORDS[kind].format(**{name: _plain(limit) for name, limit in limits.items()})
    named = ", ".join(keys) if kind == "model_type" else ""
    return f"{told}: {named}" if named else told


def shown(value: Any) -> str:
    """A value as somebody would write it, cut where it is long."""
    if isinstance(value, dict) and value.get("prior") == "fixed":
        value = value.get("value")
    if value is None or isinstance(value, bool):
        return "null" if value is None else str(value).lower()
    text = repr(value.isoformat() if isinstance(value, date) else value)
    return text if len(text) <= 60 else text[:57] + "…"


def _plain(limit: Any) -> Any:
    """0.0 as 0."""
    return int(limit) if isinstance(limit, float) and limit.is_integer() else limit


def _sentence(message: str) -> str:
    """What a validator of ours says, as the end of a line."""
    told = message.removeprefix("Value error, ")
    return told[0].lower() + told[1:]
