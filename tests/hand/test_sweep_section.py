"""Hand: what a report says of a sweep follows its analyses."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from sim.cli import main
from sim.compare.sweeps.analysis import Analysis
from sim.compare.sweeps.boxes import Box, Discovery, Limit, Share
from sim.compare.sweeps.effects import Effects, Factor, Level
from sim.compare.sweeps.morris import Morris, Screened
from sim.compare.sweeps.sobol import Index, Sobol, Split
from sim.compare.sweeps.table import Extent
from sim.show import figures
from sim.show import sweeps as shown
from sim.show.reports.of_sweep import (
    _title,
    box_rows,
    effect_rows,
    morris_rows,
    parts,
    ranges,
    sobol_rows,
)

WHOLE = Extent(4, 4, 9, 9)


def level(factor, name, difference, low, high):
    return Level(factor, name, None, None, 2, 10.0, 9.0, 11.0, difference, low, high)


def effects(strong, weak):
    """Two factors: the difference of the first is told apart, that of the other is not."""
    factor = Factor("a", 2, 0.9, strong, None, None, None, None, True)
    levels = [
        level("a", "0", 0.0, 0.0, 0.0),
        level("a", "1", strong, strong - 1.0, strong + 1.0),
        level("b", "0", 0.0, 0.0, 0.0),
        level("b", "1", weak, weak - 9.0, weak + 9.0),
    ]
    return Effects(
        "rocket_attacks", "grid", WHOLE, [factor, factor._replace(factor="b", sure=False)], levels
    )


def test_means_that_are_equal_by_chance_keep_their_interval():
    """The first level, which differs from itself by nothing, doesn't stand for the factor."""
    equal = effect_rows(effects(-5.0, 0.0))[1]
    assert (equal["value"], equal["low95"], equal["high95"]) == (0.0, -9.0, 9.0)


def test_a_factor_is_told_by_its_largest_difference():
    assert effect_rows(effects(-5.0, 2.0)) == [
        {
            "factor": "a",
            "kind": "largest difference",
            "value": -5.0,
            "low95": -6.0,
            "high95": -4.0,
            "sure": True,
        },
        {
            "factor": "b",
            "kind": "largest difference",
            "value": 2.0,
            "low95": -7.0,
            "high95": 11.0,
            "sure": False,
        },
    ]


def test_the_verdict_follows_the_effects():
    one, two = (Analysis("rocket_attacks", effects(*sizes)) for sizes in ((-5.0, 2.0), (1.5, 8.0)))
    told = "Rocket attacks: {} attacks); 1 of 2 factors can be told from luck"
    assert _title(one) == told.format("a matters most (-5")
    assert _title(two) == told.format("b matters most (8")


def test_indices_are_drawn_with_both_intervals_together():
    about = figures.About("a sweep")
    index = Index("a", 0.5, 0.03, 0.04, 0.75, 0.06, 0.08)
    unknown = Index("b", None, None, None, None, None, None)
    split = Split(1.0, 0.1, 0.1, 1.0, 0.5, 0.5)
    sobol = Sobol("rocket_attacks", WHOLE, 8, [index, unknown], split)
    first, total = sobol_rows(sobol)
    assert (first["value"], total["value"]) == (0.5, 0.75)
    assert (first["low95"], first["high95"]) == pytest.approx((0.45, 0.55))
    assert (total["low95"], total["high95"]) == pytest.approx((0.65, 0.85))
    told = parts(Analysis("rocket_attacks", effects(1.0, 2.0), sobol), about, {})
    bars = [trace for trace in told[0].figure.data if trace.name == "total"]
    assert list(bars[0].x) == [0.75]
    assert _title(Analysis("rocket_attacks", None, sobol)).startswith(
        "Rocket attacks: a matters most (0.75 share of variance)"
    )


def screened(factor, size, told):
    """A factor whose size is well above its interval, told from luck or not."""
    return Screened(factor, size, size, 0.1, 0.1, 1.0, 0.1, 0.1, 0.1, 0.1, 0.5, told)


@pytest.mark.parametrize(
    ("told", "terminal", "report"),
    [
        ((True, False), "What matters for rocket attacks, at 95 %: a (5 ", "; 1 of 2 factors can"),
        ((False, False), "Rocket attacks: no factor can be told from luck.", "told from luck, not"),
        ((None, None), "Rocket attacks: no factor can be told from luck.", "told from luck, not"),
    ],
)
def test_a_screening_says_the_same_in_the_terminal_and_in_the_report(told, terminal, report):
    """Its own test decides, not the interval around a size that is never below zero."""
    factors = [screened("a", 5.0, told[0]), screened("b", 3.0, told[1])]
    found = Morris("rocket_attacks", WHOLE, 4, factors)
    assert shown.morris(found).startswith(terminal)
    assert report in _title(Analysis("rocket_attacks", None, None, found))
    assert [row["sure"] for row in morris_rows(found)] == [bool(each) for each in told]


@pytest.mark.parametrize(
    ("first_luck", "total_luck", "sure"),
    [(0.04, 0.08, [True, True]), (0.6, 0.08, [False, True]), (0.04, 0.8, [False, False]),
     (None, None, [False, False])],
)  # fmt: skip
def test_an_index_says_the_same_in_the_terminal_and_in_the_report(first_luck, total_luck, sure):
    """The total decides; without luck's interval nothing is told."""
    index = Index("a", 0.5, 0.03, first_luck, 0.75, 0.06, total_luck)
    found = Sobol("rocket_attacks", WHOLE, 8, [index], Split(1.0, 0.1, None, 1.0, 0.5, 0.5))
    assert [row["sure"] for row in sobol_rows(found)] == sure
    assert ("What matters" in shown.sobol(found)) == any(sure)
    title = _title(Analysis("rocket_attacks", None, found))
    assert ("1 of 1 factor can be told from luck" in title) == any(sure)


def test_a_box_is_drawn_from_limit_to_limit_or_to_the_end_of_the_range():
    share = Share(3, 4, 0.75, 0.3, 0.95)
    sides = (("a", "at least", 2.0), ("b", "at least", 5.0), ("b", "at most", 7.0))
    limits = [Limit(*side, None, 0.01, 0.9, 1.0, 3.0) for side in sides]
    limits.append(Limit("policy", "one of", None, ("never",), 0.01, 0.9, None, None))
    box = Box(limits, [], share, share, share._replace(share=0.5), share)
    found = Discovery("x > 1", "x", WHOLE, 9, None, 6, 3, 30, [box])
    spans = ranges({"a": [3.0, 1.0, 9.0], "b": [4.0, 8.0], "policy": ["never", "historical"]})
    a, b = box_rows(found, spans)
    assert (a["low"], a["high"], a["least"], a["most"]) == (2.0, 9.0, 1.0, 9.0)
    assert (b["low"], b["high"], b["least"], b["most"]) == (5.0, 7.0, 4.0, 8.0)
    assert (a["density"], a["coverage"]) == (0.75, 0.5)
    above = found._replace(boxes=[box._replace(limits=limits[2:])])
    (b,) = box_rows(above, spans)
    assert (b["low"], b["high"]) == (4.0, 7.0)


def test_what_a_sweep_was_asked_is_in_its_report(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    words = ["scenario=summer_2020", "retaliation=never,historical", "replications=4", "workers=1"]
    assert main(["sweep", *words, "--out", "s", "--quiet"]) == 0
    capsys.readouterr()
    asked = ["measure=iraqis_killed", "best=lowest"]
    assert main(["sweep", "run=s", *asked, "--quiet"]) == 0
    words = capsys.readouterr().out.split("\n\n")[0].replace("\n", " ")
    assert (
        "tie for the lowest mean (Iraqi forces and civilians killed): 0; nothing tells which"
        in words
    )
    assert main(["report", "s", "--json"]) == 0
    page = Path("s/report.html").read_text(encoding="utf-8")
    assert "Ranking, with regret: " in page
    assert words in page
    assert "no difference can be told from none" in page
    assert "probability of" not in page


def test_a_sweeps_folder_has_a_report(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    words = ["scenario=summer_2020", "militia.base_rate=0.01,0.5", "replications=12", "workers=1"]
    assert main(["sweep", *words, "--out", "s", "--quiet"]) == 0
    capsys.readouterr()
    assert main(["report", "s", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["studies"][0]["kind"] == "a sweep"
    assert "24 replications of 2 points" in told["verdict"]["what was run"]
    assert "militia.base_rate matters most" in told["verdict"]["what it says"][0]
    assert Path("s/report.html").read_text(encoding="utf-8").count('class="plot"') == 2
