"""Hand: what a mechanism is worth, from pairs of replications on the same draws."""

from __future__ import annotations

import pytest

from sim.compare.ablation import chosen, effect, mechanisms
from sim.errors import InputError


def test_an_effect_is_the_mean_of_paired_differences() -> None:
    """Differences 1, 3 and 2: mean 2, standard deviation 1, standard error 1/√3."""
    found = effect("truce", "rocket_attacks", [(1.0, 2.0), (4.0, 7.0), (0.0, 2.0)])
    assert (found.on, found.off, found.difference, found.changed) == (
        pytest.approx(5 / 3),
        pytest.approx(11 / 3),
        pytest.approx(2.0),
        1.0,
    )
    assert found.high95 - found.difference == pytest.approx(1.959964 / 3**0.5)
    assert found.difference - found.low95 == pytest.approx(1.959964 / 3**0.5)


def test_what_changes_nothing_has_no_effect() -> None:
    found = effect("truce", "rocket_attacks", [(1.0, 1.0), (4.0, 4.0)])
    assert (found.difference, found.low95, found.high95, found.changed) == (0.0, 0.0, 0.0, 0.0)


def test_one_pair_has_no_spread_to_speak_of() -> None:
    assert effect("truce", "p", [(1.0, 3.0)])[5:8] == (2.0, 2.0, 2.0)


def test_mechanisms_are_those_that_a_file_switches_off() -> None:
    assert {"truce", "patron", "deterrence", "excitation"} <= set(mechanisms())
    assert not {"everything_optional", "nothing_off", "none"} & set(mechanisms())
    assert chosen([]) == mechanisms()
    assert chosen(["truce"]) == ["truce"]
    assert chosen(["truce", "foiled", "truce"]) == ["truce", "foiled"]
    with pytest.raises(InputError, match="truce"):
        chosen(["truec"])
