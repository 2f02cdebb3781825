"""Hand: the tempo's numbers, worked out from its formula."""

from __future__ import annotations

from math import exp, inf, log, nextafter, sqrt

import pytest

from sim.intensity import Driver, Tempo, compensator


def test_a_driver_halves_every_half_life() -> None:
    driver = Driver(size=0.8, half_life=10.0, cap=2.0)
    assert driver.level(3.0) == 0.0
    driver.jump(5.0)
    assert [driver.level(t) for t in (5.0, 15.0, 25.0)] == pytest.approx([0.8, 0.4, 0.2])
    assert driver.level(10.0) == pytest.approx(0.8 / sqrt(2.0))


def test_jumps_add_to_what_is_left() -> None:
    driver = Driver(size=0.8, half_life=10.0, cap=2.0)
    driver.jump(0.0)
    driver.jump(10.0, strength=1.5)
    assert driver.level(10.0) == pytest.approx(0.4 + 1.2)
    assert driver.level(20.0) == pytest.approx(0.8)


@pytest.mark.parametrize("sign", [1.0, -1.0])
def test_jumps_stop_at_the_cap_on_either_side(sign: float) -> None:
    driver = Driver(size=0.8 * sign, half_life=10.0, cap=1.0)
    driver.jump(0.0)
    driver.jump(0.0)
    assert driver.level(0.0) == sign * 1.0
    driver.jump(10.0, strength=0.5)  # 0.5 left and 0.4 more
    assert driver.level(10.0) == pytest.approx(sign * 0.9)


def test_a_driver_of_the_past_has_faded_by_the_start() -> None:
    driver = Driver(size=1.0, half_life=10.0, cap=2.0)
    driver.jump(-20.0)
    assert driver.level(0.0) == pytest.approx(0.25)


def tempo(base: float = 0.2, excitation: float = 0.5, decay: float = 5.0) -> Tempo:
    drivers = {"up": Driver(1.0, 10.0, 2.0), "down": Driver(-0.6, 20.0, 2.0)}
    return Tempo(base, excitation, decay, drivers)


def test_rate_of_background_and_one_attack() -> None:
    """0.2 + 0.5/5 · e^(−2/5) two days after the attack."""
    quiet = tempo()
    assert quiet.rate(7.0) == 0.2
    quiet.excite(10.0)
    assert quiet.rate(10.0) == pytest.approx(0.3)
    assert quiet.rate(12.0) == pytest.approx(0.2 + 0.1 * exp(-0.4))


def test_attacks_add_up() -> None:
    told = tempo()
    for time in (1.0, 2.5, 4.0):
        told.excite(time)
    expected = 0.2 + sum(0.1 * exp(-(6.0 - time) / 5.0) for time in (1.0, 2.5, 4.0))
    assert told.rate(6.0) == pytest.approx(expected)


def test_drivers_multiply_the_background_and_not_the_excitation() -> None:
    told = tempo()
    told.excite(0.0)
    told.drivers["up"].jump(0.0)
    told.drivers["down"].jump(0.0)
    effect = 1.0 * 2.0 ** (-0.5) - 0.6 * 2.0 ** (-0.25)
    assert told.rate(5.0) == pytest.approx(0.2 * exp(effect) + 0.1 * exp(-1.0))
    without = 0.2 * exp(-0.6 * 2.0 ** (-0.25)) + 0.1 * exp(-1.0)
    assert told.rate(5.0, without=("up",)) == pytest.approx(without)
    assert told.rate(5.0, without=("somebody",)) == told.rate(5.0)


def test_the_gate_multiplies_everything() -> None:
    told = tempo()
    told.excite(0.0)
    open_, told.gate = told.rate(1.0), 0.25
    assert told.rate(1.0) == pytest.approx(0.25 * open_)
    told.gate = 0.0
    assert told.rate(1.0) == told.ceiling(1.0, 5.0) == 0.0


def test_a_window_holds_its_start_and_not_its_end() -> None:
    told = tempo(excitation=0.0)
    told.window(10.0, 15.0, 0.7)
    raised = 0.2 * exp(0.7)
    before = nextafter(10.0, 0.0), nextafter(15.0, 0.0)
    assert (told.rate(before[0]), told.rate(15.0)) == (0.2, 0.2)
    assert (told.rate(10.0), told.rate(before[1])) == (raised, raised)


def test_windows_overlap_and_break_the_time() -> None:
    told = tempo(excitation=0.0)
    told.window(10.0, 15.0, 0.7)
    told.window(12.0, 20.0, -0.2)
    assert told.rate(13.0) == pytest.approx(0.2 * exp(0.5))
    assert [told.next_break(t) for t in (0.0, 10.0, 12.5, 15.0, 20.0)] == [10, 12, 15, 20, inf]


def test_a_lasting_condition_stands_until_it_is_set_anew() -> None:
    told = tempo(excitation=0.0)
    for name, effect in (("stock", 0.7), ("leash", -0.4), ("stock", 0.2)):
        told.level(name, effect)
    assert told.rate(3.0) == told.ceiling(3.0, 9.0) == pytest.approx(0.2 * exp(0.2 - 0.4))
    for name in ("stock", "leash"):
        told.level(name, 0.0)
    assert told.rate(3.0) == 0.2


def test_a_window_opens_no_earlier_than_it_is_known() -> None:
    told = tempo(excitation=0.0)
    told.window(10.0, 15.0, 0.7, since=12.0)
    told.window(20.0, 25.0, 0.7, since=25.0)
    assert [told.rate(t) > 0.2 for t in (11.9, 12.0, 14.9, 15.0, 20.0, 24.9)] == [
        False, True, True, False, False, False
    ]  # fmt: skip


@pytest.mark.parametrize(("start", "end", "effect"), [(5.0, 5.0, 1.0), (6.0, 5.0, 1.0), (5, 9, 0)])
def test_a_window_of_nothing_breaks_nothing(start: float, end: float, effect: float) -> None:
    told = tempo()
    told.window(start, end, effect)
    assert told.next_break(0.0) == inf


def test_the_ceiling_takes_each_driver_at_its_highest() -> None:
    """A rise is highest at once, a fall has faded most at the end."""
    told = tempo()
    told.excite(0.0)
    told.drivers["up"].jump(0.0)
    told.drivers["down"].jump(0.0)
    effect = 1.0 - 0.6 * 2.0 ** (-10.0 / 20.0)
    assert told.ceiling(0.0, 10.0) == pytest.approx(0.2 * exp(effect) + 0.1)


def test_integrals_by_hand() -> None:
    """Two days at 0.2, then three at 0.2·e^(log 3) = 0.6."""
    told = tempo(excitation=0.0)
    told.window(2.0, 9.0, log(3.0))
    assert compensator(told, 0.0, 5.0) == pytest.approx(0.4 + 1.8, rel=1e-13)


@pytest.mark.parametrize("excitation", [1.0, 1.5, -0.1])
def test_an_explosive_process_is_refused(excitation: float) -> None:
    with pytest.raises(ValueError, match=rf"excitation = {excitation}: must lie in \[0, 1\)"):
        tempo(excitation=excitation)


def test_an_attack_long_before_the_start_has_faded() -> None:
    told = tempo(decay=0.5)
    told.excite(-450.0)
    told.excite(-1.0)
    assert told.rate(0.0) == pytest.approx(0.2 + 1.0 * exp(-2.0))
