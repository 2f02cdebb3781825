"""What goes wrong on purpose: errors that name the key, the value and the remedy."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches


class RungsError(Exception):
    """The job failed; the message says why in one to three lines (exit status 1)."""


class InputError(RungsError):
    """The call was wrong: a key, a value, a file, a name (exit status 2)."""


class UnknownKeyError(InputError):
    """The configuration has no such key; `key` is what was written."""

    def __init__(self, message: str, key: str) -> None:
        super().__init__(message)
        self.key = key


class IncompleteError(RungsError):
    """Some of what was asked could not be made; the rest is kept, and can be gone on with."""


def nearest(name: str, valid: Iterable[str]) -> str:
    """The remedy for a wrong name: the closest valid one, else the valid ones.

    >>> nearest("histrical", ["historical", "summer_2020"])
    "did you mean 'historical'?"
    >>> nearest("x", ["historical", "summer_2020"])
    'valid are: historical, summer_2020'
    """
    names = sorted(valid)
    close = get_close_matches(name, names, n=1, cutoff=0.6)
    if close:
        return f"did you mean {close[0]!r}?"
    shown = ", ".join(names[:12]) + (" …" if len(names) > 12 else "")
    return f"valid are: {shown}"
