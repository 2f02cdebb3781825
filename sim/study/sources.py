"""Which code made a result: a hash of a package's own source files."""

from __future__ import annotations

import hashlib
from pathlib import Path


def hash_of_sources(root: Path, pattern: str = "**/*.py") -> str:
    """sha256 over the names and bytes of the files under `root` that match, in name order."""
    digest = hashlib.sha256()
    for path in sorted(root.glob(pattern)):
        digest.update(path.relative_to(root).as_posix().encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()
