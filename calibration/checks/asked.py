"""What a check is asked, and what it answers."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

from calibration.fit import Progress
from calibration.plan import Plan
from sim.settings.posterior import fingerprint


class Asked(NamedTuple):
    """What a check is asked: the fit, the record, and how much work to do.

    In `folder` a long one keeps what it has done, until its result is saved.
    """

    plan: Plan
    record: str | None = None
    posterior: str = "reference"
    histories: int = 200
    draws: int = 200
    seed: int = 1
    workers: int = 2
    only: tuple[str, ...] = ()
    progress: Progress | None = None
    folder: Path | None = None

    def drawn_from(self) -> dict[str, str]:
        """The posterior with the hash of its draws: into the manifest of a check that uses it."""
        return {"posterior": self.posterior, "posterior_sha256": fingerprint(self.posterior)}


class Answer(NamedTuple):
    """What a check found: its verdict in lines, the first the shortest, and a table.

    `about` goes into the manifest beside them.
    """

    verdict: list[str]
    rows: list[dict[str, Any]]
    about: Mapping[str, Any] = {}
