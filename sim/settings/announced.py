"""A scenario as it was known at an origin: what was announced later is taken out of it.

A configuration gives dates of the whole campaign. A forecast, or a branch, may use those that
were public when it was made: marks by the day on which they became known, handovers by their
notice, the rest by the day itself.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import TypeVar

from sim.settings.override import named
from sim.settings.places import AirDefence, Battery, Site, Sites
from sim.settings.posterior import sampler_of
from sim.settings.scenario import Scenario, Settings
from sim.settings.timeline import Timeline

Entry = TypeVar("Entry", Site, Battery)


def as_known(settings: Settings, origin: date, asked: Sequence[str] = ()) -> Settings:
    """The settings without what nobody knew before `origin`.

    Args:
        settings: of the whole campaign.
        origin: the day before which what is used was known.
        asked: overrides. The days that they name, or that stand in what they choose whole,
            are what the question is about, and stay; another key of a site lets none through.

    What opens or is fielded later stands at the scenario's end, which no simulation reaches.
    A handover counts as known if its notice, at the middle of what is believed of it, lies
    before the origin.
    """
    end = settings.scenario.end
    sites = _sites(settings.sites, origin, _notice(settings), end)
    defences = _defences(settings.air_defence, origin, end)
    sites.places.update(_asked(settings.sites.places, sites.places, asked, ("sites", "places")))
    guns, whole = settings.air_defence.batteries, ("air_defence", "batteries")
    defences.batteries.update(_asked(guns, defences.batteries, asked, whole))
    timeline = _timeline(settings.timeline, origin)
    changes = {"timeline": timeline, "sites": sites, "air_defence": defences}
    return settings.model_copy(update=changes)


def _asked(
    given: Mapping[str, Entry],
    known: Mapping[str, Entry],
    asked: Sequence[str],
    whole: tuple[str, str],
) -> dict[str, Entry]:
    """The known entries of a group's part, with the days that overrides name: each for itself,
    or all of an entry, of the part or of the group that they set whole."""
    entries = dict(known)
    for path in (tuple(named(word).split(".")) for word in asked):
        if path in (whole, whole[:1]):
            return dict(given)
        key = path[2] if path[:2] == whole else ""
        if key in given and len(path) == 3:
            entries[key] = given[key]
        elif key in given:  # what is no day is the same in both
            told = {path[3]: getattr(given[key], path[3])}
            entries[key] = entries[key].model_copy(update=told)
    return entries


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
