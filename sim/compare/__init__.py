"""The predictive check: each recorded pattern in its simulated distribution, with a p-value."""

from sim.compare.checks import (
    ABOVE,
    BELOW,
    Check,
    chance_of_a_miss,
    check,
    compare_with_record,
    published_patterns,
    record_patterns,
    to_json,
    verdict,
)
from sim.compare.labels import FAMILIES
from sim.compare.scores import Tails, predictive_p, quantile, range_p, tails
from sim.compare.words import by_chance, in_words, sides

__all__ = [
    "ABOVE",
    "BELOW",
    "FAMILIES",
    "Check",
    "Tails",
    "by_chance",
    "chance_of_a_miss",
    "check",
    "compare_with_record",
    "in_words",
    "predictive_p",
    "published_patterns",
    "quantile",
    "range_p",
    "record_patterns",
    "sides",
    "tails",
    "to_json",
    "verdict",
]
