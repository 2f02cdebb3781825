"""Where two futures part, and what follows from it."""

from __future__ import annotations

from collections import defaultdict
from typing import NamedTuple

from sim.events import Event, Kind
from sim.replay import Future

TOLD = (Kind.REPORT, Kind.CORRECTION)
"""What is only said of events: left out of the comparison."""


class Only(NamedTuple):
    """An event that one future has and the other has not, or has `otherwise`."""

    policy: str
    event: Event
    otherwise: bool = False


class Branching(NamedTuple):
    """An event of one future alone, and those that it brought about."""

    only: Only
    follows: list[Branching]


class Divergence(NamedTuple):
    """How two futures of one replication differ.

    `first` is the first event that differs, `tree` what it brought about by cause links,
    `others` the trees of events whose cause both futures share or nobody states: they follow
    from the changed state of some agent, not from one event. `shared` counts what both have.
    """

    policies: tuple[str, str]
    first: Only | None
    tree: Branching | None
    others: list[Branching]
    shared: int


def divergence(names: tuple[str, str], one: Future, two: Future) -> Divergence:
    """Compare the futures of one replication under two policies, in the order of events."""
    pair = [[e for e in f.events if e.kind not in TOLD] for f in (one, two)]
    differing = sorted(
        [*_only(names[0], pair[0], pair[1]), *_only(names[1], pair[1], pair[0])],
        key=lambda only: only.event.time,
    )
    if not differing:
        return Divergence(names, None, None, [], _shared(pair))
    first, *others = _trees(differing)
    return Divergence(names, first.only, first, others, _shared(pair))


def _only(name: str, here: list[Event], there: list[Event]) -> list[Only]:
    """The events of one future that the other lacks or has otherwise.

    One that differs only in what provoked it happened in both.
    """
    known = {event.id: event for event in there}
    return [Only(name, e, e.id in known) for e in here if not _same(e, known.get(e.id))]


def _same(one: Event, two: Event | None) -> bool:
    return two is not None and one.but(cause=None) == two.but(cause=None)


def _shared(pair: list[list[Event]]) -> int:
    known = {event.id: event for event in pair[1]}
    return sum(_same(event, known.get(event.id)) for event in pair[0])


def _trees(differing: list[Only]) -> list[Branching]:
    """Differing events under what caused them in the same future, in time order."""
    nodes = {(only.policy, only.event.id): Branching(only, []) for only in differing}
    roots: list[Branching] = []
    for only in differing:
        parent = nodes.get((only.policy, only.event.cause or ""))
        node = nodes[only.policy, only.event.id]
        (roots if parent is None else parent.follows).append(node)
    return roots


def tally(trees: list[Branching]) -> dict[str, dict[Kind, int]]:
    """How many events of each kind the trees hold, by policy."""
    counts: dict[str, dict[Kind, int]] = defaultdict(lambda: defaultdict(int))
    waiting = list(trees)
    while waiting:
        node = waiting.pop()
        counts[node.only.policy][node.only.event.kind] += 1
        waiting += node.follows
    return {policy: dict(kinds) for policy, kinds in counts.items()}
