"""The same bytes under any number of workers; what was finished is kept."""

from __future__ import annotations

import hashlib
import json
import os
import signal

import pytest
import yaml

from sim import ladder, record
from sim.errors import InputError, RungsError
from sim.events import Kind
from sim.settings.compose import judge, load
from sim.study import runs, work
from sim.study.executor import each

SHORT = ["scenario=summer_2020", "replications=60"]


def made(folder, *more, progress=None):
    return runs.run(load([*SHORT, *more]), folder, progress)


def hashes(folder):
    files = sorted(folder.glob("*.parquet"))
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


@pytest.fixture(scope="module")
def once(tmp_path_factory):
    folder = tmp_path_factory.mktemp("once") / "run"
    return made(folder, "workers=1")


def test_one_two_and_four_workers_write_the_same_bytes(once, tmp_path):
    expected = hashes(once.folder.path)
    assert len(expected) == 3 * 3 + 1  # three chunks of three tables, and the summary
    for workers in (2, 4):
        made(tmp_path / str(workers), f"workers={workers}")
        assert hashes(tmp_path / str(workers)) == expected


def test_another_seed_is_another_run(once, tmp_path):
    made(tmp_path / "other", "workers=1", "seed=2")
    assert not set(hashes(tmp_path / "other").values()) & set(hashes(once.folder.path).values())


def test_the_manifest_tells_all(once):
    told = once.folder.manifest()
    assert told["status"] == "complete"
    assert told["exception"] is None
    assert told["files_sha256"] == hashes(once.folder.path)
    assert told["seed"] == 20190501
    assert told["record_sha256"] == record.hash_of_data()
    assert {"versions", "environment", "code_sha256", "argv", "started", "ended"} <= set(told)


def test_the_configuration_reads_back(once):
    told = yaml.safe_load((once.folder.path / "config.yaml").read_text())
    assert judge(told) == once.settings


def test_paths_and_summary_are_rebuilt_from_events_alone(once):
    rows = once.arrow("replications").to_pylist()
    paths = once.arrow("paths").to_pylist()
    for number in range(0, 60, 7):
        journal = once.journal(number)
        rungs = ladder.rate(journal)
        row = rows[number]
        assert row["true_rocket_attacks"] == len(journal.where(Kind.ROCKET_ATTACK))
        assert row["true_convoy_attacks"] == len(journal.where(Kind.CONVOY_ATTACK))
        assert row["true_highest_rung"] == max((r.rung for r in rungs), default=0)
        steps = [(p["time"], p["rung"]) for p in paths if p["replication"] == number]
        assert steps == [(s.time, s.rung) for s in ladder.path(rungs, 0.0, 24.0)]
    assert runs.summary(once.arrow("replications")).equals(once.arrow("summary"))


def test_how_much_of_a_journal_is_kept(tmp_path):
    kinds = {}
    for how in ("full", "attacks", "none"):
        made(tmp_path / how, "workers=1", f"journal={how}", "replications=5")
        told = runs.read(tmp_path / how)
        if how == "none":
            with pytest.raises(RungsError, match="journal=full"):
                told.arrow("events")
        else:
            kinds[how] = set(told.arrow("events")["kind"].to_pylist())
    assert kinds["attacks"] < kinds["full"]
    assert "launch" not in kinds["attacks"]


def test_an_interrupted_run_goes_on_to_the_same_bytes(once, tmp_path):
    def stop(done, total):
        if done >= 25:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        made(tmp_path / "cut", "workers=1", progress=stop)
    cut = runs.RunFolder(tmp_path / "cut")
    assert cut.manifest()["status"] == "interrupted"
    assert "KeyboardInterrupt" in cut.manifest()["exception"]
    assert cut.has(0)
    assert not cut.has(2)
    with pytest.raises(InputError, match="interrupted, not complete"):
        runs.read(cut.path)
    made(tmp_path / "cut", "workers=2")
    assert hashes(cut.path) == hashes(once.folder.path)
    assert cut.manifest()["status"] == "complete"


def test_a_finished_run_is_not_computed_again(once, monkeypatch):
    monkeypatch.setattr(runs, "work", lambda job: pytest.fail("computed again"))
    again = made(once.folder.path, "workers=1")
    assert again.arrow("summary").equals(once.arrow("summary"))


def test_a_failed_run_says_why(tmp_path, monkeypatch):
    monkeypatch.setattr(runs, "work", lambda job: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        made(tmp_path / "bad", "workers=1")
    told = json.loads((tmp_path / "bad" / "manifest.json").read_text())
    assert told["status"] == "failed"
    assert "ZeroDivisionError" in told["exception"]


def _die(number):
    if number == 3:
        os.kill(os.getpid(), signal.SIGKILL)
    return number


@pytest.mark.timeout(60)
def test_a_killed_worker_is_an_error_and_no_hang():
    with pytest.raises(RungsError, match="a worker process died"):
        list(each(_die, range(8), 2))


def test_chunks_do_not_depend_on_workers():
    one, four = load([*SHORT, "workers=1"]), load([*SHORT, "workers=4"])
    spans = [[(j.number, j.first, j.last) for j in work.chunks(s, "x")] for s in (one, four)]
    assert spans[0] == spans[1] == [(0, 0, 25), (1, 25, 50), (2, 50, 60)]
