"""A day that a user sets after the last one simulated is refused, by whatever verb asks."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from calibration.backtest import study
from sim.api import scenario
from sim.cli import main
from sim.errors import InputError
from sim.settings.compose import draft, load
from sim.settings.experiment import Experiment
from sim.study.planning import plan
from sim.study.rare import ask
from sim.study.sweeps import Plan, Request

TAJI = "sites.places.taji"
LATER = f"{TAJI}.closed=2021-02-01"
"""After the scenario's end, before that of whoever moves it by half a year."""
GUNS = "air_defence.batteries.taji_guns"
LATE = "{site: taji, against: rockets, fielded: 2021-01-01, source: x}"
IDLE = {
    f"{TAJI}.closed=2022-08-23": f"{TAJI}.closed=null (it stays open)",
    f"++{TAJI}.closed=2022-08-23": f"{TAJI}.closed=null (it stays open)",
    "sites.places.erbil.opened=2021-01-01": "sites.places.erbil.weight=0 (nobody attacks it)",
    f"{GUNS}.fielded=2021-01-01": f"~{GUNS} (there is none)",
    f"{GUNS}={LATE}": f"~{GUNS} (there is none)",
    "threats.closure={rule: date, day: 2021-01-01, attacks: 3, window_days: 7, lag_days: 1, "
    "execution: 0}": "threats.closure.rule=never (no such threat)",
    f"air_defence.batteries={{taji_guns: {LATE}}}": f"~{GUNS} (there is none)",
}


@pytest.mark.parametrize("word", IDLE)
def test_a_day_that_a_user_sets_after_the_end_is_refused(word: str) -> None:
    """With the key, the value, the limit and the remedy, and the remedy works."""
    key = word.partition("=")[0].lstrip("+")
    with pytest.raises(InputError) as caught:
        load([word])
    assert "\n" not in str(caught.value)
    told = str(caught.value)
    assert told.startswith(key)
    assert ": nothing is simulated from 2021-01-01 on; choose an earlier day, a later end" in told
    assert IDLE[word] in told
    load([IDLE[word].partition(" (")[0], "scenario.end=2021-01-01"])
    load([word, "scenario.end=2022-08-24"])


def test_a_month_of_holes_outside_the_scenario_is_refused() -> None:
    for word in ("observers.holes=['2031-01']", "observers.holes=['2019-11', '2031-01']"):
        with pytest.raises(InputError) as caught:
            load([word])
        assert str(caught.value) == (
            "observers.holes = 2031-01: nothing is simulated in that month (2019-05-01 to "
            "2021-01-01); leave it out, or move scenario.start or scenario.end"
        )


def test_a_month_that_begins_as_the_scenario_ends_is_outside_it() -> None:
    """The end is the first day that is not simulated: of January nothing is, of December all."""
    load(["observers.holes=['2020-12', '2019-05']"])
    for month in ("2021-01", "2019-04"):
        with pytest.raises(InputError, match=f"holes = {month}: nothing is simulated"):
            load([f"observers.holes=['{month}']"])


def test_days_of_files_may_lie_after_the_end() -> None:
    """Shared ones serve scenarios of every length."""
    late = load(["scenario=summer_2020", "sites=consolidation_late", "air_defence=late"])
    assert any(s.closed and s.closed > late.scenario.end for s in late.sites.places.values())
    short = load(
        ["scenario.end=2019-06-01", f"{TAJI}.weight=0.5", f"{GUNS}.against=state_missiles"]
    )
    closed = short.sites.places["taji"].closed
    assert closed is not None
    assert closed > short.scenario.end


def test_a_later_word_settles_whether_a_day_is_too_late() -> None:
    for word, day in (("2020-08-23", date(2020, 8, 23)), ("null", None)):
        settings = load([f"{TAJI}.closed=2022-08-23", f"{TAJI}.closed={word}"])
        assert settings.sites.places["taji"].closed == day


def test_python_is_refused_as_well() -> None:
    with pytest.raises(InputError, match=r"closed = 2022-08-23: nothing is simulated from 2021-01"):
        scenario("historical", **{f"{TAJI}.closed": date(2022, 8, 23)})


def test_a_command_writes_nothing(capsys: Any, tmp_path: Any) -> None:
    out = tmp_path / "out"
    assert main(["run", LATER, "replications=1", "--out", str(out)]) == 2
    told = "error: sites.places.taji.closed = 2021-02-01: nothing is simulated from 2021-01-01"
    assert capsys.readouterr().err.startswith(told)
    assert not out.exists()


# -- where something else than the scenario says when it ends -----------------------------


def refused(last: str) -> Any:
    return pytest.raises(InputError, match=rf"2021-02-01: nothing is simulated from {last} on")


def branched(horizon: str) -> Experiment:
    arms = {"never": ("retaliation=never",), "as_it_was": ("retaliation=historical",)}
    return Experiment(title="t", date=date(2020, 12, 1), horizon=horizon, arms=arms)


def test_a_branch_ends_where_its_horizon_does() -> None:
    assert plan(branched("90d"), [LATER]).settings.sites.places["taji"].closed == date(2021, 2, 1)
    with refused("2021-01-30"):
        plan(branched("60d"), [LATER])
    with refused("2021-01-30"):
        own = {"early": (LATER,), "as_it_was": ("seed=1",)}
        plan(branched("60d").model_copy(update={"arms": own}))


def test_a_rare_event_is_looked_for_within_its_horizon() -> None:
    assert ask(8, [LATER], "2020-12-01", "90d").settings.scenario.end == date(2021, 3, 1)
    with refused("2021-01-30"):
        ask(8, [LATER], "2020-12-01", "60d")


def test_a_point_of_a_sweep_ends_where_it_says() -> None:
    ends = "scenario.end=2021-03-01,2021-04-01"
    assert len(Plan(Request((LATER,), axes=(ends,))).keys) == 2
    for request in (
        Request((LATER,), axes=("scenario.end=2021-03-01,2021-01-31",)),
        Request(("scenario.end=2021-01-31",), axes=(f"{TAJI}.closed=2020-02-01,2021-02-01",)),
    ):
        with refused("2021-01-31") as caught:
            assert Plan(request).keys
        assert str(caught.value).startswith("at the point ")


def test_a_backtest_ends_with_its_last_forecast() -> None:
    """Thirteen weeks, and one for late reports, after the last Monday."""
    first, last, later = date(2020, 8, 3), date(2020, 8, 18), f"{TAJI}.closed={{}}"
    asked = study.plan(None, first, last, "reference", [later.format("2020-11-22")], 2)
    assert asked.origins[-1] == date(2020, 8, 17)
    with pytest.raises(InputError, match="nothing is simulated from 2020-11-23 on"):
        study.plan(None, first, last, "reference", [later.format("2020-11-23")], 2)
    study.plan(None, date(2020, 12, 7), None, "reference", [LATER], 2)


def test_a_draft_is_not_judged_by_its_end() -> None:
    assert draft([LATER]).sites.places["taji"].closed == date(2021, 2, 1)
