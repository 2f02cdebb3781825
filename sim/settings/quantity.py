"""Quantities: a number with a unit, limits and a source, or a prior over such numbers.

In YAML a quantity is a bare number (somebody set it), or a mapping that names the
prior, its numbers and where they come from:

    base_rate: {prior: log_uniform, low: 0.01, high: 1, source: "...", confidence: none}

A scenario is drawn once per replication: each quantity then becomes a plain float by
inversion of one keyed uniform, so fields are typed as floats for those who read them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from math import exp, isfinite, log
from statistics import NormalDist
from typing import TYPE_CHECKING, Annotated, Any, Literal, NamedTuple

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Discriminator,
    Field,
    ValidationInfo,
    field_validator,
)
from typing_extensions import TypeAliasType

LEAST_MASS = 1e-6
"""A prior with less of itself inside its field's limits is refused."""
Confidence = Literal["none", "low", "medium", "high"]


class Section(BaseModel):
    """A part of a scenario: frozen, no unknown keys, no infinities; limits are enforced."""

    # Built when first asked: a section within a section never is.
    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False, defer_build=True)

    @field_validator("*", mode="after")
    @classmethod
    def _within_limits(cls, value: Any, info: ValidationInfo) -> Any:
        extra = cls.model_fields[info.field_name or ""].json_schema_extra
        if isinstance(value, Prior) and isinstance(extra, dict):
            value.check(float(extra["low"]), float(extra["high"]), str(extra["unit"]))  # type: ignore[arg-type]
        return value


class Prior(BaseModel):
    """What is believed of a quantity before the record is met, and on whose word."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    source: str = "assumed"
    confidence: Confidence = "none"
    evidence_until: date | None = None
    evidence_in_record: bool = False

    def check(self, low: float, high: float, unit: str) -> None:
        """Refuse a prior whose support leaves the limits of its field."""
        for end in self.support():
            if isfinite(end) and not low <= end <= high:
                raise ValueError(f"{end:g} is outside {low:g} to {high:g} ({unit})")

    def support(self) -> tuple[float, float]:
        """The smallest and largest value it can take."""
        raise TypeError("a prior states its support")

    def quantile(self, u: float, low: float, high: float) -> float:
        """The value at probability `u`, within the field's limits."""
        raise TypeError("a prior states its quantiles")

    def words(self) -> str:
        """The prior as a reader would write it."""
        raise TypeError("a prior has words")


class Fixed(Prior):
    """A value taken as known."""

    prior: Literal["fixed"] = "fixed"
    value: float

    def support(self) -> tuple[float, float]:
        return self.value, self.value

    def quantile(self, u: float, low: float, high: float) -> float:
        return self.value

    def words(self) -> str:
        return f"{self.value:g}"


class _Interval(Prior):
    low: float
    high: float

    @field_validator("high", mode="after")
    @classmethod
    def _ordered(cls, high: float, info: ValidationInfo) -> float:
        if "low" in info.data and not info.data["low"] < high:
            raise ValueError(f"high must be above low = {info.data['low']:g}: swap them")
        return high

    def support(self) -> tuple[float, float]:
        return self.low, self.high


class Uniform(_Interval):
    """Evenly spread from low to high."""

    prior: Literal["uniform"]

    def quantile(self, u: float, low: float, high: float) -> float:
        return self.low + u * (self.high - self.low)

    def words(self) -> str:
        return f"uniform {self.low:g} to {self.high:g}"


class LogUniform(_Interval):
    """Evenly spread in the logarithm from low (above zero) to high."""

    prior: Literal["log_uniform"]
    low: float = Field(gt=0.0)

    def quantile(self, u: float, low: float, high: float) -> float:
        return exp(log(self.low) + u * (log(self.high) - log(self.low)))

    def words(self) -> str:
        return f"log-uniform {self.low:g} to {self.high:g}"


class Beta(Prior):
    """Beta(a, b) on the unit interval, mean a / (a + b)."""

    prior: Literal["beta"]
    a: float = Field(gt=0.0)
    b: float = Field(gt=0.0)

    def support(self) -> tuple[float, float]:
        return 0.0, 1.0

    def check(self, low: float, high: float, unit: str) -> None:
        if low > 0.0 or high < 0.99:
            raise ValueError(f"a beta prior needs a quantity from 0 to 1, not {low:g} to {high:g}")

    def quantile(self, u: float, low: float, high: float) -> float:
        from scipy.special import betaincinv

        return min(high, float(betaincinv(self.a, self.b, u)))

    def words(self) -> str:
        return f"beta({self.a:g}, {self.b:g})"


class Normal(Prior):
    """Normal, cut off at the field's limits."""

    prior: Literal["normal"]
    mean: float
    sd: float = Field(gt=0.0)

    def support(self) -> tuple[float, float]:
        return float("-inf"), float("inf")

    def check(self, low: float, high: float, unit: str) -> None:
        shape = NormalDist(self.mean, self.sd)
        if shape.cdf(high) - shape.cdf(low) < LEAST_MASS:
            raise ValueError(
                f"normal({self.mean:g}, {self.sd:g}) has next to nothing in {low:g} to {high:g} "
                f"({unit}): move its mean or widen it"
            )

    def quantile(self, u: float, low: float, high: float) -> float:
        shape = NormalDist(self.mean, self.sd)
        below, above = shape.cdf(low), shape.cdf(high)
        return min(high, max(low, shape.inv_cdf(below + u * (above - below))))

    def words(self) -> str:
        return f"normal({self.mean:g}, {self.sd:g})"


def _bare_number(value: object) -> object:
    if isinstance(value, bool) or value is None:
        raise ValueError(
            "a number is needed, or a mapping such as {prior: uniform, low: 0, high: 1}"
        )
    if isinstance(value, int | float):
        return {"prior": "fixed", "value": value}
    if isinstance(value, list):
        raise ValueError(
            "a number is needed, not a list: write one, or a mapping such as "
            "{prior: uniform, low: 0, high: 1}"
        )
    if isinstance(value, str):
        raise ValueError("not a number: write a number, or {prior: …, low: …, high: …}")
    if isinstance(value, dict) and "prior" not in value and "value" in value:
        return {"prior": "fixed", **value}
    return value


if TYPE_CHECKING:
    Quantity = float
else:
    # Under a name of its own pydantic builds it once a section, not once a field.
    Quantity = TypeAliasType(
        "Quantity",
        Annotated[
            Annotated[Fixed | Uniform | LogUniform | Beta | Normal, Discriminator("prior")],
            BeforeValidator(_bare_number),
        ],
    )


def quantity(unit: str, low: float, high: float, meaning: str) -> Any:
    """A mandatory quantity field with its unit, its limits (inclusive) and its meaning."""
    return Field(description=meaning, json_schema_extra={"unit": unit, "low": low, "high": high})


def can_be_positive(value: object) -> bool:
    """Whether a quantity, drawn or not, can be above zero."""
    if isinstance(value, Prior):
        return value.support()[1] > 0.0
    return isinstance(value, int | float) and value > 0.0


def least(value: object, limit: float) -> float:
    """The least that a quantity, drawn or not, can be within its lower limit."""
    low = value.support()[0] if isinstance(value, Prior) else value
    return max(limit, low) if isinstance(low, int | float) else limit


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
