"""Fitted histories on disk: a check of hours that was cut off goes on from there."""

from __future__ import annotations

import json
from pathlib import Path
from typing import NamedTuple

from sim.whole import whole


class Found(NamedTuple):
    """One history: its number of attacks; ranks, truths and 5, 50 and 95 % by quantity.

    There are none where it has more attacks than were asked for.
    """

    number: int
    attacks: int
    ranks: dict[str, float]
    truths: dict[str, float]
    intervals: dict[str, tuple[float, float, float]]


class Kept:
    """Where fitted histories lie, a file each.

    Args:
        folder: of the question that they answer; made if need be.
    """

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.folder = folder

    def add(self, found: Found) -> None:
        """Keep one more."""
        with whole(self.folder / f"{found.number}.json") as part:
            part.write_text(json.dumps(found._asdict()), encoding="utf-8")

    def all(self) -> dict[int, Found]:
        """What is there, by number."""
        texts = [path.read_text(encoding="utf-8") for path in self.folder.glob("*.json")]
        found = [Found(**json.loads(text)) for text in texts]
        return {one.number: one._replace(intervals=_spans(one)) for one in found}


def _spans(found: Found) -> dict[str, tuple[float, float, float]]:
    """Intervals as they were written: JSON has no tuples."""
    return {key: (low, middle, high) for key, (low, middle, high) in found.intervals.items()}
