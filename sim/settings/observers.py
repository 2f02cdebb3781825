"""What reaches the public record, and when."""

from __future__ import annotations

import re

from pydantic import Field, field_validator

from sim.settings.quantity import Quantity, Section, quantity


class Observers(Section):
    """What reaches the public record, and when."""

    rocket_detection: Quantity = quantity("probability", 0, 1, "a rocket attack is reported")
    convoy_detection: Quantity = quantity("probability", 0, 1, "a convoy attack is reported")
    foiled_detection: Quantity = quantity("probability", 0, 1, "a foiled attempt is reported")
    hole_detection: Quantity = quantity("probability", 0, 1, "a rocket attack in a month of holes")
    holes: tuple[str, ...] = Field(description="months (YYYY-MM) known to be under-reported")
    delay_median_hours: Quantity = quantity("hours", 0.01, 240, "median delay of the first report")
    delay_sigma: Quantity = quantity("log hours", 0.01, 3, "spread of the delay's logarithm")

    @field_validator("holes")
    @classmethod
    def _months(cls, holes: tuple[str, ...]) -> tuple[str, ...]:
        for month in holes:
            if not re.fullmatch(r"\d{4}-(0[1-9]|1[0-2])", month):
                raise ValueError(f"{month!r} is no month: write it as 2019-11")
        return holes
