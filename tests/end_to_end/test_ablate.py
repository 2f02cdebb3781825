"""`rungs ablate` as a user gives it."""

from __future__ import annotations

import json

import pyarrow.parquet as pq
import pytest

from sim.cli import main
from sim.compare.ablation import leaves, mechanisms
from sim.settings.compose import load
from sim.settings.files import config_dir

SHORT = ["scenario.end=2019-07-01", "replications=6", "workers=1", "militia.base_rate=1"]


def test_the_table_has_a_line_for_each_mechanism(tmp_path, capsys):
    assert main(["ablate", "foiled", "retaliation", *SHORT, "--out", str(tmp_path / "a")]) == 0
    told = capsys.readouterr().out
    lines = [line.split() for line in told.splitlines()]
    by_name = {line[0]: line for line in lines if line}
    assert {"foiled", "retaliation"} <= set(by_name)
    rows = pq.read_table(tmp_path / "a" / "ablation.parquet").to_pylist()
    foiled = next(r for r in rows if (r["mechanism"], r["pattern"]) == ("foiled", "foiled_attacks"))
    assert foiled["off"] == 0.0 < foiled["on"]
    assert foiled["difference"] == pytest.approx(-foiled["on"])


def test_json_is_one_object_and_the_runs_are_kept(tmp_path, capsys):
    words = ["ablate", "convoys", *SHORT, "--json", "--quiet", "--out", str(tmp_path / "a")]
    assert main(words) == 0
    told = json.loads(capsys.readouterr().out)
    assert [a["mechanism"] for a in told["ablations"]] == ["none", "convoys"]
    assert {e["mechanism"] for e in told["effects"]} == {"none", "convoys"}
    for name in ("as_it_is", "no_convoys"):
        assert (tmp_path / "a" / name / "manifest.json").exists()


def test_what_a_user_switched_on_is_ablated_too(tmp_path, capsys):
    words = ["militia.stock.on=true", "militia.stock.start=20", "patron.resupply_rate=0"]
    out = ["--json", "--quiet", "--out", str(tmp_path / "a")]
    assert main(["ablate", "stock", *SHORT, *words, *out]) == 0
    effects = json.loads(capsys.readouterr().out)["effects"]
    [rockets] = [
        e for e in effects if (e["mechanism"], e["pattern"]) == ("stock", "rocket_attacks")
    ]
    assert rockets["changed"] > 0.0
    assert rockets["off"] > rockets["on"]


@pytest.mark.parametrize("name", mechanisms())
def test_every_ablation_can_be_said_in_overrides(name):
    alone, both = load([f"ablation=no_{name}"]), load([f"ablation=no_{name}", *leaves(name)])
    assert alone.model_dump(mode="json") == both.model_dump(mode="json")


def test_mechanisms_asked_for_later_join_the_table(tmp_path, capsys):
    def rows() -> list[dict[str, object]]:
        return pq.read_table(tmp_path / "a" / "ablation.parquet").to_pylist()

    for name in ("foiled", "convoys"):
        assert main(["ablate", name, *SHORT, "--quiet", "--out", str(tmp_path / "a")]) == 0
    both = rows()
    assert {row["mechanism"] for row in both} == {"none", "foiled", "convoys"}
    assert main(["ablate", "foiled", *SHORT, "--quiet", "--out", str(tmp_path / "a")]) == 0
    again = rows()
    assert len(again) == len(both)
    assert all(row in both for row in again)


def test_a_name_that_no_mechanism_has(tmp_path, capsys):
    assert main(["ablate", "truec", "--out", str(tmp_path / "a")]) == 2
    assert "truce" in capsys.readouterr().err
    assert not (tmp_path / "a").exists()


def test_an_ablation_of_the_users_own_is_refused(tmp_path, capsys):
    words = ["ablate", "sirens", "ablation=no_retaliation", *SHORT, "--out", str(tmp_path / "a")]
    assert main(words) == 2
    assert "ablation=no_retaliation: rungs ablate picks" in capsys.readouterr().err
    assert not (tmp_path / "a").exists()


def test_one_replication_stars_nothing(tmp_path, capsys):
    short = [word for word in SHORT if not word.startswith("replications=")]
    words = ["ablate", "foiled", *short, "replications=1", "--quiet", "--out", str(tmp_path / "a")]
    assert main(words) == 0
    [line] = [x for x in capsys.readouterr().out.splitlines() if x.startswith("foiled")]
    assert "*" not in line
    told = pq.read_table(tmp_path / "a" / "ablation.parquet")
    assert str(told.schema.field("low95").type) == "double"
    rows = told.to_pylist()
    assert {(row["low95"], row["high95"]) for row in rows} == {(None, None)}
    assert any(row["difference"] != 0.0 for row in rows)


def test_a_scenario_of_the_users_own_is_ablated(tmp_path, capsys):
    (tmp_path / "own" / "scenario").mkdir(parents=True)
    packaged = (config_dir() / "scenario" / "summer_2020.yaml").read_text(encoding="utf-8")
    mine = packaged.replace("name: summer_2020", "name: mine")
    (tmp_path / "own" / "scenario" / "mine.yaml").write_text(mine, encoding="utf-8")
    words = ["ablate", "foiled", "scenario=mine", "--config-dir", str(tmp_path / "own")]
    more = ["replications=2", "workers=1", "--quiet", "--out", str(tmp_path / "a")]
    assert main([*words, *more]) == 0, capsys.readouterr().err
    for name in ("as_it_is", "no_foiled"):
        told = (tmp_path / "a" / name / "config.yaml").read_text(encoding="utf-8")
        assert "end: '2020-08-17'" in told
