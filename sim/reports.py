"""The public record of a simulated journal: what its reports add up to.

Reports differ: a count rises, a source corrects or withdraws, a channel claims what never
was. The record keeps the best account, with the range where accounts differ.
"""

from __future__ import annotations

from collections import defaultdict
from itertools import pairwise
from typing import NamedTuple

from sim.events import Event, Fields, Journal, Kind, Side

WIRE, OFFICIAL, CHANNEL = SOURCES = ("wire", "official", "militia_channel")
"""Who tells of what happens: the wire first, officials, the channels of the militias."""
RETRACTED, DENIED, ACCIDENT, STRIKE = "retracted", "denied", "accident", "strike"
"""What becomes of a statement, and what a claim or a depot blast is called."""
CLAIMED = "claimed"
"""The subtype of a convoy attack that only a militia channel or a partisan tells of."""
RISE = 2.5
"""A final count this many times the first is a count that rose (3, 8, 21 on 20 December 2020)."""
CONFIRMED_HOURS = (1.0, 2.0)
"""An official confirmation of 13 June 2020's kind comes between these hours after the attack."""


class Accounts(NamedTuple):
    """What is told of one event: its reports in order, and the corrections of each."""

    reports: list[Event]
    corrections: list[Event]

    @property
    def standing(self) -> list[Event]:
        """Reports and final counts in order, without those that were withdrawn."""
        gone = {c.cause for c in self.corrections if c.subtype == RETRACTED}
        finals = [c for c in self.corrections if c.subtype != RETRACTED]
        return [*(r for r in self.reports if r.id not in gone), *finals]

    @property
    def counted(self) -> list[tuple[str | None, int]]:
        """Who gave which count of rounds: those that stand, in the order of their telling."""
        told = sorted(self.standing, key=lambda report: report.time)
        return [(report.source, report.fired) for report in told if report.fired is not None]

    @property
    def counts(self) -> list[int]:
        """The counts of rounds that stand, in the order in which they were told."""
        return [fired for _, fired in self.counted]

    @property
    def wire_first(self) -> bool:
        """Whether the wire gave the first of the counts that stand."""
        return bool(self.counted) and self.counted[0][0] == WIRE

    @property
    def best_count(self) -> int | None:
        """The officials' last count, for they know most; without one, the last of anybody."""
        official = [fired for source, fired in self.counted if source == OFFICIAL]
        last = (official or self.counts)[-1:]
        return last[0] if last else None


def accounts(journal: Journal) -> dict[str, Accounts]:
    """What is told of each event, by the event's id."""
    found: dict[str, Accounts] = defaultdict(lambda: Accounts([], []))
    of: dict[str, str] = {}
    for event in journal.in_time():
        if event.cause is None:
            continue
        if event.kind is Kind.REPORT:
            found[event.cause].reports.append(event)
            of[event.id] = event.cause
        elif event.kind is Kind.CORRECTION:
            found[of[event.cause]].corrections.append(event)
    return dict(found)


def best_account(event: Event, told: Accounts) -> Event:
    """An attack with the rounds that its best standing account gives, and the range of all.

    Where that account falls short of the truth it says nothing of what became of the
    rounds, so those counts are blank.
    """
    counts, best = told.counts, told.best_count
    if not counts or (best == event.fired and min(counts) == max(counts)):
        return event
    fields: Fields = {"fired": best}
    if min(counts) != max(counts):
        fields["ranges"] = {"fired": (min(counts), max(counts))}
    if best != event.fired:
        fields |= {"failed": None, "intercepted": None, "impacted": None, "unfired": None}
    return event.but(**fields)


def claimed_attack(claim: Event) -> Event:
    """What a claim puts on record that no other source confirms."""
    return Event(
        id=claim.id,
        time=claim.time,
        kind=Kind.CONVOY_ATTACK,
        subtype=CLAIMED,
        side=claim.side,
        brand=claim.brand,
        site_class=claim.site_class,
        weapon_class="ied",
        units=1,
        origin=claim.origin,
    )


def merely_claimed(claim: Event, told: dict[str, Accounts]) -> bool:
    """Whether a convoy attack stands on record by its claim alone, and undenied."""
    if claim.subtype != Kind.CONVOY_ATTACK or claim.id not in told:
        return False
    confirmed = claim.cause is not None and claim.cause in told
    return not confirmed and all(r.text != DENIED for r in told[claim.id].reports)


def by_source(journal: Journal, source: str) -> Journal:
    """The record as one source alone would leave it: what it told, with its own last counts.

    What it withdrew, denied or called an accident is not in it. An event's time is the time
    of what it tells of; `known_from` is the time of the telling.

    Args:
        journal: simulated, with its reports.
        source: one of `SOURCES`.
    """
    when = {event.id: event.time for event in journal}
    told = []
    for name, account in accounts(journal).items():
        own = [report for report in account.standing if report.source == source]
        if own and own[0].text not in (DENIED, ACCIDENT):
            told.append(_retold(own[0], own[-1].fired, when[name]))
    return Journal(journal.start, journal.end, sorted(told, key=lambda e: e.time))


def _retold(report: Event, fired: int | None, time: float) -> Event:
    """The event that a report tells of, as far as it tells."""
    kind = Kind(report.subtype or Kind.CONTEXT)
    mine = Side.UNATTRIBUTED if kind is Kind.DEPOT_BLAST else Side.MILITIA
    told: Fields = {"time": time, "kind": kind, "subtype": None, "side": mine, "fired": fired}
    return report.but(**told).but(known_from=report.time, cause=None)


# -- how reports differ -----------------------------------------------------------------------


def reporting(journal: Journal) -> dict[str, int]:
    """How often accounts of one event differ, as they do in the record.

    `rose_twice`: three rising counts, the wire's first, the last at least 2.5 times the first
    (20 December 2020: 3, 8, 21). `one_then_two`: first one round, by the wire, then two, and an
    official between one and two hours after the attack (13 June 2020). `conflicting`: counts
    that differ.
    """
    told, when = accounts(journal), {event.id: event.time for event in journal}
    attacks = [(a, when[name]) for name, a in told.items() if name in when]
    return {
        "rose_twice": sum(_rose_twice(a) for a, _ in attacks),
        "one_then_two": sum(_one_then_two(a, time) for a, time in attacks),
        "conflicting": sum(len(set(a.counts)) > 1 for a, _ in attacks),
        "denied": sum(any(r.text == DENIED for r in a.reports) for a, _ in attacks),
        "retracted": sum(any(c.subtype == RETRACTED for c in a.corrections) for a, _ in attacks),
        "merely_claimed": sum(merely_claimed(e, told) for e in journal.where(Kind.CLAIM)),
    }


def _rose_twice(told: Accounts) -> bool:
    counts = told.counts
    rising = told.wire_first and all(a < b for a, b in pairwise(counts))
    return len(counts) >= 3 and rising and counts[-1] >= RISE * counts[0]


def _one_then_two(told: Accounts, time: float) -> bool:
    low, high = CONFIRMED_HOURS
    confirmed = any(
        r.source == OFFICIAL and low <= 24.0 * (r.time - time) <= high for r in told.reports
    )
    return told.wire_first and told.counts[:2] == [1, 2] and confirmed
