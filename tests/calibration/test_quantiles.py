"""Priors for many values at once: equal to each prior's own, to the last digits."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest
from scipy.special import ndtr

from calibration.quantiles import EDGE, quantiles, values
from sim.settings.compose import load
from sim.settings.quantity import Beta, Fixed, LogUniform, Normal, Uniform
from sim.settings.sampling import Sampler, Uncertain

GRID = np.concatenate([[1e-3, 0.5, 1.0 - 1e-3], np.random.default_rng(5).uniform(1e-3, 0.999, 500)])
ENDS = np.array([EDGE, 1e-9, 1e-6, 1.0 - 1e-6, 1.0 - 1e-9, 1.0 - EDGE])
EXAMPLES = [
    Uncertain(Uniform(prior="uniform", low=-1, high=3), -5, 5),
    Uncertain(LogUniform(prior="log_uniform", low=0.001, high=10), 0, 20),
    Uncertain(Beta(prior="beta", a=0.5, b=0.5), 0, 1),
    Uncertain(Beta(prior="beta", a=4, b=5), 0, 0.99),
    Uncertain(Beta(prior="beta", a=20, b=0.1), 0, 0.99),
    Uncertain(Normal(prior="normal", mean=0, sd=0.5), -3, 3),
    Uncertain(Normal(prior="normal", mean=0.3, sd=0.5), 0, 1),
    Uncertain(Normal(prior="normal", mean=-1, sd=0.5), 0, 3),
]


@cache
def shipped() -> Sampler:
    return Sampler(load(["ablation=nothing_off"]))


def differences(quantity: Uncertain, u: np.ndarray) -> np.ndarray:
    prior, low, high = quantity
    return np.abs(quantiles(quantity, u) - [prior.quantile(p, low, high) for p in u.tolist()])


@pytest.mark.parametrize("quantity", EXAMPLES, ids=lambda q: q.prior.words())
def test_values_are_those_of_the_prior_itself(quantity: Uncertain) -> None:
    assert differences(quantity, GRID).max() < 1e-12


@pytest.mark.parametrize("quantity", EXAMPLES, ids=lambda q: q.prior.words())
def test_far_ends_are_those_of_the_prior_itself(quantity: Uncertain) -> None:
    """To 1e-7 only: the standard library takes a small probability as 1 less what remains."""
    assert differences(quantity, ENDS).max() < 1e-7


def test_so_are_those_of_every_shipped_prior() -> None:
    for key, quantity in shipped().uncertain().items():
        size = max(1.0, abs(quantiles(quantity, GRID[:1])[0]))
        assert differences(quantity, GRID[:40]).max() < 1e-12 * size, key


def test_a_fixed_value_cannot_be_fitted() -> None:
    with pytest.raises(TypeError, match=r"a prior 0\.7 cannot be fitted"):
        quantiles(Uncertain(Fixed(value=0.7), 0, 1), GRID)


def test_the_shape_of_the_probabilities_is_kept() -> None:
    for quantity in EXAMPLES:
        assert quantiles(quantity, GRID[:6].reshape(2, 3)).shape == (2, 3)


def test_coordinates_become_the_values_that_a_simulation_draws() -> None:
    """One column a key, in their order; the uniform is Φ of the coordinate."""
    known = shipped().uncertain()
    z = np.random.default_rng(6).standard_normal((3, len(known)))
    given = values(known, z)
    for row in range(3):
        u = dict(zip(known, ndtr(z[row]).tolist(), strict=True))
        note: dict[str, float] = {}
        shipped().draw(u.__getitem__, note)
        assert note.keys() == given.keys()
        assert [given[key][row] for key in note] == pytest.approx(list(note.values()), rel=1e-12)


def test_no_coordinate_leaves_the_limits() -> None:
    known = shipped().uncertain()
    for far in (-40.0, 40.0):
        for key, value in values(known, np.full((1, len(known)), far)).items():
            assert known[key].low <= value[0] <= known[key].high, key


def test_a_normal_whose_tail_alone_is_left_stays_within_the_limits() -> None:
    """Next to one, where the inverse of the distribution would be infinite."""
    tail = Uncertain(Normal(prior="normal", mean=-1, sd=0.22), 0, 3)
    found = quantiles(tail, ENDS)
    assert found.min() >= 0.0
    assert found.max() == 3.0
