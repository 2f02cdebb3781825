"""A scenario with a past: its agents' state follows from the recorded events before it."""

from datetime import date
from math import exp

import pytest
from scipy import stats

from calibration.replayed import Seen
from sim import record
from sim.campaign import simulate
from sim.events import Event, Journal, Kind, Origin, Side
from sim.history import DRAWN, FEWEST, History, hourless
from sim.replay import branch, replay
from sim.settings.compose import load
from sim.settings.experiment import Experiment
from sim.settings.sampling import Sampler
from sim.study.planning import plan

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
    return replay(Sampler(load(overrides)), 1, 0, History(history, START, 0.0))


def agent(made, name):
    return next(a for a in made.agents if type(a).__name__ == name)


def test_tempo_at_the_start_is_the_sum_over_recorded_attacks():
    history = record.read()
    made = campaign(FIXED, history)
    militia = agent(made, "Militia")
    series = {event.id for event in record.tempo(history)}
    lags = [-event.time for event in made.past if event.id in series]
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


# -- what a replication makes of ranges and blanks -----------------------------------------


CLAIMED = (Kind.ROCKET_ATTACK, Kind.CONVOY_ATTACK)
CAMPAIGN = ["scenario=historical", "militia.base_rate=0.05"]


def lives(cut, count=40, history=None):
    """The past that each replication lives through, up to a cut."""
    sampler, told = Sampler(load(CAMPAIGN)), history or record.read()
    made = History(told, told.start, cut)
    return [replay(sampler, 3, number, made).past for number in range(count)]


def test_ranges_are_drawn_within_their_ends_and_reach_both():
    k1 = [next(e for e in past if e.id == "A029") for past in lives(245.0)]
    assert {e.coalition_wounded for e in k1} == {3, 4}
    assert {e.coalition_killed for e in k1} == {1}  # no doubt about it
    taji = [next(e for e in past if e.id == "A059") for past in lives(320.0)]
    assert {e.coalition_wounded for e in taji} == {10, 11, 12, 13, 14}


def test_blanks_take_over_what_other_rows_state_and_coalition_deaths_never():
    rows = {event.id: event for event in record.read()}
    blank = {i for i, e in rows.items() if e.tempo and e.bounds("iraqi_wounded") is None}
    stated = {
        n
        for e in rows.values()
        if e.tempo and (span := e.bounds("iraqi_wounded")) is not None
        for n in range(span[0], span[1] + 1)
    }
    drawn = [e for past in lives(600.0) for e in past if e.id in blank]
    assert {e.iraqi_wounded for e in drawn} <= stated
    assert len({e.iraqi_wounded for e in drawn}) > 1
    deaths = [e for e in drawn if rows[e.id].coalition_killed is None]
    assert deaths
    assert all(e.coalition_killed is None for e in deaths)


def test_a_blank_stays_unknown_where_too_few_rows_know():
    """Before the fifth attack whose fired rounds are known, no blank is drawn."""
    told = record.read()
    known = [e.time for e in told.where(Kind.ROCKET_ATTACK) if e.bounds("fired") is not None]
    cut = sorted(known)[FEWEST - 1] - 0.1
    early = [e for past in lives(cut, 5) for e in past if e.kind is Kind.ROCKET_ATTACK]
    rows = {event.id: event for event in told}
    blank = [e for e in early if rows[e.id].bounds("fired") is None]
    assert all(e.fired is None for e in blank)


def test_imprecise_dates_are_drawn_between_their_ends():
    rows = {event.id: event for event in record.read() if event.time_low is not None}
    times = {}
    for past in lives(605.0):
        for event in past:
            if event.id in rows:
                times.setdefault(event.id, []).append(event.time)
    assert len(times) >= 5
    for name, drawn in times.items():
        assert all(rows[name].time_low <= time <= rows[name].time_high for time in drawn)
        assert len(set(drawn)) > 10
    assert all(past == sorted(past, key=lambda e: e.time) for past in lives(605.0))


def test_who_claimed_an_attack_is_drawn_where_nobody_says():
    brands = [e.brand for past in lives(300.0) for e in past if e.kind is Kind.ROCKET_ATTACK]
    assert {"nobody", "an unknown front"} <= set(brands)


def test_a_threat_without_a_deadline_stands_for_as_long_as_threats_do():
    """The closing of the embassy was threatened on 20 September 2020; no one said until when."""
    sampler, told = Sampler(load([*CAMPAIGN, "threats.deadline_days=30"])), record.read()
    made = replay(sampler, 3, 0, History(told, told.start, 510.0))
    threats = agent(made, "USThreats")
    assert threats.standing["B054"].due == 508.5 + 30.0
    assert threats.planned is None
    assert agent(made, "Government").pressed_until == 538.5
    assert agent(made, "Truce").threats["B054"] == 538.5


@pytest.mark.parametrize("share", [0.2, 0.8])
def test_fronts_claim_as_many_blank_attacks_as_the_parameters_say(share):
    """The share of the cells, of all attacks, is alike for each here; one false alarm in 10⁴."""
    words = [*CAMPAIGN, *(f"militia.cells.{c}.front_share={share}" for c in load([]).militia.cells)]
    sampler, told = Sampler(load(words)), record.read()
    history = History(told, told.start, 600.0)
    blank = {event.id for event in history.events if event.brand is None}
    pasts = [replay(sampler, 3, number, history).past for number in range(60)]
    drawn = [e.brand for past in pasts for e in past if e.id in blank and e.kind in CLAIMED]
    assert {*drawn} == {"nobody", "an unknown front"}
    low, high = stats.binom.ppf([5e-5, 1 - 5e-5], len(drawn), share)
    assert low <= drawn.count("an unknown front") <= high


@pytest.mark.parametrize(
    ("cut", "when"), [(20.0, {"time_low": 3.0, "time_high": 13.0}), (10.5, {})]
)
def test_such_a_threat_stands_from_the_day_that_was_drawn(cut, when):
    """Known to the week or so, or made at some hour of the day in whose midst the cut lies."""
    threat = Event(id="A1", time=10.0, kind=Kind.THREAT, side=Side.US, origin=Origin.REPLAYED)
    told = Journal(date(2019, 5, 1), None, [threat.but(**when)])
    sampler = Sampler(load([*CAMPAIGN, "threats.deadline_days=7"]))
    history = History(told, told.start, cut)
    pasts = [replay(sampler, 3, number, history).past for number in range(40)]
    drawn = [event for past in pasts for event in past if event.id == "A1"]
    assert len({event.time for event in drawn}) == len(drawn) > 10
    assert [e.due - e.time for e in drawn] == pytest.approx([7.0] * len(drawn))


def test_no_more_rounds_come_down_than_were_fired():
    for past in lives(600.0):
        for event in past:
            if event.fired is not None and event.impacted is not None:
                assert event.impacted <= event.fired, event


def test_recorded_strikes_count_as_answers():
    made = replay(Sampler(load(CAMPAIGN)), 3, 0, History(record.read(), date(2019, 5, 1), 320.0))
    assert agent(made, "USPolicy").answers == [242.5, 247.5, 317.5]


def test_whether_it_fell_inside_is_drawn_at_the_embassy_alone():
    rows = {event.id: event for event in record.read()}
    blank = {i for i, e in rows.items() if e.tempo and e.inside_compound is None}
    drawn = [e for past in lives(600.0) for e in past if e.id in blank]
    embassy = [e.inside_compound for e in drawn if e.site_class == "embassy_zone"]
    assert {True, False} == set(embassy)
    assert not any(e.inside_compound for e in drawn if e.site_class != "embassy_zone")
    nothing = [e.inside_compound for e in drawn if e.impacted == 0]
    assert nothing
    assert not any(nothing)


def test_the_same_replication_lives_through_the_same_past_under_any_policy():
    told = record.read()
    made = History(told, told.start, 316.0)
    pasts = [
        replay(Sampler(load([f"retaliation={policy}"])), 3, 5, made).past
        for policy in ("never", "historical")
    ]
    assert pasts[0] == pasts[1]


# -- branching -----------------------------------------------------------------------------


def test_branching_at_the_start_is_a_plain_run():
    sampler, told = Sampler(load(CAMPAIGN)), record.read()
    made = History(told, told.start, 0.0)
    for number in range(3):
        assert branch(sampler, 3, number, made).journal == simulate(sampler, 3, number)


def test_a_fork_redraws_what_happens_and_not_how_the_world_is():
    told = record.read()
    history, sampler = History(told, told.start, 560.0), Sampler(load(["scenario=historical"]))
    notes = [dict[str, float]() for _ in range(3)]
    futures = [branch(sampler, 3, 0, history, f, n).events for f, n in enumerate(notes)]
    assert notes[0] == notes[1] == notes[2] != {}
    assert futures[0] != futures[1] != futures[2]


def test_branching_at_the_end_reproduces_the_record():
    told = record.read()
    end = float((told.end - told.start).days)
    future = branch(Sampler(load(CAMPAIGN)), 3, 0, History(told, told.start, end))
    assert future.events == []
    rows = {event.id: event for event in told}
    lived = {event.id for event in future.journal if event.id in rows}
    attacks = {e.id for e in told.where(Kind.ROCKET_ATTACK) if e.tempo}
    sure = {e.id for e in told if e.time_high is None or e.time_high <= end}
    assert attacks & sure <= lived
    for event in future.journal:
        if event.id not in rows or rows[event.id].time_low is not None:
            continue
        assert event.time == rows[event.id].time
        for quantity in DRAWN:
            span = rows[event.id].bounds(quantity)
            if span is not None:
                high = span[1] if span[1] is not None else 2 * span[0]
                assert span[0] <= getattr(event, quantity) <= high


@pytest.mark.parametrize("cut", [316.0, 325.0])
def test_a_poisoned_future_changes_no_byte(cut):
    """Events after the cut, later marks, and marks not yet known: nothing can influence.

    Nor does a second claim: Taji's had come on the 15th, between the two cuts.
    """
    told = record.read()
    poison = [
        Event(id=f"X{i}", time=cut + i / 7, kind=kind, side=Side.US, site="taji", fired=30,
              coalition_killed=9, tempo=True, origin=Origin.REPLAYED)
        for i, kind in enumerate((Kind.ROCKET_ATTACK, Kind.AIRSTRIKE, Kind.TRUCE, Kind.THREAT))
    ]  # fmt: skip
    poison.append(Event(id="X", time=400.0, kind=Kind.CLAIM, cause="A059", origin=Origin.REPLAYED))
    poisoned = Journal(told.start, told.end, [*told, *poison])
    late = "{day: 2020-09-20, known_from: 2020-06-30, kind: calendar_mark, text: t, source: t}"
    plain = ["scenario.end=2020-06-30", "militia.base_rate=0.1"]
    with_mark = [*plain, f"+timeline.marks.late={late}"]
    for overrides, history in ((plain, poisoned), (with_mark, told), (with_mark, poisoned)):
        for number in range(8):
            one = branch(Sampler(load(plain)), 3, number, History(told, told.start, cut))
            two = branch(Sampler(load(overrides)), 3, number, History(history, told.start, cut))
            assert one == two


ARMS = {"given": (), "never": ("retaliation=never",)}


@pytest.mark.parametrize(
    "words",
    [
        "+timeline.marks.late={day: 2020-03-20, known_from: 2020-03-13, kind: calendar_mark,"
        " text: t, source: t}",
        "timeline.marks.dialogue_first.day=2020-05-01",
        "timeline=no_dialogue",
    ],
)
def test_a_mark_that_nobody_knew_of_at_the_cut_changes_no_byte(words):
    """Nor does its absence: a branch has what its scenario gives as far as it was known."""
    asked = Experiment(title="t", date="2020-03-12", horizon="60d", arms=ARMS)
    calendar = ["militia.base_rate=0.1", "militia.drivers.calendar.size=1"]
    told = record.read()
    plans = [plan(asked, [*calendar, *more]) for more in ((), (words,))]
    for number in range(6):
        one, two = (
            branch(Sampler(p.arms["given"]), 3, number, History(told, told.start, p.cut))
            for p in plans
        )
        assert one == two


def test_closings_and_fieldings_count_as_they_were_known_but_those_that_are_asked_about():
    asked = Experiment(title="t", date="2019-12-01", horizon="300d", arms=ARMS)

    def given(*words):
        settings = plan(asked, words).arms["given"]
        return settings.sites.places, settings.air_defence.batteries

    places, guns = given()
    end = date(2020, 9, 26)
    assert places["taji"].closed is None
    assert places["k1"].closed is None
    assert {gun.fielded for gun in guns.values() if gun.fielded} == {end}
    places, guns = given("sites.places.taji.closed=2020-05-01", "air_defence=early")
    assert places["taji"].closed == date(2020, 5, 1)
    assert places["k1"].closed is None
    assert any(gun.fielded and gun.fielded < end for gun in guns.values())


FOO = "{site: balad, against: rockets, fielded: 2020-04-20, source: t}"


@pytest.mark.parametrize(
    ("word", "dates"),
    [
        ("sites.places.taji.weight=1", {}),
        ("sites.places.taji.opened=2020-02-01", {"taji": (date(2020, 2, 1), None)}),
        ("sites.classes.airport.symbolic=1", {}),
        ("++sites.places.taji.closed=2020-05-01", {"taji": (None, date(2020, 5, 1))}),
        ("sites=consolidation_early", {"taji": (None, date(2020, 2, 23))}),
        ("air_defence.batteries.embassy_guns.site=embassy", {}),
        (
            "++air_defence.batteries.embassy_guns.fielded=2020-04-20",
            {"embassy_guns": date(2020, 4, 20)},
        ),
        (f"+air_defence.batteries.foo={FOO}", {"foo": date(2020, 4, 20)}),
        (f"air_defence.batteries={{foo: {FOO}}}", {"foo": date(2020, 4, 20)}),
    ],
)
def test_a_day_stays_where_the_question_names_it_and_no_other_key_lets_one_through(word, dates):
    asked = Experiment(title="t", date="2019-12-01", horizon="300d", arms=ARMS)
    settings = plan(asked, [word]).arms["given"]
    found = {k: (s.opened, s.closed) for k, s in settings.sites.places.items()}
    found |= {k: b.fielded for k, b in settings.air_defence.batteries.items()}
    nobody = (None, (None, None), date(2020, 9, 26))
    told = {key: day for key, day in found.items() if day not in nobody}
    assert told.items() >= dates.items()
    assert told == dates or word.startswith("sites=")


def test_a_claim_of_the_15th_is_no_brand_on_the_12th():
    told = record.read()
    taji = {
        cut: next(e for e in History(told, told.start, cut).events if e.id == "A059")
        for cut in (316.0, 320.0)
    }
    assert taji[316.0].brand is None
    assert taji[320.0].brand == next(e for e in told if e.id == "A059").brand is not None
    assert not any(e.brand for e in Seen(told, date(2020, 3, 12)) if e.id == "A059")


def test_nobody_recorded_the_hour_so_a_cut_within_a_day_is_unsure_of_it():
    """Taji was hit on the 11th of March: by 06:00 of that day in a quarter of replications."""
    share = {
        hour: sum(any(e.id == "A059" for e in past) for past in lives(315.0 + hour / 24.0, 200))
        for hour in (0, 6, 18)
    }
    assert share[0] == 0
    assert 30 <= share[6] <= 70 <= 130 <= share[18] <= 170  # 3 standard deviations and more
    for past in lives(315.75, 20):
        assert all(e.time < 315.75 for e in past)


def test_a_days_events_keep_their_order_under_a_cut_within_it():
    told = Journal(date(2020, 1, 1), None, [
        Event(id=name, time=3.5, kind=Kind.AIRSTRIKE, order=place, origin=Origin.REPLAYED)
        for place, name in ((1, "first"), (2, "second"))
    ])  # fmt: skip
    spans = {e.id: (e.time_low, e.time_high) for e in hourless([*told], 3.25)}
    assert spans == {"first": (3.0, 3.5), "second": (3.5, 4.0)}


def test_what_was_fired_in_a_recorded_past_has_been_brought_again_unseen():
    """Nobody recorded resupplies: rounds at the cut come from their prior, not from none."""
    words = [*CAMPAIGN, "militia.stock.on=true", "militia.stock.start=60"]
    made = replay(Sampler(load(words)), 3, 0, History(record.read(), date(2019, 5, 1), 316.0))
    assert agent(made, "Militia").state(316.0)["rounds at hand"] == 60


def test_a_mark_that_was_known_before_the_cut_is_known_after_it():
    mark = "{day: 2020-03-20, known_from: %s, kind: calendar_mark, text: t, source: t}"
    told = record.read()
    rates = []
    for known in ("2020-03-01", "2020-03-18"):
        overrides = [
            *CAMPAIGN,
            "militia.drivers.calendar={on: true, size: 2, lead_days: 30, lag_days: 5}",
            f"+timeline.marks.near={mark % known}",
        ]
        made = replay(Sampler(load(overrides)), 3, 0, History(told, told.start, 316.0))
        rates.append(agent(made, "Militia").tempo.rate(316.0))
    assert rates[0] > 3 * rates[1]
