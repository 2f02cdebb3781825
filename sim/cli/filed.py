"""Progress for another program to read: `progress.json` in the run folder while it runs."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sim.study.work import Progress
from sim.whole import whole

FILE = "progress.json"
EVERY_SECONDS = 1.0


@contextmanager
def filed(folder: Path | None, shown: Progress | None) -> Iterator[Progress | None]:
    """`shown`, and beside it a file: `done`, `total`, `per_second`, `seconds_left`.

    The file is replaced whole, at most once a second, and goes when the work is done; work
    that was cut off leaves it to say how far it came. Without a folder there is none.
    """
    if folder is None:
        yield shown
        return
    yield _both(folder, shown)
    (folder / FILE).unlink(missing_ok=True)


def _both(folder: Path, shown: Progress | None) -> Progress:
    began = time.monotonic()
    written = began - EVERY_SECONDS
    kept = -1

    def advance(done: int, total: int) -> None:
        nonlocal written, kept
        now = time.monotonic()
        kept = done if kept < 0 else kept  # what was there already says nothing of the rate
        if now - written >= EVERY_SECONDS:
            written = now
            _write(folder, done, total, (done - kept) / max(now - began, 1e-9))
        if shown is not None:
            shown(done, total)

    return advance


def _write(folder: Path, done: int, total: int, rate: float) -> None:
    left = (total - done) / rate if rate > 0 else None
    told = {"done": done, "total": total, "per_second": rate or None, "seconds_left": left}
    with whole(folder / FILE) as part:
        part.write_text(json.dumps(told), encoding="utf-8")
