"""The code book: the names that cells may hold, and what each kind of row becomes."""

from __future__ import annotations

from sim.events import Kind, Side

KINDS = {
    "indirect_fire": Kind.ROCKET_ATTACK,
    "drone_attack": Kind.ROCKET_ATTACK,
    "ied_convoy": Kind.CONVOY_ATTACK,
    "found_rockets": Kind.FOILED_ATTACK,
    "us_strike": Kind.AIRSTRIKE,
    "suspected_strike": Kind.DEPOT_BLAST,
    "iran_strike": Kind.STATE_MISSILE_STRIKE,
    "handover": Kind.SITE_CLOSED,
    "defence_deployment": Kind.DEFENCE_FIELDED,
    "arrest": Kind.ARREST,
    "political": Kind.CONTEXT,
    "other": Kind.CONTEXT,
}
"""What a row of each kind becomes where its column `event_kind` says nothing."""

SIDES = {
    Kind.ROCKET_ATTACK: Side.MILITIA,
    Kind.CONVOY_ATTACK: Side.MILITIA,
    Kind.FOILED_ATTACK: Side.MILITIA,
    Kind.TRUCE_BREAK: Side.MILITIA,
    Kind.AIRSTRIKE: Side.US,
    Kind.LEADERSHIP_STRIKE: Side.US,
    Kind.SITE_CLOSED: Side.US,
    Kind.DEFENCE_FIELDED: Side.US,
    Kind.STATE_MISSILE_STRIKE: Side.IRAN,
    Kind.ARREST: Side.IRAQ,
    Kind.DEPOT_BLAST: Side.UNATTRIBUTED,
}
"""Whose act a row is where its column `side` says nothing."""

SITE_CLASSES = (
    "embassy_zone",
    "airport",
    "training_base",
    "other_base",
    "erbil",
    "convoy_route",
    "commercial",
    "militia_site",
)
WEAPON_CLASSES = (
    "rocket",
    "rocket_107mm",
    "rocket_122mm",
    "mortar",
    "rocket_or_mortar",
    "drone",
    "ied",
    "ballistic_missile",
)
"""A class that is new to a journal raises a rung, so a slip in one would; a record that needs
more names them in `weapon_classes.csv` beside it."""
PRECISIONS = ("day", "week", "month")
QUALITIES = ("A", "B", "C")
CLAIM_STATUSES = ("confirmed", "claimed")
