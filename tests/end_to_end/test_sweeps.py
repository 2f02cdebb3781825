"""Sweeps that are stopped, killed, starved and extended: each fault is really done."""

from __future__ import annotations

import errno
import hashlib
import json
import os
import resource
import shutil
import signal
import subprocess
import sys
import time
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import numpy as np
import pytest

from sim.cli import main
from sim.compare.sweeps.analysis import Question, analysed, cut_short
from sim.errors import InputError, RungsError
from sim.settings.compose import load
from sim.study import cluster, runs, store, sweeping, sweeps
from sim.study.executor import attempts, each
from sim.study.jobs import AHEAD
from sim.study.store import Piece, Store
from sim.study.sweeps import Request, chunked, gaps
from sim.study.swept import Sweep

SHORT = ("scenario=summer_2020", "scenario.end=2020-07-28", "journal=attacks")
AXES = ("militia.excitation=0,0.3,0.6", "retaliation=never,historical")
ASKED = Request(SHORT, ("workers=1",), AXES, replications=12)
LONG = ASKED._replace(replications=200, hands=("workers=2",))


def hashes(folder):
    """What a sweep wrote, by name; the manifest tells the time, so it is left out."""
    files = sorted(Path(folder).glob("*.parquet"))
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def rows(folder):
    """Every result, in the order of its point and replication."""
    told = Sweep(folder).results(*sweeping.MEASURED, "path_days", "path_rungs").to_pylist()
    assert told
    return sorted(told, key=lambda row: (row["key"], row["replication"]))


@pytest.fixture(scope="module")
def once(tmp_path_factory):
    folder = tmp_path_factory.mktemp("once") / "sweep"
    sweeps.run(ASKED, folder)
    return folder


@pytest.fixture(scope="module")
def long(tmp_path_factory):
    folder = tmp_path_factory.mktemp("long") / "sweep"
    sweeps.run(LONG, folder)
    return folder


# -- what it writes ----------------------------------------------------------------------


def test_a_point_of_a_sweep_is_the_run_of_its_settings(once):
    sweep = Sweep(once)
    assert sweep.counts == (72, 0)
    told = sweep.outcomes("rocket_attacks")
    assert told.shape == (6, 12)
    for point, words in ((0, ("0", "never")), (5, ("0.6", "historical"))):
        one = load([*SHORT, f"militia.excitation={words[0]}", f"retaliation={words[1]}",
                    "replications=12", "workers=1"])  # fmt: skip
        whole = runs.run(one).arrow("replications")["true_rocket_attacks"].to_pylist()
        assert told[point].tolist() == whole


def test_all_points_share_their_luck(once):
    """Without feedback from the US the two policies differ only by what strikes do."""
    sweep = Sweep(once)
    told, strikes = sweep.outcomes("rocket_attacks"), sweep.outcomes("us_strikes")
    never, historical = told[0::2], told[1::2]
    untouched = strikes[1::2] == 0
    assert untouched.any()
    assert np.array_equal(never[untouched], historical[untouched])


def test_events_and_results_lie_in_readable_files(once):
    code = (
        'import duckdb; print(duckdb.connect().execute("select count(*) from '
        f"read_parquet('{once}/events-*.parquet') e join '{once}/design.parquet' using (key) "
        "where e.kind = 'rocket_attack'\").fetchone()[0])"
    )  # in a process of its own: DuckDB complains at the end of one that held it
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert int(told.stdout) == int(Sweep(once).outcomes("rocket_attacks").sum())


def test_whether_the_journal_is_kept_changes_no_result(once, tmp_path):
    for journal in ("none", "full"):
        shared = (*SHORT[:2], f"journal={journal}")
        sweeps.run(ASKED._replace(shared=shared, replications=3), tmp_path / journal)
        told = Sweep(tmp_path / journal).outcomes("coalition_wounded")
        assert np.array_equal(told, Sweep(once).outcomes("coalition_wounded")[:, :3])


@pytest.mark.timeout(200)
@pytest.mark.parametrize(
    "hands", [("workers=2",), ("executor=serial",), ("workers=2", "executor=dask")]
)
def test_every_executor_writes_the_same_bytes(once, tmp_path, hands):
    sweeps.run(ASKED._replace(hands=hands), tmp_path / "other")
    assert hashes(tmp_path / "other") == hashes(once)


def test_the_manifest_holds_what_was_asked(once):
    told = Sweep(once).manifest
    assert told["status"] == "complete"
    assert sweeps.requested(told["request"]) == ASKED
    assert told["files_sha256"] == hashes(once)
    assert not [path for path in once.iterdir() if path.name.startswith(".")]


def test_points_that_are_the_same_world_are_computed_once(tmp_path):
    asked = ASKED._replace(axes=("militia.excitation=0.3,0.30,0.6",), replications=3)
    sweep = sweeps.run(asked, tmp_path / "twins")
    assert sweep.counts == (6, 0)
    told = sweep.outcomes("rocket_attacks")
    assert told.shape == (3, 3)
    assert np.array_equal(told[0], told[1])


# -- stopped and gone on with ------------------------------------------------------------


def test_an_interrupted_sweep_is_partial_and_resumes_to_the_same_bytes(once, tmp_path):
    def stop(done, total):
        if done >= 30:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        sweeps.run(ASKED, tmp_path / "cut", stop)
    sweep = Sweep(tmp_path / "cut")
    assert sweep.manifest["status"] == "interrupted"
    assert sweep.counts == (30, 0)
    told, whole = sweep.outcomes("rocket_attacks"), Sweep(once).outcomes("rocket_attacks")
    known = ~np.isnan(told)
    assert known.sum() == 30
    assert np.array_equal(told[known], whole[known])
    kept = {p: p.stat().st_mtime_ns for p in (tmp_path / "cut").glob("results-*.parquet")}
    sweeps.resume(tmp_path / "cut", hands=("workers=2",))
    assert hashes(tmp_path / "cut") == hashes(once)
    assert {p: p.stat().st_mtime_ns for p in kept} == kept


def _begun(folder, *words):
    """A sweep in a process of its own, once some of its chunks are finished."""
    told = [*LONG.shared, *LONG.hands, *LONG.axes, "replications=200"]
    process = subprocess.Popen(
        [sys.executable, "-m", "sim", "sweep", *told, *words, "--out", str(folder)],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    for _ in range(2400):
        if len(Store(folder).names()) >= 3:
            return process
        if process.poll() is not None:
            break
        time.sleep(0.05)
    process.kill()
    pytest.fail(f"nothing finished: {process.communicate()}")


@pytest.mark.slow
@pytest.mark.timeout(300)
@pytest.mark.parametrize(("number", "status"), [("SIGINT", "interrupted"), ("SIGKILL", "running")])
def test_a_killed_sweep_resumes_to_the_same_bytes(long, tmp_path, number, status):
    process = _begun(tmp_path / "cut")
    process.send_signal(getattr(signal, number))
    process.communicate(timeout=60)
    sweep = Sweep(tmp_path / "cut")
    assert sweep.manifest["status"] == status
    made, failed = sweep.counts
    assert 0 < made < 1200
    assert failed == 0
    assert main(["resume", str(tmp_path / "cut"), "--quiet"]) == 0
    assert hashes(tmp_path / "cut") == hashes(long)
    assert Sweep(tmp_path / "cut").counts == (1200, 0)


def _workers(pid):
    """The processes that a sweep's server forked: those that compute."""
    found = []
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = path.read_text().rpartition(")")[2].split()
            parent = Path(f"/proc/{fields[1]}/stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if parent[1] == str(pid):
            found.append(int(path.parent.name))
    return found


@pytest.mark.slow
@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="processes are looked up in /proc")
@pytest.mark.timeout(300)
def test_a_worker_that_is_killed_costs_nothing_but_time(long, tmp_path):
    process = _begun(tmp_path / "hurt")
    (victim, *_) = _workers(process.pid)
    os.kill(victim, signal.SIGKILL)
    out, error = process.communicate(timeout=200)
    assert process.returncode == 0, error
    assert "1,200 replications of 6 points" in out
    assert hashes(tmp_path / "hurt") == hashes(long)


def _dask(*words):
    return subprocess.Popen(
        [sys.executable, "-m", "dask", *words],
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip


@contextmanager
def _cluster(folder):
    """A scheduler and two workers of one thread, each a process of its own."""
    file = folder / "scheduler.json"
    told = ("--scheduler-file", str(file), "--no-dashboard")
    scheduler = _dask("scheduler", "--host", "127.0.0.1", "--port", "0", *told)
    alone = ("--nthreads", "1", "--no-nanny", "--local-directory", str(folder))
    workers = [_dask("worker", *told, *alone) for _ in range(2)]
    try:
        while not file.exists():
            assert scheduler.poll() is None, "the scheduler ended"
            time.sleep(0.1)
        yield json.loads(file.read_text())["address"], workers
    finally:
        for process in (*workers, scheduler):
            process.kill()
            process.wait()


@pytest.mark.slow
@pytest.mark.timeout(200)
def test_a_worker_of_a_cluster_that_is_killed_costs_nothing_but_time(once, tmp_path):
    with _cluster(tmp_path) as (address, workers):

        def kill(done, total):
            if done >= 10 and workers[0].poll() is None:
                workers[0].kill()
                workers[0].wait()

        asked = ASKED._replace(hands=("executor=dask", f"executor.address={address}"))
        sweeps.run(asked, tmp_path / "cluster", kill)
        assert workers[0].poll() is not None
        assert workers[1].poll() is None
    assert hashes(tmp_path / "cluster") == hashes(once)


def _poisoned(name, job):
    """The work of a sweep, but for one chunk, which kills whoever takes it up."""
    if job.name == name:
        os.kill(os.getpid(), signal.SIGKILL)
    return sweeping.work(job)


@pytest.mark.timeout(200)
def test_a_chunk_that_kills_its_worker_each_time_is_the_only_one_missing(
    once, tmp_path, monkeypatch
):
    name = Store(once).names()[2]
    monkeypatch.setattr(sweeps, "work", partial(_poisoned, name))
    with pytest.raises(RungsError, match=r"1 chunks could not be made .*rungs resume"):
        sweeps.run(ASKED._replace(hands=("workers=2",)), tmp_path / "hurt")
    monkeypatch.undo()
    there = Store(tmp_path / "hurt").names()
    assert there == [other for other in Store(once).names() if other != name]
    assert Sweep(tmp_path / "hurt").manifest["status"] == "incomplete"
    sweeps.resume(tmp_path / "hurt")
    assert hashes(tmp_path / "hurt") == hashes(once)


def test_a_worker_with_other_code_or_data_computes_nothing(tmp_path, monkeypatch):
    monkeypatch.setattr(sweeping, "_ground", lambda posteriors: ("other", "same"))
    with pytest.raises(RungsError, match="install the same version there"):
        sweeps.run(ASKED, tmp_path / "odd")
    assert Sweep(tmp_path / "odd").counts == (0, 0)


def test_a_replication_that_fails_is_counted_and_the_others_stand(once, tmp_path, monkeypatch):
    def fails(sampler, entropy, number, *rest, **named):
        if number == 5:
            raise ValueError("five")
        return simulate(sampler, entropy, number, *rest, **named)

    simulate = sweeping.simulate
    monkeypatch.setattr(sweeping, "simulate", fails)
    sweep = sweeps.run(ASKED, tmp_path / "fives")
    assert sweep.counts == (72, 6)
    told = sweep.outcomes("rocket_attacks")
    assert np.isnan(told[:, 5]).all()
    rest = [i for i in range(12) if i != 5]
    assert np.array_equal(told[:, rest], Sweep(once).outcomes("rocket_attacks")[:, rest])
    why = sweep.results("error")["error"].drop_null().to_pylist()
    assert why == ["ValueError: five"] * 6


FULL = """
mount -t tmpfs -o size={small} none {room} && cd {root} && {{
  {python} -m sim sweep {words} --out {room}/sweep --quiet; echo "status $?"
  ls {room}/sweep | grep -c results
  ls -A {room}/sweep | grep -c '^\\.results' ; mount -o remount,size=200m {room}
  {python} -m sim resume {room}/sweep --quiet; echo "status $?"
  cp -r {room}/sweep {out}
}}
"""


def _can_mount(folder):
    told = subprocess.run(
        ["unshare", "-rm", "mount", "-t", "tmpfs", "none", str(folder)], capture_output=True
    )
    return told.returncode == 0


def test_a_disk_that_fills_beside_the_chunks_says_what_to_do_too(tmp_path, monkeypatch):
    def full(folder, design, keys):
        raise OSError(errno.ENOSPC, "No space left on device", str(folder.path / "points"))

    monkeypatch.setattr(sweeps, "write_design", full)
    told = r"points: No space left on device: .* make room, then rungs resume .*full"
    with pytest.raises(RungsError, match=told):
        sweeps.run(ASKED, tmp_path / "full")


@pytest.mark.timeout(200)
def test_a_full_disk_keeps_what_was_finished_and_resumes_to_the_same_bytes(once, tmp_path):
    """A file system of our own, so small that it fills; then it is made larger."""
    room = tmp_path / "room"
    room.mkdir()
    if not (shutil.which("unshare") and _can_mount(room)):
        pytest.skip("this machine lets nobody mount a small file system (unshare -rm)")
    words = " ".join([*ASKED.shared, *ASKED.hands, *AXES, "replications=12"])
    script = FULL.format(
        small="150k", room=room, root=Path.cwd(), python=sys.executable, words=words,
        out=tmp_path / "out",
    )  # fmt: skip
    told = subprocess.run(["unshare", "-rm", "sh", "-c", script], capture_output=True, text=True)
    lines = told.stdout.split("\n")
    assert "No space left on device" in told.stderr
    assert "rungs resume" in told.stderr
    assert lines[0] == "status 1", told
    assert 0 < int(lines[1]) < len(Store(once).names())
    assert lines[2] == "0"  # no half of a file is left
    assert "complete: 72 replications" in told.stdout
    assert hashes(tmp_path / "out") == hashes(once)


def _small_files():
    resource.setrlimit(resource.RLIMIT_FSIZE, (9_000, 9_000))


@pytest.mark.timeout(200)
def test_a_file_that_cannot_be_written_is_an_error_that_says_so(tmp_path):
    """As a quota does it: no file may grow over 9 kB."""
    told = subprocess.run(
        [sys.executable, "-m", "sim", "sweep", *SHORT[:2], "journal=full", "workers=1", *AXES,
         "replications=12", "--out", str(tmp_path / "cut")],
        capture_output=True, text=True, preexec_fn=_small_files,
    )  # fmt: skip
    assert told.returncode == 1
    assert "File too large: make room, then give the command again" in told.stderr
    assert "Traceback" not in told.stderr
    assert not list((tmp_path / "cut").glob(".results*"))


# -- extended ----------------------------------------------------------------------------


def _counted(monkeypatch):
    made = []

    def noting(job):
        made.extend((p.key, n) for p in job.pieces for n in range(p.first, p.last))
        return work(job)

    work = sweeps.work
    monkeypatch.setattr(sweeps, "work", noting)
    return made


def test_more_replications_compute_only_what_is_new(once, tmp_path, monkeypatch):
    folder = tmp_path / "more"
    sweeps.run(ASKED._replace(replications=5), folder)
    before = hashes(folder)
    made = _counted(monkeypatch)
    sweeps.run(ASKED, folder)
    assert sorted({n for _, n in made}) == list(range(5, 12))
    assert len(made) == len(set(made)) == 6 * 7
    after = hashes(folder)
    assert {k: v for k, v in after.items() if k in before} == before
    assert rows(folder) == rows(once)


def test_more_points_compute_only_what_is_new(tmp_path, monkeypatch):
    asked = ASKED._replace(
        axes=("militia.excitation=interval(0,0.6)",), kind="random", points=4, replications=3
    )
    few = sweeps.run(asked, tmp_path / "more").outcomes("rocket_attacks")
    made = _counted(monkeypatch)
    sweep = sweeps.run(asked._replace(points=9), tmp_path / "more")
    assert len(made) == 5 * 3
    assert sweep.counts == (27, 0)
    assert np.array_equal(sweep.outcomes("rocket_attacks")[:4], few)


def test_an_extension_that_is_cut_off_resumes_to_the_same_bytes(tmp_path):
    def stop(done, total):
        if done >= 52:
            raise KeyboardInterrupt

    for name, progress in (("whole", None), ("cut", stop)):
        sweeps.run(ASKED._replace(replications=5), tmp_path / name)
        try:
            sweeps.run(ASKED, tmp_path / name, progress)
        except KeyboardInterrupt:
            assert 30 < Sweep(tmp_path / name).counts[0] < 72
    sweeps.resume(tmp_path / "cut")
    assert hashes(tmp_path / "cut") == hashes(tmp_path / "whole")


def test_a_finished_sweep_is_not_computed_again(once, monkeypatch):
    made = _counted(monkeypatch)
    before = hashes(once)
    assert sweeps.run(ASKED, once).counts == (72, 0)
    assert made == []
    assert hashes(once) == before


def test_a_folder_that_holds_another_question_is_refused(once, tmp_path):
    with pytest.raises(InputError, match="already holds something else"):
        sweeps.run(ASKED._replace(axes=AXES[:1]), once)


def test_nothing_is_counted_twice(once, tmp_path):
    folder = tmp_path / "twice"
    shutil.copytree(once, folder)
    first = next(folder.glob("results-*.parquet"))
    shutil.copy(first, folder / "results-again.parquet")
    with pytest.raises(RungsError, match="replications stand there twice"):
        _ = Sweep(folder).counts


# -- the stopping rule -------------------------------------------------------------------


def test_replications_go_on_until_the_interval_is_as_narrow_as_asked(tmp_path):
    asked = ASKED._replace(axes=AXES[:1], replications=200, stop=("rocket_attacks", 0.7))
    sweep = sweeps.run(asked, tmp_path / "stop")
    told = sweep.outcomes("rocket_attacks")
    counts = (~np.isnan(told)).sum(axis=1)
    assert set(counts.tolist()) <= {25, 50, 100, 200}
    assert len(set(counts.tolist())) > 1  # the calm point needs fewer than the excited one
    for line, n in zip(told, counts, strict=True):
        assert n == 200 or sweeps.half_width(line[:n]) <= 0.7
        assert n == 25 or sweeps.half_width(line[: n // 2]) > 0.7


@pytest.mark.parametrize(("measure", "made"), [("reaches_eight", 25), ("us_strikes", 50)])
def test_replications_that_agree_stop_by_a_bound_or_not_at_all(measure, made, tmp_path):
    """Who never strikes back: of a probability none in 25 leaves 0.153; strikes have no most."""
    never = (*ASKED.shared, "retaliation=never", "scenario.end=2020-07-31")
    asked = ASKED._replace(shared=never, axes=AXES[:1], replications=50, stop=(measure, 0.16))
    told = sweeps.run(asked, tmp_path / "stop").outcomes(measure)
    assert not np.nan_to_num(told).any()
    assert (~np.isnan(told)).sum(axis=1).tolist() == [made] * len(told)


# -- the plan ----------------------------------------------------------------------------


def test_chunks_hold_every_piece_once():
    pieces = [Piece(key, 0, n) for key, n in (("a", 3), ("b", 700), ("c", 1), ("d", 30))]
    told = list(chunked(pieces))
    flat = [(p.key, n) for chunk in told for p in chunk for n in range(p.first, p.last)]
    assert flat == [(p.key, n) for p in pieces for n in range(p.first, p.last)]
    sizes = [sum(p.last - p.first for p in chunk) for chunk in told]
    assert set(sizes[:-1]) == {734 // sweeps.PARTS}
    assert 0 < sizes[-1] <= sizes[0]


def test_chunks_are_neither_tiny_nor_huge():
    assert [len(c) for c in chunked([Piece(str(i), 0, 1) for i in range(15)])] == [10, 5]
    (first, *_) = chunked([Piece("a", 0, 100_000)])
    assert first == (Piece("a", 0, 250),)


def test_gaps_are_what_is_not_known():
    assert list(gaps(Piece("a", 0, 4), {})) == [Piece("a", 0, 4)]
    assert list(gaps(Piece("a", 0, 4), {"a": {0, 1, 2, 3}})) == []
    assert list(gaps(Piece("a", 2, 6), {"a": {0, 3, 9}})) == [Piece("a", 2, 3), Piece("a", 4, 6)]


# -- executors ---------------------------------------------------------------------------


def _fails_at_three(number):
    if number == 3:
        raise ValueError("three")
    return number


@pytest.mark.timeout(100)
@pytest.mark.parametrize("words", [["executor=serial"], ["executor=processes"], ["executor=dask"]])
def test_an_error_is_one_jobs_own(words):
    executor = load(words).executor
    told = list(attempts(_fails_at_three, range(6), 2, executor))
    assert sorted(o.result for o in told if o.error is None) == [0, 1, 2, 4, 5]
    assert [(o.job, str(o.error)) for o in told if o.error is not None] == [(3, "three")]


def _dies_at_three(number):
    if number == 3:
        os.kill(os.getpid(), signal.SIGKILL)
    return number


@pytest.mark.timeout(200)
@pytest.mark.parametrize(
    "words", [["executor=processes"], pytest.param(["executor=dask"], marks=pytest.mark.slow)]
)
def test_a_job_that_kills_its_worker_spoils_no_other(words):
    executor = load(words).executor
    told = list(attempts(_dies_at_three, range(8), 2, executor))
    assert sorted(o.result for o in told if o.error is None) == [0, 1, 2, 4, 5, 6, 7]
    (lost,) = [o for o in told if o.error is not None]
    assert lost.job == 3
    assert "a worker process died" in str(lost.error)


@pytest.mark.timeout(60)
def test_a_cluster_that_nobody_runs_is_said_to_be_none(monkeypatch):
    monkeypatch.setattr(cluster, "PATIENCE", "1s")
    executor = load(["executor=dask", "executor.address=tcp://127.0.0.1:9"]).executor
    with pytest.raises(InputError, match="no Dask scheduler answers there"):
        list(each(_fails_at_three, range(2), 2, executor))


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (["executor=dusk"], "did you mean 'dask'"),
        (["executor=dask", "executor.address=10.0.0.1"], "write it as tcp://scheduler:8786"),
        (["executor.address=tcp://a:1"], "only executor=dask has an address"),
    ],
)
def test_a_bad_executor_is_refused(words, why):
    with pytest.raises(InputError, match=why):
        load(words)


@pytest.mark.timeout(60)
def test_only_a_few_jobs_are_under_way():
    asked = []

    def jobs():
        for number in range(60):
            asked.append(number)
            yield number

    found = attempts(abs, jobs(), 2)
    next(found)
    assert len(asked) <= 2 * AHEAD + 2
    found.close()


# -- the command line --------------------------------------------------------------------


def test_a_sweep_by_its_command(once, capsys):
    words = [*ASKED.shared, *AXES, "replications=12", "workers=1"]
    assert main(["sweep", *words, "--count", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told == {"design": "grid", "points": 6, "replications": 12, "in_all": 72}
    assert main(["sweep", f"run={once}", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["points"], told["replications"], told["failed"]) == (6, 72, 0)
    assert told["status"] == "complete"


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (["replications=3"], "nothing is swept"),
        (["militia.excitatoin=0,1"], "no such key; did you mean 'excitation'"),
        (["militia.excitation=0,2"], "outside 0 to 0.99"),
        (["militia.excitation=interval(0,0.5)", "points=1000000000"], "1,000,000,000 points"),
        (["militia.excitation=interval(0,0.5)", "points=0"], "the design is empty"),
        (["militia.excitation=0,0.3", "points=5"], "a grid has the points that its axes list"),
        (["militia.excitation=0,0.3", "replications=0"], "replications=0: must lie from 1"),
        (["militia.excitation=0,0.3", "measure=attacks"], "no such measure"),
        (["militia.excitation=0,0.3", "stop_on=rocket_attacks"], "go together"),
        (["points=none.csv"], "cannot be read"),
        (["design=csv", "militia.excitation=0,0.3"], "needs its file"),
        (["design=posterior"], "needs posterior=NAME"),
        (["militia.excitation=0,0.3", "scenario=summer"], "did you mean"),
        (["retaliation=never,historical", "executor=dask", "executor.address=x"], "tcp://"),
    ],
)
def test_a_bad_sweep_is_refused_before_anything_runs(words, why, tmp_path, capsys):
    assert main(["sweep", *words, "--out", str(tmp_path / "bad")]) == 2
    assert why in capsys.readouterr().err
    assert not (tmp_path / "bad").exists()


@pytest.mark.parametrize(
    ("words", "why"),
    [
        ([], "needs the folder"),
        (["nowhere"], "no run folder"),
        (["nowhere", "seed=3"], "stays what it was"),
    ],
)
def test_a_bad_resume_is_refused(words, why, capsys):
    assert main(["resume", *words]) == 2
    assert why in capsys.readouterr().err


def test_a_sweep_is_no_run(once):
    with pytest.raises(InputError, match="a sweep, not a run"):
        runs.read(once)


def test_a_run_is_finished_by_resume(tmp_path, capsys):
    def stop(done, total):
        raise KeyboardInterrupt

    words = ["scenario=summer_2020", "replications=40", "workers=1"]
    with pytest.raises(KeyboardInterrupt):
        runs.run(load(words), tmp_path / "cut", stop)
    assert main(["resume", str(tmp_path / "cut"), "workers=2", "--quiet"]) == 0
    assert "complete: 40 replications" in capsys.readouterr().out
    assert runs.read(tmp_path / "cut").replications().shape[0] == 40


def test_a_store_names_a_file_that_is_broken(once, tmp_path):
    folder = tmp_path / "torn"
    shutil.copytree(once, folder)
    path = next(folder.glob("results-*.parquet"))
    path.write_bytes(path.read_bytes()[:100])
    name = path.stem.removeprefix(f"{store.RESULTS}-")
    with pytest.raises(InputError, match=f"{path.name}: cannot be read .*remove it"):
        Store(folder).known([name])


def test_a_count_says_which_points_are_made_once(capsys):
    words = ["sweep", "militia.base_rate=0.1,0.2", "replications=5", "--count"]
    assert main([*words, "design=lhs", "points=4"]) == 0
    told = capsys.readouterr().out
    assert "4 points × 5 replications = 10; 2 of the points repeat another" in told
    assert main(words) == 0
    assert "repeat" not in capsys.readouterr().out


def test_an_analysis_says_that_points_are_told_over_unequal_days(tmp_path):
    deadly = ("scenario.end=2019-09-01", "militia.base_rate=1")
    worse = "casualties.coalition_deaths_small=0.3"
    axes = ("retaliation=on_coalition_death,never",)
    asked = ASKED._replace(shared=(*deadly, worse), axes=axes, replications=4)
    told = Sweep(sweeps.run(asked, tmp_path / "deadly").path)
    days = told.outcomes("days_told")
    assert (days < 123.0).sum(axis=1).tolist() == [3, 0]
    [note] = cut_short(told)
    assert note.startswith("at least 3 of 8 replications came to a sustained exchange")
    assert note in analysed(told, Question("rocket_attacks")).notes
    calm = ASKED._replace(axes=AXES[:1], replications=2)
    assert cut_short(sweeps.run(calm, tmp_path / "calm")) == ()
