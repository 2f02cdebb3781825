"""A sweep's folder to read, whole or not: its design, and measures by point and replication."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.errors import InputError, RungsError, nearest
from sim.study.designs.design import Design
from sim.study.folder import RunFolder
from sim.study.store import Store

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt
    import pyarrow as pa

DESIGN = "design.parquet"
UNIT = "u."
"""Before a factor's name: its coordinate in the unit cube."""


def write_design(folder: RunFolder, design: Design, keys: Sequence[str]) -> None:
    """Write the points: number, content's key, what each sets, coordinates in the cube."""
    import pyarrow as pa

    columns: dict[str, Any] = {"point": pa.array(range(len(keys)), pa.int64()), "key": list(keys)}
    for name in design.keys:
        columns[name] = _column([point[name] for point in design.points])
    if design.unit is not None:
        for factor, told in zip(design.asked.factors, design.unit.T, strict=True):
            columns[UNIT + factor.name] = pa.array(told)
    folder.write_table(DESIGN, pa.table(columns))


def _column(values: list[Any]) -> pa.Array:
    """Numbers as numbers, anything else as words."""
    import pyarrow as pa

    if all(isinstance(v, int | float) and not isinstance(v, bool) for v in values):
        return pa.array([float(v) for v in values])
    return pa.array([None if v is None else str(v) for v in values], pa.string())


class Sweep:
    """A sweep as it lies there.

    Args:
        path: its folder.

    Raises:
        InputError: no sweep is there, or it has lost a file.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        folder = RunFolder.open(path)
        self.manifest = folder.manifest()
        if folder.kind != "sweep":
            raise InputError(f"{path}: no sweep (its manifest says so); rungs sweep makes one")
        folder.refuse_lost()

    @cached_property
    def design(self) -> pa.Table:
        """One row a point: its number, its key, what it sets."""
        return RunFolder(self.path).table(DESIGN)

    @property
    def keys(self) -> list[str]:
        """The content's name of every point, in order."""
        told: list[str] = self.design["key"].to_pylist()
        return told

    @property
    def kind(self) -> str:
        """Of the design."""
        return str(self.manifest["request"]["kind"])

    @property
    def factors(self) -> dict[str, list[Any]]:
        """What moves, by name: a value a point; of linked axes the first one's."""
        links = {names[0]: tuple(names) for names in self.manifest["request"]["links"]}
        inner = {name for names in links.values() for name in names[1:]}
        columns = [n for n in self.design.column_names[2:] if not n.startswith(UNIT)]
        return {
            " + ".join(links.get(name, (name,))): self.design[name].to_pylist()
            for name in columns
            if name not in inner
        }

    @cached_property
    def unit(self) -> npt.NDArray[np.float64] | None:
        """Coordinates in the unit cube, shape (points, factors); of sampled designs."""
        import numpy as np

        names = [n for n in self.design.column_names if n.startswith(UNIT)]
        columns = [self.design[name].to_numpy() for name in names]
        return np.column_stack(columns) if columns else None

    # -- results ----------------------------------------------------------------------

    def results(self, *columns: str) -> pa.Table:
        """Columns of all results of this design, led by `key` and `replication`.

        Raises:
            InputError: nothing has been finished, or a file is broken.
        """
        import pyarrow as pa
        import pyarrow.compute as pc

        store = Store(self.path)
        tables = list(store.tables(store.names(), ["key", "replication", *columns]))
        if not tables:
            raise InputError(f"{self.path}: nothing is finished yet; rungs resume {self.path}")
        whole = pa.concat_tables(tables)
        return whole.filter(pc.is_in(whole["key"], self.design["key"].combine_chunks()))

    @cached_property
    def counts(self) -> tuple[int, int]:
        """(replications of this design that are there, of these ended in an error).

        Raises:
            RungsError: a replication stands there twice.
        """
        if not Store(self.path).names():
            return 0, 0
        told = self.results("error")
        distinct = told.group_by(["key", "replication"]).aggregate([]).num_rows
        if distinct < told.num_rows:
            extra = told.num_rows - distinct
            raise RungsError(f"{self.path}: {extra} replications stand there twice")
        return told.num_rows, told.num_rows - told["error"].null_count

    def outcomes(self, measure: str) -> npt.NDArray[np.float64]:
        """One measure, shape (points, replications); NaN where unknown, failed or not made.

        Raises:
            InputError: no such measure, or nothing has been finished.
        """
        import numpy as np
        import pyarrow as pa
        import pyarrow.compute as pc

        from sim.study.sweeping import MEASURED

        if measure not in MEASURED:
            raise InputError(f"measure={measure}: no such measure; {nearest(measure, MEASURED)}")
        told = self.results(measure)
        keys = list(dict.fromkeys(self.keys))
        rows = pc.index_in(told["key"], pa.array(keys)).to_numpy()
        numbers = told["replication"].to_numpy()
        table = np.full((len(keys), int(numbers.max()) + 1), np.nan)
        table[rows, numbers] = told[measure].to_numpy()
        at = {key: i for i, key in enumerate(keys)}
        return table[[at[key] for key in self.keys]]

    def values(self, measure: str, keys: Sequence[str]) -> dict[str, list[float]]:
        """The known values of some points, by replication."""
        import numpy as np

        table = dict(zip(self.keys, self.outcomes(measure), strict=True))
        return {key: table[key][~np.isnan(table[key])].tolist() for key in keys}
