"""Simulation-based calibration: many histories of known truth."""

from __future__ import annotations

import hashlib
import json

from calibration import proof, ranks
from calibration.checks.asked import Answer, Asked
from calibration.fit import own_hash
from calibration.kept import Kept
from calibration.plan import Sampling
from calibration.quantiles import Floats
from sim.study.folder import code_hash

POWER = 200
"""Sets of perfect ranks that are judged, to say how often a perfect sampler passes."""


def check(asked: Asked) -> Answer:
    """Many histories of known truth: are the truth's ranks uniform?"""
    kept = None if asked.folder is None else Kept(asked.folder / question(asked))
    found = proof.prove(
        proof.shortened(asked.plan), asked.histories, asked.seed, asked.only, asked.workers,
        asked.progress, kept,
    )  # fmt: skip
    answer = judged(proof.ranks_of(proof.table(found)))
    return answer._replace(verdict=[*answer.verdict, scheduled(len(found))])


def question(asked: Asked) -> str:
    """A hash of what decides each history of `sbc`, whatever their number."""
    plan = proof.shortened(asked.plan).model_dump(mode="json")
    told = [plan, asked.seed, asked.only, code_hash(), own_hash()]
    return hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()[:16]


def scheduled(simulated: int) -> str:
    """How the histories of `sbc` are fitted, and which of those simulated are not."""
    fits: list[tuple[str, Sampling]] = [("a block has", proof.SHORT), *proof.OWN.items()]
    told = [f"{who} {s.chains} chains of {s.steps} steps" for who, s in fits]
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
