"""How many rounds an attack has, and how many of them leave, fail and fly."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable
from itertools import accumulate
from math import exp, fsum
from typing import NamedTuple

from sim.draws import Uniforms
from sim.inversion import binomial, choose
from sim.settings.militia import Intent, Salvo

INTENTS = ("message", "harass", "punish")
SMALL, MEDIUM, LARGE = (1, 4), (5, 9), (10, 60)
"""Rounds attempted, lowest and highest, by salvo class; 57 stood on the rails on 14 March 2020
(row A062)."""


class Rounds(NamedTuple):
    """The rounds of one attack: attempted = unfired + fired, and fired = failed + in_air."""

    attempted: int
    unfired: int
    fired: int
    failed: int

    @property
    def in_air(self) -> int:
        """Rounds that a defence or a site has to deal with."""
        return self.fired - self.failed


def choose_intent(u: float, intent: Intent, grievance: float) -> str:
    """What an attack is for: a fresh grievance multiplies the weight of punishment."""
    punish = intent.punish_share * exp(max(0.0, grievance))
    return INTENTS[choose(u, (intent.message_share, intent.harass_share, punish))]


def class_shares(salvo: Salvo, intent: Intent, purpose: str) -> tuple[float, float, float]:
    """Probabilities of a small, medium and large salvo, moved by what the attack is for."""
    factor = {"message": intent.message_salvo, "punish": intent.punish_salvo}.get(purpose, 1.0)
    larger = min(1.0, salvo.large_share + salvo.medium_share)
    if larger <= 0.0:
        return 1.0, 0.0, 0.0
    moved = larger * factor / (larger * factor + 1.0 - larger) if factor else 0.0
    large = moved * salvo.large_share / (salvo.large_share + salvo.medium_share)
    return 1.0 - moved, moved - large, large


class SalvoRule:
    """The rounds of an attack, with the tables that its settings imply made once."""

    def __init__(self, salvo: Salvo, intent: Intent) -> None:
        self.shares = {purpose: class_shares(salvo, intent, purpose) for purpose in INTENTS}
        self.sizes = (
            sizes(*SMALL, salvo.small_ratio),
            sizes(*MEDIUM, 1.0),
            sizes(*LARGE, salvo.large_ratio),
        )
        self.unfired_share = salvo.idle_share * salvo.unfired_part
        self.failing_share = failing_share(salvo.idle_share, salvo.unfired_part)

    def draw(self, u: Uniforms, purpose: str, limit: Callable[[int], int] = lambda n: n) -> Rounds:
        """Rounds from four uniforms: class, size, unfired, failed in flight.

        `limit` cuts the rounds attempted down to those at hand.

        At least one round leaves, else it is no attack but a foiled attempt, which has a
        rate of its own.
        """
        small, medium, _ = self.shares[purpose]
        low, sums = self.sizes[0 if u[0] < small else 1 if u[0] < small + medium else 2]
        attempted = limit(low + bisect_right(sums, u[1], 0, len(sums) - 1))
        unfired = binomial(u[2], attempted - 1, self.unfired_share)
        fired = attempted - unfired
        return Rounds(attempted, unfired, fired, binomial(u[3], fired, self.failing_share))


def sizes(low: int, high: int, ratio: float) -> tuple[int, list[float]]:
    """Lowest size and cumulative shares of sizes, each `ratio` times the one before."""
    weights = [ratio**i for i in range(high - low + 1)]
    total = fsum(weights)
    return low, [share / total for share in accumulate(weights)]


def failing_share(idle: float, part: float) -> float:
    """Share of rounds that fail among those that left, so that both add up to `idle`."""
    left = 1.0 - idle * part
    return idle * (1.0 - part) / left if left > 0.0 else 0.0
