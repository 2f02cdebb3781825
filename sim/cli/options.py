"""Words of a command into overrides and options; what `rungs VERB --help` says."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from sim.errors import InputError, nearest

VALUED = "value"
FLAG = "flag"

COMMON = {
    "--json": (FLAG, "print one JSON object to standard output and nothing else"),
    "--quiet": (FLAG, "no progress, no notes"),
    "--debug": (FLAG, "show the traceback of an error"),
}
RUNNING = {
    "--out": (VALUED, "DIR  the run folder itself (default: outputs/SCENARIO-HASH)"),
    "--config-dir": (VALUED, "DIR  a folder with config files of your own, in the same groups"),
    "--cfg": (VALUED, "job  print the composed configuration and run nothing"),
    "--multirun": (FLAG, "-m  run every combination of KEY=a,b"),
    **COMMON,
}
POSTERIOR = "posterior"
ROOT = {
    "seed": "N",
    "replications": "N",
    "workers": "N",
    "journal": "full|attacks|none",
    POSTERIOR: "NAME (parameters of a fit, not of their priors)",
}
"""Keys of every scenario that one might take for options, with what they take."""
SHORT = {"-m": "--multirun", "-c": "--cfg", "-cd": "--config-dir"}

Options = dict[str, tuple[str, str]]


@dataclass(frozen=True)
class Call:
    """A parsed command: overrides (KEY=VALUE), other words, options."""

    words: tuple[str, ...]
    overrides: list[str]
    options: dict[str, str] = field(default_factory=dict)
    argv: tuple[str, ...] = ()

    def has(self, option: str) -> bool:
        """Whether a flag was given."""
        return option in self.options

    def path(self, option: str) -> Path | None:
        """An option's value as a path."""
        value = self.options.get(option)
        return None if value is None else Path(value)


def parse(argv: list[str], options: Options, keys: Iterable[str] = ()) -> Call:
    """Sort words into overrides, options and the rest; options may stand anywhere.

    Args:
        argv: the words after the verb.
        options: those of the verb.
        keys: its own keys, so that one written as an option is known for what it is.

    Raises:
        InputError: an unknown option, or one without its value.
    """
    words: list[str] = []
    overrides: list[str] = []
    given: dict[str, str] = {}
    rest = iter(argv)
    for word in rest:
        if word.startswith("-") and not word.startswith("~"):
            name, equals, value = word.partition("=")
            name = SHORT.get(name, name)
            if name not in options:
                keys = {*ROOT, *groups(), *(key.partition("=")[0] for key in keys)}
                raise InputError(_unknown(name, value or next(rest, ""), options, keys))
            if options[name][0] == VALUED and not equals:
                value = next(rest, "")
            given[name] = _checked(name, value, options[name][0], bool(equals))
        else:
            (overrides if "=" in word or word.startswith("~") else words).append(word)
    _once(overrides)
    return Call(tuple(words), overrides, given, tuple(argv))


def _unknown(name: str, value: str, options: Options, keys: Iterable[str]) -> str:
    """That there is no such option, and what to write instead; a key is written without dashes."""
    key = name.lstrip("-").replace("-", "_")
    if key in keys:
        given = "…" if not value or value.startswith("-") else value
        return f"no such option: {name}; a key has no dashes, write {key}={given}"
    return f"no such option: {name}; {nearest(name, options)}"


def _once(overrides: list[str]) -> None:
    """Refuse a key that is given twice: which of the two was meant?"""
    names = [override.partition("=")[0].lstrip("+~") for override in overrides]
    for name in names:
        if names.count(name) > 1:
            raise InputError(f"{name}= is given twice: keep one of the two")


def _checked(name: str, value: str, kind: str, equals: bool) -> str:
    if kind == VALUED and not value:
        raise InputError(f"{name} needs a value")
    if kind == FLAG and equals:
        raise InputError(f"{name} takes no value")
    return value


def take(call: Call, *names: str) -> dict[str, str]:
    """Remove overrides that belong to the verb itself (such as ``record=FILE``)."""
    taken = {}
    for override in list(call.overrides):
        name, _, value = override.partition("=")
        if name in names:
            if name in taken:
                raise InputError(f"{name}= is given twice")
            if not value:
                raise InputError(f"{name}= needs a value")
            taken[name] = value
            call.overrides.remove(override)
    return taken


def listed(own: dict[str, str], name: str) -> tuple[str, ...]:
    """What a key of the verb's own names, parted by commas; nothing where it is not given."""
    return tuple(part for word in own.get(name, "").split(",") if (part := word.strip()))


def refuse_keys(call: Call, refused: Mapping[str, str]) -> None:
    """Refuse keys that would be ignored, each for its reason.

    Raises:
        InputError: one of them is set.
    """
    for override in call.overrides:
        key = override.partition("=")[0].lstrip("+~")
        if key in refused:
            raise InputError(f"{key}=: {refused[key]}; leave it out")


def refuse_words(call: Call, verb: str) -> None:
    """Refuse words that are neither overrides nor options."""
    if call.words:
        raise InputError(
            f"{call.words[0]!r} is no override: write KEY=VALUE (see rungs {verb} --help)"
        )


def usage(
    verb: str,
    text: str,
    synopsis: str,
    options: Options,
    examples: tuple[str, ...],
    keys: dict[str, str],
    refused: Collection[str] = (),
) -> str:
    """What ``rungs VERB --help`` says; group names come from the folders, without Hydra.

    What the verb refuses of what others take isn't offered.
    """
    lines = [f"usage: rungs {verb} {synopsis}", "", text, ""]
    if keys:
        lines += ["its own keys:", *(f"  {name:<12} {told}" for name, told in keys.items()), ""]
    if "--config-dir" in options:
        lines += [*_configurable({*refused, *(key.partition("=")[0] for key in keys)}), ""]
    lines += ["options:"]
    lines += [f"  {name:<12} {told}" for name, (_, told) in options.items() if name not in refused]
    return "\n".join([*lines, "", "examples:", *(f"  {line}" for line in examples)])


def _configurable(without: Collection[str]) -> list[str]:
    """The groups and keys of the configuration that a verb takes."""
    files = {group: names for group, names in groups().items() if group not in without}
    plain = [f"{key}={value}" for key, value in ROOT.items() if key not in {*without, POSTERIOR}]
    fitted = [] if POSTERIOR in without else [f"      {POSTERIOR}={ROOT[POSTERIOR]}"]
    return [
        "groups:",
        *(f"  {group}={'|'.join(names)}" for group, names in files.items()),
        "keys: any of the configuration, such as militia.base_rate=0.2 (rungs show parameters)",
        f"      {' '.join(plain)}",
        *fitted,
    ]


def groups() -> dict[str, list[str]]:
    """Every config group with its files, read from the folders alone."""
    here = Path(__file__).resolve().parents[1]
    root = next(p for p in (here / "_configs", here.parent / "configs") if p.is_dir())
    found: dict[str, list[str]] = {}
    for path in sorted(root.glob("*/*.yaml")):
        if not path.stem.startswith("_") and path.parent.name not in ("experiment", "fit"):
            found.setdefault(path.parent.name, []).append(path.stem)
    return found
