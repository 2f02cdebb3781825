"""Where a sweep's results lie: Parquet files that are written whole or not at all.

Each row is one replication of one point, named by `key`, a hash of all that decides it
(resolved configuration, code, record, posterior, seed), and by its number. A file is one
chunk of work, named by a hash of what it holds: a chunk made twice is the same file again.
DuckDB and pyarrow read the folder in place.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from sim.errors import InputError, RungsError
from sim.whole import whole

if TYPE_CHECKING:
    import pyarrow as pa

RESULTS, EVENTS = "results", "events"
Known = dict[str, set[int]]
"""Replications that are there, by key."""


class Piece(NamedTuple):
    """Replications `first` to before `last` of one point."""

    key: str
    first: int
    last: int


def name_of(pieces: Collection[Piece], journal: str) -> str:
    """The name of a chunk: a hash of what it holds."""
    text = json.dumps([list(pieces), journal])
    return hashlib.sha256(text.encode()).hexdigest()[:20]


class Store:
    """The result files of a folder.

    Args:
        path: the folder.
    """

    def __init__(self, path: Path) -> None:
        self.path = path

    def names(self) -> list[str]:
        """The chunks that are there, in name order."""
        found = self.path.glob(f"{RESULTS}-*.parquet")
        return sorted(path.stem.removeprefix(f"{RESULTS}-") for path in found)

    def add(self, name: str, results: pa.Table, events: pa.Table | None) -> None:
        """Write a chunk, the table that marks it finished last.

        Raises:
            RungsError: the disk is full, or cannot be written.
        """
        if events is not None:
            self._write(f"{EVENTS}-{name}.parquet", events)
        self._write(f"{RESULTS}-{name}.parquet", results)

    def _write(self, name: str, table: pa.Table) -> None:
        """Write one file under a hidden name, make it durable, then show it."""
        import pyarrow.parquet as pq

        try:
            with whole(self.path / name) as part, part.open("wb") as file:
                pq.write_table(table, file, compression="zstd")
                file.flush()
                os.fsync(file.fileno())
        except OSError as error:
            raise RungsError(
                f"{self.path / name}: cannot be written ({error.strerror or error}): what was "
                f"finished is kept; make room, then rungs resume {self.path}"
            ) from None

    def known(self, names: Collection[str]) -> Known:
        """What the chunks of these names hold."""
        found: Known = {}
        for table in self.tables(names, ["key", "replication"]):
            for key, number in zip(
                *(table[c].to_pylist() for c in table.column_names), strict=True
            ):
                found.setdefault(key, set()).add(number)
        return found

    def tables(self, names: Collection[str], columns: list[str]) -> Iterator[pa.Table]:
        """Columns of each chunk's results.

        Raises:
            InputError: a file is broken.
        """
        import pyarrow as pa
        import pyarrow.parquet as pq

        for name in names:
            path = self.path / f"{RESULTS}-{name}.parquet"
            try:
                yield pq.read_table(path, columns=columns)
            except (OSError, pa.ArrowInvalid) as error:
                raise InputError(
                    f"{path}: cannot be read ({str(error).splitlines()[0]}): remove it, then "
                    f"rungs resume {self.path} makes it anew"
                ) from None
