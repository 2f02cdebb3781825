"""The rules by which a journal is counted beside published counts."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from sim.events import GROUPS, Event, Kind, Side

Share = tuple[int, int]
"""What one event adds to a count: (certainly, possibly)."""


def _is_rocket(event: Event) -> bool:
    return event.kind is Kind.ROCKET_ATTACK and event.weapon_class != "drone"


def _rocket(event: Event) -> Share | None:
    return (int(bool(event.tempo)), 1) if _is_rocket(event) else None


def _convoy(event: Event) -> Share | None:
    if event.kind is not Kind.CONVOY_ATTACK:
        return None
    units = 1 if event.units is None else event.units
    return (0 if event.subtype == "claimed" else units, units)


def _attack(event: Event) -> Share | None:
    return _rocket(event) or _convoy(event)


def _embassy_rocket(event: Event) -> Share | None:
    return _rocket(event) if event.site_class == "embassy_zone" else None


def _us_strike(event: Event) -> Share | None:
    if event.kind is Kind.LEADERSHIP_STRIKE:
        return (0, 1)
    return (1, 1) if event.kind is Kind.AIRSTRIKE and event.side is Side.US else None


def _each(kind: Kind) -> Callable[[Event], Share | None]:
    return lambda event: (1, 1) if event.kind is kind else None


def _sum(*quantities: str) -> Callable[[Event], Share | None]:
    def share(event: Event) -> Share | None:
        if not _attack(event):
            return None
        bounds = [found for name in quantities if (found := event.bounds(name))]
        lows = [low or 0 for low, _ in bounds]
        highs = [low or 0 if high is None else high for low, high in bounds]
        return sum(lows), sum(highs)

    return share


def _rounds(event: Event) -> Share | None:
    return _sum("fired")(event) if _is_rocket(event) else None


RULES: Mapping[str, Callable[[Event], Share | None]] = {
    "rocket_attacks": _rocket,
    "convoy_attacks": _convoy,
    "all_attacks": _attack,
    "embassy_rockets": _embassy_rocket,
    "coalition_killed": _sum("coalition_killed"),
    "killed": _sum(*(f"{group}_killed" for group in GROUPS if group != "militia")),
    "rounds_fired": _rounds,
    "us_strikes": _us_strike,
    "closures": _each(Kind.SITE_CLOSED),
    "depot_blasts": _each(Kind.DEPOT_BLAST),
}
"""What each name in the column `counts` adds up."""
