"""Published counts beside the journal's own: a comparison, and no adjustment."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sim.clock import to_date
from sim.events import Event, Journal
from sim.record.counts import PublishedCount
from sim.record.rules import RULES, Share


@dataclass(frozen=True)
class Reconciliation:
    """A published count beside the journal's own, with a verdict and no adjustment.

    `low` counts what is certain, `high` what is possible: see `reconcile`. `verdict` is one
    of agrees, table has fewer, table has more, not comparable.
    """

    window: tuple[date, date]
    quantity: str
    published_low: int | None
    published_high: int | None
    low: int | None
    high: int | None
    verdict: str
    reason: str | None
    source: str


def reconcile(journal: Journal, counts: Iterable[PublishedCount]) -> list[Reconciliation]:
    """Each published count beside the journal's own over the same days: a comparison only.

    The low end counts what is certain: quality A or B, not doubtful, its possible days all
    inside the window, convoys confirmed, ranges at their low. The high end counts what is
    possible: general knowledge, doubtful rows, days that may fall inside, claimed convoys,
    the leadership strike among the US strikes, ranges at their high. An unknown number of
    casualties or rounds adds nothing to either, so such sums are lower bounds.
    """
    return [_reconcile(journal, count) for count in counts]


def _reconcile(journal: Journal, count: PublishedCount) -> Reconciliation:
    low = high = reason = None
    verdict = "not comparable"
    if count.counts is None:
        reason = count.note or "not countable"
    elif count.low is None and count.high is None:
        reason = "no number was published"
    else:
        low, high = _count_window(journal, count)
        verdict = _verdict(count, low, high)
    return Reconciliation(
        window=(count.start, count.end),
        quantity=count.quantity,
        published_low=count.low,
        published_high=count.high,
        low=low,
        high=high,
        verdict=verdict,
        reason=reason,
        source=count.source,
    )


def _verdict(count: PublishedCount, low: int, high: int) -> str:
    if count.low is not None and high < count.low:
        return "table has fewer"
    if count.high is not None and low > count.high:
        return "table has more"
    return "agrees"


def _count_window(journal: Journal, count: PublishedCount) -> Share:
    rule = RULES[count.counts or ""]
    certain = possible = 0
    for event in journal:
        share = rule(event)
        first, last = _days(event, journal.start)
        if share is None or last < count.start or first > count.end:
            continue
        possible += share[1]
        inside = count.start <= first and last <= count.end
        if inside and event.quality != "C" and event.doubt is None:
            certain += share[0]
    return certain, possible


def _days(event: Event, start: date) -> tuple[date, date]:
    """The first and the last day on which an event may have happened."""
    if event.time_low is None or event.time_high is None:
        return (to_date(event.time, start),) * 2
    return to_date(event.time_low, start), to_date(event.time_high - 1.0, start)
