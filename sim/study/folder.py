"""A run folder: what was run, with what, and what came of it.

Every file is written under a temporary name and renamed, so a reader sees it whole or
not at all. A chunk counts as finished once its last table stands; a run that was cut
off goes on from there when the same command is given again.
"""

from __future__ import annotations

import errno
import hashlib
import json
import os
import platform
import sys
import traceback
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from importlib import metadata
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from sim import record
from sim.errors import IncompleteError, InputError, RungsError
from sim.settings.posterior import fingerprint
from sim.settings.scenario import HANDS, Settings
from sim.study.manifest import MANIFEST, Folder
from sim.study.sources import hash_of_sources
from sim.study.work import CHUNK, Chunk
from sim.whole import whole

if TYPE_CHECKING:
    import pyarrow as pa

PACKAGES = ("rungs", "simpy", "numpy", "scipy", "pandas", "pyarrow", "hydra-core", "pydantic")
TABLES = ("events", "replications", "paths")
RESUMED = ("run", "sweep")
"""What `rungs resume` finishes."""
FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
"""What a disk or a quota says that has no room left."""
PASSING = ("argv", "environment", "started", "ended")
"""What a manifest tells of a command, not of the run."""


def identity(settings: Settings, record_path: str | None = None) -> str:
    """A hash of all that decides the results: settings (but workers), code, record, posterior."""
    told = settings.model_dump(mode="json", exclude=HANDS)
    data = record.hash_of_data(record_path), fingerprint(settings.posterior)
    text = json.dumps([told, code_hash(), data], sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


def code_hash() -> str:
    """sha256 over the package's own source files, in name order."""
    return hash_of_sources(Path(__file__).resolve().parents[1])


class RunFolder(Folder):
    """One run on disk."""

    _before: Mapping[str, Any] = MappingProxyType({})
    """What the manifest said before this command."""

    # -- opening ----------------------------------------------------------------------

    @classmethod
    def create(
        cls,
        path: Path,
        settings: Settings,
        argv: list[str],
        record_path: str | None = None,
        key: str | None = None,
        kind: str = "run",
    ) -> RunFolder:
        """Open a folder for a run: a new one, or the same run's to go on.

        `key` identifies what is more than a run of these settings, and `kind` names it.

        Raises:
            InputError: the folder holds something else, or cannot be written.
        """
        folder = cls(path)
        key = key or identity(settings, record_path)
        with _usable(path):
            folder._claim(key)
            folder._before = folder.manifest()
            folder._start(settings, key, argv, record_path)
            folder.note(kind=kind)
        return folder

    def _claim(self, key: str) -> None:
        """Take the folder if it is new, empty, or this very run's.

        The manifest comes first, and once: of two who begin together one finds it taken.
        """
        self.path.mkdir(parents=True, exist_ok=True)
        if not any(self.path.iterdir()):
            with suppress(FileExistsError), (self.path / MANIFEST).open("x") as file:
                json.dump({"identity": key, "status": "running"}, file)
        if self.manifest().get("identity") != key:
            raise InputError(
                f"--out {self.path}: already holds something else; choose another, or remove it"
            )

    def _start(
        self, settings: Settings, key: str, argv: list[str], record_path: str | None
    ) -> None:
        self.write("config.yaml", as_yaml(settings).encode())
        self.note(
            schema=1,
            identity=key,
            status="running",
            exception=None,
            argv=argv,
            scenario=settings.scenario.name,
            policy=settings.retaliation.title,
            posterior=settings.posterior,
            posterior_sha256=fingerprint(settings.posterior),
            seed=settings.seed,
            replications=settings.replications,
            code_sha256=code_hash(),
            record="packaged" if record_path is None else str(Path(record_path).resolve()),
            record_sha256=record.hash_of_data(record_path),
            versions={name: _version(name) for name in PACKAGES},
            environment={
                "python": sys.version.split()[0],
                "platform": platform.platform(),
                "processors": os.cpu_count(),
            },
            started=datetime.now(UTC).isoformat(timespec="seconds"),
        )

    @classmethod
    def open(cls, path: Path) -> RunFolder:
        """Open a finished or unfinished run to read it.

        Raises:
            InputError: no run is there.
        """
        folder = cls(path)
        if not folder.manifest():
            raise InputError(f"{path}: no run folder (it has no readable {MANIFEST})")
        return folder

    # -- the manifest -----------------------------------------------------------------

    @property
    def kind(self) -> str:
        """What the folder holds: a run, a branch, a sweep or a backtest."""
        return str(self.manifest().get("kind", "run"))

    def note(self, **entries: Any) -> None:
        """Add to the manifest."""
        self.tell({**self.manifest(), **entries})

    @contextmanager
    def at_work(self) -> Iterator[None]:
        """While the run is made: the manifest tells afterwards how that ended."""
        try:
            yield
        except BaseException as error:
            with suppress(OSError):  # a full disk takes no note either
                self.finish(_ending(error), error)
            if isinstance(error, OSError) and error.errno in FULL:
                raise self._full(error) from None
            raise
        self.finish("complete")

    def _full(self, error: OSError) -> RungsError:
        again = f"rungs resume {self.path}" if self.kind in RESUMED else "give the command again"
        return RungsError(
            f"{error.filename or self.path}: {error.strerror}: what was finished is kept; "
            f"make room, then {again}"
        )

    def finish(self, status: str, error: BaseException | None = None) -> None:
        """Record how the run ended, with the exception if there was one.

        A finished run to which nothing was added stays as it was told.
        """
        lines = None if error is None else "".join(traceback.format_exception(error))
        ended = datetime.now(UTC).isoformat(timespec="seconds")
        hashes = {} if error else {p.name: _sha256(p) for p in sorted(self.path.glob("*.parquet"))}
        self.note(status=status, exception=lines, ended=ended, files_sha256=hashes)
        if _lasting(self.manifest()) == _lasting(self._before):
            self.tell(dict(self._before))

    def refuse_lost(self) -> None:
        """Refuse a finished study whose folder has lost a file since: it would tell another tale.

        Raises:
            InputError: a file that the manifest names is not there.
        """
        lost = [name for name in _hashes(self.manifest()) if not (self.path / name).is_file()]
        if lost:
            more = f" (and {len(lost) - 1} more)" if len(lost) > 1 else ""
            raise self._no_longer(lost[0], f"is missing{more}")

    def _no_longer(self, name: str, what: str) -> InputError:
        anew = f"rungs resume {self.path} makes it anew"
        remedy = anew if self.kind in RESUMED else "give its own command again"
        return InputError(f"{self.path}: its file {name} {what}; {remedy}")

    # -- tables -----------------------------------------------------------------------

    def has(self, number: int, events: bool = False) -> bool:
        """Whether a chunk is finished: all its tables are sound, its events where they count."""
        kinds = TABLES if events else TABLES[1:]
        return all(self._is_sound(_name(kind, number)) for kind in kinds)

    def _is_sound(self, name: str) -> bool:
        """Whether a table is there as the finished run left it; of an unfinished one, whole."""
        import pyarrow as pa
        import pyarrow.parquet as pq

        path, told = self.path / name, _hashes(self._before).get(name)
        if told is not None:
            return path.is_file() and _sha256(path) == told
        try:
            pq.read_metadata(path)
        except (OSError, pa.ArrowInvalid):
            return False
        return True

    def add(self, chunk: Chunk) -> None:
        """Write the tables of a chunk, the one that marks it finished last."""
        if chunk.events is not None:
            self.write_table(_name("events", chunk.number), chunk.events)
        self.write_table(_name("replications", chunk.number), chunk.replications)
        self.write_table(_name("paths", chunk.number), chunk.paths)

    def write_table(self, name: str, table: pa.Table) -> None:
        """Write one Parquet file."""
        import pyarrow.parquet as pq

        with whole(self.path / name) as part:
            pq.write_table(table, part, compression="zstd")

    def tables(self, kind: str) -> Iterator[pa.Table]:
        """The tables of one kind, chunk by chunk."""
        told = _hashes(self.manifest())
        for path in sorted(self.path.glob(f"{kind}-*.parquet")):
            yield self._read(path.name, told)

    def table_of(self, kind: str, replication: int) -> pa.Table | None:
        """The table of one kind that holds a replication, if it was kept."""
        name = _name(kind, replication // CHUNK)
        return self.table(name) if (self.path / name).is_file() else None

    def table(self, name: str) -> pa.Table:
        """One table, as the run left it.

        Raises:
            InputError: it is damaged, or was changed since.
        """
        return self._read(name, _hashes(self.manifest()))

    def _read(self, name: str, hashes: Mapping[str, str]) -> pa.Table:
        import pyarrow as pa
        import pyarrow.parquet as pq

        path = self.path / name
        try:
            if hashes.get(name) not in (None, _sha256(path)):
                raise self._no_longer(name, f"is not what {MANIFEST} tells of")
            return pq.read_table(path)
        except (OSError, pa.ArrowInvalid) as error:
            why = str(error).splitlines()[0]
            raise self._no_longer(name, f"cannot be read ({why})") from None


@contextmanager
def _usable(path: Path) -> Iterator[None]:
    """Say of a folder that can't be written that it is the wrong one; a full disk is nobody's
    wrong call."""
    try:
        yield
    except (OSError, ValueError) as error:  # ValueError: a zero byte in the name
        why = getattr(error, "strerror", None) or error
        if getattr(error, "errno", None) in FULL:
            told = f"--out {path}: {why}: make room, then give the command again"
            raise RungsError(told) from None
        raise InputError(f"--out {path}: cannot be used ({why})") from None


def _hashes(manifest: Mapping[str, Any]) -> Mapping[str, str]:
    """Of each table of a finished study; of another nobody knows yet."""
    told = manifest.get("files_sha256") if manifest.get("status") == "complete" else None
    return told or {}


def _ending(error: BaseException) -> str:
    """What the manifest calls a run that ended with an exception."""
    if isinstance(error, KeyboardInterrupt):
        return "interrupted"
    return "incomplete" if isinstance(error, IncompleteError) else "failed"


def _lasting(manifest: Mapping[str, Any]) -> dict[str, Any]:
    """What a manifest tells of a run, whoever asked for it and when."""
    return {key: value for key, value in manifest.items() if key not in PASSING}


def as_yaml(settings: Settings) -> str:
    """The resolved configuration as YAML that can be read back."""
    import yaml

    told = settings.model_dump(mode="json", exclude_none=False)
    return str(yaml.safe_dump(told, sort_keys=False, allow_unicode=True, width=100))


def _name(kind: str, number: int) -> str:
    return f"{kind}-{number:05d}.parquet"


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _version(name: str) -> str | None:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return None
