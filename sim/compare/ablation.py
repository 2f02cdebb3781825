"""Ablation: a mechanism switched off, on the same draws; what that changes in the patterns."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from statistics import fmean
from typing import Any, NamedTuple

from sim.compare.checks import compare_with_record
from sim.errors import InputError, nearest
from sim.settings.compose import load
from sim.settings.files import config_dir, groups
from sim.settings.posterior import conditions
from sim.settings.words import word
from sim.study.intervals import interval
from sim.study.runs import Runs, run
from sim.study.work import Progress

OFF = "no_"
"""What the name of a file in configs/ablation begins with that switches one mechanism off."""


class Effect(NamedTuple):
    """One pattern with a mechanism on and off, over replications on the same draws.

    `difference` is off less on, with a 95 % interval of its mean, unknown where all pairs
    differ alike; `changed` the share of replications in which the pattern is another.
    """

    mechanism: str
    pattern: str
    known: int
    on: float
    off: float
    difference: float
    low95: float | None
    high95: float | None
    changed: float

    @property
    def sure(self) -> bool:
        """Whether the interval is known and leaves out zero."""
        if self.low95 is None or self.high95 is None:
            return False
        return self.low95 > 0.0 or self.high95 < 0.0


class Ablation(NamedTuple):
    """A mechanism switched off: its effects, and how many recorded patterns are then met."""

    mechanism: str
    effects: list[Effect]
    inside: int
    compared: int


def mechanisms() -> list[str]:
    """Every mechanism that a file of configs/ablation switches off."""
    return [name.removeprefix(OFF) for name in groups()["ablation"] if name.startswith(OFF)]


def chosen(names: Sequence[str]) -> list[str]:
    """These mechanisms, each once, or all.

    Raises:
        InputError: no such mechanism, with the nearest name.
    """
    known = mechanisms()
    for name in names:
        if name not in known:
            raise InputError(f"ablate {name}: no such mechanism; {nearest(name, known)}")
    return list(dict.fromkeys(names)) or known


def refuse_ablation(overrides: Sequence[str]) -> None:
    """Refuse a scenario that picks an ablation itself: each mechanism's own would replace it.

    Raises:
        InputError: one of `overrides`, or of its posterior's conditions, picks one.
    """
    for override in [*conditions(overrides), *overrides]:
        key, _, value = override.partition("=")
        if key.lstrip("+~").partition("@")[0] == "ablation":
            word = value.removeprefix(OFF) if value.startswith(OFF) else "MECHANISM"
            raise InputError(
                f"{override}: rungs ablate picks the ablation of every run itself, which would "
                f"replace this one; name what to switch off as a word (rungs ablate {word}), or "
                f"set the keys of configs/ablation/{value or 'NAME'}.yaml for all runs"
            )


def ablate(
    overrides: list[str],
    names: Sequence[str],
    folder: Path,
    progress: Callable[[str], Progress | None],
    extra: Path | None = None,
) -> Iterator[Ablation]:
    """Run a scenario as it is and with each mechanism off; every run keeps a folder.

    Args:
        overrides: of the scenario.
        names: mechanisms; none for all.
        folder: where the runs go, each under its mechanism's name.
        progress: makes a callback for a run of this name.
        extra: a folder with further config files.

    Raises:
        InputError: no such mechanism, or `overrides` pick an ablation themselves.
    """
    refuse_ablation(overrides)
    switched = chosen(names)
    base = run(load(overrides, extra), folder / "as_it_is", progress("as it is"))
    yield compared("none", base, base)
    for name in switched:
        settings = load([*overrides, f"ablation={OFF}{name}", *leaves(name)], extra)
        without = run(settings, folder / f"{OFF}{name}", progress(f"without {name}"))
        yield compared(name, base, without)


def leaves(name: str) -> list[str]:
    """What switches a mechanism off, as overrides: said last, they rule what a user set too.

    >>> leaves("stock")
    ['militia.stock.on=False']
    """
    import yaml

    path = config_dir() / "ablation" / f"{OFF}{name}.yaml"
    return list(_leaves("", yaml.safe_load(path.read_text(encoding="utf-8"))))


def _leaves(prefix: str, node: Mapping[str, Any]) -> Iterator[str]:
    for key, value in node.items():
        if isinstance(value, Mapping):
            yield from _leaves(f"{prefix}{key}.", value)
        else:
            yield word(f"{prefix}{key}", value)


def compared(name: str, base: Runs, without: Runs) -> Ablation:
    """What the second run changes in the patterns of the first."""
    checks = [c for c in compare_with_record(without, None) if c.verdict != "unknown"]
    inside = sum(not c.missed for c in checks)
    return Ablation(name, list(_effects(name, base, without)), inside, len(checks))


def _effects(name: str, base: Runs, without: Runs) -> Iterator[Effect]:
    on, off = base.arrow("replications"), without.arrow("replications")
    for pattern in on.column_names:
        if pattern in off.column_names and not pattern.startswith(("drawn.", "true_")):
            one, two = on[pattern].to_pylist(), off[pattern].to_pylist()
            pairs = [
                (float(a), float(b))
                for a, b in zip(one, two, strict=True)
                if _number(a) and _number(b)
            ]
            if pairs and pattern not in ("study", "point", "replication"):
                yield effect(name, pattern, pairs)


def _number(value: object) -> bool:
    return isinstance(value, int | float)


def effect(name: str, pattern: str, pairs: Sequence[tuple[float, float]]) -> Effect:
    """The mean difference of pairs (on, off), with its 95 % interval, if any.

    >>> effect("m", "p", [(1.0, 2.0), (1.0, 4.0)])[3:6]
    (1.0, 3.0, 2.0)
    """
    differences = [off - on for on, off in pairs]
    means = fmean(on for on, _ in pairs), fmean(off for _, off in pairs)
    changed = sum(d != 0.0 for d in differences) / len(pairs)
    low, high = interval(differences) or (None, None)
    return Effect(name, pattern, len(pairs), *means, fmean(differences), low, high, changed)
