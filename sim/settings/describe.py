"""What a configuration resolves to, for a reader: parameters, sources, who set what."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from sim.errors import InputError, nearest
from sim.settings.files import config_dir, groups
from sim.settings.posterior import conditions
from sim.settings.quantity import Prior, Section
from sim.settings.scenario import Settings


class Parameter(NamedTuple):
    """One quantity of a configuration."""

    key: str
    value: str
    unit: str
    low: float
    high: float
    meaning: str
    source: str
    confidence: str
    evidence_until: str | None
    evidence_in_record: bool


def parameters(section: Section, prefix: str = "") -> Iterator[Parameter]:
    """Every quantity of a section, depth first, with its unit, limits and source."""
    for name, field in type(section).model_fields.items():
        value, key = getattr(section, name), f"{prefix}{name}"
        if isinstance(value, Prior):
            yield _parameter(key, value, field)
        elif isinstance(value, Section):
            yield from parameters(value, f"{key}.")
        elif isinstance(value, dict):
            for entry, part in value.items():
                if isinstance(part, Section):
                    yield from parameters(part, f"{key}.{entry}.")


def _parameter(key: str, prior: Prior, field: Any) -> Parameter:
    limits, until = field.json_schema_extra, prior.evidence_until
    return Parameter(
        key,
        prior.words(),
        str(limits["unit"]),
        float(limits["low"]),
        float(limits["high"]),
        field.description or "",
        prior.source,
        prior.confidence,
        None if until is None else until.isoformat(),
        prior.evidence_in_record,
    )


class Setting(NamedTuple):
    """One key of a configuration: its value, what the schema says of it, and who set it."""

    key: str
    value: Any
    meaning: str
    set_by: str


def setting(
    settings: Settings, key: str, overrides: list[str], extra: Path | None = None
) -> Setting:
    """Look a dotted key up.

    Raises:
        InputError: no such key, with the nearest valid name.
    """
    value: Any = settings
    meaning, done = "", ""
    for part in key.split("."):
        names = _names(value)
        if part not in names:
            raise InputError(f"{done}{part}: no such key; {nearest(part, names)}")
        if isinstance(value, dict):
            value = value[part]
        else:
            meaning = type(value).model_fields[part].description or ""
            value = getattr(value, part)
        done += f"{part}."
    return Setting(key, _plain(value), meaning, set_by(key, overrides, extra))


def _names(value: Any) -> list[str]:
    if isinstance(value, Section):
        return list(type(value).model_fields)
    return list(value) if isinstance(value, dict) else []


def _plain(value: Any) -> Any:
    if isinstance(value, Prior):
        return value.words()
    return value.model_dump(mode="json") if isinstance(value, Section) else value


def set_by(key: str, overrides: list[str], extra: Path | None = None) -> str:
    """Which override or which file set a key; `extra` is a folder of the user's own."""
    group, _, inner = key.partition(".")
    grouped = group in groups(extra)
    held = [(f"a condition of the posterior, {told}", told) for told in conditions(overrides)]
    for words, override in reversed([*held, *((f"the override {o}", o) for o in overrides)]):
        name = override.partition("=")[0].lstrip("+")
        if f"{key}.".startswith(f"{name}.") and not (grouped and name == group):
            return words
    if not grouped:
        return "config.yaml"
    sought = [("ablation", key.split(".")), (group, inner.split(".") if inner else [])]
    for place, path in sought:
        for name, tree in _chain(place, choice(place, overrides), extra):
            if _holds(tree, path):
                return name
    return "the schema"


def choice(group: str, overrides: list[str]) -> str:
    """Which file of a group is chosen."""
    for override in reversed(overrides):
        name, _, value = override.partition("=")
        if name == group:
            return value
    for entry in _load(config_dir() / "config.yaml")["defaults"]:
        if isinstance(entry, dict) and group in entry:
            return str(entry[group])
    return ""


def _chain(group: str, name: str, extra: Path | None) -> Iterator[tuple[str, dict[str, Any]]]:
    """A file and those that it builds upon, the last word first: name and content."""
    inside = f"{group}/{name}.yaml"
    for root in filter(None, (config_dir(), extra)):
        if (root / inside).is_file():
            tree = _load(root / inside)
            yield inside if root == config_dir() else str(root / inside), tree
            for base in tree.get("defaults", []):
                if base != "_self_":
                    yield from _chain(group, str(base), extra)


def _load(path: Path) -> dict[str, Any]:
    import yaml

    told: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8")) or {}
    return told


def _holds(tree: Any, path: list[str]) -> bool:
    for part in path:
        if not isinstance(tree, dict) or part not in tree:
            return False
        tree = tree[part]
    return True


def in_words(settings: Settings) -> str:
    """A scenario explained in plain words."""
    window = settings.scenario
    past = "the recorded events before it" if window.history == "record" else "no past"
    return "\n".join(
        [
            f"{window.name}: {window.title}",
            f"  {settings.days} days, {window.start} up to {window.end}; agents start with {past}",
            f"  {window.about.strip()}",
            f"  given: {_given(settings)}",
            f"  defended against rockets: {', '.join(_guarded(settings)) or 'nowhere'}",
            f"  US policy: {settings.retaliation.title}",
            f"  militia: {', '.join(cell.title for cell in settings.militia.cells.values())}",
        ]
    )


def _given(settings: Settings) -> str:
    """How many marks and closings fall into the window, of those that the world has."""
    start, end = settings.scenario.start, settings.scenario.end
    marks, places = settings.timeline.marks.values(), settings.sites.places.values()
    falling = sum(start <= mark.day < end for mark in marks)
    closings = [site.closed for site in places if site.closed is not None]
    inside = sum(start <= day < end for day in closings)
    before = sum(day < start for day in closings)
    told = f"dated marks in these days: {falling} of {len(marks)}"
    return f"{told}; sites that close in them: {inside} of {len(places)}, and {before} before"


def _guarded(settings: Settings) -> list[str]:
    """The sites with guns against rockets before the window ends, each with its day."""
    return [
        f"{b.site} from {b.fielded or 'the start'}"
        for b in settings.air_defence.batteries.values()
        if b.against == "rockets" and (b.fielded is None or b.fielded < settings.scenario.end)
    ]
