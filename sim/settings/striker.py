"""Blasts at militia depots that nobody owns."""

from __future__ import annotations

from pydantic import Field

from sim.settings.quantity import Quantity, Section, quantity


class Striker(Section):
    """An author unknown to everybody in the simulation."""

    on: bool = Field(description="whether depots blow up")
    rate: Quantity = quantity("blasts a day", 0, 1, "unattributed depot blasts")
    militia_killed_mean: Quantity = quantity("people", 0, 50, "militia dead per blast")
    wounded_per_killed: Quantity = quantity("people", 0, 20, "wounded for each death")
    dispersion: Quantity = quantity("shape", 0.01, 50, "negative-binomial shape of the toll")
