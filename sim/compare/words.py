"""A predictive check in a sentence: how many patterns are shared, and which miss on which side."""

from __future__ import annotations

from collections.abc import Sequence

from sim.compare.checks import ABOVE, BELOW, Check


def in_words(rows: Sequence[Check]) -> str:
    """How many patterns the record and the simulation share, and every miss by its side."""
    known = [row for row in rows if row.verdict != "unknown"]
    if not known:
        return "No pattern could be compared: the record or the simulation knows none of them."
    missed = [row for row in known if row.missed]
    families = len({row.group for row in known}), len({row.group for row in missed})
    told = (
        f"{len(known) - len(missed)} of {len(known)} recorded patterns lie inside the central "
        f"90 % of what is simulated; {len(missed)} miss it, in {families[1]} of {families[0]} "
        f"families, where chance alone would have about {by_chance(known)}"
    )
    return ". ".join([told, *sides(known, 6)]) + "."


def by_chance(rows: Sequence[Check]) -> int:
    """How many of these patterns would miss by chance alone, with their replications."""
    return round(sum(row.by_chance for row in rows if row.by_chance is not None))


def sides(rows: Sequence[Check], most: int) -> list[str]:
    """What is recorded above and what below, each with up to `most` names."""
    told = []
    for side in (ABOVE, BELOW):
        names = [row.label for row in rows if row.verdict == side]
        if names:
            more = f" and {len(names) - most} more" if len(names) > most else ""
            told.append(f"{side.capitalize()}: {'; '.join(names[:most])}{more}")
    return told
