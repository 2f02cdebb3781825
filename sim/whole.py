"""Files that a reader sees whole or not at all."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from secrets import token_hex


@contextmanager
def whole(path: Path) -> Iterator[Path]:
    """A hidden file beside `path` to write to; it takes the name once the block has ended well.

    Whoever is stopped before that leaves what was at `path`; an error takes the hidden file away.
    Its name is nobody else's: of two who write the same file, the later one has it.
    """
    part = path.with_name(f".{path.name}.{token_hex(4)}.part")
    try:
        yield part
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
