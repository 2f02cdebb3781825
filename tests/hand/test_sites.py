"""Hand: what comes down, who warns, who engages, whom it hurts, with injected uniforms."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

import pytest
import simpy

from sim.agents.agent import Agent
from sim.agents.air_defence import AirDefence, Battery, Sirens
from sim.agents.convoys import Convoys
from sim.agents.motives import STAFF
from sim.agents.sites import Sites, Toll, toll
from sim.agents.storming import Storming
from sim.campaign import drawn
from sim.clock import SECONDS_PER_DAY
from sim.draws import Draws
from sim.events import Event, Journal, Kind, Origin, Side
from sim.settings.compose import load
from sim.settings.sampling import Sampler
from sim.settings.scenario import Scenario

EXACT = [
    "sites.classes.training_base.exposure=2",
    "sites.classes.training_base.inside_share=0.25",
    "sites.classes.embassy_zone.exposure=2",
    "drawdown.staff_share=0.5",
    "casualties.coalition_deaths_small=0.1",
    "casualties.coalition_deaths_large=0.4",
    "casualties.iraqi_deaths=0",
    "casualties.civilian_deaths=0",
    "casualties.wounded_per_killed=3",
    "casualties.dispersion=1",
    "air_defence.engage_share=0.5",
    "air_defence.channels=1",
    "air_defence.service_seconds=2",
    "air_defence.flight_seconds=5",
    "air_defence.magazine=4",
    "air_defence.resupply_days=1",
    "air_defence.readiness=0.8",
    "air_defence.siren_share=0.6",
    "air_defence.shelter=0.75",
    "air_defence.false_alarms=0",
    "convoys.rate=3",
    "convoys.coalition_killed_mean=0",
    "convoys.contractor_killed_mean=0.5",
    "convoys.claimed_share=0.3",
]


@cache
def scenario() -> Scenario:
    return drawn(Sampler(load(EXACT)), Draws(1, 0))


class Injected:
    """Streams that give the uniforms they are told to, whoever asks."""

    def __init__(self, **uniforms: tuple[float, ...]) -> None:
        self.uniforms = {name.replace("__", "."): u for name, u in uniforms.items()}

    def stream(self, name: str, width: int = 8) -> Callable[..., tuple[float, ...]]:
        return lambda entity, occurrence=0: self.uniforms[name]


def launch(fired: int = 4, failed: int = 0, **fields: Any) -> Event:
    said: dict[str, Any] = {
        "id": "LR0.0.1",
        "time": 10.0,
        "kind": Kind.LAUNCH,
        "side": Side.MILITIA,
        "site": "taji",
        "site_class": "training_base",
        "region": "Baghdad",
        "intent": "harass",
        "severity": 0.5,
        "unfired": 1,
        "fired": fired,
        "failed": failed,
        "brand": "nobody",
        "actor": "badr",
        "weapon_class": "rocket_107mm",
        **fields,
    }
    return Event(**said)


SEVERITY = {"message": 0.1, "harass": 0.5, "punish": 2.0}  # half is steered away
MIDDLE = (0.5,) * 8
SAFE = (1e-9,) * 8
FIELDED = Event(
    id="f", time=0.0, kind=Kind.DEFENCE_FIELDED, subtype="rockets", actor="taji_guns", site="taji"
)


def world(agents: Callable[[Journal], list[Agent]], *posted: Event) -> Journal:
    """Agents on a journal on which these events are posted, each at its time."""
    journal, env = Journal(scenario().scenario.start), simpy.Environment()
    for agent in agents(journal):
        journal.subscribe(agent.observes, agent.observe, agent.rank)
        journal.subscribe(agent.reacts, agent.react, 100 + agent.rank)
        agent.start(env)

    def happen():  # type: ignore[no-untyped-def]
        for event in posted:
            yield env.timeout(event.time - env.now)
            journal.post(event)

    env.process(happen())
    env.run(until=100.0)
    return journal


def sites(journal: Journal, harm: tuple[float, ...]) -> Sites:
    s = scenario()
    return Sites(
        s.sites,
        s.casualties,
        s.air_defence,
        s.drawdown,
        Injected(sites__harm=harm),  # type: ignore[arg-type]
        journal,
    )


def attack(harm: tuple[float, ...], *posted: Event) -> Event:
    (found,) = world(lambda j: [sites(j, harm)], *posted).where(Kind.ROCKET_ATTACK)
    return found


# -- tolls -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("u_hurt", "u_killed", "expected"),
    [
        (0.33, 0.5, Toll(0, 0)),  # mean 2 hurt, shape 1: 1/3, 5/9, 19/27 …
        (0.34, 0.74, Toll(0, 1)),  # a quarter of the hurt die
        (0.34, 0.76, Toll(1, 0)),
        (0.56, 0.56, Toll(0, 2)),  # 9/16 and 15/16
        (0.56, 0.57, Toll(1, 1)),
        (0.56, 0.94, Toll(2, 0)),
    ],
)
def test_a_toll_by_hand(u_hurt: float, u_killed: float, expected: Toll) -> None:
    assert toll(u_hurt, u_killed, 0.5, 3.0, 1.0) == expected


def test_a_toll_where_nobody_can_be_hurt_or_nobody_survives() -> None:
    assert toll(1 - 1e-12, 0.5, 0.0, 3.0, 1.0) == Toll(0, 0)
    assert toll(0.6, 0.001, 2.0, 0.0, 1.0) == Toll(2, 0)


# -- sites -------------------------------------------------------------------------------


def test_an_undefended_site_takes_every_round_that_flies() -> None:
    found = attack(SAFE, launch(fired=4, failed=1))
    expected = launch(fired=4, failed=1).but(
        id="R0.0.1",
        kind=Kind.ROCKET_ATTACK,
        severity=None,
        intercepted=0,
        impacted=3,
        inside_compound=True,  # u = 0 lies below any share
        cause="LR0.0.1",
        origin=Origin.SIMULATED,
        tempo=True,
        **dict.fromkeys(
            [f"{g}_{h}" for g in ("coalition", "iraqi", "civilian") for h in ("killed", "wounded")],
            0,
        ),
    )
    assert found == expected


@pytest.mark.parametrize(("impacts", "bound"), [(1, 0.25), (2, 0.4375), (4, 0.68359375)])
def test_inside_the_compound_by_the_number_of_impacts(impacts: int, bound: float) -> None:
    """1 − 0.75ⁿ."""
    for u, inside in [(bound - 1e-9, True), (bound + 1e-9, False)]:
        assert attack((*SAFE[:6], u), launch(fired=impacts)).inside_compound is inside


@pytest.mark.parametrize(
    ("intent", "fired", "scale"),
    [
        ("harass", 1, 0.1),  # 1 round × exposure 2 × (1 − 0.5) × 0.1
        ("harass", 3, 0.3),
        ("message", 1, 0.02),
        ("punish", 1, 0.4),
        ("harass", 9, 0.9),
        ("harass", 10, 4.0),  # a large salvo: 0.4 each
    ],
)
def test_harm_by_severity_and_size(intent: str, fired: int, scale: float) -> None:
    """Shape 1: nobody is hurt with probability 1 / (1 + 4 · scale)."""
    nobody = 1.0 / (1.0 + 4.0 * scale)
    for u, hurt in [(nobody - 1e-9, 0), (nobody + 1e-9, 1)]:
        found = attack((u, 0.5, *MIDDLE[2:]), launch(fired=fired, severity=SEVERITY[intent]))
        assert found.coalition_killed + found.coalition_wounded == hurt


def test_a_siren_spares_by_shelter() -> None:
    """Three quarters less: scale 0.1 · 0.25."""
    siren = Event(id="WLR0.0.1", time=10.0, kind=Kind.SIREN, cause="LR0.0.1", site="taji")
    nobody = 1.0 / (1.0 + 4.0 * 0.025)
    for u, hurt in [(nobody - 1e-9, 0), (nobody + 1e-9, 1)]:
        found = attack((u, 0.5, *MIDDLE[2:]), siren, launch(fired=1))
        assert found.coalition_killed + found.coalition_wounded == hurt


@pytest.mark.parametrize(
    ("site", "site_class", "scale"),
    [("taji", "training_base", 0.1), ("embassy", "embassy_zone", 0.05)],
)
def test_staff_who_have_left_spare_the_embassy_alone(
    site: str, site_class: str, scale: float
) -> None:
    """Half of them: scale 0.1 · 0.5 there, and 0.1 at a base."""
    left = Event(id="T", time=9.0, kind=Kind.POSTURE_CHANGE, subtype=STAFF, side=Side.US)
    nobody = 1.0 / (1.0 + 4.0 * scale)
    shot = launch(fired=1, site=site, site_class=site_class)
    for u, hurt in [(nobody - 1e-9, 0), (nobody + 1e-9, 1)]:
        found = attack((u, 0.5, *MIDDLE[2:]), left, shot)
        assert found.coalition_killed + found.coalition_wounded == hurt


def test_where_all_rounds_fail_nobody_is_hurt() -> None:
    found = attack((1 - 1e-12,) * 7, launch(fired=3, failed=3))
    assert (found.impacted, found.inside_compound) == (0, False)
    assert found.coalition_killed == found.coalition_wounded == 0


def test_a_defended_site_waits_for_its_battery() -> None:
    journal = world(lambda j: [sites(j, SAFE)], FIELDED, launch(fired=4))
    assert journal.where(Kind.ROCKET_ATTACK) == []
    engaged = Event(
        id="E", time=10.5, kind=Kind.ENGAGEMENT, site="taji", cause="LR0.0.1", intercepted=3
    )
    found = attack(SAFE, FIELDED, launch(fired=4), engaged)
    assert (found.time, found.intercepted, found.impacted) == (10.5, 3, 1)


def test_a_shield_against_missiles_holds_no_rocket_up() -> None:
    shield = FIELDED.but(subtype="state_missiles", actor="taji_shield")
    assert attack(SAFE, shield, launch(fired=4)).impacted == 4


def test_each_group_s_toll_has_uniforms_of_its_own() -> None:
    """The worst luck of one group leaves the others whole, though all could be hurt alike."""
    alike = {name: 0.01 for name in ("coalition_deaths_small", "iraqi_deaths", "civilian_deaths")}
    harm = scenario().casualties.model_copy(update=alike)
    groups = ("coalition", "iraqi", "civilian")
    for n, unlucky in enumerate(groups):
        u = tuple(1.0 - 1e-6 if lane == 2 * n else 0.5 for lane in range(7))
        s, journal = scenario(), Journal(scenario().scenario.start)
        draws: Any = Injected(sites__harm=u)
        Sites(s.sites, harm, s.air_defence, s.drawdown, draws, journal).react(launch())
        (found,) = journal
        hurt = {g: getattr(found, f"{g}_killed") + getattr(found, f"{g}_wounded") for g in groups}
        assert [group for group in groups if hurt[group]] == [unlucky]


# -- storming ----------------------------------------------------------------------------


@pytest.mark.parametrize(("militia", "iraqi", "stormed"), [(9, 50, 0), (10, 0, 1)])
def test_only_dead_militiamen_bring_a_crowd(militia: int, iraqi: int, stormed: int) -> None:
    """Ten are enough; soldiers of the state beside them count for nothing."""
    sure: dict[str, float] = {"probability": 1.0, "killed": 10, "lag_median_days": 2.0}
    params, draws = scenario().storming.model_copy(update=sure), Injected(storming__choice=MIDDLE)
    strike = Event(
        id="S",
        time=10.0,
        kind=Kind.AIRSTRIKE,
        side=Side.US,
        militia_killed=militia,
        iraqi_killed=iraqi,
    )
    journal = world(
        lambda j: [Storming(params, scenario().sites, draws, j)],  # type: ignore[arg-type]
        strike,
    )
    assert [e.time for e in journal.where(Kind.EMBASSY_STORMING)] == [12.0] * stormed


# -- sirens ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("u", "site", "sounds"), [(0.59, "taji", 1), (0.61, "taji", 0), (0.1, "k1", 0)]
)
def test_a_siren_sounds_at_its_site_in_its_share(u: float, site: str, sounds: int) -> None:
    draws: Any = Injected(sirens__warning=(u,), sirens__false_alarms=(), sirens__where=())
    journal = world(
        lambda j: [Sirens(scenario().air_defence, scenario().sites.places, draws, j, 100.0)],
        launch(site=site),
    )
    found = journal.where(Kind.SIREN)
    assert len(found) == sounds
    assert all(
        (s.id, s.time, s.cause, s.site) == ("WLR0.0.1", 10.0, "LR0.0.1", site) for s in found
    )


# -- batteries ---------------------------------------------------------------------------


def engagements(luck: tuple[float, float], *posted: Event) -> list[Event]:
    draws: Any = Injected(air_defence__luck=luck)
    return world(lambda j: [AirDefence(scenario().air_defence, draws, j)], *posted).where(
        Kind.ENGAGEMENT
    )


def test_a_ready_battery_engages_what_it_can_in_time() -> None:
    """2 s a round and 5 s of flight: begun at 0, 2 and 4 s, over at 6 s; half are stopped.

    Of binomial(3, 0.5), whose bounds are 1/8, 1/2 and 7/8, 0.6 is two.
    """
    (found,) = engagements((0.79, 0.6), FIELDED, launch(fired=6, failed=1))
    assert (found.units, found.intercepted, found.cause) == (3, 2, "LR0.0.1")
    assert (found.actor, found.site) == ("taji_guns", "taji")
    assert (found.time - 10.0) * SECONDS_PER_DAY == pytest.approx(6.0, abs=1e-6)


def test_a_battery_that_is_not_ready_says_so_at_once() -> None:
    (found,) = engagements((0.81, 0.6), FIELDED, launch(fired=6))
    assert (found.units, found.intercepted, found.time) == (0, 0, 10.0)


def test_a_battery_not_yet_fielded_or_of_another_site_is_silent() -> None:
    assert engagements((0.1, 0.6), launch()) == []
    assert engagements((0.1, 0.6), FIELDED, launch(site="balad")) == []


def test_the_magazine_runs_out_and_is_filled() -> None:
    """Four in the magazine: three, then one, then none; full again a day later."""
    times = [("1", 10.0), ("2", 10.1), ("3", 10.2), ("4", 11.2)]
    salvos = [launch(fired=6, id=f"L{name}", time=time) for name, time in times]
    assert [e.units for e in engagements((0.1, 0.6), FIELDED, *salvos)] == [3, 1, 0, 3]


def test_an_attack_on_an_empty_magazine_puts_its_refilling_off_by_nothing() -> None:
    """Four engagements, filled a day after the last; and what is fired then is missed again."""
    battery = Battery(scenario().air_defence)
    battery.spend(4, 10.0)
    battery.spend(0, 10.5)
    assert [battery.loaded(time) for time in (10.9, 11.0)] == [0, 4]
    battery.spend(1, 12.0)
    assert [battery.loaded(time) for time in (12.0, 20.0)] == [3, 3]


def test_a_battery_against_missiles_lets_rockets_be() -> None:
    patriot = FIELDED.but(actor="al_asad_patriot", site="al_asad", subtype="state_missiles")
    assert engagements((0.1, 0.6), patriot, launch(site="al_asad")) == []


# -- convoys -----------------------------------------------------------------------------


def convoy_attacks(**numbers: float) -> list[Event]:
    s = scenario()
    params = s.convoys.model_copy(update=numbers)
    journal = world(lambda j: [Convoys(params, 13, s.casualties, Draws(1, 0), j, 30.0)])
    return journal.where(Kind.CONVOY_ATTACK)


def test_convoy_attacks_stand_at_their_candidates_with_their_own_marks() -> None:
    found = convoy_attacks()
    marks = Draws(1, 0).stream("convoys.marks")
    assert len(found) > 50
    assert [a.time for a in found] == sorted(a.time for a in found)
    for attack_ in found:
        cell, _, number = attack_.id.rpartition(".")
        u = marks.row(cell, int(number))
        victims = toll(u[2], u[3], 0.5, 3.0, 1.0)
        assert (attack_.civilian_killed, attack_.civilian_wounded) == victims
        assert (attack_.coalition_killed, attack_.coalition_wounded) == (0, 0)
        fronts = scenario().convoys.fronts
        brand = fronts[int(u[5] * len(fronts))] if u[4] < 0.3 else "nobody"
        assert (attack_.brand, attack_.site_class, attack_.units) == (brand, "convoy_route", 1)


def test_no_rate_no_convoy_attack() -> None:
    assert convoy_attacks(rate=0.0) == []
