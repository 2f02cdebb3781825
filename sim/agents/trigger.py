"""The trigger: whether an attack is answered, when it can be attributed, and with what."""

from __future__ import annotations

from math import exp, inf, log

from sim.agents.harm import harm_class
from sim.events import Event, Kind
from sim.settings.attribution import Attribution
from sim.settings.retaliation import Grades, Retaliation, StrikeProbability

WARNING = "warning"
"""The mildest answer, and the subtype of the threat that it becomes."""


def answer_probability(event: Event, probability: StrikeProbability) -> float:
    """Chance that an attack is answered; a harmless convoy attack never is."""
    harm = harm_class(event)
    if harm == "none" and event.kind is Kind.CONVOY_ATTACK:
        return 0.0
    return float(getattr(probability, harm))


def less_likely(probability: float, cost: float) -> float:
    """A probability whose log odds are lower by `cost`; certainty stays certain.

    >>> less_likely(0.5, 0.0), less_likely(1.0, 3.0)
    (0.5, 1.0)
    """
    odds = probability * exp(-cost)
    return odds / (odds + (1.0 - probability))


def days_to_attribution(attribution: Attribution, needed: float, fronted: bool) -> float:
    """Days until confidence reaches what a strike needs; infinite if it never does.

    confidence(t) = ceiling · (1 − (1 − initial) · 2^(−t / growth_days)), where the ceiling
    is 1 unless a front claims the attack.
    """
    ceiling = attribution.front_ceiling if fronted else 1.0
    doubt = 1.0 - needed / ceiling if ceiling > 0.0 else -1.0
    if doubt <= 0.0:
        sure_at_once = needed <= ceiling * attribution.initial
        return 0.0 if sure_at_once else inf
    ratio = doubt / (1.0 - attribution.initial) if attribution.initial < 1.0 else inf
    return max(0.0, -attribution.growth_days * log(ratio) / log(2.0)) if ratio < 1.0 else 0.0


def grade(answers: int, grades: Grades) -> str:
    """The answer after so many: a warning, then depots, then leaders; or always a warning."""
    if grades.warnings is None or answers < grades.warnings:
        return WARNING
    depots = grades.warnings + grades.depots
    return Kind.AIRSTRIKE if answers < depots else Kind.LEADERSHIP_STRIKE


def unsaid(params: Retaliation) -> Retaliation:
    """The policy where no threat is ever made: the answers that would warn are left out, and
    where every answer warns, no attack is answered."""
    silent = params.model_copy(update={"grades": params.grades.model_copy(update={"warnings": 0})})
    if not params.grades.on or params.grades.warnings is not None:
        return silent
    never = params.probability.model_copy(update=dict.fromkeys(StrikeProbability.model_fields, 0.0))
    off = params.count.model_copy(update={"on": False})
    return silent.model_copy(update={"probability": never, "attempt": 0.0, "count": off})
