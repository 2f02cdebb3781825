"""The likelihood of rounds and harm: by hand, against the simulation, and against itself."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from itertools import product
from math import exp, log, sqrt
from typing import Any

import numpy as np
import pytest
import simpy

from calibration.possible import MOST, Salvo, salvo
from calibration.rounds import (
    attempted,
    capacity,
    class_shares,
    failing_share,
    intents,
    sizes,
    stopped_mass,
)
from calibration.salvos import SalvoLikelihood, log_likelihood
from calibration.tolls import toll_mass
from sim import record
from sim.agents import salvo as rule
from sim.agents.air_defence import AirDefence, Battery, Sirens
from sim.agents.militia import lethality
from sim.agents.motives import STAFF
from sim.agents.sites import Sites, Toll, toll
from sim.campaign import drawn
from sim.draws import Draws
from sim.events import Event, Journal, Kind, Side
from sim.inversion import binomial
from sim.settings.compose import load
from sim.settings.quantity import Section
from sim.settings.sampling import Sampler
from sim.settings.scenario import Scenario

EXACT = {
    "militia.salvo.large_share": 0.0,
    "militia.salvo.medium_share": 0.0,
    "militia.salvo.small_ratio": 0.5,
    "militia.salvo.large_ratio": 0.9,
    "militia.salvo.idle_share": 0.0,
    "militia.salvo.unfired_part": 0.5,
    "militia.intent.message_share": 0.0,
    "militia.intent.harass_share": 1.0,
    "militia.intent.punish_share": 0.0,
    "militia.intent.message_lethality": 0.5,
    "militia.intent.punish_lethality": 4.0,
    "militia.intent.message_salvo": 0.5,
    "militia.intent.punish_salvo": 3.0,
    "militia.restraint": 0.5,
    "casualties.coalition_deaths_small": 0.1,
    "casualties.coalition_deaths_large": 0.4,
    "casualties.iraqi_deaths": 0.0,
    "casualties.civilian_deaths": 0.0,
    "casualties.wounded_per_killed": 3.0,
    "casualties.dispersion": 1.0,
    "air_defence.engage_share": 0.5,
    "air_defence.channels": 1,
    "air_defence.service_seconds": 2.0,
    "air_defence.flight_seconds": 5.0,
    "air_defence.magazine": 1000,
    "air_defence.readiness": 0.8,
    "air_defence.siren_share": 0.6,
    "air_defence.shelter": 0.75,
    "drawdown.staff_share": 0.5,
    "sites.classes.training_base.exposure": 2.0,
    "sites.classes.embassy_zone.exposure": 2.0,
    "sites.classes.embassy_zone.inside_share": 0.25,
}
HARMFUL = {
    "casualties.coalition_deaths_small": 0.2,
    "casualties.coalition_deaths_large": 0.3,
    "casualties.iraqi_deaths": 0.1,
    "casualties.civilian_deaths": 0.15,
}
MIXED = {
    **HARMFUL,
    "militia.salvo.large_share": 0.15,
    "militia.salvo.medium_share": 0.25,
    "militia.salvo.idle_share": 0.3,
    "militia.intent.message_share": 0.4,
    "militia.intent.harass_share": 0.4,
    "militia.intent.punish_share": 0.2,
}
"""Every class, every intent, some rounds idle, all groups at risk."""


@cache
def sampler() -> Sampler:
    return Sampler(load())


@cache
def shipped(replication: int = 0) -> Scenario:
    """One draw of the shipped scenario."""
    return drawn(sampler(), Draws(1, replication))


def altered(section: Any, key: str, value: Any) -> Any:
    """A copy with one quantity, named by its dotted key, set to any value."""
    name, _, rest = key.partition(".")
    if isinstance(section, dict):
        return {**section, name: altered(section[name], rest, value)}
    new = altered(getattr(section, name), rest, value) if rest else value
    return section.model_copy(update={name: new})


def scenario(given: Mapping[str, Any] = EXACT, **numbers: Any) -> Scenario:
    """The given numbers, with some changed; two underscores stand for a dot."""
    result = shipped()
    changed = {key.replace("__", "."): value for key, value in numbers.items()}
    for key, value in {**EXACT, **given, **changed}.items():
        result = altered(result, key, value)
    return result


def mixed(**numbers: Any) -> Scenario:
    """`MIXED`, with some numbers changed."""
    return scenario(MIXED, **numbers)


def stacked(parts: Sequence[Any]) -> Any:
    """Draws of one scenario as one, whose uncertain quantities are arrays."""
    first = parts[0]
    if isinstance(first, Section):
        names = type(first).model_fields
        return first.model_copy(
            update={name: stacked([getattr(part, name) for part in parts]) for name in names}
        )
    if isinstance(first, dict):
        return {key: stacked([part[key] for part in parts]) for key in first}
    return np.array(parts) if isinstance(first, float) else first


def like(**stated: Any) -> Salvo:
    """An attack of which only this is known; a number is its own range."""
    at = {"site_class": "training_base", "defended": False, "siren": False, "staffed": 0}
    spans = {k: (v, v) if type(v) is int and k != "staffed" else v for k, v in stated.items()}
    return Salvo(**{**dict.fromkeys(Salvo._fields), **at, **spans})


def probability(world: Scenario, *salvos: Salvo, grievance: float = 0.0) -> float:
    level = np.full((1, len(salvos)), grievance)
    return exp(log_likelihood(world, salvos, level)[0])


def probabilities(world: Scenario, salvos: Sequence[Salvo]) -> np.ndarray:
    return np.exp(SalvoLikelihood(salvos).by_attack(world, np.zeros((1, len(salvos))))[0])


# -- hand --------------------------------------------------------------------------------


@pytest.mark.parametrize(("fired", "share"), [(1, 8), (2, 4), (3, 2), (4, 1), (5, 0)])
def test_rounds_of_a_small_salvo(fired: int, share: int) -> None:
    """Each size half as frequent as the one before: 8, 4, 2 and 1 fifteenths."""
    assert probability(scenario(), like(fired=fired)) == pytest.approx(share / 15)


def test_nothing_known_is_certain_and_the_impossible_has_no_chance() -> None:
    assert probability(scenario(), like(), like(defended=True, siren=True)) == 1.0
    world, none = scenario(), np.zeros((1, 1))
    for never in (
        like(fired=3, impacted=4),
        like(fired=3, failed=1, impacted=3),
        like(fired=3, failed=0, impacted=2),  # where nobody intercepts
        like(fired=1, unfired=MOST),
        like(impacted=0, coalition_wounded=1),
    ):
        assert log_likelihood(world, [never], none)[0] == -np.inf


def test_rounds_that_stay_behind_or_fail() -> None:
    """Half idle, half of those unfired: a quarter stays behind, a third of the others fails."""
    world = scenario(militia__salvo__idle_share=0.5)
    one = 8 / 15 + 4 / 15 / 4 + 2 / 15 / 16 + 1 / 15 / 64
    assert probability(world, like(fired=1)) == pytest.approx(one)
    assert probability(world, like(fired=1, failed=1)) == pytest.approx(one / 3)
    assert probability(world, like(fired=1, unfired=2)) == pytest.approx(2 / 15 / 16)
    two = 4 / 15 * 3 / 4 + 2 / 15 * 2 * 3 / 4 / 4 + 1 / 15 * 3 * 3 / 4 / 16
    assert probability(world, like(fired=2, impacted=1)) == pytest.approx(two * 4 / 9)


def test_a_grievance_makes_salvos_larger() -> None:
    """Weights 0.5 and 0.2 e^g; odds of a larger class 2:3, and three times that to punish."""
    world = scenario(
        militia__intent__harass_share=0.5,
        militia__intent__punish_share=0.2,
        militia__salvo__large_share=0.1,
        militia__salvo__medium_share=0.3,
    )
    for grievance, weight in [(-1.0, 0.2), (0.0, 0.2), (log(2.0), 0.4)]:
        expected = (0.5 * 0.3 + weight * 0.5) / (0.5 + weight)
        found = probability(world, like(fired=(5, 9)), grievance=grievance)
        assert found == pytest.approx(expected)


def test_people_hurt_by_one_round() -> None:
    """0.1 deaths × exposure 2 × half steered away, three wounded each: mean 0.4, shape 1."""
    one = 8 / 15
    for killed, wounded, share in [
        (0, 0, 1 / 1.4),
        (0, 1, 0.4 / 1.4**2 * 3 / 4),
        (1, 0, 0.4 / 1.4**2 / 4),
        (1, 1, 0.4**2 / 1.4**3 * 2 * 3 / 16),
        (None, 0, 1 / 1.3),
        (0, None, 1 / 1.1),
        (None, (1, None), 0.3 / 1.3),
    ]:
        seen = like(fired=1, coalition_killed=killed, coalition_wounded=wounded)
        assert probability(scenario(), seen) == pytest.approx(one * share)


def test_people_hurt_by_a_large_salvo() -> None:
    """Ten leakers × 2 × 0.5 × 0.4 deaths × 4 hurt: mean 16 where nine would have had 3.6."""
    world = scenario(militia__salvo__large_share=0.5, militia__salvo__medium_share=0.5)
    unhurt = {"coalition_killed": 0, "coalition_wounded": 0}
    for fired, mean in [(9, 3.6), (10, 16.0)]:
        both = probability(world, like(fired=fired, **unhurt))
        assert both / probability(world, like(fired=fired)) == pytest.approx(1 / (1 + mean))


def test_harm_hangs_on_what_the_attack_was_for() -> None:
    """A message does half of harassment's harm, punishment four times as much."""
    shares = {"message": 0.3, "harass": 0.5, "punish": 0.2}
    world = scenario(**{f"militia__intent__{name}_share": share for name, share in shares.items()})
    nobody = 0.3 / 1.2 + 0.5 / 1.4 + 0.2 / 2.6
    unhurt = like(fired=1, coalition_killed=0, coalition_wounded=0)
    assert probability(world, unhurt) == pytest.approx(8 / 15 * nobody)


@pytest.mark.parametrize(
    ("stopped", "share"), [(0, 0.2 + 0.8 / 8), (1, 0.3), (2, 0.3), (3, 0.1), (4, 0.0)]
)
def test_a_battery_engages_three_of_five(stopped: int, share: float) -> None:
    """One channel, begun at 0, 2 and 4 of 5 seconds; ready in 0.8, half are stopped."""
    world = scenario(militia__salvo__medium_share=1.0)
    seen = like(fired=5, intercepted=stopped, defended=True)
    assert probability(world, seen) == pytest.approx(share / 5)
    landed = like(fired=5, impacted=5 - stopped, defended=True)
    assert probability(world, landed) == pytest.approx(share / 5)


def test_the_magazine_limits_the_battery() -> None:
    world = scenario(militia__salvo__medium_share=1.0, air_defence__magazine=1)
    seen = [like(fired=5, intercepted=n, defended=True) for n in (0, 1, 2)]
    assert probabilities(world, seen) == pytest.approx(np.array([0.6, 0.4, 0.0]) / 5)


def test_a_siren_shelters_three_quarters_in_its_share() -> None:
    unhurt = like(fired=1, coalition_killed=0, coalition_wounded=0, siren=True)
    expected = 0.4 / 1.4 + 0.6 / 1.1
    assert probability(scenario(), unhurt) == pytest.approx(8 / 15 * expected)


def test_a_siren_warns_all_groups_or_none() -> None:
    """Mean 0.4 for each of two groups, or 0.1 for each."""
    world = scenario(casualties__iraqi_deaths=0.1)
    unhurt = dict.fromkeys(
        ["coalition_killed", "coalition_wounded", "iraqi_killed", "iraqi_wounded"], 0
    )
    expected = 0.4 / 1.4**2 + 0.6 / 1.1**2
    assert probability(world, like(fired=1, siren=True, **unhurt)) == pytest.approx(
        8 / 15 * expected
    )


def test_staff_who_have_left_are_not_hurt() -> None:
    """Half leave each time: mean 0.4, 0.2, 0.1; only at the embassy, only if switched on."""
    unhurt = {"fired": 1, "coalition_killed": 0, "coalition_wounded": 0, "staffed": 2}
    gone = like(site_class="embassy_zone", **unhurt)
    assert probability(scenario(), gone) == pytest.approx(8 / 15 / 1.1)
    assert probability(scenario(), like(**unhurt)) == pytest.approx(8 / 15 / 1.4)
    assert probability(scenario(drawdown__on=False), gone) == pytest.approx(8 / 15 / 1.4)


def test_inside_the_compound_by_the_rounds_that_come_down() -> None:
    """1 − 0.75ⁿ, and nowhere but at the embassy."""
    for fired, share in [(1, 8), (2, 4), (3, 2)]:
        there = {"fired": fired, "site_class": "embassy_zone"}
        inside, outside = probabilities(
            scenario(), [like(inside_compound=seen, **there) for seen in (True, False)]
        )
        assert inside == pytest.approx(share / 15 * (1 - 0.75**fired))
        assert outside == pytest.approx(share / 15 * 0.75**fired)
    assert probability(scenario(), like(inside_compound=True)) == 0.0


def test_an_attack_of_an_event() -> None:
    event = Event(
        id="a",
        time=1.0,
        kind=Kind.ROCKET_ATTACK,
        site_class="erbil",
        fired=3,
        failed=0,
        inside_compound=False,
        ranges={"impacted": (1, None), "iraqi_wounded": (2, 4)},
    )
    assert salvo(event, True, False, 2) == like(
        fired=3,
        failed=0,
        impacted=(1, None),
        iraqi_wounded=(2, 4),
        inside_compound=False,
        site_class="erbil",
        defended=True,
        staffed=2,
    )


def test_what_it_refuses() -> None:
    with pytest.raises(ValueError, match="attack b has no site class"):
        salvo(Event(id="b", time=1.0, kind=Kind.ROCKET_ATTACK), False, False, 0)
    with pytest.raises(ValueError, match=r"shape \(1, 2\): give one column for each of the 1"):
        log_likelihood(scenario(), [like(fired=1)], np.zeros((1, 2)))


def test_no_attack_at_all() -> None:
    assert log_likelihood(scenario(), [], np.zeros((3, 0))).tolist() == [0.0, 0.0, 0.0]


# -- the array forms are the simulation's ------------------------------------------------

DRAWN = 12
"""Draws of the shipped priors at which both forms are compared."""


def both() -> tuple[Scenario, list[Scenario]]:
    """Draws as one scenario of arrays and one by one, with the limits among them."""
    singles = [shipped(i) for i in range(DRAWN)]
    limits = [
        {"large_share": 0.0, "medium_share": 0.0, "idle_share": 0.0},
        {"large_share": 1.0, "medium_share": 1.0, "idle_share": 1.0, "unfired_part": 1.0},
        {"large_share": 0.7, "medium_share": 0.6, "idle_share": 1.0, "unfired_part": 0.0},
    ]
    for i, numbers in enumerate(limits):
        rounds = singles[i].militia.salvo.model_copy(update=numbers)
        singles[i] = altered(singles[i], "militia.salvo", rounds)
    return stacked(singles), singles


def test_class_shares_and_failing_share_are_those_of_the_simulation() -> None:
    many, singles = both()
    shares = class_shares(many.militia.salvo, many.militia.intent, DRAWN)
    failing = failing_share(many.militia.salvo)
    for i, one in enumerate(singles):
        s, intent = one.militia.salvo, one.militia.intent
        for rank, purpose in enumerate(rule.INTENTS):
            expected = rule.class_shares(s, intent, purpose)
            assert shares[rank, :, i] == pytest.approx(expected, abs=1e-15)
        expected_share = rule.failing_share(s.idle_share, s.unfired_part)
        assert failing[i] == pytest.approx(expected_share, abs=1e-15)


def test_sizes_are_those_of_the_simulation() -> None:
    steps = np.array([0.01, 0.5, 0.93, 1.0])
    for low, high in (rule.SMALL, rule.MEDIUM, rule.LARGE):
        sums = sizes(low, high, steps).cumsum(axis=0)
        for i, step in enumerate(steps):
            assert sums[:, i] == pytest.approx(rule.sizes(low, high, float(step))[1])


def test_rounds_attempted_are_those_of_the_simulation() -> None:
    """Where its cumulative shares turn from one size to the next."""
    world = mixed()
    mass = attempted(world.militia.salvo, world.militia.intent, 1)[..., 0]
    rounds = rule.SalvoRule(world.militia.salvo, world.militia.intent)
    for rank, purpose in enumerate(rule.INTENTS):
        small, medium, _ = rounds.shares[purpose]
        low, _ = rounds.sizes[1]
        for size in range(low, low + 4):
            turn = mass[low : size + 1, rank].sum() / medium
            for u, expected in [(turn - 1e-9, size), (turn + 1e-9, size + 1)]:
                assert rounds.draw((small + 1e-9, u, 0.5, 0.5), purpose).attempted == expected


def test_intents_are_those_of_the_simulation() -> None:
    many, singles = both()
    levels = np.array([[-1.0] * DRAWN, [0.0] * DRAWN, [1.3] * DRAWN])
    found = intents(many.militia.intent, levels).cumsum(axis=1)
    for (row, level), (i, one) in product(enumerate(levels[:, 0]), enumerate(singles)):
        for rank in (0, 1):
            turn = found[row, rank, i]
            for u, at in [(turn - 1e-9, rank), (turn + 1e-9, rank + 1)]:
                assert rule.choose_intent(u, one.militia.intent, level) == rule.INTENTS[at]


def test_lethality_takes_arrays() -> None:
    many, singles = both()
    found = lethality(many.militia.intent, many.militia.restraint)
    for i, one in enumerate(singles):
        expected = lethality(one.militia.intent, one.militia.restraint)
        assert {name: value[i] for name, value in found.items()} == pytest.approx(expected)


@pytest.mark.parametrize("mean_killed", [0.003, 0.4, 3.0])
@pytest.mark.parametrize("dispersion", [0.05, 1.7])
@pytest.mark.parametrize("each", [0.0, 2.5])
def test_tolls_are_those_of_the_simulation(
    mean_killed: float, dispersion: float, each: float
) -> None:
    """Its inverted draw turns from one toll to the next where the summed probabilities do."""
    harm = scenario(
        casualties__dispersion=dispersion, casualties__wounded_per_killed=each
    ).casualties
    mean, below = np.array([mean_killed]), 0.0

    def mass(killed: int, wounded: int) -> float:
        return float(toll_mass(((killed, killed), (wounded, wounded)), mean, harm)[0])

    def drawn_toll(u_hurt: float, u_killed: float) -> Toll:
        return toll(u_hurt, u_killed, mean_killed, each, dispersion)

    for hurt in range(5):
        splits = [mass(killed, hurt - killed) for killed in range(hurt + 1)]
        middle = below + sum(splits) / 2
        below += sum(splits)
        if below > 1.0 - 1e-9:
            break
        assert sum(drawn_toll(below - 1e-12, 0.5)) == hurt
        assert sum(drawn_toll(below + 1e-12, 0.5)) == hurt + 1
        for killed in range(hurt if each else 0):
            turn = sum(splits[: killed + 1]) / sum(splits)
            assert drawn_toll(middle, turn - 1e-9) == (killed, hurt - killed)
            assert drawn_toll(middle, turn + 1e-9) == (killed + 1, hurt - killed - 1)


@pytest.mark.parametrize(
    ("channels", "service", "flight", "magazine"),
    [(1, 2.0, 5.0, 30), (2, 0.3, 0.9, 30), (3, 2.5, 10.0, 7), (1, 0.7, 2.1, 2), (1, 1.0, 5.0, 0)],
)
def test_a_battery_engages_as_many_as_the_simulations(
    channels: int, service: float, flight: float, magazine: int
) -> None:
    numbers = {
        "channels": channels,
        "service_seconds": service,
        "flight_seconds": flight,
        "magazine": magazine,
    }
    defence = scenario().air_defence.model_copy(update=numbers)
    limit = int(capacity(defence, 1)[0])
    for flying in range(0, 20, 3):
        env = simpy.Environment()
        guns = Battery(defence)
        guns.start(env)
        assert env.run(until=env.process(guns.engage(flying))) == min(flying, limit)


def test_rounds_stopped_turn_where_the_simulations_draw_does() -> None:
    flying, defence = 4, scenario().air_defence  # of which three are engaged
    n = np.arange(flying + 1)
    all_ready = defence.model_copy(update={"readiness": 1.0})
    mass = stopped_mass(np.full(5, flying), n, np.ones(5, int), all_ready, 1)[:, 0]
    for count, turn in enumerate(mass.cumsum()[:3]):
        assert binomial(turn - 1e-9, 3, 0.5) == count
        assert binomial(turn + 1e-9, 3, 0.5) == min(3, count + 1)


# -- it is a probability -----------------------------------------------------------------


def small(parts: Sequence[Scenario]) -> Scenario:
    """Draws as one scenario, whose salvos have one to four rounds."""
    world = stacked(parts)
    for name in ("large_share", "medium_share"):
        world = altered(world, f"militia.salvo.{name}", np.zeros(len(parts)))
    for name in ("coalition_deaths_small", "iraqi_deaths", "civilian_deaths"):
        more = 20.0 * getattr(world.casualties, name)  # so that harm has some weight
        world = altered(world, f"casualties.{name}", more)
    return world


def small_rounds() -> Iterator[dict[str, int]]:
    """Every way in which up to four rounds can end."""
    for attempt in range(1, 5):
        for fired in range(1, attempt + 1):
            for failed in range(fired + 1):
                for stopped in range(fired - failed + 1):
                    yield {
                        "unfired": attempt - fired,
                        "fired": fired,
                        "failed": failed,
                        "intercepted": stopped,
                        "impacted": fired - failed - stopped,
                    }


def test_full_observations_of_small_salvos_have_probability_one() -> None:
    """All rounds; a compound hit or none; tolls by their counts, the last open."""
    some: list[Any] = [0, 1, (2, None)]
    seen = [
        like(
            **rounds,
            inside_compound=inside,
            coalition_killed=killed,
            coalition_wounded=wounded,
            iraqi_wounded=iraqi,
            civilian_killed=civilian,
            site_class="embassy_zone",
            defended=True,
            siren=True,
            staffed=1,
        )
        for rounds, inside, killed, wounded, iraqi, civilian in product(
            small_rounds(), (True, False), some, some, [0, (1, None)], [(0, 1), (2, None)]
        )
    ]
    world = small([shipped(i) for i in range(4)])
    grievance = np.full((4, len(seen)), 0.7)
    terms = SalvoLikelihood(seen).by_attack(world, grievance)
    assert np.exp(terms).sum(axis=1) == pytest.approx(np.ones(4), abs=1e-12)


def test_rounds_of_all_salvos_have_probability_one() -> None:
    ways = [(n, unfired) for n in range(1, MOST + 1) for unfired in range(n)]
    seen = [like(fired=n - unfired, unfired=unfired) for n, unfired in ways]
    world = stacked([shipped(i) for i in range(DRAWN)])
    terms = SalvoLikelihood(seen).by_attack(world, np.full((DRAWN, len(seen)), 0.3))
    assert np.exp(terms).sum(axis=1) == pytest.approx(np.ones(DRAWN), abs=1e-12)


def test_what_is_left_blank_beside_a_battery_sums_out() -> None:
    """Rounds fired alone are as probable with a battery and harm unknown as without."""
    world = mixed()
    for fired in (2, 7, 14):
        alone = probability(world, like(fired=fired))
        anything = {"iraqi_killed": (0, None), "defended": True, "siren": True}
        assert probability(world, like(fired=fired, **anything)) == pytest.approx(alone)


# -- blanks and ranges -------------------------------------------------------------------

KNOWN = like(
    fired=(2, 11),
    failed=(0, 3),
    impacted=(1, None),
    coalition_killed=0,
    coalition_wounded=(0, 2),
    iraqi_wounded=1,
    civilian_killed=(0, 1),
    site_class="embassy_zone",
    defended=True,
    siren=True,
    staffed=1,
)
COUNTS = Salvo._fields[:11]


@pytest.mark.parametrize("field", COUNTS)
def test_a_blank_is_the_sum_over_all_values(field: str) -> None:
    top = MOST if COUNTS.index(field) < 5 else 12
    cases: list[Any] = [(n, n) for n in range(top + 1)] + [(top + 1, None), None]
    found = probabilities(mixed(), [KNOWN._replace(**{field: case}) for case in cases])
    assert found[-1] > 0.0
    assert found[:-1].sum() == pytest.approx(found[-1], rel=1e-9)


@pytest.mark.parametrize("field", COUNTS)
def test_a_range_is_the_sum_over_its_values(field: str) -> None:
    cases: list[Any] = [(1, 1), (2, 2), (3, 3), (4, None), (1, 3), (1, None)]
    found = probabilities(mixed(), [KNOWN._replace(**{field: case}) for case in cases])
    assert found[4] > 0.0
    assert found[:3].sum() == pytest.approx(found[4])
    assert found[:4].sum() == pytest.approx(found[5])


def test_an_unknown_compound_is_hit_or_not() -> None:
    cases = [KNOWN._replace(inside_compound=seen) for seen in (True, False, None)]
    inside, outside, either = probabilities(mixed(), cases)
    assert inside + outside == pytest.approx(either)


# -- many parameters at once -------------------------------------------------------------


def recorded() -> list[Salvo]:
    """The tempo series, with batteries and withdrawals by some rule."""
    events = record.tempo(record.read())
    sirens = shipped().air_defence.sirens
    return [
        salvo(e, e.time > 430.0 and e.site in ("embassy", "erbil"), e.site in sirens, i // 30)
        for i, e in enumerate(events)
    ]


def test_many_parameters_at_once_are_as_one_by_one() -> None:
    singles = [shipped(i) for i in range(6)]
    salvos = [*recorded(), KNOWN, like(coalition_wounded=1), KNOWN]
    grievance = np.random.default_rng(3).normal(0.0, 1.0, (6, len(salvos)))
    likelihood = SalvoLikelihood(salvos)
    many = likelihood.by_attack(stacked(singles), grievance)
    for i, one in enumerate(singles):
        assert many[i] == pytest.approx(likelihood.by_attack(one, grievance[i : i + 1])[0])
    assert likelihood(stacked(singles), grievance) == pytest.approx(many.sum(axis=1))


def test_each_attack_has_the_term_that_it_has_alone() -> None:
    """Whatever it shares with the others, and wherever it stands among them."""
    salvos = [KNOWN, like(fired=2), KNOWN, like(), like(fired=2, siren=True), like(fired=1)]
    grievance = np.array([[0.0, 1.0, 2.0, 0.0, 1.0, 0.5]])
    terms = SalvoLikelihood(salvos).by_attack(mixed(), grievance)[0]
    for i, alone in enumerate(salvos):
        expected = log_likelihood(mixed(), [alone], grievance[:, i : i + 1])
        assert terms[i] == pytest.approx(expected[0])


def test_the_record_is_possible_where_it_keeps_to_the_size_of_salvos() -> None:
    """No attack but one with more rounds than the rules know, if there is one, is refused."""
    salvos = recorded()
    world = stacked([shipped(i) for i in range(6)])
    terms = SalvoLikelihood(salvos).by_attack(world, np.zeros((6, len(salvos))))
    fewest = np.array([sum((span or (0, 0))[0] or 0 for span in s[:2]) for s in salvos])
    assert np.isfinite(terms[:, fewest <= MOST]).all()
    assert (terms[:, fewest > MOST] == -np.inf).all()


# -- direction ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("quantity", "values", "seen"),
    [
        ("casualties__wounded_per_killed", (2, 8), {"coalition_wounded": (3, None)}),
        ("casualties__iraqi_deaths", (0.01, 0.1), {"iraqi_killed": (1, None)}),
        ("militia__salvo__large_share", (0.05, 0.3), {"fired": (10, None)}),
        ("militia__salvo__idle_share", (0.1, 0.5), {"unfired": (2, None)}),
        ("militia__salvo__idle_share", (0.1, 0.5), {"fired": 3, "failed": (1, None)}),
        ("militia__restraint", (0.1, 0.8), {"civilian_wounded": 0}),
        ("militia__intent__punish_lethality", (1, 4), {"civilian_killed": (1, None)}),
        ("air_defence__readiness", (0.3, 0.9), {"fired": 3, "impacted": 0, "defended": True}),
        ("air_defence__engage_share", (0.3, 0.9), {"intercepted": (2, None), "defended": True}),
        ("air_defence__shelter", (0.1, 0.9), {"coalition_wounded": 0, "siren": True}),
        ("sites__classes__training_base__exposure", (0.3, 3), {"coalition_killed": (1, None)}),
    ],
)
def test_which_way_it_moves(
    quantity: str, values: tuple[float, float], seen: dict[str, Any]
) -> None:
    """The second value makes what was seen more probable than the first."""
    low, high = (probability(mixed(**{quantity: value}), like(**seen)) for value in values)
    assert low < high


def test_a_grievance_makes_harm_and_large_salvos_more_probable() -> None:
    for seen in (like(fired=(10, None)), like(fired=1, coalition_killed=(1, None))):
        calm, angry = (probability(mixed(), seen, grievance=g) for g in (0.0, 2.0))
        assert calm < angry


# -- the simulation's own attacks --------------------------------------------------------

ATTACKS = 15_000
GRIEVANCE = 0.5


def simulated(site: str, site_class: str) -> list[Event]:
    """Attacks on one site, by the simulation's sirens, batteries and sites."""
    s = mixed(air_defence__false_alarms=0.0, air_defence__magazine=10_000)
    draws, env = Draws(5, 0), simpy.Environment()
    journal, end = Journal(s.scenario.start), float(ATTACKS + 2)
    agents = [
        Sirens(s.air_defence, s.sites.places, draws, journal, end),
        AirDefence(s.air_defence, draws, journal),
        Sites(s.sites, s.casualties, s.air_defence, s.drawdown, draws, journal),
    ]
    for agent in agents:
        journal.subscribe(agent.observes, agent.observe, agent.rank)
        journal.subscribe(agent.reacts, agent.react, 100 + agent.rank)
        agent.start(env)

    def happen() -> Iterator[simpy.Event]:
        for event in (*posture(), *launches(s, draws, site, site_class)):
            yield env.timeout(event.time - env.now)
            journal.post(event)

    env.process(happen())
    env.run(until=end)
    return journal.where(Kind.ROCKET_ATTACK)


def posture() -> list[Event]:
    """Guns at the embassy, and one withdrawal of staff."""
    guns = Event(
        id="g", time=0.0, kind=Kind.DEFENCE_FIELDED, subtype="rockets", site="embassy", side=Side.US
    )
    return [guns, Event(id="p", time=0.0, kind=Kind.POSTURE_CHANGE, subtype=STAFF, side=Side.US)]


def launches(s: Scenario, draws: Draws, site: str, site_class: str) -> Iterator[Event]:
    """What the militia would fire: its intent and its rounds, a salvo a day."""
    rounds = rule.SalvoRule(s.militia.salvo, s.militia.intent)
    aim, sizes_ = draws.stream("militia.aim", 7), draws.stream("militia.salvo", 4)
    severity = lethality(s.militia.intent, s.militia.restraint)
    for i in range(ATTACKS):
        intent = rule.choose_intent(aim(f"R{i}")[5], s.militia.intent, GRIEVANCE)
        salvo_ = rounds.draw(sizes_(f"R{i}"), intent)
        yield Event(
            id=f"LR{i}",
            time=1.0 + i,
            kind=Kind.LAUNCH,
            side=Side.MILITIA,
            site=site,
            site_class=site_class,
            intent=intent,
            severity=severity[intent],
            unfired=salvo_.unfired,
            fired=salvo_.fired,
            failed=salvo_.failed,
        )


PATTERNS: list[dict[str, Any]] = [
    {"fired": 1},
    {"fired": 2, "unfired": 1},
    {"fired": (5, 9), "failed": (2, None)},
    {"unfired": (3, 8)},
    {"fired": (12, None), "unfired": 0},
    {"impacted": 0},
    {"fired": 3, "impacted": 2},
    {"fired": (4, 12), "impacted": (3, 6)},
    {"impacted": 2, "coalition_wounded": 0, "coalition_killed": 0},
    {"fired": (10, None), "coalition_killed": (1, None)},
    {"coalition_killed": 1, "coalition_wounded": (1, 3)},
    {"coalition_wounded": (2, None), "iraqi_wounded": (2, None)},
    {"coalition_killed": 0, "iraqi_killed": 0, "civilian_killed": (1, None)},
    {"iraqi_killed": 0, "iraqi_wounded": 0, "civilian_killed": 0, "civilian_wounded": 0},
    {"fired": 1, "coalition_wounded": 1, "civilian_wounded": 0},
]
EMBASSY_PATTERNS: list[dict[str, Any]] = [
    {"intercepted": 0},
    {"fired": 2, "intercepted": 1},
    {"intercepted": (2, 3), "impacted": (1, None)},
    {"failed": 1, "intercepted": 1},
    {"inside_compound": True},
    {"fired": 2, "inside_compound": True, "coalition_wounded": (1, None)},
    {"fired": (5, None), "inside_compound": False, "coalition_wounded": 0},
]


def agrees(event: Event, seen: Salvo) -> bool:
    """Whether what happened is among what was seen."""
    spans = [(getattr(event, name), getattr(seen, name)) for name in COUNTS]
    counts = all(
        span is None or (span[0] <= n and (span[1] is None or n <= span[1])) for n, span in spans
    )
    return counts and seen.inside_compound in (None, event.inside_compound)


@pytest.mark.parametrize(
    ("site", "site_class", "guarded", "patterns"),
    [
        ("embassy", "embassy_zone", True, PATTERNS + EMBASSY_PATTERNS),
        ("basmaya", "training_base", False, PATTERNS),
    ],
)
def test_the_simulation_produces_what_the_likelihood_says(
    site: str, site_class: str, guarded: bool, patterns: list[dict[str, Any]]
) -> None:
    """37 counts within 4 standard errors: a false alarm in 400 seeds, and the seed is fixed."""
    there = {"site_class": site_class, "defended": guarded, "siren": guarded, "staffed": 1}
    seen = [like(**pattern, **there) for pattern in patterns]
    level = np.full((1, len(seen)), GRIEVANCE)
    expected = np.exp(SalvoLikelihood(seen).by_attack(mixed(), level)[0])
    attacks = simulated(site, site_class)
    assert len(attacks) == ATTACKS
    for pattern, p in zip(seen, expected, strict=True):
        assert p * ATTACKS > 10.0
        count = sum(agrees(attack, pattern) for attack in attacks)
        assert abs(count - p * ATTACKS) < 4.0 * sqrt(ATTACKS * p * (1.0 - p)), (pattern, count)
