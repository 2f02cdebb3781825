"""Common random numbers, mechanism by mechanism: one that is switched on, with no effect on
the others, adds its own events and leaves every other event as it was."""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

import pytest

from sim.campaign import simulate
from sim.events import Event, Journal, Kind
from sim.settings.compose import load
from sim.settings.sampling import Sampler

BASE = (
    "ablation=everything_optional",
    "militia.base_rate=0.2",
    "militia.excitation=0.3",
    "militia.drivers.threat.on=false",
    "casualties.coalition_deaths_small=0.05",
    "retaliation.needed=0.1",
    "retaliation.probability={killed: 1, wounded: 1, compound: 0.5, none: 0.1}",
    "retaliation.after_storming=0",
    "retaliation.protest_cost=0",
    "retaliation.strike.leadership_share=0.3",
    "timeline.marks.us_election.known_from=2019-05-01",
)
REPLICATIONS = 4


class Mechanism(NamedTuple):
    """What switches it on without effect, the kinds that are its own, what it stands on."""

    overrides: tuple[str, ...]
    adds: tuple[Kind, ...]
    upon: tuple[str, ...] = ()


THREATS = ("threats.on=true", "threats.warning_probability=1", "threats.deadline_days=10")
CLAIMS = ("claims.on=true", "claims.false_rate=0.1")
FOUND = (Kind.FOILED_ATTACK, Kind.REPORT)
MECHANISMS: dict[str, Mechanism] = {
    "threats": Mechanism(THREATS, (Kind.THREAT, Kind.THREAT_LAPSED)),
    "drawdown": Mechanism(
        ("drawdown.on=true", "drawdown.credit=0", "drawdown.leaving=0", "drawdown.staff_share=0"),
        (Kind.POSTURE_CHANGE,),
    ),
    "leaving under fire": Mechanism(
        ("drawdown.under_fire.on=true", "drawdown.under_fire.days=0"),
        (),
        ("drawdown.on=true", "drawdown.notice_days=20"),
    ),
    "the patron's word and missiles": Mechanism(
        ("patron.on=true", "patron.stance=-1", "patron.missiles.probability=1"),
        (Kind.PATRON_SIGNAL, Kind.DECISION, Kind.STATE_MISSILE_STRIKE, Kind.ENGAGEMENT),
    ),
    "government": Mechanism(
        (
            "government.on=true",
            "government.capacity=1",
            "government.arrests.fear=0",
            "government.arrests.rate=0.05",
        ),
        (*(Kind.ARREST, Kind.RELEASE, Kind.INTIMIDATION, Kind.PROTEST), *FOUND),
    ),
    "truce": Mechanism(
        ("truce.on=true", "truce.offer_rate=0.5", "militia.truce.factor=1"),
        (Kind.TRUCE, Kind.TRUCE_BREAK),
    ),
    "striker": Mechanism(
        ("striker.on=true", "striker.rate=0.05", "militia.drivers.depot_blast_strength=0"),
        (Kind.DEPOT_BLAST, Kind.REPORT),
        ("militia.drivers.backlash.on=false", "~timeline.marks.depot_blasts_anniversary"),
    ),
    "storming": Mechanism(
        ("storming.on=true", "storming.probability=1", "storming.killed=0"),
        (Kind.EMBASSY_STORMING,),
    ),
    "claims": Mechanism(CLAIMS, (Kind.CLAIM,)),
    "rhetoric": Mechanism(
        ("rhetoric.on=true", "rhetoric.rate=0.1", "rhetoric.ultimatum_share=0.5"),
        (Kind.STATEMENT, Kind.THREAT),
    ),
    "sanctions": Mechanism(("sanctions.on=true", "sanctions.rate=0.02"), (Kind.DESIGNATION,)),
    "false alarms": Mechanism(
        ("air_defence.false_alarms=0.05", "air_defence.complacency=0"), (Kind.SIREN,)
    ),
    "officials": Mechanism(
        ("observers.officials.on=true", "observers.officials.share=1"),
        (Kind.REPORT, Kind.CORRECTION),
        ("observers.revisions.on=true",),
    ),
    "channels": Mechanism(("observers.channels.on=true",), (Kind.REPORT,), CLAIMS),
    "signals": Mechanism(
        ("militia.signals.on=true", "militia.signals.heavy=0", "militia.signals.erbil=0"), ()
    ),
    "belief": Mechanism(
        ("militia.belief.on=true", "militia.belief.caution=0", "militia.belief.red_line=0"),
        (),
        THREATS,
    ),
    "stock": Mechanism(
        (
            "militia.stock.on=true",
            "militia.stock.start=100000",
            "militia.stock.scarce=0",
            "militia.stock.strike_loss=0",
        ),
        (Kind.RESUPPLY,),
        ("patron.on=true", "patron.resupply_rate=0.05"),
    ),
    "substitution": Mechanism(("convoys.substitution.on=true", "convoys.substitution.size=0"), ()),
    **{
        f"driver {name}": Mechanism(
            (f"militia.drivers.{name}.on=true", f"militia.drivers.{name}.size=0"), (), upon
        )
        for name, upon in {
            "reply": ("striker.on=true", "militia.drivers.backlash.on=false"),
            "patron": ("patron.on=true", "patron.stance=-1"),
            "arrest": ("government.on=true",),
            "withdrawal": ("drawdown.on=true",),
            "designation": ("sanctions.on=true",),
            "rhetoric": ("rhetoric.on=true",),
            "denial": (),
        }.items()
    },
}


@cache
def journals(*overrides: str) -> list[Journal]:
    sampler = Sampler(load(overrides))
    return [simulate(sampler, 31, r) for r in range(REPLICATIONS)]


@pytest.mark.parametrize("name", MECHANISMS)
def test_a_mechanism_leaves_the_draws_of_all_others_untouched(name: str) -> None:
    overrides, adds, upon = MECHANISMS[name]
    added: set[Kind] = set()
    for without, with_it in zip(
        journals(*BASE, *upon), journals(*BASE, *upon, *overrides), strict=True
    ):
        known = {event.id for event in without}
        kept = [event for event in with_it if event.id in known]
        assert sorted(kept, key=_place) == sorted(without, key=_place)
        added |= {event.kind for event in with_it if event.id not in known}
    assert added == set(adds)


def _place(event: Event) -> tuple[float, str]:
    """By time; what two agents post at one instant may come in either order."""
    return event.time, event.id


def test_every_agent_that_can_be_left_out_has_its_turn() -> None:
    """The optional sections of a scenario are all among the mechanisms."""
    switched = {word.partition(".on=")[0] for m in MECHANISMS.values() for word in m.overrides}
    off = load(["ablation=everything_optional"]).model_dump()
    optional = {name for name, section in off.items() if _is_off(section)}
    assert optional <= switched
    assert len(optional) == 10


def _is_off(section: object) -> bool:
    return isinstance(section, dict) and section.get("on") is False
