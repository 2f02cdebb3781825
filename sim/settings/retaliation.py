"""The US retaliation policy: what it answers, how fast and how hard."""

from __future__ import annotations

from pydantic import Field

from sim.settings.quantity import Quantity, Section, quantity


class StrikeProbability(Section):
    """Chance that an attack is answered, by the harm it did."""

    killed: Quantity = quantity("probability", 0, 1, "a Coalition death")
    wounded: Quantity = quantity("probability", 0, 1, "Coalition wounded, nobody killed")
    compound: Quantity = quantity("probability", 0, 1, "a hit inside the compound, nobody hurt")
    none: Quantity = quantity("probability", 0, 1, "a rocket attack without any of these")


class Strike(Section):
    """What a strike is and does."""

    lag_median_days: Quantity = quantity("days", 0.01, 120, "median from decision to strike")
    lag_sigma: Quantity = quantity("log days", 0.01, 2, "spread of the lag's logarithm")
    leadership_share: Quantity = quantity("probability", 0, 1, "strikes on leaders, not depots")
    militia_killed_mean: Quantity = quantity("people", 0, 200, "militia dead per strike")
    iraqi_killed_mean: Quantity = quantity("people", 0, 50, "Iraqi forces dead per strike")
    wounded_per_killed: Quantity = quantity("people", 0, 20, "wounded for each death")
    dispersion: Quantity = quantity("shape", 0.01, 50, "negative-binomial shape of the tolls")


class Retaliation(Section):
    """The US policy: what it answers, how sure it must be, how fast and how hard."""

    title: str = Field(description="the policy in a few words")
    probability: StrikeProbability = Field(description="trigger by harm class")
    strike: Strike = Field(description="lag, scale and toll")
