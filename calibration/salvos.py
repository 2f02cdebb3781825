"""The exact likelihood of the rounds and the harm of rocket attacks, for many parameters at once.

It is that of `sim.agents.salvo`, `sim.agents.sites` and `sim.agents.air_defence`: intent,
rounds attempted, unfired and failed, the battery, the siren, the dead and wounded. What
nobody saw is summed over, a range is summed over its ends and all between, and a blank says
nothing. It supposes a full magazine, a battery that no other salvo occupies, a siren that is
heeded as if no false alarm had been, enough rounds at hand, and cells that have learnt
nothing. That some replies are for show, and so messages, is left out: no attack's intent
hangs on the `reply` driver here.

Arrays end in the axis of the W parameter draws: a quantity of the scenario is a number or
has shape (W,). A probability below 1e-308 counts as none.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from calibration.arrays import Array, Numbered, summation, summed
from calibration.harm import Falls
from calibration.possible import Departure, Fall, Flight, Salvo, possible
from calibration.rounds import Departures, Flights, intents
from sim.settings.scenario import Scenario


def log_likelihood(scenario: Scenario, salvos: Sequence[Salvo], grievance: Array) -> Array:
    """`SalvoLikelihood`, prepared and asked once."""
    return SalvoLikelihood(salvos)(scenario, grievance)


class SalvoLikelihood:
    """The log-likelihood of observed salvos, prepared once and asked many times.

    What salvos share is computed once: a cell is one number of rounds fired and impacted
    that one distinct observation allows.
    """

    def __init__(self, salvos: Sequence[Salvo]) -> None:
        seen: Numbered[Salvo] = Numbered()
        self._which = np.array([seen(salvo) for salvo in salvos], int)
        self._untold = np.array([salvo.tells_nothing for salvo in seen], bool)
        departures: Numbered[Departure] = Numbered()
        flights: Numbered[Flight] = Numbered()
        falls: Numbered[Fall] = Numbered()
        cells = [
            (row, departures(departure), flights(flight), falls(fall))
            for row, salvo in enumerate(seen)
            for departure, flight, fall in possible(salvo)
        ]
        rows, *self._parts = np.array(cells, int).reshape(-1, 4).T
        self._cells = summation(rows, np.arange(len(rows)), (len(seen), len(rows)))
        self._departures = Departures(list(departures))
        self._flights = Flights(list(flights))
        self._falls = Falls(list(falls))

    def __call__(self, scenario: Scenario, grievance: Array) -> Array:
        """Natural logarithm of the probability of all that was observed, shape (W,).

        Args:
            scenario: quantities are numbers, or arrays of shape (W,).
            grievance: level of the backlash driver (log rate), shape (W, number of salvos).
        """
        total: Array = self.by_attack(scenario, grievance).sum(axis=1)
        return total

    def by_attack(self, scenario: Scenario, grievance: Array) -> Array:
        """The terms of the sum, shape (W, number of salvos); −inf is impossible.

        Raises:
            ValueError: the grievance is not given at every salvo.
        """
        if grievance.ndim != 2 or grievance.shape[1] != len(self._which):
            raise ValueError(
                f"grievance has shape {grievance.shape}: give one column for each of "
                f"the {len(self._which)} salvos"
            )
        meant = intents(scenario.militia.intent, grievance.T)
        mass = (meant * self._given_intent(scenario, len(grievance))[self._which]).sum(axis=1)
        with np.errstate(divide="ignore"):
            result: Array = np.log(mass).T
        return result

    def _given_intent(self, scenario: Scenario, width: int) -> Array:
        """Probability of each distinct observation by intent, shape (U, 3, W)."""
        departure, flight, fall = self._parts
        mass = self._departures(scenario, width)[departure]
        mass *= self._flights(scenario, width)[flight][:, None]
        mass *= self._falls(scenario, width)[fall]
        result = summed(self._cells, mass)
        result[self._untold] = 1.0
        return result
