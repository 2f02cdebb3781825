"""A job and what came of it, whoever did it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Generic, NamedTuple, TypeVar

from sim.errors import RungsError

AHEAD = 2
"""Jobs handed out per worker at a time: enough to keep it busy, few enough to bound memory."""
TRIES = 2
"""Times that a job may kill its worker while it has one to itself, before it is given up."""

Job = TypeVar("Job")
Result = TypeVar("Result")


class Outcome(NamedTuple, Generic[Job, Result]):
    """A job and what came of it: a result, or the error that it ended with."""

    job: Job
    result: Result | None
    error: Exception | None


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
