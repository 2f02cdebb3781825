"""Which posterior may forecast: one that has not seen the days that are forecast."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from sim.errors import InputError
from sim.settings.posterior import manifest, names

FAVOURITE = "reference"
"""Preferred where several have seen as much."""


def until(name: str) -> date:
    """The first day that a posterior has not seen."""
    told = manifest(name).get("until")
    try:
        return date.fromisoformat(str(told))
    except ValueError:
        raise InputError(
            f"posterior={name}: its manifest has until={told}, no date; rungs calibrate makes it"
        ) from None


def newest(first: date) -> str:
    """The committed posterior that has seen most of what came before `first`.

    Raises:
        InputError: every one has seen that day.
    """
    found = _eligible(first)
    if not found:
        raise InputError(
            f"from={first}: no posterior ends by then; make one: rungs calibrate until={first}"
        )
    return found[-1]


def check(name: str, first: date) -> None:
    """Refuse a posterior that has seen any day from `first` on.

    Raises:
        InputError: with both dates and what to do.
    """
    last = until(name)
    if last > first:
        found = _eligible(first)
        other = f"posterior={found[-1]}" if found else f"rungs calibrate until={first}"
        raise InputError(
            f"posterior={name}: it has seen the record until {last}, and forecasts begin on "
            f"{first}; take {other}, or from={last}"
        )


def _eligible(first: date) -> list[str]:
    """Posteriors whose chains agree and that end by `first`, the one that saw most last."""
    ends = {name: until(name) for name in names() if manifest(name).get("healthy") is not False}
    known = [name for name in ends if ends[name] <= first]
    return sorted(known, key=lambda name: (ends[name], name == FAVOURITE, name))


def called(name: str) -> str:
    """A posterior's name for a reader, where it was given as a path."""
    return Path(name).name
