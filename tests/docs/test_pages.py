"""The pages of docs/ say what the code does: made pages are fresh, names in prose exist."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import pytest

from sim.settings import experiment
from sim.settings.compose import load
from sim.settings.describe import setting
from sim.show import backtested, identifiability, ledger, simulated, studies, systems
from sim.show.reports import stress

ROOT = Path(__file__).resolve().parents[2]
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
        ("identifiability.md", identifiability.page, "sim.show.identifiability"),
        ("backtest.md", backtested.page, "sim.show.backtested"),
        ("stress_des.md", stress.page, "sim.show.reports.stress"),
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
    """Theory and evidence for each."""
    part = text("odd.md").partition("### Submodels: attack")[2].partition("## Excluded")[0]
    submodels = [p for p in re.split(r"\n\n", part) if p.startswith("**")]
    assert len(submodels) >= 20
    for submodel in submodels:
        assert "*Theory*" in submodel, submodel[:60]
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


def test_the_page_on_the_record_turns_with_the_data(tmp_path, monkeypatch):
    """Contractions reversed: what was told is told no more."""
    import csv
    import shutil

    home = tmp_path / "calibration"
    shutil.copytree(identifiability.HOME / "posteriors", home / "posteriors")
    path = home / "posteriors" / "reference" / "diagnostics.csv"
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    turned = {"calibrated": "driven by the prior", "driven by the prior": "calibrated"}
    for row in rows:
        row["verdict"] = turned.get(row["verdict"], row["verdict"])
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    before = identifiability.page()
    monkeypatch.setattr(identifiability, "HOME", home)
    after = identifiability.page()
    line = "**It does not tell** how often attacks come"
    assert line not in before
    assert line in after


def test_worths_in_crps_stand_by_horizon_with_what_makes_them_sure():
    heads = "mechanism horizon_weeks origins crps_on crps_off worth low90 high90 error changed"
    rows = [
        ["echo", "1", "25", "0.5", "0.625", "0.125", "-0.0625", "0.25", "0.01", "0.4"],
        ["echo", "13", "13", "5", "4.5", "-0.5", "", "", "0.125", "0.9"],
        ["idle", "1", "25", "0.5", "0.5", "0", "0", "0", "0", "0"],
        ["idle", "13", "13", "5", "5.25", "0.25", "", "", "", "0.1"],
    ]
    assert identifiability.by_horizon([heads.split(), *rows])[2:] == [
        "| without | 1 week | 13 weeks |",
        "| --- | --- | --- |",
        "| nothing: CRPS itself | 0.500 | 5.000 |",
        "| echo | +0.125 (-0.062 to +0.250) | -0.500 (± 0.125) |",
        "| idle | 0, no future changes | +0.250 |",
        "",
    ]


def test_of_all_recorded_patterns_only_those_that_miss_are_shown_with_why():
    heads = ["label", "recorded", "verdict"]
    above, below = (
        ["days on rung 0, quiet", "0.2766", "recorded above"],
        ["x", "", "recorded below"],
    )
    rest = [["a", "1", "inside 50 %"], ["b", "1", "inside 90 %"], ["c", "", "unknown"]]
    told = identifiability.missed([heads, rest[0], above, *rest[1:], below])
    assert told[2:5] == [
        "| days on rung 0, quiet | 0.277 | recorded above |",
        "| x | unknown | recorded below |",
        "",
    ]
    why = told[told.index("Why they miss, and what was tried:") :]
    assert [line.partition(".")[0] for line in why if line.startswith("- ")] == [
        "- **days on rung 0, quiet",
        "- **x",
    ]
    assert identifiability.missed([heads, *rest]) == []


def test_what_simulation_told_turns_with_the_data(tmp_path):
    """Without a result the section says so; a coverage that fails is bold."""
    import shutil

    home = identifiability.HOME / "results"
    assert simulated.NOT_YET in simulated.section(tmp_path / "simulated.json")
    for suffix in ("json", "csv"):
        shutil.copy(home / f"simulated.{suffix}", tmp_path)
    before = simulated.section(tmp_path / "simulated.json")
    assert not any(line.endswith("**") or "| **" in line for line in before)
    table = (tmp_path / "simulated.csv").read_text(encoding="utf-8")
    (tmp_path / "simulated.csv").write_text(table.replace(",True", ",False"), encoding="utf-8")
    after = simulated.section(tmp_path / "simulated.json")
    assert sum("| **" in line for line in after) == table.count(",True") > 0


@pytest.mark.parametrize("name", ["reference", "full"])
def test_a_committed_posterior_says_what_it_saw_and_is_sound(name):
    from sim.settings.posterior import manifest

    told = manifest(name)
    assert told["until"] == {"reference": "2020-07-01", "full": "2021-01-01"}[name]
    assert told["healthy"], (told["worst_rhat"], told["least_ess"])
    assert load([f"posterior={name}"]).posterior == name
