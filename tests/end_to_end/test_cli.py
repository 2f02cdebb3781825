"""The verbs as a user has them: text, JSON, help, folders, exit status."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from sim.cli import VERBS, main
from sim.settings.compose import groups

QUICK = ["scenario=summer_2020", "replications=5", "workers=1"]


@pytest.fixture(autouse=True)
def elsewhere(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


def said(words, capsys, status=0):
    assert main(words) == status
    return capsys.readouterr()


def objects(words, capsys):
    """What a verb prints under --json: one object and nothing else."""
    out, _ = said([*words, "--json"], capsys)
    assert len(out.strip().splitlines()) == 1
    return json.loads(out)


def test_help_lists_every_verb(capsys):
    out, _ = said(["--help"], capsys)
    assert all(verb in out for verb in VERBS)


@pytest.mark.parametrize("verb", VERBS)
def test_each_verb_explains_itself_with_three_examples(verb, capsys):
    out, _ = said([verb, "--help"], capsys)
    examples = out.split("examples:\n")[1].strip().splitlines()
    assert len(examples) == 3
    assert all("rungs " in line for line in examples)


@pytest.mark.parametrize("verb", ["run", "compare"])
def test_help_names_every_group_and_file(verb, capsys):
    out, _ = said([verb, "--help"], capsys)
    for group, names in groups().items():
        assert f"{group}={'|'.join(names)}" in out


def test_run_writes_a_folder_under_outputs(capsys):
    out, _ = said(["run", *QUICK], capsys)
    folder = Path(out.strip().splitlines()[-1].strip())
    assert folder.parent == Path("outputs")
    names = {path.name.split("-")[0].split(".")[0] for path in folder.iterdir()}
    assert {"manifest", "config", "events", "replications", "paths", "summary"} == names


def test_run_in_json(capsys):
    told = objects(["run", *QUICK, "--out", "here"], capsys)
    assert told["folder"] == "here"
    assert told["replications"] == 5
    assert told["rocket_attacks"]["low90"] <= told["rocket_attacks"]["median"]


def test_compare_prints_saves_and_reports(capsys):
    out, _ = said(["compare", *QUICK, "--out", "here"], capsys)
    assert "recorded patterns lie inside" in out
    assert (Path("here") / "report.html").is_file()
    assert (Path("here") / "comparison.csv").is_file()


def test_compare_in_json_keeps_its_names(capsys):
    told = objects(["compare", *QUICK, "--out", "here"], capsys)
    names = {"pattern", "recorded", "recorded_low", "recorded_high", "median", "low50", "high50"}
    names |= {"low90", "high90", "p_value"}
    assert all(names <= set(row) for row in told["patterns"])
    assert objects(["compare", "run=here"], capsys) == told
    by_name = {row["pattern"]: row for row in told["patterns"]}
    assert by_name["rocket_attacks"]["recorded"] == 11


def test_compare_with_another_record(capsys, tmp_path):
    lines = [
        "event_id,date,date_low,date_high,date_precision,kind,location,region,site_class,"
        "weapon_class,rounds_fired_low,rounds_fired_high,sources,quality,note",
        "X1,2020-07-30,2020-07-30,2020-07-30,day,indirect_fire,somewhere,Baghdad,airport,rocket,"
        "2,2,a newspaper,B,",
    ]
    header = Path(__file__).resolve().parents[2] / "seeds" / "record" / "events.csv"
    shared = header.read_text(encoding="utf-8").splitlines()[0].split(",")
    row = dict(zip(lines[0].split(","), lines[1].split(","), strict=True))
    record = tmp_path / "mine.csv"
    record.write_text(",".join(shared) + "\n" + ",".join(row.get(c, "") for c in shared) + "\n")
    told = objects(["compare", *QUICK, f"record={record}", "scenario.history=none"], capsys)
    by_name = {row["pattern"]: row for row in told["patterns"]}
    assert by_name["rocket_attacks"]["recorded"] == 1


def test_ladder_of_the_record_has_its_anchors(capsys):
    told = objects(["ladder"], capsys)
    assert {"events", "paths", "statistics"} <= set(told)
    rungs = {}
    for event in told["events"]:
        assert {"date", "kind", "rung", "rung_low", "rung_high"} <= set(event)
        rungs.setdefault(event["date"], set()).add(event["rung"])
    anchors = {
        "2019-12-27": {7}, "2019-12-29": {8, 4}, "2020-01-03": {9}, "2020-01-08": {10, 5},
        "2020-03-13": {8}, "2020-09-30": {6}, "2020-12-20": {6}, "2020-06-13": {5},
    }  # fmt: skip
    assert {day: rungs[day] for day in anchors} == anchors
    assert 7 in rungs["2020-03-11"]
    assert sum(told["statistics"]["shares"].values()) == pytest.approx(1.0)


def test_ladder_of_a_run(capsys):
    said(["run", *QUICK, "--out", "here"], capsys)
    told = objects(["ladder", "run=here", "replication=4", "window=7"], capsys)
    assert told["paths"][0]["date"] == "2020-07-24"
    out, _ = said(["ladder", "run=here", "--all"], capsys)
    assert "trailing 14 days" in out
    assert "replication 5" in said(["ladder", "run=here", "replication=5"], capsys, 2).err


@pytest.mark.parametrize(
    "words",
    [["scenario"], ["scenario", "historical"], ["parameters"], ["record"], ["streams"],
     ["config", "militia"]],
)  # fmt: skip
def test_show_in_text_and_json(words, capsys):
    out, _ = said(["show", *words], capsys)
    assert out.strip()
    assert objects(["show", *words], capsys)


def test_show_says_who_set_a_value(capsys):
    def setter(*words):
        return objects(["show", "config", *words], capsys)["set_by"]

    assert setter("militia.base_rate") == "militia/network.yaml"
    assert setter("retaliation.title", "retaliation=never") == "retaliation/never.yaml"
    assert setter("retaliation.strike", "retaliation=never") == "retaliation/historical.yaml"
    assert setter("militia.base_rate", "militia.base_rate=0.2") == (
        "the override militia.base_rate=0.2"
    )
    assert setter("seed") == "config.yaml"


def test_show_record_reconciles(capsys):
    told = objects(["show", "record"], capsys)
    assert told["tempo_series"] == 75
    assert len(told["reconciliation"]) == 50


def test_hydra_s_own_spelling(capsys):
    out, _ = said(["run", "--cfg", "job", "militia.base_rate=0.2"], capsys)
    assert "base_rate" in out
    assert list(Path().iterdir()) == []
    words = ["run", "-m", "retaliation=never,on_coalition_death", *QUICK, "--out", "many"]
    told = objects(words, capsys)
    assert len(told["runs"]) == len(list(Path("many").iterdir())) == 2


def test_a_scenario_of_one_s_own(capsys):
    folder = Path("mine/scenario")
    folder.mkdir(parents=True)
    (folder / "week.yaml").write_text(
        "name: week\ntitle: one week\nabout: a test\n"
        "start: 2020-06-01\nend: 2020-06-08\nhistory: record\n"
    )
    words = ["run", "--config-dir", "mine", "scenario=week", "replications=3", "workers=1"]
    assert objects(words, capsys)["scenario"] == "week"


def test_quiet_says_only_the_result(capsys):
    _, error = said(["run", *QUICK, "--quiet"], capsys)
    assert error == ""


def test_the_module_and_a_closed_pipe():
    told = subprocess.run(
        [sys.executable, "-m", "sim", "show", "parameters"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert "militia.base_rate" in told.stdout
    piped = subprocess.run(
        ["bash", "-c", f"{sys.executable} -m sim show parameters | head -1"],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert "Traceback" not in piped.stderr
