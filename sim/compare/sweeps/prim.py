"""PRIM, by EMA Workbench: the limits of one box that holds the cases of interest."""

from __future__ import annotations

import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, NamedTuple

import numpy as np

from sim.compare.sweeps.table import Mask, Values, names, numeric
from sim.errors import InputError

NEEDED = 0.05
"""A limit whose quasi-p-value is larger is dropped (Bryant & Lempert 2010)."""
SMALLEST = 0.05
"""The share of points that a box holds at least."""

ANY = 1e-9
"""A density that every box with a case has; of a threshold, a case must reach it."""


class Cut(NamedTuple):
    """One limit of a box: `factor` is "at least" or "at most" a value, or "one of" some levels.

    `quasi_p` is the chance that the limit makes the box as dense by luck of the points alone.
    """

    factor: str
    side: str
    value: float | None
    levels: tuple[str, ...] | None
    quasi_p: float

    def holds(self, values: Values) -> Mask:
        """Which points it lets in."""
        if self.value is None:
            return np.isin(names(values), self.levels or ())
        numbers = np.asarray(values, dtype=float)
        held: Mask = numbers >= self.value if self.side == "at least" else numbers <= self.value
        return held


def inside(cuts: Sequence[Cut], factors: dict[str, Values], points: int) -> Mask:
    """The points that all limits let in."""
    held: Mask = np.ones(points, dtype=bool)
    for cut in cuts:
        held &= cut.holds(factors[cut.factor])
    return held


def peeled(factors: dict[str, Values], cases: Mask) -> list[Cut]:
    """The limits of a box by patient rule induction (Friedman & Fisher 1999).

    EMA Workbench peels a twentieth at a time and pastes back, with its own objective, which
    suits names too. Of all boxes on the way we take the one whose coverage and density have
    the largest harmonic mean, and drop the limits that it could do without.

    Args:
        factors: by name, a value for every point.
        cases: which points are of interest; some, not all.

    Returns:
        The limits; none where no box is denser than all points together.

    Raises:
        InputError: EMA Workbench isn't installed.
    """
    with quiet():
        prim = _prim()
        frame = _frame(factors)
        if frame.empty:
            return []
        search = prim.Prim(frame, cases.astype(int), threshold=ANY, mass_min=SMALLEST)
        box = search.find_box()
        way = box.peeling_trajectory
        coverage, density = (np.asarray(way[name], dtype=float) for name in ("coverage", "density"))
        both = coverage + density
        best = int(np.argmax(np.where(both > 0.0, coverage * density / np.maximum(both, 1e-12), 0)))
        return list(_cuts(box.box_lims[best], box.box_lims[0], box.qp[best]))


def _frame(factors: dict[str, Values]) -> Any:
    """As EMA Workbench takes them; what never varies has no limit and is left out."""
    import pandas as pd

    columns = {
        name: np.asarray(values, dtype=float) if numeric(values) else names(values)
        for name, values in factors.items()
    }
    return pd.DataFrame({k: v for k, v in columns.items() if len(set(v)) > 1})


def _cuts(limits: Any, widest: Any, quasi_p: dict[str, list[float]]) -> Iterator[Cut]:
    for factor, (lower_p, upper_p) in quasi_p.items():
        low, high = limits[factor]
        if isinstance(low, set):
            if lower_p <= NEEDED:
                yield Cut(factor, "one of", None, tuple(sorted(low)), float(lower_p))
            continue
        if low != widest[factor][0] and lower_p <= NEEDED:
            yield Cut(factor, "at least", float(low), None, float(lower_p))
        if high != widest[factor][1] and upper_p <= NEEDED:
            yield Cut(factor, "at most", float(high), None, float(upper_p))


def _prim() -> Any:
    """The library; it takes seconds to load, and is only needed here."""
    try:
        from ema_workbench.analysis import prim
    except ImportError as error:
        raise InputError(
            f"boxes need EMA Workbench, and {error.name or error} is not installed;\n"
            "install the extra: pip install 'rungs[discovery]'"
        ) from None
    return prim


@contextmanager
def quiet() -> Iterator[None]:
    """What EMA Workbench 2.5.3 warns of, and nothing else: a keyword of pandas that it still
    passes, and two optional packages that it looks for as it loads."""
    told = (
        r"The inplace keyword in DataFrame\.drop is deprecated",
        "ipyparallel not installed",
        "altair based interactive inspection not available",
    )
    with warnings.catch_warnings():
        for message in told:
            warnings.filterwarnings("ignore", message=message, module=r"ema_workbench\.")
        yield
