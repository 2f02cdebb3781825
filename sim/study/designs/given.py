"""Designs that are given: points of a CSV file, or rows of a posterior."""

from __future__ import annotations

import csv
from pathlib import Path

from sim.errors import InputError
from sim.settings.posterior import rows_of
from sim.study.designs.axes import Value
from sim.study.designs.sampled import generator

MOST_BYTES = 50_000_000


def from_csv(path: Path) -> list[dict[str, Value]]:
    """Points of a file whose first line names the keys; numbers are read as numbers.

    Raises:
        InputError: no such file, a line of another length, a blank, a key twice.
    """
    try:
        if path.stat().st_size > MOST_BYTES:
            raise InputError(f"points={path}: over {MOST_BYTES:,} bytes; split the file")
        lines = list(csv.reader(path.read_text(encoding="utf-8-sig").splitlines()))
    except (OSError, UnicodeDecodeError) as error:
        why = getattr(error, "strerror", None) or error
        raise InputError(f"points={path}: cannot be read ({why})") from None
    if len(lines) < 2:
        raise InputError(f"points={path}: has no points; a line of keys, then a line a point")
    keys = [key.strip() for key in lines[0]]
    twice = [key for i, key in enumerate(keys) if key in keys[:i] or not key]
    if twice:
        raise InputError(f"points={path}: column {twice[0]!r} stands twice or has no name")
    return [_point(path, i, keys, line) for i, line in enumerate(lines[1:], start=2) if line]


def _point(path: Path, number: int, keys: list[str], line: list[str]) -> dict[str, Value]:
    if len(line) != len(keys):
        raise InputError(f"{path}:{number}: {len(line)} values for {len(keys)} keys")
    for key, text in zip(keys, line, strict=True):
        if not text.strip():
            raise InputError(f"{path}:{number}: {key} is blank; every point states every key")
    return {key: number_or_word(text.strip()) for key, text in zip(keys, line, strict=True)}


def number_or_word(text: str) -> Value:
    """A number, true, false, null or a word, as a file states it.

    >>> number_or_word("3"), number_or_word("0.5"), number_or_word("never"), number_or_word("true")
    (3, 0.5, 'never', True)
    """
    words: dict[str, Value] = {"true": True, "false": False, "null": None}
    if text in words:
        return words[text]
    for kind in (int, float):
        try:
            return kind(text)
        except ValueError:
            continue
    return text


def from_posterior(name: str, points: int, seed: int) -> list[dict[str, Value]]:
    """So many rows of a posterior, without return; those of a larger design begin alike.

    Raises:
        InputError: no such posterior, or it has fewer rows.
    """
    rows = rows_of(name)
    if points > len(rows.table):
        raise InputError(
            f"points={points}: posterior {name} has {len(rows.table)} draws; ask for no more"
        )
    chosen = generator(seed).permutation(len(rows.table))[:points]
    return [dict(zip(rows.keys, rows.table[i], strict=True)) for i in chosen.tolist()]
