"""Priors for many values at once: from standard normal coordinates to quantities.

A sampler moves in coordinates whose prior is the standard normal; each becomes a quantity by
the inverse of its own prior's distribution, exactly as a simulation draws it from a uniform.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import betaincinv, ndtr, ndtri

from sim.settings.quantity import Beta, LogUniform, Normal, Uniform
from sim.settings.sampling import Uncertain

Floats = NDArray[np.float64]
EDGE = 1e-15
"""Distance from 0 and 1 at which a uniform is cut, as a keyed uniform never reaches them."""


def quantiles(quantity: Uncertain, u: Floats) -> Floats:
    """The values at probabilities `u`, of any shape; equal to the prior's own `quantile`.

    Raises:
        TypeError: a prior of a kind that has no vectorised form.
    """
    prior, low, high = quantity
    if isinstance(prior, LogUniform):
        low, high = np.log(prior.low), np.log(prior.high)
        return np.asarray(np.exp(low + u * (high - low)))
    if isinstance(prior, Uniform):
        return prior.low + u * (prior.high - prior.low)
    if isinstance(prior, Beta):
        return np.asarray(np.minimum(high, betaincinv(prior.a, prior.b, u)))
    if isinstance(prior, Normal):
        below, above = (ndtr((end - prior.mean) / prior.sd) for end in (low, high))
        drawn = prior.mean + prior.sd * ndtri(below + u * (above - below))
        return np.asarray(np.clip(drawn, low, high))
    raise TypeError(f"a prior {prior.words()} cannot be fitted")


def values(quantities: Mapping[str, Uncertain], z: Floats) -> dict[str, Any]:
    """Quantities by key from normal coordinates of shape (draws, keys)."""
    u = np.clip(ndtr(z), EDGE, 1.0 - EDGE)
    return {key: quantiles(q, u[:, i]) for i, (key, q) in enumerate(quantities.items())}
