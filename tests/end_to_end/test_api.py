"""The Python interface: tables are frames, unknown stays unknown, nothing is printed."""

from __future__ import annotations

import subprocess
import sys
from datetime import date, datetime
from pathlib import Path

import pandas as pd
import pytest

import sim
from sim.errors import InputError, RungsError


@pytest.fixture(scope="module")
def runs():
    scenario = sim.scenario("summer_2020", retaliation="never", **{"militia.base_rate": 0.3})
    return sim.run(scenario, replications=30, workers=1)


def test_groups_and_keys_reach_the_scenario(runs):
    assert runs.settings.retaliation.title.startswith("no strike")
    assert runs.settings.militia.base_rate.value == 0.3
    assert runs.settings.replications == 30


@pytest.mark.parametrize("source", ["x", "it's a \\'guess\\", "a: b, {c} # d"])
def test_a_prior_can_be_a_dict(source):
    told = {"prior": "uniform", "low": 0.1, "high": 0.2, "source": source}
    rate = sim.scenario("summer_2020", **{"militia.base_rate": told}).militia.base_rate
    assert (rate.prior, rate.low, rate.high, rate.source) == ("uniform", 0.1, 0.2, source)


def test_lists_dates_and_truth_values_reach_the_scenario():
    values = {"air_defence.sirens": ["taji"], "scenario.end": date(2020, 9, 1), "truce.on": False}
    told = sim.scenario("summer_2020", **values)
    assert list(told.air_defence.sirens) == ["taji"]
    assert (told.scenario.end, told.truce.on) == (date(2020, 9, 1), False)


def test_what_is_printed_says_what_it_is_in_a_line(runs):
    policy = "summer_2020: no strike, whatever happens"
    assert repr(runs) == f"Runs(Settings({policy}; 30 replications, seed {runs.settings.seed}))"
    assert str(runs.settings) in repr(runs)
    asked = {"retaliation": "never", "against": "historical", "horizon": "5d", "replications": 1}
    told = repr(sim.branch("2020-03-12", **asked, workers=1))
    assert told == "Branch(never, historical; 2020-03-12 to 2020-03-17, 1 of each)"


def test_a_date_may_be_a_date():
    asked = {"retaliation": "never", "against": "historical", "horizon": "5d", "replications": 1}
    one, two = (sim.branch(day, **asked, workers=1) for day in (date(2020, 3, 12), "2020-03-12"))
    assert one.plan.identity() == two.plan.identity()
    with pytest.raises(InputError, match="date=2020-03-12 01:00:00: not a date"):
        sim.branch(datetime(2020, 3, 12, 1), **asked)


@pytest.mark.parametrize("wrong", ["historical", None])
def test_a_run_takes_a_scenario_and_not_its_name(wrong):
    with pytest.raises(InputError, match=r"write sim\.run\(sim\.scenario\('historical'\)\)"):
        sim.run(wrong)


def test_a_comparison_notes_what_part_of_the_window_a_record_knows(runs, tmp_path):
    assert runs.compare().attrs["note"] == ""
    mine = tmp_path / "mine.csv"
    lines = (Path(sim.record.__file__).parents[2] / "seeds/record/events.csv").read_text("utf-8")
    kept = [row for row in lines.splitlines() if not row.split(",")[1] >= "2020-08"]
    mine.write_text("\n".join([lines.splitlines()[0], *kept]), encoding="utf-8")
    told = runs.compare(mine).attrs["note"]
    assert f"the record {mine} knows 2020-07-24" in " ".join(told.split())


def test_tables_join_by_replication(runs):
    assert set(runs.replications()["replication"]) == set(range(30))
    assert set(runs.paths()["replication"]) == set(range(30))
    keys = ["study", "point", "replication"]
    assert list(runs.events().columns[:3]) == list(runs.paths().columns[:3]) == keys


def test_unknown_stays_unknown(runs):
    events = runs.events()
    launches = events[events["kind"] == "launch"]
    assert launches["impacted"].isna().all()
    assert runs.replications()["strike_lag"].isna().all()  # nobody strikes


def test_the_summary_counts_who_knows(runs):
    summary = runs.summary().set_index("measure")
    assert summary.loc["rocket_attacks", "known"] == 30
    assert summary.loc["strike_lag", "known"] == 0


def test_compare_is_a_frame(runs):
    frame = runs.compare().set_index("pattern")
    assert frame.loc["rocket_attacks", "recorded"] == 11
    assert 0.0 <= frame.loc["rocket_attacks", "p_value"] <= 1.0


def test_one_journal_is_read_back(runs):
    journal = runs.journal(3)
    assert len(journal) == (runs.events()["replication"] == 3).sum()
    with pytest.raises(InputError, match="0 to 29"):
        runs.journal(30)


def test_nothing_is_printed_or_written(capsys, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    told = []
    sim.run(
        sim.scenario("summer_2020"), replications=30, workers=1, progress=lambda *a: told.append(a)
    )
    out, error = capsys.readouterr()
    assert (out, error) == ("", "")
    assert list(tmp_path.iterdir()) == []
    assert told == [(25, 30), (30, 30)]


def test_a_folder_reads_back_as_it_was_run(tmp_path):
    made = sim.run(sim.scenario("summer_2020"), replications=4, workers=1, out=tmp_path / "run")
    read = sim.read(tmp_path / "run")
    assert read.settings == made.settings
    assert read.events().equals(made.events())
    assert sim.run(made.settings).events().equals(made.events())


def test_a_wrong_name_says_the_nearest():
    with pytest.raises(InputError, match="did you mean 'historical'"):
        sim.scenario("histrical")
    with pytest.raises(InputError, match="workers = 0"):
        sim.run(sim.scenario(), workers=0)
    with pytest.raises(AttributeError, match="no attribute 'runn'"):
        _ = sim.runn


def test_columns_are_typed(runs):
    events, replications, paths = runs.events(), runs.replications(), runs.paths()
    for frame in (events, replications, paths, runs.summary()):
        assert isinstance(frame, pd.DataFrame)
    for frame in (events, replications, paths):
        assert pd.api.types.is_string_dtype(frame["study"])
        assert pd.api.types.is_integer_dtype(frame["point"])
        assert pd.api.types.is_integer_dtype(frame["replication"])
    assert pd.api.types.is_integer_dtype(events["fired"])  # though many events fire nothing
    assert pd.api.types.is_float_dtype(events["time"])
    assert pd.api.types.is_bool_dtype(events["tempo"])
    assert pd.api.types.is_integer_dtype(replications["true_highest_rung"])
    assert pd.api.types.is_float_dtype(replications["true_sustained_exchange"])  # a day
    assert pd.api.types.is_float_dtype(replications["drawn.militia.excitation"])
    assert pd.api.types.is_integer_dtype(paths["rung"])


def test_an_unknown_count_is_no_zero(runs):
    events = runs.events()
    closures = events[events["kind"] == "site_closed"]
    assert len(closures)
    assert closures["fired"].isna().all()
    assert events["fired"].sum() == events["fired"].dropna().sum() > 0


def test_what_is_drawn_is_told_and_what_is_set_is_not(runs):
    drawn = {name for name in runs.replications() if name.startswith("drawn.")}
    assert "drawn.militia.excitation" in drawn
    assert "drawn.militia.base_rate" not in drawn


def test_a_study_s_own_numbers_replace_the_scenario_s_and_leave_it_alone():
    scenario = sim.scenario("summer_2020")
    before = scenario.model_dump()
    told = sim.run(scenario, replications=2, seed=9, workers=1, journal="none").settings
    assert (told.replications, told.seed, told.workers, told.journal) == (2, 9, 1, "none")
    assert scenario.model_dump() == before
    assert told.militia == scenario.militia


def test_the_seed_decides(runs):
    again = sim.run(runs.settings, workers=2)
    other = sim.run(runs.settings, workers=1, seed=9)
    assert again.events().equals(runs.events())
    assert again.replications().equals(runs.replications())
    assert not other.events().equals(runs.events())


def test_more_replications_begin_with_the_same_ones(runs):
    more = sim.run(runs.settings, replications=40, workers=1).events().drop(columns="study")
    fewer = runs.events().drop(columns="study")
    assert more[more["replication"] < 30].reset_index(drop=True).equals(fewer)


def test_progress_only_grows_under_several_workers():
    told = []
    scenario = sim.scenario("summer_2020")
    sim.run(scenario, replications=110, workers=2, progress=lambda *a: told.append(a))
    assert len(told) == 5
    assert [total for _, total in told] == [110] * 5
    assert [done for done, _ in told] == sorted({done for done, _ in told})
    assert told[-1] == (110, 110)


def test_a_finished_folder_reports_no_progress_and_is_the_same(tmp_path):
    scenario, told = sim.scenario("summer_2020"), []
    first = sim.run(scenario, replications=3, workers=1, out=tmp_path / "run")
    again = sim.run(scenario, replications=3, workers=1, out=tmp_path / "run", progress=told.append)
    assert told == []
    assert again.replications().equals(first.replications())


def test_in_memory_and_on_disk_are_the_same_tables(tmp_path):
    scenario = sim.scenario("summer_2020")
    memory = sim.run(scenario, replications=3, workers=1)
    disk = sim.run(scenario, replications=3, workers=1, out=str(tmp_path / "run"))
    for table in ("events", "replications", "paths", "summary"):
        assert getattr(memory, table)().equals(getattr(disk, table)()), table
    assert (memory.folder, disk.folder.path) == (None, tmp_path / "run")
    assert disk.compare().equals(memory.compare())


def test_a_run_that_kept_no_journal_says_how_to_keep_one():
    runs = sim.run(sim.scenario("summer_2020"), replications=2, workers=1, journal="none")
    assert len(runs.replications()) == 2
    with pytest.raises(RungsError, match="run it again with journal=full"):
        runs.events()


def test_wrong_values_are_refused_before_anything_is_written(tmp_path):
    scenario = sim.scenario("summer_2020")
    for wrong in ({"replications": 0}, {"seed": -1}, {"workers": 0}, {"journal": "some"}):
        (key,) = wrong
        with pytest.raises(InputError, match=f"^{key} = "):
            sim.run(scenario, out=tmp_path / "run", **wrong)
    with pytest.raises(InputError, match="no run folder"):
        sim.read(tmp_path / "run")
    assert list(tmp_path.iterdir()) == []


def test_a_folder_of_something_else_is_refused(tmp_path):
    sim.run(sim.scenario("summer_2020"), replications=1, workers=1, out=tmp_path)
    with pytest.raises(InputError, match="already holds something else"):
        sim.run(sim.scenario("summer_2020"), replications=2, workers=1, out=tmp_path)


def test_a_scenario_of_one_s_own(tmp_path):
    (tmp_path / "scenario").mkdir()
    (tmp_path / "scenario" / "week.yaml").write_text(
        "name: week\ntitle: one week\nabout: a test\n"
        "start: 2020-06-01\nend: 2020-06-08\nhistory: record\n"
    )
    scenario = sim.scenario("week", config_dir=str(tmp_path), **{"militia.base_rate": 1})
    assert scenario.days == 7
    assert sim.run(scenario, replications=2, workers=1).replications().shape[0] == 2


def test_checks_and_compare_say_the_same(runs):
    frame, checks = runs.compare(), runs.checks()
    assert list(frame["pattern"]) == [check.pattern for check in checks]
    assert list(frame["verdict"]) == [check.verdict for check in checks]
    low, median, high = frame["low90"], frame["median"], frame["high90"]
    assert ((low <= median) & (median <= high))[median.notna()].all()


def test_the_example_of_the_package_runs_as_a_script(tmp_path):
    """As `help(sim)` shows it: no guard, the scenario's own two workers."""
    script = tmp_path / "script.py"
    script.write_text(
        'import sim\n\ns = sim.scenario("summer_2020", retaliation="never")\n'
        "print(len(sim.run(s, replications=60).replications()))\n"
    )
    told = subprocess.run([sys.executable, script], capture_output=True, text=True, timeout=60)
    assert (told.returncode, told.stdout) == (0, "60\n")


def test_every_file_of_a_table_has_the_same_columns(tmp_path):
    quiet = {"militia.base_rate": 0.002, "militia.excitation": 0}
    scenario = sim.scenario("summer_2020", convoys="none", **quiet)
    runs = sim.run(scenario, replications=100, workers=1, out=tmp_path / "run")
    first, *others = [table.schema for table in runs.folder.tables("replications")]
    assert all(schema.equals(first) for schema in others)


def test_the_package_offers_what_it_says():
    for name in sim.__all__:
        assert getattr(sim, name) is not None
