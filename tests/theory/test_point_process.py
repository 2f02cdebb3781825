"""Theory: the attacks are the point process that the model names.

Where a test is stochastic its seed is fixed, so that it passes or fails for good; the
false-alarm rate it states is the chance that a correct simulator had of a failing seed.
"""

from __future__ import annotations

from functools import lru_cache
from itertools import pairwise

import numpy as np
import pytest
from scipy import stats
from scipy.integrate import solve_ivp

from sim.campaign import simulate
from sim.draws import Draws
from sim.embedding import BLOCK_DAYS, Candidate, Embedding
from sim.events import Journal, Kind
from sim.settings.compose import load
from sim.settings.sampling import Sampler

ALARM = 1e-4

ALONE = (
    "ablation=everything_optional",
    "timeline=none",
    "convoys=none",
    "air_defence=none",
    "retaliation=never",
    "observers.rocket_detection=0",
    "observers.hole_detection=0",
    "observers.foiled_detection=0",
)
FINDING = (
    "government.on=true",
    "government.capacity=1",
    "government.arrests.rate=0",
    "government.arrests.after_foiled=0",
)
"""A host state that finds all that can be found, and arrests nobody."""
RATES = ("militia.excitation=0", "militia.foiled_ratio=0.8", "militia.base_rate=0.5")
STEADY = (*ALONE, *FINDING, *RATES)
STEADY_DAYS = 61.0
HAWKES = {"base": 0.3, "excitation": 0.6, "decay": 4.0}
HAWKES_DAYS = 365.0


@lru_cache(maxsize=2)
def journals(replications: int, *overrides: str) -> list[Journal]:
    sampler = Sampler(load(overrides))
    return [simulate(sampler, 11, replication) for replication in range(replications)]


def times(journal: Journal, kind: Kind) -> np.ndarray:
    return np.array([event.time for event in journal.where(kind)])


def steady(kind: Kind = Kind.ROCKET_ATTACK) -> list[np.ndarray]:
    window = ("scenario.start=2019-05-01", "scenario.end=2019-07-01")
    return [times(journal, kind) for journal in journals(400, *window, *STEADY)]


def hawkes() -> list[np.ndarray]:
    window = ("scenario.start=2019-05-01", "scenario.end=2020-04-30")
    tempo = (
        f"militia.base_rate={HAWKES['base']}",
        f"militia.excitation={HAWKES['excitation']}",
        f"militia.decay_days={HAWKES['decay']}",
        "militia.foiled_ratio=0",
    )
    return [times(j, Kind.ROCKET_ATTACK) for j in journals(200, *window, *ALONE, *tempo)]


# -- a constant intensity ----------------------------------------------------------------


def test_constant_intensity_gives_poisson_counts() -> None:
    """Chi-square of counts in five-day bins against Poisson(2.5); false alarm 1e-4."""
    bins = [np.histogram(t, bins=12, range=(0.0, 60.0))[0] for t in steady()]
    counts = np.concatenate(bins)
    top = 8
    observed = np.bincount(np.minimum(counts, top), minlength=top + 1)
    expected = stats.poisson.pmf(np.arange(top), 2.5)
    expected = np.append(expected, 1.0 - expected.sum()) * len(counts)
    assert stats.chisquare(observed, expected).pvalue > ALARM


def test_constant_intensity_has_a_variance_equal_to_its_mean() -> None:
    """(n − 1)·s²/mean is chi-square with n − 1 degrees; false alarm 2e-4, two-sided."""
    counts = np.array([len(t) for t in steady()])
    statistic = (len(counts) - 1) * counts.var(ddof=1) / counts.mean()
    low, high = stats.chi2.ppf([ALARM, 1.0 - ALARM], len(counts) - 1)
    assert low < statistic < high


def test_constant_intensity_has_the_rate_it_was_given() -> None:
    """The total of all replications is Poisson; false alarm 2e-4, two-sided."""
    found = steady()
    total, mean = sum(map(len, found)), 0.5 * STEADY_DAYS * len(found)
    assert stats.poisson.ppf(ALARM, mean) < total < stats.poisson.ppf(1.0 - ALARM, mean)


def test_constant_intensity_gives_exponential_gaps() -> None:
    """Independent windows laid end to end are one Poisson process: KS, false alarm 1e-4."""
    laid = np.concatenate([t + i * STEADY_DAYS for i, t in enumerate(steady())])
    gaps = np.diff(laid, prepend=0.0)
    assert stats.kstest(gaps, "expon", args=(0.0, 2.0)).pvalue > ALARM


def test_constant_intensity_scatters_attacks_evenly_over_the_window() -> None:
    """Given their number, times are uniform: KS, false alarm 1e-4."""
    pooled = np.concatenate(steady()) / STEADY_DAYS
    assert stats.kstest(pooled, "uniform").pvalue > ALARM


def test_gaps_do_not_remember_the_gap_before() -> None:
    """Rank correlation of neighbouring gaps is zero; false alarm 1e-4."""
    laid = np.concatenate([t + i * STEADY_DAYS for i, t in enumerate(steady())])
    gaps = np.diff(laid)
    assert stats.spearmanr(gaps[:-1], gaps[1:]).pvalue > ALARM


def test_foiled_attempts_are_a_poisson_process_of_their_own() -> None:
    """Rate ratio × λ (false alarm 2e-4), independent of the attacks (false alarm 1e-4)."""
    foiled = np.array([len(t) for t in steady(Kind.FOILED_ATTACK)])
    attacks = np.array([len(t) for t in steady()])
    mean = 0.4 * STEADY_DAYS * len(foiled)
    assert stats.poisson.ppf(ALARM, mean) < foiled.sum() < stats.poisson.ppf(1 - ALARM, mean)
    assert stats.spearmanr(foiled, attacks).pvalue > ALARM


def test_convoy_attacks_are_poisson_at_the_stated_rate() -> None:
    """Count (false alarm 2e-4) and gaps laid end to end (false alarm 1e-4)."""
    config = ("militia=quiet", "timeline=none", "retaliation=never", "scenario.end=2019-07-01")
    found = [times(j, Kind.CONVOY_ATTACK) for j in journals(60, *config, "convoys.rate=2.5")]
    total, mean = sum(map(len, found)), 2.5 * 61 * len(found)
    assert stats.poisson.ppf(ALARM, mean) < total < stats.poisson.ppf(1.0 - ALARM, mean)
    laid = np.concatenate([t + i * 61.0 for i, t in enumerate(found)])
    gaps = np.diff(laid, prepend=0.0)
    assert stats.kstest(gaps, "expon", args=(0.0, 0.4)).pvalue > ALARM


# -- excitation alone --------------------------------------------------------------------


def hawkes_moments(days: float) -> tuple[float, float]:
    """Mean and variance of the count of an exponential Hawkes process started empty.

    With β = ακ the generator gives, for X = λ and the count N,
    E[X]' = κμ − (κ − β)E[X],  E[N]' = E[X],  E[X²]' = (2β − 2κ)E[X²] + (2κμ + β²)E[X],
    E[NX]' = (β − κ)E[NX] + κμE[N] + E[X²] + βE[X],  E[N²]' = 2E[NX] + E[X].
    """
    mu, alpha, kappa = HAWKES["base"], HAWKES["excitation"], 1.0 / HAWKES["decay"]
    beta = alpha * kappa

    def slope(_: float, y: np.ndarray) -> list[float]:
        x, n, xx, nx, _nn = y
        return [
            kappa * mu - (kappa - beta) * x,
            x,
            2.0 * (beta - kappa) * xx + (2.0 * kappa * mu + beta**2) * x,
            (beta - kappa) * nx + kappa * mu * n + xx + beta * x,
            2.0 * nx + x,
        ]

    start = [mu, 0.0, mu**2, 0.0, 0.0]
    end = solve_ivp(slope, (0.0, days), start, rtol=1e-10, atol=1e-10).y[:, -1]
    return float(end[1]), float(end[4] - end[1] ** 2)


def test_the_moments_used_here_agree_with_the_closed_forms() -> None:
    """E N(T) = μT/(1−α) − μα(1 − e^{−κ(1−α)T}) / (κ(1−α)²), and Fano → 1/(1−α)²."""
    mu, alpha, kappa = HAWKES["base"], HAWKES["excitation"], 1.0 / HAWKES["decay"]
    days, left = 80.0, 1.0 - HAWKES["excitation"]
    lost = mu * alpha * (1.0 - np.exp(-kappa * left * days)) / (kappa * left**2)
    assert hawkes_moments(days)[0] == pytest.approx(mu * days / left - lost, rel=1e-8)
    mean, variance = hawkes_moments(1e5)
    assert mean / 1e5 == pytest.approx(mu / left, rel=1e-3)
    assert variance / mean == pytest.approx(1.0 / left**2, rel=1e-3)


def test_excitation_alone_has_the_mean_of_a_hawkes_process() -> None:
    """z-test with the exact finite-window mean and variance; false alarm 1e-4."""
    counts = np.array([len(t) for t in hawkes()])
    mean, variance = hawkes_moments(HAWKES_DAYS)
    z = (counts.mean() - mean) / np.sqrt(variance / len(counts))
    assert 2.0 * stats.norm.sf(abs(z)) > ALARM


def test_excitation_alone_has_the_branching_ratio_it_was_given() -> None:
    """The Fano factor says α = 1 − 1/√F; z-test of the variance, false alarm about 1e-4.

    The standard error of the variance takes the sample's own kurtosis (n = 200).
    """
    counts = np.array([len(t) for t in hawkes()], dtype=float)
    _, variance = hawkes_moments(HAWKES_DAYS)
    n, fourth = len(counts), np.mean((counts - counts.mean()) ** 4)
    error = np.sqrt((fourth - counts.var() ** 2) / n)
    assert 2.0 * stats.norm.sf(abs(counts.var(ddof=1) - variance) / error) > ALARM
    implied = 1.0 - 1.0 / np.sqrt(counts.var(ddof=1) / counts.mean())
    assert implied == pytest.approx(HAWKES["excitation"], abs=0.06)


def test_excited_gaps_are_not_exponential() -> None:
    """The test above has teeth: the same KS rejects a clustered process."""
    laid = np.concatenate([t + i * HAWKES_DAYS for i, t in enumerate(hawkes())])
    gaps = np.diff(laid, prepend=0.0)
    assert stats.kstest(gaps, "expon", args=(0.0, gaps.mean())).pvalue < 1e-12


# -- the embedding itself ----------------------------------------------------------------


def embedding(replication: int, name: str = "test.embedding") -> Embedding:
    return Embedding(Draws(5, replication).stream(name), "X")


def points(source: Embedding, start: float, end: float, ceiling: float) -> list[Candidate]:
    """Every candidate in (start, end] below the ceiling, block after block."""
    found: list[Candidate] = []
    now = start
    while now < end:
        until = min(source.block_end(now), end)
        found += source.between(now, until, ceiling)
        now = until
    return found


def test_candidates_are_a_poisson_process_of_rate_one_in_the_plane() -> None:
    """Counts (chi-square dispersion), times and heights (KS); each false alarm 2e-4."""
    found = [points(embedding(r), 10.0, 150.0, 0.8) for r in range(200)]
    counts = np.array([len(p) for p in found])
    area = 140.0 * 0.8
    total = counts.sum()
    assert stats.poisson.ppf(ALARM, area * 200) < total < stats.poisson.ppf(1 - ALARM, area * 200)
    low, high = stats.chi2.ppf([ALARM, 1.0 - ALARM], 199)
    assert low < 199 * counts.var(ddof=1) / counts.mean() < high
    flat = [point for replication in found for point in replication]
    heights = [point.height / 0.8 for point in flat]
    when = [(point.time - 10.0) / 140.0 for point in flat]
    assert stats.kstest(heights, "uniform").pvalue > ALARM
    assert stats.kstest(when, "uniform").pvalue > ALARM
    assert stats.spearmanr(heights, when).pvalue > ALARM


def test_every_strip_and_block_has_its_own_poisson_count() -> None:
    """Means of 16, 16, 32 and 64 points in strips 0 to 3 of a block; false alarm 2e-4."""
    for low, high in [(0.0, 0.25), (0.25, 0.5), (0.5, 1.0), (1.0, 2.0)]:
        total = sum(
            low <= point.height < high
            for r in range(60)
            for point in points(embedding(r), 0.0, 2 * BLOCK_DAYS, 2.0)
        )
        mean = (high - low) * BLOCK_DAYS * 2 * 60
        assert stats.poisson.ppf(ALARM, mean) < total < stats.poisson.ppf(1.0 - ALARM, mean)


def test_superposition_of_two_layers_is_the_process_of_their_sum() -> None:
    """Points below 0.3 and points from 0.3 to 0.7 are independent Poisson processes whose
    union is the process of rate 0.7: correlation of counts (false alarm 1e-4) and the
    layer of each point in time order (runs test, false alarm about 1e-4)."""
    found = [points(embedding(r), 0.0, 128.0, 0.7) for r in range(300)]
    lower = np.array([sum(p.height < 0.3 for p in replication) for replication in found])
    upper = np.array([len(replication) for replication in found]) - lower
    assert stats.spearmanr(lower, upper).pvalue > ALARM
    layers = np.array([p.height < 0.3 for replication in found for p in replication])
    share = layers.mean()
    changes = int(np.sum(layers[1:] != layers[:-1]))
    assert stats.binomtest(int(layers.sum()), len(layers), 3 / 7).pvalue > ALARM
    likely = 2.0 * share * (1.0 - share)
    z = (changes - likely * (len(layers) - 1)) / np.sqrt(len(layers) * likely * (1.0 - likely))
    assert 2.0 * stats.norm.sf(abs(z)) > ALARM


@pytest.mark.parametrize("ceiling", [0.1, 0.25, 0.26, 1.0, 3.7])
def test_a_lower_ceiling_sees_the_same_points_but_the_higher(ceiling: float) -> None:
    """Exact: opening a strip neither moves nor renames a point of another."""
    everything = points(embedding(1), 0.0, 300.0, 4.0)
    below = [point for point in everything if point.height < ceiling]
    assert points(embedding(1), 0.0, 300.0, ceiling) == below
    used = embedding(1)
    points(used, 0.0, 300.0, 0.1)
    points(used, 100.0, 200.0, 4.0)
    assert points(used, 0.0, 300.0, ceiling) == below


def test_cutting_time_anywhere_loses_and_repeats_no_point() -> None:
    """Exact: (a, b] and (b, c] add up to (a, c], at cuts that points lie on too."""
    whole = points(embedding(2), 0.0, 200.0, 1.0)
    cuts = sorted([0.0, 200.0, 63.9, 64.0, 128.0, 150.5, *(p.time for p in whole[::7])])
    pieces = [p for a, b in pairwise(cuts) for p in points(embedding(2), a, b, 1.0)]
    assert pieces == whole
    assert [p.time for p in whole] == sorted(p.time for p in whole)
    assert len({p.id for p in whole}) == len(whole)


def test_a_high_rate_is_not_cut_off() -> None:
    """20 a day is within the limits of convoys.rate; false alarm 2e-4."""
    total = sum(len(points(embedding(r), 0.0, 64.0, 20.0)) for r in range(4))
    mean = 20.0 * 64 * 4
    assert stats.poisson.ppf(ALARM, mean) < total < stats.poisson.ppf(1.0 - ALARM, mean)
