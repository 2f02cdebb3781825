"""Escalation paths: by which rungs a campaign climbs to its highest."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING, NamedTuple

from sim.compare.tables.history import History

if TYPE_CHECKING:
    from collections.abc import Iterable

    import pyarrow as pa

ARROW = " → "


class Climb(NamedTuple):
    """One way up: each rung that was higher than all before it, in order.

    `replications` took it, a `share` of all; `recorded` says whether the
    record did (``None`` where it knows none of the window).
    """

    path: str
    replications: int
    share: float
    recorded: bool | None

    @property
    def rungs(self) -> tuple[int, ...]:
        """The rungs of the path."""
        return tuple(int(rung) for rung in self.path.split(ARROW))


def climbs(paths: pa.Table, replications: int, history: History) -> list[Climb]:
    """Every way up that a replication or the record took, the commonest first."""
    states: defaultdict[int, list[int]] = defaultdict(list)
    for number, rung in zip(
        paths["replication"].to_pylist(), paths["rung"].to_pylist(), strict=True
    ):
        states[number].append(rung)
    counts = Counter(words(climb(rungs)) for rungs in states.values())
    own = None if history.empty else words(climb(step.rung for step in history.path))
    known = counts | ({own: 0} if own is not None and own not in counts else {})
    return [
        Climb(path, count, count / replications, None if own is None else path == own)
        for path, count in sorted(known.items(), key=lambda item: (-item[1], item[0]))
    ]


def climb(rungs: Iterable[int]) -> tuple[int, ...]:
    """The states that were higher than all before them.

    >>> climb([0, 4, 3, 4, 6, 0, 5, 8])
    (0, 4, 6, 8)
    """
    highs: list[int] = []
    for rung in rungs:
        if not highs or rung > highs[-1]:
            highs.append(rung)
    return tuple(highs)


def words(path: tuple[int, ...]) -> str:
    """A path as it is written.

    >>> words((0, 4, 6))
    '0 → 4 → 6'
    """
    return ARROW.join(map(str, path))
