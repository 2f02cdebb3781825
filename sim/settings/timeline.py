"""The dated marks that a scenario is given."""

from __future__ import annotations

from datetime import date
from typing import Literal

from pydantic import Field, ValidationInfo, field_validator

from sim.settings.quantity import Section


class Mark(Section):
    """A dated mark that the scenario is given."""

    day: date = Field(description="the day it takes place")
    known_from: date = Field(description="the day it became known")
    until: date | None = Field(
        None, description="the last day of what begins on `day` and lasts; `lag_days` begin with it"
    )
    kind: Literal[
        "calendar_mark",
        "posture_change",
        "threat",
        "truce",
        "truce_break",
        "depot_blast",
        "designation",
        "statement",
    ] = Field(description="what agents take it for")
    subtype: str | None = Field(None, description="a closer word for the kind")
    of: (
        Literal[
            "airstrike",
            "leadership_strike",
            "depot_blast",
            "embassy_storming",
            "state_missile_strike",
        ]
        | None
    ) = Field(
        None,
        description="the kind of event that it recalls: nobody learns of it unless one has "
        "happened by the end of the day of known_from; its own day stays history's",
    )
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

    @field_validator("until")
    @classmethod
    def _lasts_forward(cls, until: date | None, info: ValidationInfo) -> date | None:
        day = info.data.get("day")
        if until is not None and day is not None and until < day:
            raise ValueError(f"lasts until {until}, before it begins on {day}: swap them")
        return until


class Timeline(Section):
    """The marks that a scenario is given."""

    marks: dict[str, Mark] = Field(description="the marks by key")
