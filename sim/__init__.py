"""Rungs: a scenario simulator of the rocket campaign in Iraq, May 2019 – December 2020.

    import sim

    s = sim.scenario("historical", retaliation="never")
    runs = sim.run(s, replications=1000)
    runs.paths()
    runs.compare()
    sim.branch("2020-03-12", retaliation="never", against="historical").contrasts()
    sim.sweep("militia.excitation=0,0.3,0.6", out="outputs/mine").analysed()
    sim.rare(9, date="2020-03-12", horizon="90d").rungs[9]

The functions live in `sim.api` and are loaded on first use, so that importing `sim`
(which the command line does before it knows what is asked) costs nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sim.api import Branch as Branch
    from sim.api import Runs as Runs
    from sim.api import Sweep as Sweep
    from sim.api import branch as branch
    from sim.api import rare as rare
    from sim.api import read as read
    from sim.api import run as run
    from sim.api import scenario as scenario
    from sim.api import sweep as sweep

__all__ = ["Branch", "Runs", "Sweep", "branch", "rare", "read", "run", "scenario", "sweep"]


def __getattr__(name: str) -> Any:
    if name in __all__:
        from sim import api

        return getattr(api, name)
    raise AttributeError(f"module 'sim' has no attribute {name!r}")
