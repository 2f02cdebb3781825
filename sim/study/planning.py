"""From a question to a branch study: the window, the cut, the policies, the history."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, timedelta
from math import ceil
from pathlib import Path

from sim.errors import InputError, nearest
from sim.record import known_until
from sim.settings.announced import as_known
from sim.settings.compose import draft, load
from sim.settings.experiment import Experiment, ends
from sim.settings.files import groups
from sim.settings.override import named
from sim.study.branching import Plan, Source, Stop
from sim.study.outcomes import MEASURES

REPLICATIONS = 500
"""Futures of each policy where nobody says how many."""
MOST_DAYS = 3660
EVERYBODYS = ("scenario=", "ablation=", "executor=")
"""What all policies of a comparison share."""


def plan(
    study: Experiment,
    overrides: Sequence[str] = (),
    source: Source | None = None,
    stop: Stop | None = None,
    extra: Path | None = None,
) -> Plan:
    """The study that an experiment asks for, with overrides that all its policies share.

    Raises:
        InputError: a date outside the scenario or the history, a wrong span, an unknown policy.
    """
    for word in overrides:
        if ends(word):
            raise InputError(f"{word}: the horizon sets the end; horizon=180d")
    shared = [*study.overrides, *overrides]
    base = draft(shared, extra)
    start = base.scenario.start
    cut = cut_of(study.date, study.hour, start, base.scenario.end)
    horizon = cut + span_days(study.horizon)
    whole = [*shared, f"scenario.end={start + timedelta(days=ceil(horizon))}"]
    asked = any(named(word) == "replications" for word in shared)
    count = base.replications if asked else REPLICATIONS
    eve = public_by(study.date, study.hour)
    arms = {
        name: as_known(load([*whole, *words], extra), eve, [*shared, *words]).model_copy(
            update={"replications": count}
        )
        for name, words in study.arms.items()
    }
    source = source or Source()
    check_source(source, study.date)
    return Plan(arms, cut, horizon, source, count, stop)


def compared(choices: Sequence[str], against: str, extra: Path | None = None) -> tuple[str, str]:
    """Of several choices the one whose group is compared, and the names that it is compared with.

    Args:
        choices: GROUP=NAME each; but for the one that is compared they are everybody's.
        against: NAME, or GROUP=NAME where several of these groups have one of that name.
        extra: a folder with further config files.

    Raises:
        InputError: nothing is chosen, or it could be meant of none or of several groups.
    """
    group, _, names = against.rpartition("=")
    of = {c.partition("=")[0]: c for c in choices if not c.startswith(EVERYBODYS)}
    meant = [*of]
    if group:
        meant = [name for name in of if name == group]
    elif len(of) > 1:
        known = groups(extra)
        meant = [name for name in of if {*names.split(",")} <= {*known[name]}]
    if len(meant) == 1:
        return of[meant[0]], names
    raise InputError(_unclear([*of.values()], names, meant))


def _unclear(choices: list[str], names: str, meant: list[str]) -> str:
    """Why nobody can tell which group is compared, and what to say instead."""
    if not choices:
        return (
            "branch compares the choices of one group, such as retaliation= (none given that can "
            "be compared); scenario=, ablation= and executor= are everybody's"
        )
    told = ", ".join(choices)
    group = (meant or [choices[0].partition("=")[0]])[0]
    return (
        f"branch compares the choices of one group ({told} given): say of which, "
        f"against={group}={names}; the others are everybody's"
    )


def between(
    group: str, chosen: Sequence[str], against: Sequence[str], extra: Path | None = None
) -> dict[str, tuple[str, ...]]:
    """The policies of a comparison by name: choices of one group, the last the reference."""
    known = groups(extra).get(group, [])
    for key, name in [*((group, name) for name in chosen), *(("against", n) for n in against)]:
        if name not in known:
            raise InputError(f"{key}={name}: no such config of {group}; {nearest(name, known)}")
    arms: dict[str, tuple[str, ...]] = {n: (f"{group}={n}",) for n in [*chosen, *against]}
    named = [*chosen, *against]
    if len(arms) < len(named):
        twice = next(name for name in named if named.count(name) > 1)
        raise InputError(f"{group}={twice}: the same policy twice; name another")
    return arms


def day_of(text: str | date) -> date:
    """A date as it is written, or as Python has it.

    Raises:
        InputError: it is none.
    """
    try:
        return date.fromisoformat(str(text))
    except ValueError:
        raise InputError(f"date={text}: not a date; write it as 2020-03-12") from None


def span_days(text: str) -> int:
    """Days of a span such as 180d or 26w.

    >>> span_days("180d"), span_days("13w")
    (180, 91)
    """
    found = re.fullmatch(r"(\d{1,5})([dw])", text)
    days = int(found[1]) * (7 if found[2] == "w" else 1) if found else 0
    if not 1 <= days <= MOST_DAYS:
        raise InputError(
            f"horizon={text}: write days or weeks, 180d or 26w, from 1 to {MOST_DAYS} days"
        )
    return days


def public_by(day: date, hour: float) -> date:
    """The day before whose start everything was public that is known at a cut."""
    return day + timedelta(days=1) if hour else day


def cut_of(day: date, hour: float, start: date, end: date) -> float:
    """The moment of the cut in days from the scenario's start."""
    if not start <= day <= end:
        raise InputError(f"date={day}: outside the scenario, {start} to {end}")
    return float((day - start).days) + hour / 24.0


def check_source(source: Source, day: date) -> None:
    """Refuse a date that the history does not reach."""
    journal = source.journal()
    end = known_until(journal)
    if not journal.start <= day <= end:
        raise InputError(f"date={day}: outside the record, {journal.start} to {end}")


def measure_of(name: str, key: str) -> str:
    """The name of a measure.

    Raises:
        InputError: there is none of this name.
    """
    known = [measure.name for measure in MEASURES]
    if name not in known:
        raise InputError(f"{key}={name}: no such measure; {nearest(name, known)}")
    return name
