"""A table of simulated histories, for inference where no likelihood is known.

Each history covers the fit's window. What is to be fitted comes from its prior, all that has a
likelihood from a posterior that has seen no more than the fit. The history is then reported as
the record is, and measured like it.
"""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

import numpy as np
from scipy.special import ndtri

from calibration import evidence, regressed
from calibration.blocks import read_record, settings_of
from calibration.fit import Progress
from calibration.plan import Plan
from calibration.quantiles import EDGE, Floats
from calibration.replayed import Seen
from calibration.summaries import ANSWERED, Summaries, summaries, untold
from sim import measures
from sim.campaign import simulate
from sim.draws import Draws
from sim.errors import InputError
from sim.settings.posterior import manifest, sampler_of
from sim.settings.sampling import Sampler, Uncertain
from sim.settings.scenario import Settings
from sim.study.executor import each

CONDITIONS = (
    "observers.revisions.factor={prior: log_uniform, low: 1, high: 10, "
    "source: 'assumed: all that the field allows'}",
    "militia.salvo.heavy_share={prior: uniform, low: 0, high: 0.2, "
    "source: 'assumed: a fifth at most'}",
)
"""Before a plan's own: the scenario's priors rest on accounts of December 2020."""
CHUNK = 50
"""Histories of one job."""

Row = tuple[Floats, Summaries]


class World(NamedTuple):
    """What a table is simulated of: the settings, the record that is seen, and its summaries."""

    settings: Settings
    conditions: tuple[str, ...]
    quantities: dict[str, Uncertain]
    left: dict[str, list[str]]
    mask: measures.Mask
    recorded: Summaries


class Job(NamedTuple):
    """Histories `first` to before `last` of a table; settings as JSON, for another process."""

    settings: str
    mask: measures.Mask
    seed: int
    first: int
    last: int


class Table(NamedTuple):
    """Simulated histories: quantities in normal coordinates, and summaries by name.

    Shapes (histories, quantities of `ANSWERED` in order) and (histories,).
    """

    keys: tuple[str, ...]
    z: Floats
    told: dict[str, Floats]

    def answer(
        self, key: str, seen: Summaries, keep: int, without: int | None = None
    ) -> regressed.Found | None:
        """The posterior of one quantity, from all histories but the one that is left out."""
        names, z = ANSWERED[key], self.of(key)
        told = np.column_stack([self.told[name] for name in names])
        here = np.array([seen[name] for name in names])
        if without is not None:
            z, told = np.delete(z, without), np.delete(told, without, axis=0)
        return regressed.posterior(z, told, here, keep)

    def of(self, key: str) -> Floats:
        """One quantity in normal coordinates, a number a history."""
        return np.asarray(self.z[:, self.keys.index(key)])

    def row(self, number: int) -> Summaries:
        """What one history would have left on record."""
        return {name: float(column[number]) for name, column in self.told.items()}

    def alike(self, key: str, seen: Summaries) -> list[int]:
        """The histories that tell of the same things as the record."""
        known = [np.isnan(self.told[name]) == np.isnan(seen[name]) for name in ANSWERED[key]]
        return np.flatnonzero(np.all(known, axis=0)).tolist()


def world(plan: Plan, record: str | None, posterior: str) -> World:
    """What a plan's inference by simulation starts from; of the record only what is seen.

    Args:
        plan: the fit whose window and conditions are taken.
        record: a file in the record's schema, or the packaged one.
        posterior: from which all that has a likelihood is drawn.

    Raises:
        InputError: evidence would be used twice, or from after the fit's end.
    """
    refuse_later(posterior, plan)
    conditions = (*CONDITIONS, *plan.conditions)
    ends = f"scenario.end={plan.until}"
    told = plan.model_copy(update={"conditions": conditions})
    settings = settings_of(told, [ends, f"posterior={posterior}"])
    quantities, left = _chosen(settings)
    start = settings.scenario.start
    evidence.check(evidence.assumed(settings), start, plan.until)
    seen = Seen(read_record(plan, record), plan.until).before(plan.until)
    public = measures.recorded(seen, start, plan.until)
    known = summaries(public, settings.storming.killed)
    return World(settings, conditions, quantities, left, measures.mask_of(seen), known)


def refuse_later(posterior: str, plan: Plan) -> None:
    """Refuse a posterior that has seen what the fit may not.

    Raises:
        InputError: its end, the fit's, and what to name instead.
    """
    until = manifest(posterior)["until"]
    if until > plan.until.isoformat():
        raise InputError(
            f"posterior={posterior}: has seen the record to {until}, and the fit ends before "
            f"{plan.until}; name one that ends no later"
        )


def _chosen(settings: Settings) -> tuple[dict[str, Uncertain], dict[str, list[str]]]:
    """The quantities that summaries answer to; the others with why none does.

    Raises:
        InputError: the settings leave nothing to be fitted.
    """
    assumed = evidence.assumed(settings)
    chosen = {key: assumed[key] for key in ANSWERED if key in assumed}
    if not chosen:
        raise InputError("nothing that simulation could fit is uncertain here: give a prior back")
    left: dict[str, list[str]] = {}
    for key in assumed:
        if key not in ANSWERED:
            left.setdefault(untold(key), []).append(key)
    return chosen, left


def table(
    of: World, histories: int, seed: int, workers: int = 1, progress: Progress | None = None
) -> Table:
    """Simulate a table.

    Args:
        of: what is simulated.
        histories: rows.
        seed: root of all draws.
        workers: processes; they change no number.
        progress: called with (rows done, in all).
    """
    text = of.settings.model_dump_json()
    starts = range(0, histories, CHUNK)
    jobs = [Job(text, of.mask, seed, i, min(i + CHUNK, histories)) for i in starts]
    done: dict[int, list[Row]] = {}
    for job, rows in each(work, jobs, workers):
        done[job.first] = rows
        if progress is not None:
            progress(sum(len(part) for part in done.values()), histories)
    rows = [row for first in starts for row in done[first]]
    names = list(of.recorded)
    told = {name: np.array([row[name] for _, row in rows], float) for name in names}
    return Table(tuple(of.quantities), np.array([z for z, _ in rows]), told)


def work(job: Job) -> tuple[Job, list[Row]]:
    """The rows of a job, in order."""
    return job, [_row(job, number) for number in range(job.first, job.last)]


class Prepared(NamedTuple):
    """What the rows of a table share."""

    sampler: Sampler
    keys: tuple[str, ...]
    deadly: int


@lru_cache(maxsize=2)
def _prepared(text: str) -> Prepared:
    settings = Settings.model_validate_json(text)
    keys = tuple(_chosen(settings)[0])
    return Prepared(sampler_of(settings), keys, settings.storming.killed)


def _row(job: Job, number: int) -> Row:
    """One history: its quantities in normal coordinates, and its summaries as reported."""
    prepared, draws = _prepared(job.settings), Draws(job.seed, number)
    journal = simulate(prepared.sampler, job.seed, number)
    blanks, uniform = draws.stream("measures.mask"), draws.stream("parameters", 1).first
    public = measures.reported(journal, job.mask, lambda key: blanks(key)[0])
    u = np.array([uniform(key) for key in prepared.keys])
    return ndtri(np.clip(u, EDGE, 1.0 - EDGE)), summaries(public, prepared.deadly)
