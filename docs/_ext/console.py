"""The commands that the pages show: found, run as a reader would, laid beside what is printed.

Every fenced block of commands is run, in the order of its page and in one folder a page; so is
every whole command in running text. Rules, which `docs/contributing.md` repeats for writers:

- Where a page shows output, it is what the command printed, line by line. A line `…` alone stands
  for lines that are left out. Run times (`in 1.2 s`) and the hash in a folder's name are not
  compared. Of `make`, it is what its last call of `rungs` printed.
- Where a page shows no output, only the exit status counts; numbers of replications, draws and
  futures are cut down to a few, and forecasts to one month.
- A fit or a check of a packaged fit takes long: it is followed to where the sampling begins.
- `rungs serve` is started on a free port, asked for its first page, and stopped.
- A verb alone in running text (`rungs branch`) is its name: it is asked for its help.
- A command that prints `error:` must exit with 2, every other with 0.
- A code block with a path for caption is a file that the reader writes.
"""

from __future__ import annotations

import contextlib
import io
import os
import re
import shlex
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path
from unittest.mock import Mock, patch
from urllib.request import urlopen

ROOT = Path(__file__).resolve().parents[2]
LEFT_OUT = "…"
FENCE = re.compile(r"^(`{3,})(?P<info>.*)\n(?P<body>(?:.*\n)*?)\1 *$", re.M)
CAPTION = re.compile(r"^:caption: (?P<path>\S+)\n\n?(?P<rest>(?s:.*))", re.M)
INLINE = re.compile(r"`((?:rungs|make|python -m) [^`]+)`")
PLACEHOLDER = re.compile(r"…|\b[A-Z]{2,}\b|=[A-Z]\b|[\[|]")
"""What makes a command in running text the form of one: `rungs show scenario NAME`."""
MASKS = (
    (re.compile(r"\bin \d+(\.\d+)? s\b"), "in … s"),
    (re.compile(r"\b\d+ s of processor time"), "… s of processor time"),
    (re.compile(r"(?<=-)[0-9a-f]{12}\b"), LEFT_OUT),
    (re.compile(r"(?<=127\.0\.0\.1:)\d+"), LEFT_OUT),
    (re.compile(r"(?<=^serving )\S+(?=;)"), LEFT_OUT),
)
CONTINUED = "\0"
"""Stands for the end of a line that goes on."""
FEW = {
    **{"replications": 4, "draws": 4, "futures": 2, "points": 4, "histories": 2},
    **{"particles": 8, "repeats": 3},
}
"""How far a command is cut down whose output no page shows."""
RUNNING = ("ablate", "branch", "compare", "rare", "run", "sweep")
SHORT_BACKTEST = "from=2020-12-01 draws=4"


@dataclass
class Step:
    """A command, how it is written (over several lines, where it is long), and what its page
    says that it prints (nothing: not said)."""

    command: str
    shown: list[str] = field(default_factory=list)
    written: str = ""


@dataclass
class Block:
    """A fenced block: where its body lies in the page, and what it holds."""

    start: int
    end: int
    steps: list[Step] = field(default_factory=list)
    file: tuple[str, str] | None = None
    python: str = ""


def blocks(text: str) -> list[Block]:
    """Everything on a page that can be run or written, in order."""
    found = []
    for fence in FENCE.finditer(text):
        block = _block(fence["info"].strip(), fence["body"], fence.start("body"))
        if block.steps or block.file or block.python:
            found.append(block)
    return found


def _block(info: str, body: str, start: int) -> Block:
    made = Block(start, start + len(body))
    caption = CAPTION.match(body) if info.startswith("{code-block}") else None
    if caption:
        made.file = caption["path"], caption["rest"]
    elif info == "python":
        made.python = body
    elif info in ("", "console", "bash"):
        made.steps = _steps(body)
    return made


def _steps(body: str) -> list[Step]:
    """The commands of a block: after `$ `, or lines that begin with `rungs` or `make`."""
    lines = re.sub(r"\\\n", CONTINUED, body).splitlines()
    if not any(line.startswith("$ ") for line in lines):
        plain = [line for line in lines if line.startswith(("rungs ", "make "))]
        return [Step(_joined(line).partition(" #")[0].strip()) for line in plain]
    steps: list[Step] = []
    for line in lines:
        if line.startswith("$ "):
            written = line.replace(CONTINUED, "\\\n")
            steps.append(Step(_joined(line.removeprefix("$ ")), written=written))
        elif steps:
            steps[-1].shown.append(line.rstrip())
    for step in steps:
        while step.shown and not step.shown[-1]:
            step.shown.pop()
    return steps


def _joined(line: str) -> str:
    return re.sub(rf" *{CONTINUED} *", " ", line)


def inline(text: str) -> list[str]:
    """The whole commands in a page's running text, each once."""
    prose = FENCE.sub("", text)
    found = (" ".join(command.split()) for command in INLINE.findall(prose))
    whole = (c for c in found if not PLACEHOLDER.search(c))
    return list(dict.fromkeys(f"{c} --help" if _a_name(c) else c for c in whole))


def _a_name(command: str) -> bool:
    words = command.split()
    return words[0] == "rungs" and len(words) == 2 and not words[1].startswith("-")


def cut_down(command: str) -> str:
    """The same command over a few replications.

    >>> cut_down("rungs run scenario=summer_2020 replications=2000")
    'rungs run scenario=summer_2020 replications=4'
    >>> cut_down("rungs show streams")
    'rungs show streams'
    """
    for name, few in FEW.items():
        command = re.sub(rf"\b{name}=\d+", f"{name}={few}", command)
    words = command.split()
    if words[:2] == ["rungs", "backtest"]:
        told = [word for word in words if not word.startswith(("from=", "to=", "draws="))]
        return f"{' '.join(told)} {SHORT_BACKTEST}"
    if words[:1] != ["rungs"] or words[1] not in RUNNING or words[-1] in ("--help", "job"):
        return command
    if words[1] == "rare":
        return _with(command, "particles", "repeats")
    if "--signs" in words:
        return _with(command, "draws", "futures")
    settled = " run=" in command or "--diverge" in words or "--count" in words
    return command if settled else _with(command, "replications")


def _with(command: str, *names: str) -> str:
    """The command with a few of each, where it doesn't say how many."""
    return " ".join([command, *(f"{n}={FEW[n]}" for n in names if f" {n}=" not in command)])


def masked(line: str) -> str:
    """A printed line without what differs from run to run.

    >>> masked("40 replications in 1.53 s, outputs/historical-0123456789ab")
    '40 replications in … s, outputs/historical-…'
    """
    for pattern, stand_in in MASKS:
        line = pattern.sub(stand_in, line)
    return line.rstrip()


def agrees(shown: list[str], printed: list[str]) -> bool:
    """Whether what a page shows is what was printed.

    >>> agrees(["a", "…", "d"], ["a", "b", "c", "d"]), agrees(["a"], ["a", "b"])
    (True, False)
    """
    one, other = [masked(s) for s in shown], [masked(p) for p in printed]
    return one == other or one == abridged(shown, other)


def abridged(shown: list[str], printed: list[str]) -> list[str]:
    """What was printed, with as much left out as the page leaves out."""
    plain = [masked(line) for line in printed]
    if LEFT_OUT not in shown:
        return plain
    head = shown.index(LEFT_OUT)
    tail = len(shown) - head - 1
    if len(plain) <= head + tail:
        return plain
    return [*plain[:head], LEFT_OUT, *plain[len(plain) - tail :]]


class Reader:
    """Someone who follows a page from top to bottom, in a folder of their own."""

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
        with _in(self.folder), contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
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
        with _in(self.folder), contextlib.redirect_stdout(io.StringIO()):
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


@contextlib.contextmanager
def _in(folder: Path) -> Iterator[None]:
    before = os.getcwd()
    os.chdir(folder)
    try:
        yield
    finally:
        os.chdir(before)


def faults(text: str, reader: Reader) -> tuple[list[str], str]:
    """What on a page is not so, and the page with its output as it came out."""
    wrong: list[str] = []
    renewed, done = [], 0
    for block in blocks(text):
        if block.file:
            reader.write(*block.file)
        if block.python:
            reader.python(block.python)
        for step in block.steps:
            printed, fault = _followed(step, reader)
            if fault:
                wrong.append(fault)
            elif step.shown and not agrees(step.shown, printed):
                wrong.append(f"$ {step.command}\nprints\n" + "\n".join(printed))
                step.shown = abridged(step.shown, printed)
        renewed += [text[done : block.start], _body(text, block)]
        done = block.end
    told = {step.command for block in blocks(text) for step in block.steps}
    for command in inline(text):
        if command not in told:
            fault = _followed(Step(command), reader)[1]
            wrong += [fault] if fault else []
    return wrong, "".join([*renewed, text[done:]])


def _followed(step: Step, reader: Reader) -> tuple[list[str], str]:
    command = step.command if step.shown else cut_down(step.command)
    follow = reader.made if step.shown and command.startswith("make ") else reader.run
    status, printed = follow(command)
    expected = 2 if step.shown and step.shown[0].startswith("error:") else 0
    fault = "" if status == expected else f"$ {command}\nexits {status}:\n" + "\n".join(printed)
    return printed, fault


def _body(text: str, block: Block) -> str:
    """A block's text, with what its steps show now."""
    if not any(step.shown for step in block.steps):
        return text[block.start : block.end]
    parts = ["\n".join([step.written, *step.shown]) for step in block.steps]
    return "\n".join(parts) + "\n"
