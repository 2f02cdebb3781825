"""Time-rescaled gaps: ∫λ between one attack and the next, which is exponential if λ is right.

With fitted parameters the usual Kolmogorov–Smirnov p-value is no p-value. So the statistic is
set beside that of histories simulated with the same parameters, dated to the day like the
record, and gone through in the same way (a parametric bootstrap over the posterior).
"""

from __future__ import annotations

from math import floor
from typing import NamedTuple

import numpy as np
from scipy import stats

from calibration.blocks import Data
from calibration.histories import history
from calibration.quantiles import Floats
from calibration.replayed import lived
from calibration.tempo import TempoLikelihood
from sim.clock import NOON
from sim.events import Event, Journal, Kind
from sim.reports import accounts
from sim.settings.scenario import Scenario


class GapTest(NamedTuple):
    """The mean KS statistic of recorded and of simulated gaps, and the share of draws in which
    the simulated one is at least as large: small means that λ does not fit."""

    attacks: int
    recorded: float
    simulated: float
    p: float


def rescaled(likelihood: TempoLikelihood, scenario: Scenario, width: int) -> Floats:
    """∫λ from each attack to the next, the first from the start, shape (width, attacks)."""
    tempo = likelihood.replay(likelihood.records[0], scenario, width)
    cuts = [edge for hole in likelihood.holes for edge in hole]
    middle, parts = tempo.integrals(0.0, likelihood.end, cuts)
    parts = parts * likelihood.detection(middle, scenario)
    reached = np.stack([(parts * (middle < t)).sum(axis=1) for t in tempo.asked], axis=1)
    return np.diff(reached, axis=1, prepend=0.0)


def statistic(gaps: Floats) -> float:
    """√n times the largest distance of n gaps from the unit exponential: histories differ in n."""
    return float(np.sqrt(len(gaps)) * stats.kstest(gaps, "expon").statistic)


def test(data: Data, likelihood: TempoLikelihood, draws: dict[str, Floats], seed: int) -> GapTest:
    """The recorded gaps under a posterior.

    Args:
        data: what the fit saw.
        likelihood: of its tempo.
        draws: of the fitted quantities, in their own units.
        seed: of the simulated histories.
    """
    n = len(next(iter(draws.values())))
    scenario = data.sampler.draw(lambda key: 0.5, given=draws)
    recorded = np.array([statistic(row) for row in rescaled(likelihood, scenario, n)])
    rows = [{key: float(told[i]) for key, told in draws.items()} for i in range(n)]
    simulated = np.array([_simulated(data, row, seed, i) for i, row in enumerate(rows)])
    known = ~np.isnan(simulated)
    share = float((simulated[known] >= recorded[known]).mean())
    attacks = sum(e.kind is Kind.ROCKET_ATTACK for e in data.lived[0])
    return GapTest(attacks, float(recorded.mean()), float(simulated[known].mean()), share)


def _simulated(data: Data, row: dict[str, float], seed: int, number: int) -> float:
    """The statistic of one simulated history under its own parameters; NaN if it is empty."""
    scenario, journal = history(data.sampler, seed, number, row)
    record = lived(data.sampler, _dated(journal), scenario.scenario.start, data.days, 0)
    if not any(event.kind is Kind.ROCKET_ATTACK for event in record):
        return float("nan")
    told = TempoLikelihood([record], scenario.scenario.start, data.days, data.holes)
    return statistic(rescaled(told, scenario, 1)[0])


def _dated(journal: Journal) -> Journal:
    """What a record would tell of a journal: reported attacks, on their days, at noon."""
    told = accounts(journal)
    seen = [e for e in journal if e.kind is not Kind.ROCKET_ATTACK or e.id in told]
    return Journal(journal.start, journal.end, [_at_noon(event) for event in seen])


def _at_noon(event: Event) -> Event:
    if event.kind is not Kind.ROCKET_ATTACK:
        return event
    return event.but(time=floor(event.time) + NOON)
