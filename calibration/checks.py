"""The checks of a calibration by name: each runs, says in a line what it found, and has a table."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import shutil
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from calibration import gaps, noise, placebo, proof, ranks, sensitivity, simulated, worth
from calibration.backtest import study, without
from calibration.backtest.aims import ahead
from calibration.backtest.origins import HORIZONS
from calibration.backtest.unseen import called
from calibration.blocks import blocks, data_of, read_record, settings_of
from calibration.diagnostics import PRIOR_DRIVEN
from calibration.fit import Progress, Request, own_hash
from calibration.kept import Kept
from calibration.plan import Plan
from calibration.quantiles import Floats
from calibration.table import table, world
from calibration.tempo import TempoLikelihood
from sim.errors import InputError
from sim.settings.posterior import DRAWS, fingerprint, place
from sim.study.folder import code_hash

RESULTS = Path("calibration") / "results"
WORK = ".work"
POWER = 200
"""Sets of perfect ranks that are judged, to say how often a perfect sampler passes."""


class Asked(NamedTuple):
    """What a check is asked: the fit, the record, and how much work to do.

    In `folder` a long one keeps what it has done, until its result is saved.
    """

    plan: Plan
    record: str | None = None
    posterior: str = "reference"
    histories: int = 200
    draws: int = 200
    seed: int = 1
    workers: int = 2
    only: tuple[str, ...] = ()
    progress: Progress | None = None
    folder: Path | None = None


class Answer(NamedTuple):
    """What a check found: its verdict in lines, the first the shortest, and a table.

    `about` goes into the manifest beside them.
    """

    verdict: list[str]
    rows: list[dict[str, Any]]
    about: Mapping[str, Any] = {}


def recovery(asked: Asked) -> Answer:
    """One history of known truth, fitted at full length: is the truth where it says it is?"""
    request = proof.Request(
        asked.plan, (), asked.plan.sampling, asked.seed, 0, asked.only, most=10_000
    )
    found = proof.work(request)
    rows: list[dict[str, Any]] = [
        {"quantity": key, "truth": found.truths[key], "low90": low, "median": middle,
         "high90": high, "inside": low <= found.truths[key] <= high}
        for key, (low, middle, high) in found.intervals.items()
    ]  # fmt: skip
    inside = sum(row["inside"] for row in rows)
    told = f"{inside} of {len(rows)} truths inside their 90 % interval, {found.attacks} attacks"
    return Answer([told], rows)


def sbc(asked: Asked) -> Answer:
    """Many histories of known truth: are the truth's ranks uniform?"""
    kept = None if asked.folder is None else Kept(asked.folder / question(asked))
    found = proof.prove(
        asked.plan, asked.histories, asked.seed, proof.SHORT, asked.only, asked.workers,
        asked.progress, kept,
    )  # fmt: skip
    answer = judged(proof.ranks_of(proof.table(found)))
    return answer._replace(verdict=[*answer.verdict, scheduled(len(found))])


def question(asked: Asked) -> str:
    """A hash of what decides each history of `sbc`, whatever their number."""
    plan = asked.plan.model_dump(mode="json")
    told = [plan, asked.seed, asked.only, code_hash(), own_hash()]
    return hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()[:16]


def scheduled(simulated: int) -> str:
    """How the histories of `sbc` are fitted, and which of those simulated are not."""
    fits = {"a block has": proof.SHORT, **proof.OWN}
    told = [f"{who} {s.chains} chains of {s.steps} steps" for who, s in fits.items()]
    return (
        f"{', '.join(told)}; histories with more than {proof.MOST} attacks are left out, "
        f"{simulated} were simulated"
    )


def judged(told: dict[str, Floats]) -> Answer:
    """The verdict on ranks, by quantity."""
    rows = ranks.verdicts(told)
    n = max(row.histories for row in rows)
    failed = [row.key for row in rows if not row.passes]
    chance = ranks.power(n, len(rows), proof.KEPT, POWER, 1)
    first = "every quantity passes" if not failed else f"NOT all pass: {', '.join(failed)}"
    lines = [
        f"{first} ({n} histories, {len(rows)} quantities)",
        f"a perfect sampler passes all of it in {chance:.0%} of {POWER} tries",
    ]
    for level, (low, high) in zip(ranks.LEVELS, ranks.bands(n, len(rows)), strict=True):
        lines.append(f"coverage of {level:.0%} intervals must lie in {low:.3f} to {high:.3f}")
    return Answer(lines, [row._asdict() for row in rows])


def rescaled_gaps(asked: Asked) -> Answer:
    """Time-rescaled gaps of the recorded attacks, by parametric bootstrap."""
    data = data_of(asked.plan, settings_of(asked.plan), read_record(asked.plan, asked.record))
    likelihood = blocks(data, asked.plan)[0].likelihood
    assert isinstance(likelihood, TempoLikelihood)
    found = gaps.test(data, likelihood, drawn(asked.posterior, asked.draws), asked.seed)
    fits = "fits" if found.p >= 0.05 else "does NOT fit"
    told = f"the tempo {fits}: p = {found.p:.2f} over {asked.draws} posterior draws"
    return Answer([told], [found._asdict()])


def drawn(name: str, n: int) -> dict[str, Floats]:
    """`n` rows of a posterior, evenly from all."""
    import pyarrow.parquet as pq

    table = pq.read_table(place(name) / DRAWS)
    chosen = np.linspace(0, len(table) - 1, n).astype(int)
    return {key: table[key].to_numpy()[chosen] for key in table.column_names}


def mechanisms(asked: Asked) -> Answer:
    """What each mechanism of the tempo is worth, in sample and after the fit's end."""
    journal = read_record(asked.plan, asked.record)
    last = journal.end
    later = None
    if last is not None and last > asked.plan.until:
        later = asked.plan.model_copy(update={"until": last})
    found = worth.worths(asked.plan, later, journal)
    return Answer([_worth(found)], [row._asdict() for row in found])


def _worth(found: list[worth.Worth]) -> str:
    """What helps after the fit's end, most first; less than `worth.FELT` is noise."""
    known = [(row.out_of_sample or 0.0, row.mechanism) for row in found]
    helps = [f"{name} {nats:+.3f}" for nats, name in sorted(known)[::-1] if nats >= worth.FELT]
    told = f"out of sample these add {worth.FELT} nats an attack or more: "
    return told + (", ".join(helps) or "none")


def mechanisms_foreseen(asked: Asked) -> Answer:
    """What each mechanism of the tempo is worth to the forecasts after the fit's end.

    The posterior of that name forecasts, under its own conditions; of the fit only its end
    counts, from which on forecasts are made.

    Raises:
        InputError: fewer than two draws, or a posterior that has seen what is forecast.
    """
    if asked.draws < 2:
        raise InputError(f"draws={asked.draws}: the fair CRPS needs 2 futures of each Monday")

    def planned(off: Sequence[str]) -> study.Plan:
        own = (f"seed={asked.seed}", f"workers={asked.workers}", *off)
        return study.plan(asked.record, asked.plan.until, None, asked.posterior, own, asked.draws)

    found = without.worths(planned, worth.MECHANISMS, asked.progress)
    made_with = _forecast_from(asked, planned(()))
    told = [*_foreseen(found), _size(made_with)]
    return Answer(told, [row._asdict() for row in found], {"made_with": made_with})


def _forecast_from(asked: Asked, plan: study.Plan) -> dict[str, Any]:
    """What the forecasts were made from, and of how many."""
    return {
        "posterior": asked.posterior,
        "posterior_sha256": fingerprint(asked.posterior),
        "refitted": False,
        "record_sha256": plan.source.sha256,
        "first": plan.origins[0].isoformat(),
        "end": plan.end.isoformat(),
        "origins": {str(weeks): len(plan.scored(weeks)) for weeks in HORIZONS},
        "futures": plan.draws,
        "identity": plan.identity(),
    }


def _size(made_with: dict[str, Any]) -> str:
    origins = [f"{n} of {ahead(int(weeks))}" for weeks, n in made_with["origins"].items()]
    return (
        f"{made_with['futures']} futures of each Monday, the same draws with and without; windows: "
        f"{', '.join(origins)}; posterior {called(made_with['posterior'])}"
    )


def _foreseen(found: list[without.Worth]) -> list[str]:
    """What stands out of the half-year's luck, and what the numbers do not say."""
    helps = [_named(row) for row in found if row.sign > 0]
    hurts = [_named(row) for row in found if row.sign < 0]
    intervals = sum(row.low90 is not None for row in found)
    return [
        f"forecasts are better with: {'; '.join(helps) or 'none'}",
        f"forecasts are worse with: {'; '.join(hurts) or 'none'}",
        f"named is what has a 90 % interval without 0 and is beyond {without.ERRORS:g} standard "
        "errors by the draws",
        "nothing is fitted anew: what is left on keeps the posterior fitted with everything on, so "
        "a worth says what a mechanism does inside this fit, not how well a model without it "
        "could be made to forecast; without excitation fewer attacks are foreseen altogether, and "
        "a refit would make some of that good",
        f"of {intervals} intervals about one in ten leaves out 0 by luck alone; 4 weeks ahead they "
        "are too narrow, as windows overlap; 13 weeks ahead, about 2 independent looks in half a "
        "year, there is none",
    ]


def _named(row: without.Worth) -> str:
    return f"{row.mechanism} {ahead(row.horizon_weeks)} ahead ({row.worth:+.3f})"


def fake_dates(asked: Asked) -> Answer:
    """Dates moved to where nothing happened must teach less than the real ones."""
    found = placebo.placebos(
        asked.plan, asked.record, asked.histories, tuple(placebo.KINDS), asked.workers,
        asked.progress,
    )  # fmt: skip
    rows = [{**row._asdict(), "fakes": " ".join(f"{f:.3g}" for f in row.fakes)} for row in found]
    return Answer(_placebo(found), rows)


def _placebo(found: list[placebo.Placebo]) -> list[str]:
    """What stands out, with the smallest p-value that so many fakes can give."""
    tries = len(found[0].fakes)
    stands = [row.key for row in found if (row.share * tries + 1.0) / (tries + 1.0) < 0.05]
    beyond = [row.key for row in found if row.share == 0.0]
    return [
        f"real dates stand out from fake ones (p under 0.05) for: {', '.join(stands) or 'none'}",
        f"{tries} fake sets of dates a kind: p is {1.0 / (tries + 1.0):.2f} at least; further from "
        f"the prior than every fake: {', '.join(beyond) or 'none'}",
    ]


def priors(asked: Asked) -> Answer:
    """What the posterior says under other priors."""
    found = sensitivity.sensitivities(asked.plan, read_record(asked.plan, asked.record))
    base = found[0].means
    spans = {key: [row.means[key] for row in found] for key in base}
    widest = max(spans, key=lambda key: (max(spans[key]) - min(spans[key])) / abs(base[key]))
    told = (
        f"the priors matter most for {widest}: {min(spans[widest]):.3g} to {max(spans[widest]):.3g}"
    )
    return Answer([told], [{"priors": row.priors, **row.means} for row in found])


def luck(asked: Asked) -> Answer:
    """How much of a run's spread the parameters make, and how much luck."""
    settings = settings_of(asked.plan, [f"posterior={asked.posterior}"])
    found = noise.noises(settings, asked.draws, asked.seed)
    first = found[0]
    told = f"of the variance of {first.measure.replace('_', ' ')}, {first.by_parameters:.0%} comes "
    told += "from the parameters, the rest from luck"
    return Answer([told, f"posterior {asked.posterior}"], [row._asdict() for row in found])


def by_simulation(asked: Asked) -> Answer:
    """What simulation tells of quantities without a likelihood; and is it to be believed?"""
    made = world(asked.plan, asked.record, asked.posterior)
    rows = table(made, asked.histories, asked.seed, asked.workers, asked.progress)
    answers = simulated.answers(made, rows, asked.draws)
    placed = simulated.proof(rows, made.recorded, asked.draws)
    proven = {row.key: row for row in ranks.verdicts(placed)}
    found = simulated.taught(made, answers, proven)
    about = {
        "posterior": asked.posterior,
        "posterior_sha256": fingerprint(asked.posterior),
        "data_sha256": Request(asked.plan, (), asked.record).data_hash(),
        **simulated.provenance(made),
    }
    lines = [*_taught(found), *judged(placed).verdict]
    return Answer(lines, [row._asdict() for row in found], about)


def _taught(found: list[simulated.Taught]) -> list[str]:
    """What was learnt, most first, and what was not."""
    ruled = [row.key for row in found if row.contraction < PRIOR_DRIVEN]
    said = sorted(found, key=lambda row: -row.contraction)[: len(found) - len(ruled)]
    learnt = ", ".join(f"{row.key} ({row.contraction:.2f})" for row in said)
    return [
        f"the record says something of {len(said)} of {len(found)} quantities without a likelihood",
        f"contraction: {learnt or 'none'}",
        f"driven by the prior: {', '.join(ruled) or 'none'}",
    ]


CHECKS: dict[str, Callable[[Asked], Answer]] = {
    "recovery": recovery,
    "sbc": sbc,
    "gaps": rescaled_gaps,
    "worth": mechanisms,
    "worth_crps": mechanisms_foreseen,
    "placebo": fake_dates,
    "priors": priors,
    "noise": luck,
    "simulated": by_simulation,
}
"""Every check by its name."""


def save(name: str, asked: Asked, answer: Answer, root: Path = RESULTS) -> Path:
    """Keep what a check found: `NAME.csv`, and `NAME.json` with the verdict and the hashes."""
    root.mkdir(parents=True, exist_ok=True)
    text = io.StringIO()
    writer = csv.DictWriter(text, list(answer.rows[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows({k: _rounded(v) for k, v in row.items()} for row in answer.rows)
    (root / f"{name}.csv").write_text(text.getvalue(), encoding="utf-8")
    told = {
        "check": name,
        "verdict": answer.verdict,
        "plan": asked.plan.model_dump(mode="json"),
        "histories": asked.histories,
        "draws": asked.draws,
        "seed": asked.seed,
        **answer.about,
        "code_sha256": code_hash(),
        "calibration_sha256": own_hash(),
    }
    path = root / f"{name}.json"
    path.write_text(json.dumps(told, indent=1, ensure_ascii=False), encoding="utf-8")
    shutil.rmtree(root / WORK / name, ignore_errors=True)
    return path


def _rounded(value: Any) -> Any:
    return f"{value:.6g}" if isinstance(value, float) else value
