"""One forecaster's word at one origin."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Counts = NDArray[np.int64]

RUNGS_NAME = "rungs"
"""How the simulator is called among the forecasters."""
CLIMATOLOGY = "climatology"
"""What is called so says only how often a rung was reached in the past."""


class Forecast(NamedTuple):
    """What a forecaster says on a Monday.

    Attributes:
        forecaster: its name.
        origin: the Monday; nothing from that day on was known.
        samples: draws of the attacks within each horizon, shape (horizons, draws); none from
            who says nothing of attacks.
        reach: by rung, the probability that it is reached within each horizon.
    """

    forecaster: str
    origin: date
    samples: Counts | None
    reach: dict[int, tuple[float, ...]]
