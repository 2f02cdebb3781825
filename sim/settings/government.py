"""The Iraqi government: what it can do about the cells, and what it fears."""

from __future__ import annotations

from pydantic import Field

from sim.settings.quantity import Quantity, Section, quantity


class Arrests(Section):
    """Arrest, threats, hold, release, humiliation: the loop that can wear a state down."""

    rate: Quantity = quantity("arrests a day", 0, 1, "at full will and capacity, without fear")
    after_foiled: Quantity = quantity("probability", 0, 1, "a foiled attempt leads to an arrest")
    hold_days: Quantity = quantity("days", 0.1, 365, "mean time until the case is decided")
    release_probability: Quantity = quantity("probability", 0, 1, "it ends in a release")
    salaried_cover: Quantity = quantity(
        "share", 0, 1, "part of the other cases that state salaries turn into releases"
    )
    intimidation_probability: Quantity = quantity(
        "probability", 0, 1, "an arrest draws threats to officers, a release a burned image"
    )
    threat_release: Quantity = quantity(
        "log odds", 0, 5, "what threats to officers add to a release while the case is open"
    )
    fear: Quantity = quantity("log rate", 0, 5, "what one intimidation takes off later arrests")
    fear_half_life_days: Quantity = quantity("days", 1, 365, "time in which the fear halves")
    pressure: Quantity = quantity("log rate", 0, 3, "what a standing closure threat adds")


class Protests(Section):
    """What the government and its parliament do when a strike kills the state's own."""

    probability: Quantity = quantity("probability", 0, 1, "such a strike draws a protest")
    vote_probability: Quantity = quantity(
        "probability", 0, 1, "such a strike on leaders draws a parliament's vote"
    )
    vote_days: Quantity = quantity("days", 0.1, 90, "from that strike to the vote")
    salaried_weight: Quantity = quantity(
        "share", 0, 1, "how far militia dead on the state's payroll count as its own"
    )
    cost: Quantity = quantity("log rate", 0, 3, "what one protest takes off later arrests")
    memory_days: Quantity = quantity("days", 1, 365, "half-life of a protest")


class Government(Section):
    """Will, capacity and fear of the host state."""

    on: bool = Field(description="whether the government acts")
    capacity: Quantity = quantity("share", 0, 1, "reach of the state: without it, impunity")
    will: Quantity = quantity("share", 0, 1, "readiness to use it against the cells")
    arrests: Arrests = Field(description="arrests and what follows")
    protests: Protests = Field(description="protests against strikes")
