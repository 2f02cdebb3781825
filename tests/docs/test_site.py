"""The site builds without a warning, its links lead somewhere, and it asks nothing of the net."""

from __future__ import annotations

import re
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest

ROOT = Path(__file__).resolve().parents[2]
pytestmark = [pytest.mark.slow, pytest.mark.timeout(1800)]
LOADING = {"script": "src", "img": "src", "iframe": "src", "source": "src", "object": "data"}
"""Elements that fetch something by themselves; `link` does where it is no mere mention."""
MENTIONS = {"canonical", "search", "index", "next", "prev", "author"}


class Page(HTMLParser):
    """What a page loads, links to, and can be linked at."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.loads: list[str] = []
        self.links: list[str] = []
        self.anchors: set[str] = set()
        self.feed(path.read_text(encoding="utf-8"))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = {name: value or "" for name, value in attrs}
        if "id" in told:
            self.anchors.add(told["id"])
        if tag == "a" and "href" in told:
            self.links.append(told["href"])
        elif tag == "link" and not set(told.get("rel", "").split()) & MENTIONS:
            self.loads.append(told["href"])
        elif tag in LOADING and LOADING[tag] in told:
            self.loads.append(told[LOADING[tag]])


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site, built as `make docs` builds it."""
    out = tmp_path_factory.mktemp("site")
    words = ["--quiet", "--fail-on-warning", "--keep-going", "--nitpicky"]
    words += ["-d", str(out / "trees"), "docs", str(out / "html")]
    done = subprocess.run(
        [sys.executable, "-m", "sphinx", *words],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return out / "html"


@pytest.fixture(scope="module")
def pages(site: Path) -> dict[Path, Page]:
    """Every page of the site, parsed."""
    return {path.resolve(): Page(path) for path in site.rglob("*.html")}


def test_every_page_of_docs_is_in_the_site(site: Path) -> None:
    written = {p.relative_to(ROOT / "docs") for p in (ROOT / "docs").rglob("*.md")}
    for page in written:
        assert "_build" in page.parts or (site / page.with_suffix(".html")).is_file(), page


def test_the_site_loads_nothing_from_elsewhere(site: Path, pages: dict[Path, Page]) -> None:
    for path, page in pages.items():
        outside = [load for load in page.loads if urlsplit(load).netloc]
        assert outside == [], path
    for sheet in site.rglob("*.css"):
        asked = re.findall(r"(?:url\(|@import\s*)[\"']?((?:https?:)?//[^\"')]+)", sheet.read_text())
        assert asked == [], sheet


def test_every_inside_link_and_anchor_is_there(pages: dict[Path, Page]) -> None:
    checked = 0
    for path, page in pages.items():
        for link in page.links:
            told = urlsplit(link)
            if told.scheme or told.netloc:
                continue
            target = (path.parent / unquote(told.path)).resolve() if told.path else path
            assert target.is_file(), (path.name, link)
            if told.fragment and target in pages:
                assert unquote(told.fragment) in pages[target].anchors, (path.name, link)
            checked += 1
    assert checked > 1000


def test_every_outside_link_is_well_formed(pages: dict[Path, Page]) -> None:
    outside = {link for page in pages.values() for link in page.links if urlsplit(link).scheme}
    assert outside
    for link in outside:
        told = urlsplit(link)
        assert told.scheme == "https", link
        assert re.fullmatch(r"([a-z0-9-]+\.)+[a-z]{2,}", told.netloc), link


def test_a_tutorial_that_fails_fails_the_build(tmp_path: Path) -> None:
    (tmp_path / "conf.py").write_text(
        f"import sys\nsys.path.insert(0, {str(ROOT / 'docs' / '_ext')!r})\n"
        "extensions = ['myst_parser', 'executed']\n"
    )
    (tmp_path / "index.md").write_text("# A\n\n```{executed}\nprint(1 + 1)\n1 / 0\n```\n")
    words = [sys.executable, "-m", "sphinx", "-q", str(tmp_path), str(tmp_path / "html")]
    failed = subprocess.run(words, capture_output=True, text=True, check=False)
    assert failed.returncode != 0
    assert "index, line 3: ZeroDivisionError" in failed.stderr
    (tmp_path / "index.md").write_text("# A\n\n```{executed}\nx = 40\nx + 2\n```\n")
    subprocess.run(words, check=True)
    assert ">42\n</" in (tmp_path / "html" / "index.html").read_text()
