"""Two runs on the same draws: each measure paired by replication."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from sim.compare.contrasts import Contrast, contrast
from sim.settings.scenario import Settings
from sim.study.outcomes import Measure
from sim.study.runs import Runs

if TYPE_CHECKING:
    import pyarrow as pa

MEASURES: dict[str, Measure] = {
    "true_rocket_attacks": Measure("true_rocket_attacks", "rocket attacks", "attacks"),
    "true_convoy_attacks": Measure("true_convoy_attacks", "convoy attacks", "attacks"),
    "coalition_killed": Measure("coalition_killed", "Coalition killed, as reported", "people"),
    "coalition_wounded": Measure("coalition_wounded", "Coalition wounded, as reported", "people"),
    "airstrikes": Measure("airstrikes", "US airstrikes", "strikes"),
    "true_highest_rung": Measure("true_highest_rung", "highest rung", "rung"),
    "true_days_to_seven": Measure("reaches_seven", "rung 7 or above", "probability"),
    "true_days_to_eight": Measure("reaches_eight", "rung 8 or above", "probability"),
}
"""What is compared, by its column in `replications`; days to a rung count whether it is reached."""


def differ(one: Runs, two: Runs) -> str | None:
    """Why two runs are not on the same draws; ``None`` where they are."""
    a, b = one.settings, two.settings
    if unequal := windows([a, b]):
        return unequal
    if a.seed != b.seed:
        return f"their seeds differ ({a.seed} and {b.seed})"
    if a.posterior != b.posterior:
        told = [settings.posterior or "priors" for settings in (a, b)]
        return f"their parameters are drawn from {told[0]} and from {told[1]}"
    return None


def windows(several: Sequence[Settings]) -> str | None:
    """That runs cover other days, and which; ``None`` where all cover the same."""
    told = sorted({f"{s.scenario.start} to {s.scenario.end}" for s in several})
    return f"their windows differ ({'; '.join(told)})" if len(told) > 1 else None


def paired(one: Runs, two: Runs, names: tuple[str, str]) -> list[Contrast]:
    """The first run less the second, over the replications that both have and know.

    Args:
        one, two: on the same draws (see `differ`).
        names: what they are called.
    """
    a, b = one.arrow("replications"), two.arrow("replications")
    n = min(len(a), len(b))
    found = []
    for column, measure in MEASURES.items():
        pairs = [
            pair
            for pair in zip(_values(a, column, n), _values(b, column, n), strict=True)
            if None not in pair
        ]
        if len(pairs) > 1:
            here, there = ([float(value) for value in side] for side in zip(*pairs, strict=True))
            found.append(contrast(measure, *names, here, there))
    return found


def _values(table: pa.Table, column: str, n: int) -> list[Any]:
    """The first `n` replications' values, in their order."""
    ordered = table.select(["replication", column]).sort_by("replication")[column][:n]
    reached: Callable[[Any], float] = lambda day: float(day is not None)  # noqa: E731
    values: list[Any] = ordered.to_pylist()
    return list(map(reached, values)) if column.startswith("true_days_to") else values
