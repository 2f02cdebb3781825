"""What reaches the public record, and when."""

from __future__ import annotations

import re

from pydantic import Field, field_validator

from sim.settings.quantity import Quantity, Section, quantity


class Revisions(Section):
    """First counts that fall short, and are put right later."""

    on: bool = Field(description="whether first counts can be wrong")
    factor: Quantity = quantity("factor", 1, 10, "most by which a count of rounds falls short")


class Officials(Section):
    """What officials say: a confirmation, a count, a denial, and sometimes its withdrawal."""

    on: bool = Field(description="whether officials speak")
    share: Quantity = quantity("probability", 0, 1, "they speak of an attack that is reported")
    delay_median_hours: Quantity = quantity(
        "hours", 0.01, 240, "median from the first report (the wire's, or a claim) to statement"
    )
    final_median_days: Quantity = quantity("days", 0.01, 60, "median until their final count")
    retracted_share: Quantity = quantity("probability", 0, 1, "a statement is withdrawn")
    denied_share: Quantity = quantity("probability", 0, 1, "a false claim is denied")
    accident_share: Quantity = quantity("probability", 0, 1, "a depot blast is called an accident")


class Channels(Section):
    """Militia channels that print every claim, the false ones too."""

    on: bool = Field(description="whether claims are read as reports")


class Observers(Section):
    """What reaches the public record, and when."""

    rocket_detection: Quantity = quantity("probability", 0, 1, "a rocket attack is reported")
    convoy_detection: Quantity = quantity("probability", 0, 1, "a convoy attack is reported")
    foiled_detection: Quantity = quantity("probability", 0, 1, "a foiled attempt is reported")
    blast_detection: Quantity = quantity("probability", 0, 1, "a depot blast is reported")
    hole_detection: Quantity = quantity("probability", 0, 1, "a rocket attack in a month of holes")
    holes: tuple[str, ...] = Field(description="months (YYYY-MM) known to be under-reported")
    delay_median_hours: Quantity = quantity(
        "hours", 0.01, 240, "median from event to the wire's report"
    )
    delay_sigma: Quantity = quantity("log hours", 0.01, 3, "spread of the delay's logarithm")
    revisions: Revisions = Field(description="first counts that fall short")
    officials: Officials = Field(description="confirmations, denials, corrections")
    channels: Channels = Field(description="claims as reports")

    @field_validator("holes")
    @classmethod
    def _months(cls, holes: tuple[str, ...]) -> tuple[str, ...]:
        for month in holes:
            if not re.fullmatch(r"\d{4}-(0[1-9]|1[0-2])", month):
                raise ValueError(f"{month!r} is no month: write it as 2019-11")
        return holes
