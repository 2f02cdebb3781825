"""A folder that tells of itself in a manifest, whose files are whole or not there."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from sim.whole import whole

MANIFEST = "manifest.json"


class Folder:
    """A folder with a manifest.

    Args:
        path: the folder itself.
    """

    def __init__(self, path: Path) -> None:
        self.path = path

    def manifest(self) -> dict[str, Any]:
        """What the manifest says; empty where there is none."""
        try:
            told = json.loads((self.path / MANIFEST).read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return {}
        return told if isinstance(told, dict) else {}

    def tell(self, told: dict[str, Any]) -> None:
        """Write the manifest anew."""
        self.write(MANIFEST, json.dumps(told, indent=1, ensure_ascii=False).encode())

    def write(self, name: str, content: bytes) -> None:
        """Write one file whole, or not at all."""
        with whole(self.path / name) as part:
            part.write_bytes(content)
