"""The marks of attacks: rounds, targets, harm, interceptions, and the lags of answers."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from datetime import date
from math import floor
from statistics import fmean, median

from sim.clock import to_date
from sim.events import HARM, Event, Journal
from sim.measures.seen import half_year
from sim.measures.tempo import months_of
from sim.measures.values import ATTACKS, Choice, Patterns, has_day, known, value

CLASSES = ("embassy_zone", "airport", "training_base", "other_base", "erbil", "commercial")
LARGE_SALVO = 10


def salvos(rockets: list[Event], choose: Choice) -> Patterns:
    """Rounds fired in an attack, where reported, and how often they are not."""
    fired = known(rockets, "fired", choose)
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


def targets(rockets: list[Event]) -> Patterns:
    """The share of attacks on each class of site."""
    sites = Counter(e.site_class for e in rockets if e.site_class is not None)
    total = sum(sites.values())
    return {f"target_{name}": sites[name] / total if total else None for name in CLASSES}


def harm(attacks: list[Event], choose: Choice) -> Patterns:
    """People killed and wounded in the attacks that say so, by group; fatal attacks."""
    told: Patterns = {}
    for name in HARM:
        if not name.startswith("militia"):
            counts = known(attacks, name, choose)
            told[name] = sum(counts) if counts or not attacks else None
    fatal = known(attacks, "coalition_killed", choose)
    return told | {
        "fatal_attacks": sum(killed > 0 for killed in fatal) if fatal or not attacks else None
    }


def interceptions(rockets: list[Event], start: date, days: int, choose: Choice) -> Patterns:
    """The share of rounds intercepted: of all, by half-year and by class of site."""
    months = (date.fromisoformat(f"{month}-01") for month in months_of(start, days))
    when = {e.id: half_year(to_date(e.time, start)) for e in rockets}
    parts = {"share": rockets}
    parts |= {f"in_{h}": [e for e in rockets if when[e.id] == h] for h in map(half_year, months)}
    parts |= {f"at_{c}": [e for e in rockets if e.site_class == c] for c in CLASSES}
    return {f"intercepted_{name}": intercepted(part, choose) for name, part in parts.items()}


def intercepted(rockets: list[Event], choose: Choice) -> float | None:
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


def lags(journal: Journal, rockets: list[Event], strikes: list[Event]) -> Patterns:
    """Days from attack to the strike that answers it, and from strike to the next attack."""
    days = {e.id: floor(e.time) for e in journal if e.kind in ATTACKS and has_day(e)}
    dated = [s for s in strikes if has_day(s)]
    answers = [floor(s.time) - days[s.cause] for s in dated if s.cause in days]
    replies = _replies(rockets, dated)
    return {
        "strike_lag": median(answers) if answers else None,
        "reply_lag": median(replies) if replies else None,
    }


def _replies(rockets: list[Event], strikes: list[Event]) -> list[int]:
    """Days from each strike that sees a later attack to the first of them."""
    attacks = sorted(filter(has_day, rockets), key=lambda e: e.time)
    days, replies = [floor(e.time) for e in attacks], []
    for strike in strikes:
        day = floor(strike.time)
        same_or_later = range(bisect_left(days, day), len(days))
        later = next((i for i in same_or_later if _answers(attacks[i], strike)), None)
        if later is not None:
            replies.append(days[later] - day)
    return replies


def _answers(attack: Event, strike: Event) -> bool:
    """Whether an attack of a strike's day or of a later one comes after the strike.

    Of one moment the stated order tells, else it may: a record knows days, not hours.
    """
    if attack.id == strike.cause:
        return False
    if attack.time != strike.time or attack.order is None or strike.order is None:
        return attack.time >= strike.time
    return attack.order > strike.order
