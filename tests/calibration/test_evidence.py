"""No evidence twice: priors that rest on what a fit meets, or on what it may not know."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import pytest

from calibration import blocks, evidence, plan
from sim import record
from sim.errors import InputError
from sim.settings.compose import load
from sim.settings.quantity import Normal
from sim.settings.sampling import Uncertain

FIRST, UNTIL = date(2019, 5, 1), date(2020, 7, 1)
CALENDAR = "militia.drivers.calendar.size"


def check(**told: Any) -> None:
    prior = Normal(prior="normal", mean=0, sd=1, source="S9", **told)
    evidence.check({"some.key": Uncertain(prior, -3, 3)}, FIRST, UNTIL)


@pytest.mark.parametrize(
    "told",
    [
        {},
        {"evidence_until": "2007-12-31"},
        {"evidence_until": "2020-06-30"},
        {"evidence_until": "2019-04-30", "evidence_in_record": True},
    ],
)
def test_evidence_from_elsewhere_or_from_before_passes(told: dict[str, Any]) -> None:
    """The last: a part of the record that this fit does not use."""
    check(**told)


@pytest.mark.parametrize(
    ("told", "why"),
    [
        ({"evidence_in_record": True}, "a second time"),
        ({"evidence_until": "2019-05-01", "evidence_in_record": True}, "a second time"),
        ({"evidence_until": "2020-06-15", "evidence_in_record": True}, "a second time"),
        (
            {"evidence_until": "2020-07-01"},
            "reaches to 2020-07-01, and what may be known ends",
        ),
        (
            {"evidence_until": "2020-12-24"},
            "reaches to 2020-12-24, and what may be known ends",
        ),
    ],
)
def test_evidence_that_a_fit_meets_or_may_not_know_is_refused(
    told: dict[str, Any], why: str
) -> None:
    """The message names the key, the prior, its source and what to write."""
    with pytest.raises(InputError, match=why) as refusal:
        check(**told)
    assert "some.key = normal(0, 1) (S9)" in str(refusal.value)
    assert "some.key={prior: …}" in str(refusal.value)


def made(chosen: plan.Plan) -> list[blocks.Block]:
    return blocks.blocks(blocks.data_of(chosen, blocks.settings_of(chosen), record.read()), chosen)


@pytest.mark.parametrize("name", plan.names())
def test_packaged_fits_pass(name: str) -> None:
    parts = made(plan.read(name))
    assert [part.name for part in parts] == ["tempo", "targets", "salvos", "trigger", "counts"]
    assert CALENDAR in parts[0].fitted


@pytest.mark.parametrize("name", plan.names())
@pytest.mark.parametrize(
    ("key", "told"),
    [
        (CALENDAR, r"normal\(0\.3, 0\.5\) \(S1"),
        ("convoys.rate", r"log-uniform 0\.05 to 3 \(weak: S0"),
        ("observers.convoy_detection", r"uniform 0\.2 to 0\.9 \(series of 2020"),
        ("militia.salvo.small_ratio", r"uniform 0\.3 to 1 \(S2"),
    ],
)
def test_a_fit_without_its_condition_is_refused(name: str, key: str, told: str) -> None:
    """The scenario's own priors of these rest on what was said of the days that are fitted."""
    chosen = plan.read(name)
    kept = tuple(c for c in chosen.conditions if not c.startswith(key))
    assert len(kept) == len(chosen.conditions) - 1
    with pytest.raises(InputError, match=rf"^{key} = {told}"):
        made(chosen.model_copy(update={"conditions": kept}))


def test_evidence_in_the_record_before_the_cut_is_no_later_evidence() -> None:
    """Only a fit would use it twice: a forecast draws from it once."""
    prior = Normal(prior="normal", mean=0, sd=1, evidence_until=date(2020, 6, 30),
                   evidence_in_record=True)  # fmt: skip
    evidence.refuse_later({"some.key": Uncertain(prior, -3, 3)}, UNTIL)
    with pytest.raises(InputError, match="reaches to 2020-06-30"):
        evidence.refuse_later({"some.key": Uncertain(prior, -3, 3)}, date(2020, 6, 30))


CITED = re.compile(r"\bS[0-4]\b")


def test_a_prior_whose_number_rests_on_an_article_says_until_when() -> None:
    """What is "assumed" is a guess at the number; an article is named there for the mechanism."""
    priors = {k: told.prior for k, told in evidence.assumed(load()).items()}
    cited = {key: prior for key, prior in priors.items() if CITED.search(prior.source)}
    dated = {key for key, prior in cited.items() if prior.evidence_until is not None}
    guessed = {key for key, prior in cited.items() if prior.source.startswith("assumed")}
    assert len(dated) >= 5
    assert set(cited) == dated | guessed


def test_no_quantity_is_fitted_twice() -> None:
    fitted = [key for part in made(plan.read("reference")) for key in part.fitted]
    assert len(fitted) == len(set(fitted))
