"""`rungs ladder`: rungs, paths and episodes of any journal."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.cli.options import COMMON, Call, listed, refuse_words, take
from sim.errors import InputError

if TYPE_CHECKING:
    from sim.events import Journal

SYNOPSIS = (
    "[[record=FILE] [without=NAME,…] | run=DIR [replication=N] [source=NAME]] "
    "[window=7|14|30] [OPTIONS]"
)
OPTIONS = {"--all": ("flag", "print every event, not only rung 6 and above"), **COMMON}
EXAMPLES = (
    "rungs ladder --all",
    "rungs ladder run=outputs/mine replication=17 source=wire",
    "rungs ladder record=my_record.csv window=30 --json",
)
OWN = ("record", "without", "run", "replication", "source", "window")
HEADLINE = 6


def main(call: Call) -> int:
    """Rate a journal and print its rungs, its path and its statistics."""
    from sim import ladder, record
    from sim.cli.running import print_json

    own = _own(call)
    journal, window, without = _journal(own), _window(own), listed(own, "without")
    rungs = ladder.rate(journal)
    span = float((record.known_until(journal) - journal.start).days)
    statistics = ladder.statistics(rungs, 0.0, span, window)
    told = _told(journal, rungs, statistics)
    if call.has("--json"):
        print_json({**told, "without": without} if without else told)
        return 0
    print(_text(told, call.has("--all"), window))
    for note in filter(None, _notes(own, journal, statistics, without)):
        print(note)
    return 0


def _own(call: Call) -> dict[str, str]:
    """What the verb was asked, and nothing besides."""
    own = take(call, *OWN)
    refuse_words(call, "ladder")
    if call.overrides:
        raise InputError(f"{call.overrides[0]}: ladder takes {', '.join(f'{k}=' for k in OWN)}")
    return own


def _window(own: dict[str, str]) -> int:
    window = _number(own, "window", 14)
    if not 1 <= window <= 366:
        raise InputError(f"window={window}: a number of days from 1 to 366")
    return window


def _told(journal: Journal, rungs: list[Any], statistics: Any) -> dict[str, Any]:
    """Everything that is printed, as one object."""
    from sim import ladder

    return {
        "events": [_event(rung, journal) for rung in rungs],
        "flags": [
            {"date": _date(e.time, journal), "id": e.id, "site": e.site}
            for e in ladder.flags(journal)
        ],
        "paths": [
            {"date": _date(step.time, journal), "rung": step.rung} for step in statistics.steps
        ],
        "episodes": [
            {
                "start": _date(e.start, journal),
                "end": _date(e.end, journal),
                "attacks": e.attacks,
                "top": e.top,
            }
            for e in ladder.episodes(rungs)
            if e.start < statistics.end
        ],
        "statistics": _statistics(statistics),
    }


def _notes(
    own: dict[str, str], journal: Journal, statistics: Any, without: tuple[str, ...]
) -> Iterator[str]:
    """What a reader must know of the journal besides; a note that doesn't apply is empty."""
    from sim.show import tables

    if "run" in own and "replication" not in own:
        yield "this is replication 0, one of the run's; replication=N tells another"
    if statistics.sustained is not None:
        yield (
            f"a sustained exchange came on {_date(statistics.sustained, journal)}: episodes, "
            "states and shares of days are told up to it"
        )
    yield tables.without(own.get("record"), without) if without else ""


def _journal(own: dict[str, str]) -> Journal:
    from sim import record
    from sim.study import runs

    if "run" in own:
        if "record" in own:
            raise InputError("record= and run=: name one of them")
        if "without" in own:
            raise InputError("without=: leaves out rows of a record, and run= has none")
        number = _number(own, "replication", 0)
        whole = runs.read(Path(own["run"])).journal(number, whole=True)
        return _told_by(own["source"], whole) if "source" in own else whole
    for name in ("replication", "source"):
        if name in own:
            raise InputError(f"{name}= needs run=DIR")
    return record.read(own.get("record"), without=listed(own, "without"))


def _told_by(source: str, journal: Journal) -> Journal:
    """A replication as one of its sources tells it."""
    from sim import reports

    if source not in reports.SOURCES:
        raise InputError(f"source={source}: one of {', '.join(reports.SOURCES)}")
    return reports.by_source(journal, source)


def _number(own: dict[str, str], name: str, default: int) -> int:
    text = own.get(name, str(default))
    try:
        return int(text.removesuffix("d"))
    except ValueError:
        raise InputError(f"{name}={text}: not a whole number") from None


def _date(time: float, journal: Journal) -> str:
    from sim.clock import to_date

    return to_date(time, journal.start).isoformat()


def _event(rung: Any, journal: Journal) -> dict[str, Any]:
    event = rung.event
    return {
        "date": _date(event.time, journal),
        "kind": event.kind.value,
        "rung": rung.rung,
        "rung_low": rung.low,
        "rung_high": rung.high,
        "unknown": rung.unknown,
        "id": event.id,
        "site": event.site,
        "why": rung.why,
    }


def _statistics(statistics: Any) -> dict[str, Any]:
    told = asdict(statistics)
    del told["steps"]  # printed with their dates
    shares = {str(i): share for i, share in enumerate(statistics.shares)}
    return {**told, "shares": shares, "nine_given_eight": statistics.nine_given_eight}


def _text(told: dict[str, Any], everything: bool, window: int) -> str:
    from sim.ladder import RUNGS
    from sim.show import tables

    shown = [row for row in told["events"] if everything or row["rung"] >= HEADLINE]
    rows = [
        (row["date"], _interval(row), row["kind"], row["site"] or "–", row["why"], row["id"])
        for row in shown
    ]
    shares = told["statistics"]["shares"]
    return "\n".join(
        [
            tables.table(rows, ("date", "rung", "kind", "site", "why", "id")),
            ""
            if everything
            else f"({len(told['events']) - len(shown)} events below rung {HEADLINE}: --all)",
            "? a field that nobody reported could have raised the rung; (a–b) its range",
            f"share of days per rung (state = highest rung in the trailing {window} days):",
            tables.table(
                [
                    (rung, RUNGS[int(rung)], f"{100 * share:.1f} %")
                    for rung, share in shares.items()
                ],
                ("rung", "name", "days"),
            ),
            f"{_many(told['episodes'], 'episode')}, {_many(told['paths'], 'state')} in a row, "
            f"{_many(told['flags'], 'unattributed depot blast')} (flagged, no rung)",
        ]
    )


def _interval(row: dict[str, Any]) -> str:
    low, rung, high = row["rung_low"], row["rung"], row["rung_high"]
    span = f"{rung}" if low == high else f"{rung} ({low}–{high})"
    return span + (" ?" if row["unknown"] else "")


def _many(things: list[Any], name: str) -> str:
    return f"{len(things)} {name}{'' if len(things) == 1 else 's'}"
