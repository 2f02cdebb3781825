"""The probabilities of harm, and of rounds inside a compound, given what came down.

They are those of `sim.agents.sites`, for W parameter draws at once.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from calibration.arrays import Array, Counts, Numbered, spread
from calibration.possible import Fall, Pattern
from calibration.tolls import toll_mass
from sim.agents.militia import lethality
from sim.agents.salvo import INTENTS
from sim.settings.drawdown import Drawdown
from sim.settings.places import Casualties, SiteClass
from sim.settings.scenario import Scenario


class Falls:
    """The probabilities of harm, and of rounds inside a compound, given what came down.

    At a site with a siren they are those of warned and unwarned people, mixed.
    """

    def __init__(self, keys: Sequence[Fall]) -> None:
        self._heard = np.flatnonzero([key.siren for key in keys])
        self._count = len(keys)
        rows = [(key, False) for key in keys] + [(key, True) for key in keys if key.siren]
        places: Numbered[tuple[str, int, bool]] = Numbered()
        found = [places((k.site_class, k.withdrawals, warned)) for k, warned in rows]
        self._place = np.array(found, int)
        self._places = list(places)
        self._impacted = np.array([k.impacted for k, _ in rows], float)[:, None]
        self._large = np.array([k.large for k, _ in rows], bool)[:, None]
        self._told = patterns([k.tolls for k, _ in rows])
        self._seen = np.flatnonzero([k.inside is not None for k, _ in rows])
        self._inside = np.array([[rows[i][0].inside] for i in self._seen], bool).reshape(-1, 1)

    def __call__(self, scenario: Scenario, width: int) -> Array:
        """By intent: shape (falls, 3, W)."""
        mass = self._tolls(scenario, width) * self._compound(scenario, width)[:, None]
        result, warned = mass[: self._count], mass[self._count :]
        result[self._heard] += scenario.air_defence.siren_share * (warned - result[self._heard])
        return result

    def _tolls(self, scenario: Scenario, width: int) -> Array:
        """Probability of what is stated of all groups, as if each row were of its own."""
        scale = self._scale(scenario, width)
        deaths = self._deaths(scenario.casualties, width)
        mass = np.ones_like(scale)
        for group, pattern, rows in self._told:
            mean_killed = scale[rows] * deaths[group][rows][:, None]
            mass[rows] *= toll_mass(pattern, mean_killed, scenario.casualties)
        return mass

    def _scale(self, scenario: Scenario, width: int) -> Array:
        """What multiplies the deaths per leaker: shape (rows, 3, W)."""
        people = [at_risk(scenario, *place, width) for place in self._places]
        places = np.array(people).reshape(-1, width)
        meant = lethality(scenario.militia.intent, scenario.militia.restraint)
        severity = np.stack([spread(meant[name], width) for name in INTENTS])
        scale: Array = (self._impacted * places[self._place])[:, None] * severity
        return scale

    def _deaths(self, casualties: Casualties, width: int) -> tuple[Array, Array, Array]:
        """Deaths per leaker by group, each of shape (rows, W)."""
        small = spread(casualties.coalition_deaths_small, width)
        coalition = np.where(self._large, casualties.coalition_deaths_large, small)
        others = (casualties.iraqi_deaths, casualties.civilian_deaths)
        iraqi, civilian = (np.broadcast_to(d, coalition.shape) for d in others)
        return coalition, iraqi, civilian

    def _compound(self, scenario: Scenario, width: int) -> Array:
        """Probability of what is stated of the compound: shape (rows, W)."""
        mass = np.ones((len(self._place), width))
        shares = [spread(traits(scenario, p[0]).inside_share, width) for p in self._places]
        outside = 1.0 - np.array(shares).reshape(-1, width)[self._place[self._seen]]
        none = outside ** self._impacted[self._seen]
        mass[self._seen] = np.where(self._inside, 1.0 - none, none)
        return mass


def at_risk(
    scenario: Scenario, site_class: str, withdrawals: int, warned: bool, width: int
) -> Array:
    """People at risk per leaker, against a base: exposure, staff withdrawn, shelter."""
    people = spread(traits(scenario, site_class).exposure, width)
    people = people * staff_left(scenario.drawdown, withdrawals)
    return people * (1.0 - scenario.air_defence.shelter) if warned else people


def traits(scenario: Scenario, site_class: str) -> SiteClass:
    """What the sites of a class have in common."""
    return scenario.sites.classes[site_class]  # type: ignore[index]


def staff_left(drawdown: Drawdown, withdrawals: int) -> Array | float:
    """Share of the embassy's staff still there."""
    return (1.0 - drawdown.staff_share) ** withdrawals if drawdown.on and withdrawals else 1.0


def patterns(rows: Sequence[tuple[Pattern, ...]]) -> list[tuple[int, Pattern, Counts]]:
    """For each group and each thing stated of it, the rows that state it."""
    found: dict[tuple[int, Pattern], list[int]] = {}
    for row, tolls in enumerate(rows):
        for group, pattern in enumerate(tolls):
            if any(pattern):
                found.setdefault((group, pattern), []).append(row)
    return [(group, pattern, np.array(at)) for (group, pattern), at in found.items()]
