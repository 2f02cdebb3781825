"""A Scenario: everything that one replication needs, judged once."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, ValidationInfo, field_validator, model_validator

from sim.errors import nearest
from sim.settings.attribution import Attribution
from sim.settings.drawdown import Drawdown
from sim.settings.executor import Executor
from sim.settings.government import Government
from sim.settings.militia import Convoys, Militia
from sim.settings.observers import Observers
from sim.settings.patron import Patron
from sim.settings.places import AirDefence, Casualties, Sites
from sim.settings.quantity import Section
from sim.settings.retaliation import Retaliation
from sim.settings.storming import Storming
from sim.settings.striker import Striker
from sim.settings.threats import Threats
from sim.settings.timeline import Timeline
from sim.settings.truce import Truces
from sim.settings.voices import Claims, Rhetoric, Sanctions

LONGEST_DAYS = 3660
FAR = timedelta(days=800)
"""A date further from the window than this is taken for a slip of the year."""


def _no_truth(value: object) -> object:
    """`true` counts as 1 elsewhere; here it is a slip."""
    if isinstance(value, bool):
        raise ValueError("a whole number is needed")
    return value


Whole = Annotated[int, BeforeValidator(_no_truth)]


class Window(Section):
    """When a scenario plays and what came before it."""

    name: str = Field(description="the scenario's name: letters, digits, - and _")
    title: str = Field(description="what it asks, in one line")
    about: str = Field(description="what is given and what is generated, in plain words")
    start: date = Field(description="first day, from 00:00 Baghdad time")
    end: date = Field(description="first day no longer simulated")
    history: Literal["none", "record"] = Field(
        description="what the agents lived through before the start: nothing, or the record"
    )

    @field_validator("name")
    @classmethod
    def _plain_name(cls, name: str) -> str:
        if not re.fullmatch(r"[A-Za-z0-9][\w-]{0,60}", name):
            raise ValueError(f"{name!r} names no folder: use letters, digits, - and _")
        return name

    @field_validator("end")
    @classmethod
    def _after_start(cls, end: date, info: ValidationInfo) -> date:
        start = info.data.get("start")
        if start is not None and end <= start:
            raise ValueError(f"ends on {end}, not after its start on {start}: swap the dates")
        if start is not None and (end - start).days > LONGEST_DAYS:
            raise ValueError(
                f"lasts over {LONGEST_DAYS} days from {start}: choose a shorter window"
            )
        return end


class Scenario(Section):
    """One configured world: a window, its places and its agents."""

    scenario: Window = Field(description="the window")
    sites: Sites = Field(description="where attacks can fall")
    timeline: Timeline = Field(description="what is given on dates")
    militia: Militia = Field(description="the network of cells")
    convoys: Convoys = Field(description="the second mode of attack")
    casualties: Casualties = Field(description="harm per leaker")
    air_defence: AirDefence = Field(description="batteries and sirens")
    retaliation: Retaliation = Field(description="the US policy")
    attribution: Attribution = Field(description="how sure the US is of who fired")
    threats: Threats = Field(description="what the US threatens")
    drawdown: Drawdown = Field(description="handing over bases, thinning out staff")
    patron: Patron = Field(description="the cells' patron")
    government: Government = Field(description="the host state")
    truce: Truces = Field(description="truces of the groups")
    striker: Striker = Field(description="depot blasts that nobody owns")
    storming: Storming = Field(description="the crowd at the embassy")
    claims: Claims = Field(description="claims by fronts")
    rhetoric: Rhetoric = Field(description="statements and ultimatums")
    sanctions: Sanctions = Field(description="designations")
    observers: Observers = Field(description="what reaches the record")

    @model_validator(mode="after")
    def _places_exist(self) -> Scenario:
        places = self.sites.places
        for key, battery in self.air_defence.batteries.items():
            _known(f"air_defence.batteries.{key}.site", battery.site, places)
        for name in self.air_defence.sirens:
            _known("air_defence.sirens", name, places)
        for name in self.patron.missiles.sites:
            _known("patron.missiles.sites", name, places)
        return self

    @model_validator(mode="after")
    def _cells_exist(self) -> Scenario:
        for name in self.truce.bound:
            if name not in self.militia.cells:
                raise ValueError(
                    f"truce.bound = {name!r}: no such cell; {nearest(name, self.militia.cells)}"
                )
        return self

    @model_validator(mode="after")
    def _dates_near(self) -> Scenario:
        dates = {f"timeline.marks.{k}.day": m.day for k, m in self.timeline.marks.items()}
        for key, mark in self.timeline.marks.items():
            dates[f"timeline.marks.{key}.known_from"] = mark.known_from
        dates |= self.days_set()
        for name, day in dates.items():
            if not self.scenario.start - FAR <= day <= self.scenario.end + FAR:
                raise ValueError(
                    f"{name} = {day}: over {FAR.days} days outside the scenario "
                    f"({self.scenario.start} to {self.scenario.end}); check the year"
                )
        return self

    def days_set(self) -> dict[str, date]:
        """When sites open and close, batteries stand ready and the embassy's closing is
        threatened, by key, where a day is named."""
        days = {
            f"sites.places.{key}.{change}": getattr(site, change)
            for key, site in self.sites.places.items()
            for change in ("opened", "closed")
        }
        for key, battery in self.air_defence.batteries.items():
            days[f"air_defence.batteries.{key}.fielded"] = battery.fielded
        if self.threats.closure.rule == "date":
            days["threats.closure.day"] = self.threats.closure.day
        return {key: day for key, day in days.items() if day is not None}

    @property
    def days(self) -> int:
        """Length of the window."""
        return (self.scenario.end - self.scenario.start).days


def _known(key: str, name: str, places: dict[str, Any]) -> None:
    if name not in places:
        raise ValueError(f"{key} = {name!r}: no such site; {nearest(name, places)}")


HANDS = {"workers", "executor"}
"""Who computes: no result hangs on these keys, so that no hash of what was run counts them."""


class Settings(Scenario):
    """A scenario and the study made of it: the whole of a composed configuration."""

    posterior: str | None = Field(
        None, description="whose draws stand for priors: a name, or a folder's path"
    )
    seed: Whole = Field(ge=0, lt=2**63, description="root entropy of every draw")
    replications: Whole = Field(ge=1, le=10_000_000, description="how many futures")
    workers: Whole = Field(ge=1, le=256, description="processes that share them")
    executor: Executor = Field(Executor(), description="who computes")
    journal: Literal["full", "attacks", "none"] = Field(
        description="what is kept of each journal: every event, attacks and strikes, nothing"
    )

    def __repr__(self) -> str:
        told = f"{self.scenario.name}: {self.retaliation.title}"
        return f"Settings({told}; {self.replications} replications, seed {self.seed})"

    __str__ = __repr__
