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
    """What helps after the fit's end, most first; less than `worth.FELT` is noise."""
    known = [(row.out_of_sample or 0.0, row.mechanism) for row in found]
    helps = [f"{name} {nats:+.3f}" for nats, name in sorted(known)[::-1] if nats >= worth.FELT]
    told = f"out of sample these add {worth.FELT} nats an attack or more: "
    return told + (", ".join(helps) or "none")
