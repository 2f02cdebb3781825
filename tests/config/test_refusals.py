"""Bad calls, through the real command line: status 2, one clear error, nothing written."""

from __future__ import annotations

import os

import pytest

from sim.cli import main

CALLS = {
    "unknown key": (["run", "militia.tempo=1"], "militia.tempo = 1: no such key"),
    "a key twice": (
        ["run", "militia.base_rate=0.2", "militia.base_rate=0.4"],
        "militia.base_rate= is given twice: keep one of the two",
    ),
    "a group twice": (["run", "ablation=no_truce", "ablation=no_guns"], "ablation= is given twice"),
    "a decimal comma": (
        ["run", "militia.base_rate=0,2"],
        "one number is written with a point and no comma",
    ),
    "a thousands comma": (["run", "replications=1,000"], "--multirun runs each; one number is"),
    "policies without a sweep": (["run", "retaliation=never,historical"], "rungs sweep"),
    "spaces": (["run", "replications = 50"], "replications = 50: cannot be read as KEY=VALUE"),
    "half an interval": (["sweep", "militia.base_rate=interval(0.1)"], "or interval(low,high)"),
    "a range of one value": (
        ["sweep", "militia.base_rate=range(0.1,0.5)"],
        "one value only, the step is too wide",
    ),
    "boxes of two points": (
        ["sweep", "retaliation=never,historical", "cases=reaches_eight > 0.5"],
        "2 points; boxes need 30 at least",
    ),
    "near miss of a key": (["run", "militia.bas_rate=1"], "did you mean 'base_rate'?"),
    "near miss at the top": (["run", "replication=5"], "did you mean 'replications'?"),
    "appended key": (["run", "+militia.foo=1"], "militia.foo = 1: no such key"),
    "unknown scenario": (["run", "scenario=histrical"], "did you mean 'historical'?"),
    "unknown policy": (["run", "retaliation=nver"], "did you mean 'never'?"),
    "wrong type": (["run", "workers=two"], "workers = 'two'"),
    "a fraction for a count": (["run", "seed=1.5"], "seed = 1.5"),
    "not a number": (["run", "militia.base_rate=abc"], "militia.base_rate = 'abc': not a number"),
    "a truth value for a number": (["run", "militia.base_rate=true"], "a number is needed"),
    "nan": (["run", "militia.base_rate=.nan"], "militia.base_rate"),
    "infinity": (["run", "militia.base_rate=.inf"], "militia.base_rate"),
    "too high": (["run", "militia.base_rate=21"], "21 is outside 0 to 20 (attacks a day)"),
    "too low": (["run", "militia.restraint=-0.1"], "-0.1 is outside 0 to 1 (share)"),
    "excitation that explodes": (["run", "militia.excitation=1"], "1 is outside 0 to 0.99"),
    "a calendar whose windows are empty": (
        ["run", "militia.drivers.calendar.lead_days=0", "militia.drivers.calendar.lag_days=0"],
        "lead_days and lag_days are 0, so that a mark does nothing: write lag_days=1",
    ),
    "more than all salvos": (
        ["run", "militia.salvo.large_share=0.8", "militia.salvo.medium_share=0.8"],
        "large_share and medium_share are 0.8 and 0.8 at least, and part one whole",
    ),
    "no replications": (["run", "replications=0"], "replications = 0"),
    "no workers": (["run", "workers=0"], "workers = 0"),
    "negative seed": (["run", "seed=-1"], "seed = -1"),
    "unknown journal": (["run", "journal=ful"], "did you mean 'full'?"),
    "mandatory value unset": (["run", "militia.base_rate=???"], "is not set (???)"),
    "mandatory key deleted": (["run", "~militia.base_rate"], "militia.base_rate is not set"),
    "bad date": (["run", "scenario.start=2019-13-01"], "scenario.start = '2019-13-01'"),
    "inverted dates": (["run", "scenario.end=2019-04-01"], "not after its start"),
    "far too long": (["run", "scenario.end=2059-04-01"], "choose a shorter window"),
    "site closed a century ago": (
        ["run", "sites.places.taji.closed=1920-08-23"],
        "check the year",
    ),
    "site that closes before it opens": (
        ["run", "+sites.places.taji.opened=2020-09-01"],
        "not after it opens",
    ),
    "mark known after its day": (
        ["run", "timeline.marks.us_election.known_from=2020-12-01"],
        "after the mark itself",
    ),
    "battery at an unknown site": (
        ["run", "air_defence.batteries.embassy_guns.site=embasy"],
        "no such site; did you mean 'embassy'?",
    ),
    "siren at an unknown site": (["run", "air_defence.sirens=[tajji]"], "did you mean 'taji'?"),
    "two batteries at a site": (
        ["run", "air_defence.batteries.taji_guns.site=embassy"],
        "keep one and give it more channels",
    ),
    "unknown site class": (
        ["run", "sites.places.embassy.site_class=embasy_zone"],
        "did you mean 'embassy_zone'?",
    ),
    "nobody in the network": (["run", "militia.cells={}"], "at least one cell"),
    "a cell without fronts": (
        ["run", "militia.cells.badr.fronts=[]"],
        "a cell needs a front brand",
    ),
    "no such month": (["run", "observers.holes=[2019-13]"], "write it as 2019-11"),
    "unknown prior": (
        ["run", "militia.base_rate={prior: unifrm, low: 0, high: 1}"],
        "did you mean 'uniform'?",
    ),
    "inverted prior": (
        ["run", "militia.base_rate={prior: uniform, low: 2, high: 1}"],
        "high must be above low",
    ),
    "prior beyond the limits": (
        ["run", "militia.base_rate={prior: uniform, low: 0, high: 50}"],
        "50 is outside 0 to 20",
    ),
    "incomplete prior": (["run", "militia.base_rate={prior: beta, a: 1}"], "is not set"),
    "misspelt number of a prior": (
        ["run", "militia.base_rate={prior: uniform, low: 0, hihg: 1}"],
        "did you mean 'high'?",
    ),
    "code in an override": (["run", "+militia._target_=os.system"], "never names code"),
    "environment in an override": (["run", "scenario.title=${oc.env:HOME}"], "is refused"),
    "hydra's own settings": (["run", "hydra.run.dir=/tmp/x"], "hydra's own settings"),
    "no override at all": (["run", "seed"], "no override"),
    "an empty key": (["run", "=3"], "no override"),
    "several values": (["run", "seed=1,2"], "--multirun runs each"),
    "several scenarios": (["run", "scenario=historical,summer_2020"], "names several"),
    "too many combinations": (
        ["run", "-m", "seed=range(300)"],
        "that is a sweep, not a multirun",
    ),
    "unknown option": (["run", "--outt", "x"], "did you mean '--out'?"),
    "option without its value": (["run", "--out"], "--out needs a value"),
    "flag with a value": (["run", "--quiet=yes"], "takes no value"),
    "unknown verb": (["rnu"], "did you mean 'run'?"),
    "unknown topic": (["show", "recrd"], "did you mean 'record'?"),
    "no topic": (["show"], "show what?"),
    "unknown key asked for": (["show", "config", "militia.bse_rate"], "did you mean 'base_rate'?"),
    "no such parameters": (["show", "parameters", "zzz"], "no key begins so"),
    "unknown --cfg": (["run", "--cfg", "hydra"], "only --cfg job"),
    "missing config folder": (["run", "--config-dir", "nowhere"], "no such folder"),
    "no run folder": (["compare", "run=nowhere"], "no run folder"),
    "a finished run cannot change": (["compare", "run=x", "seed=1"], "cannot be changed"),
    "missing record": (["ladder", "record=nowhere.csv"], "nowhere.csv"),
    "record and run": (["ladder", "record=a", "run=b"], "name one of them"),
    "replication without a run": (["ladder", "replication=1"], "needs run=DIR"),
    "window of nothing": (["ladder", "window=0"], "from 1 to 366"),
    "window that is no number": (["ladder", "window=abc"], "not a whole number"),
    "an override for ladder": (["ladder", "seed=1"], "ladder takes"),
    "given twice": (["ladder", "window=7", "window=14"], "given twice"),
}


@pytest.fixture(autouse=True)
def empty_folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


def refused(words, capsys):
    """The error of a call that is refused, checked for what every such error keeps."""
    status = main(words)
    out, error = capsys.readouterr()
    assert status == 2, (out, error)
    assert out == ""
    assert error.startswith("error: ")
    assert 1 <= len(error.strip().splitlines()) <= 3
    assert "Traceback" not in error
    return error


@pytest.mark.parametrize("name", CALLS)
def test_a_bad_call_is_refused_and_nothing_written(name, capsys, empty_folder):
    words, told = CALLS[name]
    assert told in refused(words, capsys)
    assert os.listdir(empty_folder) == []


FILES = {
    "code": ("_target_: os.system\n", "names code"),
    "quoted code": ("x:\n  - '_target_': os.system\n", "names code"),
    "hydra's node": ("hydra:\n  run: {dir: x}\n", "hydra's own settings"),
    "environment": ("title: ${oc.env:HOME}\n", "reads the environment"),
    "aliases": ("a: &a [1]\nb: [" + "*a, " * 40 + "]\n", "aliases"),
    "huge": ("# " + "x" * 1_100_000 + "\n", "holds at most"),
}


@pytest.mark.parametrize("name", FILES)
def test_a_bad_config_file_is_refused(name, capsys, empty_folder):
    text, told = FILES[name]
    folder = empty_folder / "mine" / "scenario"
    folder.mkdir(parents=True)
    (folder / "evil.yaml").write_text(text)
    error = refused(["run", "--config-dir", "mine", "scenario=evil"], capsys)
    assert told in error
    assert "evil.yaml" in error
    assert sorted(os.listdir(empty_folder)) == ["mine"]


def test_a_config_file_in_another_encoding_is_refused(capsys, empty_folder):
    folder = empty_folder / "mine" / "scenario"
    folder.mkdir(parents=True)
    (folder / "other.yaml").write_bytes("title: Übung\n".encode("latin-1"))
    assert "is not UTF-8" in refused(["run", "--config-dir", "mine", "scenario=other"], capsys)


def test_a_config_file_that_a_packaged_one_would_shadow_is_refused(capsys, empty_folder):
    folder = empty_folder / "mine" / "scenario"
    folder.mkdir(parents=True)
    (folder / "historical.yaml").write_text("name: mine\n")
    assert "shadowed" in refused(["run", "--config-dir", "mine"], capsys)


def test_broken_yaml_is_refused(capsys, empty_folder):
    folder = empty_folder / "mine" / "scenario"
    folder.mkdir(parents=True)
    (folder / "broken.yaml").write_text("a: [1\n")
    assert "broken.yaml" in refused(["run", "--config-dir", "mine", "scenario=broken"], capsys)


def test_an_occupied_folder_is_left_alone(capsys, empty_folder):
    (empty_folder / "mine").mkdir()
    (empty_folder / "mine" / "thesis.txt").write_text("all I have")
    error = refused(["run", "scenario=summer_2020", "--out", "mine"], capsys)
    assert "already holds something else" in error
    assert os.listdir(empty_folder / "mine") == ["thesis.txt"]


def test_a_file_in_the_place_of_a_folder_is_left_alone(capsys, empty_folder):
    (empty_folder / "mine").write_text("all I have")
    assert "cannot be used" in refused(["run", "scenario=summer_2020", "--out", "mine"], capsys)
    assert (empty_folder / "mine").read_text() == "all I have"


def test_an_unfinished_run_is_not_read(capsys, empty_folder):
    (empty_folder / "mine").mkdir()
    (empty_folder / "mine" / "manifest.json").write_text('{"status": "interrupted"}')
    assert "interrupted, not complete" in refused(["compare", "run=mine"], capsys)


def test_debug_shows_where(capsys):
    assert main(["run", "seed=-1", "--debug"]) == 2
    assert "InputError: seed = -1" in capsys.readouterr().err


def test_a_failed_job_is_status_one(capsys, monkeypatch):
    from sim.study import runs

    monkeypatch.setattr(runs, "run", lambda *_: 1 / 0)
    assert main(["run", "scenario=summer_2020", "replications=1", "--quiet"]) == 1
    assert "ZeroDivisionError" in capsys.readouterr().err
