"""The work of a sweep: some replications of some points, as two tables."""

from __future__ import annotations

import functools
import gc
import platform
from datetime import date
from typing import TYPE_CHECKING, Any, NamedTuple

from sim import record
from sim.campaign import simulate, uncollected
from sim.errors import RungsError
from sim.events import Event, Journal
from sim.history import History
from sim.replay import Future
from sim.settings.posterior import sampler_of
from sim.settings.sampling import Sampler
from sim.settings.scenario import Settings
from sim.study.expansion import ground
from sim.study.outcomes import CURVES, MEASURES, outcome
from sim.study.store import Piece
from sim.study.work import events_table, kept

if TYPE_CHECKING:
    import pyarrow as pa

COUNTED = (*(measure.name for measure in MEASURES), "harm_blank")
"""Known in every replication that was finished."""
MEASURED = (*COUNTED, *CURVES, "days_told")


class Job(NamedTuple):
    """One chunk: its name, its pieces, the settings of their points as JSON.

    `ground` are the hashes of code and data that the names of the points stand for, the last
    ones of `posteriors`.
    """

    name: str
    pieces: tuple[Piece, ...]
    settings: tuple[str, ...]
    journal: str
    posteriors: tuple[str, ...]
    ground: tuple[str, ...]


class Chunk(NamedTuple):
    """What a chunk of work produced; `failed` counts replications that ended in an error."""

    name: str
    results: pa.Table
    events: pa.Table | None
    failed: int


@functools.lru_cache(maxsize=16)
def _prepared(text: str) -> tuple[Settings, Sampler]:
    """The settings of a point, ready to be drawn."""
    settings = Settings.model_validate_json(text)
    return settings, sampler_of(settings)


@functools.lru_cache(maxsize=4)
def _history(start: date) -> History:
    """The record before a scenario's start; read once a process, then left out of collection."""
    told = History(record.read(None), start, 0.0)
    gc.collect()
    gc.freeze()
    return told


_ground = functools.lru_cache(maxsize=4)(ground)


def work(job: Job) -> Chunk:
    """Simulate one chunk; an error in a replication is written down in its row.

    Raises:
        RungsError: this worker would compute something else than the names of the points say.
    """
    if _ground(job.posteriors) != job.ground:
        raise RungsError(
            f"the worker on {platform.node()} has other code, another record or another "
            "posterior than this machine: install the same version there"
        )
    rows: list[dict[str, Any]] = []
    events: list[tuple[str, int, Event]] = []
    with uncollected():
        for piece, text in zip(job.pieces, job.settings, strict=True):
            settings, sampler = _prepared(text)
            for number in range(piece.first, piece.last):
                row, journal = _replication(settings, sampler, number, job.journal == "full")
                rows.append({"key": piece.key, "replication": number, **row})
                events += [(piece.key, number, e) for e in kept(journal, job.journal)]
    failed = sum(row["error"] is not None for row in rows)
    told = None if job.journal == "none" else _events(events)
    return Chunk(job.name, _results(rows), told, failed)


def _replication(
    settings: Settings, sampler: Sampler, number: int, told: bool
) -> tuple[dict[str, Any], Journal]:
    """What one replication measures, and its journal; empty where it fails."""
    window = settings.scenario
    history = _history(window.start) if window.history == "record" else None
    try:
        journal = simulate(sampler, settings.seed, number, history, told=told)
        row = outcome(Future(journal, 0.0), float(settings.days))
    except Exception as error:
        why = f"{type(error).__name__}: {error}"
        return {"error": why}, Journal(window.start, window.end, [])
    return {"error": None, **row}, journal


def _results(rows: list[dict[str, Any]]) -> pa.Table:
    """One row a replication, in columns whose types hang on no value."""
    import pyarrow as pa

    columns: dict[str, pa.Array] = {
        "key": pa.array([r["key"] for r in rows], pa.string()),
        "replication": pa.array([r["replication"] for r in rows], pa.int64()),
        "error": pa.array([r["error"] for r in rows], pa.string()),
    }
    for name in MEASURED:
        columns[name] = pa.array([_float(r.get(name)) for r in rows], pa.float64())
    columns["path_days"] = pa.array([r.get("path_days") for r in rows], pa.list_(pa.float64()))
    columns["path_rungs"] = pa.array([r.get("path_rungs") for r in rows], pa.list_(pa.int64()))
    return pa.table(columns)


def _float(value: float | None) -> float | None:
    return None if value is None else float(value)


def _events(events: list[tuple[str, int, Event]]) -> pa.Table:
    """The events that are kept, led by their point and replication."""
    import pyarrow as pa

    table = events_table([(number, event) for _, number, event in events])
    return table.add_column(0, "key", pa.array([key for key, _, _ in events], pa.string()))
