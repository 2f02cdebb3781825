"""What the public record says beside its attacks: counts, lags and shares, as plain numbers.

No likelihood reads these. The same functions measure the record and a simulated journal that
went through its observers. What nothing bears on is NaN: unknown, never zero.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from math import floor, log, nan

import numpy as np

from sim.agents.protests import VOTE
from sim.agents.us_threats import CLOSURE
from sim.events import Event, Journal, Kind, Side

ANSWERED = {
    "storming.probability": ("deadly strikes", "stormings"),
    "storming.lag_median_days": ("days to a storming",),
    "patron.missiles.probability": ("leadership strikes", "missile answers"),
    "patron.missiles.lag_median_days": ("days to the missiles",),
    "government.protests.vote_probability": ("leadership strikes", "votes"),
    "government.protests.vote_days": ("days to the vote",),
    "government.arrests.rate": ("arrests",),
    "government.arrests.hold_days": ("days to a release",),
    "truce.offer_rate": ("truces",),
    "threats.warning_probability": ("harmful attacks", "warnings"),
    "observers.officials.share": ("share of counts that conflict", "log spread of a conflict"),
    "observers.revisions.factor": ("share of counts that conflict", "log spread of a conflict"),
}
"""Each quantity that is fitted by simulation, and the summaries that answer to it."""

HIDDEN = "nobody outside sees it: who fired, who wished what, how the host state weighed it"
UNLISTED = "the record holds no full list of it, or tells it only where somebody looked"
UNSEEN = "nothing of the kind happened in the window"
FEW = "a case or two: a mean or a spread of tolls and lags takes more"
UNTOLD = {
    HIDDEN: (
        *("militia.cells.", "militia.messaging", "militia.signals.", "patron.stance"),
        *("patron.control_", "patron.restrain_", "patron.encourage_", "patron.resupply_"),
        *("government.will", "government.arrests.salaried_cover", "government.protests.cost"),
        *("government.arrests.threat_release", "government.protests.memory_days"),
        "government.protests.salaried_weight",
    ),
    UNLISTED: (
        *("sanctions.", "rhetoric.", "claims.", "convoys.claimed_share", "air_defence."),
        *("sites.classes.embassy_zone.inside_share", "militia.salvo.heavy_share"),
        *("government.protests.probability", "government.arrests.intimidation_probability"),
        *("observers.delay_sigma", "observers.officials."),
    ),
    UNSEEN: (
        *("truce.election_days", "truce.word_days", "truce.weekly_break", "threats.closure."),
        *("threats.deadline_days", "government.arrests.pressure"),
        "patron.missiles.stopped_share",
    ),
    FEW: (
        *("convoys.coalition_killed_mean", "convoys.contractor_killed_mean", "striker."),
        *("retaliation.strike.", "patron.missiles.", "storming.", "government.arrests."),
    ),
}
"""Why the record has no summary of a quantity: the first reason with a beginning of its key."""

Summaries = dict[str, float]


def untold(key: str) -> str:
    """Why the record has no summary of a quantity.

    >>> untold("truce.weekly_break") == UNSEEN
    True

    Raises:
        KeyError: nobody has said why.
    """
    for why, starts in UNTOLD.items():
        if key.startswith(starts):
            return why
    raise KeyError(f"{key}: say in UNTOLD why the record has no summary of it, or give it one")


def summaries(public: Journal, deadly: int) -> Summaries:
    """Every summary of a public record, by name: numbers of events, days, shares.

    Args:
        public: the record, or a simulated journal as it was reported.
        deadly: militia dead from which a strike can bring a crowd to the embassy.
    """
    rockets = public.where(Kind.ROCKET_ATTACK)
    strikes = [e for e in public.where(Kind.AIRSTRIKE) if _militia_dead(e) >= deadly]
    leaders = public.where(Kind.LEADERSHIP_STRIKE)
    stormings = public.where(Kind.EMBASSY_STORMING)
    missiles = public.where(Kind.STATE_MISSILE_STRIKE)
    votes = [e for e in public.where(Kind.PROTEST) if e.subtype == VOTE]
    arrests, releases = public.where(Kind.ARREST), public.where(Kind.RELEASE)
    warnings = [e for e in public.where(Kind.THREAT) if _is_warning(e)]
    return {
        "deadly strikes": _causes(strikes),
        "stormings": len(stormings),
        "days to a storming": _lag(strikes, stormings),
        "leadership strikes": _causes(leaders),
        "missile answers": len(missiles),
        "days to the missiles": _lag(leaders, missiles),
        "votes": len(votes),
        "days to the vote": _lag(leaders, votes),
        "arrests": len(arrests),
        "days to a release": _lag(arrests, releases),
        "truces": len(public.where(Kind.TRUCE)),
        "harmful attacks": _causes([*_harmful(rockets), *_harmful(_convoys(public))]),
        "warnings": len(warnings),
        **_conflicts(rockets),
    }


def _convoys(public: Journal) -> Sequence[Event]:
    return public.where(Kind.CONVOY_ATTACK)


def _harmful(attacks: Iterable[Event]) -> list[Event]:
    """Attacks that are told to have hurt people of the Coalition."""
    return [e for e in attacks if e.coalition_killed or e.coalition_wounded]


def _militia_dead(strike: Event) -> int:
    """The last count, or the most that sources give."""
    if strike.militia_killed is not None:
        return strike.militia_killed
    most = (strike.bounds("militia_killed") or (0, 0))[1]
    return most or 0


def _is_warning(threat: Event) -> bool:
    return threat.side is Side.US and threat.subtype != CLOSURE


def _causes(events: Sequence[Event]) -> float:
    """How many there were; where none was, nothing could answer."""
    return float(len(events)) if events else nan


def _lag(causes: Sequence[Event], answers: Sequence[Event]) -> float:
    """Mean days from the last cause before each answer; the record knows the day, no more."""
    days = sorted(floor(event.time) for event in causes)
    lags = []
    for answer in answers:
        before = [day for day in days if day <= floor(answer.time)]
        if before:
            lags.append(floor(answer.time) - before[-1])
    return float(np.mean(lags)) if lags else nan


def _conflicts(rockets: Iterable[Event]) -> Summaries:
    """How often accounts of a salvo's rounds differ, and by how much.

    One round is one round to everybody, so only salvos that somebody counts at two or more.
    """
    spans = [event.bounds("fired") for event in rockets]
    told = [(low, high) for low, high in filter(None, spans) if low and high and high >= 2]
    spreads = [log(high / low) for low, high in told if high > low]
    return {
        "share of counts that conflict": len(spreads) / len(told) if told else nan,
        "log spread of a conflict": float(np.mean(spreads)) if spreads else nan,
    }
