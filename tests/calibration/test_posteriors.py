"""The committed posteriors: what they were fitted on, and that they can be had again."""

from __future__ import annotations

import json

import pytest

from calibration import plan as plans
from calibration.fit import Request
from sim.settings.posterior import manifest, place


@pytest.mark.parametrize("name", plans.names())
def test_a_committed_posterior_is_that_of_its_plan_and_its_data(name: str) -> None:
    """Settings, rows and sampling as they are now; the code that made it is told beside."""
    assert manifest(name)["identity"] == Request(plans.read(name)).identity(), (
        f"make it anew: rungs calibrate fit={name} --replace"
    )


@pytest.mark.parametrize("name", plans.names())
def test_a_committed_posterior_is_small(name: str) -> None:
    assert sum(path.stat().st_size for path in place(name).iterdir()) < 1_500_000


def test_the_reference_has_seen_nothing_of_the_test_window() -> None:
    told = manifest("reference")
    assert told["until"] == "2020-07-01"
    assert json.dumps(told["conditions"]).count("evidence") == 0
