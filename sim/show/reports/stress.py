"""STRESS-DES: what a simulation study owes its reader, an item a row (Monks and others 2019).

Computed from the configuration, the manifest, the schema and the registry of streams. As a page
for the shipped scenario: ``python -m sim.show.reports.stress``.

Reference: Monks, Currie, Onggo, Robinson, Kunc and Taylor, Strengthening the reporting of
empirical simulation studies, Journal of Simulation 13 (2019) 55-67.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from sim.measures import WEEKS
from sim.settings.compose import load
from sim.settings.describe import parameters
from sim.settings.quantity import Section
from sim.settings.scenario import Settings
from sim.settings.streams import streams
from sim.show.figures.about import command_of
from sim.show.reports.parts import Grid, Part
from sim.study.outcomes import MEASURES
from sim.study.work import CHUNK, KEYS


class Item(NamedTuple):
    """One item of the checklist: its number and name there, and what holds here."""

    part: str
    number: str
    name: str
    told: str


PARTS = ("objectives", "logic", "data", "experimentation", "implementation", "code access")
PURPOSE = (
    "To explain and explore, after the fact, how the rocket campaign against US and Coalition "
    "sites in Iraq escalated and subsided, and how its path would have spread under other "
    "policies. Aggregate and retrospective; not for planning or predicting an attack."
)


def items(settings: Settings, manifest: Mapping[str, Any] | None = None) -> list[Item]:
    """Every item for one configuration; with a manifest also where and by what it was run."""
    told = manifest or {}
    sections = (
        _objectives(settings),
        _logic(settings),
        _data(settings),
        _experimentation(settings, told),
        _implementation(settings, told),
        _access(told),
    )
    return [
        Item(part, f"{i}.{j}", *line)
        for i, (part, lines) in enumerate(zip(PARTS, sections, strict=True), 1)
        for j, line in enumerate(lines, 1)
    ]


def part(settings: Settings, manifest: Mapping[str, Any] | None = None) -> Part:
    """The checklist as a part of a report."""
    rows = [(f"{i.number} {i.name}", i.told) for i in items(settings, manifest)]
    text = "Strengthening the reporting of simulation studies, for discrete events (Monks 2019)."
    return Part("STRESS-DES", (text,), grid=Grid(("item", "here"), rows))


def _objectives(settings: Settings) -> Iterator[tuple[str, str]]:
    measures = ", ".join(m.label for m in MEASURES)
    yield "Purpose of the model", PURPOSE
    yield (
        "Model outputs",
        "Distributions over replications of paths on a ladder of eleven rungs and of what would "
        f"have been reported; of a branch: {measures}.",
    )
    yield "Experimentation aims", f"{settings.scenario.title}. {settings.scenario.about.strip()}"


def _logic(settings: Settings) -> Iterator[tuple[str, str]]:
    places = Counter(place.site_class for place in settings.sites.places.values())
    batteries = settings.air_defence.batteries
    yield "Base model overview", "docs/odd.md (ODD+D), every agent with its rule and its evidence."
    yield (
        "Base model logic",
        "Agents post events on one journal and change their state only as they observe them; time "
        "is continuous, with no tick.",
    )
    yield "Scenario logic", f"US policy: {settings.retaliation.title}. Off: {_off(settings)}."
    yield (
        "Algorithms",
        "Self-exciting point process by Poisson embedding; every variate by inversion of keyed "
        "uniforms; rungs by fixed predicates (sim/ladder).",
    )
    yield (
        "Entities",
        f"{len(settings.militia.cells)} cells ({', '.join(settings.militia.cells)}), rockets, "
        "convoys, events and their reports.",
    )
    yield (
        "Activities",
        "Attacks, engagements, strikes, threats, arrests, truces, resupply, statements, reports: "
        "each a SimPy process (sim/agents).",
    )
    names = ", ".join(f"{name} at {b.site}" for name, b in batteries.items()) or "none"
    yield "Resources", f"Batteries with engagement channels: {names}."
    yield "Queues", "Rounds wait for a channel of a battery until their flight time is over."
    yield (
        "Entry and exit points",
        f"{len(settings.sites.places)} sites ("
        + ", ".join(f"{n} {kind.replace('_', ' ')}" for kind, n in sorted(places.items()))
        + "); a round ends as it fails, is stopped or falls.",
    )


def _off(settings: Settings) -> str:
    """The mechanisms that this configuration switches off."""
    return ", ".join(_switched_off(settings)) or "nothing"


def _switched_off(section: Section, prefix: str = "") -> Iterator[str]:
    for name in type(section).model_fields:
        value = getattr(section, name)
        if isinstance(value, Section):
            if getattr(value, "on", True) is False:
                yield f"{prefix}{name}"
            else:
                yield from _switched_off(value, f"{prefix}{name}.")


def _data(settings: Settings) -> Iterator[tuple[str, str]]:
    rows = list(parameters(settings))
    trust = Counter(row.confidence for row in rows)
    sources = len({row.source for row in rows})
    uncertain = sum(row.value[:1].isalpha() for row in rows)
    yield (
        "Data sources",
        "The coded public record (seeds/record, a source for every fact, ranges where sources "
        f"differ, blanks where nobody said); {sources} sources of parameters.",
    )
    yield (
        "Pre-processing",
        "Coded by the rules of seeds/record/README.md; simulated histories are reduced to what "
        "would have been reported and blanked as the record is before both are measured.",
    )
    yield (
        "Input parameters",
        f"{len(rows)} quantities with unit, limits and source, {uncertain} of them uncertain "
        + (f"(posterior {settings.posterior})." if settings.posterior else "(priors).")
        + " All are listed under Assumptions.",
    )
    yield (
        "Assumptions",
        "Confidence in their sources: "
        + ", ".join(f"{trust[level]} {level}" for level in ("high", "medium", "low", "none"))
        + ". What the record cannot tell is swept, never tuned.",
    )


def _experimentation(settings: Settings, manifest: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    past = {"none": "nothing: agents begin without a past", "record": "the record before it"}
    yield (
        "Initialisation",
        f"{settings.scenario.start}, 00:00 Baghdad time; lived through before: "
        f"{past[settings.scenario.history]}. No warm-up: the window is the campaign.",
    )
    yield "Run length", f"{settings.days} days, to {settings.scenario.end}; no repetition in time."
    yield (
        "Estimation approach",
        f"{_made(settings, manifest)}; intervals are quantiles over them, "
        "means with Student's 95 % intervals; policies are compared on common random numbers.",
    )


def _made(settings: Settings, manifest: Mapping[str, Any]) -> str:
    """How many replications a study has, by its kind."""
    n, kind = manifest.get("replications", settings.replications), manifest.get("kind")
    if kind == "sweep":
        most = "at most " if manifest["request"]["stop"] else ""
        return f"{most}{n} independent replications of each of {manifest['points']} points"
    of = {"branch": " of each policy", "backtest": " of each Monday"}
    return f"{n} independent {'futures' if kind in of else 'replications'}{of.get(kind or '', '')}"


def _implementation(settings: Settings, manifest: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    known = streams()
    versions = ", ".join(f"{k} {v}" for k, v in (manifest.get("versions") or {}).items())
    system = ", ".join(f"{k} {v}" for k, v in (manifest.get("environment") or {}).items())
    yield "Software", versions or "Python, SimPy; versions are pinned in requirements.lock."
    yield (
        "Random sampling",
        f"{len(known)} streams of {len({s['owner'] for s in known})} owners (seeds/streams.yaml); "
        f"each uniform is a keyed hash of root entropy {settings.seed}, replication, stream, "
        "entity and occurrence.",
    )
    yield (
        "Model execution",
        f"One process or several, {CHUNK} replications a chunk, the same bytes in any case; tables "
        f"joined by {', '.join(KEYS)}; weekly counts as {WEEKS}… columns.",
    )
    yield (
        "System specification",
        f"{system}; run from {manifest['started']} to {manifest.get('ended') or 'now'}."
        if system and manifest.get("started")
        else "Any with Python 3.11 to 3.13; what a run had is in its manifest.",
    )


def _access(manifest: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    code = manifest.get("code_sha256")
    command = command_of(manifest) or "rungs run"
    yield (
        "Computer model sharing statement",
        "BSD-3-Clause, with configurations and record; cite CITATION.cff. Made by: "
        f"{command}." + (f" sha256 of the code: {code}." if code else ""),
    )


HEAD = """# STRESS-DES

What a study with the shipped scenario owes its reader, by the checklist of Monks and others
(2019, Journal of Simulation 13, 55-67). `rungs report` makes the same of any run, with its
versions, system and command. Made by `python -m sim.show.reports.stress`.
"""


def page() -> str:
    """The checklist of the shipped scenario in Markdown."""
    lines = [HEAD]
    for name in PARTS:
        own = [item for item in items(load([])) if item.part == name]
        lines += [f"## {name.capitalize()}", "", "| item | here |", "|---|---|"]
        lines += [f"| {i.number} {i.name} | {i.told} |" for i in own] + [""]
    return "\n".join(lines)


if __name__ == "__main__":
    print(page(), end="")
