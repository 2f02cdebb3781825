"""The section of a sweep: what matters among what was varied."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import hypot
from pathlib import Path
from typing import Any

from sim.compare.labels import LABELS
from sim.compare.sweeps.analysis import Analysis, Question, analysed, questions
from sim.compare.sweeps.boxes import Box, Discovery
from sim.compare.sweeps.effects import Effects, Level
from sim.compare.sweeps.morris import Morris
from sim.compare.sweeps.ranking import Ranking
from sim.compare.sweeps.sobol import Sobol
from sim.show import figures, sweeps
from sim.show.figures import About, of_manifest
from sim.show.figures.counts import plural
from sim.show.figures.sensitivity import title as matters
from sim.show.reports import stress
from sim.show.reports.assumptions import assumptions
from sim.show.reports.configured import settings_of
from sim.show.reports.limits import BRIEFLY, LIMITS
from sim.show.reports.parts import PROVENANCE, Part, Section, Verdict, grid_of, pictured, plain
from sim.study.outcomes import MEASURES
from sim.study.swept import Sweep

ASKED = ("rocket_attacks", "reaches_eight")
"""The measures that every report tells of; what `rungs sweep` was asked beside comes after."""
Ranges = dict[str, tuple[float, float]]
"""Least and most, by factor."""
UNITS = {m.name: (m.label, m.unit) for m in MEASURES}


def read(path: Path) -> tuple[Sweep, list[Analysis]]:
    """A sweep from its folder, whole or not, and what matters in it.

    Raises:
        InputError: no sweep is there, or nothing of it is finished.
    """
    sweep = Sweep(path)
    usual = {measure: Question(measure) for measure in ASKED}
    asked = usual | {question.measure: question for question in questions(sweep)}
    return sweep, [analysed(sweep, question) for question in asked.values()]


def section(sweep: Sweep, found: Sequence[Analysis]) -> Section:
    """A sweep for a reader."""
    about, settings = of_manifest(sweep.path.name, sweep.manifest), settings_of(sweep.path)
    return Section(
        _name(list(sweep.factors)),
        "a sweep",
        f"Design {sweep.kind}: {len(sweep.keys)} points; varied: {', '.join(sweep.factors)}.",
        verdict(sweep, found),
        tuple(
            [
                *(part for each in found for part in parts(each, about, ranges(sweep.factors))),
                Part("What the record can't tell", LIMITS),
                assumptions(settings, sweep.manifest.get("posterior")),
                stress.part(settings, sweep.manifest),
            ]
        ),
        plain(sweep.manifest, PROVENANCE),
    )


def _name(factors: list[str]) -> str:
    """What a sweep is called: by its factors, where they are few."""
    few = len(factors) < 3
    return f"A sweep of {' and '.join(factors) if few else plural(len(factors), 'factor')}"


def verdict(sweep: Sweep, found: Sequence[Analysis]) -> Verdict:
    """What the first screen says of a sweep."""
    made, failed = sweep.counts
    partial = [line for each in found if each.effects for line in [_partial(each.effects)] if line]
    notes = [note for each in found for note in each.notes]
    lost = f", {failed} of them ended in an error" if failed else ""
    return Verdict(
        f"{made} replications of {len(sweep.keys)} points (design {sweep.kind}) over "
        f"{', '.join(sweep.factors)}{lost}; it is {sweep.manifest.get('status')}.",
        tuple(f"{_title(each)}." for each in found),
        (
            "All points share their draws, so differences between them hold little luck; "
            "intervals are of 95 %.",
            *dict.fromkeys([*partial, *notes]),
        ),
        (
            "A sweep tells what the model does with its assumptions; which of them hold is not in "
            "it.",
            BRIEFLY,
        ),
    )


def _partial(effects: Effects) -> str:
    return sweeps.partial(effects.extent)


def _title(each: Analysis) -> str:
    """What matters most, by the strongest analysis that the design allows."""
    label, unit = _words(each.measure)
    for rows, told in (
        (sobol_rows(each.sobol), "share of variance"),
        (morris_rows(each.morris), unit),
        (effect_rows(each.effects), unit),
    ):
        if rows:
            return matters(rows, label, told)
    return f"{label}: nothing can be said"


def _words(measure: str) -> tuple[str, str]:
    """What a measure is called, and its unit."""
    if measure in UNITS:
        return UNITS[measure]
    label = LABELS[measure]
    return label.text, label.unit


def ranges(factors: Mapping[str, Sequence[Any]]) -> Ranges:
    """From least to most of every factor that is a number."""
    return {
        name: (min(told), max(told))
        for name, told in factors.items()
        if all(isinstance(value, float) for value in told)
    }


def parts(each: Analysis, about: About, spans: Ranges) -> list[Part]:
    """Every analysis of one measure: a picture and its table."""
    label, unit = _words(each.measure)
    found = []
    if sobol_rows(each.sobol):
        assert each.sobol is not None
        figure = figures.sensitivity(sobol_rows(each.sobol), label, "share of variance", about)
        found.append(pictured(f"Sobol indices: {label}", figure))
    if morris_rows(each.morris):
        figure = figures.sensitivity(morris_rows(each.morris), label, unit, about)
        text = "The mean size of an elementary effect over a factor's whole range (μ*)."
        found.append(pictured(f"Screening: {label}", figure, text))
    if each.effects is not None:
        found += _effects(each.effects, label, unit, about)
    if each.boxes is not None:
        found += _boxes(each.boxes, about, spans)
    if each.ranking is not None:
        found += _ranking(each.ranking, label, unit, about)
    return found


def _ranking(ranking: Ranking, label: str, unit: str, about: About) -> list[Part]:
    """What every option differs by from the best, and the whole table."""
    grid = grid_of([option._asdict() for option in ranking.options])
    rows = [
        {"label": option.option, "unit": unit, "policy": "the others",
         "against": ranking.options[0].option, "difference": option.difference,
         "low95": option.difference_low95, "high95": option.difference_high95}
        for option in ranking.options[1:]
    ]  # fmt: skip
    table = Part(f"Ranking, with regret: {label}", grid=grid, folded=True)
    figure = figures.differences(rows, about)
    return [pictured(f"Ranking: {label}", figure, sweeps.ranked(ranking)), table]


def _effects(effects: Effects, label: str, unit: str, about: About) -> list[Part]:
    rows = effect_rows(effects)
    tables = [
        Part(f"Factors: {label}", grid=grid_of([f._asdict() for f in effects.factors])),
        Part(f"Levels: {label}", grid=grid_of([row._asdict() for row in effects.levels]),
             folded=True),
    ]  # fmt: skip
    if not rows:
        return tables
    figure = figures.sensitivity(rows, label, unit, about)
    text = "For each factor the level that differs most from its first, on the same draws."
    return [pictured(f"Main effects: {label}", figure, text), *tables]


def effect_rows(effects: Effects | None) -> list[dict[str, Any]]:
    """For each factor its largest difference between a level and the first one.

    The first level itself counts only where there is no other: its difference is none, surely.
    """
    if effects is None:
        return []
    largest: dict[str, Level] = {}
    for level in effects.levels:
        best = largest.get(level.factor)
        if best is None or abs(level.difference) >= abs(best.difference):
            largest[level.factor] = level
    sure = {factor.factor: factor.sure for factor in effects.factors}
    return [
        {**_row(factor, "largest difference", row.difference, row.difference_low95,
                row.difference_high95), "sure": sure[factor]}
        for factor, row in largest.items()
    ]  # fmt: skip


def sobol_rows(sobol: Sobol | None) -> list[dict[str, Any]]:
    """First-order and total indices with both of their intervals together.

    A factor can be told from luck by its total index, and by the first order one only besides.
    """
    if sobol is None:
        return []
    rows = []
    for i in sobol.indices:
        for kind, value, points, luck in (
            ("first order", i.first, i.first_points, i.first_luck),
            ("total", i.total, i.total_points, i.total_luck),
        ):
            if value is not None:
                row = _around(i.factor, kind, value, points, luck)
                rows.append({**row, "sure": i.sure and _above_zero(row)})
    return rows


def _above_zero(row: Mapping[str, Any]) -> bool:
    return row["low95"] is not None and row["low95"] > 0.0


def morris_rows(morris: Morris | None) -> list[dict[str, Any]]:
    """The mean size of every factor's elementary effects.

    Whether luck may have made it is judged by the screening's own test: a size is never below
    zero, so an interval around it says nothing of that.
    """
    if morris is None:
        return []
    return [
        {**_around(f.factor, "μ*", f.mu_star, f.mu_star_points, f.mu_star_luck),
         "sure": bool(f.told)}
        for f in morris.factors
    ]  # fmt: skip


def _around(
    factor: str, kind: str, value: float, points: float | None, luck: float | None
) -> dict[str, Any]:
    if points is None or luck is None:
        return _row(factor, kind, value, None, None)
    half = hypot(points, luck)
    return _row(factor, kind, value, value - half, value + half)


def _row(
    factor: str, kind: str, value: float, low: float | None, high: float | None
) -> dict[str, Any]:
    return {"factor": factor, "kind": kind, "value": value, "low95": low, "high95": high}


def box_rows(found: Discovery, spans: Ranges) -> list[dict[str, Any]]:
    """What every box keeps of each number's range; names stand in the table alone."""
    told = []
    for i, box in enumerate(found.boxes, 1):
        for factor in dict.fromkeys(limit.factor for limit in box.limits if limit.levels is None):
            least, most = spans[factor]
            ends = {limit.side: limit.value for limit in box.limits if limit.factor == factor}
            told.append(
                {"box": i, "factor": factor, "low": ends.get("at least", least),
                 "high": ends.get("at most", most), "least": least, "most": most,
                 "density": _share(box, "held_density"),
                 "coverage": _share(box, "held_coverage")}
            )  # fmt: skip
    return told


def _boxes(found: Discovery, about: About, spans: Ranges) -> list[Part]:
    """The boxes as a picture, and as a table with a limit a row."""
    rows = [
        {
            "box": i,
            "factor": limit.factor,
            "side": limit.side,
            "limit": limit.value if limit.levels is None else ", ".join(limit.levels),
            "quasi_p": limit.quasi_p,
            "chosen": limit.chosen,
            "held_density": _share(box, "held_density"),
            "held_coverage": _share(box, "held_coverage"),
        }
        for i, box in enumerate(found.boxes, 1)
        for limit in box.limits
    ]
    table = Part(f"Limits of the boxes of {found.rule}", grid=grid_of(rows))
    drawn = box_rows(found, spans)
    if not drawn:
        return [table]
    text = "Density and coverage are those of points that were held out."
    figure = figures.boxes(drawn, str(found.rule), about)
    return [pictured(f"Boxes of {found.rule}", figure, text), table]


def _share(box: Box, name: str) -> float | None:
    share: float | None = getattr(box, name).share
    return share
