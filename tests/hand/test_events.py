"""Hand: an event, a journal, and both as tables and back."""

from __future__ import annotations

import copy
import pickle
from datetime import date
from pathlib import Path

import pytest

from sim.events import QUANTITIES, Event, Journal, Kind, Origin, Side, schema

START, END = date(2019, 5, 1), date(2019, 8, 1)

ATTACK = Event(
    id="a",
    time=1.5,
    kind=Kind.ROCKET_ATTACK,
    side=Side.MILITIA,
    site="taji",
    fired=3,
    unfired=0,
    impacted=2,
    inside_compound=False,
    ranges={"fired": (2, 5), "coalition_wounded": (1, None)},
    origin=Origin.REPLAYED,
    tempo=True,
)
STRIKE = Event(id="s", time=2.25, kind=Kind.AIRSTRIKE, side=Side.US, cause="a", due=4.0)
MARK = Event(id="m", time=3.0, kind=Kind.CALENDAR_MARK, text="a visit – «quoted»", known_from=-2.0)


# -- an event ----------------------------------------------------------------------------


def test_what_nobody_stated_is_unknown_and_not_zero() -> None:
    bare = Event(id="x", time=0.0, kind=Kind.THREAT)
    assert bare.stated() == {"id": "x", "time": 0.0, "kind": Kind.THREAT}
    assert all(getattr(bare, name) is None for name in QUANTITIES)
    assert ATTACK.unfired == 0
    assert "unfired" in ATTACK.stated()


def test_an_event_cannot_be_changed() -> None:
    with pytest.raises(AttributeError, match=r"immutable: make a copy with event\.but\(fired="):
        ATTACK.fired = 4
    with pytest.raises(AttributeError, match="immutable"):
        del ATTACK.fired
    with pytest.raises(AttributeError, match="immutable"):
        ATTACK.nonsense = 1
    assert ATTACK.fired == 3


def test_a_copy_with_changes_leaves_the_original_alone() -> None:
    copied = ATTACK.but(fired=4, site=None)
    assert (copied.fired, copied.site, copied.impacted) == (4, None, 2)
    assert (ATTACK.fired, ATTACK.site) == (3, "taji")
    assert copied != ATTACK
    assert ATTACK.but() == ATTACK


def test_an_unknown_field_stated_as_none_makes_no_difference() -> None:
    assert ATTACK.but(failed=None) == ATTACK
    assert hash(ATTACK.but(failed=None)) == hash(ATTACK)
    assert ATTACK != "a"
    assert len({ATTACK, ATTACK.but(), STRIKE}) == 2


@pytest.mark.parametrize(
    ("quantity", "bounds"),
    [
        ("fired", (2, 5)),  # the range, where one is stated
        ("impacted", (2, 2)),  # a bare value is its own
        ("unfired", (0, 0)),
        ("coalition_wounded", (1, None)),  # at least
        ("coalition_killed", None),  # unknown
    ],
)
def test_bounds_of_a_quantity(quantity: str, bounds: tuple[int, int | None] | None) -> None:
    assert ATTACK.bounds(quantity) == bounds


def test_an_event_shows_what_it_states() -> None:
    assert repr(STRIKE.but(side=None, due=None)) == (
        "Event(id='s', time=2.25, kind=<Kind.AIRSTRIKE: 'airstrike'>, cause='a')"
    )


def test_an_event_travels_between_processes() -> None:
    assert pickle.loads(pickle.dumps(ATTACK)) == ATTACK
    assert copy.deepcopy(ATTACK) == ATTACK
    with pytest.raises(AttributeError, match="immutable"):
        pickle.loads(pickle.dumps(ATTACK)).fired = 1


# -- a journal as a channel --------------------------------------------------------------


def test_subscribers_are_told_by_rank_then_by_when_they_came() -> None:
    journal, told = Journal(START), []
    for name, rank in [("late", 5), ("first", -1), ("second", 0), ("third", 0)]:
        journal.subscribe([Kind.THREAT], lambda e, name=name: told.append(name), rank)
    journal.subscribe([Kind.TRUCE], lambda e: told.append("nobody"))
    journal.post(Event(id="t", time=0.0, kind=Kind.THREAT))
    assert told == ["first", "second", "third", "late"]


def test_what_is_posted_while_others_listen_is_heard_before_they_go_on() -> None:
    journal, told = Journal(START), []

    def answer(event: Event) -> None:
        journal.post(Event(id="b", time=event.time, kind=Kind.TRUCE))

    journal.subscribe([Kind.THREAT], answer, 0)
    journal.subscribe([Kind.THREAT], lambda e: told.append(e.id), 1)
    journal.subscribe([Kind.TRUCE], lambda e: told.append(e.id), 0)
    journal.post(Event(id="a", time=0.0, kind=Kind.THREAT))
    assert told == ["b", "a"]
    assert [event.id for event in journal] == ["a", "b"]


def test_announcing_tells_and_writing_writes() -> None:
    journal, told = Journal(START), []
    journal.subscribe([Kind.CALENDAR_MARK], told.append)
    journal.announce(MARK)
    assert (told, len(journal)) == ([MARK], 0)
    journal.write(MARK)
    assert (told, journal.events) == ([MARK], [MARK])


def test_nobody_listens_after_they_are_dismissed() -> None:
    journal, told = Journal(START), []
    journal.subscribe([Kind.CALENDAR_MARK], told.append)
    journal.dismiss()
    journal.post(MARK)
    assert (told, journal.events) == ([], [MARK])


def test_what_was_filed_comes_after_what_was_posted_at_its_time_and_once() -> None:
    told = Journal(START)
    for name, time in (("late", 2.0), ("early", 1.0)):
        told.file(Event(id=name, time=time, kind=Kind.REPORT))
    for name, time in (("a", 1.0), ("b", 2.0)):
        told.post(Event(id=name, time=time, kind=Kind.THREAT))
    for _ in range(2):
        told.close()
        assert [event.id for event in told] == ["a", "early", "b", "late"]


# -- a journal as a sequence -------------------------------------------------------------


def journal(*events: Event) -> Journal:
    return Journal(START, END, events or (ATTACK, STRIKE, MARK))


def test_a_journal_is_a_sequence_of_its_events() -> None:
    assert list(journal()) == [ATTACK, STRIKE, MARK]
    assert len(journal()) == 3
    assert journal().where(Kind.AIRSTRIKE, Kind.CALENDAR_MARK) == [STRIKE, MARK]
    assert journal().where() == []
    assert repr(journal()) == "Journal(2019-05-01 – 2019-08-01, 3 events)"


def test_journals_are_equal_with_the_same_events_and_window() -> None:
    assert journal() == journal()
    assert journal() != journal(ATTACK, MARK, STRIKE)
    assert journal() != Journal(START, None, journal())
    assert journal() != Journal(date(2019, 5, 2), END, journal())
    with pytest.raises(TypeError, match="unhashable"):
        hash(journal())


def test_in_time_orders_by_time_then_stated_order_then_posting() -> None:
    at = [("d", 2.0, None), ("c", 1.0, 2), ("b", 1.0, 1), ("e", 2.0, None), ("a", 0.5, 9)]
    mixed = journal(*(Event(id=i, time=t, kind=Kind.THREAT, order=o) for i, t, o in at))
    assert [event.id for event in mixed.in_time()] == ["a", "b", "c", "d", "e"]
    assert [event.id for event in mixed] == ["d", "c", "b", "e", "a"]
    assert (mixed.in_time().start, mixed.in_time().end) == (START, END)


def test_consequences_follow_the_links_to_the_end() -> None:
    links = [("a", None), ("b", "a"), ("x", None), ("c", "b"), ("y", "x"), ("d", "c"), ("e", "b")]
    told = journal(*(Event(id=i, time=0.0, kind=Kind.THREAT, cause=c) for i, c in links))
    assert [event.id for event in told.consequences("a")] == ["b", "c", "d", "e"]
    assert [event.id for event in told.consequences("x")] == ["y"]
    assert told.consequences("d") == []
    assert told.consequences("nobody") == []


# -- a journal as a table ----------------------------------------------------------------


def test_arrow_and_back() -> None:
    table = journal().to_arrow()
    assert table.schema.equals(schema())
    assert Journal.from_arrow(table) == journal()
    row = table.to_pylist()[0]
    assert (row["fired"], row["fired_low"], row["fired_high"]) == (3, 2, 5)
    assert (row["coalition_wounded_low"], row["coalition_wounded_high"]) == (1, None)
    assert (row["unfired"], row["failed"], row["inside_compound"]) == (0, None, False)


@pytest.mark.parametrize("ends", [(2, None), (None, 5), (0, 3)])
def test_a_range_comes_back_whatever_end_of_it_is_open(ends: tuple[int | None, int | None]) -> None:
    one = journal(ATTACK.but(ranges={"iraqi_killed": ends}))
    back = Journal.from_arrow(one.to_arrow())
    assert back == one
    assert back.events[0].bounds("iraqi_killed") == ends


def test_types_come_back_as_they_were() -> None:
    attack = Journal.from_arrow(journal().to_arrow()).events[0]
    assert type(attack.kind) is Kind
    assert type(attack.side) is Side
    assert type(attack.origin) is Origin
    assert type(attack.fired) is int
    assert attack.inside_compound is False
    assert attack.tempo is True


def test_pandas_and_back_without_turning_unknown_into_numbers() -> None:
    frame = journal().to_pandas()
    assert str(frame["fired"].dtype) == "int64[pyarrow]"
    assert frame["fired"].isna().tolist() == [False, True, True]
    assert frame["inside_compound"].isna().tolist() == [False, True, True]
    assert Journal.from_pandas(frame) == journal()


def test_parquet_and_back(tmp_path: Path) -> None:
    path = tmp_path / "journal.parquet"
    journal().to_parquet(path)
    assert Journal.from_parquet(path) == journal()


def test_an_empty_journal_and_one_without_an_end_and_back() -> None:
    empty, open_ended = Journal(START, END), Journal(START, None, [MARK])
    assert Journal.from_arrow(empty.to_arrow()) == empty
    assert empty.to_arrow().schema.equals(schema())
    assert Journal.from_pandas(empty.to_pandas()) == empty
    assert Journal.from_arrow(open_ended.to_arrow()) == open_ended


def test_a_table_without_its_metadata_needs_a_start() -> None:
    bare = journal().to_arrow().replace_schema_metadata(None)
    with pytest.raises(ValueError, match=r"day 0 falls: pass start=, or keep the metadata"):
        Journal.from_arrow(bare)
    assert Journal.from_arrow(bare, START) == Journal(START, None, journal())
    frame = journal().to_pandas()
    frame.attrs.clear()
    with pytest.raises(ValueError, match="pass start="):
        Journal.from_pandas(frame)


def test_a_field_that_no_event_has_is_refused() -> None:
    strange = Event(id="x", time=0.0, kind=Kind.THREAT, calibre=107)  # type: ignore[call-arg]
    with pytest.raises(ValueError, match="no such fields: calibre"):
        Journal(START, END, [ATTACK, strange]).to_arrow()


def test_rows_keep_the_journals_order_whatever_their_kinds() -> None:
    kinds = [Kind.THREAT, Kind.TRUCE, Kind.THREAT, Kind.REPORT, Kind.TRUCE, Kind.THREAT]
    mixed = journal(*(Event(id=str(i), time=9.0 - i, kind=k) for i, k in enumerate(kinds)))
    assert mixed.to_arrow()["id"].to_pylist() == list("012345")
