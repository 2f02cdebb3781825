"""A replication that is stopped and goes on under new luck has the law that it had.

Stopped at whatever leaves something hanging: a strike (a crowd may gather), a truce (somebody
grows tired of it), an arrest (friends are angry), an attack (not attributed yet), a decision.
"""

from __future__ import annotations

from collections import Counter
from math import inf, sqrt
from statistics import fmean, variance

import pytest

from sim.campaign import uncollected
from sim.events import Event, Kind
from sim.replay import Particle, go_on
from sim.settings.compose import load
from sim.settings.sampling import Sampler

SEED = 4242
BUSY = (
    "ablation=nothing_off",
    "scenario.end=2019-07-10",
    "retaliation.probability={killed: 0.9, wounded: 0.8, compound: 0.8, none: 0.3}",
    "retaliation.strike.leadership_share=0.3",
    "retaliation.strike.militia_killed_mean=15",
    "retaliation.patience_days=60",
    "storming.probability=0.9",
    "truce.offer_rate=0.05",
    "government.arrests.rate=0.05",
    "militia.base_rate=0.15",
)
HANGING = (
    Kind.AIRSTRIKE,
    Kind.LEADERSHIP_STRIKE,
    Kind.TRUCE,
    Kind.ARREST,
    Kind.ROCKET_ATTACK,
    Kind.DECISION,
    Kind.THREAT,
)
STOPS, REPLICATIONS = 4, 800
WIDEST = 4.5
"""Standard errors apart: over some fifty comparisons a false alarm in 3,000 runs."""


class First:
    """The first event of a kind."""

    def __init__(self, kind: Kind) -> None:
        self.kinds = (kind,)

    def reached(self, event: Event) -> bool:
        return True


def plain(sampler: Sampler, number: int) -> Particle:
    return go_on(sampler, SEED, Particle(number, [], 0.0, 0.0))


def broken(sampler: Sampler, number: int, last: float) -> Particle:
    """Stopped several times, each time at an event of another kind, and gone on anew."""
    particle = Particle(number, [], 0.0, 0.0)
    for stop in range(STOPS):
        kind = HANGING[(number + 3 * stop) % len(HANGING)]
        particle = go_on(sampler, SEED, particle, f"{stop}'" if stop else "", First(kind))
        if particle.now >= last:
            return particle
    return go_on(sampler, SEED, particle, "end'")


def counted(particle: Particle) -> Counter[str]:
    """How many events of each kind, and when: early or late."""
    events = [event for event in particle.events if event.time >= 0.0]
    told = Counter(f"{e.kind} {e.subtype or ''}" for e in events)
    told.update(f"{e.kind} late" for e in events if e.time > 35.0)
    return told


def in_errors(one: list[int], two: list[int]) -> float:
    """The difference of two means in its standard errors; what never varies must agree."""
    difference = fmean(two) - fmean(one)
    error = sqrt(variance(one) / len(one) + variance(two) / len(two))
    return difference / error if error else inf * difference if difference else 0.0


@pytest.mark.slow
@pytest.mark.timeout(3600)
def test_new_luck_has_the_law_of_the_old() -> None:
    sampler = Sampler(load([*BUSY]))
    last = 70.0
    with uncollected():
        one = [counted(plain(sampler, n)) for n in range(REPLICATIONS)]
        two = [counted(broken(sampler, n, last)) for n in range(REPLICATIONS, 2 * REPLICATIONS)]
    names = sorted({name for row in [*one, *two] for name in row})
    apart = {}
    for name in names:
        a, b = [row[name] for row in one], [row[name] for row in two]
        if min(sum(a), sum(b)) >= 20:
            apart[name] = in_errors(a, b)
    assert len(apart) > 30
    assert max(map(abs, apart.values())) < WIDEST, apart


def test_without_a_mark_a_replication_goes_on_as_it_did() -> None:
    sampler = Sampler(load([*BUSY]))
    for number in range(8):
        whole = plain(sampler, number)
        for kind in HANGING:
            start = Particle(number, [], 0.0, 0.0)
            part = go_on(sampler, SEED, start, until=First(kind))
            assert part.events == [e for e in whole.events if e.time < part.now]
            assert go_on(sampler, SEED, part).events == whole.events, kind


def test_under_new_luck_too_a_replication_can_be_stopped_and_goes_on_as_it_did() -> None:
    """A crowd that gathers since the first mark has its draws under every later one."""
    sampler = Sampler(load([*BUSY]))
    for number in range(6):
        start = go_on(sampler, SEED, Particle(number, [], 0.0, 0.0), until=First(Kind.DECISION))
        whole = go_on(sampler, SEED, start, "1'")
        for kind in HANGING:
            part = go_on(sampler, SEED, start, "1'", First(kind))
            assert part.events == [e for e in whole.events if e.time < part.now]
            assert go_on(sampler, SEED, part).events == whole.events, kind


def test_copies_of_a_pending_decision_part_in_what_the_strike_does() -> None:
    """Else the copies would all share one toll, one crowd and one answer of the patron."""
    sampler = Sampler(load([*BUSY]))
    start = go_on(sampler, SEED, Particle(1, [], 0.0, 0.0), until=First(Kind.DECISION))
    decision = start.events[-1]
    tolls = set()
    for copy in range(6):
        after = go_on(sampler, SEED, start, f"{copy}'").events
        strike = next(e for e in after if e.cause == decision.id)
        tolls.add((strike.militia_killed, strike.militia_wounded, strike.iraqi_wounded))
        assert strike.time == decision.due
    assert len(tolls) > 2


def test_with_a_mark_only_what_comes_is_another() -> None:
    sampler = Sampler(load([*BUSY]))
    part = go_on(sampler, SEED, Particle(3, [], 0.0, 0.0), until=First(Kind.ROCKET_ATTACK))
    futures = [go_on(sampler, SEED, part, mark).events for mark in ("", "1'", "2'")]
    lived = len(part.events)
    assert all(events[:lived] == part.events for events in futures)
    assert len({tuple(e.time for e in events[lived:]) for events in futures}) == 3
    for events in futures:
        assert len({event.id for event in events}) == len(events)
