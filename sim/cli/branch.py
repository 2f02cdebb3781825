"""`rungs branch`: futures from a date under two or more policies, on the same draws."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.cli.options import ROOT, RUNNING, Call, refuse_keys, refuse_words, take
from sim.errors import InputError

if TYPE_CHECKING:
    from sim.settings.experiment import Experiment
    from sim.study.branching import Plan, Source, Stop
    from sim.study.folder import RunFolder

SYNOPSIS = (
    "date=YYYY-MM-DD GROUP=NAME[,NAME] against=NAME [horizon=180d] [KEY=VALUE …] [OPTIONS]\n"
    "       rungs branch experiment=NAME [OPTIONS]"
)
KEYS = {
    "date=D": "where history ends, at 00:00 Baghdad time; hour=H cuts later on that day",
    "GROUP=A,B": "the policies, choices of one group; those of other groups are everybody's",
    "against=C": "what they are compared with; against=GROUP=C where several groups have a C",
    "horizon=": "how far to look, 180d or 26w",
    "experiment=": "a study of configs/experiment, or a YAML file of your own",
    "record=FILE": "another record; run=DIR replication=N replays a run that kept journal=full",
    "stop_on=": "a measure; with width=W until its 95 % interval is ±W (replications= at most)",
    "measure=": "with --signs: of what; draws=N worlds of futures=N each",
}
OPTIONS = {
    "--diverge": ("value", "N  where the futures of replication N part, and what follows"),
    "--signs": ("flag", "does the contrast keep its sign over what the record can't tell"),
    **{name: text for name, text in RUNNING.items() if name not in ("--multirun", "--cfg")},
    "--out": ("value", "DIR  the study's folder; with --signs, the one to add signs.json to"),
}
EXAMPLES = (
    "rungs branch date=2020-03-12 retaliation=never against=historical replications=2000",
    "rungs branch date=2020-03-12 retaliation=never against=historical --diverge 2",
    "rungs branch experiment=no_strike_after_taji --signs",
)
REFUSED = {"journal": "of a future its measures are kept, and no journal"}
OWN = (
    *("date", "hour", "horizon", "against", "experiment", "record", "run", "replication"),
    *("stop_on", "width", "draws", "futures", "measure"),
)
DRAWS, EACH = 60, 40


def main(call: Call) -> int:
    """Make the futures, compare them, print and save."""
    refuse_words(call, "branch")
    refuse_keys(call, REFUSED)
    own = take(call, *OWN)
    _refuse_idle(call, own)
    plan, title = planned(call, own)
    if len(plan.arms) > 2 and (call.has("--signs") or "--diverge" in call.options or plan.stop):
        raise InputError(
            "--signs, --diverge and stop_on= compare two policies; name one and against="
        )
    if "--diverge" in call.options:
        return _diverge(call, plan)
    if call.has("--signs"):
        return _signs(call, plan, own)
    return _compare(call, plan, title)


def _refuse_idle(call: Call, own: dict[str, str]) -> None:
    """Refuse what would be ignored."""
    signs, diverge = call.has("--signs"), "--diverge" in call.options
    if signs and diverge:
        raise InputError("--signs and --diverge: one at a time")
    of_signs, of_table = ("measure", "draws", "futures"), ("stop_on", "width")
    idle = [name for name in of_signs if name in own and not signs]
    idle += [name for name in of_table if name in own and (signs or diverge)]
    if idle:
        raise InputError(f"{idle[0]}= is for {'the table' if signs or diverge else '--signs'}")


# -- what is asked -----------------------------------------------------------------------


def planned(call: Call, own: dict[str, str]) -> tuple[Plan, str]:
    """The study that a call asks for, and its title."""
    from sim.study.planning import plan

    study = _experiment(call, own)
    stop, source = _stop(own), source_of(own)
    title = study.title + _shared(call.overrides)
    return plan(study, call.overrides, source, stop, call.path("--config-dir")), title


def _shared(overrides: list[str]) -> str:
    """What all policies have that is not in the title yet: groups and keys, but not how many
    futures are made, nor how."""
    told = [word for word in overrides if word.partition("=")[0].lstrip("+~") not in ROOT]
    return f", with {' '.join(told)}" if told else ""


def _experiment(call: Call, own: dict[str, str]) -> Experiment:
    """The packaged study that is named, or the one that the words describe."""
    from sim.settings import experiment
    from sim.study.planning import between, day_of

    if "experiment" in own:
        for name in ("date", "hour", "against", "horizon"):
            if name in own:
                raise InputError(f"{name}=: the experiment has its own; leave it out")
        told = experiment.read(own["experiment"])
        for word in [w for words in told.arms.values() for w in words]:
            if any(o.startswith(word.partition("=")[0] + "=") for o in call.overrides):
                group = word.partition("=")[0]
                raise InputError(f"{group}=: is what the experiment compares; leave it out")
        if call.has("--signs"):
            own.setdefault("measure", told.measure)
        return told
    for name in ("date", "against"):
        if name not in own:
            raise InputError(f"branch needs {name}=, or experiment=NAME (see rungs branch --help)")
    group, chosen, against = _policies(call, own["against"])
    arms = between(group, chosen, against, call.path("--config-dir"))
    return experiment.Experiment(
        title=f"{group}: {', '.join(arms)}, from {own['date']}",
        date=day_of(own["date"]),
        hour=hour_of(own),
        horizon=own.get("horizon", "180d"),
        arms=arms,
    )


def _policies(call: Call, against: str) -> tuple[str, list[str], list[str]]:
    """The group whose choices are compared, the choices, and what they are compared with; the
    first two taken out of the overrides."""
    from sim.settings.files import groups
    from sim.study.planning import compared

    extra = call.path("--config-dir")
    options = groups(extra)
    chosen, names = compared(
        [o for o in call.overrides if o.partition("=")[0] in options], against, extra
    )
    call.overrides.remove(chosen)
    group, _, policies = chosen.partition("=")
    return group, policies.split(","), names.split(",")


def hour_of(own: dict[str, str]) -> float:
    """The hour of the cut, Baghdad time; midnight unless one is given."""
    return _number(own.get("hour", "0"), "hour", 0.0, 24.0)


def _number(text: str, name: str, low: float, high: float) -> float:
    try:
        value = float(text)
    except ValueError:
        raise InputError(f"{name}={text}: not a number") from None
    if not low <= value < high:
        raise InputError(f"{name}={text}: must lie from {low:g} to below {high:g}")
    return value


def _whole(text: str, name: str, low: int) -> int:
    value = _number(text, name, low, 1e9)
    if value != int(value):
        raise InputError(f"{name}={text}: not a whole number")
    return int(value)


def source_of(own: dict[str, str]) -> Source:
    """The history that is named: a record, or a replication of a run."""
    from sim.study.branching import Source

    if "run" in own and "record" in own:
        raise InputError("record= and run=: name one of them")
    if "replication" in own and "run" not in own:
        raise InputError("replication= needs run=DIR")
    number = _whole(own.get("replication", "0"), "replication", 0)
    return Source(own.get("record"), own.get("run"), number)


def _stop(own: dict[str, str]) -> Stop | None:
    from sim.study.branching import Stop
    from sim.study.planning import measure_of

    if ("stop_on" in own) != ("width" in own):
        raise InputError("stop_on=MEASURE and width=W go together")
    if "stop_on" not in own:
        return None
    measure = measure_of(own["stop_on"], "stop_on")
    return Stop(measure, _number(own["width"], "width", 1e-9, 1e9))


# -- what is answered --------------------------------------------------------------------


def _compare(call: Call, plan: Plan, title: str) -> int:
    from sim.cli import running
    from sim.compare.contrasts import findings
    from sim.show import branches
    from sim.show.reports import of_branch
    from sim.study.branching import run
    from sim.study.folder import RunFolder

    identity = plan.identity()
    out = call.path("--out") or Path("outputs") / f"branch-{identity[:12]}"
    argv = list(call.argv)
    folder = RunFolder.create(out, plan.settings, argv, plan.source.record, identity, "branch")
    with folder.at_work():
        with running.progress(call, "branch", out) as progress:
            found = findings(plan, run(plan, progress))
        of_branch.save(folder, title, found)
    saved = of_branch.save_page(folder, title, found)
    if call.has("--json"):
        running.print_json(branches.as_json(found))
        return 0
    print(branches.text(title, found))
    if not call.has("--quiet"):
        print("\n" + "\n".join(f"{what}: {path}" for what, path in saved.items()))
    return 0


def _diverge(call: Call, plan: Plan) -> int:
    from sim.cli import running
    from sim.compare.divergence import divergence
    from sim.show import divergences
    from sim.study.branching import future_of

    number = _whole(call.options["--diverge"], "--diverge", 0)
    first = next(iter(plan.arms))
    names = (first, plan.reference)
    one, two = (future_of(plan, name, number) for name in names)
    found = divergence(names, one, two)
    start = plan.settings.scenario.start
    if call.has("--json"):
        running.print_json(divergences.as_json(found, number, start))
        return 0
    print(divergences.text(found, number, start))
    out = call.path("--out") or Path("outputs")
    out.mkdir(parents=True, exist_ok=True)
    picture = out / f"divergence-{plan.identity()[:12]}-{number}.svg"
    picture.write_text(divergences.svg(found, number, start), encoding="utf-8")
    if not call.has("--quiet"):
        print(f"\npicture: {picture}")
    return 0


def _signs(call: Call, plan: Plan, own: dict[str, str]) -> int:
    from sim.cli import running
    from sim.show import branches
    from sim.show.reports.of_branch import SIGNS
    from sim.study.planning import measure_of
    from sim.study.signs import signs

    measure = measure_of(own.get("measure", "rocket_attacks"), "measure")
    draws = _whole(own.get("draws", str(DRAWS)), "draws", 1)
    each = _whole(own.get("futures", str(EACH)), "futures", 1)
    folder = _of_study(call, plan)
    with running.progress(call, "draws") as progress:
        found = signs(plan, measure, draws, each, progress)
    told: dict[str, Any] = found._asdict() | {"verdict": found.verdict}
    told |= {"lines": [line._asdict() for line in found.lines]}
    if folder is not None:
        folder.write(SIGNS, json.dumps(told, indent=1).encode())
    if call.has("--json"):
        running.print_json(told)
    else:
        print(branches.signs_text(found, plan))
    return 0


def _of_study(call: Call, plan: Plan) -> RunFolder | None:
    """The folder that `--out` names, which must hold this very study."""
    from sim.study.folder import RunFolder

    out = call.path("--out")
    if out is None:
        return None
    folder = RunFolder(out)
    if not folder.manifest():
        raise InputError(
            f"--out {out}: no study lies there to add the signs to; run the branch first, the same "
            "call without --signs, or leave --out away"
        )
    if folder.manifest().get("identity") != plan.identity():
        raise InputError(
            f"--out {out}: holds another study; --signs adds to the folder of its own one"
        )
    return folder
