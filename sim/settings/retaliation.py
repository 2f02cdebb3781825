"""The US retaliation policy: what it answers, how fast and how hard."""

from __future__ import annotations

from pydantic import Field

from sim.settings.quantity import Quantity, Section, quantity


class StrikeProbability(Section):
    """Chance that an attack is answered, by the harm it did."""

    killed: Quantity = quantity("probability", 0, 1, "a Coalition death")
    wounded: Quantity = quantity("probability", 0, 1, "Coalition wounded, nobody killed")
    compound: Quantity = quantity("probability", 0, 1, "a hit inside the compound, nobody hurt")
    none: Quantity = quantity("probability", 0, 1, "a rocket attack without any of these")


class Count(Section):
    """Attacks that add up, whatever harm each did, until an answer uses the count up."""

    on: bool = Field(description="whether a count can trigger an answer")
    attacks: int = Field(ge=1, le=1000, description="rocket attacks that are too many")
    window_days: Quantity = quantity("days", 1, 365, "in which they must fall")
    probability: Quantity = quantity("probability", 0, 1, "the attack too many is answered")


class Grades(Section):
    """Answers that grow: a warning first, then depots, then leaders."""

    on: bool = Field(description="whether answers grow")
    warnings: int | None = Field(
        ge=0, description="answers that are only warnings; null: every one of them"
    )
    depots: int = Field(ge=0, le=100, description="answers after those that hit depots only")
    warning_days: Quantity = quantity("days", 1, 365, "how long such a warning stands")
    memory_days: Quantity = quantity("days", 1, 730, "after this long without one, from the start")


class Strike(Section):
    """What a strike is and does."""

    lag_median_days: Quantity = quantity("days", 0.01, 120, "median from decision to strike")
    lag_sigma: Quantity = quantity("log days", 0.01, 2, "spread of the lag's logarithm")
    leadership_share: Quantity = quantity("probability", 0, 1, "strikes on leaders, not depots")
    covert_share: Quantity = quantity("probability", 0, 1, "strikes that nobody owns")
    militia_killed_mean: Quantity = quantity("people", 0, 200, "militia dead per strike")
    iraqi_killed_mean: Quantity = quantity("people", 0, 50, "Iraqi forces dead per strike")
    wounded_per_killed: Quantity = quantity("people", 0, 20, "wounded for each death")
    dispersion: Quantity = quantity("shape", 0.01, 50, "negative-binomial shape of the tolls")


class Retaliation(Section):
    """The US policy: what it answers, how sure it must be, how fast and how hard."""

    title: str = Field(description="the policy in a few words")
    probability: StrikeProbability = Field(description="trigger by harm class")
    attempt: Quantity = quantity("probability", 0, 1, "a foiled attempt is answered")
    needed: Quantity = quantity("probability", 0, 1, "confidence that a strike needs")
    patience_days: Quantity = quantity("days", 0, 365, "after this long an attack is let pass")
    after_storming: Quantity = quantity(
        "probability", 0, 1, "a storming is answered by a strike on leaders"
    )
    protest_cost: Quantity = quantity("log odds", 0, 5, "what one protest takes off an answer")
    protest_days: Quantity = quantity("days", 1, 365, "time in which that halves")
    count: Count = Field(description="attacks that add up")
    grades: Grades = Field(description="answers that grow")
    strike: Strike = Field(description="lag, scale and toll")
