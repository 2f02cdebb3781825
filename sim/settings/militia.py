"""What the militia network and the convoy cells are told."""

from __future__ import annotations

from pydantic import Field, field_validator, model_validator

from sim.settings.quantity import Quantity, Section, can_be_positive, least, quantity

ROUNDING = 1e-9
"""What shares that make 1 may seem to exceed it by."""


class Cell(Section):
    """One armed group, or the many small ones taken together."""

    title: str = Field(description="the group's name")
    share: Quantity = quantity("weight", 0, 10, "its part of the network's attacks")
    front_share: Quantity = quantity("share", 0, 1, "attacks claimed by a front brand")
    fronts: tuple[str, ...] = Field(description="front brands it claims through")
    bound: Quantity = quantity("share", 0, 1, "how far it follows the patron")
    salaried: Quantity = quantity("share", 0, 1, "fighters on the state's payroll")

    @field_validator("fronts")
    @classmethod
    def _some(cls, fronts: tuple[str, ...]) -> tuple[str, ...]:
        if not fronts:
            raise ValueError("a cell needs a front brand: name one (front_share=0 keeps it unused)")
        return fronts


class DriverSettings(Section):
    """A log-additive effect on the tempo that jumps and fades."""

    on: bool = Field(description="whether the driver acts at all")
    size: Quantity = quantity("log rate", -3, 3, "jump at one event")
    half_life_days: Quantity = quantity("days", 0.1, 365, "time in which the effect halves")
    cap: Quantity = quantity("log rate", 0, 5, "largest effect that jumps add up to")


class CalendarSettings(Section):
    """Windows around calendar marks, from midnight to midnight where the numbers are whole.

    The window of a mark ends `lag_days` after its last day begins: with 1 that day is in it, with
    0 it is the first day that is not.
    """

    on: bool = Field(description="whether calendar marks move the tempo")
    size: Quantity = quantity("log rate", -3, 3, "effect inside the window of one mark")
    lead_days: Quantity = quantity("days", 0, 60, "from the window's opening to a mark's midnight")
    lag_days: Quantity = quantity(
        "days", 0, 60, "from the midnight that begins a mark's last day to the window's end"
    )

    @model_validator(mode="after")
    def _some_window(self) -> CalendarSettings:
        if self.on and not (can_be_positive(self.lead_days) or can_be_positive(self.lag_days)):
            raise ValueError(
                "lead_days and lag_days are 0, so that a mark does nothing: write lag_days=1 for "
                "its day alone, or on=false"
            )
        return self


class Drivers(Section):
    """Everything that moves the background tempo."""

    deterrence: DriverSettings = Field(description="after a strike: fear of the next")
    backlash: DriverSettings = Field(description="after a strike or a depot blast: grievance")
    threat: DriverSettings = Field(description="after a US threat, as far as it is believed")
    reply: DriverSettings = Field(description="after any blow: a quick and mild answer, for show")
    patron: DriverSettings = Field(description="after the patron's word, as far as it is obeyed")
    arrest: DriverSettings = Field(description="after an arrest")
    withdrawal: DriverSettings = Field(description="after staff are withdrawn: a warning read")
    designation: DriverSettings = Field(description="after a group is designated")
    rhetoric: DriverSettings = Field(description="after a statement")
    denial: DriverSettings = Field(description="after an attack of which nothing came through")
    calendar: CalendarSettings = Field(description="around dialogues, visits, anniversaries")
    most: Quantity = quantity("log rate", 0, 20, "largest sum of all effects on the tempo")
    depot_blast_strength: Quantity = quantity(
        "strikes", 0, 2, "a depot blast's backlash, in strikes"
    )
    leadership_strength: Quantity = quantity("strikes", 0, 5, "a leadership strike, in strikes")


class Salvo(Section):
    """How many rounds, and how many of them work."""

    large_share: Quantity = quantity("share", 0, 1, "attacks of ten rounds or more, intent harass")
    medium_share: Quantity = quantity(
        "share", 0, 1, "attacks of five to nine rounds, intent harass"
    )
    small_ratio: Quantity = quantity("ratio", 0.01, 1, "n + 1 rounds against n, from 1 to 4")
    large_ratio: Quantity = quantity("ratio", 0.01, 1, "n + 1 rounds against n, from 10 to 60")
    idle_share: Quantity = quantity("share", 0, 1, "rounds that stay unfired or fail in flight")
    unfired_part: Quantity = quantity("share", 0, 1, "part of those idle rounds that never leave")
    heavy_share: Quantity = quantity("share", 0, 1, "attacks with 122 mm instead of 107 mm rockets")

    @model_validator(mode="after")
    def _within_one(self) -> Salvo:
        large, medium = least(self.large_share, 0.0), least(self.medium_share, 0.0)
        if large + medium > 1.0 + ROUNDING:
            raise ValueError(
                f"large_share and medium_share are {large:g} and {medium:g} at least, and part one "
                "whole: lower one, so that they make 1 at most"
            )
        return self


class Intent(Section):
    """What an attack is for; it moves the salvo class and the lethality."""

    message_share: Quantity = quantity(
        "weight", 0, 1, "attacks meant as a message; at zero no reply is for show either"
    )
    harass_share: Quantity = quantity("weight", 0, 1, "attacks meant to harass")
    punish_share: Quantity = quantity("weight", 0, 1, "attacks meant to hurt, at no grievance")
    message_lethality: Quantity = quantity("factor", 0, 1, "harm per leaker against harassment")
    punish_lethality: Quantity = quantity("factor", 1, 10, "harm per leaker against harassment")
    punish_salvo: Quantity = quantity("factor", 1, 10, "odds of a larger class when punishing")
    message_salvo: Quantity = quantity("factor", 0, 1, "odds of a larger class for a message")

    @model_validator(mode="after")
    def _some_intent(self) -> Intent:
        shares = (self.message_share, self.harass_share, self.punish_share)
        if not any(can_be_positive(share) for share in shares):
            raise ValueError("every intent has share zero: give one of them a positive share")
        return self


class Targeting(Section):
    """Weights of the multinomial logit over target classes."""

    symbolic: Quantity = quantity("log odds", -3, 3, "per unit of symbolic weight")
    openness: Quantity = quantity("log odds", -3, 3, "per unit of openness")
    defence: Quantity = quantity("log odds", -3, 3, "per defended share of the class")
    recent: Quantity = quantity("log odds", -3, 3, "per recent attack on the class")
    memory_days: Quantity = quantity("days", 0.5, 120, "half-life of a recent attack")


class Belief(Section):
    """What the cells think that a US answer hangs on, learnt from what was answered."""

    on: bool = Field(description="whether cells learn")
    strikes: Quantity = quantity("attacks", 0.1, 50, "imagined attacks answered, by harm class")
    quiet: Quantity = quantity("attacks", 0.1, 50, "imagined attacks let pass, by harm class")
    window_days: Quantity = quantity("days", 1, 60, "a strike answers the worst attack in it")
    caution: Quantity = quantity("factor", 0, 10, "lethality given up per chance of an answer")
    red_line: Quantity = quantity("share", 0, 1, "how far a believed warning draws a line at harm")
    probing: Quantity = quantity("log rate", -2, 2, "tempo below a drawn line, where it is safe")


class Stock(Section):
    """Rounds at hand. Latent: nothing in the record tells of it."""

    on: bool = Field(description="whether rounds can run short")
    start: Quantity = quantity("rounds", 0, 100_000, "at the start")
    scarce: Quantity = quantity("rounds", 0, 10_000, "below this the tempo falls in proportion")
    strike_loss: Quantity = quantity("share", 0, 1, "destroyed by a strike or a depot blast")


class Signals(Section):
    """Escalation by other means than tempo, when there is a grievance."""

    on: bool = Field(description="whether grievance moves weapon and region")
    heavy: Quantity = quantity("log odds", -3, 3, "of 122 mm rockets, per log rate of grievance")
    erbil: Quantity = quantity("log odds", -3, 3, "of Erbil as a target, per log rate of it")


class Truce(Section):
    """What a truce does to the tempo."""

    factor: Quantity = quantity("factor", 0, 1, "rate under a truce against the rate without")


class Militia(Section):
    """The network of cells."""

    base_rate: Quantity = quantity("attacks a day", 0, 20, "background rate μ of the network")
    excitation: Quantity = quantity("attacks", 0, 0.99, "attacks that one attack triggers, α")
    decay_days: Quantity = quantity("days", 0.5, 90, "mean lag of a triggered attack, 1/κ")
    foiled_ratio: Quantity = quantity("ratio", 0, 2, "foiled attempts for each attack")
    restraint: Quantity = quantity("share", 0, 1, "part of the lethality that is steered away")
    cells: dict[str, Cell] = Field(description="the groups that act")
    drivers: Drivers = Field(description="what moves the background tempo")
    salvo: Salvo = Field(description="rounds")
    intent: Intent = Field(description="what attacks are for")
    targeting: Targeting = Field(description="choice of the target class")
    truce: Truce = Field(description="tempo under a truce")
    belief: Belief = Field(description="what cells learn of the US trigger")
    stock: Stock = Field(description="rounds at hand")
    signals: Signals = Field(description="heavier weapons and new regions as signals")
    messaging: Quantity = quantity("share", 0, 1, "what an attack is worth that does no damage")

    @field_validator("cells")
    @classmethod
    def _some_cell(cls, cells: dict[str, Cell]) -> dict[str, Cell]:
        if not cells:
            raise ValueError("the network needs at least one cell")
        if not any(can_be_positive(cell.share) for cell in cells.values()):
            raise ValueError("every cell has share zero: give one of them a positive share")
        return cells


class Substitution(Section):
    """Convoys attacked instead of sites that have become hard to hit, or together with them."""

    on: bool = Field(description="whether defences move the convoy rate")
    size: Quantity = quantity("log rate", -3, 3, "convoy rate per share of sites defended")


class Convoys(Section):
    """The second mode of attack: bombs on contracted supply convoys."""

    rate: Quantity = quantity("attacks a day", 0, 20, "true rate of convoy attacks")
    coalition_killed_mean: Quantity = quantity("people", 0, 5, "Coalition dead per attack")
    contractor_killed_mean: Quantity = quantity("people", 0, 5, "Iraqi or civilian dead per attack")
    claimed_share: Quantity = quantity("share", 0, 1, "attacks that a front claims")
    fronts: tuple[str, ...] = Field(description="fronts that claim convoy attacks", min_length=1)
    substitution: Substitution = Field(description="convoys instead of defended sites")
    excites_rockets: bool = Field(description="whether a convoy attack raises the rocket tempo")
