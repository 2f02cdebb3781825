"""λ(t) under many parameters at once, moved by the same agents' rules as in a simulation.

`Wide` stands where a simulation has its `Tempo`: the same `Motives` tell it of every event.
It keeps what each event changed, so that ∫λ can be taken afterwards. Its numbers equal those
of `Tempo` and `compensator`, parameter by parameter (tested).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from calibration.quantiles import Floats
from sim.agents.motives import switched_on
from sim.intensity import LN2, Driver
from sim.settings.militia import Militia

NODES = 6
"""Gauss–Legendre nodes a panel: error below 1e-9 on panels of two days, half-lives from half a
day up."""
PANEL_DAYS = 2.0
_X, _W = np.polynomial.legendre.leggauss(NODES)


class Track:
    """What a quantity was after each change: times, and values of shape (changes, width)."""

    def __init__(self, width: int) -> None:
        self.times: list[float] = []
        self.values: list[Any] = []
        self.width = width

    def note(self, time: float, value: Any) -> None:
        """Keep the value that holds from `time` on."""
        self.times.append(time)
        self.values.append(value)

    def at(self, times: Floats, before: float = 0.0) -> tuple[Floats, Floats]:
        """The last change before each of `times` (width, n): its value, and when it was."""
        place = np.searchsorted(np.array(self.times), times, side="right")
        values, when = self._tables(before)
        return values[place, np.arange(self.width)[:, None]], when[place]

    def after(self, changes: list[int], before: float = 0.0) -> tuple[Floats, Floats]:
        """As `at`, after so many changes: values (width, n), and when the last was (n,)."""
        values, when = self._tables(before)
        return values[changes].T, when[changes]

    def _tables(self, before: float) -> tuple[Floats, Floats]:
        """Values (changes + 1, width) and times; first what held before any change."""
        table = np.empty((len(self.times) + 1, self.width))
        table[0] = before
        for i, value in enumerate(self.values):
            table[i + 1] = value
        return table, np.array([self.times[0] if self.times else 0.0, *self.times])


class WideDriver(Driver):
    """A driver of many sizes, half-lives and caps at once."""

    def __init__(self, size: Any, half_life: Any, cap: Any, width: int) -> None:
        self.size, self.cap, self.decay = size, cap, LN2 / half_life
        self.value: Any = 0.0
        self.at = 0.0
        self.track = Track(width)

    def level(self, time: float) -> Any:
        if not self.track.times:
            return 0.0
        return self.value * np.exp(-self.decay * (time - self.at))

    def jump(self, time: float, strength: Any = 1.0) -> None:
        self.value = np.clip(self.level(time) + strength * self.size, -self.cap, self.cap)
        self.at = time
        self.track.note(time, self.value)


class Wide:
    """λ of `width` parameter sets: it is moved as a `Tempo` is, but tells its integrals.

    Args:
        params: of the network, with arrays of shape (width,) where something is uncertain.
        width: how many sets.

    `now` is the moment of the event that is being observed; whoever replays sets it.
    """

    def __init__(self, params: Militia, width: int) -> None:
        self.width = width
        self.now = 0.0
        self.base: Any = params.base_rate
        self.excitation: Any = params.excitation
        self.kappa: Any = 1.0 / params.decay_days
        self.most: Any = params.drivers.most
        self.drivers: dict[str, Any] = {
            name: WideDriver(s.size, s.half_life_days, s.cap, width)
            for name, s in switched_on(params.drivers).items()
        }
        self.excited, self.gates, self.levels = Track(width), Track(width), Track(width)
        self.windows: list[tuple[Any, Any, Any]] = []
        self._asked: list[tuple[float, list[int]]] = []
        self._lasting: dict[str, Any] = {}

    # -- what it is told --------------------------------------------------------------

    @property
    def gate(self) -> Any:
        """g now."""
        return self.gates.values[-1] if self.gates.times else 1.0

    @gate.setter
    def gate(self, value: Any) -> None:
        self.gates.note(self.now, value)

    def excite(self, time: float) -> None:
        self.excited.note(time, self._triggered(time) + self.excitation * self.kappa)

    def level(self, name: str, effect: Any) -> None:
        self._lasting[name] = effect
        self.levels.note(self.now, sum(self._lasting.values()))

    def window(self, start: Any, end: Any, effect: Any, since: float = -np.inf) -> None:
        opens = np.maximum(start, since)
        self.windows.append((opens, np.maximum(opens, end), effect))

    # -- what it says -----------------------------------------------------------------

    def ask(self, time: float) -> None:
        """Have λ(time) told by `rates`, as it is after what has happened so far."""
        self._asked.append((time, [len(track.times) for track in self._tracks()]))

    def rates(self) -> Floats:
        """λ at every moment that was asked for, shape (width, moments), attacks a day."""
        times = np.array([time for time, _ in self._asked])
        excited, gates, levels, *rest = (
            list(n) for n in zip(*(c for _, c in self._asked), strict=True)
        )
        effect = self.levels.after(levels)[0] + self._opened(times[None, :])
        for driver, changes in zip(self.drivers.values(), rest, strict=True):
            if driver.track.times:
                value, when = driver.track.after(changes)
                effect = effect + value * np.exp(-_column(driver.decay) * (times - when))
        value, when = self.excited.after(excited)
        triggered = value * np.exp(-_column(self.kappa) * (times - when))
        background = _column(self.base) * np.exp(np.minimum(effect, _column(self.most)))
        told: Floats = self.gates.after(gates, before=1.0)[0] * (background + triggered)
        return told

    @property
    def asked(self) -> list[float]:
        """The moments of `rates`."""
        return [time for time, _ in self._asked]

    def _tracks(self) -> list[Track]:
        drivers = [driver.track for driver in self.drivers.values()]
        return [self.excited, self.gates, self.levels, *drivers]

    def _triggered(self, time: float) -> Any:
        if not self.excited.times:
            return 0.0
        return self.excited.values[-1] * np.exp(-self.kappa * (time - self.excited.times[-1]))

    def integrals(self, start: float, end: float, cuts: Sequence[float]) -> tuple[Floats, Floats]:
        """∫λ over [start, end] in panels: their middles and their parts, both (width, panels).

        Panels end at every change and at every one of `cuts`, so none straddles one.
        """
        low, high = self._panels(start, end, cuts)
        middle = (low + high) / 2.0
        gate, _ = self.gates.at(middle, before=1.0)
        return middle, gate * (self._background(low, high, middle) + self._excess(low, high))

    def _panels(self, start: float, end: float, cuts: Sequence[float]) -> tuple[Floats, Floats]:
        """Both ends of every panel, (width, panels); some are empty."""
        changes = [time for track in self._tracks() for time in track.times]
        grid = np.arange(start, end, PANEL_DAYS)
        fixed = np.unique(np.clip([*changes, *cuts, *grid, end], start, end))
        edges = np.concatenate(
            [np.broadcast_to(fixed, (self.width, len(fixed))), *self._doors()], 1
        )
        edges = np.sort(np.clip(edges, start, end), axis=1)
        return edges[:, :-1], edges[:, 1:]

    def _doors(self) -> list[Floats]:
        """When windows open and close: a column of shape (width, 1) each."""
        doors = [door for opens, closes, _ in self.windows for door in (opens, closes)]
        return [np.broadcast_to(np.asarray(door, float), (self.width,))[:, None] for door in doors]

    def _background(self, low: Floats, high: Floats, middle: Floats) -> Floats:
        """∫ μ exp(effects) by panel: Gauss–Legendre, a node at a time (tables that stay small
        stay in the cache, which halves the time)."""
        half = (high - low) / 2.0
        standing, most = self._standing(middle), _column(self.most)
        felt = [self._faded(driver, middle) for driver in self.drivers.values()]
        inside = np.zeros(middle.shape)
        for node, weight in zip(_X, _W, strict=True):
            offset, effect = half * node, standing.copy()
            for first, faded, decay in felt:
                effect[:, first:] += faded * np.exp(-decay * offset[:, first:])
            inside += np.exp(np.minimum(effect, most)) * weight
        told: Floats = _column(self.base) * half * inside
        return told

    def _faded(self, driver: WideDriver, middle: Floats) -> tuple[int, Floats, Floats]:
        """A driver in the middle of panels: the first panel that it is felt in, its effect there
        and later (width, panels), and its decay."""
        decay, times = _column(driver.decay), driver.track.times
        first = int((middle < times[0]).all(axis=0).sum()) if times else middle.shape[1]
        value, when = driver.track.at(middle[:, first:])
        return first, value * np.exp(-decay * (middle[:, first:] - when)), decay

    def _standing(self, middle: Floats) -> Floats:
        """What lasts through a panel: standing levels and windows."""
        return self.levels.at(middle)[0] + self._opened(middle)

    def _opened(self, times: Floats) -> Floats:
        """What the windows that are open at `times` (width or 1, n) add up to."""
        effect = np.zeros((self.width, times.shape[1]))
        for opens, closes, size in self.windows:
            is_open = (_column(opens) <= times) & (times < _column(closes))
            effect += _column(size) * is_open
        return effect

    def _excess(self, low: Floats, high: Floats) -> Floats:
        """∫ of what past attacks trigger, by panel, in closed form."""
        value, when = self.excited.at((low + high) / 2.0)
        kappa = _column(self.kappa)
        start: Floats = value * np.exp(-kappa * (low - when))
        return start * -np.expm1(-kappa * (high - low)) / kappa


def _column(value: Any) -> Floats:
    """A number, or one a parameter set, to stand beside panels."""
    return np.asarray(value, float).reshape(-1, 1)
