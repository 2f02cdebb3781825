"""How much the blows of the past rankle at each attack, under many parameters at once."""

from __future__ import annotations

import numpy as np

from calibration.quantiles import Floats
from calibration.tempo import motives_of
from calibration.wide import Wide
from sim.events import Event, Kind
from sim.settings.scenario import Scenario


def grievances(record: list[Event], scenario: Scenario, width: int) -> Floats:
    """The level of grievance (log rate) at each rocket attack, shape (width, attacks)."""
    tempo = Wide(scenario.militia, width)
    motives = motives_of(scenario, tempo)
    levels = []
    for event in record:
        tempo.now = event.time
        if event.kind is Kind.ROCKET_ATTACK:  # moves the tempo, but no grievance
            levels.append(np.broadcast_to(motives.grievance(event.time), (width,)))
        else:
            motives.observe(event)
    return np.stack(levels, axis=1) if levels else np.zeros((width, 0))
