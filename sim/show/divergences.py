"""Where two futures part, for a reader: as text and as a picture."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from sim.clock import to_datetime
from sim.compare.divergence import Branching, Divergence, Only, tally
from sim.events import Event
from sim.show.pages import template

DEEPEST = 12
LONGEST = 40
"""Lines of the tree that are printed; the rest is counted."""


def text(found: Divergence, number: int, start: date) -> str:
    """The first event that differs, what it brought about, and what else differs."""
    one, two = found.policies
    if found.first is None or found.tree is None:
        return f"replication {number}: {one} and {two} have the same future ({found.shared} events)"
    lines = [
        f"replication {number}: {one} and {two} share {found.shared} events and part on "
        f"{_when(found.first.event, start)}",
        *_tree(found.tree, start),
    ]
    if len(lines) > LONGEST:
        lines = [*lines[:LONGEST], f"  … {len(lines) - LONGEST} more"]
    if found.others:
        lines += ["besides, through agents whose state is now another:"]
        for policy, kinds in sorted(tally(found.others).items()):
            told = ", ".join(f"{n} {kind.replace('_', ' ')}" for kind, n in sorted(kinds.items()))
            lines.append(f"  under {policy} alone, or otherwise: {told}")
    return "\n".join(lines)


def _tree(node: Branching, start: date, depth: int = 0) -> Iterator[str]:
    indent = "  " + ("   " * (depth - 1) + "└─ " if depth else "")
    yield f"{indent}{_when(node.only.event, start)}  {_words(node.only)}"
    if depth < DEEPEST:
        for child in node.follows:
            yield from _tree(child, start, depth + 1)
    elif node.follows:
        yield f"{indent}   … {sum(1 for _ in _all(node)) - 1} more"


def _when(event: Event, start: date) -> str:
    return to_datetime(event.time, start).strftime("%Y-%m-%d %H:%M")


def _words(only: Only) -> str:
    event = only.event
    told = [event.kind.replace("_", " ")]
    told += [f"({event.subtype.replace('_', ' ')})"] if event.subtype else []
    told += [f"at {event.site}"] if event.site else []
    for name in ("fired", "coalition_killed", "coalition_wounded", "militia_killed"):
        count = getattr(event, name)
        told += [f"{count} {name.replace('_', ' ')}"] if count else []
    how = "otherwise" if only.otherwise else "only"
    return f"{' '.join(told)}, {how} under {only.policy} [{event.id}]"


def as_json(found: Divergence, number: int, start: date) -> dict[str, Any]:
    """The divergence as one object."""
    return {
        "replication": number,
        "policies": list(found.policies),
        "shared": found.shared,
        "first": None if found.first is None else _told(found.first, start),
        "tree": None if found.tree is None else _nested(found.tree, start),
        "others": {k: {str(n): c for n, c in v.items()} for k, v in tally(found.others).items()},
    }


def _told(only: Only, start: date) -> dict[str, Any]:
    event = only.event
    return {
        "policy": only.policy,
        "id": event.id,
        "time": _when(event, start),
        "kind": event.kind.value,
        "subtype": event.subtype,
        "site": event.site,
    }


def _nested(node: Branching, start: date) -> dict[str, Any]:
    return {**_told(node.only, start), "follows": [_nested(n, start) for n in node.follows]}


def svg(found: Divergence, number: int, start: date) -> str:
    """The events of each future alone on two lanes, with what caused what."""
    roots = [*([found.tree] if found.tree else []), *found.others]
    nodes: list[tuple[Branching, tuple[float, int] | None]] = [(node, None) for node in roots]
    dots: list[tuple[float, int, str, str, bool]] = []
    links: list[tuple[float, int, float, int]] = []
    times = [n.only.event.time for r in roots for n in _all(r)]
    low, high = (min(times), max(times)) if times else (0.0, 1.0)

    def x(time: float) -> float:
        return round(150 + 760 * (time - low) / max(1e-9, high - low), 1)

    def y(policy: str) -> int:
        return 70 if policy == found.policies[0] else 190

    first_tree = {id(node) for node in _all(found.tree)} if found.tree else set()
    while nodes:
        node, parent = nodes.pop(0)
        event, policy = node.only.event, node.only.policy
        place = x(event.time), y(policy)
        told = f"{_when(event, start)} {_words(node.only)}"
        dots.append((*place, event.kind.value, told, id(node) in first_tree))
        if parent is not None:
            links.append((*parent, *place))
        nodes += [(child, place) for child in node.follows]
    return template("divergence.svg.j2").render(
        number=number,
        policies=found.policies,
        shared=found.shared,
        first=None if found.first is None else _when(found.first.event, start),
        dots=dots,
        links=links,
        ends=[str(to_datetime(t, start).date()) for t in (low, high)] if times else [],
    )


def _all(node: Branching) -> Iterator[Branching]:
    yield node
    for child in node.follows:
        yield from _all(child)
