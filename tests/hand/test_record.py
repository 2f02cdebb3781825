"""The packaged record, checked against numbers worked out by hand from its rows."""

from __future__ import annotations

import csv
import hashlib
import re
import shutil
from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from sim import record
from sim.campaign import simulate
from sim.clock import to_days
from sim.errors import InputError
from sim.events import HARM, QUANTITIES, Event, Journal, Kind, Origin, Side
from sim.settings.compose import load
from sim.settings.sampling import Sampler

FOLDER = record.data_dir() / "record"
SWITCHES = ("dujail_2020_01_09", "nahrawan_2020_04_18", "taji_2020_03_24")


@pytest.fixture(scope="module")
def journal() -> Journal:
    return record.read()


@pytest.fixture(scope="module")
def by_id(journal: Journal) -> dict[str, Event]:
    return {event.id: event for event in journal}


@pytest.fixture(scope="module")
def rows() -> list[dict[str, str]]:
    with (FOLDER / "events.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def write(path: Path, rows: list[dict[str, str]], columns: list[str]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, columns, extrasaction="ignore")
        writer.writeheader()
        writer.writerows(rows)
    return path


def day(event: Event) -> date:
    return date.fromordinal(record.FIRST_DAY.toordinal() + int(event.time))


# -- the whole ---------------------------------------------------------------------------


def test_every_row_is_in_the_journal(rows: list[dict[str, str]], by_id: dict[str, Event]) -> None:
    assert len(rows) == 178
    assert [row["event_id"] for row in rows if row["event_id"] not in by_id] == []


def test_the_timeline_adds_only_marks_that_repeat_no_row(journal: Journal) -> None:
    marks = [event for event in journal if event.id.startswith("T")]
    assert len(journal) == 178 + len(marks)
    assert [(day(event).isoformat(), str(event.kind)) for event in marks] == [
        ("2019-06-13", "calendar_mark"),
        ("2020-06-13", "calendar_mark"),
        ("2020-11-03", "calendar_mark"),
        ("2020-11-17", "truce_break"),
        ("2021-01-03", "calendar_mark"),
        ("2021-01-20", "calendar_mark"),
    ]


def test_the_window_and_the_order_of_time(journal: Journal) -> None:
    assert (journal.start, journal.end) == (date(2019, 5, 1), date(2021, 1, 1))
    times = [event.time for event in journal]
    assert times == sorted(times)
    assert {event.origin for event in journal} == {Origin.REPLAYED}


def test_indirect_fire_and_the_tempo_series(rows: list[dict[str, str]], journal: Journal) -> None:
    assert sum(row["kind"] == "indirect_fire" for row in rows) == 76
    assert len(journal.where(Kind.ROCKET_ATTACK)) == 76
    series = record.tempo(journal)
    assert len(series) == 75
    assert {event.quality for event in series} == {"A", "B"}
    left_out = set(journal.where(Kind.ROCKET_ATTACK)) - set(series)
    assert [(event.id, event.quality, event.tempo) for event in left_out] == [("A018", "C", False)]


def test_rows_of_quality_c_stay_and_say_so(journal: Journal) -> None:
    of_c = {event.id for event in journal if event.quality == "C"}
    assert of_c == {"A010", "A016", "A018", "A077", "B068", "B083"}


def test_kinds(journal: Journal) -> None:
    kinds = Counter(str(event.kind) for event in journal)
    assert kinds["convoy_attack"] == 28
    assert kinds["foiled_attack"] == 4
    assert kinds["depot_blast"] == 8
    assert (kinds["airstrike"], kinds["leadership_strike"]) == (2, 1)
    assert (kinds["threat"], kinds["truce"], kinds["truce_break"]) == (4, 1, 1)
    assert (kinds["site_closed"], kinds["defence_fielded"], kinds["posture_change"]) == (8, 3, 7)


def test_every_row_gives_the_reason_of_its_coding(rows: list[dict[str, str]]) -> None:
    assert [row["event_id"] for row in rows if not row["coding_reason"]] == []
    assert [row["event_id"] for row in rows if row["claim_status"]] == [
        row["event_id"] for row in rows if row["kind"] == "ied_convoy"
    ]


def test_no_row_tells_from_where_rockets_were_fired(rows: list[dict[str, str]]) -> None:
    pattern = re.compile(r"fired from|launch (area|truck|site|point)|launchers?\b", re.IGNORECASE)
    told = [
        row["event_id"]
        for row in rows
        for column in ("location", "target", "note", "coding_reason")
        if pattern.search(row[column])
    ]
    assert told == []


def test_the_code_book_of_weapons_is_the_record_s_and_the_simulation_s(journal: Journal) -> None:
    recorded = {event.weapon_class for event in journal if event.weapon_class}
    assert recorded == set(record.WEAPON_CLASSES)
    busy = ["scenario.end=2019-09-01", "militia.base_rate=1", "convoys.rate=1"]
    simulated = simulate(Sampler(load(busy)), 1, 0)
    fired = {event.weapon_class for event in simulated if event.weapon_class}
    assert {"ied", "rocket_107mm"} <= fired <= set(record.WEAPON_CLASSES)


def test_no_attack_has_more_rounds_arrive_than_were_fired(journal: Journal) -> None:
    for event in journal:
        if event.fired is not None:
            arrived = (event.failed, event.intercepted, event.impacted)
            assert sum(count or 0 for count in arrived) <= event.fired, event.id


# -- rows by hand ------------------------------------------------------------------------


def test_k1(by_id: dict[str, Event]) -> None:
    k1 = by_id["A029"]
    assert (day(k1), k1.site, k1.side) == (date(2019, 12, 27), "k1", Side.MILITIA)
    assert (k1.fired, k1.bounds("fired")) == (None, (11, 31))
    assert k1.bounds("impacted") == (11, 11)
    assert (k1.coalition_killed, k1.coalition_wounded) == (1, 4)
    assert k1.bounds("coalition_wounded") == (3, 4)


def test_taji_of_11_march(by_id: dict[str, Event]) -> None:
    taji = by_id["A059"]
    assert (taji.time, taji.site, taji.precision) == (315.5, "taji", "day")
    assert (taji.fired, taji.bounds("fired")) == (30, (15, 30))
    assert (taji.impacted, taji.bounds("impacted")) == (18, (10, 29))
    assert taji.unfired == 3
    assert taji.coalition_killed == 3
    assert (taji.coalition_wounded, taji.bounds("coalition_wounded")) == (14, (10, 14))
    assert taji.brand == "Usbat al-Thairen (claim 15 Mar)"


def test_taji_of_14_march(by_id: dict[str, Event]) -> None:
    taji = by_id["A062"]
    assert (taji.unfired, taji.fired, taji.impacted) == (24, 33, 25)
    assert taji.bounds("impacted") == (25, None)
    assert (taji.coalition_wounded, taji.iraqi_wounded, taji.iraqi_killed) == (3, 2, None)
    assert taji.cause == "A061"


def test_the_volley_of_20_december(by_id: dict[str, Event]) -> None:
    volley = by_id["B075"]
    assert (day(volley), volley.inside_compound) == (date(2020, 12, 20), True)
    assert (volley.fired, volley.bounds("fired")) == (None, (8, 21))
    assert volley.bounds("intercepted") == (1, 18)
    assert (volley.unfired, volley.coalition_wounded) == (3, 0)
    assert volley.site == "embassy"


def test_the_casualties_of_strikes_are_militia(by_id: dict[str, Event]) -> None:
    december, march = by_id["A031"], by_id["A061"]
    assert (december.militia_killed, december.bounds("militia_killed")) == (25, (4, 25))
    assert (december.militia_wounded, december.bounds("militia_wounded")) == (55, (30, 55))
    assert (december.iraqi_killed, december.iraqi_wounded) == (None, None)
    assert (march.iraqi_killed, march.militia_wounded, march.civilian_killed) == (5, 5, 1)


def test_the_leadership_strike_and_the_missiles(by_id: dict[str, Event]) -> None:
    strike, missiles = by_id["A034"], by_id["A042"]
    assert strike.kind is Kind.LEADERSHIP_STRIKE
    assert (strike.iraqi_killed, strike.bounds("militia_killed")) == (5, (2, 5))
    assert (missiles.kind, missiles.site) == (Kind.STATE_MISSILE_STRIKE, "al_asad")
    assert (missiles.fired, missiles.failed, missiles.impacted) == (16, 4, 12)
    assert missiles.bounds("coalition_wounded") == (0, 110)
    assert missiles.cause == "A034"


@pytest.mark.parametrize(
    ("event_id", "quantity", "best", "bounds"),
    [
        ("A026", "iraqi_wounded", 6, (5, 6)),
        ("A048", "coalition_wounded", None, (1, 3)),
        ("A051", "unfired", 11, (11, 11)),
        ("A057", "unfired", 4, (4, 4)),
        ("A076", "unfired", 11, (11, 11)),
        ("B003", "intercepted", None, (0, 1)),
        ("B029", "unfired", 2, (2, 2)),
        ("B061", "civilian_killed", 5, (5, 7)),
        ("B070", "intercepted", 1, (1, None)),
        ("B004", "unfired", 1, (1, 1)),
        ("B004", "fired", 0, (0, 0)),
        ("B017", "unfired", 1, (1, 1)),
        ("A094", "unfired", 2, (2, 2)),
        ("A027", "fired", None, None),
        ("A065", "civilian_wounded", 0, (0, 3)),
    ],
)
def test_conflicting_counts_keep_their_range(
    by_id: dict[str, Event], event_id: str, quantity: str, best: int | None, bounds: Any
) -> None:
    event = by_id[event_id]
    assert (getattr(event, quantity), event.bounds(quantity)) == (best, bounds)


def test_blanks_stay_unknown(rows: list[dict[str, str]], by_id: dict[str, Event]) -> None:
    for row in rows:
        event = by_id[row["event_id"]]
        for harm in HARM:
            if not any(row[column] for column in (harm, f"{harm}_low", f"{harm}_high")):
                assert event.bounds(harm) is None
                assert getattr(event, harm) is None
    assert (by_id["A027"].fired, by_id["A053"].coalition_wounded) == (None, None)
    assert by_id["A027"].brand is None


def test_the_order_of_29_december_and_17_november(journal: Journal) -> None:
    ids = [event.id for event in journal]
    assert ids.index("A031") + 1 == ids.index("A030")
    truce_break = journal.where(Kind.TRUCE_BREAK)[0]
    at = ids.index("B071")
    assert ids[at : at + 3] == ["B071", "B070", truce_break.id]
    assert truce_break.cause == "B070"


def test_uncertain_days_have_bounds_in_time(by_id: dict[str, Event]) -> None:
    november = by_id["A021"]
    # 1 November 2019 is day 184; the nominal date is the 15th; December begins on day 214.
    assert november.precision == "month"
    assert (november.time_low, november.time, november.time_high) == (184.0, 198.5, 214.0)
    # 20 to 26 March 2020, its nominal date the 24th.
    taji = by_id["A068"]
    assert (taji.precision, taji.time_low, taji.time, taji.time_high) == ("week", 324, 328.5, 331)
    assert (by_id["A020"].time_low, by_id["A020"].time_high) == (None, None)


def test_marks_known_beforehand(by_id: dict[str, Event]) -> None:
    dialogue, ultimatum = by_id["A087"], by_id["A055"]
    assert (dialogue.time, dialogue.known_from) == (407.5, 342.0)
    assert by_id["B033"].known_from == by_id["B032"].known_from == 465.0
    assert (ultimatum.kind, ultimatum.side, ultimatum.due) == (Kind.THREAT, Side.MILITIA, 319.0)


def test_rows_coded_one_by_one(by_id: dict[str, Event]) -> None:
    coded = {
        "A003": (Kind.POSTURE_CHANGE, "staff_drawdown", Side.US),
        "B054": (Kind.THREAT, "closure", Side.US),
        "A037": (Kind.REPORT, "retracted", None),
        "B021": (Kind.REPORT, "false_claim", Side.MILITIA),
        "A039": (Kind.PROTEST, "parliament_vote", Side.IRAQ),
        "A096": (Kind.RELEASE, None, Side.IRAQ),
        "B066": (Kind.TRUCE, "conditional", Side.MILITIA),
        "B067": (Kind.POSTURE_CHANGE, "security_posting", Side.IRAQ),
        "B002": (Kind.DEFENCE_FIELDED, "c_ram", Side.US),
        "A074": (Kind.DEFENCE_FIELDED, "patriot", Side.US),
        "B012": (Kind.DEPOT_BLAST, None, Side.UNATTRIBUTED),
        "B036": (Kind.SITE_CLOSED, None, Side.US),
        "B038": (Kind.CONTEXT, None, None),
    }
    found = {name: (e.kind, e.subtype, e.side) for name in coded if (e := by_id[name])}
    assert found == coded
    assert by_id["A032"].entry is True
    assert (by_id["A063"].kind, by_id["A063"].cause) == (Kind.CLAIM, "A059")


def test_convoys_say_whether_they_are_confirmed_and_for_how_many_they_stand(
    by_id: dict[str, Event],
) -> None:
    assert (by_id["B022"].subtype, by_id["B022"].units) == ("confirmed", 1)
    assert (by_id["B074"].subtype, by_id["B074"].units) == ("claimed", 2)
    assert (by_id["B059"].units, by_id["A050"].units) == (4, None)


# -- switches and other windows ----------------------------------------------------------


@pytest.mark.parametrize(
    ("switch", "event_id"), list(zip(SWITCHES, ("A043", "A080", "A068"), strict=True))
)
def test_a_switch_removes_its_row_and_no_other(
    journal: Journal, switch: str, event_id: str
) -> None:
    without = record.read(without=[switch])
    assert {event.id for event in journal} - {event.id for event in without} == {event_id}


def test_all_switches_at_once() -> None:
    assert len(record.tempo(record.read(without=SWITCHES))) == 72


def test_an_unknown_switch_names_the_nearest() -> None:
    with pytest.raises(InputError, match=r"'dujail_2020'.*\ndid you mean 'dujail_2020_01_09'\?"):
        record.read(without="dujail_2020")


def test_another_start_moves_every_time(journal: Journal) -> None:
    later = record.read(start=date(2019, 6, 1), end=date(2020, 1, 1))
    assert [event.id for event in later] == [event.id for event in journal]
    assert [event.time + 31.0 for event in later] == [event.time for event in journal]
    assert later.end == date(2020, 1, 1)


def test_an_end_before_the_start_is_refused() -> None:
    with pytest.raises(InputError, match="end 2019-01-01 does not lie after start 2019-05-01"):
        record.read(end=date(2019, 1, 1))


# -- there and back ----------------------------------------------------------------------


def test_arrow_pandas_and_parquet_lose_nothing(journal: Journal, tmp_path: Path) -> None:
    journal.to_parquet(tmp_path / "record.parquet")
    assert Journal.from_arrow(journal.to_arrow()) == journal
    assert Journal.from_pandas(journal.to_pandas()) == journal
    assert Journal.from_parquet(tmp_path / "record.parquet") == journal
    back = Journal.from_arrow(journal.to_arrow())
    for before, after in zip(journal, back, strict=True):
        for quantity in QUANTITIES:
            assert before.bounds(quantity) == after.bounds(quantity)


# -- other files in the schema -----------------------------------------------------------


def test_a_file_with_the_shared_columns_only(rows: list[dict[str, str]], tmp_path: Path) -> None:
    plain = record.read(write(tmp_path / "plain.csv", rows, list(record.SHARED)))
    assert len(plain) == 178
    assert (plain.start, plain.end) == (date(2019, 5, 1), None)
    assert len(record.tempo(plain)) == 75
    by_id = {event.id: event for event in plain}
    assert by_id["A034"].kind is Kind.AIRSTRIKE
    assert by_id["A028"].kind is Kind.CONTEXT
    assert by_id["A059"].bounds("fired") == (15, 30)
    assert (by_id["A059"].fired, by_id["A059"].unfired) == (None, None)


def test_a_later_record_with_drones(rows: list[dict[str, str]], tmp_path: Path) -> None:
    pattern = dict.fromkeys(record.SHARED, "")
    pattern |= {"date_precision": "day", "quality": "A", "sources": "an agency; a ministry"}

    def row(name: str, when: str, kind: str) -> dict[str, str]:
        dates = {"date": when, "date_low": when, "date_high": when}
        return {**pattern, **dates, "event_id": name, "kind": kind}

    later = [
        row("C002", "2021-04-14", "drone_attack"),
        row("C001", "2021-03-03", "indirect_fire"),
        {**row("C003", "2021-06-09", "indirect_fire"), "weapon_class": "drone"},
    ]
    journal = record.read(write(tmp_path / "later.csv", later, list(record.SHARED)))
    assert journal.start == date(2021, 3, 1)
    assert [(e.id, e.time, e.kind, e.weapon_class, e.tempo) for e in journal] == [
        ("C001", 2.5, Kind.ROCKET_ATTACK, None, True),
        ("C002", 44.5, Kind.ROCKET_ATTACK, "drone", False),
        ("C003", 100.5, Kind.ROCKET_ATTACK, "drone", False),
    ]
    switched = [{**later[0], "tempo": "yes"}]
    coded = record.read(write(tmp_path / "in.csv", switched, [*record.SHARED, "tempo"]))
    assert [event.id for event in record.tempo(coded)] == ["C002"]


def test_a_folder_reads_as_the_packaged_record(journal: Journal, tmp_path: Path) -> None:
    for file in FOLDER.glob("*.csv"):
        (tmp_path / file.name).write_bytes(file.read_bytes())
    assert record.read(tmp_path, end=date(2021, 1, 1)) == journal
    assert record.hash_of_data(tmp_path) == record.hash_of_data()


def test_the_hash_sees_one_byte_and_a_name(tmp_path: Path) -> None:
    (tmp_path / "events.csv").write_bytes(b"a")
    expected = hashlib.sha256(b"events.csv\x001\x00a").hexdigest()
    assert record.hash_of_data(tmp_path) == expected
    (tmp_path / "events.csv").write_bytes(b"b")
    assert record.hash_of_data(tmp_path) != expected


# -- published counts --------------------------------------------------------------------


def result(journal: Journal, start: str, end: str, rule: str) -> record.Reconciliation:
    counts = [
        count
        for count in record.published()
        if (count.start.isoformat(), count.end.isoformat(), count.counts) == (start, end, rule)
    ]
    return record.reconcile(journal, counts)[0]


def test_every_published_count_is_compared_or_says_why_not(journal: Journal) -> None:
    found = record.reconcile(journal, record.published())
    assert len(found) == 50
    for one in found:
        assert (one.verdict == "not comparable") == (one.low is None) == (one.reason is not None)


@pytest.mark.parametrize(
    ("start", "end", "rule", "ours", "verdict"),
    [
        # 15, 17, 18 and 19 June 2019, against AFP's five.
        ("2019-06-14", "2019-06-19", "rocket_attacks", (4, 4), "table has fewer"),
        # 8 November, 3, 5 and 9 December; the two of November have no day. Against nine.
        ("2019-11-05", "2019-12-09", "rocket_attacks", (4, 6), "table has fewer"),
        # 8, 10, 13, 15, 18 and 22 June 2020.
        ("2020-06-08", "2020-06-22", "rocket_attacks", (6, 6), "agrees"),
        # Five sourced handovers, a sixth from general knowledge.
        ("2020-03-17", "2020-04-30", "closures", (5, 6), "agrees"),
        # 29 December and 13 March; 3 January only if one counts it as retaliation.
        ("2019-12-29", "2020-06-13", "us_strikes", (2, 3), "agrees"),
        # 19 July, 12 and 20 August, and late July 2019.
        ("2019-06-01", "2019-08-20", "depot_blasts", (4, 4), "table has fewer"),
        ("2020-08-05", "2020-08-11", "embassy_rockets", (2, 2), "agrees"),
        # 9 and 11 August confirmed; the claim of the 10th is no event.
        ("2020-08-05", "2020-08-11", "convoy_attacks", (2, 2), "agrees"),
        # One dead at K1 and three at Taji; the published three leave out the British one.
        ("2019-10-28", "2020-03-17", "coalition_killed", (4, 4), "table has more"),
        ("2020-12-20", "2020-12-20", "rounds_fired", (8, 21), "agrees"),
        # 4 Coalition, 1 Iraqi, and 1 and 5–7 civilians.
        ("2019-10-01", "2020-12-03", "killed", (11, 13), "table has more"),
    ],
)
def test_reconciliation_by_hand(
    journal: Journal, start: str, end: str, rule: str, ours: tuple[int, int], verdict: str
) -> None:
    found = result(journal, start, end, rule)
    assert ((found.low, found.high), found.verdict) == (ours, verdict)


def test_claimed_convoys_count_only_at_the_high_end() -> None:
    convoys = [
        Event(id="a", time=0.5, kind=Kind.CONVOY_ATTACK, subtype="confirmed", units=2, quality="B"),
        Event(id="b", time=1.5, kind=Kind.CONVOY_ATTACK, subtype="claimed", units=3, quality="B"),
    ]
    count = record.PublishedCount(
        start=date(2020, 1, 1),
        end=date(2020, 1, 2),
        quantity="convoys",
        low=9,
        high=None,
        source="",
        quality="B",
        note="",
        counts="convoy_attacks",
    )
    (found,) = record.reconcile(Journal(date(2020, 1, 1), events=convoys), [count])
    assert (found.low, found.high, found.verdict) == (2, 5, "table has fewer")


def some(name: str, time: float, kind: Kind, **fields: Any) -> Event:
    return Event(**{"id": name, "time": time, "kind": kind, "quality": "B", **fields})


ROCKET, CONVOY = Kind.ROCKET_ATTACK, Kind.CONVOY_ATTACK
COUNTED = Journal(
    date(2020, 1, 1),
    events=[
        some("sure", 1.5, ROCKET, tempo=True, site_class="embassy_zone", coalition_killed=1,
             militia_killed=4, ranges={"fired": (2, None)}),
        some("doubtful", 2.5, ROCKET, tempo=True, doubt="a switch", fired=3),
        some("hearsay", 3.5, ROCKET, tempo=False, quality="C"),
        some("drone", 4.5, ROCKET, tempo=True, weapon_class="drone", fired=1),
        some("week", 6.5, ROCKET, tempo=True, time_low=5.0, time_high=10.0),
        some("bombs", 7.5, CONVOY, subtype="confirmed", units=2, site_class="embassy_zone",
             ranges={"civilian_killed": (1, None)}),
        some("boast", 7.5, CONVOY, subtype="claimed", units=3),
        some("strike", 8.5, Kind.AIRSTRIKE, side=Side.US, militia_killed=9),
        some("whose", 8.5, Kind.AIRSTRIKE, side=Side.UNATTRIBUTED),
        some("leader", 9.5, Kind.LEADERSHIP_STRIKE, side=Side.US),
        some("guess", 9.5, Kind.DEPOT_BLAST, quality="C"),
    ],
)  # fmt: skip


def counted(rule: str, first: int, last: int) -> tuple[int | None, int | None]:
    """What is certain and what is possible, from one day of January 2020 to another."""
    days = date(2020, 1, first), date(2020, 1, last)
    count = record.PublishedCount(*days, "a tally", 1, None, "", "B", "", rule)
    (found,) = record.reconcile(COUNTED, [count])
    return found.low, found.high


@pytest.mark.parametrize(
    ("rule", "ours"),
    [
        ("rocket_attacks", (2, 4)),  # sure and week; doubt and hearsay; drones are no rockets
        ("convoy_attacks", (2, 5)),
        ("all_attacks", (4, 9)),
        ("embassy_rockets", (1, 1)),
        ("coalition_killed", (1, 1)),
        ("killed", (2, 2)),  # militia apart; at least one is one
        ("rounds_fired", (2, 5)),
        ("us_strikes", (1, 2)),
        ("depot_blasts", (0, 1)),
        ("closures", (0, 0)),
    ],
)
def test_what_is_certain_and_what_is_possible(rule: str, ours: tuple[int, int]) -> None:
    assert counted(rule, 1, 31) == ours


def test_a_week_is_certain_where_all_its_days_lie_inside_and_possible_where_one_does() -> None:
    """From the 6th to the 10th."""
    spans = {(5, 10): (1, 1), (6, 10): (1, 1), (5, 9): (0, 1), (7, 31): (0, 1), (11, 31): (0, 0)}
    assert {span: counted("rocket_attacks", *span) for span in spans} == spans
    assert counted("rocket_attacks", 10, 10) == (0, 1)


def test_what_came_out_late_is_known_from_that_day_in_the_row_itself(tmp_path: Path) -> None:
    """The embassy's threats of September 2020 were public on the 27th: no forecast before."""
    rows = {e.id: e for e in record.read()}
    public = float(to_days(date(2020, 9, 27), record.read().start))
    assert {rows[name].known_from for name in ("B054", "B060")} == {public}
    shutil.copytree(FOLDER, tmp_path / "mine")
    told = tmp_path / "mine" / "timeline.csv"
    text = told.read_text(encoding="utf-8")
    told.write_text(text.replace("2020-09-20,2020-09-27", "2020-09-20,2020-09-28"), "utf-8")
    with pytest.raises(InputError, match=r"write 2020-09-28 into known_from of B054"):
        record.read(tmp_path / "mine")
