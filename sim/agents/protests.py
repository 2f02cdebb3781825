"""Protests: what the host state says when a strike kills its own."""

from __future__ import annotations

from math import fsum

from sim.agents.agent import Agent
from sim.agents.pending import Exactly, Past, still_to_come
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
        if event.kind is Kind.LEADERSHIP_STRIKE:
            self._put_to_the_vote(event, 0.0)

    def resume(self, past: Past) -> None:
        """Wait on for the votes that no one has seen yet."""
        recorded = Origin.REPLAYED  # of these no one says which protest was the vote
        votes = [e for e in past.of(Kind.PROTEST) if e.subtype == VOTE or e.origin is recorded]
        voted = {vote.cause for vote in votes}
        for strike in past.of(Kind.LEADERSHIP_STRIKE):
            if strike.side is Side.US and strike.id not in voted:
                self._put_to_the_vote(strike, past.waited(strike))

    def _put_to_the_vote(self, strike: Event, waited: float) -> None:
        """The parliament may vote some days after a strike on leaders."""
        u, chance = self._choice(strike.id), self.params.vote_probability
        days = still_to_come(chance, u[1], u[1], Exactly(self.params.vote_days), waited)
        if days is not None:
            self.post_later(_protest(f"vote:{strike.id}", strike.time + days, VOTE, strike))


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
