"""Every picture as a function that takes tables and returns a figure.

The report, the dashboard and notebooks use the same ones:

>>> from sim.show import figures
>>> rows = [{"model": "rungs", "horizon_weeks": 1, "ratio": 1.0, "low90": None, "high90": None}]
>>> figures.skill(rows, figures.About("a backtest")).layout.meta["about"]["run"]
'a backtest'

A table may be Arrow, pandas, or rows with names; `sim.compare.tables` makes them from a study.
"""

from sim.show.figures.about import About, of_manifest
from sim.show.figures.boxes import boxes
from sim.show.figures.coverage import coverage
from sim.show.figures.differences import differences
from sim.show.figures.fan import fan
from sim.show.figures.flow import flow
from sim.show.figures.forecasts import forecasts
from sim.show.figures.ladder import ladder
from sim.show.figures.lags import lags
from sim.show.figures.learned import learned, marginal
from sim.show.figures.pit import pit
from sim.show.figures.ranks import ranks
from sim.show.figures.save import metadata, save, text_of
from sim.show.figures.sensitivity import sensitivity
from sim.show.figures.shares import shares
from sim.show.figures.signs import signs
from sim.show.figures.skill import skill
from sim.show.figures.survival import survival
from sim.show.figures.timeline import timeline
from sim.show.figures.transitions import transitions

__all__ = [
    "About",
    "boxes",
    "coverage",
    "differences",
    "fan",
    "flow",
    "forecasts",
    "ladder",
    "lags",
    "learned",
    "marginal",
    "metadata",
    "of_manifest",
    "pit",
    "ranks",
    "save",
    "sensitivity",
    "shares",
    "signs",
    "skill",
    "survival",
    "text_of",
    "timeline",
    "transitions",
]
