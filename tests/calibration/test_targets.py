"""The likelihood of where attacks fall: the simulation's own choice, for many weights at once."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from math import exp, log
from typing import Any

import numpy as np
import pytest

from calibration import blocks, plan, targets
from calibration.quantiles import Floats, quantiles, values
from calibration.replayed import lived
from calibration.targets import TargetLikelihood
from sim import record
from sim.agents.credibility import Credibility
from sim.agents.leash import Leash
from sim.agents.motives import Motives, build_tempo
from sim.agents.targeting import Targets
from sim.campaign import simulate
from sim.events import Event, Kind
from sim.settings.compose import load
from sim.settings.sampling import Sampler
from sim.settings.scenario import Scenario

WIDTH = 4
HALVINGS = 48
EVENTFUL = (
    *("militia.base_rate=0.15", "convoys=none", "observers=none", "militia.excitation=0.3"),
    *("retaliation.needed=0.2", "attribution.initial=0.9", "attribution.front_ceiling=1"),
    "retaliation.probability={killed: 0.9, wounded: 0.9, compound: 0.5, none: 0.3}",
    *("militia.signals.erbil=1.5", "militia.drivers.patron.on=false"),
)
NUISANCE = (
    *("militia.drivers.backlash.size", "militia.drivers.backlash.half_life_days"),
    *("militia.drivers.backlash.cap", "militia.drivers.depot_blast_strength"),
    "militia.drivers.leadership_strength",
)
"""What a grievance hangs on: integrated out, not listed."""


@cache
def shipped() -> Sampler:
    return Sampler(load())


@cache
def simulated() -> list[Event]:
    """Twenty months with strikes and blasts, sites that close, defences that are fielded."""
    sampler = Sampler(load(EVENTFUL))
    journal = simulate(sampler, 3, 0)
    return lived(sampler, journal, journal.start, 611.0, 0)


@cache
def recorded() -> list[Event]:
    chosen = plan.read("full")
    return blocks.data_of(chosen, blocks.settings_of(chosen), record.read()).lived[0]


def draws(seed: int, width: int = WIDTH) -> dict[str, Any]:
    known = shipped().uncertain()
    return values(known, np.random.default_rng(seed).standard_normal((width, len(known))))


def many(given: Mapping[str, Any]) -> Scenario:
    return shipped().draw(lambda key: 0.5, given=given)


def told(events: list[Event], given: Mapping[str, Any], width: int = WIDTH) -> Floats:
    return TargetLikelihood(events, many({}))(many(given), width)


# -- against the simulation --------------------------------------------------------------


def shares(choose: Callable[[float], int], classes: int) -> list[float]:
    """The chance of each class, by halving intervals of the uniform that picks it."""
    edges = [0.0]
    for place in range(classes - 1):
        low, high = 0.0, 1.0
        for _ in range(HALVINGS):
            middle = (low + high) / 2.0
            low, high = (middle, high) if choose(middle) <= place else (low, middle)
        edges.append(high)
    return np.diff([*edges, 1.0]).tolist()


def by_simulation(scenario: Scenario, events: list[Event]) -> list[list[float]]:
    """The chance of each class at each attack, as the simulation's own `Targets` chooses."""
    leaving = scenario.drawdown.leaving if scenario.drawdown.on else 0.0
    choice = Targets(scenario.militia.targeting, scenario.sites, leaving)
    leash, credibility = Leash(scenario.patron), Credibility(scenario.threats)
    tempo = build_tempo(scenario.militia)
    motives = Motives(scenario.militia, leash, credibility, scenario.drawdown, tempo)
    names, places = list(scenario.sites.classes), scenario.sites.places
    found = []
    for event in events:
        if event.kind is Kind.ROCKET_ATTACK:
            tilt = scenario.militia.signals.erbil * motives.grievance(event.time)
            pick = lambda u, at=event.time, by=tilt: names.index(  # noqa: E731
                places[choice.choose(at, u, 0.5, by)].site_class
            )
            found.append(shares(pick, len(names)))
        motives.observe(event)
        if event.kind in Targets.observes:
            choice.observe(event)
    return found


def attacks(events: list[Event]) -> list[Event]:
    return [event for event in events if event.kind is Kind.ROCKET_ATTACK]


@pytest.mark.parametrize("events", [recorded, simulated], ids=["the record", "a simulation"])
def test_classes_are_as_likely_as_the_simulation_makes_them(
    events: Callable[[], list[Event]],
) -> None:
    """log p of all attacks, for draws of all parameters."""
    happened, given = events(), draws(1, 3)
    names = list(many({}).sites.classes)
    found = told(happened, given, 3)
    for i in range(3):
        chances = by_simulation(many({k: float(v[i]) for k, v in given.items()}), happened)
        expected = sum(
            log(chance[names.index(attack.site_class)])
            for chance, attack in zip(chances, attacks(happened), strict=True)
            if attack.site_class is not None
        )
        assert found[i] == pytest.approx(expected, abs=1e-9)


def test_every_class_has_the_chance_that_the_simulation_gives_it() -> None:
    """Not only those that were attacked: at the last attack each class stands in its place."""
    happened, given = simulated(), draws(2)
    last = max(i for i, event in enumerate(happened) if event.kind is Kind.ROCKET_ATTACK)
    before = told(happened[:last], given)
    theirs = by_simulation(many({k: float(v[0]) for k, v in given.items()}), happened[: last + 1])[
        -1
    ]
    for name, chance in zip(many({}).sites.classes, theirs, strict=True):
        there = [*happened[:last], happened[last].but(site_class=name)]
        ours = np.exp(told(there, given)[0] - before[0]) if chance > 0.0 else 0.0
        assert ours == pytest.approx(chance, abs=1e-9), name
    assert sum(theirs) == pytest.approx(1.0)


def test_the_simulated_campaign_has_what_moves_a_choice() -> None:
    kinds = [event.kind for event in simulated()]
    assert {Kind.AIRSTRIKE, Kind.SITE_CLOSED, Kind.DEFENCE_FIELDED, Kind.DEPOT_BLAST} < {*kinds}
    assert len(attacks(simulated())) > 50
    assert {event.site_class for event in attacks(simulated())} >= {"erbil", "embassy_zone"}


# -- hand --------------------------------------------------------------------------------


def attack(number: int, time: float, site_class: str | None) -> Event:
    return Event(id=f"a{number}", time=time, kind=Kind.ROCKET_ATTACK, site_class=site_class)


def plain(**more: float) -> dict[str, Any]:
    """All classes alike, three of them, but for what is set."""
    known = shipped().uncertain()
    traits = {k: 0.0 for k in known if k.endswith((".symbolic", ".openness"))}
    return {**traits, **{key.replace("__", "."): value for key, value in more.items()}}


def count_open() -> int:
    scenario = many({})
    places = scenario.sites.places.values()
    return len({p.site_class for p in places if p.opened is None and p.weight > 0})


def test_classes_alike_are_equally_likely() -> None:
    one = told([attack(1, 5.0, "erbil")], plain(), 1)[0]
    assert one == pytest.approx(-log(count_open()))


def test_a_class_attacked_before_is_likelier_by_what_is_remembered() -> None:
    """0.3 an attack, halved every ten days: twenty days later a quarter of two."""
    weights = {"militia__targeting__recent": 0.3, "militia__targeting__memory_days": 10.0}
    events = [attack(1, 5.0, "erbil"), attack(2, 5.0, "erbil"), attack(3, 25.0, "erbil")]
    pull, others = exp(0.3 * 2 / 4), count_open() - 1
    second = exp(0.3) / (exp(0.3) + others)
    expected = -log(others + 1) + log(second) + log(pull / (pull + others))
    assert told(events, plain(**weights), 1)[0] == pytest.approx(expected)


def test_an_attack_of_unknown_class_says_nothing_and_leaves_no_memory() -> None:
    events = [attack(1, 5.0, "erbil"), attack(2, 7.0, "airport")]
    blank = attack(9, 6.0, None)
    given = draws(3)
    assert told([events[0], blank, events[1]], given) == pytest.approx(told(events, given))
    assert told([blank], given).tolist() == [0.0] * WIDTH
    assert told([], given).tolist() == [0.0] * WIDTH


def closing(class_name: str) -> list[Event]:
    places = many({}).sites.places
    names = [key for key, place in places.items() if place.site_class == class_name]
    return [Event(id=f"c{n}", time=1.0, kind=Kind.SITE_CLOSED, site=n) for n in names]


def test_a_class_that_is_closed_cannot_be_chosen() -> None:
    """The one that is left out makes the others likelier; an attack on it says nothing."""
    closed = closing("airport")
    one = told([*closed, attack(1, 5.0, "erbil")], plain(), 1)[0]
    assert one == pytest.approx(-log(count_open() - 1))
    assert told([*closed, attack(1, 5.0, "airport")], plain(), 1)[0] == 0.0


def test_an_attack_on_a_closed_class_is_remembered() -> None:
    """As `Targets` remembers it; a site can open again."""
    closed, given = closing("airport"), plain(militia__targeting__recent=0.4)
    again = [event.but(id="o", time=6.0, kind=Kind.SITE_OPENED) for event in closed]
    events = [*closed, attack(1, 5.0, "airport"), *again, attack(2, 7.0, "airport")]
    theirs = by_simulation(many(given), events)[-1]
    names = list(many({}).sites.classes)
    assert exp(told(events, given, 1)[0]) == pytest.approx(theirs[names.index("airport")])


# -- which quantities --------------------------------------------------------------------


def moved(key: str, given: dict[str, Any]) -> bool:
    spread = quantiles(shipped().uncertain()[key], np.linspace(0.05, 0.95, WIDTH))
    other = {**given, key: spread}
    return bool((told(simulated(), given) != told(simulated(), other)).any())


def test_everything_listed_moves_the_likelihood_and_nothing_else_does() -> None:
    """Beside what is listed, only what a grievance hangs on."""
    known, given = shipped().uncertain(), draws(4)
    listed = targets.keys(list(known))
    assert [key for key in listed if not moved(key, given)] == []
    rest = [key for key in known if key not in listed]
    width = 1 + len(rest)
    wide = {key: np.full(width, given[key][0]) for key in known}
    for i, key in enumerate(rest):
        wide[key][1 + i] = quantiles(known[key], np.array(0.97))
    found = told(simulated(), wide, width)
    assert {k for k, v in zip(rest, found[1:], strict=True) if v != found[0]} <= set(NUISANCE)
    assert moved("militia.drivers.backlash.size", given)


def test_the_score_at_the_truth_is_zero_on_average(
    campaigns: Any, off_zero: Callable[[Floats], Floats]
) -> None:
    """Within four standard errors for every weight. False alarm 0.1 % in all, fixed seeds."""
    known = list(campaigns.uncertain)
    felt = [*targets.keys(known), "militia.drivers.backlash.size"]
    scores = campaigns.scores(felt, lambda events, truth: TargetLikelihood(events, truth))
    assert np.abs(off_zero(scores)).max() < 4.0
    weighty = ("militia.targeting.recent", "militia.targeting.symbolic", "militia.signals.erbil")
    assert (scores.std(axis=0)[[felt.index(key) for key in weighty]] > 0.0).all()
