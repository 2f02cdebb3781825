"""The pages of docs/ say what the code does: made pages are fresh, names in prose exist."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import pytest

from sim.settings import experiment
from sim.settings.compose import load
from sim.settings.describe import setting
from sim.show import ledger, studies, systems

ROOT = Path(__file__).resolve().parents[1]
DOCS = ROOT / "docs"
KEY = re.compile(r"`((?:[a-z][a-z_0-9]*\.)+[a-z_0-9]+)`")
PROSE = ("odd.md", "contradictions.md")


@cache
def text(name: str) -> str:
    return (DOCS / name).read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("name", "page", "module"),
    [
        ("assumptions.md", ledger.page, "sim.show.ledger"),
        ("systems.md", systems.page, "sim.show.systems"),
    ],
)
def test_a_made_page_is_fresh(name, page, module):
    assert text(name) == page(), f"make it anew: python -m {module} > docs/{name}"


@pytest.mark.parametrize("name", PROSE)
def test_every_key_in_prose_is_in_the_schema(name):
    keys = [key for key in KEY.findall(text(name)) if not key.endswith((".py", ".md"))]
    assert len(keys) > 15
    settings = load([])
    for key in keys:
        setting(settings, key, [])  # raises where there is none


@pytest.mark.parametrize("name", PROSE)
def test_every_file_in_prose_is_there(name):
    for path in re.findall(r"`((?:\w+/)+\w+\.\w+)`", text(name)):
        assert (ROOT / path).is_file(), path


def test_every_link_between_pages_leads_somewhere():
    for page in DOCS.glob("*.md"):
        for target in re.findall(r"\]\(([\w./-]+)\)", page.read_text(encoding="utf-8")):
            assert (page.parent / target).exists(), (page.name, target)


def test_every_agent_has_its_place_in_the_odd():
    told = set(re.findall(r"`(\w+\.py)`", text("odd.md")))
    files = {path.name for path in (ROOT / "sim" / "agents").glob("*.py")} - {"__init__.py"}
    assert told == files


def test_every_submodel_says_what_speaks_for_it():
    """Evidence for each; theory for each that is a choice of rule."""
    part = text("odd.md").partition("### Submodels: attack")[2].partition("## Excluded")[0]
    submodels = [p for p in re.split(r"\n\n", part) if p.startswith("**")]
    assert len(submodels) >= 20
    for submodel in submodels:
        assert "*Evidence*" in submodel, submodel[:60]
        assert KEY.search(submodel) or "sites.py" in submodel or "air_defence" in submodel


@pytest.mark.parametrize("name", experiment.names())
def test_every_worked_study_has_its_section_with_real_output(name):
    told = experiment.read(name)
    part = text("studies.md").partition(f"## {told.title}\n")[2].partition("\n## ")[0]
    assert told.question in part
    for more in ("replications=", "--signs", "--diverge"):
        assert f"$ rungs branch experiment={name} {more}" in part
    assert "**Verdict:** " in part


@pytest.mark.slow
def test_a_worked_study_comes_out_as_it_is_printed():
    """One of the six, the shortest; all: python -m sim.show.studies > docs/studies.md."""
    assert studies.section("no_closure_threat") in text("studies.md")


def test_every_contradiction_is_observation_or_hypothesis():
    rows = re.findall(
        r"^\| (\d+b?) \| .* \| (observation|hypothesis): ", text("contradictions.md"), re.M
    )
    assert [number for number, _ in rows] == [
        *map(str, range(1, 7)), "6b", *map(str, range(7, 19)),
    ]  # fmt: skip
