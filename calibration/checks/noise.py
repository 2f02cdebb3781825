"""How much of a run's spread the parameters make, and how much luck."""

from __future__ import annotations

from calibration import noise
from calibration.blocks import settings_of
from calibration.checks.asked import Answer, Asked


def check(asked: Asked) -> Answer:
    """How much of a run's spread the parameters make, and how much luck."""
    asked.refuse_other()
    settings = settings_of(asked.plan, [f"posterior={asked.posterior}"])
    found = noise.noises(settings, asked.draws, asked.seed)
    first = found[0]
    told = f"of the variance of {first.measure.replace('_', ' ')}, {first.by_parameters:.0%} comes "
    told += "from the parameters, the rest from luck"
    rows = [row._asdict() for row in found]
    return Answer([told, f"posterior {asked.posterior}"], rows, asked.drawn_from())
