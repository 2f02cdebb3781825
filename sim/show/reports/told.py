"""A run as its report tells of it: with its checks, and the record over its window."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from sim.compare import Check
from sim.compare import tables as drawn
from sim.compare.tables import History, Reach
from sim.settings.scenario import Settings
from sim.show.figures import About, of_manifest
from sim.study.runs import Runs


class Told(NamedTuple):
    """A run as it is shown: its tables, its checks, the record over its window."""

    runs: Runs
    checks: Sequence[Check]
    history: History
    reaches: list[Reach]
    about: About
    manifest: dict[str, Any]

    @property
    def compared_with(self) -> str | None:
        """The record that it is laid beside; none is the packaged one."""
        return named_record(self.manifest)

    @property
    def settings(self) -> Settings:
        """What was run."""
        return self.runs.settings


def named_record(manifest: dict[str, Any]) -> str | None:
    """The record that a run was last compared with, or run beside; none is the packaged one."""
    named = manifest.get("compared_with") or manifest.get("record")
    return None if named in (None, "packaged") else str(named)


def named_without(manifest: dict[str, Any]) -> tuple[str, ...]:
    """The doubtful rows that this record was compared without."""
    return tuple(manifest.get("compared_without") or ())


def told_of(runs: Runs, checks: Sequence[Check], record: str | None = None) -> Told:
    """A run with what its section needs."""
    assert runs.folder is not None
    settings, manifest = runs.settings, runs.folder.manifest()
    known = drawn.history(settings, record, named_without(manifest))
    rows = drawn.reaches(
        runs.arrow("replications"), settings.retaliation.title, settings.days, known
    )
    return Told(runs, checks, known, rows, of_manifest(runs.folder.path.name, manifest), manifest)
