"""What the cells think that a US answer hangs on: harm above a line, or fire as such."""

from __future__ import annotations

from math import exp

from sim.agents.harm import HARMS, harm_class
from sim.events import Event, Kind, Side
from sim.settings.militia import Belief as BeliefSettings

STRIKES = (Kind.AIRSTRIKE, Kind.LEADERSHIP_STRIKE)


class Belief:
    """Counts of attacks and answers by the harm that was done.

    A US strike answers the worst attack of the days before it. Cells then steer away
    from people as far as they expect that deaths are answered.
    """

    observes = (Kind.ROCKET_ATTACK, *STRIKES, Kind.THREAT)

    def __init__(self, params: BeliefSettings) -> None:
        self.params = params
        self.attacks = dict.fromkeys(HARMS, 0)
        self.answers = dict.fromkeys(HARMS, 0)
        self.line = 0.0
        self._until = 0.0
        self._recent: list[tuple[float, str]] = []

    def observe(self, event: Event, believed: float) -> None:
        """Count an attack, an answer, or note a line that a warning draws."""
        if event.kind is Kind.ROCKET_ATTACK:
            harm = harm_class(event)
            self.attacks[harm] += 1
            self._recent.append((event.time, harm))
        elif event.kind in STRIKES and event.side is Side.US:
            self._learn(event.time)
        elif event.kind is Kind.THREAT and event.side is Side.US and event.due is not None:
            self.line, self._until = self.params.red_line * believed, event.due

    def _learn(self, time: float) -> None:
        since = time - self.params.window_days
        harms = [harm for at, harm in self._recent if at >= since]
        self._recent.clear()
        if harms:
            self.answers[min(harms, key=HARMS.index)] += 1

    def chance(self, harm: str, time: float) -> float:
        """Expected chance of an answer to this harm: a count, or a line that stands."""
        p = self.params
        learnt = (p.strikes + self.answers[harm]) / (p.strikes + p.quiet + self.attacks[harm])
        drawn = self.line if harm == "killed" and time < self._until else 0.0
        return min(1.0, max(learnt, drawn))

    def kept(self, time: float) -> float:
        """The share of lethality that caution leaves."""
        return exp(-self.params.caution * self.chance("killed", time)) if self.params.on else 1.0
