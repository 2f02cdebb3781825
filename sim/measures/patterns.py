"""Every pattern of a reported or recorded journal that needs no ladder."""

from __future__ import annotations

from datetime import timedelta

from sim.events import Journal, Kind
from sim.measures.marks import harm, interceptions, lags, salvos, targets
from sim.measures.tempo import WEEK, by_week, tempo
from sim.measures.values import STRIKES, Choice, Patterns, dated
from sim.reports import CLAIMED

WEEKS = "week_"
"""What the name of a week's count begins with."""


def patterns(journal: Journal, choose: Choice = "best") -> Patterns:
    """The patterns by name, in their order.

    `choose` takes the low or the high end of recorded ranges; at the low end doubtful
    rockets and merely claimed convoy attacks are left out. Days are calendar days, as in
    the record; what is dated to a week or month counts in totals and months only.
    """
    rockets = [e for e in journal if e.kind is Kind.ROCKET_ATTACK and e.tempo]
    convoys = journal.where(Kind.CONVOY_ATTACK)
    if choose == "low":
        rockets = [e for e in rockets if e.doubt is None]
        convoys = [e for e in convoys if e.subtype != CLAIMED]
    strikes = sorted(journal.where(*STRIKES), key=lambda e: e.time)
    assert journal.end is not None
    start, days = journal.start, (journal.end - journal.start).days
    return {
        "rocket_attacks": len(rockets),
        "convoy_attacks": sum(e.units or 1 for e in convoys),
        "foiled_attacks": len(journal.where(Kind.FOILED_ATTACK)),
        **tempo(rockets, start, days),
        **salvos(rockets, choose),
        **targets(rockets),
        **harm([*rockets, *convoys], choose),
        **interceptions(rockets, start, days, choose),
        "airstrikes": sum(e.kind is Kind.AIRSTRIKE for e in strikes),
        "leadership_strikes": sum(e.kind is Kind.LEADERSHIP_STRIKE for e in strikes),
        **lags(journal, rockets, strikes),
    }


def weekly_counts(journal: Journal) -> dict[str, int]:
    """Rocket attacks of each whole week from the start, named by its first day.

    Of the tempo series, those whose day is known: what `weekly_mean` and its kin are made of.
    """
    assert journal.end is not None
    rockets = [e for e in journal if e.kind is Kind.ROCKET_ATTACK and e.tempo]
    counts = by_week(dated(rockets), (journal.end - journal.start).days)
    first = journal.start
    return {f"{WEEKS}{first + timedelta(days=WEEK * i)}": n for i, n in enumerate(counts)}
