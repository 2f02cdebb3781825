"""Hand: splitting with scripted particles, levels of made-up events, questions refused."""

from __future__ import annotations

from datetime import date
from statistics import fmean
from typing import Any, NamedTuple

import pytest

from sim import ladder
from sim.campaign import simulate
from sim.errors import InputError
from sim.events import Event, Kind, Side
from sim.settings.posterior import sampler_of
from sim.study.ascent import (
    ANSWER,
    DEATH,
    HARM,
    LEADERS,
    ORDER,
    TEMPO,
    Ascent,
    levels_below,
    levels_named,
)
from sim.study.branching import Source
from sim.study.climbing import Futures, Job, in_world, work
from sim.study.rare import ask, worth_splitting
from sim.study.splitting import Stage, climb, copies, estimate


class Scripted:
    """Particles whose whole way is written down: the level reached at each attempt."""

    def __init__(self, ways: dict[str, int]) -> None:
        self.ways = ways
        self.marks: list[str] = []

    def begin(self, number: int) -> str:
        return "abcd"[number]

    def advance(self, state: str, level: int, mark: str) -> str:
        self.marks.append(mark)
        return state + str(self.ways.get(f"{state}@{level}", level - 1))

    def level(self, state: str) -> int:
        return max(map(int, state[1:]), default=0)

    def told(self, state: str) -> list[float]:
        return [float(self.level(state) >= 2), float(state[0] == "a"), 1.0]


def test_weights_are_the_shares_that_got_there() -> None:
    """a and b reach level 1 and are copied twice; both copies of a reach level 2."""
    process = Scripted({"a@1": 1, "b@1": 1, "a1@2": 2})
    found = climb(process, 4, 2, lambda level: [0.5] * 4)
    assert found.stages == [Stage(4, 2), Stage(4, 2)]
    assert found.means == [0.25, 0.25, 1.0]


def test_a_jump_over_a_level_counts_for_both() -> None:
    process = Scripted({"a@1": 2, "a2@2": 0})
    found = climb(process, 4, 2, lambda level: [0.5] * 4)
    assert found.stages == [Stage(4, 1), Stage(4, 4)]
    assert found.means[0] == 0.25


def test_where_none_gets_through_the_rest_is_nought() -> None:
    found = climb(Scripted({"a@1": 1}), 4, 3, lambda level: [0.5] * 4)
    assert found.stages == [Stage(4, 1), Stage(4, 0)]
    assert found.means == [0.0, 0.25, 1.0]


def test_every_copy_has_a_mark_of_its_own_and_first_runs_have_none() -> None:
    process = Scripted({"a@1": 1, "b@1": 1, "a1@2": 2})
    climb(process, 4, 2, lambda level: [0.5] * 4)
    assert process.marks[:4] == [""] * 4
    assert len(set(process.marks[4:])) == len(process.marks[4:]) == 8


def test_without_levels_it_is_plain_replication() -> None:
    found = climb(Scripted({}), 4, 0, lambda level: [])
    assert found.stages == []
    assert found.means == [0.0, 0.25, 1.0]


def test_copies_are_as_even_as_they_can_be() -> None:
    assert copies(2, 4, [0.1, 0.9]) == [0, 0, 1, 1]
    assert copies(4, 4, [0.5] * 4) == [0, 1, 2, 3]
    assert copies(3, 4, [0.9, 0.2, 0.5]) == [0, 1, 1, 2]


def test_an_interval_is_students_and_not_below_zero() -> None:
    told = estimate([0.0, 0.1, 0.2])
    assert told.mean == pytest.approx(0.1)
    assert told.error == pytest.approx(0.1 / 3**0.5)
    assert told.high == pytest.approx(0.1 + 4.302653 * told.error)
    assert told.low == 0.0


def test_the_interval_of_a_share_ends_at_one() -> None:
    told = estimate([0.1, 0.9], most=1.0)  # twelve standard errors of 0.4 either way
    assert (told.mean, told.low, told.high) == (0.5, 0.0, 1.0)
    free = estimate([0.1, 0.9]).high
    assert free == pytest.approx(0.5 + 12.706205 * 0.4)


# -- levels -----------------------------------------------------------------------------------


def event(kind: Kind, time: float = 1.0, **fields: Any) -> Event:
    return Event(id=f"{kind}{time}", time=time, kind=kind, **fields)


class Case(NamedTuple):
    event: Event
    level: int


CASES = (
    Case(event(Kind.ROCKET_ATTACK), 0),
    Case(event(Kind.ROCKET_ATTACK, coalition_wounded=1), HARM),
    Case(event(Kind.ROCKET_ATTACK, inside_compound=True), HARM),
    Case(event(Kind.ROCKET_ATTACK, iraqi_killed=3), 0),
    Case(event(Kind.CONVOY_ATTACK, coalition_killed=1), DEATH),
    Case(event(Kind.DECISION, side=Side.US, subtype="airstrike"), ANSWER),
    Case(event(Kind.DECISION, side=Side.US, subtype="leadership_strike"), LEADERS),
    Case(event(Kind.DECISION, side=Side.US, subtype="warning"), 0),
    Case(event(Kind.DECISION, side=Side.US, subtype="depot_blast"), 0),
    Case(event(Kind.DECISION, side=Side.IRAN, subtype="state_missile_strike"), ORDER),
    Case(event(Kind.AIRSTRIKE, side=Side.US), ANSWER),
    Case(event(Kind.AIRSTRIKE, side=Side.UNATTRIBUTED), 0),
    Case(event(Kind.LEADERSHIP_STRIKE, side=Side.US), LEADERS),
    Case(event(Kind.EMBASSY_STORMING, entry=False), LEADERS),
    Case(event(Kind.STATE_MISSILE_STRIKE, side=Side.IRAN), ORDER),
)


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.event.kind}-{case.level}")
def test_the_level_of_an_event(case: Case) -> None:
    ascent = Ascent(levels_below(10), 0.0)
    ascent.see([case.event])
    assert ascent.count == ascent.height == case.level


def test_three_attacks_within_seven_days_are_a_tempo() -> None:
    slow, fast = Ascent((TEMPO,), 0.0), Ascent((TEMPO,), 0.0)
    slow.see(event(Kind.ROCKET_ATTACK, time) for time in (1.0, 4.0, 8.0))
    fast.see(event(Kind.ROCKET_ATTACK, time) for time in (1.0, 4.0, 7.9))
    assert (slow.count, fast.count) == (0, 1)


def test_what_came_before_the_cut_is_no_climb() -> None:
    ascent = Ascent(levels_below(10), 5.0)
    ascent.see([event(Kind.AIRSTRIKE, 4.9, side=Side.US)])
    assert ascent.count == 0


def test_only_the_chosen_levels_count_and_a_goal_is_one_of_them() -> None:
    ascent = Ascent((DEATH, LEADERS), 0.0, goal=2)
    assert not ascent.reached(event(Kind.DECISION, side=Side.US, subtype="airstrike"))
    assert ascent.count == 1
    assert ascent.reached(event(Kind.LEADERSHIP_STRIKE, side=Side.US))


def test_the_highest_rung_ends_a_run_without_a_goal() -> None:
    ascent = Ascent((DEATH,), 0.0)
    assert not ascent.reached(event(Kind.LEADERSHIP_STRIKE, side=Side.US))
    assert ascent.reached(event(Kind.STATE_MISSILE_STRIKE, side=Side.IRAN))
    assert ascent.over


def test_a_pilot_keeps_what_divides() -> None:
    assert worth_splitting([Stage(10, 10), Stage(10, 6), Stage(10, 6)], (1, 2, 3)) == (3,)
    assert worth_splitting([Stage(10, 0)], (1, 2)) == (1, 2)
    assert worth_splitting([], ()) == ()


# -- questions --------------------------------------------------------------------------------


def test_a_question_sets_the_window() -> None:
    asked = ask(9, ["retaliation=never"], "2020-03-12", "26w")
    assert (asked.cut, asked.end) == (316.0, 316.0 + 182.0)
    assert asked.settings.scenario.end == date(2020, 9, 10)
    assert asked.source is not None
    assert ask(9).source is None


def test_fixed_worlds_draw_nothing() -> None:
    asked = ask(9, world="median")
    assert in_world(asked.settings, "median").certain
    one, two = (in_world(asked.settings, world) for world in ("3", "4"))
    assert one.certain
    assert one.section != two.section


def test_the_median_world_has_every_quantity_at_its_median() -> None:
    words = ["militia.base_rate={prior: uniform, low: 0.1, high: 0.3, source: s}"]
    world: Any = in_world(ask(9, words).settings, "median").section
    assert world.militia.base_rate == pytest.approx(0.2)


def test_without_levels_each_repeat_tells_of_replications_of_its_own() -> None:
    settings = ask(9, horizon="60d").settings
    plain = Job("own", settings.model_dump_json(), None, None, (0.0, 60.0), (), 3, 0)
    for repeat in (0, 1):
        number, found, cost = work(plain._replace(repeat=repeat))
        numbers = range(3 * repeat, 3 * repeat + 3)
        own = [simulate(sampler_of(settings), settings.seed, n) for n in numbers]
        highest = [ladder.statistics(ladder.rate(each), 0.0, 60.0).highest for each in own]
        assert number == repeat
        assert found.means == [fmean(high >= rung for high in highest) for rung in range(1, 11)]
        assert (cost.runs, cost.days_observed) == (3, 0.0)


def test_a_way_made_in_steps_costs_its_days_once_and_what_was_observed_anew() -> None:
    settings = ask(9, date="2020-01-20", horizon="60d").settings
    start, cut = settings.scenario.start, 264.0
    futures = Futures(
        sampler_of(settings), settings.seed, 0, Source().history(start, cut), (cut, cut + 60.0),
        (TEMPO, ANSWER),
    )  # fmt: skip
    first = state = futures.begin(0)
    stops = []
    for level in (1, 2, 3):
        stops.append(state.particle.now)
        state = futures.advance(state, level, f"{level}")
    runs = dict.fromkeys(stops)
    assert state.particle.now == cut + 60.0
    assert futures.cost.runs == len(runs) > 1
    assert futures.cost.days == pytest.approx(60.0)
    assert futures.cost.events == len(state.particle.events) - len(first.particle.events)
    assert futures.cost.days_observed == pytest.approx(sum(stop - cut for stop in runs))


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"rung": 0}, r"rung=0: must lie from 1 to 10"),
        ({"rung": 11}, r"rung=11: must lie from 1 to 10"),
        ({"rung": 9, "particles": 1}, r"particles=1: must lie from 2"),
        ({"rung": 9, "repeats": 1}, r"repeats=1: must lie from 2"),
        ({"rung": 9, "horizon": "0d"}, r"horizon=0d: write days or weeks"),
        ({"rung": 9, "horizon": "soon"}, r"horizon=soon: write days or weeks"),
        ({"rung": 9, "date": "2018-01-01"}, r"date=2018-01-01: outside the scenario"),
        ({"rung": 9, "date": "now"}, r"date=now: not a date"),
        ({"rung": 9, "world": "mean"}, r"world=mean: median, or the number of a replication"),
        ({"rung": 9, "world": "-1"}, r"world=-1: median, or the number of a replication"),
        (
            {"rung": 9, "world": "median", "overrides": ["posterior=full"]},
            r"world=median: a posterior's draws hang together; name one, world=17",
        ),
        ({"rung": 9, "overrides": ["scenario.end=2020-01-01"]}, r"the horizon sets the end"),
        ({"rung": 9, "record": "x.csv"}, r"record=: this scenario begins without a history"),
    ],
)
def test_what_cannot_be_asked(given: dict[str, Any], told: str) -> None:
    with pytest.raises(InputError, match=told):
        ask(**given)


@pytest.mark.parametrize(
    ("names", "rung", "told"),
    [
        (["deaths"], 9, r"levels=deaths: no level on the way to rung 9; did you mean 'death'"),
        (["order"], 9, r"levels=order: no level on the way to rung 9; valid are: answer"),
        (["tempo"], 4, r"levels=tempo: no level on the way to rung 4; it needs none"),
    ],
)
def test_levels_that_are_not_on_the_way(names: list[str], rung: int, told: str) -> None:
    with pytest.raises(InputError, match=told):
        levels_named(names, rung)
