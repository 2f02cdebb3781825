"""The patron's hold over the cells: it can slip when a strike takes a leader."""

from __future__ import annotations

from collections.abc import Iterable

from sim.events import Event, Kind
from sim.settings.militia import Cell
from sim.settings.patron import Patron

RESTRAIN, ENCOURAGE = "restrain", "encourage"
"""The two things that a patron's signal can say."""


class Leash:
    """Control between 0 and 1; none without a patron."""

    observes = (Kind.LEADERSHIP_STRIKE,)

    def __init__(self, params: Patron) -> None:
        self.stance = params.stance if params.on else 0.0
        self.control = params.control_before if params.on else 0.0
        self._after = params.control_after if params.on else 0.0
        self.binds_all = params.binds_all

    def over(self, cell: Cell) -> float:
        """How far a cell follows, where control is whole."""
        return 1.0 if self.binds_all else cell.bound

    def over_fire(self, cells: Iterable[Cell]) -> float:
        """How far the network follows, each cell counting by its share of the fire."""
        told = list(cells)
        following: float = sum(cell.share * self.over(cell) for cell in told)
        return following / sum(cell.share for cell in told)

    def observe(self, event: Event) -> None:
        """A strike on leaders loosens the hold, or leaves it as it was: never tightens it."""
        loosened = self._after < self.control  # of many parameter sets at once, in a fit
        self.control = loosened * self._after + (1 - loosened) * self.control


def direction(signal: Event) -> float:
    """+1 for a word of encouragement, −1 for one of restraint."""
    return 1.0 if signal.subtype == ENCOURAGE else -1.0
