"""Theory: answers come with the stated probability, after the stated time.

Seeds are fixed; each test states the chance that a correct simulator had of failing.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import pytest
from scipy import stats

from sim.agents.trigger import days_to_attribution
from sim.campaign import simulate
from sim.events import Event, Journal, Kind
from sim.settings.attribution import Attribution
from sim.settings.compose import load
from sim.settings.sampling import Sampler

ALARM = 1e-4
REPLICATIONS = 300

HARMLESS = (
    "casualties.coalition_deaths_small=0",
    "casualties.coalition_deaths_large=0",
    "sites.classes.embassy_zone.inside_share=0",
)
PLAIN = (
    "ablation=everything_optional",
    "scenario.end=2019-06-15",
    "timeline=none",
    "convoys=none",
    "air_defence=none",
    "militia.base_rate=1",
    "militia.excitation=0",
    *HARMLESS,
)
AT_ONCE = ("retaliation.needed=0",)


@lru_cache(maxsize=2)
def journals(*overrides: str) -> list[Journal]:
    sampler = Sampler(load((*PLAIN, *overrides)))
    return [simulate(sampler, 13, replication) for replication in range(REPLICATIONS)]


def first_decisions(*overrides: str) -> list[Event]:
    """The first of each replication: no other strike was on its way."""
    found = [journal.where(Kind.DECISION) for journal in journals(*overrides)]
    return [decisions[0] for decisions in found if decisions]


def test_an_attack_is_answered_with_the_stated_probability() -> None:
    """The first attack of each replication, 30 in 100: exact binomial, false alarm 1e-4."""
    answered, attacks = 0, 0
    fortnight = "scenario.end=2019-05-15"
    for journal in journals(*AT_ONCE, fortnight, "retaliation.probability.none=0.3"):
        first = journal.where(Kind.ROCKET_ATTACK)[:1]
        causes = {decision.cause for decision in journal.where(Kind.DECISION)}
        attacks += len(first)
        answered += sum(attack.id in causes for attack in first)
    assert attacks > 290
    assert stats.binomtest(answered, attacks, 0.3).pvalue > ALARM


LAG = (
    *AT_ONCE,
    "retaliation.probability.none=1",
    "retaliation.strike.lag_median_days=4",
    "retaliation.strike.lag_sigma=0.7",
    "retaliation.strike.leadership_share=0.25",
    "retaliation.strike.militia_killed_mean=6",
    "retaliation.strike.wounded_per_killed=1.5",
    "retaliation.strike.dispersion=2",
)
"""Every answer is a strike; when, at whom and with what toll are draws of their own."""


def test_lags_of_strikes_are_log_normal() -> None:
    """KS over the first decision of each replication; false alarm 1e-4."""
    lags = [decision.due - decision.time for decision in first_decisions(*LAG)]
    assert len(lags) > 290
    assert stats.kstest(lags, "lognorm", args=(0.7, 0.0, 4.0)).pvalue > ALARM


def test_a_strike_falls_when_its_decision_said() -> None:
    """And only one that falls after the end is missing."""
    for journal in journals(*LAG):
        strikes = {s.cause: s.time for s in journal.where(Kind.AIRSTRIKE, Kind.LEADERSHIP_STRIKE)}
        for decision in journal.where(Kind.DECISION):
            if decision.due < 45.0:
                assert strikes[decision.id] == pytest.approx(decision.due, abs=1e-9)
            else:
                assert decision.id not in strikes


def test_leaders_are_struck_with_the_stated_probability() -> None:
    """Exact binomial on first decisions; false alarm 1e-4."""
    found = first_decisions(*LAG)
    leaders = sum(decision.subtype == "leadership_strike" for decision in found)
    assert stats.binomtest(leaders, len(found), 0.25).pvalue > ALARM


def test_tolls_of_strikes_have_the_stated_mean() -> None:
    """z-test with the negative binomial's own variance; false alarm about 1e-4."""
    strikes = [s for j in journals(*LAG) for s in j.where(Kind.AIRSTRIKE)]
    hurt = np.array([s.militia_killed + s.militia_wounded for s in strikes])
    killed = np.array([s.militia_killed for s in strikes])
    error = np.sqrt((15.0 + 15.0**2 / 2.0) / len(hurt))
    assert 2.0 * stats.norm.sf(abs(hurt.mean() - 15.0) / error) > ALARM
    assert stats.binomtest(int(killed.sum()), int(hurt.sum()), 0.4).pvalue > ALARM


# -- attribution -------------------------------------------------------------------------


SHIPPED = load().attribution


def attribution(**numbers: float) -> Attribution:
    known = {
        "initial": 0.4,
        "growth_days": 5.0,
        "front_ceiling": 0.8,
    }
    return SHIPPED.model_copy(update={**known, **numbers})


@pytest.mark.parametrize("initial", [0.0, 0.2, 0.5])
@pytest.mark.parametrize("growth", [0.5, 5.0, 40.0])
@pytest.mark.parametrize("needed", [0.55, 0.7, 0.79])
@pytest.mark.parametrize(("fronted", "ceiling"), [(False, 1.0), (True, 0.8)])
def test_confidence_is_what_is_needed_when_the_wait_is_over(
    initial: float, growth: float, needed: float, fronted: bool, ceiling: float
) -> None:
    settings = attribution(initial=initial, growth_days=growth)
    wait = days_to_attribution(settings, needed, fronted)
    confidence = ceiling * (1.0 - (1.0 - initial) * 2.0 ** (-wait / growth))
    assert wait >= 0.0
    assert confidence == pytest.approx(needed, rel=1e-12)


def test_the_decision_waits_for_attribution() -> None:
    """Confidence 0.4, doubt halving in 5 days, 0.7 needed: 5 days unless a front claims;
    behind a front that allows 0.8 at most: −5·log₂((1 − 0.7/0.8) / 0.6) = 11.3 days."""
    gate = [
        "attribution.initial=0.4",
        "attribution.growth_days=5",
        "attribution.front_ceiling=0.8",
        "retaliation.needed=0.7",
        "retaliation.patience_days=60",
        "retaliation.probability.none=1",
    ]
    waits: dict[bool, list[float]] = {True: [], False: []}
    for journal in journals(*gate):
        by_id = {event.id: event for event in journal}
        for decision in journal.where(Kind.DECISION):
            attack = by_id[decision.cause]
            waits[attack.brand != "nobody"].append(decision.time - attack.time)
    assert len(waits[True]) > 20
    assert waits[False] == pytest.approx([5.0] * len(waits[False]))
    behind = 5.0 * np.log2(0.6 / 0.125)
    assert waits[True] == pytest.approx([behind] * len(waits[True]))


# -- observation -------------------------------------------------------------------------

SEEN = (
    "observers.delay_median_hours=30",
    "observers.delay_sigma=0.6",
    "observers.rocket_detection=0.65",
    "retaliation=never",
)


def test_reports_come_with_the_stated_probability() -> None:
    """Attacks early enough to be reported for certain; exact binomial, false alarm 1e-4."""
    reported, attacks = 0, 0
    for journal in journals(*SEEN):
        early = [a for a in journal.where(Kind.ROCKET_ATTACK) if a.time < 30.0]
        causes = {report.cause for report in journal.where(Kind.REPORT)}
        attacks += len(early)
        reported += sum(attack.id in causes for attack in early)
    assert stats.binomtest(reported, attacks, 0.65).pvalue > ALARM


def test_delays_of_reports_are_log_normal() -> None:
    """KS over reports of attacks of the first 30 of 45 days; false alarm 1e-4.

    A delay beyond the 15 days left has odds of 1 in 10⁵ and is missing.
    """
    delays = []
    for journal in journals(*SEEN):
        times = {a.id: a.time for a in journal.where(Kind.ROCKET_ATTACK) if a.time < 30.0}
        reports = [r for r in journal.where(Kind.REPORT) if r.cause in times]
        delays += [24.0 * (report.time - times[report.cause]) for report in reports]
    assert len(delays) > 4000
    assert stats.kstest(delays, "lognorm", args=(0.6, 0.0, 30.0)).pvalue > ALARM
