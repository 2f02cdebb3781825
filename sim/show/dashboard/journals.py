"""A replication's journal as steps: which events are walked through, and what each says."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from sim import ladder
from sim.clock import to_datetime
from sim.errors import InputError
from sim.events import Event, Journal, Kind, Side
from sim.events.event import QUANTITIES
from sim.ladder import RUNGS, Rung
from sim.study import runs
from sim.study.folder import RunFolder

REPORTS = frozenset({Kind.REPORT, Kind.CORRECTION, Kind.CLAIM})
DETAILS = frozenset({Kind.LAUNCH, Kind.SIREN, Kind.ENGAGEMENT, Kind.CONVOY_ATTACK})
SHOWN = {
    "main": "rockets, strikes and politics",
    "most": "all but reports and claims",
    "all": "every event",
}
"""How much of a journal is walked through."""
_LEFT_OUT = {"main": REPORTS | DETAILS, "most": REPORTS, "all": frozenset[Kind]()}


SIDES = {
    Side.MILITIA: "the militia",
    Side.US: "the US",
    Side.IRAN: "Iran",
    Side.IRAQ: "Iraq",
    Side.UNATTRIBUTED: "nobody is named",
}


class Walk(NamedTuple):
    """The events of a journal that are walked through, in order, and what stands round them."""

    journal: Journal
    events: list[Event]
    rungs: dict[str, Rung]
    ids: dict[str, int]
    """Where the first event of an id stands among `events`."""


class Said(NamedTuple):
    """One event in plain words; `cause` and `followed` are ids with their words."""

    title: str
    lines: list[tuple[str, str]]
    cause: tuple[str, str] | None
    followed: list[tuple[str, str]]


def walk(place: Path, replication: int, shown: str) -> Walk:
    """The steps through one replication's journal.

    Raises:
        InputError: no such replication, an unknown `shown`, or the run kept no journal.
    """
    if shown not in SHOWN:
        raise InputError("that part of a journal is unknown: choose one that is listed")
    ended = str(RunFolder.open(place).manifest().get("ended"))
    return _walk(place, replication, shown, ended)


@lru_cache(maxsize=8)
def _walk(place: Path, replication: int, shown: str, ended: str) -> Walk:
    journal = _journal(place, replication, ended)
    rungs = {rung.event.id: rung for rung in ladder.rate(journal)}
    events = [e for e in journal.events if e.kind not in _LEFT_OUT[shown] and e.time >= 0.0]
    if not events:
        raise InputError("nothing of this part was kept of the journal: choose another")
    ids: dict[str, int] = {}
    for i, event in enumerate(events):
        ids.setdefault(event.id, i)
    return Walk(journal, events, rungs, ids)


@lru_cache(maxsize=4)
def _journal(place: Path, replication: int, ended: str) -> Journal:
    return runs.read(place).journal(replication).in_time()


def said(steps: Walk, i: int) -> Said:
    """What the i-th event says, what provoked it, what followed."""
    event = steps.events[i]
    return Said(
        brief(event, steps.journal),
        [*_who(event), *_counts(event), *_about(event), *_rung(event, steps)],
        _cause(event, steps),
        [(e.id, brief(e, steps.journal)) for e in steps.events if e.cause == event.id][:12],
    )


def brief(event: Event, journal: Journal) -> str:
    """An event in a few words: when, what, where."""
    when = to_datetime(event.time, journal.start)
    what = plain(event.kind.value)
    if event.subtype:
        what += f" ({plain(event.subtype)})"
    where = f", {plain(event.site)}" if event.site else ""
    return f"{when:%d %b %Y %H:%M}: {what}{where}"


def plain(name: str) -> str:
    """A code word as words."""
    return name.replace("_", " ")


def _who(event: Event) -> list[tuple[str, str]]:
    told = {
        "side": event.side and SIDES[event.side],
        "done by (the truth, which no agent reads)": event.actor,
        "claimed by": event.brand,
        "weapon": event.weapon_class,
        "intent": event.intent,
        "told by": event.source,
    }
    return [(name, plain(str(value))) for name, value in told.items() if value]


def _counts(event: Event) -> list[tuple[str, str]]:
    """The counts that somebody states; unknown ones are not told."""
    found = []
    for name in QUANTITIES:
        span = event.bounds(name)
        if span is not None:
            low, high = span
            high_words = "or more" if high is None else "" if high == low else f"to {high}"
            found.append((plain(name), f"{low} {high_words}".strip()))
    return found


def _about(event: Event) -> list[tuple[str, str]]:
    told = [("in words", event.text)] if event.text else []
    if event.confidence is not None:
        told.append(("confidence", f"{event.confidence:.2f}"))
    return told


def _rung(event: Event, steps: Walk) -> list[tuple[str, str]]:
    rung = steps.rungs.get(event.id)
    if rung is None:
        return []
    return [("rung", f"{rung.rung} {RUNGS[rung.rung]}: {rung.why}")]


def _cause(event: Event, steps: Walk) -> tuple[str, str] | None:
    if event.cause is None:
        return None
    why = f" ({plain(event.cause_reason)})" if event.cause_reason else ""
    for other in steps.journal.events:
        if other.id == event.cause:
            return other.id, brief(other, steps.journal) + why
    return event.cause, event.cause + why
