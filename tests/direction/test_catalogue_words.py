"""Direction: what the catalogue says of a case in plain words is what its futures hold."""

from __future__ import annotations

from functools import cache

import pytest

from sim.campaign import simulate
from sim.events import Event, Journal, Kind, Side
from sim.settings.compose import load
from sim.settings.files import groups
from sim.settings.quantity import Sampler

REPLICATIONS = 3
SUMMER = ("scenario.end=2019-09-01", "militia.base_rate=0.5", "militia.excitation=0.3")
"""Four months with some fifty attacks."""
DEADLY = ("casualties.coalition_deaths_small=0.1", "casualties.coalition_deaths_large=0.2")


@cache
def journals(*overrides: str) -> list[Journal]:
    sampler = Sampler(load([*SUMMER, *DEADLY, *overrides]))
    return [simulate(sampler, 11, r) for r in range(REPLICATIONS)]


def events(*overrides: str) -> list[Event]:
    return [event for journal in journals(*overrides) for event in journal]


# -- ablations -----------------------------------------------------------------------------


def by_policy(*overrides: str) -> list[Event]:
    """What the US policy decides and does: strikes, owned or covert, and its warnings."""
    made = events("attribution=perfect", "storming.probability=1", *overrides)
    return [e for e in made if e.actor == "US" or (e.kind is Kind.DECISION and e.side is Side.US)]


@pytest.mark.parametrize("policy", groups()["retaliation"])
def test_without_retaliation_no_policy_strikes_or_warns(policy: str) -> None:
    told = f"retaliation={policy}"
    assert bool(by_policy(told)) == (policy != "never")
    assert by_policy(told, "ablation=no_retaliation") == []
