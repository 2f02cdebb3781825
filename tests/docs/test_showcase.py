"""The README's pictures are those that the command makes: same figures, same tables' columns."""

from __future__ import annotations

import json
import re
from html import unescape
from pathlib import Path

import pytest

from sim.show import showcase

ROOT = Path(__file__).resolve().parents[2]
LARGEST = 200_000


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    return showcase.drawn(4, tmp_path_factory.mktemp("outputs"))


def kept(name):
    svg = (showcase.HOME / f"{name}.svg").read_text(encoding="utf-8")
    return json.loads(unescape(re.search("<metadata>(.*?)</metadata>", svg, re.DOTALL)[1]))


@pytest.mark.parametrize("name", showcase.NAMES)
def test_a_committed_picture_is_of_the_kind_that_is_made(name, made):
    told, fresh = kept(name), made[name].layout.meta
    assert told["table"][0].keys() == fresh["table"][0].keys()
    assert told["about"].keys() == fresh["about"].keys()
    changed = {"replications", "data_sha256", "code_sha256", "command", "run"}
    for key in told["about"].keys() - changed:
        assert told["about"][key] == fresh["about"][key], key
    many = f"replications={showcase.REPLICATIONS}"
    assert told["about"]["command"] == fresh["about"]["command"].replace("replications=4", many)


@pytest.mark.slow
def test_every_committed_picture_shows_what_is_simulated_now(tmp_path):
    drawn = showcase.drawn(showcase.REPLICATIONS, tmp_path)
    stale = [n for n in showcase.NAMES if kept(n)["table"] != plain(drawn[n].layout.meta["table"])]
    assert not stale, "python -m sim.show.showcase draws them anew"


def plain(table):
    """A table as JSON keeps it."""
    return json.loads(json.dumps(table, default=str))


def test_the_readme_shows_every_picture_and_they_are_small():
    shown = set(re.findall(r"docs/pictures/(\w+)\.svg", (ROOT / "README.md").read_text()))
    assert shown == set(showcase.NAMES) == {p.stem for p in showcase.HOME.iterdir()}
    assert all(path.stat().st_size < LARGEST for path in showcase.HOME.iterdir())
