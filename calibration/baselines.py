"""Simple forecasts of the number of attacks, which the simulator must beat to be worth its while.

A baseline is told how many attacks each past day saw, the last element being the day
before the origin, and nothing else; it is fitted anew each time it is asked. It answers
with draws of the total over each horizon, and a draw is one path of days: its totals grow
with the horizon.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import stats

if TYPE_CHECKING:
    from hmmlearn.hmm import PoissonHMM

Counts = NDArray[np.int64]
Floats = NDArray[np.float64]


class Baseline(Protocol):
    """What every baseline offers."""

    @property
    def name(self) -> str:
        """As tables and pictures call it."""

    def forecast(
        self, days: ArrayLike, horizons: Sequence[int], draws: int, rng: np.random.Generator
    ) -> Counts:
        """Draws of the attacks within each horizon, from the origin on.

        Args:
            days: attacks on each past day, oldest first, up to the day before the origin;
                none at all is taken for one day without an attack.
            horizons: days ahead, each 1 or more.
            draws: paths to draw.
            rng: the only source of chance; the same state gives the same draws.

        Returns:
            Attacks, shape (horizons, draws); one column is one path.

        Raises:
            ValueError: days that aren't a series of counts, or a horizon under one day.
        """


@dataclass(frozen=True)
class PoissonGamma:
    """Attacks come at one rate, known from the last `last_days` days (all, if None).

    The rate has Jeffreys' prior, Gamma(1/2, 0), so its posterior is Gamma(attacks + 1/2,
    days).
    """

    name: str
    last_days: int | None = None

    def forecast(
        self, days: ArrayLike, horizons: Sequence[int], draws: int, rng: np.random.Generator
    ) -> Counts:
        """As `Baseline.forecast`."""
        known = _history(days)
        recent = known if self.last_days is None else known[-self.last_days :]
        rate = rng.gamma(recent.sum() + 0.5, 1.0 / recent.size, draws)
        return _totals(rng.poisson(rate, (_longest(horizons), draws)), horizons)


@dataclass(frozen=True)
class NegativeBinomial:
    """Totals of weeks, counted back from the origin, are independent negative binomials.

    Posterior on a grid: the weekly mean under Jeffreys' prior of a Poisson rate (flat in
    its square root), the size (small: bursty) flat in its log between 0.1 and 50. Each
    coming week has its own gamma rate, and its days share it. An incomplete first week of
    the history is left out.
    """

    name: str = "negative binomial"

    def forecast(
        self, days: ArrayLike, horizons: Sequence[int], draws: int, rng: np.random.Generator
    ) -> Counts:
        """As `Baseline.forecast`."""
        longest = _longest(horizons)
        mean, size = self._posterior(_history(days), draws, rng)
        weekly = rng.gamma(size, mean / size, (-(-longest // 7), draws))
        daily = np.repeat(weekly / 7.0, 7, axis=0)[:longest]
        return _totals(rng.poisson(daily), horizons)

    @staticmethod
    def _posterior(known: Counts, draws: int, rng: np.random.Generator) -> tuple[Floats, Floats]:
        weeks = known[known.size % 7 :].reshape(-1, 7).sum(axis=1)
        means = _root_grid(weeks.sum(), max(weeks.size, 1), 60)[:, np.newaxis]
        sizes = np.geomspace(0.1, 50.0, 25)
        totals, times = np.unique(weeks, return_counts=True)
        each = stats.nbinom.logpmf(
            totals[:, np.newaxis, np.newaxis], sizes, sizes / (sizes + means)
        )
        mean_at, size_at = _drawn_from(np.tensordot(times, each, axes=1), draws, rng)
        return means[mean_at, 0], sizes[size_at]


@dataclass(frozen=True)
class Resampled:
    """The last twelve months again: each path replays them from a day drawn at random.

    The bootstrap known as conflictology-12, which is hard to beat on country-months
    (ViEWS 2023/24). Paths keep the order of days and go on from the last of the twelve
    months to their first, so every day of the year weighs the same at every horizon.
    """

    name: str = "last 12 months resampled"
    last_days: int = 365

    def forecast(
        self, days: ArrayLike, horizons: Sequence[int], draws: int, rng: np.random.Generator
    ) -> Counts:
        """As `Baseline.forecast`."""
        year = _history(days)[-self.last_days :]
        starts = rng.integers(year.size, size=draws)
        ahead = np.arange(_longest(horizons))[:, np.newaxis]
        return _totals(year[(starts + ahead) % year.size], horizons)


@dataclass(frozen=True)
class Hawkes:
    """Each attack sets off others, exponentially fewer with the days that pass.

    In days, as the record is: given the days before it, day d has a Poisson number with mean

        base + offspring · Σ_{past days j} (e^{1/τ} - 1) e^{-(d - j)/τ} N_j,

    whose weights add up to one, so `offspring` is the mean number that one attack sets off.
    Attacks of one day don't set off each other. Posterior on a grid: base flat in its
    square root (Jeffreys' prior of a rate), offspring flat in (0, 1), decay τ flat in its
    log between 1 and 60 days. Where no attack is known, offspring and decay are the prior's.
    """

    name: str = "Hawkes"

    def forecast(
        self, days: ArrayLike, horizons: Sequence[int], draws: int, rng: np.random.Generator
    ) -> Counts:
        """As `Baseline.forecast`."""
        known = _history(days)
        base, offspring, decay_days = self.posterior(known, draws, rng)
        keep = np.exp(-1.0 / decay_days)
        excited = excitation(known, decay_days)[-1]
        path = np.empty((_longest(horizons), draws), dtype=np.int64)
        for day in path:
            day[:] = rng.poisson(base + offspring * excited)
            excited = keep * excited + (1.0 - keep) * day
        return _totals(path, horizons)

    @staticmethod
    def posterior(
        days: ArrayLike, draws: int, rng: np.random.Generator
    ) -> tuple[Floats, Floats, Floats]:
        """Draws of base (attacks a day), offspring and decay (days), each of shape (draws,)."""
        known = _history(days)
        bases = _root_grid(known.sum(), known.size, 60)
        offsprings: Floats = np.arange(0.5, 25.0) / 25.0
        decays: Floats = np.geomspace(1.0, 60.0, 13)
        fits = [log_likelihood(known, bases[:, np.newaxis], offsprings, decay) for decay in decays]
        decay_at, base_at, offspring_at = _drawn_from(np.stack(fits), draws, rng)
        return bases[base_at], offsprings[offspring_at], decays[decay_at]


def log_likelihood(
    days: ArrayLike, base: ArrayLike, offspring: ArrayLike, decay_days: float
) -> Floats:
    """Log probability of a history under `Hawkes`, in nats, without the factorials.

    Args:
        days: attacks on each day, oldest first; none are known before the first.
        base: attacks a day that nothing set off, above 0.
        offspring: mean number of attacks that one sets off, of a shape that goes with `base`.
        decay_days: τ.

    Returns:
        Nats, in the common shape of `base` and `offspring`.
    """
    known = _history(days)
    excited = excitation(known, np.array([decay_days]))[:-1, 0]
    hit = np.flatnonzero(known)
    a, b = np.asarray(base, dtype=np.float64), np.asarray(offspring, dtype=np.float64)
    rates = a[..., np.newaxis] + b[..., np.newaxis] * excited[hit]
    seen = np.log(rates) @ known[hit].astype(np.float64)
    return np.asarray(seen - (a * known.size + b * excited.sum()), dtype=np.float64)


def excitation(days: Counts, decay_days: Floats) -> Floats:
    """Σ_{j < d} (e^{1/τ} - 1) e^{-(d - j)/τ} N_j before each day and before the one to come.

    Shape (days + 1, decays): one column for each τ of `decay_days`.

    >>> excitation(np.array([1, 0]), np.array([1.0])).round(3).ravel()
    array([0.   , 0.632, 0.233])
    """
    keep = np.exp(-1.0 / decay_days)
    excited = np.zeros((days.size + 1, decay_days.size))
    for d, count in enumerate(days):
        excited[d + 1] = keep * excited[d] + (1.0 - keep) * count
    return excited


@dataclass(frozen=True)
class HiddenMarkov:
    """Days are Poisson at the rate of a hidden state, of which there are two or three.

    Maximum likelihood by hmmlearn, the number of states by BIC, from three starts whose
    states hold for 4, 16 and 64 days. The fit is taken as known: draws differ by today's
    state, by the moves and by the counts. Under `least_days`, or without an attack, there
    is nothing to tell states by: one rate then, as `PoissonGamma` with all of it.
    """

    name: str = "hidden Markov"
    least_days: int = 28

    def forecast(
        self, days: ArrayLike, horizons: Sequence[int], draws: int, rng: np.random.Generator
    ) -> Counts:
        """As `Baseline.forecast`."""
        known = _history(days)
        if known.size < self.least_days or not known.any():
            return PoissonGamma(self.name).forecast(known, horizons, draws, rng)
        model = self.fitted(known)
        moves = model.transmat_.cumsum(axis=1)
        now = model.predict_proba(known[:, np.newaxis])[-1]
        state = rng.choice(now.size, size=draws, p=now)
        path = np.empty((_longest(horizons), draws), dtype=np.int64)
        for day in path:
            # The last state takes what rounding leaves of the row's sum.
            state = (rng.random(draws)[:, np.newaxis] > moves[state, :-1]).sum(axis=1)
            day[:] = rng.poisson(model.lambdas_[state, 0])
        return _totals(path, horizons)

    @staticmethod
    def fitted(days: Counts) -> PoissonHMM:
        """The model of lowest BIC among two or three states and three starts each."""
        fits = [_markov_fit(days, states, hold) for states in (2, 3) for hold in (4, 16, 64)]
        return min(fits, key=lambda model: float(model.bic(days[:, np.newaxis])))


def _markov_fit(days: Counts, states: int, hold: int) -> PoissonHMM:
    """One climb by expectation-maximisation, from rates a third to three times the mean."""
    # Imported here: it brings scikit-learn, two seconds that only this baseline needs.
    from hmmlearn.hmm import PoissonHMM

    model = PoissonHMM(states, init_params="", n_iter=200)
    model.startprob_ = np.full(states, 1.0 / states)
    stay = np.eye(states, dtype=bool)
    model.transmat_ = np.where(stay, 1.0 - 1.0 / hold, 1.0 / hold / (states - 1))
    model.lambdas_ = days.mean() * np.geomspace(1.0 / 3.0, 3.0, states)[:, np.newaxis]
    model.fit(days[:, np.newaxis])
    # A state that only the last day is in was never seen to be left: any move is as likely.
    model.transmat_[model.transmat_.sum(axis=1) == 0.0] = 1.0 / states
    return model


@dataclass(frozen=True)
class Mixture:
    """Equal mixture: each member gives the same share of the paths, in random order."""

    members: tuple[Baseline, ...]
    name: str = "equal mixture"

    def forecast(
        self, days: ArrayLike, horizons: Sequence[int], draws: int, rng: np.random.Generator
    ) -> Counts:
        """As `Baseline.forecast`."""
        shares = np.diff(np.arange(len(self.members) + 1) * draws // len(self.members))
        parts = [
            member.forecast(days, horizons, int(share), rng)
            for member, share in zip(self.members, shares, strict=True)
        ]
        return rng.permutation(np.concatenate(parts, axis=1), axis=1)


def _history(days: ArrayLike) -> Counts:
    """The days as whole numbers; at least one of them, so that every mean exists."""
    given = np.asarray(days)
    if given.ndim != 1 or (given < 0).any() or (given != np.floor(given)).any():
        raise ValueError("days: must be a flat series of whole attacks a day, none below 0")
    return given.astype(np.int64) if given.size else np.zeros(1, dtype=np.int64)


def _longest(horizons: Sequence[int]) -> int:
    if not len(horizons) or min(horizons) < 1:
        raise ValueError(f"horizons = {list(horizons)}: must be days ahead, each 1 or more")
    return max(horizons)


def _totals(path: Counts, horizons: Sequence[int]) -> Counts:
    """Attacks up to each horizon; from (days, draws) to (horizons, draws)."""
    return np.asarray(path.cumsum(axis=0)[np.asarray(horizons) - 1], dtype=np.int64)


def _root_grid(events: int, exposure: int, points: int) -> Floats:
    """Rates that all weigh the same under Jeffreys' prior, beyond what `events` make likely.

    The root of a Poisson rate is known to within 1 / (2 √exposure), so the grid ends six of
    these above the root of the plain estimate: overdispersion takes it further.
    """
    top = (np.sqrt(events + 0.5) + 3.0) ** 2 / exposure
    return np.asarray(top * ((np.arange(points) + 0.5) / points) ** 2, dtype=np.float64)


def _drawn_from(
    log_weights: Floats, draws: int, rng: np.random.Generator
) -> tuple[NDArray[np.intp], ...]:
    """Indices of grid points, drawn by weight: one array of shape (draws,) per axis."""
    weights = np.exp(log_weights - log_weights.max()).ravel()
    chosen = rng.choice(weights.size, size=draws, p=weights / weights.sum())
    return np.unravel_index(chosen, log_weights.shape)


_SINGLE: tuple[Baseline, ...] = (
    PoissonGamma("all history"),
    PoissonGamma("last 4 weeks", 28),
    PoissonGamma("last 8 weeks", 56),
    PoissonGamma("last 12 weeks", 84),
    NegativeBinomial(),
    Resampled(),
    Hawkes(),
    HiddenMarkov(),
)

BASELINES: tuple[Baseline, ...] = (*_SINGLE, Mixture(_SINGLE))
"""All baselines, in the order in which reports list them; the last pools the others."""
