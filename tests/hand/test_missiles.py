"""Hand: where the patron's missiles fall, and that nobody fires them at a base that is closed."""

from __future__ import annotations

from functools import cache
from typing import Any

import pytest
import simpy

from sim.agents.air_defence import AirDefence
from sim.agents.missiles import Missiles
from sim.campaign import drawn
from sim.draws import Draws
from sim.events import Event, Journal, Kind, Side
from sim.settings.compose import load
from sim.settings.sampling import Sampler
from sim.settings.scenario import Scenario

STRUCK = Kind.STATE_MISSILE_STRIKE
ORDERS = 40
"""Orders enough for either site: by chance all fall on one in 2 of 10¹²."""


@cache
def scenario(*more: str) -> Scenario:
    return drawn(Sampler(load(["patron.missiles.sites=[al_asad, erbil]", *more])), Draws(1, 0))


def fallen(*turns: Event, policy: tuple[str, ...] = (), kind: Kind = STRUCK) -> list[Event]:
    """What comes of forty orders for day 10, where sites open and close before or after."""
    s, env = scenario(*policy), simpy.Environment()
    journal = Journal(s.scenario.start)
    agent = Missiles(s.patron.missiles, s.sites, Draws(1, 0), journal)
    journal.subscribe(agent.observes, agent.observe, agent.rank)
    agent.start(env)
    for number in range(ORDERS):
        agent.react(order(f"order:{number}"))

    def happen():  # type: ignore[no-untyped-def]
        for turn in turns:
            yield env.timeout(turn.time - env.now)
            journal.post(turn)

    env.process(happen())
    env.run(until=20.0)
    return list(journal.where(kind))


def order(name: str) -> Event:
    told: dict[str, Any] = {"subtype": Kind.STATE_MISSILE_STRIKE, "side": Side.IRAN, "due": 10.0}
    return Event(id=name, time=0.0, kind=Kind.DECISION, **told)


def turn(kind: Kind, site: str, time: float = 5.0) -> Event:
    return Event(id=f"{site}{kind}{time}", time=time, kind=kind, side=Side.US, site=site)


def luck(number: int) -> float:
    return Draws(1, 0).stream("missiles.luck", 6)(f"order:{number}")[0]


def test_open_sites_are_chosen_by_one_uniform() -> None:
    expected = [("al_asad", "erbil")[luck(number) >= 0.5] for number in range(ORDERS)]
    assert [strike.site for strike in fallen()] == expected
    assert set(expected) == {"al_asad", "erbil"}


@pytest.mark.parametrize(("closed", "other"), [("al_asad", "erbil"), ("erbil", "al_asad")])
def test_where_one_of_two_is_closed_all_fall_on_the_other(closed: str, other: str) -> None:
    strikes = fallen(turn(Kind.SITE_CLOSED, closed))
    assert len(strikes) == ORDERS
    assert {strike.site for strike in strikes} == {other}


def test_none_fall_where_none_is_open() -> None:
    assert fallen(*(turn(Kind.SITE_CLOSED, site) for site in ("al_asad", "erbil"))) == []


def test_a_site_that_closes_later_or_opens_again_is_open() -> None:
    assert fallen(turn(Kind.SITE_CLOSED, "erbil", 11.0)) == fallen()
    again = (turn(Kind.SITE_CLOSED, "erbil"), turn(Kind.SITE_OPENED, "erbil", 6.0))
    assert fallen(*again) == fallen()


def test_a_site_that_is_yet_to_open_is_closed() -> None:
    late = ("++sites.places.erbil.opened=2019-05-09",)
    assert {strike.site for strike in fallen(policy=late)} == {"al_asad"}
    opened = fallen(turn(Kind.SITE_OPENED, "erbil", 8.0), policy=late)
    assert opened == fallen()


def test_the_closing_of_another_base_moves_nothing() -> None:
    assert fallen(turn(Kind.SITE_CLOSED, "taji")) == fallen()


def test_a_shield_engages_when_the_missiles_fall() -> None:
    shield = turn(Kind.DEFENCE_FIELDED, "al_asad").but(subtype="state_missiles", actor="shield")
    closed = turn(Kind.SITE_CLOSED, "erbil")
    struck, stopped = (fallen(shield, closed, kind=kind) for kind in (STRUCK, Kind.ENGAGEMENT))
    assert len(struck) == len(stopped) == ORDERS
    assert {event.time for event in (*struck, *stopped)} == {10.0}
    assert [e.intercepted for e in stopped] == [e.intercepted for e in struck]


def test_the_wounded_are_drawn_apart_from_the_killed() -> None:
    alike = ("patron.missiles.killed_mean=5", "patron.missiles.wounded_mean=5")
    pairs = [(e.coalition_killed, e.coalition_wounded) for e in fallen(policy=alike)]
    assert any(killed != wounded for killed, wounded in pairs)


def test_what_a_shield_fires_leaves_the_guns_of_its_site_their_rounds() -> None:
    s = scenario()
    guns = AirDefence(s.air_defence, Draws(1, 0), Journal(s.scenario.start))
    guns.observe(
        Event(id="f", time=0.0, kind=Kind.DEFENCE_FIELDED, subtype="rockets", site="erbil")
    )
    full = guns.state(1.0)["engagements left"]
    shot = Event(
        id="e", time=1.0, kind=Kind.ENGAGEMENT, site="erbil", actor="erbil_shield", units=3
    )
    guns.observe(shot)
    assert guns.state(1.0)["engagements left"] == full > 0
    guns.observe(shot.but(actor=guns.names["erbil"]))
    assert guns.state(1.0)["engagements left"] == full - 3
