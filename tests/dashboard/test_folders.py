"""The outputs folder and nothing else: forged names, links that lead out, odd manifests."""

from __future__ import annotations

import json

import pytest

from sim.errors import InputError
from sim.show.dashboard.folders import Shelf
from sim.show.dashboard.studies import findings


def folder(place, **manifest):
    place.mkdir(parents=True)
    told = {"status": "complete", "scenario": "s", "policy": "p", "replications": 3, **manifest}
    (place / "manifest.json").write_text(json.dumps(told))
    (place / "replications-00000.parquet").write_bytes(b"")
    return place


@pytest.fixture
def shelf(tmp_path):
    folder(tmp_path / "outputs" / "mine")
    folder(tmp_path / "outside")
    return Shelf(tmp_path / "outputs")


def test_a_run_is_found_by_its_name(shelf):
    assert shelf.place("mine") == shelf.root / "mine"
    assert [(e.name, e.kind, e.replications) for e in shelf.entries()] == [("mine", "run", 3)]


@pytest.mark.parametrize(
    "name",
    ["../outside", "..", ".", "", "/etc", "mine/../../outside", "mine/", "mine\0", "mine\n", "Mine",
     "%2e%2e/outside", "<script>alert(1)</script>", "x" * 5000, None, 7, ["mine"], {"a": 1}],
)  # fmt: skip
def test_a_forged_name_finds_nothing(shelf, name):
    with pytest.raises(InputError, match="no run of this name"):
        shelf.place(name)


def test_a_link_out_of_the_folder_is_no_run(shelf, tmp_path):
    (shelf.root / "link").symlink_to(tmp_path / "outside")
    with pytest.raises(InputError):
        shelf.place("link")
    assert [e.name for e in shelf.entries()] == ["mine"]
    assert shelf.left_out() == 1


@pytest.mark.parametrize("name", ["config.yaml", "manifest.json", "events-00000.parquet"])
def test_a_run_with_a_link_inside_is_none(shelf, tmp_path, name):
    (tmp_path / "secret").write_text('{"status": "complete"}')
    (shelf.root / "mine" / name).unlink(missing_ok=True)
    (shelf.root / "mine" / name).symlink_to(tmp_path / "secret")
    with pytest.raises(InputError):
        shelf.place("mine")
    assert shelf.entries() == []


@pytest.mark.parametrize(
    "name", ["../outside/manifest.json", "/etc/passwd", ".hidden.json", "x", None]
)
def test_a_forged_file_finds_nothing(shelf, name):
    (shelf.root / "mine" / ".hidden.json").write_text("{}")
    with pytest.raises(InputError, match="no such file"):
        shelf.file("mine", name)


def test_only_known_kinds_of_files_are_given(shelf):
    (shelf.root / "mine" / "notes.txt").write_text("x")
    (shelf.root / "mine" / "report.html").write_text("x")
    names = [path.name for path in shelf.files("mine")]
    assert names == ["manifest.json", "replications-00000.parquet", "report.html"]


def test_a_script_for_a_name_is_left_out_and_counted(shelf):
    folder(shelf.root / "<script>alert(1)<" / "x")
    folder(shelf.root / "a b")
    assert [e.name for e in shelf.entries()] == ["mine"]
    assert shelf.left_out() == 2


def test_an_odd_manifest_is_told_as_text(shelf):
    folder(shelf.root / "odd", scenario={"a": 1}, replications="many", policy="x" * 900, seed=None)
    entry = shelf.entry("odd")
    assert entry.scenario == "{'a': 1}"
    assert (entry.replications, entry.seed, len(entry.policy)) == (0, "", 200)


@pytest.mark.parametrize("content", [b"", b"[]", b"\xff\xfe", b"{" * 100])
def test_a_manifest_that_is_none_makes_no_run(shelf, content):
    (shelf.root / "mine" / "manifest.json").write_bytes(content)
    assert shelf.entries() == []


def test_a_new_folder_lies_inside_and_is_not_there_yet(shelf):
    one, two = shelf.fresh("run"), shelf.fresh("run")
    assert one.parent == two.parent == shelf.root
    assert one != two
    assert not one.exists()


def test_a_study_that_names_another_history_is_not_followed_there(shelf, tmp_path):
    (tmp_path / "secret.csv").write_text("secret")
    csv, run = str(tmp_path / "secret.csv"), str(tmp_path / "outside")
    for source in ([csv, None, 0], [None, run, 0], [None, None, 7], "x", None):
        place = shelf.root / f"study{len(shelf.entries())}"
        folder(place, policies={"a": {}}, source=source, cut=3.0)
        with pytest.raises(InputError, match="not the packaged record"):
            findings(place)
