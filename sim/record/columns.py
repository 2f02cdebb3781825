"""The schema: the columns of each file of the record, and the parser of each column's cells."""

from __future__ import annotations

from collections.abc import Mapping

from sim.events import HARM, QUANTITIES, Kind, Side
from sim.record.cells import Parser, count, day, one_of, some, yes_no
from sim.record.codes import CLAIM_STATUSES, KINDS, PRECISIONS, QUALITIES, SITE_CLASSES


def count_columns(quantity: str) -> tuple[str, str, str]:
    """The columns that hold a quantity's best value, its low and its high end."""
    if quantity in HARM:
        return quantity, f"{quantity}_low", f"{quantity}_high"
    stem = f"rounds_{quantity}"
    best = stem if quantity in ("intercepted", "impacted") else f"{stem}_best"
    return best, f"{stem}_low", f"{stem}_high"


SHARED: Mapping[str, Parser] = {
    "event_id": str,
    **dict.fromkeys(("date", "date_low", "date_high"), day),
    "date_precision": one_of(PRECISIONS),
    "order_in_day": count,
    "kind": one_of(KINDS),
    **dict.fromkeys(("location", "region"), str),
    "site_class": one_of(SITE_CLASSES),
    **dict.fromkeys(("target", "weapon", "weapon_class"), str),
    **dict.fromkeys(("rounds_fired_low", "rounds_fired_high"), count),
    **dict.fromkeys(("rounds_impacted", "rounds_intercepted"), count),
    "in_compound": yes_no,
    **dict.fromkeys((harm for harm in HARM if not harm.startswith("militia")), count),
    **dict.fromkeys(("claimed_by", "attributed_to", "cause", "cause_reason"), str),
    **dict.fromkeys(("overlaps", "sources"), str),
    "quality": one_of(QUALITIES),
    "note": str,
}
"""The columns that every record in this schema has."""

CODED: Mapping[str, Parser] = {
    "event_kind": one_of(Kind),
    **dict.fromkeys(("subtype", "coding_reason"), str),
    "side": one_of(Side),
    "entry": yes_no,
    "site": str,
    **dict.fromkeys(("known_from", "due"), day),
    "units": some,
    "claim_status": one_of(CLAIM_STATUSES),
    "tempo": yes_no,
    "doubt": str,
    **{column: count for quantity in QUANTITIES for column in count_columns(quantity)},
}
"""The columns a record may add: how its rows were coded, and what their notes hold."""

COLUMNS: Mapping[str, Parser] = {**SHARED, **CODED}
NEVER_BLANK = frozenset(
    ("event_id", "date", "date_low", "date_high", "date_precision", "kind", "quality")
)

TIMELINE: Mapping[str, Parser] = {
    **dict.fromkeys(("date", "known_from"), day),
    "mark": str,
    "kind": one_of(Kind),
    "quality": one_of(QUALITIES),
    **dict.fromkeys(("note", "event_id", "subtype", "cause"), str),
    "order_in_day": count,
}
SOURCES: Mapping[str, Parser] = dict.fromkeys(("key", "citation", "url"), str)
WEAPONS: Mapping[str, Parser] = dict.fromkeys(("name", "meaning"), str)
