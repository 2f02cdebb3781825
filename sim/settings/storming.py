"""The crowd at the embassy's gate."""

from __future__ import annotations

from pydantic import Field

from sim.settings.quantity import Quantity, Section, quantity


class Storming(Section):
    """A crowd that moves on the embassy after a strike has killed militiamen."""

    on: bool = Field(description="whether crowds move at all")
    probability: Quantity = quantity("probability", 0, 1, "a strike that kills enough is followed")
    killed: int = Field(ge=0, le=1000, description="militia dead that are enough")
    lag_median_days: Quantity = quantity("days", 0.1, 60, "median from strike to storming")
    lag_sigma: Quantity = quantity("log days", 0.01, 2, "spread of the lag's logarithm")
    entry_share: Quantity = quantity("probability", 0, 1, "the crowd gets in")
