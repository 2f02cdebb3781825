"""How often the reports of a run differ, in the ways that those of the record did."""

from __future__ import annotations

from typing import NamedTuple

from sim.study.runs import Runs

WORDS = {
    "rose_twice": "counts that rose twice, to 2.5 times the first (20 Dec 2020)",
    "one_then_two": "one round, then two, confirmed in 1–2 hours (13 June 2020)",
    "conflicting": "attacks whose accounts differ in rounds",
    "denied": "claims that officials denied",
    "retracted": "statements that officials withdrew",
    "merely_claimed": "convoy attacks that only a channel claims",
}
PREFIX = "reports."


class Rate(NamedTuple):
    """One way in which reports differ: how often in a replication, in how many at all."""

    name: str
    text: str
    mean: float
    share: float


def rates(runs: Runs) -> list[Rate]:
    """Every way, over the replications of a run."""
    table = runs.arrow("replications")
    found = []
    for name, text in WORDS.items():
        counts = table[PREFIX + name].to_pylist()
        some = sum(count > 0 for count in counts) / len(counts)
        found.append(Rate(name, text, sum(counts) / len(counts), some))
    return found
