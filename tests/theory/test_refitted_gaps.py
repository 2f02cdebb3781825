"""Theory: gaps under parameters that were fitted to them, which lie nearer to the exponential
than under the truth (Lilliefors 1969); and a tempo of another kind than the fit's is found out.
"""

from __future__ import annotations

from datetime import date
from functools import cache

import numpy as np
import pytest

from calibration import bootstrap, gaps, weighted
from calibration import plan as plans
from calibration.blocks import Data, blocks, settings_of
from calibration.histories import history
from calibration.plan import Plan
from calibration.truth import told
from sim.events import Kind
from sim.settings.posterior import sampler_of

CONSTANT = (
    *("ablation=everything_optional", "timeline=none", "convoys=none", "retaliation=never"),
    *("air_defence=none", "militia.foiled_ratio=0", "scenario.end=2019-11-01"),
    *(f"militia.drivers.{n}.on=false" for n in ("deterrence", "backlash", "threat", "calendar")),
    "militia.excitation=0",
)
DAYS = 184
HISTORIES = 20
"""With so many the least p is 0.048."""


@pytest.fixture(autouse=True)
def short(monkeypatch: pytest.MonkeyPatch) -> None:
    """Fits of three rounds: one quantity matters here."""
    monkeypatch.setattr(weighted, "ROUNDS", 3)
    monkeypatch.setattr(weighted, "EACH", 256)


@cache
def plan(*overrides: str) -> Plan:
    """Half a year of attacks at a constant rate, or as `overrides` say."""
    whole = plans.read("reference")
    known = (*whole.conditions, *CONSTANT, *overrides)
    return whole.model_copy(update={"jitters": 1, "until": date(2019, 11, 1), "conditions": known})


def seen(number: int, dated: bool, rate: float, *overrides: str) -> Data:
    """What the fit of a constant rate meets of one history, whatever rules that."""
    lively = sampler_of(settings_of(plan(*overrides)))
    _, journal = history(lively, 3, number, {"militia.base_rate": rate})
    settings = settings_of(plan())
    journal = bootstrap.dated(journal) if dated else journal
    return told(plan(), settings, sampler_of(settings), journal)


def judged(data: Data) -> bootstrap.GapTest:
    """Against histories of as many attacks at a constant rate."""
    rate = np.full(HISTORIES, bootstrap.attacks(data) / DAYS)
    return bootstrap.gap_test(plan(), data, {"militia.base_rate": rate}, 1)


def test_a_constant_rate_that_is_fitted_divides_gaps_by_their_mean() -> None:
    """All but what the prior and the open last gap say: the distances are those of Lilliefors'
    test, smaller than under the true rate."""
    fitted, divided, true = [], [], []
    for number in range(6):
        data = seen(number, False, 0.2)
        tempo = blocks(data, plan())[0]
        waits = np.diff([e.time for e in data.lived[0] if e.kind is Kind.ROCKET_ATTACK], prepend=0)
        fitted.append(gaps.refitted(tempo, number))
        divided.append(gaps.statistic(waits / waits.mean()))
        true.append(gaps.statistic(0.2 * waits))
    assert np.abs(np.subtract(fitted, divided)).mean() < 0.05
    assert np.mean(fitted) < np.mean(true) - 0.1


def test_each_simulated_history_is_fitted_anew() -> None:
    """Else its gaps would lie as far from the exponential as under its own truth."""
    row = {"militia.base_rate": 0.1}
    found = [bootstrap.work(bootstrap.Job(plan(), row, 1, number)) for number in range(8)]
    fitted, true = np.mean([one[1:] for one in found], axis=0)
    assert fitted < true - 0.1


def test_attacks_of_the_fits_own_kind_pass() -> None:
    found = judged(seen(1, True, 0.2))
    assert found.p > 0.1
    assert found.histories + found.empty == HISTORIES


def test_attacks_that_excite_others_do_not_pass_for_a_constant_rate() -> None:
    found = judged(seen(1, True, 0.05, "militia.excitation=0.7", "militia.decay_days=5"))
    assert found.p < 0.05
    assert found.recorded > 1.3 * found.simulated


def test_attacks_like_clockwork_do_not_pass_for_random_ones() -> None:
    data = seen(1, True, 0.2)
    others = [e for e in data.lived[0] if e.kind is not Kind.ROCKET_ATTACK]
    (one, *_) = [e for e in data.lived[0] if e.kind is Kind.ROCKET_ATTACK]
    ticks = [one.but(id=f"tick {day}", time=day + 0.5) for day in range(4, DAYS, 5)]
    found = judged(data._replace(lived=[sorted([*others, *ticks], key=lambda e: e.time)]))
    assert found.p < 0.05
