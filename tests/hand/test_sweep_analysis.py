"""Hand: from what lies in a sweep's folder to what is asked of it, on made-up outcomes."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from sim.compare.sweeps.analysis import Analysis, Question, analysed, cut_short, plain, swept

BLANK = float("nan")


class Made:
    """A grid of two policies, measured as given: a row a point, a column a replication."""

    kind, unit = "grid", None

    def __init__(self, **measures: list[list[float]]) -> None:
        self.measures = measures
        self.factors = {"policy": ["a", "b"], "always": [1.0, 1.0]}

    def outcomes(self, measure: str) -> Any:
        return np.array(self.measures[measure])


def test_days_to_a_rung_never_reached_are_the_days_that_were_watched() -> None:
    """Not reached in a whole window of 90 days, nor in the 20 up to an exchange; one was lost."""
    days = Made(
        days_to_eight=[[12.0, BLANK, BLANK], [30.0, BLANK, 7.0]],
        days_told=[[90.0, 90.0, 20.0], [90.0, BLANK, 90.0]],
    )
    told = swept(days, "days_to_eight")  # type: ignore[arg-type]
    assert told.outcomes.tolist() == [
        [12.0, 90.0, 20.0],
        [30.0, pytest.approx(BLANK, nan_ok=True), 7.0],
    ]
    assert list(told.factors) == ["policy"]  # what never varies matters to nothing


def test_cases_are_of_the_measure_that_their_rule_names(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[tuple[str, list[list[float]]]] = []

    def boxes(told: Any, text: str) -> None:
        asked.append((told.measure, told.outcomes.tolist()))

    monkeypatch.setattr("sim.compare.sweeps.analysis.boxes", boxes)
    both = Made(
        rocket_attacks=[[1.0, 2.0], [3.0, 4.0]],
        us_strikes=[[5.0, 6.0], [7.0, 9.0]],
        days_told=[[90.0, 90.0]] * 2,
    )
    question = Question("rocket_attacks", cases="us_strikes > 6")
    found = analysed(both, question)  # type: ignore[arg-type]
    assert asked == [("us_strikes", [[5.0, 6.0], [7.0, 9.0]])]
    assert [(row.level, row.mean) for row in found.effects.levels] == [("a", 1.5), ("b", 3.5)]


def test_what_was_cut_short_is_so_beside_its_own_point() -> None:
    """Points may have windows of their own: 60 whole days are no exchange beside 90."""
    assert cut_short(Made(days_told=[[90.0, 90.0], [60.0, 60.0]])) == ()  # type: ignore[arg-type]
    [note] = cut_short(Made(days_told=[[90.0, BLANK], [60.0, 31.0]]))  # type: ignore[arg-type]
    assert note.startswith("at least 1 of 3 replications came to a sustained exchange")


def test_json_of_an_analysis_has_null_for_what_is_not_finite() -> None:
    told = plain(Analysis("m", notes=("n", BLANK, float("inf"), np.float64(2.0))))  # type: ignore[arg-type]
    assert told["notes"] == ["n", None, None, 2.0]
