"""Someone who follows a page from top to bottom, in a folder of their own."""

from __future__ import annotations

import contextlib
import io
import os
import re
import shlex
import signal
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from unittest.mock import Mock, patch
from urllib.request import urlopen

from cutdown import FEW

ROOT = Path(__file__).resolve().parents[2]


class Reader:
    """Runs commands and Python, and writes files, as a page says."""

    def __init__(self, folder: Path, programs: Path) -> None:
        self.folder = folder
        self.programs = programs
        self.names: dict[str, object] = {}

    def run(self, command: str) -> tuple[int, list[str]]:
        """Exit status, and the lines printed: standard output, or the error of a failure."""
        words = command.split()
        if words[0] == "make":
            return self._shell(f"make --dry-run {' '.join(words[1:])}", ROOT)
        if words[:2] == ["python", "-m"]:
            return (0 if find_spec(words[2]) else 1), []
        if words[:2] == ["rungs", "serve"] and "--help" not in words:
            return self._served(words[1:])
        if words[0] == "rungs" and not re.search(r"[|<>;&]|\$\(", re.sub(r"'[^']*'", "", command)):
            return self._rungs(shlex.split(command)[1:])
        return self._shell(command, self.folder)

    def made(self, command: str) -> tuple[int, list[str]]:
        """What the last call of `rungs` in a target of the Makefile prints."""
        status, recipe = self.run(command)
        calls = [line for line in recipe if line.startswith(".venv/bin/rungs ")]
        return self.run(calls[-1].removeprefix(".venv/bin/")) if calls else (status, recipe)

    def _rungs(self, words: list[str]) -> tuple[int, list[str]]:
        from sim.cli import main

        out, err = io.StringIO(), io.StringIO()
        with (
            contextlib.chdir(self.folder),
            contextlib.redirect_stdout(out),
            contextlib.redirect_stderr(err),
        ):
            long = words[0] == "calibrate" and not any(w.endswith(".yaml") for w in words)
            status = begun(words) if long else main(words)
        return status, (err if status else out).getvalue().splitlines()

    def _served(self, words: list[str]) -> tuple[int, list[str]]:
        """What `rungs serve` says until it answers; it is stopped as by Ctrl-C."""
        asked = [word for word in words if not word.startswith("port=")]
        server = subprocess.Popen(
            [self.programs / "rungs", *asked, "port=0"],
            cwd=self.folder,
            env=self._environment(),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        with server:
            assert server.stdout is not None
            assert server.stderr is not None
            address = server.stdout.readline().strip()
            if not address:
                told = server.stderr.read().splitlines()
                return server.wait(), told
            serving = server.stdout.readline().strip()
            try:
                with urlopen(address, timeout=60) as page:
                    status = 0 if page.status == 200 else 1
            finally:
                server.send_signal(signal.SIGINT)
        return status, [address, serving]

    def _environment(self) -> dict[str, str]:
        """Where `rungs` is this one."""
        path = f"{self.programs}{os.pathsep}{os.environ['PATH']}"
        return {**os.environ, "PATH": path, "PYTHONPATH": str(ROOT)}

    def _shell(self, command: str, folder: Path) -> tuple[int, list[str]]:
        done = subprocess.run(
            ["bash", "-c", command],
            cwd=folder,
            env=self._environment(),
            capture_output=True,
            text=True,
            check=False,
        )
        return done.returncode, (done.stderr if done.returncode else done.stdout).splitlines()

    def write(self, path: str, text: str) -> None:
        """A file that the page has its reader write."""
        target = self.folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8")

    def python(self, code: str) -> None:
        """A block of Python, in the page's own namespace."""
        for name, few in FEW.items():
            code = re.sub(rf"\b{name}=\d+", f"{name}={few}", code)
        with contextlib.chdir(self.folder), contextlib.redirect_stdout(io.StringIO()):
            exec(compile(code, "a page", "exec"), self.names)


def begun(words: list[str]) -> int:
    """A call of `rungs calibrate` as far as its sampling; 0 if it came so far."""
    from calibration.checks import CHECKS
    from sim.cli import main

    reached = Mock(side_effect=KeyboardInterrupt)
    with patch("calibration.fit.fit", reached), patch.dict(CHECKS, dict.fromkeys(CHECKS, reached)):
        status = main(words)
    return 0 if reached.called or "--help" in words else status


def program(folder: Path) -> Path:
    """A folder with the program `rungs`, for commands that a shell has to read."""
    folder.mkdir(exist_ok=True)
    script = folder / "rungs"
    script.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m sim "$@"\n', encoding="utf-8")
    script.chmod(0o755)
    return folder
