"""A command over a few replications: for those whose output no page shows."""

from __future__ import annotations

import re

FEW = {
    **{"replications": 4, "draws": 4, "futures": 2, "points": 4, "histories": 2},
    **{"particles": 8, "repeats": 3},
}
"""How far a command is cut down whose output no page shows."""
RUNNING = ("ablate", "branch", "compare", "rare", "run", "sweep")
SHORT_BACKTEST = "from=2020-12-01 draws=4"


def cut_down(command: str) -> str:
    """The same command, quicker.

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
