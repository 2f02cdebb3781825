"""Hand: a file is there whole, or as it was."""

from __future__ import annotations

import pytest

from sim.whole import whole


def test_a_file_takes_its_name_once_it_is_written(tmp_path):
    path = tmp_path / "a.txt"
    with whole(path) as part:
        part.write_text("new")
        assert not path.exists()
    assert path.read_text() == "new"
    assert list(tmp_path.iterdir()) == [path]


def test_two_who_write_the_same_file_are_not_in_each_others_way(tmp_path):
    path = tmp_path / "a.txt"
    with whole(path) as one:
        one.write_text("one")
        with whole(path) as two:
            two.write_text("two")
        assert path.read_text() == "two"
    assert path.read_text() == "one"
    assert list(tmp_path.iterdir()) == [path]


def fail_halfway(path):
    with whole(path) as part:
        part.write_text("half")
        raise ZeroDivisionError


def test_an_error_leaves_what_was_there(tmp_path):
    path = tmp_path / "a.txt"
    path.write_text("old")
    with pytest.raises(ZeroDivisionError):
        fail_halfway(path)
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


def test_a_folder_that_is_not_there_is_the_error_that_is_told(tmp_path):
    with pytest.raises(FileNotFoundError), whole(tmp_path / "nowhere" / "a.txt") as part:
        part.write_text("new")
