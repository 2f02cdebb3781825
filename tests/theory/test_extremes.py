"""Extreme cases of the systems: what must be so whatever the draws."""

from __future__ import annotations

from functools import lru_cache

import pytest

from sim.campaign import simulate
from sim.events import Event, Journal, Kind, Side
from sim.settings.compose import load
from sim.settings.sampling import Sampler

BUSY = ("scenario.end=2019-12-01", "militia.base_rate=0.6", "convoys=none")


@lru_cache(maxsize=8)
def journals(*overrides: str) -> list[Journal]:
    sampler = Sampler(load((*BUSY, *overrides)))
    return [simulate(sampler, 17, replication) for replication in range(12)]


def every(kind: Kind, *overrides: str) -> list[Event]:
    return [event for journal in journals(*overrides) for event in journal.where(kind)]


def test_perfect_attribution_decides_at_the_moment_of_the_attack() -> None:
    always = [f"retaliation.probability.{h}=1" for h in ("killed", "wounded", "compound", "none")]
    decisions = 0
    for journal in journals("attribution=perfect", "government=none", *always):
        by_id = {event.id: event for event in journal}
        for decision in journal.where(Kind.DECISION):
            cause = by_id[decision.cause]
            if decision.side == "us" and cause.kind is Kind.ROCKET_ATTACK:
                assert decision.time == cause.time
                decisions += 1
    assert decisions > 50


def test_a_state_without_reach_finds_nothing_and_arrests_nobody() -> None:
    assert every(Kind.FOILED_ATTACK, "government=weak") == []
    assert every(Kind.ARREST, "government=weak") == []
    assert every(Kind.INTIMIDATION, "government=weak") == []
    assert every(Kind.FOILED_ATTACK, "government=capable", "militia.foiled_ratio=0.5")


def claimed(*overrides: str) -> int:
    """How often a front claims what was done, or what never was."""
    attacks = [e for kind in (Kind.LAUNCH, Kind.CONVOY_ATTACK) for e in every(kind, *overrides)]
    claims = every(Kind.CLAIM, *overrides)
    return sum(attack.brand != "nobody" for attack in attacks) + len(claims)


def test_without_fronts_nobody_claims_anything() -> None:
    """Of any cell, nor on the roads, nor what never was."""
    convoys = ("convoys=network", "convoys.rate=0.5")
    assert claimed(*convoys) > 100
    assert claimed(*convoys, "ablation=no_fronts") == 0


def test_cells_under_full_control_do_as_the_patron_says() -> None:
    """Bound of their own or not: a restraining patron silences them all, as one deaf to it not."""
    obedient = (
        "patron=full_control",
        "patron.stance=-1",
        "patron.encourage_probability=0",
        "militia.drivers.patron.size=3",
        "militia.drivers.patron.cap=5",
    )
    silent = len(every(Kind.LAUNCH, *obedient))
    deaf = len(every(Kind.LAUNCH, *obedient, "patron.control_before=0", "patron.control_after=0"))
    assert silent < 0.3 * deaf


def test_cells_that_nobody_binds_fire_the_same_whatever_the_patron_wants() -> None:
    loose = [f"militia.cells.{name}.bound=0" for name in load([]).militia.cells]
    restrained, egged_on = (
        [e.id for e in every(Kind.LAUNCH, *loose, f"patron.stance={wish}")] for wish in (-1, 1)
    )
    assert restrained == egged_on
    tight = [word.replace("=0", "=1") for word in loose]
    restrained, egged_on = (
        [e.id for e in every(Kind.LAUNCH, *tight, f"patron.stance={wish}")] for wish in (-1, 1)
    )
    assert len(restrained) < len(egged_on)


def test_a_truce_that_never_breaks_holds_to_the_end() -> None:
    """And at factor zero nobody fires a rocket after it."""
    unbroken = ("truce=unbroken", "truce.offer_rate=0.5", "militia.truce.factor=0")
    held = 0
    for journal in journals(*unbroken):
        truces = journal.where(Kind.TRUCE)
        assert not journal.where(Kind.TRUCE_BREAK)
        assert len(truces) <= 1
        for truce in truces:
            held += 1
            assert all(launch.time <= truce.time for launch in journal.where(Kind.LAUNCH))
    assert held > 3


def test_a_bound_group_s_rockets_end_a_truce_at_once() -> None:
    broken = 0
    for journal in journals("truce.offer_rate=0.5", "militia.truce.factor=1"):
        by_id = {event.id: event for event in journal}
        for end in journal.where(Kind.TRUCE_BREAK):
            cause = by_id[end.cause]
            if cause.kind is Kind.ROCKET_ATTACK:
                assert cause.time == end.time
                assert cause.actor != "small_groups"
                broken += 1
    assert broken > 3


def test_where_every_site_is_closed_nobody_fires_storms_or_sounds_a_siren() -> None:
    """Nor do missiles fall, though strikes on leaders, for convoys, still have them ordered."""
    places = load([]).sites.places
    closed = [f"++sites.places.{name}.closed=2019-04-20" for name in places]
    closed += [f"++sites.places.{name}.source=test" for name in places]
    closed += [
        *("convoys=network", "convoys.rate=1", "convoys.coalition_killed_mean=1"),
        *("retaliation.probability.killed=1", "retaliation.needed=0"),
        *("retaliation.strike.leadership_share=1", "patron.missiles.probability=1"),
    ]
    kinds = (Kind.LAUNCH, Kind.ROCKET_ATTACK, Kind.EMBASSY_STORMING, Kind.SIREN)
    for kind in (*kinds, Kind.STATE_MISSILE_STRIKE):
        assert every(kind, *closed) == []
    orders = [e for e in every(Kind.DECISION, *closed) if e.side is Side.IRAN]
    assert len(orders) > 10


@pytest.mark.parametrize("shielded", [True, False])
def test_only_a_shield_against_state_missiles_stops_them(shielded: bool) -> None:
    shield = (
        "+air_defence.batteries.shield="
        "{site: balad, against: state_missiles, fielded: null, source: test}"
    )
    sure = (
        "patron.missiles={probability: 1, lag_median_days: 1, lag_sigma: 0.1, rounds: 10,"
        " stopped_share: 1, killed_mean: 5, wounded_mean: 5, dispersion: 1, sites: [balad]}",
        "retaliation.probability={killed: 1, wounded: 1, compound: 1, none: 1}",
        "retaliation.strike.leadership_share=1",
        *([shield] if shielded else []),
    )
    strikes = every(Kind.STATE_MISSILE_STRIKE, *sure)
    assert len(strikes) > 10
    assert {(s.intercepted, s.impacted) for s in strikes} == {(10, 0) if shielded else (0, 10)}
    hurt = sum((s.coalition_killed or 0) + (s.coalition_wounded or 0) for s in strikes)
    assert (hurt == 0) is shielded
    assert all(a.intercepted == 0 for a in every(Kind.ROCKET_ATTACK, *sure) if a.site == "balad")
