"""Threats that the US makes in public: warnings, red lines, the closing of the embassy."""

from __future__ import annotations

from datetime import date
from typing import Literal

from pydantic import Field, model_validator

from sim.settings.quantity import Quantity, Section, quantity


class Closure(Section):
    """The threat to close the embassy, addressed to the host government and the patron."""

    rule: Literal["never", "pressure", "date"] = Field(
        description="made never, when attacks on the embassy zone add up, or on a date"
    )
    day: date | None = Field(None, description="the date, where that is the rule")
    attacks: int = Field(ge=1, le=1000, description="attacks on the embassy zone that provoke it")
    window_days: Quantity = quantity("days", 1, 365, "in which those attacks must fall")
    lag_days: Quantity = quantity("days", 0, 60, "from the attack that provokes it")
    execution: Quantity = quantity("probability", 0, 1, "a defied threat is carried out")

    @model_validator(mode="after")
    def _a_date_needs_a_day(self) -> Closure:
        if self.rule == "date" and self.day is None:
            raise ValueError("rule is date but day is unset: set day, or rule=pressure")
        return self


class Threats(Section):
    """What the US threatens, and how far its threats are believed."""

    on: bool = Field(description="whether the US makes threats at all")
    warning_probability: Quantity = quantity(
        "probability", 0, 1, "an attack that hurts the Coalition or hits a compound draws a warning"
    )
    deadline_days: Quantity = quantity("days", 1, 365, "how long a threat stands")
    credibility: Quantity = quantity("share", 0, 1, "how far the first threat is believed")
    lapse_cost: Quantity = quantity("share", 0, 1, "credibility lost when a threat lapses")
    proof_gain: Quantity = quantity("share", 0, 1, "part of the doubt that a strike removes")
    closure: Closure = Field(description="the threat to close the embassy")
