"""What is said rather than done: claims, rhetoric, sanctions."""

from __future__ import annotations

from pydantic import Field

from sim.settings.quantity import Quantity, Section, quantity


class Claims(Section):
    """Claims by front brands: of what happened, and of what didn't."""

    on: bool = Field(description="whether claims are published")
    delay_median_hours: Quantity = quantity("hours", 0.01, 240, "median from attack to claim")
    delay_sigma: Quantity = quantity("log hours", 0.01, 3, "spread of the delay's logarithm")
    false_rate: Quantity = quantity("claims a day", 0, 5, "claims of convoy attacks never made")
    fronts: tuple[str, ...] = Field(description="fronts that claim falsely", min_length=1)


class Rhetoric(Section):
    """Statements and ultimatums of militia leaders and of the patron's media."""

    on: bool = Field(description="whether anybody speaks")
    rate: Quantity = quantity("statements a day", 0, 2, "without a strike to speak of")
    after_strike: Quantity = quantity("probability", 0, 1, "a strike draws a statement")
    ultimatum_share: Quantity = quantity("share", 0, 1, "statements that set a deadline")
    deadline_days: Quantity = quantity("days", 1, 90, "how far off that deadline lies")


class Sanctions(Section):
    """Designations of groups and leaders: slow pressure."""

    on: bool = Field(description="whether groups are designated")
    rate: Quantity = quantity("designations a day", 0, 1, "whatever happens")
    after_fatal: Quantity = quantity("probability", 0, 1, "a Coalition death draws one")
