"""The simulator's forecast: history drives the agents up to a Monday, from there they act.

The record holds what was reported, so a future is reduced to what would have been reported,
with the record's own blanks, before it is counted and rated.
"""

from __future__ import annotations

import functools
from datetime import date, timedelta
from typing import NamedTuple

import numpy as np

from calibration.backtest.forecast import RUNGS_NAME, Counts, Forecast
from calibration.backtest.observed import RUNGS
from calibration.backtest.origins import DAYS
from calibration.replayed import Seen
from sim import ladder, record
from sim.campaign import uncollected
from sim.clock import to_days
from sim.draws import Draws
from sim.events import Event, Journal, Kind
from sim.history import History
from sim.ladder.rungs import UNSEEN_DAYS
from sim.measures import Mask, mask_of, recorded, reported
from sim.replay import branch
from sim.settings.announced import as_known
from sim.settings.posterior import sampler_of
from sim.settings.sampling import Sampler
from sim.settings.scenario import Settings

CHUNK = 50
"""Futures that are simulated in one go."""
MOST = 10**6
"""More futures than any origin has: each origin has replications of its own, so that what
few draws of the parameters happen to be averages out over the origins."""
LATE_DAYS = 7
"""Simulated beyond the longest horizon, so that late reports are in."""


class Source(NamedTuple):
    """A record: its path (none: the packaged one), and a hash of what lies there."""

    path: str | None
    sha256: str


@functools.lru_cache(maxsize=1)
def journal_of(source: Source) -> Journal:
    """The record's journal, read once a process."""
    return record.read(source.path)


class Job(NamedTuple):
    """Some futures of one origin: replications from `first` to before `last`."""

    settings: str
    source: Source
    origin: date
    first: int
    last: int


class Start(NamedTuple):
    """Where all futures of an origin begin.

    `past` is what the record tells of it, as far back as the ladder looks.
    """

    sampler: Sampler
    seed: int
    history: History
    mask: Mask
    past: list[Event]


def jobs(settings: Settings, source: Source, origin: date, draws: int) -> list[Job]:
    """The futures of an origin, in parts."""
    told = at_origin(settings, origin).model_dump_json()
    return [
        Job(told, source, origin, first, min(first + CHUNK, draws))
        for first in range(0, draws, CHUNK)
    ]


def at_origin(settings: Settings, origin: date) -> Settings:
    """The settings as they were known at an origin, long enough for every horizon."""
    window = settings.scenario.model_copy(update={"end": end_of(origin)})
    return as_known(settings.model_copy(update={"scenario": window}), origin)


def end_of(origin: date) -> date:
    """The first day that no future of an origin reaches."""
    return origin + timedelta(days=DAYS[-1] + LATE_DAYS)


def work(job: Job) -> tuple[Job, Counts]:
    """For each future and horizon the attacks and the highest rung, shape (n, horizons, 2)."""
    start = prepared(job.settings, job.source, job.origin)
    base = MOST * job.origin.toordinal()
    with uncollected():
        rows = [future(start, base + number) for number in range(job.first, job.last)]
    return job, np.array(rows, dtype=np.int64)


@functools.lru_cache(maxsize=2)
def prepared(text: str, source: Source, origin: date) -> Start:
    """What every future of an origin shares; of the record only what was seen goes in."""
    settings = Settings.model_validate_json(text)
    first = settings.scenario.start
    seen = Seen(journal_of(source), origin).before(origin)
    cut = float(to_days(origin, first))
    history = History(seen, first, cut)
    told = recorded(seen, first, origin)
    past = [event for event in told if event.time >= cut - UNSEEN_DAYS]
    return Start(sampler_of(settings), settings.seed, history, mask_of(seen), past)


def future(start: Start, number: int) -> list[tuple[int, int]]:
    """One future: (attacks, highest rung) within each horizon, as they would be reported."""
    lived = branch(start.sampler, start.seed, number, start.history)
    luck = Draws(start.seed, number).stream("measures.mask")
    journal = Journal(lived.journal.start, lived.journal.end, lived.events)
    seen = reported(journal, start.mask, lambda key: luck(key)[0])
    rungs = ladder.rate(Journal(journal.start, journal.end, [*start.past, *seen]))
    attacks = [event.time - lived.cut for event in seen.where(Kind.ROCKET_ATTACK)]
    heights = [(r.event.time - lived.cut, r.rung) for r in rungs if r.event.time >= lived.cut]
    return [
        (
            sum(time < days for time in attacks),
            max((rung for time, rung in heights if time < days), default=0),
        )
        for days in DAYS
    ]


def forecast(origin: date, rows: Counts) -> Forecast:
    """The forecast that futures of shape (draws, horizons, 2) amount to."""
    reach = {rung: tuple(np.mean(rows[:, :, 1] >= rung, axis=0).tolist()) for rung in RUNGS}
    return Forecast(RUNGS_NAME, origin, rows[:, :, 0].T, reach)
