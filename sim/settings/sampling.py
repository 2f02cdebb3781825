"""A section drawn once per replication: each quantity becomes a plain float, by inversion of one
keyed uniform.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from sim.settings.quantity import Fixed, Prior, Section

Drawer = Callable[[str], float]
"""The uniform that belongs to a parameter's dotted key."""


class Uncertain(NamedTuple):
    """A prior and the limits of the field that it belongs to."""

    prior: Prior
    low: float
    high: float


class Rows(NamedTuple):
    """Joint draws of some quantities: dotted keys, and one value of each a row."""

    keys: tuple[str, ...]
    table: tuple[tuple[float, ...], ...]

    def at(self, u: float) -> dict[str, float]:
        """The row at probability `u`."""
        return dict(zip(self.keys, self.table[int(u * len(self.table))], strict=True))


class Sampler:
    """A section ready to be drawn many times: priors become plain floats.

    A part that is switched off (`on: false`) is not drawn: nobody reads its numbers.

    Args:
        section: as configured. Parts without uncertainty are shared between draws.
        prefix: dotted key of the section.
        rows: joint draws that stand for the priors of their keys.
    """

    def __init__(self, section: Section, prefix: str = "", rows: Rows | None = None) -> None:
        self.rows = rows
        self._priors: list[tuple[str, str, Prior, float, float]] = []
        self._parts: list[tuple[str, Sampler]] = []
        self._tables: list[tuple[str, dict[str, Section | Sampler]]] = []
        known: dict[str, Any] = {}
        self.idle = getattr(section, "on", True) is False
        for name, field in type(section).model_fields.items():
            self._add(name, getattr(section, name), f"{prefix}{name}", field, known)
        self.certain = self.idle or not (self._priors or self._parts or self._tables)
        self.section = section.model_copy(update=known)

    def _add(self, name: str, value: Any, key: str, field: Any, known: dict[str, Any]) -> None:
        if isinstance(value, Fixed):
            known[name] = value.value
        elif isinstance(value, Prior):
            limits = field.json_schema_extra
            self._priors.append((name, key, value, limits["low"], limits["high"]))
        elif isinstance(value, Section):
            part = Sampler(value, f"{key}.")
            known[name] = part.section
            if not part.certain:
                self._parts.append((name, part))
        elif isinstance(value, dict):
            parts = {k: Sampler(v, f"{key}.{k}.") for k, v in value.items()}
            known[name] = {k: part.section for k, part in parts.items()}
            if any(not part.certain for part in parts.values()):
                self._tables.append(
                    (name, {k: p.section if p.certain else p for k, p in parts.items()})
                )

    def draw(
        self,
        uniform: Drawer,
        note: dict[str, float] | None = None,
        given: Mapping[str, Any] | None = None,
    ) -> Any:
        """The section with every prior drawn by inversion of its own uniform.

        `note` takes down the values drawn, by dotted key. A quantity in `given` takes the
        value that stands there: one of a posterior's, or many at once for a likelihood.
        """
        if self.certain:
            return self.section
        if self.rows is not None:
            given = {**self.rows.at(uniform("posterior")), **(given or {})}
        told = given or {}
        changes: dict[str, Any] = {}
        for name, key, prior, low, high in self._priors:
            value = told[key] if key in told else prior.quantile(uniform(key), low, high)
            changes[name] = value
            if note is not None:
                note[key] = value
        for name, part in self._parts:
            changes[name] = part.draw(uniform, note, given)
        for name, table in self._tables:
            changes[name] = {
                k: part.draw(uniform, note, given) if isinstance(part, Sampler) else part
                for k, part in table.items()
            }
        return _changed(self.section, changes)

    def uncertain(self) -> dict[str, Uncertain]:
        """Every quantity that is drawn, by its dotted key."""
        found = {key: Uncertain(prior, low, high) for _, key, prior, low, high in self._priors}
        tabled = [p for _, t in self._tables for p in t.values() if isinstance(p, Sampler)]
        for part in [part for _, part in self._parts] + tabled:
            found |= part.uncertain()
        return found


def _changed(section: Section, changes: dict[str, Any]) -> Section:
    """`section.model_copy(update=changes)` at a third of its cost: one for every draw of
    every section. What fields were set matters to no one once they are drawn."""
    copy = object.__new__(type(section))
    object.__setattr__(copy, "__dict__", {**section.__dict__, **changes})
    object.__setattr__(copy, "__pydantic_fields_set__", section.__pydantic_fields_set__)
    object.__setattr__(copy, "__pydantic_extra__", None)
    object.__setattr__(copy, "__pydantic_private__", None)
    return copy
