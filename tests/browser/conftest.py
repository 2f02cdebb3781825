"""A real Chromium that may ask 127.0.0.1 and nobody else, and in which nothing may go wrong."""

from __future__ import annotations

import os
import re
import shutil
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect, sync_playwright

SCREENSHOTS = Path(__file__).resolve().parents[2] / "outputs" / "screenshots"
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
REMEDY = (
    "no Chromium on this machine: install one (make browser; on Debian and Ubuntu: apt-get "
    "install chromium), or name it: CHROMIUM=/path/to/it"
)
WAIT_MS = 90_000


def pytest_collection_modifyitems(items):
    """Whatever lies here needs a browser."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def chromium():
    """The browser; without one a desk skips, and CI fails."""
    found = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)
    if found is None:
        (pytest.fail if os.environ.get("CI") else pytest.skip)(REMEDY)
    expect.set_options(timeout=WAIT_MS)  # a busy machine is no fault
    flags = ["--no-sandbox"] if os.geteuid() == 0 else []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=flags)
        yield browser
        browser.close()


@pytest.fixture(autouse=True)
def browser_first(chromium):
    """Without a browser nothing else is made ready."""


class Visit:
    """A page of the dashboard, and all that went wrong on it."""

    def __init__(self, context, url):
        self.url = url.rstrip("/")
        self.faults = []
        self.expected = []
        """What a test provokes, as patterns."""
        self.page = context.new_page()
        self.page.set_default_timeout(WAIT_MS)
        self.page.on("pageerror", lambda error: self.faults.append(f"page error: {error}"))
        self.page.on("console", self._said)

    def _said(self, message):
        if message.type in ("error", "warning"):
            self.faults.append(f"console {message.type}: {message.text}")

    def gate(self, route):
        """Lets through what goes to this server."""
        if route.request.url.startswith(f"{self.url}/"):
            route.continue_()
        else:
            self.faults.append(f"request beyond: {route.request.url}")
            route.abort()

    def go(self, path="/"):
        """Open a page and wait until it answers."""
        self.page.goto(self.url + path)
        expect(self.page.locator("#record .main-svg").first).to_be_attached()
        return self.page

    def keep(self, name):
        """A screenshot, as an artefact."""
        SCREENSHOTS.mkdir(parents=True, exist_ok=True)
        self.page.screenshot(path=SCREENSHOTS / f"{name}.png", full_page=True)

    def check_accessible(self):
        """No rule of axe is broken by what is shown now."""
        found = Axe().run(self.page)
        assert found.violations_count == 0, found.generate_report()

    def unexpected(self):
        """What went wrong without being provoked."""
        return [f for f in self.faults if not any(re.search(p, f) for p in self.expected)]


@pytest.fixture
def open_page(chromium):
    """Opens a page: `open_page(served)`, with `width=` for a narrow window."""
    visits, contexts = [], []

    def opened(served, width=1280, height=900):
        context = chromium.new_context(viewport={"width": width, "height": height})
        visit = Visit(context, served.url)
        context.route("**/*", visit.gate)
        contexts.append(context)
        visits.append(visit)
        return visit

    yield opened
    for context in contexts:
        context.close()
    assert [fault for visit in visits for fault in visit.unexpected()] == []
