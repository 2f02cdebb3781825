"""The US retaliation policy, the observers, and the dated marks of the timeline."""

from __future__ import annotations

import re
from datetime import date
from typing import Literal

from pydantic import Field, ValidationInfo, field_validator

from sim.settings.quantity import Quantity, Section, quantity


class StrikeProbability(Section):
    """Chance that an attack is answered, by the harm it did."""

    killed: Quantity = quantity("probability", 0, 1, "a Coalition death")
    wounded: Quantity = quantity("probability", 0, 1, "Coalition wounded, nobody killed")
    compound: Quantity = quantity("probability", 0, 1, "a hit inside the compound, nobody hurt")
    none: Quantity = quantity("probability", 0, 1, "a rocket attack without any of these")


class Attribution(Section):
    """How sure the US becomes of who fired, and how soon."""

    initial: Quantity = quantity("probability", 0, 1, "confidence on the first day")
    growth_days: Quantity = quantity("days", 0.01, 365, "time in which the doubt halves")
    front_ceiling: Quantity = quantity(
        "probability", 0, 1, "most it reaches behind a front's claim"
    )
    needed: Quantity = quantity("probability", 0, 1, "confidence that a strike needs")
    patience_days: Quantity = quantity("days", 0, 365, "after this long an attack is let pass")


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
    attribution: Attribution = Field(description="confidence that gates a strike")
    strike: Strike = Field(description="lag, scale and toll")


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


class Mark(Section):
    """A dated mark that the scenario is given."""

    day: date = Field(description="the day it takes place")
    known_from: date = Field(description="the day it became known")
    kind: Literal[
        "calendar_mark", "posture_change", "threat", "truce", "truce_break", "depot_blast"
    ] = Field(description="what agents take it for")
    subtype: str | None = Field(None, description="a closer word for the kind")
    side: Literal["militia", "us", "iran", "iraq", "unattributed"] | None = Field(
        None, description="whose act"
    )
    text: str = Field(description="what it is, in a few words")
    source: str = Field(description="row of the record, or a citation")

    @field_validator("known_from")
    @classmethod
    def _known_first(cls, known_from: date, info: ValidationInfo) -> date:
        day = info.data.get("day")
        if day is not None and known_from > day:
            raise ValueError(f"known from {known_from}, after the mark itself on {day}: swap them")
        return known_from


class Timeline(Section):
    """The marks that a scenario is given."""

    marks: dict[str, Mark] = Field(description="the marks by key")
