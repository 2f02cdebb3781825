"""Arrays that end in the axis of the W parameter draws, and sums over groups of their rows."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence
from typing import Generic, TypeVar

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

Array = NDArray[np.float64]
Counts = NDArray[np.int64]
Key = TypeVar("Key", bound=Hashable)


class Numbered(dict[Key, int], Generic[Key]):
    """Distinct keys in the order of their first call, which gives their number."""

    def __call__(self, key: Key) -> int:
        return self.setdefault(key, len(self))


def spread(value: Array | float, width: int) -> Array:
    """A quantity as one number for each parameter draw."""
    return np.broadcast_to(np.asarray(value, float), (width,))


def ratio(part: Array, whole: Array) -> Array:
    """`part / whole`, and zero where the whole is nothing."""
    part, whole = np.broadcast_arrays(part, whole)
    return np.divide(part, whole, out=np.zeros(part.shape), where=whole > 0.0)


def table(rows: Iterable[tuple[int, ...]], columns: int) -> Counts:
    """The columns of a table of whole numbers, which may have no row."""
    return np.array(list(rows), int).reshape(-1, columns).T


def grouped(terms: Iterable[tuple[int, int]], counts: Sequence[int]) -> tuple[csr_array, Counts]:
    """Terms in consecutive groups of these sizes: the sum over each group, and their columns."""
    columns = table(terms, 2)
    n = columns.shape[1]
    rows = np.repeat(np.arange(len(counts)), counts)
    return summation(rows, np.arange(n), (len(counts), n)), columns


def summation(rows: Counts, columns: Counts, shape: tuple[int, int]) -> csr_array:
    """The sparse matrix that adds the columns of each row; a row may have none."""
    return csr_array((np.ones(len(rows)), (rows, columns)), shape=shape)


def summed(matrix: csr_array, terms: Array) -> Array:
    """Sums over the first axis of `terms`, whatever its other axes are."""
    flat = terms.reshape(len(terms), int(np.prod(terms.shape[1:])))
    return np.asarray(matrix @ flat).reshape(-1, *terms.shape[1:])
