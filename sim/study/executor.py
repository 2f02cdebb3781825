"""Who computes the jobs: this process, processes beside it, or a Dask cluster.

All three have one interface and give the same results; only the order in which these come
in differs. A job whose worker dies is tried again, alone; one that kills its worker each
time is an error of its own, and what the others found is kept.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from typing import Any, Generic, NamedTuple, TypeVar

from sim.errors import RungsError
from sim.settings.executor import Executor

AHEAD = 2
"""Jobs handed out per worker at a time: enough to keep it busy, few enough to bound memory."""
TRIES = 2
"""Times that a job may kill its worker while it has one to itself, before it is given up."""
HERE = Executor()

Job = TypeVar("Job")
Result = TypeVar("Result")


class Outcome(NamedTuple, Generic[Job, Result]):
    """A job and what came of it: a result, or the error that it ended with."""

    job: Job
    result: Result | None
    error: Exception | None


def each(
    work: Callable[[Job], Result], jobs: Iterable[Job], workers: int, executor: Executor = HERE
) -> Iterator[Result]:
    """Results as they are ready; with one worker in order, in this process.

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


def tried(work: Callable[[Job], Result], job: Job) -> Outcome[Job, Result]:
    """The job done here, its error kept."""
    try:
        return Outcome(job, work(job), None)
    except Exception as error:
        return Outcome(job, None, error)


def given_up(job: Job) -> Outcome[Job, Any]:
    """The outcome of a job that kills its workers."""
    why = (
        f"a worker process died {TRIES} times on the same work (killed, or out of memory): what "
        "was finished is kept; run the same command again, with fewer workers if memory was short"
    )
    return Outcome(job, None, RungsError(why))
