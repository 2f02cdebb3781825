"""Direction: every mechanism works the way round that it says, agent by agent.

Each agent is taken alone out of a scenario with everything on, told of events, and asked for
its state; or left to act on the same events twice, with the same random numbers, a key low and
high. Whoever turns a sign round in an agent sees a test here fail.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable, Sequence
from functools import cache
from math import exp, fsum, log
from typing import Any, NamedTuple, TypeVar

import pytest
import simpy

from sim.agents.agent import Agent
from sim.agents.air_defence import Sirens
from sim.agents.belief import Belief
from sim.agents.claims import Claims
from sim.agents.convoys import Convoys
from sim.agents.credibility import Credibility
from sim.agents.government import Government
from sim.agents.handovers import Handovers
from sim.agents.militia import Militia
from sim.agents.missiles import Missiles
from sim.agents.observers import Observers
from sim.agents.patron import Patron
from sim.agents.protests import Protests, own_dead
from sim.agents.rhetoric import Rhetoric
from sim.agents.sanctions import Sanctions
from sim.agents.sites import Sites
from sim.agents.stock import Stock
from sim.agents.storming import Storming
from sim.agents.striker import Striker
from sim.agents.trigger import grade, less_likely
from sim.agents.truce import Truce
from sim.agents.us_policy import USPolicy
from sim.agents.us_threats import USThreats
from sim.campaign import Campaign, drawn, simulate
from sim.draws import Draws
from sim.events import Event, Journal, Kind, Side
from sim.reports import ACCIDENT, DENIED, OFFICIAL
from sim.settings.compose import load
from sim.settings.sampling import Sampler
from sim.settings.scenario import Scenario

AnyAgent = TypeVar("AnyAgent", bound=Agent)
Measure = Callable[[Sequence[Event]], float]

TIMES = 60
APART = 10.0
"""Events to which an agent is left alone, and the days between two of them."""


@cache
def scenario(*overrides: str) -> Scenario:
    """A scenario with everything on, one draw of what is not set."""
    return drawn(Sampler(load(["ablation=nothing_off", *overrides])), Draws(1, 0))


def agent(kind: type[AnyAgent], *overrides: str) -> AnyAgent:
    """The agent of this kind, before anything has happened."""
    agents = Campaign(scenario(*overrides), Draws(1, 0)).agents
    return next(found for found in agents if isinstance(found, kind))


def told(who: AnyAgent, *events: Event) -> AnyAgent:
    """The same agent once it has observed what it observes of these."""
    for happened in events:
        if happened.kind in who.observes:
            who.observe(happened)
    return who


def event(kind: Kind, time: float = 0.0, **fields: Any) -> Event:
    return Event(**{"id": f"{kind}@{time}", "time": time, "kind": kind, **fields})


def many(kind: Kind, **fields: Any) -> list[Event]:
    return [event(kind, APART * (n + 1), **fields) for n in range(TIMES)]


def acts(kind: type[Agent], events: Iterable[Event], *overrides: str) -> list[Event]:
    """What an agent by itself makes of these events."""
    lone = agent(kind, *overrides)
    given = sorted(events, key=lambda one: one.time)
    lone.journal = journal = Journal(scenario().scenario.start)
    env = simpy.Environment()
    journal.subscribe(lone.observes, lone.observe, 0)
    journal.subscribe(lone.reacts, lone.react, 1)
    lone.start(env)

    def happen() -> Generator[simpy.Event]:
        for one in given:
            yield env.timeout(one.time - env.now)
            journal.post(one)

    env.process(happen())
    env.run(until=float(scenario().days))
    journal.close()
    names = {one.id for one in given}
    return [found for found in journal if found.id not in names]


def count(kind: Kind, **fields: Any) -> Measure:
    """How many events are of a kind and say this."""
    return lambda events: sum(
        found.kind is kind and all(getattr(found, name) == said for name, said in fields.items())
        for found in events
    )


# -- chances: a more probable act is done more often ---------------------------------------

US, IRAN, MILITIA = {"side": Side.US}, {"side": Side.IRAN}, {"side": Side.MILITIA}
HELD = {**MILITIA, "actor": "badr"}
AT_ONCE = (
    "retaliation.needed=0",
    "retaliation.strike.lag_median_days=1",
    "retaliation.strike.lag_sigma=0.1",
    "retaliation.probability={killed: 0, wounded: 0, compound: 0, none: 0}",
)
ANSWERED = (
    *AT_ONCE,
    "retaliation.probability.wounded=1",
    "retaliation.strike.leadership_share=0",
)
ABLE = (
    "government.capacity=1",
    "government.arrests.rate=0",
    "government.arrests.intimidation_probability=0",
)
DECIDED = (*ABLE, "government.arrests.hold_days=1")
ROCKETS = {"fired": 12, "impacted": 4, "site_class": "embassy_zone", "site": "embassy"}
OFFICIALS = ("observers.delay_sigma=0.1", "observers.rocket_detection=1", "observers.holes=[]")
REOPENED = [
    one.but(id=f"open:{one.id}", time=one.time + 0.9 * APART)
    for one in many(Kind.SITE_OPENED, site="embassy")
]
"""A closed embassy opens again before the next attack."""
PRESSED = ("threats.closure.rule=pressure", "threats.closure.attacks=1")


class Chance(NamedTuple):
    """A probability: whose, the events that call on it, what is done, and what else is set."""

    who: type[Agent]
    events: list[Event]
    done: Measure
    given: tuple[str, ...] = ()


STRIKE = many(Kind.AIRSTRIKE, **US, militia_killed=20, iraqi_killed=1)
LEADERS = many(Kind.LEADERSHIP_STRIKE, **US, militia_killed=5)
WOUNDING = many(Kind.ROCKET_ATTACK, coalition_wounded=1, brand="nobody", **ROCKETS)
HARMLESS = many(Kind.ROCKET_ATTACK, brand="nobody", **ROCKETS)
CHANCES: dict[str, Chance] = {
    "government.arrests.after_foiled": Chance(
        Government, many(Kind.FOILED_ATTACK, **HELD), count(Kind.ARREST), ABLE
    ),
    "government.arrests.release_probability": Chance(
        Government,
        many(Kind.ARREST, **HELD),
        count(Kind.RELEASE),
        (*DECIDED, "government.arrests.salaried_cover=0"),
    ),
    "government.arrests.salaried_cover": Chance(
        Government,
        many(Kind.ARREST, **HELD),
        count(Kind.RELEASE),
        (
            *DECIDED,
            "government.arrests.release_probability=0",
            "militia.cells.badr.salaried=1",
        ),
    ),
    "government.arrests.intimidation_probability": Chance(
        Government,
        many(Kind.ARREST, **HELD),
        count(Kind.INTIMIDATION),
        (*DECIDED, "government.arrests.release_probability=1"),
    ),
    "government.protests.probability": Chance(Protests, STRIKE, count(Kind.PROTEST)),
    "government.protests.vote_probability": Chance(
        Protests,
        LEADERS,
        count(Kind.PROTEST, subtype="parliament_vote"),
        ("government.protests.vote_days=1",),
    ),
    "government.protests.salaried_weight": Chance(
        Protests,
        many(Kind.AIRSTRIKE, **US, militia_killed=1, iraqi_killed=0),
        count(Kind.PROTEST),
        ("government.protests.probability=1",),
    ),
    "sanctions.after_fatal": Chance(
        Sanctions,
        many(Kind.ROCKET_ATTACK, coalition_killed=1),
        count(Kind.DESIGNATION),
        ("sanctions.rate=0",),
    ),
    "rhetoric.after_strike": Chance(
        Rhetoric,
        STRIKE,
        count(Kind.STATEMENT),
        ("rhetoric.rate=0", "rhetoric.ultimatum_share=0"),
    ),
    "rhetoric.ultimatum_share": Chance(
        Rhetoric,
        STRIKE,
        count(Kind.THREAT, subtype="ultimatum"),
        ("rhetoric.rate=0", "rhetoric.after_strike=1"),
    ),
    "storming.probability": Chance(
        Storming, STRIKE, count(Kind.EMBASSY_STORMING), ("storming.killed=10",)
    ),
    "storming.entry_share": Chance(
        Storming,
        STRIKE,
        count(Kind.EMBASSY_STORMING, entry=True),
        ("storming.killed=10", "storming.probability=1"),
    ),
    "patron.encourage_probability": Chance(
        Patron,
        many(Kind.CALENDAR_MARK, subtype="dialogue"),
        count(Kind.PATRON_SIGNAL, subtype="encourage"),
    ),
    "patron.restrain_probability": Chance(
        Patron, STRIKE, count(Kind.PATRON_SIGNAL, subtype="restrain")
    ),
    "patron.missiles.probability": Chance(
        Patron, LEADERS, count(Kind.DECISION, subtype="state_missile_strike")
    ),
    "threats.warning_probability": Chance(
        USThreats,
        WOUNDING,
        count(Kind.THREAT, subtype="warning"),
        ("threats.closure.rule=never", "threats.deadline_days=5"),
    ),
    "threats.closure.execution": Chance(
        USThreats,
        [*HARMLESS, *REOPENED],
        count(Kind.SITE_CLOSED),
        (*PRESSED, "threats.closure.lag_days=0", "threats.deadline_days=15"),
    ),
    "retaliation.probability.wounded": Chance(USPolicy, WOUNDING, count(Kind.AIRSTRIKE), ANSWERED),
    "retaliation.attempt": Chance(
        USPolicy, many(Kind.FOILED_ATTACK, **HELD), count(Kind.DECISION), ANSWERED
    ),
    "retaliation.after_storming": Chance(
        USPolicy, many(Kind.EMBASSY_STORMING), count(Kind.LEADERSHIP_STRIKE), AT_ONCE
    ),
    "retaliation.strike.leadership_share": Chance(
        USPolicy, WOUNDING, count(Kind.LEADERSHIP_STRIKE), ANSWERED
    ),
    "retaliation.strike.covert_share": Chance(
        USPolicy, WOUNDING, count(Kind.DEPOT_BLAST), ANSWERED
    ),
    "retaliation.count.probability": Chance(
        USPolicy,
        HARMLESS,
        count(Kind.DECISION),
        (*AT_ONCE, "retaliation.count.on=true", "retaliation.count.attacks=1"),
    ),
    "observers.officials.share": Chance(
        Observers, HARMLESS, count(Kind.REPORT, source=OFFICIAL), OFFICIALS
    ),
    "observers.officials.retracted_share": Chance(
        Observers,
        [*HARMLESS, *many(Kind.DEPOT_BLAST)],
        count(Kind.CORRECTION, subtype="retracted"),
        (*OFFICIALS, "observers.officials.share=1"),
    ),
}  # fmt: skip


def did(key: str, value: float, chance: Chance) -> float:
    return chance.done(acts(chance.who, chance.events, *chance.given, f"{key}={value}"))


@pytest.mark.parametrize("key", CHANCES)
def test_what_is_more_probable_is_done_more_often(key: str) -> None:
    """Never, seldom, often: each draw that lets it happen lets it happen again."""
    never, low, high = (did(key, value, CHANCES[key]) for value in (0.0, 0.2, 0.8))
    assert never == 0
    assert 0 < low < 0.6 * high


# -- delays: what takes longer comes later -------------------------------------------------


class Delay(NamedTuple):
    """A time in days or hours: whose, the events that start it, what ends it (with its coming or
    with the day for which it is due), and what else is set."""

    who: type[Agent]
    events: list[Event]
    ends: Kind
    given: tuple[str, ...] = ()
    when: str = "time"


DELAYS: dict[str, Delay] = {
    "government.arrests.hold_days": Delay(
        Government,
        many(Kind.FOILED_ATTACK, **HELD),
        Kind.RELEASE,
        (*ABLE, "government.arrests.after_foiled=1", "government.arrests.release_probability=1"),
    ),
    "government.protests.vote_days": Delay(
        Protests,
        LEADERS,
        Kind.PROTEST,
        ("government.protests.vote_probability=1", "government.protests.probability=0"),
    ),
    "storming.lag_median_days": Delay(
        Storming, STRIKE, Kind.EMBASSY_STORMING, ("storming.probability=1", "storming.killed=10")
    ),
    "threats.deadline_days": Delay(
        USThreats,
        WOUNDING,
        Kind.THREAT,
        ("threats.closure.rule=never", "threats.warning_probability=1"),
        "due",
    ),
    "threats.closure.lag_days": Delay(
        USThreats, HARMLESS, Kind.THREAT, (*PRESSED, "threats.deadline_days=1")
    ),
    "rhetoric.deadline_days": Delay(
        Rhetoric,
        STRIKE,
        Kind.THREAT,
        ("rhetoric.rate=0", "rhetoric.after_strike=1", "rhetoric.ultimatum_share=1"),
        "due",
    ),
    "patron.missiles.lag_median_days": Delay(
        Patron, LEADERS, Kind.DECISION, ("patron.missiles.probability=1",), "due"
    ),
    "claims.delay_median_hours": Delay(
        Claims, many(Kind.ROCKET_ATTACK, brand="a front"), Kind.CLAIM, ("claims.false_rate=0",)
    ),
    "retaliation.strike.lag_median_days": Delay(
        USPolicy, WOUNDING, Kind.AIRSTRIKE, (*ANSWERED, "retaliation.probability.wounded=1")
    ),
    "retaliation.grades.warning_days": Delay(
        USPolicy,
        WOUNDING,
        Kind.THREAT,
        (
            *ANSWERED,
            "retaliation.strike.lag_median_days=0.01",
            "retaliation.grades.on=true",
            "retaliation.grades.warnings=100",
        ),
        "due",
    ),
    "observers.officials.delay_median_hours": Delay(
        Observers,
        HARMLESS,
        Kind.REPORT,
        (*OFFICIALS, "observers.officials.share=1", "observers.delay_median_hours=0.1"),
    ),
    "observers.officials.final_median_days": Delay(
        Observers,
        HARMLESS,
        Kind.CORRECTION,
        (
            *OFFICIALS,
            "observers.officials.share=1",
            "observers.officials.retracted_share=1",
            "observers.officials.delay_median_hours=0.1",
        ),
    ),
}


def lasts(delay: Delay, *overrides: str) -> float:
    """Mean days from an event to what it leads to, by whatever way."""
    found = acts(delay.who, delay.events, *delay.given, *overrides)
    causes = {one.id: one for one in (*found, *delay.events)}

    def began(one: Event) -> float:
        return began(causes[one.cause]) if one.cause in causes else one.time

    waits = [getattr(one, delay.when) - began(one) for one in found if one.kind is delay.ends]
    assert len(waits) > 30
    return fsum(waits) / len(waits)


@pytest.mark.parametrize("key", DELAYS)
def test_what_takes_longer_comes_later(key: str) -> None:
    short, long = (lasts(DELAYS[key], f"{key}={value}") for value in (2.0, 5.0))
    assert short < 0.7 * long


@pytest.mark.parametrize(
    ("key", "events"),
    [
        ("government.arrests.hold_days", many(Kind.ARREST, **HELD)),  # with no day set
        ("observers.officials.final_median_days", many(Kind.DEPOT_BLAST)),
    ],
)
def test_what_takes_longer_comes_later_by_the_other_way_too(key: str, events: list[Event]) -> None:
    delay = DELAYS[key]._replace(events=events)
    short, long = (lasts(delay, f"{key}={value}") for value in (2.0, 5.0))
    assert short < 0.7 * long


# -- the government ------------------------------------------------------------------------

STATE = ("government.arrests.rate=0.1", "government.will=1", "government.capacity=1")
CLOSURE = event(Kind.THREAT, 5.0, **US, subtype="closure", due=20.0)
WARNING = event(Kind.THREAT, 5.0, **US, subtype="warning", due=20.0)


def arrests(time: float, *happened: Event, settings: Sequence[str] = ()) -> float:
    """Arrests a day after these events, against those of a state at its full will and reach."""
    return told(agent(Government, *STATE, *settings), *happened).rate(time) / 0.1


def test_a_closure_threat_raises_arrests_while_it_stands() -> None:
    pressed = ("government.arrests.pressure=1.5",)
    assert arrests(10.0, CLOSURE, settings=pressed) == pytest.approx(exp(1.5))
    assert arrests(20.0, CLOSURE, settings=pressed) == 1.0
    assert arrests(10.0, WARNING, settings=pressed) == 1.0


def test_a_shorter_closure_threat_leaves_a_longer_one_standing() -> None:
    pressed = ("government.arrests.pressure=1.5",)
    shorter = CLOSURE.but(id="shorter", time=6.0, due=8.0)
    assert arrests(10.0, CLOSURE, shorter, settings=pressed) == pytest.approx(exp(1.5))


def test_a_grudge_over_a_strike_lowers_arrests_and_fades() -> None:
    bitter = ("government.protests.cost=0.8", "government.protests.memory_days=10")
    protest = event(Kind.PROTEST, 5.0)
    assert arrests(5.0, protest, settings=bitter) == pytest.approx(exp(-0.8))
    assert arrests(15.0, protest, settings=bitter) == pytest.approx(exp(-0.4))


def test_intimidation_lowers_arrests_and_fades() -> None:
    afraid = ("government.arrests.fear=1.2", "government.arrests.fear_half_life_days=30")
    burned = event(Kind.INTIMIDATION, 5.0)
    assert arrests(5.0, burned, settings=afraid) == pytest.approx(exp(-1.2))
    assert arrests(35.0, burned, settings=afraid) == pytest.approx(exp(-0.6))


@pytest.mark.parametrize("key", ["will", "capacity"])
def test_arrests_follow_will_and_capacity(key: str) -> None:
    assert arrests(5.0, settings=(f"government.{key}=0.2",)) == pytest.approx(0.2)


# -- protests ------------------------------------------------------------------------------


def test_salaried_dead_count_for_a_protest_as_far_as_they_are_the_state_s_own() -> None:
    strike = event(Kind.AIRSTRIKE, **US, militia_killed=4, iraqi_killed=2)
    assert [own_dead(strike, salaried) for salaried in (0.0, 0.25, 1.0)] == [2.0, 3.0, 6.0]
    assert own_dead(event(Kind.AIRSTRIKE, **US), 1.0) == 0.0


@pytest.mark.parametrize("salaried", [0.5, 1.0])
def test_the_more_are_salaried_the_more_dead_are_the_state_s_own(salaried: float) -> None:
    paid = [f"militia.cells.{cell}.salaried={salaried}" for cell in CELLS]
    weighed = agent(Protests, "government.protests.salaried_weight=0.6", *paid)
    assert weighed.salaried == pytest.approx(0.6 * salaried)


# -- sites and sirens ----------------------------------------------------------------------


def test_false_alarms_wear_a_siren_out_and_are_forgotten() -> None:
    worn = ("shelter=0.8", "complacency=0.25", "complacency_days=10")
    sites = agent(Sites, *(f"air_defence.{number}" for number in worn))
    assert sites.sheltered(5.0) == pytest.approx(0.8)
    told(sites, event(Kind.SIREN, 5.0, cause="L1"))
    assert sites.sheltered(5.0) == pytest.approx(0.8)  # an attack did come
    told(sites, event(Kind.SIREN, 5.0), event(Kind.SIREN, 5.0))
    assert sites.sheltered(5.0) == pytest.approx(0.8 * 0.75**2)
    assert sites.sheltered(15.0) == pytest.approx(0.8 * 0.75)


def test_staff_who_leave_are_out_of_harm_s_way() -> None:
    leaves = event(Kind.POSTURE_CHANGE, 5.0, **US, subtype="staff_drawdown")
    sites = told(agent(Sites, "drawdown.staff_share=0.4"), leaves)
    assert sites.staffed == pytest.approx(0.6)
    assert told(sites, leaves).staffed == pytest.approx(0.36)


def test_sirens_cry_wolf_at_their_rate_and_at_open_sites_only() -> None:
    rare, often = (acts(Sirens, [], f"air_defence.false_alarms={rate}") for rate in (0.005, 0.05))
    assert 0 < len(rare) < 0.3 * len(often)
    sirens = scenario().air_defence.sirens
    closed = [event(Kind.SITE_CLOSED, 100.0, id=site, site=site) for site in sirens]
    early = acts(Sirens, closed, "air_defence.false_alarms=0.05")
    assert early == [alarm for alarm in often if alarm.time < 100.0]


# -- protests ------------------------------------------------------------------------------


def votes(*overrides: str, **dead: int | None) -> int:
    """How many of sixty strikes on leaders the parliament votes after, where it may."""
    strikes = many(Kind.LEADERSHIP_STRIKE, **US, **dead)
    sure = ("government.protests.vote_probability=1", "government.protests.vote_days=1")
    voted = acts(Protests, strikes, *sure, *overrides)
    return count(Kind.PROTEST, subtype="parliament_vote")(voted)


def test_the_parliament_votes_after_a_strike_that_kills_its_own_or_may_have() -> None:
    """A toll that nobody gave is unknown, and not zero."""
    unpaid = "government.protests.salaried_weight=0"
    assert votes(militia_killed=0, iraqi_killed=0) == 0
    assert votes(unpaid, militia_killed=9, iraqi_killed=0) == 0
    assert votes(unpaid, militia_killed=0, iraqi_killed=1) == TIMES
    assert votes(unpaid) == votes(unpaid, militia_killed=9) == TIMES


def test_militiamen_on_the_payroll_count_towards_the_vote_as_far_as_towards_the_protest() -> None:
    dead = {"militia_killed": 1, "iraqi_killed": 0}
    paid = [f"militia.cells.{cell}.salaried=1" for cell in CELLS]
    none, some, all_ = (
        votes(*paid, f"government.protests.salaried_weight={weight}", **dead)
        for weight in (0.0, 0.5, 1.0)
    )
    assert none == 0 < some < all_ == TIMES


def test_a_strike_that_is_not_of_the_us_is_not_protested_against() -> None:
    dead = {"militia_killed": 9, "iraqi_killed": 9}
    for kind in (Kind.AIRSTRIKE, Kind.LEADERSHIP_STRIKE):
        assert acts(Protests, many(kind, side=Side.UNATTRIBUTED, **dead)) == []


# -- convoys -------------------------------------------------------------------------------


@pytest.mark.parametrize("size", [-1.5, 1.5])
def test_convoys_are_attacked_instead_of_defended_sites_or_together_with_them(size: float) -> None:
    convoys = agent(Convoys, "convoys.rate=0.5", f"convoys.substitution.size={size}")
    assert convoys.rate == 0.5
    for site in ("taji", "embassy"):
        told(convoys, event(Kind.DEFENCE_FIELDED, 1.0, subtype="rockets", site=site))
    told(convoys, event(Kind.DEFENCE_FIELDED, 1.0, subtype="state_missiles", site="balad"))
    share = 2 / len(scenario().sites.places)
    assert convoys.rate == pytest.approx(0.5 * exp(size * share))


# -- the militia's tempo -------------------------------------------------------------------

CALM = (
    "militia.base_rate=0.2",
    "militia.excitation=0",
    "patron.stance=0",
    "militia.stock.on=false",
)
CELLS = tuple(load().militia.cells)


def driver(name: str, size: float) -> tuple[str, ...]:
    """A driver of a size that halves in ten days."""
    numbers = {"on": "true", "size": size, "half_life_days": 10, "cap": 4}
    return tuple(f"militia.drivers.{name}.{key}={value}" for key, value in numbers.items())


def tempo(time: float, *happened: Event, settings: Sequence[str] = ()) -> float:
    """The tempo after these events, against that of a network to which nothing has happened."""
    return told(agent(Militia, *CALM, *settings), *happened).tempo.rate(time) / 0.2


def believed(share: float) -> str:
    return f"threats.credibility={share}"


@pytest.mark.parametrize("size", [-1.2, 1.2])
@pytest.mark.parametrize(
    ("name", "happened"),
    [
        ("arrest", event(Kind.ARREST, 5.0, **HELD)),
        ("designation", event(Kind.DESIGNATION, 5.0, **US)),
        ("rhetoric", event(Kind.STATEMENT, 5.0, **MILITIA)),
        ("rhetoric", event(Kind.THREAT, 5.0, **MILITIA, subtype="ultimatum", due=9.0)),
    ],
)
def test_an_event_moves_the_tempo_by_its_driver(name: str, happened: Event, size: float) -> None:
    moved = driver(name, size)
    assert tempo(5.0, happened, settings=moved) == pytest.approx(exp(size))
    assert tempo(15.0, happened, settings=moved) == pytest.approx(exp(size / 2))


@pytest.mark.parametrize("kind", [Kind.AIRSTRIKE, Kind.LEADERSHIP_STRIKE, Kind.DEPOT_BLAST])
def test_a_blow_asks_for_a_reply(kind: Kind) -> None:
    alone = ("militia.drivers.deterrence.on=false", "militia.drivers.backlash.on=false")
    wanted = (*driver("reply", 1.2), *alone)
    assert tempo(5.0, event(kind, 5.0, **US), settings=wanted) == pytest.approx(exp(1.2))


@pytest.mark.parametrize("share", [0.0, 0.3, 1.0])
def test_a_threat_and_a_withdrawal_are_felt_as_far_as_they_are_believed(share: float) -> None:
    leaves = event(Kind.POSTURE_CHANGE, 5.0, **US, subtype="staff_drawdown")
    for name, happened in (("threat", WARNING), ("withdrawal", leaves)):
        felt = (*driver(name, -1.5), believed(share), "militia.belief.on=false")
        assert tempo(5.0, happened, settings=felt) == pytest.approx(exp(-1.5 * share))


@pytest.mark.parametrize("probing", [-1.0, 1.0])
def test_fire_below_a_red_line_for_as_long_as_it_stands(probing: float) -> None:
    drawn_at = (
        *driver("threat", 0.0),
        believed(0.8),
        "militia.belief.red_line=0.5",
        f"militia.belief.probing={probing}",
    )
    assert tempo(19.9, WARNING, settings=drawn_at) == pytest.approx(exp(0.4 * probing))
    assert tempo(20.0, WARNING, settings=drawn_at) == 1.0


@pytest.mark.parametrize("credit", [-0.7, 0.7])
def test_a_base_that_will_be_left_draws_fire_until_it_is(credit: float) -> None:
    notice = event(Kind.POSTURE_CHANGE, 5.0, **US, subtype="handover", site="taji", due=20.0)
    claimed = (f"drawdown.credit={credit}",)
    assert tempo(19.9, notice, settings=claimed) == pytest.approx(exp(credit))
    assert tempo(20.0, notice, settings=claimed) == 1.0


@pytest.mark.parametrize("size", [-1.0, 1.0])
def test_an_attack_that_is_stopped_counts_as_far_as_it_was_no_message(size: float) -> None:
    """Of one whose impacts nobody told it is not known that it was stopped."""
    stopped, through, untold = (
        event(Kind.ROCKET_ATTACK, 5.0, **{**ROCKETS, "impacted": impacted})
        for impacted in (0, 1, None)
    )
    for messaging in (0.0, 0.25, 1.0):
        denied = (*driver("denial", size), f"militia.messaging={messaging}")
        left = pytest.approx(exp(size * (1.0 - messaging)))
        assert tempo(5.0, stopped, settings=denied) == left
        assert tempo(5.0, through, settings=denied) == 1.0
        assert tempo(5.0, untold, settings=denied) == 1.0


# -- the patron's hold ---------------------------------------------------------------------

OBEYED = (
    *driver("patron", 1.5),
    *(f"militia.cells.{cell}.bound=1" for cell in CELLS),
)


def word(subtype: str) -> Event:
    return event(Kind.PATRON_SIGNAL, 5.0, **IRAN, subtype=subtype)


def test_the_patron_s_word_moves_the_tempo_its_way_as_far_as_its_hold_reaches() -> None:
    def heard(subtype: str, control: float) -> float:
        held = (*OBEYED, f"patron.control_before={control}")
        return tempo(5.0, word(subtype), settings=held)

    restrained = [heard("restrain", control) for control in (0.9, 0.3)]
    encouraged = [heard("encourage", control) for control in (0.3, 0.9)]
    assert heard("encourage", 0.0) == heard("restrain", 0.0) == 1.0
    assert restrained[0] < restrained[1] < 1.0 < encouraged[0] < encouraged[1]


def test_the_patron_s_wish_moves_the_tempo_its_way_as_far_as_its_hold_reaches() -> None:
    def wished(stance: float, control: float) -> float:
        return tempo(
            1.0,
            settings=(*OBEYED, f"patron.stance={stance}", f"patron.control_before={control}"),
        )

    assert wished(-1.0, 0.9) < wished(-1.0, 0.3) < 1.0 < wished(1.0, 0.3) < wished(1.0, 0.9)
    assert wished(1.0, 0.0) == wished(-1.0, 0.0) == 1.0


@pytest.mark.parametrize("stance", [-0.5, 0.0, 0.8])
def test_the_patron_pulls_a_cell_as_hard_as_it_moves_a_network_that_follows(stance: float) -> None:
    """Wish and word alike; where its word moves no tempo, it moves no cell either."""
    wanted = (*OBEYED, f"patron.stance={stance}", "patron.control_before=0.8")

    def pull(*more: str) -> float:
        return told(agent(Militia, *wanted, *more), word("encourage")).motives.pull(7.0)

    assert pull() == pytest.approx(1.5 * 0.8 * (stance + 0.5**0.2))
    assert pull() == pytest.approx(log(tempo(7.0, word("encourage"), settings=wanted)))
    assert pull("militia.drivers.patron.size=0") == 0.0
    assert pull("militia.drivers.patron.on=false") == 0.0


@pytest.mark.parametrize(("after", "left"), [(0.1, 0.1), (0.9, 0.5)])
def test_a_strike_on_leaders_loosens_the_patron_s_hold_or_leaves_it(
    after: float, left: float
) -> None:
    militia = agent(Militia, "patron.control_before=0.5", f"patron.control_after={after}")
    held = "patron's control (share)"
    assert told(militia, event(Kind.AIRSTRIKE, 1.0, **US)).state(1.0)[held] == 0.5
    assert told(militia, event(Kind.LEADERSHIP_STRIKE, 1.0, **US)).state(1.0)[held] == left
    assert told(militia, event(Kind.LEADERSHIP_STRIKE, 2.0, **US)).state(2.0)[held] == left


def test_a_strike_on_leaders_loosens_the_standing_wish_too() -> None:
    wished = (*OBEYED, "patron.stance=-1", "patron.control_before=0.9")
    struck = event(Kind.LEADERSHIP_STRIKE, 1.0, **US)
    held, slack = (
        tempo(2.0, struck, settings=(*wished, f"patron.control_after={after}"))
        for after in (0.9, 0.1)
    )
    assert held < slack


def test_a_patron_with_full_control_binds_every_cell_whatever_it_is_bound_by_itself() -> None:
    bound = [f"militia.cells.{name}.bound=0" for name in CELLS]
    free, full = (
        agent(Militia, f"patron={patron}", *bound) for patron in ("historical", "full_control")
    )
    for militia, share in ((free, 0.0), (full, 1.0)):
        leash, cells = militia.motives.leash, militia.params.cells.values()
        assert [leash.over(cell) for cell in cells] == [share] * len(cells)
        assert leash.over_fire(cells) == share


def test_cells_that_are_bound_follow_the_patron_s_wish_and_word() -> None:
    """Of two cells of one size, one bound and one free: the bound one's part of all attacks."""
    two = (
        "ablation=everything_optional",
        "retaliation=never",
        "scenario.end=2019-09-01",
        "militia.base_rate=0.5",
        *(f"militia.cells.{cell}.share={cell in ('nujaba', 'badr'):d}" for cell in CELLS),
        "militia.cells.nujaba.bound=1",
        "militia.cells.badr.bound=0",
        "patron.on=true",
        "patron.control_before=1",
        *driver("patron", 1.5),
        "militia.drivers.patron.half_life_days=300",
        "timeline.marks.fatwa_anniversary_2019.kind=designation",
    )

    def bound(stance: int, encourage: int) -> float:
        said = (f"patron.stance={stance}", f"patron.encourage_probability={encourage}")
        found = [e for r in range(4) for e in simulate(Sampler(load([*two, *said])), 3, r)]
        return count(Kind.LAUNCH, actor="nujaba")(found) / count(Kind.LAUNCH)(found)

    restrained, left, asked, encouraged = bound(-1, 0), bound(0, 0), bound(1, 0), bound(0, 1)
    assert restrained + 0.1 < left < asked - 0.1
    assert left + 0.1 < encouraged


def test_a_reply_is_fired_as_a_message() -> None:
    """Of a network that sends next to no message otherwise."""
    stirred = (
        "ablation=everything_optional",
        "retaliation=never",
        "scenario.end=2019-09-01",
        "militia.base_rate=0.5",
        "militia.intent.message_share=0.000001",
        "striker.on=true",
        "striker.rate=0.1",
        "militia.drivers.backlash.on=false",
    )

    def messages(size: float) -> list[bool]:
        sampler = Sampler(load([*stirred, *driver("reply", size)]))
        launches = [e for r in range(3) for e in simulate(sampler, 3, r).where(Kind.LAUNCH)]
        assert [one.intent == "message" for one in launches] == [
            bool(one.cause) for one in launches
        ]
        return [one.intent == "message" for one in launches]

    assert not any(messages(0.0))
    assert 0 < sum(messages(0.5)) < 0.8 * sum(messages(2.0))


# -- signals and stock ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("signal", "field", "value"),
    [("heavy", "weapon_class", "rocket_122mm"), ("erbil", "site_class", "erbil")],
)
def test_a_grievance_makes_a_signal_likelier(signal: str, field: str, value: str) -> None:
    """Depots blow up; the grievance over them leaves the tempo where it is, for what all
    effects may add to it is none."""
    aggrieved = (
        "ablation=everything_optional",
        "scenario.end=2019-09-01",
        "militia.base_rate=1",
        "striker.on=true",
        "striker.rate=0.2",
        "militia.drivers.depot_blast_strength=1",
        *driver("backlash", 1.5),
        "militia.drivers.most=0",
        "militia.signals.on=true",
        "militia.salvo.heavy_share=0.3",
    )

    def share(size: float) -> float:
        sampler = Sampler(load([*aggrieved, f"militia.signals.{signal}={size}"]))
        found = [e for r in range(3) for e in simulate(sampler, 3, r)]
        return count(Kind.LAUNCH, **{field: value})(found) / count(Kind.LAUNCH)(found)

    less, none, more = (share(size) for size in (-2.0, 0.0, 2.0))
    assert less < 0.7 * none
    assert none < 0.7 * more


def test_without_a_grievance_there_is_nothing_to_signal() -> None:
    calm = ("scenario.end=2019-09-01", "ablation=everything_optional", "retaliation=never")

    def launches(size: float) -> list[Event]:
        signals = (f"militia.signals.{name}={size}" for name in ("heavy", "erbil"))
        told = (*calm, "militia.base_rate=1", "militia.signals.on=true", *signals)
        return simulate(Sampler(load(told)), 3, 0).where(Kind.LAUNCH)

    assert len(launches(0.0)) > 50
    assert launches(0.0) == launches(3.0)


def stock(*happened: Event, settings: Sequence[str] = ()) -> Stock:
    numbers = ("start=100", "scarce=200", "strike_loss=0.4")
    words = [f"militia.stock.{number}" for number in numbers]
    return told(agent(Militia, *words, *settings), *happened).motives.stock


@pytest.mark.parametrize(
    ("happened", "rounds"),
    [
        (event(Kind.AIRSTRIKE, **US), 60.0),
        (event(Kind.LEADERSHIP_STRIKE, **US), 60.0),
        (event(Kind.DEPOT_BLAST), 60.0),
        (event(Kind.ROCKET_ATTACK, fired=30, unfired=5, impacted=20), 70.0),
        (event(Kind.FOILED_ATTACK, fired=0, unfired=20), 80.0),
        (event(Kind.RESUPPLY, units=50), 150.0),
    ],
)
def test_rounds_are_spent_and_lost_and_brought(happened: Event, rounds: float) -> None:
    assert stock(happened).rounds == pytest.approx(rounds)


def test_few_rounds_are_fired_less_often_and_never_more_than_there_are() -> None:
    shot = event(Kind.ROCKET_ATTACK, 1.0, fired=60, impacted=1)
    brought = event(Kind.RESUPPLY, 2.0, units=300)
    assert [stock(*shots).enough for shots in ((), (shot,), (shot, brought))] == [0.5, 0.2, 1.0]
    assert [stock(shot).limit(attempted) for attempted in (5, 50)] == [5, 40]
    assert stock(event(Kind.ROCKET_ATTACK, 1.0, fired=100, impacted=1)).enough == 0.0


def test_a_network_without_a_round_fires_none_however_little_scarcity_slows_it() -> None:
    for fired, enough in ((99, 1.0), (100, 0.0)):
        spent = event(Kind.ROCKET_ATTACK, fired=fired, unfired=0, impacted=1)
        assert stock(spent, settings=("militia.stock.scarce=0",)).enough == enough


def test_a_network_short_of_rounds_fires_as_much_less() -> None:
    few = ("militia.stock.on=true", "militia.stock.start=100", "militia.stock.scarce=400")
    assert tempo(1.0, settings=few) == pytest.approx(0.25)
    brought = event(Kind.RESUPPLY, 1.0, units=100)
    assert tempo(1.0, brought, settings=few) == pytest.approx(0.5)


# -- what cells believe --------------------------------------------------------------------

KILLING = event(Kind.ROCKET_ATTACK, 1.0, coalition_killed=1)
MILD = event(Kind.ROCKET_ATTACK, 2.0)
ANSWER = event(Kind.AIRSTRIKE, 4.0, **US)


def belief(*happened: Event) -> Belief:
    numbers = ("strikes=1", "quiet=9", "window_days=7", "caution=2", "red_line=0.5")
    learns = Belief(scenario(*(f"militia.belief.{n}" for n in numbers)).militia.belief)
    for one in happened:
        learns.observe(one, 0.8)
    return learns


def test_cells_learn_from_what_was_answered_and_what_was_let_pass() -> None:
    assert belief().chance("killed", 5.0) == pytest.approx(1 / 10)
    assert belief(KILLING).chance("killed", 5.0) == pytest.approx(1 / 11)
    learnt = belief(KILLING, MILD, ANSWER)
    assert learnt.chance("killed", 5.0) == pytest.approx(2 / 11)  # the worst of the days before
    assert learnt.chance("none", 5.0) == pytest.approx(1 / 11)
    late = belief(KILLING, MILD, ANSWER.but(time=8.5))  # after a week only the mild one is left
    assert late.chance("killed", 9.0) == pytest.approx(1 / 11)
    assert late.chance("none", 9.0) == pytest.approx(2 / 11)
    not_theirs = belief(KILLING, ANSWER.but(side=Side.UNATTRIBUTED))
    assert not_theirs.chance("killed", 5.0) == pytest.approx(1 / 11)


def test_an_attack_is_answered_once_however_many_strikes_follow() -> None:
    twice = belief(KILLING, MILD, ANSWER, ANSWER.but(time=5.0))
    assert twice.answers == belief(KILLING, MILD, ANSWER).answers
    assert sum(twice.answers.values()) == 1


def test_an_ultimatum_of_their_own_draws_no_line() -> None:
    ours = WARNING.but(**MILITIA, subtype="ultimatum")
    assert belief(ours).chance("killed", 10.0) == belief().chance("killed", 10.0)


def test_a_believed_warning_draws_a_line_at_deaths_while_it_stands() -> None:
    warned = belief(WARNING)
    assert warned.chance("killed", 19.9) == pytest.approx(0.5 * 0.8)
    assert warned.chance("killed", 20.0) == pytest.approx(1 / 10)
    assert warned.chance("wounded", 19.9) == pytest.approx(1 / 10)


def test_who_expects_an_answer_to_deaths_steers_away_from_people() -> None:
    assert belief(WARNING).kept(10.0) == pytest.approx(exp(-2 * 0.4))
    assert belief(WARNING).kept(10.0) < belief().kept(10.0) < 1.0


LAPSE = event(Kind.THREAT_LAPSED, 20.0, **US)


def test_a_lapse_costs_belief_and_a_strike_gains_it() -> None:
    numbers = ("threats.credibility=0.6", "threats.lapse_cost=0.5", "threats.proof_gain=0.25")

    def level(*happened: Event) -> float:
        credibility = Credibility(scenario(*numbers).threats)
        for one in happened:
            credibility.observe(one)
        return credibility.level

    assert level(LAPSE) == pytest.approx(0.3)
    assert level(ANSWER) == pytest.approx(0.7)
    assert level(LAPSE, ANSWER) == pytest.approx(0.3 + 0.25 * 0.7)
    assert level(ANSWER.but(side=Side.UNATTRIBUTED)) == 0.6


# -- truces --------------------------------------------------------------------------------

OFFERS = ("truce.offer_rate=0.1", "truce.election_days=30", "truce.word_days=10")
ELECTION = event(Kind.CALENDAR_MARK, 100.0, subtype="election")


def reasons(time: float, *happened: Event) -> int:
    return told(agent(Truce, *OFFERS), *happened).reasons(time)


@pytest.mark.parametrize(
    ("happened", "inside", "outside"),
    [
        (WARNING, (5.0, 19.9), (20.0, 50.0)),
        (ELECTION, (70.0, 100.0), (69.0, 101.0)),
        (word("restrain"), (5.0, 14.9), (15.0, 50.0)),
    ],
)
def test_each_reason_for_a_truce_holds_in_its_time(
    happened: Event, inside: tuple[float, ...], outside: tuple[float, ...]
) -> None:
    assert [reasons(time, happened) for time in inside] == [1, 1]
    assert [reasons(time, happened) for time in outside] == [0, 0]


def test_no_reason_is_seen_where_there_is_none() -> None:
    others = event(Kind.THREAT, 5.0, **MILITIA, due=20.0)
    visit = event(Kind.CALENDAR_MARK, 10.0, subtype="visit")
    assert reasons(6.0, others, visit, word("encourage")) == 0
    assert reasons(10.0, WARNING, LAPSE.but(time=9.0, cause=WARNING.id)) == 0


def test_a_threat_that_lapses_leaves_the_others_standing() -> None:
    closure = event(Kind.THREAT, 6.0, **US, subtype="closure", due=60.0)
    for two in ((WARNING, closure), (closure, WARNING)):
        lapsed = (*two, LAPSE.but(time=9.0, cause=WARNING.id))
        assert [reasons(time, *lapsed) for time in (10.0, 59.9, 60.0)] == [1, 1, 0]
        assert reasons(21.0, *two, LAPSE.but(time=20.0, cause=closure.id)) == 0


def test_truces_are_offered_by_reasons_and_not_while_one_holds() -> None:
    truce = agent(Truce, *OFFERS)
    told(truce, WARNING)
    assert truce.rate(6.0) == pytest.approx(0.1)
    told(truce, word("restrain"))
    assert truce.rate(6.0) == pytest.approx(0.2)
    told(truce, event(Kind.TRUCE, 6.0))
    assert truce.rate(7.0) == 0.0
    told(truce, event(Kind.TRUCE_BREAK, 8.0))
    assert truce.rate(8.0) == pytest.approx(0.2)


def breaks(settings: str, *attacks: Event) -> list[float]:
    calm = ("truce.offer_rate=0", "truce.bound=[badr]", f"truce.weekly_break={settings}")
    return [e.time for e in acts(Truce, [event(Kind.TRUCE, 10.0), *attacks], *calm)]


def test_a_bound_cell_s_rockets_end_a_truce() -> None:
    shot = event(Kind.ROCKET_ATTACK, 12.0, actor="badr")
    assert breaks("0", shot) == [12.0]
    assert breaks("0", shot.but(actor="small_groups")) == []


def test_a_leader_tired_of_a_truce_that_is_over_does_not_end_the_next() -> None:
    """Thirty truces, each ended by rockets within a day, and thirty after them."""
    calm = ("truce.offer_rate=0", "truce.bound=[badr]", "truce.weekly_break=0.3")
    days = [20.0 * n for n in range(1, 31)]
    given = [event(Kind.TRUCE, day + later) for day in days for later in (0.0, 1.0)]
    given += [event(Kind.ROCKET_ATTACK, day + 0.5, actor="badr") for day in days]
    ended = [end for end in acts(Truce, given, *calm) if end.kind is Kind.TRUCE_BREAK]
    assert len({end.id for end in ended}) == len(ended) > 40
    begun = {f"break:{truce.id}": truce.time for truce in given}
    for end in ended:
        assert begun[end.id] < end.time
        by_rockets = end.cause not in {truce.id for truce in given if truce.kind is Kind.TRUCE}
        assert by_rockets == (end.time % 20.0 == 0.5)


def test_impatience_ends_a_truce_sooner() -> None:
    (late,), (soon,) = breaks("0.1"), breaks("0.5")
    assert 10.0 < soon < late


# -- US threats ----------------------------------------------------------------------------

HURTS = event(Kind.ROCKET_ATTACK, 8.0, coalition_wounded=1, site_class="airport")
ZONE = event(Kind.ROCKET_ATTACK, 8.0, site_class="embassy_zone")
STRUCK = event(Kind.AIRSTRIKE, 9.0, **US)
LEFT = event(Kind.SITE_CLOSED, 9.0, site="embassy")


@pytest.mark.parametrize(
    ("happened", "lapses"),
    [
        ((WARNING,), 0),
        ((WARNING, HURTS), 1),
        ((WARNING, ZONE), 0),  # a warning is defied by harm
        ((WARNING, HURTS, STRUCK), 0),
        ((WARNING, HURTS, STRUCK.but(side=Side.UNATTRIBUTED)), 1),
        ((CLOSURE,), 0),
        ((CLOSURE, ZONE), 1),
        ((CLOSURE, HURTS), 0),  # a threat to close the embassy by fire on its zone
        ((CLOSURE, ZONE, STRUCK), 1),
        ((CLOSURE, ZONE, LEFT), 0),
        ((CLOSURE, ZONE, LEFT.but(site="taji")), 1),
        ((WARNING, HURTS.but(time=21.0)), 0),
    ],
)
def test_a_threat_lapses_if_it_was_defied_and_not_carried_out(
    happened: tuple[Event, ...], lapses: int
) -> None:
    quiet = ("threats.warning_probability=0", "threats.closure.rule=never")
    found = acts(USThreats, happened, *quiet)
    assert [one.time for one in found] == [20.0] * lapses
    assert {one.cause for one in found} <= {one.id for one in happened if one.kind is Kind.THREAT}


@pytest.mark.parametrize(
    ("key", "more", "fewer"),
    [("attacks", 2, 5), ("window_days", 45, 15)],
)
def test_less_pressure_draws_fewer_threats_to_close(key: str, more: int, fewer: int) -> None:
    """Attacks on the zone ten days apart; a threat uses up those that drew it."""
    pressed = (
        "threats.closure.rule=pressure",
        "threats.closure.attacks=3",
        "threats.closure.window_days=45",
        "threats.closure.lag_days=0",
        "threats.deadline_days=1",
        "threats.warning_probability=0",
    )
    threats = [
        count(Kind.THREAT)(acts(USThreats, HARMLESS, *pressed, f"threats.closure.{key}={value}"))
        for value in (more, fewer)
    ]
    assert 2 * threats[1] < threats[0]


# -- the US policy -------------------------------------------------------------------------


def test_a_protest_makes_an_answer_less_likely_and_is_forgotten() -> None:
    """Even odds, and a protest that takes a log odds of one off them for ten days."""
    policy = agent(
        USPolicy,
        "retaliation.probability.wounded=0.5",
        "retaliation.attempt=0.5",
        "retaliation.protest_cost=1",
        "retaliation.protest_days=10",
        "retaliation.count.on=false",
    )
    attacks = [one.but(time=5.0) for one in (HURTS, event(Kind.FOILED_ATTACK))]
    assert [policy.probability(one) for one in attacks] == [0.5, 0.5]
    told(policy, event(Kind.PROTEST, 5.0))
    chances = [policy.probability(one) for one in attacks]
    assert chances == pytest.approx([1.0 / (1.0 + exp(1.0))] * 2)
    later = [policy.probability(one.but(time=15.0)) for one in attacks]
    assert later == pytest.approx([1.0 / (1.0 + exp(0.5))] * 2)


def test_a_cost_lowers_the_log_odds() -> None:
    assert less_likely(0.8, 2.0) == pytest.approx(4 * exp(-2.0) / (1 + 4 * exp(-2.0)))


def test_attacks_that_add_up_within_the_window_are_answered() -> None:
    words = ("on=true", "attacks=3", "window_days=10", "probability=0.9")
    counting = (f"retaliation.count.{word}" for word in words)
    policy = agent(USPolicy, *AT_ONCE, *counting)

    def chance(time: float) -> float:
        attack = event(Kind.ROCKET_ATTACK, time, brand="nobody")
        considered = told(policy, attack).open.get(attack.id)
        return considered.chance if considered else 0.0

    assert [chance(time) for time in (1.0, 2.0, 5.0, 11.5, 30.0)] == [0.0, 0.0, 0.9, 0.9, 0.0]


def test_answers_grow_with_those_that_are_remembered() -> None:
    numbers = ("warnings=1", "depots=2", "memory_days=60", "on=true")
    policy = agent(USPolicy, *(f"retaliation.grades.{number}" for number in numbers))
    policy.answers = [0.0, 30.0, 120.0]
    assert [policy.recent_answers(time) for time in (120.0, 180.0, 181.0)] == [1, 1, 0]
    policy.answers = [0.0, 30.0]
    assert [policy.recent_answers(time) for time in (30.0, 91.0)] == [2, 0]
    grades = [grade(answers, policy.params.grades) for answers in range(4)]
    assert grades == ["warning", Kind.AIRSTRIKE, Kind.AIRSTRIKE, Kind.LEADERSHIP_STRIKE]


# -- the patron and its missiles -----------------------------------------------------------


@pytest.mark.parametrize(
    ("happened", "words"),
    [
        (event(Kind.CALENDAR_MARK, 5.0, subtype="dialogue"), ["encourage"]),
        (event(Kind.CALENDAR_MARK, 5.0, subtype="visit"), []),
        (event(Kind.DESIGNATION, 5.0, **US), ["encourage"]),
        (STRUCK, ["restrain"]),
        (STRUCK.but(side=Side.UNATTRIBUTED), []),
        (CLOSURE, ["restrain"]),
        (WARNING, []),
    ],
)
def test_the_patron_encourages_before_talks_and_restrains_in_danger(
    happened: Event, words: list[str]
) -> None:
    sure = ("encourage_probability=1", "restrain_probability=1", "resupply_rate=0")
    found = acts(Patron, [happened], *(f"patron.{word}" for word in sure))
    assert [one.subtype for one in found] == words
    given = happened.kind is Kind.CALENDAR_MARK  # known before it is on the journal
    assert [one.cause for one in found] == [None if given else happened.id for _ in words]


def test_the_patron_brings_as_much_as_it_is_told_to() -> None:
    def brought(rate: float, rounds: int) -> list[int | None]:
        numbers = (f"patron.resupply_rate={rate}", f"patron.resupply_rounds={rounds}")
        return [one.units for one in acts(Patron, [], *numbers)]

    seldom, often = brought(0.02, 7), brought(0.2, 7)
    assert {*seldom, *often} == {7}
    assert 0 < 3 * len(seldom) < len(often)


def test_a_shield_takes_its_share_of_missiles_and_of_the_harm() -> None:
    shield = event(Kind.DEFENCE_FIELDED, 1.0, subtype="state_missiles", site="balad", actor="b")
    orders = many(Kind.DECISION, **IRAN, subtype="state_missile_strike")
    given = ("rounds=20", "sites=[balad]", "killed_mean=5", "wounded_mean=5")
    words = [f"patron.missiles.{word}" for word in given]

    def harm(stopped: float) -> list[float]:
        found = acts(
            Missiles, [shield, *orders], *words, f"patron.missiles.stopped_share={stopped}"
        )
        fallen = [one for one in found if one.kind is Kind.STATE_MISSILE_STRIKE]
        assert len(fallen) == TIMES
        names = ("impacted", "coalition_killed", "coalition_wounded")
        return [fsum(getattr(one, name) for one in fallen) for name in names]

    none, some, most, all_of_them = (harm(share) for share in (0.0, 0.3, 0.8, 1.0))
    assert none[0] == 20 * TIMES
    assert all_of_them == [0.0, 0.0, 0.0]
    assert all(b < 0.6 * a for a, b in zip(some, most, strict=True))


# -- handovers, stormings, blasts ----------------------------------------------------------


@pytest.mark.parametrize("days", [-4.0, 0.0, 4.0])
def test_fire_on_a_base_under_notice_moves_its_handover(days: float) -> None:
    """Taji's on day 92, with notice on day 72: the first attack is on a base that nobody knows
    will be left, the last on another."""
    moved = (
        "sites.places.taji.closed=2019-08-01",
        "drawdown.notice_days=20",
        f"drawdown.under_fire.days={days}",
    )
    at = (("taji", 50.0), ("taji", 75.0), ("taji", 80.0), ("balad", 81.0))
    fire = [event(Kind.ROCKET_ATTACK, time, site=site) for site, time in at]
    closed = [e for e in acts(Handovers, fire, *moved) if e.kind is Kind.SITE_CLOSED]
    assert [one.time for one in closed if one.site == "taji"] == [92.0 + 2 * days]


def test_fire_that_moves_no_handover_draws_no_new_notice() -> None:
    given = ("sites.places.taji.closed=2019-08-01", "drawdown.notice_days=20")
    fire = [event(Kind.ROCKET_ATTACK, 80.0, site="taji")]
    for days, told_again in ((0.0, 0), (4.0, 1)):
        found = acts(Handovers, fire, *given, f"drawdown.under_fire.days={days}")
        assert count(Kind.POSTURE_CHANGE, cause=fire[0].id)(found) == told_again


def test_notice_of_a_handover_is_given_ahead() -> None:
    given = ("sites.places.taji.closed=2019-08-01", "drawdown.notice_days=20")
    notices = [one for one in acts(Handovers, [], *given) if one.kind is Kind.POSTURE_CHANGE]
    ahead = {one.site: (one.due or 0.0) - one.time for one in notices}
    assert len(ahead) > 3
    assert set(ahead.values()) == {20.0}


@pytest.mark.parametrize("leaving", [-2.0, 0.0, 2.0])
def test_a_class_that_will_be_left_draws_attacks_or_is_spared(leaving: float) -> None:
    """The odds of its class move by `leaving` for the share of its sites that is left."""
    targets = agent(Militia, f"drawdown.leaving={leaving}").targets

    def odds() -> float:
        grid = [(n + 0.5) / 20_000 for n in range(20_000)]
        chosen = [targets.choose(0.0, u, 0.5) for u in grid]
        there = sum(site in ("taji", "basmaya") for site in chosen)
        return there / (len(chosen) - there)

    before = odds()
    for site in ("taji", "basmaya"):
        targets.observe(event(Kind.POSTURE_CHANGE, 1.0, site=site))
    assert odds() / before == pytest.approx(exp(leaving), rel=0.01)


@pytest.mark.parametrize(
    ("strike", "crowds"),
    [({"militia_killed": 9}, 0), ({"militia_killed": 10}, 1), ({"side": Side.UNATTRIBUTED}, 0)],
)
def test_a_crowd_gathers_after_a_us_strike_that_killed_enough(
    strike: dict[str, Any], crowds: int
) -> None:
    sure = ("storming.probability=1", "storming.killed=10")
    happened = event(Kind.AIRSTRIKE, 5.0, **{**US, "militia_killed": 30, **strike})
    assert len(acts(Storming, [happened], *sure)) == crowds
    closed = event(Kind.SITE_CLOSED, 1.0, site="embassy")
    assert acts(Storming, [closed, happened], *sure) == []


@pytest.mark.parametrize(
    ("key", "victims"),
    [("militia_killed_mean", "militia_killed"), ("wounded_per_killed", "militia_wounded")],
)
def test_heavier_blasts_hurt_more(key: str, victims: str) -> None:
    usual = ("striker.rate=0.2", "striker.militia_killed_mean=2", "striker.wounded_per_killed=2")

    def hurt(value: float) -> float:
        return fsum(
            getattr(one, victims) for one in acts(Striker, [], *usual, f"striker.{key}={value}")
        )

    assert 0 < 3 * hurt(0.5) < hurt(5.0)


def test_designations_follow_deaths_of_the_coalition_alone() -> None:
    sure = ("sanctions.rate=0", "sanctions.after_fatal=1")
    for deadly in (KILLING, KILLING.but(kind=Kind.CONVOY_ATTACK)):
        assert [one.cause for one in acts(Sanctions, [deadly], *sure)] == [deadly.id]
    assert acts(Sanctions, [HURTS, KILLING.but(coalition_killed=0, civilian_killed=3)], *sure) == []


# -- what is said --------------------------------------------------------------------------


def test_an_ultimatum_has_a_deadline_and_a_statement_has_none() -> None:
    words = ("rhetoric.rate=0.2", "rhetoric.ultimatum_share=0.5", "rhetoric.deadline_days=9")
    said = acts(Rhetoric, [], *words)
    assert {one.kind for one in said} == {Kind.THREAT, Kind.STATEMENT}
    for one in said:
        assert one.due == (one.time + 9.0 if one.kind is Kind.THREAT else None)


def test_a_front_that_stands_behind_an_attack_claims_it_and_nobody_else_does() -> None:
    true_only = ("claims.false_rate=0",)
    shot = event(Kind.ROCKET_ATTACK, 5.0, brand="a front")
    convoy = event(Kind.CONVOY_ATTACK, 6.0, brand="a front")
    claims = {claim.cause: claim for claim in acts(Claims, [shot, convoy], *true_only)}
    assert {cause: (c.brand, c.subtype) for cause, c in claims.items()} == {
        one.id: ("a front", one.kind) for one in (shot, convoy)
    }
    assert acts(Claims, [shot.but(brand="nobody")], *true_only) == []
    seldom, often = (acts(Claims, [], f"claims.false_rate={rate}") for rate in (0.02, 0.2))
    assert 0 < 3 * len(seldom) < len(often)


@pytest.mark.parametrize(
    ("key", "kind", "fields", "text"),
    [
        ("denied_share", Kind.CLAIM, {"brand": "a front"}, DENIED),
        ("accident_share", Kind.DEPOT_BLAST, {}, ACCIDENT),
    ],
)
def test_officials_deny_and_explain_away_as_often_as_told(
    key: str, kind: Kind, fields: dict[str, Any], text: str
) -> None:
    none, few, most = (
        count(Kind.REPORT, text=text)(
            acts(Observers, many(kind, **fields), f"observers.officials.{key}={share}")
        )
        for share in (0.0, 0.2, 0.8)
    )
    assert none == 0 < few < 0.6 * most


def test_counts_fall_shorter_with_a_larger_factor() -> None:
    def counted(factor: float) -> float:
        words = (*OFFICIALS, f"observers.revisions.factor={factor}", "observers.officials.share=1")
        reports = [one for one in acts(Observers, HARMLESS, *words) if one.kind is Kind.REPORT]
        assert len(reports) == 2 * TIMES
        return fsum(one.fired or 0 for one in reports) / len(reports)

    assert counted(1.0) == 12.0
    assert counted(6.0) < 0.8 * counted(1.5) < 12.0
