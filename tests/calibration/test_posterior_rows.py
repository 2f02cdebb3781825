"""Posteriors in scenarios: whole rows drawn jointly, and the conditions that come with them."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from sim.campaign import drawn
from sim.draws import Draws
from sim.errors import InputError
from sim.settings import posterior
from sim.settings.compose import load
from sim.settings.posterior import conditions, fingerprint, sampler_of
from sim.settings.sampling import Rows, Sampler
from sim.settings.scenario import Scenario

BASE, EXCITATION, NEEDED = "militia.base_rate", "militia.excitation", "retaliation.needed"
TABLE = ((0.1, 0.2, 0.5), (0.3, 0.4, 0.6), (0.5, 0.6, 0.7))
ROWS = Rows((BASE, EXCITATION, NEEDED), TABLE)
CONDITIONS = ["militia.drivers.patron.on=false", "drawdown.notice_days=10"]
REPLICATIONS = 60


def draws(sampler: Sampler) -> list[dict[str, float]]:
    """What each replication draws, by key."""
    found = []
    for replication in range(REPLICATIONS):
        note: dict[str, float] = {}
        drawn(sampler, Draws(1, replication), note)
        found.append(note)
    return found


def triple(world: Scenario) -> tuple[float, float, float]:
    return world.militia.base_rate, world.militia.excitation, world.retaliation.needed


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder that one works in, with a posterior called `mine`."""
    place = tmp_path / "calibration" / "posteriors" / "mine"
    place.mkdir(parents=True)
    columns = dict(zip(ROWS.keys, zip(*TABLE, strict=True), strict=True))
    pq.write_table(pa.table({key: list(c) for key, c in columns.items()}), place / "draws.parquet")
    (place / "manifest.json").write_text(json.dumps({"conditions": CONDITIONS}), encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return place


# -- rows --------------------------------------------------------------------------------


def test_a_row_is_drawn_whole() -> None:
    """Every row now and then, never a mixture of two; false alarm below 1e-9."""
    found = Counter(
        triple(drawn(Sampler(load(), rows=ROWS), Draws(1, r))) for r in range(REPLICATIONS)
    )
    assert set(found) == set(TABLE)


def test_what_was_drawn_is_noted() -> None:
    assert {
        tuple(note[key] for key in ROWS.keys) for note in draws(Sampler(load(), rows=ROWS))
    } == {*TABLE}


def test_what_no_row_speaks_of_keeps_its_prior() -> None:
    """The same value, even, as without rows: its uniform is its own."""
    with_rows, without = draws(Sampler(load(), rows=ROWS)), draws(Sampler(load()))
    for ours, theirs in zip(with_rows, without, strict=True):
        assert ours.keys() == theirs.keys()
        assert all(ours[key] == theirs[key] for key in theirs if key not in ROWS.keys)


def test_what_a_scenario_fixes_stays_fixed() -> None:
    sampler = Sampler(load([f"{EXCITATION}=0.05"]), rows=ROWS)
    found = {triple(drawn(sampler, Draws(1, r))) for r in range(REPLICATIONS)}
    assert found == {(base, 0.05, needed) for base, _, needed in TABLE}


def test_what_is_given_wins_over_a_row() -> None:
    world = Sampler(load(), rows=ROWS).draw(lambda key: 0.5, given={BASE: 0.9})
    assert triple(world) == (0.9, 0.4, 0.6)


@pytest.mark.parametrize(
    ("u", "row"), [(1e-16, 0), (0.33, 0), (0.34, 1), (0.67, 2), (1 - 1e-16, 2)]
)
def test_each_row_is_as_likely_as_the_others(u: float, row: int) -> None:
    assert tuple(ROWS.at(u).values()) == TABLE[row]


# -- by name -----------------------------------------------------------------------------


def test_a_posterior_is_found_by_its_name(folder: Path) -> None:
    settings = load(["posterior=mine"])
    found = {triple(drawn(sampler_of(settings), Draws(1, r))) for r in range(REPLICATIONS)}
    assert found == set(TABLE)
    assert "mine" in posterior.names()


def test_a_posterior_is_found_by_its_path(folder: Path) -> None:
    assert load([f"posterior={folder}"]).posterior == str(folder)
    assert posterior.place(str(folder)) == folder


def test_without_a_posterior_priors_are_drawn() -> None:
    assert sampler_of(load()).rows is None


def test_a_name_that_is_unknown_is_refused_with_the_nearest(folder: Path) -> None:
    with pytest.raises(
        InputError, match=r"posterior=mien: no such posterior; did you mean 'mine'\?"
    ):
        load(["posterior=mien"])


def test_a_posterior_without_its_draws_is_refused(folder: Path) -> None:
    (folder / "draws.parquet").unlink()
    with pytest.raises(InputError, match="posterior=mine: no such posterior"):
        load(["posterior=mine"])


def test_a_posterior_brings_its_conditions(folder: Path) -> None:
    assert conditions(["posterior=mine"]) == CONDITIONS
    settings = load(["posterior=mine"])
    assert settings.militia.drivers.patron.on is False
    assert settings.drawdown.notice_days.value == 10.0
    assert load().militia.drivers.patron.on is True


@pytest.mark.parametrize("order", [1, -1])
def test_overrides_win_over_conditions(folder: Path, order: int) -> None:
    """Wherever they stand beside the posterior's name."""
    settings = load(["posterior=mine", "drawdown.notice_days=3"][::order])
    assert settings.drawdown.notice_days.value == 3.0
    assert settings.militia.drivers.patron.on is False


def test_the_last_of_two_posteriors_counts_and_null_is_none(folder: Path) -> None:
    assert conditions(["posterior=mine", "posterior=null"]) == []
    assert load(["posterior=mine", "posterior=null"]).posterior is None


def test_other_draws_have_another_fingerprint(folder: Path) -> None:
    """And are not taken for those that were read before."""
    before, settings = fingerprint("mine"), load(["posterior=mine"])
    assert sampler_of(settings).rows == ROWS
    pq.write_table(pa.table({BASE: [0.7]}), folder / "draws.parquet")
    assert fingerprint("mine") != before
    assert sampler_of(settings).rows == Rows((BASE,), ((0.7,),))
    assert fingerprint(None) == ""


def test_a_run_can_be_read_where_its_posterior_is_gone(tmp_path: Path) -> None:
    """Its tables are there; only drawing anew would need the posterior."""
    from sim.settings.compose import compose, judge

    tree = compose([])
    assert judge({**tree, "posterior": "long_gone"}).posterior == "long_gone"
