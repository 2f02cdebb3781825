"""Which target class an attack is aimed at, and which of its sites."""

from __future__ import annotations

from math import exp, inf, log

from sim.events import Event, Kind
from sim.inversion import cumulated, pick
from sim.settings.militia import Targeting as TargetingSettings
from sim.settings.places import SiteClassName
from sim.settings.places import Sites as SitesSettings


class Targets:
    """What the militia knows of the sites: open, defended, recently hit, about to be left."""

    observes = (
        Kind.ROCKET_ATTACK,
        Kind.SITE_OPENED,
        Kind.SITE_CLOSED,
        Kind.DEFENCE_FIELDED,
        Kind.POSTURE_CHANGE,
    )

    def __init__(
        self, weights: TargetingSettings, sites: SitesSettings, leaving: float = 0.0
    ) -> None:
        self.weights = weights
        self.pull_of_leaving = leaving
        self.sites = sites
        self.closed = {key for key, site in sites.places.items() if site.opened is not None}
        self.defended: set[str] = set()
        self.leaving: set[str] = set()
        self._decay = log(2.0) / weights.memory_days
        self._classes = list(sites.classes)
        self._place: dict[str, int] = {name: i for i, name in enumerate(self._classes)}
        self._recent = [0.0] * len(self._classes)  # attacks remembered, by class, as of _at
        self._at: float | None = None
        self._utilities = [-inf] * len(self._classes)  # before recent use; -inf: all closed
        self._sites: list[tuple[list[str], list[float]]] = [([], [])] * len(self._classes)
        self._weights: dict[str, dict[str, float]] = {name: {} for name in self._classes}
        for key, site in sites.places.items():
            self._weights[site.site_class][key] = site.weight
        for name in self._classes:
            self._survey(name)

    @property
    def any_open(self) -> bool:
        """Whether anything is left to attack."""
        return max(self._utilities) > -inf

    def recent(self, site_class: str, time: float) -> float:
        """Attacks on a class that are remembered at `time`."""
        return self._recent[self._place[site_class]] * self._faded(time)

    def _faded(self, time: float) -> float:
        """What is left at `time` of the counts kept; nothing before the first attack."""
        return 0.0 if self._at is None else exp(-self._decay * (time - self._at))

    def observe(self, event: Event) -> None:
        """A site opened, closed or will be left, a battery was fielded, an attack was made."""
        if event.kind is Kind.ROCKET_ATTACK:
            self._remember(event)
        elif event.site is not None:
            if event.kind is Kind.SITE_OPENED:
                self.closed.discard(event.site)
            elif event.kind is Kind.SITE_CLOSED:
                self.closed.add(event.site)
            elif event.kind is Kind.POSTURE_CHANGE:
                self.leaving.add(event.site)
            elif event.subtype == "rockets":
                self.defended.add(event.site)
            self._survey(self.sites.places[event.site].site_class)

    def choose(self, time: float, u_class: float, u_site: float, erbil: float = 0.0) -> str | None:
        """A site key by multinomial logit over classes, then by weight; none if all closed.

        `erbil` is what a grievance adds to the log odds of that class.
        """
        pull = self.weights.recent * self._faded(time)
        utilities = [u + pull * r for u, r in zip(self._utilities, self._recent, strict=True)]
        if erbil and "erbil" in self._place:
            utilities[self._place["erbil"]] += erbil
        highest = max(utilities)
        if highest == -inf:
            return None
        sums = cumulated([exp(utility - highest) for utility in utilities])
        names, shares = self._sites[pick(u_class, sums)]
        return names[pick(u_site, shares)]

    def _remember(self, event: Event) -> None:
        """Count the attack on its class; all counts are kept as of one moment."""
        faded = self._faded(event.time)
        self._recent = [count * faded for count in self._recent]
        self._at = event.time
        if event.site_class in self._place:
            self._recent[self._place[event.site_class]] += 1.0

    def _survey(self, name: SiteClassName) -> None:
        """Recompute what changes for a class only when a site turns or a battery is fielded."""
        place, weights = self._place[name], self._open_sites(name)
        self._utilities[place] = self._utility(name)
        self._sites[place] = (list(weights), cumulated(weights.values()))

    def _open_sites(self, site_class: str) -> dict[str, float]:
        return {
            key: weight
            for key, weight in self._weights[site_class].items()
            if weight > 0 and key not in self.closed
        }

    def standing(self, name: SiteClassName) -> tuple[float, float] | None:
        """Of a class's open sites, the share that is defended and the share that will be
        left; none where all are closed."""
        keys = self._open_sites(name)
        if not keys:
            return None
        defended = sum(key in self.defended for key in keys) / len(keys)
        return defended, sum(key in self.leaving for key in keys) / len(keys)

    def _utility(self, name: SiteClassName) -> float:
        stands, traits = self.standing(name), self.sites.classes[name]
        if stands is None:
            return -inf
        utility = class_utility(self.weights, traits.symbolic, traits.openness, stands[0])
        return utility + self.pull_of_leaving * stands[1]


def class_utility(
    weights: TargetingSettings, symbolic: float, openness: float, defended: float
) -> float:
    """Log odds of a target class before its recent use; `defended` is a share of its sites."""
    return weights.symbolic * symbolic + weights.openness * openness + weights.defence * defended
