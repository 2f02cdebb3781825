"""What each mechanism is worth to the forecasts: their CRPS without it, less that with it.

Both are made on the same Mondays from the same draws, so luck is shared, and a mechanism that
changes no future is worth exactly nothing. Nothing is fitted anew: whatever is left on keeps
the posterior of the fit that had everything on.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

import numpy as np

from calibration.backtest.futures import journal_of
from calibration.backtest.observed import Days, days_of
from calibration.backtest.scoring import Series, series
from calibration.backtest.skill import batch_error, batches, paired_interval
from calibration.backtest.study import Count, Plan, Progress, simulated
from calibration.scores import crps

ERRORS = 2.0
"""Standard errors by the draws that a worth must exceed to be told from their luck."""

Planned = Callable[[Sequence[str]], Plan]


class Worth(NamedTuple):
    """One mechanism at one horizon: mean CRPS (fair estimator, attacks) over the origins.

    `worth` is `crps_off` less `crps_on`: above 0 where the forecasts are better with the
    mechanism. `low90` and `high90` are its 90 % interval by paired block bootstrap over the
    origins, none where it would mean nothing; `error` is the standard error of `worth` that
    comes from drawing so many futures and no more, none where these are too few to tell.
    `changed` is the share of futures whose count is another with the mechanism off.
    """

    mechanism: str
    horizon_weeks: int
    origins: int
    crps_on: float
    crps_off: float
    worth: float
    low90: float | None
    high90: float | None
    error: float | None
    changed: float

    @property
    def sign(self) -> int:
        """1 or −1 where luck hardly made it, else 0.

        The interval leaves out zero, and the worth is more than `ERRORS` errors by the draws:
        where few futures change, on few Mondays, the interval alone is too narrow.
        """
        if self.low90 is None or self.high90 is None:
            return 0
        if self.error is not None and abs(self.worth) <= ERRORS * self.error:
            return 0
        return (self.low90 > 0.0) - (self.high90 < 0.0)


def worths(
    planned: Planned, mechanisms: Mapping[str, Sequence[str]], progress: Progress | None = None
) -> list[Worth]:
    """Each mechanism at each horizon, in their order.

    Args:
        planned: the backtest under some overrides; all are planned before any is simulated.
        mechanisms: by name, the overrides that switch it off.
        progress: is told how many futures are done.
    """
    whole = planned(())
    less = {name: planned(off) for name, off in mechanisms.items()}
    count = Count((1 + len(less)) * len(whole.scored(1)) * whole.draws, progress)
    days = days_of(journal_of(whole.source), whole.end)
    on = _forecast(whole, days, count)
    return [
        worth(name, with_it, without, whole.main.seed)
        for name, plan in less.items()
        for with_it, without in zip(on, _forecast(plan, days, count), strict=True)
    ]


def _forecast(plan: Plan, days: Days, count: Count) -> list[Series]:
    """The simulator's draws and what came, by horizon."""
    return series(simulated(plan, count), days, plan.end)


def worth(mechanism: str, on: Series, off: Series, seed: int) -> Worth:
    """One comparison.

    Args:
        mechanism: its name.
        on: the forecasts with it.
        off: those without it, from the same draws of the same origins.
        seed: of the bootstrap.
    """
    with_it, without = crps(on.samples, on.observed), crps(off.samples, off.observed)
    # Other draws of equal score differ in the last bit, which must not pass for a worth.
    lost = np.round(without - with_it, 12)
    low, high = paired_interval(lost.tolist(), on.weeks, seed)
    return Worth(
        mechanism,
        on.weeks,
        len(on.origins),
        float(with_it.mean()),
        float(without.mean()),
        float(lost.mean()),
        low,
        high,
        _error(on, off),
        float(np.mean(on.samples != off.samples)),
    )


def _error(on: Series, off: Series) -> float | None:
    """By batches of the same draws of both."""
    with_it, without = batches(on), batches(off)
    return None if with_it is None or without is None else batch_error(without - with_it)
