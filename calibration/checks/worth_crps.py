"""What each mechanism of the tempo is worth to the forecasts, in CRPS."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from calibration import worth
from calibration.backtest import study, without
from calibration.backtest.aims import ahead
from calibration.backtest.origins import HORIZONS
from calibration.backtest.unseen import called
from calibration.checks.asked import OF_THE_MODEL, Answer, Asked
from sim.errors import InputError


def check(asked: Asked) -> Answer:
    """What each mechanism of the tempo is worth to the forecasts after the fit's end.

    The posterior forecasts, which has the fit's conditions; of the fit's end it is only asked
    that it lies no earlier than the posterior's: from it on forecasts are made.

    Raises:
        InputError: fewer than two draws, or a posterior of other conditions or that has seen
            what is forecast.
    """
    if asked.draws < 2:
        raise InputError(f"draws={asked.draws}: the fair CRPS needs 2 futures of each Monday")

    def planned(off: Sequence[str]) -> study.Plan:
        own = (f"seed={asked.seed}", f"workers={asked.workers}", *off)
        return study.plan(asked.record, asked.plan.until, None, asked.posterior, own, asked.draws)

    made_with = _forecast_from(planned(()))
    asked.refuse_other(OF_THE_MODEL)
    found = without.worths(planned, worth.MECHANISMS, asked.progress)
    told = [*_foreseen(found), _size(made_with, asked.posterior)]
    about = {**asked.drawn_from(), "made_with": made_with}
    return Answer(told, [row._asdict() for row in found], about)


def _forecast_from(plan: study.Plan) -> dict[str, Any]:
    """What the forecasts were made from, and of how many."""
    return {
        "refitted": False,
        "record_sha256": plan.source.sha256,
        "first": plan.origins[0].isoformat(),
        "end": plan.end.isoformat(),
        "origins": {str(weeks): len(plan.scored(weeks)) for weeks in HORIZONS},
        "futures": plan.draws,
        "identity": plan.identity(),
    }


def _size(made_with: dict[str, Any], posterior: str) -> str:
    origins = [f"{n} of {ahead(int(weeks))}" for weeks, n in made_with["origins"].items()]
    return (
        f"{made_with['futures']} futures of each Monday, the same draws with and without; windows: "
        f"{', '.join(origins)}; posterior {called(posterior)}"
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
