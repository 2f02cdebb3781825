"""Events as Arrow columns and back, without loss: unknown stays unknown."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

from sim.events.event import QUANTITIES, Event, Kind, Origin, Side

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

_ENUMS: dict[str, Callable[[Any], Any]] = {"kind": Kind, "side": Side, "origin": Origin}
_ORDINARY = tuple(name for name in Event.__annotations__ if name != "ranges")


@functools.cache
def schema() -> pa.Schema:
    """The Arrow schema of a journal: one column per field, two more per quantity."""
    import pyarrow as pa

    types = {"str": pa.string(), "float": pa.float64(), "int": pa.int64(), "bool": pa.bool_()}
    fields = []
    for name in _ORDINARY:
        base = Event.__annotations__[name].removesuffix(" | None")
        fields.append(pa.field(name, types.get(base, pa.string())))
    for quantity in QUANTITIES:
        fields += [pa.field(f"{quantity}_{end}", pa.int64()) for end in ("low", "high")]
    return pa.schema(fields)


def to_table(events: Iterable[Event]) -> pa.Table:
    """One row per event in the columns of `schema`, in order.

    Each kind states few of the fields, so the columns are made kind by kind.
    """
    import pyarrow as pa

    by_kind: dict[Kind, tuple[list[int], list[dict[str, Any]]]] = {}
    for place, event in enumerate(events):
        places, rows = by_kind.setdefault(event.kind, ([], []))
        places.append(place)
        rows.append(event.__dict__)
    parts = [pa.table({"place": p, **_columns(rows)}) for p, rows in by_kind.values()]
    if not parts:
        return schema().empty_table()
    whole = pa.concat_tables(parts, promote_options="default").sort_by("place")
    missing = {f.name: pa.nulls(len(whole), f.type) for f in schema()}
    arrays = {**missing, **{name: whole[name] for name in whole.column_names[1:]}}
    return pa.table(arrays, schema=schema())


def _columns(rows: list[dict[str, Any]]) -> dict[str, Any]:
    """The stated fields of some events as Arrow arrays."""
    import pyarrow as pa

    used = set().union(*rows)
    unknown = used - set(_ORDINARY) - {"ranges"}
    if unknown:
        raise ValueError(f"events have no such fields: {', '.join(sorted(unknown))}")
    arrays = {
        name: pa.array([row.get(name) for row in rows], schema().field(name).type)
        for name in used - {"ranges"}
    }
    return arrays | _ranges(rows) if "ranges" in used else arrays


def _ranges(rows: list[dict[str, Any]]) -> dict[str, Any]:
    import pyarrow as pa

    ranged = [row.get("ranges") or {} for row in rows]
    return {
        f"{quantity}_{end}": pa.array(
            [r[quantity][side] if quantity in r else None for r in ranged], pa.int64()
        )
        for quantity in sorted(set().union(*ranged))
        for side, end in enumerate(("low", "high"))
    }


def to_pandas(table: pa.Table) -> pd.DataFrame:
    """An Arrow table as a frame with nullable dtypes (unknown stays unknown)."""
    import pandas as pd

    frame: pd.DataFrame = table.to_pandas(types_mapper=pd.ArrowDtype)
    about = (table.schema.metadata or {}).get(b"rungs.journal")
    if about:
        frame.attrs["rungs.journal"] = about.decode()
    return frame


def from_row(row: dict[str, Any]) -> Event:
    """An event from a row of `to_table`."""
    fields = {k: v for k, v in row.items() if v is not None and k in Event.__annotations__}
    for name, enum in _ENUMS.items():
        if name in fields:
            fields[name] = enum(fields[name])
    ranges = {
        q: (row.get(f"{q}_low"), row.get(f"{q}_high"))
        for q in QUANTITIES
        if row.get(f"{q}_low") is not None or row.get(f"{q}_high") is not None
    }
    if ranges:
        fields["ranges"] = ranges
    return Event(**fields)
