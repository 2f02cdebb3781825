"""A posterior fitted anew as time goes on: each month on all that was known at its start."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

from calibration.fit import Progress, Request, fit
from calibration.plan import Plan, Sampling
from calibration.posterior import Posterior
from sim.settings.posterior import manifest

FOLDER = Path("outputs") / "posteriors"


def plan_of(name: str, until: date) -> Plan:
    """The plan of a posterior with another end."""
    told = manifest(name)
    return Plan(
        title=f"{told['title']}, to {until}",
        scenario=told["scenario"],
        until=until,
        conditions=tuple(told["conditions"]),
        without=tuple(told["without"]),
        holes=told["holes"],
        draws=told["draws"],
        jitters=told["jitters"],
        seed=told["seed"],
        sampling=Sampling(**told["sampling"]),
        own={block: Sampling(**schedule) for block, schedule in told.get("own", {}).items()},
    )


def monthly(
    name: str,
    record: str | None = None,
    workers: int = 2,
    folder: Path = FOLDER,
    progress: Progress | None = None,
) -> Callable[[date], str]:
    """What gives the posterior to forecast with from a day.

    It has seen the record to the first of that day's month, and is fitted if need be: a fit
    that is there already, of the same rows and settings by the same code, is taken. Until the
    month in which the named posterior itself ends, that one serves.
    """
    last = date.fromisoformat(manifest(name)["until"])

    def chosen(origin: date) -> str:
        until = origin.replace(day=1)
        if until <= last:
            return name
        request = Request(plan_of(name, until), (), record)
        posterior = Posterior(f"{Path(name).name}-{until}", folder)
        if not (posterior.claim(request, replace=True) and posterior.made_alike()):
            work = posterior.work(request)
            posterior.save(request, fit(request, workers, work, progress))
        return str(posterior.path)

    return chosen
