"""What lies in a folder, and its section of a report."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from sim.compare import compare_with_record
from sim.errors import InputError
from sim.settings.posterior import DRAWS
from sim.show.reports import beside, of_backtest, of_branch, of_calibration, of_run, of_sweep
from sim.show.reports.page import page
from sim.show.reports.parts import Section, Verdict
from sim.show.reports.told import Told, named_record, named_without, told_of
from sim.study import masked
from sim.study.folder import RunFolder
from sim.study.runs import read


def kind_of(path: Path) -> str:
    """What a folder holds.

    Raises:
        InputError: nothing that a report could tell of.
    """
    if not path.is_dir():
        raise InputError(f"{path}: no such folder; give one that a verb of rungs has written")
    if (path / DRAWS).is_file():
        return "calibration"
    folder = RunFolder.open(path)
    status = folder.manifest().get("status")
    if folder.kind in ("branch", "backtest") and status != "complete":
        raise InputError(
            f"{path}: the {folder.kind} is {status}, not complete; give its own command again"
        )
    return folder.kind


class Report(NamedTuple):
    """A page, the verdict of its first screen, and its sections."""

    html: str
    verdict: Verdict
    sections: list[Section]


def report(places: Sequence[Path]) -> Report:
    """The page of one study or of several.

    Raises:
        InputError: a folder cannot be told of; the message names it.
    """
    kinds = [kind_of(path) for path in places]
    runs = {path: _run(path) for path, kind in zip(places, kinds, strict=True) if kind == "run"}
    sections = [
        of_run.section(runs[path]) if kind == "run" else _section(path, kind)
        for path, kind in zip(places, kinds, strict=True)
    ]
    if len(sections) == 1:
        return Report(page(sections[0].title, sections), sections[0].verdict, sections)
    told = list(runs.values())
    named = dict(zip(runs, beside.names_of(told), strict=True))
    sections = [
        section._replace(title=named.get(path, section.title))
        for path, section in zip(places, sections, strict=True)
    ]
    title = f"{len(sections)} studies: {' · '.join(section.title for section in sections)}"
    both = beside.beside(told) if len(told) > 1 else []
    verdict = beside.together(sections, told)
    return Report(page(title, sections, verdict, both), verdict, sections)


def _run(path: Path) -> Told:
    """A run with its checks against the record that it was last compared with."""
    found = read(path)
    assert found.folder is not None
    manifest = found.folder.manifest()
    record, without = named_record(manifest), named_without(manifest)
    runs = masked.beside(found, record)
    return told_of(runs, compare_with_record(runs, record, without), record)


def _section(path: Path, kind: str) -> Section:
    if kind == "calibration":
        return of_calibration.section(path)
    manifest = RunFolder.open(path).manifest()
    if kind == "branch":
        title, found = of_branch.read(path)
        return of_branch.section(title, found, path, manifest)
    if kind == "sweep":
        return of_sweep.section(*of_sweep.read(path))
    return of_backtest.section(of_backtest.read(path), path, manifest)
