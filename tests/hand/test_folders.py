"""What stands under every kept result: hashes of sources, and files that are whole."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from sim.study.manifest import MANIFEST, Folder
from sim.study.sources import hash_of_sources


@pytest.fixture
def sources(tmp_path: Path) -> Path:
    """A package of two modules, one of them in a room of its own."""
    (tmp_path / "room").mkdir()
    (tmp_path / "room" / "b.py").write_bytes(b"2")
    (tmp_path / "a.py").write_bytes(b"1")
    (tmp_path / "a.txt").write_bytes(b"3")
    return tmp_path


def test_names_and_bytes_of_sources_are_hashed_in_order(sources: Path) -> None:
    assert hash_of_sources(sources) == hashlib.sha256(b"a.py\x001room/b.py\x002").hexdigest()


def test_a_pattern_says_which_sources_count(sources: Path) -> None:
    assert hash_of_sources(sources, "*.py") == hashlib.sha256(b"a.py\x001").hexdigest()


def test_a_manifest_is_what_was_told_last(tmp_path: Path) -> None:
    folder = Folder(tmp_path)
    folder.tell({"one": 1})
    folder.tell({"name": "Taji–Baghdad"})
    assert folder.manifest() == {"name": "Taji–Baghdad"}
    assert [path.name for path in tmp_path.iterdir()] == [MANIFEST]


@pytest.mark.parametrize("content", ["", "[1]", "{"])
def test_a_manifest_that_is_none_says_nothing(tmp_path: Path, content: str) -> None:
    assert Folder(tmp_path).manifest() == {}
    (tmp_path / MANIFEST).write_text(content)
    assert Folder(tmp_path).manifest() == {}
