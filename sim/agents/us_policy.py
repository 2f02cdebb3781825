"""The US policy: whether an attack is answered, when, and how hard."""

from __future__ import annotations

from collections import deque
from collections.abc import Generator, Iterable
from math import inf, prod
from typing import NamedTuple

import simpy

from sim.agents.agent import Agent
from sim.agents.claims import NOBODY
from sim.agents.pending import LogNormal, Past, chances_left, day_of, longer
from sim.agents.sites import toll
from sim.agents.trigger import (
    WARNING,
    answer_probability,
    days_to_attribution,
    grade,
    less_likely,
)
from sim.clock import delay
from sim.draws import Draws, Uniforms
from sim.events import Event, Journal, Kind, Origin, Side
from sim.intensity import Driver
from sim.settings.attribution import Attribution
from sim.settings.retaliation import Retaliation

TRIGGERS = (
    Kind.ROCKET_ATTACK,
    Kind.CONVOY_ATTACK,
    Kind.FOILED_ATTACK,
    Kind.EMBASSY_STORMING,
)
MOST_PROTEST = 10.0


class Considered(NamedTuple):
    """An attack that may be answered: the chance it had when it was made, the days until it
    can be attributed, the chance it has where no others are counted with it, and what the
    answer would be where that is settled."""

    attack: Event
    chance: float
    wait: float
    alone: float
    scale: str | None = None


class USPolicy(Agent):
    """Answers attacks, one pending decision at a time.

    While an answer is on its way it stands for every attack made meanwhile: those are
    not answered again.
    """

    observes = (
        Kind.DECISION,
        Kind.AIRSTRIKE,
        Kind.LEADERSHIP_STRIKE,
        Kind.DEPOT_BLAST,
        Kind.THREAT,
        Kind.PROTEST,
        *TRIGGERS,
    )
    reacts = TRIGGERS
    rank = 5

    def __init__(
        self,
        params: Retaliation,
        attribution: Attribution,
        draws: Draws,
        journal: Journal,
    ) -> None:
        self.params = params
        self.journal = journal
        self.pending: Event | None = None
        self.open: dict[str, Considered] = {}
        self.lag = LogNormal(params.strike.lag_median_days, params.strike.lag_sigma)
        self.answers: list[float] = []  # times of its own answers, for those that grow
        self.protest = Driver(params.protest_cost, params.protest_days, MOST_PROTEST)
        self._attacks: deque[float] = deque()
        self._waits = {
            fronted: days_to_attribution(attribution, params.needed, fronted)
            for fronted in (False, True)
        }
        self._choice = draws.stream("us_policy.choice", 5)
        self._toll = draws.stream("us_policy.toll", 4)

    # -- state ------------------------------------------------------------------------

    def observe(self, event: Event) -> None:
        kind = event.kind
        if kind in TRIGGERS:
            self._consider(event)
        elif kind is Kind.PROTEST:
            self.protest.jump(event.time)
        elif kind is Kind.DECISION:
            if event.side is Side.US:
                self.pending = event
                self._answered(event.time, event.cause)
        elif self._said_already(event):
            self._answered(event.time, None)
            del self.open[event.cause or ""]
        elif self._settles(event):
            if self.pending is None and event.origin is Origin.REPLAYED:
                self._answered(event.time, None)  # nobody recorded when it was decided
            self.pending = None
            self._close(event.time)

    def _settles(self, event: Event) -> bool:
        """Whether an event is the answer that was pending, or a strike that stands for it."""
        if self.pending is not None and event.cause == self.pending.id:
            return True
        return event.side is Side.US and event.kind is not Kind.THREAT

    def _said_already(self, event: Event) -> bool:
        """Whether somebody has warned of an open attack whose answer would be a warning: no
        attack is warned of twice."""
        if not self.params.grades.on or event.subtype != WARNING or event.cause not in self.open:
            return False
        return grade(self.recent_answers(event.time), self.params.grades) == WARNING

    def _answered(self, time: float, attack: str | None) -> None:
        """An answer uses the count up: all other attacks are open as far as each is alone."""
        self.answers.append(time)
        self._attacks.clear()
        self.open = {
            name: c if name == attack else c._replace(chance=c.alone)
            for name, c in self.open.items()
            if name == attack or c.alone > 0.0
        }

    def _consider(self, event: Event) -> None:
        """Keep an attack that may be answered, on the terms that it was made under."""
        if event.kind is Kind.EMBASSY_STORMING:  # needs no attribution, and is against leaders
            chance = self.params.after_storming
            self._keep(event, chance, 0.0, chance, Kind.LEADERSHIP_STRIKE)
            return
        alone = chance = self.probability(event)
        if event.kind is Kind.ROCKET_ATTACK:
            self._count(event)
            chance = max(alone, self._by_count(event.time))
        wait = self._waits[event.brand not in (NOBODY, None)]
        self._keep(event, chance, wait, alone)

    def _keep(
        self, attack: Event, chance: float, wait: float, alone: float, scale: str | None = None
    ) -> None:
        if chance > 0.0 and wait <= self.params.patience_days:
            self.open[attack.id] = Considered(attack, chance, wait, alone, scale)

    def _close(self, time: float) -> None:
        """A strike stands for every attack that could have been answered by then."""
        self.open = {name: c for name, c in self.open.items() if c.attack.time + c.wait > time}

    def _count(self, event: Event) -> None:
        """Keep the attacks since the last answer that lie in the window of the count."""
        count = self.params.count
        if count.on:
            self._attacks.append(event.time)
            while self._attacks[0] < event.time - count.window_days:
                self._attacks.popleft()

    def recent_answers(self, time: float, answers: Iterable[float] | None = None) -> int:
        """Its own answers that are remembered at `time`; a long quiet wipes them all.

        Args:
            time: days.
            answers: the times of those that count; by default all.
        """
        memory = self.params.grades.memory_days
        remembered, last = 0, -inf
        for at in self.answers if answers is None else answers:
            remembered = remembered + 1 if at - last <= memory else 1
            last = at
        return remembered if time - last <= memory else 0

    def state(self, time: float) -> dict[str, float]:
        """The open attacks are those that no strike stands for yet; whether one of them is
        to be answered shows when the agents act."""
        return {
            "a decision is pending (0 or 1)": float(self.pending is not None),
            "attacks that may be answered": float(len(self.open)),
            "answers given": float(len(self.answers)),
            "cost of protests (log odds)": self.protest.level(time),
            "an answer is still to come (probability)": self._still_answered(time),
        }

    def _still_answered(self, time: float) -> float:
        """The chance that some recorded attack is answered though it has not been so far."""
        chances = (chance for _, _, chance in self._waits_at(time, self.open.values()))
        return 1.0 - prod(1.0 - chance for chance in chances)

    def _waits_at(
        self, time: float, attacks: Iterable[Considered]
    ) -> list[tuple[Considered, float, float]]:
        """Attacks as they come to be attributed, the days waited for an answer since, and the
        chance that one is on its way where none before it is answered: it stands for the rest."""
        ordered = sorted(attacks, key=lambda c: c.attack.time + c.wait)
        waits = [time - c.attack.time - c.wait for c in ordered]
        pairs = zip(ordered, waits, strict=True)
        left = chances_left([(c.chance, self.lag.passed(waited)) for c, waited in pairs])
        return list(zip(ordered, waits, left, strict=True))

    # -- behaviour --------------------------------------------------------------------

    def probability(self, event: Event) -> float:
        """The chance that an attack is answered for itself: by harm, less after protests."""
        if event.kind is Kind.FOILED_ATTACK:
            return less_likely(self.params.attempt, self.protest.level(event.time))
        chance = answer_probability(event, self.params.probability)
        cost = self.protest.level(event.time)
        return less_likely(chance, cost) if cost else chance

    def _by_count(self, time: float) -> float:
        """The chance that the attacks counted so far bring an answer, less after protests."""
        count = self.params.count
        if not count.on or len(self._attacks) < count.attacks:
            return 0.0
        return less_likely(count.probability, self.protest.level(time))

    def react(self, event: Event) -> None:
        """Answer where the trigger says so and the attack can be attributed."""
        considered = self.open.get(event.id)
        if considered is not None:
            u = self._choice(event.id)
            if u[0] < considered.chance:
                self.env.process(self.answer(considered, u))

    def resume(self, past: Past) -> None:
        """Go on with the decision that is pending, or with what may be on its way unseen; what
        was answered under a policy that was sure of it sooner is not answered again."""
        if self.pending is not None:
            self._take_over(self.pending, past)
        else:
            self._decide_unseen(past)
        for considered in self.open.values():
            attack = considered.attack
            to_come = attack.time + considered.wait > past.now
            if to_come and not past.followed(attack, Kind.DECISION):
                u = self._choice.anew(attack.id)
                if u[0] < considered.chance:
                    self.env.process(self.answer(considered, u))

    def _take_over(self, decision: Event, past: Past) -> None:
        """Carry a decision out, if this policy would have taken one."""
        attack = past.by_id.get(decision.cause or "")
        if attack is not None and self._would_answer(attack):
            self.env.process(self.carry_out(self._own(decision, attack)))
        else:
            self.pending = None

    def _would_answer(self, attack: Event) -> bool:
        if attack.kind is Kind.EMBASSY_STORMING:
            return self.params.after_storming > 0.0
        return attack.id in self.open or self.probability(attack) > 0.0

    def _own(self, decision: Event, attack: Event) -> Event:
        """What was decided upon, where this policy could have chosen it; else, on the same day,
        what it would have."""
        if attack.kind is Kind.EMBASSY_STORMING:
            return decision
        before = [time for time in self.answers if time < decision.time]
        if (decision.subtype or Kind.AIRSTRIKE) in self._choices(decision.time, before):
            return decision
        return decision.but(subtype=self._scale(self._choice(attack.id), decision.time, before))

    def _choices(self, time: float, answers: list[float]) -> set[str]:
        """What may answer an attack at a time, after these answers."""
        strike, grades = self.params.strike, self.params.grades
        owned, covert = strike.covert_share < 1.0, strike.covert_share > 0.0
        depots = {Kind.AIRSTRIKE: owned, Kind.DEPOT_BLAST: covert}
        either = {str(kind) for kind, may in depots.items() if may}
        if grades.on:
            step = grade(self.recent_answers(time, answers), grades)
            return either if step == Kind.AIRSTRIKE else {step}
        chosen = either if strike.leadership_share < 1.0 else set()
        return {*chosen, Kind.LEADERSHIP_STRIKE} if strike.leadership_share > 0.0 else chosen

    def _decide_unseen(self, past: Past) -> None:
        """Nobody saw whether a recorded attack is to be answered: the first that is, by the
        chance that an answer is still coming where none has come."""
        unseen = [c for c in self.open.values() if c.attack.origin is not Origin.SIMULATED]
        for considered, waited, chance in self._waits_at(past.since, unseen):
            attack, u = considered.attack, self._choice(considered.attack.id)
            if waited < 0.0:
                return
            if u[0] < chance:
                due = attack.time + considered.wait + longer(self.lag, u[1], waited)
                scale = considered.scale or self._scale(u, float(self.env.now))
                self.env.process(self.carry_out(self._decide(attack, past.now, due, scale)))
                return

    def answer(self, considered: Considered, u: Uniforms) -> Generator[simpy.Event]:
        """Wait until the attack is attributed, decide if it is still open, and act after a lag."""
        time = considered.attack.time + considered.wait
        yield self.env.timeout(delay(time, self.env.now))
        standing = self.open.get(considered.attack.id)
        if self.pending is None and standing is not None and u[0] < standing.chance:
            scale = considered.scale or self._scale(u, float(self.env.now))
            due = time + self.lag.at(u[1])
            yield from self.carry_out(self._decide(considered.attack, time, due, scale))

    def carry_out(self, decision: Event) -> Generator[simpy.Event]:
        """Strike, or warn, on the day that was decided upon."""
        yield self.env.timeout(delay(day_of(decision), self.env.now))
        if decision.subtype == WARNING:
            self._warn(decision)
        else:
            self._strike(decision)

    def _scale(self, u: Uniforms, time: float, answers: Iterable[float] | None = None) -> str:
        """What kind of answer at a time: as grades say after these answers (by default all), or
        leaders, or a depot that nobody owns."""
        strike = self.params.strike
        if self.params.grades.on:
            scale = grade(self.recent_answers(time, answers), self.params.grades)
        else:
            leaders = u[2] < strike.leadership_share
            scale = Kind.LEADERSHIP_STRIKE if leaders else Kind.AIRSTRIKE
        covert = scale == Kind.AIRSTRIKE and u[3] < strike.covert_share
        return Kind.DEPOT_BLAST if covert else scale

    def _decide(self, attack: Event, time: float, due: float, scale: str) -> Event:
        decision = Event(
            id="D" + attack.id,
            time=time,
            kind=Kind.DECISION,
            subtype=scale,
            side=Side.US,
            due=due,
            confidence=self.params.needed,
            cause=attack.id,
            origin=Origin.SIMULATED,
        )
        self.journal.post(decision)
        return decision

    def _warn(self, decision: Event) -> None:
        """Say in public what the next attack will bring."""
        now = day_of(decision)
        self.post(
            id="S" + decision.id[1:],
            time=now,
            kind=Kind.THREAT,
            subtype=WARNING,
            side=Side.US,
            actor="US",
            due=now + self.params.grades.warning_days,
            cause=decision.id,
        )

    def _strike(self, decision: Event) -> None:
        u, s = self._toll.anew(decision.id), self.params.strike
        militia = toll(u[0], u[1], s.militia_killed_mean, s.wounded_per_killed, s.dispersion)
        iraqi = toll(u[2], u[3], s.iraqi_killed_mean, s.wounded_per_killed, s.dispersion)
        owned = decision.subtype != Kind.DEPOT_BLAST
        self.post(
            id="S" + decision.id[1:],
            time=day_of(decision),
            kind=Kind(decision.subtype or Kind.AIRSTRIKE),
            side=Side.US if owned else Side.UNATTRIBUTED,
            actor="US",
            site_class="militia_site",
            militia_killed=militia.killed,
            militia_wounded=militia.wounded,
            iraqi_killed=iraqi.killed,
            iraqi_wounded=iraqi.wounded,
            cause=decision.id,
        )
