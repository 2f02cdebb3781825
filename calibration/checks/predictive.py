"""Every recorded pattern in what a posterior simulates: the predictive check, in sample."""

from __future__ import annotations

from typing import Any

from calibration.checks.asked import Answer, Asked
from sim import record
from sim.compare import FAMILIES, Check, compare_with_record, in_words
from sim.settings.compose import load
from sim.settings.posterior import manifest
from sim.settings.scenario import Settings
from sim.study import runs
from sim.study.folder import identity


def check(asked: Asked) -> Answer:
    """Every recorded pattern beside `draws` replications of the posterior's own scenario.

    The same numbers as `rungs compare posterior=NAME replications=DRAWS`; of the fit nothing
    counts.
    """
    settings = settings_of(asked)
    ran = runs.run(settings, progress=asked.progress, record_path=asked.record)
    found = compare_with_record(ran, asked.record)
    about = {
        **asked.drawn_from(),
        "record_sha256": record.hash_of_data(asked.record),
        "identity": identity(settings, asked.record),
    }
    return Answer([in_words(found)], [row(one) for one in found if recorded(one)], about)


def settings_of(asked: Asked) -> Settings:
    """The scenario that a posterior was fitted to, drawn from it."""
    scenario = manifest(asked.posterior)["scenario"]
    named = (f"scenario={scenario}", f"posterior={asked.posterior}", f"seed={asked.seed}")
    return load([*named, f"replications={asked.draws}", f"workers={asked.workers}"])


def recorded(one: Check) -> bool:
    """Whether the record knows of a pattern, if only within a range."""
    return (one.recorded_low, one.recorded_high) != (None, None)


def row(one: Check) -> dict[str, Any]:
    """A pattern as a line of the table."""
    return {
        "label": one.label,
        "family": FAMILIES[one.group],
        "recorded": one.recorded,
        "recorded_low": one.recorded_low,
        "recorded_high": one.recorded_high,
        "median": one.median,
        "low90": one.low90,
        "high90": one.high90,
        "p_value": one.p_value,
        "verdict": one.verdict,
    }
