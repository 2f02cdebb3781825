"""The likelihood of what is merely counted: convoy attacks, foiled attempts, depot blasts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from scipy.special import xlogy

from calibration.quantiles import Floats
from calibration.wide import WideDriver
from sim.agents.fear import MOST_FEAR
from sim.events import Event, Kind
from sim.settings.scenario import Scenario

CONVOYS = ("convoys.rate", "observers.convoy_detection")
FOILED = (
    *("militia.foiled_ratio", "observers.foiled_detection", "government.capacity"),
    *("government.arrests.fear", "government.arrests.fear_half_life_days"),
)
BLASTS = ("striker.rate",)


class CountLikelihood:
    """log p of three counts, for many parameters at once.

    A convoy attack is reported with `convoy_detection`: only rate × detection is known. Each
    point of the tempo is a foiled attempt that is reported, against an attack, with odds
    ratio × reach × detection. Depot blasts are reported all.

    Args:
        record: what was lived through.
        days: length of the window.
    """

    def __init__(self, record: list[Event], days: float) -> None:
        self.days = days
        known = [event for event in record if 0.0 <= event.time < days]
        self.convoys = sum(e.units or 1 for e in known if e.kind is Kind.CONVOY_ATTACK)
        self.blasts = sum(e.kind is Kind.DEPOT_BLAST for e in known)
        kinds = (Kind.ROCKET_ATTACK, Kind.FOILED_ATTACK, Kind.INTIMIDATION)
        self.points = [event for event in known if event.kind in kinds]

    def __call__(self, scenario: Scenario, width: int) -> Floats:
        """Log-likelihoods, shape (width,)."""
        convoys: Any = scenario.convoys.rate * scenario.observers.convoy_detection
        told = self._poisson(self.convoys, convoys)
        if scenario.striker.on:
            told = told + self._poisson(self.blasts, scenario.striker.rate)
        return np.broadcast_to(told + self._foiled(scenario, width), (width,))

    def _poisson(self, count: int, rate: Any) -> Any:
        """log p of a count over the window, up to a constant."""
        return xlogy(count, rate * self.days) - rate * self.days

    def _foiled(self, scenario: Scenario, width: int) -> Any:
        """log p of which points are foiled attempts."""
        detection: Any = scenario.militia.foiled_ratio * scenario.observers.foiled_detection
        total, reach = np.zeros(width), _Reach(scenario, width)
        for event in self.points:
            if event.kind is Kind.INTIMIDATION:
                reach.shrink(event.time)
                continue
            odds = detection * reach.at(event.time)
            foiled = event.kind is Kind.FOILED_ATTACK
            total = total + (xlogy(1.0, odds) if foiled else 0.0) - np.log1p(odds)
        return total


class _Reach:
    """What the host state finds, as `sim.agents.fear.Reach` has it, for many at once."""

    def __init__(self, scenario: Scenario, width: int) -> None:
        government = scenario.government
        self.full: Any = government.capacity if government.on else 0.0
        fear, half_life = government.arrests.fear, government.arrests.fear_half_life_days
        self.fear = WideDriver(-1.0 * fear, half_life, MOST_FEAR, width) if government.on else None

    def shrink(self, time: float) -> None:
        """An officer, or a witness, is intimidated."""
        if self.fear is not None:
            self.fear.jump(time)

    def at(self, time: float) -> Any:
        """The share found at `time`."""
        return self.full * np.exp(self.fear.level(time)) if self.fear is not None else self.full


def keys(uncertain: Sequence[str]) -> list[str]:
    """The uncertain quantities that the counts hang on."""
    return [key for key in uncertain if key in (*CONVOYS, *FOILED, *BLASTS)]
