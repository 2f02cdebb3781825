"""What a reader of the public record would see of a journal, and its patterns as numbers.

A simulated journal holds the truth; the record holds reports. So a simulation is first
reduced to what would have been reported, with the record's own blanks, and only then
measured. Recorded and reported journals go through the same functions. A pattern that
nothing known bears on is ``None``: unknown, never zero.
"""

from sim.measures.marks import CLASSES
from sim.measures.patterns import WEEKS, patterns, weekly_counts
from sim.measures.published import PREFIX, Window, printed, published_totals
from sim.measures.seen import Mask, half_year, mask_of, recorded, reported
from sim.measures.tempo import months_of
from sim.measures.values import Choice, Patterns, value

__all__ = [
    "CLASSES",
    "PREFIX",
    "WEEKS",
    "Choice",
    "Mask",
    "Patterns",
    "Window",
    "half_year",
    "mask_of",
    "months_of",
    "patterns",
    "printed",
    "published_totals",
    "recorded",
    "reported",
    "value",
    "weekly_counts",
]
