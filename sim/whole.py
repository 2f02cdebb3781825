"""Files that a reader sees whole or not at all."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from secrets import token_hex

SUFFIX = ".part"
"""With which the name of a hidden file ends."""


@contextmanager
def whole(path: Path) -> Iterator[Path]:
    """A hidden file beside `path` to write to; it takes the name once the block has ended well.

    Whoever is stopped before that leaves what was at `path`; an error takes the hidden file away.
    Its name is nobody else's: of two who write the same file, the later one has it.
    """
    part = path.with_name(f".{path.name}.{token_hex(4)}{SUFFIX}")
    try:
        yield part
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


def meant(path: str) -> str:
    """The file that a hidden one was to become; any other path as it is.

    >>> meant("out/.config.yaml.1f00ba47.part"), meant("out/config.yaml")
    ('out/config.yaml', 'out/config.yaml')
    """
    folder, name = os.path.split(path)
    hidden = name.startswith(".") and name.endswith(SUFFIX)
    return os.path.join(folder, name[1:].rsplit(".", 2)[0]) if hidden else path
