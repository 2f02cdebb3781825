"""Scores of forecasts given as samples, against the counts that came.

A forecast is m draws of a count; n forecasts are an array of shape (n, m), their observed
counts one of shape (n,). Lower is better for the CRPS, the Brier and the interval scores;
higher is better for the log score.

scoringrules does the CRPS alone: where numba is installed its 0.10 and 0.11 cut the scores
of whole-number observations short without a word, so everything is made float on the way
in, and its weighted interval score is wrong under numpy, so that one is written here.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import scoringrules
from numpy.typing import ArrayLike, NDArray
from scipy import stats

Floats = NDArray[np.float64]

LEVELS = (0.5, 0.9)
"""The central intervals that are scored and whose coverage is reported."""

SMOOTHING = 0.05
"""Share of a forecast's probability that the log score spreads smoothly over all counts."""


def crps(samples: ArrayLike, observed: ArrayLike) -> Floats:
    """Continuous ranked probability score by the fair estimator, in counts; shape (n,).

    Fair: its expectation is the score of the distribution that the draws come from,
    however few they are (Ferro 2014), so forecasts of different m can be compared.

    >>> crps([[0, 1, 1, 4]], [2]).round(3)
    array([0.5])
    """
    drawn, came = _paired(samples, observed)
    if drawn.shape[1] < 2:
        raise ValueError("samples: the fair estimator needs 2 draws a forecast, got 1")
    # 'pwm' is the fair estimator in m log m; 'fair' asks for m² numbers at once.
    score = scoringrules.crps_ensemble(came, drawn, estimator="pwm", backend="numpy")
    return _floats(score)


def log_score(samples: ArrayLike, observed: ArrayLike) -> Floats:
    """Log probability of the observed count, in nats; shape (n,). Higher is better.

    Draws say nothing of a count that none of them hit, so a share w = 0.05 of the
    probability is spread over all counts as a negative binomial with the draws' mean and
    variance (Poisson where the variance is no larger than the mean):

        p(y) = (1 - w) · share of draws equal to y + w · NB(y).

    So the score is never -inf, a forecast that is right loses 0.05 nats at most, and a
    forecast of few distinct values is smoothed by the same rule as one of many. The share
    doesn't shrink with m, or the score of the same forecast would fall as m grows.
    A count far in the tail still needs many draws: take 4,000 or more.

    >>> np.exp(log_score([[0, 0, 0, 0]], [0])).round(3)
    array([0.994])
    """
    drawn, came = _paired(samples, observed)
    hits = np.mean(drawn == came[:, np.newaxis], axis=1)
    smooth = math.log(SMOOTHING) + _smooth_log_probability(drawn, came)
    with np.errstate(divide="ignore"):  # no hit: log 0 = -inf, which logaddexp understands
        return _floats(np.logaddexp(np.log((1.0 - SMOOTHING) * hits), smooth))


def _smooth_log_probability(drawn: Floats, came: Floats) -> Floats:
    """log NB(y), or log Poisson(y), with the mean and variance of each forecast's draws."""
    # Draws that are all zero still leave half an attack in m of them possible.
    mean = np.maximum(drawn.mean(axis=1), 0.5 / drawn.shape[1])
    variance = drawn.var(axis=1)
    wider = variance > mean
    size = mean**2 / np.where(wider, variance - mean, 1.0)
    negative_binomial = stats.nbinom.logpmf(came, size, size / (size + mean))
    return _floats(np.where(wider, negative_binomial, stats.poisson.logpmf(came, mean)))


def brier(probability: ArrayLike, happened: ArrayLike) -> Floats:
    """Squared distance of a probability from what happened (1 or 0).

    >>> brier([0.8, 0.8], [True, False]).round(2)
    array([0.04, 0.64])
    """
    return _floats((_floats(probability) - _floats(happened)) ** 2)


def interval(samples: ArrayLike, level: float) -> tuple[Floats, Floats]:
    """Ends of the central interval that holds `level` of each forecast's draws.

    An end is itself a draw: the smallest value that the tail's share does not exceed, as
    `sim.compare.scores.quantile`.

    >>> low, high = interval([range(1, 101)], 0.9)
    >>> low, high
    (array([5.]), array([95.]))
    """
    if not 0.0 < level < 1.0:
        raise ValueError(f"level = {level}: must lie between 0 and 1, as 0.9")
    low, high = _quantiles(_floats(samples), [(1.0 - level) / 2.0, (1.0 + level) / 2.0])
    return low, high


def _quantiles(drawn: Floats, shares: Sequence[float]) -> Floats:
    """Quantiles that are draws themselves; shape (shares, n)."""
    # Rounded, or a share of 0.05 + 1e-17 of 100 draws would take the sixth.
    places = [math.ceil(round(share * drawn.shape[1], 6)) - 1 for share in shares]
    return np.sort(drawn, axis=1)[:, places].T


def interval_score(low: ArrayLike, high: ArrayLike, observed: ArrayLike, level: float) -> Floats:
    """Width of the central interval, plus 2 / (1 - level) times what it was missed by.

    Gneiting and Raftery (2007), equation 43; in counts.

    >>> interval_score([2, 2, 2], [6, 6, 6], [1, 4, 9], 0.5)
    array([ 8.,  4., 16.])
    """
    lower, upper, came = _floats(low), _floats(high), _floats(observed)
    missed_by = np.maximum(lower - came, 0.0) + np.maximum(came - upper, 0.0)
    return upper - lower + 2.0 / (1.0 - level) * missed_by


def weighted_interval_score(
    samples: ArrayLike, observed: ArrayLike, levels: Sequence[float] = LEVELS
) -> Floats:
    """Interval scores and the median's error in one, in counts; shape (n,).

        (|y - median| / 2 + Σ (1 - level) / 2 · interval score) / (levels + 1/2),

    which comes near the CRPS as levels are added (Bracher et al. 2021, equation 1).
    """
    drawn, came = _paired(samples, observed)
    parts = [0.5 * np.abs(came - _quantiles(drawn, [0.5])[0])]
    for level in levels:
        score = interval_score(*interval(drawn, level), came, level)
        parts.append((1.0 - level) / 2.0 * score)
    return _floats(np.sum(parts, axis=0) / (len(levels) + 0.5))


def covered(samples: ArrayLike, observed: ArrayLike, level: float) -> NDArray[np.bool_]:
    """Whether the central interval holds the observed count, its ends included; shape (n,).

    Counts are coarse: a perfect forecast's interval holds `level` or rather more.

    >>> covered([[0, 1, 2, 3], [0, 1, 2, 3]], [0, 3], 0.5)
    array([ True, False])
    """
    _, came = _paired(samples, observed)
    low, high = interval(samples, level)
    return np.asarray((low <= came) & (came <= high))


def pit(samples: ArrayLike, observed: ArrayLike, u: ArrayLike) -> Floats:
    """Randomised probability integral transform, in (0, 1); shape (n,).

    The place of the observed count among the draws, with the uniform `u` to settle where
    it stands within its own slot and among its equals:

        (draws below y + u · (draws equal to y + 1)) / (m + 1).

    Exactly uniform if the observed count is one more draw of the forecast, whatever m.

    >>> pit([[0, 1, 1, 3]], [1], [0.5])
    array([0.5])
    """
    drawn, came = _paired(samples, observed)
    below = np.count_nonzero(drawn < came[:, np.newaxis], axis=1)
    equal = np.count_nonzero(drawn == came[:, np.newaxis], axis=1)
    return _floats((below + _floats(u) * (equal + 1.0)) / (drawn.shape[1] + 1.0))


def block_bootstrap(
    differences: ArrayLike, block: int, draws: int, seed: int
) -> tuple[float, float]:
    """90 % interval of the mean of a series by the circular moving-block bootstrap.

    Blocks of neighbours are drawn with replacement, wrapping round the end, and laid end
    to end until the series is full again (Politis and Romano 1992).

    Args:
        differences: paired differences in the order of their origins, shape (n,).
        block: neighbours drawn together. Forecasts from origins a week apart over a
            horizon of k weeks share weeks with the next k - 1, so a block holds k at least.
        draws: resampled series.
        seed: of the resampling.

    A series holds about n / block independent looks, and with few the interval is too
    narrow. For sums of Gaussian noise over 1, 4 and 13 weeks at 26, 23 and 14 weekly
    origins it held the true mean in 88, 71 and 9 % of cases: 13 weeks ahead over half a
    year it says nothing, and a block as long as the series leaves it no width at all.

    Raises:
        ValueError: a block that isn't between 1 and n long.
    """
    series = _floats(differences)
    if not 1 <= block <= series.size:
        raise ValueError(f"block = {block}: must lie in 1 … {series.size}, the series' length")
    rng = np.random.default_rng(seed)
    starts = rng.integers(series.size, size=(draws, -(-series.size // block), 1))
    places = (starts + np.arange(block)) % series.size
    means = series[places.reshape(draws, -1)[:, : series.size]].mean(axis=1)
    low, high = np.quantile(means, [0.05, 0.95])
    return float(low), float(high)


def information_gain(
    log_scores_model: ArrayLike, log_scores_baseline: ArrayLike, attacks: float
) -> float:
    """How much better the model foresaw than the baseline, in nats per attack.

    Rhoades et al. (2011), as CSEP reports it.

    Args:
        log_scores_model: of each forecast, in nats.
        log_scores_baseline: of the same forecasts, in the same order.
        attacks: in all the windows scored; one that lies in several counts in each.

    Raises:
        ValueError: series of different lengths, or no attack to share the gain among.

    >>> information_gain([-1.0, -2.0], [-2.0, -2.5], attacks=3)
    0.5
    """
    model, baseline = _floats(log_scores_model), _floats(log_scores_baseline)
    if model.shape != baseline.shape:
        raise ValueError(f"{model.size} log scores against {baseline.size}: they must be paired")
    if attacks <= 0:
        raise ValueError(f"attacks = {attacks}: no gain per attack without an attack")
    return math.fsum(model - baseline) / attacks


def n_test(samples_total: ArrayLike, observed: float) -> tuple[float, float]:
    """CSEP's N-test: the chance of at least, and of at most, as many as were observed.

    A first number under 0.025 says that the forecast was too low, a second one that it was
    too high (Zechar, Gerstenberger and Rhoades 2010).

    >>> n_test([1, 2, 3, 4], 2)
    (0.75, 0.5)
    """
    totals = _floats(samples_total)
    return float(np.mean(totals >= observed)), float(np.mean(totals <= observed))


def _floats(values: ArrayLike) -> Floats:
    return np.asarray(values, dtype=np.float64)


def _paired(samples: ArrayLike, observed: ArrayLike) -> tuple[Floats, Floats]:
    """Samples (n, m) and observations (n,), both float."""
    drawn, came = _floats(samples), _floats(observed)
    if drawn.ndim != 2 or came.shape != drawn.shape[:1] or not drawn.shape[1]:
        raise ValueError(
            f"samples {drawn.shape} and observed {came.shape}: must be (n, m) and (n,), m ≥ 1"
        )
    return drawn, came
