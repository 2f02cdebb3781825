"""The Python interface: tables are frames, unknown stays unknown, nothing is printed."""

from __future__ import annotations

import pytest

import sim
from sim.errors import InputError


@pytest.fixture(scope="module")
def runs():
    scenario = sim.scenario("summer_2020", retaliation="never", **{"militia.base_rate": 0.3})
    return sim.run(scenario, replications=30, workers=1)


def test_groups_and_keys_reach_the_scenario(runs):
    assert runs.settings.retaliation.title.startswith("no strike")
    assert runs.settings.militia.base_rate.value == 0.3
    assert runs.settings.replications == 30


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
