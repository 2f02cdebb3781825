"""Direction: what must hold of the ladder on any journal.

More harm, no lower rung; fewer events, no higher state; a day's order, no difference.
"""

from __future__ import annotations

from datetime import date
from itertools import pairwise
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sim import ladder
from sim.events import Event, Journal, Kind, Side
from sim.ladder import Rung

START = date(2019, 5, 1)
COUNTED = (
    "coalition_killed",
    "coalition_wounded",
    "iraqi_killed",
    "iraqi_wounded",
    "civilian_killed",
    "civilian_wounded",
    "fired",
)
KINDS = (
    Kind.ROCKET_ATTACK,
    Kind.ROCKET_ATTACK,
    Kind.CONVOY_ATTACK,
    Kind.FOILED_ATTACK,
    Kind.AIRSTRIKE,
    Kind.LEADERSHIP_STRIKE,
    Kind.EMBASSY_STORMING,
    Kind.STATE_MISSILE_STRIKE,
    Kind.THREAT,
    Kind.REPORT,
)
maybe_count = st.none() | st.integers(0, 12)
DAYS = 120


def bounds(ends: tuple[int, int, bool]) -> tuple[int, int | None]:
    low, more, is_open = ends
    return low, None if is_open else low + more


a_range = st.tuples(st.integers(0, 12), st.integers(0, 12), st.booleans()).map(bounds)


@st.composite
def events(draw: st.DrawFn, days: int = DAYS) -> Event:
    fields: dict[str, Any] = {
        "id": str(draw(st.integers(0, 10**9))),
        "time": draw(st.integers(-10, days - 1)) + draw(st.sampled_from([0.0, 0.25, 0.5, 0.75])),
        "kind": draw(st.sampled_from(KINDS)),
        "side": draw(st.sampled_from([None, Side.US, Side.MILITIA, Side.UNATTRIBUTED])),
        "region": draw(st.sampled_from([None, "Baghdad", "Erbil", "Anbar"])),
        "site_class": draw(st.sampled_from([None, "embassy_zone", "airport"])),
        "weapon_class": draw(st.sampled_from([None, "rocket", "mortar", "rocket_or_mortar"])),
        "precision": draw(st.sampled_from([None, "day", "week", "month"])),
        "entry": draw(st.sampled_from([None, True, False])),
        "inside_compound": draw(st.sampled_from([None, None, True, False])),
        **{name: draw(maybe_count) for name in COUNTED},
        "ranges": draw(st.none() | st.dictionaries(st.sampled_from(COUNTED), a_range)),
    }
    return Event(**fields)


quick = settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def distinct(found: list[Event]) -> list[Event]:
    return [event.but(id=f"e{i}") for i, event in enumerate(found)]


histories = st.lists(events(), max_size=12).map(distinct)
first_weeks = st.lists(events(days=45), min_size=1, max_size=12).map(distinct)


def rate(found: list[Event]) -> list[Rung]:
    return ladder.rate(Journal(START, events=found))


def by_id(found: list[Event]) -> dict[str, Rung]:
    return {rung.event.id: rung for rung in rate(found)}


def harmed(event: Event, name: str, more: int) -> Event:
    """The event with `more` of one count at every end; a blank becomes `more`."""
    ranges: dict[str, Any] = dict(event.ranges or {})
    low, high = ranges.get(name, (0, 0))
    if name in ranges:
        ranges[name] = (low + more, None if high is None else high + more)
    best = getattr(event, name)
    value = (low if best is None else best) + more
    changes: dict[str, Any] = {name: value, "ranges": ranges or None}
    return event.but(**changes)


@quick
@given(histories, st.sampled_from(COUNTED), st.integers(0, 12), st.data())
def test_more_harm_never_lowers_a_rung(
    found: list[Event], name: str, more: int, data: st.DataObject
) -> None:
    hit = data.draw(st.sets(st.sampled_from(range(len(found))))) if found else set()
    worse = [harmed(e, name, more) if i in hit else e for i, e in enumerate(found)]
    before, after = by_id(found), by_id(worse)
    for identity, rung in before.items():
        now = after[identity]
        assert now.low >= rung.low
        assert now.rung >= rung.rung
        assert now.high >= rung.high


@quick
@given(histories)
def test_the_interval_holds_the_rung(found: list[Event]) -> None:
    for rung in rate(found):
        assert 0 <= rung.low <= rung.rung <= rung.high <= 10


@quick
@given(histories)
def test_a_blank_never_raises_a_rung(found: list[Event]) -> None:
    """Blanking every count, flag and class of one event leaves it no higher."""
    blank: dict[str, Any] = dict.fromkeys((*COUNTED, "inside_compound", "entry", "ranges"))
    before = by_id(found)
    for i, event in enumerate(found):
        now = by_id([*found[:i], event.but(**blank), *found[i + 1 :]]).get(event.id)
        assert now is None or event.id not in before or now.rung <= before[event.id].rung


@quick
@given(histories, st.sampled_from(COUNTED), st.integers(1, 12))
def test_what_a_blank_could_raise_is_flagged(found: list[Event], name: str, more: int) -> None:
    before = by_id(found)
    for i, event in enumerate(found):
        rocket = event.kind is Kind.ROCKET_ATTACK
        stated = getattr(event, name) is not None or name in (event.ranges or {})
        if event.id not in before or stated or not (rocket or name != "fired"):
            continue
        changes: dict[str, Any] = {name: more}
        filled = by_id([*found[:i], event.but(**changes), *found[i + 1 :]])[event.id]
        assert filled.rung == before[event.id].rung or before[event.id].unknown


@quick
@given(histories, st.randoms(use_true_random=False))
def test_order_within_a_day_never_matters(found: list[Event], random: Any) -> None:
    """Neither the hour of an event nor its place on the journal changes its rung."""
    hours = [0.0, 0.25, 0.5, 0.75]
    moved = [e.but(time=e.time // 1 + random.choice(hours)) for e in found]
    random.shuffle(moved)
    before, after = by_id(found), by_id(moved)
    told = {key: (r.rung, r.low, r.high, r.unknown) for key, r in before.items()}
    assert {key: (r.rung, r.low, r.high, r.unknown) for key, r in after.items()} == told
    assert ladder.path(rate(moved), 0, DAYS) == ladder.path(rate(found), 0, DAYS)


@quick
@given(histories, st.integers(0, 60), st.integers(1, 90), st.sampled_from([7, 14, 30]))
def test_days_and_shares_add_up(found: list[Event], start: int, length: int, window: int) -> None:
    told = ladder.statistics(rate(found), start, start + length, window)
    assert sum(told.days_per_rung) == told.end - start
    assert told.sustained is not None or told.end == start + length
    assert abs(sum(told.shares) - 1) < 1e-12
    assert told.seven_to_eight <= told.strikes
    assert told.replies <= told.strikes
    assert told.eights_to_nine <= told.eights


@quick
@given(histories, st.sampled_from([1, 7, 14, 30]))
def test_a_path_is_the_state_of_every_day(found: list[Event], window: int) -> None:
    rungs = rate(found)
    steps = ladder.path(rungs, 0, DAYS, window)
    held = {int(step.time): step.rung for step in steps}
    now = 0
    for day in range(DAYS):
        now = held.get(day, now)
        assert now == ladder.state(rungs, day, window)
    assert all(a.rung != b.rung for a, b in pairwise(steps))


@quick
@given(histories, st.data())
def test_fewer_rungs_never_raise_the_state(found: list[Event], data: st.DataObject) -> None:
    rungs = rate(found)
    kept = [rung for rung in rungs if data.draw(st.booleans())]
    for day in range(-10, DAYS, 3):
        assert ladder.state(kept, day) <= ladder.state(rungs, day)


@quick
@given(first_weeks, st.data())
def test_fewer_events_never_raise_the_state(found: list[Event], data: st.DataObject) -> None:
    """Within a journal's first days; later a missing event can make another one novel."""
    kept = [event for event in found if data.draw(st.booleans())]
    more, fewer = rate(found), rate(kept)
    for day in range(-10, 60):
        assert ladder.state(fewer, day) <= ladder.state(more, day)


@quick
@given(histories)
def test_a_longer_window_never_lowers_the_state(found: list[Event]) -> None:
    rungs = rate(found)
    for day in range(0, DAYS, 3):
        weekly, usual, monthly = (ladder.state(rungs, day, window) for window in (7, 14, 30))
        assert weekly <= usual <= monthly


@quick
@given(histories)
def test_episodes_hold_every_event_of_rung_four(found: list[Event]) -> None:
    rungs = rate(found)
    runs = ladder.episodes(rungs)
    for before, after in pairwise(runs):
        assert after.start // 1 - before.end // 1 >= 7
    for rung in rungs:
        inside = [run for run in runs if run.start <= rung.event.time <= run.end]
        assert (not rung.dated) or rung.rung < 4 or len(inside) == 1
