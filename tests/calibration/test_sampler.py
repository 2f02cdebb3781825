"""The sampler: posteriors that are known in closed form, and a chain that can be taken up."""

from __future__ import annotations

import pickle
from collections.abc import Callable
from functools import cache
from itertools import groupby
from typing import Any

import emcee
import numpy as np
import pytest
from scipy.special import logsumexp
from scipy.stats import norm

from calibration.gaussian import (
    Broad,
    Draws,
    Gaussian,
    at_mode,
    evidence,
    in_parts,
    learn,
    resampled,
)
from calibration.moves import CreepAndLeap, by_weight, proposal, single
from calibration.plan import Sampling
from calibration.quantiles import Floats
from calibration.sample import Stage, density_of, sample

SHORT = Sampling(chains=4, rounds=3, draws=128, parts=3, steps=20)
LONG = Sampling(chains=64, rounds=6, draws=512, parts=2, steps=120)
SEED = 20


# -- likelihoods whose posterior is known ------------------------------------------------


def precision() -> Floats:
    """Of a Gaussian likelihood in five dimensions: a ridge, two scales, one that says nothing."""
    matrix = np.diag([25.0, 4.0, 4.0, 1.0, 0.0])
    matrix[1, 2] = matrix[2, 1] = -3.8
    return matrix


CENTRE = np.array([1.0, -0.5, 0.5, 2.0, 0.0])


def gaussian(points: Floats) -> Floats:
    off = points - CENTRE
    return -0.5 * np.einsum("ni,ij,nj->n", off, precision(), off)


def skewed(points: Floats) -> Floats:
    """One event in a window whose log mean is 1 + 2 z, twice over: Poisson, skewed."""
    mean = np.exp(1.0 + 2.0 * points[:, 0])
    return np.log(mean) - mean


def final(likelihood: Callable[[Floats], Floats], dimensions: int, schedule: Sampling) -> Stage:
    *_, last = sample(likelihood, dimensions, schedule, SEED)
    return last


@cache
def five() -> Floats:
    """Draws from the Gaussian posterior, (draws, dimensions)."""
    return final(gaussian, 5, LONG).chain.reshape(-1, 5)


def known() -> tuple[Floats, Floats]:
    """Mean and covariance of the Gaussian posterior under the prior N(0, 1)."""
    covariance = np.linalg.inv(precision() + np.eye(5))
    return covariance @ precision() @ CENTRE, covariance


def test_mean_and_spread_of_a_gaussian_are_found() -> None:
    """15,000 dependent draws, worth some 5,000: 0.05 sd and 5 % are four errors or more."""
    mean, covariance = known()
    sd = np.sqrt(np.diag(covariance))
    assert np.abs((five().mean(axis=0) - mean) / sd).max() < 0.06
    assert five().std(axis=0) / sd == pytest.approx(np.ones(5), abs=0.06)


def test_the_ridge_between_two_parameters_is_found() -> None:
    _, covariance = known()
    expected = covariance[1, 2] / np.sqrt(covariance[1, 1] * covariance[2, 2])
    assert expected > 0.7
    assert np.corrcoef(five().T)[1, 2] == pytest.approx(expected, abs=0.03)
    assert np.abs(np.corrcoef(five().T)[4, :4]).max() < 0.06


def test_quantiles_of_a_skewed_posterior_are_found() -> None:
    """Against numerical integration; 0.05 of its sd is some four errors at the ends."""
    grid = np.linspace(-6.0, 6.0, 20_001)[:, None]
    density = np.exp(density_of(skewed)(grid))
    below = np.cumsum(density) / density.sum()
    levels = (0.025, 0.25, 0.5, 0.75, 0.975)
    expected = [grid[np.searchsorted(below, level), 0] for level in levels]
    found = np.quantile(final(skewed, 1, LONG).chain, levels)
    assert expected[2] - expected[0] > 1.3 * (expected[4] - expected[2])
    assert found == pytest.approx(expected, abs=0.04)


def test_where_the_likelihood_says_nothing_the_prior_comes_back() -> None:
    draws = final(lambda points: np.zeros(len(points)), 3, LONG).chain.reshape(-1, 3)
    assert np.abs(draws.mean(axis=0)).max() < 0.06
    assert draws.std(axis=0) == pytest.approx(np.ones(3), abs=0.06)


def test_what_cannot_be_is_never_drawn() -> None:
    """A likelihood of zero, or of no number at all, on half of the line: half a normal is left."""

    def half(points: Floats) -> Floats:
        told = np.where(points[:, 0] > 0.0, 0.0, -np.inf)
        return np.where(points[:, 0] < -1.0, np.nan, told)

    draws = final(half, 2, LONG).chain.reshape(-1, 2)
    assert draws[:, 0].min() > 0.0
    assert draws[:, 0].mean() == pytest.approx(np.sqrt(2.0 / np.pi), abs=0.05)


# -- the same draws again ----------------------------------------------------------------


def test_the_same_seed_gives_the_same_chain_to_the_last_bit() -> None:
    """Whatever else in the process draws from numpy's own generator."""
    np.random.seed(1)
    first = final(gaussian, 5, SHORT)
    np.random.seed(2)
    again = final(gaussian, 5, SHORT)
    assert first.chain.tobytes() == again.chain.tobytes()
    *_, other = sample(gaussian, 5, SHORT, SEED + 1)
    assert other.chain.tobytes() != first.chain.tobytes()


@pytest.mark.parametrize("stop", range(SHORT.parts + 1))
def test_a_sampler_that_was_stopped_goes_on_to_the_same_draws(stop: int) -> None:
    """After the fit, between parts, and at the end; through a pickled stage."""
    stages = list(sample(gaussian, 5, SHORT, SEED))
    assert [stage.number for stage in stages] == list(range(SHORT.parts + 1))
    kept: Stage = pickle.loads(pickle.dumps(stages[stop]))
    rest = list(sample(gaussian, 5, SHORT, SEED, kept))
    assert len(rest) == SHORT.parts - stop
    last = [kept, *rest][-1]
    assert last.chain.tobytes() == stages[-1].chain.tobytes()
    assert last.points.tobytes() == stages[-1].points.tobytes()


def test_a_chain_has_a_row_for_each_step() -> None:
    stages = list(sample(gaussian, 5, SHORT, SEED))
    assert [len(stage.chain) for stage in stages] == [0, 20, 40, 60]
    assert stages[-1].chain.shape == (60, 4, 5)
    assert stages[-1].densities == pytest.approx(density_of(gaussian)(stages[-1].points))


# -- its parts ---------------------------------------------------------------------------


def some_gaussian() -> Gaussian:
    return Gaussian(np.array([1.0, -1.0]), np.array([[0.5, 0.0], [0.6, 0.8]]))


@pytest.mark.parametrize("beta", [1.0, 0.6, 0.25])
def test_a_proposal_leaves_its_gaussian_as_it_is(beta: float) -> None:
    """From draws of it to draws of it, whose correction is the ratio of its densities."""
    shape, random = some_gaussian(), np.random.RandomState(1)
    points = shape.draw(random, 40_000)
    new, correction = proposal(shape, beta)(points, random)
    assert new.mean(axis=0) == pytest.approx(shape.mean, abs=0.03)
    assert np.cov(new.T) == pytest.approx(shape.root @ shape.root.T, abs=0.04)
    assert correction == pytest.approx(shape.log_density(points) - shape.log_density(new))


def test_a_coordinate_that_moves_alone_is_drawn_given_the_others() -> None:
    """About its mean given the others, with twice the variance; the rest stays where it was."""
    shape, random = some_gaussian(), np.random.RandomState(2)
    covariance = shape.root @ shape.root.T
    points = np.tile([0.2, 0.5], (40_000, 1))
    new, correction = single(shape)(points, random)
    moved = new != points
    assert (moved.sum(axis=1) == 1).all()
    slope = covariance[0, 1] / covariance[1, 1]
    first = new[moved[:, 0], 0]
    assert first.mean() == pytest.approx(1.0 + slope * (0.5 + 1.0), abs=0.02)
    assert first.var() == pytest.approx(
        2.0 * (covariance[0, 0] - slope * covariance[0, 1]), rel=0.05
    )
    assert np.average(np.exp(-correction)) == pytest.approx(
        np.average(density_ratio(shape, points, new, moved)), rel=0.02
    )


def density_ratio(shape: Gaussian, points: Floats, new: Floats, moved: Any) -> Floats:
    """q(x') / q(x) of what moves alone: normal about the mean given the others."""
    inverse = np.linalg.inv(shape.root @ shape.root.T)
    which = moved.argmax(axis=1)
    rows = np.arange(len(points))
    off = (points - shape.mean) @ inverse
    middle = points[rows, which] - off[rows, which] / np.diag(inverse)[which]
    scale = np.sqrt(2.0 / np.diag(inverse)[which])
    densities = [norm.pdf(at[rows, which], middle, scale) for at in (new, points)]
    return np.asarray(densities[0] / densities[1])


def test_a_gaussian_tempered_is_the_posterior_of_data_that_count_less() -> None:
    """By hand in one dimension: precision 1 + 0.3 (4 − 1), mean 0.3 · 4 · 2 over it."""
    shape = Gaussian(np.array([2.0]), np.array([[0.5]]))
    told = shape.tempered(0.3)
    assert told.root[0, 0] ** -2 == pytest.approx(1.9)
    assert told.mean[0] == pytest.approx(2.4 / 1.9)
    whole = some_gaussian().tempered(1.0)
    assert whole.mean == pytest.approx(some_gaussian().mean)
    assert whole.root == pytest.approx(some_gaussian().root)


def test_a_broad_shape_is_drawn_as_its_density_says() -> None:
    """The density integrates to one, and a histogram of draws follows it."""
    shape = Broad.about(Gaussian(np.array([-1.5]), np.array([[0.2]])))
    edges = np.linspace(-6.0, 6.0, 481)
    middle = (edges[:-1] + edges[1:]) / 2.0
    density = np.exp(shape.log_density(middle[:, None])) / np.sqrt(2.0 * np.pi)
    assert density.sum() * 0.025 == pytest.approx(1.0, abs=1e-3)
    draws = shape.draw(np.random.RandomState(1), 100_000)[:, 0]
    counts = np.histogram(draws, edges[::20])[0]
    expected = density.reshape(-1, 20).sum(axis=1) * 0.025 * 100_000
    assert np.abs(counts - expected).max() < 5.0 * np.sqrt(expected.max())


def test_of_several_columns_one_is_taken_by_weight() -> None:
    weights = np.tile(np.log([0.1, 0.6, 0.3]), (60_000, 1))
    weights[:, 2] = np.where(np.arange(60_000) % 2, -np.inf, weights[:, 2])
    taken = by_weight(weights, np.random.RandomState(3))
    assert np.bincount(taken[::2]) / 30_000 == pytest.approx([0.1, 0.6, 0.3], abs=0.01)
    assert np.bincount(taken[1::2]) / 30_000 == pytest.approx([1 / 7, 6 / 7], abs=0.01)


def stepped(move: CreepAndLeap, start: Floats, steps: int) -> Floats:
    """Chains that start at exact draws of the skewed posterior, after some steps."""
    sampler = emcee.EnsembleSampler(len(start), 1, density_of(skewed), moves=[move], vectorize=True)
    state = emcee.State(start, random_state=np.random.RandomState(9).get_state())
    last = sampler.run_mcmc(state, steps, skip_initial_state_check=True)
    return np.asarray(last.coords[:, 0])


CREEPS = {"about the fit": lambda fitted: proposal(fitted, 0.4), "alone": single}
AWAY = Gaussian(np.array([9.0]), np.array([[0.01]]))


@pytest.mark.parametrize("shape", ["near", "where no leap is ever taken"])
@pytest.mark.parametrize("creep", CREEPS)
def test_a_step_leaves_the_posterior_as_it_is(creep: str, shape: str) -> None:
    """From 20,000 exact draws to as many, of another shape than the fitted Gaussian has."""
    grid = np.linspace(-6.0, 6.0, 20_001)[:, None]
    below = np.cumsum(np.exp(density_of(skewed)(grid)))
    at = np.searchsorted(below / below[-1], (np.arange(20_000) + 0.5) / 20_000)
    exact = grid[at]
    fitted = Gaussian(np.array([exact.mean() + 0.3]), np.array([[exact.std()]]))
    move = CreepAndLeap(CREEPS[creep](fitted), Broad.about(fitted if shape == "near" else AWAY))
    told = stepped(move, exact, 4)
    assert (told != exact[:, 0]).mean() > 0.8
    levels = (0.05, 0.25, 0.5, 0.75, 0.95)
    assert np.quantile(told, levels) == pytest.approx(np.quantile(exact, levels), abs=0.02)


def shouldered(points: Floats) -> Floats:
    """A narrow peak on a low shoulder that reaches as far as the prior does."""
    return np.logaddexp(-0.5 * ((points[:, 0] - 0.5) / 0.1) ** 2, np.log(0.02))


def test_a_tail_that_leans_to_the_prior_holds_what_it_should_and_holds_no_chain() -> None:
    """A tenth and more of the mass lies where a Gaussian about the peak hardly reaches."""
    grid = np.linspace(-6.0, 6.0, 20_001)[:, None]
    density = np.exp(density_of(shouldered)(grid))
    expected = density[grid[:, 0] < 0.0].sum() / density.sum()
    assert 0.05 < expected < 0.2
    chain = final(shouldered, 1, LONG).chain[:, :, 0]
    assert (chain < 0.0).mean() == pytest.approx(expected, abs=0.015)
    runs = [len(list(group)) for row in (chain < 0.0).T for _, group in groupby(row)]
    assert np.mean(runs) < 20.0


def test_the_density_of_a_gaussian() -> None:
    """−½ (x − m)' S⁻¹ (x − m) − ½ log |S|."""
    shape = some_gaussian()
    points = np.array([[0.3, 0.4], [1.0, -1.0]])
    covariance, off = shape.root @ shape.root.T, points - shape.mean
    expected = -0.5 * np.einsum("ni,ij,nj->n", off, np.linalg.inv(covariance), off)
    assert shape.log_density(points) == pytest.approx(
        expected - 0.5 * np.log(np.linalg.det(covariance))
    )


def test_the_curvature_at_the_mode_is_that_of_a_gaussian_posterior() -> None:
    mean, covariance = known()
    found = at_mode(density_of(gaussian), 5, np.random.RandomState(3))
    assert found.mean == pytest.approx(mean, abs=1e-3)
    assert found.root @ found.root.T == pytest.approx(covariance, abs=1e-3)


def test_rounds_of_weighted_draws_find_the_moments() -> None:
    """From a start far too narrow and in the wrong place; widened by its factor of 1.05."""
    mean, covariance = known()
    start = Gaussian(mean + 1.0, 0.5 * np.eye(5))
    found, draws = learn(density_of(gaussian), start, np.random.RandomState(4), 8, 1000)
    sd = np.sqrt(np.diag(covariance))
    assert np.abs((found.mean - mean) / sd).max() < 0.1
    assert np.diag(found.root @ found.root.T) / np.diag(covariance) == pytest.approx(
        np.full(5, 1.05), abs=0.15
    )
    assert draws.worth > 1000.0


def test_weighted_draws_tell_the_marginal_likelihood() -> None:
    """∫ prior × likelihood of Gaussians, in closed form; an error of 0.02 is some four sd."""
    mean, covariance = known()
    start = at_mode(density_of(gaussian), 5, np.random.RandomState(6))
    _, draws = learn(density_of(gaussian), start, np.random.RandomState(6), 6, 1000)
    fit = CENTRE @ precision() @ CENTRE - mean @ np.linalg.solve(covariance, mean)
    expected = 0.5 * np.log(np.linalg.det(covariance)) - 0.5 * fit
    assert evidence(draws) == pytest.approx(expected, abs=0.02)


def test_points_are_resampled_by_weight() -> None:
    draws = Draws(np.array([[1.0], [2.0], [3.0]]), np.array([0.2, 0.0, 0.8]), 1.5, np.zeros(3))
    found = resampled(draws, np.random.RandomState(5), 10_000)[:, 0]
    assert set(found) == {1.0, 3.0}
    assert (found == 3.0).mean() == pytest.approx(0.8, abs=0.02)


def test_many_points_are_looked_at_a_few_at_a_time() -> None:
    sizes: list[int] = []

    def density(points: Floats) -> Floats:
        sizes.append(len(points))
        return logsumexp(points, axis=1)

    points = np.random.default_rng(0).standard_normal((150, 3))
    assert in_parts(density, points) == pytest.approx(logsumexp(points, axis=1))
    assert max(sizes) <= 64
    assert sum(sizes) == 150
