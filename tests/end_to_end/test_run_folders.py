"""Run folders: what holds what, what stays as it was, what a stopped command leaves."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

import sim.cli.branch
import sim.cli.calibrate
import sim.cli.run
from sim.cli import main
from sim.errors import InputError
from sim.settings.compose import load
from sim.study.folder import RunFolder
from sim.study.runs import read

SHORT = ["scenario=summer_2020", "replications=4", "workers=1"]
RECORD = """\
event_id,date,date_low,date_high,date_precision,order_in_day,kind,location,region,site_class,target,\
weapon,weapon_class,rounds_fired_low,rounds_fired_high,rounds_impacted,rounds_intercepted,\
in_compound,coalition_killed,coalition_wounded,iraqi_killed,iraqi_wounded,civilian_killed,\
civilian_wounded,claimed_by,attributed_to,cause,cause_reason,overlaps,sources,quality,note
X1,2020-07-27,2020-07-27,2020-07-27,day,,indirect_fire,Taji,Baghdad,training_base,,rocket,rocket,\
3,3,,,,0,0,,,,,,,,,,a newspaper,B,made up for this test
"""


def manifest(folder: Path) -> dict:
    return json.loads((folder / "manifest.json").read_text(encoding="utf-8"))


@pytest.fixture
def finished(tmp_path: Path) -> Path:
    """A run of four short replications."""
    assert main(["run", *SHORT, "--out", str(tmp_path / "run"), "--quiet"]) == 0
    return tmp_path / "run"


def test_a_finished_run_stays_as_it_was_told(finished, monkeypatch):
    before = manifest(finished)
    monkeypatch.setattr("sim.study.folder.sys.version", "another machine's")
    assert main(["resume", str(finished), "--quiet"]) == 0
    assert main(["run", *SHORT, "--out", str(finished), "--quiet"]) == 0
    assert manifest(finished) == before


def test_a_run_that_lacked_something_is_told_anew(finished):
    before = manifest(finished)
    before["status"] = "interrupted"
    (finished / "manifest.json").write_text(json.dumps(before), encoding="utf-8")
    assert main(["resume", str(finished), "--quiet"]) == 0
    assert manifest(finished)["status"] == "complete"


@pytest.mark.parametrize("lost", ["replications", "paths", "events"])
def test_a_run_that_lost_a_file_is_refused_and_made_whole_again(lost, tmp_path, capsys):
    folder, days = tmp_path / "run", ["scenario=summer_2020", "scenario.end=2020-07-30"]
    words = ["replications=26", "workers=1", "--quiet"]  # in two files
    assert main(["run", *days, *words, "--out", str(folder)]) == 0
    before, name = manifest(folder), f"{lost}-00001.parquet"
    (folder / name).unlink()
    for words in (["compare", f"run={folder}"], ["report", str(folder)]):
        assert main(words) == 2
        told = capsys.readouterr().err
        assert f"{folder}: its file {name} is missing; rungs resume {folder}" in told
    assert main(["resume", str(folder), "--quiet"]) == 0
    assert manifest(folder) == before
    assert main(["compare", f"run={folder}", "--quiet"]) == 0


def test_of_two_runs_that_begin_together_in_one_folder_one_is_refused(tmp_path, monkeypatch):
    """Else each writes its own chunks, and a mixture is told as complete."""
    begin = RunFolder._start

    def start(self, *told):
        monkeypatch.setattr(RunFolder, "_start", begin)
        with pytest.raises(InputError, match="already holds something else"):
            RunFolder.create(tmp_path / "run", load([*SHORT, "seed=2"]), [])
        begin(self, *told)

    monkeypatch.setattr(RunFolder, "_start", start)
    folder = RunFolder.create(tmp_path / "run", load([*SHORT, "seed=1"]), [])
    assert folder.manifest()["seed"] == 1


def test_a_run_that_was_stopped_at_its_first_word_can_be_given_again(tmp_path, monkeypatch):
    def stop(self, **entries):
        raise KeyboardInterrupt

    with monkeypatch.context() as first:
        first.setattr(RunFolder, "note", stop)
        with pytest.raises(KeyboardInterrupt):
            RunFolder.create(tmp_path / "run", load(SHORT), [])
    assert RunFolder.create(tmp_path / "run", load(SHORT), []).manifest()["status"] == "running"


def test_a_folder_that_can_no_longer_be_written_is_told(finished, monkeypatch, capsys):
    def write(self, name, content):
        raise PermissionError(13, "Permission denied", str(self.path / name))

    monkeypatch.setattr(RunFolder, "write", write)
    assert main(["run", *SHORT, "--out", str(finished)]) == 2
    assert f"--out {finished}: cannot be used (Permission denied)" in capsys.readouterr().err


def first_half(folder, kind):
    """What a failing disk leaves of a table."""
    path = folder / f"{kind}-00001.parquet"
    path.write_bytes(path.read_bytes()[:500])


def other_table(folder, kind):
    """A table that can be read and is another."""
    shutil.copy(folder / f"{kind}-00000.parquet", folder / f"{kind}-00001.parquet")


@pytest.mark.parametrize("kind", ["replications", "paths", "events"])
@pytest.mark.parametrize("damage", [first_half, other_table])
def test_a_run_with_a_damaged_file_is_refused_and_made_whole_again(kind, damage, tmp_path, capsys):
    folder, days = tmp_path / "run", ["scenario=summer_2020", "scenario.end=2020-07-30"]
    words = ["replications=26", "workers=1", "journal=full", "--quiet"]  # in two files
    assert main(["run", *days, *words, "--out", str(folder)]) == 0
    before, name = manifest(folder), f"{kind}-00001.parquet"
    damage(folder, kind)
    with pytest.raises(InputError, match=f"its file {name} is not what manifest.json tells of"):
        read(folder).arrow(kind)
    if kind == "events":
        assert main(["ladder", f"run={folder}", "replication=25"]) == 2
        assert f"{name} is not what manifest.json tells of; rungs resume" in capsys.readouterr().err
    assert main(["resume", str(folder), "--quiet"]) == 0
    assert manifest(folder) == before
    assert main(["compare", f"run={folder}", "--quiet"]) == 0


def test_a_run_that_was_cut_off_makes_a_broken_file_anew(finished):
    """What a machine that lost its power leaves: a name without all of its content."""
    before = manifest(finished)
    left = {"status": "running", "files_sha256": {}}
    (finished / "manifest.json").write_text(json.dumps({**before, **left}), encoding="utf-8")
    (finished / "paths-00000.parquet").write_bytes(b"")
    assert main(["resume", str(finished), "--quiet"]) == 0
    assert manifest(finished)["files_sha256"] == before["files_sha256"]


@pytest.mark.parametrize("content", [b"", b"- 1", b"seed: \xff", b"a: ["])
def test_a_configuration_that_cannot_be_read_says_what_to_do(content, finished, capsys):
    kept = (finished / "config.yaml").read_bytes()
    (finished / "config.yaml").write_bytes(content)
    for call in (["compare", f"run={finished}"], ["resume", str(finished)]):
        assert main(call) == 2
        told = capsys.readouterr().err
        assert f"{finished}/config.yaml: cannot be read" in told
        assert "the run's own command writes it anew" in told
    (finished / "config.yaml").write_bytes(kept)


def test_a_sweep_whose_design_is_damaged_is_refused(tmp_path, capsys):
    folder, days = tmp_path / "sweep", ["scenario=summer_2020", "scenario.end=2020-07-30"]
    words = ["replications=2", "workers=1", "militia.base_rate=0.1,0.2", "--quiet"]
    assert main(["sweep", *days, *words, "--out", str(folder)]) == 0
    (folder / "design.parquet").write_bytes(b"")
    assert main(["sweep", f"run={folder}"]) == 2
    told = capsys.readouterr().err
    assert "its file design.parquet is not what manifest.json tells of; rungs resume" in told


@pytest.mark.parametrize("kind", ["results", "design"])
def test_a_sweep_that_lost_a_file_is_refused_and_made_whole_again(kind, tmp_path, capsys):
    folder, days = tmp_path / "sweep", ["scenario=summer_2020", "scenario.end=2020-07-30"]
    words = ["replications=2", "workers=1", "militia.base_rate=0.1,0.2", "--quiet"]
    assert main(["sweep", *days, *words, "--out", str(folder)]) == 0
    before = manifest(folder)
    lost = next(folder.glob(f"{kind}*.parquet"))
    lost.unlink()
    for call in (["sweep", f"run={folder}"], ["report", str(folder)]):
        assert main(call) == 2
        assert f"its file {lost.name} is missing; rungs resume" in capsys.readouterr().err
    assert main(["resume", str(folder), "--quiet"]) == 0
    assert manifest(folder) == before


def test_a_comparison_names_its_record_and_a_report_keeps_it(finished, tmp_path, capsys):
    mine = tmp_path / "mine.csv"
    mine.write_text(RECORD, encoding="utf-8")
    assert main(["compare", f"run={finished}", f"record={mine}", "--quiet"]) == 0
    assert f"the record {mine} knows" in capsys.readouterr().out.replace("\n", " ")
    page = (finished / "report.html").read_text(encoding="utf-8")
    assert str(mine) in page
    assert manifest(finished)["record"] == "packaged"
    assert main(["report", str(finished), "--quiet"]) == 0
    assert (finished / "report.html").read_text(encoding="utf-8") == page
    assert main(["compare", f"run={finished}", "--quiet"]) == 0
    assert str(mine) not in (finished / "report.html").read_text(encoding="utf-8")


def test_a_sweep_tells_how_many_replications_it_made(tmp_path):
    folder, days = tmp_path / "sweep", ["scenario=summer_2020", "scenario.end=2020-07-30"]
    words = ["replications=2", "workers=1", "militia.base_rate=0.1,0.2,0.3", "--quiet"]
    assert main(["sweep", *days, *words, "--out", str(folder)]) == 0
    assert manifest(folder)["replications"] == 2
    assert "\nreplications: 2\n" in (folder / "config.yaml").read_text(encoding="utf-8")
    assert main(["report", str(folder), "--quiet"]) == 0
    page = (folder / "report.html").read_text(encoding="utf-8")
    assert "2 independent replications of each of 3 points" in page
    assert '<th scope="row">replications</th><td>2</td>' in page


@pytest.mark.parametrize("kind", ["branch", "backtest"])
def test_what_was_stopped_and_keeps_nothing_says_what_to_do(kind, tmp_path, capsys):
    RunFolder.create(tmp_path / "cut", load(SHORT), [], key="x", kind=kind)
    for words, told in (
        (["report"], f"the {kind} is running, not complete; give its own command again"),
        (["resume"], "is neither a run nor a sweep; give its own command again"),
    ):
        assert main([*words, str(tmp_path / "cut")]) == 2
        assert told in capsys.readouterr().err
    assert main(["compare", f"run={tmp_path / 'cut'}"]) == 2
    assert f"a {kind}" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("words", "kept"),
    [
        (["run"], True),
        (["branch"], False),
        (["calibrate", "check=sbc"], True),
        (["calibrate", "check=gaps"], False),
        (["calibrate", "fit=full"], True),
    ],
)
def test_a_stopped_command_says_what_is_kept(words, kept, capsys, monkeypatch):
    def stopped(call: object) -> int:
        raise KeyboardInterrupt

    for verb in (sim.cli.run, sim.cli.branch, sim.cli.calibrate):
        monkeypatch.setattr(verb, "main", stopped)
    assert main(words) == 1
    told = capsys.readouterr().err
    assert ("finished work is kept" in told) == kept
    assert ("nothing is kept" in told) != kept
