"""Hand: salvos, targets and the militia that chooses them, from injected uniforms."""

from __future__ import annotations

from functools import cache
from math import exp, log
from typing import Any

import numpy as np
import pytest
import simpy

from sim.agents.militia import Militia
from sim.agents.salvo import Rounds, SalvoRule, choose_intent, class_shares, failing_share, sizes
from sim.agents.targeting import Targets, class_utility
from sim.campaign import Campaign, drawn
from sim.draws import Draws
from sim.embedding import Candidate
from sim.events import Event, Kind, Side
from sim.settings.compose import load
from sim.settings.militia import Intent, Salvo, Targeting
from sim.settings.places import Sites
from sim.settings.sampling import Sampler
from sim.settings.scenario import Scenario


@cache
def shipped() -> Scenario:
    """The shipped scenario with some draw of its parameters: each test sets what it needs."""
    return drawn(Sampler(load()), Draws(1, 0))


# -- salvos ------------------------------------------------------------------------------


def salvo(**numbers: float) -> Salvo:
    known = {
        "large_share": 0.1,
        "medium_share": 0.3,
        "small_ratio": 0.5,
        "large_ratio": 0.9,
        "idle_share": 0.0,
        "unfired_part": 0.5,
    }
    return shipped().militia.salvo.model_copy(update={**known, **numbers})


def intent(**numbers: float) -> Intent:
    known = {
        "message_share": 0.5,
        "harass_share": 0.3,
        "punish_share": 0.2,
        "punish_salvo": 3.0,
        "message_salvo": 0.5,
    }
    return shipped().militia.intent.model_copy(update={**known, **numbers})


def test_shares_of_small_medium_and_large_salvos() -> None:
    """Odds of a larger class are 2:3 here: halved for a message, times three to punish."""
    assert class_shares(salvo(), intent(), "harass") == pytest.approx((0.6, 0.3, 0.1))
    assert class_shares(salvo(), intent(), "message") == pytest.approx((0.75, 0.1875, 0.0625))
    assert class_shares(salvo(), intent(), "punish") == pytest.approx((1 / 3, 0.5, 1 / 6))


def test_shares_at_their_limits() -> None:
    nothing = salvo(large_share=0.0, medium_share=0.0)
    assert class_shares(nothing, intent(), "punish") == (1.0, 0.0, 0.0)
    crowded = salvo(large_share=1.0, medium_share=1.0)
    assert class_shares(crowded, intent(), "message") == pytest.approx((0.0, 0.5, 0.5))
    silent = class_shares(salvo(), intent(message_salvo=0.0), "message")
    assert silent == pytest.approx((1.0, 0.0, 0.0))


@pytest.mark.parametrize(
    ("u", "attempted"),
    [
        ((0.59, 0.53), 1),  # small: 8/15, 4/15, 2/15, 1/15
        ((0.59, 0.54), 2),
        ((0.59, 0.79), 2),
        ((0.59, 0.81), 3),
        ((0.59, 0.94), 4),
        ((0.61, 0.01), 5),  # medium: five alike
        ((0.89, 0.39), 6),
        ((0.89, 0.99), 9),
        ((0.91, 0.01), 10),  # large: from 10 to 60
        ((0.91, 1 - 1e-12), 60),
    ],
)
def test_rounds_by_class_and_size(u: tuple[float, float], attempted: int) -> None:
    rounds = SalvoRule(salvo(), intent()).draw((*u, 0.5, 0.5), "harass")
    assert rounds == Rounds(attempted, 0, attempted, 0)


def test_sizes_fall_by_a_ratio() -> None:
    low, sums = sizes(1, 4, 0.5)
    assert low == 1
    assert sums == pytest.approx([8 / 15, 12 / 15, 14 / 15, 1.0])


def test_unfired_and_failed_make_up_the_idle_share() -> None:
    """Half of 0.4 never leaves: 0.2; of the 0.8 left a quarter fails."""
    assert failing_share(0.4, 0.5) == pytest.approx(0.25)
    assert failing_share(0.4, 1.0) == 0.0
    assert failing_share(1.0, 1.0) == 0.0
    assert failing_share(1.0, 0.0) == 1.0


def test_rounds_that_stay_behind_and_rounds_that_fail() -> None:
    """Three of four may stay behind (binomial(3, 0.2): 0.512, 0.896); the rest flies."""
    rule = SalvoRule(salvo(idle_share=0.4, unfired_part=0.5), intent())
    four = (0.1, 0.99)
    assert rule.draw((*four, 0.51, 0.30), "harass") == Rounds(4, 0, 4, 0)  # 0.75⁴ = 0.316
    assert rule.draw((*four, 0.52, 0.43), "harass") == Rounds(4, 1, 3, 1)  # 0.75³ = 0.422
    assert rule.draw((*four, 0.90, 0.95), "harass") == Rounds(4, 2, 2, 2)  # 1 − 0.25² = 0.9375
    assert rule.draw((*four, 0.90, 0.95), "harass").in_air == 0


def test_at_least_one_round_leaves() -> None:
    rule = SalvoRule(salvo(idle_share=1.0, unfired_part=1.0), intent())
    assert rule.draw((0.1, 0.99, 0.5, 0.5), "harass") == Rounds(4, 3, 1, 0)
    assert rule.draw((0.1, 0.01, 0.5, 0.5), "harass") == Rounds(1, 0, 1, 0)


@pytest.mark.parametrize(
    ("u", "grievance", "chosen"),
    [
        (0.49, 0.0, "message"),
        (0.51, 0.0, "harass"),
        (0.81, 0.0, "punish"),
        (0.41, log(2.0), "message"),  # weights 0.5, 0.3, 0.4: bounds 0.417 and 0.667
        (0.42, log(2.0), "harass"),
        (0.67, log(2.0), "punish"),
        (0.49, -3.0, "message"),  # a negative grievance is none
        (0.79, -3.0, "harass"),
    ],
)
def test_grievance_weighs_on_punishment(u: float, grievance: float, chosen: str) -> None:
    assert choose_intent(u, intent(), grievance) == chosen


# -- targets -----------------------------------------------------------------------------


def targeting(**numbers: float) -> Targeting:
    known = {"symbolic": 0.0, "openness": 0.0, "defence": 0.0, "recent": 0.0, "memory_days": 10.0}
    return shipped().militia.targeting.model_copy(update={**known, **numbers})


def two_classes() -> Sites:
    """A base and two embassies, the second of which weighs three times the first."""
    places = shipped().sites.places
    base, embassy = places["balad"], places["embassy"]
    kept = {
        "near": embassy.model_copy(update={"weight": 1.0}),
        "far": embassy.model_copy(update={"weight": 3.0}),
        "base": base.model_copy(update={"weight": 2.0}),
    }
    shape = {"symbolic": 1.0, "openness": 1.0}
    classes = shipped().sites.classes
    return shipped().sites.model_copy(
        update={
            "places": kept,
            "classes": {
                "embassy_zone": classes["embassy_zone"].model_copy(update=shape),
                "other_base": classes["other_base"].model_copy(update={**shape, "openness": 2.0}),
            },
        }
    )


def turn(kind: Kind, site: str) -> Event:
    subtype = "rockets" if kind is Kind.DEFENCE_FIELDED else None
    return Event(id=f"{kind}-{site}", time=0.0, kind=kind, site=site, subtype=subtype)


def hit(time: float, site_class: str) -> Event:
    return Event(id="r", time=time, kind=Kind.ROCKET_ATTACK, site_class=site_class)


def embassy_share(targets: Targets, time: float = 0.0) -> float:
    """The bound between the classes, found by halving: the embassies come first."""
    low, high = 0.0, 1.0
    for _ in range(50):
        middle = (low + high) / 2.0
        if targets.choose(time, middle, 0.5) == "base":
            high = middle
        else:
            low = middle
    return low


def test_utility_by_hand() -> None:
    weights = targeting(symbolic=0.5, openness=-1.0, defence=-2.0)
    assert class_utility(weights, 3.0, 1.5, 0.25) == pytest.approx(1.5 - 1.5 - 0.5)


def test_classes_by_logit_then_sites_by_weight() -> None:
    """One more unit of openness at 0.5 each: odds 1 : e^0.5; then weights 1 : 3."""
    targets = Targets(targeting(openness=0.5), two_classes())
    share = 1.0 / (1.0 + exp(0.5))
    assert embassy_share(targets) == pytest.approx(share)
    chosen = [targets.choose(0.0, share * 0.99, u) for u in (0.01, 0.24, 0.26, 0.99)]
    assert chosen == ["near", "near", "far", "far"]
    assert targets.choose(0.0, share * 1.01, 0.1) == "base"


def test_closing_sites_moves_choice_within_and_between_classes() -> None:
    targets = Targets(targeting(), two_classes())
    assert embassy_share(targets) == pytest.approx(0.5)
    targets.observe(turn(Kind.SITE_CLOSED, "far"))
    assert embassy_share(targets) == pytest.approx(0.5)  # the class is still there
    assert targets.choose(0.0, 0.1, 0.99) == "near"
    targets.observe(turn(Kind.SITE_CLOSED, "near"))
    assert {targets.choose(0.0, u, 0.5) for u in (0.01, 0.99)} == {"base"}
    targets.observe(turn(Kind.SITE_CLOSED, "base"))
    assert not targets.any_open
    assert targets.choose(0.0, 0.5, 0.5) is None
    targets.observe(turn(Kind.SITE_OPENED, "near"))
    assert targets.any_open
    assert targets.choose(0.0, 0.99, 0.99) == "near"


def test_defence_counts_by_the_share_of_a_class_that_is_defended() -> None:
    targets = Targets(targeting(defence=-2.0), two_classes())
    targets.observe(turn(Kind.DEFENCE_FIELDED, "far"))
    assert embassy_share(targets) == pytest.approx(exp(-1.0) / (1.0 + exp(-1.0)))
    targets.observe(turn(Kind.DEFENCE_FIELDED, "near"))
    assert embassy_share(targets) == pytest.approx(exp(-2.0) / (1.0 + exp(-2.0)))
    targets.observe(turn(Kind.SITE_CLOSED, "near"))  # all that is left of it is defended
    assert embassy_share(targets) == pytest.approx(exp(-2.0) / (1.0 + exp(-2.0)))


def test_a_battery_against_missiles_defends_nothing_from_rockets() -> None:
    targets = Targets(targeting(defence=-2.0), two_classes())
    targets.observe(turn(Kind.DEFENCE_FIELDED, "far").but(subtype="state_missiles"))
    assert embassy_share(targets) == pytest.approx(0.5)


def test_recent_attacks_count_and_are_forgotten_by_halves() -> None:
    targets = Targets(targeting(recent=0.6), two_classes())
    targets.observe(hit(0.0, "embassy_zone"))
    targets.observe(hit(10.0, "embassy_zone"))
    assert targets.recent("embassy_zone", 10.0) == pytest.approx(1.5)
    assert targets.recent("embassy_zone", 20.0) == pytest.approx(0.75)
    odds = exp(0.6 * 0.75)
    assert embassy_share(targets, 20.0) == pytest.approx(odds / (1.0 + odds))
    targets.observe(hit(20.0, "other_base"))
    odds = exp(0.6 * (0.75 - 1.0))
    assert embassy_share(targets, 20.0) == pytest.approx(odds / (1.0 + odds))


def test_an_attack_long_before_the_start_is_forgotten() -> None:
    targets = Targets(targeting(recent=0.6, memory_days=0.5), two_classes())
    targets.observe(hit(-600.0, "embassy_zone"))
    assert targets.recent("embassy_zone", 0.0) == pytest.approx(0.0)


@pytest.mark.parametrize("recent", [-3.0, 3.0])
def test_many_recent_attacks_leave_a_choice(recent: float) -> None:
    targets = Targets(targeting(recent=recent), two_classes())
    for _ in range(300):
        targets.observe(hit(0.0, "embassy_zone"))
        targets.observe(hit(0.0, "other_base"))
    assert embassy_share(targets) == pytest.approx(0.5)


def test_an_attack_of_an_unknown_class_is_not_remembered() -> None:
    targets = Targets(targeting(recent=0.6), two_classes())
    targets.observe(Event(id="r", time=1.0, kind=Kind.ROCKET_ATTACK))
    targets.observe(hit(1.0, "convoy_route"))
    assert embassy_share(targets, 1.0) == pytest.approx(0.5)


# -- what the militia observes -----------------------------------------------------------

EXACT = [
    "ablation=everything_optional",
    "militia.base_rate=0.2",
    "militia.excitation=0.5",
    "militia.decay_days=5",
    "militia.truce.factor=0.25",
    "militia.drivers.leadership_strength=2",
    "militia.drivers.depot_blast_strength=0.5",
    "militia.drivers.deterrence={on: true, size: -0.4, half_life_days: 10, cap: 3}",
    "militia.drivers.backlash={on: true, size: 0.9, half_life_days: 5, cap: 3}",
    "militia.drivers.threat={on: true, size: -0.7, half_life_days: 20, cap: 3}",
    "militia.drivers.calendar={on: true, size: 0.3, lead_days: 10, lag_days: 2}",
]


@cache
def exact() -> Scenario:
    return drawn(Sampler(load(EXACT)), Draws(1, 0))


def militia(convoys_excite: bool = False) -> Militia:
    convoys = exact().convoys.model_copy(update={"excites_rockets": convoys_excite})
    agents = Campaign(exact().model_copy(update={"convoys": convoys}), Draws(1, 0)).agents
    return next(agent for agent in agents if isinstance(agent, Militia))


def rate_after(*told: Event, time: float, **kwargs: Any) -> float:
    observer = militia(**kwargs)
    for event in told:
        if event.kind in observer.observes:
            observer.observe(event)
    return observer.tempo.rate(time)


def event(kind: Kind, time: float, **fields: Any) -> Event:
    return Event(id="x", time=time, kind=kind, **fields)


def test_nothing_observed_leaves_the_base_rate() -> None:
    assert rate_after(time=50.0) == 0.2


def test_an_attack_excites() -> None:
    attack = event(Kind.ROCKET_ATTACK, 3.0, site_class="airport")
    assert rate_after(attack, time=8.0) == pytest.approx(0.2 + 0.1 * exp(-1.0))


def test_a_convoy_attack_excites_only_where_it_is_told_to() -> None:
    attack = event(Kind.CONVOY_ATTACK, 3.0)
    assert rate_after(attack, time=3.0) == 0.2
    assert rate_after(attack, time=3.0, convoys_excite=True) == pytest.approx(0.3)


def test_strikes_deter_and_provoke() -> None:
    strike = event(Kind.AIRSTRIKE, 2.0)
    assert rate_after(strike, time=2.0) == pytest.approx(0.2 * exp(0.5))
    assert rate_after(strike, time=12.0) == pytest.approx(0.2 * exp(-0.2 + 0.225))
    leaders = event(Kind.LEADERSHIP_STRIKE, 2.0)
    assert rate_after(leaders, time=2.0) == pytest.approx(0.2 * exp(1.0))


def test_a_depot_blast_provokes_and_does_not_deter() -> None:
    assert rate_after(event(Kind.DEPOT_BLAST, 2.0), time=2.0) == pytest.approx(0.2 * exp(0.45))


def test_only_a_threat_by_the_us_is_feared() -> None:
    threat = event(Kind.THREAT, 2.0, side=Side.US)
    assert rate_after(threat, time=22.0) == pytest.approx(0.2 * exp(-0.35))
    assert rate_after(threat.but(side=Side.IRAQ), time=22.0) == 0.2


def test_a_mark_opens_a_window_when_it_is_known() -> None:
    mark = event(Kind.CALENDAR_MARK, 50.0, known_from=-30.0)
    raised = pytest.approx(0.2 * exp(0.3))
    assert [rate_after(mark, time=t) for t in (39.9, 52.0)] == [0.2, 0.2]
    assert [rate_after(mark, time=t) for t in (40.0, 51.9)] == [raised, raised]
    late = mark.but(known_from=47.0)
    assert rate_after(late, time=46.9) == 0.2
    assert rate_after(late, time=47.0) == raised
    unannounced = mark.but(known_from=None)
    assert rate_after(unannounced, time=49.9) == 0.2
    assert rate_after(unannounced, time=50.0) == raised


def test_a_truce_gates_and_its_break_opens() -> None:
    attack = event(Kind.ROCKET_ATTACK, 1.0)
    truce, broken = event(Kind.TRUCE, 2.0), event(Kind.TRUCE_BREAK, 3.0)
    full = 0.2 + 0.1 * exp(-0.6)
    assert rate_after(attack, truce, time=4.0) == pytest.approx(0.25 * full)
    assert rate_after(attack, truce, broken, time=4.0) == pytest.approx(full)


def test_no_open_site_shuts_the_gate_under_a_truce_too() -> None:
    closed = [event(Kind.SITE_CLOSED, 1.0, site=key) for key in exact().sites.places]
    assert rate_after(*closed[:-1], time=4.0) == 0.2
    assert rate_after(*closed, time=4.0) == 0.0
    assert rate_after(*closed, event(Kind.TRUCE, 2.0), time=4.0) == 0.0
    opened = event(Kind.SITE_OPENED, 3.0, site="embassy")
    assert rate_after(*closed, event(Kind.TRUCE, 2.0), opened, time=4.0) == pytest.approx(0.05)


def test_what_an_agent_observes_it_also_reacts_to_unless_only_targets_change() -> None:
    observer = militia()
    assert set(observer.observes) - set(observer.reacts) == {
        Kind.DEFENCE_FIELDED,
        Kind.THREAT_LAPSED,
    }
    assert set(observer.reacts) <= set(observer.observes)


def test_a_candidate_that_the_clock_falls_short_of_is_acted_on_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A delay added to a clock can come out a rounding error before the moment waited for."""
    now, time = missed()
    agents = Campaign(shipped(), Draws(1, 0)).agents
    militia = next(agent for agent in agents if isinstance(agent, Militia))
    acted: list[float] = []

    def ahead(self: Militia, now: float) -> tuple[Candidate, float] | None:
        return (Candidate(time, 0.0, "R0", 0), 1.0) if now < time else None

    monkeypatch.setattr(Militia, "next_point", ahead)
    monkeypatch.setattr(Militia, "_act", lambda self, point, rate: acted.append(point.time))
    env = simpy.Environment(initial_time=now)
    militia.start(env)
    env.run()
    assert env.now < time
    assert acted == [time]


def test_an_attack_that_stays_the_next_keeps_its_timer() -> None:
    """What is heard moves the tempo, but not the next attack: the clock has one timer for it."""
    observer, env = militia(), simpy.Environment()
    observer.next_point = lambda now: (Candidate(8.0, 0.0, "R0", 0), 1.0)  # type: ignore[method-assign]
    observer.start(env)
    env.run(until=5.0)
    hear(observer, event(Kind.TRUCE, 5.0))
    assert timers(env) == [8.0]
    observer.next_point = lambda now: (Candidate(7.0, 0.0, "R0", 1), 1.0)  # type: ignore[method-assign]
    hear(observer, event(Kind.TRUCE_BREAK, 5.0))
    assert timers(env) == [7.0, 8.0]


def test_an_answer_told_before_what_it_answers_is_considered_once() -> None:
    observer, env, looked = militia(), simpy.Environment(), []
    observer.next_point = lambda now: looked.append(now)  # type: ignore[method-assign]
    observer.start(env)
    strike, word = event(Kind.AIRSTRIKE, 0.0), event(Kind.PATRON_SIGNAL, 0.0)
    observer.observe(strike)
    hear(observer, word)
    observer.react(strike)
    assert len(looked) == 2  # at the start, and for both
    hear(observer, event(Kind.TRUCE, 0.0))
    assert len(looked) == 3


def timers(env: simpy.Environment) -> list[float]:
    return sorted(at for at, *_, waited in env._queue if isinstance(waited, simpy.Timeout))


def hear(observer: Militia, told: Event) -> None:
    observer.observe(told)
    observer.react(told)


def missed() -> tuple[float, float]:
    """A clock and a moment such that waiting for the moment stops short of it."""
    random = np.random.default_rng(1)
    for _ in range(10_000):
        now, time = random.uniform(2.0, 4.0), random.uniform(6.0, 8.0)
        if now + (time - now) < time:
            return now, time
    raise AssertionError("no such pair")
