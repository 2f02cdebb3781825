"""How likely rare rungs are, for a reader: as text and as JSON."""

from __future__ import annotations

from typing import Any

from sim.clock import to_date
from sim.ladder import RUNGS
from sim.show import tables
from sim.show.tables import number
from sim.study.ascent import LEVELS
from sim.study.climbing import TOP
from sim.study.rare import Answer, Question

SHOWN = 8
"""The lowest rung that is always shown."""


def text(found: Answer) -> str:
    """What a terminal shows."""
    return "\n\n".join([_head(found), _rungs(found), _stages(found), _cost(found)])


def _head(found: Answer) -> str:
    q = found.question
    start = q.settings.scenario.start
    worlds = {
        None: "each particle with its own parameters",
        "median": "every parameter at its median",
    }
    world = worlds.get(q.world, f"the parameters of replication {q.world}")
    return (
        f"{q.settings.scenario.name} ({q.settings.retaliation.title})\n"
        f"{to_date(q.cut, start)} to {to_date(q.end, start)}, {world}\n"
        f"{q.repeats} repeats of {q.particles} particles at each level; "
        "a property of the model, no forecast"
    )


def shown(found: Answer) -> list[int]:
    """The rungs that are told: the one that was asked about, and 8, 9, 10."""
    return sorted({found.question.rung, *range(SHOWN, TOP + 1)})


def _rungs(found: Answer) -> str:
    rows = []
    for rung in shown(found):
        told = found.rungs[rung]
        interval = (
            "not told: all repeats are alike"
            if told.low is None
            else tables.span(told.low, told.high)
        )
        asked = "◄" if rung == found.question.rung else ""
        rows.append((rung, f"{RUNGS[rung]}, or above", number(told.mean), interval, asked))
    return tables.table(rows, ("rung", "", "probability", "95 %", ""))


def _stages(found: Answer) -> str:
    if not found.levels:
        return "no levels: these are plain replications"
    rows = []
    for level, stage in zip(found.levels, found.stages, strict=True):
        share = stage.reached / stage.tried if stage.tried else None
        rows.append(
            (
                LEVELS[level - 1].name,
                LEVELS[level - 1].says,
                stage.tried,
                stage.reached,
                number(share),
            )
        )
    return tables.table(rows, ("level", "", "tried", "reached", "share"))


def _cost(found: Answer) -> str:
    cost, q = found.cost, found.question
    lines = [
        f"cost: {cost.runs:,} runs, {cost.days:,.0f} days simulated and {cost.days_observed:,.0f} "
        f"observed again,",
        f"      {cost.events:,} events, in {cost.seconds:.0f} s of processor time",
    ]
    if found.alike is not None:
        days = found.alike * q.days
        lines.append(
            f"as close for rung {q.rung} by plain replications: {found.alike:,.0f} of them, "
            f"{days:,.0f} days ({days / cost.days:.2g} times as many)"
        )
    if found.rungs[q.rung].mean == 0.0:
        lines.append("no particle got there: that is no probability of 0; try more particles")
    return "\n".join(lines)


def as_json(found: Answer) -> dict[str, Any]:
    """The same for a machine."""
    q = found.question
    start = q.settings.scenario.start
    return {
        "rung": q.rung,
        "from": to_date(q.cut, start).isoformat(),
        "to": to_date(q.end, start).isoformat(),
        "world": q.world,
        "seed": q.settings.seed,
        "particles": q.particles,
        "repeats": q.repeats,
        "rungs": [_rung_json(found, rung) for rung in shown(found)],
        "levels": [
            {"level": LEVELS[level - 1].name, "says": LEVELS[level - 1].says, **stage._asdict()}
            for level, stage in zip(found.levels, found.stages, strict=True)
        ],
        "cost": found.cost._asdict(),
        "pilot": found.pilot._asdict(),
        "plain": _plain_json(found, q),
    }


def _rung_json(found: Answer, rung: int) -> dict[str, Any]:
    told = found.rungs[rung]
    return {
        "rung": rung,
        "name": RUNGS[rung],
        "probability": told.mean,
        "low95": told.low,
        "high95": told.high,
        "standard_error": told.error,
    }


def _plain_json(found: Answer, question: Question) -> dict[str, float] | None:
    """What plain replications would cost that tell the asked rung as closely."""
    if found.alike is None:
        return None
    days = found.alike * question.days
    return {"replications": found.alike, "days": days, "ratio_of_days": days / found.cost.days}
