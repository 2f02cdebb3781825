"""More bad calls than `test_refusals` names, by class, and what the code still lets through.
@@
go. Everything here goes through the real command line.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from itertools import count
from pathlib import Path

import pytest

from sim.cli import main
from sim.errors import InputError
from sim.settings.files import check_text

QUICK = ["scenario=summer_2020", "replications=1", "workers=1", "--quiet"]
WINDOW = "name: x\ntitle: t\nabout: a\nstart: 2020-06-01\nend: 2020-06-08\nhistory: none\n"
MINE = ["run", "--config-dir", "mine", "scenario=x", "replications=1", "workers=1", "--quiet"]
FILE = "mine/scenario/x.yaml"


@pytest.fixture(autouse=True)
def empty_folder(tmp_path, monkeypatch):
    """A working folder one below tmp_path, so that a path that climbs out is seen."""
    here = tmp_path / "here"
    here.mkdir()
    monkeypatch.chdir(here)
    return tmp_path


def tree(folder: Path) -> dict[str, bytes | None]:
    """Everything below a folder, with the content of its files."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() if path.is_file() else None
        for path in folder.rglob("*")
    }


def put(files: dict[str, str | bytes]) -> None:
    for name, content in files.items():
        Path(name).parent.mkdir(parents=True, exist_ok=True)
        Path(name).write_bytes(content.encode() if isinstance(content, str) else content)


def refused(words, capsys, folder):
    """The error of a call, checked for what every refusal keeps."""
    before = tree(folder)
    status = main(words)
    out, error = capsys.readouterr()
    assert tree(folder) == before, "something was written"
    assert (status, out) == (2, ""), error
    assert error.startswith("error: ")
    assert 1 <= len(error.strip().splitlines()) <= 3
    assert "Traceback" not in error
    return error


LIST = "militia.base_rate = [1]: a number is needed, not a list: write one, or a mapping such as"
CALLS = {
    # what another call would take
    "a new folder for a finished run": (
        ["compare", "run=r", "--out", "x"],
        "--out: is for a new run, and run= names a finished one; leave it out",
    ),
    "a size that is another verb's": (["rare", "rung=9", "replications=20"], "repeats= and part"),
    # names
    "a verb near no other": (["frobnicate"], "valid are: ablate, "),
    "an option for a verb": (["--frobnicate"], "no such verb: --frobnicate"),
    "an empty verb": ([""], "no such verb"),
    "an empty word": (["run", ""], "write KEY=VALUE"),
    "a lone dash": (["run", "-"], "no such option"),
    "a key as an option": (
        ["run", "--workers", "3"],
        "--workers; a key has no dashes, write workers=3",
    ),
    "a key with dashes and =": (["run", "--replications=5"], "dashes, write replications=5"),
    "a group as an option": (["run", "--militia"], "dashes, write militia=…"),
    "a verb's key as an option": (["rare", "--rung", "8"], "dashes, write rung=8"),
    "an option of another verb": (["ladder", "--out", "x"], "no such option: --out"),
    "an option with an empty value": (["run", "--out="], "--out needs a value"),
    "a key that is not ASCII": (["run", "séed=1"], "did you mean 'seed'?"),
    "a key with a zero byte": (["run", "\x00=1"], "no such key"),
    "a new section": (["run", "x.y=1"], "no such key"),
    "a new key at the top": (["run", "+x=1"], "no such key"),
    "a group without a name": (["run", "militia="], "valid are: network, quiet, sceptical"),
    "a group set to nothing": (["run", "militia=null"], "no such config"),
    "a base file as a choice": (["run", "air_defence=_base"], "no such config"),
    "a path as a choice": (["run", "scenario=../secret"], "no such config"),
    "an absolute path as a choice": (["run", "scenario=/etc/hostname"], "no such config"),
    "a list of choices": (["run", "scenario=[historical,summer_2020]"], "names several"),
    "a group in another place": (["run", "scenario@foo=historical"], "scenario@foo"),
    "a part of a number": (["run", "militia.base_rate.x=1"], "militia.base_rate.x"),
    # mandatory
    "a group deleted": (["run", "~militia"], "militia="),
    "a section deleted": (["run", "~militia.cells"], "militia.cells is not set"),
    "a key that isn't there deleted": (["run", "~militia.nothing"], "no such key"),
    "nothing deleted": (["run", "~nothing"], "nothing: no such key"),
    "half a new cell": (["run", "militia.cells.nobody.share=1"], "cells.nobody.title is not set"),
    "an empty value": (["run", "militia.base_rate="], "not a number"),
    "null for a number": (["run", "militia.base_rate=null"], "a number is needed"),
    "null for a count": (["run", "seed=null"], "seed = null: a whole number is needed"),
    # types and ranges
    "a list for a number": (["run", "militia.base_rate=[1]"], LIST),
    "a list of two for a number": (
        ["run", "militia.base_rate=[1,2]"],
        "militia.base_rate = [1, 2]: a number is needed, not a list",
    ),
    "the same in Hydra's words": (["run", "++militia.base_rate=[1]"], LIST),
    "a list appended to a number": (
        ["run", "+militia.base_rate=[1]"],
        "error: militia.base_rate = [1]: does not fit what is there; set it whole, militia.base_",
    ),
    "a list for a mapping": (
        ["run", "militia.cells=[1]"],
        "error: militia.cells = [1]: entries by name are needed, as {name: …}; {} for none",
    ),
    "one value for a list": (
        ["run", "observers.holes=2019-11"],
        "error: observers.holes = '2019-11': a list is needed: write [2019-11]",
    ),
    "a part of a list": (
        ["run", "air_defence.sirens.taji=1"],
        "error: air_defence.sirens.taji = 1: air_defence.sirens is a list; set it whole, air_",
    ),
    "null for a mapping": (
        ["run", "air_defence.batteries=null"],
        "error: air_defence.batteries = null: entries by name are needed, as {name: …}",
    ),
    "one value for a section": (
        ["run", "retaliation.probability=0.3"],
        "= 0.3: keys with values are needed here: killed, wounded, compound, none",
    ),
    "a mapping of unknown keys for a group": (
        ["run", "militia={base_rat: 1}"],
        "error: militia.base_rat: no such key; did you mean 'base_rate'?",
    ),
    "a mapping for a choice": (["run", "journal={a: 1}"], "journal = {'a': 1}: no such choice"),
    "hexadecimal": (["run", "militia.base_rate=0x10"], "not a number"),
    "a decimal comma": (["run", "militia.base_rate=1,5"], "names several values"),
    "too large to be a float": (["run", "militia.base_rate=1e400"], "militia.base_rate"),
    "minus infinity": (["run", "militia.base_rate=-inf"], "militia.base_rate"),
    "seed beyond 63 bits": (["run", f"seed={2**63}"], "must be below 9223372036854775808"),
    "too many replications": (["run", "replications=10000001"], "10000000"),
    "negative replications": (["run", "replications=-3"], "replications = -3"),
    "too many workers": (["run", "workers=257"], "256"),
    "negative workers": (["run", "workers=-1"], "workers = -1"),
    "another case": (["run", "journal=FULL"], "valid are: attacks, full, none"),
    "negative share of a cell": (["run", "militia.cells.badr.share=-1"], "outside 0 to 10"),
    "a weight out of range": (["run", "sites.places.taji.weight=11"], "11 is outside 0 to 10"),
    "no channels": (["run", "air_defence.channels=0"], "air_defence.channels = 0"),
    "half a channel": (["run", "air_defence.channels=1.5"], "air_defence.channels = 1.5"),
    "negative magazine": (["run", "air_defence.magazine=-1"], "air_defence.magazine = -1"),
    "a word for a list": (["run", "air_defence.sirens=taji"], "air_defence.sirens = 'taji'"),
    "no front for convoys": (["run", "convoys.fronts=[]"], "convoys.fronts"),
    "a misspelt battery": (
        ["run", "air_defence.batteries.taji_guns.against=rocket"],
        "did you mean 'rockets'?",
    ),
    "a misspelt mark": (
        ["run", "timeline.marks.us_election.kind=calender_mark"],
        "did you mean 'calendar_mark'?",
    ),
    "a misspelt past": (["run", "scenario.history=records"], "did you mean 'record'?"),
    "a site that batteries need": (["run", "~sites.places.taji"], "'taji': no such site"),
    "a class that sites need": (["run", "~sites.classes.airport"], "no attributes for class"),
    # dates
    "a word for a date": (["run", "scenario.start=yesterday"], "scenario.start = 'yesterday'"),
    "30 February": (["run", "scenario.start=2020-02-30"], "scenario.start = '2020-02-30'"),
    "a year for a date": (["run", "scenario.start=2020"], "scenario.start = 2020"),
    "a date without dashes": (["run", "scenario.start=20200101"], "scenario.start = 20200101"),
    "an hour in a date": (["run", "scenario.start=2020-01-01T05:00"], "scenario.start"),
    "an empty window": (["run", "scenario.end=2019-05-01"], "not after its start"),
    "a window years ago": (["run", "scenario.start=2000-01-01"], "over 3660 days"),
    "the far future": (
        ["run", "scenario.start=9999-01-01", "scenario.end=9999-12-31"],
        "check the year",
    ),
    "a battery a century late": (
        ["run", "air_defence.batteries.taji_guns.fielded=2120-01-01"],
        "check the year",
    ),
    # priors
    "a fixed prior without its value": (["run", "militia.base_rate={prior: fixed}"], "is not set"),
    "a word in a fixed prior": (["run", "militia.base_rate={value: abc}"], "'abc'"),
    "a log-uniform from zero": (
        ["run", "militia.base_rate={prior: log_uniform, low: 0, high: 1}"],
        "militia.base_rate.low = 0",
    ),
    "a prior without width": (
        ["run", "militia.base_rate={prior: uniform, low: 1, high: 1}"],
        "high must be above low",
    ),
    "a normal without spread": (
        ["run", "militia.base_rate={prior: normal, mean: 0.1, sd: 0}"],
        "militia.base_rate.sd = 0",
    ),
    "a normal around nan": (
        ["run", "militia.base_rate={prior: normal, mean: .nan, sd: 0.1}"],
        "militia.base_rate.mean",
    ),
    "a beta without weight": (
        ["run", "militia.base_rate={prior: beta, a: 0, b: 1}"],
        "militia.base_rate.a = 0",
    ),
    "a beta for a span of days": (
        ["run", "militia.decay_days={prior: beta, a: 1, b: 1}"],
        "a beta prior needs a quantity from 0 to 1",
    ),
    "a prior up to infinity": (
        ["run", "militia.base_rate={prior: uniform, low: 0, high: .inf}"],
        "militia.base_rate.high",
    ),
    # code, variables, Hydra's own
    "code in a mapping": (["run", "militia.base_rate={_target_: os.system}"], "names code"),
    "a resolver": (["run", "scenario.title=${now:%Y}"], "is refused"),
    "a decoder": (["run", "militia.base_rate=${oc.decode:1}"], "is refused"),
    "a variable that isn't there": (["run", "scenario.title=${nothing}"], "'nothing' not found"),
    "a number by reference": (["run", "militia.base_rate=${seed}"], "is outside 0 to 20"),
    "hydra's launcher": (["run", "hydra/launcher=joblib"], "hydra's own settings"),
    "more of hydra": (["run", "+hydra.x=1"], "hydra's own settings"),
    # grammar
    "only equals signs": (["run", "====="], "no override"),
    "an open quote": (["run", "militia.base_rate='0.2"], "militia.base_rate"),
    "an open brace": (["run", "militia.base_rate={prior: uniform"], "{prior: uniform"),
    "too much after a list": (["run", "observers.holes=[]x"], "observers.holes=[]x"),
    "a range without --multirun": (["run", "seed=range(3)"], "--multirun"),
    "an empty choice": (["run", "-m", "seed=choice()"], "empty choice"),
    "append what is there": (["run", "+seed=2"], "seed"),
    # verbs of their own
    "--multirun for compare": (["compare", "-m", *QUICK], "takes one scenario"),
    "a device as a run": (["compare", "run=/dev/null"], "no run folder"),
    "any folder as a run": (["compare", "run=."], "no run folder"),
    "two runs": (["compare", "run=a", "run=b"], "given twice"),
    "a run without a name": (["compare", "run="], "run= needs a value"),
    "no record there": (["compare", "record=nowhere.csv"], "no such file"),
    "a folder without a record": (["ladder", "record=."], "without events.csv"),
    "a device as a record": (["ladder", "record=/dev/zero"], "not a regular file"),
    "a negative window": (["ladder", "window=-3"], "from 1 to 366"),
    "half days": (["ladder", "window=7.5"], "not a whole number"),
    "over a year": (["ladder", "window=367"], "from 1 to 366"),
    "a word for ladder": (["ladder", "window=14", "extra"], "'extra' is no override"),
    "a near miss for ladder": (["ladder", "windw=14"], "ladder takes"),
    "show config of nothing": (["show", "config"], "one name is needed"),
    "show config of two": (["show", "config", "a", "b"], "one name is needed"),
    "show config of a dot": (["show", "config", "militia."], "no such key"),
    "show an unknown scenario": (["show", "scenario", "sumer_2020"], "did you mean 'summer_2020'?"),
    "show streams of something": (["show", "streams", "x"], "nothing more is taken"),
    "show record with an override": (["show", "record", "seed=3"], "nothing more is taken"),
    "show a wrong value": (["show", "parameters", "militia.base_rate=99"], "99 is outside"),
    "completion of no shell": (["completion"], "bash, fish, zsh"),
    "--cfg of a wrong value": (["run", "--cfg", "job", "seed=-1"], "seed = -1"),
}


@pytest.mark.parametrize("name", CALLS)
def test_a_bad_call_is_refused(name, capsys, empty_folder):
    words, told = CALLS[name]
    assert told in refused(words, capsys, empty_folder)


FILES: dict[str, tuple[str | bytes, str]] = {
    "an unknown key": (WINDOW + "extra: 1\n", "scenario.extra = 1: no such key"),
    "a list": ("- 1\n- 2\n", "scenario = [1, 2]"),
    "a sentence": ("just text\n", "no such key"),
    "nothing": ("", "scenario.name is not set"),
    "another's name": (WINDOW.replace("name: x", "name: y"), "name = y; its runs would go under"),
    "a base's name": ("defaults:\n  - summer_2020\n  - _self_\n", "write name: x"),
    "an unset key": (WINDOW.replace("2020-06-08", "???"), "scenario.end is not set"),
    "code with a space": (WINDOW + "_target_ : os.system\n", "names code"),
    "code as a long key": (WINDOW + "? _target_\n: os.system\n", "names code"),
    "code in braces": (WINDOW + "deep: {_target_: os.system}\n", "names code"),
    "code with an escape": (WINDOW + '"\\x5ftarget_": os.system\n', "names code"),
    "a Python tag": (WINDOW + "z: !!python/object/apply:os.system ['touch x']\n", "is no YAML"),
    "a package that is hydra": ("# @package hydra\nrun: {dir: x}\n", "scenario is not set"),
    "a resolver over two lines": (
        WINDOW.replace("title: t", "title: ${oc.env\n  :HOME}"),
        "calls a resolver",
    ),
    "a resolver by name": (WINDOW.replace("title: t", "title: ${${a}:HOME}"), "not found"),
    "named aliases, nested": (
        "a: &a [x]\n"
        + "".join(f"{c}: &{c} [{', '.join([f'*{b}'] * 10)}]\n" for b, c in zip("abcd", "bcde")),  # noqa: B905
        "aliases",
    ),
    "UTF-16": (WINDOW.encode("utf-16"), "is not UTF-8"),
    "a zero byte": (WINDOW.encode() + b"\x00", "is no YAML"),
    "a base that isn't there": ("defaults:\n  - nowhere\n  - _self_\n" + WINDOW, "nowhere"),
    "hydra's launcher": (
        "defaults:\n  - /hydra/launcher: basic\n  - _self_\n" + WINDOW,
        "names code",
    ),
    "another group's choice": (
        "defaults:\n  - override /militia: quiet\n  - _self_\n" + WINDOW,
        "Could not override",
    ),
}


def test_a_list_for_a_number_beside_a_folder_of_ones_own(capsys, empty_folder):
    put({FILE: WINDOW})
    assert LIST in refused([*MINE, "militia.base_rate=[1]"], capsys, empty_folder)


@pytest.mark.parametrize("name", FILES)
def test_a_bad_config_file_is_refused(name, capsys, empty_folder):
    text, told = FILES[name]
    put({FILE: text})
    assert told in refused(MINE, capsys, empty_folder)


@pytest.mark.parametrize(
    ("files", "told"),
    [
        ({"mine/notes.txt": "x"}, "scenario=x: no such config"),
        ({"mine/scenario/x.yml": WINDOW}, "scenario=x: no such config"),
        ({FILE: WINDOW, "mine/config.yaml": "seed: 3\n"}, "shadowed"),
        ({f"{FILE}/x": "a folder in the place of a file"}, "cannot be read"),
    ],
    ids=["no config", "another ending", "the root file", "a folder for a file"],
)  # fmt: skip
def test_a_bad_config_folder_is_refused(files, told, capsys, empty_folder):
    put(files)
    assert told in refused(MINE, capsys, empty_folder)


def test_a_config_folder_whose_name_is_a_reference_is_refused(capsys, empty_folder):
    put({"${seed}/scenario/x.yaml": WINDOW})
    words = ["run", "--config-dir", "${seed}", "scenario=x"]
    assert "${seed}: a path with ${ can't be read" in refused(words, capsys, empty_folder)


@pytest.mark.parametrize(
    ("words", "files", "told"),
    [
        (["run", *QUICK, "--out", "a"], {"a/manifest.json": "{"}, "holds something else"),
        (["run", *QUICK, "--out", "a"], {"a/manifest.json": "[]"}, "holds something else"),
        (["run", *QUICK, "--out", "a/b"], {"a": "file"}, "--out a/b: cannot be used"),
        (["run", *QUICK], {"outputs": "file"}, "cannot be used"),
        (["compare", "run=a"], {"a/manifest.json": '{"status":"running"}'}, "the run is running"),
        (["compare", "run=a"], {"a/manifest.json": '{"status":"complete"}'}, "a/config.yaml"),
        (
            ["compare", "run=a"],
            {"a/manifest.json": '{"status":"complete"}', "a/config.yaml": "x: 1"},
            "x = 1: no such key",
        ),
        (["ladder", "run=a"], {"a/manifest.json": b"\xff\xfe"}, "no run folder"),
        (["ladder", "record=a"], {"a": "x" * 20_000_001}, "is too large"),
        (["ladder", "record=a"], {"a": "a,b\n1,2\n"}, "column 'a' is unknown"),
        (["ladder", "record=a"], {"a": "event_id;date\nX1;2020\n"}, "separated by semicolons"),
        (["show", "record", "record=a"], {"a": b"\xff\xfe"}, "UTF-8"),
        (["ablate", "truce", "--out", "a"], {"a/manifest.json": "{}"}, "holds another study"),
    ],
    ids=str,
)  # fmt: skip
def test_what_stands_in_the_way_is_left_alone(words, files, told, capsys, empty_folder):
    put(files)
    assert told in refused(words, capsys, empty_folder)


# -- how an error is told ---------------------------------------------------------------------


@pytest.mark.parametrize("verb", ["run", "compare", "ladder", "show"])
def test_under_json_an_error_stays_off_standard_output(verb, capsys, empty_folder):
    told = refused([verb, "--json", "--nonsense"], capsys, empty_folder)
    assert "no such option: --nonsense" in told


def rungs(*words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "sim", *words], capture_output=True, text=True, timeout=60
    )


def test_a_refusal_as_a_shell_sees_it(empty_folder):
    before = tree(empty_folder)
    told = rungs("run", "militia.bas_rate=1")
    assert (told.returncode, told.stdout) == (2, "")
    assert told.stderr == "error: militia.bas_rate = 1: no such key; did you mean 'base_rate'?\n"
    assert tree(empty_folder) == before


def test_a_byte_that_is_no_text_is_told_and_no_traceback():
    call = [sys.executable, "-m", "sim", "run", b"scenario.title=\xff", "seed=-1"]
    told = subprocess.run(call, capture_output=True, timeout=60)
    assert (told.returncode, told.stdout) == (2, b"")
    assert b"Traceback" not in told.stderr


def test_debug_as_a_shell_sees_it():
    told = rungs("run", "seed=-1", "--debug")
    assert (told.returncode, told.stdout) == (2, "")
    assert told.stderr.startswith("Traceback")
    assert "InputError: seed = -1" in told.stderr
    assert told.stderr.splitlines()[-1].startswith("error: seed = -1")


@pytest.mark.parametrize("flags", [[], ["--json"]])
def test_a_failed_job_is_one_and_says_how_to_learn_more(flags, capsys, monkeypatch):
    from sim.study import runs

    monkeypatch.setattr(runs, "work", lambda job: {}["gone"])
    assert main(["run", *QUICK, *flags]) == 1
    out, error = capsys.readouterr()
    assert (out, error) == ("", "error: KeyError: 'gone' (--debug shows where)\n")


def test_a_failed_job_shows_its_traceback_under_debug(capsys, monkeypatch):
    from sim.study import runs

    monkeypatch.setattr(runs, "work", lambda job: {}["gone"])
    assert main(["run", *QUICK, "--debug"]) == 1
    error = capsys.readouterr().err
    assert error.startswith("Traceback")
    assert error.endswith("error: KeyError: 'gone' (--debug shows where)\n")


OTHERS = {
    "date=2020-03-12": "date=: no key of rungs run, but of rungs branch, rungs rare",
    "horizon=30d": "horizon=: no key of rungs run, but of rungs branch, rungs rare",
    "check=sbc": "check=: no key of rungs run, but of rungs calibrate",
}


@pytest.mark.parametrize("word", OTHERS)
def test_a_key_of_another_verb_is_said_to_be_its(word, capsys):
    assert main(["run", word]) == 2
    assert capsys.readouterr().err == f"error: {OTHERS[word]}\n"


def test_a_key_of_no_verb_is_as_unknown_as_it_was(capsys):
    assert main(["run", "horizn=30d"]) == 2
    assert "error: horizn: no such key; valid are: " in capsys.readouterr().err


# -- what was let through once ----------------------------------------------------------------


TAKEN = {
    "a name that climbs out": (["scenario.name=../../evil"], "names no folder"),
    "a name with a slash": (["scenario.name=a/b"], "names no folder"),
    "no name": (["scenario.name=''"], "names no folder"),
    "a truth value for a seed": (["seed=true"], "seed = true: a whole number is needed"),
    "a truth value for a count": (["replications=true"], "a whole number is needed"),
    "a mark known for two centuries": (
        ["timeline.marks.us_election.known_from=1820-11-03"],
        "timeline.marks.us_election.known_from = 1820-11-03: over 800 days outside",
    ),
    "one siren twice": (["air_defence.sirens=[taji,taji]"], "'taji' stands twice"),
    "a normal beyond its limits": (
        ["militia.base_rate={prior: normal, mean: 1e9, sd: 0.1}"],
        "has next to nothing in 0 to 20",
    ),
    "a seed of 5000 digits": (
        [f"seed={'9' * 5000}"],
        "999…: over 4300 digits; write a shorter number",
    ),
    "a zero byte in a path": (["--out", "\x00"], "cannot be used (embedded null byte)"),
    "an interval in a multirun": (["-m", "seed=interval(0,1)"], "has no values to list"),
    "a glob in a multirun": (["-m", "scenario=glob(*)"], "has no values to list"),
    "a wrong job behind a good one": (["-m", "seed=1,x"], "seed = 'x'"),
}


@pytest.mark.parametrize("name", TAKEN)
def test_a_call_that_was_taken_is_refused(name, capsys, empty_folder):
    words, told = TAKEN[name]
    keys = {word.partition("=")[0] for word in words}
    quick = [word for word in QUICK if word.partition("=")[0] not in keys]
    assert told in refused(["run", *quick, *words], capsys, empty_folder)


BAD_FILES = {
    "a resolver with an escape": (
        WINDOW.replace("title: t", 'title: "$\\x7boc.env:RUNGS_SECRET}"'),
        "reads the environment",
    ),
    "a key twice": (WINDOW + "start: 2020-01-01\n", "start: stands twice; keep one"),
    "a key twice further down": (
        WINDOW + "extra: {a: {x: 1}, b: [1, {y: 2, z: 3, y: 4}]}\n",
        "y: stands twice",
    ),
    "a day that is none": (
        WINDOW.replace("end: 2020-06-08", "end: 2020-02-30"),
        "mine/scenario/x.yaml:5 end: 2020-02-30: day is out of range for month; write a day that",
    ),
    "a word that is no number": (WINDOW + "a: !!int abc\n", "x.yaml:7 a: !!int abc: invalid"),
    "on without quotes": (
        WINDOW + "truce:\n  on: true\n",
        'mine/scenario/x.yaml:8 on: YAML takes this key for true or false; write "on"',
    ),
    "lists five thousand deep": ("a: " + "[" * 5000, "over 40 levels deep"),
    "a file that builds on itself": (
        "defaults:\n  - x\n  - _self_\n" + WINDOW,
        "builds on itself",
    ),
}


@pytest.mark.parametrize("name", BAD_FILES)
def test_a_file_that_was_taken_is_refused(name, capsys, empty_folder, monkeypatch):
    monkeypatch.setenv("RUNGS_SECRET", "leaked")
    text, told = BAD_FILES[name]
    put({FILE: text})
    assert told in refused(MINE, capsys, empty_folder)


def test_a_value_may_stand_twice(empty_folder):
    put({FILE: WINDOW + "a: b\nc: b\nb: c\n"})
    check_text(Path(FILE))


def test_a_key_in_quotes_may_be_a_truth_value(empty_folder):
    put({FILE: WINDOW + '"on": no\n'})
    check_text(Path(FILE))


@pytest.mark.parametrize("words", [["calibrate", "fit=my.yaml"], ["branch", "experiment=my.yaml"]])
def test_a_study_of_ones_own_with_a_day_that_is_none_is_refused(words, capsys, empty_folder):
    put({"my.yaml": "title: t\nuntil: 2020-02-30\ndate: 2020-02-30\n"})
    told = "my.yaml:2 until: 2020-02-30: day is out of range for month; write a day that exists"
    assert told in refused(words, capsys, empty_folder)


def test_an_alias_bomb_of_numbers_is_refused(empty_folder):
    """Eight levels of ten: composed, that takes minutes and all memory."""
    lines = [f"k{i}: &{i} [{', '.join([f'*{i - 1}'] * 10)}]\n" for i in range(2, 9)]
    put({FILE: "k1: &1 [x, x]\n" + "".join(lines)})
    with pytest.raises(InputError, match="over 20 aliases"):
        check_text(Path(FILE))


def test_a_file_for_a_config_folder_is_what_the_error_names(capsys, empty_folder):
    put({"mine": "a file"})
    assert "--config-dir mine: no such folder" in refused(MINE, capsys, empty_folder)


def test_a_run_with_a_broken_configuration(capsys, empty_folder):
    put({"a/manifest.json": '{"status": "complete"}', "a/config.yaml": "x: ["})
    assert "a/config.yaml" in refused(["compare", "run=a"], capsys, empty_folder)


def test_a_bad_record_leaves_no_run_folder(capsys, empty_folder):
    put({"bad.csv": "a,b\n1,2\n"})
    assert "bad.csv" in refused(["compare", "record=bad.csv", *QUICK], capsys, empty_folder)


def test_a_multirun_of_a_billion_is_refused_before_it_is_listed(capsys, empty_folder, monkeypatch):
    """`seed=range(1,1000000000)` would fill the memory of the machine; here a reader of 1,000."""
    from hydra.core.override_parser.types import Override

    def endless(self):
        for number in count():
            if number > 1000:
                raise MemoryError("listed on and on")
            yield str(number)

    monkeypatch.setattr(Override, "sweep_string_iterator", endless)
    error = refused(["run", "-m", "seed=range(1,1000000000)"], capsys, empty_folder)
    assert "that is a sweep" in error


@pytest.mark.parametrize("value", ["{}", "{low: 1, high: 2}"])
def test_a_prior_without_its_kind_is_told_plainly(value, capsys, empty_folder):
    error = refused(["run", f"militia.base_rate={value}"], capsys, empty_folder)
    assert "says no kind of prior; add one of fixed, uniform" in error


def test_the_working_folder_is_the_one_below(empty_folder):
    """The checks above see what is written outside: the folder above is inside the tree."""
    assert Path.cwd().parent == empty_folder
    assert json.dumps(sorted(os.listdir(empty_folder))) == '["here"]'


@pytest.mark.parametrize("blank", ["", "\n", "\n\n", "\n  \n\n"])
def test_a_line_that_names_code_is_told_by_its_own_number(blank, tmp_path):
    """Blank lines before it are no part of it."""
    path = tmp_path / "mine.yaml"
    path.write_text(f"name: x\n{blank}  _target_: os.system\n")
    line = 2 + blank.count("\n")
    with pytest.raises(InputError, match=rf"mine\.yaml:{line} names code"):
        check_text(path)
