"""The report: one page, no script, no asset, nothing unescaped; its words follow the data."""

import re
from html import escape

import pytest

from sim.compare import ABOVE, BELOW, compare_with_record
from sim.settings.compose import load
from sim.show.predictive import months_svg, pictures
from sim.show.report import LIMITS, page, save_comparison
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
    moved = [c._replace(verdict=ABOVE, recorded=1e6) for c in checks]
    inside = [c._replace(verdict="inside 50 %") for c in checks]
    assert f"0 of {len(moved)} recorded patterns lie inside" in page(runs, moved)
    assert f"{len(inside)} of {len(inside)} recorded patterns lie inside" in page(runs, inside)


def test_every_miss_is_told_with_its_size(runs, checks):
    high = checks[0]._replace(
        verdict=ABOVE, recorded=50, recorded_low=50, recorded_high=50, low90=1, high90=10
    )
    low = high._replace(verdict=BELOW, recorded=0, recorded_low=0, recorded_high=0)
    inside = high._replace(verdict="inside 90 %")
    told = "the central 90 % of what is simulated (1–10 attacks"
    assert f"recorded 50, above {told}" in page(runs, [high])
    assert f"recorded 0, below {told}" in page(runs, [low])
    assert told not in page(runs, [inside])


def test_the_page_says_what_it_rests_on(runs, checks):
    html = page(runs, checks)
    manifest = runs.folder.manifest()
    for key in ("code_sha256", "record_sha256", "seed", "replications"):
        assert str(manifest[key]) in html
    for limit in LIMITS:
        assert limit.replace("'", "&#39;") in html
    unsure = next(c for c in checks if c.n < c.replications)
    assert f"{unsure.n} of {unsure.replications}" in html


def test_every_family_that_is_known_has_a_picture_named_for_what_is_seen(runs, checks):
    html = page(runs, checks)
    for picture in pictures(checks, {}):
        assert f"<h3>{escape(picture.title)}</h3>" in html
        assert f"<title>{escape(picture.title)}</title>" in picture.svg
    drawn = {picture.family for picture in pictures(checks, {})}
    assert drawn == {c.group for c in checks if c.verdict != "unknown"}


def test_what_could_not_be_drawn_is_named(runs, checks):
    blank = [c for c in checks if c.group == "interception" and c.verdict == "unknown"]
    assert blank
    assert f"Not known, so not drawn: {blank[0].label}" in page(runs, checks)


def test_the_page_says_where_parameters_come_from(runs, checks):
    class Folder:
        path = runs.folder.path
        tables = runs.folder.tables

        def manifest(self):
            return runs.folder.manifest() | {"posterior": "replayed_2020"}

    assert "drawn from their priors anew" in page(runs, checks)
    drawn = page(type(runs)(runs.settings, Folder()), checks)
    assert "drawn from the posterior replayed_2020 anew" in drawn


def test_pictures_are_named_and_drawn_to_scale(checks):
    month = next(c for c in checks if c.group == "months")
    told = dict(low90=0, low50=2, median=4, high50=6, high90=8, verdict="inside 90 %")
    two, six = (month._replace(recorded=n, recorded_high=n, **told) for n in (2, 6))
    picture = months_svg([two], {})
    assert "<title>" in picture
    assert "<desc>" in picture
    # 205 points for 8 attacks, from 220 upwards
    assert 'cy="168.8"' in picture
    assert 'y="15.0" height="205.0"' in picture
    assert 'cy="66.2"' in months_svg([six], {})


def test_hostile_words_are_escaped(runs, checks):
    window = runs.settings.scenario.model_copy(update={"title": "<script>alert(1)</script>"})
    settings = runs.settings.model_copy(update={"scenario": window})
    told = type(runs)(settings, runs.folder)
    html = page(told, checks)
    assert "<script" not in html
    assert "&lt;script&gt;" in html


def test_a_hostile_record_name_and_label_are_escaped(runs, checks):
    class Folder:
        path = runs.folder.path

        def manifest(self):
            return runs.folder.manifest() | {"record": '"><img src=x onerror=alert(1)>'}

        def tables(self, kind):
            return runs.folder.tables(kind)

    rung = next(c for c in checks if c.pattern == "rung_4_days")
    evil = rung._replace(label="days on <b onclick=x>", verdict=ABOVE)
    html = page(type(runs)(runs.settings, Folder()), [evil])
    assert "<img" not in html
    assert "<b onclick" not in html


def test_it_is_saved_beside_its_table(runs, checks):
    saved = save_comparison(runs, checks)
    lines = saved["table"].read_text().splitlines()
    assert len(lines) == len(checks) + 1
    assert saved["report"].read_text().startswith("<!doctype html>")
    assert "http://" not in saved["report"].read_text().replace("http://www.w3.org/2000/svg", "")
