"""`rungs backtest`: forecasts of what a posterior has not seen, scored beside simple ones."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.cli.options import RUNNING, Call, refuse_keys, refuse_words, take
from sim.errors import InputError

if TYPE_CHECKING:
    from calibration.backtest.study import Backtest, Plan
    from sim.show.forecast_tables import Told

SYNOPSIS = (
    "[posterior=NAME] [record=FILE] [from=YYYY-MM-DD] [to=YYYY-MM-DD] [KEY=VALUE …] [OPTIONS]"
)
KEYS = {
    "posterior=": "a name or a folder's path (default: the newest that ends by from=)",
    "record=FILE": "another record in the schema, a CSV file or a folder (default: the packaged)",
    "from=": "forecasts are made each Monday from this day on (default: 2020-07-01)",
    "to=": "to before this day (default: the record's end)",
    "draws=N": "simulated futures of each Monday (default: 300)",
    "refit=": "monthly fits the posterior anew each month, on all that was known by then",
}
OPTIONS = {
    **{name: text for name, text in RUNNING.items() if name not in ("--multirun", "--cfg")},
    "--out": ("value", "DIR  the backtest's folder (default: outputs/backtest-HASH)"),
}
EXAMPLES = (
    "rungs backtest",
    "rungs backtest posterior=reference from=2020-09-01 draws=100",
    "rungs backtest record=mine.csv from=2021-01-04 --json",
)
OWN = ("posterior", "record", "from", "to", "draws", "refit")
REFUSED = {
    "scenario": "the posterior says of which scenario it is",
    "scenario.start": "the posterior says of which scenario it is",
    "scenario.end": "from= and to= say what is forecast",
    "replications": "draws=N says how many futures of each Monday",
    "journal": "futures are counted, not kept",
}
MOST_DRAWS = 100_000


def main(call: Call) -> int:
    """Forecast, score, print and save."""
    refuse_words(call, "backtest")
    asked = planned(call, take(call, *OWN))
    from sim.cli import running
    from sim.show import forecasts
    from sim.show.reports import of_backtest

    folder = _folder(call, asked)
    with folder.at_work():
        found = _run(call, asked)
        of_backtest.save(folder, found)
    saved = of_backtest.save_page(folder, found)
    if call.has("--json"):
        running.print_json(forecasts.as_json(found))
        return 0
    print(forecasts.text(found))
    if not call.has("--quiet"):
        print("\n" + "\n".join(f"{what}: {path}" for what, path in saved.items()))
    return 0


def planned(call: Call, own: dict[str, str]) -> Plan:
    """The backtest that a call asks for."""
    from calibration.backtest import study

    refuse_keys(call, REFUSED)
    return study.plan(
        own.get("record"),
        _day(own, "from"),
        _day(own, "to"),
        _posterior(own),
        call.overrides,
        _draws(own.get("draws", str(study.DRAWS))),
        call.path("--config-dir"),
    )


def _posterior(own: dict[str, str]) -> str | Callable[[date], str] | None:
    """Whose forecasts are made: a posterior's, or those of its refits."""
    named = own.get("posterior")
    if "refit" not in own:
        return named
    if own["refit"] != "monthly":
        raise InputError(f"refit={own['refit']}: only refit=monthly is known; or leave it out")
    from calibration.backtest.unseen import newest
    from calibration.refit import monthly

    first = _day(own, "from") or date(2020, 7, 1)
    return monthly(named or newest(first), own.get("record"))


def _day(own: dict[str, str], name: str) -> date | None:
    if name not in own:
        return None
    try:
        return date.fromisoformat(own[name])
    except ValueError:
        raise InputError(f"{name}={own[name]}: not a date; write it as 2020-07-01") from None


def _draws(text: str) -> int:
    if not text.isdecimal() or not 2 <= int(text) <= MOST_DRAWS:
        raise InputError(f"draws={text}: a whole number from 2 to {MOST_DRAWS} is needed")
    return int(text)


def _folder(call: Call, asked: Plan) -> Any:
    """The folder of the backtest, begun."""
    from sim.study.folder import RunFolder

    identity = asked.identity()
    out = call.path("--out") or Path("outputs") / f"backtest-{identity[:12]}"
    told = asked.main.model_copy(update={"replications": asked.draws})
    return RunFolder.create(out, told, list(call.argv), asked.source.path, identity, "backtest")


def _run(call: Call, asked: Plan) -> Told:
    from calibration.backtest import study
    from sim.cli import running

    with running.progress(call, "forecasts") as progress:
        return told(study.run(asked, progress))


def told(found: Backtest) -> Told:
    """A backtest as the plain tables that are shown."""
    from sim.show.forecast_tables import Told

    plain = ([row._asdict() for row in table] for table in found[1:])
    return Told(about(found.plan), *plain)


def about(asked: Plan) -> dict[str, Any]:
    """What was asked, in plain values."""
    from calibration.backtest.origins import HORIZONS
    from calibration.backtest.study import BASELINE_DRAWS

    return {
        "title": f"Forecasts from {asked.first}, scored",
        "posteriors": [_posterior_told(name) for name in asked.settings],
        "record": asked.source.path or "packaged",
        "first": asked.first.isoformat(),
        "last": asked.last.isoformat(),
        "end": asked.end.isoformat(),
        "draws": asked.draws,
        "baseline_draws": BASELINE_DRAWS,
        "seed": asked.main.seed,
        "origins": {str(weeks): len(asked.scored(weeks)) for weeks in HORIZONS},
        "identity": asked.identity(),
        **asked.hashes(),
    }


def _posterior_told(name: str) -> dict[str, str]:
    """Which posterior forecasts: its name, what it has seen, a hash of its draws."""
    from calibration.backtest.unseen import called, until
    from sim.settings.posterior import fingerprint

    seen = until(name).isoformat()
    return {"name": called(name), "until": seen, "posterior_sha256": fingerprint(name)}
