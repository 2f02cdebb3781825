"""Every fault of a record is refused with the file, the row, the column, the value, the remedy."""

from __future__ import annotations

import csv
import io
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from sim import record
from sim.errors import InputError

BLANK = dict.fromkeys(record.COLUMNS, "")
GOOD = {
    "event_id": "X1",
    "date": "2020-02-03",
    "date_low": "2020-02-03",
    "date_high": "2020-02-03",
    "date_precision": "day",
    "kind": "indirect_fire",
    "site_class": "airport",
    "quality": "A",
    "sources": "wire",
}
SOURCES = "key,citation,url\nwire,An agency 2020-02-03,\n"

Row = dict[str, str]


def rows(**changes: str) -> list[Row]:
    """A good first row, and a second one with some cells changed."""
    second = {"event_id": "X2", "target": "another"}
    return [{**BLANK, **GOOD}, {**BLANK, **GOOD, **second, **changes}]


def text(lines: list[Row], columns: list[str] | None = None) -> str:
    out = io.StringIO()
    writer = csv.DictWriter(out, columns or list(BLANK), extrasaction="ignore", lineterminator="\n")
    writer.writeheader()
    writer.writerows(lines)
    return out.getvalue()


def folder(tmp_path: Path, events: str | bytes, **others: str) -> Path:
    data = events.encode() if isinstance(events, str) else events
    (tmp_path / "events.csv").write_bytes(data)
    (tmp_path / "sources.csv").write_text(SOURCES, encoding="utf-8")
    for name, content in others.items():
        (tmp_path / f"{name}.csv").write_text(content, encoding="utf-8")
    return tmp_path


def message(read: Callable[[], object]) -> str:
    with pytest.raises(InputError) as caught:
        read()
    assert 2 <= len(str(caught.value).splitlines()) <= 3
    return str(caught.value)


def test_the_good_rows_load(tmp_path: Path) -> None:
    assert len(record.read(folder(tmp_path, text(rows())))) == 2


CELLS = {
    "unknown kind": (
        {"kind": "indirect_fir"},
        ["column kind: 'indirect_fir' is unknown", "did you mean 'indirect_fire'?"],
    ),
    "unknown event kind": (
        {"event_kind": "rocket_atack"},
        ["column event_kind: 'rocket_atack'", "did you mean 'rocket_attack'?"],
    ),
    "unknown side": ({"side": "usa"}, ["column side: 'usa' is unknown", "did you mean 'us'?"]),
    "unknown precision": (
        {"date_precision": "weeks"},
        ["column date_precision: 'weeks'", "did you mean 'week'?"],
    ),
    "no such day": ({"date": "2020-02-30"}, ["column date: '2020-02-30' is no date", "YYYY-MM-DD"]),
    "another way to write a date": (
        {"date_high": "03/02/2020"},
        ["column date_high: '03/02/2020' is no date", "YYYY-MM-DD"],
    ),
    "a date without its hyphens": ({"date": "20200203"}, ["column date: '20200203' is no date"]),
    "a bad day of becoming known": ({"known_from": "spring"}, ["column known_from: 'spring'"]),
    "inverted dates": (
        {"date_low": "2020-02-05", "date_precision": "week"},
        ["column date_low: '2020-02-05' lies after date_high 2020-02-03", "swap the two dates"],
    ),
    "date outside its range": (
        {"date": "2020-02-09", "date_precision": "week"},
        ["column date: '2020-02-09' lies outside 2020-02-03 – 2020-02-03", "must lie within"],
    ),
    "a day that is a range": (
        {"date_high": "2020-02-04"},
        ["column date_precision: 'day'", "from 2020-02-03 to 2020-02-04", "write week or month"],
    ),
    "a week of months": (
        {"date_high": "2020-04-03", "date_precision": "week"},
        ["column date_precision: 'week' but the date may be any of 61 days", "check the years"],
    ),
    "a week of a day too many": (
        {"date_high": "2020-02-17", "date_precision": "week"},
        ["column date_precision: 'week' but the date may be any of 15 days", "a vaguer precision"],
    ),
    "a month of years": (
        {"date_low": "2019-02-03", "date_precision": "month"},
        ["column date_precision: 'month' but the date may be any of 366 days", "check the years"],
    ),
    "negative count": (
        {"iraqi_wounded": "-2"},
        ["column iraqi_wounded: '-2' is negative", "leave the cell blank"],
    ),
    "count that is no whole number": (
        {"rounds_impacted": "2.5"},
        ["column rounds_impacted: '2.5' is no whole number", "leave the cell blank"],
    ),
    "count in words": ({"units": "two"}, ["column units: 'two' is no whole number"]),
    "low above high": (
        {"rounds_fired_low": "7", "rounds_fired_high": "5"},
        ["column rounds_fired_low: '7' is above rounds_fired_high 5", "swap the two numbers"],
    ),
    "best above its range": (
        {"militia_killed_low": "1", "militia_killed": "9", "militia_killed_high": "4"},
        ["column militia_killed: '9' lies outside its range 1 – 4", "widen militia_killed_low"],
    ),
    "best below an open range": (
        {"rounds_unfired_low": "4", "rounds_unfired_best": "2"},
        ["column rounds_unfired_best: '2' lies outside its range 4 – None"],
    ),
    "more rounds stopped than fired": (
        {"rounds_fired_low": "11", "rounds_fired_high": "31", "rounds_intercepted": "99"},
        [
            "column rounds_intercepted: '99' is more than the 31 rounds fired at most",
            "raise rounds_",
        ],
    ),
    "more rounds landed than fired": (
        {"rounds_fired_high": "31", "rounds_impacted_low": "32", "rounds_impacted_high": "40"},
        ["column rounds_impacted_low: '32' is more than the 31 rounds", "correct the counts"],
    ),
    "more rounds failed than fired": (
        {"rounds_fired_best": "31", "rounds_failed_best": "99"},
        ["column rounds_failed_best: '99' is more than the 31 rounds"],
    ),
    "more rounds arrived in all than were fired": (
        {"rounds_fired_high": "10", "rounds_impacted": "6", "rounds_intercepted_low": "5"},
        ["column rounds_impacted: '6' with the others makes 11: more than the 10 rounds fired"],
    ),
    "unknown quality": ({"quality": "D"}, ["column quality: 'D' is unknown", "valid are: A, B, C"]),
    "quality without a source": (
        {"sources": ""},
        ["column sources: ''", "quality A rests on a source", "quality C"],
    ),
    "one source less than one": (
        {"quality": "B", "sources": ""},
        ["column sources: ''", "quality B rests on a source"],
    ),
    "only separators for a source": (
        {"sources": " ; "},
        ["column sources: ';' but quality A rests on a source"],
    ),
    "unknown source": (
        {"sources": "wire;wired"},
        ["column sources: 'wire;wired' holds 'wired'", "did you mean 'wire'?"],
    ),
    "tempo without a source": (
        {"quality": "C", "tempo": "yes"},
        ["column tempo", "rocket_attack of quality C", "write no"],
    ),
    "tempo of another kind": (
        {"kind": "arrest", "tempo": "yes"},
        ["column tempo", "arrest of quality A", "write no"],
    ),
    "duplicate id": (
        {"event_id": "X1"},
        ["(X1), column event_id: 'X1' is taken by row 2", "its own id"],
    ),
    "the same row under another id": (
        {"target": ""},
        ["column event_id: 'X2' repeats row 2 in every other cell", "leave one out"],
    ),
    "unknown cause": (
        {"cause": "X9"},
        ["column cause: 'X9' names no event of this file", "valid are: X1, X2"],
    ),
    "unknown overlap": ({"overlaps": "Y"}, ["column overlaps: 'Y' names no event of this file"]),
    "its own cause": ({"cause": "X2"}, ["column cause: 'X2' names the row itself"]),
    "two causes": (
        {"cause": "X1; X1"},
        ["column cause: 'X1; X1' names 2 rows", "name the one it answers"],
    ),
    "its own overlap": ({"overlaps": "X2"}, ["column overlaps: 'X2' names the row itself"]),
    "a cause after what it caused": (
        {**dict.fromkeys(("date", "date_low", "date_high"), "2020-02-02"), "cause": "X1"},
        ["column cause: 'X1' happened on 2020-02-03, after what it caused (2020-02-02)", "earlier"],
    ),
    "a deadline before its threat": (
        {"due": "2020-02-02"},
        ["column due: '2020-02-02' lies before the threat, 2020-02-03", "check the year"],
    ),
    "a row of no convoys": ({"units": "0"}, ["column units: '0' stands for nothing", "write 1, 2"]),
    "unknown weapon class": (
        {"weapon_class": "rocet"},
        [
            "column weapon_class: 'rocet' is no weapon class",
            "did you mean 'rocket'?",
            "_classes.csv",
        ],
    ),
    "a weapon class in capitals": ({"weapon_class": "Rocket"}, ["did you mean 'rocket'?"]),
    "unknown site class": (
        {"site_class": "airprt"},
        ["column site_class: 'airprt' is unknown", "did you mean 'airport'?"],
    ),
    "neither yes nor no": (
        {"in_compound": "true"},
        ["column in_compound: 'true' is neither yes nor no", "write yes, no"],
    ),
    "unknown claim status": ({"claim_status": "confirm"}, ["did you mean 'confirmed'?"]),
    "blank id": ({"event_id": ""}, ["row 3, column event_id: '' is blank", "needs a value"]),
    "blank kind": ({"kind": ""}, ["column kind: '' is blank", "needs a value in every row"]),
}


@pytest.mark.parametrize("fault", CELLS)
def test_a_bad_cell_is_named(fault: str, tmp_path: Path) -> None:
    changes, parts = CELLS[fault]
    told = message(lambda: record.read(folder(tmp_path, text(rows(**changes)))))
    for part in ["events.csv: row 3", *parts]:
        assert part in told


MAY_BE = {
    "at least so many fired": {"rounds_fired_low": "4", "rounds_impacted": "9"},
    "as many arrived as were fired": {"rounds_fired_high": "9", "rounds_impacted": "9"},
    "a deadline on the day of its threat": {"due": "2020-02-03"},
    "a cause on the same day": {"cause": "X1"},
    "a week or two": {"date_high": "2020-02-16", "date_precision": "week"},
    "a month or two": {"date_low": "2020-01-01", "date_high": "2020-03-01",
                       "date_precision": "month"},
    "a cause of the same week": {"cause": "X1", "date_low": "2020-01-28", "date_high": "2020-02-03",
                                 "date_precision": "week", "date": "2020-01-29"},
}  # fmt: skip


@pytest.mark.parametrize("case", MAY_BE)
def test_what_can_have_been_is_taken(case: str, tmp_path: Path) -> None:
    assert len(record.read(folder(tmp_path, text(rows(**MAY_BE[case]))))) == 2


def test_spaces_are_no_value(tmp_path: Path) -> None:
    """A cell of spaces is as blank as an empty one: unknown, and no fault."""
    spaced = rows(in_compound=" ", rounds_impacted="  ", site=" ", side=" us ", units=" 2 ")
    event = record.read(folder(tmp_path, text(spaced))).events[1]
    assert (event.inside_compound, event.impacted, event.site) == (None, None, None)
    assert (event.side, event.units) == ("us", 2)


def test_an_open_lower_end_stays_open(tmp_path: Path) -> None:
    event = record.read(folder(tmp_path, text(rows(rounds_fired_high="9")))).events[1]
    assert (event.fired, event.bounds("fired")) == (None, (None, 9))


def test_a_cause_later_on_the_same_day(tmp_path: Path) -> None:
    first, second = rows(cause="X1", order_in_day="1")
    place = folder(tmp_path, text([{**first, "order_in_day": "2"}, second]))
    told = message(lambda: record.read(place))
    assert "row 3 (X2), column cause: 'X1' happened later that day than what it caused" in told
    folder(tmp_path, text([{**first, "order_in_day": "1"}, second]))
    assert len(record.read(place)) == 2


WEEKS = ("2020-01-28", "2020-02-03", "2020-02-10", "2020-02-17", "2020-02-24")


def dated(*days: str) -> list[Row]:
    """A row for each day."""
    columns = ("date", "date_low", "date_high")
    return [
        {**BLANK, **GOOD, "event_id": f"X{i}", **dict.fromkeys(columns, day)}
        for i, day in enumerate(days)
    ]


@pytest.mark.parametrize(("day", "away"), [("1919-02-10", 36877), ("2021-02-24", 366)])
def test_a_row_a_year_from_all_others(day: str, away: int, tmp_path: Path) -> None:
    """Wherever it stands; a record as a whole may lie in any year."""
    for place, days in enumerate([(day, *WEEKS), (*WEEKS, day)]):
        told = message(lambda days=days: record.read(folder(tmp_path, text(dated(*days)))))
        assert f"row {7 if place else 2} (X{5 if place else 0}), column date: {day!r}" in told
        assert f"lies {away} days from every other row\ncheck the year" in told
    assert len(record.read(folder(tmp_path, text(dated(*WEEKS, "2021-02-23"))))) == 6
    shifted = [week.replace("2020", day[:4]) for week in WEEKS]
    assert len(record.read(folder(tmp_path, text(dated(*shifted))))) == 5
    assert len(record.read(folder(tmp_path, text(dated(*WEEKS[:3], day))))) == 4


def test_a_row_a_year_from_its_place(tmp_path: Path) -> None:
    """Rows in order of date but for one show its year; rows in no order show nothing."""
    slip = (*WEEKS[:3], "2021-02-11", *WEEKS[3:], "2020-12-01")
    told = message(lambda: record.read(folder(tmp_path, text(dated(*slip)))))
    assert "row 5 (X3), column date: '2021-02-11' stands between rows of 2020-02-10 and" in told
    assert "check the year: 2020-02-11 would be in order" in told
    leap = ("2021-02-10", "2021-02-17", "2021-02-28", "2020-02-29", "2021-03-01")
    told = message(lambda: record.read(folder(tmp_path, text(dated(*leap)))))
    assert "'2020-02-29' stands between rows of 2021-02-28 and 2021-03-01\n" in told
    assert "2021-02-28 would be in order" in told
    for days in ((*slip, "2020-01-02"), (*WEEKS[:3], "2020-12-11", *WEEKS[3:])):
        assert len(record.read(folder(tmp_path, text(dated(*days))))) == len(days)


def test_a_mark_a_year_from_all_rows(tmp_path: Path) -> None:
    """A mark of the calendar may lie ahead, another may not."""
    mark = "date,known_from,mark,kind,quality,note\n2919-02-03,,over,truce,A,\n"
    place = folder(tmp_path, text(dated(*WEEKS)), timeline=mark)
    told = message(lambda: record.read(place))
    assert "timeline.csv: row 2, column date: '2919-02-03' lies" in told
    folder(tmp_path, text(dated(*WEEKS)), timeline=mark.replace("truce", "calendar_mark"))
    assert len(record.read(place)) == 6


def named(column: str, *names: str) -> list[Row]:
    """A row for each name, in one column."""
    good = {**BLANK, **GOOD}
    return [{**good, "event_id": f"X{i}", column: name} for i, name in enumerate(names)]


@pytest.mark.parametrize(
    ("column", "wrong", "right"),
    [
        ("region", "Salahaddin", "Salah al-Din"),
        ("region", "Salah ad-Din", "Salah al-Din"),
        ("region", "baghdad", "Baghdad"),
        ("region", "Bagdad", "Baghdad"),
        ("site", "embasy", "embassy"),
        ("site", "q-west", "q_west"),
        ("site", "k_1", "k1"),
    ],
)
def test_a_place_under_another_spelling(
    column: str, wrong: str, right: str, tmp_path: Path
) -> None:
    """It is the rarer name that is wrong, wherever it stands; of two, the later one."""
    told = message(lambda: record.read(folder(tmp_path, text(named(column, right, wrong)))))
    assert f"row 3 (X1), column {column}: {wrong!r} is nearly the {right!r} of row 2" in told
    assert f"did you mean {right!r}?" in told
    first = text(named(column, wrong, right, right))
    told = message(lambda: record.read(folder(tmp_path, first)))
    assert f"row 2 (X0), column {column}: {wrong!r} is nearly the {right!r} of row 3" in told


@pytest.mark.parametrize(
    "names",
    [("k1", "k2"), ("east_gate", "west_gate"), ("taji", "taji_b"), ("camp_a", "camp_b"),
     ("Saada", "Sanaa"), ("Najaf", "Nineveh"), ("Anbar", "Al-Anbar"), ("tower_22", "tower_23"),
     ("acled_1234567", "acled_1234568"), ("?", "!")],
)  # fmt: skip
def test_places_with_like_names_are_two(names: tuple[str, str], tmp_path: Path) -> None:
    for column in ("region", "site"):
        assert len(record.read(folder(tmp_path, text(named(column, *names))))) == 2


def test_the_first_fault_is_named_and_the_rest_counted(tmp_path: Path) -> None:
    bad = rows(quality="D", kind="?", units="-1")
    told = message(lambda: record.read(folder(tmp_path, text(bad))))
    assert "row 3 (X2)" in told
    assert told.endswith("and 2 more faults")


def test_a_long_value_is_cut(tmp_path: Path) -> None:
    told = message(lambda: record.read(folder(tmp_path, text(rows(kind="x" * 500)))))
    assert "x" * 57 + "…" in told
    assert len(told) < 700


# -- columns -----------------------------------------------------------------------------


def test_an_unknown_column(tmp_path: Path) -> None:
    bad = text(rows()).replace("claimed_by", "claimd_by", 1)
    told = message(lambda: record.read(folder(tmp_path, bad)))
    assert "row 1, column 'claimd_by' is unknown\ndid you mean 'claimed_by'?" in told


def test_a_missing_column(tmp_path: Path) -> None:
    bad = text(rows(), [column for column in BLANK if column != "quality"])
    told = message(lambda: record.read(folder(tmp_path, bad)))
    assert "row 1 lacks the column quality\nadd it" in told


def test_a_column_that_stands_twice(tmp_path: Path) -> None:
    bad = text(rows(), [*BLANK, "note"])
    told = message(lambda: record.read(folder(tmp_path, bad)))
    assert "row 1, column 'note' stands there twice\nkeep one" in told


@pytest.mark.parametrize(("tail", "cells"), [("", len(BLANK) - 1), (",,", len(BLANK) + 1)])
def test_a_ragged_row(tmp_path: Path, tail: str, cells: int) -> None:
    first, second, third = text(rows()).splitlines()
    bad = "\n".join([first, second, third[:-1] + tail, ""])
    told = message(lambda: record.read(folder(tmp_path, bad)))
    assert f"row 3 (X2) has {cells} cells, the header {len(BLANK)}" in told
    assert "quote a cell that holds a comma" in told


# -- files -------------------------------------------------------------------------------


def test_no_such_file(tmp_path: Path) -> None:
    assert "gone.csv: no such file\ncheck the path" in message(
        lambda: record.read(tmp_path / "gone.csv")
    )


def test_a_folder_without_events(tmp_path: Path) -> None:
    assert "is a folder without events.csv" in message(lambda: record.read(tmp_path))


def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.csv")
    told = message(lambda: record.read(tmp_path / "pipe.csv"))
    assert "is not a regular file" in told


def test_an_unreadable_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(path: Path) -> bytes:
        raise PermissionError(13, "Permission denied")

    place = folder(tmp_path, text(rows()))
    monkeypatch.setattr(Path, "read_bytes", refuse)
    told = message(lambda: record.read(place))
    assert "events.csv: cannot be read: Permission denied" in told


@pytest.mark.parametrize("content", ["", "\n \n"])
def test_an_empty_file(tmp_path: Path, content: str) -> None:
    told = message(lambda: record.read(folder(tmp_path, content)))
    assert "events.csv: is empty" in told
    assert "header line" in told


def test_a_header_without_rows(tmp_path: Path) -> None:
    assert "has a header but no rows" in message(lambda: record.read(folder(tmp_path, text([]))))


def test_a_file_that_is_not_utf_8(tmp_path: Path) -> None:
    bad = text(rows(target="café")).encode("latin-1")
    told = message(lambda: record.read(folder(tmp_path, bad)))
    assert f"byte 0xe9 at byte {bad.index(0xE9)} (line 3) is not UTF-8" in told
    assert "save the file as UTF-8" in told


def test_a_binary_file(tmp_path: Path) -> None:
    told = message(lambda: record.read(folder(tmp_path, b"PK\x03\x04\x00\x01")))
    assert "holds a NUL byte at byte 4" in told


def test_a_huge_file_is_refused_unread(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    place = folder(tmp_path, text(rows()))
    with (place / "events.csv").open("r+b") as file:
        file.truncate(record.MAX_BYTES + 1)
    monkeypatch.setattr(Path, "read_bytes", lambda path: pytest.fail("it was read"))
    told = message(lambda: record.read(place))
    assert "is too large: 20,000,001 bytes\nthe limit is 20,000,000" in told


def test_a_quote_that_never_closes(tmp_path: Path) -> None:
    told = message(lambda: record.read(folder(tmp_path, text(rows()) + 'X3,"open')))
    assert "row 4 is broken CSV" in told
    assert "close every quote" in told


# -- the files beside it -----------------------------------------------------------------


def test_a_mark_that_repeats_an_unknown_row(tmp_path: Path) -> None:
    marks = (
        "date,known_from,mark,kind,quality,note,event_id\n2020-02-03,,a mark,calendar_mark,A,,X7\n"
    )
    told = message(lambda: record.read(folder(tmp_path, text(rows()), timeline=marks)))
    assert "timeline.csv: row 2 (X7), column event_id: 'X7' names no row of events.csv" in told


OF_A_ROW = "date,known_from,mark,kind,quality,note,event_id,subtype\n"


@pytest.mark.parametrize(
    ("mark", "column", "value", "says"),
    [
        ("2020-02-04,,a mark,threat,A,,X2,closure", "date", "2020-02-04", "2020-02-03"),
        ("2020-02-03,,a mark,truce,A,,X2,closure", "kind", "truce", "threat"),
        ("2020-02-03,,a mark,threat,A,,X2,deadline", "subtype", "deadline", "closure"),
        ("2020-02-03,2020-01-01,a,threat,A,,X2,", "known_from", "2020-01-01", "2020-02-03"),
        ("2020-02-03,2020-02-09,a,threat,A,,X2,", "known_from", "2020-02-09", "2020-02-03"),
    ],
)
def test_a_mark_that_says_otherwise_than_its_row(
    mark: str, column: str, value: str, says: str, tmp_path: Path
) -> None:
    events = text(rows(kind="political", event_kind="threat", subtype="closure"))
    told = message(lambda: record.read(folder(tmp_path, events, timeline=OF_A_ROW + mark)))
    where = f"timeline.csv: row 2 (X2), column {column}: {value!r}"
    assert f"{where} is not what X2 says in events.csv, {says}\n" in told
    there = "event_kind" if column == "kind" else column
    assert f"write {value} into {there} of X2, which is what is read, or mend the mark" in told


def test_a_mark_that_says_what_its_row_does_or_less(tmp_path: Path) -> None:
    threat = {"kind": "political", "event_kind": "threat", "subtype": "closure"}
    for known, marked in (("", ""), ("", "2020-02-03"), ("2020-01-01", "2020-01-01")):
        events = text(rows(**threat, known_from=known))
        mark = f"{OF_A_ROW}2020-02-03,{marked},a mark,threat,A,,X2,\n"
        assert len(record.read(folder(tmp_path, events, timeline=mark))) == 2
    plain = text(rows(kind="political", event_kind="threat"))
    mark = f"{OF_A_ROW}2020-02-03,,a mark,threat,A,,X2,closure\n"
    told = message(lambda: record.read(folder(tmp_path, plain, timeline=mark)))
    assert "column subtype: 'closure' is not what X2 says in events.csv, which is blank" in told


def test_a_mark_of_unknown_kind(tmp_path: Path) -> None:
    marks = "date,known_from,mark,kind,quality,note\n2020-02-03,,a mark,truce_brake,A,\n"
    told = message(lambda: record.read(folder(tmp_path, text(rows()), timeline=marks)))
    assert "timeline.csv: row 2, column kind: 'truce_brake'" in told
    assert "did you mean 'truce_break'?" in told


def test_a_mark_whose_cause_comes_after_it(tmp_path: Path) -> None:
    marks = "date,known_from,mark,kind,quality,note,cause\n2020-02-02,,over,truce_break,A,,X1\n"
    told = message(lambda: record.read(folder(tmp_path, text(rows()), timeline=marks)))
    assert "row 2, column cause: 'X1' happened on 2020-02-03, after what it caused" in told


def test_a_mark_twice(tmp_path: Path) -> None:
    head = "date,known_from,mark,kind,quality,note\n"
    mark, other = "2020-02-03,,a mark,calendar_mark,A,\n", "2020-02-03,,a mark,truce,A,\n"
    place = folder(tmp_path, text(rows()), timeline=head + mark + other)
    assert len(record.read(place)) == 4
    folder(tmp_path, text(rows()), timeline=head + mark + other + mark.replace("A", "B"))
    told = message(lambda: record.read(place))
    assert "timeline.csv: row 4, column mark: 'a mark' repeats row 2\nkeep one" in told


def test_a_source_twice(tmp_path: Path) -> None:
    place = folder(tmp_path, text(rows()), sources=SOURCES + "wire,Another agency,\n")
    told = message(lambda: record.read(place))
    assert "sources.csv: row 3, column key: 'wire' repeats row 2\nkeep one of the two" in told


def test_weapon_classes_of_ones_own(tmp_path: Path) -> None:
    """Named beside the events, once each and with what they mean."""
    own = "name,meaning\nrocket_240mm,a heavy rocket\n"
    place = folder(tmp_path, text(rows(weapon_class="rocket_240mm")), weapon_classes=own)
    assert [event.weapon_class for event in record.read(place)] == [None, "rocket_240mm"]
    folder(tmp_path, text(rows(weapon_class="rocket_240m")), weapon_classes=own)
    assert "did you mean 'rocket_240mm'?" in message(lambda: record.read(place))
    folder(tmp_path, text(rows()), weapon_classes=own.replace("a heavy rocket", ""))
    assert "weapon_classes.csv: row 2, column meaning: ''" in message(lambda: record.read(place))


def test_a_published_count_twice(tmp_path: Path) -> None:
    head = ",".join(record.PUBLISHED)
    line = "2020-02-03,2020-02-09,attacks,5,5,wire,A,,rocket_attacks"
    path = tmp_path / "published_counts.csv"
    path.write_text(f"{head}\n{line}\n{line.replace('wire', 'paper')}\n", encoding="utf-8")
    assert len(record.published(tmp_path)) == 2
    path.write_text(f"{head}\n{line}\n{line}\n", encoding="utf-8")
    told = message(lambda: record.published(tmp_path))
    assert "row 3, column quantity: 'attacks' repeats row 2\nkeep one of the two" in told


def test_free_citations_where_no_sources_stand_beside(tmp_path: Path) -> None:
    (tmp_path / "later.csv").write_text(text(rows(sources="Anything, 2021")), encoding="utf-8")
    assert len(record.read(tmp_path / "later.csv")) == 2


def test_a_bad_published_count(tmp_path: Path) -> None:
    head = ",".join(record.PUBLISHED)
    bad = f"{head}\n2020-02-03,2020-02-01,attacks,5,3,wire,A,,rockets\n"
    (tmp_path / "published_counts.csv").write_text(bad, encoding="utf-8")
    told = message(lambda: record.published(tmp_path))
    assert "row 2, column counts: 'rockets' is unknown" in told
    assert "and 2 more faults" in told


def test_an_unknown_switch_of_a_record_without_doubts(tmp_path: Path) -> None:
    place = folder(tmp_path, text(rows()))
    told = message(lambda: record.read(place, without=["taji"]))
    assert "'taji' switches off no row" in told
    assert "this record has no doubtful rows" in told
