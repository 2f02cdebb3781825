"""The section of a branch study: what a policy changes from a date on, on the same draws."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from sim.compare.contrasts import Findings, findings
from sim.compare.tables import reaches_of_futures
from sim.errors import InputError
from sim.settings.compose import judge
from sim.show import branches, figures
from sim.show.figures import About, of_manifest
from sim.show.figures.differences import title as told_apart
from sim.show.figures.shares import RECORD
from sim.show.figures.table import rows
from sim.show.reports import stress
from sim.show.reports.assumptions import assumptions
from sim.show.reports.limits import LIMITS
from sim.show.reports.page import page
from sim.show.reports.parts import PROVENANCE, Grid, Part, Section, Verdict, pictured, plain
from sim.show.tables import UNKNOWN, number, paired
from sim.study.branching import Futures, Plan, Source
from sim.study.folder import RunFolder

SIGNS = "signs.json"
"""Where `rungs branch --signs` leaves what it found in the study's folder."""
UNSURE = (
    "Nothing follows from a difference before its sign is seen to hold over what the record can't "
    "tell: rungs branch … --signs asks that."
)


def read(path: Path) -> tuple[str, Findings]:
    """A branch study from its folder: its title and what it found.

    Raises:
        InputError: it is not complete, or cannot be read.
    """
    folder = RunFolder.open(path)
    told = folder.manifest()
    if told.get("status") != "complete":
        raise InputError(f"{path}: the study is {told.get('status')}, not complete")
    folder.refuse_lost()
    try:
        made = folder.table("futures.parquet").to_pylist()
        arms = {name: judge(settings) for name, settings in told["policies"].items()}
        futures = Futures(made, len(made) // len(arms), str(told["ended_because"]))
        end = float(told["cut"]) + max(row["days_told"] for row in made)
        plan = Plan(
            arms, float(told["cut"]), float(told.get("end", end)), Source(*told["source"]),
            futures.replications,
        )  # fmt: skip
    except (OSError, KeyError, TypeError, ValueError) as error:
        raise InputError(f"{path}: cannot be read ({error})") from None
    return str(told.get("title", path.name)), findings(plan, futures)


def save(folder: RunFolder, title: str, found: Findings) -> None:
    """Write the tables into the study's folder."""
    plan, futures = found.plan, found.futures
    arms = {k: s.model_dump(mode="json") for k, s in plan.arms.items()}
    folder.note(
        title=title,
        policies=arms,
        cut=plan.cut,
        end=plan.end,
        source=list(plan.source),
        ended_because=futures.ended,
        replications=futures.replications,
    )
    folder.write_table("futures.parquet", futures.table())
    folder.write("contrasts.csv", branches.as_csv(found.contrasts).encode())


def save_page(folder: RunFolder, title: str, found: Findings) -> dict[str, Path]:
    """Write the page of a finished study, whose manifest tells how it ended; what lies where."""
    told = section(title, found, folder.path, folder.manifest())
    folder.write("report.html", page(title, [told]).encode())
    names = {"report": "report.html", "table": "contrasts.csv", "futures": "futures.parquet"}
    return {what: folder.path / name for what, name in names.items()}


def section(title: str, found: Findings, path: Path, manifest: dict[str, Any]) -> Section:
    """A branch study for a reader."""
    plan, futures, record = found.plan, found.futures, found.record
    about = of_manifest(path.name, manifest)
    signs = _signs(path)
    return Section(
        title,
        "a branch study",
        f"{branches.of_record(plan, record)}.".replace("\n", " "),
        verdict(found, manifest, signs),
        tuple(
            [
                pictured(
                    "What differs", figures.differences(found.contrasts, about),
                    "Each future under both policies, on the same draws: the mean difference with "
                    "its 95 % interval.",
                ),
                *_signs_part(signs, about),
                pictured(
                    "When each rung is reached",
                    figures.survival(reaches_of_futures(futures, plan, record), about),
                    "In days from the cut, with censoring at the horizon and at a sustained "
                    "exchange.",
                ),
                *_shares(found, about),
                _contrasts(found),
                Part("What the record can't tell", LIMITS),
                assumptions(plan.settings, manifest.get("posterior")),
                stress.part(plan.settings, manifest),
            ]
        ),
        plain(manifest, (*PROVENANCE[:7], "ended_because", *PROVENANCE[7:])),
    )  # fmt: skip


def verdict(
    found: Findings, manifest: dict[str, Any], signs: dict[str, Any] | None = None
) -> Verdict:
    """What the first screen says of a branch study."""
    plan, futures = found.plan, found.futures
    sure = [
        "Intervals hold Monte Carlo noise and the spread of the parameters, which are drawn from "
        + (f"{branches.fitted(plan.settings, plan.cut)}." if plan.settings.posterior
           else "their priors: the model has not been fitted to the record's tempo."),
        UNSURE if signs is None else _signs_words(signs),
    ]  # fmt: skip
    return Verdict(
        f"{futures.replications} futures of each of {', '.join(plan.arms)} from "
        f"{branches.window(plan)}, on the same draws; {futures.ended}. Seed {manifest['seed']}.",
        (f"{told_apart(rows(found.contrasts))}.", *_sizes(found), *_exchanges(found)),
        tuple(sure),
        (f"{branches.of_record(plan, found.record)}.".replace("\n", " "), _alone(found)),
    )


def _sizes(found: Findings, most: int = 3) -> list[str]:
    """The differences that are told apart, with their intervals."""
    told = [c for c in found.contrasts if c.sign]
    return [
        f"{c.label}: {number(c.mean)} under {c.policy}, {number(c.reference)} under {c.against}, "
        f"difference {number(c.difference)} ({paired(c)}) {c.unit}."
        for c in told[:most]
    ]


def _exchanges(found: Findings) -> list[str]:
    """How many futures were cut short, as a sentence."""
    told = [line.replace("\n", " ") for line in branches.exchanges(found)]
    return [f"{line[0].upper()}{line[1:]}." for line in told]


def _alone(found: Findings) -> str:
    """What the record's single path says of the policies."""
    if not found.record:
        return "It holds no future to compare with."
    return (
        "It holds one future, under one policy: what would have come of "
        f"{' or '.join(name for name in found.plan.arms if name != found.plan.reference)} "
        "is not in it."
    )


def _shares(found: Findings, about: About) -> list[Part]:
    plan, futures, record = found.plan, found.futures, found.record
    high = {name: branches.highest(futures, name) for name in plan.arms}
    days = {name: branches.days_on(futures.of(name)) for name in plan.arms}
    if record:
        high[RECORD] = {str(rung): float(rung == record["highest_rung"]) for rung in range(11)}
        days[RECORD] = branches.days_on([record])
    return [
        pictured("How high the futures climb",
                 figures.shares(_rows(high), "futures by their highest rung", about)),
        pictured("Days on each rung",
                 figures.shares(_rows(days), "days by the state of the ladder", about),
                 "The highest rung of the trailing 14 days, of those before the branch too; the "
                 "record's own as far as it goes."),
    ]  # fmt: skip


def _rows(shares: dict[str, dict[str, float]]) -> list[dict[str, Any]]:
    return [
        {"name": name, "rung": int(rung), "share": share}
        for name, own in shares.items()
        for rung, share in own.items()
    ]


def _contrasts(found: Findings) -> Part:
    reference = found.plan.reference
    heads = (
        *("measure", "policy", "mean", f"under {reference}", "difference", "95 %"),
        *("correlation", "× runs", "record"),
    )
    lines = [
        (
            f"{c.label} ({c.unit})",
            c.policy,
            number(c.mean),
            number(c.reference),
            number(c.difference),
            paired(c),
            UNKNOWN if c.correlation is None else f"{c.correlation:.2f}",
            UNKNOWN if c.variance_ratio is None else f"{c.variance_ratio:.1f}",
            number(found.record.get(c.measure)),
        )
        for c in found.contrasts
    ]
    text = (
        "× runs: how many times as many independent replications the same interval would need; "
        "alike: every pair differs by the same, which tells no interval; bound: of a probability, "
        "what so many alike leave possible."
    )
    return Part("Every measure", (text,), grid=Grid(heads, lines))


def _signs(path: Path) -> dict[str, Any] | None:
    """The sign-flip table that `rungs branch --signs` left, if it did."""
    try:
        told = json.loads((path / SIGNS).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return told if isinstance(told, dict) and "unresolved" in told else None


def _signs_words(signs: dict[str, Any]) -> str:
    return (
        f"Over what the record can't tell, of {signs['measure'].replace('_', ' ')}: "
        f"{signs['verdict']}; the difference is more in {signs['more']} and less in "
        f"{signs['less']} of {signs['draws']} worlds, and not resolved in {signs['unresolved']} "
        f"by {signs['futures']} futures each."
    )


def _signs_part(signs: dict[str, Any] | None, about: About) -> list[Part]:
    if signs is None:
        return []
    words = signs["measure"].replace("_", " ")
    figure = figures.signs(signs["lines"], words, signs["verdict"], about)
    return [pictured("Does the sign hold", figure, "Each axis is what the record can't tell.")]
