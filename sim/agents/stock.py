"""Rounds at hand: spent by attacks, lost to finds and strikes, brought by the patron.

Nobody recorded what the patron brought. So a recorded past neither spends nor loses: what was
fired in it has been brought again unseen, and what is at hand at its end is drawn from its prior.
"""

from __future__ import annotations

from sim.events import Event, Kind, Origin
from sim.settings.militia import Stock as StockSettings


class Stock:
    """How many rounds the network has. Latent: the record tells nothing of it."""

    losses = (Kind.AIRSTRIKE, Kind.LEADERSHIP_STRIKE, Kind.DEPOT_BLAST)
    observes = (Kind.ROCKET_ATTACK, Kind.FOILED_ATTACK, Kind.RESUPPLY, *losses)

    def __init__(self, params: StockSettings) -> None:
        self.params = params
        self.rounds = params.start if params.on else 0.0

    def observe(self, event: Event) -> None:
        """Take what was fired or found, lose what was hit, add what came."""
        if event.origin is Origin.REPLAYED:
            return
        if event.kind is Kind.ROCKET_ATTACK:
            self.rounds = max(0.0, self.rounds - (event.fired or 0))
        elif event.kind is Kind.FOILED_ATTACK:
            self.rounds = max(0.0, self.rounds - (event.unfired or 0))
        elif event.kind is Kind.RESUPPLY:
            self.rounds += event.units or 0
        else:
            self.rounds *= 1.0 - self.params.strike_loss

    @property
    def enough(self) -> float:
        """The share of the tempo that the rounds at hand allow."""
        if not self.params.on:
            return 1.0
        if self.rounds < 1.0:
            return 0.0
        return min(1.0, self.rounds / self.params.scarce) if self.params.scarce else 1.0

    def limit(self, attempted: int) -> int:
        """No salvo has more rounds than there are."""
        return min(attempted, int(self.rounds)) if self.params.on else attempted
