"""The likelihood of the attacks' times: Σ log λ(t_i) − ∫λ, by replay.

The record's events go through the same `Motives` that move a simulation's tempo. Dates that
are known to a week or month only are drawn a few times over, always the same; the likelihood
is averaged over these records, not its logarithm.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

import numpy as np
from scipy.special import logsumexp

from calibration.quantiles import Floats
from calibration.wide import Wide
from sim.agents.credibility import Credibility
from sim.agents.leash import Leash
from sim.agents.motives import Motives
from sim.clock import to_days
from sim.events import Event, Kind
from sim.settings.scenario import Scenario

PREFIXES = (
    *("militia.base_rate", "militia.excitation", "militia.decay_days", "militia.drivers."),
    *("militia.truce.", "threats.credibility", "threats.lapse_cost", "threats.proof_gain"),
    *("drawdown.credit", "observers.hole_detection"),
)
PATRON = ("patron.stance", "patron.control_")
"""What λ hangs on beside these, where the patron's word moves the tempo."""


def keys(uncertain: Sequence[str], scenario: Scenario) -> list[str]:
    """The uncertain quantities that λ hangs on, in the order of the schema."""
    drivers = scenario.militia.drivers
    heard = drivers.patron.on and scenario.patron.on
    prefixes = (*PREFIXES, *PATRON, *_followers(uncertain)) if heard else PREFIXES
    prefixes = (*prefixes, "militia.messaging") if drivers.denial.on else prefixes
    off = [f"militia.drivers.{n}." for n in type(drivers).model_fields if _is_off(drivers, n)]
    felt = [key for key in uncertain if key.startswith(prefixes)]
    return [key for key in felt if not key.startswith(tuple(off))]


def _followers(uncertain: Sequence[str]) -> Iterator[str]:
    """How far each cell follows the patron, and how much of the fire is its."""
    for key in uncertain:
        if key.startswith("militia.cells.") and key.endswith((".share", ".bound")):
            yield key


def _is_off(drivers: Any, name: str) -> bool:
    return getattr(getattr(drivers, name), "on", True) is False


class TempoLikelihood:
    """log p(times of attacks | everything else that happened), for many parameters at once.

    Args:
        records: what was lived through, once for each draw of the uncertain dates.
        start: the scenario's first day, day 0.
        end: days; where the record is cut.
        holes: months (YYYY-MM) in which an attack is seen with `observers.hole_detection`
            only. Attacks that nobody saw excite nobody here: the thinned process is only
            approximately one of this kind, and recovery measures by how much that misleads.
    """

    def __init__(
        self, records: Sequence[list[Event]], start: date, end: float, holes: Sequence[str] = ()
    ) -> None:
        self.records = records
        self.end = end
        self.holes = [_month(month, start) for month in holes]

    def __call__(self, scenario: Scenario, width: int) -> Floats:
        """Log-likelihoods, shape (width,), of a scenario whose quantities are that many."""
        each = [self._of(record, scenario, width) for record in self.records]
        return np.asarray(logsumexp(each, axis=0) - np.log(len(each)))

    def _of(self, record: list[Event], scenario: Scenario, width: int) -> Floats:
        tempo = self.replay(record, scenario, width)
        expected: Floats = self.expected(tempo, scenario).sum(axis=1)
        if not tempo.asked:
            return -expected
        seen = self.detection(np.array([tempo.asked]), scenario)
        with np.errstate(divide="ignore"):  # a rate of zero at an attack is impossible: −inf
            chances: Floats = np.log(tempo.rates() * seen).sum(axis=1)
        return chances - expected

    def replay(self, record: list[Event], scenario: Scenario, width: int) -> Wide:
        """λ after all that happened, asked for at each attack of the window."""
        tempo = Wide(scenario.militia, width)
        motives = motives_of(scenario, tempo)
        for event in record:
            tempo.now = event.time
            if event.kind is Kind.ROCKET_ATTACK and 0.0 <= event.time < self.end:
                tempo.ask(event.time)
            motives.observe(event)
        return tempo

    def expected(self, tempo: Wide, scenario: Scenario) -> Floats:
        """∫ of the rate at which attacks are seen, by panel, shape (width, panels)."""
        cuts = [edge for hole in self.holes for edge in hole]
        middle, parts = tempo.integrals(0.0, self.end, cuts)
        return parts * self.detection(middle, scenario)

    def detection(self, times: Floats, scenario: Scenario) -> Floats:
        """The chance that an attack is seen at all: the curve that the observers use."""
        inside = np.zeros(times.shape, bool)
        for first, last in self.holes:
            inside |= (times >= first) & (times < last)
        if not inside.any():
            return np.broadcast_to(scenario.observers.rocket_detection, times.shape)
        hole = np.reshape(scenario.observers.hole_detection, (-1, 1))
        return np.where(inside, hole, scenario.observers.rocket_detection)


def motives_of(scenario: Scenario, tempo: Wide) -> Motives[Wide]:
    """What moves the tempo of this scenario, set to move `tempo`."""
    leash, credibility = Leash(scenario.patron), Credibility(scenario.threats)
    excites = scenario.convoys.excites_rockets
    return Motives(scenario.militia, leash, credibility, scenario.drawdown, tempo, excites)


def _month(name: str, start: date) -> tuple[float, float]:
    """First day of a month and of the next, in days from `start`."""
    year, month = map(int, name.split("-"))
    following = date(year + month // 12, month % 12 + 1, 1)
    return float(to_days(date(year, month, 1), start)), float(to_days(following, start))
