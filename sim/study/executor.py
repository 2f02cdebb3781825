"""Who computes the chunks: this process, or several."""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from itertools import islice
from multiprocessing.process import BaseProcess
from typing import TypeVar

from sim.errors import RungsError

AHEAD = 2
"""Jobs handed out per worker at a time: enough to keep it busy, few enough to bound memory."""

Job = TypeVar("Job")
Result = TypeVar("Result")


def each(work: Callable[[Job], Result], jobs: Iterable[Job], workers: int) -> Iterator[Result]:
    """Results as they are ready; with one worker in order, in this process.

    Raises:
        RungsError: a worker died (out of memory, or killed).
    """
    if workers == 1:
        yield from map(work, jobs)
    else:
        yield from _in_processes(work, iter(jobs), workers)


def _in_processes(
    work: Callable[[Job], Result], jobs: Iterator[Job], workers: int
) -> Iterator[Result]:
    pool = ProcessPoolExecutor(workers, mp_context=_context(), initializer=_settle)
    try:
        waiting: set[Future[Result]] = set()
        while True:
            room = workers * AHEAD - len(waiting)
            with _main_left_alone():
                waiting |= {pool.submit(work, job) for job in islice(jobs, room)}
            if not waiting:
                return
            done, waiting = wait(waiting, return_when=FIRST_COMPLETED)
            for future in done:
                yield future.result()
    except BrokenProcessPool:
        raise RungsError(
            "a worker process died (killed, or out of memory): what was finished is kept; "
            "run the same command again, with fewer workers if memory was short"
        ) from None
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


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


def _context() -> multiprocessing.context.BaseContext:
    """A server that forks clean workers where there is one (not on Windows)."""
    if "forkserver" not in multiprocessing.get_all_start_methods():
        return multiprocessing.get_context("spawn")
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["sim.study.work"])
    return context


def _settle() -> None:
    """Leave Ctrl-C to the parent, and end with it however it ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    parent = multiprocessing.parent_process()
    if parent is not None:
        threading.Thread(target=_end_with, args=(parent,), daemon=True).start()


def _end_with(parent: BaseProcess) -> None:
    parent.join()
    os._exit(1)
