"""Protests: what the host state says when a strike kills its own."""

from __future__ import annotations

from math import fsum

from sim.agents.agent import Agent
from sim.draws import Draws
from sim.events import Event, Journal, Kind, Origin, Side
from sim.settings.government import Protests as ProtestsSettings
from sim.settings.militia import Cell

VOTE = "parliament_vote"


def own_dead(strike: Event, salaried: float) -> float:
    """The dead of a strike that count as the state's own; unknown tolls count none."""
    return (strike.iraqi_killed or 0) + salaried * (strike.militia_killed or 0)


class Protests(Agent):
    """The government protests against a US strike; the parliament votes after the worst."""

    reacts = (Kind.AIRSTRIKE, Kind.LEADERSHIP_STRIKE)
    rank = 1

    def __init__(
        self, params: ProtestsSettings, cells: dict[str, Cell], draws: Draws, journal: Journal
    ) -> None:
        self.params = params
        self.journal = journal
        total = fsum(cell.share for cell in cells.values())
        paid = fsum(cell.share * cell.salaried for cell in cells.values())
        self.salaried = params.salaried_weight * paid / total
        self._choice = draws.stream("protests.choice", 2)

    def react(self, event: Event) -> None:
        """Protest as likely as one of its own is among the dead; vote after leaders."""
        if event.side is not Side.US:
            return
        u = self._choice(event.id)
        if u[0] < self.params.probability * min(1.0, own_dead(event, self.salaried)):
            self.journal.post(_protest(f"protest:{event.id}", event.time, None, event))
        if event.kind is Kind.LEADERSHIP_STRIKE and u[1] < self.params.vote_probability:
            vote = _protest(f"vote:{event.id}", event.time + self.params.vote_days, VOTE, event)
            timeout = self.env.timeout(self.params.vote_days)
            assert timeout.callbacks is not None
            timeout.callbacks.append(lambda _: self.journal.post(vote))


def _protest(name: str, time: float, subtype: str | None, strike: Event) -> Event:
    return Event(
        id=name,
        time=time,
        kind=Kind.PROTEST,
        subtype=subtype,
        side=Side.IRAQ,
        cause=strike.id,
        origin=Origin.SIMULATED,
    )
