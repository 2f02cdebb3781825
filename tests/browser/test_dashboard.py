"""The dashboard in a real browser: what a user does, by mouse, by keyboard, in a narrow window."""

from __future__ import annotations

import csv
import json
import os
import signal
import time

import pytest
from playwright.sync_api import expect

PAGES = ("/", "/branch", "/sides?one=historical&two=never", "/journal?run=never", "/outputs")
SHORT = "scenario=summer_2020\nworkers=1"
NARROW = "() => innerWidth === 360 && document.documentElement.scrollWidth <= 360"
ENDLESS = f"{SHORT}\njournal=none"


def start_a_run(page, replications=6, further=SHORT):
    """Fill the form of the first page and press Run."""
    page.locator("#run-further").fill(further)
    page.locator("#run-replications").fill(str(replications))
    page.locator("#run-replications").blur()
    expect(page.locator("#run-command")).to_contain_text(f"replications={replications}")
    page.locator("#run-start").click()


def field(page, label):
    """The choice under a label, on the page that is shown."""
    return page.get_by_label(label).and_(page.locator("select:visible")).first


def told_by(served, page):
    """The job that a page watches, and the manifest of its folder."""
    name = page.locator("#job-words").inner_text().partition(":")[0]
    return name, json.loads((served.outputs / name / "manifest.json").read_text())


def saved(page, link, folder):
    """The file that a click gives."""
    with page.expect_download() as download:
        link.click()
    path = folder / download.value.suggested_filename
    download.value.save_as(path)
    return path


# -- loading ------------------------------------------------------------------------------


def test_the_first_picture_needs_no_script(served, chromium):
    context = chromium.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(served.url)
    picture = page.locator("#first img")
    expect(picture).to_be_visible()
    box = picture.bounding_box()
    assert box["width"] > 600
    assert box["height"] > 150
    context.close()


def test_a_useful_picture_within_two_seconds(served, open_page):
    visit = open_page(served)
    seen = """() => [...document.images].some(i => i.complete && i.naturalWidth > 100
              && i.getBoundingClientRect().height > 100)"""
    began = time.monotonic()
    visit.page.goto(visit.url, wait_until="commit")
    visit.page.wait_for_function(seen)
    assert time.monotonic() - began < 2.0
    expect(visit.page.locator("#record .main-svg").first).to_be_attached()


@pytest.mark.slow
@pytest.mark.parametrize("path", PAGES)
def test_every_page_is_accessible_and_never_scrolls_sideways(served, open_page, path):
    visit = open_page(served)
    page = visit.go(path)
    name = path.partition("?")[0].strip("/") or "campaign"
    expect(page.locator("main > section:visible")).to_have_count(1)
    if "=" in path:
        expect(page.locator("main > section:visible .main-svg").first).to_be_visible()
    visit.keep(f"page-{name}")
    visit.check_accessible()
    page.set_viewport_size({"width": 360, "height": 740})
    page.wait_for_function(NARROW)
    visit.keep(f"narrow-{name}")


# -- tasks --------------------------------------------------------------------------------


def test_a_run_from_the_form_to_its_pictures_and_files(served, open_page, tmp_path):
    visit = open_page(served)
    page = visit.go()
    field(page, "US retaliation").select_option("never")
    page.get_by_label("Attacks that nothing triggers").first.fill("0.3")
    start_a_run(page)
    expect(page.locator("#job-words")).to_contain_text("of 6 replications")
    expect(page.locator("#job-words")).to_contain_text("complete")
    shown = page.locator("#campaign-result")
    expect(shown.locator("figure .main-svg").first).to_be_visible()
    expect(shown.locator("figure")).to_have_count(5)
    name, told = told_by(served, page)
    assert told["status"] == "complete"
    assert {"militia.base_rate=0.3", "retaliation=never", "replications=6"} <= set(told["argv"])
    visit.keep("run")
    visit.check_accessible()
    table = saved(page, shown.get_by_role("link", name="Its numbers (CSV)").first, tmp_path)
    rows = list(csv.DictReader(table.read_text().splitlines()))
    assert {"week", "median", "recorded"} <= set(rows[0])
    picture = saved(page, shown.get_by_role("button", name="The picture (SVG)").first, tmp_path)
    assert picture.suffix == ".svg"
    assert b"<svg" in picture.read_bytes()
    shown.get_by_text(f"Files of {name}").click()
    report = saved(page, shown.get_by_role("link", name="report.html"), tmp_path)
    assert report.read_bytes() == (served.outputs / name / "report.html").read_bytes()
    page.reload()
    expect(page.locator("#job-words")).to_contain_text(f"{name}: complete")
    expect(page.locator("#campaign-result figure .main-svg").first).to_be_visible()


def click_amid_the_days(page, heard):
    """A click on the middle of the timeline, where no event is, until the page has heard it: a
    chart that is still drawing misses one, and takes two at once for a double click."""
    days = page.locator("#record .nsewdrag").first
    for _ in range(20):
        page.wait_for_timeout(500)
        box = days.bounding_box()
        page.mouse.click(box["x"] + 0.5 * box["width"], box["y"] + 0.97 * box["height"])
        page.wait_for_timeout(500)
        if heard():
            return
    raise AssertionError("no click was heard")


def test_a_date_picked_on_the_timeline_is_branched_from(served, open_page):
    visit = open_page(served)
    page = visit.go()
    link = page.locator("#branch-here")
    expect(link).to_have_text("Branch from 12 March 2020")
    page.locator("#record .scatterlayer .trace").first.locator(".points path").nth(3).click(
        force=True
    )
    expect(link).not_to_have_text("Branch from 12 March 2020")
    event = link.inner_text()
    click_amid_the_days(page, lambda: link.inner_text() != event)
    link.click()
    day = page.locator("#branch-date").input_value()
    assert "2020-02-15" < day < "2020-03-20"  # the middle of the timeline, where no event is
    page.locator("#branch-horizon").fill("30d")
    page.locator("#branch-replications").fill("6")
    page.locator("#branch-replications").blur()
    expect(page.locator("#branch-command")).to_contain_text("horizon=30d replications=6")
    page.locator("#branch-start").click()
    expect(page.locator("#job-words")).to_contain_text("complete")
    shown = page.locator("#branch-result")
    expect(shown.locator("figure .main-svg").first).to_be_visible()
    expect(shown).to_contain_text("never against historical, on the same draws")
    _, told = told_by(served, page)
    assert f"date={day}" in told["argv"]
    visit.keep("branch")
    visit.check_accessible()


@pytest.mark.slow
def test_two_policies_lie_side_by_side(served, open_page):
    visit = open_page(served)
    page = visit.go("/sides")
    field(page, "On the left").select_option("historical")
    field(page, "On the right").select_option("never")
    shown = page.locator("#sides-result")
    expect(shown.locator(".beside")).to_have_count(3)
    expect(shown.locator(".beside").first.locator("figure")).to_have_count(2)
    left, right = (f.bounding_box() for f in shown.locator(".beside").first.locator("figure").all())
    assert left["y"] == right["y"]
    assert left["x"] < right["x"]
    scales = page.evaluate(
        "[...document.querySelectorAll('.beside .js-plotly-plot')].slice(0, 2)"
        ".map(plot => plot._fullLayout.yaxis.range)"
    )
    assert scales[0] == scales[1]
    expect(shown.locator("caption")).to_contain_text("no strike, whatever happens")
    expect(shown.get_by_role("row", name="highest rung")).to_be_visible()


# -- journals -----------------------------------------------------------------------------


def test_a_journal_is_stepped_through_by_keyboard_alone(served, open_page):
    visit = open_page(served)
    page = visit.go("/journal?run=never")
    place, event = page.locator("#journal-place"), page.locator("#journal-event h3")
    expect(place).to_contain_text("1 of ")
    first = event.inner_text()
    page.locator("#journal-next").focus()
    page.keyboard.press("Enter")
    expect(place).to_contain_text("2 of ")
    assert event.inner_text() != first
    page.keyboard.press("ArrowRight")
    expect(place).to_contain_text("3 of ")
    page.keyboard.press("ArrowLeft")
    expect(place).to_contain_text("2 of ")
    last = int(place.inner_text().rpartition(" ")[2])
    page.locator("#journal-step").focus()
    page.keyboard.press("End")
    expect(place).to_have_text(f"{last} of {last}")
    field(page, "Events").select_option("all")
    expect(place).to_contain_text("1 of ")
    assert int(place.inner_text().rpartition(" ")[2]) > last


@pytest.mark.slow
def test_an_effect_leads_to_its_cause_and_back(served, open_page):
    visit = open_page(served)
    page = visit.go("/journal?run=historical")
    place, event = page.locator("#journal-place"), page.locator("#journal-event")
    expect(place).to_contain_text("1 of ")
    cause = event.locator("h4", has_text="Provoked by").locator("+ ul button")
    while not cause.count():
        before = place.inner_text()
        assert len(set(before.split(" of "))) == 2, "no event of this journal has a cause"
        page.locator("#journal-next").click()
        expect(place).not_to_have_text(before)
    effect = event.locator("h3").inner_text()
    cause.first.click()
    expect(event.locator("h3")).not_to_have_text(effect)
    followed = event.locator("h4", has_text="What followed").locator("+ ul")
    followed.get_by_text(effect).click()
    expect(event.locator("h3")).to_have_text(effect)
    visit.keep("journal")
    visit.check_accessible()


# -- the keyboard -------------------------------------------------------------------------

FOCUS = """() => { const e = document.activeElement, s = getComputedStyle(e);
  return [e.id || e.className || e.tagName,
          s.outlineStyle !== 'none' && parseFloat(s.outlineWidth) >= 2]; }"""


@pytest.mark.slow
def test_keyboard_alone_reaches_every_control_in_sight_and_runs(served, open_page):
    visit = open_page(served)
    page = visit.go()
    reached = []
    while not reached or (reached[-1][0] != "run-start" and len(reached) < 120):
        page.keyboard.press("Tab")
        reached.append(page.evaluate(FOCUS))
    assert reached[0][0] == "skip"
    assert reached[-1][0] == "run-start"
    assert [name for name, visible in reached if not visible] == []
    assert {"run-further", "run-replications", "run-seed"} <= {name for name, _ in reached}
    page.locator("#run-further").focus()
    page.keyboard.type("scenario=summer_2020")
    page.locator("#run-replications").focus()
    page.keyboard.press("Control+A")
    page.keyboard.type("4")
    page.keyboard.press("Tab")
    expect(page.locator("#run-command")).to_contain_text("replications=4")
    page.locator("#run-start").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#job-words")).to_contain_text("complete")


# -- what goes wrong ----------------------------------------------------------------------


def test_a_bad_value_is_refused_in_plain_words_before_anything_starts(served, open_page):
    visit = open_page(served)
    page = visit.go()
    before = set(os.listdir(served.outputs))
    page.locator("#run-further").fill("militia.base_rate=1000")
    page.locator("#run-further").blur()
    expect(page.locator("#run-command strong")).to_contain_text("militia.base_rate")
    page.locator("#run-start").click()
    expect(page.locator("#notice")).to_contain_text("militia.base_rate")
    visit.keep("refused")
    visit.check_accessible()
    page.locator("#run-further").fill("hydra.run.dir=/tmp/x")
    page.locator("#run-further").blur()
    page.locator("#run-start").click()
    expect(page.locator("#notice")).to_contain_text("hydra's own settings")
    expect(page.locator("#job")).to_be_hidden()
    assert set(os.listdir(served.outputs)) == before


@pytest.mark.slow
def test_cancel_stops_a_run_and_says_what_is_kept(served, open_page):
    visit = open_page(served)
    page = visit.go()
    start_a_run(page, 90000, ENDLESS)
    words = page.locator("#job-words")
    expect(words).to_contain_text("a second")
    assert float(page.locator("#job-bar").get_attribute("value")) > 0
    page.locator("#job-cancel").click()
    expect(words).to_contain_text("interrupted: cancelled")
    expect(words).to_contain_text("of 90000 are finished and kept")
    expect(page.locator("#job-cancel")).to_be_disabled()
    assert told_by(served, page)[1]["status"] == "interrupted"


@pytest.mark.slow
def test_a_run_that_dies_is_told(served, open_page):
    visit = open_page(served)
    page = visit.go()
    start_a_run(page, 90000, ENDLESS)
    words = page.locator("#job-words")
    expect(words).to_contain_text("90000 replications")
    name = words.inner_text().partition(":")[0]
    note = json.loads((served.outputs / ".jobs" / f"{name}.json").read_text())
    os.kill(note["process"][0], signal.SIGKILL)
    expect(words).to_contain_text("failed: its process was killed (signal 9)")
    visit.keep("failed")
    visit.check_accessible()


@pytest.mark.slow
def test_an_open_page_outlives_the_server(served, open_page):
    visit = open_page(served)
    page = visit.go("/journal?run=never")
    expect(page.locator("#journal-place")).to_contain_text("1 of ")
    visit.expected = ["ERR_(CONNECTION|EMPTY)", "the server did not respond", "Failed to fetch"]
    served.stop(signal.SIGKILL)
    served.start()
    page.locator("#journal-next").click()
    expect(page.locator("#journal-place")).to_contain_text("2 of ")


@pytest.mark.slow
def test_a_script_in_a_name_stays_text_or_stays_away(served, open_page):
    text = "<script>document.title='owned'</script><img src=x onerror=alert(1)>"
    told = {"status": "complete", "scenario": text, "policy": text, "replications": 1, "seed": text}
    folders = [served.outputs / name for name in ("odd", "<img src=x onerror=alert(1)>")]
    for folder in folders:
        folder.mkdir()
        (folder / "manifest.json").write_text(json.dumps(told))
    try:
        visit = open_page(served)
        page = visit.go("/outputs?run=%3Cscript%3E&one=../x")
        listed = page.locator("#outputs-list")
        expect(listed.locator("table")).to_contain_text("<script>document.title")
        expect(listed).to_contain_text("1 folder is left out")
        assert listed.locator("img, script").count() == 0
        assert page.title() == "Rungs: outputs"
    finally:
        for folder in folders:
            (folder / "manifest.json").unlink()
            folder.rmdir()
