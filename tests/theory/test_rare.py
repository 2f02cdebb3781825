"""Theory: splitting the simulation agrees with plain replications of it."""

from __future__ import annotations

from math import sqrt

import pytest

from benchmarks.splitting import measured
from sim.study.climbing import TOP
from sim.study.rare import Answer, ask, run

DEADLY = (
    "retaliation=on_coalition_death",
    "convoys=none",
    "ablation=everything_optional",
    "militia.base_rate=0.3",
    "militia.excitation=0.2",
    "casualties.coalition_deaths_small=0.01",
    "casualties.coalition_deaths_large=0.02",
    "casualties.dispersion=0.5",
    "retaliation.strike.leadership_share=0.2",
    "retaliation.needed=0.5",
    "attribution.growth_days=5",
    "workers=1",
)
"""A small world in which an answer takes days: seldom enough against leaders."""


def apart(one: Answer, two: Answer, rung: int) -> float:
    """Two estimates' difference in its standard errors."""
    a, b = one.rungs[rung], two.rungs[rung]
    error = sqrt(a.error**2 + b.error**2)
    return (a.mean - b.mean) / error if error else 0.0


def both(
    words: tuple[str, ...], rung: int, effort: tuple[int, int, int], **more: str
) -> tuple[Answer, Answer]:
    """The same question by splitting, and by plain replications under another seed."""
    particles, repeats, plain = effort
    split = run(ask(rung, [*words, "seed=1"], particles=particles, repeats=repeats, **more))
    brute = run(ask(rung, [*words, "seed=2"], particles=plain // 20, repeats=20, levels=(), **more))
    return split, brute


def test_splitting_agrees_with_plain_replications_of_a_small_world() -> None:
    """Rungs 7 to 9 within 4 standard errors each: a false alarm in some 5,000 runs."""
    split, brute = both(DEADLY, 9, (30, 10, 900), horizon="60d", world="median")
    assert split.levels
    assert 0.005 < brute.rungs[9].mean < 0.2
    for rung in (7, 8, 9):
        assert abs(apart(split, brute, rung)) < 4.0, (rung, split.rungs[rung], brute.rungs[rung])


@pytest.mark.slow
@pytest.mark.timeout(3600)
@pytest.mark.parametrize(
    ("words", "rung", "more"),
    [
        (("retaliation=on_coalition_death", "workers=1"), 10, {"horizon": "90d"}),
        (("ablation=nothing_off", "retaliation=graduated", "workers=1"), 9, {"horizon": "60d"}),
        (
            ("posterior=full", "workers=1", "drawdown=digs_in"),
            10,
            {"horizon": "90d", "date": "2020-03-12"},
        ),
    ],
    ids=["priors", "everything on", "from the record"],
)
def test_splitting_agrees_with_plain_replications(
    words: tuple[str, ...], rung: int, more: dict[str, str]
) -> None:
    """Every rung that happens at all, within 4.5 standard errors: a false alarm in 5,000 runs."""
    split, brute = both(words, rung, (100, 20, 3000), **more)
    assert split.levels
    assert split.rungs[rung].mean > 0.0
    for told in range(1, TOP + 1):
        assert abs(apart(split, brute, told)) < 4.5, (told, split.rungs[told], brute.rungs[told])


@pytest.mark.slow
@pytest.mark.timeout(3600)
def test_an_event_of_one_in_a_thousand_costs_a_tenth() -> None:
    """The same interval as plain replications give, at less than a tenth of their days; in
    seconds, which each run's start adds to, at less than a fifth whatever the machine."""
    found = measured()
    assert abs(found.split - found.plain) < 4.0 * (found.split_error + found.plain_error)
    assert 2e-4 < found.split < 2e-3
    assert found.in_days > 10.0
    assert found.in_seconds > 5.0
