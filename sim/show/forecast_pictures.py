"""Pictures of a backtest: forecasts with what came, skill by horizon, where what came lies."""

from __future__ import annotations

import json
from collections.abc import Mapping
from math import ceil
from typing import Any

from sim.show.forecast_tables import OURS, Table, Told, ahead
from sim.show.pages import template


def fan_svg(told: Told, weeks: int) -> str:
    """The simulator's forecasts by origin with what came."""
    own = [r for r in told.rows if (r["forecaster"], r["horizon_weeks"]) == (OURS, weeks)]
    top = _axis(max([r["high90"] for r in own] + [r["observed"] for r in own]))
    return template("fan.svg.j2").render(
        title=f"Attacks within {ahead(weeks)} of each Monday: forecast and recorded",
        rows=own,
        top=top,
        ticks=[top * i / 4 for i in range(5)],
        step=880 / len(own),
        metadata=_metadata(told, own),
    )


def _axis(most: float) -> int:
    """Where an axis ends: the next number that four steps divide."""
    return 4 * max(1, ceil(most / 4))


def skill_svg(told: Told) -> str:
    """Mean CRPS of every forecaster by horizon, as a ratio to the simulator's."""
    names = [s["model"] for s in told.at(told.horizons[0])]
    panels = [(ahead(weeks), [_ratio(told, s, weeks) for s in told.at(weeks)])
              for weeks in told.horizons]  # fmt: skip
    most = max([high for _, dots in panels for *_, high in dots] + [1.0])
    return template("skill.svg.j2").render(
        names=names,
        panels=panels,
        most=ceil(2 * most) / 2,
        ticks=[i / 2 for i in range(0, ceil(2 * most), max(1, ceil(most / 2)))],
        metadata=_metadata(told, told.scores),
    )


def _ratio(told: Told, score: Mapping[str, Any], weeks: int) -> tuple[str, float, float, float]:
    """A forecaster's CRPS against ours, with the ends that the paired difference leaves."""
    own = next(s["crps"] for s in told.at(weeks) if s["model"] == OURS) or 1.0
    line, ratio = told.against(score["model"], weeks), score["crps"] / own
    if line.get("low90") is None:
        return score["model"], ratio, ratio, ratio
    return score["model"], ratio, 1.0 - line["high90"] / own, 1.0 - line["low90"] / own


def pit_svg(told: Told) -> str:
    """In which fifth of the simulator's forecasts what came lies, by horizon."""
    own = [s for s in told.scores if s["model"] == OURS]
    most = max(max(s["pit"]) for s in own)
    return template("pit.svg.j2").render(
        panels=[(ahead(s["horizon_weeks"]), s["pit"], s["origins"] / 5) for s in own],
        top=_axis(most),
        metadata=_metadata(told, own),
    )


def _metadata(told: Told, data: Table) -> str:
    """What a picture was drawn from, as JSON."""
    about = {k: told.about[k] for k in ("posteriors", "first", "last", "draws", "seed")}
    shown = {"about": about, "data": [dict(row) for row in data]}
    return json.dumps(shown, default=str, ensure_ascii=False)
