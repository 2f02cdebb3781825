"""A scenario with a past: its agents' state follows from the recorded events before it."""

from datetime import date
from math import exp

import pytest

from sim import record
from sim.campaign import Campaign, drawn, past, simulate
from sim.draws import Draws
from sim.events import Event, Journal, Kind, Side
from sim.settings.compose import load
from sim.settings.quantity import Sampler

START = date(2020, 7, 24)
FIXED = [
    "ablation=everything_optional",
    "scenario=summer_2020",
    "militia.base_rate=0.1",
    "militia.excitation=0.4",
    "militia.decay_days=10",
    "militia.drivers.deterrence.on=false",
    "militia.drivers.backlash.on=false",
    "militia.drivers.threat.on=false",
    "militia.drivers.calendar.on=false",
]


def campaign(overrides, history):
    settings = load(overrides)
    draws = Draws(1, 0)
    made = Campaign(drawn(Sampler(settings), draws), draws)
    made.live_through(past(history, START))
    return made


def agent(made, name):
    return next(a for a in made.agents if type(a).__name__ == name)


def test_tempo_at_the_start_is_the_sum_over_recorded_attacks():
    history = record.read()
    militia = agent(campaign(FIXED, history), "Militia")
    shift = (START - history.start).days
    lags = [shift - e.time for e in record.tempo(history) if e.time < shift]
    triggered = sum(0.4 / 10 * exp(-lag / 10) for lag in lags)
    assert militia.tempo.rate(0.0) == pytest.approx(0.1 + triggered, rel=1e-12)
    assert triggered > 0.04  # July's attacks still ring


def test_sites_closed_and_defended_before_the_start_are_known():
    made = campaign(FIXED, record.read())
    militia = agent(made, "Militia")
    assert {"k1", "q_west", "qaim", "nineveh", "taqaddum"} <= militia.targets.closed
    assert "basmaya" not in militia.targets.closed  # it closes on the second day
    assert agent(made, "AirDefence").batteries["embassy"].fielded


def test_no_strike_is_pending_and_nobody_acts_on_the_past():
    made = campaign(FIXED, record.read())
    assert agent(made, "USPolicy").pending is None
    assert len(made.journal) == 0


def test_a_strike_in_the_past_is_felt():
    history = record.read()
    overrides = [o for o in FIXED if "backlash" not in o] + [
        "militia.drivers.backlash.size=1",
        "militia.drivers.backlash.half_life_days=7",
    ]
    calm = agent(campaign(overrides, history), "Militia").tempo.rate(0.0)
    shift = float((START - history.start).days)
    strike = Event(id="X", time=shift - 7.0, kind=Kind.AIRSTRIKE, side=Side.US)
    struck = Journal(history.start, history.end, [*history, strike])
    felt = agent(campaign(overrides, struck), "Militia").tempo.rate(0.0)
    assert felt - calm == pytest.approx(0.1 * (exp(0.5) - 1.0), rel=1e-3)


def test_what_comes_after_the_start_changes_nothing():
    sampler, history = Sampler(load(["scenario=summer_2020"])), record.read()
    shift = float((START - history.start).days)
    poison = [
        Event(id=f"X{i}", time=shift + i, kind=kind, side=Side.US, site="taji", tempo=True)
        for i, kind in enumerate((Kind.ROCKET_ATTACK, Kind.AIRSTRIKE, Kind.TRUCE, Kind.THREAT))
    ]
    poisoned = Journal(history.start, history.end, [*history, *poison])
    for number in range(10):
        assert simulate(sampler, 1, number, history) == simulate(sampler, 1, number, poisoned)


def test_the_past_matters_to_what_follows():
    lived, unborn = Sampler(load(FIXED)), Sampler(load([*FIXED, "scenario.history=none"]))
    history = record.read()

    def attacks(sampler):
        runs = [simulate(sampler, 1, n, history) for n in range(60)]
        return sum(len(run.where(Kind.ROCKET_ATTACK)) for run in runs)

    assert attacks(lived) > attacks(unborn)


def test_a_missing_history_is_named():
    with pytest.raises(ValueError, match="needs the record's journal"):
        simulate(Sampler(load(["scenario=summer_2020"])), 1, 0)
