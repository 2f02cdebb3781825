"""Every choice of the catalogue is felt: in its first forty days, or, where it acts only later,
over the days that it changes."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from functools import cache
from math import inf
from typing import Any, NamedTuple

import pytest
import yaml

from sim.campaign import simulate
from sim.clock import to_days
from sim.events import Event
from sim.settings.compose import load
from sim.settings.files import APART, config_dir
from sim.settings.sampling import Sampler

BUSY = ("militia.base_rate=1",)
SHORT = "scenario.end=2019-06-10"
TRIES = 20
"""Replications in which a choice may show itself; most do in the first."""


class Later(NamedTuple):
    """A window, the first day on which a choice differs from history, what else is set, and the
    days within which it shows."""

    start: str
    end: str
    day: str
    given: tuple[str, ...] = ()
    within: float = 1.0

    @property
    def words(self) -> tuple[str, ...]:
        return (*BUSY, f"scenario.start={self.start}", f"scenario.end={self.end}", *self.given)


TEN_DAYS = ("drawdown.notice_days=10",)
OFFERED = ("truce.offer_rate=1", "truce.election_days=15", "threats=none", "patron=none")
UNARMED = tuple(f"sites.places.{site}.weight=0" for site in ("taji", "al_asad", "erbil"))
"""The sites whose guns stand before the start in that case."""
LATER = {
    "air_defence/early": Later("2019-06-24", "2019-07-14", "2019-07-04", UNARMED),
    "air_defence/late": Later("2020-04-03", "2020-04-15", "2020-04-08"),
    "ablation/no_guns": Later("2020-04-03", "2020-06-01", "2020-04-08", within=30.0),
    "sites/consolidation_early": Later("2019-09-01", "2019-09-25", "2019-09-07", TEN_DAYS),
    "sites/consolidation_late": Later("2020-03-01", "2020-04-05", "2020-03-07", TEN_DAYS),
    "drawdown/digs_in": Later("2020-03-01", "2020-04-05", "2020-03-07", TEN_DAYS, 28.0),
    "drawdown/hastens": Later("2020-03-01", "2020-04-05", "2020-03-07", TEN_DAYS, 28.0),
    "threats/closure_early": Later("2020-01-15", "2020-01-25", "2020-01-20"),
    "threats/closure_on_its_date": Later("2020-09-15", "2020-09-25", "2020-09-20"),
    "threats/closure_late": Later("2020-11-15", "2020-11-25", "2020-11-20"),
    "timeline/no_dialogue": Later("2020-04-01", "2020-04-15", "2020-04-07"),
    "truce/none": Later("2020-10-14", "2020-11-03", "2020-10-19", OFFERED, 14.0),
    "truce/unbroken": Later("2020-10-14", "2020-11-03", "2020-10-19", OFFERED, 14.0),
    "ablation/no_truce": Later("2020-10-14", "2020-11-03", "2020-10-19", OFFERED, 14.0),
}
"""What acts only from a date on."""
ALWAYS = "retaliation.probability={killed: 1, wounded: 1, compound: 1, none: 1}"
STORMED = (*BUSY, ALWAYS, "storming.probability=1", "storming.killed=0")
WAITING = {
    "ablation/no_storming": STORMED,
    "storming/none": STORMED,
    "retaliation/no_leaders": STORMED,
}
"""What acts only once something has happened, and what makes it happen soon."""
STRUCK = (ALWAYS, "retaliation.needed=0", "retaliation.strike.leadership_share=1")
GUARDED = "air_defence.batteries.taji_guns.fielded=null"
CLOSING = "sites.places.taji.closed=2019-05-25"
USED = {
    "ablation/no_belief": ("casualties.coalition_deaths_small=0.3", "militia.belief.caution=3"),
    "ablation/no_stock": ("militia.stock.start=60",),
    "ablation/no_denial": (),
    "ablation/no_substitution": (GUARDED, "convoys.substitution.size=1"),
    "ablation/no_under_fire": (CLOSING, *TEN_DAYS),
    "ablation/no_missiles": (*STRUCK, "patron.missiles.probability=1"),
    "ablation/no_protests": (*STRUCK, "government.protests.probability=1"),
    "ablation/no_intimidation": ("government.arrests.intimidation_probability=1",),
}
"""What is off by default, or rare, and what has it act soon where everything is on."""
CHOSEN = {
    f"{group}/{name}"
    for entry in yaml.safe_load((config_dir() / "config.yaml").read_text("utf-8"))["defaults"]
    if isinstance(entry, dict)
    for group, name in entry.items()
}
OTHERS = sorted(
    name
    for path in config_dir().glob("*/*.yaml")
    if not path.stem.startswith("_") and path.parent.name not in {*APART, "executor", "scenario"}
    if (name := f"{path.parent.name}/{path.stem}") not in CHOSEN
)
"""Every choice that is not the root file's own; an executor changes no number."""


def test_what_is_listed_is_there() -> None:
    assert {*LATER, *WAITING, *USED} <= {*OTHERS}


@cache
def sampler(words: tuple[str, ...]) -> Sampler:
    return Sampler(load(words))


@cache
def history(words: tuple[str, ...], replication: int) -> list[Event]:
    """What happened, whatever the source of what was given."""
    return [event.but(sources=None) for event in simulate(sampler(words), 3, replication)]


def chosen(name: str, words: tuple[str, ...], replication: int) -> list[Event]:
    group, _, choice = name.partition("/")
    return history((f"{group}={choice}", *words), replication)


@pytest.mark.parametrize("name", [name for name in OTHERS if name not in {*LATER, *USED}])
def test_a_choice_is_felt(name: str) -> None:
    words = (*WAITING.get(name, ()), SHORT)
    assert any(chosen(name, words, r) != history(words, r) for r in range(TRIES))


def switches(tree: dict[str, Any], above: str = "") -> Iterator[str]:
    """The keys of a file with their values, as overrides."""
    for key, value in tree.items():
        if isinstance(value, dict):
            yield from switches(value, f"{above}{key}.")
        else:
            yield f"{above}{key}={value}"


@pytest.mark.parametrize("name", USED)
def test_what_is_off_or_rare_is_felt_where_it_is_on(name: str) -> None:
    """The keys of its file, set beside all mechanisms switched on."""
    text = (config_dir() / f"{name}.yaml").read_text("utf-8")
    on = (*BUSY, SHORT, "ablation=nothing_off", *USED[name])
    off = (*on, *switches(yaml.safe_load(text)))
    assert any(history(off, r) != history(on, r) for r in range(TRIES))


def parted(one: list[Event], two: list[Event]) -> float:
    """When two histories first differ (days)."""
    for a, b in zip(one, two, strict=False):
        if a != b:
            return min(a.time, b.time)
    rest = one[len(two) :] or two[len(one) :]
    return rest[0].time if rest else inf


@pytest.mark.parametrize("name", LATER)
def test_a_choice_that_acts_later_is_felt_from_its_day_on(name: str) -> None:
    """Not before it in any replication, and soon after it in some."""
    later = LATER[name]
    first = to_days(date.fromisoformat(later.day), date.fromisoformat(later.start))
    days = []
    for replication in range(3):
        one, two = chosen(name, later.words, replication), history(later.words, replication)
        assert one[0].time < first
        days.append(parted(one, two))
    assert first <= min(days) < first + later.within
