"""The worked branch studies as a page: ``python -m sim.show.studies > docs/studies.md``."""

from __future__ import annotations

import sys

from sim.compare.contrasts import findings
from sim.compare.divergence import divergence
from sim.settings import experiment
from sim.show import branches, divergences
from sim.study.branching import future_of, run
from sim.study.planning import plan
from sim.study.signs import signs

REPLICATIONS = 300
DRAWS, FUTURES = 40, 40
SHOWN = 3
"""The replication whose futures are told apart."""
HEAD = f"""# Six branches from history

Each study replays the record to a date and lets the agents act from there, under two policies on
the same draws: {REPLICATIONS} futures of each, and {DRAWS} worlds of {FUTURES} futures over what
the record cannot tell. This page is what the commands print; it is made by
`python -m sim.show.studies`. Parameters are documented ranges, not fitted ones: the intervals are
those of a model that has not seen the record's tempo, and a sign is claimed only where it is
resolved in four of five worlds.
"""


def page() -> str:
    """The page in Markdown, a section for each study."""
    return HEAD + "".join(f"\n{section(name)}" for name in experiment.names())


def section(name: str) -> str:
    """One study: its question, its contrasts, its signs, and two futures told apart."""
    told = experiment.read(name)
    asked = plan(told, [f"replications={REPLICATIONS}"])
    found = signs(asked, told.measure, DRAWS, FUTURES)
    first = next(iter(asked.arms))
    pair = [future_of(asked, arm, SHOWN) for arm in (first, asked.reference)]
    parted = divergence((first, asked.reference), pair[0], pair[1])
    contrast = branches.text(told.title, findings(asked, run(asked)))
    return "\n".join(
        [
            f"## {told.title}",
            "",
            f"{told.question} {told.about}",
            "",
            *_printed(f"rungs branch experiment={name} replications={REPLICATIONS}", contrast),
            *_printed(
                f"rungs branch experiment={name} --signs draws={DRAWS} futures={FUTURES}",
                branches.signs_text(found, asked),
            ),
            *_printed(
                f"rungs branch experiment={name} --diverge {SHOWN}",
                divergences.text(parted, SHOWN, asked.settings.scenario.start),
            ),
            f"**Verdict:** {branches.verdict(found, first, asked.reference)}.",
            "",
        ]
    )


def _printed(command: str, output: str) -> list[str]:
    return ["```", f"$ {command}", output, "```", ""]


if __name__ == "__main__":
    sys.stdout.write(page())
