"""Theory: a battery is a queue with a deadline, and its extreme case has a closed form.

A simultaneous salvo of n rounds on a ready battery with c channels, deterministic
service and one deadline: min(n, c · (⌊deadline / service⌋ + 1)) rounds are engaged.
"""

from __future__ import annotations

from collections.abc import Generator
from functools import cache

import pytest
import simpy

from sim.agents.air_defence import Battery
from sim.campaign import drawn
from sim.clock import SECONDS_PER_DAY
from sim.draws import Draws
from sim.settings.compose import load
from sim.settings.places import AirDefence
from sim.settings.sampling import Sampler


@cache
def shipped() -> AirDefence:
    return drawn(Sampler(load()), Draws(1, 0)).air_defence


def battery(
    env: simpy.Environment,
    channels: int = 1,
    service: float = 2.0,
    flight: float = 9.0,
    magazine: int = 1000,
    resupply: float = 1.0,
) -> Battery:
    numbers = {
        "channels": channels,
        "service_seconds": service,
        "flight_seconds": flight,
        "magazine": magazine,
        "resupply_days": resupply,
    }
    made = Battery(shipped().model_copy(update=numbers))
    made.start(env)
    return made


def engaged(env: simpy.Environment, guns: Battery, rounds: int) -> int:
    served: int = env.run(until=env.process(guns.engage(rounds)))
    return served


@pytest.mark.parametrize("channels", [1, 2, 3, 7])
@pytest.mark.parametrize("service_tenths", [1, 3, 7, 10, 25])
@pytest.mark.parametrize("flight_tenths", [1, 9, 10, 21, 30, 75, 100])
def test_engaged_rounds_follow_the_closed_form(
    channels: int, service_tenths: int, flight_tenths: int
) -> None:
    """Exact multiples are in the grid: the round begun at the deadline itself counts.

    Tenths of seconds, so that the floor is that of whole numbers; on the first day and on
    the last, where the clock's own rounding is largest.
    """
    capacity = channels * (flight_tenths // service_tenths + 1)
    for rounds in (0, 1, 2, 4, 9, 10, 40):
        for day in (0.0, 611.37):
            env = simpy.Environment(initial_time=day)
            guns = battery(env, channels, service_tenths / 10, flight_tenths / 10)
            assert engaged(env, guns, rounds) == min(rounds, capacity)


def test_a_salvo_is_over_when_its_last_round_is_served() -> None:
    """Five rounds, two channels, two seconds each: served at 0, 0, 2, 2 and 4, done at 6."""
    env = simpy.Environment()
    guns = battery(env, channels=2, service=2.0, flight=9.0)
    assert engaged(env, guns, 5) == 5
    assert env.now * SECONDS_PER_DAY == pytest.approx(6.0)


def test_two_salvos_share_the_channels() -> None:
    """One channel, flights of 9 s, 2 s a round: five beginnings at 0, 2, 4, 6, 8 for all."""
    env = simpy.Environment()
    guns = battery(env, channels=1, service=2.0, flight=9.0)
    first, second = env.process(guns.engage(3)), env.process(guns.engage(4))
    env.run()
    assert (first.value, second.value) == (3, 2)


def test_a_later_salvo_has_a_deadline_of_its_own() -> None:
    """The second arrives after 4 s: the first keeps the channel until 6 s, then it has until
    13 s: beginnings at 6, 8, 10 and 12."""
    env = simpy.Environment()
    guns = battery(env, channels=1, service=2.0, flight=9.0)

    def later() -> Generator[simpy.Event, None, int]:
        yield env.timeout(4.0 / SECONDS_PER_DAY)
        return (yield from guns.engage(10))

    first, second = env.process(guns.engage(3)), env.process(later())
    env.run()
    assert (first.value, second.value) == (3, 4)


def test_a_salvo_behind_a_busy_battery_leaks_whole() -> None:
    env = simpy.Environment()
    guns = battery(env, channels=1, service=60.0, flight=5.0)
    first, second = env.process(guns.engage(1)), env.process(guns.engage(6))
    env.run()
    assert (first.value, second.value) == (1, 0)


@pytest.mark.parametrize(("magazine", "expected"), [(0, 0), (1, 1), (6, 6), (7, 7), (9, 8)])
def test_no_more_than_the_magazine_holds(magazine: int, expected: int) -> None:
    env = simpy.Environment()
    assert engaged(env, battery(env, 1, 1.0, 9.0, magazine), 8) == expected


def test_a_magazine_is_spent_and_full_again_after_resupply() -> None:
    env = simpy.Environment()
    guns = battery(env, magazine=10, resupply=2.0)
    guns.spend(4, time=1.0)
    assert guns.loaded(1.0) == 6
    assert guns.loaded(50.0) == 6  # only an empty one is filled
    guns.spend(6, time=3.0)
    assert [guns.loaded(t) for t in (3.0, 4.9, 5.0, 9.0)] == [0, 0, 10, 10]
    guns.spend(3, time=5.5)
    assert [guns.loaded(t) for t in (5.5, 40.0)] == [7, 7]


def test_waiting_on_an_empty_magazine_does_not_put_resupply_off() -> None:
    guns = battery(simpy.Environment(), magazine=2, resupply=2.0)
    guns.spend(2, time=1.0)
    guns.spend(0, time=2.5)
    assert [guns.loaded(t) for t in (2.9, 3.0)] == [0, 2]
