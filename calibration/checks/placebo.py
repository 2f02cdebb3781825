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
    """What stands out, with the smallest p-value that so many fakes can give."""
    tries = len(found[0].fakes)
    stands = [row.key for row in found if (row.share * tries + 1.0) / (tries + 1.0) < 0.05]
    beyond = [row.key for row in found if row.share == 0.0]
    return [
        f"real dates stand out from fake ones (p under 0.05) for: {', '.join(stands) or 'none'}",
        f"{tries} fake sets of dates a kind: p is {1.0 / (tries + 1.0):.2f} at least; further from "
        f"the prior than every fake: {', '.join(beyond) or 'none'}",
    ]
