"""The tempo of rocket attacks: its drivers and λ(t).

    λ(t) = g(t) · [ μ · exp(Σ_k s_k(t)) + Σ_{past attacks i} α κ e^{−κ(t − t_i)} ]

The simulation draws attacks from `Tempo`; `compensator` integrates it, for the tests. The
likelihood integrates the same λ for many sets of parameters at once (`calibration/wide.py`), to
about 1e-7, and to 2e-4 where `most` begins to bind. Rates are attacks a day, times are days,
effects are on the log of the rate.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Sequence
from itertools import pairwise
from math import exp, fsum, inf, log
from typing import Protocol

LN2 = log(2.0)
PANEL_DAYS = 2.0
"""The longest panel of `compensator`, where nothing fades fast."""
FELT = 1e-12
"""A smaller effect on the log rate, or share of the rate, changes no integral that is told."""

Terms = Sequence[tuple[float, float]]
"""The aᵢ and dᵢ of Σ aᵢ e^{−dᵢ t}, in the order of their dᵢ."""


class Driver:
    """A log-additive effect that jumps at events and halves every `half_life` days.

    Args:
        size: jump at an event of strength one (log rate).
        half_life: days.
        cap: largest absolute value that jumps can add up to.
    """

    __slots__ = ("at", "cap", "decay", "size", "value")

    def __init__(self, size: float, half_life: float, cap: float) -> None:
        self.size = size
        self.decay = LN2 / half_life
        self.cap = cap
        self.value = 0.0
        self.at = 0.0

    def level(self, time: float) -> float:
        """The effect at `time`, which lies not before the last jump."""
        return self.value * exp(-self.decay * (time - self.at)) if self.value else 0.0

    def jump(self, time: float, strength: float = 1.0) -> None:
        """Add `strength` jumps at `time`, up to the cap."""
        value = self.level(time) + strength * self.size
        self.value = max(-self.cap, min(self.cap, value))
        self.at = time


class Moved(Protocol):
    """What events move: the simulation's `Tempo`, or the likelihood's of many parameters."""

    drivers: dict[str, Driver]
    gate: float

    def excite(self, time: float) -> None:
        """An attack happened."""

    def level(self, name: str, effect: float) -> None:
        """A lasting condition adds `effect` to the log rate, until it is set anew."""

    def window(self, start: float, end: float, effect: float, since: float = ...) -> None:
        """`effect` is added from `start`, but not before `since`, to `end`."""


class Tempo:
    """λ(t) and what it depends on, for times not before the last thing it was told.

    Args:
        base: μ, attacks a day.
        excitation: α, attacks that one attack triggers on average, below 1.
        decay_days: 1/κ, mean lag of a triggered attack.
        drivers: the log-additive effects by name.
        most: what all effects together add to the log rate at most, so that blows which
            draw blows cannot raise the tempo without end.

    Raises:
        ValueError: an excitation of 1 or more, whose process has no finite mean.
    """

    def __init__(
        self,
        base: float,
        excitation: float,
        decay_days: float,
        drivers: dict[str, Driver],
        most: float = inf,
    ) -> None:
        if not 0.0 <= excitation < 1.0:
            raise ValueError(f"excitation = {excitation}: must lie in [0, 1), else attacks explode")
        self.base = base
        self.excitation = excitation
        self.kappa = 1.0 / decay_days
        self.drivers = drivers
        self.most = most
        self.gate = 1.0
        self._order = tuple(drivers.values())
        self._excited, self._at = 0.0, 0.0
        self._levels: dict[str, float] = {}
        self._level = 0.0
        self._edges: list[float] = []
        self._steps = [0.0]  # what the windows add up to before, between and after the edges

    # -- what it is told --------------------------------------------------------------

    def excite(self, time: float) -> None:
        """An attack happened: add α κ, to decay from now on."""
        self._excited = self._triggered(time) + self.excitation * self.kappa
        self._at = time

    def level(self, name: str, effect: float) -> None:
        """Set what a lasting condition adds to the log rate, until it is set anew."""
        self._levels[name] = effect
        self._level = fsum(self._levels.values())

    def window(self, start: float, end: float, effect: float, since: float = -inf) -> None:
        """Add `effect` to the log rate from `start` (inclusive), but not before `since`, to
        `end` (exclusive)."""
        opens = max(start, since)
        if effect and end > opens:
            for i in range(self._cut(opens), self._cut(end)):
                self._steps[i] += effect

    def _cut(self, time: float) -> int:
        """Make `time` an edge, if it is none; the number of the step that begins there."""
        place = bisect_left(self._edges, time)
        if place == len(self._edges) or self._edges[place] != time:
            self._edges.insert(place, time)
            self._steps.insert(place, self._steps[place])
        return place + 1

    # -- what it says -----------------------------------------------------------------

    def rate(self, time: float, without: Sequence[str] = ()) -> float:
        """λ(time), attacks a day; `without` names drivers to leave out."""
        effect = self._level + self._steps[bisect_right(self._edges, time)]
        for driver in self._order:
            if driver.value:
                effect += driver.value * exp(-driver.decay * (time - driver.at))
        for name in without:
            if name in self.drivers:
                effect -= self.drivers[name].level(time)
        background = self.base * exp(min(effect, self.most)) if effect else self.base
        return self.gate * (background + self._triggered(time))

    def _triggered(self, time: float) -> float:
        """What past attacks add; zero before the first, however long ago the clock began."""
        if not self._excited:
            return 0.0
        return self._excited * exp(-self.kappa * (time - self._at))

    def ceiling(self, start: float, end: float) -> float:
        """An upper bound of λ on [start, end), if nothing happens and no window opens."""
        effect = self._level + self._steps[bisect_right(self._edges, start)]
        for driver in self._order:
            if driver.value:
                worst = start if driver.value > 0.0 else end
                effect += driver.value * exp(-driver.decay * (worst - driver.at))
        return self.gate * (self.base * exp(min(effect, self.most)) + self._triggered(start))

    def kinks(self, start: float, end: float) -> list[float]:
        """When `most` begins or ceases to bind in (start, end), if nothing happens and no window
        opens."""
        (lasting, _), *fading = self._effects(start)
        if lasting + fsum(max(0.0, size) for size, _ in fading) <= self.most:
            return []  # and never will, as all of it fades
        terms = [(lasting - self.most, 0.0), *fading]
        return [start + t for t in crossings(terms, end - start)]

    def halving(self, time: float) -> float:
        """Days in which the fastest of what is felt at `time` halves, if anything is."""
        decays = [decay for size, decay in self._effects(time) if abs(size) > FELT]
        if self._triggered(time) > FELT * self.rate(time):
            decays.append(self.kappa)
        fastest = max(decays, default=0.0)
        return LN2 / fastest if fastest else inf

    def _effects(self, time: float) -> list[tuple[float, float]]:
        """What is added to the log rate at `time`, each part with its decay: first what lasts."""
        lasting = self._level + self._steps[bisect_right(self._edges, time)]
        fading = sorted((d.decay, d.level(time)) for d in self._order if d.value)
        return [(lasting, 0.0), *((size, decay) for decay, size in fading)]

    def next_break(self, time: float) -> float:
        """The next moment at which a window opens or closes, or infinity."""
        place = bisect_right(self._edges, time)
        return self._edges[place] if place < len(self._edges) else inf


def compensator(tempo: Tempo, start: float, end: float) -> float:
    """∫ λ over [start, end), during which nothing happens; relative error below 1e-8.

    Gauss–Legendre with 10 nodes on panels in which λ is smooth: they end where a window opens or
    closes and where `most` begins or ceases to bind, and are half as long as the shortest of the
    half-lives that are felt.
    """
    total, low = 0.0, start
    while low < end:
        high = min(end, tempo.next_break(low))
        for cut in (*tempo.kinks(low, high), high):
            total, low = total + _smooth(tempo, low, cut), cut
    return total


def _smooth(tempo: Tempo, low: float, high: float) -> float:
    """∫ λ where no window and no kink parts it."""
    total = 0.0
    while low < high:
        cut = min(high, low + PANEL_DAYS, low + tempo.halving(low) / 2.0)
        total, low = total + _quadrature(tempo.rate, low, cut), cut
    return total


def crossings(terms: Terms, span: float) -> list[float]:
    """Where Σ aᵢ e^{−dᵢ t} changes its sign for t in (0, span), in order.

    Divided by e^{−d₁ t} the sum keeps its zeros, and its slope is such a sum again with a term
    less: between the zeros of the slope it is monotone.

    >>> [round(t, 12) for t in crossings([(-1.5, 0.0), (3.0, LN2)], 30.0)]
    [1.0]
    """
    (_, slowest), *faster = terms
    if not faster:
        return []

    def sum_at(t: float) -> float:
        return fsum(a * exp((slowest - d) * t) for a, d in terms)

    slope = [(a * (slowest - d), d - slowest) for a, d in faster]
    edges = [0.0, *crossings(slope, span), span]
    return [
        _bisected(sum_at, low, high)
        for low, high in pairwise(edges)
        if (sum_at(low) < 0.0) != (sum_at(high) < 0.0)
    ]


def _bisected(value: Callable[[float], float], low: float, high: float) -> float:
    """Where `value`, monotone from `low` to `high`, changes its sign."""
    negative = value(low) < 0.0
    while low < (middle := (low + high) / 2.0) < high:
        if (value(middle) < 0.0) == negative:
            low = middle
        else:
            high = middle
    return high


def _quadrature(rate: Callable[[float], float], low: float, high: float) -> float:
    half, middle = (high - low) / 2.0, (high + low) / 2.0
    return half * fsum(w * rate(middle + half * x) for x, w in _nodes())


def _nodes() -> list[tuple[float, float]]:
    if not _NODES:
        from numpy.polynomial.legendre import leggauss

        x, w = leggauss(10)
        _NODES.extend(zip(x.tolist(), w.tolist(), strict=True))
    return _NODES


_NODES: list[tuple[float, float]] = []
