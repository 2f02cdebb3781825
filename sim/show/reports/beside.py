"""Several runs side by side: their measures in columns, and pairwise on the same draws."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sim.compare.alike import MEASURES, differ, paired, windows
from sim.compare.contrasts import Contrast
from sim.settings.scenario import Settings
from sim.show import figures, tables
from sim.show.figures.counts import percent
from sim.show.figures.differences import title
from sim.show.figures.table import rows
from sim.show.reports.parts import Grid, Part, Section, Verdict, pictured
from sim.show.reports.told import Told

HOLD = (
    "Nothing follows for policy from a difference before its sign is seen to hold over what the "
    "record can't tell (rungs branch … --signs)."
)


def together(sections: Sequence[Section], told: Sequence[Told]) -> Verdict:
    """The verdict on several studies: what differs between runs, then each one's own.

    Args:
        sections: all that the page tells of.
        told: the runs among them; the first is what others are compared with.
    """
    contrasts, reasons = _contrasts(told, names_of(told)) if len(told) > 1 else ([], [])
    differ = [f"{title(rows(contrasts))}.", *_sizes(contrasts)] if contrasts else []
    own = [f"{section.title}: {section.verdict.says[0]}" for section in sections]
    sure = [HOLD] if contrasts else []
    return Verdict(
        " ".join(f"({i}) {section.verdict.run}" for i, section in enumerate(sections, 1)),
        (*differ, *own),
        (*reasons, *sure, *dict.fromkeys(section.verdict.sure[-1] for section in sections)),
        tuple(dict.fromkeys(section.verdict.silent[-1] for section in sections)),
    )


def _sizes(contrasts: Sequence[Contrast], most: int = 3) -> list[str]:
    told = [c for c in contrasts if c.sign]
    return [
        f"{c.label}: {tables.number(c.mean)} against {tables.number(c.reference)}, difference "
        f"{tables.number(c.difference)} ({tables.paired(c)}) {c.unit}, over {c.replications} pairs."
        for c in told[:most]
    ]


def beside(told: Sequence[Told]) -> list[Part]:
    """What two or more runs show side by side; the first is what others are compared with."""
    names = names_of(told)
    contrasts, _ = _contrasts(told, names)
    text = "Medians with the central 90 %; of rungs the share of replications that reach them."
    notes = filter(None, (text, unlike(each.settings for each in told)))
    found = [Part("Side by side", tuple(notes), grid=_columns(told, names))]
    if contrasts:
        about = told[0].about._replace(run=" · ".join(each.about.run for each in told))
        found.append(
            pictured(
                "Paired differences", figures.differences(contrasts, about),
                f"{_pairs(contrasts)} replications under both, on the same draws: the mean "
                "difference with its 95 % interval, luck alone; the spread of parameters is in "
                "both. Side by side each run stands with all of its own.",
            )
        )  # fmt: skip
    reaches = [
        row._replace(policy=name)
        for each, name in zip(told, names, strict=True)
        for row in each.reaches
    ]
    found.append(
        pictured(
            "Time to a rung", figures.survival(reaches, told[0].about),
            "Kaplan and Meier's estimate with its 95 % interval. Replications that come to a "
            "sustained exchange first are censored there, so that a curve can end above the share "
            "in the table.",
        )
    )  # fmt: skip
    return found


def unlike(several: Iterable[Settings]) -> str:
    """What a reader must know of runs over other days; nothing where all have the same."""
    reason = windows(list(several))
    return f"Not like with like: {reason}." if reason else ""


def _pairs(contrasts: Sequence[Contrast]) -> str:
    """How many replications are paired, which is all that both runs have."""
    counts = sorted({c.replications for c in contrasts})
    return str(counts[0]) if len(counts) == 1 else f"{counts[0]} to {counts[-1]}"


def names_of(told: Sequence[Told]) -> list[str]:
    """What tells the runs apart: their policies, with their scenarios where the days differ; else
    their folders."""
    several = [each.settings for each in told]
    names = [s.retaliation.title for s in several]
    if windows(several):
        names = [f"{s.scenario.name}: {s.retaliation.title}" for s in several]
    return names if len(set(names)) == len(names) else [each.about.run for each in told]


def _contrasts(told: Sequence[Told], names: Sequence[str]) -> tuple[list[Contrast], list[str]]:
    """Every run against the first, and why some can't be paired."""
    found: list[Contrast] = []
    reasons = []
    for each, name in zip(told[1:], names[1:], strict=True):
        reason = differ(each.runs, told[0].runs)
        if reason is None:
            found += paired(each.runs, told[0].runs, (name, names[0]))
        else:
            reasons.append(f"{name} and {names[0]} are not paired: {reason}.")
    return found, reasons


def _columns(told: Sequence[Told], names: Sequence[str]) -> Grid:
    """Medians and central 90 % by run; shares of replications for rungs reached."""
    lines = []
    for column, measure in MEASURES.items():
        cells = [_cell(each, column) for each in told]
        unit = "share of replications" if measure.unit == "probability" else measure.unit
        lines.append((measure.label, unit, *cells))
    return Grid(("measure", "unit", *names), lines)


def _cell(told: Told, column: str) -> str:
    if column.startswith("true_days_to"):
        days = told.runs.arrow("replications")[column]
        return percent(1.0 - days.null_count / len(days))
    row = next(r for r in told.runs.arrow("summary").to_pylist() if r["measure"] == column)
    return f"{tables.number(row['median'])} ({tables.span(row['low90'], row['high90'])})"
