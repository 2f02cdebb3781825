"""What a source makes of an attack: counts that fall short, words, withdrawals."""

from __future__ import annotations

from math import floor

from sim.events import Event, Fields, Kind, Origin
from sim.reports import CHANNEL, RETRACTED

HARM_TOLD = ("coalition_killed", "coalition_wounded", "civilian_killed", "civilian_wounded")
"""The harm that an official's account states."""


def short_count(rounds: int, factor: float, u: float) -> int:
    """A count of rounds that falls short by a factor drawn log-uniformly from 1 to `factor`.

    One round is one round, and nobody counts none where there was one.

    >>> short_count(21, 7.0, 0.0), short_count(21, 7.0, 0.999), short_count(1, 7.0, 0.5)
    (21, 3, 1)
    """
    return max(1, floor(rounds / factor**u + 0.5)) if rounds else 0


def account(
    name: str, time: float, source: str, of: Event, fired: int | None, text: str | None = None
) -> Event:
    """A report of an event by one source; `fired` is its own count, if it has one."""
    told: Fields = {
        "id": name,
        "time": time,
        "kind": Kind.REPORT,
        "subtype": of.subtype if of.kind is Kind.CLAIM else of.kind,
        "source": source,
        "site": of.site,
        "site_class": of.site_class,
        "cause": of.id,
        "origin": Origin.SIMULATED,
    }
    if fired is not None:
        told["fired"] = fired
    if text is not None:
        told["text"] = text
    if source == CHANNEL:
        told["brand"] = of.brand
    return Event.of(told)


def with_harm(report: Event, of: Event) -> Event:
    """The account of somebody who knows who was hurt."""
    harm: Fields = {name: getattr(of, name) for name in HARM_TOLD}  # type: ignore[assignment]
    return report.but(**harm)


def correction(report: Event, time: float, of: Event | None) -> Event:
    """What a source says later of its own report: the final count, or that it takes it back."""
    told: Fields = {
        "id": f"correction:{report.id}",
        "time": time,
        "kind": Kind.CORRECTION,
        "subtype": RETRACTED if of is None else report.subtype,
        "source": report.source,
        "site": report.site,
        "site_class": report.site_class,
        "cause": report.id,
        "origin": Origin.SIMULATED,
    }
    if of is not None:
        told["fired"] = of.fired
    return Event.of(told)
