"""The predictive check among the checks: the numbers of `rungs compare`, all of them kept."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import pytest

from calibration.checks import predictive
from sim.cli import main
from sim.compare import FAMILIES, Check, check, in_words

FEW = ("workers=1", "--quiet", "--json", "--out")


def printed(words: tuple[str, ...], capsys: pytest.CaptureFixture[str]) -> dict[str, Any]:
    assert main(list(words)) == 0
    told: dict[str, Any] = json.loads(capsys.readouterr().out)
    return told


def manifest(path: Path) -> dict[str, Any]:
    told: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return told


def test_its_numbers_are_those_of_compare_pattern_by_pattern(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """By default from the whole record's posterior and the scenario's own seed."""
    here, there = str(tmp_path / "check"), str(tmp_path / "run")
    found = printed(("calibrate", "check=predictive", "draws=6", *FEW, here), capsys)
    told = printed(("compare", "posterior=full", "replications=6", *FEW, there), capsys)
    compared = [Check(**pattern) for pattern in told["patterns"]]
    known = [one for one in compared if one.recorded_low is not None]
    assert len(known) > 100
    assert {row["verdict"] for row in found["rows"]} > {"inside 50 %", "recorded above"}
    assert found["rows"] == [
        {"label": one.label, "family": FAMILIES[one.group]}
        | {name: getattr(one, name) for name in list(found["rows"][0])[2:]}
        for one in known
    ]
    assert found["verdict"] == [in_words(compared)]
    kept = manifest(tmp_path / "check" / "predictive.json")
    run = manifest(tmp_path / "run" / "manifest.json")
    for name in ("identity", "posterior", "posterior_sha256", "record_sha256", "seed"):
        assert kept[name] == run[name]
    with (tmp_path / "check" / "predictive.csv").open(encoding="utf-8", newline="") as file:
        assert [row["label"] for row in csv.DictReader(file)] == [one.label for one in known]


def test_what_is_on_record_is_told_even_where_no_replication_knows_it() -> None:
    unseen = check("strike_lag", (2.0, 2.0, 2.0), [None, None])
    at_least = check("strike_lag", (None, 2.0, None), [1.0])
    blank = check("strike_lag", (None, None, None), [1.0])
    assert [predictive.recorded(one) for one in (unseen, at_least, blank)] == [True, True, False]
    assert predictive.row(unseen)["verdict"] == "unknown"
