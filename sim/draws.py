"""Keyed random draws: every uniform is a function of its name, and of nothing else.

A uniform is determined by (root entropy, replication, fork, stream name, entity,
occurrence number, position). Nothing is shared between streams and nothing is
consumed in turn, so adding an agent, a stream, a log line or a worker changes no
one else's draws, and two policies see the same luck until their histories differ.

Every stream is listed with its purpose and owner in ``seeds/streams.yaml``.
"""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import blake2b, shake_128
from struct import Struct
from typing import NamedTuple

_LANES = 8
_PAGE = 64
"""Rows of the first page: a cell of candidates seldom has more, and a page taken twice
costs more than one that is half used."""
_count = Struct("<q").pack
_word = Struct("<Q").unpack_from
_UNIT = 2.0**-52
"""Of the 64 bits 52 are used, so that half a unit more never rounds to 1."""

Uniforms = tuple[float, ...]


class Stream:
    """One named source of uniforms in (0, 1), keyed by entity and occurrence.

    `width` is how many of the eight uniforms of a hash its owner reads; reading more
    later changes none of those read before. `mark` is empty but in a replication that was
    split (see `Split`).
    """

    __slots__ = ("_first", "_key", "_pages", "_unpack", "_width", "name")
    mark: str = ""

    def __init__(self, name: str, key: bytes, width: int = _LANES) -> None:
        self.name = name
        self._key = key
        self._width = width
        self._first = key + _count(0)
        self._unpack = Struct(f"<{width}Q").unpack_from
        self._pages: dict[str, list[list[float]]] = {}

    def __call__(self, entity: str, occurrence: int = 0) -> Uniforms:
        """The uniforms that belong to this entity's n-th occurrence, `width` of them."""
        key = self._key + _count(occurrence) if occurrence else self._first
        words = self._unpack(blake2b(key + entity.encode()).digest())
        return tuple([((word >> 12) + 0.5) * _UNIT for word in words])

    def anew(self, entity: str) -> Uniforms:
        """The same for what is seen at this moment only, though its entity came about before:
        after a split it has the new luck."""
        return self(entity)

    def first(self, entity: str) -> float:
        """The first uniform of an entity's first occurrence, for owners who need no more."""
        word = _word(blake2b(self._first + entity.encode()).digest())[0]
        return float((word >> 12) + 0.5) * _UNIT

    def row(self, entity: str, occurrence: int) -> list[float]:
        """`width` uniforms for the n-th occurrence, from a buffered page of its entity.

        Cheaper than calling the stream where most occurrences of an entity are used. The
        numbers are others than the call's: a stream is read one way or the other.
        """
        rows = self._pages.get(entity)
        if rows is None or occurrence >= len(rows):
            size = _PAGE << (occurrence // _PAGE).bit_length()
            rows = self._pages[entity] = self.page(entity, size, _LANES, self._width)
        return rows[occurrence]

    def page(
        self, entity: str, rows: int, width: int, read: int | None = None
    ) -> list[list[float]]:
        """A table of uniforms, shape (rows, width); asking for more rows changes none.

        The buffered form for many occurrences at once: row i is occurrence i. Of each row
        only the first `read` are made, where that is stated.
        """
        import numpy as np

        digest = shake_128(self._key + entity.encode()).digest(rows * width * 8)
        words = np.frombuffer(digest, dtype="<u8").reshape(rows, width)[:, :read] >> np.uint64(12)
        table: list[list[float]] = ((words + 0.5) * _UNIT).tolist()
        return table


class Split(NamedTuple):
    """Luck that changes on the way: of what has happened every draw stands, of what is yet to
    come each is another.

    Args:
        mark: of the new luck; nothing else of the replication bears it.
        born: the entities that exist already, by the mark under which each came about.
    """

    mark: str
    born: Mapping[str, str]


class SplitStream(Stream):
    """A stream whose entities have the luck under which they came about."""

    __slots__ = ("_born", "mark")

    def __init__(self, name: str, key: bytes, width: int, split: Split) -> None:
        super().__init__(name, key, width)
        self.mark, self._born = split

    def _marked(self, entity: str) -> str:
        return self._born.get(entity, self.mark) + entity

    def __call__(self, entity: str, occurrence: int = 0) -> Uniforms:
        return super().__call__(self._marked(entity), occurrence)

    def anew(self, entity: str) -> Uniforms:
        return super().__call__(self.mark + entity)

    def first(self, entity: str) -> float:
        return super().first(self._marked(entity))

    def page(
        self, entity: str, rows: int, width: int, read: int | None = None
    ) -> list[list[float]]:
        return super().page(self._marked(entity), rows, width, read)


class Draws:
    """The streams of one replication.

    Args:
        entropy: root entropy of the study (any integer).
        replication: number of the replication, from 0.
        fork: zero but for deliberate re-draws.
        split: where a replication goes on under new luck; none for one of a piece.

    `root` names entropy, replication and fork: draws that share it share their luck.
    """

    def __init__(
        self, entropy: int, replication: int, fork: int = 0, split: Split | None = None
    ) -> None:
        self.root = f"{entropy}|{replication}|{fork}|"
        self._split = split
        self._taken: set[str] = set()

    def stream(self, name: str, width: int = _LANES) -> Stream:
        """The stream of this name, for its one owner, who reads `width` uniforms at a time.

        Raises:
            ValueError: the name is taken, because two owners of one stream share their luck.
        """
        if name in self._taken:
            raise ValueError(f"random stream {name!r} is registered twice: give each use its own")
        self._taken.add(name)
        key = blake2b((self.root + name).encode(), digest_size=16).digest()
        if self._split is None:
            return Stream(name, key, width)
        return SplitStream(name, key, width, self._split)
