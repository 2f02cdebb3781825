"""Every command of the documentation runs, and prints what its page shows.

``make docs-renew`` writes the output anew; a number that moves needs its reason in the changelog.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from blocks import blocks, inline
from console import faults
from reader import Reader, program

from sim.cli import VERBS

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"
RENEW = "RUNGS_RENEW_DOCS"
MADE = ("docs/studies.md",)
"""Pages whose output test_pages.py holds to their maker."""
QUICK = ("docs/guide/completion.md", "docs/howto/record.md")
"""Pages whose commands take seconds; those of the others are for `make slow`."""


def pages() -> list[str]:
    """Every page with something to run."""
    found = [*ROOT.glob("*.md"), *DOCS.rglob("*.md"), ROOT / "benchmarks" / "README.md"]
    told = [p for p in found if "_build" not in p.parts and p.name != "changelog.md"]
    return sorted(str(p.relative_to(ROOT)) for p in told if _runs(p.read_text(encoding="utf-8")))


def _runs(text: str) -> bool:
    return bool(blocks(text) or inline(text))


@pytest.mark.parametrize(
    "name", [pytest.param(p, marks=[] if p in QUICK else pytest.mark.slow) for p in pages()]
)
def test_every_command_of_a_page_does_what_the_page_says(name, tmp_path):
    path = ROOT / name
    (tmp_path / "work").mkdir()
    reader = Reader(tmp_path / "work", program(tmp_path / "bin"))
    wrong, renewed = faults(path.read_text(encoding="utf-8"), reader, name not in MADE)
    if os.environ.get(RENEW):
        path.write_text(renewed, encoding="utf-8")
        wrong = [fault for fault in wrong if "\nprints\n" not in fault]
    assert wrong == [], "\n\n".join(wrong)


@pytest.mark.parametrize("verb", VERBS)
def test_every_verb_has_a_guide_with_real_output(verb):
    text = (DOCS / "guide" / f"{verb}.md").read_text(encoding="utf-8")
    steps = [step for block in blocks(text) for step in block.steps]
    assert any(s.command.startswith(f"rungs {verb}") and s.shown for s in steps)


def test_a_page_that_lies_is_caught(tmp_path):
    page = "```console\n$ rungs --version\nrungs 99\n```\n\nSee `rungs shw streams`.\n"
    wrong, renewed = faults(page, Reader(tmp_path, program(tmp_path / "bin")))
    assert len(wrong) == 2
    assert "rungs 0" in renewed
    assert "rungs 99" not in renewed
    assert faults(renewed.partition("See")[0], Reader(tmp_path, tmp_path))[0] == []
