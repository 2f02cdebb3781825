"""Hand: quantities, their priors' quantiles, their limits, and a section drawn from them."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from pydantic import ValidationError
from scipy import stats

from sim.campaign import drawn
from sim.draws import Draws
from sim.errors import InputError
from sim.settings.compose import load
from sim.settings.describe import parameters
from sim.settings.quantity import (
    Beta,
    Fixed,
    LogUniform,
    Normal,
    Quantity,
    Section,
    Uniform,
    can_be_positive,
)
from sim.settings.quantity import quantity as field
from sim.settings.sampling import Sampler

GRID = [(i + 0.5) / 99 for i in range(99)]


class Toy(Section):
    rate: Quantity = field("attacks a day", 0, 2, "a rate")
    effect: Quantity = field("log rate", -1, 1, "an effect")


class Pair(Section):
    one: Toy
    table: dict[str, Toy]
    name: str = "pair"


def toy(rate: Any = 1, effect: Any = 0) -> Toy:
    return Toy(rate=rate, effect=effect)


# -- quantiles ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("prior", "theirs"),
    [
        (Uniform(prior="uniform", low=-1, high=3), stats.uniform(-1, 4)),
        (LogUniform(prior="log_uniform", low=0.01, high=1), stats.loguniform(0.01, 1)),
        (Beta(prior="beta", a=4, b=5), stats.beta(4, 5)),
        (Beta(prior="beta", a=0.5, b=100), stats.beta(0.5, 100)),
        (Beta(prior="beta", a=0.5, b=0.5), stats.beta(0.5, 0.5)),
        (Normal(prior="normal", mean=0.3, sd=0.5), stats.norm(0.3, 0.5)),
    ],
)
def test_quantiles_are_those_of_scipy(prior: Any, theirs: Any) -> None:
    ours = [prior.quantile(u, -1e9, 1e9) for u in GRID]
    assert ours == pytest.approx(theirs.ppf(GRID).tolist(), rel=1e-9, abs=1e-12)


def test_a_normal_is_cut_off_at_the_limits() -> None:
    prior = Normal(prior="normal", mean=0.3, sd=0.5)
    theirs = stats.truncnorm((0.0 - 0.3) / 0.5, (1.0 - 0.3) / 0.5, 0.3, 0.5)
    ours = [prior.quantile(u, 0.0, 1.0) for u in GRID]
    assert ours == pytest.approx(theirs.ppf(GRID).tolist(), rel=1e-9)
    assert 0.0 <= prior.quantile(1e-15, 0.0, 1.0) <= prior.quantile(1 - 1e-15, 0.0, 1.0) <= 1.0


def test_a_beta_stays_below_the_limit_of_its_field() -> None:
    prior = Beta(prior="beta", a=20, b=0.1)
    assert prior.quantile(1 - 1e-12, 0.0, 0.99) == 0.99


def test_a_fixed_value_is_itself() -> None:
    assert {Fixed(value=0.7).quantile(u, 0, 1) for u in GRID} == {0.7}
    assert isinstance(toy(rate=1).rate, Fixed)


@pytest.mark.parametrize(
    ("prior", "words"),
    [
        ({"prior": "uniform", "low": 0, "high": 1}, "uniform 0 to 1"),
        ({"prior": "log_uniform", "low": 0.01, "high": 1}, "log-uniform 0.01 to 1"),
        ({"prior": "beta", "a": 4, "b": 5}, "beta(4, 5)"),
        ({"prior": "normal", "mean": 0.3, "sd": 0.5}, "normal(0.3, 0.5)"),
        ({"value": 0.25}, "0.25"),
        (1.5, "1.5"),
    ],
)
def test_priors_have_words(prior: Any, words: str) -> None:
    assert toy(rate=prior).rate.words() == words


def test_a_prior_keeps_its_source() -> None:
    told = {"value": 0.5, "source": "S4", "confidence": "low", "evidence_until": "2020-06-13"}
    rate: Any = toy(rate=told).rate
    assert (rate.source, rate.confidence, rate.evidence_until) == ("S4", "low", date(2020, 6, 13))
    assert toy(rate=1).rate.source == "assumed"


# -- what is refused ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rate", "message"),
    [
        (2.1, r"2\.1 is outside 0 to 2 \(attacks a day\)"),
        (-0.1, r"-0\.1 is outside 0 to 2"),
        ({"prior": "uniform", "low": 0.5, "high": 3}, "3 is outside 0 to 2"),
        ({"prior": "uniform", "low": 1, "high": 1}, "high must be above low = 1: swap them"),
        ({"prior": "uniform", "low": 1, "high": 0}, "swap them"),
        ({"prior": "log_uniform", "low": 0, "high": 1}, "greater than 0"),
        ({"prior": "beta", "a": 0, "b": 1}, "greater than 0"),
        ({"prior": "normal", "mean": 0, "sd": 0}, "greater than 0"),
        ({"prior": "cauchy", "low": 0}, "cauchy"),
        ({"prior": "uniform", "low": 0, "high": 1, "mode": 0.5}, "mode"),
        ("fast", "not a number"),
        (True, "a number is needed"),
        (None, "a number is needed"),
        (float("nan"), "finite"),
        (float("inf"), "finite"),
    ],
)
def test_what_is_no_quantity_is_refused(rate: Any, message: str) -> None:
    with pytest.raises(ValidationError, match=message):
        toy(rate=rate)


def test_a_beta_needs_a_quantity_that_may_be_any_share() -> None:
    class Half(Section):
        part: Quantity = field("share", 0, 0.5, "never more than half")

    with pytest.raises(ValidationError, match=r"needs a quantity from 0 to 1, not 0 to 0\.5"):
        Half(part={"prior": "beta", "a": 1, "b": 1})
    assert toy(rate={"prior": "beta", "a": 1, "b": 1})


def test_limits_are_inclusive_and_a_normal_may_reach_over_them() -> None:
    assert toy(rate=0).rate.value == 0  # type: ignore[attr-defined]
    assert toy(rate=2).rate.value == 2  # type: ignore[attr-defined]
    assert toy(effect={"prior": "normal", "mean": 0, "sd": 5})


def test_unknown_and_missing_keys_are_refused_and_sections_are_frozen() -> None:
    with pytest.raises(ValidationError, match="Extra inputs"):
        Toy(rate=1, effect=0, speed=2)  # type: ignore[call-arg]
    with pytest.raises(ValidationError, match="Field required"):
        Toy(rate=1)  # type: ignore[call-arg]
    with pytest.raises(ValidationError, match="frozen"):
        toy().rate = 2


@pytest.mark.parametrize(
    ("override", "message"),
    [
        ("militia.base_rate=21", "militia.base_rate = 21: 21 is outside 0 to 20 (attacks a day)"),
        ("militia.excitation=1", "militia.excitation = 1: 1 is outside 0 to 0.99 (attacks)"),
        ("air_defence.channels=0", "air_defence.channels = 0"),
        ("militia.base_rat=1", "did you mean 'base_rate'?"),
        ("militia.base_rate=fast", "militia.base_rate = 'fast': not a number"),
    ],
)
def test_the_settings_name_key_value_and_limit(override: str, message: str) -> None:
    with pytest.raises(InputError) as refused:
        load([override])
    assert message in str(refused.value)


@pytest.mark.parametrize(
    "weights",
    [
        tuple(f"militia.intent.{name}_share=0" for name in ("message", "harass", "punish")),
        tuple(f"militia.cells.{cell}.share=0" for cell in load().militia.cells),
    ],
    ids=["intents", "cells"],
)
def test_weights_that_are_all_zero_are_refused_before_anything_runs(
    weights: tuple[str, ...],
) -> None:
    with pytest.raises(InputError, match="zero"):
        load(weights)


# -- drawing -----------------------------------------------------------------------------

HALF = {"prior": "uniform", "low": 0, "high": 1}


def test_a_section_is_drawn_by_the_uniform_of_each_key() -> None:
    pair = Pair(one=toy(rate=HALF), table={"a": toy(), "b": toy(effect=HALF)})
    asked: list[str] = []

    def uniform(key: str) -> float:
        asked.append(key)
        return 0.25

    note: dict[str, float] = {}
    made = Sampler(pair, "top.").draw(uniform, note)
    assert asked == ["top.one.rate", "top.table.b.effect"]
    assert note == {"top.one.rate": 0.25, "top.table.b.effect": 0.25}
    assert (made.one.rate, made.one.effect, made.name) == (0.25, 0.0, "pair")
    assert (made.table["a"].rate, made.table["b"].effect) == (1.0, 0.25)


def test_what_is_certain_is_shared_between_draws() -> None:
    pair = Pair(one=toy(rate=HALF), table={"a": toy()})
    sampler = Sampler(pair)
    one, two = sampler.draw(lambda key: 0.1), sampler.draw(lambda key: 0.9)
    assert (one.one.rate, two.one.rate) == (0.1, 0.9)
    assert one.table["a"] is two.table["a"]
    assert not sampler.certain
    assert Sampler(Pair(one=toy(), table={})).certain


def test_drawing_leaves_the_configuration_as_it_was() -> None:
    pair = Pair(one=toy(rate=HALF), table={"a": toy(effect=HALF)})
    before = pair.model_dump()
    Sampler(pair).draw(lambda key: 0.3)
    assert pair.model_dump() == before


def test_every_shipped_quantity_is_drawn_within_its_limits() -> None:
    settings = load()
    limits = {p.key: (p.low, p.high) for p in parameters(settings)}
    sampler = Sampler(settings)
    for replication in range(20):
        note: dict[str, float] = {}
        drawn(sampler, Draws(5, replication), note)
        assert note.keys() <= limits.keys()
        assert all(limits[key][0] <= value <= limits[key][1] for key, value in note.items())
    assert len(note) > 60


@pytest.mark.parametrize(
    ("value", "can"),
    [
        (Uniform(prior="uniform", low=0.0, high=0.5), True),
        (Uniform(prior="uniform", low=-0.5, high=0.0), False),
        (Fixed(value=0.0), False),
        (0.1, True),
        (0.0, False),
    ],
)
def test_what_can_be_positive_may_also_be_nought(value: object, can: bool) -> None:
    assert can_be_positive(value) == can
