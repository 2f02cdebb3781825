"""What simulation tells of quantities that have no likelihood."""

from __future__ import annotations

from calibration import ranks, simulated
from calibration.checks.asked import Answer, Asked
from calibration.checks.sbc import judged
from calibration.diagnostics import PRIOR_DRIVEN
from calibration.table import table, world


def check(asked: Asked) -> Answer:
    """What simulation tells of quantities without a likelihood; and is it to be believed?"""
    made = world(asked.plan, asked.record, asked.posterior)
    rows = table(made, asked.histories, asked.seed, asked.workers, asked.progress)
    answers = simulated.answers(made, rows, asked.draws)
    placed = simulated.proof(rows, made.recorded, asked.draws)
    proven = {row.key: row for row in ranks.verdicts(placed)}
    found = simulated.taught(made, answers, proven)
    about = {**asked.drawn_from(), **simulated.provenance(made)}
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
