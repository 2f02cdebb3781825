"""What a fit may see: the events before its end, as agents live through them.

Nothing after the cut can be asked for: that is an error, not an empty answer.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from sim.campaign import Campaign, given_to_all, in_order
from sim.clock import to_days
from sim.draws import Draws
from sim.errors import InputError
from sim.events import Event, Journal
from sim.history import History, unclaimed
from sim.settings.sampling import Sampler


class Seen:
    """A record as it was known at the start of a day: the only way in which a fit reads one.

    An event counts as known from its day (the last that it can be), or from the later day on
    which it became public.

    Args:
        journal: the record.
        until: the first day that is not seen.

    Raises:
        InputError: the record does not reach that day.
    """

    def __init__(self, journal: Journal, until: date) -> None:
        self.until = until
        self.cut = float(to_days(until, journal.start))
        if self.cut <= 0.0 or (journal.end is not None and until > journal.end):
            raise InputError(f"until={until}: outside the record, {journal.start} to {journal.end}")
        told = unclaimed(journal, self.cut)
        known = [event for event in told if _is_known(event, self.cut)]
        self._journal = Journal(journal.start, until, known)

    def __iter__(self) -> Iterator[Event]:
        return iter(self._journal)

    def before(self, last: date) -> Journal:
        """All that was known of the days before `last`, as a journal that ends there.

        Raises:
            InputError: `last` lies after what is seen.
        """
        if last > self.until:
            raise InputError(
                f"rows before {last} were asked for, but only those before {self.until} are known"
            )
        if last == self.until:
            return self._journal
        return Seen(self._journal, last).before(last)


def _is_known(event: Event, cut: float) -> bool:
    """Whether an event is known at a cut: where its day is open, once the last day on which it
    can have been is over; a calendar mark from its announcement."""
    if event.known_from is not None:
        return event.known_from < cut
    return event.time < cut if event.time_high is None else event.time_high <= cut


def lived(sampler: Sampler, journal: Journal, start: date, cut: float, jitter: int) -> list[Event]:
    """What agents live through before a cut, in order: events, and what is told of others.

    Args:
        sampler: of the scenario; where a told date hangs on an uncertain quantity (the notice
            of a handover), its median is taken.
        journal: the record, or a simulated one.
        start: the scenario's first day.
        cut: days of the scenario.
        jitter: number of the draw of what the record leaves open: dates, ranges, blanks.
    """
    history = History(journal, start, cut)
    middle = sampler.draw(lambda key: 0.5)
    draws = Draws(0, jitter)
    campaign = Campaign(middle, draws, given_to_all(sampler), told=False)
    past = campaign.past_in(history)
    told = [entry for agent in campaign.agents for entry in agent.told(cut)]
    return in_order(past, told)
