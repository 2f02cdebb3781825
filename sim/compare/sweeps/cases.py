"""Which points of a sweep are cases of interest: a rule in words, on a measure's mean."""

from __future__ import annotations

import operator
import re
from typing import NamedTuple

import numpy as np

from sim.compare.sweeps.table import Array, Mask
from sim.errors import InputError, nearest
from sim.study.intervals import interval
from sim.study.outcomes import CURVES, MEASURES, limits_of

SIGNS = {">=": operator.ge, "<=": operator.le, ">": operator.gt, "<": operator.lt}
WRITTEN = re.compile(r"\s*(\w+)\s*(>=|<=|>|<)\s*(\S+)\s*")


class Rule(NamedTuple):
    """A measure's mean over replications on one side of a threshold."""

    measure: str
    sign: str
    threshold: float

    def __str__(self) -> str:
        return f"{self.measure} {self.sign} {self.threshold:g}"

    def holds(self, means: Array) -> Mask:
        """At which points."""
        held: Mask = SIGNS[self.sign](means, self.threshold)
        return held

    def unsure(self, outcomes: Array) -> int | None:
        """At how many points the 95 % interval of the mean holds the threshold.

        Unknown with one replication. Points whose replications agree count where their bound,
        which a probability alone has, holds it.
        """
        if outcomes.shape[1] < 2:
            return None
        spans = [interval(each, limits_of(self.measure)) for each in outcomes.tolist()]
        return sum(span is not None and span[0] < self.threshold < span[1] for span in spans)


def rule(text: str) -> Rule:
    """Read a rule.

    Raises:
        InputError: no rule, no such measure, no number.

    >>> rule("rocket_attacks > 60")
    Rule(measure='rocket_attacks', sign='>', threshold=60.0)
    """
    told = WRITTEN.fullmatch(text)
    if told is None:
        raise InputError(f"cases={text}: a rule is MEASURE > NUMBER (or >=, <, <=)")
    measure, sign, limit = told.groups()
    valid = [m.name for m in MEASURES] + list(CURVES)
    if measure not in valid:
        raise InputError(f"cases={text}: no measure {measure}; {nearest(measure, valid)}")
    try:
        threshold = float(limit)
    except ValueError:
        threshold = float("nan")
    if not np.isfinite(threshold):
        raise InputError(f"cases={text}: {limit} is no number")
    return Rule(measure, sign, threshold)
