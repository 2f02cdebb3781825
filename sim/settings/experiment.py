"""A worked branch study as data: a question, a date, the policies, and how far to look."""

from __future__ import annotations

from datetime import date

from pydantic import Field

from sim.settings import group
from sim.settings.quantity import Section


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


def names() -> list[str]:
    """Every packaged experiment."""
    return group.names("experiment")


def read(name: str) -> Experiment:
    """A packaged experiment, or one of the user's own (a path that ends in .yaml).

    Raises:
        InputError: no such experiment, or a file that says something else.
    """
    return group.read("experiment", name, Experiment)
