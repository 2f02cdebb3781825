"""The verbs as a user has them: text, JSON, help, folders, exit status."""

from __future__ import annotations

import csv
import json
import os
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import sim
from sim.cli import VERBS, main
from sim.settings.files import groups
from sim.settings.posterior import DRAWS, place
from sim.study import runs

ROOT = Path(__file__).resolve().parents[2]
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


def test_compare_of_a_day_leaves_out_what_it_cannot_draw(capsys):
    """In a day of which nobody reports anything no rung changes and no lane has an event."""
    day = ["scenario.start=2020-05-25", "scenario.end=2020-05-26", "scenario.history=none"]
    still = ["militia.base_rate=0", "militia.excitation=0", "convoys.rate=0"]
    told = objects(["compare", *QUICK, *day, *still, "--out", "here"], capsys)
    assert told["patterns"]
    page = Path("here/report.html").read_text(encoding="utf-8")
    assert page.count("so nothing is drawn") == 2
    for head in ("The campaign's timeline", "Changes of rung", "Ways up the ladder"):
        assert head.replace("'", "&#39;") in page


def test_the_table_of_a_comparison_is_written_before_its_report(capsys, monkeypatch):
    from sim.show.reports import of_run

    monkeypatch.setattr(of_run, "section", lambda told: 1 / 0)
    said(["compare", *QUICK, "--out", "here"], capsys, 1)
    assert Path("here/comparison.csv").read_text(encoding="utf-8").startswith("pattern,")


def test_compare_in_json_keeps_its_names(capsys):
    told = objects(["compare", *QUICK, "--out", "here"], capsys)
    names = {"pattern", "recorded", "recorded_low", "recorded_high", "median", "low50", "high50"}
    names |= {"low90", "high90", "p_value"}
    assert all(names <= set(row) for row in told["patterns"])
    assert "recorded patterns lie inside" in told["verdict"]
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
    words = ["compare", *QUICK, f"record={record}", "scenario.history=none"]
    told = objects([*words, "scenario.end=2020-07-31"], capsys)
    by_name = {row["pattern"]: row for row in told["patterns"]}
    assert by_name["rocket_attacks"]["recorded"] == 1
    beyond = objects(words, capsys)
    by_name = {row["pattern"]: row for row in beyond["patterns"]}
    assert by_name["rocket_attacks"]["recorded"] is None
    assert by_name["month_2020-07"]["recorded"] is None  # but for the 31st it knows that month


@pytest.fixture
def half_blank(tmp_path):
    """The packaged record, of which every second rocket attack states no rounds."""
    folder = tmp_path / "half"
    shutil.copytree(ROOT / "seeds" / "record", folder)
    with (folder / "events.csv").open(encoding="utf-8", newline="") as told:
        rows = list(csv.DictReader(told))
    for row in [r for r in rows if r["kind"] == "indirect_fire"][::2]:
        row.update({name: "" for name in row if name.startswith("rounds_")})
    with (folder / "events.csv").open("w", encoding="utf-8", newline="") as written:
        writer = csv.DictWriter(written, rows[0])
        writer.writeheader()
        writer.writerows(rows)
    return folder


def test_a_finished_run_is_blanked_as_the_record_that_it_is_compared_with(half_blank, capsys):
    words = ["scenario=summer_2020", "scenario.history=none", "replications=20", "workers=1"]
    said(["run", *words, "--out", "packaged"], capsys)
    anew = objects(["compare", *words, f"record={half_blank}", "--out", "own"], capsys)
    later = objects(["compare", "run=packaged", f"record={half_blank}"], capsys)
    assert later["patterns"] == anew["patterns"]
    [blank] = [row for row in later["patterns"] if row["pattern"] == "salvo_unknown"]
    assert blank["median"] > 0.3
    assert objects(["compare", "run=own"], capsys) == anew, "by default with its own record"
    said(["report", "packaged", "--quiet"], capsys)
    for kept in ("none", "attacks"):
        said(["run", *words, f"journal={kept}", "--out", kept], capsys)
        refused = said(["compare", f"run={kept}", f"record={half_blank}"], capsys, 2).err
        assert f"it kept journal={kept}" in refused
        assert not Path(f"{kept}/comparison.csv").exists()
    plain = objects(["compare", "run=packaged"], capsys)
    assert (
        objects(["compare", "run=own", "record=packaged"], capsys)["patterns"]
        == (plain["patterns"])
    )


def test_a_run_finds_its_record_from_another_folder(half_blank, capsys, monkeypatch):
    shutil.copytree(half_blank, "mine")
    words = ["scenario=summer_2020", "replications=2", "workers=1", "record=mine"]
    told = objects(["compare", *words, "--out", "here"], capsys)
    here = Path("here").resolve()
    Path("elsewhere").mkdir()
    monkeypatch.chdir("elsewhere")
    assert objects(["compare", f"run={here}"], capsys) == told


def test_python_runs_beside_a_record_of_ones_own(half_blank):
    asked = sim.scenario("summer_2020", **{"scenario.history": "none"})
    made = sim.run(asked, replications=5, workers=1, record=half_blank)
    plain = sim.run(asked, replications=5, workers=1)
    own, later = made.compare(), plain.compare(record=half_blank)
    assert own.equals(later)
    assert made.checks() == plain.checks(half_blank)
    assert made.checks() != plain.checks()


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


def test_ladder_of_a_folder_ends_with_its_last_row_and_not_with_a_mark_ahead(root, capsys):
    folder = f"record={root / 'seeds' / 'record'}"  # its last row is of 2020-12-30
    told, packaged = objects(["ladder", folder], capsys), objects(["ladder"], capsys)
    assert told["paths"] == packaged["paths"]
    quiet, shorter = (found["statistics"]["shares"]["0"] for found in (packaged, told))
    assert shorter * 610 == pytest.approx(quiet * 611)  # the packaged one ends a day later


def test_ladder_of_a_run(capsys):
    said(["run", *QUICK, "--out", "here"], capsys)
    told = objects(["ladder", "run=here", "replication=4", "window=7"], capsys)
    assert told["paths"][0]["date"] == "2020-07-24"
    out, _ = said(["ladder", "run=here", "--all"], capsys)
    assert "trailing 14 days" in out
    assert "replication 5" in said(["ladder", "run=here", "replication=5"], capsys, 2).err


def test_ladder_of_a_run_says_which_replication_it_took(capsys):
    said(["run", *QUICK, "--out", "here"], capsys)
    asked = ["ladder", "run=here"]
    assert objects(asked, capsys) == objects([*asked, "replication=0"], capsys)
    out, _ = said(asked, capsys)
    first, _ = said([*asked, "replication=0"], capsys)
    note = "this is replication 0, one of the run's; replication=N tells another\n"
    assert out.replace(note, "") == first != out


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


DEADLY = (
    *("scenario.end=2019-09-01", "militia.base_rate=1", "casualties.coalition_deaths_small=0.3"),
    *("retaliation=on_coalition_death", "replications=4", "workers=1", "--quiet"),
)
"""Of these four replications three come to a sustained exchange."""


def test_what_follows_a_sustained_exchange_is_not_told(capsys):
    cut = "3 of 4 replications came to a sustained exchange"
    assert cut in said(["run", *DEADLY, "--out", "here"], capsys)[0]
    assert objects(["compare", "run=here"], capsys)["sustained_exchanges"] == 3
    assert cut in said(["compare", "run=here"], capsys)[0]
    assert cut in Path("here/report.html").read_text(encoding="utf-8")
    done = runs.read(Path("here"))
    rows, paths = done.replications(), done.paths()
    for number, time in rows["true_sustained_exchange"].dropna().items():
        own = paths[paths["replication"] == number]
        assert own["time"].max() <= time
        assert own["rung"].max() <= rows["true_highest_rung"][number]
        ladder = ["ladder", "run=here", f"replication={number}"]
        assert "a sustained exchange came on 2019-06" in said(ladder, capsys)[0]
        told = objects(ladder, capsys)
        assert [step["rung"] for step in told["paths"]] == own["rung"].tolist()
        assert all(episode["start"] < "2019-06-21" for episode in told["episodes"])


def test_show_record_reconciles(capsys):
    told = objects(["show", "record"], capsys)
    assert told["tempo_series"] == 75
    assert len(told["reconciliation"]) == 50


def test_show_record_reconciles_with_the_record_s_own_counts(capsys, root, tmp_path):
    """A folder's, if it has any; a single file has none."""
    counts = root / "seeds/record/published_counts.csv"
    events = (root / "seeds/record/events.csv").read_text()
    (tmp_path / "events.csv").write_text(events)
    asked = ["show", "record", f"record={tmp_path}"]
    for words in (asked, ["show", "record", f"record={tmp_path}/events.csv"]):
        assert objects(words, capsys)["reconciliation"] == []
        assert said(words, capsys).out.endswith("no published counts (published_counts.csv in a "
                                                "record's folder holds them)\n")  # fmt: skip
    lines = counts.read_text().splitlines()
    own = tmp_path / "published_counts.csv"
    own.write_text("\n".join(lines[:4]))
    assert len(objects(asked, capsys)["reconciliation"]) == 3
    own.write_text(f"{lines[0]}\nnonsense\n")
    assert f"{own}: row 2 (nonsense) has 1 cells" in said(asked, capsys, 2).err


DOUBTFUL = "without=dujail_2020_01_09,taji_2020_03_24"
LEFT_OUT = "left out of the record as doubtful: A043 (dujail_2020_01_09), A068 (taji_2020_03_24)"


def test_doubtful_rows_are_left_out_of_what_is_shown_and_rated(capsys):
    for words, rows in ((["show", "record"], "; 73 rocket attacks"), (["ladder", "--all"], "A042")):
        out, _ = said([*words, DOUBTFUL], capsys)
        assert rows in out
        assert LEFT_OUT in out
        assert LEFT_OUT.split(":")[0] not in said(words, capsys).out
        assert objects([*words, DOUBTFUL], capsys)["without"] == DOUBTFUL[8:].split(",")
    ids = {event["id"] for event in objects(["ladder", DOUBTFUL], capsys)["events"]}
    assert not ids & {"A043", "A068"}


def test_a_comparison_leaves_doubtful_rows_out_and_its_report_says_so(capsys):
    import sim

    window = ["scenario.start=2020-01-06", "scenario.end=2020-01-20", "replications=3", "workers=1"]
    out, _ = said(["compare", *window, DOUBTFUL, "--out", "here"], capsys)
    assert LEFT_OUT in out
    assert "Left out of the record" in Path("here/report.html").read_text(encoding="utf-8")
    told = objects(["compare", "run=here", DOUBTFUL], capsys)
    whole = objects(["compare", "run=here"], capsys)
    assert told["without"] == DOUBTFUL[8:].split(",")
    recorded = [
        next(row["recorded"] for row in each["patterns"] if row["pattern"] == "rocket_attacks")
        for each in (told, whole)
    ]
    assert recorded[0] == recorded[1] - 1
    assert "Left out of" not in Path("here/report.html").read_text(encoding="utf-8")
    frame = sim.read("here").compare(without=["dujail_2020_01_09"]).set_index("pattern")
    assert frame.loc["rocket_attacks", "recorded"] == recorded[0]
    assert frame.attrs["note"].endswith("A043 (dujail_2020_01_09)")


@pytest.mark.parametrize("verb", [["show", "record"], ["ladder"], ["compare", *QUICK]])
def test_a_misspelt_doubtful_row_is_answered_with_the_nearest(verb, capsys):
    err = said([*verb, "without=dujail_2020_01_10"], capsys, 2).err
    assert "'dujail_2020_01_10' switches off no row" in err
    assert "did you mean 'dujail_2020_01_09'?" in err
    assert not Path("outputs").exists()


def test_a_run_has_no_doubtful_rows(capsys):
    assert "without=: leaves out rows of a record" in said(
        ["ladder", "run=here", "without=dujail_2020_01_09"], capsys, 2
    ).err  # fmt: skip


def test_hydra_s_own_spelling(capsys):
    out, _ = said(["run", "--cfg", "job", "militia.base_rate=0.2"], capsys)
    assert "base_rate" in out
    assert list(Path().iterdir()) == []
    words = ["run", "-m", "retaliation=never,on_coalition_death", *QUICK, "--out", "many"]
    told = objects(words, capsys)
    assert len(told["runs"]) == len(list(Path("many").iterdir())) == 2


@pytest.mark.parametrize("name", ["mine", "mes étés", "a,b=[c]", "l'\\'", "back\\", "日本"])
def test_a_scenario_of_one_s_own(name, capsys):
    folder = Path(name) / "scenario"
    folder.mkdir(parents=True)
    (folder / "week.yaml").write_text(
        "name: week\ntitle: one week\nabout: a test\n"
        "start: 2020-06-01\nend: 2020-06-08\nhistory: record\n"
    )
    words = ["run", "--config-dir", name, "scenario=week", "replications=3", "workers=1"]
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


WEEK = (
    "name: week\ntitle: one week\nabout: a test\n"
    "start: 2020-06-01\nend: 2020-06-08\nhistory: record\n"
)


def module(*words, **how):
    how = {"capture_output": True, "text": True, "timeout": 60} | how
    return subprocess.run([sys.executable, "-m", "sim", *words], **how)


@pytest.mark.parametrize(
    ("verb", "word", "said_by_run"),
    [
        ("compare", "--multirun", "  --multirun "),
        ("rare", "replications=5", " replications=N"),
        ("backtest", "replications=5", " replications=N"),
        ("backtest", "journal=none", " journal=full"),
        ("backtest", "scenario=summer_2020", "  scenario=historical|"),
    ],
)
def test_help_offers_nothing_that_its_verb_refuses(verb, word, said_by_run, capsys):
    said([verb, word, *(["rung=9"] if verb == "rare" else [])], capsys, 2)
    assert said_by_run in said(["run", "--help"], capsys).out
    assert said_by_run not in said([verb, "--help"], capsys).out


@pytest.mark.parametrize("words", [[], ["-h"], ["help"], ["--help"]])
def test_help_is_asked_for_in_several_ways(words, capsys):
    assert said(words, capsys).out == said(["--help"], capsys).out


@pytest.mark.parametrize("verb", ["run", "compare"])
def test_help_wins_over_a_wrong_word(verb, capsys):
    assert said([verb, "seed=-1", "--help"], capsys).out.startswith(f"usage: rungs {verb}")


@pytest.mark.parametrize("verb", VERBS)
def test_the_examples_of_help_are_taken(verb, capsys, monkeypatch):
    """Each example is parsed, its overrides composed and its settings judged."""
    import shlex
    from importlib import import_module

    from sim.cli.options import parse, take
    from sim.settings.compose import load
    from sim.study import asking
    from sim.study.sweeps import Plan

    for example in import_module(f"sim.cli.{verb}").EXAMPLES:
        inner = example.split("$(")[-1].split(")")[0] if "$(" in example else example
        name, *words = shlex.split(inner.split("rungs ")[1])
        assert name == verb
        call = parse(words, import_module(f"sim.cli.{verb}").OPTIONS)
        if verb in ("run", "compare"):
            take(call, "run", "record")
            load(call.overrides)
        if verb == "sweep":
            own = take(call, *asking.OWN, "best", "measure")
            assert Plan(asking.request_of(call.overrides, own)).design.points


def test_the_version(capsys):
    from importlib.metadata import version

    assert said(["--version"], capsys).out == f"rungs {version('rungs')}\n"


@pytest.mark.parametrize(
    "words",
    [["--help"], ["show", "parameters", "militia"], ["ladder", "--json"], ["run", "seed=-1"]],
    ids=" ".join,
)
def test_the_module_is_the_console_script(words):
    script = Path(sys.executable).with_name("rungs")
    if not script.exists():
        pytest.skip("no console script beside this interpreter")
    told = subprocess.run([script, *words], capture_output=True, text=True, timeout=60)
    same = module(*words)
    assert (told.returncode, told.stdout, told.stderr) == (
        same.returncode,
        same.stdout,
        same.stderr,
    )


@pytest.mark.parametrize(
    "words", [["--help"], ["show", "parameters"], ["ladder", "--json"]], ids=" ".join
)
def test_a_reader_who_has_left_gets_no_traceback(words):
    """`| head -1` that is done before the first line comes."""
    read, write = os.pipe()
    os.close(read)
    told = module(*words, capture_output=False, stdout=write, stderr=subprocess.PIPE)
    os.close(write)
    assert told.stderr == ""
    assert told.returncode == 1


@pytest.mark.parametrize("encoding", ["latin-1", "ascii"])
def test_a_terminal_that_lacks_our_letters_gets_the_others(encoding):
    """Tables have rules and dashes that it hasn't; a JSON object can spell them."""
    env = {**os.environ, "PYTHONIOENCODING": encoding}
    table, told = (module(*words, env=env) for words in (["ladder"], ["ladder", "--json"]))
    assert (table.returncode, table.stderr) == (0, "")
    assert "2020-03-11     7" in table.stdout
    assert (told.returncode, told.stderr) == (0, "")
    assert json.loads(told.stdout) == json.loads(module("ladder", "--json").stdout)


@pytest.mark.skipif(os.name != "posix", reason="a shell closes the stream")
def test_a_closed_stream_of_errors_stops_nothing_and_goes_nowhere_else():
    shell = f"{shlex.quote(sys.executable)} -m sim run {{}} 2>&-"
    good, bad = (
        subprocess.run(shell.format(words), shell=True, stdout=subprocess.PIPE, text=True)
        for words in (f"{' '.join(QUICK)} --out closed", "seed=-1 --json")
    )
    assert good.returncode == 0
    assert "rocket attacks" in good.stdout
    assert (bad.returncode, bad.stdout) == (2, "")


def test_what_stands_in_a_file_s_way_is_named_with_what_to_look_at(capsys):
    assert main(["run", *QUICK, "--out", "here", "--quiet"]) == 0
    Path("here/comparison.csv").mkdir()
    assert main(["compare", "run=here"]) == 1
    assert capsys.readouterr().err == (
        "error: here/comparison.csv: Is a directory: see who may write there, and what is there\n"
    )


def test_a_file_that_cannot_be_written_is_named_as_it_would_be_called(capsys, monkeypatch):
    def refused(self, content):
        raise PermissionError(13, "Permission denied", str(self))

    assert main(["run", *QUICK, "--out", "here", "--quiet"]) == 0
    monkeypatch.setattr(Path, "write_bytes", refused)
    assert main(["compare", "run=here"]) == 1
    told = capsys.readouterr().err
    assert told.startswith("error: here/")
    assert ".part" not in told
    assert "Permission denied: see who may write there" in told


def test_run_in_text_says_what_and_where(capsys):
    out, _ = said(["run", *QUICK, "--out", "here"], capsys)
    first, second, third = out.splitlines()
    assert first.startswith("summer_2020 (")
    assert "5 replications in" in first
    assert second.strip().startswith("rocket attacks ")
    assert third.strip() == "here"


def test_run_in_json_keeps_its_names(capsys):
    told = objects(["run", *QUICK, "--out", "here"], capsys)
    assert set(told) == {
        "folder", "scenario", "retaliation", "replications", "seed", "seconds",
        "rocket_attacks", "highest_rung", "sustained_exchanges",
    }  # fmt: skip
    assert set(told["rocket_attacks"]) == {"median", "low90", "high90"}


def test_the_same_command_twice_is_one_folder(capsys):
    for _ in range(2):
        said(["run", *QUICK, "--quiet"], capsys)
    said(["run", *QUICK[:-1], "workers=2", "--quiet"], capsys)
    assert len(list(Path("outputs").iterdir())) == 1
    said(["run", *QUICK, "seed=2", "--quiet"], capsys)
    assert len(list(Path("outputs").iterdir())) == 2


def test_compare_quiet_names_no_files(capsys):
    loud = said(["compare", *QUICK, "--out", "here"], capsys).out
    quiet, error = said(["compare", *QUICK, "--out", "here", "--quiet"], capsys)
    assert error == ""
    assert "report.html" in loud
    assert "report.html" not in quiet
    assert loud.startswith(quiet.rstrip("\n"))


def test_compare_all_prints_more_and_no_wider(capsys):
    few = said(["compare", *QUICK, "--out", "here", "--quiet"], capsys).out
    every = said(["compare", "run=here", "--all", "--quiet"], capsys).out
    assert len(every.splitlines()) > len(few.splitlines())
    assert "rocket attacks in 2020-07" in every
    assert max(map(len, [*few.splitlines(), *every.splitlines()])) <= 100


def test_ladder_in_json_keeps_its_names(capsys):
    told = objects(["ladder"], capsys)
    assert set(told) == {"events", "flags", "paths", "episodes", "statistics"}
    assert {"date", "rung"} <= set(told["paths"][0])
    assert all(event["rung_low"] <= event["rung"] <= event["rung_high"] for event in told["events"])
    days = [event["date"] for event in told["events"]]
    assert days == sorted(days)


def test_ladder_of_a_run_is_its_paths(capsys):
    import sim

    said(["run", *QUICK, "--out", "here"], capsys)
    paths = sim.read("here").paths()
    for number in range(5):
        told = objects(["ladder", "run=here", f"replication={number}"], capsys)["paths"]
        kept = paths[paths["replication"] == number]
        assert [step["rung"] for step in told] == kept["rung"].tolist()


def test_a_week_can_be_written_as_days(capsys):
    assert objects(["ladder", "window=7d"], capsys) == objects(["ladder", "window=7"], capsys)


def test_cfg_prints_a_configuration_that_reads_back(capsys):
    import yaml

    from sim.settings.compose import judge, load

    out, _ = said(["run", "--cfg", "job", "scenario=summer_2020", "militia.base_rate=0.2"], capsys)
    assert judge(yaml.safe_load(out)) == load(["scenario=summer_2020", "militia.base_rate=0.2"])
    assert said(["run", "--cfg=job", "scenario=summer_2020"], capsys).out.startswith("scenario:")
    assert said(["compare", "-c", "job"], capsys).out.startswith("scenario:")


def test_a_folder_of_one_s_own_is_listed_and_shown(capsys):
    Path("mine/scenario").mkdir(parents=True)
    Path("mine/scenario/week.yaml").write_text(WEEK)
    told = objects(["show", "scenario", "--config-dir", "mine"], capsys)
    assert told["scenarios"]["week"] == "one week"
    assert "7 days" in said(["show", "scenario", "week", "--config-dir=mine"], capsys).out
    assert "week" not in objects(["show", "scenario"], capsys)["scenarios"]


def test_multirun_runs_every_combination(capsys):
    words = ["run", "-m", *QUICK, "seed=1,2", "retaliation=never,historical", "--out", "many"]
    told = objects(words, capsys)["runs"]
    assert [(run["seed"], run["retaliation"][:9]) for run in told] == [
        (1, "no strike"), (1, "strikes b"), (2, "no strike"), (2, "strikes b"),
    ]  # fmt: skip
    assert {run["folder"] for run in told} == {str(p) for p in Path("many").iterdir()}


def test_multirun_of_one_goes_where_it_is_told(capsys):
    assert objects(["run", "-m", *QUICK, "--out", "here"], capsys)["folder"] == "here"
    assert Path("here/manifest.json").is_file()


def test_show_parameters_in_json(capsys):
    told = objects(["show", "parameters", "militia.base_rate"], capsys)["parameters"]
    assert [entry["key"] for entry in told] == ["militia.base_rate"]
    assert {"key", "value", "unit", "low", "high", "source", "confidence"} <= set(told[0])
    assert (told[0]["low"], told[0]["high"]) == (0.0, 20.0)


def test_show_tells_a_posterior_in_place_of_the_prior(capsys):
    """Its own quantiles, from its draws; what the scenario fixes stays as it is fixed."""
    import numpy as np
    import pyarrow.parquet as pq

    def config(key, *words):
        return objects(["show", "config", key, *words], capsys)

    column = pq.read_table(place("reference") / DRAWS)["militia.base_rate"].to_numpy()
    low, median, high = np.quantile(column, (0.05, 0.5, 0.95))
    words = f"{median:.3g} (90 %: {low:.3g} to {high:.3g})"
    told = config("militia.base_rate", "posterior=reference")
    assert (told["value"], told["set_by"]) == (words, "posterior=reference")
    assert told["parameters"][0]["source"].startswith("posterior reference; its prior: log-unif")
    fixed = config("militia.base_rate", "posterior=reference", "militia.base_rate=0.2")
    assert (fixed["value"], fixed["set_by"]) == ("0.2", "the override militia.base_rate=0.2")
    held = config("drawdown.notice_days", "posterior=reference")
    assert (held["value"], held["set_by"].partition("=")[0]) == (
        "10", "a condition of the posterior, drawdown.notice_days",
    )  # fmt: skip
    listed = objects(["show", "parameters", "militia.base_rate", "posterior=reference"], capsys)
    assert listed["parameters"][0]["value"] == words


def test_show_a_part_lists_what_is_in_it(capsys):
    out, _ = said(["show", "config", "militia.truce"], capsys)
    assert out.startswith("militia.truce\n")
    assert "militia.truce.factor" in out
    told = objects(["show", "config", "air_defence.magazine"], capsys)
    assert (told["value"], told["set_by"]) == (30, "air_defence/_base.yaml")


@pytest.mark.parametrize(
    ("done", "told"),
    [((25, 50, 75), "50/75, 1/s, 20 s left"), ((0, 2, 3), "2/3, 0.1/s, 10 s left")],
)
def test_a_slow_run_tells_its_progress_in_lines(done, told, capsys, monkeypatch):
    """Where there is no terminal; the clock is made to run."""
    from itertools import count

    from sim.cli import running

    ticks = count(step=10)
    monkeypatch.setattr(running.time, "monotonic", lambda: float(next(ticks)))
    advance = running.lines("week")
    for so_far in done:
        advance(so_far, done[-1])
    out, error = capsys.readouterr()
    assert out == ""
    assert error == f"week: {told}\n"
