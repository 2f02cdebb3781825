"""Protests: what the host state says when a strike kills its own."""

from __future__ import annotations

from math import fsum

from sim.agents.agent import Agent
from sim.agents.pending import Past, unexplained
from sim.draws import Draws
from sim.events import Event, Journal, Kind, Origin, Side
from sim.settings.government import Protests as ProtestsSettings
from sim.settings.militia import Cell

VOTE = "parliament_vote"


def own_dead(strike: Event, salaried: float) -> float:
    """The dead of a strike that count as the state's own; unknown tolls count none."""
    return (strike.iraqi_killed or 0) + salaried * (strike.militia_killed or 0)


def may_have_struck_its_own(strike: Event, salaried: float) -> float:
    """How likely one of the state's own is among the dead; a toll that nobody gave may hold one."""
    unknown = strike.iraqi_killed is None or strike.militia_killed is None
    return 1.0 if unknown else min(1.0, own_dead(strike, salaried))


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
        """Protest, and vote after leaders, as likely as one of its own is among the dead."""
        if event.side is not Side.US:
            return
        u = self._choice(event.id)
        if u[0] < self.params.probability * min(1.0, own_dead(event, self.salaried)):
            self.journal.post(_protest(f"protest:{event.id}", event.time, None, event))
        if event.kind is Kind.LEADERSHIP_STRIKE:
            self._put_to_the_vote(event)

    def resume(self, past: Past) -> None:
        """Wait on for the votes that no one has seen yet."""
        protests = past.of(Kind.PROTEST)
        for strike in past.of(Kind.LEADERSHIP_STRIKE):
            voted = any(_may_be_the_vote(protest, strike) for protest in protests)
            if strike.side is Side.US and not voted:
                self._put_to_the_vote(strike)

    def _put_to_the_vote(self, strike: Event) -> None:
        """The parliament may vote some days after a strike on leaders that killed the state's
        own; it is known how many, so that until then a wait tells nothing."""
        chance = self.params.vote_probability * may_have_struck_its_own(strike, self.salaried)
        if self._choice(strike.id)[1] < chance:
            day = strike.time + self.params.vote_days
            self.post_later(_protest(f"vote:{strike.id}", day, VOTE, strike))


def _may_be_the_vote(protest: Event, strike: Event) -> bool:
    """Of recorded protests no one says which was the vote; of a recorded vote, perhaps, not on
    which strike it was."""
    if unexplained(protest):
        return protest.subtype == VOTE and protest.time >= strike.time
    recorded = protest.origin is Origin.REPLAYED
    return protest.cause == strike.id and (protest.subtype == VOTE or recorded)


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
