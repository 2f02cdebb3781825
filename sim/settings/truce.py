"""Truces: when the groups offer one, and what ends it."""

from __future__ import annotations

from pydantic import Field

from sim.settings.quantity import Quantity, Section, quantity


class Truces(Section):
    """When a truce is offered, and until when it holds."""

    on: bool = Field(description="whether truces are offered")
    offer_rate: Quantity = quantity(
        "offers a day", 0, 1, "for each reason at hand: a threat, an election near, a restraint"
    )
    election_days: Quantity = quantity("days", 0, 120, "how long ahead an election is a reason")
    word_days: Quantity = quantity("days", 0, 120, "how long a word of restraint is one")
    weekly_break: Quantity = quantity("probability", 0, 1, "a leader ends it within a week")
    bound: tuple[str, ...] = Field(description="keys of the cells whose attack ends it")
