"""A branch study for a reader: contrasts and signs, as text and as JSON."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Sequence
from datetime import date
from statistics import fmean
from typing import Any

from sim.clock import to_date, to_datetime
from sim.compare.contrasts import Contrast, Findings
from sim.settings.posterior import manifest
from sim.settings.scenario import Settings
from sim.show import tables
from sim.show.tables import number
from sim.study.branching import Futures, Plan
from sim.study.outcomes import MEASURES
from sim.study.signs import ALIKE, AXES, HOLDS, OPEN, Line, Signs, moving


def text(title: str, found: Findings) -> str:
    """What a terminal shows."""
    plan, futures, record = found.plan, found.futures, found.record
    head = (
        f"{title}\n{futures.replications} futures of each policy, {window(plan)}; "
        f"{futures.ended}\n{of_record(plan, record)}"
    )
    parts = ["\n".join([head, *drawn_from(plan.settings, plan.cut), *exchanges(found)])]
    for policy in [name for name in plan.arms if name != plan.reference]:
        rows = [_row(c, record) for c in found.contrasts if c.policy == policy]
        heads = (
            *("", policy, plan.reference, "difference", "95 %", "corr.", "× runs"),
            column(plan, record),
        )
        parts.append(tables.table(rows, heads))
    key = (
        "corr.: over replications, on the same draws; × runs: how many times as many\n"
        "independent ones the same interval would need; alike: every pair differs by the same,\n"
        "which tells no interval; bound: of a probability, what so many alike leave possible.\n"
        "Intervals hold Monte Carlo noise and the spread of the parameters; --signs sweeps what\n"
        "the record can't tell. The state of a day is the highest rung of the trailing 14, of\n"
        "those before the cut too."
    )
    return "\n\n".join([*parts, key])


def exchanges(found: Findings) -> list[str]:
    """How many futures came to a sustained exchange, if any did, and what that means."""
    counts = {name: sustained(found.futures, name) for name in found.plan.arms}
    if not any(counts.values()):
        return []
    told = ", ".join(f"{name} {count}" for name, count in counts.items())
    return [
        f"futures that came to a sustained exchange: {told}; the two of a pair are measured\n"
        "up to the first in either, beyond which nothing is told"
    ]


def sustained(futures: Futures, policy: str) -> int:
    """How many of a policy's futures came to a sustained exchange."""
    return sum(row.get("sustained_exchange") is not None for row in futures.of(policy))


def window(plan: Plan) -> str:
    """From the cut to the horizon, with the hour where the cut has one."""
    start = plan.settings.scenario.start
    cut, end = (to_datetime(days, start) for days in (plan.cut, plan.end))
    if plan.cut % 1.0:
        return f"{cut:%Y-%m-%d %H:%M} to {end:%Y-%m-%d %H:%M}"
    return f"{cut:%Y-%m-%d} to {end:%Y-%m-%d}"


def of_record(plan: Plan, record: dict[str, Any]) -> str:
    """What the last column is, and how far it goes."""
    if not record:
        return f"{plan.source.words()} ends before the cut: nothing to lay beside"
    last = to_datetime(plan.cut + record["days_told"], plan.settings.scenario.start)
    attacks = record["rocket_attacks"] + record["convoy_attacks"]
    if plan.source.run is not None:
        return f"record: {plan.source.words()}, to {last:%Y-%m-%d}"
    return (
        f"record: as reported, to {last:%Y-%m-%d}; {record['harm_blank']} of {attacks} attacks "
        "leave the wounded blank, which adds nothing;\n"
        "policies: as it happens, reported or not"
    )


def drawn_from(settings: Settings, cut: float) -> list[str]:
    """A line on the posterior that parameters are drawn from, if there is one."""
    if settings.posterior is None:
        return []
    return [f"parameters: drawn from {fitted(settings, cut)}"]


def fitted(settings: Settings, cut: float) -> str:
    """The posterior that parameters are drawn from, with what it has seen beyond the cut."""
    name = str(settings.posterior)
    seen = date.fromisoformat(manifest(name)["until"])
    if seen <= to_date(cut, settings.scenario.start):
        return f"the posterior {name}"
    return f"the posterior {name}, which has seen the record beyond the cut, to {seen}"


def column(plan: Plan, record: dict[str, Any]) -> str:
    """The head of the record's column: with its days, where it ends before the horizon."""
    days = record.get("days_told")
    if days is None or days >= plan.end - plan.cut:
        return "record"
    return f"record ({days:g} d)"


def _row(c: Contrast, record: dict[str, Any]) -> tuple[str, ...]:
    return (
        f"{c.label} ({c.unit})",
        number(c.mean),
        number(c.reference),
        number(c.difference),
        tables.paired(c),
        tables.UNKNOWN if c.correlation is None else f"{c.correlation:.2f}",
        tables.UNKNOWN if c.variance_ratio is None else f"{c.variance_ratio:.1f}",
        number(record.get(c.measure)),
    )


def signs_text(found: Signs, plan: Plan) -> str:
    """The sign-flip table with its verdict."""
    first = next(iter(plan.arms))
    moved, shown = moving(plan.arms.values()), {line.axis for line in found.lines}
    off = [axis for axis in AXES if axis not in moved]
    fixed = [axis for axis in moved if axis not in shown]
    heads = ("axis", "level", "value", "draws", "difference", "more", "less", "unresolved")
    return "\n".join(
        [
            f"{found.measure}: {first} minus {plan.reference}, {found.draws} draws of "
            f"{found.futures} futures each",
            *drawn_from(plan.settings, plan.cut),
            tables.table(map(_level, found.lines), heads),
            "more, less: draws whose own 95 % interval leaves out zero",
            *([f"off under every policy, not swept: {', '.join(off)}"] if off else []),
            *([f"fixed by the configuration, not swept: {', '.join(fixed)}"] if fixed else []),
            "in every world the stock of rounds counts, which it does not by default",
            f"all draws: {number(found.difference)} on average",
            f"their signs: {resolved(found)} (claimed from {HOLDS:.0%})",
            f"verdict: {verdict(found, first, plan.reference)}",
        ]
    )


def _level(line: Line) -> tuple[object, ...]:
    low, high = number(line.low), number(line.high)
    value = low if low == high else f"{low} to {high}"
    counts = line.more, line.less, line.unresolved
    return line.axis, line.level, value, line.draws, number(line.difference), *counts


def resolved(found: Signs) -> str:
    """How many worlds have which sign."""
    told = f"{found.more} more, {found.less} less, {found.unresolved} unresolved"
    return f"{told}, {found.same} of these without any difference" if found.same else told


def verdict(found: Signs, first: str, reference: str) -> str:
    """What may be concluded, in a sentence."""
    words, told = {m.name: m.label for m in MEASURES}[found.measure], found.verdict
    if told in ("more", "less"):
        average = "more" if found.difference > 0.0 else "less"
        but = "" if average == told else f", though {average} on average over all worlds"
        return f"{told} under {first} than under {reference}: {words}{but}"
    if told == ALIKE:
        return f"{told} under {first} and under {reference}, as far as these go: {words}"
    if told == OPEN:
        many = f"{found.unresolved} of {found.draws} worlds"
        return f"{told}: the signs of {many} are not resolved with futures={found.futures}"
    return told


def as_json(found: Findings) -> dict[str, Any]:
    """One object: the contrasts, and each policy's futures in brief."""
    plan, futures, told = found.plan, found.futures, found.contrasts
    return {
        "contrasts": [c._asdict() for c in told],
        "futures": [
            {
                "policy": name,
                "replications": futures.replications,
                "sustained_exchanges": sustained(futures, name),
                "highest_rung": highest(futures, name),
                "share_of_days": days_on(futures.of(name)),
                "means": _means(futures.of(name)),
            }
            for name in plan.arms
        ],
        "record": {k: v for k, v in found.record.items() if not k.startswith("path_")},
        "ended": futures.ended,
    }


def _means(rows: Sequence[dict[str, Any]]) -> dict[str, float]:
    return {m.name: fmean(row[m.name] for row in rows) for m in MEASURES}


def highest(futures: Futures, policy: str) -> dict[str, float]:
    """The share of a policy's futures whose highest rung is this one."""
    counts = Counter(int(row["highest_rung"]) for row in futures.of(policy))
    return {str(rung): counts[rung] / futures.replications for rung in range(11)}


def days_on(rows: Sequence[dict[str, Any]]) -> dict[str, float]:
    """The share of all days that futures spend in each state of the ladder."""
    days = {str(rung): sum(row[f"days_on_{rung}"] for row in rows) for rung in range(11)}
    total = sum(days.values())
    return {rung: count / total for rung, count in days.items()}


def as_csv(told: Sequence[Contrast]) -> str:
    """The contrasts as CSV, unknown left blank."""
    written = io.StringIO()
    writer = csv.writer(written, lineterminator="\n")
    writer.writerow(Contrast._fields)
    writer.writerows(told)
    return written.getvalue()
