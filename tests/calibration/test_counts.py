"""The likelihood of convoy attacks, foiled attempts and depot blasts."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from math import exp, log
from typing import Any

import numpy as np
import pytest
from scipy import stats

from calibration import counts
from calibration.counts import CountLikelihood
from calibration.quantiles import Floats, quantiles
from sim.agents.fear import Reach
from sim.events import Event, Kind
from sim.settings.compose import load
from sim.settings.sampling import Sampler
from sim.settings.scenario import Scenario

DAYS = 200.0
RATE = np.array([0.02, 0.05, 0.3])
NUMBERS = {
    "convoys.rate": 0.1,
    "observers.convoy_detection": 0.5,
    "militia.foiled_ratio": 0.4,
    "observers.foiled_detection": 0.5,
    "government.capacity": 0.25,
    "government.arrests.fear": 1.0,
    "government.arrests.fear_half_life_days": 20.0,
    "striker.rate": 0.02,
}


@cache
def sampler(*overrides: str) -> Sampler:
    return Sampler(load(overrides))


def scenario(*overrides: str, **changed: Any) -> Scenario:
    given = {key.replace("__", "."): value for key, value in changed.items()}
    return sampler(*overrides).draw(lambda key: 0.5, given={**NUMBERS, **given})


def happened(kind: Kind, *times: float, **more: Any) -> list[Event]:
    return [Event(id=f"{kind}{time}", time=time, kind=kind, **more) for time in times]


def told(events: list[Event], world: Scenario, width: int = 1) -> Floats:
    return CountLikelihood(events, DAYS)(world, width)


def poisson(count: int, rate: Any) -> Any:
    """log p of a count, without the factorial."""
    return stats.poisson.logpmf(count, rate * DAYS) + float(np.sum(np.log(np.arange(1, count + 1))))


def test_convoy_attacks_are_poisson_at_what_is_reported_of_them() -> None:
    """Half of them reported; a row can stand for several; only the window counts."""
    rows = happened(Kind.CONVOY_ATTACK, 3.0, 9.0) + happened(Kind.CONVOY_ATTACK, 50.0, units=4)
    beyond = happened(Kind.CONVOY_ATTACK, -1.0, DAYS, 300.0)
    found = told([*rows, *beyond], scenario(convoys__rate=RATE), 3)
    assert found == pytest.approx(poisson(6, RATE / 2.0) + poisson(0, 0.02))


def test_only_rate_times_detection_is_known_of_convoys() -> None:
    rows = happened(Kind.CONVOY_ATTACK, 3.0, 9.0)
    both = scenario(convoys__rate=0.2, observers__convoy_detection=0.25)
    assert told(rows, both) == pytest.approx(told(rows, scenario()))


def test_depot_blasts_are_poisson() -> None:
    blasts = happened(Kind.DEPOT_BLAST, 3.0, 9.0, 100.0)
    found = told(blasts, scenario(striker__rate=RATE), 3)
    assert found == pytest.approx(poisson(3, RATE) + poisson(0, 0.05))


def test_without_a_striker_blasts_say_nothing() -> None:
    blasts = happened(Kind.DEPOT_BLAST, 3.0)
    assert told(blasts, scenario("striker=none")) == pytest.approx(poisson(0, 0.05))


def test_each_point_is_a_foiled_attempt_or_an_attack() -> None:
    """Odds 0.4 × 0.25 × 0.5 = 1 : 20, whatever the tempo."""
    points = happened(Kind.ROCKET_ATTACK, 1.0, 2.0, 90.0) + happened(Kind.FOILED_ATTACK, 5.0)
    nothing = told([], scenario())
    assert told(points, scenario()) - nothing == pytest.approx(log(1 / 21) + 3 * log(20 / 21))


def test_where_none_can_be_foiled_none_was() -> None:
    """An impossible count is impossible, and no warning."""
    none = scenario(militia__foiled_ratio=np.array([0.0, 0.4]))
    assert told(happened(Kind.FOILED_ATTACK, 5.0), none, 2)[0] == -np.inf
    quiet = scenario(striker__rate=0.0, convoys__rate=0.0)
    assert told([], quiet) == pytest.approx(0.0)
    assert told(happened(Kind.DEPOT_BLAST, 5.0), quiet) == -np.inf


def test_intimidation_shrinks_what_is_found_and_fades() -> None:
    """A factor e, and twenty days later its root; before it, nothing."""
    points = happened(Kind.FOILED_ATTACK, 5.0, 10.0, 30.0)
    events = [points[0], *happened(Kind.INTIMIDATION, 10.0), *points[1:]]
    odds = [0.05, 0.05 * exp(-1.0), 0.05 * exp(-0.5)]
    expected = sum(log(o / (1.0 + o)) for o in odds)
    assert told(events, scenario()) - told([], scenario()) == pytest.approx(expected)


@pytest.mark.parametrize("government", ["historical", "none"])
def test_the_reach_is_that_of_the_simulation(government: str) -> None:
    """Beyond the most that fear can add up to, and without a government."""
    world = scenario(f"government={government}", government__arrests__fear=3.0)
    theirs, ours = Reach(world.government), counts._Reach(world, 1)
    for event in happened(Kind.INTIMIDATION, 1.0, 2.0, 30.0, 31.0, 32.0, 33.0):
        assert ours.at(event.time) == pytest.approx(theirs.at(event.time))
        theirs.observe(event)
        ours.shrink(event.time)
    for time in (33.0, 60.0, 190.0):
        assert ours.at(time) == pytest.approx(theirs.at(time), rel=1e-12)


def test_everything_listed_moves_the_likelihood_and_nothing_else_does() -> None:
    events = [
        *happened(Kind.CONVOY_ATTACK, 3.0),
        *happened(Kind.DEPOT_BLAST, 4.0),
        *happened(Kind.INTIMIDATION, 5.0),
        *happened(Kind.ROCKET_ATTACK, 6.0),
        *happened(Kind.FOILED_ATTACK, 7.0),
    ]
    known = sampler().uncertain()
    width = 1 + len(known)
    wide = {key: np.full(width, quantiles(q, np.array(0.3))) for key, q in known.items()}
    for i, key in enumerate(known):
        wide[key][1 + i] = quantiles(known[key], np.array(0.8))
    found = told(events, sampler().draw(lambda key: 0.5, given=wide), width)
    moved = [key for key, value in zip(known, found[1:], strict=True) if value != found[0]]
    assert moved == counts.keys(list(known))
    assert set(moved) == set(NUMBERS)


def test_the_score_at_the_truth_is_zero_on_average(
    campaigns: Any, off_zero: Callable[[Floats], Floats]
) -> None:
    """Simulated journals show every attempt and every convoy: detection is 1 in these campaigns.
    Within four standard errors for each; false alarm 0.04 % in all, fixed seeds."""
    felt = counts.keys(list(campaigns.uncertain))
    assert len(felt) == 6
    scores = campaigns.scores(felt, lambda events, _: CountLikelihood(events, campaigns.days))
    assert np.abs(off_zero(scores)).max() < 4.0
    assert (scores.std(axis=0) > 0.0).all()
