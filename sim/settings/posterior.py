"""Posteriors by name: the draws that calibration left, and what they are conditional on.

A folder `calibration/posteriors/NAME` holds `draws.parquet` (one row a draw, one column a
dotted key) and `manifest.json`. A scenario with `posterior=NAME` takes one row a replication,
picked by a keyed uniform, so that what hangs together stays together. A quantity that the
scenario fixes stays as it is fixed.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

from sim.errors import InputError, nearest
from sim.settings.sampling import Rows, Sampler
from sim.settings.scenario import Settings

DRAWS, MANIFEST, DIAGNOSTICS = "draws.parquet", "manifest.json", "diagnostics.csv"
FOLDER = Path("calibration") / "posteriors"


def folders() -> list[Path]:
    """Where posteriors lie: under the folder one works in, then beside the code."""
    return [Path.cwd() / FOLDER, Path(__file__).resolve().parents[2] / FOLDER]


def names() -> list[str]:
    """Every posterior that can be found by its name."""
    return sorted({path.parent.name for f in folders() for path in f.glob(f"*/{MANIFEST}")})


def place(name: str) -> Path:
    """The folder of a posterior, by its name or by a path.

    Raises:
        InputError: none of that name is there, or it is not finished.
    """
    tried = [Path(name)] if "/" in name else [folder / name for folder in folders()]
    for path in tried:
        if (path / MANIFEST).is_file() and (path / DRAWS).is_file():
            return path
    raise InputError(
        f"posterior={name}: no such posterior; {nearest(name, names())}; rungs calibrate makes them"
    )


def manifest(name: str) -> dict[str, Any]:
    """What a posterior was made from, and how it came out."""
    told: dict[str, Any] = json.loads((place(name) / MANIFEST).read_text(encoding="utf-8"))
    return told


def fingerprint(name: str | None) -> str:
    """A hash of the draws; empty for no posterior."""
    if name is None:
        return ""
    return hashlib.sha256((place(name) / DRAWS).read_bytes()).hexdigest()


def conditions(overrides: Iterable[str]) -> list[str]:
    """The overrides under which the posterior that `overrides` name was fitted.

    >>> conditions(["scenario=historical"])
    []
    """
    named = [o.partition("=")[2].strip() for o in overrides if o.startswith("posterior=")]
    chosen = named[-1] if named else "null"
    return [] if chosen in ("null", "") else list(manifest(chosen)["conditions"])


@lru_cache(maxsize=8)
def _rows(path: Path, fingerprint: str) -> Rows:
    import pyarrow.parquet as pq

    table = pq.read_table(path / DRAWS)
    columns = [table[name].to_pylist() for name in table.column_names]
    return Rows(tuple(table.column_names), tuple(zip(*columns, strict=True)))


def rows_of(name: str) -> Rows:
    """The draws of a posterior.

    Raises:
        InputError: none of that name is there, or its draws are not those of its manifest.
    """
    there, told = fingerprint(name), manifest(name).get("draws_sha256")
    if told not in (None, there):
        raise InputError(
            f"posterior={name}: {DRAWS} is not what {MANIFEST} tells of, so nobody knows what it "
            "has seen; rungs calibrate makes it anew"
        )
    return _rows(place(name), there)


def sampler_of(settings: Settings) -> Sampler:
    """The settings ready to be drawn: from their priors, or from a posterior where one is named."""
    name = settings.posterior
    if name is None:
        return Sampler(settings)
    return Sampler(settings, rows=rows_of(name))


class Learnt(NamedTuple):
    """What a posterior says of one quantity, in its own unit."""

    posterior: str
    low90: float
    median: float
    high90: float

    def words(self) -> str:
        """Its middle and its interval.

        >>> Learnt("reference", 0.01, 0.02, 0.04).words()
        '0.02 (90 %: 0.01 to 0.04)'
        """
        return f"{self.median:.3g} (90 %: {self.low90:.3g} to {self.high90:.3g})"


def learnt(settings: Settings) -> dict[str, Learnt]:
    """What the named posterior says of each quantity that is drawn from it, by dotted key."""
    import numpy as np

    name, sampler = settings.posterior, sampler_of(settings)
    if name is None or sampler.rows is None:
        return {}
    drawn = sampler.uncertain()
    spans = np.quantile(sampler.rows.table, (0.05, 0.5, 0.95), axis=0).T.tolist()
    told = zip(sampler.rows.keys, spans, strict=True)
    return {key: Learnt(name, *span) for key, span in told if key in drawn}
