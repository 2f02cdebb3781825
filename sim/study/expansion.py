"""From points to settings: composed once per choice of files, judged point by point."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from copy import copy
from functools import cached_property
from pathlib import Path
from typing import Any

from sim import record
from sim.errors import InputError
from sim.settings.compose import compose, refuse_code, validated
from sim.settings.files import groups
from sim.settings.idle import refuse_idle_days
from sim.settings.posterior import conditions, fingerprint
from sim.settings.scenario import HANDS, Settings
from sim.study.designs.design import Point
from sim.study.folder import code_hash

APART = HANDS | {"replications", "journal"}
"""What decides how much is computed and kept, not what comes out of a replication."""


class Expansion:
    """The settings of every point.

    Args:
        shared: overrides of all points.
        extra: a folder with further config files.
    """

    def __init__(self, shared: Sequence[str], extra: Path | None = None) -> None:
        self.asked = tuple(shared)
        self.shared = [*conditions(shared), *shared]
        self.extra = extra
        self._groups = set(groups(extra))
        self._trees: dict[tuple[str, ...], dict[str, Any]] = {}

    def settings(self, point: Point) -> Settings:
        """The judged settings of a point.

        Raises:
            InputError: the schema refuses it; the error names the point.
        """
        chosen = tuple(f"{k}={v}" for k, v in point.items() if k in self._groups)
        if chosen not in self._trees:
            self._trees[chosen] = compose([*self.shared, *chosen], self.extra)
            refuse_code(self._trees[chosen])
        tree = self._trees[chosen]
        for key, value in point.items():
            if key not in self._groups:
                tree = _with(tree, key.split("."), value)
        try:
            settings = validated(tree)
            refuse_idle_days(settings, [*self.asked, *(f"{k}={v}" for k, v in point.items())])
            return settings
        except InputError as error:
            raise InputError(f"at the point {_words(point)}: {error}") from None

    def key(self, settings: Settings) -> str:
        """The content's name: a hash of all that decides a point's replications."""
        told = settings.model_dump(mode="json", exclude=APART)
        text = json.dumps([told, *self.ground], sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()[:20]

    @cached_property
    def posteriors(self) -> tuple[str, ...]:
        """The posteriors that points draw from."""
        names = {word.partition("=")[2] for word in self.shared if word.startswith("posterior=")}
        return tuple(sorted(names - {"null", ""}))

    @cached_property
    def ground(self) -> tuple[str, ...]:
        """What all points stand on (see `ground`)."""
        return ground(self.posteriors)


def ground(posteriors: Sequence[str]) -> tuple[str, ...]:
    """Hashes of the code, the record and posteriors as they are on this machine."""
    return code_hash(), record.hash_of_data(None), *(fingerprint(name) for name in posteriors)


def _with(tree: dict[str, Any], path: list[str], value: Any) -> dict[str, Any]:
    """A tree with one value changed; what isn't on the way to it is shared."""
    changed = copy(tree)
    inner = changed.get(path[0])
    if len(path) == 1:
        changed[path[0]] = value
    else:
        changed[path[0]] = _with(inner if isinstance(inner, dict) else {}, path[1:], value)
    return changed


def _words(point: Point, most: int = 6) -> str:
    """A point in a line, of a long one the beginning."""
    told = [f"{key}={value}" for key, value in point.items()]
    return " ".join(told[:most]) + (" …" if len(told) > most else "")
