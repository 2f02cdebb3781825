"""The timeline: what a scenario is given, on its dates."""

from __future__ import annotations

from collections.abc import Generator
from datetime import date

import simpy

from sim.agents.agent import Agent, Entry
from sim.clock import to_days
from sim.events import Event, Journal, Kind, Origin, Side
from sim.settings.places import AirDefence, Battery, Site, Sites
from sim.settings.timeline import Mark
from sim.settings.timeline import Timeline as TimelineSettings


def entries(
    timeline: TimelineSettings, sites: Sites, defences: AirDefence, start: date
) -> list[Entry]:
    """Every given event by the time it happens: marks, openings, closures, fieldings."""
    given = [_mark(key, mark, start) for key, mark in timeline.marks.items()]
    for key, site in sites.places.items():
        if site.opened is not None:
            given.append(_turn(key, site, Kind.SITE_OPENED, site.opened, start))
        if site.closed is not None:
            given.append(_turn(key, site, Kind.SITE_CLOSED, site.closed, start))
    given += [_fielding(key, b, start) for key, b in defences.batteries.items()]
    return sorted(given, key=lambda entry: (entry.event.time, entry.event.id))


def _mark(key: str, mark: Mark, start: date) -> Entry:
    known, time = to_days(mark.known_from, start), to_days(mark.day, start)
    event = Event(
        id=f"T:{key}",
        time=time,
        kind=Kind(mark.kind),
        subtype=mark.subtype,
        side=None if mark.side is None else Side(mark.side),
        known_from=known,
        due=None if mark.until is None else to_days(mark.until, start),
        precision="day",
        text=mark.text,
        sources=mark.source,
        origin=Origin.TIMELINE,
    )
    of = None if mark.of is None else Kind(mark.of)
    if of is not None:  # what it recalls may be of that very day
        known = min(known + 1.0, time)
    return Entry(known if event.kind is Kind.CALENDAR_MARK else time, event, of)


def _turn(key: str, site: Site, kind: Kind, day: date, start: date) -> Entry:
    """The opening or closing of a site."""
    time = to_days(day, start)
    event = Event(
        id=f"T:{key}_{kind.removeprefix('site_')}",
        time=time,
        kind=kind,
        side=Side.US,
        site=key,
        site_class=site.site_class,
        region=site.region,
        known_from=time,
        precision="day",
        sources=site.source,
        origin=Origin.TIMELINE,
    )
    return Entry(time, event)


def _fielding(key: str, battery: Battery, start: date) -> Entry:
    time = to_days(battery.fielded, start) if battery.fielded else 0.0
    event = Event(
        id=f"T:{key}_fielded",
        time=time,
        kind=Kind.DEFENCE_FIELDED,
        subtype=battery.against,
        side=Side.US,
        actor=key,
        site=battery.site,
        known_from=time,
        precision="day",
        sources=battery.source,
        origin=Origin.TIMELINE,
    )
    return Entry(time, event)


class Timeline(Agent):
    """Announces each given event when it becomes known and writes it when it happens."""

    rank = 1

    def __init__(self, given: list[Entry], journal: Journal, end: float) -> None:
        self.journal = journal
        self.given = given
        self.end = end
        self.first: dict[Kind, float] = {}  # when each kind that a mark recalls first happened
        self.observes = tuple(sorted({entry.of for entry in given if entry.of is not None}))

    def observe(self, event: Event) -> None:
        self.first.setdefault(event.kind, event.time)

    def told(self, now: float) -> list[Entry]:
        """What was known before `now`, whether it has happened yet or not; `in_order` leaves
        out what recalls events that a past has not."""
        return [entry for entry in self.given if entry.known < now]

    def start(self, env: simpy.Environment) -> None:
        super().start(env)
        early = [e for e in self.given if env.now <= e.known < e.event.time]
        env.process(self.announce(sorted(early, key=lambda entry: entry.known)))
        env.process(self.happen())

    def announce(self, early: list[Entry]) -> Generator[simpy.Event]:
        """Tell agents of a future mark on the day on which it becomes known."""
        for entry in early:
            yield self.env.timeout(entry.known - self.env.now)
            if entry.has_cause(self.first):
                self.journal.announce(entry.event)

    def happen(self) -> Generator[simpy.Event]:
        """Put each given event on the journal on its day."""
        for entry in self.given:
            event = entry.event
            if event.time < self.env.now:
                continue
            if event.time >= self.end:
                return
            yield self.env.timeout(event.time - self.env.now)
            if not entry.has_cause(self.first):
                continue
            if entry.known < event.time:
                self.journal.write(event)
            else:
                self.journal.post(event)
