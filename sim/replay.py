"""History drives the agents up to a moment; from there they act.

Because agents keep state only through the events that they observe, a journal restores them:
the record, with its ranges and blanks drawn anew in each replication, or a simulated one.
"""

from __future__ import annotations

from typing import NamedTuple

from sim.campaign import Campaign, drawn, given_to_all
from sim.draws import Draws
from sim.events import Event, Journal
from sim.history import History
from sim.settings.quantity import Sampler


class Future(NamedTuple):
    """What one replication lived through, and what it made of the rest.

    `journal` holds both in order; `cut` is the moment (days) at which the agents took over.
    """

    journal: Journal
    cut: float

    @property
    def events(self) -> list[Event]:
        """What came after the cut."""
        return [event for event in self.journal if event.time >= self.cut]


def replay(
    sampler: Sampler,
    entropy: int,
    replication: int,
    history: History,
    fork: int = 0,
    note: dict[str, float] | None = None,
    told: bool = True,
) -> Campaign:
    """The agents of one replication as history leaves them at its cut; none has acted.

    Args:
        sampler: of the scenario whose agents live through it.
        entropy: root entropy of the study.
        replication: its number, from 0.
        history: cut at the moment in question.
        fork: zero but for deliberate re-draws of the luck.
        note: takes down the parameters drawn, by dotted key.
        told: whether anybody reports what happens.
    """
    scenario = drawn(sampler, Draws(entropy, replication), note)
    campaign = Campaign(scenario, Draws(entropy, replication, fork), given_to_all(sampler), told)
    campaign.live_through(campaign.past_in(history), history.cut)
    return campaign


def branch(
    sampler: Sampler,
    entropy: int,
    replication: int,
    history: History,
    fork: int = 0,
    note: dict[str, float] | None = None,
    told: bool = True,
) -> Future:
    """One future from the cut of a history to the scenario's end; arguments as in `replay`.

    The parameters are those of the replication whatever the fork: forks re-draw what
    happens, not how the world is.
    """
    campaign = replay(sampler, entropy, replication, history, fork, note, told)
    lived = list(campaign.past)
    after = campaign.run()
    return Future(Journal(after.start, after.end, [*lived, *after]), history.cut)
