"""Event, Kind and Journal: the one vocabulary of the project.

Simulated, replayed and announced events share this schema, so the ladder, the
measures and the comparison are written once and read any of them.
"""

from sim.events.arrow import schema, to_pandas, to_table
from sim.events.event import (
    GROUPS,
    HARM,
    QUANTITIES,
    ROUNDS,
    Event,
    Fields,
    Kind,
    Origin,
    Range,
    Side,
)
from sim.events.journal import Journal, Listener

__all__ = [
    "GROUPS",
    "HARM",
    "QUANTITIES",
    "ROUNDS",
    "Event",
    "Fields",
    "Journal",
    "Kind",
    "Listener",
    "Origin",
    "Range",
    "Side",
    "schema",
    "to_pandas",
    "to_table",
]
