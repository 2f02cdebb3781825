"""The proof of the pipeline: histories of known truth, fitted like the record."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import closing, suppress
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from calibration.blocks import Block, blocks, settings_of
from calibration.fit import Progress, sampled
from calibration.kept import Found, Kept
from calibration.plan import BlockName, Plan, Sampling
from calibration.quantiles import Floats, values
from calibration.ranks import rank
from calibration.truth import predicted, truth
from sim.draws import Draws
from sim.errors import RungsError
from sim.events import Kind
from sim.study.executor import each

SHORT = Sampling(chains=8, rounds=8, draws=512, parts=1, steps=250)
"""One history's fit: 250 steps of eight chains."""
OWN: dict[BlockName, Sampling] = {
    "trigger": Sampling(chains=256, rounds=16, draws=2048, parts=1, steps=500),
    "counts": Sampling(chains=256, rounds=8, draws=512, parts=1, steps=250),
}
"""Blocks that `SHORT` is too short for: of the trigger's waits, which four quantities make, a
ridge with walls is known, of a rate and its detection their product. Theirs are the cheapest
likelihoods of all."""
MOST = 120
"""Histories with more attacks are left out: which are fitted hangs on their data alone, so the
ranks of the others stay uniform, and the dearest fits are spared."""
TRIED = 20
"""How many times the histories asked for are simulated at most, to find small ones."""
KEPT = 1000
FRESH = 49
"""Histories simulated from posterior draws, for what hangs on the data as well."""
QUANTITIES = ("total attacks", "busiest week", "rung 7 reached")
LIKELIHOOD = "likelihood of "
TIES = "calibration.ties"


class Request(NamedTuple):
    """One synthetic history to be fitted: of which plan, with which settings."""

    plan: Plan
    overrides: tuple[str, ...]
    entropy: int
    number: int
    only: tuple[str, ...] = ()
    most: int = MOST


def shortened(plan: Plan) -> Plan:
    """The same fit with short schedules, to be made many times over."""
    return plan.model_copy(update={"sampling": SHORT, "own": OWN})


def work(request: Request) -> Found:
    """Simulate a history, fit it, and rank its truth."""
    plan = request.plan.model_copy(update={"jitters": 1})
    settings = settings_of(plan, request.overrides)
    made = truth(plan, settings, request.entropy, request.number)
    attacks = sum(e.kind is Kind.ROCKET_ATTACK for e in made.data.lived[0])
    if attacks > request.most:
        return Found(request.number, attacks, {}, {}, {})
    parts = blocks(made.data, plan)
    ties = Draws(request.entropy, request.number).stream(TIES, 1)
    rows: dict[str, Floats] = {}
    ranks: dict[str, float] = {}
    for i, block in enumerate(parts):
        if not request.only or block.name in request.only:
            with suppress(RungsError):  # no start was found, which hangs on the data alone
                points = _fitted(block, request, i)
                rows |= _drawn(block, points)
                name = f"{LIKELIHOOD}{block.name}"
                ranks[name] = likelihood_rank(block, points, made.parameters, ties.first(name))
    ranks |= {k: rank(made.parameters[k], told, ties.first(k)) for k, told in rows.items()}
    if all(key in rows for block in parts for key in block.fitted) and not request.only:
        ranks |= _predictive(request, made.parameters, rows)
    spans = {k: tuple(np.quantile(told, (0.05, 0.5, 0.95)).tolist()) for k, told in rows.items()}
    truths = {key: made.parameters[key] for key in rows}
    return Found(request.number, attacks, ranks, truths, spans)


def _fitted(block: Block, request: Request, number: int) -> Floats:
    """Posterior draws of a block, in normal coordinates."""
    seed = (request.entropy + 7919 * request.number + number) % 2**32
    chain = sampled(block, request.plan.schedule(block.name), seed).chain
    points = chain.reshape(-1, chain.shape[2])
    return np.asarray(points[np.linspace(0, len(points) - 1, KEPT).astype(int)])


def _drawn(block: Block, points: Floats) -> dict[str, Floats]:
    """What a block fits, in its own units."""
    told = values(block.quantities, points)
    return {key: np.asarray(told[key]) for key in block.fitted}


def likelihood_rank(block: Block, points: Floats, truth: Mapping[str, float], u: float) -> float:
    """The place of the likelihood at the truth among that at the draws.

    A posterior that does not look at its data passes every other test of these histories: the
    prior does. This one it fails, as the data are likelier under the truth than under most of
    the prior (Modrák and others 2023).
    """
    given = {key: np.array([truth[key]]) for key in block.quantities}
    scenario = block.sampler.draw(lambda key: 0.5, given=given)
    return rank(float(block.likelihood(scenario, 1)[0]), block.at(points), u)


def _predictive(
    request: Request, parameters: dict[str, float], rows: dict[str, Floats]
) -> dict[str, float]:
    """Ranks of what a fresh history under the truth holds, among those under the posterior."""
    settings = settings_of(request.plan, request.overrides)
    chosen = np.linspace(0, KEPT - 1, FRESH).astype(int)
    drawn = [{key: float(told[i]) for key, told in rows.items()} for i in chosen]
    seed = request.entropy + 104_729 * (request.number + 1)
    one = predicted(settings, [{key: parameters[key] for key in rows}], seed)[0]
    many = predicted(settings, drawn, seed + 1)
    ties = Draws(seed, request.number).stream(TIES, 1)
    return {
        name: rank(float(one[i]), many[:, i], ties.first(name)) for i, name in enumerate(QUANTITIES)
    }


def prove(
    plan: Plan,
    histories: int,
    entropy: int,
    only: tuple[str, ...] = (),
    workers: int = 2,
    progress: Progress | None = None,
    kept: Kept | None = None,
) -> list[Found]:
    """Fit many histories of known truth: from number 0 on, until so many could be fitted.

    Args:
        plan: the fit that is proven.
        histories: how many are to be fitted; those with too many attacks come on top.
        entropy: root of all draws.
        only: names of blocks, where not all are proven.
        workers: processes; the answer is the same under any.
        progress: called with (histories fitted, wanted).
        kept: where they are kept as they come; what is there is not fitted again.

    Raises:
        RungsError: too few histories are small enough.
    """
    found = kept.all() if kept else {}
    todo = (Request(plan, (), entropy, i, only) for i in range(TRIED * histories) if i not in found)
    with closing(each(work, todo, workers)) as results:
        while (told := first_fitted(found, histories)) is None:
            one = next(results, None)
            if one is None:
                raise RungsError(_too_few(histories))
            found[one.number] = one
            if kept is not None:
                kept.add(one)
            if progress is not None:
                progress(min(histories, sum(bool(f.ranks) for f in found.values())), histories)
    return told


def first_fitted(found: Mapping[int, Found], histories: int) -> list[Found] | None:
    """The histories from number 0 to the one with which so many are fitted; none as long as
    one of them is missing."""
    told: list[Found] = []
    fitted = 0
    while fitted < histories:
        one = found.get(len(told))
        if one is None:
            return None
        told.append(one)
        fitted += bool(one.ranks)
    return told


def _too_few(histories: int) -> str:
    return (
        f"of {TRIED * histories} histories fewer than {histories} have at most {MOST} attacks: "
        "no fit of this plan is cheap enough to be made so often"
    )


def table(found: Iterable[Found]) -> pa.Table:
    """One row a history and quantity: rank, truth, and the posterior's 5, 50 and 95 %."""
    rows = [
        {
            "history": one.number,
            "attacks": one.attacks,
            "quantity": key,
            "rank": place,
            "truth": one.truths.get(key),
            **dict(
                zip(("low90", "median", "high90"), one.intervals.get(key, (None,) * 3), strict=True)
            ),
        }
        for one in found
        for key, place in one.ranks.items()
    ]
    return pa.Table.from_pylist(rows)


def save(found: Iterable[Found], path: Path) -> None:
    """Write the table of ranks."""
    path.parent.mkdir(parents=True, exist_ok=True)
    pq.write_table(table(found), path, compression="zstd")


def ranks_of(told: pa.Table) -> dict[str, Floats]:
    """Ranks by quantity, one a history; NaN where a history has none."""
    frame = told.to_pandas().pivot(index="history", columns="quantity", values="rank")
    return {str(key): frame[key].to_numpy(float) for key in frame.columns}
