"""The escalation ladder: rungs, paths, episodes and statistics of any journal.

`rate` gives every event its rung by fixed predicates; everything else reads the
rungs. Simulated, replayed and recorded journals go through the same code, and the
ladder knows no configuration.
"""

from sim.ladder.paths import (
    Episode,
    Statistics,
    Step,
    episodes,
    path,
    state,
    statistics,
    sustained_exchange,
)
from sim.ladder.rungs import RUNGS, Rung, flags, rate, side

__all__ = [
    "RUNGS",
    "Episode",
    "Rung",
    "Statistics",
    "Step",
    "episodes",
    "flags",
    "path",
    "rate",
    "side",
    "state",
    "statistics",
    "sustained_exchange",
]
