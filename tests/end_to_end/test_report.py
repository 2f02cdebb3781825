"""The report: one page that loads nothing and escapes everything; its words follow the data."""

from __future__ import annotations

import gzip
import json
import re
import shutil
from base64 import b64decode
from datetime import date
from html import escape, unescape
from pathlib import Path
from statistics import fmean

import pyarrow.parquet as pq
import pytest

from sim.cli import main
from sim.compare import ABOVE, BELOW, compare_with_record
from sim.compare.tables import State
from sim.settings.compose import load
from sim.show.dashboard.pages import sides
from sim.show.figures.counts import number, percent
from sim.show.predictive import months_svg, pictures
from sim.show.reports import beside, of_calibration, of_run, reading, stress
from sim.show.reports.limits import LIMITS
from sim.show.reports.page import page
from sim.show.reports.run_verdict import luck, spread
from sim.show.reports.told import told_of
from sim.study.folder import RunFolder
from sim.study.runs import run

RECORDED = ["scenario=summer_2020", "replications=20", "workers=1"]


@pytest.fixture(scope="module")
def runs(tmp_path_factory):
    return run(load(RECORDED), tmp_path_factory.mktemp("run") / "it")


@pytest.fixture(scope="module")
def never(tmp_path_factory):
    return run(load([*RECORDED, "retaliation=never"]), tmp_path_factory.mktemp("run") / "never")


@pytest.fixture(scope="module")
def checks(runs):
    return compare_with_record(runs)


@pytest.fixture(scope="module")
def html(runs, checks):
    return made(runs, checks)


def section(runs, checks):
    return of_run.section(told_of(runs, checks))


def made(runs, checks):
    told = section(runs, checks)
    return page(told.title, [told])


def verdict(runs, checks):
    return " ".join(section(runs, checks).verdict.says)


def drawn(html):
    """The figures inside a page, by their titles."""
    found = re.findall(r'<script type="application/json" id="data\d+">(.*?)</script>', html, re.S)
    told = [json.loads(text) for text in found]
    return {each["layout"]["meta"]["title"]: each for each in told}


def test_the_page_is_self_contained(html):
    assert "default-src 'none'" in html
    assert not re.search(r"<(?:script|link|img|iframe)[^>]+(?:src|href)=", html)
    assert "@import" not in html
    assert len(html.encode()) < 6_000_000


def test_the_page_holds_what_draws_its_pictures(html):
    from plotly.offline import get_plotlyjs

    packed = re.search(r'id="plotly">([^<]+)<', html)[1]
    assert gzip.decompress(b64decode(packed)).decode() == get_plotlyjs()


def test_text_comes_first_and_the_verdict_before_all(html):
    places = [html.index(part) for part in ("<h1>", '<dl class="verdict"', "<h3>", 'id="plotly"')]
    assert places == sorted(places)
    for question in ("What was run", "What it says", "How sure", "What the record cannot tell"):
        assert f"<dt>{question}</dt>" in html


def test_every_picture_has_its_finding_above_and_its_table_beside_it(html):
    findings = re.findall('<p class="finding">(.*?)</p>', html)
    assert [unescape(text) for text in findings] == [f"{title}." for title in drawn(html)]
    assert html.count('<figure class="plot"') == len(drawn(html)) == 7
    parts = re.findall(r'<section class="part">(.*?)</section>', html, re.S)
    assert all("<table>" in part for part in parts if 'class="plot"' in part)


def test_what_is_drawn_is_what_the_run_stored(runs, html):
    fan = next(each for title, each in drawn(html).items() if "90 % fan" in title)
    median = [t for t in fan["data"] if t["name"] == "median"][1]
    table = runs.arrow("replications")
    weeks = [name for name in table.column_names if name.startswith("week_")]
    assert len(weeks) == len(median["y"])
    for name, value in zip(weeks, median["y"], strict=True):
        assert sorted(table[name].to_pylist())[9] == value  # the lower median of twenty
    assert fan["layout"]["meta"]["about"]["seed"] == runs.settings.seed


def test_weekly_counts_are_those_that_the_weekly_mean_is_made_of(runs):
    for row in runs.arrow("replications").to_pylist():
        counts = [count for name, count in row.items() if name.startswith("week_")]
        assert sum(counts) / len(counts) == pytest.approx(row["weekly_mean"])
        assert max(counts) == row["weekly_most"]


def test_what_is_drawn_is_what_is_known(html, checks):
    months = [c for c in checks if c.group == "months"]
    assert len(re.findall("<circle", html)) == len(months) == 2
    for check in checks:
        assert check.label in html


def test_the_verdict_reverses_with_the_data(runs, checks):
    moved = [c._replace(verdict=ABOVE, recorded=1e6) for c in checks]
    inside = [c._replace(verdict="inside 50 %") for c in checks]
    assert f"0 of {len(moved)} recorded patterns lie inside" in verdict(runs, moved)
    assert f"{len(inside)} of {len(inside)} recorded patterns lie inside" in verdict(runs, inside)


def test_a_row_of_every_pattern_is_its_check(runs, checks):
    told = checks[0]._replace(
        verdict=ABOVE, recorded=50, recorded_low=50, recorded_high=50, median=4.0, low50=2.0,
        high50=6.0, low90=1.0, high90=10.0, n=18, replications=20,
    )  # fmt: skip
    silent, inside = told._replace(verdict="unknown"), told._replace(verdict="inside 90 %")
    (part,) = (p for p in section(runs, [inside, told, silent]).parts if p.head == "Every pattern")
    row = dict(zip(part.grid.heads, part.grid.rows[1], strict=True))
    assert (row["recorded"], row["median"], row["50 %"], row["90 %"]) == ("50", "4", "2–6", "1–10")
    assert row["known"] == "18 of 20"
    assert part.grid.missed == {1}
    assert re.search(r"about \d+ of 2 would", part.text[0])


def test_as_many_quantities_are_called_uncertain_as_are_drawn(runs, checks):
    drawn_ = [name for name in runs.arrow("replications").column_names if "drawn." in name]
    assert f"anew for each replication where uncertain ({len(drawn_)} of " in (
        section(runs, checks).verdict.run
    )


def test_how_reports_differ_is_counted_over_replications(runs, checks):
    (part,) = (p for p in section(runs, checks).parts if p.head == "How reports differ")
    table = runs.arrow("replications")
    columns = [table[name].to_pylist() for name in table.column_names if "reports." in name]
    expected = {(number(fmean(own)), percent(fmean(n > 0 for n in own))) for own in columns}
    assert {row[1:] for row in part.grid.rows} == expected


def test_the_spread_is_that_of_the_summary(runs, checks):
    told = told_of(runs, checks)
    counts = sorted(runs.arrow("replications")["rocket_attacks"].to_pylist())
    low90, low50, high50, high90 = (number(counts[place]) for place in (0, 4, 14, 18))
    assert spread(told).startswith(
        f"Half of the replications report {low50} to {high50} rocket attacks, nine in ten {low90} "
        f"to {high90}; "
    )
    eight = [n >= 8 for n in runs.arrow("replications")["true_highest_rung"].to_pylist()]
    assert f"; {percent(fmean(eight))} see the US strike openly" in spread(told)


def test_a_day_of_the_ladder_s_table_tells_the_record_s_own_rung():
    day = [State(date(2020, 8, 1), rung, rung / 55, rung == 4) for rung in range(11)]
    blank = [State(date(2020, 8, 2), rung, None, None) for rung in range(11)]
    one, two = of_run._days([*day, *blank]).rows
    assert (one[0], one[5], one[-1]) == ("2020-08-01", "0.073", "4")
    assert two[1:] == ("–",) * 12


def test_the_gravest_misses_are_told_with_their_size(runs, checks):
    high = checks[0]._replace(
        verdict=ABOVE, recorded=50, recorded_low=50, recorded_high=50, low90=1, high90=10
    )
    low = high._replace(verdict=BELOW, recorded=0, recorded_low=0, recorded_high=0)
    inside = high._replace(verdict="inside 90 %")
    told = "the central 90 % of what is simulated (1–10 attacks"
    assert f"recorded 50, above {told}" in verdict(runs, [high])
    assert f"recorded 0, below {told}" in verdict(runs, [low])
    assert told not in verdict(runs, [inside])
    assert "… and 2 more." in verdict(runs, [high] * 5)


def test_the_verdict_says_how_sure_and_what_stays_unknown(runs, checks):
    told = section(runs, checks).verdict
    counts = runs.arrow("replications")["rocket_attacks"].to_pylist()
    mean = sum(counts) / 20
    half = 2.093024 * (sum((n - mean) ** 2 for n in counts) / 19) ** 0.5 / 20**0.5
    assert f"± {number(half)} and the share" in told.sure[0]
    assert "documented ranges, not fitted" in told.sure[1]
    unknown = [c for c in checks if c.verdict == "unknown"]
    assert f"{len(unknown)} of {len(checks)} patterns can't be compared" in told.silent[0]


def test_a_few_replications_that_agree_say_nothing_of_luck(tmp_path):
    """A scenario in which nothing is ever fired: every count is zero."""
    quiet = ["militia.base_rate=0", "militia.excitation=0", "replications=3", "workers=1"]
    ran = run(load(["scenario=summer_2020", *quiet]), tmp_path / "quiet")
    told = luck(told_of(ran, compare_with_record(ran)))
    assert told == "3 replications that agree: nothing can be said of their luck."


def test_the_page_says_what_it_rests_on(runs, html):
    manifest = runs.folder.manifest()
    for key in ("code_sha256", "record_sha256", "seed", "replications"):
        assert str(manifest[key]) in html
    for limit in LIMITS:
        assert limit.replace("'", "&#39;") in html


def test_every_family_that_is_known_has_a_picture_named_for_what_is_seen(html, checks):
    for picture in pictures(checks, {}):
        assert f">{escape(picture.title)}</h3>" in html
        assert f"<title>{escape(picture.title)}</title>" in picture.svg
    known = {picture.family for picture in pictures(checks, {})}
    assert known == {c.group for c in checks if c.verdict != "unknown"}


def test_what_could_not_be_drawn_is_named(html, checks):
    blank = [c for c in checks if c.group == "interception" and c.verdict == "unknown"]
    assert blank
    assert f"Not known, so not drawn: {blank[0].label}" in html


def manifested(runs, **changes):
    """The run with another manifest."""

    class Folder(RunFolder):
        def manifest(self):
            return super().manifest() | changes

    return type(runs)(runs.settings, Folder(runs.folder.path))


def test_the_page_says_where_parameters_come_from(runs, checks):
    assert "drawn from their priors anew" in section(runs, checks).verdict.run
    told = section(manifested(runs, posterior="replayed_2020"), checks).verdict
    assert "drawn from the posterior replayed_2020 anew" in told.run
    assert "the fit replayed_2020, which has seen this record" in told.sure[1]


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
    bad = "</script><script>alert(1)</script>"
    window = runs.settings.scenario.model_copy(update={"title": bad})
    policy = runs.settings.retaliation.model_copy(update={"title": bad})
    settings = runs.settings.model_copy(update={"scenario": window, "retaliation": policy})
    rung = next(c for c in checks if c.pattern == "rung_4_days")
    evil = rung._replace(label="days on <b onclick=x>", verdict=ABOVE)
    hostile = manifested(runs, record='"><img src=x onerror=alert(1)>', scenario=bad)
    html = made(type(runs)(settings, hostile.folder), [*checks, evil])
    assert "<script>alert" not in html
    assert "</script><script>alert" not in html
    assert "<img" not in html
    assert "<b onclick" not in html
    assert "&lt;script&gt;alert" in html


def test_it_is_saved_beside_its_table(runs, checks):
    saved = of_run.save_comparison(runs, checks)
    lines = saved["table"].read_text().splitlines()
    assert len(lines) == len(checks) + 1
    assert saved["report"].read_text().startswith("<!doctype html>")


# -- several runs ------------------------------------------------------------------------------


def test_two_runs_stand_side_by_side_and_their_verdict_reverses(runs, never):
    told = {}
    for pair in ((runs, never), (never, runs)):
        html, _, sections = reading.report([each.folder.path for each in pair])
        assert "<h3>Side by side</h3>" in html
        assert [s.title for s in sections] == [e.settings.retaliation.title for e in pair]
        told[pair[0] is runs] = unescape(html.partition("<dl")[2].partition("</dl>")[0])
    assert "lower: US airstrikes" in told[True]
    assert "higher: US airstrikes" in told[False]


def test_differences_of_two_runs_are_paired_by_replication(runs, never):
    told = [told_of(each, compare_with_record(each)) for each in (runs, never)]
    part = next(p for p in beside.beside(told) if p.head == "Paired differences")
    grid = part.grid
    # not every replication knows every measure
    assert re.match(r"\d+ to 20 replications under both, on the same draws", part.text[0])
    strikes = next(row for row in grid.rows if "US airstrikes" in row)
    there = runs.arrow("replications")["airstrikes"].to_pylist()
    assert strikes[grid.heads.index("difference")] == number(-sum(there) / 20)
    says = beside.together([of_run.section(each) for each in told], told).says
    assert any(f": 0 against {number(sum(there) / 20)}, difference" in line for line in says)


def test_runs_on_other_draws_are_not_paired(runs, never, tmp_path):
    shutil.copytree(never.folder.path, tmp_path / "other")
    config = tmp_path / "other" / "config.yaml"
    text = config.read_text()
    config.write_text(text.replace(f"seed: {never.settings.seed}", "seed: 5"))
    html = reading.report([runs.folder.path, tmp_path / "other"]).html
    assert f"their seeds differ (5 and {runs.settings.seed})" in html
    assert "<h3>Paired differences</h3>" not in html


# -- a calibration -----------------------------------------------------------------------------


def test_runs_over_other_days_are_named_so_and_never_paired(runs, tmp_path):
    shorter = ["scenario.end=2020-08-10", "scenario.name=short", "retaliation=never", "seed=5"]
    other = run(load([*RECORDED, *shorter]), tmp_path / "other")
    told = reading.report([runs.folder.path, other.folder.path])
    policy = runs.settings.retaliation.title
    assert [s.title for s in told.sections] == [
        f"summer_2020: {policy}", "short: no strike, whatever happens"
    ]  # fmt: skip
    days = "their windows differ (2020-07-24 to 2020-08-10; 2020-07-24 to 2020-08-17)"
    assert f"Not like with like: {days}." in told.html
    assert any(line.endswith(f"not paired: {days}.") for line in told.verdict.sure)
    assert "Paired differences" not in told.html
    assert f"Not like with like: {days}." in str(sides.beside(runs.folder.path, other.folder.path))


def test_a_posterior_has_a_report():
    place = Path(__file__).parents[2] / "calibration" / "posteriors" / "reference"
    html, _, (told,) = reading.report([place])
    verdicts = [line.split(",") for line in (place / "diagnostics.csv").read_text().splitlines()]
    settled = sum("calibrated" in row for row in verdicts)
    assert told.verdict.says[0].startswith(f"The record settles {settled} of {len(verdicts) - 1} ")
    assert "One history of known truth" in html
    assert len(drawn(html)) == 10  # three of them the coverage of committed ranks


def test_a_posterior_is_not_proven_by_the_checks_of_another(tmp_path):
    home = Path(__file__).parents[2] / "calibration" / "posteriors" / "reference"
    mine = shutil.copytree(home, tmp_path / "calibration" / "posteriors" / "mine")
    told = json.loads((mine / "manifest.json").read_text())
    del told["conditions"][0]
    other = {**told, "healthy": False, "draws_sha256": None}
    (mine / "manifest.json").write_text(json.dumps(other))
    table = pq.read_table(mine / "draws.parquet")
    pq.write_table(table.slice(1), mine / "draws.parquet")
    html, _, (told,) = reading.report([mine])
    assert told.verdict.says[0] == "NOT all chains agree: nothing else on this page counts."
    assert "No result is kept of this posterior for: patterns of the record" in html
    assert "histories of posterior draws" not in html
    assert len(drawn(html)) == 7


def test_a_check_is_of_the_draws_that_it_names_or_of_the_same_fit():
    plan = {"scenario": "s", "until": "u", "conditions": [], "without": [], "holes": True}
    assert of_calibration.is_of({"plan": plan, "posterior_sha256": "a"}, plan, "a")
    assert not of_calibration.is_of({"plan": plan, "posterior_sha256": "a"}, plan, "b")
    assert of_calibration.is_of({"plan": {**plan, "seed": 2}}, plan, "b")
    assert not of_calibration.is_of({"plan": {**plan, "until": "v"}}, plan, "b")


# -- the checklist -----------------------------------------------------------------------------


def test_the_checklist_has_every_item_and_follows_the_run(runs, html):
    told = stress.items(runs.settings, runs.folder.manifest())
    assert [i.number for i in told] == [
        *("1.1", "1.2", "1.3", *(f"2.{i}" for i in range(1, 10)), "3.1", "3.2", "3.3", "3.4"),
        *("4.1", "4.2", "4.3", "5.1", "5.2", "5.3", "5.4", "6.1"),
    ]
    by_number = {i.number: i.told for i in told}
    assert "20 independent replications" in by_number["4.3"]
    assert f"root entropy {runs.settings.seed}" in by_number["5.2"]
    assert "the record before it" in by_number["4.1"]
    assert runs.folder.manifest()["code_sha256"] in by_number["6.1"]
    bare = {i.number: i.told for i in stress.items(load(["air_defence=none"]))}
    assert bare["2.7"] == "Batteries with engagement channels: none."
    assert all(escape(i.name) in html for i in told)


@pytest.mark.parametrize(
    ("manifest", "words"),
    [
        ({"kind": "run"}, "10 independent replications;"),
        ({"kind": "branch"}, "10 independent futures of each policy;"),
        ({"kind": "backtest"}, "10 independent futures of each Monday;"),
        ({"kind": "sweep", "points": 6, "request": {"stop": None}},
         "10 independent replications of each of 6 points;"),
        ({"kind": "sweep", "points": 6, "request": {"stop": ["rocket_attacks", 1.0]}},
         "at most 10 independent replications of each of 6 points;"),
    ],
)  # fmt: skip
def test_the_checklist_counts_what_was_made(manifest, words):
    told = stress.items(load([]), {**manifest, "replications": 10})
    assert next(i.told for i in told if i.number == "4.3").startswith(words)


# -- the command -------------------------------------------------------------------------------


def test_the_command_writes_one_file_and_prints_one_object(runs, tmp_path, capsys):
    out = tmp_path / "new" / "r.html"
    assert main(["report", str(runs.folder.path), "--out", str(out), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["report"] == str(out)
    assert set(told["verdict"]) == {
        *("what was run", "what it says", "how sure", "what the record cannot tell")
    }
    assert told["verdict"]["what it says"][0] in unescape(out.read_text())
    assert [own["kind"] for own in told["studies"]] == ["a run"]


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        ([], "report needs a folder"),
        (["nowhere"], "nowhere: no such folder"),
        (["."], "no run folder"),
        (["seed=4"], "a study can't be changed"),
        (["--outt", "x"], "did you mean '--out'"),
    ],
)
def test_a_wrong_call_is_refused(words, reason, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert main(["report", *words]) == 2
    out, err = capsys.readouterr()
    assert reason in err
    assert out == ""


def test_a_page_that_cannot_be_written_is_refused(runs, tmp_path, capsys):
    assert main(["report", str(runs.folder.path), "--out", str(tmp_path)]) == 2
    assert "a folder; name the file" in capsys.readouterr().err


@pytest.mark.parametrize("name", ["notes.txt", "notes.html"])
def test_a_file_that_is_no_page_of_ours_is_never_written_over(name, runs, tmp_path, capsys):
    mine = tmp_path / name
    mine.write_text("<!doctype html><p>mine")
    assert main(["report", str(runs.folder.path), "--out", str(mine)]) == 2
    told = capsys.readouterr().err
    assert f"--out {mine}: is there already" in told
    assert "name another file" in told
    assert mine.read_text() == "<!doctype html><p>mine"


def test_a_page_of_ours_is_written_anew(runs, html, tmp_path):
    old = tmp_path / "page.html"
    old.write_text(html + "old")
    assert main(["report", str(runs.folder.path), "--out", str(old), "--quiet"]) == 0
    assert not old.read_text().endswith("old")


def test_a_line_of_links_can_be_broken_between_them(html):
    links = re.search(r"<nav.*?</nav>", html, re.S)[0]
    assert links.count("</a> ") == links.count("<a ") > 3
