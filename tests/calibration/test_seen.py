"""What a fit may see: nothing of what became known after its end."""

from __future__ import annotations

from datetime import date
from functools import cache
from typing import Any

import numpy as np
import pytest

from calibration import blocks, plan
from calibration.quantiles import Floats
from calibration.replayed import Seen
from sim import record
from sim.errors import InputError
from sim.events import Event, Journal, Kind, Origin

UNTIL = date(2020, 7, 1)
START = date(2019, 5, 1)
CUT = 427.0
"""1 July 2020, in days from 1 May 2019."""


def row(name: str, time: float, **more: Any) -> Event:
    more = {"kind": Kind.ROCKET_ATTACK, "tempo": True, "origin": Origin.REPLAYED, **more}
    return Event(id=name, time=time, **more)


def seen(*rows: Event, until: date = UNTIL) -> list[str]:
    """The ids of the rows that are seen."""
    return [event.id for event in Seen(Journal(START, date(2021, 1, 1), rows), until)]


# -- what counts as known ----------------------------------------------------------------


def test_rows_before_the_cut_are_seen_and_rows_after_it_are_not() -> None:
    rows = [row("a", 0.5), row("b", CUT - 0.5), row("c", CUT), row("d", CUT + 0.5)]
    assert seen(*rows) == ["a", "b"]


def test_a_row_whose_dates_straddle_the_cut_is_not_seen() -> None:
    straddling = row("a", CUT - 5.0, time_low=CUT - 10.0, time_high=CUT + 1.0)
    assert seen(straddling) == []


def test_a_row_whose_last_day_is_the_last_before_the_cut_is_seen() -> None:
    """A range ends at the midnight after its last day: 30 June is over on 1 July."""
    assert seen(row("a", CUT - 5.0, time_low=CUT - 10.0, time_high=CUT)) == ["a"]
    june = [event for event in record.read() if event.time_high == CUT]
    assert [event.id for event in june] == ["A091"]
    assert "A091" in {event.id for event in Seen(record.read(), UNTIL)}


def test_what_became_public_later_is_seen_later() -> None:
    rows = [row("a", CUT - 9.0, known_from=CUT), row("b", CUT - 9.0, known_from=CUT - 1.0)]
    assert seen(*rows) == ["b"]


def test_a_mark_is_seen_from_its_announcement() -> None:
    mark = row("m", CUT + 40.0, kind=Kind.CALENDAR_MARK, known_from=CUT - 10.0)
    assert seen(mark) == ["m"]
    assert seen(mark.but(known_from=CUT)) == []


# -- what is refused ---------------------------------------------------------------------


def test_asking_for_what_came_after_is_an_error() -> None:
    known = Seen(record.read(), UNTIL)
    june = known.before(UNTIL)
    assert {event.id for event in june} >= {"A087"}
    may = known.before(date(2020, 6, 1))
    assert may.end == date(2020, 6, 1)
    assert {event.id for event in may} < {event.id for event in june}
    with pytest.raises(InputError, match=r"before 2020-07-02 .* only those before 2020-07-01"):
        known.before(date(2020, 7, 2))


@pytest.mark.parametrize("until", [date(2019, 5, 1), date(2018, 1, 1), date(2021, 1, 2)])
def test_an_end_outside_the_record_is_refused(until: date) -> None:
    with pytest.raises(InputError, match="outside the record, 2019-05-01 to 2021-01-01"):
        Seen(record.read(), until)


def test_a_fit_that_ends_before_its_scenario_begins_is_refused() -> None:
    """The record reaches further back than the scenario."""
    chosen = plan.read("reference")
    early = Journal(date(2019, 1, 1), date(2021, 1, 1), record.read())
    before = chosen.model_copy(update={"until": date(2019, 4, 1)})
    with pytest.raises(InputError, match="not after the scenario's start, 2019-05-01"):
        blocks.data_of(before, blocks.settings_of(chosen), early)


# -- a poisoned future -------------------------------------------------------------------


@cache
def reference() -> tuple[plan.Plan, blocks.Settings]:
    chosen = plan.read("reference")
    return chosen, blocks.settings_of(chosen)


def data(journal: Journal) -> blocks.Data:
    chosen, settings = reference()
    return blocks.data_of(chosen, settings, journal)


def likelihoods(of: blocks.Data) -> dict[str, Floats]:
    """Every block at a few points."""
    rng, found = np.random.default_rng(7), {}
    for block in blocks.blocks(of, reference()[0]):
        points = 0.5 * rng.standard_normal((12, len(block.quantities)))
        found[block.name] = block.at(points)
    return found


def is_later(event: Event) -> bool:
    """Whether a row became known after the cut: not a mark that had been announced."""
    if event.known_from is not None:
        return event.known_from >= CUT
    return max(event.time, event.time_high or 0.0) > CUT


def poisoned() -> Journal:
    """The record with another future: later rows changed, and others added."""
    told = record.read()
    harm = {"coalition_killed": 50, "fired": 60, "ranges": None, "site_class": "erbil"}
    changed = [event.but(**harm) if is_later(event) else event for event in told]
    added = [row(f"X{i}", CUT + 0.5 + i / 9.0, **harm) for i in range(40)]
    strikes = [
        row(f"S{e.id}", CUT + 0.5, kind=Kind.AIRSTRIKE, cause=e.id)
        for e in told
        if e.kind is Kind.ROCKET_ATTACK and not is_later(e)
    ]
    secret = row("H1", 300.5, known_from=CUT + 3.0, **harm)
    late = row("H2", CUT - 3.0, time_low=CUT - 9.0, time_high=CUT + 9.0, **harm)
    return Journal(told.start, told.end, [*changed, *added, *strikes, secret, late]).in_time()


def test_a_poisoned_future_changes_nothing_that_is_seen() -> None:
    """Not the blanks either, which are drawn from rows of their kind."""
    clean, other = data(record.read()), data(poisoned())
    assert other.lived == clean.lived
    assert other.rows == clean.rows
    assert (other.days, other.holes) == (clean.days, clean.holes)


def test_a_poisoned_future_changes_no_likelihood() -> None:
    clean, other = likelihoods(data(record.read())), likelihoods(data(poisoned()))
    assert set(clean) == {"tempo", "targets", "salvos", "trigger", "counts"}
    for name, found in clean.items():
        assert np.isfinite(found).any(), name
        assert other[name].tolist() == found.tolist(), name


def test_a_past_that_differs_does_change_them() -> None:
    """The comparison above has teeth."""
    told = record.read()
    more = [row(f"X{i}", 300.5 + i, site_class="erbil", fired=3) for i in range(5)]
    other = likelihoods(data(Journal(told.start, told.end, [*told, *more]).in_time()))
    clean = likelihoods(data(told))
    assert all((other[name] != clean[name]).any() for name in clean)


def test_every_block_is_what_it_was_when_asked_again() -> None:
    """No evaluation leaves a trace in the scenario that it was given."""
    chosen = reference()[0]
    for block in blocks.blocks(data(record.read()), chosen):
        points = 0.5 * np.random.default_rng(8).standard_normal((2, len(block.quantities)))
        world = block.sampler.draw(lambda key: 0.5, given=blocks.values(block.quantities, points))
        first = block.likelihood(world, 2).tolist()
        assert block.likelihood(world, 2).tolist() == first, block.name
