"""The likelihood of the attacks' times: the simulation's own λ, for many parameters at once."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import cache
from math import exp
from typing import Any

import numpy as np
import pytest
from scipy import stats
from scipy.integrate import quad

from calibration import blocks, plan, tempo
from calibration.quantiles import Floats, quantiles, values
from calibration.replayed import lived
from calibration.tempo import TempoLikelihood
from sim import record
from sim.agents.credibility import Credibility
from sim.agents.leash import Leash
from sim.agents.motives import Motives, build_tempo
from sim.campaign import simulate
from sim.events import Event, Journal, Kind
from sim.intensity import Tempo, compensator
from sim.settings.compose import load
from sim.settings.sampling import Sampler
from sim.settings.scenario import Scenario, Settings

DAYS = 611.0
WIDTH = 4
ALL_ON = ("ablation=nothing_off", "militia.stock.on=false", "militia.belief.on=false")
"""Every driver. A stock of rounds is latent, what cells believe is learnt: no part of a fit."""
BELIEVING = ("ablation=nothing_off", "militia.stock.on=false")
EVENTFUL = (
    *ALL_ON,
    *("militia.base_rate=0.2", "convoys.rate=0.05", "casualties.coalition_deaths_small=0.1"),
    *("retaliation.needed=0.3", "attribution.initial=0.4", "attribution.front_ceiling=1"),
    "retaliation.probability={killed: 0.9, wounded: 0.9, compound: 0.5, none: 0.3}",
    *("retaliation.strike.leadership_share=0.3", "observers=none"),
)
MOVERS = {
    *(Kind.ROCKET_ATTACK, Kind.AIRSTRIKE, Kind.LEADERSHIP_STRIKE, Kind.DEPOT_BLAST, Kind.THREAT),
    *(Kind.THREAT_LAPSED, Kind.PATRON_SIGNAL, Kind.POSTURE_CHANGE, Kind.CALENDAR_MARK),
    *(Kind.TRUCE, Kind.TRUCE_BREAK, Kind.ARREST, Kind.DESIGNATION, Kind.STATEMENT),
}
"""Every kind of event that can move the tempo."""


@cache
def fit() -> tuple[blocks.Data, plan.Plan]:
    """The record as the reference fit sees it."""
    chosen = plan.read("reference")
    return blocks.data_of(chosen, blocks.settings_of(chosen), record.read()), chosen


@cache
def sampler(overrides: tuple[str, ...] = ALL_ON) -> Sampler:
    return Sampler(load(overrides))


def settings(of: Sampler) -> Settings:
    return of.section  # type: ignore[return-value]


@cache
def eventful() -> list[Event]:
    """A simulated campaign in which everything happens that can move the tempo."""
    journal = simulate(sampler(EVENTFUL), 3, 1)
    return lived(sampler(EVENTFUL), journal, journal.start, DAYS, 0)


def histories() -> Iterator[tuple[Sampler, list[Event], float]]:
    """The record under the priors of the fit, and a simulated campaign with everything on."""
    data = fit()[0]
    yield data.sampler, data.lived[0], data.days
    yield sampler(), eventful(), DAYS


def draws(of: Sampler, seed: int, **fixed: float) -> dict[str, Any]:
    """Quantities from their priors, many at once; two underscores stand for a dot."""
    known = of.uncertain()
    given = values(known, np.random.default_rng(seed).standard_normal((WIDTH, len(known))))
    changed = {key.replace("__", "."): np.full(WIDTH, value) for key, value in fixed.items()}
    return {**given, **changed}


def many(of: Sampler, given: Mapping[str, Any]) -> Scenario:
    return of.draw(lambda key: 0.5, given=given)


def one(of: Sampler, given: Mapping[str, Any], i: int) -> Scenario:
    """The i-th of many, in plain numbers."""
    return many(of, {key: float(value[i]) for key, value in given.items()})


Integral = Callable[[Tempo, float, float], float]


def by_simulation(
    scenario: Scenario, events: list[Event], end: float, integral: Integral = compensator
) -> tuple[list[float], list[float]]:
    """λ at each attack and ∫λ up to each attack and to the end, by the simulation's own tempo."""
    leash, credibility = Leash(scenario.patron), Credibility(scenario.threats)
    excites = scenario.convoys.excites_rockets
    moved = build_tempo(scenario.militia)
    motives = Motives(scenario.militia, leash, credibility, scenario.drawdown, moved, excites)
    now, total, rates, integrals = 0.0, 0.0, [], []
    for event in events:
        total, now = total + integral(motives.tempo, now, told(event)), max(now, told(event))
        if event.kind is Kind.ROCKET_ATTACK:
            rates.append(motives.tempo.rate(now))
            integrals.append(total)
        motives.observe(event)
    return rates, [*integrals, total + integral(motives.tempo, now, end)]


def told(event: Event) -> float:
    """When agents learn of an event: of a mark before its day, and then at once."""
    ahead = event.kind is Kind.CALENDAR_MARK and event.known_from is not None
    return min(event.time, event.known_from) if ahead else event.time  # type: ignore[type-var]


def by_likelihood(
    scenario: Scenario, events: list[Event], end: float, width: int = WIDTH
) -> tuple[Floats, Floats]:
    """The same for many parameters at once, (width, attacks) and (width, attacks + 1)."""
    likelihood = TempoLikelihood([events], settings(fit()[0].sampler).scenario.start, end)
    wide = likelihood.replay(events, scenario, width)
    cuts = [event.time for event in events if event.kind is Kind.ROCKET_ATTACK]
    middle, parts = wide.integrals(0.0, end, cuts)
    ends = [np.where(middle < cut, parts, 0.0).sum(axis=1) for cut in [*cuts, end]]
    return wide.rates(), np.stack(ends, axis=1)


# -- against the simulation --------------------------------------------------------------


def disagreement(
    of: Sampler, events: list[Event], end: float, **fixed: float
) -> tuple[float, float]:
    """The largest relative differences of rates and of integrals, over draws."""
    given = draws(of, 1, **fixed)
    rates, integrals = by_likelihood(many(of, given), events, end)
    worst = [0.0, 0.0]
    for i in range(WIDTH):
        theirs = by_simulation(one(of, given, i), events, end)
        for j, (ours, other) in enumerate(zip((rates[i], integrals[i]), theirs, strict=True)):
            worst[j] = max(worst[j], np.max(np.abs(ours / np.array(other) - 1.0)))
    return worst[0], worst[1]


@pytest.mark.parametrize("which", [0, 1], ids=["the record", "a simulated campaign"])
def test_rates_and_integrals_are_those_of_the_simulation(which: int) -> None:
    """At every attack, for draws of all parameters, as long as no sum of effects is cut off."""
    rates, integrals = disagreement(*list(histories())[which], militia__drivers__most=20.0)
    assert rates < 1e-11
    assert integrals < 1e-7


@pytest.mark.parametrize("which", [0, 1], ids=["the record", "a simulated campaign"])
def test_integrals_with_effects_cut_off_agree_as_far_as_the_likelihoods_are_exact(
    which: int,
) -> None:
    """Where `most` begins to bind λ has a kink, inside a panel of the likelihood's."""
    rates, integrals = disagreement(*list(histories())[which], militia__drivers__most=0.7)
    assert rates < 1e-11
    assert integrals < 2e-4


def adaptively(tempo: Tempo, start: float, end: float) -> float:
    """∫λ by adaptive quadrature between one break and the next."""
    total, low = 0.0, start
    while low < end:
        high = min(end, tempo.next_break(low), low + 5.0)
        inside = (low + high) / 2.0, (high - low) / 2.0 * (1.0 - 1e-15)
        total += quad(
            lambda x, at=inside: tempo.rate(at[0] + x * at[1]), -1, 1, epsabs=0, epsrel=1e-12
        )[0] * ((high - low) / 2.0)
        low = high
    return total


def test_integrals_are_those_of_adaptive_quadrature() -> None:
    of, events, end = next(histories())
    given = draws(of, 2, militia__drivers__most=20.0)
    integrals = by_likelihood(many(of, given), events, end)[1]
    theirs = by_simulation(one(of, given, 0), events, end, adaptively)[1]
    assert integrals[0] == pytest.approx(theirs, rel=1e-8)


def test_the_log_likelihood_is_made_of_rates_and_integral() -> None:
    of, events, end = next(histories())
    scenario = many(of, draws(of, 3))
    rates, integrals = by_likelihood(scenario, events, end)
    start = settings(of).scenario.start
    found = TempoLikelihood([events], start, end)(scenario, WIDTH)
    assert found == pytest.approx(np.log(rates).sum(axis=1) - integrals[:, -1], rel=1e-12)


# -- theory ------------------------------------------------------------------------------


QUIET = (
    *("ablation=everything_optional", "timeline=none", "sites=iraq", "air_defence=none"),
    *("militia.drivers.deterrence.on=false", "militia.drivers.backlash.on=false"),
    *("militia.drivers.threat.on=false", "militia.drivers.calendar.on=false"),
)
MU, ALPHA, DAYS_LAG = np.array([0.1, 0.3, 1.0]), 0.5, 6.0


def attack(time: float, **more: Any) -> Event:
    return Event(id=f"a{time}", time=time, kind=Kind.ROCKET_ATTACK, **more)


def quiet(excitation: float = 0.0) -> Scenario:
    """Nothing but a background, of three sizes, and excitation."""
    numbers = {"militia.excitation": excitation, "militia.decay_days": DAYS_LAG}
    return many(sampler(QUIET), {"militia.base_rate": MU, **numbers})


def likelihood(*events: Event, end: float = 100.0, holes: tuple[str, ...] = ()) -> TempoLikelihood:
    return TempoLikelihood([list(events)], settings(sampler(QUIET)).scenario.start, end, holes)


def test_attacks_at_a_constant_rate() -> None:
    """n log μ − μT; what lies before the start or after the end does not count."""
    told = likelihood(*map(attack, (-3.0, 2.0, 40.0, 99.0, 100.0, 140.0)))(quiet(), 3)
    assert told == pytest.approx(3 * np.log(MU) - 100.0 * MU, rel=1e-12)
    assert likelihood()(quiet(), 3) == pytest.approx(-100.0 * MU, rel=1e-12)


def test_attacks_that_excite_others() -> None:
    """Σ log(μ + Σ ακ e^{−κΔ}) − μT − α Σ (1 − e^{−κ(T − t)}) (Hawkes 1971)."""
    times, kappa = (2.0, 5.0, 5.5, 70.0), 1.0 / DAYS_LAG
    expected = -100.0 * MU
    for i, t in enumerate(times):
        before = sum(ALPHA * kappa * exp(-kappa * (t - s)) for s in times[:i])
        expected = expected + np.log(MU + before) - ALPHA * (1.0 - exp(-kappa * (100.0 - t)))
    assert likelihood(*map(attack, times))(quiet(ALPHA), 3) == pytest.approx(expected, rel=1e-12)


def test_an_attack_where_none_can_be_is_impossible() -> None:
    scenario = many(sampler(QUIET), {"militia.base_rate": np.array([0.0, 0.2])})
    told = likelihood(attack(3.0))(scenario, 2)
    assert told[0] == -np.inf
    assert np.isfinite(told[1])


def rescaled(campaigns: Any) -> Floats:
    """Gaps of all campaigns laid end to end, in expected attacks at the truth."""
    laid, base = [], 0.0
    for run in campaigns.runs:
        _, ends = by_likelihood(campaigns.truth(run), run.record, campaigns.days, 1)
        laid += [base + end for end in ends[0, :-1]]
        base += ends[0, -1]
    return np.diff(np.array(laid), prepend=0.0)


def unit_exponential(gaps: Floats) -> float:
    """Smallest p-value: of the gaps' distribution, and of the gaps' number."""
    n, total = len(gaps), gaps.sum()
    number = 2.0 * min(stats.gamma.cdf(total, n), stats.gamma.sf(total, n))
    return min(stats.kstest(gaps, "expon").pvalue, number)


def test_rescaled_gaps_of_simulated_attacks_are_unit_exponential(campaigns: Any) -> None:
    """Two tests at 5 %: of the gaps' distribution and of their number; fixed seeds."""
    gaps = rescaled(campaigns)
    assert len(gaps) > 5000
    assert unit_exponential(gaps) > 0.05


@pytest.mark.slow
def test_rescaled_gaps_of_long_campaigns_are_unit_exponential() -> None:
    """Everything on, twenty months, 40 campaigns; two tests at 5 %, fixed seeds."""
    laid, base, of = [], 0.0, sampler(EVENTFUL)
    for number in range(40):
        note: dict[str, float] = {}
        journal = simulate(of, 7, number, note=note)
        events = lived(of, journal, journal.start, DAYS, 0)
        wide = TempoLikelihood([events], journal.start, DAYS).replay(events, many(of, note), 1)
        times = [event.time for event in events if event.kind is Kind.ROCKET_ATTACK]
        middle, parts = wide.integrals(0.0, DAYS, times)
        grown = np.concatenate([[0.0], np.cumsum(parts[0])])
        edges = np.append(middle[0], np.inf)
        laid += [base + grown[np.searchsorted(edges, time)] for time in times]
        base += grown[-1]
    assert unit_exponential(np.diff(np.array(laid), prepend=0.0)) > 0.05


def test_the_score_at_the_truth_is_zero_on_average(
    campaigns: Any, off_zero: Callable[[Floats], Floats]
) -> None:
    """Within four standard errors for each quantity that λ hangs on smoothly: not the edges
    of windows, at which it jumps. False alarm 0.2 % in all, fixed seeds."""
    edges = ("militia.drivers.calendar.lead_days", "militia.drivers.calendar.lag_days")
    felt = [k for k in tempo.keys(list(campaigns.uncertain), campaigns.settings) if k not in edges]
    scores = campaigns.scores(
        felt, lambda events, _: TempoLikelihood([events], campaigns.start, campaigns.days)
    )
    assert np.abs(off_zero(scores)).max() < 4.0
    told = scores.std(axis=0) > 0.0
    assert told[[felt.index(k) for k in ("militia.base_rate", "militia.excitation")]].all()
    assert told.sum() >= 28  # the rest waits for designations, handovers and holes


# -- holes, and dates that are open ------------------------------------------------------


def test_a_hole_thins_its_months_alone() -> None:
    """December 2019 is days 214 to 245: two attacks in it, seen with 0.4, 0.5, 0.6."""
    events = [attack(t) for t in (100.0, 213.9, 214.0, 244.9, 245.0, 300.0)]
    seen = np.array([0.4, 0.5, 0.6])
    with_hole = quiet().model_copy(
        update={"observers": quiet().observers.model_copy(update={"hole_detection": seen})}
    )
    told = likelihood(*events, end=400.0, holes=("2019-12",))(with_hole, 3)
    expected = 6 * np.log(MU) + 2 * np.log(seen) - MU * (400.0 - 31.0 * (1.0 - seen))
    assert told == pytest.approx(expected, rel=1e-12)


def test_a_hole_thins_rate_and_integral_of_the_record_alike() -> None:
    data = fit()[0]
    scenario, start = many(data.sampler, draws(data.sampler, 4)), settings(data.sampler).scenario
    full = TempoLikelihood(data.lived[:1], start.start, data.days)
    thin = TempoLikelihood(data.lived[:1], start.start, data.days, ("2019-11", "2019-12"))
    times = [e.time for e in data.lived[0] if e.kind is Kind.ROCKET_ATTACK]
    inside = sum(184.0 <= time < 245.0 for time in times)
    wide = full.replay(data.lived[0], scenario, WIDTH)
    held = wide.integrals(184.0, 245.0, ())[1].sum(axis=1)
    seen = scenario.observers.hole_detection
    expected = full(scenario, WIDTH) + inside * np.log(seen) + (1.0 - seen) * held
    assert inside > 2
    assert thin(scenario, WIDTH) == pytest.approx(expected, rel=1e-9)


def test_the_likelihood_is_averaged_over_open_dates_not_its_logarithm() -> None:
    start = settings(sampler(QUIET)).scenario.start
    records = [[attack(2.0), attack(later)] for later in (2.5, 9.0, 40.0)]
    each = [TempoLikelihood([one], start, 100.0)(quiet(ALPHA), 3) for one in records]
    expected = np.log(np.mean(np.exp(each), axis=0))
    found = TempoLikelihood(records, start, 100.0)(quiet(ALPHA), 3)
    assert found == pytest.approx(expected, rel=1e-12)
    assert np.abs(found - np.mean(each, axis=0)).max() > 0.01


def test_open_dates_are_drawn_anew_in_each_record_and_always_the_same() -> None:
    data, chosen = fit()
    again = blocks.data_of(chosen, data.settings, record.read())
    assert again.lived == data.lived
    open_dates = [{e.id: e.time for e in one}["A021"] for one in data.lived]
    assert len(set(open_dates)) == chosen.jitters > 1
    assert all(184.0 <= time < 214.0 for time in open_dates)


# -- which quantities --------------------------------------------------------------------


def moved(of: Sampler, events: list[Event], end: float, key: str, given: dict[str, Any]) -> bool:
    """Whether another value of one quantity changes the likelihood of any of these draws."""
    holes = settings(of).observers.holes
    told = TempoLikelihood([events], settings(of).scenario.start, end, holes)
    other = {**given, key: quantiles(of.uncertain()[key], np.linspace(0.05, 0.95, WIDTH))}
    return bool((told(many(of, given), WIDTH) != told(many(of, other), WIDTH)).any())


@pytest.mark.parametrize(
    "overrides", [(), tuple(plan.read("reference").conditions)], ids=["shipped", "fitted"]
)
def test_nothing_else_moves_the_likelihood(overrides: tuple[str, ...]) -> None:
    """Where everything happens that can: the rest changed one by one, in one call."""
    of, events = sampler(overrides), eventful()
    known = of.uncertain()
    rest = [k for k in known if k not in tempo.keys(list(known), settings(of))]
    width = 1 + len(rest)
    given = {k: quantiles(known[k], np.full(width, 0.3)) for k in known}
    for i, key in enumerate(rest):
        given[key][1 + i] = quantiles(known[key], np.array(0.8))
    start, holes = settings(of).scenario.start, settings(of).observers.holes
    told = TempoLikelihood([events], start, DAYS, holes)(many(of, given), width)
    assert [key for key, value in zip(rest, told[1:], strict=True) if value != told[0]] == []
    assert {event.kind for event in events} >= MOVERS


def test_messaging_is_listed_where_attacks_that_are_stopped_count() -> None:
    on = load(["militia.drivers.denial.on=true"])
    assert "militia.messaging" in tempo.keys(list(Sampler(on).uncertain()), on)
    off = load([])
    assert "militia.messaging" not in tempo.keys(list(Sampler(off).uncertain()), off)


def test_everything_listed_moves_the_likelihood() -> None:
    """With effects as they may be, or with effects of 2 an event, so that every cap is reached."""
    of, known = sampler(), sampler().uncertain()
    usual = draws(of, 6)
    strong = {key: np.full(WIDTH, 2.0) for key in known if key.endswith(".size")}
    listed = still = tempo.keys(list(known), settings(of))
    for given in (usual, {**usual, **strong}):
        still = [key for key in still if not moved(of, eventful(), DAYS, key, given)]
    assert still == []
    assert len(listed) > 40


def test_a_driver_that_is_off_is_not_listed() -> None:
    off = load(["militia.drivers.arrest.on=false", "militia.drivers.calendar.on=false"])
    listed = tempo.keys(list(Sampler(off).uncertain()), off)
    assert not [key for key in listed if ".arrest." in key or ".calendar." in key]
    assert "patron.stance" in listed
    no_word = load(["militia.drivers.patron.on=false"])
    assert "patron.stance" not in tempo.keys(list(Sampler(no_word).uncertain()), no_word)


def test_a_past_before_the_start_counts_for_what_it_left_behind() -> None:
    """A truce of old still holds on day 0: its gate stands among changes in their order."""
    truce = [
        Event(id="t", time=-40.0, kind=Kind.TRUCE),
        Event(id="b", time=-20.0, kind=Kind.TRUCE_BREAK),
        Event(id="u", time=-10.0, kind=Kind.TRUCE),
    ]
    of = sampler(QUIET)
    numbers = {"militia.truce.factor": 0.25, "militia.excitation": 0.0}
    scenario = many(of, {"militia.base_rate": MU, **numbers})
    rates, integrals = by_likelihood(scenario, [*truce, attack(50.0)], 100.0, 3)
    assert rates[:, 0] == pytest.approx(0.25 * MU)
    assert integrals[:, -1] == pytest.approx(25.0 * MU)


def test_a_journal_can_be_fitted_like_the_record() -> None:
    """The same numbers from a journal that was cut as the record is."""
    journal = simulate(sampler(EVENTFUL), 3, 1)
    early = Journal(journal.start, journal.end, [e for e in journal if e.time < 200.0])
    whole = lived(sampler(EVENTFUL), journal, journal.start, 200.0, 0)
    assert lived(sampler(EVENTFUL), early, journal.start, 200.0, 0) == whole
