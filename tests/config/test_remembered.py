"""Compositions that are remembered between commands: never a stale one, never a needed one."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.settings import remembered as module
from sim.settings.override import parsed, plain
from sim.settings.remembered import remembered

TREE = {"seed": 7, "rate": 0.1, "on": True, "holes": ["2019-05"], "none": None, "b": {"a": 1.0}}


class Asked:
    """Composes `tree`, and counts how often it was asked to."""

    def __init__(self, tree: dict[Any, Any]) -> None:
        self.tree, self.times = tree, 0

    def __call__(self) -> dict[Any, Any]:
        self.times += 1
        return self.tree


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("RUNGS_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache"


@pytest.fixture
def files(tmp_path: Path) -> Path:
    """Two packaged files."""
    (tmp_path / "configs" / "scenario").mkdir(parents=True)
    (tmp_path / "configs" / "config.yaml").write_text("seed: 7\n")
    (tmp_path / "configs" / "scenario" / "one.yaml").write_text("a: 1\n")
    return tmp_path / "configs"


def test_what_was_composed_is_told_again_without_composing(folder: Path, files: Path) -> None:
    asked = Asked(TREE)
    first, second = (remembered(files, ("scenario=one",), asked) for _ in range(2))
    assert asked.times == 1
    assert first == second == TREE
    assert list(second) == list(TREE)
    assert [type(value) for value in second.values()] == [type(value) for value in TREE.values()]


CHANGES: dict[str, Callable[[Path], object]] = {
    "a file's text": lambda root: (root / "scenario" / "one.yaml").write_text("a: 2\n"),
    "a file's name": lambda root: (root / "config.yaml").rename(root / "other.yaml"),
    "a new file": lambda root: (root / "new.yaml").write_text(""),
}


@pytest.mark.parametrize("change", CHANGES)
def test_where_a_file_has_changed_it_is_composed_anew(
    folder: Path, files: Path, change: str
) -> None:
    remembered(files, (), Asked(TREE))
    CHANGES[change](files)
    assert remembered(files, (), Asked({"seed": 8})) == {"seed": 8}


def test_where_the_code_that_composes_has_changed_it_is_composed_anew(
    folder: Path, files: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A folder of code of our own, because that of a test run stays as it is."""
    code = tmp_path / "code" / "compose.py"
    code.parent.mkdir()
    code.write_text("1")
    monkeypatch.setattr(module, "CODE", code.parent)
    remembered(files, (), Asked(TREE))
    code.write_text("2")
    assert remembered(files, (), Asked({"seed": 8})) == {"seed": 8}


def test_the_code_that_composes_is_there() -> None:
    assert (module.CODE / "compose.py").is_file()


def test_every_choice_and_every_hydra_has_its_own(
    folder: Path, files: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    remembered(files, (), Asked(TREE))
    assert remembered(files, ("scenario=one",), Asked({"seed": 8})) == {"seed": 8}
    monkeypatch.setattr(module, "version", lambda name: "2.0")
    assert remembered(files, (), Asked({"seed": 9})) == {"seed": 9}


@pytest.mark.parametrize("text", ["", "{", "[1, 2]", "\xff", "7"])
def test_what_cannot_be_read_is_composed_and_written_anew(
    folder: Path, files: Path, text: str
) -> None:
    remembered(files, (), Asked(TREE))
    (kept,) = folder.iterdir()
    kept.write_text(text, encoding="latin-1")
    asked = Asked(TREE)
    assert [remembered(files, (), asked) for _ in range(2)] == [TREE, TREE]
    assert asked.times == 1


def test_where_nothing_can_be_written_all_goes_on(folder: Path, files: Path) -> None:
    folder.write_text("a file where the folder should be")
    assert remembered(files, (), Asked(TREE)) == TREE


def test_an_empty_variable_keeps_nothing(
    folder: Path, files: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RUNGS_CACHE", "")
    asked = Asked(TREE)
    assert [remembered(files, (), asked) for _ in range(2)] == [TREE, TREE]
    assert asked.times == 2
    assert not folder.exists()


def test_what_json_would_tell_otherwise_is_not_kept(folder: Path, files: Path) -> None:
    """A number as a key would come back as a word."""
    asked = Asked({"levels": {1: "low"}})
    assert [remembered(files, (), asked) for _ in range(2)] == [asked.tree, asked.tree]
    assert asked.times == 2


def test_the_oldest_go_first(folder: Path, files: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST", 3)
    for i in range(5):
        remembered(files, (f"a={i}",), Asked({"a": i}))
        newest = max(folder.iterdir(), key=lambda path: path.stat().st_mtime_ns)
        os.utime(newest, (1000.0 + i, 1000.0 + i))
    assert len(list(folder.iterdir())) == 3
    asked = Asked({"a": 4})
    remembered(files, ("a=4",), asked)
    assert asked.times == 0


def test_a_second_command_needs_no_hydra(folder: Path) -> None:
    load = "import sys; from sim.settings.compose import load; "
    told = load + "print(load(['scenario=summer_2020', 'seed=3', 'militia.base_rate=0.2']).seed)"
    told += "; print('hydra' in sys.modules)"
    for known in ("True", "False"):
        call = [sys.executable, "-c", told]
        answer = subprocess.run(call, capture_output=True, text=True, check=True, timeout=60)
        assert answer.stdout.split() == ["3", known]


@given(st.from_regex(r"-?[0-9]{1,20}(\.[0-9]{0,20})?", fullmatch=True))
def test_a_number_is_read_as_hydra_reads_it(text: str) -> None:
    word = f"militia.base_rate={text}"
    told = plain(word)
    assert told is not None
    theirs = parsed(word).value()
    assert (told.value, type(told.value)) == (theirs, type(theirs))
