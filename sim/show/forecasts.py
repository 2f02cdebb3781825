"""Forecasts and their scores for a reader: as text, as JSON, as CSV."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from textwrap import fill
from typing import Any

from sim.show import tables
from sim.show.forecast_tables import OURS, Table, Told, ahead

VERDICTS = {True: "met", False: "MISSED", None: "not judged"}
MANY = 6
"""So many Mondays are named."""
LADDER = {4: "brier4", 6: "brier6", 7: "brier7"}
KEY = (
    "CRPS and interval score (50 % and 90 %) in attacks, lower is better; log score in nats, "
    "higher is better. less: the simulator's CRPS less this one's, below 0 where the simulator is "
    "better, 90 % by block bootstrap (four weeks: too narrow, it held the truth in 71 % of cases; "
    "thirteen: none). gain: nats per attack that the simulator gains on this one. N: the chance of "
    "at least and of at most as many attacks as came in all weeks."
)
BRIER_KEY = (
    "Brier score of whether a rung so high is reached, lower is better. A baseline says of the "
    "rungs only whether any attack comes; climatology is the share of past windows."
)


# -- text ------------------------------------------------------------------------------------


def text(told: Told) -> str:
    """What a terminal shows: the aims first."""
    parts = [told.about["title"], aims_text(told), "\n".join(map(_wrap, lines(told.about)))]
    for weeks in told.horizons:
        head = f"{ahead(weeks)} ahead, {told.about['origins'][str(weeks)]} origins"
        rows = [score_row(told, score, weeks) for score in told.at(weeks)]
        parts.append(f"{head}\n{tables.table(rows, heads(weeks))}\n{_wrap(outside(told, weeks))}")
    parts.append(_wrap(KEY))
    parts.append(f"rungs reached\n{tables.table(brier_rows(told), brier_heads(told))}")
    return "\n\n".join([*parts, _wrap(BRIER_KEY)])


def _wrap(line: str) -> str:
    return fill(line, tables.WIDTH)


def lines(about: Mapping[str, Any]) -> list[str]:
    """What was forecast, from when, by what."""
    counts = ", ".join(f"{n} of {ahead(int(weeks))}" for weeks, n in about["origins"].items())
    return [
        "; ".join(_seen(posterior) for posterior in about["posteriors"]) + ".",
        f"Forecasts are made each Monday from {about['first']} to before {about['last']}; windows "
        f"that end by {about['end']}, where the record does, count: {counts}.",
        f"{about['draws']} futures of each origin, {about['baseline_draws']} draws of each "
        f"baseline, seed {about['seed']}. What is counted is what would be reported.",
    ]


def _seen(posterior: Mapping[str, Any]) -> str:
    return f"Posterior {posterior['name']}, which has seen the record until {posterior['until']}"


def aims_text(told: Told) -> str:
    """Each aim with its size, below how many are met."""
    found = [f"{VERDICTS[aim['met']]:<11}{aim['name']}: {aim['told']}" for aim in told.aims]
    wrapped = [fill(line, tables.WIDTH, subsequent_indent=" " * 11) for line in found]
    return "\n".join([verdict(told.aims), *wrapped])


def verdict(aims: Table) -> str:
    """How many aims are met, in a sentence."""
    return f"{counted(aims, True)}; they were fixed in advance, nothing was tuned."


def counted(aims: Table, met: bool) -> str:
    """How many of the judged aims are met, or missed; those that could not be judged apart.

    >>> counted([{"met": True}, {"met": False}, {"met": None}], False)
    '1 of 2 aims are missed, 1 more could not be judged'
    """
    judged = [aim for aim in aims if aim["met"] is not None]
    found = sum(aim["met"] == met for aim in judged)
    rest = len(aims) - len(judged)
    more = f", {rest} more could not be judged" if rest else ""
    return f"{found} of {len(judged)} aims are {'met' if met else 'missed'}{more}"


def heads(weeks: int) -> tuple[str, ...]:
    """The columns of `score_row`."""
    of_week = ("gain", "90 %", "N ≥", "N ≤") if weeks == 1 else ()
    return (
        *("", "CRPS", "less", "90 %", "better", "interval", "in 50 %", "in 90 %", "log score"),
        *of_week,
    )


def score_row(told: Told, score: Mapping[str, Any], weeks: int) -> tuple[str, ...]:
    """One forecaster at one horizon."""
    line = told.against(score["model"], weeks)
    of_week = (
        *(signed(line.get("gain")), ends(line, "gain_low90", "gain_high90")),
        *(chance(score["least"]), chance(score["most"])),
    )
    return (
        score["model"],
        fixed(score["crps"]),
        signed(line.get("crps_difference")),
        ends(line, "low90", "high90"),
        share(line.get("better")),
        fixed(score["interval_score"]),
        share(score["coverage50"]),
        share(score["coverage90"]),
        fixed(score["log_score"]),
        *(of_week if weeks == 1 else ()),
    )


def outside(told: Told, weeks: int) -> str:
    """The Mondays from which more or less came than our 90 % interval holds."""
    found = [row for row in told.outside() if row["horizon_weeks"] == weeks]
    sides = {
        "More came": [str(row["origin"]) for row in found if row["observed"] > row["high90"]],
        "Fewer came": [str(row["origin"]) for row in found if row["observed"] < row["low90"]],
    }
    if not found:
        return f"Every count lies inside the 90 % interval of {OURS}."
    held = f"than the 90 % interval of {OURS} holds"
    return " ".join(f"{side} {held} after {_mondays(d)}." for side, d in sides.items() if d)


def _mondays(dates: list[str]) -> str:
    more = f" and {len(dates) - MANY} more" if len(dates) > MANY else ""
    return ", ".join(dates[:MANY]) + more


def fixed(value: float | None) -> str:
    """Three figures after the point below ten, two above."""
    if value is None:
        return tables.UNKNOWN
    return f"{value:.3f}" if abs(value) < 10 else f"{value:.2f}"


def signed(value: float | None) -> str:
    """As `fixed`, with its sign."""
    return tables.UNKNOWN if value is None else f"{value:+.3f}"


def share(value: float | None) -> str:
    """A share in per cent."""
    return tables.UNKNOWN if value is None else f"{100 * value:.0f} %"


def chance(value: float | None) -> str:
    """A probability in two figures."""
    return tables.UNKNOWN if value is None else f"{value:.2f}"


def ends(line: Mapping[str, Any], low: str, high: str) -> str:
    """An interval, where there is one."""
    if line.get(low) is None:
        return tables.UNKNOWN
    return f"{line[low]:+.2f} to {line[high]:+.2f}"


def brier_heads(told: Told) -> tuple[str, ...]:
    """The columns of `brier_rows`."""
    return ("", "rung", *(ahead(weeks) for weeks in told.horizons))


def brier_rows(told: Told) -> list[tuple[str, ...]]:
    """By rung, how often it was reached and who foresaw it how well."""
    found = []
    for rung, column in LADDER.items():
        found.append(("reached in", f"≥ {rung}", *(reached(told, rung, w) for w in told.horizons)))
        for name in dict.fromkeys(s["model"] for s in told.scores if s[column] is not None):
            losses = {s["horizon_weeks"]: s[column] for s in told.scores if s["model"] == name}
            found.append((name, f"≥ {rung}", *(fixed(losses.get(w)) for w in told.horizons)))
    return found


def reached(told: Told, rung: int, weeks: int) -> str:
    """In how many of the windows a rung was reached."""
    asked = (OURS, rung, weeks)
    keys = ("forecaster", "rung", "horizon_weeks")
    mine = [row for row in told.reached if tuple(row[key] for key in keys) == asked]
    return f"{sum(bool(row['reached']) for row in mine)} of {len(mine)}"


# -- files -----------------------------------------------------------------------------------


def as_json(told: Told) -> dict[str, Any]:
    """One object: the scores, the gains, the aims."""
    gains = [c for c in told.comparisons if c["horizon_weeks"] == 1]
    return {
        **told.about,
        "aims": list(told.aims),
        "scores": [s for s in told.scores if s["crps"] is not None],
        "climatology": [s for s in told.scores if s["crps"] is None],
        "outside": told.outside(),
        "information_gain": {c["baseline"]: c["gain"] for c in gains},
        "comparisons": list(told.comparisons),
    }


def as_csv(told: Told) -> str:
    """Every score and comparison, a line for each forecaster and horizon; unknown left blank."""
    lines = [_line(told, score) for score in told.scores]
    written = io.StringIO()
    heads = list(dict.fromkeys(name for line in lines for name in line))
    writer = csv.DictWriter(written, heads, lineterminator="\n")
    writer.writeheader()
    writer.writerows(lines)
    return written.getvalue()


def _line(told: Told, score: Mapping[str, Any]) -> dict[str, Any]:
    """A score, and beside it our comparison with it where it is a baseline's."""
    compared = dict(told.against(score["model"], score["horizon_weeks"]))
    compared.pop("baseline", None)
    return {**score, "pit": " ".join(map(str, score["pit"])), **compared}
