"""Sites: what gets through falls on people, or does not."""

from __future__ import annotations

from typing import NamedTuple

from sim.agents.agent import Agent
from sim.agents.motives import STAFF
from sim.agents.salvo import LARGE
from sim.draws import Draws, Uniforms
from sim.events import Event, Fields, Journal, Kind, Origin, Side
from sim.intensity import Driver
from sim.inversion import binomial, negative_binomial
from sim.settings.drawdown import Drawdown
from sim.settings.places import AirDefence, Casualties
from sim.settings.places import Sites as SitesSettings

EMBASSY = "embassy_zone"
"""The class of sites whose staff a withdrawal thins out."""
MOST_ALARMS = 1000.0


class Toll(NamedTuple):
    """People hurt, of one group."""

    killed: int
    wounded: int


NOBODY_HURT = Toll(0, 0)


def toll(
    u_hurt: float, u_killed: float, mean_killed: float, wounded_per_killed: float, dispersion: float
) -> Toll:
    """Killed and wounded from one heavy-tailed count of people hurt, split by lethality."""
    mean_hurt = mean_killed * (1.0 + wounded_per_killed)
    if u_hurt <= 1.0 - mean_hurt:  # the common case: nobody, whatever the tail (Markov)
        return NOBODY_HURT
    hurt = negative_binomial(u_hurt, mean_hurt, dispersion)
    killed = binomial(u_killed, hurt, 1.0 / (1.0 + wounded_per_killed)) if hurt else 0
    return Toll(killed, hurt - killed)


class Sites(Agent):
    """Every site: resolves each salvo, after the battery where one stands."""

    observes = (
        Kind.DEFENCE_FIELDED,
        Kind.SIREN,
        Kind.POSTURE_CHANGE,
        Kind.LAUNCH,
        Kind.ROCKET_ATTACK,
    )
    reacts = (Kind.LAUNCH, Kind.ENGAGEMENT)
    rank = 4

    def __init__(
        self,
        params: SitesSettings,
        casualties: Casualties,
        defence: AirDefence,
        drawdown: Drawdown,
        draws: Draws,
        journal: Journal,
    ) -> None:
        self.params = params
        self.casualties = casualties
        self.defence = defence
        self.drawdown = drawdown
        self.journal = journal
        self.defended: set[str] = set()
        self.warned: set[str] = set()
        self.staffed = 1.0
        self.false_alarms = Driver(1.0, defence.complacency_days, MOST_ALARMS)
        self._awaited: dict[str, Event] = {}
        self._harm = draws.stream("sites.harm", 7)

    def observe(self, event: Event) -> None:
        if event.kind is Kind.LAUNCH:
            if event.site in self.defended:
                self._awaited[event.id] = event
        elif event.kind is Kind.ROCKET_ATTACK:
            self._awaited.pop(event.cause or "", None)
        elif event.kind is Kind.SIREN:
            if event.cause is not None:
                self.warned.add(event.cause)
            else:
                self.false_alarms.jump(event.time)
        elif event.kind is Kind.POSTURE_CHANGE:
            if event.subtype == STAFF and self.drawdown.on:
                self.staffed *= 1.0 - self.drawdown.staff_share
        elif event.site is not None and event.subtype == "rockets":
            self.defended.add(event.site)

    def state(self, time: float) -> dict[str, float]:
        return {
            "embassy staff present (share)": self.staffed,
            "harm that a siren prevents (share)": self.sheltered(time),
        }

    def sheltered(self, time: float) -> float:
        """Harm that a siren prevents: less, the more false alarms are fresh in mind."""
        heeded: float = (1.0 - self.defence.complacency) ** self.false_alarms.level(time)
        return self.defence.shelter * heeded

    def react(self, event: Event) -> None:
        """Resolve a salvo: at once at an open site, after the engagement at a defended one."""
        if event.kind is Kind.ENGAGEMENT:
            launch = self._awaited.get(event.cause or "")
            if launch is not None:
                self._resolve(launch, event.time, event.intercepted or 0)
        elif event.id not in self._awaited:
            self._resolve(event, event.time, 0)

    def _resolve(self, launch: Event, time: float, intercepted: int) -> None:
        fired, failed = launch.fired or 0, launch.failed or 0
        impacted = fired - failed - intercepted
        u = self._harm(launch.id)
        coalition, iraqi, civilian = self._tolls(launch, impacted, u)
        traits = self.params.classes[launch.site_class]  # type: ignore[index]
        inside = u[6] < 1.0 - (1.0 - traits.inside_share) ** impacted
        attack: Fields = {
            "id": launch.id[1:],
            "time": time,
            "kind": Kind.ROCKET_ATTACK,
            "side": Side.MILITIA,
            "actor": launch.actor,
            "brand": launch.brand,
            "site": launch.site,
            "site_class": launch.site_class,
            "region": launch.region,
            "intent": launch.intent,
            "weapon_class": launch.weapon_class,
            "inside_compound": inside,
            "unfired": launch.unfired,
            "fired": fired,
            "failed": failed,
            "intercepted": intercepted,
            "impacted": impacted,
            "coalition_killed": coalition.killed,
            "coalition_wounded": coalition.wounded,
            "iraqi_killed": iraqi.killed,
            "iraqi_wounded": iraqi.wounded,
            "civilian_killed": civilian.killed,
            "civilian_wounded": civilian.wounded,
            "cause": launch.id,
            "origin": Origin.SIMULATED,
            "tempo": True,
        }
        self.journal.post(Event.of(attack))

    def _tolls(self, launch: Event, impacted: int, u: Uniforms) -> tuple[Toll, Toll, Toll]:
        """Harm to the Coalition, to Iraqi forces and to civilians."""
        if not impacted:
            return NOBODY_HURT, NOBODY_HURT, NOBODY_HURT
        c = self.casualties
        large = (launch.fired or 0) >= LARGE[0]
        coalition = c.coalition_deaths_large if large else c.coalition_deaths_small
        scale = impacted * self.params.classes[launch.site_class].exposure  # type: ignore[index]
        scale *= 1.0 if launch.severity is None else launch.severity
        if launch.site_class == EMBASSY:
            scale *= self.staffed
        if launch.id in self.warned:
            scale *= 1.0 - self.sheltered(launch.time)
        return (
            toll(u[0], u[1], scale * coalition, c.wounded_per_killed, c.dispersion),
            toll(u[2], u[3], scale * c.iraqi_deaths, c.wounded_per_killed, c.dispersion),
            toll(u[4], u[5], scale * c.civilian_deaths, c.wounded_per_killed, c.dispersion),
        )
