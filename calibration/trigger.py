"""The likelihood of the US answers: which attacks were answered by a strike, when, and how.

By the rules of `sim.agents.us_policy`: an attack is answered with a chance that hangs on its
harm, once it can be attributed, after a log-normal lag; while an answer is on its way it
stands for every attack made meanwhile. An attack of which nothing came so far may still be
answered after the cut. A decision to answer what nobody reported stands for attacks just so,
and tells its lag and scale; why it was taken is left out (a partial likelihood, Cox 1975).
What the record leaves blank of an attack (whom it hurt, who claimed it) is drawn a few times
over, as a replay draws it, and the likelihood averaged.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

import numpy as np
from scipy.special import logsumexp, ndtr, xlog1py, xlogy

from calibration.quantiles import Floats
from calibration.wide import WideDriver
from sim.agents.claims import NOBODY
from sim.agents.harm import harm_class
from sim.agents.us_policy import MOST_PROTEST, TRIGGERS
from sim.events import Event, Kind, Side
from sim.settings.attribution import Attribution
from sim.settings.retaliation import Retaliation
from sim.settings.scenario import Scenario

PREFIXES = (
    *("retaliation.probability.", "retaliation.needed", "retaliation.patience_days"),
    *("retaliation.after_storming", "retaliation.protest_", "retaliation.strike.lag_"),
    *("retaliation.strike.leadership_share", "attribution."),
)
STRIKES = (Kind.AIRSTRIKE, Kind.LEADERSHIP_STRIKE)
HALF_A_DAY = 0.5
"""By so much a lag between two days is uncertain on either side."""


def keys(uncertain: Sequence[str]) -> list[str]:
    """The uncertain quantities that the answers hang on."""
    return [key for key in uncertain if key.startswith(PREFIXES)]


class Unreported(NamedTuple):
    """A decision to answer what nobody reported, and the strike if it came before the cut."""

    decision: Event
    strike: Event | None


class TriggerLikelihood:
    """log p(answers | attacks), for many parameters at once.

    Args:
        records: what was lived through, once for each draw of what the record leaves open.
        end: days; where the record is cut.
    """

    def __init__(self, records: Sequence[list[Event]], end: float) -> None:
        self.end = end
        self.records = [(record, _answers(record), _unreported(record)) for record in records]

    def __call__(self, scenario: Scenario, width: int) -> Floats:
        """Log-likelihoods, shape (width,)."""
        each = [self._of(*record, scenario, width) for record in self.records]
        averaged: Floats = logsumexp(each, axis=0) - np.log(len(each))
        return averaged

    def _of(
        self,
        record: list[Event],
        answers: dict[str, Event],
        unreported: list[Unreported],
        scenario: Scenario,
        width: int,
    ) -> Floats:
        policy = scenario.retaliation
        cases = _Cases(policy, scenario.attribution, unreported, self.end, width)
        protest = WideDriver(policy.protest_cost, policy.protest_days, MOST_PROTEST, width)
        for event in record:
            if event.kind is Kind.PROTEST:
                protest.jump(event.time)
            elif event.kind in TRIGGERS and event.kind is not Kind.FOILED_ATTACK:
                cases.add(event, answers.get(event.id), protest.level(event.time))
        return cases.total()


class _Cases:
    """The attacks in order, each with its chance, its wait and what came of it."""

    def __init__(
        self,
        policy: Retaliation,
        attribution: Attribution,
        unreported: list[Unreported],
        end: float,
        width: int,
    ) -> None:
        self.policy, self.unreported, self.end, self.width = policy, unreported, end, width
        self.waits = {f: waits(attribution, policy.needed, f) for f in (False, True)}
        self.seen: list[tuple[Event, Event | None, Any, Any]] = []

    def add(self, event: Event, strike: Event | None, cost: Any) -> None:
        """One attack more, or the storming."""
        if event.kind is Kind.EMBASSY_STORMING:
            self.seen.append((event, strike, self.policy.after_storming, 0.0))
            return
        harm = harm_class(event)
        if harm == "none" and event.kind is Kind.CONVOY_ATTACK:
            return
        odds = getattr(self.policy.probability, harm)
        less = odds * np.exp(-cost)
        wait = self.waits[event.brand not in (NOBODY, None)]
        chance = np.where(wait <= self.policy.patience_days, less / (less + 1.0 - odds), 0.0)
        self.seen.append((event, strike, chance, wait))

    def total(self) -> Floats:
        """Σ log p over all cases."""
        with np.errstate(divide="ignore", invalid="ignore"):
            sum_ = self._unanswered()
            for decision, strike in self.unreported:
                sum_ = sum_ + self._carried_out(decision, strike)
            for event, strike, chance, wait in self.seen:
                if strike is not None:
                    told = self._answered(event, strike, chance, wait)
                    overlaps = self._on_its_way(event.time + wait, strike)
                    sum_ = sum_ + np.where(overlaps, -np.inf, told)
        return sum_

    def _answers(self) -> Iterator[tuple[Any, Event | None]]:
        """When each answer was decided on, and the strike."""
        for event, strike, _, wait in self.seen:
            if strike is not None:
                yield event.time + wait, strike
        for decision, strike in self.unreported:
            yield decision.time, strike

    def _on_its_way(self, at: Any, but: Event | None = None) -> Any:
        """Whether an answer (another than `but`) was pending at `at`."""
        found: Any = False
        for decided, strike in self._answers():
            if strike is None or strike is not but:
                ends = np.inf if strike is None else strike.time
                found = found | ((decided <= at) & (at < ends))
        return found

    def _answered(self, event: Event, strike: Event, chance: Any, wait: Any) -> Any:
        """An answer of this scale at this lag; leaders are struck after a storming."""
        stormed = event.kind is Kind.EMBASSY_STORMING
        scale = 0.0 if stormed else self._scale(strike)
        return np.log(chance) + scale + self._lag(strike, strike.time - event.time - wait)

    def _carried_out(self, decision: Event, strike: Event | None) -> Any:
        """A decision once taken: its scale and lag, or that it outlasts the cut."""
        if strike is None:
            return np.log(1.0 - self._passed(self.end - decision.time))
        return self._scale(strike) + self._lag(strike, strike.time - decision.time)

    def _scale(self, strike: Event) -> Any:
        """log p of a strike on leaders, or on a depot."""
        share: Any = self.policy.strike.leadership_share
        leaders = strike.kind is Kind.LEADERSHIP_STRIKE
        return xlogy(1.0, share) if leaders else xlog1py(1.0, -share)

    def _lag(self, strike: Event, days: Any) -> Any:
        """log p of a lag: its density, or its chance within a day where only days are known."""
        if strike.precision == "day":
            return np.log(self._passed(days + HALF_A_DAY) - self._passed(days - HALF_A_DAY))
        sigma = self.policy.strike.lag_sigma
        z = np.log(np.maximum(days, 0.0) / self.policy.strike.lag_median_days) / sigma
        density = -0.5 * z**2 - np.log(sigma) - np.log(np.maximum(days, 0.0))
        return np.where(days > 0.0, density, -np.inf)

    def _passed(self, days: Any) -> Any:
        """The chance that a lag is over after so many days."""
        z = np.log(np.maximum(days, 0.0) / self.policy.strike.lag_median_days)
        return ndtr(z / self.policy.strike.lag_sigma)

    def _unanswered(self) -> Floats:
        """All that were let pass; or, of those after the last answer, the first to be answered
        beyond the cut, which stands for the rest. Those stood for by an answer say nothing."""
        at, chance = self._by_decision()
        counts = (at < self.end) & ~np.asarray(self._on_its_way(at))
        passed = np.where(counts, np.log1p(-chance), 0.0)
        before = np.cumsum(np.concatenate([np.zeros((1, self.width)), passed[:-1]]), axis=0)
        late = counts & (at >= self._last())
        coming = np.where(late, chance * (1.0 - self._passed(self.end - at)), 0.0)
        ways = np.concatenate([passed.sum(axis=0)[None], before + np.log(coming)])
        return np.asarray(logsumexp(ways, axis=0))

    def _by_decision(self) -> tuple[Floats, Floats]:
        """When the unanswered could have been decided on and their chances, (cases, width),
        the earliest first."""
        cases = [(e.time + wait, chance) for e, s, chance, wait in self.seen if s is None]
        table = np.zeros((2, len(cases), self.width))
        for i, (at, chance) in enumerate(cases):
            table[0, i], table[1, i] = at, chance
        order = np.argsort(table[0], axis=0, kind="stable")
        return np.take_along_axis(table[0], order, 0), np.take_along_axis(table[1], order, 0)

    def _last(self) -> Any:
        """When the last of the answers was decided on."""
        last: Any = -np.inf
        for decided, _ in self._answers():
            last = np.maximum(last, decided)
        return last


def _answers(record: list[Event]) -> dict[str, Event]:
    """The strike that answered each attack, by the attack's id; through the decision where
    one is on the journal."""
    decided = {e.id: e.cause for e in record if e.kind is Kind.DECISION}
    strikes = [e for e in record if e.kind in STRIKES and e.side is Side.US and e.cause]
    return {decided.get(s.cause or "") or s.cause or "": s for s in strikes}


def _unreported(record: list[Event]) -> list[Unreported]:
    """Decisions whose attack is not among what is told."""
    told = {event.id for event in record}
    decided = [e for e in record if e.kind is Kind.DECISION and e.side is Side.US]
    strikes = {e.cause: e for e in record if e.kind in STRIKES and e.side is Side.US}
    return [Unreported(d, strikes.get(d.id)) for d in decided if d.cause not in told]


def waits(attribution: Attribution, needed: Any, fronted: bool) -> Any:
    """`days_to_attribution` for many parameters at once (days; infinite: never)."""
    ceiling: Any = attribution.front_ceiling if fronted else 1.0
    initial: Any = attribution.initial
    with np.errstate(divide="ignore", invalid="ignore"):
        doubt = 1.0 - needed / ceiling
        ratio = doubt / (1.0 - initial)
        grown = np.maximum(0.0, -attribution.growth_days * np.log2(ratio))
    at_once = needed <= ceiling * initial
    days = np.where(doubt <= 0.0, np.inf, np.where(ratio < 1.0, grown, 0.0))
    return np.where((doubt <= 0.0) & at_once, 0.0, days)
