"""History drives the agents up to a moment; from there they act.

Because agents keep state only through the events that they observe, a journal restores them:
the record, with its ranges and blanks drawn anew in each replication, or a simulated one.
"""

from __future__ import annotations

from bisect import bisect_right
from typing import NamedTuple

from sim.campaign import Campaign, Until, drawn, given_to_all
from sim.draws import Draws, Split
from sim.events import Event, Journal
from sim.history import History
from sim.settings.sampling import Sampler


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
    own = campaign.owns(history)
    campaign.live_through(campaign.past_in(history), history.cut, own=own)
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


class Particle(NamedTuple):
    """A replication as far as it has come.

    Args:
        replication: its number; its parameters are drawn by it.
        events: what was lived through and what was made of it, in order.
        since: the moment (days) from which its agents have acted.
        now: the moment up to which they have.
        marks: under which luck it went on, and from when; before the first under its own.
    """

    replication: int
    events: list[Event]
    since: float
    now: float
    marks: tuple[tuple[float, str], ...] = ()

    def born(self) -> dict[str, str]:
        """Every event's mark, by its id: the luck under which it came about."""
        starts, names = [start for start, _ in self.marks], ["", *(m for _, m in self.marks)]
        return {event.id: names[bisect_right(starts, event.time)] for event in self.events}


def begin(sampler: Sampler, entropy: int, replication: int, history: History) -> Particle:
    """One replication at the cut of a history, where its agents are to take over."""
    campaign = replay(sampler, entropy, replication, history, told=False)
    return Particle(replication, campaign.past, history.cut, history.cut)


def go_on(
    sampler: Sampler,
    entropy: int,
    particle: Particle,
    mark: str = "",
    until: Until | None = None,
) -> Particle:
    """The same replication further on, under new luck from where it stands.

    Its parameters stay, and so does whatever has been drawn for what has happened, seen or
    not: a crowd that gathers, a truce that somebody will grow tired of. New is the luck of every
    event to come, and of the answer to an attack that the US cannot attribute yet. So the law
    of what comes is that of the replication's own future, whatever the mark.

    Args:
        sampler: of the scenario that the particle comes from.
        entropy: root entropy of the study.
        particle: where the replication stands.
        mark: of the new luck; no two futures of one replication may share it. Without one the
            luck stays, and the replication goes on as it would have.
        until: where to stop short of the scenario's end.
    """
    marks = (*particle.marks, (particle.now, mark)) if mark else particle.marks
    split = Split(marks[-1][1], particle.born()) if marks else None
    scenario = drawn(sampler, Draws(entropy, particle.replication))
    draws = Draws(entropy, particle.replication, split=split)
    campaign = Campaign(scenario, draws, given_to_all(sampler), told=False)
    campaign.live_through(particle.events, particle.now, particle.since)
    lived = campaign.past
    after = campaign.run(until)
    now = campaign.end if campaign.stopped is None else campaign.stopped
    return Particle(particle.replication, [*lived, *after], particle.since, now, marks)
