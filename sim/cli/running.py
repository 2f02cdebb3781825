"""What the verbs that run something share: settings, folders, progress, several at once."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.cli.filed import filed
from sim.cli.options import Call
from sim.errors import InputError
from sim.settings.compose import load
from sim.settings.posterior import manifest
from sim.settings.scenario import Settings
from sim.study.folder import as_yaml, identity
from sim.study.work import Progress

if TYPE_CHECKING:
    from hydra.core.override_parser.types import Override

MOST_JOBS = 200
"""Above this many combinations a multirun is refused."""
SLOW_SECONDS = 1.0
"""Progress is shown of what takes longer than this."""


def settings_of(call: Call, overrides: list[str]) -> Settings:
    """Compose and judge what a call asks for; of a posterior that failed, say so."""
    settings = load(overrides, call.path("--config-dir"))
    name = settings.posterior
    if name and not call.has("--quiet") and manifest(name).get("healthy") is False:
        told = f"note: the chains of posterior={name} do not agree: nothing drawn from it counts"
        print(told, file=sys.stderr)
    return settings


def jobs(call: Call) -> list[list[str]]:
    """The override lists of a call: one, or every combination under ``--multirun``."""
    if not call.has("--multirun"):
        return [call.overrides]
    from hydra.core.override_parser.overrides_parser import OverridesParser
    from hydra.errors import HydraException

    combined: list[list[str]] = [[]]
    for text in call.overrides:
        try:
            override = OverridesParser.create().parse_override(text)
        except HydraException as error:
            raise InputError(f"{text!r}: {str(error).splitlines()[0]}") from None
        values = _values(text, override) if override.is_sweep_override() else [text]
        if len(combined) * len(values) > MOST_JOBS:
            raise InputError(f"over {MOST_JOBS} combinations: that is a sweep, not a multirun")
        combined = [[*head, value] for head in combined for value in values]
    return combined


def _values(text: str, override: Override) -> list[str]:
    """The single values of a sweep, as many as could be run and one more."""
    key = override.get_key_element()
    try:
        listed = islice(override.sweep_string_iterator(), MOST_JOBS + 1)
        return [f"{key}={value}" for value in listed]
    except Exception as error:  # Hydra's own, of a kind that it doesn't export
        raise InputError(f"{text}: has no values to list ({error}); name them, KEY=a,b") from None


def print_config(call: Call) -> bool:
    """Answer ``--cfg job``; whether it was asked for."""
    what = call.options.get("--cfg")
    if what is None:
        return False
    if what != "job":
        raise InputError(f"--cfg {what}: only --cfg job is known here")
    print(as_yaml(settings_of(call, call.overrides)), end="")
    return True


def folder_of(call: Call, settings: Settings, several: bool, record: str | None = None) -> Path:
    """Where a run goes: ``--out``, or outputs/ under a name that its content decides."""
    name = f"{settings.scenario.name}-{identity(settings, record)[:12]}"
    out = call.path("--out")
    if out is None:
        return Path("outputs") / name
    return out / name if several else out


@contextmanager
def progress(call: Call, title: str, folder: Path | None = None) -> Iterator[Progress | None]:
    """A progress callback for eyes, and in the run folder for programs."""
    with _shown(call, title) as shown, filed(folder, shown) as advance:
        yield advance


@contextmanager
def _shown(call: Call, title: str) -> Iterator[Progress | None]:
    """A bar on a terminal, a line now and then elsewhere, or nothing."""
    if call.has("--quiet"):
        yield None
    elif sys.stderr.isatty():
        with _bar(title) as advance:
            yield advance
    else:
        yield lines(title)


@contextmanager
def _bar(title: str) -> Iterator[Progress]:
    from tqdm import tqdm

    with tqdm(desc=title, unit="rep", file=sys.stderr, delay=SLOW_SECONDS, leave=False) as bar:

        def advance(done: int, total: int) -> None:
            bar.total = total
            bar.update(done - bar.n)

        yield advance


def lines(title: str) -> Progress:
    """A progress callback that prints a line now and then."""
    began = told = time.monotonic()
    kept = -1

    def advance(done: int, total: int) -> None:
        nonlocal told, kept
        now = time.monotonic()
        if kept < 0:  # what an earlier run had finished says nothing of this one's rate
            kept = done
        elif now - told >= 5.0 and done < total:
            told = now
            rate = (done - kept) / (now - began)
            left = (total - done) / rate
            speed = f"{rate:.0f}" if rate >= 1.0 else f"{rate:.1g}"  # slow is not nothing
            print(f"{title}: {done}/{total}, {speed}/s, {left:.0f} s left", file=sys.stderr)

    return advance


def print_json(content: Any) -> None:
    """Print one JSON object; no value is NaN, and no letter is one that the reader lacks."""
    plain = (sys.stdout.encoding or "utf-8").lower() not in ("utf-8", "utf8")
    print(json.dumps(content, ensure_ascii=plain, allow_nan=False, default=str))
