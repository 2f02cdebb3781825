"""Pages that stand at the root of the repository, read into the site with their links mended.

A page of `docs/` whose whole text is ``{root-page} NAME`` becomes the file NAME of the root.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sphinx.application import Sphinx

ROOT = Path(__file__).resolve().parents[2]
ASKED = re.compile(r"^\{root-page\} (?P<name>[\w/.]+)\s*$")
SITE = {
    "CHANGELOG.md": "changelog.md",
    "CITATION.cff": "cite.md",
    "CONTRIBUTING.md": "contributing.md",
    "LICENSE": "licence.md",
    "README.md": "index.md",
    "benchmarks/README.md": "speed.md",
    "seeds/record/README.md": "record.md",
}
"""Files of the root, and the pages of the site that show them."""


def mended(text: str) -> str:
    """A root page's links as seen from `docs/`.

    >>> mended("[how](docs/branching.md#cut), [terms](LICENSE), [there](https://example.org)")
    '[how](branching.md#cut), [terms](licence.md), [there](https://example.org)'
    """
    return re.sub(r"\]\(([\w./-]+)", lambda found: f"]({_seen(found[1])}", text)


def homeward(text: str, docname: str) -> str:
    """A page's links to files of the root, as links to the pages that show them.

    >>> homeward("[speed](../benchmarks/README.md)", "rare")
    '[speed](speed.md)'
    >>> homeward("[terms](../../LICENSE), [next](../rare.md)", "guide/rare")
    '[terms](../licence.md), [next](../rare.md)'
    """
    up = "../" * docname.count("/")
    for target, page in SITE.items():
        text = text.replace(f"]({up}../{target}", f"]({up}{page}")
    return text


def _seen(target: str) -> str:
    return SITE.get(target, target.removeprefix("docs/"))


def _read(app: Sphinx, docname: str, source: list[str]) -> None:
    asked = ASKED.match(source[0])
    if asked:
        path = ROOT / asked["name"]
        app.env.note_dependency(str(path))
        source[0] = mended(path.read_text(encoding="utf-8"))
    else:
        source[0] = homeward(source[0], docname)


def setup(app: Sphinx) -> dict[str, Any]:
    """Register with Sphinx."""
    app.connect("source-read", _read)
    return {"parallel_read_safe": True}
