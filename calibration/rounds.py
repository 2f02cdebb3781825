"""The probabilities of rounds: attempted, left, failed, intercepted, come down.

They are those of `sim.agents.salvo` and `sim.agents.air_defence`, for W parameter draws at once.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import comb

import numpy as np

from calibration.arrays import Array, Counts, Numbered, grouped, ratio, spread, summed, table
from calibration.possible import MOST, Departure, Flight
from sim.agents.air_defence import EDGE
from sim.agents.salvo import INTENTS, LARGE, MEDIUM, SMALL
from sim.settings.militia import Intent
from sim.settings.militia import Salvo as SalvoSettings
from sim.settings.places import AirDefence
from sim.settings.scenario import Scenario

WAYS: Array = np.array([[comb(n, k) for k in range(MOST + 1)] for n in range(MOST + 1)], float)
"""Binomial coefficients, by trials and successes; zero where there are too few trials."""


def intents(intent: Intent, grievance: Array) -> Array:
    """Probability of each of `INTENTS` at each grievance: (n, W) → (n, 3, W)."""
    weights = np.empty((len(grievance), len(INTENTS), grievance.shape[1]))
    weights[:, 0] = intent.message_share
    weights[:, 1] = intent.harass_share
    weights[:, 2] = intent.punish_share * np.exp(np.maximum(0.0, grievance))
    weights /= weights.sum(axis=1, keepdims=True)
    return weights


def class_shares(salvo: SalvoSettings, intent: Intent, width: int) -> Array:
    """`sim.agents.salvo.class_shares` of every intent: shape (3 intents, 3 classes, W)."""
    large, medium = spread(salvo.large_share, width), spread(salvo.medium_share, width)
    factors = np.stack([spread(f, width) for f in (intent.message_salvo, 1.0, intent.punish_salvo)])
    larger = np.minimum(1.0, large + medium)
    moved = ratio(larger * factors, larger * factors + 1.0 - larger)
    biggest = moved * ratio(large, large + medium)
    return np.stack([1.0 - moved, moved - biggest, biggest], axis=1)


def sizes(low: int, high: int, step: Array) -> Array:
    """Shares of the sizes from `low` to `high`, each `step` times the one before: (n, W)."""
    weights = step ** np.arange(high - low + 1)[:, None]
    shares: Array = weights / weights.sum(axis=0)
    return shares


def attempted(salvo: SalvoSettings, intent: Intent, width: int) -> Array:
    """Probability of each number of rounds attempted, by intent: shape (MOST + 1, 3, W)."""
    shares = class_shares(salvo, intent, width)
    mass = np.zeros((MOST + 1, len(INTENTS), width))
    steps = (salvo.small_ratio, 1.0, salvo.large_ratio)
    for rank, ((low, high), step) in enumerate(zip((SMALL, MEDIUM, LARGE), steps, strict=True)):
        mass[low : high + 1] = sizes(low, high, spread(step, width))[:, None] * shares[:, rank]
    return mass


def failing_share(salvo: SalvoSettings) -> Array:
    """`sim.agents.salvo.failing_share`: share of failures among the rounds that left."""
    idle, part = np.asarray(salvo.idle_share), np.asarray(salvo.unfired_part)
    return ratio(idle * (1.0 - part), 1.0 - idle * part)


class Departures:
    """The probabilities of rounds that leave while others stay behind."""

    def __init__(self, keys: Sequence[Departure]) -> None:
        terms = ((key.fired + n, n) for key in keys for n in key.unfired)
        counts = [len(key.unfired) for key in keys]
        self._sum, (self._tried, self._unfired) = grouped(terms, counts)

    def __call__(self, scenario: Scenario, width: int) -> Array:
        """By intent: shape (departures, 3, W). At least one round always leaves."""
        salvo, intent = scenario.militia.salvo, scenario.militia.intent
        stays = spread(salvo.idle_share * salvo.unfired_part, width)
        left = binomial_mass(self._tried - 1, self._unfired, stays)
        mass = attempted(salvo, intent, width)[self._tried]
        mass *= left[:, None]
        return summed(self._sum, mass)


class Flights:
    """The probabilities of rounds that come down, after failures and a battery."""

    def __init__(self, keys: Sequence[Flight]) -> None:
        fates: Numbered[tuple[int, int]] = Numbered()
        shots: Numbered[tuple[int, int, bool]] = Numbered()
        paths = [(k, n, k.fired - n) for k in keys for n in k.failed]
        terms = (
            (fates((k.fired, n)), shots((flying, flying - k.impacted, k.defended)))
            for k, n, flying in paths
        )
        self._sum, (self._fate, self._shot) = grouped(terms, [len(k.failed) for k in keys])
        self._fired, self._failed = table(fates, 2)
        self._flying, self._stopped, self._defended = table(shots, 3)

    def __call__(self, scenario: Scenario, width: int) -> Array:
        """Shape (flights, W)."""
        fails = spread(failing_share(scenario.militia.salvo), width)
        fate = binomial_mass(self._fired, self._failed, fails)
        shot = stopped_mass(
            self._flying, self._stopped, self._defended, scenario.air_defence, width
        )
        return summed(self._sum, fate[self._fate] * shot[self._shot])


def stopped_mass(
    flying: Counts, stopped: Counts, defended: Counts, defence: AirDefence, width: int
) -> Array:
    """Probability that of `flying` rounds so many are intercepted: shape (n, W).

    A battery that is ready engages as many as it can begin to serve in time and its full
    magazine holds.
    """
    hits = spread(defence.engage_share, width)
    engaged = np.minimum(flying[:, None], capacity(defence, width))
    missed = np.maximum(engaged - stopped[:, None], 0)
    ready = defended[:, None] * spread(defence.readiness, width)
    mass = WAYS[engaged, stopped[:, None]] * powers(hits)[stopped]
    mass *= np.take_along_axis(powers(1.0 - hits), missed, axis=0)
    result: Array = (1.0 - ready) * (stopped == 0)[:, None] + ready * mass
    return result


def capacity(defence: AirDefence, width: int) -> Counts:
    """Rounds of one salvo that a ready battery with a full magazine engages, shape (W,)."""
    flight = spread(defence.flight_seconds, width) + EDGE
    turns = np.floor(flight / spread(defence.service_seconds, width)) + 1.0
    return np.minimum(defence.channels * turns, defence.magazine).astype(int)


def powers(base: Array) -> Array:
    """The powers from 0 to MOST: shape (MOST + 1, W)."""
    result: Array = base ** np.arange(MOST + 1)[:, None]
    return result


def binomial_mass(trials: Counts, successes: Counts, share: Array) -> Array:
    """Binomial probabilities: trials and successes (n,), share (W,) → (n, W)."""
    ways = WAYS[trials, successes][:, None]
    mass: Array = ways * powers(share)[successes] * powers(1.0 - share)[trials - successes]
    return mass
