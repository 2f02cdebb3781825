"""Hand: what the repeats of splitting say together, and what a reader is told of it."""

from __future__ import annotations

from typing import Any

import pytest

from sim.show import rare as shown
from sim.study import rare
from sim.study.climbing import Cost
from sim.study.splitting import Climb, Stage

PILOT = Cost(7, 100.0, 30, 5.0, 1.0)
SPENT = Cost(10, 500.0, 90, 20.0, 2.0)


def question(**more: Any) -> rare.Question:
    return rare.ask(8, ["scenario=summer_2020"], horizon="100d", particles=10, repeats=2, **more)


def climbed(eight: float, *stages: Stage) -> tuple[Climb, Cost]:
    return Climb(list(stages), [1.0] * 7 + [eight, 0.0, 0.0]), SPENT


def test_the_repeats_together_by_hand() -> None:
    """0.02 and 0.06: mean 0.04, standard error 0.02, as 0.04 · 0.96 / 0.02² = 96 plain ones have
    it; the second repeat came to no second level."""
    done = [climbed(0.02, Stage(10, 5), Stage(10, 2)), climbed(0.06, Stage(10, 0))]
    found = rare.answer(question(), (1, 2), done, PILOT)
    assert (found.rungs[8].mean, found.rungs[8].error) == pytest.approx((0.04, 0.02))
    assert (found.rungs[8].low, found.rungs[8].high) == (0.0, pytest.approx(0.04 + 12.7062 * 0.02))
    assert found.alike == pytest.approx(96.0)
    assert found.stages == [Stage(20, 5), Stage(10, 2)]
    assert found.cost == Cost(27, 1100.0, 210, 45.0, 5.0)
    told = shown.text(found)
    assert "96 of them, 9,600 days (8.7 times as many)" in told
    shares = [line.split()[-3:] for line in told.splitlines() if line.startswith(("tempo", "harm"))]
    assert shares == [["20", "5", "0.25"], ["10", "2", "0.2"]]
    plain = shown.as_json(found)["plain"]
    assert plain == pytest.approx({"replications": 96, "days": 9600, "ratio_of_days": 9600 / 1100})


def test_nobody_there_is_no_probability_of_nought() -> None:
    found = rare.answer(question(), (), [climbed(0.0), climbed(0.0)])
    told = shown.text(found)
    assert (found.alike, found.rungs[8].high) == (None, None)
    assert "no particle got there: that is no probability of 0" in told
    assert told.count("not told: all repeats are alike") == 3
    assert "as close for rung" not in told
    assert "no particle" not in shown.text(rare.answer(question(), (), [climbed(0.1)] * 2))


def test_the_pilot_has_replications_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    """Else the levels would be chosen by the luck that is then counted."""
    made: list[tuple[int, tuple[int, ...]]] = []

    def work(job: Any) -> tuple[int, Climb, Cost]:
        made.append((job.repeat, job.levels))
        return job.repeat, *climbed(0.1, *[Stage(10, 1) for _ in job.levels])

    monkeypatch.setattr(rare, "work", work)
    found = rare.run(question()._replace(settings=question().settings.model_copy(
        update={"workers": 1})))  # fmt: skip
    assert [repeat for repeat, _ in made] == [2, 0, 1]
    assert made[0][1] == made[1][1] == found.levels == (1, 2, 3, 4)
    assert (found.pilot, found.cost.runs) == (SPENT, 30)
