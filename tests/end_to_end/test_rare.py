"""`rungs rare`, as a user has it."""

from __future__ import annotations

import json

import pytest

import sim
from sim.cli import main

SMALL = (
    "rung=9",
    "horizon=30d",
    "particles=4",
    "repeats=3",
    "convoys=none",
    "retaliation=on_coalition_death",
)


def told(capsys: pytest.CaptureFixture[str], *words: str) -> str:
    assert main(["rare", *words]) == 0
    return capsys.readouterr().out


def test_the_table_tells_rungs_levels_and_cost(capsys: pytest.CaptureFixture[str]) -> None:
    text = told(capsys, *SMALL, "levels=death,leaders", "date=2020-03-12", "workers=1")
    assert "2020-03-12 to 2020-04-11, each particle with its own parameters" in text
    for word in ("state-on-state strike, or above", "death", "leaders", "cost:", "observed again"):
        assert word in text


def test_the_same_numbers_under_any_workers(capsys: pytest.CaptureFixture[str]) -> None:
    one, two = (
        json.loads(told(capsys, *SMALL, "--json", "--quiet", f"workers={n}")) for n in (1, 2)
    )
    for answer in (one, two):
        assert [row["rung"] for row in answer["rungs"]] == [8, 9, 10]
        assert answer["cost"].pop("seconds") > 0.0
        assert answer["pilot"].pop("seconds") > 0.0
    assert one == two
    assert one["cost"]["runs"] > one["pilot"]["runs"] > 0


def test_python_has_it_too(capsys: pytest.CaptureFixture[str]) -> None:
    chosen = {"convoys": "none", "retaliation": "on_coalition_death", "workers": 1}
    found = sim.rare(9, horizon="30d", particles=4, repeats=3, **chosen)
    line = json.loads(told(capsys, *SMALL, "--json", "--quiet", "workers=1"))
    assert found.rungs[9].mean == line["rungs"][1]["probability"]
    ends = [told.high for told in found.rungs.values() if told.high is not None]
    assert max(ends) == 1.0  # of so few, a probability's interval ends where it must


@pytest.mark.parametrize(
    ("words", "why"),
    [
        ((), "rare needs rung="),
        (("rung=11",), "rung=11: must lie from 1 to 10"),
        (("rung=nine",), "rung=nine: not a whole number"),
        (("rung=9", "particles=0"), "particles=0: must lie from 2"),
        (("rung=9", "particles=many"), "particles=many: not a whole number"),
        (("rung=9", "repeats=1"), "repeats=1: must lie from 2"),
        (("rung=9", "horizon=1y"), "horizon=1y: write days or weeks"),
        (("rung=9", "levels=deth"), "did you mean 'death'"),
        (("rung=9", "date=2030-01-01"), "date=2030-01-01: outside the scenario"),
        (("rung=9", "retaliaton=never"), "retaliaton"),
        (("rung=9", "nonsense"), "'nonsense' is no override"),
    ],
)
def test_a_wrong_call_is_refused(
    words: tuple[str, ...], why: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["rare", *words]) == 2
    told = capsys.readouterr()
    assert why in told.err
    assert told.out == ""
    assert len(told.err.strip().splitlines()) <= 3
