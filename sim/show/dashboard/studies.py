"""A branch study read back from its folder."""

from __future__ import annotations

from pathlib import Path

from sim.compare.contrasts import Findings
from sim.errors import InputError
from sim.study.branching import Source
from sim.study.folder import RunFolder


def findings(place: Path) -> Findings:
    """What a study of the packaged record found.

    Raises:
        InputError: it is not complete, or its history lies elsewhere: the dashboard reads
            nothing outside the outputs folder, whatever a manifest names.
    """
    from sim.show.reports import of_branch

    told = RunFolder.open(place).manifest()
    if told.get("status") == "complete" and told.get("source") != list(Source()):
        raise InputError(
            f"{place.name}: its history is not the packaged record; rungs report DIR shows it"
        )
    return of_branch.read(place)[1]
