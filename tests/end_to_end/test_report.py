"""The report: one page, no script, no asset, nothing unescaped; its words follow the data."""

import re

import pytest

from sim.compare import compare_with_record
from sim.settings.compose import load
from sim.show.report import page, save_comparison
from sim.study.runs import run


@pytest.fixture(scope="module")
def runs(tmp_path_factory):
    settings = load(["scenario=summer_2020", "replications=20", "workers=1"])
    return run(settings, tmp_path_factory.mktemp("run") / "it")


@pytest.fixture(scope="module")
def checks(runs):
    return compare_with_record(runs)


def test_the_page_is_self_contained(runs, checks):
    html = page(runs, checks)
    assert "<script" not in html
    assert "default-src 'none'" in html
    loads = re.findall(r"(?:src|href|url)\s*[=(]\s*[\"']?([^\"' >)]+)", html)
    assert [target for target in loads if not target.startswith("data:")] == []
    assert len(html) < 500_000


def test_what_is_drawn_is_what_is_known(runs, checks):
    html = page(runs, checks)
    months = [c for c in checks if c.group == "months"]
    assert len(re.findall("<circle", html)) == len(months) == 2
    for check in checks:
        assert check.label in html


def test_the_verdict_reverses_with_the_data(runs, checks):
    moved = [c._replace(verdict="outside", recorded=1e6) for c in checks]
    inside = [c._replace(verdict="inside 50 %") for c in checks]
    assert f"0 of {len(moved)} recorded patterns lie inside" in page(runs, moved)
    assert f"{len(inside)} of {len(inside)} recorded patterns lie inside" in page(runs, inside)


def test_hostile_words_are_escaped(runs, checks):
    window = runs.settings.scenario.model_copy(update={"title": "<script>alert(1)</script>"})
    settings = runs.settings.model_copy(update={"scenario": window})
    told = type(runs)(settings, runs.folder)
    html = page(told, checks)
    assert "<script" not in html
    assert "&lt;script&gt;" in html


def test_it_is_saved_beside_its_table(runs, checks):
    saved = save_comparison(runs, checks)
    lines = saved["table"].read_text().splitlines()
    assert len(lines) == len(checks) + 1
    assert saved["report"].read_text().startswith("<!doctype html>")
    assert "http://" not in saved["report"].read_text().replace("http://www.w3.org/2000/svg", "")
