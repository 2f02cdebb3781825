"""`rungs sweep`: design points × replications into a folder, then what matters among them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from sim.cli.options import RUNNING, Call, refuse_words, take
from sim.errors import InputError

if TYPE_CHECKING:
    from sim.compare.sweeps.analysis import Question
    from sim.study.sweeps import Plan, Request
    from sim.study.swept import Sweep

SYNOPSIS = (
    "KEY=a,b KEY=range(1,9,2) KEY=interval(x,y) KEY=prior [design=NAME] [points=N] [OPTIONS]\n"
    "       rungs sweep run=DIR [measure=NAME] [cases=RULE] [best=lowest]"
)
KEYS = {
    "KEY=a,b": "an axis; also range(first,before,step), glob(*) of a group, interval(low,high)",
    "KEY=prior": "as a quantity is believed to be; KEY=limits: all that the schema allows; "
    "the key may end in *",
    "design=": "grid (for lists), lhs (else), random, sobol, morris, posterior, csv",
    "points=": "how many (sobol, morris: of the base); or FILE.csv, whose first line names keys",
    "link=A+B": "axes that move as one; several: link=A+B,C+D",
    "where=EXPR": "keeps the points for which it holds: where='militia.excitation < 0.5'",
    "stop_on=": "a measure; with width=W until the 95 % interval of a point's mean is ±W",
    "measure=": "what the analysis is of (default: rocket_attacks)",
    "cases=RULE": "the corner of the space where it holds: cases='reaches_eight >= 0.5'",
    "best=": "lowest or highest: ranks policies, with the probability that the best is best",
    "rank=A+B": "with best=: axes whose levels are ranked over all others (default: every point)",
    "zone=W": "with best=: differences this small don't matter",
    "run=DIR": "analyses a sweep that is there, whole or not, and computes nothing",
}
OPTIONS = {
    **{name: text for name, text in RUNNING.items() if name not in ("--multirun", "--cfg")},
    "--out": ("value", "DIR  the sweep's folder (default: outputs/sweep-HASH)"),
    "--count": ("flag", "say how many points and replications it would be, and run nothing"),
}
EXAMPLES = (
    "rungs sweep militia.excitation=0,0.3,0.6 retaliation=never,historical replications=100",
    "rungs sweep 'militia.*=prior' design=morris points=20 replications=20 workers=2",
    "rungs sweep retaliation='glob(*)' best=lowest measure=coalition_killed replications=400",
)
ASKED = ("measure", "cases", "best", "rank", "zone", "run")
MEASURE = "rocket_attacks"


def main(call: Call) -> int:
    """Make the sweep, or read one; print what matters."""
    from sim.study.asking import OWN, request_of

    refuse_words(call, "sweep")
    own = take(call, *OWN, *ASKED)
    question = _question(own)
    if "run" in own:
        return _told(call, _read(call, own), question)
    request = request_of(call.overrides, own, call.path("--config-dir"))
    if call.has("--count"):
        return _count(call, request)
    if question.cases:
        _enough_for_boxes(request)
    return _told(call, _made(call, request), question)


# -- what is asked -----------------------------------------------------------------------


def _question(own: dict[str, str]) -> Question:
    """What is asked of the results, judged before anything runs."""
    from sim.compare.sweeps.analysis import Question
    from sim.compare.sweeps.cases import rule
    from sim.study.asking import number
    from sim.study.planning import measure_of

    measure = measure_of(own.get("measure", MEASURE), "measure")
    best = own.get("best", "")
    if best not in ("", "lowest", "highest"):
        raise InputError(f"best={best}: write lowest or highest")
    idle = [name for name in ("rank", "zone") if name in own and not best]
    if idle:
        raise InputError(f"{idle[0]}= goes with best=lowest or best=highest")
    if "cases" in own:
        rule(own["cases"])
    policies = tuple(name for name in own.get("rank", "").split("+") if name)
    zone = number("zone", own.get("zone", "0"))
    return Question(measure, own.get("cases", ""), best, policies, zone)


def _enough_for_boxes(request: Request) -> None:
    """Refuse a rule that so few points can't be told apart by, before they are made."""
    from sim.compare.sweeps.boxes import FEWEST
    from sim.study.sweeps import Plan

    points = len(Plan(request).design.points)  # none is composed yet: the sweep does that
    if points < FEWEST:
        raise InputError(
            f"cases=: {points} points; boxes need {FEWEST} at least, half of them cases: give "
            "more values, or leave cases= out"
        )


# -- what is answered --------------------------------------------------------------------


def _made(call: Call, request: Request) -> Sweep:
    from sim.cli import running
    from sim.study.sweeps import run

    path = call.path("--out") or Path("outputs") / f"sweep-{request.identity()[:12]}"
    with running.progress(call, "sweep", path) as progress:
        return run(request, path, progress, call.argv)


def _read(call: Call, own: dict[str, str]) -> Sweep:
    from sim.study.asking import OWN
    from sim.study.swept import Sweep

    idle = [word for word in call.overrides] + [f"{k}=" for k in own if k in OWN]
    if idle:
        raise InputError(f"{idle[0]}: run= reads a sweep that is there; leave it out")
    return Sweep(Path(own["run"]))


def _count(call: Call, request: Request) -> int:
    from sim.cli import running
    from sim.study.sweeps import Plan

    plan = Plan(request)
    told = {
        "design": request.kind,
        "points": len(plan.keys),
        "replications": request.replications,
        "in_all": plan.total,
    }
    if call.has("--json"):
        running.print_json(told)
    else:
        most = "at most " if request.stop else ""
        print(
            f"design={request.kind}: {told['points']:,} points × {most}{request.replications:,} "
            f"replications = {most}{plan.total:,}{_alike(plan)}"
        )
    return 0


def _alike(plan: Plan) -> str:
    """What explains a product that is smaller than its factors."""
    again = len(plan.keys) - len(plan.first)
    return f"; {again:,} of the points repeat another and are made once with it" if again else ""


def _told(call: Call, sweep: Sweep, question: Question) -> int:
    """Print what matters in a sweep."""
    from sim.cli import running
    from sim.compare.sweeps.analysis import analysed, noted, plain
    from sim.show import sweeps

    made, failed = sweep.counts
    found = analysed(sweep, question)
    noted(sweep, question)
    if call.has("--json"):
        told = {"folder": str(sweep.path), "status": sweep.manifest["status"]}
        counts = {"points": len(sweep.keys), "replications": made, "failed": failed}
        running.print_json({**told, "design": sweep.kind, **counts, **plain(found)})
        return 0
    print(sweeps.page(found))
    if not call.has("--quiet"):
        lost = f", of which {failed:,} ended in an error" if failed else ""
        print(f"\n{made:,} replications of {len(sweep.keys):,} points{lost}: {sweep.path}")
    return 0
