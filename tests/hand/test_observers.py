"""Hand: what each source tells of an event, when, and what its record is in the end."""

from __future__ import annotations

from datetime import date
from functools import cache
from typing import Any

import pytest
import simpy

from sim.agents.accounts import short_count
from sim.agents.observers import Observers, hole_windows
from sim.events import Event, Journal, Kind, Origin, Side
from sim.reports import accounts, best_account, by_source, merely_claimed, reporting
from sim.settings.compose import load
from sim.settings.observers import Observers as ObserversSettings
from sim.settings.sampling import Sampler

START = date(2019, 5, 1)
U = tuple[float, ...]
SEEN = (
    "observers.rocket_detection=0.8",
    "observers.convoy_detection=0.6",
    "observers.foiled_detection=0.4",
    "observers.hole_detection=0.2",
    "observers.delay_median_hours=6",
    "observers.delay_sigma=0.5",
    "observers.holes=[2019-11]",
    "observers.revisions.factor=7",
    "observers.officials.share=0.5",
    "observers.officials.delay_median_hours=12",
    "observers.officials.final_median_days=3",
    "observers.officials.retracted_share=0.1",
    "observers.officials.denied_share=0.7",
    "observers.officials.accident_share=0.6",
)
WIRE_ONLY = ("observers.officials.on=false", "observers.channels.on=false")
MEDIAN = 0.5


class Injected:
    """Streams that always answer with the same uniforms, as many as there are."""

    def __init__(self, u: U) -> None:
        self.u = u

    def stream(self, name: str, width: int = 8) -> Injected:
        return self

    def __call__(self, entity: str, occurrence: int = 0) -> U:
        return self.u

    def row(self, entity: str, occurrence: int) -> U:
        return self.u


@cache
def settings(*more: str) -> ObserversSettings:
    drawn: Any = Sampler(load((*SEEN, *more))).draw(lambda key: 0.5)
    return drawn.observers


def observers(u: U, end: float = 611.0, *more: str) -> tuple[Observers, Journal]:
    journal, draws = Journal(START), Injected(u)
    return Observers(settings(*more), draws, journal, START, end), journal  # type: ignore[arg-type]


def told_of(event: Event, u: U, *more: str, end: float = 611.0) -> Journal:
    """The journal after one event that observers with these uniforms saw."""
    watcher, journal = observers(u, end, *more)
    env = simpy.Environment()
    journal.subscribe(watcher.reacts, watcher.react)
    watcher.start(env)

    def happen():  # type: ignore[no-untyped-def]
        yield env.timeout(event.time)
        journal.post(event)

    env.process(happen())
    env.run(until=end)
    journal.close()
    return journal


def attack(rounds: int | None, name: str = "R0.0.1") -> Event:
    return Event(
        id=name,
        time=2.0,
        kind=Kind.ROCKET_ATTACK,
        site="taji",
        site_class="training_base",
        fired=rounds,
        coalition_killed=1,
        coalition_wounded=4,
        civilian_killed=0,
        civilian_wounded=0,
    )


def uniforms(wire: float, officials: float, official: float, withdrawn: float = 0.99) -> U:
    """Seen at the median delay; the wire's shortfall, whether and how officials count."""
    return (0.1, MEDIAN, wire, officials, MEDIAN, official, MEDIAN, withdrawn)


# -- who notices, and when ---------------------------------------------------------------


@pytest.mark.parametrize(
    ("month", "first", "after"),
    [("2019-11", 184.0, 214.0), ("2019-12", 214.0, 245.0), ("2020-02", 276.0, 305.0)],
)
def test_a_hole_is_a_calendar_month(month: str, first: float, after: float) -> None:
    """December ends in January, and February 2020 has 29 days."""
    assert hole_windows((month,), START) == [(first, after)]


def test_holes_before_the_start_and_no_holes() -> None:
    assert hole_windows(("2019-03",), START) == [(-61.0, -30.0)]
    assert hole_windows((), START) == []


@pytest.mark.parametrize(
    ("kind", "time", "probability"),
    [
        (Kind.ROCKET_ATTACK, 183.99, 0.8),
        (Kind.ROCKET_ATTACK, 184.0, 0.2),
        (Kind.ROCKET_ATTACK, 213.99, 0.2),
        (Kind.ROCKET_ATTACK, 214.0, 0.8),
        (Kind.CONVOY_ATTACK, 190.0, 0.6),
        (Kind.FOILED_ATTACK, 190.0, 0.4),
        (Kind.DEPOT_BLAST, 190.0, 1.0),
    ],
)
def test_one_detection_curve_by_month_and_kind(kind: Kind, time: float, probability: float) -> None:
    assert observers((0.5, 0.5))[0].detection(kind, time) == probability


@pytest.mark.parametrize(
    ("kind", "name", "bound"),
    [
        (Kind.ROCKET_ATTACK, "R0.0.1", 0.8),
        (Kind.CONVOY_ATTACK, "C0.0.1", 0.6),
        (Kind.FOILED_ATTACK, "FR0.0.1", 0.4),
    ],
)
def test_a_report_comes_after_its_delay_or_not_at_all(kind: Kind, name: str, bound: float) -> None:
    event = Event(id=name, time=2.0, kind=kind, site="taji", site_class="training_base")
    missed = told_of(event, (bound + 1e-9, *[0.5] * 7), *WIRE_ONLY)
    assert missed.where(Kind.REPORT) == []
    seen = told_of(event, (bound - 1e-9, *[0.5] * 7), *WIRE_ONLY)
    (report,) = seen.where(Kind.REPORT)
    assert report.stated() == {
        "id": f"P{name}",
        "time": 2.25,
        "kind": Kind.REPORT,
        "subtype": kind,
        "source": "wire",
        "site": "taji",
        "site_class": "training_base",
        "cause": name,
        "origin": Origin.SIMULATED,
    }


def test_a_report_due_after_the_end_is_never_printed() -> None:
    u = uniforms(0.0, 0.99, 0.0)
    assert told_of(attack(1), u, end=2.2).where(Kind.REPORT) == []
    assert len(told_of(attack(1), u, end=2.3).where(Kind.REPORT)) == 1


# -- counts that fall short, and are put right ---------------------------------------------


@pytest.mark.parametrize(
    ("rounds", "factor", "u", "count"),
    [
        (21, 7.0, 0.0, 21),  # nothing falls short
        (21, 7.0, 1.0, 3),  # by the whole factor
        (16, 4.0, 0.5, 8),  # by the root of it
        (2, 7.0, 0.9, 1),  # never to none
        (0, 7.0, 0.9, 0),
        (30, 1.0, 0.9, 30),  # revisions off
    ],
)
def test_a_count_falls_short_by_a_power_of_the_factor(
    rounds: int, factor: float, u: float, count: int
) -> None:
    assert short_count(rounds, factor, u) == count


def test_the_twentieth_of_december_is_told_three_times() -> None:
    """3, then 8, then 21: the wire, the officials, their last count."""
    journal = told_of(attack(21), uniforms(1.0 - 1e-9, 0.0, 0.5))
    (told,) = accounts(journal).values()
    assert told.counts == [3, 8, 21]
    assert [(r.source, r.time) for r in told.reports] == [("wire", 2.25), ("official", 2.75)]
    assert [(c.time, c.fired) for c in told.corrections] == [(5.75, 21)]
    assert reporting(journal)["rose_twice"] == 1
    assert reporting(journal)["conflicting"] == 1


def test_the_thirteenth_of_june_is_one_then_two() -> None:
    """The wire has a rocket after half an hour; an official says two, an hour after that."""
    at_half_past = "observers.officials.delay_median_hours=1"
    soon = "observers.delay_median_hours=0.5"
    journal = told_of(attack(2), uniforms(0.9, 0.0, 0.0), at_half_past, soon)
    assert reporting(journal)["one_then_two"] == 1
    later = told_of(attack(2), uniforms(0.9, 0.0, 0.0), soon)  # after twelve hours
    assert reporting(later)["one_then_two"] == 0


def test_counts_that_rise_once_or_too_little_are_not_that_pattern() -> None:
    once = told_of(attack(21), uniforms(1.0 - 1e-9, 0.0, 0.0))
    assert reporting(once)["rose_twice"] == 0
    little = told_of(attack(21), uniforms(0.35, 0.0, 0.2))
    (told,) = accounts(little).values()
    assert told.counts == [11, 14, 21]
    assert reporting(little)["rose_twice"] == 0


def test_the_best_account_is_the_last_that_stands_with_the_range_of_all() -> None:
    event = attack(21).but(failed=1, intercepted=0, impacted=20, unfired=0)
    told = accounts(told_of(event, uniforms(1.0 - 1e-9, 0.0, 0.5)))[event.id]
    best = best_account(event, told)
    assert (best.fired, best.bounds("fired"), best.impacted) == (21, (3, 21), 20)
    without = accounts(told_of(event, uniforms(1.0 - 1e-9, 0.99, 0.5)))[event.id]
    short = best_account(event, without)
    assert (short.fired, short.impacted, short.failed) == (3, None, None)  # unknown, not zero


def said(source: str, time: float, fired: int) -> Event:
    """A report of attack R0.0.1, as anybody might have written it."""
    told = {"subtype": Kind.ROCKET_ATTACK, "source": source, "fired": fired, "cause": "R0.0.1"}
    return Event(id=f"{source}:{time}", time=time, kind=Kind.REPORT, **told)  # type: ignore[arg-type]


def read(rounds: int, *reports: Event) -> tuple[Event, Journal]:
    """An attack, and the journal of what these reports tell of it."""
    made = attack(rounds)
    return made, Journal(START, None, [made, *reports])


def test_an_official_s_count_stands_against_a_wire_that_tells_later() -> None:
    made, journal = read(
        21, said("official", 2.1, 8), said("official", 2.2, 21), said("wire", 3, 3)
    )
    best = best_account(made, accounts(journal)[made.id])
    assert (best.fired, best.bounds("fired")) == (21, (3, 21))
    made, journal = read(21, said("wire", 2.1, 3), said("wire", 3, 8))
    assert best_account(made, accounts(journal)[made.id]).fired == 8  # the last, of wires alone


@pytest.mark.parametrize(
    ("first", "then", "times"), [("wire", "official", 1), ("official", "wire", 0)]
)
def test_both_recorded_sequences_begin_with_the_wire(first: str, then: str, times: int) -> None:
    hours = 1.0 / 24.0
    two = read(2, said(first, 2.0 + 1.1 * hours, 1), said(then, 2.0 + 1.5 * hours, 2))[1]
    assert reporting(two)["one_then_two"] == times
    many = read(21, said(first, 2.1, 3), said(then, 2.2, 8), said("official", 5.0, 21))[1]
    assert reporting(many)["rose_twice"] == times


@pytest.mark.parametrize(
    ("counts", "times"), [((2, 3, 5), 1), ((2, 3, 4), 0), ((3, 3, 8), 0), ((3, 8), 0)]
)
def test_a_count_rose_twice_where_three_rise_to_two_and_a_half_times_the_first(
    counts: tuple[int, ...], times: int
) -> None:
    sources = ("wire", "official", "official")
    told = [said(s, 2.1 + i, n) for i, (s, n) in enumerate(zip(sources, counts, strict=False))]
    assert reporting(read(21, *told)[1])["rose_twice"] == times


@pytest.mark.parametrize(("hours", "times"), [(0.9, 0), (1.1, 1), (1.9, 1), (2.1, 0)])
def test_one_then_two_is_confirmed_between_one_and_two_hours_after(
    hours: float, times: int
) -> None:
    told = said("wire", 2.02, 1), said("official", 2.0 + hours / 24.0, 2)
    assert reporting(read(2, *told)[1])["one_then_two"] == times
    wire = told[0], told[1].but(source="wire")
    assert reporting(read(2, *wire)[1])["one_then_two"] == 0


def test_counts_stand_in_the_order_of_their_telling() -> None:
    """Also where one source corrects itself before another speaks."""
    wire, official = said("wire", 2.1, 3), said("official", 3.0, 21)
    mended = Event(id="c", time=2.5, kind=Kind.CORRECTION, source="wire", fired=8, cause=wire.id)
    made, journal = read(21, wire, official, mended)
    assert accounts(journal)[made.id].counts == [3, 8, 21]
    assert reporting(journal)["rose_twice"] == 1


def test_what_an_official_withdraws_no_longer_counts() -> None:
    journal = told_of(attack(21), uniforms(1.0 - 1e-9, 0.0, 0.5, withdrawn=0.05))
    (told,) = accounts(journal).values()
    assert told.counts == [3]
    assert reporting(journal)["retracted"] == 1
    assert len(by_source(journal, "official")) == 0
    assert len(by_source(journal, "wire")) == 1


def test_officials_tell_the_harm_and_the_wire_does_not() -> None:
    journal = told_of(attack(21), uniforms(1.0 - 1e-9, 0.0, 0.5))
    (wire,), (official,) = by_source(journal, "wire"), by_source(journal, "official")
    assert (wire.kind, wire.fired, wire.coalition_killed) == (Kind.ROCKET_ATTACK, 3, None)
    assert (official.fired, official.coalition_killed, official.coalition_wounded) == (21, 1, 4)
    assert (wire.time, wire.known_from, official.known_from) == (2.0, 2.25, 2.75)


def test_of_rounds_that_were_found_the_wire_alone_tells_and_counts_none() -> None:
    found = attack(0).but(kind=Kind.FOILED_ATTACK, unfired=5)
    journal = told_of(found, uniforms(0.5, 0.0, 0.5, 0.0), "observers.officials.share=1")
    (wire,) = journal.where(Kind.REPORT, Kind.CORRECTION)
    assert (wire.source, wire.fired) == ("wire", None)


def test_who_counted_right_has_nothing_to_correct() -> None:
    assert told_of(attack(21), uniforms(0.5, 0.0, 0.0)).where(Kind.CORRECTION) == []
    (final,) = told_of(attack(21), uniforms(0.5, 0.0, 0.5)).where(Kind.CORRECTION)
    assert (final.fired, final.subtype) == (21, Kind.ROCKET_ATTACK)


def test_officials_speak_a_delay_of_their_own_after_the_first_report() -> None:
    """Of an attack and of a depot after the wire, of a claim after the channel that prints it."""
    for event, wire, official in ((attack(1), 2.25, 2.75), (BLAST, 4.25, 4.75), (CLAIM, 3.0, 3.5)):
        told = told_of(event, (MEDIAN,) * 8, "observers.officials.share=1").where(Kind.REPORT)
        assert [(report.source == "official", report.time) for report in told] == [
            (False, wire),
            (True, official),
        ]


# -- claims and blasts -------------------------------------------------------------------


CLAIM = Event(
    id="false_claim:1",
    time=3.0,
    kind=Kind.CLAIM,
    subtype=Kind.CONVOY_ATTACK,
    side=Side.MILITIA,
    brand="a_front",
    site_class="convoy_route",
)


BLAST = Event(id="blast:1", time=4.0, kind=Kind.DEPOT_BLAST, side=Side.UNATTRIBUTED)


@pytest.mark.parametrize(("u", "denied"), [(0.69, True), (0.71, False)])
def test_a_claim_of_nothing_is_printed_and_may_be_denied(u: float, denied: bool) -> None:
    journal = told_of(CLAIM, (u, MEDIAN, *[0.5] * 6))
    assert merely_claimed(CLAIM, accounts(journal)) is not denied
    (claimed,) = by_source(journal, "militia_channel")
    assert (claimed.kind, claimed.brand, claimed.time) == (Kind.CONVOY_ATTACK, "a_front", 3.0)
    assert len(by_source(journal, "official")) == 0  # what is denied is not in their record
    assert reporting(journal)["denied"] == denied


def test_a_claim_of_something_is_never_denied() -> None:
    claim = CLAIM.but(cause="C0.0.1")
    assert reporting(told_of(claim, (0.0,) * 8))["denied"] == 0


def test_a_denial_takes_officials_hours() -> None:
    """Twelve at the median, after what a channel printed on day 3 at once."""
    (denial,) = told_of(CLAIM, (0.1, MEDIAN, *[0.5] * 6)).where(Kind.REPORT)[1:]
    assert (denial.source, denial.time) == ("official", 3.5)


@pytest.mark.parametrize(("u", "owned_up"), [(0.59, 0), (0.61, 1)])
def test_a_blast_is_a_strike_to_the_wire_and_perhaps_an_accident(u: float, owned_up: int) -> None:
    journal = told_of(BLAST, (0.5, 0.5, u, 0.99, *[0.5] * 4))
    (struck,) = by_source(journal, "wire")
    assert (struck.kind, struck.side) == (Kind.DEPOT_BLAST, Side.UNATTRIBUTED)
    assert len(by_source(journal, "official")) == owned_up
    deleted = told_of(BLAST, (0.5, 0.5, u, 0.01, *[0.5] * 4))
    assert reporting(deleted)["retracted"] == 1
    assert len(by_source(deleted, "official")) == 0


def test_channels_and_officials_can_be_silent() -> None:
    assert told_of(CLAIM, (0.0,) * 8, "observers.channels.on=false").where(Kind.REPORT) == []
    silent = told_of(BLAST, (0.5, 0.5, 0.0, 0.0, 0.5, 0.5), "observers.officials.on=false")
    assert [(r.source, r.text) for r in silent.where(Kind.REPORT)] == [("wire", "strike")]
    assert silent.where(Kind.CORRECTION) == []


@pytest.mark.parametrize(("u", "sources"), [(0.29, ["wire", "official"]), (0.31, [])])
def test_a_blast_that_the_wire_misses_nobody_explains(u: float, sources: list[str]) -> None:
    missed = told_of(BLAST, (*[0.5] * 5, u), "observers.blast_detection=0.3")
    assert [report.source for report in missed.where(Kind.REPORT)] == sources
