"""What becomes of a branch: one row a future, over the days from the cut to the horizon."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from operator import attrgetter
from typing import Any, NamedTuple

from sim import ladder
from sim.events import Event, Kind, Side
from sim.replay import Future
from sim.study.intervals import Limits

STRIKES = (Kind.AIRSTRIKE, Kind.LEADERSHIP_STRIKE)
US = "US"
"""The actor of a strike that nobody owns."""
HARM = ("coalition_killed", "coalition_wounded", "iraqi_killed", "civilian_killed")
NOBODY = (0,) * len(HARM)
_told_harm = attrgetter(*HARM)


class Measure(NamedTuple):
    """Something that is counted in every future."""

    name: str
    label: str
    unit: str

    @property
    def limits(self) -> Limits | None:
        """What it can be in one future, where there is a most: yes or no of a probability."""
        return (0.0, 1.0) if self.unit == "probability" else None


MEASURES = (
    Measure("rocket_attacks", "rocket attacks", "attacks"),
    Measure("convoy_attacks", "convoy attacks", "attacks"),
    Measure("coalition_killed", "Coalition killed", "people"),
    Measure("coalition_wounded", "Coalition wounded", "people"),
    Measure("iraqis_killed", "Iraqi forces and civilians killed", "people"),
    Measure("us_strikes", "US strikes", "strikes"),
    Measure("highest_rung", "highest rung", "rung"),
    Measure("days_at_six", "days on rung 6 or above", "days"),
    Measure("reaches_seven", "an attack kills a Coalition member", "probability"),
    Measure("reaches_eight", "the US strikes openly", "probability"),
    Measure("reaches_nine", "rung 9 or above", "probability"),
)
"""Each is known in every future."""
CURVES = {"days_to_six": 6, "days_to_seven": 7, "days_to_eight": 8}
"""Days until a rung is first reached; unknown where it is not."""


AGAINST = "against_"
"""What begins the name of a measure of the reference, over the days of another policy's row."""


def limits_of(name: str) -> Limits | None:
    """The limits of a measure by its name; days and counts have none."""
    return next((measure.limits for measure in MEASURES if measure.name == name), None)


def outcome(future: Future, end: float) -> dict[str, Any]:
    """One future in numbers; nothing beyond a sustained exchange is told.

    Args:
        future: lived through up to its cut, simulated from there.
        end: days; the horizon.
    """
    told = outcomes([future], end)[0]
    return {name: value for name, value in told.items() if not name.startswith(AGAINST)}


def outcomes(futures: Sequence[Future], end: float) -> list[dict[str, Any]]:
    """Futures of one replication in numbers, each measured over the same days as the last.

    A sustained exchange in one of two ends the measures of both: a policy that seldom comes to
    one would else be given more days in which to count. What the last, the reference, comes to
    in the days that it shares with another stands in that one's row (`AGAINST`). Days until a
    rung is reached, days on each rung and the path are each future's own, up to its own exchange.

    Args:
        futures: from one cut, under different policies.
        end: days; the horizon.
    """
    rated = [_rated(future, end) for future in futures]
    reference = rated[-1]
    beside = cache(lambda shared: _measured(reference, shared))  # mostly the same days
    rows = []
    for told in rated:
        shared = min(told.own.end, reference.own.end)
        measured = beside(shared) if told is reference else _measured(told, shared)
        against = {f"{AGAINST}{name}": value for name, value in beside(shared).items()}
        rows.append({**measured, **against, **_alone(told.own, told.future.cut)})
    return rows


class _Rated(NamedTuple):
    """A future with its rungs, and what they come to up to its own end."""

    future: Future
    rungs: Sequence[ladder.Rung]
    own: ladder.Statistics


def _rated(future: Future, end: float) -> _Rated:
    rungs = ladder.rate(future.journal)
    return _Rated(future, rungs, ladder.statistics(rungs, future.cut, end))


def _measured(rated: _Rated, shared: float) -> dict[str, float]:
    """The values of `MEASURES` over the days that two share, and how many these are."""
    future, rungs, own = rated
    told = own if own.end == shared else ladder.statistics(rungs, future.cut, shared)
    return {
        **counted([event for event in future.events if event.time < shared]),
        "highest_rung": told.highest,
        "days_at_six": sum(told.days_per_rung[6:]),
        "reaches_seven": int(told.sevens > 0),
        "reaches_eight": int(told.strikes > 0),
        "reaches_nine": int(told.highest >= 9),
        "days_measured": shared - future.cut,
    }


def _alone(told: ladder.Statistics, cut: float) -> dict[str, Any]:
    """What needs no other future beside it."""
    return {
        "days_to_six": told.to_six,
        "days_to_seven": told.to_seven,
        "days_to_eight": told.to_eight,
        "days_told": told.end - cut,
        "sustained_exchange": told.sustained,
        **{f"days_on_{rung}": days for rung, days in enumerate(told.days_per_rung)},
        **_path(told.steps, cut),
    }


def _path(steps: Sequence[ladder.Step], cut: float) -> dict[str, list[float] | list[int]]:
    """The changes of state: days from the cut, and the rung from then on."""
    return {
        "path_days": [step.time - cut for step in steps],
        "path_rungs": [step.rung for step in steps],
    }


def counted(after: list[Event]) -> dict[str, int]:
    """Attacks, harm and strikes; what nobody states adds nothing, and is counted as blank.

    Of recorded rocket attacks those of the tempo series count, and a row of several convoys
    as so many.
    """
    rockets = [e for e in after if e.kind is Kind.ROCKET_ATTACK and e.tempo is not False]
    convoys = [e for e in after if e.kind is Kind.CONVOY_ATTACK]
    attacks = [*rockets, *convoys]
    killed, wounded, iraqis, civilians = map(sum, zip(NOBODY, *map(_harm, attacks), strict=True))
    return {
        "rocket_attacks": len(rockets),
        "convoy_attacks": sum(e.units or 1 for e in convoys),
        "coalition_killed": killed,
        "coalition_wounded": wounded,
        "iraqis_killed": iraqis + civilians,
        "us_strikes": sum(map(_by_us, after)),
        "harm_blank": sum(e.bounds("coalition_wounded") is None for e in attacks),
    }


def _by_us(event: Event) -> bool:
    """Whether it is a strike by the US, owned or not."""
    if event.kind is Kind.DEPOT_BLAST:
        return event.actor == US
    return event.kind in STRIKES and event.side is Side.US


def _harm(attack: Event) -> tuple[int, ...]:
    """The counts of `HARM`; what no range tells of a blank is nothing."""
    if attack.ranges is None:
        return tuple([count or 0 for count in _told_harm(attack)])
    return tuple([_stated(attack, name) for name in HARM])


def _stated(event: Event, quantity: str) -> int:
    """The best value of a count, or the least that its range allows."""
    value = getattr(event, quantity)
    if value is not None:
        return int(value)
    span = event.bounds(quantity)
    return 0 if span is None else span[0] or 0
