"""What moves the network's tempo: grievance, fear, orders, dates and truces."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Generic, TypeVar

from sim.agents.credibility import Credibility
from sim.agents.leash import Leash, direction
from sim.agents.stock import Stock
from sim.events import Event, Kind, Side
from sim.intensity import Driver, Moved, Tempo
from sim.settings.drawdown import Drawdown
from sim.settings.militia import Drivers, DriverSettings
from sim.settings.militia import Militia as MilitiaSettings

AnyTempo = TypeVar("AnyTempo", bound=Moved)

GRIEVANCES = ("backlash", "reply")
"""The drivers that make an attack a reply."""
SIMPLE = {
    Kind.ARREST: "arrest",
    Kind.DESIGNATION: "designation",
    Kind.STATEMENT: "rhetoric",
}
"""Kinds that move one driver by one jump each, if it is on."""
HANDOVER, STAFF = "handover", "staff_drawdown"
"""Subtypes of a posture change: a base will be left, staff have left."""


def build_tempo(params: MilitiaSettings) -> Tempo:
    """The tempo that these parameters describe, before anything has happened."""
    drivers = {
        name: Driver(s.size, s.half_life_days, s.cap)
        for name, s in switched_on(params.drivers).items()
    }
    most = params.drivers.most
    return Tempo(params.base_rate, params.excitation, params.decay_days, drivers, most)


def switched_on(drivers: Drivers) -> dict[str, DriverSettings]:
    """The drivers that act, by name."""
    names = [n for n, f in Drivers.model_fields.items() if f.annotation is DriverSettings]
    return {name: getattr(drivers, name) for name in names if getattr(drivers, name).on}


class Motives(Generic[AnyTempo]):
    """The tempo and all that changes it, as it follows from events.

    Args:
        params: of the network.
        leash: the patron's hold.
        credibility: how far US threats are believed.
        drawdown: how handovers are read.
        tempo: what it moves: that of `build_tempo`, or one of many parameters at once.
        convoys_excite: whether a convoy attack raises the rocket tempo.
    """

    def __init__(
        self,
        params: MilitiaSettings,
        leash: Leash,
        credibility: Credibility,
        drawdown: Drawdown,
        tempo: AnyTempo,
        convoys_excite: bool = False,
    ) -> None:
        self.params = params
        self.leash = leash
        self.credibility = credibility
        self.drawdown = drawdown
        self.tempo = tempo
        self.stock = Stock(params.stock)
        self.truce = False
        self.last_blow: str | None = None
        self.any_open = True
        self._leaving: dict[str | None, float] = {}  # the announced days of handovers
        self._moves = {**MOVES}
        for kind, driver in SIMPLE.items():
            if driver in self.tempo.drivers:
                self._moves[kind] = _jumps(driver)
        if convoys_excite:
            self._moves[Kind.CONVOY_ATTACK] = lambda self, event: self.tempo.excite(event.time)
        heard = params.drivers.patron.on
        self.following = leash.over_fire(params.cells.values()) if heard else 0.0
        self._obey()
        self.set_gate()

    @property
    def observes(self) -> tuple[Kind, ...]:
        """The kinds that move the tempo."""
        kinds = (*self._moves, *Credibility.observes, *Leash.observes)
        return (*kinds, *Stock.observes) if self.params.stock.on else kinds

    def observe(self, event: Event) -> None:
        """Let an event move the tempo."""
        move = self._moves.get(event.kind)
        if move is not None:
            move(self, event)
        if event.kind in Credibility.observes:
            self.credibility.observe(event)
        if self.params.stock.on and event.kind in Stock.observes:
            self.stock.observe(event)
            self.set_gate()

    def set_gate(self) -> None:
        """g(t): shut where nothing is left to attack or to fire, low under a truce."""
        held = self.params.truce.factor if self.truce else 1.0
        self.tempo.gate = held * self.stock.enough if self.any_open else 0.0

    def grievance(self, time: float) -> float:
        """How much a blow still rankles, on the log of the rate."""
        backlash = self.tempo.drivers.get("backlash")
        return backlash.level(time) if backlash else 0.0

    def _jump(self, name: str, event: Event, strength: float = 1.0) -> None:
        if name in self.tempo.drivers:
            self.tempo.drivers[name].jump(event.time, strength)

    def _feel_attack(self, event: Event) -> None:
        """An attack excites more; one that is stopped whole may discourage, or provoke."""
        self.tempo.excite(event.time)
        if event.impacted == 0:
            self._jump("denial", event, 1.0 - self.params.messaging)

    def _feel_strike(self, event: Event) -> None:
        leader = event.kind is Kind.LEADERSHIP_STRIKE
        strength = self.params.drivers.leadership_strength if leader else 1.0
        for name in ("deterrence", "backlash"):
            self._jump(name, event, strength)
        self._jump("reply", event)
        self.last_blow = event.id
        if leader:
            self.leash.observe(event)
            self._obey()

    def _feel_blast(self, event: Event) -> None:
        self._jump("backlash", event, self.params.drivers.depot_blast_strength)
        self._jump("reply", event)
        self.last_blow = event.id

    def _feel_threat(self, event: Event) -> None:
        """A US threat counts as far as it is believed, and may invite fire below its line."""
        if event.side is not Side.US:
            self._jump("rhetoric", event)
            return
        believed = self.credibility.level
        self._jump("threat", event, believed)
        belief = self.params.belief
        if belief.on and event.due is not None:
            drawn = belief.red_line * believed
            self.tempo.window(event.time, event.due, drawn * belief.probing)

    def _hear_patron(self, event: Event) -> None:
        self._jump("patron", event, direction(event) * self.hold)

    @property
    def hold(self) -> float:
        """How far the tempo does as the patron says: its control of the cells that follow."""
        return self.leash.control * self.following

    def _obey(self) -> None:
        """The patron's standing wish, as far as its hold reaches."""
        settings = self.params.drivers.patron
        if settings.on:
            self.tempo.level("stance", settings.size * self.leash.stance * self.hold)

    def pull(self, time: float) -> float:
        """What the patron asks of a cell that follows wholly, at this time, on the log of the
        rate; nothing where its word moves no tempo."""
        word = self.tempo.drivers.get("patron")
        if word is None or not self.following:
            return 0.0
        wish = self.params.drivers.patron.size * self.leash.stance * self.leash.control
        return wish + word.level(time) / self.following

    def _read_posture(self, event: Event) -> None:
        """Staff who leave are a warning; a base that will be left draws fire for credit."""
        if not self.drawdown.on:
            return
        if event.subtype == STAFF:
            self._jump("withdrawal", event, self.credibility.level)
        elif event.subtype == HANDOVER and event.due is not None:
            self._claim_credit(event, event.due)

    def _claim_credit(self, notice: Event, due: float) -> None:
        """Fire for credit from the notice to the handover; a later notice moves that end."""
        last = self._leaving.get(notice.site)
        self._leaving[notice.site] = due
        if last is None:
            self.tempo.window(notice.time, due, self.drawdown.credit)
        elif due > last:
            self.tempo.window(max(last, notice.time), due, self.drawdown.credit)
        else:
            self.tempo.window(due, last, -self.drawdown.credit)

    def _note_mark(self, event: Event) -> None:
        calendar = self.params.drivers.calendar
        if calendar.on:
            known = event.time if event.known_from is None else event.known_from
            last = event.time if event.due is None else event.due
            opens, closes = event.time - calendar.lead_days, last + calendar.lag_days
            self.tempo.window(opens, closes, calendar.size, known)

    def _turn_truce(self, event: Event) -> None:
        self.truce = event.kind is Kind.TRUCE
        self.set_gate()


Move = Callable[[Motives[Any], Event], None]


def _jumps(driver: str) -> Move:
    """Move one driver by one jump."""
    return lambda motives, event: motives._jump(driver, event)


MOVES: dict[Kind, Move] = {
    Kind.ROCKET_ATTACK: Motives._feel_attack,
    Kind.AIRSTRIKE: Motives._feel_strike,
    Kind.LEADERSHIP_STRIKE: Motives._feel_strike,
    Kind.DEPOT_BLAST: Motives._feel_blast,
    Kind.THREAT: Motives._feel_threat,
    Kind.PATRON_SIGNAL: Motives._hear_patron,
    Kind.POSTURE_CHANGE: Motives._read_posture,
    Kind.CALENDAR_MARK: Motives._note_mark,
    Kind.TRUCE: Motives._turn_truce,
    Kind.TRUCE_BREAK: Motives._turn_truce,
}
"""What an event does to whose motives: functions of the class, for a bound method in its own
object would keep that alive until Python looks for cycles."""
