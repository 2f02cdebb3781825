"""From a form to a command: every field is judged by the schema before anything starts."""

from __future__ import annotations

import re
from collections.abc import Mapping
from math import isfinite
from typing import Any, NamedTuple

from sim.errors import InputError, nearest
from sim.settings.compose import load
from sim.settings.experiment import Experiment
from sim.settings.files import groups
from sim.show.dashboard.offers import BRANCHED, LEVERS
from sim.study.planning import between, day_of, plan

MOST_REPLICATIONS = 100_000
OVERRIDE = re.compile(r"[a-z][a-z_]*(\.[A-Za-z][\w]*)*=[^\x00-\x1f]{1,400}", re.ASCII)
POSTERIORS = ("reference", "full")


class Command(NamedTuple):
    """A verb with its words, and how many replications it will make."""

    verb: str
    words: list[str]
    total: int


def overrides(
    policies: Mapping[str, object], levers: Mapping[str, object], posterior: object, further: object
) -> list[str]:
    """The overrides that a form's fields stand for; what is left alone gives none.

    Args:
        policies: group to choice.
        levers: key to number.
        posterior: the posterior's name.
        further: overrides of the user's own, one a line.

    Raises:
        InputError: a field holds what it does not offer.
    """
    words = [f"posterior={_one_of('posterior', posterior, POSTERIORS)}"] if posterior else []
    known = groups()
    for group, name in policies.items():
        if name:
            words.append(f"{group}={_one_of(group, name, known.get(group, []))}")
    for key, value in levers.items():
        if value not in (None, ""):
            words.append(f"{_one_of('lever', key, LEVERS)}={_number(key, value)}")
    return [*words, *_lines(further)]


def simulation(words: list[str], replications: object, seed: object) -> Command:
    """A run of one scenario, laid beside the record.

    Raises:
        InputError: the schema refuses it.
    """
    count = _whole("replications", replications, 1, MOST_REPLICATIONS)
    told = [*words, f"replications={count}", f"seed={_whole('seed', seed, 0, 2**63 - 1)}"]
    load(told)
    return Command("compare", told, count)


def branch(
    words: list[str],
    date: object,
    group: object,
    policy: object,
    against: object,
    horizon: object,
    replications: object,
) -> Command:
    """Futures from a date under two policies.

    Raises:
        InputError: the schema refuses it.
    """
    group = _one_of("policies", group, BRANCHED)
    date, horizon = _text("date", date), _text("horizon", horizon)
    arms = between(group, [_text(group, policy)], [_text(group, against)])
    count = _whole("replications", replications, 1, MOST_REPLICATIONS)
    told = [*words, f"replications={count}"]
    study = Experiment(title=group, date=day_of(date), horizon=horizon, arms=arms)
    plan(study, told)
    own = [f"date={date}", f"{group}={policy}", f"against={against}", f"horizon={horizon}"]
    return Command("branch", [*own, *told], count)


def _one_of(what: str, value: object, valid: Any) -> str:
    text = _text(what, value)
    if text not in valid:
        raise InputError(f"{what}={text}: no such choice; {nearest(text, valid)}")
    return text


def _text(what: str, value: object) -> str:
    if not isinstance(value, str) or not re.fullmatch(r"[\w.-]{1,80}", value, re.ASCII):
        raise InputError(f"{what}: needs a value (letters, digits, - and _)")
    return value


def _number(what: str, value: object) -> str:
    if isinstance(value, bool) or not isinstance(value, int | float) or not isfinite(value):
        raise InputError(f"{what}: a number is needed")
    return repr(value)


def _whole(what: str, value: object, low: int, high: int) -> int:
    if not float(_number(what, value)).is_integer():
        raise InputError(f"{what}: a whole number is needed")
    whole = int(value)  # type: ignore[call-overload]
    if not low <= whole <= high:
        raise InputError(f"{what}={whole}: must lie from {low} to {high}")
    return int(whole)


def _lines(further: object) -> list[str]:
    """The lines of a text field, each an override."""
    lines = [line.strip() for line in str(further or "").splitlines() if line.strip()]
    for line in lines:
        if not OVERRIDE.fullmatch(line):
            raise InputError(f"{line[:80]!r} is no override: write KEY=VALUE, one a line")
    if len(lines) > 50:
        raise InputError(
            "over 50 further settings: that is a config file; use rungs run --config-dir"
        )
    return lines
