"""How far US threats are believed: less after one lapses, more after a strike."""

from __future__ import annotations

from sim.events import Event, Kind, Side
from sim.settings.threats import Threats


class Credibility:
    """A share between 0 and 1 that follows from what became of earlier threats.

    Where threats are switched off, one that the timeline gives is believed.
    """

    observes = (Kind.THREAT_LAPSED, Kind.AIRSTRIKE, Kind.LEADERSHIP_STRIKE)

    def __init__(self, params: Threats) -> None:
        self.params = params
        self.level = params.credibility if params.on else 1.0

    def observe(self, event: Event) -> None:
        """Lose part of the belief at a lapse, or part of the doubt at a US strike."""
        if not self.params.on:
            return
        if event.kind is Kind.THREAT_LAPSED:
            self.level = self.level * (1.0 - self.params.lapse_cost)
        elif event.side is Side.US:
            self.level = self.level + self.params.proof_gain * (1.0 - self.level)
