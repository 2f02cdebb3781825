"""The rung of each event: the first predicate from the top of the ladder that holds.

Windows count calendar days from the journal's start: "trailing 7 days" is the event's
day and the six before it, "24 h" is the same date, "unseen for 180 days" means absent
from the 179 days before it. A day-precise record has no order within a day, so every
attack of a date stands in the window of every other one of that date, and novelty
compares with earlier dates only: the order of a day's events never matters. An event
dated only to its month enters no window and gets what its own fields give; one dated
to its week stands on its nominal date.

Blank is unknown, never zero and never a reason for a higher rung: it sets `unknown`
where the answer could have raised the rung.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from math import floor
from operator import attrgetter
from typing import NamedTuple

from sim.events import Event, Journal, Kind, Side

RUNGS = (
    "quiet",
    "coercive signal",
    "attempt or interdiction",
    "convoy harassment",
    "harassing fire",
    "harassment campaign",
    "severe or novel attack",
    "fatal attack on the Coalition",
    "acknowledged limited retaliation",
    "leadership strike or mission breach",
    "state-on-state strike",
)
"""The names of rungs 0–10."""

CAMPAIGN_DAYS = 7
CAMPAIGN_ATTACKS = 3
LARGE_SALVO = 10
MANY_WOUNDED = 5
UNSEEN_DAYS = 180
FIRST_DAYS = 60
"""Novelty is off during so many first days of a journal: all is new to a new observer."""

FAMILIES = {
    "rocket": ("rocket",),
    "rocket_107mm": ("rocket",),
    "rocket_or_mortar": ("rocket", "mortar"),
}
"""Recorded weapon classes that are no class of their own.

The 107 mm rocket is the campaign's standard, so a bare `rocket` is read as one: how
finely a source coded a weapon must not look like a new weapon. `rocket_or_mortar` may
be either: it is new only where both are, and afterwards neither is. Every other class
(`rocket_122mm`, `mortar`, `drone`, `ied`, …) is a family by itself.
"""

SIDES = {Side.MILITIA: frozenset({2, 3, 4, 5, 6, 7, 9}), Side.US: frozenset({1, 8, 9})}
"""The rungs of the side-specific ladders, beside 0."""

_COUNTED = (
    "coalition_killed",
    "coalition_wounded",
    "iraqi_killed",
    "civilian_killed",
    "iraqi_wounded",
    "civilian_wounded",
    "fired",
)
_counted = attrgetter(*_COUNTED)
Counts = Sequence[int | None]
"""Values of `_COUNTED`, in that order."""


class Rung(NamedTuple):
    """An event's place on the ladder.

    `rung` uses the best value of each counted field, or its lower bound where no best
    is stated; `low` uses all lower bounds and `high` all upper ones (an open upper
    bound counts as the lower). `unknown` says that a blank or open field could have
    raised `rung`. `side` is whose ladder it stands on, `why` the predicate that held,
    `answers` the id of the nearest attack, strike or storming up a US strike's chain
    of causes, where the journal states one.
    """

    event: Event
    rung: int
    low: int
    high: int
    unknown: bool
    side: Side | None
    why: str
    answers: str | None = None

    @property
    def day(self) -> int:
        """The calendar day, counted from the journal's start."""
        return floor(self.event.time)

    @property
    def dated(self) -> bool:
        """Whether the date is known well enough to enter a window."""
        return _dated(self.event)


def rate(journal: Journal) -> list[Rung]:
    """The rung of each event that has one, by time (ties as in `Journal.in_time`).

    Kinds without a predicate, stormings without entry and airstrikes of others than the
    US have none. A storming whose entry, or an airstrike whose side, nobody stated
    stands at 0 with `unknown` set.

    >>> from datetime import date
    >>> attack = Event(id="a", time=0.5, kind=Kind.ROCKET_ATTACK, coalition_killed=1)
    >>> strike = Event(id="b", time=2.5, kind=Kind.AIRSTRIKE, side=Side.US)
    >>> journal = Journal(date(2019, 12, 27), events=[attack, strike])
    >>> [(r.rung, r.why) for r in rate(journal)]
    [(7, 'coalition killed'), (8, 'US airstrike')]
    """
    rated = [event for event in journal.events if event.kind in _RULES]
    rated.sort(key=lambda event: (event.time, event.order or 0))
    windows = _Windows(rated, journal)
    found = [_RULES[event.kind](event, windows) for event in rated]
    return [rung for rung in found if rung is not None]


def flags(journal: Journal) -> list[Event]:
    """The unattributed depot blasts, by time: flagged, on no rung.

    >>> from datetime import date
    >>> blast = Event(id="a", time=0.5, kind=Kind.DEPOT_BLAST)
    >>> [event.id for event in flags(Journal(date(2020, 7, 26), events=[blast]))]
    ['a']
    """
    return journal.in_time().where(Kind.DEPOT_BLAST)


def side(rungs: Iterable[Rung], whose: Side) -> list[Rung]:
    """The rungs of one side's ladder: militia (2–7, 9) or US (1, 8, 9).

    Foiled attacks and arrests are attempts on the militia's ladder. Militia threats and
    Iran's missiles stand on the joint ladder only.

    Raises:
        ValueError: for a side that has no ladder of its own.

    >>> side([], Side.US)
    []
    """
    if whose not in SIDES:
        ladders = " and ".join(SIDES)
        raise ValueError(f"no ladder of side {whose}: there are {ladders}, and the joint one")
    return [rung for rung in rungs if rung.side is whose and rung.rung in SIDES[whose]]


class _Windows:
    """What a journal's dated attacks say about each calendar day."""

    def __init__(self, rated: list[Event], journal: Journal) -> None:
        """`rated` is in time order; the journal is read only to follow causes."""
        attacks = [(e, floor(e.time)) for e in rated if e.kind in _ATTACKS and _dated(e)]
        self.novelty = FIRST_DAYS + (min(0, floor(rated[0].time)) if rated else 0)
        self.classes: defaultdict[int, list[str | None]] = defaultdict(list)
        for event, day in attacks:
            if event.kind is Kind.ROCKET_ATTACK:
                self.classes[day].append(event.site_class)
        self.campaigns = {day: self._campaign(day) for day in list(self.classes)}
        self.new_regions = _novelties([(e.region, day) for e, day in attacks], self.novelty)
        self.new_weapons = _novelties(_weapons(attacks), self.novelty)
        self.new_days = {day for _, day in self.new_regions | self.new_weapons}
        self._journal = journal
        self._by_id: dict[str, Event] | None = None

    def _campaign(self, day: int) -> str:
        """Which predicate makes that day's rocket attacks a campaign, or an empty string."""
        week = range(day - CAMPAIGN_DAYS + 1, day + 1)
        recent = sum([len(self.classes.get(d, ())) for d in week])
        if recent >= CAMPAIGN_ATTACKS:
            return f"{recent} rocket attacks in {CAMPAIGN_DAYS} days"
        known = len(set(self.classes[day]) - {None})
        return f"{known} target classes in a day" if known >= 2 else ""

    def novel(self, event: Event, day: int) -> str:
        """Which of weapon class and region is new on that day, or an empty string."""
        if day not in self.new_days:
            return ""
        weapon = event.weapon_class
        if weapon is not None:
            families = FAMILIES.get(weapon, (weapon,))
            if all((family, day) in self.new_weapons for family in families):
                return "novel weapon class"
        return "novel region" if (event.region, day) in self.new_regions else ""

    def provocation(self, event: Event) -> str | None:
        """The nearest attack, strike or storming up the chain of causes, if it is there."""
        if self._by_id is None:
            self._by_id = {e.id: e for e in self._journal.events}
        seen = {event.id}
        cause = self._by_id.get(event.cause or "")
        while cause is not None and cause.id not in seen and cause.kind not in _PROVOCATIONS:
            seen.add(cause.id)
            cause = self._by_id.get(cause.cause or "")
        return None if cause is None or cause.id in seen else cause.id


def _dated(event: Event) -> bool:
    return event.precision != "month"


def _weapons(attacks: Iterable[tuple[Event, int]]) -> Iterator[tuple[str | None, int]]:
    for event, day in attacks:
        weapon = event.weapon_class
        for family in FAMILIES.get(weapon or "", (weapon,)):
            yield family, day


def _novelties(sightings: Iterable[tuple[str | None, int]], since: int) -> set[tuple[str, int]]:
    """The sightings from day `since` on of what was unseen; `sightings` come by day."""
    last: dict[str | None, int] = {}
    new = set()
    for name, day in sightings:
        if name is None:
            continue
        before = last.get(name)
        if day >= since and (before is None or day - before >= UNSEEN_DAYS):
            new.add((name, day))
        last[name] = day
    return new


def _attack(event: Event, windows: _Windows) -> Rung:
    base, base_why = _circumstance(event, windows)
    tops = counts = _counted(event)
    harm, why = _harm(counts)
    low = high = harm
    if event.ranges is not None:
        lows, bests, highs = zip(*[_ends(event, name) for name in _COUNTED], strict=True)
        tops = tuple([_top(event, name) for name in _COUNTED])
        harm, why = _harm(bests)
        low, high = _harm(lows)[0], _harm(highs)[0]
    rung = max(base, harm)
    unknown = rung < 7 and _could_be_higher(event, rung, tops, windows)
    why = why if harm >= base else base_why
    return Rung(event, rung, max(base, low), max(base, high), unknown, Side.MILITIA, why)


def _harm(counts: Counts) -> tuple[int, str]:
    """The rung that casualties and rounds alone give (0: none), and why."""
    killed, wounded, iraqi, civilian, iraqi_hurt, civilian_hurt, rounds = counts
    if killed:
        return 7, "coalition killed"
    if wounded:
        return 6, "coalition wounded"
    if iraqi or civilian:
        return 6, "Iraqi or civilian killed"
    if (iraqi_hurt or 0) + (civilian_hurt or 0) >= MANY_WOUNDED:
        return 6, f"{MANY_WOUNDED} or more Iraqis or civilians wounded"
    return (6, f"{LARGE_SALVO} or more rounds") if (rounds or 0) >= LARGE_SALVO else (0, "")


def _ends(event: Event, quantity: str) -> tuple[int, int, int]:
    """(low, best, high), widened to hold the best value; unknown ends are the least."""
    best: int | None = getattr(event, quantity)
    low, high = event.bounds(quantity) or (None, None)
    low = low or 0
    best = low if best is None else best
    return min(low, best), best, max(low, best, high or 0)


def _top(event: Event, quantity: str) -> int | None:
    """The most that a count can be; ``None`` where nobody stated it."""
    bounds = event.bounds(quantity)
    return None if bounds is None else bounds[1]


def _circumstance(event: Event, windows: _Windows) -> tuple[int, str]:
    """The rung that place, weapon and company give, whatever the harm."""
    rocket = event.kind is Kind.ROCKET_ATTACK
    if event.inside_compound:
        return 6, "inside the compound"
    if _dated(event):
        day = floor(event.time)
        if novel := windows.novel(event, day):
            return 6, novel
        if rocket and (campaign := windows.campaigns[day]):
            return 5, campaign
    return (4, "rocket attack") if rocket else (3, "convoy attack")


def _could_be_higher(event: Event, rung: int, tops: Counts, windows: _Windows) -> bool:
    """Whether a blank or open field that bears on this attack could have raised its rung."""
    if tops[0] is None or rung >= 6:
        return tops[0] is None
    if None in tops[:-1]:
        return True
    if event.kind is Kind.ROCKET_ATTACK and (
        tops[-1] is None or _blank_place(event, rung, windows)
    ):
        return True
    blurred = event.weapon_class is None or event.region is None
    return blurred and _dated(event) and event.time >= windows.novelty


def _blank_place(event: Event, rung: int, windows: _Windows) -> bool:
    """Whether a blank compound flag or target class bears on a rocket attack.

    Only a mission has a compound; a blank class matters beside another attack that day.
    """
    if event.inside_compound is None and event.site_class in ("embassy_zone", None):
        return True
    if rung >= 5 or not _dated(event):
        return False
    classes = windows.classes[floor(event.time)]
    return len(classes) >= 2 and None in classes


def _certain(event: Event, rung: int, whose: Side | None, why: str) -> Rung:
    return Rung(event, rung, rung, rung, False, whose, why)


def _blank(event: Event, whose: Side | None, why: str) -> Rung:
    return Rung(event, 0, 0, 0, True, whose, why)


def _airstrike(event: Event, windows: _Windows) -> Rung | None:
    if event.side is None:
        return _blank(event, None, "airstrike, side not stated")
    return _strike(event, windows, 8, "US airstrike") if event.side is Side.US else None


def _strike(event: Event, windows: _Windows, rung: int, why: str) -> Rung:
    answers = None if event.cause is None else windows.provocation(event)
    return Rung(event, rung, rung, rung, False, Side.US, why, answers)


def _storming(event: Event, _: _Windows) -> Rung | None:
    if event.entry is None:
        return _blank(event, Side.MILITIA, "embassy stormed, entry not stated")
    return _certain(event, 9, Side.MILITIA, "mission entered") if event.entry else None


def _posture(event: Event, _: _Windows) -> Rung | None:
    drawdown = event.subtype == "staff_drawdown"
    return _certain(event, 1, Side.US, "staff drawdown") if drawdown else None


_ATTACKS = frozenset({Kind.ROCKET_ATTACK, Kind.CONVOY_ATTACK})
_PROVOCATIONS = _ATTACKS | {
    Kind.AIRSTRIKE,
    Kind.LEADERSHIP_STRIKE,
    Kind.STATE_MISSILE_STRIKE,
    Kind.EMBASSY_STORMING,
}
_RULES: dict[Kind, Callable[[Event, _Windows], Rung | None]] = {
    Kind.STATE_MISSILE_STRIKE: lambda e, _: _certain(e, 10, Side.IRAN, "state missile strike"),
    Kind.LEADERSHIP_STRIKE: lambda e, windows: _strike(e, windows, 9, "leadership strike"),
    Kind.EMBASSY_STORMING: _storming,
    Kind.AIRSTRIKE: _airstrike,
    Kind.ROCKET_ATTACK: _attack,
    Kind.CONVOY_ATTACK: _attack,
    Kind.FOILED_ATTACK: lambda e, _: _certain(e, 2, Side.MILITIA, "foiled attack"),
    Kind.ARREST: lambda e, _: _certain(e, 2, Side.MILITIA, "arrest"),
    Kind.THREAT: lambda e, _: _certain(e, 1, e.side, "threat"),
    Kind.POSTURE_CHANGE: _posture,
}
