"""Which target class an attack is aimed at, and which of its sites."""

from __future__ import annotations

from math import exp, log

from sim.events import Event, Kind
from sim.inversion import choose, cumulated, pick
from sim.settings.militia import Targeting as TargetingSettings
from sim.settings.places import SiteClassName
from sim.settings.places import Sites as SitesSettings

FORGOTTEN = 1e-3
"""A recent use that has decayed below this no longer counts."""


class Targets:
    """What the militia knows of the sites: open, defended, recently hit."""

    def __init__(self, weights: TargetingSettings, sites: SitesSettings) -> None:
        self.weights = weights
        self.sites = sites
        self.closed = {key for key, site in sites.places.items() if site.opened is not None}
        self.defended: set[str] = set()
        self.recent: dict[str, float] = {}
        self.at = 0.0
        self._decay = log(2.0) / weights.memory_days
        self._odds: dict[str, float] = {}
        self._sites: dict[str, tuple[list[str], list[float]]] = {}
        for name in sites.classes:
            self._survey(name)

    @property
    def any_open(self) -> bool:
        """Whether anything is left to attack."""
        return bool(self._odds)

    def observe(self, event: Event) -> None:
        """A site opened or closed, a battery was fielded, or an attack was made."""
        if event.kind is Kind.ROCKET_ATTACK:
            self._remember(event)
        elif event.site is not None:
            if event.kind is Kind.SITE_OPENED:
                self.closed.discard(event.site)
            elif event.kind is Kind.SITE_CLOSED:
                self.closed.add(event.site)
            elif event.subtype == "rockets":
                self.defended.add(event.site)
            self._survey(self.sites.places[event.site].site_class)

    def choose(self, time: float, u_class: float, u_site: float) -> str | None:
        """A site key by multinomial logit over classes, then by weight; none if all closed."""
        if not self._odds:
            return None
        faded = self.weights.recent * exp(-self._decay * (time - self.at))
        odds = dict(self._odds)
        for name, count in self.recent.items():
            if name in odds:
                odds[name] *= exp(faded * count)
        classes = list(odds)
        names, shares = self._sites[classes[choose(u_class, odds.values())]]
        return names[pick(u_site, shares)]

    def _remember(self, event: Event) -> None:
        """Count the attack on its class; all counts are kept as of one moment."""
        faded = exp(-self._decay * (event.time - self.at))
        counts = {name: count * faded for name, count in self.recent.items()}
        self.recent = {name: count for name, count in counts.items() if count > FORGOTTEN}
        self.at = event.time
        if event.site_class is not None:
            self.recent[event.site_class] = self.recent.get(event.site_class, 0.0) + 1.0

    def _survey(self, name: SiteClassName) -> None:
        """Recompute what changes for a class only when a site closes or a battery is fielded."""
        weights = self._open_sites(name)
        if weights:
            self._odds[name] = exp(self._utility(name, list(weights)))
            self._sites[name] = (list(weights), cumulated(weights.values()))
        else:
            self._odds.pop(name, None)

    def _open_sites(self, site_class: str) -> dict[str, float]:
        return {
            key: site.weight
            for key, site in self.sites.places.items()
            if site.site_class == site_class and key not in self.closed and site.weight > 0
        }

    def _utility(self, name: SiteClassName, keys: list[str]) -> float:
        traits = self.sites.classes[name]
        defended = sum(key in self.defended for key in keys) / len(keys)
        return class_utility(self.weights, traits.symbolic, traits.openness, defended)


def class_utility(
    weights: TargetingSettings, symbolic: float, openness: float, defended: float
) -> float:
    """Log odds of a target class before its recent use; `defended` is a share of its sites."""
    return weights.symbolic * symbolic + weights.openness * openness + weights.defence * defended
