"""The same bytes under any number of workers; what was finished is kept."""

from __future__ import annotations

import hashlib
import json
import math
import os
import signal
import subprocess
import sys
import time
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from pathlib import Path

import pytest
import yaml

from sim import ladder, measures, record
from sim.errors import InputError, RungsError
from sim.events import Kind
from sim.settings.compose import judge, load
from sim.study import runs, work
from sim.study.executor import each
from sim.study.jobs import AHEAD

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


def _quantile(known, level):
    """The smallest value that at least `level` of the values do not exceed."""
    return sorted(known)[max(0, math.ceil(level * len(known)) - 1)]


def test_every_table_is_rebuilt_from_events_alone(once):
    settings, mask = once.settings, measures.mask_of(record.read())
    rows = once.arrow("replications").to_pylist()
    paths = once.arrow("paths").to_pylist()
    rebuilt = []
    for number, row in enumerate(rows):
        journal = once.journal(number)
        truth = ladder.statistics(ladder.rate(journal), 0.0, float(settings.days))
        told = work.replication_row(journal, truth, settings, number, mask)
        drawn = {name for name in row if name.startswith("drawn.")}
        assert set(row) - drawn - {"study", "point"} == set(told)
        assert {name: row[name] for name in told} == told
        kept = [p for p in paths if p["replication"] == number]
        steps = work.path_rows(truth, number)
        assert [{k: p[k] for k in steps[0]} for p in kept] == steps
        rebuilt.append(told)
    for line in once.arrow("summary").to_pylist():
        if not line["measure"].startswith("drawn."):
            known = [v for row in rebuilt if (v := row[line["measure"]]) is not None]
            assert line["known"] == len(known)
            levels = {name: _quantile(known, q) for name, q in runs.QUANTILES.items() if known}
            assert {name: line[name] for name in levels} == levels
            if known:
                assert line["mean"] == pytest.approx(math.fsum(known) / len(known))


def test_every_row_says_its_study_and_replication(once):
    study = once.folder.manifest()["identity"][:12]
    for kind in ("events", "replications", "paths"):
        rows = once.arrow(kind).select(["study", "point", "replication"]).to_pylist()
        assert {(row["study"], row["point"]) for row in rows} == {(study, 0)}
        assert sorted({row["replication"] for row in rows}) == list(range(60))


def test_no_temporary_file_is_left(once):
    assert [path.name for path in once.folder.path.iterdir() if path.name.startswith(".")] == []


def test_a_half_written_file_is_no_finished_chunk(once, tmp_path):
    """As a machine that lost its power leaves it: the last chunk's last table in part."""
    made(tmp_path / "cut", "workers=1")
    folder = runs.RunFolder(tmp_path / "cut")
    whole = folder.path / "paths-00002.parquet"
    (folder.path / ".paths-00002.parquet.part").write_bytes(whole.read_bytes()[:100])
    whole.unlink()
    folder.note(status="running")
    made(folder.path, "workers=1")
    assert hashes(folder.path) == hashes(once.folder.path)


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


def _die_at_the_second_chunk(job):
    if job.number == 1:
        os.kill(os.getpid(), signal.SIGKILL)
    return work.work(job)


@pytest.mark.timeout(60)
def test_a_run_whose_worker_is_killed_goes_on_to_the_same_bytes(once, tmp_path, monkeypatch):
    monkeypatch.setattr(runs, "work", _die_at_the_second_chunk)
    with pytest.raises(RungsError, match="a worker process died"):
        made(tmp_path / "hurt", "workers=2")
    monkeypatch.undo()
    told = runs.RunFolder(tmp_path / "hurt").manifest()
    assert told["status"] == "failed"
    assert "a worker process died" in told["exception"]
    made(tmp_path / "hurt", "workers=2")
    assert hashes(tmp_path / "hurt") == hashes(once.folder.path)


def _fail(number):
    if number == 3:
        raise ValueError("three")
    return number


@pytest.mark.timeout(60)
def test_an_exception_in_a_worker_comes_home():
    with pytest.raises(ValueError, match="three"):
        list(each(_fail, range(8), 2))


@pytest.mark.timeout(60)
def test_jobs_are_handed_out_a_few_at_a_time():
    asked = []

    def jobs():
        for number in range(100):
            asked.append(number)
            yield number

    found = each(_same, jobs(), 2)
    next(found)
    assert len(asked) <= 2 * AHEAD + 2
    assert len(list(found)) == 99
    assert len(asked) == 100


def _same(number):
    return number


LONG = ["scenario=summer_2020", "replications=2000", "workers=2"]


def _begun(folder: Path) -> subprocess.Popen[str]:
    """A run in a process of its own, once some of its chunks are finished."""
    process = subprocess.Popen(
        [sys.executable, "-m", "sim", "run", *LONG, "--out", str(folder)],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    for _ in range(2400):  # two minutes: the machine may be busy with other things
        if len(list(folder.glob("paths-*.parquet"))) >= 2:
            return process
        time.sleep(0.05)
    process.kill()
    pytest.fail(f"nothing finished: {process.communicate()}")


def _descendants(pid: int) -> set[int]:
    parents = {}
    for status in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = status.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        parents[int(status.parent.name)] = int(fields[1])
    found, before = {pid}, set()
    while found != before:
        before = set(found)
        found |= {child for child, parent in parents.items() if parent in found}
    return found - {pid}


def _alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="processes are looked up in /proc")
@pytest.mark.timeout(120)
@pytest.mark.parametrize(("number", "status"), [("SIGINT", "interrupted"), ("SIGKILL", "running")])
def test_a_stopped_command_leaves_no_worker_and_keeps_its_chunks(number, status, tmp_path):
    folder = tmp_path / "run"
    process = _begun(folder)
    workers = _descendants(process.pid)
    assert workers
    process.send_signal(getattr(signal, number))
    out, error = process.communicate(timeout=30)
    for _ in range(200):
        if not any(_alive(pid) for pid in workers):
            break
        time.sleep(0.05)
    assert not any(_alive(pid) for pid in workers)
    told = runs.RunFolder(folder)
    assert told.manifest()["status"] == status
    if number == "SIGINT":
        assert (process.returncode, out) == (1, "")
        assert error.strip().splitlines()[-1] == (
            "stopped; finished work is kept: give the same command again to go on"
        )
    done = sorted(folder.glob("paths-*.parquet"))
    assert 2 <= len(done) < 80
    kept = {path: path.stat().st_mtime_ns for path in done}
    with pytest.raises(InputError, match=f"the run is {status}, not complete"):
        runs.read(folder)
    seen = []

    def stop(finished, total):
        seen.append((finished, total))
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        runs.run(load([*LONG, "workers=1"]), folder, stop)
    assert seen == [((len(done) + 1) * work.CHUNK, 2000)]
    assert {path: path.stat().st_mtime_ns for path in done} == kept


@pytest.mark.timeout(120)
def test_a_second_ctrl_c_is_heard_once_the_workers_are_gone(monkeypatch):
    """Heard at once, it would leave workers that nobody tells to end, and a wait without end."""
    ended = []

    def shutdown(self, **how):
        signal.raise_signal(signal.SIGINT)
        real(self, **how)
        ended.append(self)

    real = ProcessPoolExecutor.shutdown
    monkeypatch.setattr(ProcessPoolExecutor, "shutdown", shutdown)
    before = signal.getsignal(signal.SIGINT)
    found = each(_same, range(100), 2)
    next(found)
    with pytest.raises(KeyboardInterrupt):
        found.close()
    assert len(ended) == 1
    assert signal.getsignal(signal.SIGINT) is before


@pytest.mark.skipif(not hasattr(signal, "pthread_sigmask"), reason="there is no server that forks")
@pytest.mark.timeout(60)
def test_workers_and_the_server_that_forks_them_hear_no_ctrl_c():
    """Not even while they import, when they would answer with a traceback."""
    told = each(partial(signal.pthread_sigmask, signal.SIG_BLOCK), [set(), set()], 2)
    assert all(signal.SIGINT in blocked for blocked in told)


def test_chunks_do_not_depend_on_workers():
    one, four = load([*SHORT, "workers=1"]), load([*SHORT, "workers=4"])
    spans = [[(j.number, j.first, j.last) for j in work.chunks(s, "x")] for s in (one, four)]
    assert spans[0] == spans[1] == [(0, 0, 25), (1, 25, 50), (2, 50, 60)]
