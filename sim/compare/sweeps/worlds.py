"""Policies crossed with worlds: which points let policies be compared like with like."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from sim.compare.sweeps.table import Array, Swept, Values, names
from sim.errors import InputError


def crossed(even: Swept, policies: list[str]) -> tuple[list[str], Array]:
    """The options by name, and their outcomes: (options, worlds, replications).

    Raises:
        InputError: fewer than two options, or no world that all share.
    """
    others = [name for name in even.factors if name not in policies]
    options, worlds = _keys(even.factors, policies), _keys(even.factors, others)
    where = {key: i for i, key in enumerate(zip(options, worlds, strict=True))}
    each, tried = list(dict.fromkeys(options)), list(dict.fromkeys(worlds))
    shared = [w for w in tried if all((o, w) in where for o in each)]
    if len(each) < 2 or not shared:
        raise InputError(
            f"{', '.join(policies)}: {len(each)} policies in {len(tried)} worlds, of which all "
            f"were tried in {len(shared)}; cross them, as policy=a,b with design=posterior does"
        )
    rows = np.array([[where[o, w] for w in shared] for o in each])
    return labels(policies, each), even.outcomes[rows]


def labels(policies: Sequence[str], options: Sequence[tuple[str, ...]]) -> list[str]:
    """What options are called: levels in six figures, where that tells them apart.

    >>> labels(["tempo"], [("0.1234567890123",), ("0.2",)])
    ['tempo=0.123457', 'tempo=0.2']
    >>> labels(["tempo"], [("0.12345671",), ("0.12345672",)])
    ['tempo=0.12345671', 'tempo=0.12345672']
    """
    short = [tuple(map(_short, option)) for option in options]
    told = short if len(set(short)) == len(short) else options
    return [", ".join(f"{k}={v}" for k, v in zip(policies, o, strict=True)) for o in told]


def _short(level: str) -> str:
    try:
        return min(f"{float(level):.6g}", level, key=len)
    except ValueError:
        return level


def _keys(factors: dict[str, Values], chosen: Sequence[str]) -> list[tuple[str, ...]]:
    """The levels of some factors at every point, as words that round nothing off."""
    points = len(next(iter(factors.values())))
    columns = [names(_plain(factors[name])) for name in chosen]
    return list(zip(*columns, strict=True)) if columns else [()] * points


def _plain(values: Values) -> list[object]:
    return values.tolist() if isinstance(values, np.ndarray) else list(values)
