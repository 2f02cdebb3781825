"""Quantities: a number with a unit, limits and a source, or a prior over such numbers.

In YAML a quantity is a bare number (somebody set it), or a mapping that names the
prior, its numbers and where they come from:

    base_rate: {prior: log_uniform, low: 0.01, high: 1, source: "...", confidence: none}

A scenario is drawn once per replication (sim/settings/sampling.py): each quantity then becomes
a plain float, so fields are typed as floats for those who read them.
"""

from __future__ import annotations

from datetime import date
from math import exp, isfinite, log
from statistics import NormalDist
from typing import TYPE_CHECKING, Annotated, Any, Literal

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
