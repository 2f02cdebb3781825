"""The parts of a fit: each has a likelihood of its own, and is sampled by itself.

A part's posterior rests on its own piece of the record. What two parts share (a blow's
grievance moves the tempo, and also where and with how much is fired) is fitted where most is
known of it, in the tempo; the other integrates it out over its prior.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import NamedTuple

from calibration import counts, evidence, targets, tempo, trigger
from calibration.grievance import grievances
from calibration.plan import Plan
from calibration.possible import Salvo, salvo
from calibration.quantiles import Floats, values
from calibration.replayed import Seen, lived
from calibration.salvos import SalvoLikelihood
from sim import record
from sim.agents.motives import STAFF
from sim.errors import InputError
from sim.events import Event, Journal, Kind
from sim.settings.compose import draft
from sim.settings.posterior import sampler_of
from sim.settings.quantity import can_be_positive
from sim.settings.sampling import Sampler, Uncertain
from sim.settings.scenario import Scenario, Settings

GRIEVANCE = ("militia.drivers.backlash.", "militia.drivers.depot_blast_strength",
             "militia.drivers.leadership_strength", "militia.drivers.most")  # fmt: skip
"""What a grievance hangs on: fitted with the tempo, integrated out elsewhere."""
SALVO = (
    *("militia.salvo.", "militia.intent.", "militia.restraint", "casualties."),
    *("air_defence.engage_share", "air_defence.readiness", "air_defence.service_seconds"),
    *("air_defence.flight_seconds", "air_defence.siren_share", "air_defence.shelter"),
    "drawdown.staff_share",
)
NOT_SALVO = ("militia.salvo.heavy_share",)
UNREPORTED = ("unfired", "failed", "inside_compound")
"""What is reported only where it was found: a blank of these is no draw from all attacks, so
they are left out, and what hangs on them alone keeps its prior."""

Likelihood = Callable[[Scenario, int], Floats]


class Block(NamedTuple):
    """One part: the quantities it fits, those it integrates out, and log p of its data."""

    name: str
    fitted: dict[str, Uncertain]
    nuisance: dict[str, Uncertain]
    likelihood: Likelihood
    sampler: Sampler

    @property
    def quantities(self) -> dict[str, Uncertain]:
        """All that its sampler moves, in order."""
        return {**self.fitted, **self.nuisance}

    def at(self, z: Floats) -> Floats:
        """The log-likelihood at points in normal coordinates, shape (n, quantities)."""
        given = values(self.quantities, z)
        return self.likelihood(self.sampler.draw(lambda key: 0.5, given=given), len(z))


class Data(NamedTuple):
    """What a fit sees, ready for every block.

    `lived` is what agents live through, once a jitter; `rows` the attacks as they were told.
    """

    settings: Settings
    sampler: Sampler
    lived: list[list[Event]]
    rows: dict[str, Event]
    days: float
    holes: tuple[str, ...]


def settings_of(plan: Plan, overrides: Iterable[str] = ()) -> Settings:
    """The scenario that a plan fits."""
    return draft([f"scenario={plan.scenario}", *plan.conditions, *overrides])


def refuse_latent(settings: Settings) -> None:
    """Refuse what no recorded event tells of, or what the likelihoods do not know.

    Raises:
        InputError: the key, and what to set it to.
    """
    militia, policy = settings.militia, settings.retaliation
    on = {
        "militia.belief.on": militia.belief.on,
        "militia.stock.on": militia.stock.on,
        "convoys.substitution.on": settings.convoys.substitution.on,
        "retaliation.count.on": policy.count.on,
        "retaliation.grades.on": policy.grades.on,
    }
    for key in [key for key, is_on in on.items() if is_on]:
        raise InputError(f"{key} = true: the record tells nothing of it; fit with {key}=false")
    above = {"attempt": policy.attempt, "strike.covert_share": policy.strike.covert_share}
    for name in [name for name, value in above.items() if can_be_positive(value)]:
        key = f"retaliation.{name}"
        raise InputError(f"{key} is above zero: no likelihood knows of it; fit with {key}=0")


def data_of(plan: Plan, settings: Settings, journal: Journal) -> Data:
    """The record as a plan may see it.

    Raises:
        InputError: the record begins after the scenario, or does not reach the plan's end, or
            something latent is switched on.
    """
    refuse_latent(settings)
    seen = Seen(journal, plan.until).before(plan.until)
    sampler = sampler_of(settings)
    start = settings.scenario.start
    cut = float((plan.until - start).days)
    if cut <= 0.0:
        raise InputError(f"until={plan.until}: not after the scenario's start, {start}")
    if journal.start > start:
        raise InputError(
            f"the record begins on {journal.start} and the scenario on {start}: what came between "
            "is unknown, not quiet; give a record of all of it (the packaged rows with yours)"
        )
    records = [lived(sampler, seen, start, cut, k) for k in range(plan.jitters)]
    rows = {event.id: event for event in seen}
    holes = settings.observers.holes if plan.holes else ()
    return Data(settings, sampler, records, rows, cut, holes)


def read_record(plan: Plan, path: str | None) -> Journal:
    """The record without the doubtful rows that a plan leaves out."""
    return record.read(path, without=plan.without)


def blocks(data: Data, plan: Plan) -> list[Block]:
    """Every part of a fit, its priors judged.

    Raises:
        InputError: a prior rests on the data that it will meet.
    """
    made = [_tempo(data), _targets(data), _salvos(data), _trigger(data), _counts(data)]
    for block in made:
        evidence.check(block.quantities, data.settings.scenario.start, plan.until)
    return made


def _block(
    name: str, data: Data, fitted: Iterable[str], nuisance: Iterable[str], told: Likelihood
) -> Block:
    known = data.sampler.uncertain()
    kept = {key: known[key] for key in fitted}
    beside = {key: known[key] for key in nuisance if key not in kept}
    return Block(name, kept, beside, told, data.sampler)


def _uncertain(data: Data, prefixes: tuple[str, ...]) -> list[str]:
    return [key for key in data.sampler.uncertain() if key.startswith(prefixes)]


def _grievance(data: Data) -> list[str]:
    felt = _uncertain(data, GRIEVANCE)
    return felt if data.settings.militia.drivers.backlash.on else []


def _tempo(data: Data) -> Block:
    start = data.settings.scenario.start
    told = tempo.TempoLikelihood(data.lived, start, data.days, data.holes)
    felt = tempo.keys(list(data.sampler.uncertain()), data.settings)
    if not data.holes:
        felt = [key for key in felt if key != "observers.hole_detection"]
    return _block("tempo", data, felt, (), told)


def _targets(data: Data) -> Block:
    middle = data.sampler.draw(lambda key: 0.5)
    told = targets.TargetLikelihood(data.lived[0], middle)
    return _block(
        "targets", data, targets.keys(list(data.sampler.uncertain())), _grievance(data), told
    )


def _salvos(data: Data) -> Block:
    lived_through = data.lived[0]
    told = SalvoLikelihood(_observed(data))
    felt = [k for k in _uncertain(data, SALVO) if k not in NOT_SALVO]
    felt += [k for k in _uncertain(data, ("sites.classes.",)) if k.endswith(".exposure")]

    def likelihood(scenario: Scenario, width: int) -> Floats:
        return told(scenario, grievances(lived_through, scenario, width))

    return _block("salvos", data, felt, _grievance(data), likelihood)


def _observed(data: Data) -> list[Salvo]:
    """Every attack lived through, as the record tells of it."""
    sirens, defended, withdrawn, found = set(data.settings.air_defence.sirens), set(), 0, []
    for event in data.lived[0]:
        if event.kind is Kind.DEFENCE_FIELDED and event.subtype == "rockets":
            defended.add(event.site)
        elif event.kind is Kind.POSTURE_CHANGE and event.subtype == STAFF:
            withdrawn += 1
        elif event.kind is Kind.ROCKET_ATTACK:
            told = _as_told(data.rows.get(event.id, event))
            found.append(salvo(told, event.site in defended, event.site in sirens, withdrawn))
    return found


def _as_told(event: Event) -> Event:
    """An attack without what is reported only where it was found."""
    ranges = {k: r for k, r in (event.ranges or {}).items() if k not in UNREPORTED}
    return event.but(unfired=None, failed=None, inside_compound=None, ranges=ranges or None)


def _trigger(data: Data) -> Block:
    told = trigger.TriggerLikelihood(data.lived, data.days)
    return _block("trigger", data, trigger.keys(list(data.sampler.uncertain())), (), told)


def _counts(data: Data) -> Block:
    told = counts.CountLikelihood(data.lived[0], data.days)
    return _block("counts", data, counts.keys(list(data.sampler.uncertain())), (), told)
