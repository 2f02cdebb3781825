"""What happened when: the record's events and those of one replication, lane by lane."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple

from sim.clock import to_datetime
from sim.compare.tables.history import History
from sim.events import Event, Journal, Kind
from sim.measures.values import value

if TYPE_CHECKING:
    import pyarrow as pa

LANES = {
    Kind.ROCKET_ATTACK: "rocket attacks",
    Kind.CONVOY_ATTACK: "convoy attacks",
    Kind.FOILED_ATTACK: "foiled attacks",
    Kind.EMBASSY_STORMING: "storming of the embassy",
    Kind.AIRSTRIKE: "US strikes",
    Kind.LEADERSHIP_STRIKE: "US strikes",
    Kind.STATE_MISSILE_STRIKE: "missile strikes",
}
"""The lanes of the picture, from the bottom up."""


class Happening(NamedTuple):
    """One event: who tells of it, when, on which lane, what is stated of it.

    `rounds` and `killed` (Coalition members) are ``None`` where nobody states them.
    """

    source: str
    time: datetime
    lane: str
    kind: str
    site_class: str | None
    rounds: int | None
    killed: int | None


def chronicle(history: History, journal: Journal | None, name: str = "") -> list[Happening]:
    """The record's events, then those of a simulated journal under its `name`."""
    told = _rows("the record", history.journal, history.journal.events)
    return [*told, *(_rows(name, journal, journal.events) if journal is not None else [])]


def _rows(source: str, journal: Journal, events: Iterable[Event]) -> list[Happening]:
    shown = [e for e in events if e.kind in LANES and e.tempo is not False and e.time >= 0.0]
    return [
        Happening(
            source,
            to_datetime(e.time, journal.start),
            LANES[e.kind],
            e.kind.value,
            e.site_class,
            value(e, "fired"),
            value(e, "coalition_killed"),
        )
        for e in shown
    ]


def middling(replications: pa.Table) -> int:
    """The replication whose number of rocket attacks is the median; the first of several.

    >>> import pyarrow as pa
    >>> middling(pa.table({"replication": [0, 1, 2], "true_rocket_attacks": [9, 50, 20]}))
    2
    """
    numbers = replications["replication"].to_pylist()
    counts = replications["true_rocket_attacks"].to_pylist()
    ordered = sorted(zip(counts, numbers, strict=True))
    middle = ordered[(len(ordered) - 1) // 2][0]
    return int(min(number for count, number in ordered if count == middle))
