"""Prior sensitivity: what a posterior says under other priors than the fit's own."""

from __future__ import annotations

from typing import NamedTuple

from calibration.blocks import blocks, data_of, settings_of
from calibration.plan import Plan
from calibration.weighted import means
from sim.events import Journal

PRIORS = {
    "as fitted": (),
    "sceptical of triggering": ("militia=sceptical",),
    "triggering likely": (
        "militia.excitation={prior: beta, a: 8, b: 2, source: 'Southeast Asia 2000-10'}",
    ),
    "wider effects of strikes": (
        "militia.drivers.deterrence.size={prior: uniform, low: -3, high: 0, source: assumed}",
        "militia.drivers.backlash.size={prior: uniform, low: 0, high: 3, source: assumed}",
    ),
    **{
        f"months of holes report {share:.0%}": (f"observers.hole_detection={share:g}",)
        for share in (0.3, 0.5, 0.7, 0.9, 1.0)
    },
}
"""Other priors, as overrides of the fit's. What share of attacks is reported in the months of
holes the attacks alone can't tell, so it is held at each value of a grid."""
KEYS = (
    *("militia.base_rate", "militia.excitation", "militia.decay_days"),
    *("militia.drivers.deterrence.size", "militia.drivers.backlash.size"),
    "militia.drivers.calendar.size",
)


class Sensitivity(NamedTuple):
    """Posterior means of some quantities of the tempo under one set of priors."""

    priors: str
    means: dict[str, float]


def sensitivities(plan: Plan, journal: Journal) -> list[Sensitivity]:
    """The posterior means under every set of priors, the fit's own first."""
    return [Sensitivity(name, _means(plan, journal, over)) for name, over in PRIORS.items()]


def _means(plan: Plan, journal: Journal, over: tuple[str, ...]) -> dict[str, float]:
    told = plan.model_copy(update={"jitters": 1})
    block = blocks(data_of(told, settings_of(told, over), journal), told)[0]
    return means(block, KEYS, plan.seed)
