"""What the figures draw, as tidy tables: one kind of row a module, computed from a study's own."""

from sim.compare.tables.chronicle import Happening, chronicle, middling
from sim.compare.tables.climbs import Climb, climbs
from sim.compare.tables.history import History, history
from sim.compare.tables.lags import Lag, lags
from sim.compare.tables.learned import Learned, learned
from sim.compare.tables.states import State, states
from sim.compare.tables.survival import Reach, curve, exchanges, reaches, reaches_of_futures
from sim.compare.tables.transitions import Transition, transitions
from sim.compare.tables.weeks import Week, weeks

__all__ = [
    "Climb",
    "Happening",
    "History",
    "Lag",
    "Learned",
    "Reach",
    "State",
    "Transition",
    "Week",
    "chronicle",
    "climbs",
    "curve",
    "exchanges",
    "history",
    "lags",
    "learned",
    "middling",
    "reaches",
    "reaches_of_futures",
    "states",
    "transitions",
    "weeks",
]
