"""Processes known by number and birth: a number that was given away anew is another's."""

from __future__ import annotations

import os
import signal
import subprocess
from pathlib import Path

Birth = tuple[int, str]
"""A process: its number, and when it was born, in the kernel's own count."""


def born(number: int) -> Birth | None:
    """The process of this number, unless it has ended."""
    try:
        told = Path(f"/proc/{number}/stat").read_text(encoding="utf-8")
    except OSError:
        return _asked(number)
    fields = told.rpartition(")")[2].split()
    return None if fields[0] in "ZX" else (number, fields[19])


def _asked(number: int) -> Birth | None:
    """The same where the kernel shows no `/proc`."""
    if Path("/proc/self/stat").exists():
        return None
    asked = ["ps", "-o", "stat=,lstart=", "-p", str(number)]
    told = subprocess.run(asked, capture_output=True, text=True, check=False).stdout.split()
    return None if not told or told[0].startswith("Z") else (number, " ".join(told[1:]))


def alive(process: Birth) -> bool:
    """Whether this very process still runs."""
    return born(process[0]) == process


def interrupt(process: Birth) -> None:
    """End a job as Ctrl-C does: its first process winds up and lets its workers go."""
    if alive(process):
        os.kill(process[0], signal.SIGINT)


def end(process: Birth) -> None:
    """End a job and all its workers at once; it leads a process group of its own."""
    if alive(process) and os.getpgid(process[0]) == process[0]:
        os.killpg(process[0], signal.SIGTERM)
