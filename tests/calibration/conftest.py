"""What tests of the likelihoods share: short simulated campaigns, and scores at the truth.

At the parameters a campaign was simulated with, the log-likelihood's slope is zero on average,
whatever those parameters are. So each campaign draws its own from the priors.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import numpy as np
import pytest
from scipy.special import ndtr, ndtri

from calibration.quantiles import Floats, quantiles
from calibration.replayed import lived
from sim.campaign import simulate
from sim.draws import Draws
from sim.events import Event
from sim.settings.compose import load
from sim.settings.sampling import Sampler
from sim.settings.scenario import Scenario

LIVELY = (
    *("militia.drivers.patron.on=false", "drawdown.notice_days=10", "scenario.end=2019-08-01"),
    *("observers.convoy_detection=1", "observers.foiled_detection=1", "observers.holes=[]"),
    *("claims=none", "rhetoric=none", "sanctions=none"),
    "militia.base_rate={prior: log_uniform, low: 0.1, high: 0.5}",
    "militia.truce.factor={prior: uniform, low: 0.1, high: 0.8}",
    "convoys.rate={prior: log_uniform, low: 0.05, high: 0.3}",
    "casualties.coalition_deaths_small={prior: uniform, low: 0.05, high: 0.3}",
    "retaliation.strike.leadership_share={prior: uniform, low: 0.1, high: 0.5}",
    *(
        f"retaliation.probability.{harm}={{prior: uniform, low: 0.1, high: 0.9}}"
        for harm in ("killed", "wounded", "compound", "none")
    ),
)
"""Three months with much to learn from: attacks, deaths, answers, truces."""
SEED = 11
STEP = 0.02
"""In normal coordinates."""

Likelihood = Callable[[list[Event], Scenario], Callable[[Scenario, int], Floats]]


class Run(NamedTuple):
    """One campaign: its number, what was lived through, and the parameters it was drawn with."""

    number: int
    record: list[Event]
    drawn: dict[str, float]


class Campaigns:
    """Simulated campaigns whose parameters are known.

    Args:
        overrides: of the scenario.
        count: how many campaigns.
    """

    def __init__(self, overrides: Sequence[str], count: int) -> None:
        self.settings = load(overrides)
        self.sampler = Sampler(self.settings)
        self.uncertain = self.sampler.uncertain()
        self.start, self.days = self.settings.scenario.start, float(self.settings.days)
        self.runs = [self._run(number) for number in range(count)]

    def _run(self, number: int) -> Run:
        drawn: dict[str, float] = {}
        journal = simulate(self.sampler, SEED, number, note=drawn)
        return Run(number, lived(self.sampler, journal, self.start, self.days, 0), drawn)

    def truth(self, run: Run, **changed: Any) -> Scenario:
        """The scenario that a campaign was drawn with."""
        return self.sampler.draw(lambda key: 0.5, given={**run.drawn, **changed})

    def beside(self, run: Run, keys: Sequence[str]) -> Scenario:
        """Its scenario, then each of `keys` a step higher, then each a step lower."""
        uniform = Draws(SEED, run.number).stream("parameters", 1).first
        given: dict[str, Any] = dict(run.drawn)
        for i, key in enumerate(keys):
            z = np.full(1 + 2 * len(keys), ndtri(uniform(key)))
            z[[1 + i, 1 + len(keys) + i]] += (STEP, -STEP)
            given[key] = quantiles(self.uncertain[key], ndtr(z))
        return self.sampler.draw(lambda key: 0.5, given=given)

    def scores(self, keys: Sequence[str], likelihood: Likelihood) -> Floats:
        """Slopes of log p in normal coordinates at the truth, (campaigns, keys)."""
        slopes = []
        for run in self.runs:
            told = likelihood(run.record, self.truth(run))(
                self.beside(run, keys), 1 + 2 * len(keys)
            )
            slopes.append((told[1 : len(keys) + 1] - told[len(keys) + 1 :]) / (2.0 * STEP))
        return np.array(slopes)


def standing(scores: Floats) -> Floats:
    """By how many standard errors each mean score differs from zero."""
    errors = scores.std(axis=0) / np.sqrt(len(scores))
    return np.asarray(scores.mean(axis=0) / np.maximum(errors, 1e-12))


@pytest.fixture(scope="session")
def campaigns() -> Campaigns:
    """A hundred and fifty short campaigns."""
    return Campaigns(LIVELY, 150)


@pytest.fixture(scope="session")
def off_zero() -> Callable[[Floats], Floats]:
    """`standing`, for modules that cannot import from here."""
    return standing


@pytest.fixture(scope="session")
def simulated() -> Callable[[Sequence[str], int], Campaigns]:
    """Campaigns of another scenario: its overrides, and how many."""
    return Campaigns
