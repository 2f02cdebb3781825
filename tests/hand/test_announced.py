"""Hand: what is public before a day, and what becomes so on that day and is not used."""

from __future__ import annotations

from datetime import date, timedelta

from sim.settings.announced import as_known
from sim.settings.compose import load

DAY = date(2020, 6, 1)
NEXT = DAY + timedelta(days=1)
SETTINGS = load(
    [
        f"++sites.places.taji.closed={date(2020, 6, 11)}",  # its ten days' notice is of DAY
        f"sites.places.erbil.opened={DAY}",
        "++sites.places.erbil.closed=2020-09-01",
        f"++air_defence.batteries.embassy_guns.fielded={DAY}",
        "drawdown.on=true",
        "drawdown.notice_days=10",
    ]
)


def test_what_becomes_public_on_the_day_itself_is_not_known_before_it() -> None:
    end = SETTINGS.scenario.end
    before, after = as_known(SETTINGS, DAY), as_known(SETTINGS, NEXT)
    guns = [each.air_defence.batteries["embassy_guns"].fielded for each in (before, after)]
    assert guns == [end, DAY]
    erbil = [each.sites.places["erbil"] for each in (before, after)]
    assert [site.opened for site in erbil] == [end, DAY]
    assert [site.closed for site in erbil] == [None, None]  # nor what would follow on it
    taji = [each.sites.places["taji"].closed for each in (before, after)]
    assert taji == [None, date(2020, 6, 11)]


def test_a_mark_is_known_from_the_day_after_it_became_so() -> None:
    key, mark = next(iter(SETTINGS.timeline.marks.items()))
    assert key not in as_known(SETTINGS, mark.known_from).timeline.marks
    assert key in as_known(SETTINGS, mark.known_from + timedelta(days=1)).timeline.marks
