"""`rungs rare`: how likely a rare rung is, by splitting."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.cli.options import RUNNING, Call, refuse_keys, refuse_words, take
from sim.errors import InputError

if TYPE_CHECKING:
    from sim.study.rare import Question

SYNOPSIS = "rung=8|9|10 [horizon=180d] [date=YYYY-MM-DD] [KEY=VALUE …] [OPTIONS]"
KEYS = {
    "rung=": "how likely is this rung or a higher one (1 to 10)",
    "horizon=": "how far to look, 180d or 26w",
    "date=D": "where history ends, at 00:00 Baghdad time; without it the scenario's own start",
    "record=FILE": "another record",
    "particles=": "how many try each level",
    "repeats=": "independent runs; the interval comes from them",
    "levels=A,B": "where to split: tempo, harm, death, answer, leaders, order (a pilot chooses)",
    "world=": "median, or a replication's number: fixed parameters instead of drawn ones",
}
OPTIONS = {
    name: text for name, text in RUNNING.items() if name not in ("--multirun", "--cfg", "--out")
}
EXAMPLES = (
    "rungs rare rung=9 date=2020-03-12 horizon=180d retaliation=on_coalition_death",
    "rungs rare rung=10 horizon=26w posterior=full particles=500 repeats=30",
    "rungs rare rung=10 world=median retaliation=on_coalition_death levels=death,leaders --json",
)
REFUSED = {
    "replications": "repeats= and particles= say how many are made",
    "journal": "futures are counted, not kept",
}
OWN = ("rung", "horizon", "date", "record", "particles", "repeats", "levels", "world")


def main(call: Call) -> int:
    """Answer, print; nothing is written."""
    from sim.cli import running
    from sim.show import rare as shown
    from sim.study.rare import run

    refuse_words(call, "rare")
    question = asked(call)
    title = "repeats" if question.levels else "a pilot and repeats"
    with running.progress(call, title) as progress:
        found = run(question, progress)
    if call.has("--json"):
        running.print_json(shown.as_json(found))
    else:
        print(shown.text(found))
    return 0


def asked(call: Call) -> Question:
    """The question that a call asks.

    Raises:
        InputError: a key is missing, or a value is out of range.
    """
    from sim.study.ascent import levels_named
    from sim.study.asking import whole
    from sim.study.rare import PARTICLES, REPEATS, ask

    own = take(call, *OWN)
    refuse_keys(call, REFUSED)
    if "rung" not in own:
        raise InputError("rare needs rung=, such as rung=9 (see rungs rare --help)")
    rung = whole("rung", own["rung"])
    levels = levels_named(own["levels"].split(","), rung) if "levels" in own else None
    return ask(
        rung,
        call.overrides,
        own.get("date"),
        own.get("horizon", "180d"),
        whole("particles", own.get("particles", PARTICLES)),
        whole("repeats", own.get("repeats", REPEATS)),
        levels,
        own.get("world"),
        own.get("record"),
        call.path("--config-dir"),
    )
