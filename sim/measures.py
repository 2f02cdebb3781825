"""What a reader of the public record would see of a journal, and its patterns as numbers.

A simulated journal holds the truth; the record holds reports. So a simulation is first
reduced to what would have been reported, with the record's own blanks, and only then
measured. Recorded and reported journals go through the same functions. A pattern that
nothing known bears on is ``None``: unknown, never zero.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Iterable
from datetime import date
from functools import cache
from itertools import pairwise
from math import ceil, floor
from statistics import fmean, median, pvariance
from typing import Literal

from sim.clock import to_date, to_days
from sim.events import HARM, ROUNDS, Event, Fields, Journal, Kind
from sim.reports import CLAIMED, accounts, best_account, claimed_attack, merely_claimed

Choice = Literal["best", "low", "high"]
Patterns = dict[str, float | None]

ATTACKS = (Kind.ROCKET_ATTACK, Kind.CONVOY_ATTACK, Kind.FOILED_ATTACK)
STRIKES = (Kind.AIRSTRIKE, Kind.LEADERSHIP_STRIKE)
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
TOLD = frozenset(PUBLIC) | frozenset(MASKED) | {"ranges"}
TIMES = ("time", "time_low", "time_high", "known_from", "due")
UNDATED = ("week", "month")
"""Precisions that leave the day open; a mask holds them among its blanks."""
CLASSES = ("embassy_zone", "airport", "training_base", "other_base", "erbil", "commercial")
LARGE_SALVO = 10
WEEK = 7

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
    """The counts and flags that a row leaves open, and its precision if that hides the day."""
    known = event.ranges or {}
    blank = {name for name in MASKED if getattr(event, name) is None and name not in known}
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
    """The record's own events of a window, in days from `start`; rockets of the tempo series."""
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
    return event.but(**moved)


# -- numbers ----------------------------------------------------------------------------------


def value(event: Event, quantity: str, choose: Choice = "best") -> int | None:
    """A count of an event: its best value (else its low end), or an end of its range.

    An open upper end ("at least") counts as the best value, or as its low end.
    """
    best: int | None = getattr(event, quantity)
    if event.ranges is None or quantity not in event.ranges:
        return best
    low, high = event.ranges[quantity]
    if choose == "low" and low is not None:
        return low
    if choose == "high" and high is not None:
        return high
    return best if best is not None else low


def patterns(journal: Journal, choose: Choice = "best") -> Patterns:
    """Every pattern of a reported or recorded journal that needs no ladder.

    `choose` takes the low or the high end of recorded ranges; at the low end doubtful
    rockets and merely claimed convoy attacks are left out. Days are calendar days, as in
    the record; what is dated to a week or month counts in totals and months only.
    """
    rockets = [e for e in journal if e.kind is Kind.ROCKET_ATTACK and e.tempo]
    convoys = journal.where(Kind.CONVOY_ATTACK)
    if choose == "low":
        rockets = [e for e in rockets if e.doubt is None]
        convoys = [e for e in convoys if e.subtype != CLAIMED]
    strikes = sorted(journal.where(*STRIKES), key=lambda e: e.time)
    assert journal.end is not None
    days = (journal.end - journal.start).days
    return {
        "rocket_attacks": len(rockets),
        "convoy_attacks": sum(e.units or 1 for e in convoys),
        "foiled_attacks": len(journal.where(Kind.FOILED_ATTACK)),
        **_weeks(rockets, days),
        **_months(rockets, journal.start, days),
        **_gaps(rockets),
        **_salvos(rockets, choose),
        **_targets(rockets),
        **_harm([*rockets, *convoys], choose),
        "intercepted_share": _intercepted(rockets, choose),
        "airstrikes": sum(e.kind is Kind.AIRSTRIKE for e in strikes),
        "leadership_strikes": sum(e.kind is Kind.LEADERSHIP_STRIKE for e in strikes),
        **_lags(journal, rockets, strikes),
    }


def _dated(events: Iterable[Event]) -> list[int]:
    """The days of events whose day is known, in order."""
    return sorted(floor(e.time) for e in events if _has_day(e))


def _has_day(event: Event) -> bool:
    return event.precision not in UNDATED


def _dispersion(counts: list[int]) -> float | None:
    """Variance over mean: 1 for a Poisson process."""
    return pvariance(counts) / fmean(counts) if counts and sum(counts) else None


def _weeks(rockets: list[Event], days: int) -> Patterns:
    """Counts in the whole weeks from the start."""
    counts = Counter(day // WEEK for day in _dated(rockets))
    weeks = [counts[week] for week in range(days // WEEK)]
    if not weeks:
        return {"weekly_mean": None, "weekly_most": None, "quiet_weeks": None,
                "weekly_dispersion": None}  # fmt: skip
    return {
        "weekly_mean": fmean(weeks),
        "weekly_most": max(weeks),
        "quiet_weeks": sum(count == 0 for count in weeks) / len(weeks),
        "weekly_dispersion": _dispersion(weeks),
    }


def months_of(start: date, days: int) -> list[str]:
    """The calendar months that a window touches, as YYYY-MM."""
    last = to_date(days - 1, start)
    first = start.year * 12 + start.month - 1
    span = range(first, last.year * 12 + last.month)
    return [f"{month // 12}-{month % 12 + 1:02d}" for month in span]


def _months(rockets: list[Event], start: date, days: int) -> Patterns:
    counts = Counter(f"{to_date(e.time, start):%Y-%m}" for e in rockets)
    names = months_of(start, days)
    told: Patterns = {f"month_{name}": counts[name] for name in names}
    return told | {"monthly_dispersion": _dispersion([counts[name] for name in names])}


def _gaps(rockets: list[Event]) -> Patterns:
    """Days between one dated attack and the next."""
    days = _dated(rockets)
    gaps = sorted(b - a for a, b in pairwise(days))
    if not gaps:
        return {"gap_median": None, "gap_90": None, "gap_longest": None}
    ninety = gaps[ceil(0.9 * len(gaps)) - 1]
    return {"gap_median": median(gaps), "gap_90": ninety, "gap_longest": gaps[-1]}


def _known(events: Iterable[Event], quantity: str, choose: Choice) -> list[int]:
    counts = (value(event, quantity, choose) for event in events)
    return [count for count in counts if count is not None]


def _salvos(rockets: list[Event], choose: Choice) -> Patterns:
    fired = _known(rockets, "fired", choose)
    unknown = 1.0 - len(fired) / len(rockets) if rockets else None
    if not fired:
        return {"salvo_mean": None, "salvo_median": None, "salvo_largest": None,
                "large_salvos": None, "salvo_unknown": unknown}  # fmt: skip
    return {
        "salvo_mean": fmean(fired),
        "salvo_median": median(fired),
        "salvo_largest": max(fired),
        "large_salvos": sum(rounds >= LARGE_SALVO for rounds in fired) / len(fired),
        "salvo_unknown": unknown,
    }


def _targets(rockets: list[Event]) -> Patterns:
    known = Counter(e.site_class for e in rockets if e.site_class is not None)
    total = sum(known.values())
    return {f"target_{name}": known[name] / total if total else None for name in CLASSES}


def _harm(attacks: list[Event], choose: Choice) -> Patterns:
    """People killed and wounded in the attacks that say so, by group; fatal attacks."""
    told: Patterns = {}
    for name in HARM:
        if not name.startswith("militia"):
            counts = _known(attacks, name, choose)
            told[name] = sum(counts) if counts or not attacks else None
    fatal = _known(attacks, "coalition_killed", choose)
    return told | {
        "fatal_attacks": sum(killed > 0 for killed in fatal) if fatal or not attacks else None
    }


def _intercepted(rockets: list[Event], choose: Choice) -> float | None:
    """Rounds intercepted over rounds fired, where a report states both.

    An end of the share takes the opposite end of the rounds fired, of which there are
    never fewer than were intercepted.
    """
    against: Choice = "low" if choose == "high" else "high" if choose == "low" else "best"
    stopped = fired = 0
    for event in rockets:
        hit, shot = value(event, "intercepted", choose), value(event, "fired", against)
        if hit is not None and shot is not None:
            stopped, fired = stopped + hit, fired + max(hit, shot)
    return stopped / fired if fired else None


def _lags(journal: Journal, rockets: list[Event], strikes: list[Event]) -> Patterns:
    """Days from attack to the strike that answers it, and from strike to the next attack."""
    days = {e.id: floor(e.time) for e in journal if e.kind in ATTACKS and _has_day(e)}
    answers = [floor(s.time) - days[s.cause] for s in strikes if s.cause in days]
    dated, replies = _dated(rockets), []
    for day in _dated(strikes):
        later = bisect_left(dated, day)
        if later < len(dated):
            replies.append(dated[later] - day)
    return {
        "strike_lag": median(answers) if answers else None,
        "reply_lag": median(replies) if replies else None,
    }
