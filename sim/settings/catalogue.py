"""The catalogue: every policy and case that is shipped, in plain words."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import takewhile
from pathlib import Path
from typing import NamedTuple

from sim.errors import InputError, nearest
from sim.settings.compose import load
from sim.settings.describe import parameters
from sim.settings.files import config_dir, groups
from sim.settings.scenario import Settings


class Entry(NamedTuple):
    """One file of a group, and what its head says of it."""

    group: str
    name: str
    about: str


class Change(NamedTuple):
    """One quantity that a case sets otherwise than the campaign as it was."""

    key: str
    meaning: str
    usual: str
    now: str


def catalogue(extra: Path | None = None) -> list[Entry]:
    """Every shipped choice, by group; scenarios and ablations have lists of their own."""
    return [
        Entry(group, name, about(group, name, extra))
        for group, names in groups(extra).items()
        for name in names
    ]


def about(group: str, name: str, extra: Path | None = None) -> str:
    """The comment at the head of a config file, in one line."""
    for root in filter(None, (config_dir(), extra)):
        path = root / group / f"{name}.yaml"
        if path.is_file():
            lines = path.read_text(encoding="utf-8").splitlines()
            head = takewhile(lambda line: line.startswith("#"), lines)
            said = (line.lstrip("# ").strip() for line in head if "@package" not in line)
            return " ".join(said)
    return ""


def find(name: str, extra: Path | None = None) -> Entry:
    """The one entry of this name, or of `group=name`.

    Raises:
        InputError: nothing is called so, or several things are.
    """
    group, _, bare = name.rpartition("=")
    entries = catalogue(extra)
    found = [e for e in entries if e.name == bare and group in ("", e.group)]
    scenarios = [e for e in found if e.group == "scenario"]
    if not found:
        hint = nearest(bare, {e.name for e in entries})
        raise InputError(f"{name}: nothing is called so; {hint}")
    if len(found) > 1 and not scenarios:
        several = ", ".join(f"{e.group}={e.name}" for e in found)
        raise InputError(f"{name}: several are called so; say which: {several}")
    return (scenarios or found)[0]


def changes(settings: Settings, usual: Settings) -> Iterator[Change]:
    """The quantities and switches in which two configurations differ."""
    before = {p.key: p for p in parameters(usual)}
    for now in parameters(settings):
        then = before.get(now.key)
        if then is None or then.value != now.value:
            told = "not there" if then is None else then.value
            yield Change(now.key, f"{now.meaning} ({now.unit})", told, now.value)
    yield from _switches(settings.model_dump(mode="json"), usual.model_dump(mode="json"), "")


def _switches(now: object, then: object, key: str) -> Iterator[Change]:
    """Differences that are no quantities: switches, names, dates, counts."""
    if isinstance(now, dict) and isinstance(then, dict):
        if "prior" not in now:
            for name in {**then, **now}:
                yield from _switches(now.get(name), then.get(name), f"{key}.{name}".lstrip("."))
    elif now != then and not key.endswith((".title", ".source")):
        yield Change(key, "", _short(then, now), _short(now, then))


def _short(value: object, beside: object) -> str:
    """A value in few words; beside a number, none is no limit."""
    if value is None and isinstance(beside, int | float):
        return "no limit"
    text = "nothing" if value in (None, [], {}) else str(value)
    return text if len(text) <= 60 else text[:57] + "…"


def explain(entry: Entry, overrides: list[str], extra: Path | None = None) -> str:
    """An entry in plain words: what it asks, and what it sets otherwise."""
    usual = load([], extra)
    settings = load([f"{entry.group}={entry.name}", *overrides], extra)
    lines = [f"{entry.group}={entry.name}", f"  {entry.about}"]
    found = list(changes(settings, usual))
    if not found:
        return "\n".join([*lines, "  Part of the historical campaign: nothing differs from it."])
    lines.append("  Unlike the historical campaign:")
    for change in found:
        meaning = f"  {change.meaning}" if change.meaning else ""
        lines.append(f"    {change.key}: {change.now} instead of {change.usual}{meaning}")
    return "\n".join(lines)
