"""What a page holds that can be run or written: commands with their output, files, Python."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

FENCE = re.compile(r"^(`{3,})(?P<info>.*)\n(?P<body>(?:.*\n)*?)\1 *$", re.M)
CAPTION = re.compile(r"^:caption: (?P<path>\S+)\n\n?(?P<rest>(?s:.*))", re.M)
INLINE = re.compile(r"`((?:rungs|make|python -m) [^`]+)`")
PLACEHOLDER = re.compile(r"…|\b[A-Z]{2,}\b|=[A-Z]\b|[\[|]")
"""What makes a command in running text the form of one: `rungs show scenario NAME`."""
CONTINUED = "\0"
"""Stands for the end of a line that goes on."""


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
