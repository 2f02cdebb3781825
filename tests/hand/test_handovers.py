"""Hand: the day of a handover, as fire moves it, and the fire for credit that it draws."""

from __future__ import annotations

from datetime import date
from math import e

import pytest
import simpy

from sim.agents.handovers import Handovers
from sim.agents.militia import Militia
from sim.agents.motives import HANDOVER
from sim.campaign import Campaign, drawn, simulate
from sim.draws import Draws
from sim.events import Event, Journal, Kind
from sim.settings.compose import load
from sim.settings.sampling import Sampler

CREDIT = ["ablation=everything_optional", "drawdown.on=true", "drawdown.credit=1"]


def militia() -> Militia:
    """The militia of a scenario in which handovers alone move the tempo."""
    made = Campaign(drawn(Sampler(load(CREDIT)), Draws(1, 0)), Draws(1, 0))
    return next(agent for agent in made.agents if isinstance(agent, Militia))


def notice(time: float, due: float) -> Event:
    return Event(
        id=f"n{time}", time=time, kind=Kind.POSTURE_CHANGE, subtype=HANDOVER, site="taji", due=due
    )


@pytest.mark.parametrize(
    ("moved", "raised", "plain"),
    [
        (None, (5.0, 9.0), (11.0, 15.0)),
        (16.0, (5.0, 9.0, 11.0, 15.0), (17.0,)),
        (7.0, (5.0,), (8.0, 9.0, 11.0)),
    ],
)
def test_fire_for_credit_lasts_to_the_day_to_which_fire_has_moved_the_handover(
    moved: float | None, raised: tuple[float, ...], plain: tuple[float, ...]
) -> None:
    """Announced on day 1 for day 10, and on day 3 for another; credit is e-fold."""
    network = militia()
    before = network.motives.tempo.rate(0.5)
    network.observe(notice(1.0, 10.0))
    if moved is not None:
        network.observe(notice(3.0, moved))
    for time in raised:
        assert network.motives.tempo.rate(time) == pytest.approx(before * e)
    for time in plain:
        assert network.motives.tempo.rate(time) == pytest.approx(before)


@pytest.mark.parametrize("case", ["digs_in", "hastens"])
def test_the_last_notice_tells_the_day_of_the_handover(case: str) -> None:
    journal = simulate(Sampler(load([f"drawdown={case}", "militia.base_rate=0.5"])), 1, 2)
    moved = 0
    for closing in journal.where(Kind.SITE_CLOSED):
        told = [n for n in journal.where(Kind.POSTURE_CHANGE) if n.site == closing.site and n.due]
        if told:
            assert told[-1].due == pytest.approx(closing.time)
            moved += len(told) > 1
    assert moved


@pytest.mark.parametrize(
    ("closed", "told"),
    [(None, ["T:taji_notice", "T:taji"]), (5.0, ["X"]), (15.0, ["T:taji_notice", "X"])],
)
def test_what_somebody_else_has_closed_is_handed_over_no_more(
    closed: float | None, told: list[str]
) -> None:
    """Notice on day 10 of a handover on day 20, unless the site is closed by then."""
    drawdown = drawn(Sampler(load(["drawdown.notice_days=10"])), Draws(1, 0)).drawdown
    journal, env = Journal(date(2019, 5, 1)), simpy.Environment()
    closing = Event(id="T:taji", time=20.0, kind=Kind.SITE_CLOSED, site="taji")
    agent = Handovers(drawdown, [closing], journal, 50.0)
    journal.subscribe(agent.observes, agent.observe)
    agent.start(env)
    if closed is not None:
        env.run(until=closed)
        journal.post(closing.but(id="X", time=closed))
    env.run(until=50.0)
    assert [event.id for event in journal] == told
