"""From files and overrides to validated settings: Hydra composes, pydantic judges.

Nothing runs before the whole configuration has been judged.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from contextlib import suppress
from copy import deepcopy
from functools import lru_cache
from pathlib import Path
from threading import Lock
from typing import Any

from pydantic import ValidationError

from sim.errors import InputError, nearest
from sim.settings.faults import explain
from sim.settings.files import RESOLVER, check_files, config_dir, groups
from sim.settings.idle import refuse_idle_days
from sim.settings.override import over, plain
from sim.settings.posterior import conditions, place
from sim.settings.remembered import remembered
from sim.settings.scenario import Settings
from sim.settings.uncomposed import check_name, plainly


def load(overrides: Iterable[str] = (), extra: Path | None = None) -> Settings:
    """Compose and judge a configuration.

    Args:
        overrides: Hydra overrides, such as ``scenario=summer_2020`` or ``militia.base_rate=0.2``.
        extra: a folder with further config files in the same groups.

    Raises:
        InputError: with the key, the value, the limit and the remedy.

    A posterior brings the conditions under which it was fitted; later overrides win.
    """
    told = list(overrides)
    settings = draft(told, extra)
    refuse_idle_days(settings, told)
    return settings


def draft(overrides: Iterable[str], extra: Path | None = None) -> Settings:
    """`load` for one who settles later until when is simulated: no day is too late yet."""
    told = list(overrides)
    settings = judge(compose([*conditions(told), *told], extra))
    if settings.posterior is not None:
        place(settings.posterior)  # a run that is only read needs none
    return settings


def judge(tree: dict[str, Any]) -> Settings:
    """Validate a composed tree against the schema."""
    refuse_code(tree)
    return validated(tree)


def validated(tree: dict[str, Any]) -> Settings:
    """`judge` of a tree that is known to name no code.

    Raises:
        InputError: with the key, the value, the limit and the remedy.
    """
    try:
        return Settings.model_validate(tree)
    except ValidationError as error:
        raise InputError(explain(error, tree)) from None


def compose(overrides: list[str], extra: Path | None = None) -> dict[str, Any]:
    """The composed tree as plain Python, not yet judged."""
    if extra is not None:
        check_files(extra)
    for override in overrides:
        check_override(override, extra)
    return _quickly(overrides) if extra is None else _composed(overrides, extra)


def _quickly(overrides: list[str]) -> dict[str, Any]:
    """What Hydra would make of the packaged files, by Hydra only where it must be."""
    root, values = config_dir(), [told for told in map(plain, overrides) if told is not None]
    choices = tuple(override for override in overrides if plain(override) is None)
    if not any(choice.startswith(("+", "~")) or "." in choice for choice in choices):
        with suppress(LookupError, InputError):  # said better by the whole call
            return over(deepcopy(_packaged(root, choices)), values)
    return deepcopy(_packaged(root, tuple(overrides)))


@lru_cache(maxsize=128)
def _packaged(root: Path, overrides: tuple[str, ...]) -> dict[str, Any]:
    """What the packaged files alone give, kept: Hydra takes a quarter of a second for it."""
    return remembered(root, overrides, lambda: _composed(list(overrides), None))


_ONE_AT_A_TIME = Lock()
"""Hydra composes through a state that a whole process shares; threads wait their turn."""


def _composed(overrides: list[str], extra: Path | None) -> dict[str, Any]:
    with _ONE_AT_A_TIME:
        return _by_hydra(overrides, extra)


def _by_hydra(overrides: list[str], extra: Path | None) -> dict[str, Any]:
    from hydra import compose as hydra_compose
    from hydra import initialize_config_dir
    from hydra.errors import HydraException
    from omegaconf import OmegaConf
    from omegaconf.errors import OmegaConfBaseException

    search = [f"hydra.searchpath=[{_quoted(f'file://{extra.resolve()}')}]"] if extra else []
    try:
        with initialize_config_dir(config_dir=str(config_dir()), version_base="1.3"):
            config = hydra_compose("config", overrides=search + _replacing(overrides))
        missing = sorted(OmegaConf.missing_keys(config))
        if missing:
            raise InputError(f"{missing[0]} is not set (???): give it a value, {missing[0]}=…")
        tree: dict[str, Any] = OmegaConf.to_container(config, resolve=True)  # type: ignore[assignment]
        return tree
    except (HydraException, OmegaConfBaseException, ValueError) as error:
        raise InputError(plainly(error, overrides)) from None
    except RecursionError:
        raise InputError("a config file builds on itself: look at its `defaults:`") from None


def _quoted(text: str) -> str:
    """A word in Hydra's quotes: its bare words know no letters but English ones.

    Raises:
        InputError: it holds what Hydra would put a value in the place of, even there.

    >>> _quoted("file:///l'été")
    "'file:///l\\\\'été'"
    """
    if "${" in text:
        path = text.removeprefix("file://")
        raise InputError(f"--config-dir {path}: a path with ${{ can't be read; name it otherwise")
    return "'" + re.sub(r"(\\*)('|$)", lambda m: m[1] * 2 + ("\\'" if m[2] else ""), text) + "'"


def _replacing(overrides: list[str]) -> list[str]:
    """Hydra's words for: set this key, whatever stood there.

    A mapping replaces what it meets (merged, it would keep the old prior's source), and so does
    a list, whatever it meets; a key that a file leaves out can be set like any other. The schema
    is the judge of keys and values.
    """
    told: list[str] = []
    for override in overrides:
        key, equals, value = override.partition("=")
        bare = key.removeprefix("++")
        if not equals or "." not in key or bare.startswith(("+", "~")):
            told.append(override)
        elif value.lstrip().startswith("[" if bare != key else ("[", "{")):
            told += [f"++{bare}=0", f"~{bare}", f"+{bare}={value}"]
        else:
            told.append(f"++{bare}={value}")
    return told


# -- before composing ---------------------------------------------------------------------


def check_override(override: str, extra: Path | None = None) -> None:
    """Refuse an override that is none, that names code, or whose group or file isn't there."""
    key, equals, value = override.partition("=")
    key = key.strip()
    if not key or (not equals and not key.startswith("~")):
        raise InputError(f"{override!r} is no override: write key=value, such as seed=7")
    bare = key.lstrip("+~").split("@")[0]
    if bare.split(".")[0] == "hydra" or bare.startswith("hydra/"):
        raise InputError(f"{key} is refused: hydra's own settings cannot be changed here")
    if any(part.startswith("_") for part in bare.split(".")) or RESOLVER.search(value):
        raise InputError(f"{override!r} is refused: a configuration never names code or variables")
    options = groups(extra)
    if bare in options and not value.lstrip().startswith("{"):
        name = value.strip().strip("'\"")
        if "," in name:
            raise InputError(f"{override!r} names several: this verb runs one; use rungs sweep")
        if name not in options[bare]:
            raise InputError(f"{bare}={name}: no such config; {nearest(name, options[bare])}")
    elif "." not in bare and "/" not in bare:
        check_name("", bare, sorted({*options, *Settings.model_fields}))


def refuse_code(node: Any, key: str = "") -> None:
    """A configuration says what, never by which code.

    Raises:
        InputError: a key that Hydra would run.
    """
    if isinstance(node, dict):
        for name, value in node.items():
            if str(name).startswith("_"):
                raise InputError(f"{key}{name} is refused: a configuration never names code")
            refuse_code(value, f"{key}{name}.")
    elif isinstance(node, list):
        for item in node:
            refuse_code(item, key)
