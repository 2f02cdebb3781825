"""Theory: simulation and likelihood mean the same λ.

Attacks are rescaled by the compensator of a tempo that was rebuilt from the journal
alone; what is left must be a Poisson process of rate one (Papangelou 1972; Brown and
others 2002).
"""

from __future__ import annotations

import math
import random
from functools import cache

import numpy as np
import pytest
from scipy import stats
from scipy.integrate import quad

from sim.agents.agent import Agent
from sim.agents.militia import Militia
from sim.campaign import Campaign, drawn, simulate
from sim.draws import Draws
from sim.events import Event, Kind
from sim.intensity import Driver, Tempo, compensator
from sim.settings.compose import load
from sim.settings.sampling import Sampler
from sim.settings.scenario import Scenario

ALARM = 1e-4

EVENTFUL = (
    "militia.base_rate=0.25",
    "militia.excitation=0.35",
    "militia.decay_days=5",
    "militia.foiled_ratio=0.3",
    "militia.drivers.deterrence={on: true, size: -0.9, half_life_days: 25, cap: 2}",
    "militia.drivers.backlash={on: true, size: 1.4, half_life_days: 4, cap: 2}",
    "militia.drivers.threat={on: true, size: -0.8, half_life_days: 20, cap: 2}",
    "militia.drivers.calendar={on: true, size: 0.9, lead_days: 10, lag_days: 5}",
    "militia.drivers.leadership_strength=1.5",
    "militia.truce.factor=0.15",
    "convoys=none",
    "retaliation.probability={killed: 1, wounded: 0.5, compound: 0.5, none: 0.2}",
    "retaliation.needed=0.3",
    "attribution.initial=0.2",
    "attribution.growth_days=1",
    "attribution.front_ceiling=1",
    "retaliation.strike.lag_median_days=2",
    "+timeline.marks.warning="
    "{day: 2019-09-01, known_from: 2019-09-01, kind: threat, side: us, text: t, source: test}",
    "+timeline.marks.calm="
    "{day: 2019-10-20, known_from: 2019-10-20, kind: truce, text: t, source: test}",
    "+timeline.marks.calm_ends="
    "{day: 2020-02-05, known_from: 2020-02-05, kind: truce_break, text: t, source: test}",
)
REPLICATIONS = 20


SAMPLER = cache(lambda: Sampler(load(EVENTFUL)))


class Notes(Agent):
    """Takes down what agents are told, and when: announcements too, which no journal dates."""

    observes = tuple(Kind)
    rank = -1

    def __init__(self) -> None:
        self.heard: list[tuple[float, Event]] = []

    def observe(self, event: Event) -> None:
        now = self.env.now if hasattr(self, "env") else 0.0  # what was known at the start
        self.heard.append((float(now), event))


@cache
def lived(replication: int) -> tuple[list[tuple[float, Event]], Scenario, float]:
    """What the agents of one replication were told, its scenario and its end."""
    scenario = drawn(SAMPLER(), Draws(3, replication))
    campaign, notes = Campaign(scenario, Draws(3, replication)), Notes()
    campaign.agents.insert(0, notes)
    campaign.journal.subscribe(notes.observes, notes.observe, notes.rank)
    campaign.run()
    return notes.heard, scenario, campaign.end


def newborn(scenario: Scenario) -> Militia:
    """A militia that knows nothing yet, on a journal of its own."""
    agents = Campaign(scenario, Draws(0, 0)).agents
    return next(agent for agent in agents if isinstance(agent, Militia))


def rescale(replication: int, forget: tuple[Kind, ...] = ()) -> tuple[list[float], float]:
    """Attacks in units of expected attacks, and the length of the window in those units."""
    told, scenario, end = lived(replication)
    militia = newborn(scenario)
    now, total, attacks = 0.0, 0.0, []
    for time, event in told:
        total += compensator(militia.tempo, now, time)
        now = time
        if event.kind is Kind.LAUNCH:
            attacks.append(total)
        elif event.kind not in forget and event.kind in militia.observes:
            militia.observe(event)
    return attacks, total + compensator(militia.tempo, now, end)


@cache
def gaps(forget: tuple[Kind, ...] = ()) -> np.ndarray:
    """Gaps of all replications laid end to end, so that no gap is cut short."""
    laid, base = [], 0.0
    for replication in range(REPLICATIONS):
        attacks, length = rescale(replication, forget)
        laid += [base + attack for attack in attacks]
        base += length
    return np.diff(np.array(laid), prepend=0.0)


def test_the_eventful_scenario_has_what_moves_the_tempo() -> None:
    kinds = [event.kind for replication in range(5) for _, event in lived(replication)[0]]
    assert kinds.count(Kind.LAUNCH) > 500
    assert kinds.count(Kind.AIRSTRIKE) > 20
    assert kinds.count(Kind.CALENDAR_MARK) == 5 * 10
    assert kinds.count(Kind.TRUCE_BREAK) > 5


def test_rescaled_gaps_are_unit_exponential() -> None:
    """KS over every gap of 20 replications; false alarm 1e-4."""
    assert len(gaps()) > 1500
    assert stats.kstest(gaps(), "expon").pvalue > ALARM


def test_rescaled_gaps_are_independent() -> None:
    """Rank correlation of neighbours; false alarm 1e-4."""
    assert stats.spearmanr(gaps()[:-1], gaps()[1:]).pvalue > ALARM


def test_as_many_attacks_as_the_compensator_expects() -> None:
    """The last point is the sum of as many unit exponentials; false alarm 2e-4."""
    n, total = len(gaps()), gaps().sum()
    assert stats.gamma.ppf(ALARM, n) < total < stats.gamma.ppf(1.0 - ALARM, n)


@pytest.mark.parametrize(
    "forgotten", [(Kind.AIRSTRIKE, Kind.LEADERSHIP_STRIKE), (Kind.TRUCE,), (Kind.ROCKET_ATTACK,)]
)
def test_a_tempo_that_forgets_something_is_found_out(forgotten: tuple[Kind, ...]) -> None:
    """The tests above have teeth: leave out what moves λ and they reject."""
    wrong = gaps(forgotten)
    ks = stats.kstest(wrong, "expon").pvalue
    n, total = len(wrong), wrong.sum()
    count = 2.0 * min(stats.gamma.cdf(total, n), stats.gamma.sf(total, n))
    assert min(ks, count) < 1e-4


# -- windows -----------------------------------------------------------------------------


def in_windows(known: str, base: float) -> tuple[int, float]:
    """Launches of 200 replications around one mark, and how many the compensator expects."""
    mark = f"{{day: 2019-07-10, known_from: {known}, kind: calendar_mark, text: t, source: test}}"
    sampler = Sampler(
        load(
            [
                "ablation=everything_optional",
                "scenario.end=2019-08-01",
                "timeline=none",
                "convoys=none",
                "retaliation=never",
                "air_defence=none",
                "militia.excitation=0",
                "militia.foiled_ratio=0",
                f"militia.base_rate={base}",
                "militia.drivers.most=5",
                "militia.drivers.calendar={on: true, size: 2.5, lead_days: 8, lag_days: 4}",
                f"+timeline.marks.visit={mark}",
            ]
        )
    )
    draws, end = Draws(4, 0), 92.0
    campaign = Campaign(drawn(sampler, draws), draws)
    militia = newborn(campaign.scenario)
    (visit,) = [entry for entry in campaign.timeline.given if entry.event.id == "T:visit"]
    total = compensator(militia.tempo, 0.0, visit.known)
    militia.observe(visit.event)
    total += compensator(militia.tempo, visit.known, end)
    runs = [simulate(sampler, 4, replication) for replication in range(200)]
    return sum(len(journal.where(Kind.LAUNCH)) for journal in runs), 200 * total


def test_a_window_that_is_known_is_used_in_full() -> None:
    """The launches are Poisson with the compensator as mean; false alarm 2e-4."""
    launches, mean = in_windows("2019-05-01", base=0.1)
    assert stats.poisson.ppf(ALARM, mean) < launches < stats.poisson.ppf(1.0 - ALARM, mean)


def test_a_window_that_is_announced_late_is_used_in_full() -> None:
    """As above, where the next attack had been far beyond the end; false alarm 2e-4."""
    launches, mean = in_windows("2019-06-20", base=0.01)
    assert stats.poisson.ppf(ALARM, mean) < launches < stats.poisson.ppf(1.0 - ALARM, mean)


# -- the compensator ---------------------------------------------------------------------


def some_tempo(seed: int) -> Tempo:
    """A tempo after a month of strikes, attacks and marks, with rates of any order."""
    rng = random.Random(seed)
    drivers = {
        "deterrence": Driver(-rng.uniform(0, 1.5), rng.uniform(5, 90), 2.0),
        "backlash": Driver(rng.uniform(0, 1.5), rng.uniform(1, 30), 2.5),
    }
    tempo = Tempo(10 ** rng.uniform(-2, 0), rng.uniform(0, 0.9), rng.uniform(3, 30), drivers)
    for time in sorted(rng.uniform(0, 30) for _ in range(12)):
        tempo.excite(time)
    for time in sorted(rng.uniform(20, 30) for _ in range(3)):
        tempo.drivers[rng.choice(["deterrence", "backlash"])].jump(time, rng.uniform(0.5, 2))
    for _ in range(4):
        start = rng.uniform(25, 90)
        tempo.window(start, start + rng.uniform(1, 20), rng.gauss(0.3, 0.5))
    tempo.gate = rng.choice([1.0, 0.3])
    return tempo


def by_quadrature(tempo: Tempo, start: float, end: float) -> float:
    total, low = 0.0, start
    while low < end:
        high = min(end, tempo.next_break(low))
        top = math.nextafter(high, low)  # at the edge itself the next window has begun

        def rate(time: float, top: float = top) -> float:
            return tempo.rate(min(time, top))

        total += quad(rate, low, high, epsabs=0.0, epsrel=1e-12, limit=500)[0]
        low = high
    return total


@pytest.mark.parametrize("seed", range(20))
def test_the_compensator_agrees_with_adaptive_quadrature(seed: int) -> None:
    """To a relative error of 1e-8, across windows, over a day and over months."""
    tempo = some_tempo(seed)
    for end in (30.7, 45.0, 130.0):
        assert compensator(tempo, 30.0, end) == pytest.approx(
            by_quadrature(tempo, 30.0, end), rel=1e-8
        )


def test_the_compensator_of_a_constant_rate_and_of_one_excitation() -> None:
    """∫ of μ is μT; an attack adds α(1 − e^{−κT}) expected ones."""
    flat = Tempo(0.4, 0.0, 7.0, {})
    assert compensator(flat, 3.0, 13.0) == pytest.approx(4.0, rel=1e-14)
    for lag in (7.0, 0.1):
        excited = Tempo(0.0, 0.6, lag, {})
        excited.excite(2.0)
        expected = 0.6 * (1.0 - math.exp(-30.0 / lag))
        assert compensator(excited, 2.0, 32.0) == pytest.approx(expected, rel=1e-12)
    assert compensator(flat, 5.0, 5.0) == 0.0


def test_the_compensator_where_effects_are_cut_off() -> None:
    """3·2^−(t − 10) is 1.5 on day 11, and from there on less than `most`."""
    tempo = Tempo(0.2, 0.45, 7.0, {"backlash": Driver(3.0, 1.0, 3.0)}, most=1.5)
    tempo.drivers["backlash"].jump(10.0)
    assert compensator(tempo, 10.0, 40.0) == pytest.approx(7.365345707, rel=1e-9)
    for start in (10.0, 10.3):
        expected = quad(tempo.rate, start, 40.0, points=[11.0], epsabs=0.0, epsrel=1e-12)[0]
        assert compensator(tempo, start, 40.0) == pytest.approx(expected, rel=1e-8)
    assert tempo.kinks(10.0, 40.0) == pytest.approx([11.0], rel=1e-14)
    assert tempo.kinks(11.5, 40.0) == []


def test_effects_that_rise_above_the_most_and_fall_below_it_again() -> None:
    """y = 2^−t/8: a fall 4y² from a rise 4y is 0.75 at y = 3/4 and at y = 1/4."""
    drivers = {"rise": Driver(4.0, 8.0, 5.0), "fall": Driver(-4.0, 4.0, 5.0)}
    tempo = Tempo(0.2, 0.0, 7.0, drivers, most=0.75)
    for driver in drivers.values():
        driver.jump(0.0)
    kinks = [8.0 * math.log2(4.0 / 3.0), 16.0]
    assert tempo.kinks(0.0, 40.0) == pytest.approx(kinks, rel=1e-12)
    expected = quad(tempo.rate, 0.0, 40.0, points=kinks, epsabs=0.0, epsrel=1e-12)[0]
    assert compensator(tempo, 0.0, 40.0) == pytest.approx(expected, rel=1e-8)


@pytest.mark.parametrize("most", [20.0, 1.5], ids=["never cut off", "cut off at first"])
def test_the_compensator_where_an_effect_halves_in_a_tenth_of_a_day(most: float) -> None:
    """The shortest half-life that a scenario may have."""
    tempo = Tempo(0.2, 0.0, 7.0, {"reply": Driver(3.0, 0.1, 3.0)}, most)
    tempo.drivers["reply"].jump(10.0)
    cuts = [10.0 + k / 10.0 for k in range(1, 41)]  # at 10.1 the effect is 1.5
    expected = quad(tempo.rate, 10.0, 16.0, points=cuts, limit=500, epsabs=0.0, epsrel=1e-12)[0]
    assert compensator(tempo, 10.0, 16.0) == pytest.approx(expected, rel=1e-8)


def test_the_compensator_adds_up() -> None:
    tempo = some_tempo(3)
    parts = math.fsum(compensator(tempo, 30.0 + i * 7.3, 30.0 + (i + 1) * 7.3) for i in range(10))
    assert parts == pytest.approx(compensator(tempo, 30.0, 103.0), rel=1e-9)


@pytest.mark.parametrize("seed", range(20))
def test_no_rate_rises_above_the_ceiling(seed: int) -> None:
    """The bound that the simulation relies on, between one break and the next."""
    tempo = some_tempo(seed)
    low = 30.0
    while low < 120.0:
        high = min(tempo.next_break(low), low + 64.0)
        bound = tempo.ceiling(low, high)
        inside = np.linspace(low, math.nextafter(high, low), 200)
        assert max(tempo.rate(float(t)) for t in inside) <= bound * (1.0 + 1e-12)
        low = high
