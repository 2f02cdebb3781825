"""What a reader of the public record would see: of a simulated journal, and of the record."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import cache
from math import floor

from sim.clock import to_date, to_days
from sim.events import HARM, ROUNDS, Event, Fields, Journal, Kind
from sim.measures.values import ATTACKS, STRIKES, UNDATED
from sim.reports import accounts, best_account, claimed_attack, merely_claimed

HIDDEN = frozenset(
    {Kind.LAUNCH, Kind.DECISION, Kind.SIREN, Kind.ENGAGEMENT, Kind.REPORT, Kind.CORRECTION}
    | {Kind.CONTEXT, Kind.CLAIM, Kind.PATRON_SIGNAL, Kind.RESUPPLY}
)
"""What the public record of events does not hold."""
MASKED = (*ROUNDS, *HARM, "inside_compound")
"""The fields that a report may leave blank."""
PUBLIC = ("id", "time", "kind", "side", "brand", "site", "site_class", "region", "weapon_class",
          "units", "tempo", "precision", "origin")  # fmt: skip
"""The fields of an attack that a report states in any case."""
COARSE = "rocket"
"""A rocket of which no report tells the class."""
VAGUE = (None, COARSE, "rocket_or_mortar")
"""How a record codes such a rocket."""
TOLD = frozenset(PUBLIC) | frozenset(MASKED) | {"ranges"}
TIMES = ("time", "time_low", "time_high", "known_from", "due")

Mask = dict[tuple[Kind, str], list[frozenset[str]]]
"""For each kind and half-year, what every recorded row leaves blank: fields, and the day."""


def half_year(day: date) -> str:
    """The half-year of a date.

    >>> half_year(date(2020, 7, 1))
    '2020H2'
    """
    return f"{day.year}H{1 if day.month <= 6 else 2}"


def mask_of(record: Journal) -> Mask:
    """What the record leaves blank, row by row; under half-year ``""`` all rows of a kind.

    Rows that are never compared (rockets outside the tempo series) leave no mark.
    """
    mask: Mask = {}
    for event in record:
        if event.kind in ATTACKS and _compared(event):
            blank = _blank(event)
            for when in (half_year(to_date(event.time, record.start)), ""):
                mask.setdefault((event.kind, when), []).append(blank)
    return mask


def _compared(event: Event) -> bool:
    return event.kind is not Kind.ROCKET_ATTACK or bool(event.tempo)


def _blank(event: Event) -> frozenset[str]:
    """The counts and flags that a row leaves open, the class of its rockets, and its precision if
    that hides the day."""
    known = event.ranges or {}
    blank = {name for name in MASKED if getattr(event, name) is None and name not in known}
    if event.kind is Kind.ROCKET_ATTACK and event.weapon_class in VAGUE:
        blank.add("weapon_class")
    return frozenset(blank | {event.precision} if event.precision in UNDATED else blank)


def reported(journal: Journal, mask: Mask, uniform: Callable[[str], float]) -> Journal:
    """The public record of a simulated journal.

    Each attack that has a report appears, with the rounds of its best account, blanked like
    a recorded row of its kind and half-year that `uniform` (keyed by the attack's id)
    picks; a convoy attack that only a channel claims appears as claimed. Unreported attacks
    and what nobody outside sees do not. Strikes and marks are public. Blanks fall whatever
    the harm: a recorded row's blank can't tell whether it hides any.
    """
    by_id = {event.id: event for event in journal}
    told = accounts(journal)
    events = []
    for event in journal:
        if event.kind in ATTACKS:
            if event.id in told:
                rows = _rows(mask, event, journal.start)
                blank = rows[int(uniform(event.id) * len(rows))] if rows else frozenset()
                events.append(_report(best_account(event, told[event.id]), blank))
        elif event.kind is Kind.CLAIM:
            if merely_claimed(event, told):
                events.append(claimed_attack(event))
        elif event.kind in STRIKES:
            events.append(event.but(cause=_provocation(event, by_id)))
        elif event.kind not in HIDDEN:
            events.append(event)
    return Journal(journal.start, journal.end, events)


def _rows(mask: Mask, event: Event, start: date) -> list[frozenset[str]]:
    when = _half_year_of(floor(event.time), start)
    return mask.get((event.kind, when)) or mask.get((event.kind, ""), [])


@cache
def _half_year_of(day: int, start: date) -> str:
    return half_year(to_date(day, start))


def _report(event: Event, blank: frozenset[str]) -> Event:
    stated = event.__dict__
    fields = {name: stated[name] for name in stated if name in TOLD and name not in blank}
    if "weapon_class" in blank:
        fields["weapon_class"] = COARSE
    for precision in UNDATED:
        if precision in blank:
            fields["precision"] = precision
    if "fired" in blank:
        fields.pop("ranges", None)
    told: Fields = fields  # type: ignore[assignment]
    return Event(**told)


def _provocation(strike: Event, by_id: dict[str, Event]) -> str | None:
    """The attack that a strike answers, through the decision that nobody saw."""
    decision = by_id.get(strike.cause or "")
    return (
        decision.cause if decision is not None and decision.kind is Kind.DECISION else strike.cause
    )


def recorded(record: Journal, start: date, end: date) -> Journal:
    """The record's own events of a window, in days from `start`; rockets of the tempo series.

    Convoy attacks lose their region: no simulated one has any, and what the one side can't
    tell must not make the other's rungs.
    """
    shift, days = to_days(start, record.start), to_days(end, start)
    kept = [
        _dated_anew(event, shift)
        for event in record
        if 0.0 <= event.time - shift < days and event.kind not in HIDDEN and _compared(event)
    ]
    return Journal(start, end, kept)


def _dated_anew(event: Event, shift: float) -> Event:
    """The event with all its times counted from a start that lies `shift` days later."""
    times = {name: getattr(event, name) for name in TIMES}
    moved: Fields = {name: at - shift for name, at in times.items() if at is not None}  # type: ignore[assignment]
    if event.kind is Kind.CONVOY_ATTACK:
        moved["region"] = None
    return event.but(**moved)
