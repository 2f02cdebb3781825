"""A scenario as it was known at an origin: what was announced later is taken out of it.

A configuration gives dates of the whole campaign. A forecast may use those that were public
when it was made: marks by the day on which they became known, handovers by their notice, the
rest by the day itself.
"""

from __future__ import annotations

from datetime import date, timedelta

from sim.settings.places import AirDefence, Site, Sites
from sim.settings.posterior import sampler_of
from sim.settings.scenario import Scenario, Settings
from sim.settings.timeline import Timeline


def as_known(settings: Settings, origin: date) -> Settings:
    """The settings without what nobody knew before `origin`.

    What opens or is fielded later stands at the scenario's end, which no simulation reaches.
    A handover counts as known if its notice, at the middle of what is believed of it, lies
    before the origin.
    """
    end = settings.scenario.end
    changes = {
        "timeline": _timeline(settings.timeline, origin),
        "sites": _sites(settings.sites, origin, _notice(settings), end),
        "air_defence": _defences(settings.air_defence, origin, end),
    }
    return settings.model_copy(update=changes)


def _notice(settings: Settings) -> timedelta:
    """How long before its day a handover is public."""
    if not settings.drawdown.on:
        return timedelta(0)
    middle: Scenario = sampler_of(settings).draw(lambda key: 0.5)
    return timedelta(days=middle.drawdown.notice_days)


def _timeline(timeline: Timeline, origin: date) -> Timeline:
    known = {key: mark for key, mark in timeline.marks.items() if mark.known_from < origin}
    return timeline.model_copy(update={"marks": known})


def _sites(sites: Sites, origin: date, notice: timedelta, end: date) -> Sites:
    places = {key: _site(site, origin, notice, end) for key, site in sites.places.items()}
    return sites.model_copy(update={"places": places})


def _site(site: Site, origin: date, notice: timedelta, end: date) -> Site:
    if site.opened is not None and site.opened >= origin:
        return site.model_copy(update={"opened": end, "closed": None})
    if site.closed is not None and site.closed - notice >= origin:
        return site.model_copy(update={"closed": None})
    return site


def _defences(defences: AirDefence, origin: date, end: date) -> AirDefence:
    batteries = {
        key: battery.model_copy(update={"fielded": end})
        if battery.fielded is not None and battery.fielded >= origin
        else battery
        for key, battery in defences.batteries.items()
    }
    return defences.model_copy(update={"batteries": batteries})
