"""What Hydra made of the packaged files, remembered from one command to the next.

A composition takes Hydra a quarter of a second and more, and most commands ask for one that was
made before. It is kept under a hash of every packaged file, of what was chosen, of the code that
composes and of Hydra's own version, so nothing that has changed is ever remembered. What cannot
be read or written is composed as if nothing had been kept.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable
from contextlib import suppress
from importlib.metadata import version
from pathlib import Path
from typing import Any

from platformdirs import user_cache_dir

Tree = dict[str, Any]
CODE = Path(__file__).parent
VARIABLE = "RUNGS_CACHE"
"""Names another folder to remember in; set to nothing, nothing is remembered."""
MOST = 100
"""Compositions that are kept; the oldest go first."""


def remembered(root: Path, choices: tuple[str, ...], compose: Callable[[], Tree]) -> Tree:
    """A composed tree: as it was kept, else composed and kept.

    Args:
        root: the folder of the packaged files.
        choices: overrides that choose files.
        compose: what Hydra would make of both.
    """
    folder = os.environ.get(VARIABLE, user_cache_dir("rungs", appauthor=False))
    if not folder:
        return compose()
    path = Path(folder) / f"composed-{_hash(root, choices)}.json"
    with suppress(OSError, ValueError, TypeError):
        return dict(json.loads(path.read_text(encoding="utf-8")))
    tree = compose()
    with suppress(OSError, TypeError):
        _keep(path, tree)
    return tree


def _hash(root: Path, choices: tuple[str, ...]) -> str:
    told = hashlib.sha256(repr((choices, version("hydra-core"), version("omegaconf"))).encode())
    for folder, kind in ((root, "*.yaml"), (CODE, "*.py")):
        for path in sorted(folder.rglob(kind)):
            told.update(f"{path.relative_to(folder)}\0".encode() + path.read_bytes() + b"\0")
    return told.hexdigest()[:32]


def _keep(path: Path, tree: Tree) -> None:
    """Write it, if JSON tells all of it: under a name of this process until it is whole, as
    several may compose the same at once."""
    text = json.dumps(tree)
    if json.loads(text) != tree:
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f".{path.name}.{os.getpid()}")
    part.write_text(text, encoding="utf-8")
    part.replace(path)
    kept = sorted(path.parent.glob("composed-*.json"), key=lambda p: p.stat().st_mtime)
    for old in kept[:-MOST]:
        old.unlink(missing_ok=True)
