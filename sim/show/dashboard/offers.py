"""What a user can choose: the policies and cases of the catalogue, the main levers."""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

from sim.settings.catalogue import about
from sim.settings.compose import load
from sim.settings.describe import Parameter, parameters
from sim.settings.files import groups

FIRST = {
    "scenario": "Scenario",
    "retaliation": "US retaliation",
    "threats": "US threats",
    "air_defence": "Air defence",
    "patron": "The patron",
    "government": "The Iraqi government",
    "drawdown": "Drawdown",
}
"""The groups that every form shows."""
FURTHER = {
    "truce": "Truces",
    "militia": "The militia",
    "convoys": "Convoy attacks",
    "timeline": "Given dates",
    "sites": "Sites",
    "attribution": "Attribution",
    "observers": "Observers",
    "claims": "Claims",
    "rhetoric": "Rhetoric",
    "sanctions": "Sanctions",
    "storming": "The embassy's storming",
    "striker": "Depot blasts",
    "ablation": "A mechanism switched off",
}
"""The groups that it shows on demand."""
BRANCHED = tuple(name for name in {**FIRST, **FURTHER} if name not in ("scenario", "ablation"))
"""The groups whose choices can be laid side by side."""
LEVERS = {
    "militia.base_rate": "Attacks that nothing triggers",
    "militia.excitation": "Attacks that one attack triggers",
    "militia.decay_days": "How long it triggers them",
    "militia.restraint": "Restraint in aiming",
    "militia.drivers.deterrence.size": "Deterrence: what a strike does at once",
    "militia.drivers.backlash.size": "Backlash: what a strike does at once",
    "casualties.coalition_deaths_small": "Coalition dead per round that gets through",
    "air_defence.engage_share": "Engaged rounds that are stopped",
    "retaliation.needed": "Confidence that a US strike needs",
    "retaliation.strike.lag_median_days": "From decision to strike",
    "patron.stance": "The patron's stance",
    "government.capacity": "Reach of the Iraqi state",
}
"""The quantities that a form offers by name; any other is set by its key."""
LONGEST = 110


class Choice(NamedTuple):
    """One choice of a group: its name, and what the head of its file says."""

    name: str
    about: str


@lru_cache(maxsize=64)
def choices(group: str) -> tuple[Choice, ...]:
    """The shipped choices of a group."""
    return tuple(Choice(name, _short(about(group, name))) for name in groups().get(group, []))


@lru_cache(maxsize=1)
def usual() -> dict[str, str]:
    """What each group is where nobody chooses, by the table of contents."""
    import yaml

    from sim.settings.files import config_dir

    told = yaml.safe_load((config_dir() / "config.yaml").read_text(encoding="utf-8"))["defaults"]
    return {
        group: name for entry in told if isinstance(entry, dict) for group, name in entry.items()
    }


@lru_cache(maxsize=1)
def levers() -> tuple[Parameter, ...]:
    """The main levers, with their units, limits and sources."""
    found = {p.key: p for p in parameters(load([]))}
    return tuple(found[key] for key in LEVERS)


def _short(text: str) -> str:
    first = text.partition(". ")[0].rstrip(".")
    return first if len(first) <= LONGEST else first[: LONGEST - 1] + "…"
