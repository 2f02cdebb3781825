"""A posterior on disk: the draws, how they were reached, and what they rest on."""

from __future__ import annotations

import csv
import hashlib
import io
import shutil
from collections.abc import Mapping
from importlib import metadata
from math import isfinite
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from calibration.blocks import Block
from calibration.diagnostics import Ridge, Row, ridges, rows
from calibration.fit import Request, Sampled, draws, own_hash, prepared
from calibration.quantiles import Floats
from sim.errors import InputError
from sim.settings.posterior import DIAGNOSTICS, DRAWS, FOLDER, MANIFEST
from sim.study.folder import code_hash
from sim.study.manifest import Folder

WORK = ".work"
PACKAGES = ("numpy", "scipy", "emcee")


class Posterior(Folder):
    """A folder `calibration/posteriors/NAME`.

    Args:
        name: of the posterior.
        root: the folder of all of them.
    """

    def __init__(self, name: str, root: Path = FOLDER) -> None:
        if not name.replace("_", "").replace("-", "").isalnum():
            raise InputError(f"name={name}: names no folder; use letters, digits, - and _")
        super().__init__(root / name)
        self.name = name

    def claim(self, request: Request, replace: bool = False) -> bool:
        """Take the folder for a request; whether it already holds exactly that.

        Raises:
            InputError: it holds another fit.
        """
        there, wanted = self.manifest().get("identity"), request.identity()
        if there is not None and there != wanted and not replace:
            raise InputError(
                f"{self.path}: holds another fit (other data, settings or code); "
                "name another with name=, or give --replace"
            )
        return there == wanted

    def made_alike(self) -> bool:
        """Whether it was made by the code that runs now."""
        told = self.manifest()
        hashes = told.get("code_sha256"), told.get("calibration_sha256")
        return hashes == (code_hash(), own_hash())

    def work(self, request: Request) -> Path:
        """Where states are kept while it is made: others for other code."""
        code = code_hash()[:8] + own_hash()[:8]
        return self.path / WORK / f"{request.identity()[:16]}-{code}"

    def save(self, request: Request, found: list[Sampled]) -> list[Row]:
        """Write the posterior; the diagnostics.

        The manifest goes first and comes last: draws without it are no posterior, whenever it
        is that one is stopped.
        """
        made = prepared(request)
        told, judged = _parquet(draws(made, found, request.plan.draws)), rows(made, found)
        about = _about(self.name, request, made, judged, ridges(found))
        self.path.mkdir(parents=True, exist_ok=True)
        (self.path / MANIFEST).unlink(missing_ok=True)
        self.write(DRAWS, told)
        self.write(DIAGNOSTICS, _csv(judged))
        self.tell({**about, "draws_sha256": hashlib.sha256(told).hexdigest()})
        shutil.rmtree(self.path / WORK, ignore_errors=True)
        return judged


def _least(row: Row) -> int:
    """Effective draws of the body or the tails; none where they are too few to be counted."""
    told = row.ess_bulk, row.ess_tail
    return round(min(told)) if all(map(isfinite, told)) else 0


def _parquet(told: Mapping[str, Floats]) -> bytes:
    sink = io.BytesIO()
    table = pa.table({key: pa.array(column) for key, column in told.items()})
    pq.write_table(table, sink, compression="zstd")
    return sink.getvalue()


def _csv(judged: list[Row]) -> bytes:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(Row._fields)
    writer.writerows([_rounded(value) for value in row] for row in judged)
    return text.getvalue().encode()


def _rounded(value: Any) -> Any:
    return f"{value:.6g}" if isinstance(value, float) else value


def _about(
    name: str, request: Request, made: list[Block], judged: list[Row], joined: list[Ridge]
) -> dict[str, Any]:
    plan = request.plan
    return {
        "name": name,
        "identity": request.identity(),
        "title": plan.title,
        "scenario": plan.scenario,
        "until": plan.until.isoformat(),
        "conditions": [*plan.conditions, *request.overrides],
        "without": list(plan.without),
        "holes": plan.holes,
        "seed": plan.seed,
        "draws": plan.draws,
        "jitters": plan.jitters,
        "sampling": plan.sampling.model_dump(),
        "own": {block: schedule.model_dump() for block, schedule in plan.own.items()},
        "record": request.record or "packaged",
        "data_sha256": request.data_hash(),
        "code_sha256": code_hash(),
        "calibration_sha256": own_hash(),
        "versions": {package: metadata.version(package) for package in PACKAGES},
        "blocks": {b.name: {"fitted": list(b.fitted), "nuisance": list(b.nuisance)} for b in made},
        "healthy": all(row.healthy for row in judged),
        "worst_rhat": round(max(row.rhat for row in judged), 4),
        "least_ess": min(_least(row) for row in judged),
        "ridges": [[r.one, r.other, round(r.correlation, 2)] for r in joined],
    }
