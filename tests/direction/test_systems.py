"""Every system of the articles, as seeds/systems.yaml tells it: its key is turned, its measure
moves as told, and stays where it is, above zero, where the mechanism is off."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
import yaml

from sim.campaign import simulate
from sim.events import Journal, Kind
from sim.settings.compose import load
from sim.settings.describe import parameters
from sim.settings.sampling import Sampler

ROOT = Path(__file__).resolve().parents[2]
ROWS: list[dict[str, Any]] = yaml.safe_load((ROOT / "seeds" / "systems.yaml").read_text("utf-8"))
MODELLED = [row for row in ROWS if "excluded" not in row]
BASE = ("scenario.end=2019-11-01", "militia.base_rate=0.3", "militia.excitation=0.2")
REPLICATIONS = 15
FEWER = 2
"""Where two sides must be equal to the event, a few replications tell as much."""

WORDS = {
    *("number", "system", "articles", "mechanism", "files", "key", "low", "high"),
    *("measure", "direction", "base", "off", "record"),
}
"""What every row says."""

Measure = Callable[[Journal], float]


def measure(told: str) -> Measure:
    """A measure by its words: `kind`, `kind.field` (summed), `kind[field=value]`, or a name."""
    if told in NAMED:
        return NAMED[told]
    kind, field, name, value = re.fullmatch(r"(\w+)(?:\.(\w+)|\[(\w+)=(\w+)\])?", told).groups()  # type: ignore[union-attr]
    if field:
        return lambda j: sum(getattr(e, field) or 0 for e in j.where(Kind(kind)))
    if name:
        return lambda j: sum(getattr(e, name) == value for e in j.where(Kind(kind)))
    return lambda j: len(j.where(Kind(kind)))


def replies(journal: Journal) -> float:
    """Launches that a blow provoked."""
    blows = {e.id for e in journal.where(Kind.DEPOT_BLAST, Kind.AIRSTRIKE, Kind.LEADERSHIP_STRIKE)}
    return sum(launch.cause in blows for launch in journal.where(Kind.LAUNCH))


def repeats(journal: Journal) -> float:
    """Share of launches at the class of the one before."""
    classes = [launch.site_class for launch in journal.where(Kind.LAUNCH)]
    return sum(a == b for a, b in pairwise(classes)) / max(1, len(classes))


def delay(journal: Journal) -> float:
    """Mean days from an attack to its first report."""
    made = {event.id: event.time for event in journal}
    reports = [r for r in journal.where(Kind.REPORT) if r.id == f"P{r.cause}"]
    return sum(r.time - made[r.cause] for r in reports) / max(1, len(reports))


NAMED: dict[str, Measure] = {
    "launch[reply]": replies,
    "launch[as before]": repeats,
    "report_delay": delay,
}


@cache
def total(told: str, replications: int, *overrides: str) -> float:
    sampler = Sampler(load(overrides))
    return sum(measure(told)(simulate(sampler, 23, r)) for r in range(replications))


def ends(told: str, row: dict[str, Any], replications: int, *more: str) -> tuple[float, float]:
    """A measure with the row's key low and high."""
    words = (*BASE, *row["base"], *more)
    low, high = (
        total(told, replications, *words, f"{row['key']}={row[end]}") for end in ("low", "high")
    )
    return low, high


def named(row: dict[str, Any]) -> str:
    return f"{row['number']} {row['system']}"


def moves(found: tuple[float, float], upwards: bool) -> bool:
    less, more = found if upwards else found[::-1]
    return less < 0.9 * more


@pytest.mark.parametrize("row", MODELLED, ids=named)
def test_a_system_is_felt_as_told(row: dict[str, Any]) -> None:
    found = ends(row["measure"], row, REPLICATIONS)
    assert moves(found, row["direction"] == "up"), found


@pytest.mark.parametrize("row", [row for row in MODELLED if "otherwise" in row], ids=named)
def test_a_system_whose_sign_is_open_is_felt_the_other_way_too(row: dict[str, Any]) -> None:
    found = ends(row["measure"], row, REPLICATIONS, *row["otherwise"])
    assert moves(found, row["direction"] == "down"), found


@pytest.mark.parametrize("row", MODELLED, ids=named)
def test_a_system_that_is_off_is_not_felt(row: dict[str, Any]) -> None:
    """And what it could have moved is there; where the measure counts the mechanism's own
    events, none is."""
    for told in row.get("unmoved", [row["measure"]]):
        low, high = ends(told, row, FEWER, *row["off"])
        assert low == high
        assert (low > 0) is not row.get("own_event", False), low


def test_the_table_has_every_system_once() -> None:
    assert [row["number"] for row in ROWS] == list(range(1, 37))
    excluded = [row["number"] for row in ROWS if "excluded" in row]
    assert excluded == [36]


@pytest.mark.parametrize("row", MODELLED, ids=named)
def test_a_row_names_what_is_there(row: dict[str, Any]) -> None:
    keys = {p.key for p in parameters(load([]))}
    assert row["key"] in keys
    assert WORDS <= {*row} <= WORDS | {"own_event", "unmoved", "otherwise"}
    assert bool(row["off"]) or "unmoved" in row
    for name in row["files"]:
        assert (ROOT / "sim" / "agents" / name).is_file(), name
    assert re.fullmatch(r"S[0-4]( S[0-4])*", row["articles"])
    assert row["record"].endswith(".")
