"""How fast the dashboard answers: ``python -m benchmarks.dashboard`` (asks for a Chromium).

A server and a browser of their own: seconds until the server says where it is, until the first
picture is on screen, and from a press of Run (200 replications) until the page tells how far the
run is. Beside them, on the same machine, an empty Python, a first page of one line, and the same
press with nothing but a round trip to the server.
"""

from __future__ import annotations

import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

PRESSES = 7
FORM = "scenario=summer_2020\nworkers=1"
PRESS = """(before) => new Promise((done) => {
  const words = document.querySelector("#job-words"), began = performance.now();
  new MutationObserver((_, watch) => {
    if (words.textContent.split(":")[0] === before || !words.textContent) return;
    watch.disconnect();
    done(performance.now() - began);
  }).observe(document.body, { subtree: true, childList: true, characterData: true });
  document.querySelector("#run-start").click();
})"""
PICTURE = """() => [...document.images].some((picture) => picture.complete
  && picture.naturalWidth > 100 && picture.getBoundingClientRect().height > 100)"""
TRIP = """async () => {
  const began = performance.now();
  await (await fetch("/record.svg")).text();
  return performance.now() - began;
}"""


def started(outputs: str) -> tuple[subprocess.Popen[str], str, float]:
    """A server of its own, its address, and the seconds until it gave it."""
    words = [sys.executable, "-m", "sim", "serve", "port=0", "--outputs", outputs]
    began = time.perf_counter()
    server = subprocess.Popen(words, stdout=subprocess.PIPE, text=True)
    assert server.stdout is not None
    return server, server.stdout.readline().strip(), time.perf_counter() - began


def seen(page: Page, url: str, what: str) -> float:
    """Seconds from asking for a page until something that a script looks for is there."""
    began = time.perf_counter()
    page.goto(url, wait_until="commit")
    page.wait_for_function(what)
    return time.perf_counter() - began


def pressed(page: Page) -> float:
    """Seconds from Run to progress; the run is cancelled afterwards."""
    page.locator("#run-further").fill(FORM)
    page.locator("#run-replications").fill("200")
    page.locator("#run-replications").blur()
    page.locator("#run-command").get_by_text("replications=200").wait_for()
    before = page.locator("#job-words").text_content() or ""
    took = float(page.evaluate(PRESS, before.partition(":")[0])) / 1e3
    page.locator("#job-cancel").click()
    page.locator("#job-words").get_by_text("interrupted").wait_for()
    return took


def measured(url: str) -> dict[str, float]:
    """What the browser finds, in seconds."""
    chromium = os.environ.get("CHROMIUM") or shutil.which("chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        page = browser.new_page()
        told = {"one_line_s": seen(page, "data:text/html,one", "() => document.body !== null")}
        told["first_picture_s"] = seen(page, url, PICTURE)
        presses = [pressed(page) for _ in range(PRESSES)]
        trips = [float(page.evaluate(TRIP)) / 1e3 for _ in range(PRESSES)]
        browser.close()
    told |= {"round_trip_s": statistics.median(trips), "first_press_s": presses[0]}
    return {**told, "press_s": statistics.median(presses), "slowest_press_s": max(presses)}


def main() -> None:
    """Measure and print."""
    began = time.perf_counter()
    subprocess.run([sys.executable, "-c", "pass"], check=True)
    told = {"empty_python_s": time.perf_counter() - began}
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "outputs").mkdir()
        server, url, told["start_s"] = started(f"{folder}/outputs")
        try:
            told |= measured(url)
        finally:
            server.terminate()
            server.wait()
    print("the dashboard (aims: start 4 s, first picture 2 s, a press 0.5 s)")
    for name, value in told.items():
        print(f"  {name:<18}{value:8.2f}")


if __name__ == "__main__":
    main()
