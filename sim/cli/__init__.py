"""The command line: each verb parses, calls one function and prints.

Only the standard library is imported until a verb is known, so that help is immediate.
"""

from __future__ import annotations

import io
import os
import sys
from contextlib import suppress
from importlib import import_module

from sim.cli.options import Call, parse, usage
from sim.errors import InputError, RungsError, UnknownKeyError, nearest
from sim.whole import meant

VERBS = {
    "run": "simulate a scenario into a run folder",
    "compare": "lay simulated distributions beside the record, and write a report",
    "sweep": "many points of the configuration, resumable, and what matters among them",
    "branch": "futures from a date under two policies, on the same draws",
    "rare": "how likely a rare rung is, by splitting",
    "calibrate": "fit the parameters to the record: a posterior that scenarios can draw from",
    "backtest": "forecasts of what a posterior has not seen, scored beside simple ones",
    "ablate": "each mechanism off, what changes, in one table",
    "resume": "finish a run or a sweep that was cut off",
    "report": "one self-contained HTML file of a run, or of several side by side",
    "ladder": "rungs, paths and episodes of the record or of a run",
    "serve": "the dashboard on 127.0.0.1: run, branch, compare, step through journals",
    "show": "a scenario, the parameters, the record, the streams, a key of the configuration",
    "completion": "the script that lets a shell complete all this",
}


GO_ON = ("run", "compare", "sweep", "resume", "calibrate")
"""Verbs that keep what was finished when they are stopped."""


def main(argv: list[str] | None = None) -> int:
    """Run the command line; returns the exit status (0 good, 1 failed, 2 called wrongly)."""
    words = sys.argv[1:] if argv is None else argv
    _streams()
    try:
        return _dispatch(words)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except (Exception, KeyboardInterrupt) as error:
        if "--debug" in words:
            import traceback

            traceback.print_exc()
        print(_told(error, words), file=sys.stderr)
        return 2 if isinstance(error, InputError) else 1


def _streams() -> None:
    """Let output and errors go where there is nobody, and to terminals that lack our letters."""
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        if stream is None:  # closed by who called: `2>&-`, a daemon
            setattr(sys, name, open(os.devnull, "w", encoding="utf-8"))  # noqa: SIM115
        elif isinstance(stream, io.TextIOWrapper):
            with suppress(ValueError):  # it is closed
                stream.reconfigure(errors="backslashreplace" if name == "stderr" else "replace")


def _told(error: BaseException, words: list[str]) -> str:
    """What went wrong, in a line or three."""
    if isinstance(error, KeyboardInterrupt):
        return f"stopped; {_kept(words)}"
    if isinstance(error, OSError) and error.filename is not None:
        place = meant(str(error.filename2 or error.filename))
        return f"error: {place}: {error.strerror}: see who may write there, and what is there"
    if not isinstance(error, RungsError):
        return f"error: {type(error).__name__}: {error} (--debug shows where)"
    if isinstance(error, UnknownKeyError) and (owners := _owners(error.key)):
        return f"error: {error.key}=: no key of rungs {words[0]}, but of {', '.join(owners)}"
    return f"error: {error}"


def _owners(key: str) -> list[str]:
    """The verbs that have this key of their own."""
    keys = {verb: getattr(import_module(f"sim.cli.{verb}"), "KEYS", {}) for verb in VERBS}
    return [f"rungs {verb}" for verb in VERBS if key in {k.partition("=")[0] for k in keys[verb]}]


def _kept(words: list[str]) -> str:
    """What becomes of work that was stopped: some verbs go on from there."""
    checked = [word for word in words if word.startswith("check=")]
    if words[0] in GO_ON and checked in ([], ["check=sbc"]):
        return "finished work is kept: give the same command again to go on"
    return "nothing is kept of what was under way: the same command begins anew"


def _dispatch(words: list[str]) -> int:
    if not words or words[0] in ("-h", "--help", "help"):
        print(overview())
        return 0
    if words[0] == "--version":
        from importlib.metadata import version

        print(f"rungs {version('rungs')}")
        return 0
    verb, rest = words[0], words[1:]
    if verb not in VERBS:
        raise InputError(f"no such verb: {verb}; {nearest(verb, VERBS)}")
    module = import_module(f"sim.cli.{verb}")
    if "-h" in rest or "--help" in rest:
        own = [getattr(module, name, {}) for name in ("KEYS", "REFUSED")]
        print(usage(verb, VERBS[verb], module.SYNOPSIS, module.OPTIONS, module.EXAMPLES, *own))
        return 0
    call: Call = parse(rest, module.OPTIONS, getattr(module, "KEYS", {}))
    status: int = module.main(call)
    return status


def overview() -> str:
    """What `rungs --help` says."""
    lines = ["usage: rungs VERB [KEY=VALUE …] [OPTIONS]", "", "verbs:"]
    lines += [f"  {verb:<12}{text}" for verb, text in VERBS.items()]
    lines += [
        "",
        "rungs VERB --help lists its groups, options and examples; --version prints the version.",
    ]
    return "\n".join(lines)
