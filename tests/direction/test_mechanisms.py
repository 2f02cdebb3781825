"""Direction: more of this, no less of that, one test for each mechanism with a switch.

Pairs of configurations share their random numbers over thirty replications. Where
candidates are only added or taken away, the direction must hold in every replication;
elsewhere in the sum over all, with a fixed seed.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from copy import deepcopy
from functools import cache, lru_cache
from itertools import pairwise
from typing import Any

import numpy as np
import pytest

from sim.agents.militia import Militia
from sim.campaign import Campaign, drawn, simulate
from sim.draws import Draws
from sim.events import Event, Journal, Kind
from sim.settings.compose import compose, judge, load
from sim.settings.describe import parameters
from sim.settings.quantity import Fixed, Prior
from sim.settings.sampling import Sampler

REPLICATIONS = 30
SEED = 41
DAYS = 61
STRIKES = (Kind.AIRSTRIKE, Kind.LEADERSHIP_STRIKE)
HARMS = ("killed", "wounded", "compound", "none")

Changes = dict[str, Any]
Measure = Callable[[Journal], float]

ALONE = ["ablation=everything_optional", "timeline=none", "air_defence=none"]
BARE = compose([*ALONE, "convoys=none", "retaliation=never"])
CALM: Changes = {
    "scenario.start": "2019-05-01",
    "scenario.end": "2019-07-01",
    "militia.base_rate": 0.7,
    "militia.excitation": 0,
}
"""Two months of rockets, and nothing that would move them."""

ALWAYS: Changes = {
    **{f"retaliation.probability.{harm}": 1 for harm in HARMS},
    "retaliation.needed": 0,
    "retaliation.strike.lag_median_days": 2,
    "retaliation.strike.lag_sigma": 0.4,
    "retaliation.strike.leadership_share": 0,
}
OFF: Changes = {
    f"militia.drivers.{name}.on": False for name in ("deterrence", "backlash", "threat", "calendar")
}
DEADLY: Changes = {
    "casualties.coalition_deaths_small": 0.1,
    "casualties.coalition_deaths_large": 0.1,
    "casualties.iraqi_deaths": 0.1,
    "casualties.civilian_deaths": 0.1,
}


def guns(site: str, day: str | None = None) -> Changes:
    """A battery at a site, standing from a day on."""
    battery = {"site": site, "against": "rockets", "fielded": day, "source": "test"}
    return {f"air_defence.batteries.{site}_guns": battery}


def mark(name: str, kind: str, day: str, known: str | None = None) -> Changes:
    told = {"kind": kind, "day": day, "known_from": known or day}
    return {f"timeline.marks.{name}": {**told, "side": "us", "text": "t", "source": "test"}}


def sampler(changes: Changes) -> Sampler:
    tree = deepcopy(BARE)
    for key, value in changes.items():
        *path, last = key.split(".")
        node = tree
        for part in path:
            node = node[part]
        node[last] = deepcopy(value)
    return Sampler(judge(tree))


def journals(*parts: Changes) -> list[Journal]:
    """Thirty replications of the calm scenario with these changes."""
    merged = {name: value for part in (CALM, *parts) for name, value in part.items()}
    return _journals(json.dumps(merged))


@lru_cache(maxsize=6)
def _journals(changes: str) -> list[Journal]:
    ready = sampler(json.loads(changes))
    return [simulate(ready, SEED, replication) for replication in range(REPLICATIONS)]


def count(*kinds: Kind) -> Measure:
    return lambda journal: len(journal.where(*kinds))


def total(name: str, *kinds: Kind) -> Measure:
    chosen = kinds or (Kind.ROCKET_ATTACK,)
    return lambda journal: sum(getattr(event, name) or 0 for event in journal.where(*chosen))


def share(name: str, value: object, kind: Kind = Kind.LAUNCH) -> Measure:
    """How many events of a kind have this value in this field."""
    return lambda journal: sum(getattr(event, name) == value for event in journal.where(kind))


def between(start: float, end: float, kind: Kind = Kind.LAUNCH) -> Measure:
    return lambda journal: sum(start <= event.time < end for event in journal.where(kind))


def values(measure: Measure, *parts: Changes) -> np.ndarray:
    return np.array([measure(journal) for journal in journals(*parts)], dtype=float)


def rises(measure: Measure, low: Changes, high: Changes, *base: Changes) -> bool:
    """In no replication less, in all together more."""
    less, more = values(measure, *base, low), values(measure, *base, high)
    return bool((less <= more).all() and less.sum() < more.sum())


def rises_in_sum(measure: Measure, low: Changes, high: Changes, *base: Changes) -> bool:
    """In all replications together more, by at least a tenth."""
    return bool(values(measure, *base, low).sum() * 1.1 < values(measure, *base, high).sum())


def same(one: Changes, two: Changes, *base: Changes) -> bool:
    """Equal to the last event: what is switched off isn't felt."""
    return journals(*base, one) == journals(*base, two)


def ids(journal: Journal, kind: Kind = Kind.LAUNCH) -> set[str]:
    return {event.id for event in journal.where(kind)}


ROCKETS = count(Kind.LAUNCH)

# -- tempo -------------------------------------------------------------------------------


def test_a_higher_base_rate_adds_attacks_and_takes_none_away() -> None:
    low, high = journals({"militia.base_rate": 0.4}), journals({"militia.base_rate": 0.8})
    assert all(ids(a) <= ids(b) for a, b in zip(low, high, strict=True))
    assert rises(ROCKETS, {"militia.base_rate": 0.4}, {"militia.base_rate": 0.8})


def test_more_excitation_adds_attacks_and_takes_none_away() -> None:
    low, high = {"militia.excitation": 0.1}, {"militia.excitation": 0.6}
    pairs = zip(journals(low), journals(high), strict=True)
    assert all(ids(a) <= ids(b) for a, b in pairs)
    assert rises(ROCKETS, low, high)


def test_without_excitation_its_decay_is_not_felt() -> None:
    assert same({"militia.decay_days": 2}, {"militia.decay_days": 40})
    fast, slow = {"militia.decay_days": 2}, {"militia.decay_days": 60}
    assert rises_in_sum(ROCKETS, slow, fast, {"militia.excitation": 0.6})


TRUCE = mark("calm", "truce", "2019-05-15")
BREAK = mark("calm_ends", "truce_break", "2019-06-05")
LOW = {"militia.truce.factor": 0.2}
IN_FORCE = between(14, 35)


def test_a_truce_lowers_attacks_while_it_lasts() -> None:
    assert rises(IN_FORCE, {**TRUCE, **BREAK}, {}, LOW)
    assert values(between(0, 14), LOW, TRUCE, BREAK).sum() == values(between(0, 14), LOW).sum()


def test_a_truce_break_ends_the_truce() -> None:
    after = between(35, DAYS)
    assert rises(after, TRUCE, {**TRUCE, **BREAK}, LOW)
    assert (values(after, LOW, TRUCE, BREAK) == values(after, LOW)).all()


def test_a_truce_that_binds_less_lowers_less() -> None:
    loose = {"militia.truce.factor": 0.7}
    assert rises(IN_FORCE, LOW, loose, TRUCE)
    assert same(LOW, loose)  # and without a truce its factor is not felt


def test_a_truce_break_ends_a_truce_under_which_nobody_fires() -> None:
    silent = {"militia.truce.factor": 0}
    after = between(35, DAYS)
    assert (values(after, silent, TRUCE, BREAK) == values(after, silent)).all()


def driver(name: str, size: float, on: bool = True) -> Changes:
    numbers = {"on": on, "size": size, "half_life_days": 30, "cap": 3}
    return {f"militia.drivers.{name}": numbers}


THREAT = mark("warning", "threat", "2019-05-20")
AFTER_THREAT = between(19, DAYS)


def test_a_feared_threat_lowers_attacks_after_it() -> None:
    assert rises(AFTER_THREAT, driver("threat", -1.5), driver("threat", 0), THREAT)
    assert rises(AFTER_THREAT, driver("threat", 0), driver("threat", 1), THREAT)
    before = between(0, 19)
    feared, not_feared = driver("threat", -1.5), driver("threat", 0)
    assert (values(before, THREAT, feared) == values(before, THREAT, not_feared)).all()


def test_a_threat_that_lasts_lowers_more() -> None:
    short = {"militia.drivers.threat.half_life_days": 3}
    long = {"militia.drivers.threat.half_life_days": 90}
    assert rises(AFTER_THREAT, long, short, THREAT, driver("threat", -1.5))


def test_a_threat_is_capped() -> None:
    low, high = {"militia.drivers.threat.cap": 0.3}, {"militia.drivers.threat.cap": 3}
    assert rises(AFTER_THREAT, high, low, THREAT, driver("threat", -1.5))


def test_a_threat_switched_off_is_not_felt() -> None:
    assert same(driver("threat", -3, on=False), driver("threat", 3, on=False), THREAT)
    assert same(driver("threat", -3), driver("threat", 3))  # nor one that nobody makes


def test_a_threat_announced_early_is_not_felt_before_it_is_made() -> None:
    early = mark("warning", "threat", "2019-06-20", known="2019-05-01")
    before = between(0, 50)
    changes = {**driver("threat", -1.5), "militia.drivers.threat.half_life_days": 5}
    assert (values(before, changes, early) == values(before)).all()


VISIT = mark("visit", "calendar_mark", "2019-06-01", known="2019-05-01")


def calendar(size: float, on: bool = True) -> Changes:
    numbers = {"on": on, "size": size, "lead_days": 10, "lag_days": 5}
    return {"militia.drivers.calendar": numbers}


def test_a_calendar_mark_moves_the_tempo_inside_its_window_only() -> None:
    """On day 31, ten days ahead and five behind: from day 21 to day 36."""
    inside = between(21, 36)
    assert rises(inside, calendar(0), calendar(1), VISIT)
    assert rises(inside, calendar(-1), calendar(0), VISIT)
    for outside in (between(0, 21), between(36, DAYS)):
        assert (values(outside, VISIT, calendar(1)) == values(outside, VISIT, calendar(0))).all()


def test_a_calendar_mark_is_not_felt_before_it_is_known() -> None:
    late = mark("visit", "calendar_mark", "2019-06-01", known="2019-05-28")
    assert rises(between(21, 36), late, VISIT, calendar(1.5))
    before = between(0, 27)
    assert (values(before, late, calendar(1.5)) == values(before, late, calendar(0))).all()


def test_longer_windows_of_a_mark_are_felt_longer() -> None:
    lead = {"militia.drivers.calendar.lead_days": 30}
    lag = {"militia.drivers.calendar.lag_days": 25}
    assert rises(between(0, 21), {}, lead, VISIT, calendar(1))
    assert rises(between(36, DAYS), {}, lag, VISIT, calendar(1))


def test_a_calendar_switched_off_is_not_felt() -> None:
    assert same(calendar(-3, on=False), calendar(3, on=False), VISIT)


@pytest.mark.parametrize(("name", "sign"), [("deterrence", -1), ("backlash", 1)])
def test_strikes_move_the_tempo_through_each_driver(name: str, sign: int) -> None:
    """Deterrence takes attacks away, backlash adds them, and either leaves those before."""
    felt, unfelt = driver(name, 1.2 * sign), driver(name, 0)
    low, high = (felt, unfelt) if sign < 0 else (unfelt, felt)
    assert rises_in_sum(ROCKETS, low, high, OFF, ALWAYS)
    pairs = zip(journals(OFF, ALWAYS, felt), journals(OFF, ALWAYS, unfelt), strict=True)
    for moved, unmoved in pairs:
        first = moved.where(*STRIKES)[0].time
        early = [[e for e in j if e.time < first] for j in (moved, unmoved)]
        assert early[0] == early[1]


@pytest.mark.parametrize("name", ["deterrence", "backlash"])
def test_a_driver_of_strikes_switched_off_is_not_felt(name: str) -> None:
    assert same(driver(name, -2, on=False), driver(name, 2, on=False), OFF, ALWAYS)


@pytest.mark.parametrize("name", ["deterrence", "backlash"])
def test_without_strikes_their_drivers_are_not_felt(name: str) -> None:
    assert same(driver(name, -2), driver(name, 2))


def test_a_longer_backlash_adds_more() -> None:
    short, long = ({"militia.drivers.backlash.half_life_days": d} for d in (1, 30))
    assert rises_in_sum(ROCKETS, short, long, OFF, ALWAYS, driver("backlash", 1))


def test_a_tighter_cap_allows_less_backlash() -> None:
    tight, wide = ({"militia.drivers.backlash.cap": cap} for cap in (0.3, 3))
    assert rises_in_sum(ROCKETS, tight, wide, OFF, ALWAYS, driver("backlash", 1.5))


LEADERS = {"retaliation.strike.leadership_share": 1}


def test_a_leadership_strike_weighs_as_much_as_it_is_told() -> None:
    one, three = ({"militia.drivers.leadership_strength": n} for n in (0.5, 3))
    assert rises_in_sum(ROCKETS, one, three, OFF, ALWAYS, LEADERS, driver("backlash", 0.3))
    assert same(one, three, OFF, ALWAYS, driver("backlash", 0.5))  # nor is it felt otherwise


def test_a_depot_blast_adds_backlash_by_its_strength() -> None:
    rates = []
    for strength in (0.0, 0.5, 1.0, 2.0):
        changes = {**CALM, **driver("backlash", 1.0)}
        changes["militia.drivers.depot_blast_strength"] = strength
        scenario = drawn(sampler(changes), Draws(1, 0))
        campaign = Campaign(scenario, Draws(1, 1))
        (militia,) = (agent for agent in campaign.agents if isinstance(agent, Militia))
        militia.observe(Event(id="blast", time=5.0, kind=Kind.DEPOT_BLAST))
        rates.append(militia.tempo.rate(5.0))
    assert rates == pytest.approx([0.7 * np.exp(s) for s in (0.0, 0.5, 1.0, 2.0)])


FINDING: Changes = {
    "government.on": True,
    "government.capacity": 1,
    "government.arrests.rate": 0,
    "government.arrests.after_foiled": 0,
}
"""A host state that finds all that can be found, and arrests nobody."""


def test_more_foiled_attempts_and_not_an_attack_more() -> None:
    few, many = {"militia.foiled_ratio": 0.1}, {"militia.foiled_ratio": 0.9}
    assert rises(count(Kind.FOILED_ATTACK), few, many, FINDING)
    none = journals({"militia.foiled_ratio": 0}, FINDING)
    assert not any(j.where(Kind.FOILED_ATTACK) for j in none)
    for a, b in zip(none, journals(many, FINDING), strict=True):
        assert a.where(Kind.LAUNCH, Kind.ROCKET_ATTACK) == b.where(Kind.LAUNCH, Kind.ROCKET_ATTACK)


# -- convoys -----------------------------------------------------------------------------


def test_a_higher_convoy_rate_adds_convoy_attacks_and_takes_none_away() -> None:
    low, high = {"convoys.rate": 0.3}, {"convoys.rate": 1.2}
    pairs = zip(journals(low), journals(high), strict=True)
    assert all(ids(a, Kind.CONVOY_ATTACK) <= ids(b, Kind.CONVOY_ATTACK) for a, b in pairs)
    assert rises(count(Kind.CONVOY_ATTACK), low, high)
    assert values(ROCKETS, low).tolist() == values(ROCKETS, high).tolist()


def test_convoy_attacks_excite_rockets_only_where_they_are_told_to() -> None:
    apart, together = ({"convoys.excites_rockets": on} for on in (False, True))
    excitable = {"convoys.rate": 1, "militia.excitation": 0.4}
    assert rises(ROCKETS, apart, together, excitable)
    assert (
        values(ROCKETS, excitable, apart) == values(ROCKETS, excitable, {"convoys.rate": 0})
    ).all()
    assert same(apart, together, {"convoys.rate": 1})  # nor where nothing excites


@pytest.mark.parametrize("group", ["coalition", "contractor"])
def test_deadlier_convoy_attacks_kill_more(group: str) -> None:
    key = f"convoys.{group}_killed_mean"
    victims = "coalition_killed" if group == "coalition" else "civilian_killed"
    measure = total(victims, Kind.CONVOY_ATTACK)
    assert rises(measure, {key: 0.1}, {key: 1.0}, {"convoys.rate": 1})
    assert values(measure, {"convoys.rate": 1, key: 0}).sum() == 0


def test_convoy_attacks_are_claimed_as_often_as_told() -> None:
    key = "convoys.claimed_share"
    nobody = share("brand", "nobody", Kind.CONVOY_ATTACK)
    assert rises(nobody, {key: 0.9}, {key: 0.2}, {"convoys.rate": 1})
    assert values(nobody, {"convoys.rate": 1, key: 1}).sum() == 0


# -- rounds ------------------------------------------------------------------------------

ATTEMPTED: Measure = lambda journal: sum(  # noqa: E731
    launch.unfired + launch.fired for launch in journal.where(Kind.LAUNCH)
)
LARGE_ONES: Measure = lambda journal: sum(  # noqa: E731
    launch.unfired + launch.fired >= 10 for launch in journal.where(Kind.LAUNCH)
)


@pytest.mark.parametrize(
    ("name", "low", "high"),
    [
        ("large_share", 0.01, 0.3),
        ("medium_share", 0.02, 0.5),
        ("small_ratio", 0.2, 0.9),
        ("large_ratio", 0.7, 0.98),
    ],
)
def test_salvos_grow_with_each_of_their_shares(name: str, low: float, high: float) -> None:
    small, large = {f"militia.salvo.{name}": low}, {f"militia.salvo.{name}": high}
    usual = {"militia.salvo.large_share": 0.1, "militia.salvo.medium_share": 0.2}
    assert rises_in_sum(ATTEMPTED, small, large, usual)


def test_a_larger_share_of_large_salvos_makes_more_large_salvos() -> None:
    low, high = ({"militia.salvo.large_share": s} for s in (0.02, 0.3))
    assert rises_in_sum(LARGE_ONES, low, high)
    assert values(LARGE_ONES, {"militia.salvo.large_share": 0}).sum() == 0


def test_more_idle_rounds_leave_fewer_in_the_air() -> None:
    low, high = {"militia.salvo.idle_share": 0.05}, {"militia.salvo.idle_share": 0.6}
    assert rises(total("impacted"), high, low)
    idle: Measure = lambda j: total("unfired")(j) + total("failed")(j)  # noqa: E731
    assert rises(idle, low, high)
    assert values(idle, {"militia.salvo.idle_share": 0}).sum() == 0


def test_idle_rounds_stay_behind_or_fail_in_the_stated_parts() -> None:
    low, high = {"militia.salvo.unfired_part": 0.1}, {"militia.salvo.unfired_part": 0.9}
    idle = {"militia.salvo.idle_share": 0.5}
    assert rises(total("unfired"), low, high, idle)
    assert rises(total("failed"), high, low, idle)


def test_heavier_rockets_come_in_their_share() -> None:
    heavy = share("weapon_class", "rocket_122mm")
    low, high = {"militia.salvo.heavy_share": 0.1}, {"militia.salvo.heavy_share": 0.6}
    assert rises(heavy, low, high)
    assert values(heavy, {"militia.salvo.heavy_share": 0}).sum() == 0


# -- intent ------------------------------------------------------------------------------


@pytest.mark.parametrize("intent", ["message", "harass", "punish"])
def test_an_intent_with_more_weight_is_chosen_more_often(intent: str) -> None:
    low, high = ({f"militia.intent.{intent}_share": s} for s in (0.1, 0.9))
    assert rises(share("intent", intent), low, high)
    assert values(share("intent", intent), {f"militia.intent.{intent}_share": 0}).sum() == 0


def test_grievance_makes_attacks_punish() -> None:
    """The backlash itself is kept from adding attacks by as much deterrence."""
    punished = share("intent", "punish")
    size = {**driver("deterrence", -1.5), **driver("backlash", 1.5)}
    none = {**driver("deterrence", 0), **driver("backlash", 0)}
    assert rises_in_sum(punished, none, size, OFF, ALWAYS)


def test_punishment_comes_in_larger_salvos() -> None:
    """Felt by attacks meant to punish, and by no other."""
    low, high = ({"militia.intent.punish_salvo": n} for n in (1, 8))
    assert rises_in_sum(ATTEMPTED, low, high, {"militia.intent.punish_share": 0.9})
    assert same(low, high, {"militia.intent.punish_share": 0})


def test_a_message_comes_in_smaller_salvos() -> None:
    low, high = ({"militia.intent.message_salvo": n} for n in (0.1, 1))
    often = {"militia.intent.message_share": 0.9, "militia.salvo.medium_share": 0.4}
    assert rises_in_sum(ATTEMPTED, low, high, often)
    assert same(low, high, {"militia.intent.message_share": 0})


@pytest.mark.parametrize(("intent", "low", "high"), [("message", 0.05, 1), ("punish", 1, 8)])
def test_lethality_follows_the_intent(intent: str, low: float, high: float) -> None:
    key, often = f"militia.intent.{intent}_lethality", {f"militia.intent.{intent}_share": 0.9}
    assert rises(HURT, {key: low}, {key: high}, DEADLY, often)
    never = {f"militia.intent.{intent}_share": 0}
    assert same({key: low}, {key: high}, DEADLY, never)


# -- harm --------------------------------------------------------------------------------

VICTIMS = [f"{g}_{h}" for g in ("coalition", "iraqi", "civilian") for h in ("killed", "wounded")]
HURT: Measure = lambda journal: sum(total(name)(journal) for name in VICTIMS)  # noqa: E731


def test_restraint_spares_people() -> None:
    assert rises(HURT, {"militia.restraint": 0.8}, {"militia.restraint": 0.1}, DEADLY)
    assert values(HURT, DEADLY, {"militia.restraint": 1}).sum() == 0


@pytest.mark.parametrize(
    ("key", "victim"),
    [
        ("coalition_deaths_small", "coalition_killed"),
        ("coalition_deaths_large", "coalition_killed"),
        ("iraqi_deaths", "iraqi_killed"),
        ("civilian_deaths", "civilian_killed"),
    ],
)
def test_each_death_rate_is_felt_by_its_own_group(key: str, victim: str) -> None:
    usual = {"militia.salvo.large_share": 0.3, "militia.restraint": 0}
    low, high = {f"casualties.{key}": 0.02}, {f"casualties.{key}": 0.3}
    assert rises_in_sum(total(victim), low, high, DEADLY, usual)
    for other in {"coalition_killed", "iraqi_killed", "civilian_killed"} - {victim}:
        measure = total(other)
        assert (values(measure, DEADLY, usual, low) == values(measure, DEADLY, usual, high)).all()


def test_more_people_exposed_more_people_hurt() -> None:
    key = "sites.classes.other_base.exposure"
    assert rises(HURT, {key: 0.2}, {key: 3}, DEADLY)
    assert values(HURT, DEADLY, {f"sites.classes.{c}.exposure": 0 for c in CLASSES}).sum() == 0


def test_more_wounded_for_each_death() -> None:
    low, high = ({"casualties.wounded_per_killed": n} for n in (1, 8))
    wounded, killed = total("civilian_wounded"), total("civilian_killed")
    steady = {"casualties.dispersion": 2, "militia.restraint": 0}
    assert rises_in_sum(wounded, low, high, DEADLY, steady)
    assert values(wounded, DEADLY, {"casualties.wounded_per_killed": 0}).sum() == 0
    deaths = [values(killed, DEADLY, steady, n).sum() for n in (low, high)]
    assert deaths[0] == pytest.approx(deaths[1], rel=0.35)  # about 150 heavy-tailed deaths


def test_dispersion_moves_the_spread_and_not_the_mean() -> None:
    """Over some 1,300 attacks; the mean's own error is a tenth under the heavier tail."""
    steady = {"militia.restraint": 0, "casualties.civilian_deaths": 0.3}
    hurt: dict[float, np.ndarray] = {}
    for shape in (0.3, 20.0):
        found = journals(DEADLY, steady, {"casualties.dispersion": shape})
        attacks = [a for journal in found for a in journal.where(Kind.ROCKET_ATTACK)]
        hurt[shape] = np.array([a.civilian_killed + a.civilian_wounded for a in attacks])
    assert hurt[0.3].mean() == pytest.approx(hurt[20.0].mean(), rel=0.25)
    assert hurt[0.3].var() > 2.0 * hurt[20.0].var()
    assert (hurt[0.3] == 0).mean() > 1.3 * (hurt[20.0] == 0).mean()


def test_more_leakers_fall_inside_the_compound() -> None:
    key = "sites.classes.embassy_zone.inside_share"
    inside = share("inside_compound", True, Kind.ROCKET_ATTACK)
    assert rises(inside, {key: 0.02}, {key: 0.5})
    assert values(inside, {key: 0}).sum() == 0


# -- defences ----------------------------------------------------------------------------

CLASSES = list(BARE["sites"]["classes"])
SITES = list(BARE["sites"]["places"])
SIRENS: Changes = {"air_defence.sirens": SITES, "air_defence.siren_share": 0.8}


def test_shelter_spares_those_who_are_warned() -> None:
    low, high = {"air_defence.shelter": 0.1}, {"air_defence.shelter": 0.9}
    assert rises(HURT, high, low, DEADLY, SIRENS)
    assert same(low, high, DEADLY)  # and nobody where no siren stands


def test_more_warnings_fewer_people_hurt() -> None:
    low, high = {"air_defence.siren_share": 0.1}, {"air_defence.siren_share": 0.9}
    sheltered = {**SIRENS, "air_defence.shelter": 0.9}
    assert rises(count(Kind.SIREN), low, high, sheltered)
    assert rises(HURT, high, low, DEADLY, sheltered)


def test_without_sirens_no_siren_sounds() -> None:
    assert values(count(Kind.SIREN), SIRENS).sum() > 500
    assert values(count(Kind.SIREN)).sum() == 0
    assert values(count(Kind.SIREN), SIRENS, {"air_defence.siren_share": 0}).sum() == 0


UNMOVED: Changes = {"militia.targeting.defence": 0, "militia.targeting.recent": 0}
GUNS: Changes = {name: battery for site in SITES for name, battery in guns(site).items()}
GOOD: Changes = {
    **GUNS,
    **UNMOVED,
    "air_defence.engage_share": 0.8,
    "air_defence.readiness": 0.9,
    "air_defence.channels": 1,
    "air_defence.service_seconds": 4,
    "air_defence.flight_seconds": 10,
    "air_defence.magazine": 1000,
    "militia.salvo.large_share": 0.2,
}
IMPACTS = total("impacted")


def test_a_battery_fielded_earlier_lets_less_through() -> None:
    fielded = [
        {k: v for site in SITES for k, v in guns(site, day).items()}
        for day in ("2019-05-05", "2019-06-05")
    ]
    share_stopped = {"air_defence.engage_share": 0.8, "air_defence.readiness": 1}
    assert rises(IMPACTS, fielded[0], fielded[1], UNMOVED, share_stopped)
    assert rises(IMPACTS, fielded[1], {}, UNMOVED, share_stopped)


@pytest.mark.parametrize(
    ("name", "worse", "better"),
    [
        ("engage_share", 0.2, 0.9),
        ("readiness", 0.3, 0.95),
        ("channels", 1, 4),
        ("service_seconds", 8, 1),
        ("flight_seconds", 2, 25),
        ("magazine", 2, 1000),
    ],
)
def test_a_better_battery_lets_less_through(name: str, worse: float, better: float) -> None:
    bad, good = {f"air_defence.{name}": worse}, {f"air_defence.{name}": better}
    assert rises_in_sum(total("intercepted"), bad, good, GOOD)
    assert values(IMPACTS, GOOD, good).sum() < values(IMPACTS, GOOD, bad).sum()
    assert same(bad, good)  # and is not felt where none stands


@pytest.mark.parametrize("name", ["engage_share", "readiness", "magazine"])
def test_a_battery_that_cannot_stops_nothing(name: str) -> None:
    useless = {f"air_defence.{name}": 0}
    assert values(total("intercepted"), GOOD, useless).sum() == 0
    assert values(count(Kind.ENGAGEMENT), GOOD, useless).sum() > 500


def test_faster_resupply_stops_more() -> None:
    slow, fast = {"air_defence.resupply_days": 30}, {"air_defence.resupply_days": 0.1}
    assert rises(total("intercepted"), slow, fast, GOOD, {"air_defence.magazine": 3})


def test_a_battery_against_missiles_engages_no_rocket() -> None:
    missiles = deepcopy(guns("balad"))
    missiles["air_defence.batteries.balad_guns"]["against"] = "state_missiles"
    assert values(count(Kind.ENGAGEMENT), guns("balad")).sum() > 0
    assert values(count(Kind.ENGAGEMENT), missiles).sum() == 0
    assert (values(IMPACTS, missiles) == values(IMPACTS)).all()


# -- targets -----------------------------------------------------------------------------


def at(*classes: str) -> Measure:
    return lambda j: sum(launch.site_class in classes for launch in j.where(Kind.LAUNCH))


FLAT: Changes = {
    **{f"militia.targeting.{name}": 0 for name in ("symbolic", "openness", "defence", "recent")},
    **{f"sites.classes.{c}.{trait}": 1 for c in CLASSES for trait in ("symbolic", "openness")},
}


@pytest.mark.parametrize("trait", ["symbolic", "openness"])
def test_a_class_with_more_of_a_trait_draws_attacks_if_the_trait_counts(trait: str) -> None:
    weight, plain = {f"militia.targeting.{trait}": 1}, {f"militia.targeting.{trait}": -1}
    richer = {f"sites.classes.airport.{trait}": 3}
    assert rises(at("airport"), {}, {**weight, **richer}, FLAT)
    assert rises(at("airport"), {**plain, **richer}, {}, FLAT)
    assert same({}, richer, FLAT)


def test_a_defended_class_is_avoided_as_far_as_defence_counts() -> None:
    avoid, seek = {"militia.targeting.defence": -2}, {"militia.targeting.defence": 2}
    fielded = guns("erbil", "2019-05-01")
    assert rises(at("erbil"), avoid, {}, FLAT, fielded)
    assert rises(at("erbil"), {}, seek, FLAT, fielded)
    assert same(avoid, seek, FLAT)  # nobody avoids what does not stand


def repeats(journal: Journal) -> int:
    classes = [attack.site_class for attack in journal.where(Kind.ROCKET_ATTACK)]
    return sum(a == b for a, b in pairwise(classes))


def test_recent_targets_are_chosen_again_or_avoided() -> None:
    """In sum: a choice moves all that follow."""
    again, avoid = {"militia.targeting.recent": 1}, {"militia.targeting.recent": -1}
    assert rises_in_sum(repeats, avoid, {}, FLAT)
    assert rises_in_sum(repeats, {}, again, FLAT)


def test_a_longer_memory_repeats_more() -> None:
    again = {"militia.targeting.recent": 0.3}
    short, long = ({"militia.targeting.memory_days": d} for d in (0.5, 60))
    assert rises_in_sum(repeats, short, long, FLAT, again)
    assert same(short, long, FLAT)


def test_a_site_that_closes_leaves_its_attacks_to_the_others() -> None:
    """Every attack of the full set still happens, somewhere else."""
    closed = {"sites.places.baghdad_airport.closed": "2019-05-20"}
    for full, less in zip(journals(FLAT), journals(FLAT, closed), strict=True):
        assert ids(full) == ids(less)
        late = [launch for launch in less.where(Kind.LAUNCH) if launch.time >= 19.0]
        assert not any(launch.site == "baghdad_airport" for launch in late)
    assert rises(at("airport"), closed, {}, FLAT)
    assert rises_in_sum(at("erbil", "commercial", "embassy_zone"), {}, closed, FLAT)


def test_a_site_that_opens_later_is_hit_later() -> None:
    opened = {"sites.places.baghdad_airport.opened": "2019-06-01"}
    for journal in journals(FLAT, opened):
        early = [launch for launch in journal.where(Kind.LAUNCH) if launch.time < 31.0]
        assert not any(launch.site == "baghdad_airport" for launch in early)
    assert 0 < values(at("airport"), FLAT, opened).sum() < values(at("airport"), FLAT).sum()


def test_a_heavier_site_takes_more_of_its_class() -> None:
    key, there = "sites.places.basmaya.weight", share("site", "basmaya")
    assert rises(there, {key: 0.1}, {key: 5})
    assert values(there, {key: 0}).sum() == 0
    assert (values(at("training_base"), {key: 0.1}) == values(at("training_base"), {key: 5})).all()


# -- cells and claims --------------------------------------------------------------------

CELLS = list(BARE["militia"]["cells"])


def fronts(front_share: float) -> Changes:
    return {f"militia.cells.{cell}.front_share": front_share for cell in CELLS}


def test_a_larger_share_makes_a_cell_act_more_often() -> None:
    key, acts = "militia.cells.badr.share", share("actor", "badr")
    assert rises(acts, {key: 0.1}, {key: 3})
    assert values(acts, {key: 0}).sum() == 0


def test_more_fronts_more_claims() -> None:
    assert rises(share("brand", "nobody"), fronts(0.8), fronts(0.1))
    assert values(share("brand", "nobody"), fronts(1)).sum() == 0


# -- retaliation -------------------------------------------------------------------------

DECISIONS = count(Kind.DECISION)
FIRST_DECISION: Measure = lambda journal: min(  # noqa: E731
    (decision.time for decision in journal.where(Kind.DECISION)), default=DAYS
)


@pytest.mark.parametrize("harm", HARMS)
def test_each_harm_class_is_answered_by_its_own_probability(harm: str) -> None:
    only = {f"retaliation.probability.{other}": 0 for other in HARMS}
    policy = {**ALWAYS, **only, f"retaliation.probability.{harm}": 1}
    usual = {"sites.classes.embassy_zone.inside_share": 0.3, "militia.restraint": 0}
    answered = 0
    for journal in journals(OFF, DEADLY, usual, policy):
        by_id = {event.id: event for event in journal}
        for decision in journal.where(Kind.DECISION):
            answered += 1
            assert worst(by_id[decision.cause]) == harm
    assert answered > 10


def worst(attack: Event) -> str:
    if attack.coalition_killed:
        return "killed"
    if attack.coalition_wounded:
        return "wounded"
    return "compound" if attack.inside_compound else "none"


def test_a_more_probable_answer_comes_no_later() -> None:
    low, high = ({"retaliation.probability.none": p} for p in (0.1, 0.8))
    assert rises(FIRST_DECISION, high, low, OFF, {**ALWAYS, "retaliation.probability.none": 0})
    assert rises_in_sum(count(*STRIKES), low, high, OFF, ALWAYS)


SLOW: Changes = {
    **ALWAYS,
    "attribution.initial": 0.3,
    "attribution.growth_days": 5,
    "attribution.front_ceiling": 0.9,
    "retaliation.needed": 0.6,
    "retaliation.patience_days": 60,
}


@pytest.mark.parametrize(
    ("name", "sooner", "later"),
    [
        ("attribution.initial", 0.5, 0.1),
        ("attribution.growth_days", 1, 12),
        ("attribution.front_ceiling", 1, 0.62),
        ("retaliation.needed", 0.4, 0.85),
    ],
)
def test_strikes_wait_for_attribution(name: str, sooner: float, later: float) -> None:
    soon, late = {name: sooner}, {name: later}
    assert rises(FIRST_DECISION, soon, late, OFF, SLOW, fronts(1))
    assert same(soon, late, OFF, SLOW, {f"retaliation.probability.{harm}": 0 for harm in HARMS})


def test_fronts_put_strikes_off_and_a_low_ceiling_stops_them() -> None:
    low_ceiling = {"attribution.front_ceiling": 0.5}
    assert rises(FIRST_DECISION, fronts(0), fronts(1), OFF, SLOW)
    assert rises_in_sum(DECISIONS, fronts(0.8), fronts(0), OFF, SLOW, low_ceiling)
    assert values(DECISIONS, OFF, SLOW, low_ceiling, fronts(1)).sum() == 0


def test_an_attack_is_let_pass_when_patience_ends_first() -> None:
    """Unclaimed attacks take 4.04 days here."""
    short, long = ({"retaliation.patience_days": d} for d in (4.0, 4.1))
    assert values(DECISIONS, OFF, SLOW, fronts(0), short).sum() == 0
    assert values(DECISIONS, OFF, SLOW, fronts(0), long).sum() > 100


@pytest.mark.parametrize(("leaders", "kind"), [(0, Kind.AIRSTRIKE), (1, Kind.LEADERSHIP_STRIKE)])
def test_strikes_fall_on_depots_or_leaders_as_told(leaders: float, kind: Kind) -> None:
    policy = {**ALWAYS, "retaliation.strike.leadership_share": leaders}
    kinds = {strike.kind for j in journals(OFF, policy) for strike in j.where(*STRIKES)}
    assert kinds == {kind}


def test_a_longer_lag_leaves_fewer_strikes() -> None:
    short, long = ({"retaliation.strike.lag_median_days": d} for d in (1, 10))
    assert rises(count(*STRIKES), long, short, OFF, ALWAYS)


def test_a_wider_lag_moves_strikes_and_not_the_first_decision() -> None:
    narrow, wide = ({"retaliation.strike.lag_sigma": s} for s in (0.1, 1.5))
    spread = [
        np.std(
            [
                np.log(d.due - d.time)
                for j in journals(OFF, ALWAYS, s)
                for d in j.where(Kind.DECISION)
            ]
        )
        for s in (narrow, wide)
    ]
    assert spread == pytest.approx([0.1, 1.5], rel=0.15)
    first = [values(FIRST_DECISION, OFF, ALWAYS, s).tolist() for s in (narrow, wide)]
    assert first[0] == first[1]


@pytest.mark.parametrize("group", ["militia", "iraqi"])
def test_heavier_strikes_kill_more(group: str) -> None:
    key = f"retaliation.strike.{group}_killed_mean"
    measure = total(f"{group}_killed", *STRIKES)
    assert rises(measure, {key: 0.5}, {key: 20}, OFF, ALWAYS)
    assert values(measure, OFF, ALWAYS, {key: 0}).sum() == 0


def test_strikes_wound_as_many_as_told() -> None:
    key = "retaliation.strike.wounded_per_killed"
    measure = total("militia_wounded", *STRIKES)
    assert rises_in_sum(measure, {key: 0.5}, {key: 5}, OFF, ALWAYS)


# -- the host state ----------------------------------------------------------------------

ARRESTS: Changes = {
    "government.on": True,
    "government.capacity": 1,
    "government.will": 1,
    "government.arrests.rate": 0.5,
    "government.arrests.fear": 0,
    "government.arrests.hold_days": 5,
    "government.arrests.release_probability": 0.5,
    "government.arrests.salaried_cover": 0,
    "government.arrests.intimidation_probability": 0.5,
}


def caused(kind: Kind, by: Kind, subtype: str | None = None) -> Measure:
    """How many events of a kind follow from one of another."""

    def measure(journal: Journal) -> int:
        of = {event.id: event.kind for event in journal}
        found = [e for e in journal.where(kind) if subtype in (None, e.subtype)]
        return sum(of[event.cause] is by for event in found)

    return measure


def released(threat: float, threatened: bool) -> float:
    """The share of releases among cases that are open for two days, threatened or not."""
    cases: list[bool] = []
    for journal in journals(ARRESTS, {"government.arrests.threat_release": threat}):
        walked = {release.cause for release in journal.where(Kind.RELEASE)}
        feared = {fear.cause for fear in journal.where(Kind.INTIMIDATION)}
        held = [a for a in journal.where(Kind.ARREST) if a.time + 2.0 < a.due < DAYS]
        cases += [a.id in walked for a in held if (a.id in feared) is threatened]
    assert len(cases) > 250
    return sum(cases) / len(cases)


def test_threats_to_officers_bring_releases() -> None:
    """Odds of 1 rise to e³; some 280 cases a side, so that 0.15 is five standard errors."""
    assert released(3.0, threatened=False) == pytest.approx(0.5, abs=0.15)
    assert released(3.0, threatened=True) == pytest.approx(0.95, abs=0.07)
    assert released(0.0, threatened=True) == pytest.approx(0.5, abs=0.15)
    more, none = ({"government.arrests.threat_release": size} for size in (3, 0))
    assert rises(count(Kind.RELEASE), none, more, ARRESTS)
    unfelt = {**ARRESTS, "government.arrests.intimidation_probability": 0}
    assert same(none, more, unfelt)  # where nobody threatens


def test_only_the_released_burn_an_image() -> None:
    fear, image = Kind.INTIMIDATION, "burned_image"
    assert values(caused(fear, Kind.RELEASE, image), ARRESTS).sum() > 50
    assert values(caused(fear, Kind.ARREST, image), ARRESTS).sum() == 0
    assert values(caused(fear, Kind.ARREST, "officers_threatened"), ARRESTS).sum() > 50
    tried = {"government.arrests.release_probability": 0, "government.arrests.threat_release": 0}
    kept = journals(ARRESTS, tried)
    subtypes = {event.subtype for journal in kept for event in journal.where(fear)}
    assert subtypes == {"officers_threatened"}


# -- observation -------------------------------------------------------------------------


def reports(kind: Kind, start: float = 0.0, end: float = 1e9) -> Measure:
    """Reports of attacks of a kind that were made within some days."""

    def measure(journal: Journal) -> int:
        made = {event.id for event in journal.where(kind) if start <= event.time < end}
        return sum(report.cause in made for report in journal.where(Kind.REPORT))

    return measure


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("rocket", Kind.ROCKET_ATTACK),
        ("convoy", Kind.CONVOY_ATTACK),
        ("foiled", Kind.FOILED_ATTACK),
    ],
)
def test_each_kind_is_detected_by_its_own_share(name: str, kind: Kind) -> None:
    key, busy = f"observers.{name}_detection", {**FINDING, "convoys.rate": 1}
    busy["militia.foiled_ratio"] = 0.5
    assert rises(reports(kind), {key: 0.2}, {key: 0.9}, busy)
    assert values(reports(kind), busy, {key: 0}).sum() == 0
    for other in {Kind.ROCKET_ATTACK, Kind.CONVOY_ATTACK, Kind.FOILED_ATTACK} - {kind}:
        unmoved = [values(reports(other), busy, {key: d}).tolist() for d in (0.2, 0.9)]
        assert unmoved[0] == unmoved[1]


def test_holes_hide_rocket_attacks_inside_them_only() -> None:
    """June 2019 is days 31 to 61; convoy attacks are not thinned by a hole."""
    hole = {"observers.holes": ["2019-06"], "observers.rocket_detection": 1, "convoys.rate": 1}
    low, high = {"observers.hole_detection": 0.1}, {"observers.hole_detection": 0.9}
    assert rises(reports(Kind.ROCKET_ATTACK, 31, 61), low, high, hole)
    for elsewhere in (reports(Kind.ROCKET_ATTACK, 0, 31), reports(Kind.CONVOY_ATTACK)):
        assert (values(elsewhere, hole, low) == values(elsewhere, hole, high)).all()
    assert same(low, high, {**hole, "observers.holes": []})


def test_longer_delays_report_later() -> None:
    def delay(journal: Journal) -> float:
        made = {event.id: event.time for event in journal}
        early = [r for r in journal.where(Kind.REPORT) if made[r.cause] < 30.0]
        return sum(report.time - made[report.cause] for report in early)

    seen = {"observers.rocket_detection": 1, "observers.delay_sigma": 0.3}
    short, long = ({"observers.delay_median_hours": h} for h in (1, 48))
    assert rises(delay, short, long, seen)


def test_a_wider_delay_spreads_reports() -> None:
    seen = {"observers.rocket_detection": 1, "observers.delay_median_hours": 5}
    spread = []
    for sigma in (0.2, 1.2):
        logs = []
        for journal in journals(seen, {"observers.delay_sigma": sigma}):
            made = {event.id: event.time for event in journal}
            logs += [np.log(r.time - made[r.cause]) for r in journal.where(Kind.REPORT)]
        spread.append(np.std(logs))
    assert spread == pytest.approx([0.2, 1.2], rel=0.1)


# -- every parameter ---------------------------------------------------------------------

EVERYTHING: Changes = {
    **CALM,
    **DEADLY,
    **SIRENS,
    **guns("balad"),
    **guns("embassy"),
    **mark("warning", "threat", "2019-05-10"),
    **mark("second_warning", "threat", "2019-05-11"),
    **mark("last_warning", "threat", "2019-05-12"),
    **mark("calm", "truce", "2019-05-20"),
    **mark("calm_ends", "truce_break", "2019-05-30"),
    **mark("visit", "calendar_mark", "2019-06-15", known="2019-05-01"),
    "militia.excitation": 0.3,
    "militia.drivers.threat.size": -1.2,
    "militia.salvo.large_share": 0.2,
    "air_defence.magazine": 4,
    "convoys.rate": 1,
    "convoys.coalition_killed_mean": 0.3,
    "sites.classes.embassy_zone.inside_share": 0.3,
    "observers.holes": ["2019-06"],
    "retaliation.needed": 0.4,
    "attribution.initial": 0.1,
    "attribution.growth_days": 4,
    "retaliation.patience_days": 20,
    "retaliation.probability": {harm: 0.5 for harm in HARMS},
    "retaliation.attempt": 0.5,
    "retaliation.strike.lag_median_days": 2,
    "retaliation.strike.leadership_share": 0.3,
}
"""A scenario in which every mechanism has something to do."""


def driven(name: str, size: float) -> Changes:
    return {
        f"militia.drivers.{name}.on": True,
        f"militia.drivers.{name}.size": size,
        f"militia.drivers.{name}.cap": 2,
    }


SYSTEMS: Changes = {
    **{
        key: value
        for key, value in EVERYTHING.items()
        if not key.startswith(("timeline.marks.calm", "timeline.marks.last"))
    },
    **{
        f"{name}.on": True
        for name in (
            *("threats", "drawdown", "patron", "government", "truce", "striker", "storming"),
            *("claims", "rhetoric", "sanctions", "drawdown.under_fire", "convoys.substitution"),
            *("militia.belief", "militia.stock", "militia.signals", "retaliation.count"),
            *("observers.revisions", "observers.officials", "observers.channels"),
        )
    },
    **driven("reply", 1.5),
    **driven("patron", 1.2),
    **driven("arrest", 1.2),
    **driven("withdrawal", -1.2),
    **driven("designation", 1.2),
    **driven("rhetoric", 0.8),
    **driven("denial", 1.2),
    **mark("talks", "calendar_mark", "2019-06-20", known="2019-05-08"),
    **mark("vote", "calendar_mark", "2019-06-25", known="2019-05-01"),
    **mark("staff_leave", "posture_change", "2019-05-15"),
    **mark("staff_leave_again", "posture_change", "2019-05-16"),
    "timeline.marks.talks.subtype": "dialogue",
    "timeline.marks.vote.subtype": "election",
    "timeline.marks.staff_leave.subtype": "staff_drawdown",
    "timeline.marks.staff_leave_again.subtype": "staff_drawdown",
    "sites.places.taji.closed": "2019-06-10",
    "air_defence.batteries.embassy_patriot": {
        "site": "embassy", "against": "state_missiles", "fielded": None, "source": "test",
    },
    "air_defence.false_alarms": 0.2,
    "convoys.excites_rockets": False,
    "militia.stock.start": 120,
    "militia.stock.scarce": 60,
    "militia.belief.caution": 2,
    "militia.foiled_ratio": 0.5,
    "patron.missiles.probability": 0.8,
    "patron.missiles.sites": ["embassy", "balad"],
    "patron.resupply_rate": 0.05,
    "threats.warning_probability": 0.5,
    "threats.deadline_days": 8,
    "threats.closure.attacks": 2,
    "threats.closure.execution": 0.3,
    "government.arrests.rate": 0.2,
    "retaliation.count.attacks": 3,
    "retaliation.after_storming": 0.8,
    "retaliation.strike.militia_killed_mean": 20,
    "retaliation.strike.leadership_share": 0.3,
    "sanctions.rate": 0.03,
    "storming.probability": 0.9,
    "storming.killed": 2,
    "striker.rate": 0.05,
    "truce.offer_rate": 0.05,
    "rhetoric.rate": 0.1,
    "rhetoric.ultimatum_share": 0.3,
    "claims.false_rate": 0.05,
}  # fmt: skip
"""A scenario in which every system of the articles has something to do."""

GRADED: Changes = {
    **SYSTEMS,
    "retaliation.grades.on": True,
    "retaliation.grades.depots": 1,
    "scenario.end": "2020-05-01",
    "militia.base_rate": 0.03,
    "militia.excitation": 0,
}
"""A year of few attacks, with answers that grow and are forgotten."""

LONE = {s["site_class"]: k for k, s in BARE["sites"]["places"].items()}
IDLE = {
    # the only site of its class has all of its weight
    **{
        f"sites.places.{key}.weight": "the only open site of its class"
        for site_class, key in LONE.items()
        if sum(s["site_class"] == site_class for s in BARE["sites"]["places"].values()) == 1
    },
}


def quantities() -> Iterator[tuple[str, float, float]]:
    """Every quantity's key with two values of it that lie well apart."""
    settings = sampler_settings()
    for parameter in parameters(settings):
        prior: Any = settings
        for part in parameter.key.split("."):
            prior = prior[part] if isinstance(prior, dict) else getattr(prior, part)
        assert isinstance(prior, Prior)
        low, high = (prior.quantile(u, parameter.low, parameter.high) for u in (0.1, 0.9))
        if isinstance(prior, Fixed):
            low, high = prior.value, (prior.value or 0.3 * min(parameter.high, 1.0)) * 0.5
        yield parameter.key, low, high


def sampler_settings() -> Any:
    return load([*ALONE, "retaliation=historical"])


@pytest.mark.parametrize(("key", "low", "high"), list(quantities()))
def test_every_parameter_is_felt_somewhere(key: str, low: float, high: float) -> None:
    """Nothing that can be configured is dead, but for what is named here with its reason."""
    scenarios = (EVERYTHING, SYSTEMS, GRADED) if key not in IDLE else (EVERYTHING,)
    assert felt(key, low, high, scenarios) == (key not in IDLE)


def felt(key: str, low: float, high: float, scenarios: Sequence[Changes]) -> bool:
    """Whether two values of a key ever make a difference; each scenario is tried in turn."""

    @cache
    def pair(number: int) -> list[Sampler]:
        return [sampler({**scenarios[number], key: value}) for value in (low, high)]

    return any(
        simulate(pair(number)[0], SEED, replication) != simulate(pair(number)[1], SEED, replication)
        for replication in range(REPLICATIONS if key not in IDLE else 3)
        for number in range(len(scenarios))
    )


def test_the_scenario_of_everything_has_everything_in_it() -> None:
    kinds = {e.kind for r in range(30) for e in simulate(sampler(SYSTEMS), SEED, r)}
    assert set(Kind) - kinds == {Kind.SITE_OPENED, Kind.CONTEXT}
    kinds = {e.kind for r in range(10) for e in simulate(sampler(EVERYTHING), SEED, r)}
    assert kinds >= {
        *(Kind.LAUNCH, Kind.ROCKET_ATTACK, Kind.CONVOY_ATTACK, Kind.SIREN),
        *(Kind.ENGAGEMENT, Kind.DECISION, Kind.REPORT, Kind.THREAT, Kind.TRUCE, *STRIKES),
    }
