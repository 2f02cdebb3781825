"""Runs in the background: commands of their own, started, watched and cancelled from here.

What is known of a job lies in `outputs/.jobs`, so that a server started anew still shows it
and can still cancel it.
"""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

from sim.errors import InputError
from sim.show.dashboard import processes
from sim.show.dashboard.folders import NAME, Shelf
from sim.study.folder import RunFolder
from sim.whole import whole

CODE = Path(__file__).resolve().parents[3]
"""Where `python -m sim` finds this package."""
MOST_AT_ONCE = 2
LEDGER = ".jobs"


class State(NamedTuple):
    """A job as it stands; `phase` is running, stopping, complete, interrupted or failed."""

    name: str
    phase: str
    done: int
    total: int
    words: str

    @property
    def over(self) -> bool:
        """Whether nothing more will come."""
        return self.phase not in ("running", "stopping")


class Jobs:
    """The background runs of one outputs folder.

    Args:
        shelf: the folder.
    """

    def __init__(self, shelf: Shelf) -> None:
        self.shelf = shelf
        self._children: dict[str, subprocess.Popen[bytes]] = {}
        self._starting = threading.Lock()

    # -- asked for --------------------------------------------------------------------

    def start(self, verb: str, words: Sequence[str], total: int) -> str:
        """Start `rungs VERB WORDS --out FOLDER`; the folder's name is the job's.

        Args:
            verb: run, compare or branch.
            words: its overrides, judged already.
            total: replications that it will make.

        Raises:
            InputError: enough jobs are under way.
        """
        with self._starting:
            busy = self.under_way()
            if len(busy) >= MOST_AT_ONCE:
                told = " and ".join(busy)
                raise InputError(f"{len(busy)} jobs are under way ({told}): wait, or cancel one")
            out = self.shelf.fresh(verb)
            argv = [verb, *words, "--out", str(out)]
            child = self._spawn(out.name, argv)
            self._children[out.name] = child
            birth = processes.born(child.pid)
            self._note(out.name, {"argv": argv, "total": total, "process": birth, "stop": 0})
            return out.name

    def cancel(self, name: object) -> None:
        """End a job as Ctrl-C does; asked once more, at once with all its workers."""
        told = self._told(name)
        process = _process(told)
        if process is None or not processes.alive(process):
            return
        (processes.end if told.get("stop") else processes.interrupt)(process)
        self._note(str(name), {**told, "stop": 1})

    # -- told -------------------------------------------------------------------------

    def known(self, name: object) -> bool:
        """Whether a job of this name was started here."""
        return bool(self._read(name))

    def under_way(self) -> list[str]:
        """The jobs that still run, by name."""
        names = sorted(path.stem for path in self._ledger().glob("*.json"))
        return [name for name in names if not self.state(name).over]

    def state(self, name: object) -> State:
        """How a job stands.

        Raises:
            InputError: there is none of this name.
        """
        told = self._told(name)
        process = _process(told)
        child = self._children.get(str(name))
        status = child.poll() if child is not None else None  # also takes leave of a dead child
        runs = process is not None and processes.alive(process)
        done, total, pace = self._progress(str(name), told)
        if runs:
            return State(
                str(name), "stopping" if told.get("stop") else "running", done, total, pace
            )
        child = self._children.get(str(name))
        status = None if child is None else child.wait()  # it is dead: this takes leave of it
        return self._ended(str(name), told, status, done, total)

    def _ended(
        self, name: str, told: dict[str, Any], status: int | None, done: int, total: int
    ) -> State:
        written = RunFolder(self.shelf.root / name).manifest().get("status")
        if written == "complete" and not status:
            return State(name, "complete", total, total, "done")
        kept = f"{done} of {total} are finished and kept"
        if told.get("stop") or written == "interrupted":
            return State(name, "interrupted", done, total, f"cancelled; {kept}")
        return State(name, "failed", done, total, f"{self._reason(name, status)}; {kept}")

    def _progress(self, name: str, told: dict[str, Any]) -> tuple[int, int, str]:
        """How far a job is, and how fast."""
        now = _json(self.shelf.root / name / "progress.json")
        done, total = _count(now.get("done")), _count(told.get("total"))
        rate, left = now.get("per_second"), now.get("seconds_left")
        if not now and RunFolder(self.shelf.root / name).manifest().get("status") == "complete":
            return total, total, "laying it beside the record"
        if not isinstance(rate, float) or not isinstance(left, float | int):
            return done, total, "" if done else "starting"
        return done, total, f"{rate:.3g} a second, {left:.0f} s left"

    def _reason(self, name: str, status: int | None) -> str:
        """Why a job failed, in the words that it left."""
        try:
            lines = (self._ledger() / f"{name}.log").read_text(errors="replace").splitlines()
        except OSError:
            lines = []
        errors = [line.removeprefix("error: ") for line in lines if line.startswith("error: ")]
        if errors:
            return errors[-1]
        if status is not None and status < 0:
            return f"its process was killed (signal {-status})"
        return "its process ended before it was done"

    # -- kept -------------------------------------------------------------------------

    def _spawn(self, name: str, argv: list[str]) -> subprocess.Popen[bytes]:
        with (self._ledger() / f"{name}.log").open("wb") as log:
            return subprocess.Popen(
                [sys.executable, "-m", "sim", *argv],
                cwd=CODE,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def _ledger(self) -> Path:
        folder = self.shelf.root / LEDGER
        folder.mkdir(exist_ok=True)
        if folder.is_symlink():
            raise InputError(f"{folder} is a link that leads elsewhere: remove it")
        return folder

    def _note(self, name: str, told: dict[str, Any]) -> None:
        with whole(self._ledger() / f"{name}.json") as part:
            part.write_text(json.dumps(told), encoding="utf-8")

    def _told(self, name: object) -> dict[str, Any]:
        told = self._read(name)
        if not told:
            raise InputError("no job of this name was started here")
        return told

    def _read(self, name: object) -> dict[str, Any]:
        if not isinstance(name, str) or not NAME.fullmatch(name):
            return {}
        return _json(self._ledger() / f"{name}.json")


def _json(path: Path) -> dict[str, Any]:
    if path.is_symlink():
        return {}
    try:
        told = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return told if isinstance(told, dict) else {}


def _count(value: object) -> int:
    return value if isinstance(value, int) else 0


def _process(told: dict[str, Any]) -> processes.Birth | None:
    """The process that a job's note names."""
    match told.get("process"):
        case [int(number), str(birth)] if number > 1:
            return number, birth
    return None
