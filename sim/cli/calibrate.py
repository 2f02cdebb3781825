"""`rungs calibrate`: from the record to a posterior, and the proof that the pipeline works."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.cli.options import COMMON, Call, refuse_words, take
from sim.errors import InputError

if TYPE_CHECKING:
    from pathlib import Path

    from calibration.checks import Asked
    from calibration.fit import Request
    from calibration.plan import Plan

SYNOPSIS = "[fit=NAME] [until=YYYY-MM-DD] [name=NAME] [KEY=VALUE …] [OPTIONS]"
KEYS = {
    "fit=": "a fit of configs/fit, or a YAML file of your own (default: reference)",
    "until=": "the first day that is not seen, instead of the fit's own",
    "name=": "of the posterior, under calibration/posteriors (default: the fit's)",
    "record=FILE": "another record in the same schema",
    "workers=": "processes that share the work (default: 2)",
    "check=NAME": "recovery, sbc, gaps, worth, worth_crps, placebo, priors, noise, simulated, "
    "predictive",
    "histories=": "of check=sbc (200), placebo (20), simulated (12000); seed=, only=BLOCK",
    "draws=": "of check=gaps (100), noise, predictive (200); futures a Monday of worth_crps (40)",
    "posterior=": "of check=gaps, noise, worth_crps (the one named like the fit), simulated "
    "(reference) or predictive (full)",
    "KEY=VALUE": "settings beside those of the fit; they become its conditions",
}
OPTIONS = {
    "--replace": (
        "flag",
        "write over a posterior of that name, or what a check found of another question",
    ),
    "--out": ("value", "DIR  with check=: where the result is kept (default: calibration/results)"),
    **COMMON,
}
EXAMPLES = (
    "rungs calibrate fit=reference",
    "rungs calibrate until=2020-04-01 name=spring militia=sceptical",
    "rungs calibrate check=sbc histories=200",
)
OWN = ("fit", "until", "name", "record", "workers")
OF_CHECKS = ("check", "histories", "draws", "seed", "only", "posterior")
DEFAULTS = {
    "gaps": {"draws": "100"},
    "placebo": {"histories": "20"},
    "simulated": {"histories": "12000", "posterior": "reference"},
    "worth_crps": {"draws": "40"},
    "predictive": {"fit": "full", "posterior": "full", "seed": "20190501"},
}
"""What a check takes where nobody says, if it is not what others take; predictive takes what
`rungs compare posterior=full` does."""
COUNTED = {"worth_crps": "futures", "placebo": "fits", "predictive": "replications"}
"""What a check tells the progress of, where that is not histories."""


def main(call: Call) -> int:
    """Fit, save and print the diagnostics; or check."""
    refuse_words(call, "calibrate")
    own = take(call, *OWN, *OF_CHECKS)
    if "check" in own:
        return _check(call, own)
    idle = [name for name in OF_CHECKS if name in own]
    if idle or "--out" in call.options:
        raise InputError(f"{idle[0] + '=' if idle else '--out'}: is for check=")
    return _fit(call, own)


def request_of(call: Call, own: dict[str, str]) -> Request:
    """What a call asks to be fitted."""
    from calibration import plan
    from calibration.fit import Request

    told: Plan = plan.read(own.get("fit", "reference"))
    if "until" in own:
        plain = {**told.model_dump(mode="json"), "until": own["until"]}
        told = plan.judge(plain, "rungs calibrate")
    return Request(told, tuple(call.overrides), own.get("record"))


def whole(own: dict[str, str], name: str, default: str, most: int) -> int:
    """A whole number that a call gives, from 1."""
    text = own.get(name, default)
    if not text.isdigit() or not 1 <= int(text) <= most:
        raise InputError(f"{name}={text}: write a whole number from 1 to {most}")
    return int(text)


def _check(call: Call, own: dict[str, str]) -> int:
    from calibration import checks
    from sim.cli import running
    from sim.errors import nearest
    from sim.show import posteriors

    name = own["check"]
    if name not in checks.CHECKS:
        raise InputError(f"check={name}: no such check; {nearest(name, checks.CHECKS)}")
    root = call.path("--out") or checks.RESULTS
    asked = _asked(call, {**DEFAULTS.get(name, {}), **own})
    if not call.has("--replace"):
        checks.refuse_other(name, asked, root)
    with running.progress(call, COUNTED.get(name, "histories")) as progress:
        asked = asked._replace(progress=progress, folder=root / checks.WORK / name)
        answer = checks.CHECKS[name](asked)
    saved = checks.save(name, asked, answer, root)
    if call.has("--json"):
        running.print_json(answer._asdict())
        return 0
    print(posteriors.check_text(answer.verdict, answer.rows))
    if not call.has("--quiet"):
        print(f"\nresult: {saved}")
    return 0


def _asked(call: Call, own: dict[str, str]) -> Asked:
    """What a check is asked.

    Raises:
        InputError: a setting beside the fit's own, or no number where one is needed.
    """
    from calibration.checks import Asked

    request = request_of(call, own)
    if request.overrides:
        raise InputError(f"{request.overrides[0]}: a check takes the fit's own conditions")
    request.data_hash()  # a record that cannot be read is said before hours of work
    return Asked(
        request.plan,
        request.record,
        own.get("posterior") or _namesake(own),
        whole(own, "histories", "200", 100_000),
        whole(own, "draws", "200", 100_000),
        whole(own, "seed", "1", 2**31),
        whole(own, "workers", "2", 256),
        tuple(own["only"].split(",")) if "only" in own else (),
    )


def _namesake(own: dict[str, str]) -> str:
    """The posterior that is named like the fit; the reference's where there is none."""
    from pathlib import Path

    from sim.settings.posterior import names

    name = Path(own.get("fit", "reference")).stem
    return name if name in names() else "reference"


def _fit(call: Call, own: dict[str, str]) -> int:
    from pathlib import Path

    from calibration.fit import fit, prepared
    from calibration.posterior import Posterior
    from sim.cli import running

    request, workers = request_of(call, own), whole(own, "workers", "2", 256)
    prepared(request)  # what is wrong is said first
    name = own.get("name") or Path(own.get("fit", "reference")).stem
    posterior = Posterior(name)
    if posterior.claim(request, call.has("--replace")) and not call.has("--replace"):
        return _told(call, posterior.path)
    with running.progress(call, "blocks") as progress:
        found = fit(request, workers, posterior.work(request), progress)
    posterior.save(request, found)
    return _told(call, posterior.path)


def _told(call: Call, path: Path) -> int:
    """Print a posterior, made now or found."""
    from sim.cli import running
    from sim.show import posteriors

    if call.has("--json"):
        running.print_json(posteriors.as_json(path))
    else:
        print(posteriors.text(path, whole=not call.has("--quiet")))
    return 0
