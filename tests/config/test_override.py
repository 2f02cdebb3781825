"""Values that are set without composing anew: the same tree as Hydra's, in the same order."""

from __future__ import annotations

import json
import re

import pytest

from sim.settings import compose
from sim.settings.files import config_dir
from sim.settings.override import Value, over, plain

CALENDAR = "militia.drivers.calendar.size"
SETS = {
    "numbers": ["militia.base_rate=1e-3", "militia.excitation=.5", "seed=7"],
    "a prior": [f"{CALENDAR}={{prior: normal, mean: 0, sd: 0.5, source: 'assumed, either'}}"],
    "a prior over a part of itself": [f"{CALENDAR}={{prior: normal, mean: 0, sd: 1}}",
                                      f"{CALENDAR}.sd=0.2", "militia.base_rate={value: 1}"],
    "words": ["scenario.title='a, b'", "scenario.about=two words", "retaliation.title="],
    "choices": ["scenario=summer_2020", "militia.drivers.calendar.on=false", "retaliation=never",
                "observers.holes=[2019-05]", "posterior=null", "scenario.end=2020-08-01"],
    "lists": ["militia.base_rate=[1,2]", "militia.cells=[]", "air_defence.sirens=[taji]"],
    "what no file holds": ["air_defence.batteries.x.site=y", "militia.base_rate=1"],
    "a section gone": ["~militia.drivers", "militia.drivers.calendar.on=false"],
}  # fmt: skip


@pytest.mark.parametrize("words", SETS.values(), ids=SETS)
def test_the_tree_is_hydras(words: list[str]) -> None:
    quick, whole = compose.compose(words), compose._composed(words, None)
    assert json.dumps(quick, default=repr) == json.dumps(whole, default=repr)


def test_hydra_is_asked_once_for_what_differs_in_values(monkeypatch: pytest.MonkeyPatch) -> None:
    compose.compose(["scenario=historical"])
    monkeypatch.setattr(compose, "_composed", None)
    assert compose.compose(["scenario=historical", "seed=77"])["seed"] == 77


def test_one_call_leaves_nothing_behind_for_the_next() -> None:
    words = ["militia.base_rate={prior: uniform, low: 0.1, high: 0.3}"]
    compose.compose(words)["militia"]["base_rate"]["low"] = 9.0
    assert compose.compose(words)["militia"]["base_rate"]["low"] == 0.1


@pytest.mark.parametrize(
    "word",
    ["scenario=historical", "+a.b=1", "~a.b", "a.b", "a.b=1,2", "a.b=range(1,3)", "a.b=${c}",
     "a.b=???", "a.b={", "a/b.c=1", "a@b.c=1"],
)  # fmt: skip
def test_only_a_value_is_plain(word: str) -> None:
    assert plain(word) is None


def test_a_key_that_leads_nowhere_is_left_to_hydra() -> None:
    for path, value in [(("a", "b"), 1), (("x",), 1), (("c", "d", "e"), 1)]:
        with pytest.raises(LookupError):
            over({"a": 1, "c": {}}, [Value(path, value)])


def test_no_packaged_value_refers_to_another() -> None:
    """Else a value that is set late would not be felt where it is referred to."""
    for path in config_dir().rglob("*.yaml"):
        assert not re.search(r"\$\{", path.read_text(encoding="utf-8")), path
