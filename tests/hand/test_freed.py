"""Hand: a finished replication takes no memory, and gives it back without a search for cycles."""

from __future__ import annotations

import gc
import weakref

from sim.campaign import Campaign, drawn
from sim.draws import Draws
from sim.settings.compose import load
from sim.settings.sampling import Sampler


def lived() -> list[weakref.ref[object]]:
    """What a replication consisted of, seen from after its end."""
    draws = Draws(1, 0)
    campaign = Campaign(drawn(Sampler(load([])), draws), draws)
    journal = campaign.run()
    return [weakref.ref(it) for it in (campaign, journal, *campaign.agents)]


def test_all_of_a_replication_is_gone_at_once() -> None:
    gc.collect()
    gc.disable()
    try:
        left = [ref() for ref in lived()]
        assert [type(it).__name__ for it in left if it is not None] == []
    finally:
        gc.enable()
