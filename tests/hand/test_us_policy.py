"""Hand: what the US answers, when it is sure enough, and one decision at a time."""

from __future__ import annotations

from datetime import date
from functools import cache
from math import exp, inf, log, log2, nextafter
from typing import Any

import pytest
import simpy

from sim.agents.harm import harm_class
from sim.agents.pending import Past
from sim.agents.trigger import answer_probability, days_to_attribution, grade, unsaid
from sim.agents.us_policy import USPolicy
from sim.campaign import drawn, simulate
from sim.draws import Draws, Stream
from sim.events import Event, Journal, Kind, Origin, Side
from sim.settings.attribution import Attribution
from sim.settings.compose import load
from sim.settings.retaliation import Retaliation
from sim.settings.sampling import Sampler

EXACT = [
    "retaliation.probability={killed: 0.9, wounded: 0.6, compound: 0.4, none: 0.1}",
    "attribution.initial=0.4",
    "attribution.growth_days=5",
    "attribution.front_ceiling=0.8",
    "retaliation.needed=0.7",
    "retaliation.patience_days=12",
    "retaliation.strike.lag_median_days=2",
    "retaliation.strike.lag_sigma=0.5",
    "retaliation.strike.leadership_share=0.2",
    "retaliation.strike.militia_killed_mean=1",
    "retaliation.strike.iraqi_killed_mean=0",
    "retaliation.strike.wounded_per_killed=1",
    "retaliation.strike.dispersion=1",
]

START = date(2019, 5, 1)


@cache
def params(*more: str) -> Retaliation:
    return drawn(Sampler(load([*EXACT, *more])), Draws(1, 0)).retaliation


def attribution(**numbers: float) -> Attribution:
    return drawn(Sampler(load(EXACT)), Draws(1, 0)).attribution.model_copy(update=numbers)


def rocket(name: str = "R1", time: float = 1.0, **fields: Any) -> Event:
    said: dict[str, Any] = {"brand": "nobody", "inside_compound": False, **fields}
    return Event(id=name, time=time, kind=Kind.ROCKET_ATTACK, **said)


# -- the trigger -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("harm", "expected", "probability"),
    [
        ({"coalition_killed": 1, "coalition_wounded": 4}, "killed", 0.9),
        ({"coalition_killed": 0, "coalition_wounded": 4, "inside_compound": True}, "wounded", 0.6),
        ({"inside_compound": True}, "compound", 0.4),
        ({"iraqi_killed": 5, "civilian_wounded": 3}, "none", 0.1),
        ({}, "none", 0.1),
    ],
)
def test_the_worst_that_an_attack_did(
    harm: dict[str, Any], expected: str, probability: float
) -> None:
    assert harm_class(rocket(**harm)) == expected
    assert answer_probability(rocket(**harm), params().probability) == probability


def test_a_harmless_convoy_attack_is_never_answered() -> None:
    convoy = Event(id="C", time=1.0, kind=Kind.CONVOY_ATTACK)
    assert answer_probability(convoy, params().probability) == 0.0
    assert answer_probability(convoy.but(coalition_wounded=1), params().probability) == 0.6


# -- attribution -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("numbers", "fronted", "days"),
    [
        ({}, False, 5.0),  # doubt from 0.6 to 0.3: one halving
        ({}, True, 5.0 * log2(0.6 / 0.125)),  # to 1 − 0.7/0.8
        ({"needed": 0.85}, False, 10.0),  # to 0.15: two halvings
        ({"needed": 0.4}, False, 0.0),  # sure enough at once
        ({"needed": 0.1}, True, 0.0),
        ({"needed": 0.8}, True, inf),  # a front's ceiling is never quite reached
        ({"needed": 0.9}, True, inf),
        ({"needed": 1.0}, False, inf),
        ({"needed": 1.0, "initial": 1.0}, False, 0.0),
        ({"needed": 0.8, "initial": 1.0}, True, 0.0),
        ({"needed": 0.5, "front_ceiling": 0.0}, True, inf),
        ({"needed": 0.0, "front_ceiling": 0.0}, True, 0.0),
        ({"needed": 0.0, "initial": 0.0}, False, 0.0),
    ],
)
def test_days_until_it_is_sure(numbers: dict[str, float], fronted: bool, days: float) -> None:
    needed = numbers.pop("needed", 0.7)
    assert days_to_attribution(attribution(**numbers), needed, fronted) == pytest.approx(days)


# -- the agent ---------------------------------------------------------------------------


@pytest.mark.parametrize("brand", ["nobody", None])
def test_a_front_is_no_front_where_nobody_claims_or_nobody_knows(brand: str | None) -> None:
    """Behind a front's ceiling of 0.8 nobody would be as sure as 0.85; without, in ten days."""
    agent = USPolicy(params("retaliation.needed=0.85"), attribution(), Draws(1, 0), Journal(START))
    agent.observe(rocket(brand=brand, coalition_killed=1))
    agent.observe(rocket("R2", brand="a front", coalition_killed=1))
    assert [(name, c.wait) for name, c in agent.open.items()] == [("R1", pytest.approx(10.0))]


class Constant(Stream):
    """A stream that has the same uniforms for all."""

    def __init__(self, name: str, uniforms: tuple[float, ...]) -> None:
        super().__init__(name, b"")
        self.uniforms = uniforms

    def __call__(self, entity: str, occurrence: int = 0) -> tuple[float, ...]:
        return self.uniforms


class Injected:
    """The same uniforms for every attack and every strike."""

    def __init__(self, choice: tuple[float, ...], toll: tuple[float, ...]) -> None:
        self.uniforms = {"us_policy.choice": choice, "us_policy.toll": toll}

    def stream(self, name: str, width: int = 8) -> Stream:
        return Constant(name, self.uniforms[name])


def answers(
    *attacks: Event,
    choice: tuple[float, ...] = (0.05, 0.5, 0.5, 0.5, 0.5),
    toll: tuple[float, ...] = (0.34, 0.6, 0.9, 0.9),
    until: float = 100.0,
    policy: tuple[str, ...] = (),
) -> list[Event]:
    journal, env = Journal(START), simpy.Environment()
    draws: Any = Injected(choice, toll)
    agent = USPolicy(params(*policy), attribution(), draws, journal)
    journal.subscribe(agent.observes, agent.observe, agent.rank)
    journal.subscribe(agent.reacts, agent.react, 100 + agent.rank)
    agent.start(env)

    def happen():  # type: ignore[no-untyped-def]
        for attack in attacks:
            yield env.timeout(attack.time - env.now)
            journal.post(attack)

    env.process(happen())
    env.run(until=until)
    return [event for event in journal if event not in attacks]


def taken_over(decided: str | None, policy: tuple[str, ...], *before: Event) -> list[Event]:
    """What a policy does on from day 11 with an answer that was decided upon on day 10."""
    journal, env = Journal(START), simpy.Environment(11.0)
    draws: Any = Injected((0.05, 0.5, 0.5, 0.5, 0.5), (0.34, 0.6, 0.9, 0.9))
    agent = USPolicy(params(*policy), attribution(), draws, journal)
    decision = Event(id="DR1", time=10.0, kind=Kind.DECISION, subtype=decided, side=Side.US,
                     due=12.0, cause="R1", origin=Origin.SIMULATED)  # fmt: skip
    past = [*before, rocket("R1", 6.0, coalition_killed=1), decision]
    for event in past:
        agent.observe(event)
    agent.start(env)
    agent.resume(Past(11.0, past))
    env.run(until=60.0)
    return list(journal)


def test_an_answer_from_attack_to_strike() -> None:
    """Sure after 5 days; the median lag is 2; one is hurt (1/3 < 0.34) and dies (0.6 > 1/2)."""
    decision, strike = answers(rocket())
    assert decision.but(time=round(decision.time, 9), due=round(decision.due, 9)).stated() == {
        "id": "DR1",
        "time": 6.0,
        "kind": Kind.DECISION,
        "subtype": "airstrike",
        "side": Side.US,
        "due": 8.0,
        "confidence": 0.7,
        "cause": "R1",
        "origin": "simulated",
    }
    assert (strike.id, strike.kind, strike.cause) == ("SR1", Kind.AIRSTRIKE, "DR1")
    assert strike.time == pytest.approx(8.0)
    assert (strike.militia_killed, strike.militia_wounded) == (1, 0)
    assert (strike.iraqi_killed, strike.iraqi_wounded) == (0, 0)


def test_a_lag_one_standard_deviation_longer() -> None:
    decision, strike = answers(rocket(), choice=(0.05, 0.8413447460685429, 0.5, 0.5, 0.5))
    assert decision.due == pytest.approx(6.0 + 2.0 * exp(0.5))
    assert strike.time == pytest.approx(decision.due)


@pytest.mark.parametrize(("u", "kind"), [(0.19, "leadership_strike"), (0.21, "airstrike")])
def test_leaders_or_depots(u: float, kind: str) -> None:
    decision, strike = answers(rocket(), choice=(0.05, 0.5, u, 0.5, 0.5))
    assert (decision.subtype, strike.kind) == (kind, kind)


def test_no_answer_above_the_probability() -> None:
    assert answers(rocket(), choice=(0.11, 0.5, 0.5, 0.5, 0.5)) == []
    assert len(answers(rocket(coalition_killed=1), choice=(0.89, 0.5, 0.5, 0.5, 0.5))) == 2
    assert answers(rocket(coalition_killed=1), choice=(0.91, 0.5, 0.5, 0.5, 0.5)) == []


def test_a_front_puts_the_answer_off() -> None:
    decision, _ = answers(rocket(brand="a front"))
    assert decision.time == pytest.approx(1.0 + 5.0 * log2(0.6 / 0.125))


def test_attacks_made_while_a_strike_is_on_its_way_are_not_answered_again() -> None:
    """Decided on day 6, struck on day 8: the attack of day 2 is sure on day 7, that of day 4
    on day 9, when the way is free again."""
    found = answers(rocket("R1", 1.0), rocket("R2", 2.0), rocket("R3", 4.0))
    assert [(event.id, round(event.time, 9)) for event in found] == [
        ("DR1", 6.0),
        ("SR1", 8.0),
        ("DR3", 9.0),
        ("SR3", 11.0),
    ]


def test_a_strike_that_would_fall_after_the_end_does_not() -> None:
    assert [event.kind for event in answers(rocket(), until=7.5)] == [Kind.DECISION]


def test_its_state_tells_the_chance_that_it_will_draw_by() -> None:
    """Attributed after five days; then less with every day, and none once the lags are over."""
    policy = USPolicy(params(), attribution(), Draws(1, 0), Journal(START))
    policy.observe(rocket(coalition_killed=1))
    days = (2.0, 6.0, 8.0, 90.0)
    early, sure, late, never = (
        policy.state(day)["an answer is still to come (probability)"] for day in days
    )
    assert (early, sure) == (pytest.approx(0.9), pytest.approx(0.9))
    left = 0.9 * 0.5  # of lags with median 2 days half are over
    assert late == pytest.approx(left / (0.1 + left))
    assert never == 0.0


def test_others_strikes_and_decisions_leave_it_free() -> None:
    policy = USPolicy(params(), attribution(), Draws(1, 0), Journal(START))
    policy.observe(Event(id="d", time=1.0, kind=Kind.DECISION, side=Side.IRAN))
    assert policy.pending is None
    policy.observe(Event(id="e", time=1.0, kind=Kind.DECISION, side=Side.US))
    policy.observe(Event(id="s", time=2.0, kind=Kind.AIRSTRIKE, side=Side.UNATTRIBUTED))
    assert policy.pending is not None
    assert policy.pending.id == "e"
    policy.observe(Event(id="s", time=3.0, kind=Kind.LEADERSHIP_STRIKE, side=Side.US))
    assert policy.pending is None


def test_an_answer_at_once_comes_even_if_the_clock_stands_a_rounding_error_beyond() -> None:
    """A clock that adds 97.7 to 2.3 days may show a little more than 100."""
    journal, env = Journal(START), simpy.Environment(nextafter(100.0, inf))
    draws: Any = Injected((0.05, 0.5, 0.5, 0.5, 0.5), (0.34, 0.6, 0.9, 0.9))
    policy = USPolicy(params(), attribution(initial=1.0), draws, journal)
    journal.subscribe(policy.observes, policy.observe, policy.rank)
    policy.start(env)
    attack = rocket(time=100.0, coalition_killed=1)
    policy.observe(attack)
    policy.react(attack)
    env.run(until=130.0)
    (strike,) = [e for e in journal if e.kind in (Kind.AIRSTRIKE, Kind.LEADERSHIP_STRIKE)]
    assert strike.time == pytest.approx(102.0)


NO_LEADERS = "retaliation.strike.leadership_share=0"
COVERT = "retaliation.strike.covert_share=1"
BOTH = ("retaliation.strike.covert_share=0.5",)
GROWING = (
    "retaliation.grades.on=true",
    "retaliation.grades.warnings=1",
    "retaliation.grades.depots=1",
)
SURE = ("retaliation.grades.memory_days=365",)


@pytest.mark.parametrize(
    ("decided", "policy", "flown"),
    [
        ("leadership_strike", (), "leadership_strike"),  # u = 0.5: it would choose depots itself
        ("leadership_strike", (NO_LEADERS,), "airstrike"),
        ("leadership_strike", (NO_LEADERS, COVERT), "depot_blast"),
        ("leadership_strike", ("retaliation=threat_only",), "threat"),
        ("airstrike", ("retaliation.strike.leadership_share=1",), "leadership_strike"),
        ("airstrike", (COVERT,), "depot_blast"),
        ("airstrike", BOTH, "airstrike"),
        ("depot_blast", BOTH, "depot_blast"),
        ("depot_blast", (), "airstrike"),
        ("warning", (), "airstrike"),
        (None, (), "airstrike"),  # nobody said
        ("warning", GROWING, "threat"),
        ("airstrike", GROWING, "threat"),
    ],
)
def test_what_was_decided_is_done_unless_the_policy_could_not_have_chosen_it(
    decided: str | None, policy: tuple[str, ...], flown: str
) -> None:
    """It comes on its day whatever it is; what replaces it is what the policy would choose."""
    (done,) = taken_over(decided, policy)
    assert (done.kind, done.time, done.cause) == (flown, 12.0, "DR1")
    assert (done.side is Side.UNATTRIBUTED) == (flown == "depot_blast")


def test_a_grade_is_that_of_the_day_of_the_decision() -> None:
    """One answer before: no warning any more, and the decision itself counts for nothing."""
    warned = Event(id="W", time=5.0, kind=Kind.THREAT, subtype="warning", side=Side.US)
    before = Event(id="D0", time=4.0, kind=Kind.DECISION, subtype="warning", side=Side.US)
    for decided in ("airstrike", "leadership_strike"):
        (done,) = taken_over(decided, (*GROWING, *SURE), before, warned.but(cause="D0"))
        assert done.kind == "airstrike"


# -- answers that grow -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("warnings", "answers", "kind"),
    [
        (1, 0, "warning"),
        (1, 1, "airstrike"),
        (1, 3, "airstrike"),
        (1, 4, "leadership_strike"),
        (0, 0, "airstrike"),
        (None, 0, "warning"),
        (None, 10_000, "warning"),
    ],
)
def test_a_warning_then_depots_then_leaders(warnings: int | None, answers: int, kind: str) -> None:
    grades = params().grades.model_copy(update={"warnings": warnings, "depots": 3})
    assert grade(answers, grades) == kind


@pytest.mark.parametrize(
    ("toll", "militia"), [((1 - 1e-6, 0.5, 0.0, 0.5), True), ((0.0, 0.5, 1 - 1e-6, 0.5), False)]
)
def test_a_strike_s_toll_of_each_group_has_luck_of_its_own(
    toll: tuple[float, ...], militia: bool
) -> None:
    alike = ("retaliation.needed=0", "retaliation.strike.iraqi_killed_mean=1")
    _, strike = answers(rocket(coalition_killed=1), toll=toll, policy=alike)
    assert bool(strike.militia_killed) is militia
    assert bool(strike.iraqi_killed) is not militia


QUICK = ("retaliation.needed=0", "retaliation.strike.lag_median_days=0.1")
"""Sure at once, and out a tenth of a day later."""


def test_who_only_threatens_never_strikes_however_often_it_has_warned() -> None:
    attacks = [rocket(f"R{day}", float(day), coalition_killed=1) for day in range(1, 131)]
    found = answers(*attacks, until=140.0, policy=("retaliation=threat_only", *QUICK))
    kinds = [event.kind for event in found]
    assert (kinds.count(Kind.DECISION), kinds.count(Kind.THREAT)) == (130, 130)
    assert len(kinds) == 260


@pytest.mark.parametrize(
    ("policy", "decided"),
    [
        ("threat_only", [("R10", "warning")]),
        ("graduated", [("R10", "airstrike")]),
        ("on_coalition_death", [("R1", "airstrike"), ("R10", "airstrike")]),
    ],
)
def test_an_attack_of_which_the_us_has_warned_is_warned_of_no_more(
    policy: str, decided: list[tuple[str, str]]
) -> None:
    """That warning is the first of a policy whose answers grow, and none of one that strikes."""
    first, second = (rocket(f"R{day}", float(day), coalition_killed=1) for day in (1, 10))
    told: dict[str, Any] = {"kind": Kind.THREAT, "subtype": "warning", "side": Side.US}
    warning = Event(id="warning:R1", time=1.0, due=20.0, cause="R1", **told)
    found = answers(first, warning, second, policy=(f"retaliation={policy}", *QUICK))
    assert [(e.cause, e.subtype) for e in found if e.kind is Kind.DECISION] == decided


def test_a_warning_by_others_leaves_a_decision_pending() -> None:
    """Decided on day 1 to strike on day 3: the attack of day 2 is not answered again."""
    first, second = (rocket(f"R{day}", float(day), coalition_killed=1) for day in (1, 2))
    told: dict[str, Any] = {"kind": Kind.THREAT, "subtype": "warning", "side": Side.US}
    warning = Event(id="warning:R1", time=1.5, due=20.0, cause="R1", **told)
    found = answers(first, warning, second, policy=("retaliation.needed=0",))
    assert [event.id for event in found] == ["DR1", "SR1"]


def test_a_policy_s_warning_stands_from_the_day_on_which_it_is_made() -> None:
    slow = ("retaliation=threat_only", "retaliation.grades.warning_days=30")
    decision, warning = answers(rocket(coalition_killed=1), policy=slow)
    assert decision.due == warning.time > decision.time
    assert warning.due == warning.time + 30.0


@pytest.mark.parametrize("policy", ["threat_only", "graduated"])
def test_where_no_threats_are_made_a_mere_attempt_is_answered_by_a_strike_or_not_at_all(
    policy: str,
) -> None:
    """By one that only ever warns, not at all, however sure it would have warned of an attempt."""
    told = params(f"retaliation={policy}", "retaliation.attempt=1", *QUICK)
    agent = USPolicy(unsaid(told), attribution(), Draws(1, 0), Journal(START))
    agent.observe(Event(id="F", time=1.0, kind=Kind.FOILED_ATTACK))
    assert list(agent.open) == ([] if policy == "threat_only" else ["F"])


@pytest.mark.parametrize(("on", "made"), [("true", True), ("false", False)])
def test_a_campaign_without_threats_has_none_of_its_policy_s_either(on: str, made: bool) -> None:
    words = ["retaliation=threat_only", "scenario.end=2019-12-01", "militia.base_rate=0.4"]
    sampler = Sampler(load([*words, "retaliation.probability.none=1", f"threats.on={on}"]))
    journals = [simulate(sampler, 1, number, told=False) for number in range(3)]
    for kind in (Kind.DECISION, Kind.THREAT):
        by_us = [e for j in journals for e in j.where(kind) if e.side is Side.US]
        assert bool(by_us) is made


@pytest.mark.parametrize(("silent", "said"), [(False, ["warning"]), (True, [])])
def test_a_warning_that_another_policy_decided_on_is_made_only_where_threats_are(
    silent: bool, said: list[str]
) -> None:
    graduated = params("retaliation=graduated", *QUICK)
    journal, env, draws = Journal(START), simpy.Environment(2.0), Draws(1, 0)
    agent = USPolicy(unsaid(graduated) if silent else graduated, attribution(), draws, journal)
    attack = rocket(coalition_killed=1)
    told: dict[str, Any] = {"kind": Kind.DECISION, "subtype": "warning", "side": Side.US}
    decision = Event(id="DR1", time=1.5, due=3.0, cause="R1", **told)
    for event in (attack, decision):
        agent.observe(event)
    agent.start(env)
    agent.resume(Past(2.0, [attack, decision]))
    env.run(until=10.0)
    assert [event.subtype for event in journal.where(Kind.THREAT)] == said


@pytest.mark.parametrize(
    ("share", "answers_given", "kind"),
    [
        (0.6, 1, "depot_blast"),
        (0.4, 1, "airstrike"),
        (1.0, 0, "warning"),
        (1.0, 4, "leadership_strike"),
    ],
)
def test_a_graded_strike_on_depots_may_be_one_that_nobody_owns(
    share: float, answers_given: int, kind: str
) -> None:
    """A warning and leaders have an owner; of strikes on depots with u = 0.5 it hangs on it."""
    covert = f"retaliation.strike.covert_share={share}"
    graded = params("retaliation=graduated", "retaliation.grades.depots=3", covert)
    agent = USPolicy(graded, attribution(), Draws(1, 0), Journal(START))
    agent.env = simpy.Environment(10.0)
    agent.answers = [float(day) for day in range(answers_given)]
    assert agent._scale((0.05, 0.5, 0.5, 0.5, 0.5), 10.0) == kind


# -- attacks that add up -----------------------------------------------------------------

TEN = (
    "retaliation=on_count",
    "retaliation.probability={killed: 0, wounded: 0, compound: 0, none: 0}",
    "retaliation.count.window_days=30",
    *QUICK,
)
LATER = (*TEN, "retaliation.needed=0.72")


def daily(days: int, **fields: Any) -> list[Event]:
    return [rocket(f"R{day}", float(day), **fields) for day in range(1, days + 1)]


def decided(*attacks: Event, **told: Any) -> list[str]:
    return [e.id for e in answers(*attacks, **told) if e.kind is Kind.DECISION]


def test_an_answer_uses_the_count_up() -> None:
    """Twenty attacks in a row: the tenth is answered, and ten later the twentieth."""
    assert decided(*daily(20), policy=TEN) == ["DR10", "DR20"]


def test_attacks_that_a_month_has_too_few_of_are_let_pass() -> None:
    assert decided(*daily(9), policy=TEN) == []
    sparse = [rocket(f"R{n}", 4.0 * n) for n in range(1, 21)]  # eight within thirty days
    assert decided(*sparse, policy=TEN) == []


def test_what_only_the_count_had_opened_is_let_pass_once_it_is_used_up() -> None:
    """Sure after 5.5 days: five more wait when the tenth is decided upon, and ten must follow."""
    assert decided(*daily(24), policy=LATER) == ["DR10"]
    assert decided(*daily(25), policy=LATER) == ["DR10", "DR25"]


def test_an_attack_that_is_answered_for_itself_uses_the_count_up_too() -> None:
    deadly = (*TEN, "retaliation.probability.killed=1")
    killed = [*daily(8), rocket("R9", 9.0, coalition_killed=1), *daily(18)[9:]]
    assert decided(*killed, policy=deadly) == ["DR9"]
    assert decided(*killed, rocket("R19", 19.0), policy=deadly) == ["DR9", "DR19"]


def test_a_used_up_count_leaves_an_attack_the_chance_of_its_own_harm() -> None:
    """The twelfth hurt somebody: with u = 0.05 it is answered at 0.1 and not at 0.04."""
    attacks = [*daily(11), rocket("R12", 12.0, coalition_wounded=1)]
    for chance, found in ((0.1, ["DR10", "DR12"]), (0.04, ["DR10"])):
        policy = (*LATER, f"retaliation.probability.wounded={chance}")
        assert decided(*attacks, policy=policy) == found


def test_a_protest_makes_the_answer_to_a_count_less_likely_too() -> None:
    """Even odds, and a third of them after a protest that costs log 3."""
    even = ("retaliation.count.attacks=1", "retaliation.count.probability=0.5")
    policy = params(*TEN, *even, f"retaliation.protest_cost={log(3.0)}")
    agent = USPolicy(policy, attribution(), Draws(1, 0), Journal(START))
    agent.observe(rocket("R1"))
    agent.observe(Event(id="P", time=2.0, kind=Kind.PROTEST, side=Side.IRAQ))
    agent.observe(rocket("R2", 2.0))
    assert [c.chance for c in agent.open.values()] == [0.5, pytest.approx(0.25)]


def test_a_recorded_strike_that_was_decided_upon_is_no_second_answer() -> None:
    agent = USPolicy(params(*TEN), attribution(), Draws(1, 0), Journal(START))
    agent.observe(Event(id="D", time=2.0, kind=Kind.DECISION, side=Side.US, cause="R1"))
    told: dict[str, Any] = {"side": Side.US, "origin": Origin.REPLAYED}
    agent.observe(Event(id="S", time=4.0, kind=Kind.AIRSTRIKE, cause="D", **told))
    assert agent.answers == [2.0]


def test_only_the_attack_that_is_answered_stays_open() -> None:
    agent = USPolicy(params(*LATER), attribution(), Draws(1, 0), Journal(START))
    for attack in daily(12):
        agent.observe(attack)
    assert list(agent.open) == ["R10", "R11", "R12"]
    agent.observe(Event(id="D", time=12.5, kind=Kind.DECISION, side=Side.US, cause="R10"))
    assert list(agent.open) == ["R10"]


def test_a_recorded_strike_uses_the_count_up_like_a_decision() -> None:
    agent = USPolicy(params(*TEN), attribution(), Draws(1, 0), Journal(START))
    for attack in daily(9):
        agent.observe(attack)
    struck: dict[str, Any] = {"kind": Kind.AIRSTRIKE, "side": Side.US, "origin": Origin.REPLAYED}
    agent.observe(Event(id="S", time=9.5, **struck))
    agent.observe(rocket("R10", 10.0))
    assert agent.open == {}
    for attack in daily(19)[10:]:
        agent.observe(attack)
    assert list(agent.open) == ["R19"]
