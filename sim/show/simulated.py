"""What simulation tells where there is no likelihood: a section of docs/identifiability.md."""

from __future__ import annotations

import csv
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

COMMAND = "rungs calibrate check=simulated"
NOT_YET = f"`{COMMAND}` has no committed result: whatever has no likelihood keeps its prior."
HEAD = (
    *("quantity", "on record", "place", "prior mean ± sd", "mean", "90 % interval"),
    *("contraction", "", "coverage 50 / 90 / 95 %"),
)


def section(path: Path) -> list[str]:
    """The section in Markdown.

    Args:
        path: `simulated.json`, beside it `simulated.csv`.
    """
    lines = ["## What has no likelihood", ""]
    if not path.is_file():
        return [*lines, NOT_YET, ""]
    told = json.loads(path.read_text(encoding="utf-8"))
    with path.with_suffix(".csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return [*lines, *_opening(told, rows), *_table(rows), *_proof(told), *_left(told)]


def _opening(told: Mapping[str, Any], rows: list[dict[str, str]]) -> list[str]:
    until = told["plan"]["until"]
    return [
        f"`{COMMAND}`: {told['verdict'][0]}. For each of these {len(rows)} the record before "
        f"{until} holds a count, a lag or a share that no likelihood reads for it. "
        f"{told['histories']:,} histories were simulated over the same window, these quantities "
        f"from their priors, what has a likelihood from the posterior `{told['posterior']}`, and "
        "reported as the record is. Each quantity was regressed on its summaries; of the "
        f"histories that tell of the same things, the {told['draws']} nearest (and those as "
        "near) are its posterior. Runs do not draw from it: they keep the priors.",
        "",
        "Read it with two reservations. A contraction is what the model learns from the events "
        "on record, and these are often one. And a count is taken as if the record listed every "
        "event of its kind.",
        "",
        "Conditional on:",
        "",
        *(f"- `{condition}`" for condition in told["conditions"]),
        "",
    ]


def _table(rows: list[dict[str, str]]) -> list[str]:
    ordered = sorted(rows, key=lambda row: -float(row["contraction"]))
    lines = [f"| {' | '.join(HEAD)} |", "|" + " --- |" * len(HEAD)]
    return [*lines, *(f"| {' | '.join(_cells(row))} |" for row in ordered), ""]


def _cells(row: dict[str, str]) -> list[str]:
    at = {k: f"{float(row[k]):.3g}" for k in ("prior_mean", "prior_sd", "mean", "low90", "high90")}
    covered = " / ".join(f"{float(row[f'coverage_{level}']):.0%}" for level in (50, 90, 95))
    return [
        f"`{row['key']}`",
        row["recorded"],
        f"{float(row['place']):.2f}",
        f"{at['prior_mean']} ± {at['prior_sd']}",
        at["mean"],
        f"{at['low90']} to {at['high90']}",
        f"{float(row['contraction']):.2f}",
        row["verdict"],
        covered if row["proven"] == "True" else f"**{covered}**",
    ]


def _proof(told: Mapping[str, Any]) -> list[str]:
    """How coverage came out, over histories that stand in for the record."""
    return [
        "*Place* is the record's among the histories that tell of the same things: near 0 or 1 "
        "the simulation hardly ever says what the record says. Coverage is over histories like "
        "the record that took its place, each left out of the table; bold where it fails:",
        "",
        *(f"- {line}" for line in told["verdict"][3:]),
        "",
    ]


def _left(told: Mapping[str, Any]) -> list[str]:
    """What the record has no summary of, by the reason."""
    count = sum(len(keys) for keys in told["left"].values())
    lines = [f"The record has no summary of {count} others; they keep their priors:", ""]
    for why, keys in told["left"].items():
        lines.append(f"- {why}: {', '.join(f'`{key}`' for key in keys)}")
    return [*lines, ""]
