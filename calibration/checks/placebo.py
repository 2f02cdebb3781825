"""Dates moved to where nothing happened."""

from __future__ import annotations

from calibration import placebo
from calibration.checks.asked import Answer, Asked


def check(asked: Asked) -> Answer:
    """Dates moved to where nothing happened must teach less than the real ones."""
    found = placebo.placebos(
        asked.plan, asked.record, asked.histories, tuple(placebo.KINDS), asked.workers,
        asked.progress,
    )  # fmt: skip
    rows = [{**row._asdict(), "fakes": " ".join(f"{f:.3g}" for f in row.fakes)} for row in found]
    return Answer(_placebo(found), rows)


def _placebo(found: list[placebo.Placebo]) -> list[str]:
    """What lies beyond every fake, and what p-value so few fakes can give it."""
    tries = len(found[0].fakes)
    beyond = [row.key for row in found if row.share == 0.0]
    return [
        f"further from the prior than by each of {tries} fake sets of dates: "
        f"{', '.join(beyond) or 'none'}",
        f"one beyond all fakes has p = {1.0 / (tries + 1.0):.3f}, the least that {tries} can give; "
        f"{len(found)} were tried, so one in {(tries + 1.0) / len(found):.1f} such tables has one "
        "by chance",
    ]
