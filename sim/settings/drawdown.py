"""Handing over bases and thinning out staff, under fire or not."""

from __future__ import annotations

from pydantic import Field

from sim.settings.quantity import Quantity, Section, quantity


class UnderFire(Section):
    """The dilemma of leaving under fire: it may hasten a handover, or put it off."""

    on: bool = Field(description="whether fire moves a handover's date")
    days: Quantity = quantity("days", -30, 30, "each attack on a site under notice puts it off")


class Drawdown(Section):
    """How a handover is announced, how fire moves it, what leaving staff takes away."""

    on: bool = Field(description="whether any of this is felt")
    notice_days: Quantity = quantity("days", 0, 120, "a handover is known this long ahead")
    credit: Quantity = quantity("log rate", -3, 3, "fire to claim credit, from notice to handover")
    leaving: Quantity = quantity("log odds", -3, 3, "pull of a class per share of it that leaves")
    under_fire: UnderFire = Field(description="whether fire moves a handover")
    staff_share: Quantity = quantity("share", 0, 1, "people at risk that one withdrawal removes")
