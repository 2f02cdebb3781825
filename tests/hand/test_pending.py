"""Hand: what is still to come, given that it has not come so far."""

from __future__ import annotations

from math import exp, inf, log

import pytest

from sim.agents.pending import (
    OVER,
    Exponential,
    LogNormal,
    Past,
    Within,
    chances_left,
    still_to_come,
)
from sim.events import Event, Kind, Origin


@pytest.mark.parametrize(
    "delay", [LogNormal(3.0, 0.7), Exponential(4.0), Within(6.0)], ids=lambda d: type(d).__name__
)
def test_a_delay_is_its_own_inverse(delay):
    for u in (0.01, 0.3, 0.5, 0.8, 0.99):
        assert delay.passed(delay.at(u)) == pytest.approx(u, abs=1e-9)
    assert delay.passed(0.0) == 0.0
    assert delay.passed(-1.0) == 0.0


@pytest.mark.parametrize("u", [0.1, 0.49, 0.51, 0.9])
def test_with_nothing_waited_it_is_the_plain_draw(u):
    days = still_to_come(0.5, u, 0.3, LogNormal(3.0, 0.7))
    assert days == (LogNormal(3.0, 0.7).at(0.3) if u < 0.5 else None)


def test_the_chance_falls_as_nothing_comes():
    """p = 3/4, waited until S = 1/3: 3/4 · 1/3 / (1/4 + 1/4) = 1/2."""
    waited = Exponential(1.0).at(2.0 / 3.0)
    told = [still_to_come(0.75, u, 0.5, Exponential(1.0), waited) for u in (0.49, 0.51)]
    assert told[1] is None
    assert told[0] == pytest.approx(waited + log(2.0))  # it does not age


def test_a_delay_that_is_over_is_over():
    assert still_to_come(0.9, 0.0, 0.5, Within(1.0), 1.0) is None
    assert still_to_come(1.0, 0.5, 0.5, Within(1.0), 0.5) == 0.75
    assert still_to_come(0.0, 0.0, 0.5, Exponential(2.0), 1.0) is None


def test_a_wait_that_has_outlived_nearly_all_waits_is_over():
    """Else what is certain to come would come whatever was waited."""
    late = LogNormal(3.0, 0.5).at(0.995)
    assert still_to_come(1.0, 0.5, 0.5, LogNormal(3.0, 0.5), late) is None
    soon = LogNormal(3.0, 0.5).at(0.9)
    assert still_to_come(1.0, 0.5, 0.5, LogNormal(3.0, 0.5), soon) > soon


@pytest.mark.parametrize("chance", [0.1, 0.3, 0.7, 0.999, 1.0])
@pytest.mark.parametrize("gone", [0.0, 1e-9, 0.2, 0.6, OVER])
def test_alone_it_comes_as_if_there_were_no_others(chance, gone):
    """To the last bit: p·S / (1 − p + p·S), and p where nothing was waited."""
    left = chance * (1.0 - gone)
    alone = left / (1.0 - chance + left) if gone else chance
    assert chances_left([(chance, gone)]) == [alone]
    assert chances_left([(chance, gone), (0.4, 0.0), (0.9, 0.0)]) == [alone, 0.4, 0.9]


def test_the_first_that_is_to_come_stands_for_the_rest():
    """p = 1/2, 1/3, 1 with S = 1/4, 1/2, 1: ways 1/8, 1/2 · 1/6, 1/2 · 2/3 · 1 of 13/24."""
    first, second, third = chances_left([(1 / 2, 3 / 4), (1 / 3, 1 / 2), (1.0, 0.0)])
    assert first == pytest.approx(3 / 13)
    assert (1 - first) * second == pytest.approx(2 / 13)
    assert (1 - first) * (1 - second) * third == pytest.approx(8 / 13)


def test_what_was_certain_and_has_not_come_is_over_and_so_is_what_came_before():
    assert chances_left([(0.6, 0.995), (1.0, 0.995), (0.5, 0.0)]) == [0.0, 0.0, 0.5]
    assert chances_left([]) == []


def test_what_never_ends_and_what_ends_at_once():
    assert still_to_come(1.0, 0.0, 0.5, Exponential(inf), 100.0) == inf
    assert still_to_come(1.0, 0.0, 0.7, Exponential(0.0), 0.0) == 0.0
    assert still_to_come(1.0, 0.0, 0.7, Exponential(0.0), 0.1) is None


def test_in_the_long_run_conditional_draws_are_the_tail():
    """A grid of uniforms: the delays beyond 2 days, and their share, as the exponential has."""
    grid = [(i + 0.5) / 200 for i in range(200)]
    plain = [d for a in grid for b in grid if (d := still_to_come(0.6, a, b, Exponential(3.0)))]
    late = [d for d in plain if d > 2.0]
    told = [d for a in grid for b in grid if (d := still_to_come(0.6, a, b, Exponential(3.0), 2.0))]
    share = 0.6 * exp(-2 / 3) / (0.4 + 0.6 * exp(-2 / 3))
    assert len(told) / 40_000 == pytest.approx(share, abs=0.005)
    assert sum(told) / len(told) == pytest.approx(sum(late) / len(late), rel=0.01)


def test_a_simulated_event_hides_nothing():
    simulated = Event(id="a", time=2.0, kind=Kind.ARREST, origin=Origin.SIMULATED)
    recorded = Event(id="b", time=3.0, kind=Kind.ARREST, origin=Origin.REPLAYED)
    release = Event(id="c", time=4.0, kind=Kind.RELEASE, cause="b")
    past = Past(10.0, [simulated, recorded, release])
    assert (past.waited(simulated), past.waited(recorded)) == (0.0, 7.0)
    assert past.followed(recorded, Kind.RELEASE)
    assert not past.followed(simulated, Kind.RELEASE)
    assert not past.followed(recorded, Kind.INTIMIDATION)
    assert past.of(Kind.ARREST) == [simulated, recorded]


def test_what_nobody_explained_stands_for_whatever_came_before_it():
    early, late, simulated = (
        Event(id=name, time=time, kind=Kind.ARREST)
        for name, time in (("a", 2.0), ("b", 4.0), ("c", 6.0))
    )
    recorded = Event(id="d", time=4.0, kind=Kind.RELEASE, origin=Origin.REPLAYED)
    of_none = Event(id="e", time=7.0, kind=Kind.RELEASE, origin=Origin.SIMULATED)
    past = Past(10.0, [early, late, recorded, simulated, of_none])
    assert [past.followed(e, Kind.RELEASE) for e in (early, late, simulated)] == [True, True, False]
    assert not past.followed(early, Kind.INTIMIDATION)
