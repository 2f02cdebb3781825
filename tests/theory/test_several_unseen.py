"""Theory: of several attacks that may be answered, the first that is stands for the rest."""

from __future__ import annotations

from collections import Counter
from collections.abc import Generator
from datetime import date
from functools import cache
from math import log2, prod
from typing import NamedTuple

import pytest
import simpy
from scipy import stats

from sim.agents.pending import LogNormal, Past
from sim.agents.us_policy import USPolicy
from sim.campaign import drawn
from sim.draws import Draws
from sim.events import Event, Journal, Kind
from sim.settings.compose import load
from sim.settings.sampling import Sampler
from sim.settings.scenario import Scenario

Strikes = list[tuple[str, float]]
"""The attack that each strike answers, and its day."""


class Attack(NamedTuple):
    """An attack, the days until it is attributed, the chance that it is answered."""

    event: Event
    wait: float
    chance: float


KILLED, WOUNDED = 0.6, 0.3
LAG = LogNormal(4.0, 0.6)
SURE, SURE_OF_A_FRONT = 5.0, 5.0 * log2(0.6 / 0.125)
"""Doubt falls from 0.6 to 0.3 in one halving; of a front it must fall to 1 − 0.7/0.8."""
WORLD = (
    f"retaliation.probability={{killed: {KILLED}, wounded: {WOUNDED}, compound: 0, none: 0}}",
    "retaliation.needed=0.7",
    "retaliation.patience_days=12",
    "retaliation.strike.leadership_share=0",
    f"retaliation.strike.lag_median_days={LAG.median}",
    f"retaliation.strike.lag_sigma={LAG.sigma}",
    "attribution.initial=0.4",
    "attribution.growth_days=5",
    "attribution.front_ceiling=0.8",
)
START = date(2019, 5, 1)
NOW, END = 14.0, 60.0
LIVES = 3000
ALARM = 1e-4


def attack(name: str, day: float, chance: float, brand: str = "nobody") -> Attack:
    event = Event(
        id=name,
        time=day,
        kind=Kind.ROCKET_ATTACK,
        brand=brand,
        inside_compound=False,
        coalition_killed=int(chance == KILLED),
        coalition_wounded=1,
    )
    return Attack(event, SURE if brand == "nobody" else SURE_OF_A_FRONT, chance)


OPEN = [
    attack("first", 1.0, KILLED),
    attack("second", 3.0, WOUNDED),
    attack("third", 5.0, KILLED),
    attack("by a front", 0.5, KILLED, "a front"),
]
"""By the day on which they are attributed: what was made first of all comes last."""
LATE = attack("late", 10.0, KILLED)
"""Attributed only after the cut."""
PAST = sorted((made.event for made in [*OPEN, LATE]), key=lambda event: event.time)


@cache
def world() -> Scenario:
    return drawn(Sampler(load(WORLD)), Draws(1, 0))


def policy_on(journal: Journal, entropy: int, number: int) -> USPolicy:
    """The policy alone, listening."""
    policy = USPolicy(world().retaliation, world().attribution, Draws(entropy, number), journal)
    journal.subscribe(policy.observes, policy.observe, policy.rank)
    journal.subscribe(policy.reacts, policy.react, 100 + policy.rank)
    return policy


def strikes_in(journal: Journal) -> Strikes:
    return [(e.id[1:], e.time) for e in journal if e.kind is Kind.AIRSTRIKE]


def plain(number: int) -> Strikes:
    """One run from the first day on."""
    journal, env = Journal(START), simpy.Environment()
    policy_on(journal, 3, number).start(env)

    def happen() -> Generator[simpy.Event]:
        for event in PAST:
            yield env.timeout(event.time - env.now)
            journal.post(event)

    env.process(happen())
    env.run(until=END)
    return strikes_in(journal)


def resumed(number: int, past: list[Event] = PAST) -> Journal:
    """One future from a past in which nothing was flown."""
    journal, env = Journal(START), simpy.Environment(NOW)
    policy = policy_on(journal, 4, number)
    for event in past:
        policy.observe(event)
    policy.start(env)
    policy.resume(Past(NOW, past))
    env.run(until=END)
    return journal


@cache
def futures() -> list[Strikes]:
    return [strikes_in(resumed(number)) for number in range(LIVES)]


@cache
def unstruck() -> list[Strikes]:
    """The plain runs in which no strike had come by the cut: the law itself, by rejection."""
    lives = [plain(number) for number in range(3 * LIVES)]
    return [life for life in lives if not life or life[0][1] > NOW]


@cache
def by_hand() -> dict[str, float]:
    """The chance that an answer to each is on its way: P(those before it let pass) · p · S,
    over the same for all and the chance that all were let pass."""
    let_pass = [prod(1.0 - made.chance for made in OPEN[:i]) for i in range(len(OPEN) + 1)]
    ways = {}
    for made, before in zip(OPEN, let_pass, strict=False):
        waited = NOW - made.event.time - made.wait
        ways[made.event.id] = before * made.chance * (1.0 - LAG.passed(waited))
    whole = sum(ways.values()) + let_pass[-1]
    return {name: way / whole for name, way in ways.items()}


@pytest.mark.parametrize("name", [made.event.id for made in OPEN])
def test_each_is_the_one_that_is_answered_as_often_as_by_hand(name: str) -> None:
    found = sum(life[0][0] == name for life in futures() if life)
    low, high = stats.binom.ppf([ALARM / 2, 1 - ALARM / 2], LIVES, by_hand()[name])
    assert low <= found <= high


def test_the_state_tells_the_chance_that_one_is() -> None:
    policy = policy_on(Journal(START), 4, 0)
    for event in PAST:
        policy.observe(event)
    nothing = (1.0 - sum(by_hand().values())) * (1.0 - LATE.chance)
    told = policy.state(NOW)["an answer is still to come (probability)"]
    assert told == pytest.approx(1.0 - nothing)


def test_what_is_not_attributed_yet_is_not_decided_on() -> None:
    journals = [resumed(number, [LATE.event]) for number in range(30)]
    decided = [e.time for journal in journals for e in journal if e.kind is Kind.DECISION]
    assert decided == [pytest.approx(LATE.event.time + SURE)] * len(decided)
    assert len(decided) > 5


def test_strikes_come_as_in_plain_runs_that_had_none_so_far() -> None:
    """Which attacks are answered, those attributed later too, and when."""
    counts = [Counter(tuple(n for n, _ in life) for life in of) for of in (futures(), unstruck())]
    ways = sorted(counts[0] | counts[1])
    assert len(ways) == 10  # each of the four and none, each with the late one or without
    assert stats.chi2_contingency([[c[way] for way in ways] for c in counts]).pvalue > ALARM
    firsts = [[life[0][1] for life in of if life] for of in (futures(), unstruck())]
    assert stats.ks_2samp(*firsts).pvalue > ALARM
