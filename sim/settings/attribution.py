"""How sure the US becomes of who fired, and how soon."""

from __future__ import annotations

from sim.settings.quantity import Quantity, Section, quantity


class Attribution(Section):
    """How sure the US becomes of who fired, and how soon."""

    initial: Quantity = quantity("probability", 0, 1, "confidence on the first day")
    growth_days: Quantity = quantity("days", 0.01, 365, "time in which the doubt halves")
    front_ceiling: Quantity = quantity(
        "probability", 0, 1, "most it reaches behind a front's claim"
    )
