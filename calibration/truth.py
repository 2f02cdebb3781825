"""Histories whose parameters are known: simulated, then reported as the record is reported."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from calibration.blocks import Data
from calibration.histories import history
from calibration.plan import Plan
from calibration.quantiles import Floats
from calibration.replayed import lived
from sim import ladder
from sim.campaign import simulate
from sim.events import Journal, Kind
from sim.reports import accounts
from sim.settings.posterior import sampler_of
from sim.settings.sampling import Sampler
from sim.settings.scenario import Settings

ATTACKS = (Kind.ROCKET_ATTACK, Kind.CONVOY_ATTACK, Kind.FOILED_ATTACK)
"""What reaches the record only through a report."""


class Truth(NamedTuple):
    """One synthetic history: the parameters it was made with, and what is seen of it."""

    parameters: dict[str, float]
    data: Data


def truth(plan: Plan, settings: Settings, entropy: int, number: int) -> Truth:
    """A history simulated with parameters from their priors, as a fit would meet it.

    Everything that happened is known, to the moment, but for attacks that the simulation's
    observers do not report: rockets in the months of holes, convoys and foiled attempts.

    Args:
        plan: the fit whose window is simulated.
        settings: its scenario.
        entropy: root of all draws.
        number: of the history.
    """
    sampler, parameters = sampler_of(settings), dict[str, float]()
    journal = simulate(sampler, entropy, number, note=parameters)
    return Truth(parameters, told(plan, settings, sampler, journal))


def told(plan: Plan, settings: Settings, sampler: Sampler, journal: Journal) -> Data:
    """What a fit would meet of a simulated journal, as precisely as that is dated."""
    days = float((plan.until - settings.scenario.start).days)
    holes = settings.observers.holes if plan.holes else ()
    seen = _reported(journal)
    record = [lived(sampler, seen, settings.scenario.start, days, 0)]
    rows = {event.id: event for event in seen}
    return Data(settings, sampler, record, rows, days, tuple(holes))


def _reported(journal: Journal) -> Journal:
    """The journal without the attacks of which its own observers tell nothing."""
    known = accounts(journal)
    seen = [e for e in journal if e.kind not in ATTACKS or e.id in known]
    return Journal(journal.start, journal.end, seen)


def predicted(settings: Settings, rows: list[dict[str, float]], entropy: int) -> Floats:
    """Fresh histories under some parameters: attacks, busiest week, rung 7 reached or not.

    Shape (rows, 3). What a row leaves out is drawn from its prior.
    """
    sampler = sampler_of(settings)
    return np.array([_fresh(sampler, row, entropy, i) for i, row in enumerate(rows)])


def _fresh(sampler: Sampler, row: dict[str, float], entropy: int, number: int) -> list[float]:
    scenario, journal = history(sampler, entropy, number, row, told=False)
    days = [int(e.time) for e in journal if e.kind is Kind.ROCKET_ATTACK]
    weeks = [day // 7 for day in days]
    reached = ladder.statistics(ladder.rate(journal), 0.0, float(scenario.days)).highest >= 7
    return [len(days), max((weeks.count(week) for week in set(weeks)), default=0), float(reached)]
