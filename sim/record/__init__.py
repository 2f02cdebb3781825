"""The coded record of what was reported, read into a journal, and set beside published counts.

The record is a folder of CSV files (`seeds/record`, described in its README). `events.csv`
holds one row per event and every coding decision as data; `timeline.csv` adds dated marks
with the day each became known; `sources.csv` resolves citation keys; `published_counts.csv`
holds counts that others printed; `weapon_classes.csv`, if there, names weapon classes that
the code book lacks. Blank is unknown and stays ``None``; nothing becomes 0.
"""

from sim.record.cells import Parser
from sim.record.codes import (
    CLAIM_STATUSES,
    KINDS,
    PRECISIONS,
    QUALITIES,
    SIDES,
    SITE_CLASSES,
    WEAPON_CLASSES,
)
from sim.record.columns import CODED, COLUMNS, NEVER_BLANK, SHARED, SOURCES, TIMELINE
from sim.record.counts import PUBLISHED, PublishedCount, counts_beside, published
from sim.record.files import MAX_BYTES, data_dir, hash_of_data
from sim.record.journal import FIRST_DAY, LAST_DAY, known_until, left_out, read, tempo
from sim.record.reconciliation import Reconciliation, reconcile
from sim.record.rules import RULES, Share

__all__ = [
    "CLAIM_STATUSES",
    "CODED",
    "COLUMNS",
    "FIRST_DAY",
    "KINDS",
    "LAST_DAY",
    "MAX_BYTES",
    "NEVER_BLANK",
    "PRECISIONS",
    "PUBLISHED",
    "QUALITIES",
    "RULES",
    "SHARED",
    "SIDES",
    "SITE_CLASSES",
    "SOURCES",
    "TIMELINE",
    "WEAPON_CLASSES",
    "Parser",
    "PublishedCount",
    "Reconciliation",
    "Share",
    "counts_beside",
    "data_dir",
    "hash_of_data",
    "known_until",
    "left_out",
    "published",
    "read",
    "reconcile",
    "tempo",
]
