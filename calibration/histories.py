"""A history that is simulated under parameters of one's own choice."""

from __future__ import annotations

from collections.abc import Mapping

from sim.campaign import Campaign, given_to_all
from sim.draws import Draws
from sim.events import Journal
from sim.settings.sampling import Sampler
from sim.settings.scenario import Scenario


def history(
    sampler: Sampler,
    seed: int,
    number: int,
    row: Mapping[str, float] | None = None,
    fork: int = 0,
    told: bool = True,
) -> tuple[Scenario, Journal]:
    """One history with its scenario.

    Args:
        sampler: of the scenario.
        seed: root of all draws.
        number: of the history, to which its parameters belong.
        row: the parameters that are given; the others are drawn.
        fork: another one is other luck with the same parameters.
        told: whether anybody reports.
    """
    uniform = Draws(seed, number).stream("parameters", 1).first
    scenario: Scenario = sampler.draw(uniform, given=row)
    campaign = Campaign(scenario, Draws(seed, number, fork), given_to_all(sampler), told)
    return scenario, campaign.run()
