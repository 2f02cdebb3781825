"""The likelihood of where attacks fall: a multinomial logit over the classes of sites.

What is open, defended or about to be left at each attack is the simulation's own `Targets`;
its utilities are `class_utility`, with many weights at once. A blank class says nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from scipy.special import logsumexp

from calibration.grievance import grievances
from calibration.quantiles import Floats
from sim.agents.targeting import Targets, class_utility
from sim.events import Event, Kind
from sim.intensity import LN2
from sim.settings.places import SiteClassName
from sim.settings.scenario import Scenario

PREFIXES = ("militia.targeting.", "drawdown.leaving", "militia.signals.erbil")
TRAITS = (".symbolic", ".openness")
ERBIL = "erbil"


def keys(uncertain: Sequence[str]) -> list[str]:
    """The uncertain quantities that the choice of a class hangs on."""
    return [
        key
        for key in uncertain
        if key.startswith(PREFIXES) or (key.startswith("sites.classes.") and key.endswith(TRAITS))
    ]


class Choice(NamedTuple):
    """One attack: its time, the place of its class among all, and how each class stands.

    `standing` holds the share defended and the share to be left, by class that is open;
    `chosen` says nothing where the attack was on a class that is closed, or on none.
    """

    time: float
    place: int | None
    chosen: int | None
    standing: dict[SiteClassName, tuple[float, float]]


class TargetLikelihood:
    """log p(classes attacked | times and all else), for many parameters at once.

    Args:
        record: what was lived through.
        scenario: with any one draw of its quantities, for what does not hang on them.
    """

    def __init__(self, record: list[Event], scenario: Scenario) -> None:
        self.record = record
        self.names: list[SiteClassName] = list(scenario.sites.classes)
        self.choices = _choices(record, scenario, self.names)

    def __call__(self, scenario: Scenario, width: int) -> Floats:
        """Log-likelihoods, shape (width,)."""
        recent = self._recent(scenario, width)
        grievance = grievances(self.record, scenario, width)
        total = np.zeros(width)
        for i, choice in enumerate(self.choices):
            if choice.chosen is not None:
                utilities = self._utilities(choice, scenario, width)
                utilities += scenario.militia.targeting.recent * recent[i]
                utilities[self._erbil] += self._signal(scenario) * grievance[:, i]
                total += utilities[choice.chosen] - logsumexp(utilities, axis=0)
        return total

    @property
    def _erbil(self) -> list[int]:
        return [i for i, name in enumerate(self.names) if name == ERBIL]

    def _signal(self, scenario: Scenario) -> Any:
        signals = scenario.militia.signals
        return signals.erbil if signals.on else 0.0

    def _utilities(self, choice: Choice, scenario: Scenario, width: int) -> Floats:
        """Log odds by class before recent use, (classes, width); −inf where all is closed."""
        weights, leaving = scenario.militia.targeting, scenario.drawdown.leaving
        pull = leaving if scenario.drawdown.on else 0.0
        table = np.full((len(self.names), width), -np.inf)
        for i, name in enumerate(self.names):
            if name in choice.standing:
                (defended, left), traits = choice.standing[name], scenario.sites.classes[name]
                utility = class_utility(weights, traits.symbolic, traits.openness, defended)
                table[i] = utility + pull * left
        return table

    def _recent(self, scenario: Scenario, width: int) -> list[Floats]:
        """Attacks remembered by class, (classes, width), as each attack was made."""
        decay: Any = LN2 / scenario.militia.targeting.memory_days
        counts, at, told = np.zeros((len(self.names), width)), 0.0, []
        for choice in self.choices:
            counts = counts * np.exp(-decay * (choice.time - at))
            at = choice.time
            told.append(counts)
            if choice.place is not None:
                counts = counts.copy()
                counts[choice.place] += 1.0
        return told


def _choices(
    record: list[Event], scenario: Scenario, names: Sequence[SiteClassName]
) -> list[Choice]:
    """Every attack, with how the classes stood when it was made."""
    targets = Targets(scenario.militia.targeting, scenario.sites)
    found = []
    for event in record:
        if event.kind is Kind.ROCKET_ATTACK:
            stands = {name: targets.standing(name) for name in names}
            is_open = {name: share for name, share in stands.items() if share is not None}
            places = {str(name): i for i, name in enumerate(names)}
            place = places.get(event.site_class or "")
            chosen = place if event.site_class in is_open else None
            found.append(Choice(event.time, place, chosen, is_open))
        elif event.kind in Targets.observes:
            targets.observe(event)
    return found
