"""The catalogue: every policy and case of the model is there and explained in plain words."""

from __future__ import annotations

import pytest

from sim.cli import main
from sim.errors import InputError
from sim.settings.catalogue import Entry, catalogue, changes, explain, find
from sim.settings.compose import load

PROMISED = [
    *("retaliation=historical", "retaliation=never", "retaliation=on_coalition_death"),
    *("retaliation=on_wounded", "retaliation=on_compound_hit", "retaliation=on_count"),
    *("retaliation=graduated", "retaliation=delayed", "retaliation=covert"),
    *("retaliation=threat_only", "retaliation=on_attempt", "retaliation=no_leaders"),
    *("threats=closure_early", "threats=closure_late", "threats=no_closure"),
    *("air_defence=early", "air_defence=late", "air_defence=none"),
    *("sites=consolidation_early", "sites=consolidation_late"),
    *("government=capable", "government=weak", "timeline=no_dialogue"),
    *("attribution=perfect", "patron=restrains", "patron=releases"),
    *("scenario=historical", "scenario=summer_2020"),
]
CASES = [entry for entry in catalogue() if entry.group not in ("scenario", "ablation")]


@pytest.mark.parametrize("name", PROMISED)
def test_every_case_of_the_model_is_shipped(name: str) -> None:
    found = find(name)
    assert f"{found.group}={found.name}" == name


@pytest.mark.parametrize("entry", CASES, ids=lambda e: f"{e.group}={e.name}")
def test_every_case_says_what_it_is(entry: Entry) -> None:
    assert entry.about.endswith("."), entry
    told = explain(entry, [])
    assert entry.about in told
    usual = load([]) == load([f"{entry.group}={entry.name}"])
    assert ("nothing differs" in told) == usual


def test_what_a_case_changes_is_told_with_its_meaning() -> None:
    told = {c.key: c for c in changes(load(["retaliation=never"]), load([]))}
    death = told["retaliation.probability.killed"]
    assert (death.usual, death.now) == ("beta(0.5, 0.5)", "0")
    assert "Coalition death" in death.meaning
    early = {c.key: c for c in changes(load(["threats=closure_early"]), load([]))}
    assert early["threats.closure.rule"].now == "date"
    assert (early["threats.closure.day"].usual, early["threats.closure.day"].now) == (
        "nothing",
        "2020-01-20",
    )
    only = {c.key: c for c in changes(load(["retaliation=threat_only"]), load([]))}
    assert only["retaliation.grades.warnings"].now == "no limit"


def test_a_name_alone_is_enough_where_one_case_has_it(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["show", "scenario", "graduated"]) == 0
    assert capsys.readouterr().out.startswith("retaliation=graduated\n")
    assert main(["show", "scenario", "retaliation=never"]) == 0
    assert capsys.readouterr().out.startswith("retaliation=never\n")


def test_an_unclear_name_is_refused_with_its_choices() -> None:
    with pytest.raises(InputError, match=r"say which: .*truce=none"):
        find("none")
    with pytest.raises(InputError, match="did you mean 'graduated'"):
        find("gradauted")
