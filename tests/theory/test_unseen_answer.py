"""Theory: a strike that had not been flown by the cut still comes as often as it should."""

from __future__ import annotations

from functools import cache

import pytest
from scipy import stats

from sim import record
from sim.agents.pending import LogNormal
from sim.events import Event, Kind, Side
from sim.history import History
from sim.replay import branch
from sim.settings.compose import load
from sim.settings.sampling import Sampler

TAJI, FLOWN = "A059", 315.5
"""The attack of 11 March 2020, at noon of its day."""
LAG = LogNormal(4.0, 0.6)
CHANCE = 0.6
REPLICATIONS = 400
FEW = 60
"""Futures without one strike: by chance in one of 10⁸, where a third of them have one."""
ALARM = 1e-4
WORLD = (
    "ablation=everything_optional",
    "scenario.end=2020-06-01",
    "militia.base_rate=0",
    "militia.excitation=0",
    "convoys=none",
    f"retaliation.probability={{killed: {CHANCE}, wounded: 0, compound: 0, none: 0}}",
    "retaliation.after_storming=0",
    "retaliation.protest_cost=0",
    "retaliation.needed=0",
    "retaliation.strike.leadership_share=0",
    f"retaliation.strike.lag_median_days={LAG.median}",
    f"retaliation.strike.lag_sigma={LAG.sigma}",
)


@cache
def strikes(cut: float, *more: str, futures: int = REPLICATIONS) -> list[Event]:
    """The answers to Taji in many futures from a cut before the recorded strike."""
    told = record.read()
    history, sampler = History(told, told.start, cut), Sampler(load([*WORLD, *more]))
    found = []
    for number in range(futures):
        future = branch(sampler, 8, number, history, told=False)
        found += [e for e in future.events if e.kind is Kind.AIRSTRIKE and e.side is Side.US]
    return found


@pytest.mark.parametrize("cut", [316.0, 316.5, 317.0])
def test_it_comes_with_the_chance_that_is_left(cut: float) -> None:
    left = CHANCE * (1.0 - LAG.passed(cut - FLOWN))
    share = left / (1.0 - CHANCE + left)
    low, high = stats.binom.ppf([ALARM / 2, 1 - ALARM / 2], REPLICATIONS, share)
    assert low <= len(strikes(cut)) <= high
    assert all(strike.cause == f"D{TAJI}" for strike in strikes(cut))


def test_at_a_lag_from_the_delays_that_are_left() -> None:
    """The lags, as probabilities among those longer than what was waited, are uniform."""
    gone = LAG.passed(317.0 - FLOWN)
    levels = [(LAG.passed(s.time - FLOWN) - gone) / (1.0 - gone) for s in strikes(317.0)]
    assert min(s.time for s in strikes(317.0)) >= 317.0
    assert stats.kstest(levels, "uniform").pvalue > ALARM


def test_the_longer_nothing_comes_the_less_is_to_come() -> None:
    assert len(strikes(317.0)) < len(strikes(316.0))


def test_a_policy_that_would_not_answer_does_not() -> None:
    never = "retaliation.probability={killed: 0, wounded: 0, compound: 0, none: 0}"
    assert strikes(316.0, never, futures=FEW) == []


def test_once_the_strike_was_flown_nothing_is_pending() -> None:
    """The record's own strike of 13 March stands for everything before it."""
    assert strikes(318.0, futures=FEW) == []
