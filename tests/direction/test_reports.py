"""Direction: what the observers change, in ordinary runs, and what they leave alone."""

from __future__ import annotations

from functools import cache

from sim.campaign import simulate
from sim.events import QUANTITIES, Event, Journal, Kind
from sim.measures import reported
from sim.reports import SOURCES, by_source, reporting
from sim.settings.compose import load
from sim.settings.sampling import Sampler

TOLD = (Kind.REPORT, Kind.CORRECTION)


@cache
def journals(*overrides: str) -> list[Journal]:
    sampler = Sampler(load(overrides))
    return [simulate(sampler, 5, r) for r in range(12)]


def truth(journal: Journal) -> list[Event]:
    return [event for event in journal if event.kind not in TOLD]


def total(name: str, *overrides: str) -> int:
    return sum(reporting(journal)[name] for journal in journals(*overrides))


def test_both_recorded_sequences_occur_in_ordinary_runs() -> None:
    """False alarm: none, the draws are fixed; each occurs in a third of replications or more."""
    assert total("rose_twice") > 0
    assert total("one_then_two") > 0


def test_the_wire_tells_first() -> None:
    """Nobody official speaks of an attack or a depot before the wire does, whatever is drawn."""
    spoken = 0
    for journal in journals(BLASTS):
        wire = {r.cause: r.time for r in journal.where(Kind.REPORT) if r.source == "wire"}
        claimed = {claim.id for claim in journal.where(Kind.CLAIM)}
        for report in journal.where(Kind.REPORT):
            if report.source == "official" and report.cause not in claimed:
                assert wire[report.cause] < report.time
                spoken += 1
    assert spoken > 200


def test_no_count_rises_without_revisions_or_officials() -> None:
    for off in ("revisions", "officials"):
        assert total("rose_twice", f"ablation=no_{off}") == 0
        assert total("one_then_two", f"ablation=no_{off}") == 0
    assert total("merely_claimed", "ablation=no_channels") == 0 < total("merely_claimed")


def test_who_tells_changes_nothing_that_happens() -> None:
    for group in ("wire_only", "perfect", "none"):
        other = journals(f"observers={group}")
        assert all(truth(a) == truth(b) for a, b in zip(journals(), other, strict=True))


def test_perfect_observers_report_the_truth_and_none_report_nothing() -> None:
    attacks = (Kind.ROCKET_ATTACK, Kind.CONVOY_ATTACK, Kind.FOILED_ATTACK)
    for journal in journals("observers=perfect"):
        end = float((journal.end - journal.start).days)  # type: ignore[operator]
        in_time = end - 3.0  # a report may fall due after the end
        made = [_counts(e) for e in journal.where(*attacks) if e.time < in_time]
        record = reported(journal, {}, lambda _: 0.5)
        assert [_counts(e) for e in record.where(*attacks) if e.time < in_time] == made
    for journal in journals("observers=none"):
        assert journal.where(*TOLD) == []
        assert reported(journal, {}, lambda _: 0.5).where(*attacks) == []


ACTS = (Kind.AIRSTRIKE, Kind.LEADERSHIP_STRIKE, Kind.DEPOT_BLAST, Kind.STATE_MISSILE_STRIKE,
        Kind.EMBASSY_STORMING, Kind.ARREST, Kind.RELEASE)  # fmt: skip
PEOPLE = ("coalition_killed", "coalition_wounded", "militia_killed", "civilian_wounded")


def test_the_record_comes_to_know_public_acts_and_the_hurt_whatever_is_told() -> None:
    """Every act, reported or not; of an attack that the wire reports, all whom it hurt."""
    acts = hurt = 0
    for group in ("none", "wire_only"):
        for journal in journals(f"observers={group}"):
            record, made = reported(journal, {}, lambda _: 0.5), {e.id: e for e in journal}
            known = [(e.id, e.time, *_people(e)) for e in record.where(*ACTS)]
            assert known == [(e.id, e.time, *_people(e)) for e in journal.where(*ACTS)]
            acts += len(known)
            for attack in record.where(Kind.ROCKET_ATTACK):
                assert _people(attack) == _people(made[attack.id])
                hurt += sum(_people(attack))
    assert acts > 100
    assert hurt > 100


def _people(event: Event) -> tuple[int, ...]:
    return tuple(getattr(event, name) or 0 for name in PEOPLE)


BLASTS = "striker.rate=0.02"
"""A dozen in a campaign."""


def told_of_blasts(*overrides: str) -> dict[str, int]:
    """How many reports each source has of depot blasts, and how many blasts there were."""
    found = dict.fromkeys(("blasts", *SOURCES), 0)
    for journal in journals(BLASTS, *overrides):
        end = float((journal.end - journal.start).days)  # type: ignore[operator]
        blasts = {e.id for e in journal.where(Kind.DEPOT_BLAST) if e.time < end - 3.0}
        found["blasts"] += len(blasts)
        for report in journal.where(Kind.REPORT):
            found[report.source or ""] += report.cause in blasts
    return found


def test_a_silent_official_does_not_silence_the_wire() -> None:
    """Of depot blasts the wire tells whoever else does; officials of as many, while they speak."""
    usual = told_of_blasts()
    assert usual["blasts"] == usual["wire"] > 50
    assert 0.9 * usual["blasts"] < usual["official"] <= usual["blasts"]
    for off in ("observers=wire_only", "observers=perfect", "ablation=no_officials"):
        assert told_of_blasts(off) == {**usual, "official": 0}
    assert told_of_blasts("observers=none") == {**usual, "wire": 0, "official": 0}


def _counts(event: Event) -> tuple[object, ...]:
    return event.id, event.time, *(getattr(event, quantity) for quantity in QUANTITIES)


def test_the_three_records_of_one_truth_differ() -> None:
    """Officials know fewer attacks than the wire; only channels tell of convoys by claims."""
    wire = officials = channels = 0
    for journal in journals():
        records = {source: by_source(journal, source) for source in SOURCES}
        wire += len(records["wire"].where(Kind.ROCKET_ATTACK))
        officials += len(records["official"].where(Kind.ROCKET_ATTACK))
        channels += len(records["militia_channel"])
        assert all(e.brand for e in records["militia_channel"])
        assert not any(e.coalition_killed for e in records["wire"])
    assert 0 < officials < wire
    assert channels > 0
