"""One history of known truth, fitted at full length."""

from __future__ import annotations

from typing import Any

from calibration import proof
from calibration.checks.asked import Answer, Asked


def check(asked: Asked) -> Answer:
    """One history of known truth, fitted at full length: is the truth where it says it is?"""
    request = proof.Request(asked.plan, (), asked.seed, 0, asked.only, most=10_000)
    found = proof.work(request)
    rows: list[dict[str, Any]] = [
        {"quantity": key, "truth": found.truths[key], "low90": low, "median": middle,
         "high90": high, "inside": low <= found.truths[key] <= high}
        for key, (low, middle, high) in found.intervals.items()
    ]  # fmt: skip
    inside = sum(row["inside"] for row in rows)
    told = f"{inside} of {len(rows)} truths inside their 90 % interval, {found.attacks} attacks"
    return Answer([told], rows)
