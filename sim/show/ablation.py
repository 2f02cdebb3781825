"""What each mechanism is worth, as one table."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from sim.compare.ablation import Ablation, Effect
from sim.show import tables
from sim.whole import whole

SHOWN = {
    "rocket_attacks": "rockets",
    "convoy_attacks": "convoys",
    "foiled_attacks": "foiled",
    "coalition_killed": "killed",
    "coalition_wounded": "wounded",
    "airstrikes": "strikes",
    "weekly_dispersion": "bursts",
    "highest_rung": "rung",
}
"""The patterns of the printed table, with their heads; the saved one has all."""
NOTE = (
    "Each cell: mean with the mechanism off less mean with it on, over the same draws; * where\n"
    "the 95 % interval of that difference excludes zero, · where no replication differs.\n"
    "changed: share of replications in which any pattern differs; inside: recorded patterns\n"
    "inside the central 90 % of what is simulated."
)


def table(found: Sequence[Ablation]) -> str:
    """One line a mechanism; the first line has the means with everything on."""
    heads = ("without", *SHOWN.values(), "changed", "inside")
    return f"{tables.table([_row(a) for a in found], heads)}\n\n{NOTE}"


def _row(ablation: Ablation) -> tuple[str, ...]:
    by_pattern = {effect.pattern: effect for effect in ablation.effects}
    base = ablation.mechanism == "none"
    cells = [_cell(by_pattern.get(name), base) for name in SHOWN]
    changed = max((effect.changed for effect in ablation.effects), default=0.0)
    name = "(nothing: means)" if base else ablation.mechanism
    share = "" if base else f"{changed:.0%}"
    return (name, *cells, share, f"{ablation.inside}/{ablation.compared}")


def _cell(effect: Effect | None, base: bool) -> str:
    if effect is None:
        return tables.UNKNOWN
    if base:
        return tables.number(effect.on)
    if effect.changed == 0.0:
        return "·"
    return f"{effect.difference:+.2g}{'*' if effect.sure else ''}"


def save(found: Sequence[Ablation], folder: Path) -> Path:
    """Write every effect to `ablation.parquet`, beside those of mechanisms asked for earlier."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    rows = [effect._asdict() for ablation in found for effect in ablation.effects]
    path = folder / "ablation.parquet"
    told = pa.Table.from_pylist([*_others(path, found), *rows])
    unknown = [f.with_type(pa.float64()) if pa.types.is_null(f.type) else f for f in told.schema]
    with whole(path) as part:
        pq.write_table(told.cast(pa.schema(unknown)), part, compression="zstd")
    return path


def _others(path: Path, found: Sequence[Ablation]) -> list[dict[str, Any]]:
    """What the folder's table tells of mechanisms that are not among those found now."""
    import pyarrow.parquet as pq

    if not path.exists():
        return []
    anew = {ablation.mechanism for ablation in found}
    return [row for row in pq.read_table(path).to_pylist() if row["mechanism"] not in anew]
