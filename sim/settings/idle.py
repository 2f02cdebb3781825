"""Days that a user sets, of a site, a battery or a threat, and that nothing simulated reaches.

So with months of holes. Files may hold such days: they serve scenarios of every length. But
somebody who sets one asks for what will not be, and gets the same numbers as without it.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

from sim.errors import InputError
from sim.settings.scenario import Scenario

HOLES = "observers.holes"


def refuse_idle_days(settings: Scenario, overrides: Iterable[str], end: date | None = None) -> None:
    """Refuse a day on or after `end`, the scenario's unless another is given, or a month of holes
    outside the scenario, that one of the overrides sets.

    Raises:
        InputError: with the key, the day, the end and the remedy.
    """
    last, told = end or settings.scenario.end, list(overrides)
    for key, day in settings.days_set().items():
        if day >= last and any(_sets(override, key) for override in told):
            raise InputError(
                f"{key} = {day}: nothing is simulated from {last} on; choose an earlier day, a "
                f"later end, or {_instead(key)}"
            )
    if any(_sets(override, HOLES) for override in told):
        _refuse_idle_holes(settings, last)


def _refuse_idle_holes(settings: Scenario, end: date) -> None:
    start, last = settings.scenario.start, end - timedelta(days=1)
    for month in settings.observers.holes:
        if not f"{start:%Y-%m}" <= month <= f"{last:%Y-%m}":
            raise InputError(
                f"{HOLES} = {month}: nothing is simulated in that month ({start} to {end}); leave "
                "it out, or move scenario.start or scenario.end"
            )


def _sets(override: str, key: str) -> bool:
    """Whether an override sets a key, or a mapping that holds it; a choice of a file does not."""
    name, _, value = override.partition("=")
    name = name.lstrip("+").strip()
    return f"{key}.".startswith(f"{name}.") and ("." in name or value.lstrip().startswith("{"))


def _instead(key: str) -> str:
    """How to say that a change never comes."""
    whole, _, change = key.rpartition(".")
    never = {
        "closed": f"{key}=null (it stays open)",
        "opened": f"{whole}.weight=0 (nobody attacks it)",
        "fielded": f"~{whole} (there is none)",
        "day": f"{whole}.rule=never (no such threat)",
    }
    return never[change]
