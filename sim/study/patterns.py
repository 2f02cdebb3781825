"""Every pattern of a reported or recorded journal, the ladder's included."""

from __future__ import annotations

from sim import ladder
from sim.events import Journal
from sim.measures import Choice, Patterns, patterns, published_totals


def all_patterns(journal: Journal, choose: Choice = "best") -> Patterns:
    """The measures of a journal and what its ladder says, by pattern name.

    The days before a rung are the whole window where it is never reached: that is known,
    and leaving such journals out would favour the fast ones. At the low end the ladder has no
    doubtful rows. The published totals count whatever `choose` says: what others printed has its
    own range.
    """
    assert journal.end is not None
    rungs = ladder.rate(_certain(journal) if choose == "low" else journal)
    if choose != "best":
        rungs = [r._replace(rung=r.low if choose == "low" else r.high) for r in rungs]
    days = float((journal.end - journal.start).days)
    told = ladder.statistics(rungs, 0.0, days)
    return {
        **patterns(journal, choose),
        "highest_rung": told.highest,
        "days_to_six": days if told.to_six is None else told.to_six,
        "days_to_seven": days if told.to_seven is None else told.to_seven,
        "days_to_eight": days if told.to_eight is None else told.to_eight,
        "episodes": told.episodes,
        **{f"rung_{rung}_days": share for rung, share in enumerate(told.shares)},
        **transitions(told),
        **published_totals(journal),
    }


def _certain(journal: Journal) -> Journal:
    return Journal(journal.start, journal.end, [e for e in journal if e.doubt is None])


def transitions(told: ladder.Statistics) -> Patterns:
    """Changes of the daily state, and what followed upon attacks and strikes, as counts.

    How often the state rises, falls and changes to each rung; rung-7 events, the strikes
    that answer one, the strikes with a militia reply within 7 days, and the rung-8 events
    with rung 9 or more in the 30 days after. A sustained exchange ends the counts.
    """
    counts = told.transitions
    rungs = range(len(counts))
    return {
        "changes_up": sum(counts[i][j] for i in rungs for j in rungs if j > i),
        "changes_down": sum(counts[i][j] for i in rungs for j in rungs if j < i),
        **{f"changes_to_{j}": sum(counts[i][j] for i in rungs) for j in rungs},
        "sevens": told.sevens,
        "seven_to_eight": told.seven_to_eight,
        "strike_to_reply": told.replies,
        "eight_to_nine": told.eights_to_nine,
    }
