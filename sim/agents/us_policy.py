"""The US policy: whether an attack is answered, when, and how hard."""

from __future__ import annotations

from collections.abc import Generator
from math import inf, log

import simpy

from sim.agents.agent import Agent
from sim.agents.militia import NOBODY
from sim.agents.sites import toll
from sim.draws import Draws, Uniforms
from sim.events import Event, Journal, Kind, Origin, Side
from sim.inversion import log_normal
from sim.settings.attribution import Attribution
from sim.settings.retaliation import Retaliation, StrikeProbability


def harm_class(event: Event) -> str:
    """The worst that an attack did, in the terms of the trigger."""
    if event.coalition_killed:
        return "killed"
    if event.coalition_wounded:
        return "wounded"
    return "compound" if event.inside_compound else "none"


def answer_probability(event: Event, probability: StrikeProbability) -> float:
    """Chance that an attack is answered; a harmless convoy attack never is."""
    harm = harm_class(event)
    if harm == "none" and event.kind is Kind.CONVOY_ATTACK:
        return 0.0
    return float(getattr(probability, harm))


def days_to_attribution(attribution: Attribution, fronted: bool) -> float:
    """Days until confidence reaches what a strike needs; infinite if it never does.

    confidence(t) = ceiling · (1 − (1 − initial) · 2^(−t / growth_days)), where the ceiling
    is 1 unless a front claims the attack.
    """
    ceiling = attribution.front_ceiling if fronted else 1.0
    doubt = 1.0 - attribution.needed / ceiling if ceiling > 0.0 else -1.0
    if doubt <= 0.0:
        sure_at_once = attribution.needed <= ceiling * attribution.initial
        return 0.0 if sure_at_once else inf
    ratio = doubt / (1.0 - attribution.initial) if attribution.initial < 1.0 else inf
    return max(0.0, -attribution.growth_days * log(ratio) / log(2.0)) if ratio < 1.0 else 0.0


class USPolicy(Agent):
    """Answers attacks with strikes, one pending decision at a time.

    While a strike is on its way it stands for every attack made meanwhile: those are
    not answered again.
    """

    observes = (Kind.DECISION, Kind.AIRSTRIKE, Kind.LEADERSHIP_STRIKE)
    reacts = (Kind.ROCKET_ATTACK, Kind.CONVOY_ATTACK)
    rank = 5

    def __init__(
        self, params: Retaliation, attribution: Attribution, draws: Draws, journal: Journal
    ) -> None:
        self.params = params
        self.attribution = attribution
        self.journal = journal
        self.pending: str | None = None
        self._waits = {
            fronted: days_to_attribution(attribution, fronted) for fronted in (False, True)
        }
        self._choice = draws.stream("us_policy.choice", 3)
        self._toll = draws.stream("us_policy.toll", 4)

    def observe(self, event: Event) -> None:
        if event.kind is Kind.DECISION:
            if event.side is Side.US:
                self.pending = event.id
        elif event.side is Side.US:
            self.pending = None

    def react(self, event: Event) -> None:
        """Consider an answer where the trigger says so and the attack can be attributed."""
        probability = answer_probability(event, self.params.probability)
        wait = self._waits[event.brand != NOBODY]
        if probability > 0.0 and wait <= self.attribution.patience_days:
            u = self._choice(event.id)
            if u[0] < probability:
                self.env.process(self.answer(event, wait, u))

    def answer(self, attack: Event, wait: float, u: Uniforms) -> Generator[simpy.Event]:
        """Wait until the attack is attributed, decide, and strike after a lag."""
        yield self.env.timeout(wait)
        if self.pending is not None:
            return
        strike = self.params.strike
        lag = log_normal(u[1], strike.lag_median_days, strike.lag_sigma)
        leaders = u[2] < strike.leadership_share
        decision = self._decide(attack, lag, leaders)
        yield self.env.timeout(lag)
        self._strike(decision, leaders)

    def _decide(self, attack: Event, lag: float, leaders: bool) -> Event:
        decision = Event(
            id="D" + attack.id,
            time=float(self.env.now),
            kind=Kind.DECISION,
            subtype="leadership_strike" if leaders else "airstrike",
            side=Side.US,
            due=float(self.env.now) + lag,
            confidence=self.attribution.needed,
            cause=attack.id,
            origin=Origin.SIMULATED,
        )
        self.journal.post(decision)
        return decision

    def _strike(self, decision: Event, leaders: bool) -> None:
        u, s = self._toll(decision.id), self.params.strike
        militia = toll(u[0], u[1], s.militia_killed_mean, s.wounded_per_killed, s.dispersion)
        iraqi = toll(u[2], u[3], s.iraqi_killed_mean, s.wounded_per_killed, s.dispersion)
        self.journal.post(
            Event(
                id="S" + decision.id[1:],
                time=float(self.env.now),
                kind=Kind.LEADERSHIP_STRIKE if leaders else Kind.AIRSTRIKE,
                side=Side.US,
                actor="US",
                site_class="militia_site",
                militia_killed=militia.killed,
                militia_wounded=militia.wounded,
                iraqi_killed=iraqi.killed,
                iraqi_wounded=iraqi.wounded,
                cause=decision.id,
                origin=Origin.SIMULATED,
            )
        )
