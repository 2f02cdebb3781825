"""Designs that sample the unit cube: one row a point, one column a factor.

Each is a function of (points, factors, seed) alone. `random` and `sobol` are nested: the
first points of a larger design are those of a smaller one, so that a sweep can be extended.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from sim.draws import Draws
from sim.errors import InputError

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Cube = npt.NDArray[np.float64]

LEVELS = 4
"""Levels of a Morris design, as is usual (Morris 1991)."""


def generator(seed: int) -> np.random.Generator:
    """The source of a design's luck, from its own keyed stream."""
    import numpy as np

    return np.random.default_rng(
        int(Draws(seed, 0).stream("study.design", 1).first("points") * 2**52)
    )


def random(points: int, factors: int, seed: int) -> Cube:
    """Independent uniforms."""
    return generator(seed).random((points, factors))


def latin_hypercube(points: int, factors: int, seed: int) -> Cube:
    """One point in each of `points` slices of every factor (McKay, Beckman and Conover 1979)."""
    from scipy.stats.qmc import LatinHypercube

    cube: Cube = LatinHypercube(factors, rng=generator(seed)).random(points)
    return cube


def sobol(points: int, factors: int, seed: int) -> Cube:
    """Saltelli's (2010) rows for first-order and total indices: points × (factors + 2)."""
    from SALib.sample import sobol as salib

    cube: Cube = salib.sample(
        _problem(factors), points, calc_second_order=False, scramble=True, seed=seed % 2**32
    )
    return cube


def morris(points: int, factors: int, seed: int) -> Cube:
    """So many trajectories, each of which moves one factor at a time: × (factors + 1)."""
    from SALib.sample import morris as salib

    cube: Cube = salib.sample(_problem(factors), points, num_levels=LEVELS, seed=seed % 2**32)
    return cube


def _problem(factors: int) -> dict[str, Any]:
    names = [f"x{i}" for i in range(factors)]
    return {"num_vars": factors, "names": names, "bounds": [[0.0, 1.0]] * factors}


SAMPLED: dict[str, Callable[[int, int, int], Cube]] = {
    "lhs": latin_hypercube,
    "random": random,
    "sobol": sobol,
    "morris": morris,
}
"""Every sampled design by its name."""


def rows(kind: str, points: int, factors: int) -> int:
    """How many points a sampled design has, before any is made.

    >>> rows("lhs", 100, 3), rows("sobol", 64, 3), rows("morris", 10, 3)
    (100, 320, 40)
    """
    return points * {"sobol": factors + 2, "morris": factors + 1}.get(kind, 1)


def check(kind: str, points: int) -> None:
    """Refuse a number of points that spoils the design."""
    if kind == "sobol" and points & (points - 1):
        below = 1 << (points.bit_length() - 1)
        raise InputError(
            f"points={points}: a Sobol design is balanced only at powers of two; "
            f"use {below} or {2 * below}"
        )
