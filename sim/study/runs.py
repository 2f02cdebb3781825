"""Runs: the replications of one scenario, in memory or in a run folder, as tables."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim import record
from sim.errors import InputError, RungsError
from sim.events import Journal, to_pandas
from sim.settings.compose import judge, load
from sim.settings.scenario import Settings
from sim.study.executor import each
from sim.study.folder import RunFolder, identity
from sim.study.work import KEYS, Chunk, Progress, chunks, work

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

OTHERS = {
    "branch": "a branch study, not a run; its rows are in futures.parquet",
    "sweep": "a sweep, not a run; rungs sweep run={path} reads it",
    "backtest": "a backtest, not a run; rungs report {path} tells of it",
}
"""What a folder may hold that is no run."""
SMALL = ("replications", "paths")
"""Tables that are kept in memory once they were read from their many files."""


class Runs:
    """What a study produced. Tables are pandas; unknown stays unknown.

    Args:
        settings: what was run.
        folder: where it lies, if it was written.
        parts: the chunks, if it was not.
        record_path: the record that blanked its reports; none is the packaged one.
    """

    def __init__(
        self,
        settings: Settings,
        folder: RunFolder | None,
        parts: list[Chunk] | None = None,
        record_path: str | None = None,
    ) -> None:
        self.settings = settings
        self.folder = folder
        self.record_path = record_path
        self.parts = sorted(parts or [], key=lambda chunk: chunk.number)
        self._read: dict[str, pa.Table] = {}

    def __repr__(self) -> str:
        place = "" if self.folder is None else f", {self.folder.path}"
        return f"Runs({self.settings!r}{place})"

    def arrow(self, kind: str) -> pa.Table:
        """One table (`events`, `replications`, `paths`, `summary`) as Arrow."""
        import pyarrow as pa

        if kind in self._read:
            return self._read[kind]
        if kind == "summary":
            return summary(self.arrow("replications"))
        tables = [table for table in self._tables(kind) if table is not None]
        if not tables:
            raise RungsError(f"this run kept no {kind}: run it again with journal=full")
        whole = pa.concat_tables(tables, promote_options="permissive")
        if self.folder is not None and kind in SMALL:
            self._read[kind] = whole.combine_chunks()
        return whole

    def _tables(self, kind: str) -> Iterator[pa.Table | None]:
        if self.folder is not None:
            return self.folder.tables(kind)
        return (getattr(chunk, kind) for chunk in self.parts)

    @property
    def masked_by(self) -> str:
        """A hash of the record that blanked its reports."""
        if self.folder is not None:
            return str(self.folder.manifest()["record_sha256"])
        return record.hash_of_data(self.record_path)

    def with_reports(self, rows: Sequence[Mapping[str, float | None]]) -> Runs:
        """The same run with other reported patterns, a row a replication in their order."""
        import pyarrow as pa

        table = self.arrow("replications")
        for name in rows[0]:
            values = pa.array([row[name] for row in rows], pa.float64())
            place = table.column_names.index(name)
            table = table.set_column(place, name, values)
        told = Runs(self.settings, self.folder, self.parts, self.record_path)
        told._read["replications"] = table
        return told

    def events(self) -> pd.DataFrame:
        """One row per event kept, led by its replication."""
        return to_pandas(self.arrow("events"))

    def replications(self) -> pd.DataFrame:
        """One row per replication: truth in brief, reported patterns, drawn parameters."""
        return to_pandas(self.arrow("replications"))

    def paths(self) -> pd.DataFrame:
        """One row per change of state on the true ladder."""
        return to_pandas(self.arrow("paths"))

    def summary(self) -> pd.DataFrame:
        """One row per measure: how many replications know it, mean, median, intervals."""
        return to_pandas(self.arrow("summary"))

    def journal(self, replication: int, whole: bool = False) -> Journal:
        """The journal of one replication, as far as it was kept.

        A ladder needs the `whole`: threats, arrests and withdrawals have rungs, too.

        Raises:
            InputError: no such replication, or `whole` is asked for and it was not kept.
        """
        import pyarrow.compute as pc

        if whole and self.settings.journal != "full":
            raise InputError(
                f"this run kept journal={self.settings.journal}, and all of it is needed here: "
                "run it again with journal=full"
            )

        if not 0 <= replication < self.settings.replications:
            last = self.settings.replications - 1
            raise InputError(f"replication {replication}: this run has 0 to {last}")
        own = None if self.folder is None else self.folder.table_of("events", replication)
        table = self.arrow("events") if own is None else own
        rows = table.filter(pc.equal(table["replication"], replication))
        window = self.settings.scenario
        journal = Journal.from_arrow(rows.drop_columns(list(KEYS)), window.start)
        journal.end = window.end
        return journal


def run(
    settings: Settings,
    out: Path | None = None,
    progress: Progress | None = None,
    argv: list[str] | None = None,
    record_path: str | None = None,
) -> Runs:
    """Run a study, in memory or into a folder.

    Args:
        settings: what to run, how often, with how many workers.
        out: the run folder; chunks that it holds of the same run are not computed again.
        progress: called with (replications done, in all) as chunks come in.
        argv: the command, for the manifest.
        record_path: another record than the packaged one, as history and as mask.

    Raises:
        InputError: the folder holds something else.
        RungsError: a worker died.
    """
    if out is None:
        parts = list(_computed(settings, None, progress, record_path))
        return Runs(settings, None, parts, record_path)
    record.read(record_path)  # a bad record is refused before the folder is made
    folder = RunFolder.create(out, settings, argv or [], record_path)
    with folder.at_work():
        for chunk in _computed(settings, folder, progress, record_path):
            folder.add(chunk)
        runs = Runs(settings, folder, None, record_path)
        folder.write_table("summary.parquet", runs.arrow("summary"))
    return runs


def _computed(
    settings: Settings,
    folder: RunFolder | None,
    progress: Progress | None,
    record_path: str | None,
) -> Iterator[Chunk]:
    """The chunks that are still to be computed, as they come in."""
    jobs = chunks(settings, identity(settings, record_path)[:12], record_path)
    events = settings.journal != "none"
    todo = [job for job in jobs if folder is None or not folder.has(job.number, events)]
    done = settings.replications - sum(job.last - job.first for job in todo)
    workers = min(settings.workers, max(1, len(todo)))
    for chunk in each(work, todo, workers, settings.executor):
        yield chunk
        done += chunk.replications.num_rows
        if progress is not None:
            progress(done, settings.replications)


def read(path: Path) -> Runs:
    """A run from its folder.

    Raises:
        InputError: no run is there, or it is not complete, or has lost a file.
    """
    folder = RunFolder.open(path)
    kind = folder.kind
    if kind in OTHERS:
        raise InputError(f"{path}: {OTHERS[kind].format(path=path)}")
    status = folder.manifest().get("status")
    if status != "complete":
        raise InputError(f"{path}: the run is {status}, not complete; rungs resume {path}")
    folder.refuse_lost()
    settings, named = judge(_config(path)), folder.manifest()["record"]
    return Runs(settings, folder, None, None if named == "packaged" else str(named))


def resume(path: Path, hands: Sequence[str] = (), progress: Progress | None = None) -> Runs:
    """Finish a run that was cut off.

    Args:
        path: its folder.
        hands: overrides that say who computes now (`workers=`, `executor=`).
        progress: called with (replications done, in all).

    Raises:
        InputError: no run is there, or the code or the data are no longer the same.
    """
    manifest = RunFolder.open(path).manifest()
    named = {word.partition("=")[0].partition(".")[0] for word in hands}
    now = load(hands).model_dump(mode="json", include=named)
    settings = judge({**_config(path), **now})
    record_path = None if manifest["record"] == "packaged" else str(manifest["record"])
    if identity(settings, record_path) != manifest["identity"]:
        raise InputError(
            f"{path}: was begun with other code, record or posterior; begin anew in another folder"
        )
    return run(settings, path, progress, manifest["argv"], record_path)


def _config(path: Path) -> dict[str, Any]:
    """The resolved configuration of a run folder."""
    import yaml

    try:
        text = (path / "config.yaml").read_text(encoding="utf-8")
        loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # as safe, and ten times as fast
        told = yaml.load(text, loader)
        if not isinstance(told, dict):
            raise ValueError("no keys with values")
    except (OSError, ValueError, yaml.YAMLError) as error:  # ValueError: it is not UTF-8
        why, anew = " ".join(str(error).split()), "the run's own command writes it anew"
        raise InputError(f"{path}/config.yaml: cannot be read ({why}); {anew}") from None
    return told


QUANTILES = {"low90": 0.05, "low50": 0.25, "median": 0.5, "high50": 0.75, "high90": 0.95}


def summary(replications: pa.Table) -> pa.Table:
    """One row per numeric column of `replications`, over the replications that know it."""
    import numpy as np
    import pyarrow as pa

    rows = []
    for name in replications.column_names[len(KEYS) :]:
        known = replications[name].drop_null().to_numpy().astype(float)
        row: dict[str, Any] = {"measure": name, "known": len(known), "mean": None}
        row |= dict.fromkeys(QUANTILES)
        if len(known):
            levels = np.quantile(known, list(QUANTILES.values()), method="inverted_cdf")
            row |= {"mean": float(known.mean())} | dict(
                zip(QUANTILES, levels.tolist(), strict=True)
            )
        rows.append(row)
    kinds = {"measure": pa.string(), "known": pa.int64()}
    names = ("measure", "known", "mean", *QUANTILES)
    return pa.table({n: pa.array([r[n] for r in rows], kinds.get(n, pa.float64())) for n in names})
