"""What lies in `outputs/`: the one folder that the dashboard reads and writes.

A name that comes from outside is looked up in what lies there; it never becomes a path.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

from sim.errors import InputError
from sim.study.folder import RunFolder

NAME = re.compile(r"[A-Za-z0-9][\w.+=-]{0,99}", re.ASCII)
"""A folder called otherwise is left out: its name could be taken for something else."""
MOST = 300
"""So many folders are listed, the latest ones."""
GIVEN = (".html", ".csv", ".parquet", ".json", ".yaml", ".svg", ".png")
"""Files of these kinds can be downloaded."""
LONGEST = 200


class Entry(NamedTuple):
    """One folder in brief, as its manifest tells it; `kind` is run, branch or other."""

    name: str
    kind: str
    status: str
    scenario: str
    policy: str
    replications: int
    seed: str
    started: str

    @property
    def title(self) -> str:
        """What a list shows."""
        many = f"{self.replications} replications" if self.replications else self.status
        return f"{self.name} ({self.policy or self.scenario}, {many})"


class Shelf:
    """A folder of run folders.

    Args:
        root: the folder; made where it is missing.

    Raises:
        InputError: it cannot be used.
    """

    def __init__(self, root: Path) -> None:
        try:
            root.mkdir(parents=True, exist_ok=True)
            self.root = root.resolve(strict=True)
        except (OSError, ValueError) as error:
            raise InputError(f"--outputs {root}: cannot be used ({error})") from None

    def entries(self) -> list[Entry]:
        """The run folders, the latest first."""
        places = sorted(self._places(), key=_changed, reverse=True)[:MOST]
        told = ((place, RunFolder(place).manifest()) for place in places if _sound(place))
        return [_entry(place, manifest) for place, manifest in told if manifest]

    def left_out(self) -> int:
        """How many folders are not offered: an odd name, or a link that leads elsewhere."""
        folders = [p for p in self.root.iterdir() if p.is_dir() and not p.name.startswith(".")]
        return sum(not _offered(p) or not _sound(p) for p in folders)

    def place(self, name: object) -> Path:
        """The run folder of this name.

        Raises:
            InputError: nothing of this name lies here.
        """
        if isinstance(name, str) and NAME.fullmatch(name):
            for place in self._places():
                if place.name == name and _sound(place) and RunFolder(place).manifest():
                    return place
        raise InputError(
            "no run of this name lies in the outputs folder; choose one that is listed"
        )

    def entry(self, name: object) -> Entry:
        """One folder in brief."""
        place = self.place(name)
        return _entry(place, RunFolder(place).manifest())

    def files(self, name: object) -> list[Path]:
        """What of a run folder can be downloaded, in name order."""
        here = sorted(self.place(name).iterdir())
        return [p for p in here if p.suffix in GIVEN and not p.name.startswith(".")]

    def file(self, name: object, file: object) -> Path:
        """One of these files.

        Raises:
            InputError: nothing of this name lies there.
        """
        for path in self.files(name):
            if path.name == file:
                return path
        raise InputError("no such file in this run folder; choose one that is listed")

    def fresh(self, verb: str) -> Path:
        """A new folder's path, named for the verb and the time; nothing is made."""
        now = datetime.now(UTC)
        return self.root / f"{verb}-{now:%Y%m%d-%H%M%S}-{secrets.token_hex(3)}"

    def _places(self) -> Iterator[Path]:
        return (place for place in self.root.iterdir() if _offered(place))


def _offered(place: Path) -> bool:
    return bool(NAME.fullmatch(place.name)) and not place.is_symlink() and place.is_dir()


def _sound(place: Path) -> bool:
    """Whether nothing in the folder leads out of it."""
    return not any(path.is_symlink() for path in place.iterdir())


def _changed(place: Path) -> float:
    try:
        return place.stat().st_mtime
    except OSError:  # removed meanwhile
        return 0.0


def _entry(place: Path, manifest: dict[str, Any]) -> Entry:
    """The manifest's words, whatever stands there, as short texts."""
    count = manifest.get("replications")
    words = {key: str(manifest.get(key) or "")[:LONGEST] for key in _TOLD}
    return Entry(
        name=place.name,
        kind=_kind(place, manifest),
        replications=count if isinstance(count, int) else 0,
        **words,
    )


_TOLD = ("status", "scenario", "policy", "seed", "started")


def _kind(place: Path, manifest: dict[str, Any]) -> str:
    if manifest.get("kind") == "branch":
        return "branch"
    return "run" if (place / "replications-00000.parquet").is_file() else "other"
