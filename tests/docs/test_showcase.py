"""The README's pictures are those that the command makes: same figures, same tables' columns."""

from __future__ import annotations

import json
import re
from html import unescape
from pathlib import Path

import pytest

from sim.show import showcase, tables

ROOT = Path(__file__).resolve().parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
LARGEST = 200_000


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    return showcase.drawn(4, tmp_path_factory.mktemp("outputs"))


def kept(name):
    return told_in((showcase.HOME / f"{name}.svg").read_text(encoding="utf-8"))


def told_in(svg):
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


@pytest.mark.slow
def test_the_shares_of_days_are_those_of_make_run(tmp_path):
    fresh = told_in(showcase.share_of_days(showcase.AS_MADE, tmp_path))
    assert kept(showcase.SHARES)["patterns"] == fresh["patterns"]


def test_the_picture_from_the_report_has_the_numbers_of_the_table_over_it():
    [line] = re.findall(r"^\S  days on rung 0, quiet .*$", README, re.MULTILINE)
    [quiet] = [p for p in kept(showcase.SHARES)["patterns"] if p["pattern"] == "rung_0_days"]
    ends = (tables.span(quiet[f"low{share}"], quiet[f"high{share}"]) for share in (50, 90))
    shown = [tables.number(quiet["median"]), *ends, tables.probability(quiet["p_value"])]
    assert line.split()[-4:] == shown


def test_the_shares_of_days_are_of_as_many_replications_as_make_run_makes():
    command = f"rungs compare scenario=historical replications={showcase.AS_MADE}\n"
    assert command in (ROOT / "Makefile").read_text(encoding="utf-8")


def test_the_readme_shows_every_picture_and_they_are_small():
    shown = set(re.findall(r"docs/pictures/(\w+)\.svg", README))
    names = {*showcase.NAMES, showcase.SHARES}
    assert shown == names == {p.stem for p in showcase.HOME.iterdir()}
    assert all(path.stat().st_size < LARGEST for path in showcase.HOME.iterdir())
