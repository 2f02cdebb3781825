"""What an option costs against the best one of each world."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from sim.compare.sweeps.table import Array


class Regret(NamedTuple):
    """What an option costs over worlds; see `ranking.Option`."""

    mean: float
    most_of_ten: float
    most: float
    least: float | None


def regrets(gain: Array) -> list[Regret]:
    """See `ranking.Option`; `gain` is (options, worlds, replications), more being better."""
    means = gain.mean(axis=2)
    regret = means.max(axis=0) - means
    least = _halved(gain)
    return [
        Regret(
            float(row.mean()),
            float(np.quantile(row, 0.9, method="inverted_cdf")),
            float(row.max()),
            None if least is None else float(least[i]),
        )
        for i, row in enumerate(regret)
    ]


def _halved(gain: Array) -> Array | None:
    """Mean regret with the best of a world chosen on one half and judged on the other."""
    if gain.shape[2] < 2:
        return None
    even, odd = gain[:, :, ::2].mean(axis=2), gain[:, :, 1::2].mean(axis=2)
    return np.asarray((_judged(even, odd) + _judged(odd, even)) / 2.0)


def _judged(choosing: Array, judging: Array) -> Array:
    chosen = choosing.argmax(axis=0)[None]
    return np.asarray((np.take_along_axis(judging, chosen, axis=0) - judging).mean(axis=1))
