"""What the host state can reach, and how intimidation shrinks it."""

from __future__ import annotations

from math import exp

from sim.events import Event, Kind
from sim.intensity import Driver
from sim.settings.government import Arrests, Government

MOST_FEAR = 10.0
"""Log rate at which fear stops adding up: a reach of e⁻¹⁰ is none."""


class Reach:
    """The share of what could be found that a host state does find: nothing without one."""

    observes = (Kind.INTIMIDATION,)

    def __init__(self, params: Government) -> None:
        self.full = params.capacity if params.on else 0.0
        self._fear = _fear(params.arrests) if params.on else None

    def observe(self, event: Event) -> None:
        """Each intimidation adds fear, which fades."""
        if self._fear is not None:
            self._fear.jump(event.time)

    def at(self, time: float) -> float:
        """Capacity, as far as fear leaves it."""
        if self._fear is None or not self._fear.value:
            return self.full
        return self.full * exp(self._fear.level(time))


def _fear(arrests: Arrests) -> Driver:
    return Driver(-arrests.fear, arrests.fear_half_life_days, MOST_FEAR)
