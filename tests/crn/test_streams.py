"""Common random numbers, the promise of the streams: a uniform depends on its name alone.

The name is (root entropy, replication, fork, stream, entity, occurrence, position).
"""

from __future__ import annotations

import re
from itertools import combinations
from pathlib import Path

import numpy as np
import pytest
from scipy import stats

from sim.campaign import Campaign, drawn
from sim.draws import Draws
from sim.settings.compose import load
from sim.settings.sampling import Sampler
from sim.settings.streams import streams

ALARM = 1e-4
WAYS = ("call", "row", "page")
SOURCES = ("call", "page")  # a row is a line of its page


def table(way: str, draws: Draws, name: str, rows: int, entity: str = "e") -> np.ndarray:
    """`rows` × 8 uniforms of one stream, read in one of its three ways."""
    stream = draws.stream(name)
    if way == "page":
        return np.array(stream.page(entity, rows, 8))
    read = stream if way == "call" else stream.row
    return np.array([read(entity, i) for i in range(rows)])


# -- names -------------------------------------------------------------------------------


def test_a_name_registered_twice_is_an_error() -> None:
    draws = Draws(1, 0)
    draws.stream("militia.aim")
    draws.stream("militia.salvo")
    with pytest.raises(ValueError, match=r"'militia\.aim' is registered twice"):
        draws.stream("militia.aim")


def test_one_replication_registers_what_the_list_of_streams_says() -> None:
    """Every stream of a campaign is listed, and its owner's file names it."""
    listed = {entry["name"]: entry["owner"] for entry in streams()}

    class Noting(Draws):
        def __init__(self) -> None:
            super().__init__(1, 0)
            self.names: list[str] = []

        def stream(self, name: str, width: int = 8):  # type: ignore[no-untyped-def]
            self.names.append(name)
            return super().stream(name, width)

    draws = Noting()
    Campaign(drawn(Sampler(load()), draws), draws)
    assert set(draws.names) <= set(listed)
    assert set(listed) - set(draws.names) <= {
        "measures.mask",
        "signs.levels",
        "splitting.copies",
        "study.design",
    }
    root = Path(__file__).resolve().parents[2]
    for name, owner in listed.items():
        assert re.search(rf"[\"']{re.escape(name)}[\"']", (root / owner).read_text("utf-8")), name


@pytest.mark.parametrize("way", WAYS)
def test_the_same_name_gives_the_same_numbers(way: str) -> None:
    again = [table(way, Draws(7, 3, 1), "a.stream", 40) for _ in range(2)]
    np.testing.assert_array_equal(*again)


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize(
    ("entropy", "replication", "fork", "name", "entity"),
    [
        (8, 3, 1, "a.stream", "e"),
        (7, 4, 1, "a.stream", "e"),
        (7, 3, 0, "a.stream", "e"),
        (7, 3, 1, "a.stream2", "e"),
        (7, 3, 1, "a.stream", "f"),
        (7, 31, 1, "a.stream", "e"),
        (73, 1, 1, "a.stream", "e"),
    ],
)
def test_any_other_name_gives_other_numbers(
    way: str, entropy: int, replication: int, fork: int, name: str, entity: str
) -> None:
    base = table(way, Draws(7, 3, 1), "a.stream", 20)
    other = table(way, Draws(entropy, replication, fork), name, 20, entity)
    assert len(np.intersect1d(base, other)) == 0


def test_entropy_and_replication_do_not_run_into_each_other() -> None:
    seen = [
        Draws(e, r, f).stream("x")("e")
        for e, r, f in [(1, 11, 0), (11, 1, 0), (1, 1, 10), (1, 110, 0), (110, 1, 0), (1, 1, 1)]
    ]
    assert len(set(seen)) == len(seen)


def test_occurrence_and_entity_do_not_run_into_each_other() -> None:
    stream = Draws(1, 0).stream("x")
    seen = [stream(e, i) for e in ("", "0", "1", "10", "01") for i in (0, 1, 10)]
    assert len(set(seen)) == len(seen)


# -- order -------------------------------------------------------------------------------


def test_the_order_of_calls_changes_nothing() -> None:
    keys = [(entity, i) for entity in ("R0.1.2", "R0.1.3", "C4") for i in range(20)]
    one, two = Draws(1, 0).stream("x"), Draws(1, 0).stream("x")
    forward = {key: one(*key) for key in keys}
    backward = {key: two(*key) for key in reversed(keys)}
    assert forward == backward
    assert forward == {key: one(*key) for key in keys}


def test_rows_come_the_same_in_any_order() -> None:
    one, two = Draws(1, 0).stream("x"), Draws(1, 0).stream("x")
    order = [70, 3, 0, 15, 16, 17, 200, 31, 32]
    assert {i: one.row("e", i) for i in order} == {i: two.row("e", i) for i in sorted(order)}


def test_streams_do_not_disturb_each_other() -> None:
    alone = Draws(1, 0).stream("x")
    draws = Draws(1, 0)
    noise, shared = draws.stream("noise"), draws.stream("x")
    for i in range(10):
        noise("e", i)
        noise.page("e", i, 3)
        assert shared("e", i) == alone("e", i)


@pytest.mark.parametrize("width", [1, 2, 8])
def test_asking_a_page_for_more_rows_changes_none(width: int) -> None:
    stream = Draws(1, 0).stream("x")
    long = stream.page("e", 100, width)
    for rows in (0, 1, 2, 16, 99):
        assert stream.page("e", rows, width) == long[:rows]


def test_row_is_the_page_read_line_by_line() -> None:
    stream = Draws(1, 0).stream("x")
    assert [stream.row("e", i) for i in range(40)] == stream.page("e", 40, 8)


def test_reading_a_wider_stream_changes_no_number_read_before() -> None:
    wide = Draws(1, 0).stream("x", 8)("e", 5)
    for width in range(1, 9):
        assert Draws(1, 0).stream("x", width)("e", 5) == wide[:width]


# -- uniformity --------------------------------------------------------------------------


@pytest.mark.parametrize("way", SOURCES)
def test_every_lane_is_uniform(way: str) -> None:
    """Chi-square over 64 cells and KS on each of 8 lanes, Bonferroni; false alarm 2e-4."""
    numbers = table(way, Draws(2019, 0), "u.lanes", 3200)
    assert numbers.min() > 0.0
    assert numbers.max() < 1.0
    for lane in numbers.T:
        cells = np.histogram(lane, bins=64, range=(0.0, 1.0))[0]
        assert stats.chisquare(cells).pvalue > ALARM / 8
        assert stats.kstest(lane, "uniform").pvalue > ALARM / 8


@pytest.mark.parametrize("way", SOURCES)
def test_lanes_are_pairwise_independent(way: str) -> None:
    """Chi-square over 8 × 8 cells for each pair of lanes, Bonferroni; false alarm 1e-4."""
    numbers = table(way, Draws(2019, 1), "u.pairs", 3200)
    pairs = list(combinations(range(8), 2))
    for i, j in pairs:
        assert together(numbers[:, i], numbers[:, j]) > ALARM / len(pairs)


@pytest.mark.parametrize("way", SOURCES)
def test_what_differs_in_one_part_of_the_name_is_independent(way: str) -> None:
    """Streams, replications, forks, seeds and entities, pairwise; false alarm 1e-4."""
    sources = [
        table(way, Draws(1, 0), "militia.aim", 3200),
        table(way, Draws(1, 0), "militia.salvo", 3200),
        table(way, Draws(1, 1), "militia.aim", 3200),
        table(way, Draws(1, 0, 1), "militia.aim", 3200),
        table(way, Draws(2, 0), "militia.aim", 3200),
        table(way, Draws(1, 0), "sites.harm", 3200, "f"),
    ]
    pairs = list(combinations(range(len(sources)), 2))
    for i, j in pairs:
        assert together(sources[i].ravel(), sources[j].ravel()) > ALARM / len(pairs)


@pytest.mark.parametrize("way", SOURCES)
def test_neighbouring_occurrences_are_independent(way: str) -> None:
    """Each uniform against that of the next occurrence; false alarm 1e-4."""
    numbers = table(way, Draws(3, 0), "u.neighbours", 3200)
    assert together(numbers[:-1].ravel(), numbers[1:].ravel()) > ALARM


def together(x: np.ndarray, y: np.ndarray) -> float:
    """p-value of chi-square over 8 × 8 cells against independent uniforms."""
    cells = np.histogram2d(x, y, bins=8, range=[[0, 1], [0, 1]])[0]
    return float(stats.chisquare(cells.ravel()).pvalue)


def test_first_uniforms_over_replications_are_uniform() -> None:
    """One number a replication, as a parameter's draw is; KS, false alarm 1e-4."""
    firsts = [
        Draws(20190501, r).stream("parameters", 1)("militia.base_rate")[0] for r in range(2000)
    ]
    assert stats.kstest(firsts, "uniform").pvalue > ALARM
