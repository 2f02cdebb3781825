"""Jobs in processes of this machine, which may be killed: standard pools, made anew.

A pool whose worker dies is lost whole, and doesn't say whose fault it was. Every job that
was under way is a suspect then: each gets a worker to itself before the others go on.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from itertools import islice
from multiprocessing.process import BaseProcess

from sim.study.jobs import AHEAD, TRIES, Job, Outcome, Result, given_up


def in_processes(
    work: Callable[[Job], Result], jobs: Iterator[Job], workers: int
) -> Iterator[Outcome[Job, Result]]:
    """Outcomes as they are ready, at most `AHEAD` jobs a worker under way."""
    pool, waiting = _pool(workers), dict[Future[Result], Job]()
    try:
        while True:
            suspects = _hand_out(pool, work, jobs, waiting, workers * AHEAD)
            if not waiting and not suspects:
                return
            done, _ = wait(waiting, return_when=FIRST_COMPLETED)
            for future in done:
                yield from _taken(future, waiting.pop(future), suspects)
            if suspects:
                for future in list(waiting):  # the whole pool is lost: these are ready too
                    yield from _taken(future, waiting.pop(future), suspects)
                _clear_up(pool)
                for job in suspects:
                    yield _alone(work, job)
                pool = _pool(workers)
    finally:
        _clear_up(pool)


def _hand_out(
    pool: ProcessPoolExecutor,
    work: Callable[[Job], Result],
    jobs: Iterator[Job],
    waiting: dict[Future[Result], Job],
    most: int,
) -> list[Job]:
    """Submit as many jobs as may be under way; those that a dead pool would not take."""
    for job in islice(jobs, most - len(waiting)):
        try:
            with _unbroken(), _main_left_alone():
                waiting[pool.submit(work, job)] = job
        except BrokenProcessPool:
            return [job]
    return []


def _taken(future: Future[Result], job: Job, suspects: list[Job]) -> Iterator[Outcome[Job, Result]]:
    """The outcome of a job, or one suspect more."""
    try:
        yield Outcome(job, future.result(), None)
    except BrokenProcessPool:
        suspects.append(job)
    except Exception as error:
        yield Outcome(job, None, error)


def _alone(work: Callable[[Job], Result], job: Job) -> Outcome[Job, Result]:
    """The outcome of a suspect that has a worker to itself."""
    for _ in range(TRIES):
        pool = _pool(1)
        try:
            with _unbroken(), _main_left_alone():
                future = pool.submit(work, job)
            return Outcome(job, future.result(), None)
        except BrokenProcessPool:
            continue
        except Exception as error:
            return Outcome(job, None, error)
        finally:
            _clear_up(pool)
    return given_up(job)


@contextmanager
def _main_left_alone() -> Iterator[None]:
    """Keep workers that start now from importing the user's script anew.

    What they do is importable without it, and a script without a `__main__` guard would
    run once more in each of them.
    """
    main = sys.modules["__main__"]
    names = ("__file__", "__spec__")
    hidden = {name: vars(main).pop(name) for name in names if name in vars(main)}
    main.__spec__ = None
    try:
        yield
    finally:
        vars(main).update(hidden)


def _pool(workers: int) -> ProcessPoolExecutor:
    return ProcessPoolExecutor(workers, mp_context=_context(), initializer=settle)


def _clear_up(pool: ProcessPoolExecutor) -> None:
    """End a pool once its workers have done what they have in hand.

    Broken off, it would leave workers that nobody ever tells to end, and the command would
    wait for them without end: so a second Ctrl-C waits, too.
    """
    with _unbroken():
        pool.shutdown(wait=True, cancel_futures=True)


@contextmanager
def _unbroken() -> Iterator[None]:
    """A block that Ctrl-C doesn't break: it is heard after it (by the main thread, as ever)."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    heard: list[int] = []
    before = signal.signal(signal.SIGINT, lambda number, _: heard.append(number))
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
        if heard:
            signal.raise_signal(signal.SIGINT)


def _context() -> multiprocessing.context.BaseContext:
    """A server that forks clean workers where there is one (not on Windows)."""
    if "forkserver" not in multiprocessing.get_all_start_methods():
        return multiprocessing.get_context("spawn")
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["sim.study.work"])
    _serve_unheard()
    return context


def _serve_unheard() -> None:
    """Start the server that forks with Ctrl-C blocked, which it and its workers inherit.

    It would else be stopped while it imports, with a traceback of its own.
    """
    from multiprocessing import forkserver, resource_tracker

    resource_tracker.ensure_running()  # the server would start it, and unblock what is blocked
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        forkserver.ensure_running()
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def settle() -> None:
    """Leave Ctrl-C to the parent, and end with it however it ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    parent = multiprocessing.parent_process()
    if parent is not None:
        threading.Thread(target=_end_with, args=(parent,), daemon=True).start()


def _end_with(parent: BaseProcess) -> None:
    parent.join()
    os._exit(1)
