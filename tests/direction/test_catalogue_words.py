"""Direction: what the catalogue says of a case in plain words is what its futures hold."""

from __future__ import annotations

from collections import Counter
from functools import cache

import pytest

from sim.agents.harm import harm_class
from sim.campaign import simulate
from sim.events import Event, Journal, Kind, Side
from sim.settings.compose import load
from sim.settings.files import groups
from sim.settings.sampling import Sampler

REPLICATIONS = 3
SUMMER = ("scenario.end=2019-09-01", "militia.base_rate=0.5", "militia.excitation=0.3")
"""Four months with some fifty attacks."""
DEADLY = ("casualties.coalition_deaths_small=0.1", "casualties.coalition_deaths_large=0.2")


@cache
def journals(*overrides: str) -> list[Journal]:
    sampler = Sampler(load([*SUMMER, *DEADLY, *overrides]))
    return [simulate(sampler, 11, r) for r in range(REPLICATIONS)]


def events(*overrides: str) -> list[Event]:
    return [event for journal in journals(*overrides) for event in journal]


# -- ablations -----------------------------------------------------------------------------


def by_policy(*overrides: str) -> list[Event]:
    """What the US policy decides and does: strikes, owned or covert, and its warnings."""
    made = events("attribution=perfect", "storming.probability=1", *overrides)
    return [e for e in made if e.actor == "US" or (e.kind is Kind.DECISION and e.side is Side.US)]


@pytest.mark.parametrize("policy", groups()["retaliation"])
def test_without_retaliation_no_policy_strikes_or_warns(policy: str) -> None:
    told = f"retaliation={policy}"
    assert bool(by_policy(told)) == (policy != "never")
    assert by_policy(told, "ablation=no_retaliation") == []


# -- policies ------------------------------------------------------------------------------

SHOTS = (Kind.ROCKET_ATTACK, Kind.CONVOY_ATTACK)
STRIKES = (Kind.AIRSTRIKE, Kind.LEADERSHIP_STRIKE)


def harmful(event: Event, *harms: str) -> bool:
    return event.kind in SHOTS and harm_class(event) in harms


def attempted(event: Event) -> bool:
    """Fired or found; a convoy attack, where it did harm."""
    rockets = event.kind in (Kind.ROCKET_ATTACK, Kind.FOILED_ATTACK)
    return rockets or harmful(event, "killed", "wounded", "compound")


ANSWERS = {
    "on_attempt": attempted,
    "on_compound_hit": lambda event: harmful(event, "killed", "wounded", "compound"),
    "on_wounded": lambda event: harmful(event, "killed", "wounded"),
    "on_coalition_death": lambda event: harmful(event, "killed"),
}


@pytest.mark.parametrize("policy", ANSWERS)
def test_every_attack_of_its_kind_is_answered_and_one_strike_stands_for_several(
    policy: str,
) -> None:
    """Attributed at once: each falls between a decision and the strike that it leads to."""
    answered = strikes = 0
    soon = ("retaliation.strike.lag_median_days=1", "government.capacity=1")
    for journal in journals(f"retaliation={policy}", "attribution=perfect", *soon):
        decided = journal.where(Kind.DECISION)
        ours = [d for d in decided if d.side is Side.US]
        for event in filter(ANSWERS[policy], journal):
            assert any(d.time <= event.time <= d.due for d in ours), event
            answered += 1
        causes = {event.id: event for event in journal}
        assert all(ANSWERS[policy](causes[d.cause]) for d in ours)
        strikes += len(ours)
    assert 0 < strikes < answered


def test_a_delayed_strike_waits_for_certainty_but_after_a_storming() -> None:
    """Doubt of four fifths halves in five days: twenty days to 95 %."""
    slow = ("attribution.initial=0.2", "attribution.growth_days=5", "retaliation.needed=0.95")
    stormed = ("storming.probability=1", "storming.killed=0", "retaliation.after_storming=1")
    waits: dict[bool, list[float]] = {True: [], False: []}
    for journal in journals("retaliation=delayed", *slow, *stormed):
        causes = {event.id: event for event in journal}
        for decision in journal.where(Kind.DECISION):
            if decision.side is Side.US:
                cause = causes[decision.cause]
                waits[cause.kind is Kind.EMBASSY_STORMING].append(decision.time - cause.time)
    assert waits[False] == pytest.approx([20.0] * len(waits[False]))
    assert waits[True] == [0.0] * len(waits[True])
    assert waits[False]
    assert waits[True]


def test_answers_to_attacks_grow_and_a_storming_is_answered_by_leaders_at_once() -> None:
    stormed = ("storming.probability=1", "storming.killed=0", "retaliation.after_storming=1")
    first, stormings = [], 0
    for journal in journals("retaliation=graduated", "attribution=perfect", *stormed):
        causes = {event.id: event for event in journal}
        ours = [d for d in journal.where(Kind.DECISION) if d.side is Side.US]
        first += [d.subtype for d in ours[:1]]
        for decision in ours:
            if causes[decision.cause].kind is Kind.EMBASSY_STORMING:
                assert decision.subtype == Kind.LEADERSHIP_STRIKE
                stormings += 1
    assert set(first) == {"warning"}
    assert stormings


# -- threats and the government ------------------------------------------------------------


def test_every_harm_to_the_coalition_draws_a_warning_or_meets_one_that_stands() -> None:
    drawn = met = 0
    for journal in journals("threats=always", "retaliation=never", "ablation=no_striker"):
        warnings = [t for t in journal.where(Kind.THREAT) if t.subtype == "warning"]
        causes = {warning.cause for warning in warnings}
        for event in journal.where(*SHOTS):
            if event.id in causes:
                drawn += 1
            elif harm_class(event) != "none":
                assert any(w.time < event.time < w.due for w in warnings), event
                met += 1
    assert drawn
    assert met


@pytest.mark.parametrize("policy", ["threat_only", "graduated"])
def test_no_attack_is_warned_of_twice(policy: str) -> None:
    """By those who warn after harm, and again by a policy whose answer is a warning."""
    warned: Counter[str] = Counter()
    for number, journal in enumerate(journals("threats=always", f"retaliation={policy}")):
        decided = {d.id: d.cause for d in journal.where(Kind.DECISION)}
        said = [t.cause for t in journal.where(Kind.THREAT) if t.subtype == "warning"]
        warned += Counter(f"{decided.get(cause or '', cause)} of {number}" for cause in said)
    assert warned
    assert max(warned.values()) == 1


def test_a_capable_state_releases_few() -> None:
    """A fifth of all cases or so, where the usual one lets most go; few rockets, many arrests."""
    quiet = ("militia.base_rate=0.01", "government.capacity=1", "government.will=1")

    def released(government: str) -> float:
        told = (f"government={government}", "government.arrests.rate=0.1", *quiet)
        sampler = Sampler(load([*SUMMER, *told]))
        kinds = [event.kind for r in range(40) for event in simulate(sampler, 11, r)]
        assert kinds.count(Kind.ARREST) > 200
        return kinds.count(Kind.RELEASE) / kinds.count(Kind.ARREST)

    assert released("capable") < 0.3
    assert released("historical") > 0.6
