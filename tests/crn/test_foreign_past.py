"""Futures from a simulated replication: its own number goes on as it did, any other tells the
past's events from its own."""

from __future__ import annotations

from collections import Counter
from functools import cache
from pathlib import Path

import pytest

from sim.campaign import simulate
from sim.events import Event, Journal, Kind
from sim.history import History, Lived
from sim.replay import branch, replay
from sim.settings.compose import load
from sim.settings.experiment import Experiment
from sim.settings.sampling import Sampler
from sim.study import runs
from sim.study.branching import Source, future_of
from sim.study.planning import plan

SEED, OWN, CUT = 77, 1, 321.3
END = "scenario.end=2020-06-15"
WORLD = (
    *("ablation=nothing_off", END, "militia.base_rate=0.15"),
    *("casualties.coalition_deaths_small=0.02", "government.arrests.rate=0.2"),
)
POLICIES = ("never", "historical", "covert", "graduated", "on_attempt", "on_count", "delayed")


@cache
def sampler(policy: str) -> Sampler:
    return Sampler(load([*WORLD, f"retaliation={policy}"]))


@cache
def source() -> Journal:
    return simulate(sampler("historical"), SEED, OWN)


@cache
def past(start_days: int = 0) -> History:
    return History(source(), source().start, CUT, Lived(SEED, OWN))


@pytest.mark.parametrize("policy", POLICIES)
@pytest.mark.parametrize("fork", [0, 1])
def test_no_two_events_of_a_future_share_an_id(policy: str, fork: int) -> None:
    for number in range(4):
        journal = branch(sampler(policy), SEED, number, past(), fork).journal
        named = Counter(event.id for event in journal)
        assert [name for name, count in named.items() if count > 1] == []
        assert all(event.cause is None or event.cause in named for event in journal)


def test_its_own_number_goes_on_as_it_did() -> None:
    future = branch(sampler("historical"), SEED, OWN, past())
    assert sorted(future.journal, key=_place) == sorted(source(), key=_place)


def test_the_past_is_the_same_under_every_number_but_for_its_ids() -> None:
    own, other = (replay(sampler("historical"), SEED, n, past()).past for n in (OWN, OWN + 1))
    assert [_nameless(event) for event in other] == [_nameless(event) for event in own]
    names = {one.id: two.id for one, two in zip(own, other, strict=True)}
    assert [names[e.cause] for e in own if e.cause] == [e.cause for e in other if e.cause]
    assert {name for name in names if names[name] == name} == {
        event.id for event in own if event.id.startswith(("T:", "word:T:"))
    }
    name = next(name for name in names if name.startswith("LR0.1."))
    assert names[name] == name.replace("LR", f"LR{OWN}'")


def test_another_start_is_another_world() -> None:
    """Days counted from elsewhere fill other blocks with the same names."""
    later = [*WORLD, "scenario.start=2019-06-01"]
    history = History(source(), load(later).scenario.start, CUT - 31.0, Lived(SEED, OWN))
    journal = branch(Sampler(load(later)), SEED, OWN, history).journal
    assert max(Counter(event.id for event in journal).values()) == 1


def test_a_run_s_futures_know_whose_past_they_have(tmp_path: Path) -> None:
    """As on the command line: a strike could be told to come before it was decided on."""
    words = [*WORLD, "replications=2", "workers=1", f"seed={SEED}"]
    runs.run(load(words), tmp_path / "run")
    words.remove(END)
    arms = {name: (f"retaliation={name}",) for name in ("never", "historical")}
    asked = Experiment(title="t", date="2020-03-12", horizon="40d", arms=arms)
    made = plan(asked, words, Source(None, str(tmp_path / "run"), OWN))
    journals = [future_of(made, "historical", number).journal for number in range(4)]
    assert all(max(Counter(e.id for e in journal).values()) == 1 for journal in journals)
    assert [_attacks(j) == _attacks(source()) for j in journals] == [n == OWN for n in range(4)]


def _attacks(journal: Journal) -> list[Event]:
    return [e for e in journal.where(Kind.ROCKET_ATTACK) if e.time < 350.0]


def _place(event: Event) -> tuple[float, str]:
    return event.time, event.id


def _nameless(event: Event) -> Event:
    return event.but(id="", cause=None)
