"""A backtest: from a record and a posterior to tables of forecasts, scores and aims."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import NamedTuple, TypeVar

import numpy as np

from calibration import evidence
from calibration.backtest import futures, simple
from calibration.backtest.aims import Aim, aims
from calibration.backtest.forecast import Counts, Forecast
from calibration.backtest.futures import Source, journal_of
from calibration.backtest.observed import days_of
from calibration.backtest.origins import HORIZONS, mondays, record_end, scored
from calibration.backtest.scoring import Reach, Row, reaches, rows, series
from calibration.backtest.skill import Comparison, Score, comparisons, scores
from calibration.backtest.unseen import check, newest
from calibration.fit import own_hash
from sim import record
from sim.errors import InputError
from sim.settings.compose import draft
from sim.settings.idle import refuse_idle_days
from sim.settings.posterior import fingerprint, manifest
from sim.settings.scenario import HANDS, Settings
from sim.study.executor import each
from sim.study.folder import code_hash
from sim.study.sources import hash_of_sources

DRAWS = 300
"""Futures of each origin where nobody says how many."""
BASELINE_DRAWS = 4000

Progress = Callable[[int, int], None]
Result = TypeVar("Result")


class Plan(NamedTuple):
    """What is forecast, from when, by what.

    Attributes:
        source: the record.
        first: the first day on which a forecast may be made.
        last: the first day on which none is.
        end: the day before which the record knows all.
        origins: the Mondays between.
        posteriors: the posterior that forecasts from each origin; refitting gives several.
        settings: by posterior, the scenario whose agents live on.
        draws: futures of each origin.
    """

    source: Source
    first: date
    last: date
    end: date
    origins: tuple[date, ...]
    posteriors: dict[date, str]
    settings: dict[str, Settings]
    draws: int

    @property
    def main(self) -> Settings:
        """The settings of the first origin; seed and workers are everybody's."""
        return self.settings[self.posteriors[self.origins[0]]]

    def scored(self, weeks: int) -> list[date]:
        """The origins whose span of so many weeks ends inside the record."""
        return scored(self.origins, weeks, self.end)

    def identity(self) -> str:
        """A hash of everything that decides the results."""
        told = {
            name: [s.model_dump(mode="json", exclude=HANDS), fingerprint(name)]
            for name, s in self.settings.items()
        }
        days = [self.first, self.last, self.end, *self.posteriors.items()]
        made = [*self.hashes().values(), self.draws]
        text = json.dumps([told, days, made], sort_keys=True, default=str)
        return hashlib.sha256(text.encode()).hexdigest()

    def hashes(self) -> dict[str, str]:
        """The code and the record that results come from; posteriors have their own."""
        return {
            "code_sha256": code_hash(),
            "calibration_sha256": own_hash(),
            "backtest_sha256": hash_of_sources(Path(__file__).parent),
            "record_sha256": self.source.sha256,
        }


class Backtest(NamedTuple):
    """What came of it, as tables."""

    plan: Plan
    aims: list[Aim]
    scores: list[Score]
    comparisons: list[Comparison]
    rows: list[Row]
    reached: list[Reach]


def plan(
    path: str | None = None,
    first: date | None = None,
    last: date | None = None,
    posterior: str | Callable[[date], str] | None = None,
    overrides: Sequence[str] = (),
    draws: int = DRAWS,
    extra: Path | None = None,
) -> Plan:
    """A backtest, judged before anything is simulated.

    Args:
        path: of the record; the packaged one if none.
        first: by default 1 July 2020, where the reference fit ends.
        last: by default the record's end.
        posterior: its name or path; or what gives the one to use from an origin (refitted as
            time goes on); by default the newest committed one that ends by `first`.
        overrides: of the scenario, beside the posterior's own conditions.
        draws: futures of each origin.
        extra: a folder of further config files.

    Raises:
        InputError: no origin, a record that doesn't reach them, a posterior or a prior
            that has seen them.
    """
    first = first or date(2020, 7, 1)
    source = Source(path, record.hash_of_data(path))
    journal = journal_of(source)
    end = record_end(journal, last)
    last = last or end
    if not journal.start < first < end:
        raise InputError(f"from={first}: outside the record, {journal.start} to {end}")
    origins = tuple(mondays(first, last))
    if not scored(origins, HORIZONS[0], end):
        raise InputError(f"from={first}: no week from a Monday ends inside the record, by {end}")
    chosen = _chosen(posterior, origins, first)
    settings = {name: _settings(name, overrides, extra) for name in dict.fromkeys(chosen.values())}
    for told in settings.values():
        refuse_idle_days(told, overrides, futures.end_of(origins[-1]))
        evidence.refuse_later(evidence.assumed(told), first)
    return Plan(source, first, last, end, origins, chosen, settings, draws)


def _chosen(
    posterior: str | Callable[[date], str] | None, origins: Sequence[date], first: date
) -> dict[date, str]:
    """The posterior of each origin, none of which has seen its future."""
    if callable(posterior):
        chosen = {origin: posterior(origin) for origin in origins}
        for origin, name in chosen.items():
            check(name, origin)
        return chosen
    name = posterior or newest(first)
    check(name, first)
    return dict.fromkeys(origins, name)


def _settings(name: str, overrides: Sequence[str], extra: Path | None) -> Settings:
    scenario = manifest(name)["scenario"]
    return draft([f"scenario={scenario}", f"posterior={name}", *overrides], extra)


def run(asked: Plan, progress: Progress | None = None) -> Backtest:
    """Make every forecast and score it; the same numbers under any workers."""
    made = forecasts(asked, progress)
    days = days_of(journal_of(asked.source), asked.end)
    seed = asked.main.seed
    told = series(made, days, asked.end)
    lines = [row for line in told for row in rows(line, seed)]
    reached = [reach for forecast in made for reach in reaches(forecast, days, asked.end)]
    brief, compared = scores(told, lines, reached), comparisons(lines, seed)
    return Backtest(asked, aims(brief, compared, asked.first), brief, compared, lines, reached)


def forecasts(asked: Plan, progress: Progress | None = None) -> list[Forecast]:
    """Every forecast, the simulator's first, each forecaster's in the order of origins."""
    origins = asked.scored(HORIZONS[0])
    count = Count(len(origins) * (asked.draws + futures.CHUNK), progress)
    return [*simulated(asked, count), *_simple(asked, origins, count)]


def simulated(asked: Plan, count: Count) -> list[Forecast]:
    """The simulator's forecasts alone, in the order of origins."""
    origins = asked.scored(HORIZONS[0])
    parts = [job for origin in origins for job in _jobs(asked, origin)]
    done = each(futures.work, parts, min(asked.main.workers, len(parts)))
    found: dict[date, dict[int, Counts]] = {origin: {} for origin in origins}
    for job, part in count.over(done, lambda told: len(told[1])):
        found[job.origin][job.first] = part
    return [
        futures.forecast(origin, np.concatenate([part for _, part in sorted(parts.items())]))
        for origin, parts in found.items()
    ]


def _jobs(asked: Plan, origin: date) -> list[futures.Job]:
    settings = asked.settings[asked.posteriors[origin]]
    return futures.jobs(settings, asked.source, origin, asked.draws)


def _simple(asked: Plan, origins: Sequence[date], count: Count) -> list[Forecast]:
    seed = asked.main.seed
    wanted = [simple.Job(asked.source, origin, BASELINE_DRAWS, seed) for origin in origins]
    done = each(simple.work, wanted, min(asked.main.workers, len(wanted)))
    found = [forecast for told in count.over(done, lambda _: futures.CHUNK) for forecast in told]
    return sorted(found, key=lambda forecast: forecast.origin)


class Count:
    """Tells how much is done; the simple forecasts of an origin count as a part of futures."""

    def __init__(self, total: int, progress: Progress | None) -> None:
        self.total, self.progress, self.done = total, progress, 0

    def over(self, results: Iterable[Result], size: Callable[[Result], int]) -> Iterator[Result]:
        """The results as they come."""
        for result in results:
            self.done += size(result)
            if self.progress is not None:
                self.progress(self.done, self.total)
            yield result
