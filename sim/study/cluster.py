"""Jobs on a Dask cluster: one of this machine's own, or a running one by its address.

Dask itself tries a job again whose worker died, and blames every job that was with it; so
one that it gives up is tried once more, when nothing else is under way.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import islice
from typing import Any

from sim.errors import InputError, RungsError
from sim.study.jobs import AHEAD, Job, Outcome, Result, given_up

ANY_PORT = "127.0.0.1:0"
"""Where a cluster of our own serves its pages: without an address Dask takes port 8787 on every
interface, which two clusters can't share and nobody else should reach."""
PATIENCE = "10s"
"""How long a scheduler is waited for."""


def on_cluster(
    work: Callable[[Job], Result], jobs: Iterator[Job], workers: int, address: str | None
) -> Iterator[Outcome[Job, Result]]:
    """Outcomes as they are ready, at most `AHEAD` jobs a worker under way."""
    with _client(workers, address) as client:
        suspects: list[Job] = []
        yield from _through(client, work, jobs, suspects)
        again: list[Job] = []
        for job in suspects:
            yield from _through(client, work, iter([job]), again)
        yield from (given_up(job) for job in again)


def _through(
    client: Any, work: Callable[[Job], Result], jobs: Iterator[Job], suspects: list[Job]
) -> Iterator[Outcome[Job, Result]]:
    """Hand jobs out as there is room; those whose workers died join the suspects."""
    from distributed import as_completed

    ready = as_completed()
    waiting: dict[Any, Job] = {}
    try:
        while True:
            for job in islice(jobs, max(0, _room(client) - len(waiting))):
                future = client.submit(work, job, pure=False)
                waiting[future.key] = job
                ready.add(future)
            if not waiting:
                return
            future = next(ready)
            yield from _taken(future, waiting.pop(future.key), suspects)
            del future  # what is held is held in the cluster's memory too
    finally:
        ready.clear()


def _room(client: Any) -> int:
    threads: dict[str, int] = client.nthreads()
    return AHEAD * max(1, sum(threads.values()))


def _taken(future: Any, job: Job, suspects: list[Job]) -> Iterator[Outcome[Job, Result]]:
    """The outcome of a job, or one suspect more.

    Raises:
        RungsError: the scheduler is gone.
    """
    from distributed import KilledWorker

    if future.cancelled():
        raise RungsError(
            "the Dask scheduler is gone: what was finished is kept; start it again, then run "
            "the same command"
        )
    try:
        yield Outcome(job, future.result(), None)
    except KilledWorker:
        suspects.append(job)
    except Exception as error:
        yield Outcome(job, None, error)


@contextmanager
def _client(workers: int, address: str | None) -> Iterator[Any]:
    """A client of the scheduler at `address`, or of a cluster made for this one study.

    Raises:
        InputError: Dask is not installed, or nobody answers there.
    """
    try:
        from distributed import Client, LocalCluster
    except ImportError:
        raise InputError("executor=dask needs Dask: pip install 'rungs[cluster]'") from None
    if address is None:
        with (
            LocalCluster(
                n_workers=workers, threads_per_worker=1, host="127.0.0.1",
                dashboard_address=ANY_PORT, worker_dashboard_address=ANY_PORT, silence_logs="ERROR",
            ) as cluster,
            Client(cluster) as client,
        ):  # fmt: skip
            yield client
        return
    try:
        client = Client(address, timeout=PATIENCE)
    except (OSError, TimeoutError, ValueError) as error:
        raise InputError(
            f"executor.address={address}: no Dask scheduler answers there "
            f"({type(error).__name__}); start one (dask scheduler), or leave the address out"
        ) from None
    with client:
        yield client
