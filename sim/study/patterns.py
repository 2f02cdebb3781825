"""Every pattern of a reported or recorded journal, the ladder's included."""

from __future__ import annotations

from dataclasses import replace

from sim import ladder
from sim.events import Journal
from sim.measures import Choice, Patterns, patterns


def all_patterns(journal: Journal, choose: Choice = "best") -> Patterns:
    """The measures of a journal and what its ladder says, by pattern name.

    The days before a rung are the whole window where it is never reached: that is known,
    and leaving such journals out would favour the fast ones.
    """
    assert journal.end is not None
    rungs = ladder.rate(journal)
    if choose != "best":
        rungs = [replace(r, rung=r.low if choose == "low" else r.high) for r in rungs]
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
    }
