"""What a mechanism is worth to the forecasts: by hand, its direction, and the verb."""

from __future__ import annotations

import csv
import json
from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from calibration.backtest import study, without
from calibration.backtest.scoring import Series
from calibration.worth import MECHANISMS
from sim.cli import main
from sim.settings.posterior import fingerprint

SMALL = ("until=2020-12-14", "draws=2", "workers=1")
"""Two Mondays."""


def told(samples: Sequence[Sequence[int]], observed: Sequence[int], weeks: int = 1) -> Series:
    """Forecasts of whole numbers, which scoringrules would score wrong as they are."""
    days = [date(2020, 7, 6) + timedelta(weeks=n) for n in range(len(observed))]
    return Series("rungs", weeks, days, np.array(samples), np.array(observed))


def planned(off: Sequence[str]) -> study.Plan:
    """Three Mondays from the committed posterior."""
    return study.plan(None, date(2020, 8, 3), date(2020, 8, 18), "reference", off, 6)


def test_a_worth_by_hand() -> None:
    """Of two draws a, b of a count y the fair CRPS is (|a − y| + |b − y| − |a − b|) / 2.

    With the mechanism 0 and 2, without it 2 and 2. A resampled pair of the differences 2 and 0
    has the mean 0 in a quarter of cases, and 2 in another.
    """
    on, off = told([[1, 3], [0, 2]], [2, 4]), told([[0, 0], [1, 2]], [2, 4])
    found = without.worth("x", on, off, 1)
    assert found == without.Worth("x", 1, 2, 1.0, 2.0, 1.0, 0.0, 2.0, None, 0.75)
    assert without.worth("x", off, on, 1).worth == -1.0


def test_other_draws_of_equal_score_are_worth_exactly_nothing() -> None:
    """Both score a third, but for the last bit."""
    on, off = told([[0, 0, 1]] * 3, [1] * 3), told([[0, 0, 2]] * 3, [1] * 3)
    found = without.worth("x", on, off, 1)
    assert (found.worth, found.low90, found.high90, found.sign) == (0.0, 0.0, 0.0, 0)
    assert found.changed == pytest.approx(1 / 3)


@pytest.mark.parametrize(
    ("worth", "interval", "error", "sign"),
    [
        (0.5, (0.1, 0.9), 0.2, 1),
        (-0.5, (-0.9, -0.1), 0.2, -1),
        (0.5, (0.1, 0.9), 0.25, 0),
        (0.5, (-0.1, 0.9), 0.1, 0),
        (0.5, (0.1, 0.9), None, 1),
        (0.5, (None, None), 0.1, 0),
    ],
)
def test_a_worth_has_a_sign_beyond_both_lucks(
    worth: float, interval: tuple[float | None, float | None], error: float | None, sign: int
) -> None:
    assert without.Worth("x", 1, 25, 1.0, 1.0 + worth, worth, *interval, error, 0.1).sign == sign


def test_thirteen_weeks_ahead_there_is_no_interval() -> None:
    on, off = told([[1, 3]] * 30, [2] * 30, 13), told([[0, 0]] * 30, [2] * 30, 13)
    found = without.worth("x", on, off, 1)
    assert (found.worth, found.low90, found.high90) == (2.0, None, None)


def test_the_error_is_that_of_ten_batches_of_draws() -> None:
    """Batches of two draws, both k away from what came: means 0 to 9, whose sd is 3.03."""
    on, off = told([[5] * 20], [5]), told([[5 + k for k in range(10) for _ in "ab"]], [5])
    found = without.worth("x", on, off, 1)
    assert found.error == pytest.approx(3.02765 / 10**0.5, rel=1e-5)


def test_what_is_off_already_is_worth_exactly_nothing_and_what_is_on_is_not() -> None:
    """The posterior's own conditions leave the patron out."""
    off = {"patron": ("militia.drivers.patron.on=false",), "excitation": MECHANISMS["excitation"]}
    done: list[tuple[int, int]] = []
    found = without.worths(planned, off, lambda *told: done.append(told))
    assert done[-1] == (54, 54), "three arms, three Mondays, six futures"
    assert [(row.mechanism, row.horizon_weeks) for row in found] == [
        (name, weeks) for name in off for weeks in (1, 4, 13)
    ]
    for row in found[:3]:
        assert (row.changed, row.worth, row.crps_off) == (0.0, 0.0, row.crps_on)
        assert row.low90 in (0.0, None)
    for row in found[3:]:
        assert row.changed > 0.0
        assert row.worth == pytest.approx(row.crps_off - row.crps_on)
        assert row.worth != 0.0


def test_without_excitation_fewer_attacks_are_foreseen() -> None:
    means = {}
    for name, off in {"on": (), "off": MECHANISMS["excitation"]}.items():
        plan = planned(off)
        made = study.simulated(plan, study.Count(18, None))
        means[name] = np.mean([np.asarray(f.samples) for f in made], axis=(0, 2))
    assert (means["off"] < means["on"]).all(), "fixed draws: no false alarm"


def test_the_verb_tells_every_mechanism_and_what_it_was_made_of(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["calibrate", "check=worth_crps", *SMALL, "--json", "--out", str(tmp_path)]
    assert main([*words, "--quiet"]) == 0
    printed = json.loads(capsys.readouterr().out)
    kept: dict[str, Any] = json.loads((tmp_path / "worth_crps.json").read_text(encoding="utf-8"))
    with (tmp_path / "worth_crps.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["mechanism"] for row in rows] == list(MECHANISMS)
    assert {(row["horizon_weeks"], row["origins"]) for row in rows} == {("1", "2")}
    assert printed["verdict"] == kept["verdict"]
    assert any(line.startswith("nothing is fitted anew") for line in kept["verdict"])
    made_with = kept["made_with"]
    assert made_with == printed["about"]["made_with"]
    assert (kept["posterior"], made_with["refitted"]) == ("reference", False)
    assert kept["posterior_sha256"] == fingerprint("reference")
    assert (made_with["futures"], made_with["origins"]) == (2, {"1": 2, "4": 0, "13": 0})


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        (["draws=1"], "draws=1: the fair CRPS needs 2 futures"),
        (["posterior=full"], "it has seen the record until 2021-01-01"),
        (["fit=full"], "from=2021-01-01: outside the record"),
        (["fit=mine.yaml"], "posterior=reference: is fitted under other conditions"),
    ],
)
def test_a_worth_that_means_nothing_is_refused(
    words: list[str],
    reason: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("mine.yaml").write_text("title: mine\nuntil: 2020-12-14\nseed: 1\n", encoding="utf-8")
    assert main(["calibrate", "check=worth_crps", *words, "--out", str(tmp_path / "out")]) == 2
    assert reason in capsys.readouterr().err
    assert not (tmp_path / "out").exists()
