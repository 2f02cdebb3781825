"""Hand: the events behind a state, as sources state them."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from sim.events import Event, Journal, Kind, Origin
from sim.history import History
from sim.settings.compose import load
from sim.show.states import event as shown
from sim.study.state import BEHIND, Behind, latest, state_at

START = date(2020, 3, 1)


def happened(name: str, time: float, origin: Origin = Origin.REPLAYED, **more: Any) -> Event:
    return Event(id=name, time=time, kind=Kind.ROCKET_ATTACK, origin=origin, **more)


def test_a_holding_is_the_median_and_the_5_and_95_percent_of_replications(monkeypatch) -> None:
    """Of 0, 1, …, 100: 50, 5 and 95."""

    class Agent:
        observes = ()

        def __init__(self, number: int) -> None:
            self.number = number

        def state(self, now: float) -> dict[str, float]:
            return {"stock": float(self.number)}

    class Campaign:
        past = ()

        def __init__(self, number: int) -> None:
            self.agents = [Agent(number)]

    monkeypatch.setattr("sim.study.state.replay", lambda _, seed, n, *rest, **more: Campaign(n))
    settings = load(["scenario=summer_2020"])
    (told,) = state_at(settings, History(Journal(START), START, 0.0), 101).holdings
    assert told == ("Agent", "stock", 50.0, pytest.approx(5.0), pytest.approx(95.0))


ROW = happened("A068", 23.5, time_low=19.0, time_high=26.0)


def test_a_row_keeps_its_range_whatever_was_drawn() -> None:
    lived = [happened("A068", 20.1), happened("A068", 22.9)]
    (told,) = latest({"A068": lived}, {"A068": ROW}, 4)
    assert told == Behind("A068", Kind.ROCKET_ATTACK, 19.0, 26.0, 0.5)
    assert shown(told, START) == "2020-03-20 to 26 rocket_attack [A068] in 50%"


def test_a_known_day_is_told_as_it_is() -> None:
    row = happened("A065", 16.5)
    (told,) = latest({"A065": [row] * 3}, {"A065": row}, 3)
    assert shown(told, START) == "2020-03-17 rocket_attack [A065]"
    hours = happened("A066", 16.5, time_low=16.25, time_high=17.0)
    (told,) = latest({"A066": [hours]}, {"A066": hours}, 1)
    assert shown(told, START) == "2020-03-17 rocket_attack [A066]"


def test_what_no_row_states_is_said_to_be_drawn() -> None:
    lived = [happened("T:notice", time, Origin.SIMULATED) for time in (3.2, 8.1, 5.0)]
    (told,) = latest({"T:notice": lived}, {}, 4)
    assert (told.low, told.high, told.share) == (None, None, 0.75)
    assert shown(told, START) == "rocket_attack [T:notice], date drawn in 75%"


def test_what_the_configuration_gives_and_what_was_simulated_has_its_date() -> None:
    given = happened("T:closed", 16.0, Origin.TIMELINE)
    (told,) = latest({"T:closed": [given]}, {}, 1)
    assert shown(told, START) == "2020-03-17 rocket_attack [T:closed]"
    simulated = happened("R0.1.2", 16.3, Origin.SIMULATED)  # a replication of a run is replayed
    (told,) = latest({"R0.1.2": [simulated]}, {"R0.1.2": simulated}, 1)
    assert shown(told, START) == "2020-03-17 rocket_attack [R0.1.2]"


@pytest.mark.parametrize("drawn", [2.0, 40.0])
def test_the_latest_are_so_by_what_is_stated(drawn: float) -> None:
    """The range's row stands at its best day, wherever a replication has put it."""
    rows = {name: happened(name, time) for name, time in [("a", 1.5), ("b", 9.5), ("c", 25.5)]}
    seen = {name: [row] for name, row in rows.items()} | {"A068": [happened("A068", drawn)]}
    told = latest(seen, {**rows, "A068": ROW}, 1)
    assert [e.id for e in told] == ["b", "A068", "c"]
    assert len(told) == BEHIND


def test_a_drawn_date_stands_at_its_mean_among_the_others() -> None:
    row = happened("a", 6.5)
    lived = [happened("T:n", time, Origin.SIMULATED) for time in (1.0, 11.0)]
    assert [e.id for e in latest({"a": [row], "T:n": lived}, {"a": row}, 2)] == ["T:n", "a"]
