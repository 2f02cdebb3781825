"""What each mechanism of the tempo is worth to the fit, in nats an attack."""

from __future__ import annotations

from calibration import worth
from calibration.blocks import read_record
from calibration.checks.asked import Answer, Asked


def check(asked: Asked) -> Answer:
    """What each mechanism of the tempo is worth, in sample and after the fit's end."""
    journal = read_record(asked.plan, asked.record)
    last = journal.end
    later = None
    if last is not None and last > asked.plan.until:
        later = asked.plan.model_copy(update={"until": last})
    found = worth.worths(asked.plan, later, journal)
    return Answer([_worth(found)], [row._asdict() for row in found])


def _worth(found: list[worth.Worth]) -> str:
    """What helps after the fit's end beyond the sampler's noise, most first."""
    known = [(row.out_of_sample, row.mechanism) for row in found if row.sure]
    helps = [f"{name} {nats:+.3f}" for nats, name in sorted(known)[::-1]]
    told = "after the fit's end these add more nats an attack than the sampler's noise: "
    return told + (", ".join(helps) or "none")
