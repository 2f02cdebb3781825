"""The likelihood of the US answers: by hand, against its rules, and at the truth."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from math import exp, inf, log, pi
from typing import Any

import numpy as np
import pytest
from scipy import stats
from scipy.integrate import quad

from calibration import trigger
from calibration.quantiles import Floats, quantiles, values
from calibration.trigger import TriggerLikelihood, waits
from sim.agents.claims import NOBODY
from sim.agents.trigger import days_to_attribution
from sim.events import Event, Kind, Side
from sim.settings.attribution import Attribution
from sim.settings.compose import load
from sim.settings.sampling import Sampler
from sim.settings.scenario import Scenario

END = 100.0
NUMBERS = {
    "retaliation.probability.killed": 0.9,
    "retaliation.probability.wounded": 0.7,
    "retaliation.probability.compound": 0.4,
    "retaliation.probability.none": 0.2,
    "retaliation.needed": 0.5,
    "retaliation.patience_days": 30.0,
    "retaliation.after_storming": 0.6,
    "retaliation.protest_cost": 1.0,
    "retaliation.protest_days": 10.0,
    "retaliation.strike.lag_median_days": 2.0,
    "retaliation.strike.lag_sigma": 0.5,
    "retaliation.strike.leadership_share": 0.25,
    "attribution.initial": 0.5,
    "attribution.growth_days": 4.0,
    "attribution.front_ceiling": 0.4,
}
"""An attack that nobody claims is attributed at once, one behind a front never."""
SLOW = {"retaliation.needed": 0.75}
"""Half the doubt must go: four days."""
BEHIND = {"attribution__front_ceiling": 2.0 / 3.0, "attribution__growth_days": 8.0}
"""Half the doubt must go behind a front: eight days."""


@cache
def shipped() -> Sampler:
    return Sampler(load())


def scenario(given: Mapping[str, Any]) -> Scenario:
    return shipped().draw(lambda key: 0.5, given={**NUMBERS, **given})


def told(*events: Event, end: float = END, **changed: Any) -> float:
    """log p by these numbers, some of them changed; two underscores stand for a dot."""
    given = {key.replace("__", "."): value for key, value in changed.items()}
    return float(TriggerLikelihood([list(events)], end)(scenario(given), 1)[0])


def attack(time: float, **more: Any) -> Event:
    more = {"kind": Kind.ROCKET_ATTACK, "brand": NOBODY, **more}
    return Event(id=f"a{time:g}", time=time, **more)


def strike(on: Event, time: float, **more: Any) -> Event:
    more = {"kind": Kind.AIRSTRIKE, "side": Side.US, **more}
    return Event(id=f"s{time:g}", time=time, cause=on.id, **more)


def density(days: float) -> float:
    """log density of the lag, but for the constant of a normal."""
    return float(stats.lognorm.logpdf(days, 0.5, scale=2.0)) + 0.5 * log(2.0 * pi)


def outlasts(days: float) -> float:
    """The chance that the lag is longer."""
    return float(stats.lognorm.sf(days, 0.5, scale=2.0))


KILLED = attack(10.0, coalition_killed=1)
HARMLESS = attack(10.0)


# -- how soon it is known who fired ------------------------------------------------------


def attribution(initial: Any, growth: Any, ceiling: Any) -> Attribution:
    return Attribution.model_construct(initial=initial, growth_days=growth, front_ceiling=ceiling)


@pytest.mark.parametrize("fronted", [False, True])
def test_waits_are_those_of_the_policy(fronted: bool) -> None:
    rng = np.random.default_rng(3)
    edges = np.array([0.0, 0.2, 0.5, 0.75, 1.0])
    grid = np.array(np.meshgrid(edges, edges, edges)).reshape(3, -1)
    needed, initial, ceiling = np.concatenate([grid, rng.random((3, 400))], axis=1)
    growth = rng.uniform(0.1, 20.0, len(needed))
    found = waits(attribution(initial, growth, ceiling), needed, fronted)
    expected = [
        days_to_attribution(attribution(i, g, c), n, fronted)
        for i, g, c, n in zip(
            *(x.tolist() for x in (initial, growth, ceiling, needed)), strict=True
        )
    ]
    assert found == pytest.approx(expected, rel=1e-9, abs=1e-12)
    assert inf in expected
    assert 0.0 in expected


def test_a_wait_by_hand() -> None:
    """Doubt from 0.6 to 0.15 halves twice."""
    assert waits(attribution(0.4, 3.0, 1.0), 0.85, False) == pytest.approx(6.0)


# -- hand --------------------------------------------------------------------------------


def test_an_attack_that_was_answered() -> None:
    """Answered, against a depot, after two days."""
    expected = log(0.9) + log(0.75) + density(2.0)
    assert told(KILLED, strike(KILLED, 12.0)) == pytest.approx(expected)


def test_an_answer_against_leaders() -> None:
    leaders = strike(KILLED, 12.0, kind=Kind.LEADERSHIP_STRIKE)
    assert told(KILLED, leaders) == pytest.approx(log(0.9) + log(0.25) + density(2.0))


def test_an_answer_whose_day_alone_is_known() -> None:
    """Somewhere within half a day of two days."""
    within = outlasts(1.5) - outlasts(2.5)
    expected = log(0.9) + log(0.75) + log(within)
    assert told(KILLED, strike(KILLED, 12.0, precision="day")) == pytest.approx(expected)


def test_an_answer_is_found_through_its_decision() -> None:
    decision = Event(id="D1", time=10.0, kind=Kind.DECISION, side=Side.US, cause=KILLED.id)
    through = strike(decision, 12.0)
    assert told(KILLED, decision, through) == told(KILLED, strike(KILLED, 12.0))


def test_an_attack_that_was_let_pass() -> None:
    assert told(HARMLESS) == pytest.approx(log(0.8), abs=1e-9)


def test_an_attack_that_may_still_be_answered() -> None:
    """Two days before the cut: let pass, or decided and not carried out yet."""
    assert told(HARMLESS, end=12.0) == pytest.approx(log(0.8 + 0.2 * outlasts(2.0)))


def test_the_chances_of_all_outcomes_add_up_to_one() -> None:
    """A strike on a depot or on leaders at any time before the cut, or none."""

    def struck(time: float) -> float:
        scales = (strike(HARMLESS, time, kind=k) for k in trigger.STRIKES)
        return sum(exp(told(HARMLESS, one, end=13.0)) for one in scales)

    answered = quad(struck, 10.0, 13.0)[0] / (2.0 * pi) ** 0.5
    assert answered + exp(told(HARMLESS, end=13.0)) == pytest.approx(1.0, abs=1e-8)


def test_an_attack_while_an_answer_is_on_its_way_says_nothing() -> None:
    """What is answered stands for it, from the decision to the strike."""
    answered = (KILLED, strike(KILLED, 14.0))
    assert told(*answered, attack(12.0)) == told(*answered)
    for apart in (9.0, 14.5):
        assert told(*answered, attack(apart)) == pytest.approx(told(*answered) + log(0.8))


def test_every_harm_has_its_own_chance() -> None:
    for harm, chance in [
        ({"coalition_killed": 1, "coalition_wounded": 3}, 0.9),
        ({"coalition_wounded": 3}, 0.7),
        ({"inside_compound": True}, 0.4),
        ({}, 0.2),
    ]:
        assert told(attack(10.0, **harm)) == pytest.approx(log(1.0 - chance))


def test_convoys_count_only_where_somebody_was_hurt_and_attempts_never() -> None:
    convoy = attack(10.0, kind=Kind.CONVOY_ATTACK)
    assert told(convoy, attack(11.0, kind=Kind.FOILED_ATTACK)) == 0.0
    assert told(convoy.but(coalition_killed=1)) == pytest.approx(log(0.1))


def test_a_storming_is_answered_against_leaders_and_at_once() -> None:
    """Without attribution: even where nobody knows for days who fires."""
    stormed = attack(10.0, kind=Kind.EMBASSY_STORMING)
    leaders = strike(stormed, 12.0, kind=Kind.LEADERSHIP_STRIKE)
    assert told(stormed, leaders, **SLOW) == pytest.approx(log(0.6) + density(2.0))
    assert told(stormed) == pytest.approx(log(0.4))


def test_protests_take_off_the_odds() -> None:
    """One log odds, half of it ten days later."""
    protest = Event(id="p", time=0.0, kind=Kind.PROTEST)
    odds = 0.2 / 0.8 * exp(-0.5)
    assert told(protest, HARMLESS) == pytest.approx(log(1.0 / (1.0 + odds)))
    assert told(HARMLESS, protest.but(time=11.0)) == told(HARMLESS)


def test_the_lag_begins_when_the_attack_is_attributed() -> None:
    expected = log(0.9) + log(0.75) + density(2.0)
    assert told(KILLED, strike(KILLED, 16.0), **SLOW) == pytest.approx(expected)
    assert told(KILLED, strike(KILLED, 13.0), **SLOW) == -inf


def test_what_nobody_knows_yet_says_nothing() -> None:
    assert told(attack(97.0), **SLOW) == 0.0
    assert told(attack(95.0), **SLOW) == pytest.approx(log(0.8 + 0.2 * outlasts(1.0)))
    later = attack(6.0)
    known = (later, strike(later, 9.0))
    front = attack(5.0, brand="a front")
    assert told(front, *known, end=12.0, **BEHIND) == told(*known, end=12.0)


def test_behind_a_front_that_is_never_seen_through_nothing_is_answered() -> None:
    front = attack(10.0, coalition_killed=1, brand="a front")
    assert told(front) == 0.0
    assert told(front, strike(front, 12.0)) == -inf


def test_beyond_its_patience_it_answers_nothing() -> None:
    assert told(KILLED, **SLOW, retaliation__patience_days=3.9) == 0.0
    assert told(KILLED, strike(KILLED, 16.0), **SLOW, retaliation__patience_days=3.9) == -inf


def test_the_likelihood_is_averaged_over_what_is_blank() -> None:
    other = attack(10.0, coalition_wounded=1)
    both = TriggerLikelihood([[KILLED], [other]], END)(scenario({}), 1)
    assert both == pytest.approx(log((0.1 + 0.3) / 2.0))


def test_many_parameters_at_once_are_each_alone() -> None:
    known = {key: shipped().uncertain()[key] for key in NUMBERS}
    given = values(known, np.random.default_rng(1).standard_normal((20, len(known))))
    events = [KILLED, strike(KILLED, 14.0), attack(12.0), attack(60.0), attack(99.0)]
    together = TriggerLikelihood([events], END)(scenario(given), 20)
    alone = [told(*events, **{k: float(v[i]) for k, v in given.items()}) for i in range(20)]
    assert together == pytest.approx(alone)


# -- where it departs from the simulation ------------------------------------------------


def test_of_two_attacks_before_the_cut_one_answer_stands_for_both() -> None:
    """Both let pass; the first decided, whatever becomes of the second; the second alone."""
    first, second = attack(98.0), attack(99.0)
    expected = 0.8 * 0.8 + 0.2 * outlasts(2.0) + 0.8 * 0.2 * outlasts(1.0)
    assert told(first, second) == pytest.approx(log(expected))


def test_two_answers_cannot_be_on_their_way_at_once() -> None:
    """The second attack could be attributed at once, while the first answer was pending."""
    first, second = attack(10.0), attack(11.0)
    assert told(first, strike(first, 15.0), second, strike(second, 16.0)) == -inf


def test_an_attack_attributed_after_the_last_strike_may_still_be_answered() -> None:
    """Behind a front it takes 8 days, until day 13; the later attack was struck on day 9."""
    front, later = attack(5.0, brand="a front"), attack(6.0)
    events = (front, later, strike(later, 9.0))
    expected = told(*events[1:]) + log(0.8 + 0.2 * outlasts(1.0))
    assert told(*events, end=14.0, **BEHIND) == pytest.approx(expected)


def decision(time: float, on: str = "nobody told of it") -> Event:
    return Event(id=f"d{time:g}", time=time, kind=Kind.DECISION, side=Side.US, cause=on)


def test_an_answer_to_what_nobody_reported_tells_its_lag_and_its_scale() -> None:
    decided = decision(9.0)
    expected = log(0.75) + density(2.0)
    assert told(decided, strike(decided, 11.0)) == pytest.approx(expected)
    assert told(decided, end=11.0) == pytest.approx(log(outlasts(2.0)))


def test_an_answer_to_what_nobody_reported_stands_for_what_is_made_meanwhile() -> None:
    decided = decision(9.0)
    alone = (decided, strike(decided, 11.0))
    assert told(*alone, HARMLESS) == told(*alone)
    assert told(*alone, attack(12.0)) == pytest.approx(told(*alone) + log(0.8))
    assert told(decided, HARMLESS, end=12.0) == told(decided, end=12.0)
    assert told(*alone, HARMLESS, strike(HARMLESS, 12.0)) == -inf


def test_nothing_decided_before_an_answer_to_what_nobody_reported_is_still_to_come() -> None:
    """Else it would not have been decided upon."""
    decided = decision(98.0)
    alone = (decided, strike(decided, 99.0))
    assert told(attack(97.0), *alone) == pytest.approx(told(*alone) + log(0.8))


def test_a_decision_on_a_reported_attack_tells_what_its_strike_tells() -> None:
    decided = decision(10.0, KILLED.id)
    answered = strike(KILLED, 12.0).but(cause=decided.id)
    assert told(KILLED, decided, answered) == told(KILLED, strike(KILLED, 12.0))


# -- which quantities, and at the truth --------------------------------------------------


def everything() -> list[Event]:
    """Every harm, a front, a protest and a storming; answers late enough for any wait."""
    stormed = attack(100.0, kind=Kind.EMBASSY_STORMING)
    harms = [{"coalition_wounded": 1}, {"inside_compound": True}, {}, {"brand": "a front"}]
    let_pass = [attack(40.0 + 2.0 * i, **harm) for i, harm in enumerate(harms)]
    protest = Event(id="p", time=5.0, kind=Kind.PROTEST)
    answer = strike(stormed, 103.0, kind=Kind.LEADERSHIP_STRIKE)
    return [protest, KILLED, strike(KILLED, 30.0), *let_pass, stormed, answer]


def test_everything_listed_moves_the_likelihood_and_nothing_else_does() -> None:
    known = shipped().uncertain()
    width = 1 + len(known)
    slow = {"retaliation.needed": 0.6, "attribution.initial": 0.4, "attribution.growth_days": 10.0}
    numbers = {**NUMBERS, **slow, "attribution.front_ceiling": 0.9}
    low, middle = np.array(0.1), np.array(0.4)
    wide = {k: np.full(width, numbers.get(k, quantiles(q, middle))) for k, q in known.items()}
    for i, key in enumerate(known):
        wide[key][1 + i] = quantiles(known[key], low)
    world = shipped().draw(lambda key: 0.5, given=wide)
    found = TriggerLikelihood([everything()], 300.0)(world, width)
    moved = [key for key, value in zip(known, found[1:], strict=True) if value != found[0]]
    assert np.isfinite(found[0])
    assert moved == trigger.keys(list(known))


SMOOTH = (
    *(f"retaliation.probability.{harm}" for harm in ("killed", "wounded", "compound", "none")),
    *("retaliation.strike.lag_median_days", "retaliation.strike.lag_sigma"),
    *("retaliation.strike.leadership_share", "retaliation.after_storming"),
    *("retaliation.protest_cost", "retaliation.protest_days"),
)
"""What the likelihood hangs on without a jump; waits decide what was pending when."""


def test_the_score_at_the_truth_is_zero_on_average(
    campaigns: Any, off_zero: Callable[[Floats], Floats]
) -> None:
    """Within four standard errors for each. False alarm 0.06 % in all, fixed seeds."""
    scores = campaigns.scores(SMOOTH, lambda events, _: TriggerLikelihood([events], campaigns.days))
    assert np.abs(off_zero(scores)).max() < 4.0
    assert (scores.std(axis=0) > 0.0).all()


ATTRIBUTED = (
    *("scenario.end=2019-08-01", "militia.base_rate=0.2", "convoys=none", "observers=none"),
    *("retaliation.needed=0.6", "attribution.initial=0.3", "attribution.front_ceiling=0.9"),
    *("retaliation.patience_days=60", "retaliation.strike.lag_sigma=0.5"),
    "retaliation.strike.lag_median_days=2",
    "retaliation.probability={killed: 0.5, wounded: 0.5, compound: 0.4, none: 0.2}",
    "attribution.growth_days={prior: uniform, low: 1.9, high: 2.1}",
)


def ratios(made: Any, key: str, told: Callable[[Event], bool] = lambda event: True) -> Floats:
    """Of each history: how much likelier it is, less one, were a parameter a tenth higher than
    in truth. Shape (histories, 1); zero on average."""
    found = []
    for run in made.runs:
        world = made.truth(run, **{key: run.drawn[key] * np.array([1.0, 1.1])})
        record = [event for event in run.record if told(event)]
        before, after = TriggerLikelihood([record], made.days)(world, 2)
        found.append([exp(after - before) - 1.0])
    return np.array(found)


def test_the_ratio_of_likelihoods_is_one_on_average(
    simulated: Callable[..., Any], off_zero: Callable[[Floats], Floats]
) -> None:
    """Of waits a little longer to the truth, where the likelihood has jumps and no score.
    Within four standard errors; false alarm 6e-5, fixed seeds."""
    found = ratios(simulated(ATTRIBUTED, 120), "attribution.growth_days")
    assert np.abs(off_zero(found)).max() < 4.0
    assert found.std() > 0.1


HALF_TOLD = (
    *(word for word in ATTRIBUTED if not word.startswith(("militia.base", "attribution.gr"))),
    *("militia.base_rate=0.5", "attribution.growth_days=2"),
    "retaliation.probability.none={prior: uniform, low: 0.59, high: 0.61}",
)


def half_told(event: Event) -> bool:
    """Every second attack, by its number: which, hangs on nothing that the answers hang on."""
    return event.kind is not Kind.ROCKET_ATTACK or int(event.id.rsplit(".", 1)[-1]) % 2 == 0


def test_the_ratio_is_one_on_average_where_half_the_attacks_are_told(
    simulated: Callable[..., Any], off_zero: Callable[[Floats], Floats]
) -> None:
    """Of a higher chance to the true one; answers to what is not told stand for what is.
    Within four standard errors; false alarm 6e-5, fixed seeds."""
    found = ratios(simulated(HALF_TOLD, 120), "retaliation.probability.none", half_told)
    assert np.abs(off_zero(found)).max() < 4.0
    assert found.std() > 0.1
