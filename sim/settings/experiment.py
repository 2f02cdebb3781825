"""A worked branch study as data: a question, a date, the policies, and how far to look."""

from __future__ import annotations

from datetime import date

from pydantic import Field, field_validator

from sim.settings import group
from sim.settings.override import named
from sim.settings.quantity import Section

COMMON = ("scenario", "seed", "posterior", "replications", "workers", "executor", "journal")
"""What is everybody's: policies are compared from the same cut on the same draws."""


class Experiment(Section):
    """What a file of configs/experiment holds."""

    title: str = Field(description="the study in a few words")
    question: str = Field("", description="what it asks")
    about: str = Field("", description="what was the case, and what is changed, with its source")
    date: date
    hour: float = Field(0.0, ge=0.0, lt=24.0, description="of the cut, Baghdad time")
    horizon: str = Field(description="how far to look: 90d or 13w")
    arms: dict[str, tuple[str, ...]] = Field(
        min_length=2, description="overrides by policy; the last is what happened"
    )
    overrides: tuple[str, ...] = Field((), description="what all policies share")
    measure: str = Field("rocket_attacks", description="what the sign-flip table is made of")

    @field_validator("arms")
    @classmethod
    def _differ_in_policy_alone(
        cls, arms: dict[str, tuple[str, ...]]
    ) -> dict[str, tuple[str, ...]]:
        for name, words in arms.items():
            for word in words:
                if named(word).split(".")[0] in COMMON:
                    raise ValueError(f"{name}: {word}: {_remedy(word)}")
        return arms

    @field_validator("overrides")
    @classmethod
    def _leave_the_end(cls, overrides: tuple[str, ...]) -> tuple[str, ...]:
        for word in overrides:
            if ends(word):
                raise ValueError(f"{word}: {_remedy(word)}")
        return overrides


def ends(word: str) -> bool:
    """Whether an override names the end, which the horizon sets."""
    return named(word) == "scenario.end"


def _remedy(word: str) -> str:
    if ends(word):
        return "the horizon sets the end; change horizon"
    return "all policies share it; name it under overrides: or on the command line"


def names() -> list[str]:
    """Every packaged experiment."""
    return group.names("experiment")


def read(name: str) -> Experiment:
    """A packaged experiment, or one of the user's own (a path that ends in .yaml).

    Raises:
        InputError: no such experiment, or a file that says something else.
    """
    return group.read("experiment", name, Experiment)
