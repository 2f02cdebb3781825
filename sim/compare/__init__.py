"""Simulated distributions beside the record: patterns, intervals, predictive p-values."""

from sim.compare.checks import Check, check, compare_with_record, record_patterns, to_json, verdict
from sim.compare.scores import predictive_p, quantile, range_p

__all__ = [
    "Check",
    "check",
    "compare_with_record",
    "predictive_p",
    "quantile",
    "range_p",
    "record_patterns",
    "to_json",
    "verdict",
]
