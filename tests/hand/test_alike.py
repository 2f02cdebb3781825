"""Hand: two runs on the same draws, and how often the reports of one differ, from made-up rows."""

from __future__ import annotations

from typing import Any

import pyarrow as pa
import pytest

from sim.compare.alike import MEASURES, differ, paired
from sim.compare.reporting import PREFIX, WORDS, rates
from sim.settings.compose import load
from sim.show import tables

SUMMER = ["scenario=summer_2020"]
POSTERIOR = ["posterior=reference"]


class Made:
    """A run whose rows are given; what is not stands at nought."""

    def __init__(self, replications: list[int], settings: list[str] = SUMMER, **columns: Any):
        self.settings = load(settings)
        rest = {name: [0.0] * len(replications) for name in MEASURES if name not in columns}
        self.table = pa.table({"replication": replications, **rest, **columns})

    def arrow(self, kind: str) -> pa.Table:
        assert kind == "replications"
        return self.table


def found(one: Made, two: Made) -> dict[str, Any]:
    return {told.measure: told for told in paired(one, two, ("one", "two"))}  # type: ignore[arg-type]


def test_the_first_less_the_second_is_told_of_replications_by_number() -> None:
    """Replications 0, 1, 2: 5 − 1, 6 − 3, 9 − 4; in the order of their rows it were 4, 2, 6."""
    one = Made([0, 1, 2], airstrikes=[5.0, 6.0, 9.0])
    two = Made([0, 2, 1], airstrikes=[1.0, 4.0, 3.0])
    told = found(one, two)["airstrikes"]
    assert (told.policy, told.against) == ("one", "two")
    assert (told.mean, told.reference, told.difference) == pytest.approx((20 / 3, 8 / 3, 4.0))
    assert told.high95 - told.difference == pytest.approx(4.302653 / 3**0.5)


def test_a_replication_that_either_run_leaves_blank_is_no_pair() -> None:
    one = Made([0, 1, 2, 3], coalition_wounded=[None, 2.0, 4.0, 9.0])
    two = Made([0, 1, 2], coalition_wounded=[5.0, 1.0, 1.0])
    told = found(one, two)["coalition_wounded"]
    assert (told.replications, told.mean, told.reference, told.difference) == (2, 3.0, 1.0, 2.0)
    swapped = found(two, one)["coalition_wounded"]
    assert (swapped.replications, swapped.difference) == (2, -2.0)


def test_days_to_a_rung_are_compared_as_whether_it_is_reached() -> None:
    one = Made([0, 1, 2, 3], true_days_to_eight=[3.0, None, 7.0, None])
    two = Made([0, 1, 2, 3], true_days_to_eight=[None, None, 90.0, None])
    told = found(one, two)["reaches_eight"]
    assert (told.label, told.unit) == ("rung 8 or above", "probability")
    assert (told.mean, told.reference, told.difference) == (0.5, 0.25, 0.25)


@pytest.mark.parametrize(
    ("other", "why"),
    [
        ([], None),
        (["retaliation=never"], None),
        (["seed=5"], "their seeds differ"),
        (["scenario.end=2020-08-10"], "their windows differ"),
        (POSTERIOR, "their parameters are drawn from priors and from reference"),
    ],
)
def test_what_is_not_on_the_same_draws_says_why(other: list[str], why: str | None) -> None:
    told = differ(Made([0]), Made([0], [*SUMMER, *other]))  # type: ignore[arg-type]
    assert told is None if why is None else told is not None and told.startswith(why)


def test_reports_that_differ_are_a_mean_and_a_share_of_all_replications() -> None:
    """Claims denied 0, 1, 0 and 3 times: one a replication, in half of them."""
    columns = {PREFIX + name: [0, 0, 0, 0] for name in WORDS} | {PREFIX + "denied": [0, 1, 0, 3]}
    told = {rate.name: rate for rate in rates(Made([0, 1, 2, 3], **columns))}  # type: ignore[arg-type]
    assert (told["denied"].mean, told["denied"].share) == (1.0, 0.5)
    assert (told["retracted"].mean, told["retracted"].share) == (0.0, 0.0)
    assert "claims that officials denied" in (shown := tables.reporting([told["denied"]]))
    assert shown.splitlines()[-1].split()[-2:] == ["1", "50%"]
