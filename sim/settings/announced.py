"""A scenario as it was known at an origin: what was announced later is taken out of it.

A configuration gives dates of the whole campaign. A forecast, or a branch, may use those that
were public when it was made: marks by the day on which they became known, handovers by their
notice, the rest by the day itself.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import TypeVar

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
        asked: overrides. Sites and batteries that they choose are what the question is about,
            and stay whenever they open, close or are fielded.

    What opens or is fielded later stands at the scenario's end, which no simulation reaches.
    A handover counts as known if its notice, at the middle of what is believed of it, lies
    before the origin.
    """
    end = settings.scenario.end
    sites = _sites(settings.sites, origin, _notice(settings), end)
    defences = _defences(settings.air_defence, origin, end)
    sites.places.update(_asked(settings.sites.places, asked, "sites", "places"))
    guns = _asked(settings.air_defence.batteries, asked, "air_defence", "batteries")
    defences.batteries.update(guns)
    timeline = _timeline(settings.timeline, origin)
    changes = {"timeline": timeline, "sites": sites, "air_defence": defences}
    return settings.model_copy(update=changes)


def _asked(
    given: Mapping[str, Entry], asked: Sequence[str], group: str, part: str
) -> dict[str, Entry]:
    """The entries of a group that overrides name, or all where they choose the group."""
    if any(word.startswith(f"{group}=") for word in asked):
        return dict(given)
    named = {word.split(".")[2] for word in asked if word.startswith(f"{group}.{part}.")}
    return {key: entry for key, entry in given.items() if key in named}


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
