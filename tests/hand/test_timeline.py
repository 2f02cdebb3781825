"""Hand: dates and days, what is given on them, and what is reported when."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from functools import cache
from math import e

import pytest
import simpy

from sim import record
from sim.agents.militia import Militia
from sim.agents.timeline import Entry, Timeline, entries
from sim.campaign import Campaign, drawn, in_order, simulate, untimely
from sim.clock import NOON, to_date, to_datetime, to_days
from sim.draws import Draws
from sim.errors import InputError
from sim.events import Event, Journal, Kind, Origin, Side
from sim.history import History
from sim.replay import branch, replay
from sim.settings.compose import load
from sim.settings.sampling import Sampler
from sim.settings.scenario import Scenario, Settings

START = date(2019, 5, 1)


# -- the clock ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("moment", "days"),
    [
        (date(2019, 5, 1), 0.0),
        (date(2019, 4, 30), -1.0),
        (date(2020, 3, 1), 305.0),  # over a 29 February
        (date(2021, 1, 1), 611.0),
        (datetime(2019, 5, 2, 18), 1.75),
        (datetime(2019, 4, 30, 12), -0.5),
    ],
)
def test_days_from_the_start(moment: date, days: float) -> None:
    assert to_days(moment, START) == days


@pytest.mark.parametrize(
    ("days", "day"),
    [(0.0, date(2019, 5, 1)), (0.999, date(2019, 5, 1)), (1.0, date(2019, 5, 2)),
     (-0.001, date(2019, 4, 30)), (610.5, date(2020, 12, 31))],
)  # fmt: skip
def test_the_date_on_which_a_time_falls(days: float, day: date) -> None:
    assert to_date(days, START) == day
    assert to_datetime(days, START).date() == day


def test_moments_and_back() -> None:
    assert to_datetime(NOON, START) == datetime(2019, 5, 1, 12)
    moment = datetime(2020, 1, 3, 1, 30)
    assert to_datetime(to_days(moment, START), START) == moment


# -- the timeline ------------------------------------------------------------------------


def timeline(*given: Entry, end: float = 50.0) -> tuple[Journal, list[tuple[float, str]]]:
    """What is written, and what a listener is told and when."""
    journal, env = Journal(START), simpy.Environment()
    told: list[tuple[float, str]] = []
    kinds = (Kind.CALENDAR_MARK, Kind.SITE_CLOSED)
    journal.subscribe(kinds, lambda event: told.append((env.now, event.id)))
    Timeline(list(given), journal, end).start(env)
    env.run(until=end)
    return journal, told


def mark(name: str, day: float, known: float | None = None) -> Entry:
    event = Event(id=name, time=day, kind=Kind.CALENDAR_MARK, known_from=known)
    return Entry(day if known is None else known, event)


def test_agents_learn_of_a_mark_when_it_is_known_and_it_is_written_on_its_day() -> None:
    journal, told = timeline(mark("visit", 20.0, known=5.0))
    assert told == [(5.0, "visit")]
    assert [(event.id, event.time) for event in journal] == [("visit", 20.0)]


def test_what_was_known_before_the_start_is_not_announced_again() -> None:
    """The agents have lived through it: they know it when they start."""
    marks = [mark("a", 20.0, known=-100.0), mark("b", 30.0, known=-3.0), mark("c", 40.0, known=0.0)]
    journal, told = timeline(*marks)
    assert told == [(0.0, "c")]
    assert [event.id for event in journal] == ["a", "b", "c"]
    known = Timeline(marks, Journal(START), 50.0).told(0.0)
    assert [entry.event.id for entry in known] == ["a", "b"]


def test_what_comes_unannounced_is_told_and_written_at_once() -> None:
    journal, told = timeline(mark("a", 0.0), mark("b", 7.0))
    assert told == [(0.0, "a"), (7.0, "b")]
    assert [event.id for event in journal] == ["a", "b"]


def test_announcements_come_in_the_order_in_which_they_are_known() -> None:
    journal, told = timeline(
        mark("soon", 10.0, known=9.0), mark("later", 20.0, known=1.0), mark("last", 30.0, known=9.0)
    )
    assert told == [(1.0, "later"), (9.0, "soon"), (9.0, "last")]
    assert [event.id for event in journal] == ["soon", "later", "last"]


def test_a_mark_beyond_the_end_is_heard_of_and_never_written() -> None:
    journal, told = timeline(mark("after", 55.0, known=40.0), mark("never", 80.0, known=60.0))
    assert told == [(40.0, "after")]
    assert len(journal) == 0


ANNIVERSARY = Entry(
    10.0, Event(id="anniversary", time=20.0, kind=Kind.CALENDAR_MARK), Kind.DEPOT_BLAST
)


@pytest.mark.parametrize(
    ("blasts", "learnt"), [((), []), ((9.9,), [10.0]), ((10.1,), []), ((3.0, 12.0), [10.0])]
)
def test_an_anniversary_is_kept_only_of_what_had_happened_when_it_became_known(
    blasts: tuple[float, ...], learnt: list[float]
) -> None:
    journal, env = Journal(START), simpy.Environment()
    agent = Timeline([ANNIVERSARY], journal, 50.0)
    journal.subscribe(agent.observes, agent.observe)
    told: list[float] = []
    journal.subscribe([Kind.CALENDAR_MARK], lambda event: told.append(env.now))
    agent.start(env)
    for time in blasts:
        env.run(until=time)
        journal.post(Event(id=f"b{time}", time=time, kind=Kind.DEPOT_BLAST))
    env.run(until=50.0)
    assert told == learnt
    assert len(journal.where(Kind.CALENDAR_MARK)) == len(learnt)


def test_what_was_known_by_the_start_is_given_whatever_it_recalls():
    event = Event(id="m", time=90.0, kind=Kind.CALENDAR_MARK)
    early, late = (Entry(known, event, Kind.LEADERSHIP_STRIKE) for known in (0.0, 1.0))
    assert early.has_cause({})
    assert not late.has_cause({})
    assert late.has_cause({Kind.LEADERSHIP_STRIKE: 0.5})


def test_a_past_is_told_of_an_anniversary_only_if_it_has_what_that_recalls() -> None:
    blast = Event(id="b", time=9.9, kind=Kind.DEPOT_BLAST)
    assert in_order([blast], [ANNIVERSARY]) == [blast, ANNIVERSARY.event]
    late = blast.but(time=10.1)
    assert in_order([late], [ANNIVERSARY]) == [late]
    assert in_order([blast, late], [ANNIVERSARY]) == [blast, ANNIVERSARY.event, late]


def test_what_was_announced_ahead_is_lived_through_once_and_when_it_became_known() -> None:
    """A journal has it on its day; what came unannounced stays where the journal has it."""
    visit, sudden = mark("visit", 20.0, known=5.0), mark("sudden", 7.0)
    blast = Event(id="b", time=6.0, kind=Kind.DEPOT_BLAST)
    lived = [visit.event, blast, sudden.event]
    assert in_order([blast], [sudden, visit]) == lived
    assert in_order([blast, sudden.event, visit.event], [sudden, visit]) == lived


def test_of_the_time_in_which_agents_acted_only_what_is_on_the_journal_was_told() -> None:
    told = [mark(name, day) for name, day in (("a", 9.9), ("b", 10.0), ("c", 15.0), ("d", 20.0))]
    kept = untimely(told, [], since=10.0, now=20.0)
    assert [entry.event.id for entry in kept] == ["a", "d"]
    known = untimely(told, [told[1].event], since=10.0, now=20.0)
    assert [entry.event.id for entry in known] == ["a", "b", "d"]


@cache
def scenario(*overrides: str) -> Scenario:
    return drawn(Sampler(load(overrides)), Draws(1, 0))


def given(*overrides: str) -> dict[str, Entry]:
    s = scenario(*overrides)
    listed = entries(s.timeline, s.sites, s.air_defence, s.scenario.start)
    assert [entry.event.time for entry in listed] == sorted(e.event.time for e in listed)
    return {entry.event.id: entry for entry in listed}


def test_the_shipped_timeline_in_days() -> None:
    """Announced on 7 April 2020 and held on 11 June: days 342 and 407."""
    dialogue = given()["T:dialogue_first"]
    assert (dialogue.known, dialogue.event.time, dialogue.event.known_from) == (342.0, 407.0, 342.0)
    assert (dialogue.event.kind, dialogue.event.precision) == (Kind.CALENDAR_MARK, "day")
    assert dialogue.event.origin is Origin.TIMELINE
    assert given()["T:fatwa_anniversary_2019"].known == -120.0
    assert given()["T:staff_halved"].event.side is Side.US


def test_closures_and_fieldings_are_given_on_their_dates() -> None:
    closed, guns = given()["T:taji_closed"], given()["T:taji_guns_fielded"]
    assert (closed.known, closed.event.time) == (480.0, 480.0)  # 23 August 2020
    assert (closed.event.site, closed.event.site_class) == ("taji", "training_base")
    assert (guns.event.time, guns.event.subtype) == (343.0, "rockets")  # 8 April 2020
    assert (guns.event.actor, guns.event.site) == ("taji_guns", "taji")


def test_a_battery_without_a_date_stands_from_the_start() -> None:
    early = given("air_defence.batteries.taji_guns.fielded=null")["T:taji_guns_fielded"]
    assert (early.known, early.event.time) == (0.0, 0.0)


def test_what_lies_before_the_start_is_lived_through_and_not_written() -> None:
    """Closed before the first day: never hit, and no event of this journal."""
    overrides = (
        "militia.base_rate=1",
        "scenario.end=2019-07-01",
        "sites.places.taji.closed=2019-04-01",
    )
    journal = simulate(Sampler(load(overrides)), 1, 0)
    assert not [event for event in journal if event.site == "taji"]
    draws = Draws(1, 0)
    campaign = Campaign(drawn(Sampler(load(overrides)), draws), draws)
    assert "T:taji_closed" in [entry.event.id for entry in campaign.timeline.told(0.0)]
    campaign.live_through()
    assert [event.id for event in campaign.past] == ["T:taji_closed"]


def test_of_every_event_all_have_observed_before_anybody_reacts(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Else an answer would rest on what some agent had not heard of yet."""
    draws, calls = Draws(1, 0), list[str]()
    scene = scenario("ablation=nothing_off")
    for agent in {type(agent) for agent in Campaign(scene, draws).agents}:
        for way in ("observe", "react"):
            monkeypatch.setattr(agent, way, lambda _, event, way=way: calls.append(way))
    journal, both = Campaign(scene, Draws(1, 0)).journal, 0
    for kind in Kind:
        calls.clear()
        journal.post(Event(id=kind, time=0.0, kind=kind))
        assert calls == sorted(calls)
        both += len(set(calls)) > 1
    assert both > 3


NO_LEADERS = ("retaliation=no_leaders", "scenario.end=2021-03-01")
STRIKE_ANNIVERSARY = "T:leadership_strike_anniversary"


def test_no_leaders_struck_no_anniversary_of_it() -> None:
    """Neither on the journal nor in the tempo: the same future as without the mark."""
    given = ["militia.base_rate=0.3", *NO_LEADERS]
    without = [*given, "~timeline.marks.leadership_strike_anniversary"]
    for number in range(3):
        journal = simulate(Sampler(load(given)), 1, number, told=False)
        assert STRIKE_ANNIVERSARY not in [event.id for event in journal]
        assert journal == simulate(Sampler(load(without)), 1, number, told=False)


@pytest.mark.parametrize(("cut", "kept"), [(230.0, False), (247.0, False), (260.0, True)])
def test_after_the_recorded_strike_its_anniversary_is_kept(cut: float, kept: bool) -> None:
    """3 January 2020 is day 247; what comes after that cut strikes no leaders."""
    told = record.read()
    made = branch(Sampler(load(NO_LEADERS)), 1, 0, History(told, told.start, cut)).journal
    assert (STRIKE_ANNIVERSARY in [event.id for event in made]) is kept


MOVED = [
    "militia.base_rate=0.3",
    "militia.excitation=0",
    "militia.drivers.calendar.size=2",
    "militia.drivers.withdrawal.size=2",
    "convoys.rate=0.01",
]


@pytest.mark.parametrize("name", sorted(load([]).timeline.marks))
def test_every_mark_that_ships_is_felt_within_the_campaign(name: str) -> None:
    given = load(MOVED)
    rest = {key: mark for key, mark in given.timeline.marks.items() if key != name}
    without = given.model_copy(
        update={"timeline": given.timeline.model_copy(update={"marks": rest})}
    )

    def launches(settings: Settings) -> list[str]:
        runs = (simulate(Sampler(settings), 1, number, told=False) for number in range(3))
        return [launch.id for run in runs for launch in run.where(Kind.LAUNCH)]

    assert launches(given) != launches(without)


def test_the_transition_is_felt_from_the_called_election_to_its_last_day() -> None:
    calendar = "militia.drivers.calendar={on: true, size: 1, lead_days: 2, lag_days: 1}"
    given = load(["ablation=everything_optional", calendar, "militia.excitation=0"])
    made = replay(Sampler(given), 1, 0, History(record.read(), START, 600.0))
    militia = next(agent for agent in made.agents if isinstance(agent, Militia))
    during, after = (to_days(date(2021, 1, day), START) for day in (20, 23))
    rate = militia.motives.tempo.rate
    assert rate(during) == pytest.approx(e * rate(after), rel=0.01)  # strikes fade meanwhile


@pytest.mark.parametrize(
    ("lead", "lag", "last", "days"),
    [(2, 1, None, (8, 9, 10)), (2, 0, None, (8, 9)), (0, 3, None, (10, 11, 12)),
     (1, 1, 12, (9, 10, 11, 12)), (1, 0, 12, (9, 10, 11)), (0, 2, 12, (10, 11, 12, 13))],
)  # fmt: skip
def test_which_days_the_window_of_a_mark_covers(
    lead: int, lag: int, last: int | None, days: tuple[int, ...]
) -> None:
    """A mark of day 10, 11 May 2019, which lasts until the `last` of them."""
    until = "null" if last is None else START + timedelta(days=last)
    given = load(
        [
            "ablation=everything_optional",
            "timeline=none",
            f"militia.drivers.calendar={{on: true, size: 1, lead_days: {lead}, lag_days: {lag}}}",
            f"timeline.marks={{x: {{day: 2019-05-11, until: {until}, known_from: 2019-05-01, "
            "kind: calendar_mark, text: x, source: x}}",
        ]
    )
    scenario = drawn(Sampler(given), Draws(1, 0))
    militia = next(a for a in Campaign(scenario, Draws(1, 0)).agents if isinstance(a, Militia))
    (told,) = (
        entry.event
        for entry in entries(scenario.timeline, scenario.sites, scenario.air_defence, START)
        if entry.event.kind is Kind.CALENDAR_MARK
    )
    militia.observe(told)
    rates = [militia.tempo.rate(day / 4) / scenario.militia.base_rate for day in range(4 * 20)]
    assert rates == [pytest.approx(e if quarter // 4 in days else 1.0) for quarter in range(80)]


def test_what_lasts_does_not_end_before_it_begins() -> None:
    with pytest.raises(InputError, match="lasts until 2020-11-01, before it begins"):
        load(["timeline.marks.us_transition.until=2020-11-01"])
