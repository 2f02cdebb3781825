"""The checks of a calibration by name: each runs, says in a line what it found, and has a table."""

from collections.abc import Callable

from calibration.checks import (
    gaps,
    noise,
    placebo,
    predictive,
    priors,
    recovery,
    sbc,
    simulated,
    worth,
    worth_crps,
)
from calibration.checks.asked import Answer, Asked
from calibration.checks.saved import RESULTS, WORK, refuse_other, save

__all__ = ["CHECKS", "RESULTS", "WORK", "Answer", "Asked", "refuse_other", "save"]

CHECKS: dict[str, Callable[[Asked], Answer]] = {
    "recovery": recovery.check,
    "sbc": sbc.check,
    "gaps": gaps.check,
    "worth": worth.check,
    "worth_crps": worth_crps.check,
    "placebo": placebo.check,
    "priors": priors.check,
    "noise": noise.check,
    "simulated": simulated.check,
    "predictive": predictive.check,
}
"""Every check by its name."""
