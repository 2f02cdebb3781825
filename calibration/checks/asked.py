"""What a check is asked, and what it answers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from calibration.fit import Progress, Request
from calibration.plan import Plan
from sim.errors import InputError
from sim.settings.posterior import fingerprint, manifest, names

UNLIKE = {
    "scenario": "is fitted to another scenario than the fit's",
    "conditions": "is fitted under other conditions than the fit's",
    "without": "is fitted without other doubtful rows than the fit",
    "holes": "takes the months of holes otherwise than the fit",
    "until": "is fitted to the record until {there}, the fit until {wanted}",
    "data_sha256": "is fitted to other rows of the record than are read here",
}
"""What keeps the draws of a posterior from being those of a fit, by the manifest's key."""
OF_THE_MODEL = ("scenario", "conditions", "without", "holes")


class Asked(NamedTuple):
    """What a check is asked: the fit, the record, and how much work to do.

    In `folder` a long one keeps what it has done, until its result is saved.
    """

    plan: Plan
    record: str | None = None
    posterior: str = "reference"
    histories: int = 200
    draws: int = 200
    seed: int = 1
    workers: int = 2
    only: tuple[str, ...] = ()
    progress: Progress | None = None
    folder: Path | None = None

    def drawn_from(self) -> dict[str, str]:
        """The posterior with the hash of its draws: into the manifest of a check that uses it."""
        return {"posterior": self.posterior, "posterior_sha256": fingerprint(self.posterior)}

    def refuse_other(self, keys: Iterable[str] = UNLIKE) -> None:
        """Refuse a posterior that is none of this plan's, by these keys of its manifest.

        Raises:
            InputError: with what differs, and a posterior that can be named.
        """
        plan = self.plan.model_dump(mode="json")
        plan["data_sha256"] = Request(self.plan, (), self.record).data_hash()
        wanted = {key: plan[key] for key in keys}
        if key := _differs(self.posterior, wanted):
            there = manifest(self.posterior).get(key)
            told = UNLIKE[key].format(there=there, wanted=wanted[key])
            raise InputError(
                f"posterior={self.posterior}: {told} ({self.plan.title!r}); {_instead(wanted)}"
            )


def _differs(posterior: str, wanted: Mapping[str, Any]) -> str:
    """The first key in which a posterior's manifest says something else; none if it doesn't."""
    there = manifest(posterior)
    return next((key for key in wanted if there.get(key) != wanted[key]), "")


def _instead(wanted: Mapping[str, Any]) -> str:
    """Which posterior to name: one that differs in nothing, else one that is to be made."""
    fits = [f"posterior={name}" for name in names() if not _differs(name, wanted)]
    made = "fit one without check=, under name=NAME, and give posterior=NAME"
    return f"take {' or '.join(fits)}" if fits else made


class Answer(NamedTuple):
    """What a check found: its verdict in lines, the first the shortest, and a table.

    `about` goes into the manifest beside them.
    """

    verdict: list[str]
    rows: list[dict[str, Any]]
    about: Mapping[str, Any] = {}
