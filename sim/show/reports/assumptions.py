"""The part of every report that lists what was assumed."""

from __future__ import annotations

from sim.settings.describe import Parameter, parameters
from sim.settings.scenario import Settings
from sim.show import tables
from sim.show.reports.parts import Grid, Part


def assumptions(settings: Settings, posterior: str | None) -> Part:
    """Every quantity with its source."""
    heads = ("key", "value or prior", "unit", "limits", "confidence", "source")
    rows = [_line(p) for p in parameters(settings)]
    text = [f"{len(rows)} quantities. A source in brackets rests on evidence inside the record."]
    if posterior:
        text.append(f"Those that the posterior {posterior} holds are drawn from it instead.")
    return Part("Assumptions", tuple(text), grid=Grid(heads, rows), folded=True)


def _line(p: Parameter) -> tuple[str, ...]:
    limits = f"{tables.number(p.low)} to {tables.number(p.high)}"
    source = f"[{p.source}]" if p.evidence_in_record else p.source
    return p.key, p.value, p.unit, limits, p.confidence, source
