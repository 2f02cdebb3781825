"""Every pattern of a reported or recorded journal that needs no ladder."""

from __future__ import annotations

from sim.events import Journal, Kind
from sim.measures.marks import harm, interceptions, lags, salvos, targets
from sim.measures.tempo import tempo
from sim.measures.values import STRIKES, Choice, Patterns
from sim.reports import CLAIMED


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
