"""Observers: what of the truth reaches the public record, through whom, and when."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from math import inf

from sim.agents.accounts import account, correction, short_count, with_harm
from sim.agents.agent import Agent
from sim.agents.pending import Past
from sim.clock import HOURS_PER_DAY, to_days
from sim.draws import Draws
from sim.events import Event, Journal, Kind, Origin
from sim.inversion import log_normal
from sim.reports import ACCIDENT, CHANNEL, DENIED, OFFICIAL, STRIKE, WIRE
from sim.settings.observers import Observers as ObserversSettings


def hole_windows(holes: tuple[str, ...], start: date) -> list[tuple[float, float]]:
    """The under-reported months as (first, last) days from `start`, last exclusive."""
    windows = []
    for month in holes:
        first = date.fromisoformat(f"{month}-01")
        after = date(first.year + first.month // 12, first.month % 12 + 1, 1)
        windows.append((to_days(first, start), to_days(after, start)))
    return windows


class Observers(Agent):
    """A wire service, officials and militia channels; nobody in the simulation reads them.

    The wire tells first. Officials speak after the first report: they confirm with a count of
    their own, deny, correct and withdraw. Channels print claims, of what happened and of what
    didn't.
    """

    reacts: tuple[Kind, ...] = (
        *(Kind.ROCKET_ATTACK, Kind.CONVOY_ATTACK, Kind.FOILED_ATTACK, Kind.DEPOT_BLAST),
    )
    rank = 0

    def __init__(
        self, params: ObserversSettings, draws: Draws, journal: Journal, start: date, end: float
    ) -> None:
        self.params = params
        self.journal = journal
        self.end = end
        self._since = -inf
        self._printed: set[str] | None = None
        self._holes = hole_windows(params.holes, start)
        self._luck = draws.stream("observers.report", 8)
        self._convoys = draws.stream("observers.convoys", 2)
        self._claims = draws.stream("observers.claims", 2)
        self._blasts = draws.stream("observers.blasts", 6)
        self._factor = params.revisions.factor if params.revisions.on else 1.0
        if params.channels.on:
            self.reacts = (*self.reacts, Kind.CLAIM)

    def detection(self, kind: Kind, time: float) -> float:
        """Probability that an event of this kind at this time is reported: p(month, kind)."""
        if kind is Kind.CONVOY_ATTACK:
            return self.params.convoy_detection
        if kind is Kind.FOILED_ATTACK:
            return self.params.foiled_detection
        if kind is Kind.DEPOT_BLAST:
            return self.params.blast_detection
        for low, high in self._holes:
            if low <= time < high:
                return self.params.hole_detection
        return self.params.rocket_detection

    def react(self, event: Event) -> None:
        """Notice an event, and tell of it as each source does."""
        kind = event.kind
        if kind is Kind.CONVOY_ATTACK:
            self._tell_convoy(event)
        elif kind is Kind.CLAIM:
            self._print_claim(event)
        elif kind is Kind.DEPOT_BLAST:
            self._tell_blast(event)
        else:
            self._tell_rockets(event)

    def resume(self, past: Past) -> None:
        """Print what is still to be said of simulated events; the record has said its part.

        Of another replication's events it is drawn anew when each account comes: none twice,
        and no correction of one that never came.
        """
        self._since = past.now
        self._printed = {event.id for event in past.of(Kind.REPORT, Kind.CORRECTION)}
        for event in past.of(*self.reacts):
            if event.origin is Origin.SIMULATED:
                self.react(event)
        self._since, self._printed = -inf, None

    # -- each kind of event -----------------------------------------------------------

    def _tell_convoy(self, event: Event) -> None:
        """Convoy attacks are many and fill their pages: told once, by the wire, or never."""
        cell, _, index = event.id.rpartition(".")
        u = self._convoys.row(cell, int(index))
        if u[0] < self.params.convoy_detection:
            self._publish(account("P" + event.id, self._wire_time(event, u[1]), WIRE, event, None))

    def _tell_rockets(self, event: Event) -> None:
        """An attack, or a find: the wire first, then officials."""
        u = self._luck(event.id)
        if u[0] >= self.detection(event.kind, event.time):
            return
        rounds = event.fired or None
        first = None if rounds is None else short_count(rounds, self._factor, u[2])
        wire = account("P" + event.id, self._wire_time(event, u[1]), WIRE, event, first)
        self._publish(wire)
        officials = self.params.officials
        if rounds is not None and officials.on and u[3] < officials.share:
            self._speak_officially(event, rounds, self._official_time(wire, u[4]), u)

    def _speak_officially(
        self, event: Event, rounds: int, said_at: float, u: Sequence[float]
    ) -> None:
        """A count of their own with the harm; later the final count, or a withdrawal."""
        officials = self.params.officials
        count = short_count(rounds, self._factor, u[5])
        said = with_harm(account("O" + event.id, said_at, OFFICIAL, event, count), event)
        self._publish(said)
        later = said_at + log_normal(u[6], officials.final_median_days, self.params.delay_sigma)
        if u[7] < officials.retracted_share:
            self._publish(correction(said, later, None))
        elif count != rounds:
            self._publish(correction(said, later, event))

    def _print_claim(self, claim: Event) -> None:
        """A channel prints every claim at once; officials may deny one of nothing."""
        printed = account("P" + claim.id, claim.time, CHANNEL, claim, None)
        self._publish(printed)
        officials = self.params.officials
        if claim.cause is None and officials.on:
            u = self._claims(claim.id)
            if u[0] < officials.denied_share:
                later = self._official_time(printed, u[1])
                self._publish(account("O" + claim.id, later, OFFICIAL, claim, None, DENIED))

    def _tell_blast(self, blast: Event) -> None:
        """The wire has a strike; officials have a word of their own for it."""
        u = self._blasts(blast.id)
        if u[5] >= self.detection(blast.kind, blast.time):
            return
        time = self._wire_time(blast, u[0])
        wire = account("P" + blast.id, time, WIRE, blast, None, STRIKE)
        self._publish(wire)
        if self.params.officials.on:
            self._explain_blast(blast, self._official_time(wire, u[1]), u)

    def _explain_blast(self, blast: Event, said_at: float, u: Sequence[float]) -> None:
        """Officials have a strike, or perhaps an accident; either they may take back."""
        officials = self.params.officials
        word = ACCIDENT if u[2] < officials.accident_share else STRIKE
        said = account("O" + blast.id, said_at, OFFICIAL, blast, None, word)
        self._publish(said)
        if u[3] < officials.retracted_share:
            days = log_normal(u[4], officials.final_median_days, self.params.delay_sigma)
            self._publish(correction(said, said_at + days, None))

    # -- print ------------------------------------------------------------------------

    def _wire_time(self, event: Event, u: float) -> float:
        hours = log_normal(u, self.params.delay_median_hours, self.params.delay_sigma)
        return event.time + hours / HOURS_PER_DAY

    def _official_time(self, first: Event, u: float) -> float:
        """Officials answer to what is told already: their delay runs from the first report."""
        median = self.params.officials.delay_median_hours
        return first.time + log_normal(u, median, self.params.delay_sigma) / HOURS_PER_DAY

    def _publish(self, report: Event) -> None:
        """Print a report in its time, if that lies in the window."""
        if self._since < report.time < self.end and (self._printed is None or self._fits(report)):
            self.journal.file(report)

    def _fits(self, report: Event) -> bool:
        """Whether a report goes with what has been printed."""
        assert self._printed is not None
        new = report.id not in self._printed
        if report.kind is Kind.CORRECTION and report.cause not in self._printed:
            return False
        self._printed.add(report.id)
        return new
