"""Hand: contrasts, curves, stopping, signs and divergence, from futures made up by hand."""

from __future__ import annotations

from datetime import date
from math import inf
from random import Random
from statistics import fmean
from typing import Any

import pytest

from sim.compare.contrasts import contrast, contrasts, curves, findings, recorded
from sim.compare.divergence import divergence, tally
from sim.errors import InputError
from sim.events import Event, Journal, Kind, Origin, Side
from sim.replay import Future
from sim.settings import experiment
from sim.settings.compose import load
from sim.show import branches, divergences, tables
from sim.study import branching
from sim.study import signs as asked
from sim.study.branching import Futures, Plan, Source, Stop, half_width
from sim.study.intervals import interval
from sim.study.outcomes import MEASURES, outcome, outcomes
from sim.study.planning import between, compared, cut_of, day_of, plan, span_days
from sim.study.signs import (
    AXES,
    HOLDS,
    LEVELS,
    Draw,
    Signs,
    levels,
    moving,
    sizes,
    summed,
    swept,
    turned,
)

START = date(2019, 5, 1)


# -- what becomes of a future ---------------------------------------------------------------


def attack(name: str, time: float, **fields: Any) -> Event:
    told: dict[str, Any] = {"side": Side.MILITIA, "site_class": "training_base", "region": "x"}
    return Event(id=name, time=time, kind=Kind.ROCKET_ATTACK, **told | fields)


def strike(name: str, time: float, kind: Kind = Kind.AIRSTRIKE, cause: str | None = None) -> Event:
    return Event(id=name, time=time, kind=kind, side=Side.US, cause=cause)


def test_an_outcome_counts_what_came_after_the_cut() -> None:
    events = [
        attack("a", 9.5, coalition_killed=3),  # before
        attack("b", 10.5, coalition_killed=1, coalition_wounded=2, iraqi_killed=1),
        attack("c", 20.0, civilian_killed=2),
        strike("s", 12.0, cause="b"),
        Event(id="d", time=30.0, kind=Kind.CONVOY_ATTACK, side=Side.MILITIA, units=1),
    ]
    journal = Journal(START, date(2019, 7, 1), sorted(events, key=lambda e: e.time))
    told = outcome(Future(journal, 10.0), 61.0)
    assert (told["rocket_attacks"], told["convoy_attacks"], told["us_strikes"]) == (2, 1, 1)
    assert (told["coalition_killed"], told["coalition_wounded"]) == (1, 2)
    assert told["iraqis_killed"] == 3
    assert told["harm_blank"] == 2  # the last two say nothing of the wounded
    assert told["highest_rung"] == 8
    assert (told["days_to_seven"], told["days_to_eight"]) == (0.5, 2.0)
    assert told["path_days"][0] == 0.0
    assert (told["path_rungs"][0], max(told["path_rungs"])) == (7, 8)  # the state at the cut
    assert sum(told[f"days_on_{rung}"] for rung in range(11)) == 51
    assert (told["reaches_seven"], told["reaches_eight"], told["reaches_nine"]) == (1, 1, 0)


def exchange(last: float, *more: Event) -> Future:
    """Three strikes and three deaths within 30 days, the last of them at a time; then an attack
    ten days later."""
    deaths = [attack(f"a{i}", 11.0 + i, coalition_killed=1) for i in range(3)]
    strikes = [strike(f"s{i}", time) for i, time in enumerate((15.0, 16.0, last))]
    events = [*deaths, *strikes, attack("late", last + 10.0, coalition_wounded=1), *more]
    events.sort(key=lambda e: e.time)
    return Future(Journal(START, date(2019, 7, 1), events), 10.0)


def test_a_sustained_exchange_ends_the_measures_of_every_policy() -> None:
    """Else whoever comes to fewer of them is given more days to count in."""
    quiet = [attack("b", 12.0), attack("c", 29.0, coalition_wounded=2), attack("d", 31.5)]
    calm = Future(Journal(START, date(2019, 7, 1), quiet), 10.0)
    still, wild = outcomes([calm, exchange(30.5)], 61.0)
    assert (wild["days_told"], wild["days_measured"], still["days_measured"]) == (21.0, 21.0, 21.0)
    assert (wild["sustained_exchange"], still["sustained_exchange"]) == (20.5, None)
    assert (still["against_rocket_attacks"], still["rocket_attacks"]) == (3, 2)
    assert (still["against_coalition_wounded"], still["coalition_wounded"]) == (0, 2)
    assert wild["days_at_six"] == sum(wild[f"days_on_{rung}"] for rung in range(6, 11))
    assert still["days_at_six"] < outcome(calm, 61.0)["days_at_six"]
    assert still["days_told"] == 51.0, "days until a rung are each future's own"
    assert sum(still[f"days_on_{rung}"] for rung in range(11)) == 51
    wild, still = outcomes([exchange(30.5), calm], 61.0)
    assert (wild["rocket_attacks"], wild["against_rocket_attacks"]) == (3, 2)
    assert (still["rocket_attacks"], still["against_rocket_attacks"]) == (3, 3), "as itself"
    assert outcome(calm, 61.0)["rocket_attacks"] == 3, "alone it is told to the end"


def test_a_third_policy_changes_no_contrast_of_two_others() -> None:
    calm = Future(Journal(START, date(2019, 7, 1), [attack("b", 12.0), attack("d", 41.5)]), 10.0)
    quiet = Future(Journal(START, date(2019, 7, 1), [attack("e", 50.0)]), 10.0)
    wild, still, reference = outcomes([exchange(30.5), calm, quiet], 61.0)
    assert (wild["rocket_attacks"], wild["against_rocket_attacks"]) == (3, 0)
    assert (still["rocket_attacks"], still["against_rocket_attacks"]) == (2, 1)
    assert reference["rocket_attacks"] == reference["against_rocket_attacks"] == 1


def test_a_strike_that_nobody_owns_is_one_by_the_us() -> None:
    blast = Event(id="x", time=12.0, kind=Kind.DEPOT_BLAST, side=Side.UNATTRIBUTED, actor="US")
    other = Event(id="y", time=13.0, kind=Kind.DEPOT_BLAST, side=Side.UNATTRIBUTED)
    told = outcome(Future(Journal(START, date(2019, 7, 1), [blast, other]), 10.0), 61.0)
    assert (told["us_strikes"], told["reaches_eight"]) == (1, 0)


@pytest.mark.parametrize(
    ("event", "high", "killed", "struck"),
    [
        (strike("s", 12.0), 8, 0, 1),  # a strike kills no Coalition member
        (strike("l", 12.0, Kind.LEADERSHIP_STRIKE), 9, 0, 1),
        (strike("m", 12.0, Kind.STATE_MISSILE_STRIKE).but(side=Side.IRAN), 10, 0, 0),
        (attack("a", 12.0, coalition_killed=1), 7, 1, 0),
        (strike("u", 12.0).but(side=Side.UNATTRIBUTED), None, 0, 0),  # nobody's, so not the US's
        (attack("e", 61.0, coalition_killed=1), 0, 0, 0),  # on the horizon: not before it
    ],
)
def test_a_death_and_an_open_strike_are_no_rungs(
    event: Event, high: int | None, killed: int, struck: int
) -> None:
    """A higher rung implies neither: the labels say that somebody is killed, and that the US
    strikes."""
    told = outcome(Future(Journal(START, date(2019, 8, 1), [event]), 10.0), 61.0)
    assert (told["reaches_seven"], told["coalition_killed"]) == (killed, killed)
    assert (told["reaches_eight"], told["us_strikes"]) == (struck, struck)
    assert high in (None, told["highest_rung"])


def test_rows_of_a_record_count_as_they_are_coded() -> None:
    """Outside the tempo series, several convoys in a row, a range without a best value."""
    events = [
        attack("drone", 11.0, tempo=False),
        attack("r", 12.0, tempo=True, ranges={"coalition_wounded": (1, 3)}),
        Event(id="d", time=13.0, kind=Kind.CONVOY_ATTACK, side=Side.MILITIA, units=4),
    ]
    told = outcome(Future(Journal(START, date(2019, 7, 1), events), 10.0), 61.0)
    assert (told["rocket_attacks"], told["convoy_attacks"]) == (1, 4)
    assert (told["coalition_wounded"], told["harm_blank"]) == (1, 1)


def test_a_future_of_nothing() -> None:
    told = outcome(Future(Journal(START, date(2019, 7, 1)), 10.0), 61.0)
    assert told["highest_rung"] == told["rocket_attacks"] == told["days_at_six"] == 0
    assert told["days_to_six"] is None
    assert told["days_told"] == 51.0


# -- contrasts ------------------------------------------------------------------------------


def test_a_contrast_worked_out_by_hand() -> None:
    told = contrast(MEASURES[0], "a", "b", [3.0, 5.0, 7.0, 5.0], [1.0, 2.0, 3.0, 2.0])
    assert (told.mean, told.reference, told.difference) == (5.0, 2.0, 3.0)
    half = 3.182446 * (2.0 / 3.0) ** 0.5 / 2.0  # differences 2, 3, 4, 3: variance 2/3, n = 4
    assert (told.low95, told.high95) == pytest.approx((3.0 - half, 3.0 + half))
    assert told.correlation == pytest.approx(1.0)
    assert told.variance_ratio == pytest.approx((8.0 / 3.0 + 2.0 / 3.0) / (2.0 / 3.0))
    assert told.sign == 1


def test_where_nothing_varies_nothing_is_made_up() -> None:
    told = contrast(MEASURES[0], "a", "b", [0.0, 0.0], [1.0, 3.0])
    assert told.correlation is None
    assert contrast(MEASURES[0], "a", "b", [2.0, 2.0], [2.0, 2.0]).variance_ratio is None
    lone = contrast(MEASURES[0], "a", "b", [2.0], [1.0])
    assert (lone.low95, lone.high95, lone.sign) == (None, None, 0)  # one pair tells no interval


RUNG = next(m for m in MEASURES if m.name == "highest_rung")
EIGHT = next(m for m in MEASURES if m.name == "reaches_eight")


@pytest.mark.parametrize("apart", [0.0, 2.0])
def test_pairs_that_are_all_alike_tell_no_interval_and_no_sign(apart: float) -> None:
    told = contrast(RUNG, "a", "b", [5.0 + apart] * 40, [5.0] * 40)
    assert (told.low95, told.high95, told.sign, told.alike) == (None, None, 0, True)
    assert tables.paired(told) == "40 of 40 alike"
    assert tables.paired(contrast(RUNG, "a", "b", [5.0], [4.0])) == tables.UNKNOWN


def test_probabilities_that_are_all_alike_have_a_bound() -> None:
    """Of four pairs more one differs either way: squares of 2 among 44, Student's t 2.0227."""
    none = contrast(EIGHT, "a", "b", [0.0] * 40, [0.0] * 40)
    half = 2.022691 * (2.0 / 43.0 / 44.0) ** 0.5
    assert (none.low95, none.high95) == pytest.approx((-half, half))
    assert none.sign == 0
    assert tables.paired(none) == "-0.066 to 0.066, bound"
    whole = contrast(EIGHT, "a", "b", [1.0] * 40, [0.0] * 40)
    half = 2.022691 * ((42.0 - 40.0**2 / 44.0) / 43.0 / 44.0) ** 0.5
    assert (whole.low95, whole.high95) == pytest.approx((40.0 / 44.0 - half, 1.0))
    assert (whole.sign, contrast(EIGHT, "a", "b", [1.0] * 4, [0.0] * 4).sign) == (1, 0)


def small_plan(stop: Stop | None = None, **more: Any) -> Plan:
    arms = {
        name: load([f"retaliation={name}", "replications=4"]) for name in ("never", "historical")
    }
    return Plan(arms, 316.0, 611.0, Source(), 4, stop, **more)


def row(policy: str, number: int, **values: Any) -> dict[str, Any]:
    blank: dict[str, Any] = dict.fromkeys((m.name for m in MEASURES), 0)
    days = {"days_to_six": None, "days_to_seven": None, "days_to_eight": None, "days_told": 100.0}
    on = {f"days_on_{rung}": 0.0 for rung in range(11)} | {"days_on_0": 100.0}
    return {"replication": number, "policy": policy, **blank, **days, **on, **values}


def beside(row: dict[str, Any], other: dict[str, Any]) -> dict[str, Any]:
    """The row of a policy, with what the reference came to over the same days."""
    return row | {f"against_{m.name}": other[m.name] for m in MEASURES}


def some_futures() -> Futures:
    rows = []
    for number, (a, b) in enumerate([(1, 2), (4, 4), (0, 3), (2, 2)]):
        reference = row("historical", number, rocket_attacks=b, highest_rung=8)
        never = row("never", number, rocket_attacks=a, days_to_six=float(10 * number + 10))
        rows += [beside(never, reference), beside(reference, reference)]
    return Futures(rows, 4, "all replications were made")


def test_contrasts_of_a_study_are_paired_by_replication() -> None:
    told = {c.measure: c for c in contrasts(some_futures(), small_plan())}
    assert told["rocket_attacks"].difference == -1.0
    assert told["highest_rung"].difference == -8.0
    assert {c.policy for c in told.values()} == {"never"}


def test_a_reader_meets_each_policy_in_its_own_column() -> None:
    """Of 1, 4, 0, 2 and of 2, 4, 3, 2 attacks; in every one of the second's rung 8."""
    told = branches.text("t", findings(small_plan(), some_futures()))
    head = next(line for line in told.splitlines() if line.split()[:2] == ["never", "historical"])
    assert head.split()[2] == "difference"
    rockets = next(line for line in told.splitlines() if line.startswith("rocket attacks"))
    assert rockets.removeprefix("rocket attacks (attacks)").split()[:3] == ["1.75", "2.75", "-1"]
    assert branches.highest(some_futures(), "historical")["8"] == 1.0
    assert branches.highest(some_futures(), "never")["0"] == 1.0


def test_blanks_are_of_all_attacks_that_the_record_lists() -> None:
    record = {"rocket_attacks": 3, "convoy_attacks": 2, "harm_blank": 1, "days_told": 10.0}
    told = branches.of_record(small_plan(), record)
    assert told.startswith("record: as reported, to 2020-03-22; 1 of 5 attacks leave")


def test_a_curve_is_the_share_that_has_reached_it() -> None:
    made = {(c.policy, c.rung): c for c in curves(some_futures(), small_plan())}
    assert made["never", 6].days == (10.0, 20.0, 30.0, 40.0)
    assert made["never", 6].reached == (0.25, 0.5, 0.75, 1.0)
    assert made["historical", 6].days == ()


def test_a_censored_future_leaves_the_risk_set() -> None:
    """Reached at 10; censored at 20; reached at 30: 1/3, then 1 − (2/3)(0/1) = 1."""
    rows = [row("never", 0, days_to_six=10.0), row("never", 1, days_told=20.0)]
    rows += [row("never", 2, days_to_six=30.0), *(row("historical", i) for i in range(3))]
    made = curves(Futures(rows, 3, ""), small_plan())
    six = next(c for c in made if (c.policy, c.rung) == ("never", 6))
    assert six.reached == pytest.approx((1 / 3, 1.0))


def test_the_record_of_the_same_days() -> None:
    told = recorded(small_plan())
    assert (told["us_strikes"], told["highest_rung"], told["days_to_eight"]) == (1, 8, 1.5)
    late = small_plan()._replace(cut=700.0, end=720.0)
    assert recorded(late) == {}


def test_the_record_is_told_no_further_than_it_goes() -> None:
    """It ends with day 610; what comes after is unknown, not quiet."""
    told = recorded(small_plan()._replace(cut=600.0, end=640.0))
    assert told["days_told"] == 11.0
    assert sum(told[f"days_on_{rung}"] for rung in range(11)) == pytest.approx(11.0)


def test_the_record_of_the_same_days_is_the_same_from_any_scenario_s_start() -> None:
    """Day 316 of the campaign is day 11 of a scenario that begins on 1 March 2020."""
    arms = {
        n: load([f"retaliation={n}", "scenario.start=2020-03-01"]) for n in ("never", "historical")
    }
    later = small_plan()._replace(arms=arms, cut=11.0, end=306.0)
    told, same = (
        {name: n for name, n in recorded(each).items() if not isinstance(n, list)}
        for each in (small_plan(), later)
    )
    assert same == pytest.approx(told)


def test_as_many_futures_are_made_as_were_asked() -> None:
    """A chunk of work holds more than two."""
    made = branching.run(small_plan()._replace(end=318.0, replications=2))
    assert (made.replications, len(made.of("never")), len(made.rows)) == (2, 2, 4)


def test_the_half_width_that_stops_a_study() -> None:
    """Differences −1, 0, −3, 0: variance 2."""
    width = half_width(some_futures().rows, small_plan(Stop("rocket_attacks", 1.0)))
    assert width == pytest.approx(3.182446 * (2.0 / 4.0) ** 0.5)  # Student's, three degrees


def test_differences_that_are_all_alike_stop_nothing() -> None:
    rows = some_futures().rows
    assert half_width(rows, small_plan(Stop("coalition_killed", 1.0))) == inf
    assert half_width(rows[:2], small_plan(Stop("rocket_attacks", 1.0))) == inf
    many = [{**row, "replication": k} for k in range(100) for row in rows[:2]]
    assert half_width(many, small_plan(Stop("rocket_attacks", 1.0))) == inf


def test_a_probability_that_is_all_alike_stops_a_study_by_its_bound() -> None:
    """Four pairs without a strike back, and four more of which two differ: squares of 2 in all."""
    width = half_width(some_futures().rows, small_plan(Stop("reaches_eight", 1.0)))
    assert width == pytest.approx(3.182446 * (2.0 / 7.0 / 8.0) ** 0.5)


# -- planning -------------------------------------------------------------------------------


@pytest.mark.parametrize("text", ["0d", "180", "d", "-5d", "1.5d", "99999d", "2y", ""])
def test_a_span_that_is_none(text: str) -> None:
    with pytest.raises(InputError, match="horizon="):
        span_days(text)


def test_where_a_branch_may_cut() -> None:
    assert cut_of(date(2019, 5, 1), 0.0, START, date(2020, 1, 1)) == 0.0
    assert cut_of(date(2019, 5, 3), 18.0, START, date(2020, 1, 1)) == 2.75
    with pytest.raises(InputError, match="outside the scenario"):
        cut_of(date(2019, 4, 30), 0.0, START, date(2020, 1, 1))
    with pytest.raises(InputError, match="not a date"):
        day_of("12.3.2020")


def test_policies_are_choices_of_one_group_and_differ() -> None:
    assert list(between("retaliation", ["never", "covert"], ["historical"])) == [
        "never",
        "covert",
        "historical",
    ]
    with pytest.raises(InputError, match="did you mean 'never'"):
        between("retaliation", ["nevr"], ["historical"])
    with pytest.raises(InputError, match="retaliation=never: the same policy twice"):
        between("retaliation", ["never"], ["never"])


@pytest.mark.parametrize(
    ("choices", "against", "meant"),
    [
        (["retaliation=never"], "historical", ("retaliation=never", "historical")),
        (["retaliation=nevr"], "historcal", ("retaliation=nevr", "historcal")),  # said later
        (
            ["scenario=historical", "retaliation=never,covert", "convoys=none"],
            "historical,graduated",
            ("retaliation=never,covert", "historical,graduated"),
        ),
        (
            ["retaliation=never", "air_defence=none"],
            "air_defence=historical",
            ("air_defence=none", "historical"),
        ),
    ],
)
def test_of_several_choices_one_group_is_compared(
    choices: list[str], against: str, meant: tuple[str, str]
) -> None:
    """The one that has the names that it is compared with, or that is named with them."""
    assert compared(choices, against) == meant


@pytest.mark.parametrize(
    ("choices", "against", "told"),
    [
        (["scenario=historical"], "historical", "none given that can be compared"),
        (["retaliation=never", "threats=none"], "historical", "against=retaliation=historical"),
        (["retaliation=never", "convoys=none"], "nobody", "against=retaliation=nobody"),
        (["retaliation=never"], "threats=none", "against=retaliation=none"),
    ],
)
def test_it_is_asked_which_group_is_compared(choices: list[str], against: str, told: str) -> None:
    with pytest.raises(InputError, match=told):
        compared(choices, against)


@pytest.mark.parametrize("name", experiment.names())
def test_a_shipped_experiment_is_a_plan(name: str) -> None:
    told = experiment.read(name)
    made = plan(told, ["replications=3"])
    assert made.replications == 3
    assert len(made.arms) >= 2
    assert told.question.endswith("?")
    assert "row" in told.about or "S" in told.about
    first, *_, last = made.arms.values()
    assert first != last


def test_there_are_six_worked_studies() -> None:
    assert len(experiment.names()) == 6


@pytest.mark.parametrize(
    ("arms", "more", "told"),
    [
        ("[seed=5]", "", "arms: a: seed=5: all policies share it; name it under overrides:"),
        ("[++seed=5]", "", r"arms: a: \+\+seed=5: all"),
        ("[posterior=full]", "", "arms: a: posterior=full: all"),
        ("[replications=25]", "", "arms: a: replications=25: all"),
        ("[workers=1]", "", "arms: a: workers=1: all"),
        ("[executor=dask]", "", "arms: a: executor=dask: all"),
        ("[journal=none]", "", "arms: a: journal=none: all"),
        ("[scenario=summer_2020]", "", "arms: a: scenario=summer_2020: all"),
        ("[scenario.start=2019-06-01]", "", "arms: a: scenario.start=2019-06-01: all"),
        ("[scenario.end=2020-03-20]", "", "end=2020-03-20: the horizon sets the end; change hor"),
        ("[]", "overrides: [scenario.end=2020-04-01]", "overrides: scenario.end=2020-04-01: the h"),
    ],
)
def test_an_arm_that_changes_what_all_share_is_refused(
    arms: str, more: str, told: str, tmp_path: Any
) -> None:
    """Futures are compared from the same cut on the same draws."""
    path = tmp_path / "mine.yaml"
    head = "title: t\ndate: 2020-03-12\nhorizon: 60d\n"
    path.write_text(f"{head}arms: {{a: {arms}, b: [retaliation=never]}}\n{more}\n")
    with pytest.raises(InputError, match=rf"mine\.yaml: .*{told}"):
        experiment.read(str(path))


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("title: t\n", "date: is not set; give it a value"),
        ("title: t\ndate: 2020-01-01\nhorizon: 5d\narms: {a: [seed=1]}\n", "arms"),
        ("title: t\nwhen: 2020-01-01\n", "when: no such key"),
        (
            "title: t\ndate: soon\n",
            "date = 'soon': a day of the calendar is needed",
        ),
        ("title: 3\n", "title = 3: text is needed; put it in quotes$"),
        (
            "title: t\ndate: 2020-01-01\nhorizon: 5d\nhour: 24\narms: {a: [], b: []}\n",
            "hour = 24: must be below 24$",
        ),
        ("- title\n", "the file: keys with values are needed here: title, question, "),
    ],
)
def test_a_wrong_experiment_is_refused(text: str, told: str, tmp_path: Any) -> None:
    path = tmp_path / "mine.yaml"
    path.write_text(text)
    with pytest.raises(InputError, match=told):
        experiment.read(str(path))


# -- signs ----------------------------------------------------------------------------------


MORE, LESS, UNSURE, NONE = (0.5, 1.5), (-1.5, -0.5), (-1.0, 3.0), None
FLAT = {(axis, level): (0.0, 0.0) for axis in AXES for level in LEVELS}


def world(span: tuple[float, float] | None, level: str = "low", mean: float | None = None) -> Draw:
    """A world whose mean difference has this interval; without one no future differs."""
    middle = (span[0] + span[1]) / 2.0 if span else 0.0
    levels = dict.fromkeys(AXES, level)
    return Draw(levels, middle if mean is None else mean, span, span is None)


def table(*worlds: tuple[tuple[float, float] | None, int]) -> Signs:
    """So many worlds of each interval, of five futures each."""
    return summed("rocket_attacks", [world(span) for span, n in worlds for _ in range(n)], 5, FLAT)


def test_a_world_s_sign_is_resolved_where_its_interval_leaves_out_zero() -> None:
    """Means of 3.0 both; of 2, 3 and 4 the half-width is 2.48, of 1, 3 and 5 4.97."""
    sure, unsure = ([2.0, 3.0, 4.0], [1.0, 3.0, 5.0])
    assert [world(interval(values)).sign for values in (sure, unsure)] == [1, 0]
    assert [world(span).sign for span in (MORE, LESS, UNSURE, NONE)] == [1, -1, 0, 0]


def test_a_sign_is_claimed_where_it_is_resolved_in_four_of_five_worlds() -> None:
    assert table((MORE, 8), (LESS, 2)).verdict == "more"
    assert table((LESS, 8), (UNSURE, 2)).verdict == "less"
    assert table((MORE, 8), (NONE, 2)).verdict == "more"
    assert HOLDS == 0.8


def test_the_record_is_blamed_only_where_no_futures_could_settle_it() -> None:
    """Of ten worlds three against it, or not more than a fifth and the rest unresolved."""
    assert table((MORE, 7), (LESS, 3)).verdict == "not determined by the record"
    assert table((MORE, 4), (LESS, 3), (UNSURE, 3)).verdict == "not determined by the record"
    assert table((MORE, 7), (LESS, 2), (UNSURE, 1)).verdict == "more futures are needed"
    assert table((LESS, 7), (MORE, 2), (NONE, 1)).verdict == "more futures are needed"
    assert table((UNSURE, 10)).verdict == "more futures are needed"


def test_worlds_without_any_difference_are_unresolved_and_counted() -> None:
    some = table((MORE, 5), (NONE, 3), (UNSURE, 2))
    assert (some.more, some.less, some.unresolved, some.same) == (5, 0, 5, 3)
    assert some.verdict == "more futures are needed"
    assert table((NONE, 4)).verdict == "alike in every future"


def test_the_words_of_a_verdict() -> None:
    def said(found: Signs) -> str:
        return branches.verdict(found, "never", "historical")

    assert (
        said(table((LESS, 9), (MORE, 1)))
        == "less under never than under historical: rocket attacks"
    )
    assert said(table((MORE, 5), (NONE, 5))) == (
        "more futures are needed: the signs of 5 of 10 worlds are not resolved with futures=5"
    )
    assert branches.resolved(table((MORE, 5), (NONE, 3), (UNSURE, 2))) == (
        "5 more, 0 less, 5 unresolved, 3 of these without any difference"
    )
    few_but_large = [world(LESS)] * 9 + [world((90.0, 110.0))]
    turned_round = summed("rocket_attacks", few_but_large, 5, FLAT)
    assert said(turned_round).endswith("rocket attacks, though more on average over all worlds")


def test_too_few_futures_are_not_the_record_s_ignorance() -> None:
    """Forty worlds that all have one more attack on average, and luck of three: five futures
    resolve few of them, two hundred nearly all."""
    random = Random(7)

    def made(futures: int) -> Signs:
        def one() -> Draw:
            values = [random.gauss(1.0, 3.0) for _ in range(futures)]
            return world(interval(values), mean=fmean(values))

        return summed("rocket_attacks", [one() for _ in range(40)], futures, FLAT)

    few, many = made(5), made(200)
    assert few.verdict == "more futures are needed"
    assert few.unresolved > 20
    assert many.verdict == "more"


def test_an_axis_that_is_fixed_is_not_swept() -> None:
    assert swept(load([])) == list(AXES)
    fixed = load(["militia.restraint=0.5"])
    assert "restraint" not in swept(fixed)
    assert {axis for axis, _ in sizes(fixed)} == set(AXES) - {"restraint"}
    only = summed("m", [world(MORE)], 1, {("stock", "low"): (40.0, 40.0)})
    assert [(line.axis, line.low, line.high) for line in only.lines] == [("stock", 40.0, 40.0)]


DRIVERS = [f"militia.drivers.{name}.on=false" for name in ("deterrence", "backlash")]
SOON = {"date": "2020-03-12"}


@pytest.mark.parametrize(
    ("words", "arms", "more", "off"),
    [
        ([], {"never": ["retaliation=never"], "as": []}, {}, []),
        (
            [],
            {"never": ["retaliation=never"], "as": []},
            SOON,
            ["C-RAM"],
        ),  # the first came in April
        (["air_defence=none"], {"never": ["retaliation=never"], "as": []}, {}, ["C-RAM"]),
        ([], {"none": ["air_defence=none"], "as": []}, {}, []),
        (DRIVERS, {"never": ["retaliation=never"], "as": []}, {}, ["deterrence", "backlash"]),
        ([], {"off": DRIVERS, "as": []}, {}, []),
    ],
)
def test_an_axis_whose_mechanism_is_off_under_every_policy_is_not_swept(
    words: list[str], arms: dict[str, list[str]], more: dict[str, str], off: list[str]
) -> None:
    when = {"date": "2020-08-01", "horizon": "60d", **more}
    asked_of = plan(
        experiment.Experiment.model_validate({"title": "t", "arms": arms, **when}), words
    )
    assert moving(asked_of.arms.values()) == [axis for axis in AXES if axis not in off]
    found = asked.signs(asked_of, "rocket_attacks", 3, 1)
    assert not {line.axis for line in found.lines} & {*off}
    told = f"off under every policy, not swept: {', '.join(off)}"
    assert (told in branches.signs_text(found, asked_of)) == bool(off)
    assert "fixed by the configuration" not in branches.signs_text(found, asked_of)


def test_a_line_tells_the_draws_of_one_level() -> None:
    draws = [world(MORE), world(LESS, "high"), world((-1.0, 9.0)), world(NONE)]
    lines = {(n.axis, n.level): n for n in summed("m", draws, 1, FLAT).lines}
    low, high = lines["stock", "low"], lines["stock", "high"]
    assert (low.draws, low.difference) == (3, pytest.approx(5.0 / 3.0))
    assert (low.more, low.less, low.unresolved, low.same) == (1, 0, 2, 1)
    assert (high.more, high.less, high.unresolved) == (0, 1, 0)
    assert ("stock", "mid") not in lines


def test_a_world_keeps_the_error_of_its_mean(monkeypatch: pytest.MonkeyPatch) -> None:
    """Futures of 3, 5 and 7 rocket attacks against 2 each: differences 1, 3 and 5."""
    made = iter([3, 2, 5, 2, 7, 2, 1, 0, 1, 0, 1, 0])
    names = ["rocket_attacks", "reaches_eight"]
    against = [f"against_{name}" for name in names]
    told = lambda *_: [dict.fromkeys(names, next(made)) | dict.fromkeys(against, next(made))]  # noqa: E731
    monkeypatch.setattr(asked, "branch", lambda *_, **__: None)
    monkeypatch.setattr(asked, "outcomes", told)
    arms = [load([]), load([])]
    job = asked.Job("", ("", ""), Source(), 0.0, 1.0, "rocket_attacks", 3, 0, 1)
    found = asked._draw(job, arms, None, 0)  # type: ignore[arg-type]
    half = 4.302653 * 2.0 / 3.0**0.5
    assert (found.difference, found.interval) == (3.0, pytest.approx((3.0 - half, 3.0 + half)))
    struck = asked._draw(job._replace(measure="reaches_eight"), arms, None, 0)  # type: ignore[arg-type]
    half = 4.302653 * ((5.0 - 3.0**2 / 7.0) / 6.0 / 7.0) ** 0.5  # 1, 1, 1 and -1, 0, 0, 1
    assert struck.interval == pytest.approx((3.0 / 7.0 - half, 1.0))
    assert not struck.same


def test_levels_are_drawn_evenly_and_keyed_by_axis() -> None:
    drawn = [levels(3, number) for number in range(900)]
    for axis in AXES:
        counts = [sum(d[axis] == level for d in drawn) for level in ("low", "mid", "high")]
        assert min(counts) > 230  # 300 expected; false alarm below 1e-5
    assert levels(3, 17) == levels(3, 17)


def test_an_axis_is_set_to_its_level_and_the_stock_is_switched_on() -> None:
    usual = load([])
    low = turned(usual, dict.fromkeys(AXES, "low"))
    high = turned(usual, dict.fromkeys(AXES, "high"))
    assert low.militia.restraint.value == pytest.approx(0.09)
    assert high.militia.restraint.value == pytest.approx(0.81)
    assert high.militia.stock.on
    assert not usual.militia.stock.on
    shares = sorted(cell.front_share.value for cell in high.militia.cells.values())
    assert shares == pytest.approx([0.45] * 4 + [0.72])
    assert low.militia.base_rate == usual.militia.base_rate


def test_high_deterrence_is_the_strong_one_which_lowers_the_rate_most() -> None:
    """Its prior runs from -1.5 to 0: the 10 % quantile is the strongest but a tenth."""
    usual = load([])
    found = [
        turned(usual, dict.fromkeys(AXES, level)).militia.drivers.deterrence.size.value
        for level in ("low", "mid", "high")
    ]
    assert found == pytest.approx([-0.15, -0.75, -1.35])
    told = sizes(usual)
    assert told["deterrence", "high"] == pytest.approx((-1.35, -1.35))
    assert told["backlash", "high"] == pytest.approx((1.35, 1.35))
    assert told["fronts", "high"] == pytest.approx((0.45, 0.72))


# -- divergence -----------------------------------------------------------------------------


def futures() -> tuple[Future, Future]:
    shared = [attack("a", 9.0), attack("b", 11.0, coalition_killed=1)]
    decision = Event(id="D", time=12.0, kind=Kind.DECISION, side=Side.US, cause="b")
    blow = strike("S", 14.0, cause="D")
    reply = attack("r", 15.0, cause="S", fired=4, site="taji")
    report = Event(id="Pr", time=15.1, kind=Kind.REPORT, cause="r", origin=Origin.SIMULATED)
    later = attack("x", 30.0)
    one = Journal(START, None, [*shared, decision, blow, reply, report])
    two = Journal(START, None, [*shared, later])
    return Future(one, 10.0), Future(two, 10.0)


def test_the_first_difference_and_what_it_brought_about() -> None:
    found = divergence(("strikes", "never"), *futures())
    assert found.first is not None
    assert (found.first.policy, found.first.event.id) == ("strikes", "D")
    assert found.tree is not None
    (blow,) = found.tree.follows
    assert [node.only.event.id for node in blow.follows] == ["r"]
    assert [(n.only.policy, n.only.event.id) for n in found.others] == [("never", "x")]
    assert found.shared == 1  # what lies before the cut is no future
    assert tally([found.tree]) == {
        "strikes": {Kind.DECISION: 1, Kind.AIRSTRIKE: 1, Kind.ROCKET_ATTACK: 1}
    }


def test_what_both_have_otherwise_is_not_called_extra() -> None:
    shared = attack("a", 11.0)
    one = Future(Journal(START, None, [shared, attack("b", 12.0, fired=3, cause="x")]), 10.0)
    other = Future(Journal(START, None, [shared, attack("b", 12.0, fired=3, cause="y")]), 10.0)
    assert divergence(("p", "q"), one, other).first is None  # provoked otherwise, and the same
    fewer = Future(Journal(START, None, [shared, attack("b", 12.0, fired=2)]), 10.0)
    found = divergence(("p", "q"), one, fewer)
    assert found.first is not None
    assert found.first.otherwise
    assert "otherwise under p [b]" in divergences.text(found, 0, START)


def test_two_equal_futures_do_not_part() -> None:
    one, _ = futures()
    found = divergence(("a", "b"), one, one)
    assert found.first is None
    assert "have the same future" in divergences.text(found, 3, START)
    assert "<svg" in divergences.svg(found, 3, START)


def test_a_divergence_as_text_as_json_and_as_a_picture() -> None:
    found = divergence(("strikes", "never"), *futures())
    told = divergences.text(found, 17, START).splitlines()
    assert told[0].endswith("share 1 events and part on 2019-05-13 00:00")
    assert told[1].endswith("decision, only under strikes [D]")
    assert told[3].strip().startswith("└─ 2019-05-16 00:00  rocket attack at taji 4 fired")
    assert told[-1].endswith("under never alone, or otherwise: 1 rocket attack")
    as_json = divergences.as_json(found, 17, START)
    assert as_json["tree"]["follows"][0]["follows"][0]["id"] == "r"
    picture = divergences.svg(found, 17, START)
    assert picture.count("<circle") == 2  # the reply, and what only never has
    assert picture.count("<rect") == 3  # the page, the decision, the strike
    assert picture.count("<path") == 2
    hostile = divergence(("<b>", "never"), *futures())
    assert "<b>" not in divergences.svg(hostile, 17, START)


def test_a_study_says_how_many_futures_an_exchange_cut_short() -> None:
    made = some_futures()
    assert "sustained exchange" not in branches.text("t", findings(small_plan(), made))
    made.rows[3]["sustained_exchange"] = 40.0
    told = findings(small_plan(), made)
    assert "sustained exchange: never 0, historical 1;" in branches.text("t", told)
    counts = {
        row["policy"]: row["sustained_exchanges"] for row in branches.as_json(told)["futures"]
    }
    assert counts == {"never": 0, "historical": 1}


def test_the_text_of_a_study_fits_and_says_what_it_rests_on() -> None:
    asked, made = small_plan(), some_futures()
    told = branches.text("t", findings(asked, made))
    assert "4 futures of each policy, 2020-03-12 to 2021-01-01" in told
    assert "--signs" in told
    assert max(map(len, told.splitlines())) <= 130
