"""Who computes the jobs: this process, processes beside it, or a Dask cluster.

All three have one interface and give the same results; only the order in which these come
in differs. A job whose worker dies is tried again, alone; one that kills its worker each
time is an error of its own, and what the others found is kept.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable, Iterator
from contextlib import closing
from typing import Any

from sim.settings.executor import Executor
from sim.study.jobs import Job, Outcome, Result, tried

HERE = Executor()


def each(
    work: Callable[[Job], Result], jobs: Iterable[Job], workers: int, executor: Executor = HERE
) -> Generator[Result]:
    """Results as they are ready; with one worker in order, in this process. Closed, it gives up
    what is under way.

    Args:
        work: a function of an importable module.
        jobs: what it is given, one at a time; taken as workers become free.
        workers: processes; a Dask cluster that is already running has its own.
        executor: who computes.

    Raises:
        RungsError: a job killed its worker each time, or the cluster is gone.
        Exception: whatever a job ended with.
    """
    with closing(attempts(work, jobs, workers, executor)) as outcomes:
        for outcome in outcomes:
            if outcome.error is not None:
                raise outcome.error
            yield outcome.result


def attempts(
    work: Callable[[Job], Result], jobs: Iterable[Job], workers: int, executor: Executor = HERE
) -> Any:
    """Outcomes as they are ready, whatever becomes of single jobs; arguments as of `each`.

    Returns:
        A generator of `Outcome`; closing it gives up what is under way.
    """
    if executor.kind == "dask":
        from sim.study.cluster import on_cluster

        return on_cluster(work, iter(jobs), workers, executor.address)
    if executor.kind == "serial" or workers == 1:
        return _here(work, jobs)
    from sim.study.processes import in_processes

    return in_processes(work, iter(jobs), workers)


def _here(work: Callable[[Job], Result], jobs: Iterable[Job]) -> Iterator[Outcome[Job, Result]]:
    for job in jobs:
        yield tried(work, job)
