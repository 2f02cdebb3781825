"""The patron: what it wants of the cells, how far they obey, and its own answer."""

from __future__ import annotations

from pydantic import Field

from sim.settings.quantity import Quantity, Section, quantity


class MissileAnswer(Section):
    """The patron's own missiles, after a strike on leaders. Abstract, never equipment data."""

    probability: Quantity = quantity("probability", 0, 1, "a leadership strike is answered")
    lag_median_days: Quantity = quantity("days", 0.1, 60, "median from strike to answer")
    lag_sigma: Quantity = quantity("log days", 0.01, 2, "spread of the lag's logarithm")
    rounds: int = Field(ge=1, le=200, description="rounds of one answer")
    stopped_share: Quantity = quantity(
        "share", 0, 1, "rounds stopped where a defence against state missiles stands"
    )
    killed_mean: Quantity = quantity("people", 0, 50, "Coalition dead per answer")
    wounded_mean: Quantity = quantity("people", 0, 500, "Coalition wounded per answer")
    dispersion: Quantity = quantity("shape", 0.01, 50, "negative-binomial shape of the tolls")
    sites: tuple[str, ...] = Field(description="keys of the sites it may choose", min_length=1)


class Patron(Section):
    """Iran's part: restraint and encouragement, control that can slip, resupply, missiles."""

    on: bool = Field(description="whether the patron acts")
    stance: Quantity = quantity("level", -1, 1, "its standing wish: −1 restrains, +1 encourages")
    control_before: Quantity = quantity("share", 0, 1, "hold over the cells at the start")
    control_after: Quantity = quantity(
        "share", 0, 1, "hold after a strike on leaders, where it was not less already"
    )
    binds_all: bool = Field(
        False, description="whether every cell follows, however far it is bound of its own"
    )
    restrain_probability: Quantity = quantity(
        "probability", 0, 1, "a closure threat, or a strike, makes it call for restraint"
    )
    encourage_probability: Quantity = quantity(
        "probability", 0, 1, "a coming dialogue, or a designation, makes it encourage"
    )
    resupply_rate: Quantity = quantity("deliveries a day", 0, 1, "rounds reach the cells")
    resupply_rounds: int = Field(ge=0, le=10_000, description="rounds of one delivery")
    missiles: MissileAnswer = Field(description="its own answer to a strike on leaders")
