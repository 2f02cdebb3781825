"""Inference by simulation: what it may see, what it refuses, and the verb that runs it."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy.special import ndtr

from calibration import plan as plans
from calibration import simulated
from calibration import table as tables
from calibration.plan import Plan
from calibration.quantiles import quantiles
from calibration.summaries import ANSWERED
from sim import record
from sim.campaign import simulate
from sim.cli import main
from sim.errors import InputError
from sim.events import Event, Journal, Kind, Origin
from sim.settings.sampling import Sampler

CUT = 427.0
"""1 July 2020, in days from 1 May 2019."""
FACTOR = "observers.revisions.factor"


@pytest.fixture(scope="module")
def reference() -> Plan:
    return plans.read("reference")


@pytest.fixture(scope="module")
def world(reference: Plan) -> tables.World:
    return tables.world(reference, None, "reference")


# -- what it may see ------------------------------------------------------------------------


def poisoned() -> Journal:
    """The record with another future, all of it of kinds that a summary counts."""
    told = record.read()
    kinds = {kind for kind in Kind if kind is not Kind.CALENDAR_MARK}
    later = [_row(f"X{kind}", CUT + 0.5, kind) for kind in kinds]
    secret = [_row(f"H{kind}", 300.5, kind, known_from=CUT + 3.0) for kind in kinds]
    return Journal(told.start, told.end, [*told, *later, *secret]).in_time()


def _row(name: str, time: float, kind: Kind, **more: Any) -> Event:
    harm = {"coalition_killed": 5, "militia_killed": 50, "fired": 20, "ranges": {"fired": (2, 20)}}
    return Event(id=name, time=time, kind=kind, tempo=True, origin=Origin.REPLAYED, **harm, **more)


def test_a_poisoned_future_changes_nothing(
    reference: Plan, world: tables.World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not the record's summaries, not the blanks that simulated reports take over."""
    monkeypatch.setattr(tables, "read_record", lambda plan, path: poisoned())
    other = tables.world(reference, None, "reference")
    assert other.recorded == world.recorded
    assert other.mask == world.mask


def test_a_past_that_differs_does_change_it(
    reference: Plan, world: tables.World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The comparison above has teeth."""
    told = record.read()
    more = [_row(f"X{kind}", 300.5, kind) for kind in (Kind.TRUCE, Kind.ROCKET_ATTACK)]
    other = Journal(told.start, told.end, [*told, *more]).in_time()
    monkeypatch.setattr(tables, "read_record", lambda plan, path: other)
    changed = tables.world(reference, None, "reference")
    assert changed.recorded["truces"] == world.recorded["truces"] + 1
    assert changed.recorded["harmful attacks"] == world.recorded["harmful attacks"] + 1
    assert changed.mask != world.mask


def test_histories_end_where_the_fit_ends(reference: Plan, world: tables.World) -> None:
    assert world.settings.scenario.end == reference.until


# -- no evidence twice ----------------------------------------------------------------------


def test_a_prior_that_rests_on_the_record_is_refused(reference: Plan) -> None:
    again = "truce.offer_rate={prior: uniform, low: 0, high: 0.1, source: S9, "
    again += "evidence_until: 2020-06-01, evidence_in_record: true}"
    told = reference.model_copy(update={"conditions": (*reference.conditions, again)})
    with pytest.raises(InputError, match=r"truce\.offer_rate = uniform .*\(S9\).* a second time"):
        tables.world(told, None, "reference")


def test_a_prior_that_is_merely_averaged_over_is_judged_as_well(reference: Plan) -> None:
    later = "government.will={prior: uniform, low: 0, high: 1, source: S9, "
    later += "evidence_until: 2020-12-01}"
    told = reference.model_copy(update={"conditions": (*reference.conditions, later)})
    with pytest.raises(InputError, match=r"^government\.will .* reaches to 2020-12-01"):
        tables.world(told, None, "reference")


def test_the_scenarios_own_prior_on_revisions_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """It rests on accounts of December 2020, which the full fit reads; so another stands in
    `CONDITIONS`."""
    full = plans.read("full")
    tables.world(full, None, "full")
    monkeypatch.setattr(tables, "CONDITIONS", tables.CONDITIONS[1:])
    with pytest.raises(InputError, match=rf"^{FACTOR} = uniform 1 to 7 .* a second time"):
        tables.world(full, None, "full")


def test_a_posterior_that_has_seen_more_is_refused(reference: Plan) -> None:
    with pytest.raises(InputError, match=r"posterior=full: has seen the record to 2021-01-01"):
        tables.world(reference, None, "full")
    early = reference.model_copy(update={"until": reference.until.replace(month=6)})
    with pytest.raises(InputError, match=r"posterior=reference: .* the fit ends before 2020-06-01"):
        tables.world(early, None, "reference")


# -- the table ------------------------------------------------------------------------------


def test_a_table_is_the_same_however_many_work_on_it(
    world: tables.World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tables, "CHUNK", 2)
    one, two = (tables.table(world, 5, 3, workers) for workers in (1, 2))
    assert one.keys == two.keys == tuple(ANSWERED)
    np.testing.assert_array_equal(one.z, two.z)
    for name, column in one.told.items():
        np.testing.assert_array_equal(column, two.told[name], name)


def test_a_history_is_simulated_with_the_quantities_that_its_row_states(
    world: tables.World, monkeypatch: pytest.MonkeyPatch
) -> None:
    notes: list[dict[str, float]] = []

    def noted(sampler: Sampler, entropy: int, number: int) -> Journal:
        notes.append({})
        return simulate(sampler, entropy, number, note=notes[-1])

    monkeypatch.setattr(tables, "simulate", noted)
    table = tables.table(world, 3, 3)
    for key, told in world.quantities.items():
        stated = quantiles(told, np.asarray(ndtr(table.of(key)), np.float64))
        assert stated == pytest.approx([note[key] for note in notes]), key


def test_a_pseudo_record_is_left_out_of_its_own_table() -> None:
    """Hand: the truth that stands out is not among the draws that judge it."""
    z = np.zeros((60, 1))
    z[0] = 9.0
    name = ANSWERED["truce.offer_rate"][0]
    table = tables.Table(("truce.offer_rate",), z, {name: np.ones(60)})
    found = table.answer("truce.offer_rate", table.row(0), 50, without=0)
    assert found is not None
    assert set(found.draws) == {0.0}
    placed = simulated.proof(table, table.row(0), 50)["truce.offer_rate"]
    assert placed[0] == pytest.approx(59.5 / 60.0)
    assert np.isnan(placed[60:]).all()


# -- the verb -------------------------------------------------------------------------------

TINY = """
title: A tiny one
until: 2020-07-01
conditions:
  - militia.drivers.patron.on=false
  - "drawdown.notice_days={value: 10, source: test}"
  - patron.on=false
  - storming.on=false
  - government.protests.vote_probability=0
  - government.protests.vote_days=2
  - government.arrests.hold_days=2
seed: 1
"""


@pytest.fixture
def tiny(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "tiny.yaml").write_text(TINY, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


CALL = ["calibrate", "fit=tiny.yaml", "check=simulated", "workers=1", "seed=2", "--quiet"]


def test_the_verb_writes_what_it_found_and_where_it_comes_from(
    tiny: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([*CALL, "histories=120", "draws=40", "--out", "found"]) == 0
    assert "quantities without a likelihood" in capsys.readouterr().out
    with (tiny / "found" / "simulated.csv").open(encoding="utf-8", newline="") as file:
        rows = {row["key"]: row for row in csv.DictReader(file)}
    assert set(rows) == {
        *("government.arrests.rate", "truce.offer_rate", "threats.warning_probability"),
        *("observers.officials.share", FACTOR),
    }
    told = rows["truce.offer_rate"]
    assert told["recorded"] == "truces: 0"
    assert float(told["low90"]) < float(told["mean"]) < float(told["prior_mean"])
    assert told["verdict"] in ("calibrated", "informed", "driven by the prior")
    assert 40 <= int(told["kept"]) <= int(told["alike"]) <= 120
    about = json.loads((tiny / "found" / "simulated.json").read_text(encoding="utf-8"))
    assert (about["histories"], about["draws"], about["seed"]) == (120, 40, 2)
    assert about["posterior"] == "reference"
    assert all(len(about[f"{name}_sha256"]) == 64 for name in ("data", "posterior", "calibration"))
    assert about["conditions"][0].startswith(FACTOR)
    assert about["recorded"]["warnings"] == 1
    assert "patron.stance" not in [key for keys in about["left"].values() for key in keys]


def test_too_few_histories_are_refused_with_the_remedy(
    tiny: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([*CALL, "histories=20", "draws=15"]) == 2
    assert "histories=20: only " in (told := capsys.readouterr().err)
    assert "ask for more histories= or fewer draws=" in told
