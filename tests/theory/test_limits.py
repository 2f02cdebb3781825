"""Theory: the extreme cases, where what must happen needs no statistics at all."""

from __future__ import annotations

from functools import lru_cache

import pytest

from sim.campaign import simulate
from sim.events import Event, Journal, Kind, Origin, Side
from sim.settings.compose import load
from sim.settings.sampling import Sampler

SITES = tuple(load().sites.places)
CELLS = tuple(load().militia.cells)
GENERATED = (Kind.LAUNCH, Kind.ROCKET_ATTACK, Kind.FOILED_ATTACK, Kind.CONVOY_ATTACK)
STRIKES = (Kind.AIRSTRIKE, Kind.LEADERSHIP_STRIKE)

HALF_YEAR = "scenario.end=2019-11-01"
BUSY = ("militia.base_rate=1", "militia.excitation=0.3")
DEADLY = (
    "casualties.coalition_deaths_small=0.3",
    "casualties.coalition_deaths_large=0.3",
    "militia.restraint=0",
)
NO_BATTERY = ("air_defence=none",)
SURE = ("retaliation.needed=0",)


@lru_cache(maxsize=2)
def journals(replications: int, *overrides: str) -> list[Journal]:
    sampler = Sampler(load(overrides))
    return [simulate(sampler, 7, replication) for replication in range(replications)]


def every(replications: int, *overrides: str) -> list[Event]:
    return [event for journal in journals(replications, *overrides) for event in journal]


def rocket_attacks(replications: int, *overrides: str) -> list[Event]:
    events = every(replications, *overrides)
    return [event for event in events if event.kind is Kind.ROCKET_ATTACK]


def test_zero_rates_and_nothing_happens() -> None:
    for journal in journals(10, "ablation=everything_optional", "militia=quiet", "convoys=none"):
        assert {event.origin for event in journal} == {Origin.TIMELINE}
        given = {Kind.CALENDAR_MARK, Kind.POSTURE_CHANGE, Kind.SITE_CLOSED, Kind.DEFENCE_FIELDED}
        assert {event.kind for event in journal} == given


def test_without_a_timeline_sites_or_batteries_that_change_the_journal_is_empty() -> None:
    opened = [f"++sites.places.{site}.closed=null" for site in SITES]
    calm = (
        "ablation=everything_optional",
        "militia=quiet",
        "convoys=none",
        "timeline=none",
        *NO_BATTERY,
        *opened,
    )
    assert [len(journal) for journal in journals(3, *calm)] == [0, 0, 0]


def test_perfect_defence_lets_nothing_through() -> None:
    guns = [
        f"+air_defence.batteries.guns_{site}="
        f"{{site: {site}, against: rockets, fielded: null, source: test}}"
        for site in SITES
    ]
    perfect = (
        "air_defence.engage_share=1",
        "air_defence.readiness=1",
        "air_defence.channels=50",
        "air_defence.service_seconds=0.01",
        "air_defence.flight_seconds=60",
        "air_defence.magazine=100000",
    )
    attacks = rocket_attacks(5, HALF_YEAR, *BUSY, *DEADLY, *NO_BATTERY, *guns, *perfect)
    assert len(attacks) > 500
    assert all(a.impacted == 0 and a.intercepted == a.fired - a.failed for a in attacks)
    assert not any(a.coalition_killed or a.coalition_wounded for a in attacks)
    assert not any(a.iraqi_killed or a.civilian_killed or a.inside_compound for a in attacks)


def test_without_intent_every_attack_is_harassment() -> None:
    blows = ("striker.rate=0.2", "militia.drivers.reply.size=3", "militia.drivers.reply.cap=5")
    found = {
        e.intent for e in every(3, HALF_YEAR, *blows, "ablation=no_intent") if e.kind is Kind.LAUNCH
    }
    assert found == {"harass"}


@pytest.mark.parametrize(("policy", "strikes"), [("threat_only", False), ("graduated", True)])
def test_without_threats_no_policy_warns(policy: str, strikes: bool) -> None:
    """Who only warns then does nothing; who warns first strikes at once."""
    config = (HALF_YEAR, *BUSY, *DEADLY, *SURE, f"retaliation={policy}", "timeline=none")
    warned = every(5, *config, "threats=historical")
    assert any(e.side is Side.US and e.kind is Kind.THREAT for e in warned)
    for off in ("threats=none", "ablation=no_threats"):
        events = every(5, *config, off)
        assert not any(e.side is Side.US and e.kind is Kind.THREAT for e in events)
        decisions = [e for e in events if e.side is Side.US and e.kind is Kind.DECISION]
        assert bool(decisions) is strikes
        assert not any(decision.subtype == "warning" for decision in decisions)


@pytest.mark.parametrize("off", ["government=none", "ablation=no_government"])
def test_without_a_host_state_nothing_is_found(off: str) -> None:
    events = every(5, HALF_YEAR, *BUSY, "militia.foiled_ratio=2", off)
    assert any(event.kind is Kind.LAUNCH for event in events)
    assert not any(event.kind is Kind.FOILED_ATTACK for event in events)


def test_a_policy_of_never_never_strikes() -> None:
    events = every(5, HALF_YEAR, *BUSY, *DEADLY, "retaliation=never")
    assert any(event.coalition_killed for event in events)
    assert not any(event.side is Side.US and event.kind is Kind.DECISION for event in events)
    assert not any(event.kind in STRIKES for event in events)


def test_a_policy_of_always_leaves_no_attack_unanswered() -> None:
    """Each attack is decided upon at once, or a strike for an earlier one is on its way."""
    always = [f"retaliation.probability.{harm}=1" for harm in ("killed", "wounded", "compound")]
    calm = ("ablation=everything_optional", HALF_YEAR, *BUSY, *SURE, *NO_BATTERY)
    config = (*calm, *always, "retaliation.probability.none=1")
    for journal in journals(5, *config):
        pending, answered = False, 0
        decided = {event.cause for event in journal.where(Kind.DECISION)}
        for event in journal:
            if event.kind is Kind.ROCKET_ATTACK:
                assert (event.id in decided) is not pending
                answered += event.id in decided
            elif event.kind is Kind.DECISION:
                pending = True
            elif event.kind in STRIKES:
                pending = False
        assert answered > 5


def test_a_death_is_always_answered_and_nothing_else_is() -> None:
    alone = "ablation=everything_optional"  # the patron has decisions of its own
    config = (alone, HALF_YEAR, *BUSY, *DEADLY, *SURE, "retaliation=on_coalition_death")
    for journal in journals(5, *config):
        by_id = {event.id: event for event in journal}
        decisions = journal.where(Kind.DECISION)
        assert decisions
        for decision in decisions:
            assert by_id[decision.cause].coalition_killed > 0
        deaths = [e for e in journal if e.kind in GENERATED and e.coalition_killed]
        assert decisions[0].cause == deaths[0].id


@pytest.mark.parametrize("kinds", [(Kind.ROCKET_ATTACK,), (Kind.CONVOY_ATTACK,)])
def test_without_fronts_nobody_claims(kinds: tuple[Kind, ...]) -> None:
    config = [f"militia.cells.{cell}.front_share=0" for cell in CELLS]
    events = every(5, HALF_YEAR, "militia.base_rate=1", "convoys.claimed_share=0", *config)
    brands = [event.brand for event in events if event.kind in kinds]
    assert len(brands) > 50
    assert set(brands) == {"nobody"}


def test_closed_sites_are_never_hit() -> None:
    """With the handovers of the record: each site is hit while open and never after."""
    before, after = 0, 0
    for journal in journals(8, "militia.base_rate=1"):
        closed = {e.site: e.time for e in journal.where(Kind.SITE_CLOSED)}
        assert len(closed) == 7
        for attack in journal.where(Kind.LAUNCH, Kind.FOILED_ATTACK):
            before += attack.time < closed.get(attack.site, 0.0)
            after += attack.time >= closed.get(attack.site, 1e9)
    assert before > 100
    assert after == 0


@pytest.mark.parametrize(
    ("day", "last"), [("2019-01-01", 0), ("2019-05-01", 0), ("2019-07-01", 61)]
)
def test_nothing_is_attacked_once_every_site_is_closed(day: str, last: int) -> None:
    closed = [f"++sites.places.{site}.closed={day}" for site in SITES]
    events = every(5, HALF_YEAR, *BUSY, "convoys=none", *NO_BATTERY, *closed)
    times = [event.time for event in events if event.kind in GENERATED]
    assert len(times) > 100 if last else not times
    assert all(time < last for time in times)


EMBASSY_CLOSED = "sites.places.embassy.closed=2019-08-01"


def test_finds_take_no_more_than_the_rounds_at_hand() -> None:
    """Nobody brings any and no depot blows up: all that is fired or found comes out of sixty."""
    stock = ("militia.stock.on=true", "militia.stock.start=60", "militia.stock.strike_loss=0")
    busy = (*BUSY, "militia.foiled_ratio=2", "militia.salvo.large_share=0.5", "patron=none")
    found = 0
    for journal in journals(8, HALF_YEAR, *busy, *stock, "government.capacity=1"):
        left = 60
        for event in journal.where(Kind.ROCKET_ATTACK, Kind.FOILED_ATTACK):
            foiled = event.kind is Kind.FOILED_ATTACK
            assert left >= event.unfired + event.fired
            left -= event.unfired if foiled else event.fired
            found += foiled
    assert found > 8


def test_a_site_that_is_closed_already_is_not_handed_over() -> None:
    """A defied threat has closed the embassy: its own closing is neither announced nor made."""
    busy = ("militia.base_rate=1", "threats.deadline_days=7", "threats.closure.execution=1")
    early = 0
    for journal in journals(8, HALF_YEAR, *busy, EMBASSY_CLOSED, "drawdown.notice_days=10"):
        (closed,) = [e for e in journal.where(Kind.SITE_CLOSED) if e.site == "embassy"]
        notices = [e for e in journal.where(Kind.POSTURE_CHANGE) if e.id.startswith("T:embassy")]
        assert all(notice.time < closed.time for notice in notices)
        early += not notices
    assert early > 0


def test_no_embassy_no_threat_to_close_it() -> None:
    threat = ("threats=closure_on_its_date", "threats.closure.day=2019-09-01")
    for closed, threatened in (("null", True), ("2019-08-01", False)):
        events = every(3, HALF_YEAR, *threat, f"sites.places.embassy.closed={closed}")
        made = [e for e in events if e.kind is Kind.THREAT and e.subtype == "closure"]
        assert bool(made) is threatened


def test_no_siren_sounds_at_a_site_that_is_not_open_yet() -> None:
    sirens = ("air_defence.sirens=[erbil]", "air_defence.false_alarms=0.5")
    opened = "sites.places.erbil.opened=2019-08-01"
    times = [e.time for e in every(3, HALF_YEAR, *sirens, opened) if e.kind is Kind.SIREN]
    assert times
    assert min(times) >= 92.0


def test_a_handover_that_fire_hastens_is_known_when_it_happens() -> None:
    hastened = 0
    for event in every(8, "militia.base_rate=0.5", "drawdown=hastens"):
        if event.kind is Kind.SITE_CLOSED:
            assert event.known_from <= event.time
            hastened += event.time % 1.0 > 0.0
    assert hastened > 0


def test_rounds_are_conserved_in_every_attack() -> None:
    attacks = rocket_attacks(15, "militia.base_rate=0.5")
    assert len(attacks) > 3000
    for a in attacks:
        assert a.fired == a.failed + a.intercepted + a.impacted
        assert min(a.unfired, a.failed, a.intercepted, a.impacted) >= 0
        assert a.fired >= 1
        assert a.unfired + a.fired <= 60
    assert any(a.intercepted for a in attacks)
    assert any(a.unfired and a.failed and a.impacted for a in attacks)


def test_an_attack_keeps_what_its_launch_said() -> None:
    for journal in journals(10, HALF_YEAR, "militia.base_rate=1"):
        launches = {launch.id: launch for launch in journal.where(Kind.LAUNCH)}
        attacks = journal.where(Kind.ROCKET_ATTACK)
        assert len(launches) - len(attacks) in (0, 1)  # the last may still be in the air
        for attack in attacks:
            launch = launches[attack.cause]
            said = ("fired", "unfired", "failed", "site", "brand", "actor", "intent", "region")
            assert all(getattr(attack, name) == getattr(launch, name) for name in said)


def test_nobody_is_hurt_where_nothing_came_down() -> None:
    attacks = rocket_attacks(10, HALF_YEAR, *BUSY, *DEADLY, "militia.salvo.idle_share=0.9")
    missed = [a for a in attacks if not a.impacted]
    assert missed
    harm = ("coalition", "iraqi", "civilian")
    for attack in missed:
        assert not any(
            getattr(attack, f"{group}_{h}") for group in harm for h in ("killed", "wounded")
        )
        assert attack.inside_compound is False


def test_every_cause_is_an_earlier_event_of_the_same_journal() -> None:
    for journal in journals(10, "militia.base_rate=0.5", "retaliation.probability.none=1"):
        known: set[str] = set()
        for event in journal:
            assert event.cause is None or event.cause in known
            assert event.id not in known
            known.add(event.id)
