"""Hand: keyed uniforms, variates by inversion, embedded points, by their definitions."""

from __future__ import annotations

from hashlib import blake2b, shake_128
from math import exp, log

import pytest

from sim import inversion
from sim.draws import Draws, Split, Stream
from sim.embedding import BLOCK_DAYS, Candidate, Embedding, strip_bounds


def key(entropy: int, replication: int, fork: int, name: str) -> bytes:
    text = f"{entropy}|{replication}|{fork}|{name}"
    return blake2b(text.encode(), digest_size=16).digest()


def unit(eight_bytes: bytes) -> float:
    """The top 52 bits as a number in the middle of its cell."""
    return ((int.from_bytes(eight_bytes, "little") >> 12) + 0.5) / 2**52


# -- draws -------------------------------------------------------------------------------


def test_a_uniform_is_the_hash_of_its_name() -> None:
    """Written out once more, so that published seeds keep their meaning."""
    message = key(20190501, 3, 0, "militia.aim") + (2).to_bytes(8, "little") + b"R0.1.7"
    digest = blake2b(message).digest()
    expected = tuple(unit(digest[8 * i : 8 * i + 8]) for i in range(8))
    stream = Draws(20190501, 3).stream("militia.aim")
    assert stream("R0.1.7", 2) == expected
    assert [stream.first(name) for name in ("a", "b")] == [stream(name)[0] for name in ("a", "b")]


def test_a_page_is_one_long_hash_of_its_entity() -> None:
    digest = shake_128(key(1, 0, 5, "convoys.attacks") + b"0.0").digest(3 * 2 * 8)
    numbers = [unit(digest[8 * i : 8 * i + 8]) for i in range(6)]
    page = Draws(1, 0, fork=5).stream("convoys.attacks").page("0.0", 3, 2)
    assert page == [numbers[0:2], numbers[2:4], numbers[4:6]]


def test_numbers_that_published_studies_rest_on() -> None:
    """If these change, every seed ever published means something else."""
    u = Draws(20190501, 0).stream("parameters", 2)("militia.base_rate")
    assert u == (0.39292172773886513, 0.7936806632532803)


def test_a_stream_knows_its_name_and_its_width() -> None:
    stream = Draws(1, 0).stream("a.b", width=3)
    assert isinstance(stream, Stream)
    assert stream.name == "a.b"
    assert len(stream("e")) == 3
    assert Draws(1, 0).stream("a.b").page("e", 0, 4) == []


def test_an_empty_or_foreign_name_is_a_name_too() -> None:
    stream = Draws(-5, 0).stream("")
    assert stream("") != stream("ü")
    assert all(0.0 < u < 1.0 for u in (*stream(""), *stream("ü")))


# -- variates ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("u", "expected"), [(0.0624, 0), (0.0626, 1), (0.3124, 1), (0.3126, 2), (0.9376, 4)]
)
def test_binomial_of_four_fair_coins(u: float, expected: int) -> None:
    """Cumulated sixteenths: 1, 5, 11, 15, 16."""
    assert inversion.binomial(u, 4, 0.5) == expected


@pytest.mark.parametrize(("n", "p", "k"), [(0, 0.5, 0), (5, 0.0, 0), (5, 1.0, 5), (-1, 0.5, 0)])
def test_binomial_without_a_choice(n: int, p: float, k: int) -> None:
    assert {inversion.binomial(u, n, p) for u in (1e-9, 0.5, 1 - 1e-9)} == {k}


def test_poisson_of_mean_one() -> None:
    none, one, two = exp(-1), 2 * exp(-1), 2.5 * exp(-1)
    for bound, below, above in [(none, 0, 1), (one, 1, 2), (two, 2, 3)]:
        assert inversion.poisson(bound - 1e-9, 1.0) == below
        assert inversion.poisson(bound + 1e-9, 1.0) == above
    assert inversion.poisson(0.999999, 0.0) == 0


def test_negative_binomial_of_shape_one_is_geometric() -> None:
    """Mean 1, shape 1: a half, a quarter, an eighth."""
    for u, k in [(0.4999, 0), (0.5001, 1), (0.7499, 1), (0.7501, 2), (0.8751, 3)]:
        assert inversion.negative_binomial(u, 1.0, 1.0) == k
    assert inversion.negative_binomial(0.999999, 0.0, 0.5) == 0
    assert inversion.negative_binomial(1 - 1e-15, 50.0, 0.01, most=7) == 7


def test_log_normal_and_exponential() -> None:
    assert inversion.log_normal(0.5, 3.0, 1.0) == 3.0
    assert inversion.log_normal(0.2, 3.0, 0.7) * inversion.log_normal(0.8, 3.0, 0.7) == (
        pytest.approx(9.0)
    )
    assert inversion.exponential(0.5, 2.0) == pytest.approx(2.0 * log(2.0))


@pytest.mark.parametrize(
    ("u", "index"), [(1e-9, 0), (0.2499, 0), (0.2501, 2), (0.7499, 2), (0.7501, 3), (1.0, 3)]
)
def test_pick_by_cumulated_weights(u: float, index: int) -> None:
    """Weights 1, 0, 2, 1, 0: what weighs nothing is never picked, not even at the end."""
    assert inversion.pick(u, inversion.cumulated([1.0, 0.0, 2.0, 1.0, 0.0])) == index
    assert inversion.choose(u, [1.0, 0.0, 2.0, 1.0, 0.0]) == index


def test_nothing_to_choose_from_is_an_error() -> None:
    with pytest.raises(ValueError, match="every weight is zero"):
        inversion.pick(0.5, [0.0, 0.0])


# -- embedded points ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("strip", "bounds"), [(0, (0, 0.25)), (1, (0.25, 0.5)), (2, (0.5, 1)), (6, (8, 16))]
)
def test_strips_double_the_reach(strip: int, bounds: tuple[float, float]) -> None:
    assert strip_bounds(strip) == bounds
    assert strip_bounds(strip + 1)[0] == bounds[1]


@pytest.mark.parametrize(
    ("time", "end"), [(0.0, 128.0), (127.99, 128.0), (128.0, 256.0), (-0.5, 0.0), (-128.0, 0.0)]
)
def test_the_start_of_a_block_belongs_to_it(time: float, end: float) -> None:
    assert Embedding(Draws(1, 0).stream("x"), "X").block_end(time) == end


def test_points_are_what_their_streams_say() -> None:
    """Strip 1, block 2: a count from the call, then time and height from the page."""
    stream = Draws(1, 0).stream("x")
    count = inversion.poisson(stream("1.2")[0], 0.25 * BLOCK_DAYS)
    page = stream.page("1.2", count, 2)
    expected = sorted(
        Candidate(256.0 + 128.0 * u, 0.25 + 0.25 * v, "X1.2", i) for i, (u, v) in enumerate(page)
    )
    points = list(Embedding(Draws(1, 0).stream("x"), "X").between(256.0, 384.0, 0.5))
    assert [point for point in points if point.height >= 0.25] == expected
    assert points[0].id.startswith(("X0.2.", "X1.2."))
    assert len(expected) == count > 3


def test_a_candidate_is_named_by_strip_block_and_number() -> None:
    assert Candidate(5.0, 0.1, "R0.0", 4).id == "R0.0.4"


def test_below_nothing_there_is_nothing() -> None:
    assert list(Embedding(Draws(1, 0).stream("x"), "X").between(0.0, 128.0, 0.0)) == []


def test_after_a_split_what_exists_keeps_its_luck_and_the_rest_has_another() -> None:
    born = {"old": "", "later": "1'"}
    plain, split = (Draws(1, 0, split=s).stream("a", 3) for s in (None, Split("2'", born)))
    first = Draws(1, 0, split=Split("1'", {})).stream("a", 3)
    for read in (
        lambda stream, name: stream(name),
        lambda stream, name: stream(name, 4),
        lambda stream, name: stream.first(name),
        lambda stream, name: stream.page(name, 5, 2),
        lambda stream, name: stream.row(name, 3),
    ):
        assert read(split, "old") == read(plain, "old")
        assert read(split, "later") == read(first, "later")
        assert len({str(read(stream, "new")) for stream in (plain, split, first)}) == 3
    assert plain.anew("old") == plain("old")
    assert len({plain("old"), first.anew("old"), split.anew("old")}) == 3
    assert first.anew("later") == first("later") == split("later")
