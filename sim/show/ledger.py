"""The assumption ledger as a page: ``python -m sim.show.ledger > docs/assumptions.md``."""

from __future__ import annotations

from itertools import groupby

from sim.settings.compose import load
from sim.settings.describe import Parameter, parameters

HEAD = """# Assumption ledger

Every quantity of the historical campaign: its value or prior, the limits that the schema
sets, its unit, where it comes from and how far that is to be trusted. This page is made of
the schema and the configuration by `python -m sim.show.ledger`.

A date says until when the evidence reaches: no fit and no forecast uses it for days before
that. A source in brackets rests on evidence inside the record: no fit to the record may use it.
"Assumed" is a guess at the number; an article named behind it (S0 to S4) describes the mechanism,
not its size.
"""


def page() -> str:
    """The page in Markdown, a table for each section."""
    lines = [HEAD]
    for section, found in groupby(parameters(load([])), key=lambda p: p.key.split(".")[0]):
        lines += [
            f"## {section}",
            "",
            "| key | meaning | value or prior | limits | unit | source | confidence |",
            "|---|---|---|---|---|---|---|",
            *(_line(parameter) for parameter in found),
            "",
        ]
    return "\n".join(lines)


def _line(p: Parameter) -> str:
    dated = p.source if p.evidence_until is None else f"{p.source} (until {p.evidence_until})"
    source = f"[{dated}]" if p.evidence_in_record else dated
    return (
        f"| `{p.key}` | {p.meaning} | {p.value} | {p.low:g} to {p.high:g} | {p.unit} "
        f"| {source} | {p.confidence} |"
    )


if __name__ == "__main__":
    print(page(), end="")
