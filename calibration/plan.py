"""What a fit is made of: a file of configs/fit, or one of the user's own."""

from __future__ import annotations

from datetime import date
from typing import Any, Literal, cast

from pydantic import Field

from sim.settings import group
from sim.settings.quantity import Section

BlockName = Literal["tempo", "targets", "salvos", "trigger", "counts"]


class Sampling(Section):
    """How long a block of a fit is sampled."""

    chains: int = Field(8, ge=2, le=256, description="chains of a block")
    rounds: int = Field(16, ge=1, le=200, description="rounds that fit the proposal")
    draws: int = Field(1024, ge=16, le=100_000, description="draws of each round")
    parts: int = Field(9, ge=1, le=1000, description="parts after which a state is kept")
    steps: int = Field(100, ge=1, le=100_000, description="steps of each chain in a part")


class Plan(Section):
    """Which scenario is fitted, up to when, under which conditions."""

    title: str = Field(description="the fit in a few words")
    about: str = Field("", description="what it has seen, and what it is for")
    scenario: str = Field("historical", description="the scenario whose priors it starts from")
    until: date = Field(description="first day that is not seen")
    conditions: tuple[str, ...] = Field((), description="overrides under which it is fitted")
    without: tuple[str, ...] = Field((), description="switches of doubtful rows to leave out")
    holes: bool = Field(True, description="whether months of holes are under-reported")
    draws: int = Field(1000, ge=10, le=100_000, description="rows of the posterior")
    jitters: int = Field(2, ge=1, le=64, description="draws of what the record leaves open")
    seed: int = Field(ge=0, lt=2**32, description="of the samplers")
    sampling: Sampling = Field(Sampling(), description="how long each block is sampled")
    own: dict[BlockName, Sampling] = Field({}, description="blocks that are sampled otherwise")

    def schedule(self, block: str) -> Sampling:
        """How long a block is sampled."""
        return self.own.get(cast(BlockName, block), self.sampling)


def names() -> list[str]:
    """Every packaged fit."""
    return group.names("fit")


def read(name: str) -> Plan:
    """A packaged fit, or one of the user's own (a path that ends in .yaml).

    Raises:
        InputError: no such fit, or a file that says something else.
    """
    return group.read("fit", name, Plan)


def judge(told: Any, where: str) -> Plan:
    """A plan from plain data.

    Raises:
        InputError: a key that is unknown, missing or out of range.
    """
    return group.judge(told, where, Plan)
