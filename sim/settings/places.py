"""Sites, their classes, and the batteries and sirens that protect them."""

from __future__ import annotations

from datetime import date
from typing import Literal

from pydantic import Field, ValidationInfo, field_validator

from sim.settings.quantity import Quantity, Section, quantity

SiteClassName = Literal[
    "embassy_zone", "airport", "training_base", "other_base", "erbil", "commercial"
]


class SiteClass(Section):
    """What sites of one class have in common. Abstract weights, never a map."""

    symbolic: Quantity = quantity("weight", 0, 5, "what a hit there says")
    openness: Quantity = quantity("weight", 0, 5, "how open the class lies")
    exposure: Quantity = quantity("factor", 0, 10, "people at risk per leaker, against a base")
    inside_share: Quantity = quantity("share", 0, 1, "leakers that fall inside the compound")


class Site(Section):
    """A place that can be attacked while it is open."""

    title: str = Field(description="the site's name")
    site_class: SiteClassName = Field(description="its target class")
    region: str = Field(description="governorate")
    weight: Quantity = quantity("weight", 0, 10, "its part of its class's attacks")
    opened: date | None = Field(None, description="first day it can be attacked, if not the start")
    closed: date | None = Field(None, description="day from which it can no longer be attacked")
    source: str = Field(description="rows of the record, or a citation, for the dates")

    @field_validator("closed")
    @classmethod
    def _after_opening(cls, closed: date | None, info: ValidationInfo) -> date | None:
        opened = info.data.get("opened")
        if closed is not None and opened is not None and closed <= opened:
            raise ValueError(f"closes on {closed}, not after it opens on {opened}: swap the dates")
        return closed


class Sites(Section):
    """Every site of a scenario."""

    classes: dict[SiteClassName, SiteClass] = Field(description="attributes by target class")
    places: dict[str, Site] = Field(description="the sites by key")

    @field_validator("places")
    @classmethod
    def _classes_known(cls, places: dict[str, Site], info: ValidationInfo) -> dict[str, Site]:
        classes = info.data.get("classes", {})
        for key, site in places.items():
            if site.site_class not in classes:
                raise ValueError(
                    f"{key}: no attributes for class {site.site_class!r} under classes"
                )
        return places


class Battery(Section):
    """One air-defence battery. Abstract values, never equipment data."""

    site: str = Field(description="key of the site it protects")
    against: Literal["rockets", "state_missiles"] = Field(description="what it can engage")
    fielded: date | None = Field(description="day it stands ready; none: before the scenario")
    source: str = Field(description="row of the record, or a citation, for the date")


class AirDefence(Section):
    """Batteries and sirens."""

    batteries: dict[str, Battery] = Field(description="the batteries by key")
    engage_share: Quantity = quantity("share", 0, 1, "rounds engaged that are stopped")
    channels: int = Field(ge=1, le=50, description="rounds engaged at once")
    service_seconds: Quantity = quantity("seconds", 0.01, 60, "time a channel spends on a round")
    flight_seconds: Quantity = quantity("seconds", 0.1, 300, "a round not served by then leaks")
    magazine: int = Field(ge=0, le=100_000, description="engagements before it must be filled")
    resupply_days: Quantity = quantity("days", 0.01, 365, "time to fill an empty magazine")
    readiness: Quantity = quantity("share", 0, 1, "chance that it is ready when an attack comes")
    sirens: tuple[str, ...] = Field(description="keys of the sites with a siren")
    siren_share: Quantity = quantity(
        "share", 0, 1, "attacks on such a site that set it off in time"
    )
    shelter: Quantity = quantity("share", 0, 1, "harm that a siren prevents")
    false_alarms: Quantity = quantity("alarms a day", 0, 20, "at each site with a siren")
    complacency: Quantity = quantity("share", 0, 1, "shelter that one false alarm costs")
    complacency_days: Quantity = quantity("days", 0.1, 90, "time in which that loss halves")

    @field_validator("sirens")
    @classmethod
    def _each_once(cls, sirens: tuple[str, ...]) -> tuple[str, ...]:
        for name in sirens:
            if sirens.count(name) > 1:
                raise ValueError(f"{name!r} stands twice: a site has one siren")
        return sirens

    @field_validator("batteries")
    @classmethod
    def _one_a_site(cls, batteries: dict[str, Battery]) -> dict[str, Battery]:
        guarded: dict[str, str] = {}
        for key, battery in batteries.items():
            if battery.against == "rockets":
                other = guarded.setdefault(battery.site, key)
                if other != key:
                    raise ValueError(
                        f"{other} and {key} both engage rockets at {battery.site}: "
                        "keep one and give it more channels"
                    )
        return batteries


class Casualties(Section):
    """Harm to people per round that gets through."""

    coalition_deaths_small: Quantity = quantity(
        "deaths", 0, 1, "Coalition dead per leaker, small salvo"
    )
    coalition_deaths_large: Quantity = quantity(
        "deaths", 0, 1, "Coalition dead per leaker, large salvo"
    )
    iraqi_deaths: Quantity = quantity("deaths", 0, 1, "Iraqi forces dead per leaker")
    civilian_deaths: Quantity = quantity("deaths", 0, 1, "civilians dead per leaker")
    wounded_per_killed: Quantity = quantity("people", 0, 50, "wounded for each death")
    dispersion: Quantity = quantity(
        "shape", 0.01, 50, "negative-binomial shape: small is heavy-tailed"
    )
