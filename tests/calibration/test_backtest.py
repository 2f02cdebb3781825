"""The backtest: what may be known when, scores by hand, and the command as it is used."""

from __future__ import annotations

import csv
import hashlib
import json
import shutil
from collections.abc import Callable, Iterable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import yaml

from calibration import baselines
from calibration.backtest import futures, simple, study, unseen
from calibration.backtest.aims import aims
from calibration.backtest.forecast import Forecast
from calibration.backtest.futures import Source
from calibration.backtest.observed import Days, climatology, days_of
from calibration.backtest.origins import HORIZONS, mondays, record_end, scored
from calibration.backtest.scoring import Reach, Row, Series, reaches, rows, series
from calibration.backtest.skill import Comparison, Score, comparisons, scores
from calibration.baselines import PoissonGamma
from calibration.fit import own_hash
from calibration.plan import read as plan_of
from calibration.replayed import Seen
from sim import record
from sim.cli import main
from sim.errors import InputError
from sim.events import Event, Journal, Kind, Origin
from sim.settings.announced import as_known
from sim.settings.compose import load
from sim.show import backtested, forecasts

PACKAGED = Path(record.__file__).parents[2] / "seeds" / "record"
FEW = ("draws=4", "workers=1", "--quiet")
NEVER = date(2100, 1, 1)


# -- what the tests share ----------------------------------------------------------------


def posterior(folder: Path, until: str) -> Path:
    """A small posterior: eight draws of three quantities, from within their priors."""
    folder.mkdir(parents=True)
    n = np.arange(8)
    told = {
        "militia.base_rate": 0.05 + 0.01 * n,
        "militia.excitation": 0.2 + 0.05 * n,
        "militia.decay_days": 3.0 + n,
    }
    pq.write_table(pa.table(told), folder / "draws.parquet")
    conditions = list(plan_of("reference").conditions)
    about = {"name": folder.name, "scenario": "historical", "until": until}
    manifest = {**about, "conditions": conditions, "seed": 1}
    (folder / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    return folder


@pytest.fixture
def early(tmp_path: Path) -> str:
    """A posterior that ends where the reference fit does."""
    return str(posterior(tmp_path / "posteriors" / "early", "2020-07-01"))


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """One baseline of few draws beside Hawkes: fitting all of them takes a second an origin."""
    kept = tuple(b for b in baselines.BASELINES if b.name in ("all history", "Hawkes"))
    monkeypatch.setattr(simple, "BASELINES", kept)
    monkeypatch.setattr(study, "BASELINE_DRAWS", 60)


def changed_record(
    folder: Path, change: Callable[[list[dict[str, str]]], Iterable[dict[str, str]]]
) -> str:
    """A copy of the packaged record with other rows."""
    shutil.copytree(PACKAGED, folder)
    with (folder / "events.csv").open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file)
        heads, lines = list(reader.fieldnames or ()), list(reader)
    with (folder / "events.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, heads, lineterminator="\n")
        writer.writeheader()
        writer.writerows(change(lines))
    return str(folder)


def rocket_rows(lines: list[dict[str, str]], days: Iterable[date], name: str) -> Any:
    """Copies of a plain rocket attack on other days."""
    asked = {"event_kind": "rocket_attack", "tempo": "yes", "date_precision": "day", "doubt": "",
             "cause": ""}  # fmt: skip
    model = next(row for row in lines if asked.items() <= row.items())
    for n, day in enumerate(days):
        text = day.isoformat()
        dates = {"date": text, "date_low": text, "date_high": text}
        own = {"event_id": f"{name}{n:03d}", "note": f"number {n}"}
        yield {**model, **dates, **own, "order_in_day": "", "overlaps": ""}


def rocket(time: float, **fields: Any) -> Event:
    given: dict[str, Any] = {"id": f"r{time}", "precision": "day", "tempo": True}
    told = {"kind": Kind.ROCKET_ATTACK, "origin": Origin.REPLAYED, **given, **fields}
    return Event(time=time, **told)


def counts(attacks: list[int], rungs: list[int] | None = None) -> Days:
    """Days from Monday 6 January 2020."""
    return Days(date(2020, 1, 6), np.array(attacks), np.array(rungs or attacks))


# -- origins -----------------------------------------------------------------------------


def test_origins_are_the_mondays_of_the_window_and_windows_end_inside_the_record() -> None:
    days = mondays(date(2020, 7, 1), date(2021, 1, 1))
    assert all(day.weekday() == 0 for day in days)
    assert (days[0], days[-1], len(days)) == (date(2020, 7, 6), date(2020, 12, 28), 26)
    assert [len(scored(days, weeks, date(2021, 1, 1))) for weeks in HORIZONS] == [25, 22, 13]
    assert scored(days, 13, date(2021, 1, 1))[-1] == date(2020, 9, 28)
    assert mondays(date(2020, 7, 6), date(2020, 7, 7)) == [date(2020, 7, 6)]
    with pytest.raises(InputError, match="no Monday lies between"):
        mondays(date(2020, 7, 7), date(2020, 7, 13))


def test_a_record_knows_all_to_its_stated_end_else_to_its_last_row_or_as_somebody_says() -> None:
    mark = Event(id="m", time=400.0, kind=Kind.CALENDAR_MARK)
    told = [rocket(9.5), mark]
    assert record_end(Journal(date(2020, 1, 1), date(2020, 6, 1), told)) == date(2020, 6, 1)
    open_ended = Journal(date(2020, 1, 1), None, told)
    assert record_end(open_ended) == date(2020, 1, 11)
    assert record_end(open_ended, date(2020, 2, 1)) == date(2020, 2, 1)
    assert record_end(open_ended, date(2020, 1, 5)) == date(2020, 1, 11)


# -- what is known when ------------------------------------------------------------------


def test_what_was_announced_later_is_taken_out_of_a_scenario() -> None:
    settings = load([*plan_of("reference").conditions, "scenario=historical"])
    july, august = (as_known(settings, date(2020, month, 10)) for month in (7, 8))
    later = {
        *("dialogue_second", "prime_minister_in_washington", "staff_halved", "us_transition"),
        "depot_blasts_anniversary",
    }
    assert set(settings.timeline.marks) - set(july.timeline.marks) == later
    assert set(settings.timeline.marks) - set(august.timeline.marks) == {
        "staff_halved",
        "us_transition",
    }
    places = july.sites.places
    assert places["taji"].closed is None
    # Ten days' notice: of the handover on 25 July one knows from the 15th.
    assert places["basmaya"].closed is None
    told = as_known(settings, date(2020, 7, 16)).sites.places
    assert (told["basmaya"].closed, told["taji"].closed) == (date(2020, 7, 25), None)
    assert places["k1"] == settings.sites.places["k1"]
    before = as_known(settings, date(2020, 7, 4)).air_defence.batteries
    assert before["embassy_guns"].fielded == settings.scenario.end
    assert july.air_defence == settings.air_defence


def test_a_site_that_opens_later_stays_shut() -> None:
    settings = load(["scenario=historical", "sites.places.erbil.opened=2020-09-01"])
    site = as_known(settings, date(2020, 8, 3)).sites.places["erbil"]
    assert (site.opened, site.closed) == (settings.scenario.end, None)
    assert as_known(settings, date(2020, 9, 7)).sites == settings.sites.model_copy(
        update={"places": as_known(settings, date(2020, 9, 7)).sites.places}
    )


def test_a_posterior_that_has_seen_the_window_is_refused_with_what_to_take(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sim.settings.posterior.folders", lambda: [tmp_path])
    for name, until in [("a", "2020-07-01"), ("reference", "2020-07-01"), ("full", "2021-01-01")]:
        posterior(tmp_path / name, until)
    assert unseen.newest(date(2020, 7, 1)) == "reference"
    assert unseen.newest(date(2021, 1, 4)) == "full"
    with pytest.raises(InputError) as refusal:
        unseen.check("full", date(2020, 7, 6))
    for words in ("posterior=full", "2021-01-01", "2020-07-06", "posterior=reference"):
        assert words in str(refusal.value)
    with pytest.raises(InputError, match="rungs calibrate until=2020-06-30"):
        unseen.newest(date(2020, 6, 30))


def test_a_posterior_whose_chains_do_not_agree_is_not_chosen(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = tmp_path / "calibration" / "posteriors" / "mine"
    place.mkdir(parents=True)
    (place / "draws.parquet").touch()
    monkeypatch.chdir(tmp_path)
    for healthy, chosen in ((True, "mine"), (False, "reference")):
        told = {"until": "2020-07-06", "healthy": healthy}
        (place / "manifest.json").write_text(json.dumps(told), encoding="utf-8")
        assert unseen.newest(date(2020, 7, 6)) == chosen


def test_nothing_after_the_origin_reaches_a_future(early: str) -> None:
    asked = study.plan(posterior=early, draws=2)
    origin = date(2020, 8, 3)
    (job,) = futures.jobs(asked.main, asked.source, origin, 2)
    start = futures.prepared(job.settings, job.source, job.origin)
    cut = start.history.cut
    assert cut == (origin - date(2019, 5, 1)).days
    assert start.past
    assert all(event.time < cut for event in [*start.history.events, *start.past])
    seen = Seen(record.read(), origin)
    told = record.tempo(seen.before(origin))
    assert 0 < len(told) < len(record.tempo(record.read()))
    assert len(start.mask[Kind.ROCKET_ATTACK, ""]) == len(told), "whose blanks a report can have"
    with pytest.raises(InputError, match="only those before 2020-08-03 are known"):
        seen.before(origin + timedelta(days=1))


def test_a_poisoned_future_changes_no_forecast(tmp_path: Path, early: str, quick: None) -> None:
    """The attacks that came after are gone, and a hundred that never were stand there."""
    cut = "2020-08-31"

    def poison(lines: list[dict[str, str]]) -> Iterable[dict[str, str]]:
        named = {row["cause"] for row in lines}
        yield from (
            row for row in lines
            if row["date_high"] < cut or row["event_kind"] != "rocket_attack"
            or row["event_id"] in named
        )  # fmt: skip
        yield from rocket_rows(lines, [date(2020, 8, 31)] * 60 + [date(2020, 9, 9)] * 40, "Z")

    def antidote(lines: list[dict[str, str]]) -> Iterable[dict[str, str]]:
        yield from lines
        yield from rocket_rows(lines, [date(2020, 8, 29)] * 9, "Z")

    sound = changed_record(tmp_path / "sound", lambda lines: lines)
    poisoned = changed_record(tmp_path / "poisoned", poison)
    marks = Path(poisoned) / "timeline.csv"
    heads, *told_of = marks.read_text(encoding="utf-8").splitlines()
    marks.write_text("\n".join([heads, *(r for r in told_of if r < cut), ""]), encoding="utf-8")
    past = changed_record(tmp_path / "past", antidote)
    told = [foreseen(path, early) for path in (sound, poisoned, past)]
    assert told[0][0] == told[1][0]
    assert told[0][1] != told[1][1], "the next Monday knows of it"
    assert told[0][0] != told[2][0], "a past that is another changes the forecasts"


def foreseen(path: str, name: str) -> list[list[Any]]:
    """Every byte of the forecasts of 31 August and of 7 September, in turn."""
    asked = study.plan(path, date(2020, 8, 31), date(2020, 9, 8), name, ["workers=1"], draws=5)
    made = study.forecasts(asked)
    assert {f.forecaster for f in made} == {"rungs", "all history", "Hawkes", "climatology"}
    return [
        [
            (f.forecaster, f.reach, None if f.samples is None else f.samples.tobytes())
            for f in made
            if f.origin == origin
        ]
        for origin in asked.origins
    ]


# -- what is observed --------------------------------------------------------------------


def test_days_hold_the_tempo_series_and_the_highest_rung() -> None:
    events = [
        rocket(0.5),
        rocket(0.5, id="same day", coalition_wounded=2),
        rocket(3.5, tempo=False),
        rocket(8.5, precision="week", time_low=7.0, time_high=14.0),
        Event(id="strike", time=9.5, kind=Kind.AIRSTRIKE, origin=Origin.REPLAYED),
        rocket(12.5),
    ]
    days = days_of(Journal(date(2020, 1, 6), None, events), date(2020, 1, 18))
    assert days.attacks.tolist() == [2, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0]
    assert days.rungs.tolist() == [6, 0, 0, 0, 0, 0, 0, 0, 4, 0, 0, 0], "whose strike is unknown"
    assert (days.total(date(2020, 1, 6), 1), days.highest(date(2020, 1, 6), 1)) == (2, 6)
    with pytest.raises(ValueError, match="outside what is known"):
        days.total(date(2020, 1, 13), 1)


def test_climatology_is_the_share_of_past_windows() -> None:
    """28 days and one at rung 6 on day 20: windows begin whole weeks before the end."""
    days = counts([0] * 20 + [1] + [0] * 7, [0] * 20 + [6] + [0] * 7)
    assert climatology(days, 1, 6) == pytest.approx(1.5 / 5.0)
    assert climatology(days, 1, 7) == pytest.approx(0.5 / 5.0)
    assert climatology(days, 4, 6) == pytest.approx(1.5 / 2.0)
    assert climatology(days, 13, 6) == pytest.approx(0.5), "no window so long"


# -- scores ------------------------------------------------------------------------------


def line(name: str, samples: list[list[int]], observed: list[int], weeks: int = 1) -> Series:
    origins = [date(2020, 1, 6) + timedelta(weeks=n) for n in range(len(observed))]
    return Series(name, weeks, origins, np.array(samples, float), np.array(observed, float))


def test_a_row_has_the_quantiles_and_scores_of_its_forecast() -> None:
    (row,) = rows(line("rungs", [[0, 1, 1, 4]], [2]), seed=1)
    assert (row.mean, row.low50, row.median, row.high50, row.observed) == (1.5, 0.0, 1.0, 1.0, 2)
    assert (row.low90, row.high90, row.mass50, row.mass90) == (0.0, 4.0, 0.75, 1.0)
    assert row.crps == pytest.approx(0.5)
    # (|2 - 1| / 2 + (1 - 0.5)/2 * (1 + 4 * 1) + (1 - 0.9)/2 * 4) / 2.5
    assert row.interval_score == pytest.approx((0.5 + 0.25 * 5.0 + 0.05 * 4.0) / 2.5)
    assert (row.covered50, row.covered90, row.draws) == (False, True, 4)
    assert 3 / 5 < row.pit < 4 / 5


def test_every_forecaster_is_placed_by_the_same_luck() -> None:
    same = [[0, 1, 2, 3]] * 3
    one, two = (rows(line(name, same, [1, 1, 1]), seed=1) for name in ("rungs", "Hawkes"))
    assert [r.pit for r in one] == [r.pit for r in two]
    assert len({r.pit for r in one}) == 3


def test_only_windows_inside_the_record_are_scored() -> None:
    days = counts([1] * 14)
    samples = np.ones((3, 10), dtype=np.int64)
    made = [Forecast("rungs", date(2020, 1, 6) + timedelta(weeks=n), samples, {4: (0.5,) * 3})
            for n in range(2)]  # fmt: skip
    told = series(made, days, date(2020, 1, 20))
    assert [(s.weeks, len(s.origins), s.observed.tolist()) for s in told] == [(1, 2, [7.0, 7.0])]
    (reach,) = reaches(made[1], days, date(2020, 1, 20))
    assert (reach.rung, reach.highest, reach.reached, reach.brier) == (4, 1, False, 0.25)


def test_scores_and_comparisons_by_hand() -> None:
    """The model is right in each of four weeks, the baseline says 2 where 0 came."""
    told = [
        line("rungs", [[0, 0, 0, 0]] * 3 + [[2, 2, 2, 2]], [0, 0, 0, 2]),
        line("Hawkes", [[2, 2, 2, 2]] * 4, [0, 0, 0, 2]),
    ]
    made = [row for one in told for row in rows(one, seed=1)]
    reached = [
        Reach(date(2020, 1, 6), 1, name, rung, 0.5, 4, rung == 4, 0.25)
        for name, known in [("rungs", (4, 6, 7)), ("Hawkes", (4,)), ("climatology", (4, 6, 7))]
        for rung in known
    ]
    brief = {score.model: score for score in scores(told, made, reached)}
    assert [brief[name].crps for name in ("rungs", "Hawkes", "climatology")] == [0.0, 1.5, None]
    assert (brief["rungs"].least, brief["rungs"].most) == (1.0, 1.0)
    assert (brief["Hawkes"].least, brief["Hawkes"].most) == (1.0, 0.0)
    assert [brief["Hawkes"].brier4, brief["Hawkes"].brier6] == [0.25, None]
    assert brief["climatology"].brier7 == 0.25
    assert brief["Hawkes"].coverage50 == 0.25
    assert sum(brief["rungs"].pit) == 4
    (against,) = comparisons(made, seed=1)
    assert (against.baseline, against.crps_difference, against.better) == ("Hawkes", -1.5, 1.0)
    assert against.low90 is not None
    assert against.low90 <= -1.5 <= (against.high90 or 0.0)
    gain = sum(a.log_score - b.log_score for a, b in zip(made[:4], made[4:], strict=True)) / 2
    assert against.gain == pytest.approx(gain)
    assert against.gain_low90 is not None
    assert against.gain_low90 <= gain <= (against.gain_high90 or 0.0)


def test_an_interval_is_given_only_where_it_means_something() -> None:
    def compared(weeks: int, n: int) -> Comparison:
        told = [line(name, [[0, 1]] * n, [0] * n, weeks) for name in ("rungs", "Hawkes")]
        return comparisons([r for one in told for r in rows(one, 1)], 1)[0]

    assert compared(1, 2).low90 == 0.0
    assert compared(4, 8).low90 == 0.0
    assert compared(4, 7).low90 is None
    assert compared(13, 40).low90 is None
    assert compared(1, 9).gain is None, "no attack, no gain per attack"


def test_what_few_draws_leave_open_is_told() -> None:
    rng = np.random.default_rng(5)
    some = [line("rungs", rng.poisson(2.0, (30, m)).tolist(), [2] * 30) for m in (100, 10_000)]
    errors = [scores([one], rows(one, 1), [])[0].crps_error or 0.0 for one in some]
    assert 5.0 < errors[0] / errors[1] < 20.0, "a hundred times the draws, a tenth of the error"
    few = line("rungs", [[0, 1]], [0])
    assert scores([few], rows(few, 1), [])[0].crps_error is None


# -- aims --------------------------------------------------------------------------------


def judged(crps: float, first: date = date(2020, 7, 1), **fields: Any) -> dict[str, Any]:
    known = {"coverage50": 0.5, "coverage90": 0.9, "mass50": 0.6, "mass90": 0.9, **fields}
    told = [Score(name, 4, 22, crps=value, **known) for name, value in
            [("rungs", crps), ("Hawkes", 2.0), ("all history", 3.0)]]  # fmt: skip
    against = [Comparison("Hawkes", 4, crps - 2.0, -1.0, 0.1, 1 - crps / 2.0),
               Comparison("Hawkes", 1, 0.0, None, None, 0.0, 0.1, -0.2, 0.4)]  # fmt: skip
    return {aim.name: aim for aim in aims(told, against, first)}


def test_aims_are_judged_against_the_best_baseline_with_their_size() -> None:
    name = "CRPS 4 weeks ahead 15 % better than the best baseline"
    met, missed = judged(1.6)[name], judged(1.8)[name]
    assert met.met is True
    assert met.told.startswith("1.600 against 2.000 (Hawkes): 20.0 % better; 90 %")
    assert missed.met is False
    assert "10.0 % better, 5.0 points short" in missed.told
    assert judged(1.8)["CRPS 1 week ahead 5 % better than the best baseline"].met is None
    assert judged(1.8)["information gain per attack over Hawkes above 0"].met is True


def test_coverage_is_judged_at_both_levels() -> None:
    name = "coverage 4 weeks ahead: 50 % in 36–64 % and 90 % in 81–98 %"
    assert judged(1.8)[name].met is True
    assert judged(1.8, coverage50=0.7)[name].met is False
    assert judged(1.8, coverage90=0.99)[name].met is False
    assert "70 % and 90 % of 22 origins" in judged(1.8, coverage50=0.7)[name].told


def test_of_a_later_record_the_aim_is_to_be_no_worse() -> None:
    name = "CRPS 4 weeks ahead no worse than the best baseline"
    assert judged(2.0, date(2021, 1, 4))[name].met is True
    assert judged(2.1, date(2021, 1, 4))[name].met is False


# -- the whole ---------------------------------------------------------------------------


def test_workers_and_the_size_of_parts_change_no_number(
    early: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def made(workers: int, chunk: int) -> list[tuple[Any, ...]]:
        monkeypatch.setattr(futures, "CHUNK", chunk)
        asked = study.plan(None, date(2020, 9, 7), date(2020, 9, 15), early,
                           [f"workers={workers}"], draws=8)  # fmt: skip
        own = study.simulated(asked, study.Count(1, None))
        return [(f.origin, f.reach, np.asarray(f.samples).tobytes()) for f in own]

    assert made(1, 8) == made(2, 3)


def test_refitting_gives_each_origin_its_own_posterior(tmp_path: Path, early: str) -> None:
    late = str(posterior(tmp_path / "posteriors" / "late", "2020-08-01"))
    asked = study.plan(None, date(2020, 7, 27), date(2020, 8, 12),
                       lambda origin: late if origin >= date(2020, 8, 1) else early)  # fmt: skip
    assert list(asked.posteriors.values()) == [early, late, late]
    assert [s.posterior for s in asked.settings.values()] == [early, late]
    with pytest.raises(InputError, match="forecasts begin on 2020-07-27"):
        study.plan(None, date(2020, 7, 27), date(2020, 8, 12), lambda origin: late)


def test_a_prior_that_knows_what_came_later_makes_no_forecast(early: str) -> None:
    """Also of a quantity that no fit moves: here the scenario's own, from December 2020."""
    key = "observers.revisions.factor"
    told = "{prior: uniform, low: 1, high: 7, source: S4, evidence_until: 2020-12-24}"
    with pytest.raises(InputError, match=rf"^{key} .* ends before 2020-07-01"):
        study.plan(None, date(2020, 7, 1), None, early, [f"{key}={told}"])
    study.plan(None, date(2020, 7, 1), None, early)


def test_a_record_that_goes_on_past_2020_just_works(
    tmp_path: Path, quick: None, capsys: pytest.CaptureFixture[str]
) -> None:
    days = [date(2021, 1, n) for n in (5, 14, 20, 31)]
    folder = changed_record(
        tmp_path / "longer", lambda lines: [*lines, *rocket_rows(lines, days, "Y")]
    )
    name = str(posterior(tmp_path / "posteriors" / "whole", "2021-01-01"))
    words = [f"record={folder}/events.csv", "from=2021-01-04", f"posterior={name}", *FEW]
    told = answered([*words, "--json", "--out", str(tmp_path / "out")], capsys)
    assert told["end"] == "2021-02-01"
    assert told["origins"] == {"1": 4, "4": 1, "13": 0}
    assert {s["horizon_weeks"] for s in told["scores"]} == {1, 4}
    table = pq.read_table(tmp_path / "out" / "forecasts.parquet").to_pylist()
    came = {r["origin"]: r["observed"] for r in table if r["horizon_weeks"] == 1}
    assert list(came.values()) == [1, 1, 1, 1]
    assert any("no worse than the best baseline" in aim["name"] for aim in told["aims"])
    page = (tmp_path / "out" / "report.html").read_text(encoding="utf-8")
    met = [aim["met"] for aim in told["aims"]]
    judged, rest = len(met) - met.count(None), met.count(None)
    assert rest > 0, "no window of thirteen weeks"
    for found, words in ((met.count(True), "met"), (met.count(False), "missed")):
        assert f"{found} of {judged} aims are {words}, {rest} more could not be judged" in page


def said(words: Iterable[str], capsys: pytest.CaptureFixture[str]) -> str:
    status = main(["backtest", *words])
    out, err = capsys.readouterr()
    assert status == 0, err
    return out


def answered(words: Iterable[str], capsys: pytest.CaptureFixture[str]) -> dict[str, Any]:
    told: dict[str, Any] = json.loads(said(words, capsys))
    return told


SEPTEMBER = ("from=2020-09-07", "to=2020-09-22")


@pytest.fixture
def _elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


@pytest.mark.usefixtures("_elsewhere")
def test_the_aims_come_first_and_everything_is_saved(
    early: str, quick: None, capsys: pytest.CaptureFixture[str]
) -> None:
    out = said([f"posterior={early}", *SEPTEMBER, *FEW, "--out", "b"], capsys)
    lines = out.splitlines()
    assert lines[2].endswith("they were fixed in advance, nothing was tuned.")
    assert lines[3].split()[0] in ("met", "MISSED")
    assert "3 of 1 week, 3 of 4 weeks, 3 of 13 weeks" in " ".join(lines)
    assert {path.name for path in Path("b").iterdir()} == {
        *("manifest.json", "config.yaml", "report.html", "scores.csv"),
        *("forecasts.parquet", "rungs.parquet", "backtest.json"),
    }
    table = pq.read_table("b/forecasts.parquet").to_pylist()
    assert len(table) == 3 * 3 * 3, "origins, horizons, forecasters"
    assert set(Row._fields) == set(table[0])
    manifest = json.loads(Path("b/manifest.json").read_text(encoding="utf-8"))
    assert manifest["status"] == "complete"
    (made_by,) = manifest["backtest"]["posteriors"]
    draws = (Path(early) / "draws.parquet").read_bytes()
    assert made_by == {"name": "early", "until": "2020-07-01",
                       "posterior_sha256": hashlib.sha256(draws).hexdigest()}  # fmt: skip
    page = Path("b/report.html").read_text(encoding="utf-8")
    assert page.count('<figure class="plot"') == 6
    futures = yaml.safe_load(Path("b/config.yaml").read_text(encoding="utf-8"))["replications"]
    assert f"draws={futures}" in FEW
    assert f"{futures} independent futures of each Monday" in page
    for name in ("status", "ended", "replications"):
        assert f'<th scope="row">{name}</th><td>{manifest[name]}</td>' in page
    told = json.loads(Path("b/backtest.json").read_text(encoding="utf-8"))
    met = sum(bool(aim["met"]) for aim in told["aims"])
    verdict = page.partition("<dl")[2].partition("</dl>")[0]
    assert f"{met} of " in verdict
    assert "1 week ahead: " in verdict, "which counts lie outside the intervals"
    heads = Path("b/scores.csv").read_text(encoding="utf-8").splitlines()[0].split(",")
    assert heads[:4] == ["model", "horizon_weeks", "origins", "crps"]
    assert {"crps_difference", "gain", "brier6", "pit"} <= set(heads)


@pytest.mark.usefixtures("_elsewhere")
def test_what_is_kept_tells_what_it_was_made_from_and_can_be_a_page(
    early: str, quick: None, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    words = [f"posterior={early}", *SEPTEMBER, *FEW, "--json", "--out", "b"]
    printed = answered(words, capsys)
    assert json.loads(Path("b/backtest.json").read_text(encoding="utf-8")) == printed
    folder = json.loads(Path("b/manifest.json").read_text(encoding="utf-8"))
    for name in ("identity", "code_sha256", "record", "record_sha256"):
        assert printed[name] == folder[name]
    assert printed["posteriors"][0]["posterior_sha256"] == folder["posterior_sha256"]
    assert printed["calibration_sha256"] == own_hash() != printed["backtest_sha256"]
    monkeypatch.setattr(backtested, "RESULTS", Path("b"))
    about = backtested.read().about
    made_from = ("identity", "posteriors", "backtest_sha256")
    assert [about[name] for name in made_from] == [printed[name] for name in made_from]
    assert "Posterior early, which has seen" in forecasts.lines(about)[0]


@pytest.mark.usefixtures("_elsewhere")
def test_json_keeps_its_names(early: str, quick: None, capsys: pytest.CaptureFixture[str]) -> None:
    told = answered([f"posterior={early}", *SEPTEMBER, *FEW, "--json"], capsys)
    names = {"model", "horizon_weeks", "crps", "log_score", "coverage50", "coverage90", "origins"}
    assert all(names <= set(score) for score in told["scores"])
    assert {s["model"] for s in told["scores"]} == {"rungs", "all history", "Hawkes"}
    assert set(told["information_gain"]) == {"all history", "Hawkes"}
    assert next(Path("outputs").iterdir()).name.startswith("backtest-")


@pytest.mark.usefixtures("_elsewhere")
@pytest.mark.parametrize(
    ("words", "reason"),
    [
        (["from=2020-06-29"], "it has seen the record until 2020-07-01"),
        (["from=July"], "from=July: not a date"),
        (["from=2020-09-08", "to=2020-09-13"], "no Monday lies between"),
        (["from=2020-12-28"], "no week from a Monday ends inside the record, by 2021-01-01"),
        (["from=2021-03-01"], "outside the record"),
        (["draws=1"], "draws=1"),
        (["draws=many"], "draws=many"),
        (["scenario=summer_2020"], "the posterior says"),
        (["scenario.end=2021-06-01"], "from= and to="),
        (["replications=9"], "draws=N"),
        (["posterior=refrence"], "no such posterior"),
        (["record=nowhere.csv"], "nowhere.csv"),
        (["militia.base_rate=99"], "99 is outside"),
        (["something"], "no override"),
    ],
)
def test_a_wrong_backtest_is_refused_and_nothing_is_written(
    words: list[str], reason: str, early: str, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    named = [] if any(word.startswith("posterior=") for word in words) else [f"posterior={early}"]
    assert main(["backtest", *named, *words]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert reason in err
    assert len(err.strip().splitlines()) <= 3
    assert not (tmp_path / "outputs").exists()


def test_a_baseline_forecasts_from_what_was_seen_alone() -> None:
    """All history, by hand: its draws are those of the days before the origin."""
    origin = date(2020, 7, 6)
    source = Source(None, record.hash_of_data())
    made = {f.forecaster: f for f in simple.work(simple.Job(source, origin, 50, 1))}
    seen = [e for e in record.tempo(record.read()) if e.time < (origin - date(2019, 5, 1)).days]
    mean = (len(seen) + 0.5) / (origin - date(2019, 5, 1)).days * 7
    samples = made["all history"].samples
    assert samples is not None
    assert samples.shape == (3, 50)
    assert abs(samples[0].mean() - mean) < 5 * (mean / 50) ** 0.5, "false alarms: 1 in a million"
    assert made["climatology"].samples is None
    assert set(made["climatology"].reach) == {4, 6, 7}
    assert set(made["Hawkes"].reach) == {4}
    assert PoissonGamma("all history") in baselines.BASELINES
