"""What a worker does: replications of one scenario, reduced to tidy tables.

A chunk is a fixed range of replication numbers, the same under any number of workers,
so the files of a study are the same bytes whoever computed them.
"""

from __future__ import annotations

import functools
import gc
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any, NamedTuple

from sim import ladder, measures, record
from sim.campaign import simulate, uncollected
from sim.draws import Draws
from sim.events import Event, Journal, Kind, to_table
from sim.history import History
from sim.reports import reporting
from sim.settings.posterior import sampler_of
from sim.settings.sampling import Sampler
from sim.settings.scenario import Settings
from sim.study.patterns import all_patterns

if TYPE_CHECKING:
    import pyarrow as pa

KEYS = ("study", "point", "replication")
"""The columns that lead every table and join them."""

CHUNK = 25
"""Replications in a chunk, and so in a file."""

ATTACKS = frozenset(
    {
        Kind.ROCKET_ATTACK,
        Kind.CONVOY_ATTACK,
        Kind.FOILED_ATTACK,
        Kind.AIRSTRIKE,
        Kind.LEADERSHIP_STRIKE,
        Kind.STATE_MISSILE_STRIKE,
        Kind.EMBASSY_STORMING,
    }
)
"""What `journal=attacks` keeps."""


class Chunk(NamedTuple):
    """The tables of some replications: events, replications, paths."""

    number: int
    events: pa.Table | None
    replications: pa.Table
    paths: pa.Table


class Job(NamedTuple):
    """One chunk to be computed: of which study and settings, which replications."""

    study: str
    settings: str
    record: str | None
    number: int
    first: int
    last: int


@functools.lru_cache(maxsize=4)
def _prepared(
    settings_json: str, record_path: str | None
) -> tuple[Settings, Sampler, History, measures.Mask]:
    """What every chunk of a study shares; made once a process, then left out of collection."""
    settings = Settings.model_validate_json(settings_json)
    told = record.read(record_path)
    history = History(told, settings.scenario.start, 0.0)
    shared = settings, sampler_of(settings), history, measures.mask_of(told)
    gc.collect()
    gc.freeze()
    return shared


def work(job: Job) -> Chunk:
    """Simulate one chunk."""
    with uncollected():
        return _chunk(job)


def _chunk(job: Job) -> Chunk:
    settings, sampler, history, mask = _prepared(job.settings, job.record)
    events: list[tuple[int, Event]] = []
    rows: list[dict[str, Any]] = []
    steps: list[dict[str, Any]] = []
    for number in range(job.first, job.last):
        parameters: dict[str, float] = {}
        journal = simulate(sampler, settings.seed, number, history, note=parameters)
        rungs = ladder.rate(journal)
        truth = ladder.statistics(rungs, 0.0, float(settings.days))
        row = replication_row(journal, truth, settings, number, mask)
        rows.append(row | {f"drawn.{key}": value for key, value in parameters.items()})
        steps += path_rows(truth, number)
        events += [(number, event) for event in kept(journal, settings.journal)]
    return Chunk(
        job.number,
        _keyed(events_table(events), job) if settings.journal != "none" else None,
        _keyed(_table(rows), job),
        _keyed(_table(steps), job),
    )


def _keyed(table: pa.Table, job: Job) -> pa.Table:
    """A table led by its study and design point; with the replication they join the tables."""
    import pyarrow as pa

    study = pa.repeat(pa.scalar(job.study), len(table))
    point = pa.repeat(pa.scalar(0, pa.int64()), len(table))
    return table.add_column(0, "point", point).add_column(0, "study", study)


def kept(journal: Journal, how: str) -> Iterable[Event]:
    """The events that a study keeps of a journal."""
    if how == "full":
        return journal.events
    return [e for e in journal.events if e.kind in ATTACKS] if how == "attacks" else []


def events_table(events: list[tuple[int, Event]]) -> pa.Table:
    """Events of many replications in the journal's columns, led by their replication."""
    import pyarrow as pa

    numbers = pa.array([number for number, _ in events], pa.int64())
    return to_table(event for _, event in events).add_column(0, "replication", numbers)


def replication_row(
    journal: Journal,
    truth: ladder.Statistics,
    settings: Settings,
    number: int,
    mask: measures.Mask,
) -> dict[str, Any]:
    """One row: the truth in brief and the reported patterns."""
    return {
        "replication": number,
        "true_rocket_attacks": sum(e.kind is Kind.ROCKET_ATTACK for e in journal),
        "true_convoy_attacks": sum(e.kind is Kind.CONVOY_ATTACK for e in journal),
        "true_highest_rung": truth.highest,
        "true_days_to_six": truth.to_six,
        "true_days_to_seven": truth.to_seven,
        "true_days_to_eight": truth.to_eight,
        "true_sustained_exchange": truth.sustained,
        **reported_row(journal, settings, number, mask),
        **{f"reports.{name}": count for name, count in reporting(journal).items()},
    }


def reported_row(
    journal: Journal, settings: Settings, number: int, mask: measures.Mask
) -> dict[str, float | None]:
    """The patterns of what would have been reported, blanked by a record's mask."""
    uniforms = Draws(settings.seed, number).stream("measures.mask")
    seen = measures.reported(journal, mask, lambda key: uniforms(key)[0])
    return {
        **{name: None if v is None else float(v) for name, v in all_patterns(seen).items()},
        **{name: float(n) for name, n in measures.weekly_counts(seen).items()},
    }


def path_rows(truth: ladder.Statistics, number: int) -> list[dict[str, Any]]:
    """One row per change of state on the true ladder, up to a sustained exchange."""
    return [
        {"replication": number, "step": i, "time": step.time, "rung": step.rung}
        for i, step in enumerate(truth.steps)
    ]


def _table(rows: list[dict[str, Any]]) -> pa.Table:
    """Rows as a table; a column that is unknown throughout counts as floats."""
    import pyarrow as pa

    arrays = {}
    for name in rows[0]:
        values = pa.array([row[name] for row in rows])
        arrays[name] = values.cast(pa.float64()) if pa.types.is_null(values.type) else values
    return pa.table(arrays)


def chunks(settings: Settings, study: str, record_path: str | None = None) -> list[Job]:
    """The jobs of a study, in order; `study` is its name in every table."""
    told, n = settings.model_dump_json(), settings.replications
    starts = range(0, n, CHUNK)
    return [Job(study, told, record_path, i, a, min(a + CHUNK, n)) for i, a in enumerate(starts)]


Progress = Callable[[int, int], None]
"""Called with (replications done, replications in all)."""
