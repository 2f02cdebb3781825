"""λ(t) under many parameters at once, moved by the same agents' rules as in a simulation.

`Wide` stands where a simulation has its `Tempo`: the same `Motives` tell it of every event.
It keeps what each event changed, so that ∫λ can be taken afterwards. Set by set its rates are
those of `Tempo`; its integrals are those of `compensator` to about 1e-7, and to 2e-4 where
`most` begins to bind (tested). A finer rule would move both posteriors.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from calibration.quantiles import Floats
from sim.agents.motives import switched_on
from sim.intensity import LN2, Driver
from sim.settings.militia import Militia

NODES = 8
"""Gauss–Legendre nodes a panel, an even number: they lie in pairs about its middle. ∫λ lies
within 1e-7 of what it is, relatively, for half-lives as the priors have them; within 2e-4 where
`most` begins to bind inside a panel, because λ has a kink there that no panel ends at."""
PANEL_DAYS = 7.0
_X, _W = (half[NODES // 2 :] for half in np.polynomial.legendre.leggauss(NODES))


class Cells(NamedTuple):
    """What parts the window for every parameter set alike: where each cell starts, and the
    cell that each panel lies in, shape (width, panels)."""

    starts: Floats
    of: NDArray[np.int64]


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

    def within(self, cells: Cells, before: float = 0.0) -> tuple[Floats, Floats]:
        """The last change before each of some panels (width, n): its value, and when it was."""
        values, when = self._tables(before)
        changes = np.searchsorted(np.array(self.times), cells.starts, side="right")
        return values[changes][cells.of, np.arange(self.width)[:, None]], when[changes][cells.of]

    def after(self, changes: list[int], before: float = 0.0) -> tuple[Floats, Floats]:
        """As `within`, after so many changes: values (width, n), and when the last was (n,)."""
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
        raised = self.level(time) + strength * self.size
        self.value = np.minimum(np.maximum(raised, -self.cap), self.cap)
        self.at = time
        self.track.note(time, self.value)


class Excited:
    """What past attacks excite: the rate right after each, once all are known."""

    def __init__(self, jump: Any, decay: Any, width: int) -> None:
        self.jump, self.decay, self.width = jump, decay, width
        self.times: list[float] = []

    @cached_property
    def track(self) -> Track:
        """The excess rate after each attack; no more is told of once it has been asked for."""
        told, value = Track(self.width), np.zeros(self.width)
        gaps = np.diff(self.times, prepend=self.times[:1])
        for time, kept in zip(self.times, np.exp(-np.outer(gaps, self.decay)), strict=True):
            value = value * kept + self.jump
            told.note(time, value)
        return told


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
        self.base = _column(params.base_rate)
        self.most = _column(params.drivers.most)
        self.kappa = _column(1.0 / params.decay_days)
        self.drivers: dict[str, Any] = {
            name: WideDriver(s.size, s.half_life_days, s.cap, width)
            for name, s in switched_on(params.drivers).items()
        }
        decay = 1.0 / params.decay_days
        self.excited = Excited(params.excitation * decay, decay, width)
        self.gates, self.levels = Track(width), Track(width)
        self.windows: list[Floats] = []
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
        self.excited.times.append(time)

    def level(self, name: str, effect: Any) -> None:
        self._lasting[name] = effect
        self.levels.note(self.now, sum(self._lasting.values()))

    def window(self, start: Any, end: Any, effect: Any, since: float = -np.inf) -> None:
        opens = np.maximum(start, since)
        told = np.empty((3, self.width, 1))
        told[0, :, 0], told[1, :, 0], told[2, :, 0] = opens, np.maximum(opens, end), effect
        self.windows.append(told)

    # -- what it says -----------------------------------------------------------------

    def ask(self, time: float) -> None:
        """Have λ(time) told by `rates`, as it is after what has happened so far."""
        self._asked.append((time, [len(track.times) for track in self._changing()]))

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
        value, when = self.excited.track.after(excited)
        triggered = value * np.exp(-self.kappa * (times - when))
        background = self.base * np.exp(np.minimum(effect, self.most))
        told: Floats = self.gates.after(gates, before=1.0)[0] * (background + triggered)
        return told

    @property
    def asked(self) -> list[float]:
        """The moments of `rates`."""
        return [time for time, _ in self._asked]

    def _changing(self) -> list[Excited | Track]:
        drivers = [driver.track for driver in self.drivers.values()]
        return [self.excited, self.gates, self.levels, *drivers]

    def integrals(self, start: float, end: float, cuts: Sequence[float]) -> tuple[Floats, Floats]:
        """∫λ over [start, end] in panels: their middles and their parts, both (width, panels).

        Panels end at every change and at every one of `cuts`, so none straddles one.
        """
        low, high, cells = self._panels(start, end, cuts)
        gate, _ = self.gates.within(cells, before=1.0)
        background = self._background(low, high, cells)
        return (low + high) / 2.0, gate * (background + self._excess(low, high, cells))

    def _panels(
        self, start: float, end: float, cuts: Sequence[float]
    ) -> tuple[Floats, Floats, Cells]:
        """Both ends of every panel, (width, panels), some of them empty; and their cells."""
        changes = [time for told in self._changing() for time in told.times]
        grid = np.arange(start, end, PANEL_DAYS)
        fixed = np.unique(np.clip([*changes, *cuts, *grid, end], start, end))
        edges = np.concatenate(
            [np.broadcast_to(fixed, (self.width, len(fixed))), *self._doors()], 1
        )
        edges = np.sort(np.clip(edges, start, end), axis=1)
        low, high = edges[:, :-1], edges[:, 1:]
        of = np.searchsorted(fixed, (low + high) / 2.0, side="right") - 1
        return low, high, Cells(fixed, of)

    def _doors(self) -> list[Floats]:
        """When windows open and close: a column of shape (width, 1) each."""
        return [door for told in self.windows for door in told[:2]]

    def _background(self, low: Floats, high: Floats, cells: Cells) -> Floats:
        """∫ μ exp(effects) by panel, by Gauss–Legendre.

        Nodes are taken in pairs about the middle: what a driver's effect is multiplied by at one
        it is divided by at the other, which saves half of the exponentials. A panel is a row
        here, so that what is added from a panel on lies in one piece.
        """
        half, middle = (high - low) / 2.0, (low + high) / 2.0
        standing = (self.levels.within(cells)[0] + self._opened(middle)).T.copy()
        firsts, faded, fall = self._felt(half, middle, cells)
        inside = np.zeros(standing.shape)
        for node, weight in zip(_X, _W, strict=True):
            ratio = np.exp(node * fall)
            for felt in (faded * ratio, faded / ratio):
                effect = _added(standing, firsts, felt)
                inside += weight * np.exp(np.minimum(effect, self.most.T, out=effect), out=effect)
        told: Floats = self.base * half * inside.T
        return told

    def _felt(self, half: Floats, middle: Floats, cells: Cells) -> tuple[list[int], Floats, Floats]:
        """The first panel that each driver is felt in; then, for the panels from there on, driver
        after driver, shape (panels of all, width): its effect in their middle, and how much it
        decays in half a panel."""
        firsts, faded, fall = [], [middle[:, :0].T], [middle[:, :0].T]
        for driver in self.drivers.values():
            if driver.track.times:
                first = int((middle < driver.track.times[0]).all(axis=0).sum())
                decay, later = _column(driver.decay), Cells(cells.starts, cells.of[:, first:])
                value, when = driver.track.within(later)
                firsts.append(first)
                faded.append((value * np.exp(-decay * (middle[:, first:] - when))).T)
                fall.append((decay * half[:, first:]).T)
        return firsts, np.concatenate(faded), np.concatenate(fall)

    def _opened(self, times: Floats) -> Floats:
        """What the windows that are open at `times` (width or 1, n) add up to."""
        if not self.windows:
            return np.zeros((self.width, times.shape[1]))
        opens, closes, sizes = np.stack(self.windows, axis=1)
        is_open = (opens <= times) & (times < closes)
        told: Floats = (sizes * is_open).sum(axis=0)
        return told

    def _excess(self, low: Floats, high: Floats, cells: Cells) -> Floats:
        """∫ of what past attacks trigger, by panel, in closed form."""
        value, when = self.excited.track.within(cells)
        start: Floats = value * np.exp(-self.kappa * (low - when))
        return start * -np.expm1(-self.kappa * (high - low)) / self.kappa


def _added(standing: Floats, firsts: Sequence[int], felt: Floats) -> Floats:
    """What lasts (panels, width) and what drivers add, each from its first panel on."""
    effect, at = standing.copy(), 0
    for first in firsts:
        size = len(effect) - first
        effect[first:] += felt[at : at + size]
        at += size
    return effect


def _column(value: Any) -> Floats:
    """A number, or one a parameter set, to stand beside panels."""
    return np.asarray(value, float).reshape(-1, 1)
