"""Background runs: progress, cancel, a death, a restart, and processes that are not ours."""

from __future__ import annotations

import json
import os
import signal
import time

import pytest

from sim.errors import InputError
from sim.show.dashboard import asked, processes
from sim.show.dashboard.folders import Shelf
from sim.show.dashboard.jobs import LEDGER, MOST_AT_ONCE, Jobs
from sim.study.folder import RunFolder

QUICK = ["scenario=summer_2020", "replications=5", "workers=1"]
ENDLESS = ["scenario=summer_2020", "replications=90000", "workers=1", "journal=none"]


def until(true, seconds=120):
    end = time.monotonic() + seconds
    while not (told := true()):
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.05)
    return told


@pytest.fixture
def jobs(tmp_path):
    found = Jobs(Shelf(tmp_path / "outputs"))
    yield found
    for child in found._children.values():
        process = processes.born(child.pid)
        if process is not None:
            processes.end(process)
        child.wait(60)


def over(jobs, name):
    until(lambda: jobs.state(name).over)
    return jobs.state(name)


def begun(jobs, name):
    """Wait until some of a job is finished."""
    until(lambda: jobs.state(name).done > 0)
    return name


def test_a_job_makes_a_run_folder_and_leaves_no_progress_behind(jobs):
    name = jobs.start("run", QUICK, 5)
    assert jobs.state(name)[1:4] == ("running", 0, 5)
    assert over(jobs, name)[1:4] == ("complete", 5, 5)
    folder = jobs.shelf.place(name)
    assert RunFolder(folder).manifest()["status"] == "complete"
    assert not (folder / "progress.json").exists()


def test_a_run_of_200_answers_with_progress_at_once(jobs):
    asked.simulation(["scenario=summer_2020"], 200, 7)  # as the form judges while one chooses
    began = time.monotonic()
    name = jobs.start(*asked.simulation(["scenario=summer_2020"], 200, 7))
    state = jobs.state(name)
    assert time.monotonic() - began < 0.5
    assert state == (name, "running", 0, 200, "starting")
    for _ in range(2):
        jobs.cancel(name)


def test_cancel_keeps_what_is_finished_by_a_server_started_anew_too(jobs):
    name = begun(jobs, jobs.start("run", ENDLESS, 90000))
    assert "a second" in until(lambda: jobs.state(name).words)
    later = Jobs(jobs.shelf)
    assert later.under_way() == [name]
    later.cancel(name)
    assert jobs.state(name).phase in ("stopping", "interrupted")
    state = over(jobs, name)
    assert state == later.state(name)
    assert state.phase == "interrupted"
    assert 25 <= state.done < 90000
    assert f"{state.done} of 90000 are finished and kept" in state.words
    folder = RunFolder(jobs.shelf.place(name))
    assert folder.manifest()["status"] == "interrupted"
    assert folder.has(0)


def test_a_killed_job_is_told_as_one(jobs):
    name = begun(jobs, jobs.start("run", ENDLESS, 90000))
    jobs._children[name].send_signal(signal.SIGKILL)
    state = over(jobs, name)
    assert state.phase == "failed"
    assert "killed (signal 9)" in state.words


def test_a_job_that_fails_says_why_in_its_own_words(jobs):
    state = over(jobs, jobs.start("run", ["scenario=summer_2020", "militia.base_rate=99"], 5))
    assert state.phase == "failed"
    assert "militia.base_rate" in state.words
    assert "Traceback" not in state.words


def test_no_more_than_two_at_once(jobs):
    names = [jobs.start("run", ENDLESS, 90000) for _ in range(MOST_AT_ONCE)]
    with pytest.raises(InputError, match="2 jobs are under way"):
        jobs.start("run", QUICK, 5)
    for name in names:
        jobs.cancel(name)
        jobs.cancel(name)  # at once
    assert {over(jobs, name).phase for name in names} == {"interrupted"}


def test_a_process_number_given_away_anew_is_left_alone(jobs, monkeypatch):
    told = {"argv": [], "total": 5, "process": [os.getpid(), "not its birth"], "stop": 0}
    jobs._note("old", told)
    monkeypatch.setattr(os, "kill", lambda *_: pytest.fail("somebody else's process"))
    monkeypatch.setattr(os, "killpg", lambda *_: pytest.fail("somebody else's process"))
    jobs.cancel("old")
    assert jobs.state("old").phase == "failed"


@pytest.mark.parametrize("process", [None, 7, "x", [1, "x"], [0, "x"], ["1", 2], {"a": 1}])
def test_an_odd_note_signals_nobody(jobs, process, monkeypatch):
    monkeypatch.setattr(os, "kill", lambda *_: pytest.fail("a signal"))
    jobs._note("odd", {"process": process, "total": "many"})
    jobs.cancel("odd")
    assert jobs.state("odd").over


@pytest.mark.parametrize("name", ["../x", "", None, 3, "no-such", "a\0b", ["a"]])
def test_a_forged_job_is_none(jobs, name):
    assert not jobs.known(name)
    with pytest.raises(InputError, match="no job of this name"):
        jobs.cancel(name)


def test_a_ledger_that_leads_elsewhere_is_refused(jobs, tmp_path):
    (tmp_path / "elsewhere").mkdir()
    (jobs.shelf.root / LEDGER).symlink_to(tmp_path / "elsewhere")
    with pytest.raises(InputError, match="link that leads elsewhere"):
        jobs.start("run", QUICK, 5)
    assert list((tmp_path / "elsewhere").iterdir()) == []


def test_progress_is_a_file_at_most_once_a_second(tmp_path, monkeypatch):
    from sim.cli import filed

    clock = iter([0.0, 0.0, 0.4, 2.0])
    monkeypatch.setattr(filed.time, "monotonic", lambda: next(clock))
    told = []
    with filed.filed(tmp_path, lambda done, total: told.append(done)) as advance:
        for done in (25, 50, 75):
            advance(done, 100)
            said = json.loads((tmp_path / filed.FILE).read_text())
            assert said["done"] == {25: 25, 50: 25, 75: 75}[done]
    assert said == {"done": 75, "total": 100, "per_second": 25.0, "seconds_left": 1.0}
    assert told == [25, 50, 75]
    assert list(tmp_path.iterdir()) == []


def test_progress_of_what_was_cut_off_stays(tmp_path):
    from sim.cli import filed

    def cut_off():
        with filed.filed(tmp_path, None) as advance:
            advance(25, 100)
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        cut_off()
    assert json.loads((tmp_path / filed.FILE).read_text())["done"] == 25
