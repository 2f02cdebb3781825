"""`rungs completion`: shell completion of verbs, options, groups and keys.

The shell hands the words so far to ``rungs completion words …`` and offers what is
printed. Keys come from the packaged files themselves, so no schema is loaded.
"""

from __future__ import annotations

from collections.abc import Iterable
from importlib import import_module
from pathlib import Path
from typing import Any

from sim.cli.options import COMMON, Call, Options, groups
from sim.errors import InputError, nearest

SYNOPSIS = "bash | zsh | fish"
OPTIONS: Options = {"--debug": COMMON["--debug"]}
EXAMPLES = (
    'eval "$(rungs completion bash)"',
    'eval "$(rungs completion zsh)"',
    "rungs completion fish | source",
)
SCRIPTS = {
    "bash": """_rungs() {
  local IFS=$'\\n' line="${COMP_LINE:0:COMP_POINT}"
  COMPREPLY=($(rungs completion words "${line#* }" 2>/dev/null))
  local last="${line##* }"; local head="${last%"${COMP_WORDS[COMP_CWORD]}"}"
  [[ "${COMP_WORDS[COMP_CWORD]}" == "=" ]] && head="$last"
  COMPREPLY=("${COMPREPLY[@]#"$head"}")
  [[ ${#COMPREPLY[@]} -eq 1 && "${COMPREPLY[0]}" == *[=.] ]] && compopt -o nospace
}
complete -F _rungs rungs""",
    "zsh": """_rungs() {
  local line="${LBUFFER#* }"; local -a found
  found=("${(@f)$(rungs completion words "$line" 2>/dev/null)}")
  compadd -Q -S '' -- $found
}
compdef _rungs rungs""",
    "fish": """complete -c rungs -f -a '(rungs completion words (string replace -r "^\\S+ " "" \\
  (commandline -cp)) 2>/dev/null)'""",
}


def main(call: Call) -> int:
    """Print a shell's script, or what a line can go on with."""
    if call.words[:1] == ("words",):
        print("\n".join(candidates(" ".join(call.argv[1:]))))
        return 0
    shell = call.words[0] if len(call.words) == 1 else ""
    if shell not in SCRIPTS:
        raise InputError(f"completion {shell or '(nothing)'}: {nearest(shell, SCRIPTS)}")
    print(SCRIPTS[shell])
    return 0


def candidates(line: str) -> list[str]:
    """What the last word of a line (after ``rungs``) can become."""
    from sim.cli import VERBS

    *before, word = line.split(" ")
    if not before:
        return _matching(word, VERBS)
    if before[0] not in VERBS:
        return []
    module = import_module(f"sim.cli.{before[0]}")
    refused = getattr(module, "REFUSED", {})
    if word.startswith("-"):
        return _matching(word, (name for name in module.OPTIONS if name not in refused))
    group, equals, _ = word.partition("=")
    if equals:
        return _matching(word, (f"{group}={name}" for name in groups().get(group, [])))
    return _matching(word, (key for key in _keys(word) if key.removesuffix("=") not in refused))


def _matching(word: str, names: Iterable[str]) -> list[str]:
    return [name for name in names if name.startswith(word)]


def _keys(word: str) -> list[str]:
    """Groups and run keys; below a group, the keys at the level that is being typed."""
    if "." not in word:
        run = ("seed=", "replications=", "workers=", "journal=")
        return [*(f"{g}{end}" for g in groups() for end in ("=", ".")), *run]
    *path, _ = word.split(".")
    level: Any = _merged(path[0])
    for part in path[1:]:
        level = level.get(part, {}) if isinstance(level, dict) else {}
    if not isinstance(level, dict) or "prior" in level:
        return []
    head = ".".join(path)
    return [
        f"{head}.{key}" + ("." if isinstance(value, dict) and "prior" not in value else "=")
        for key, value in level.items()
        if key != "defaults"
    ]


def _merged(group: str) -> dict[str, Any]:
    """The keys of every file of a group, later files adding to earlier ones."""
    import yaml

    here = Path(__file__).resolve().parents[1]
    found: dict[str, Any] = {}
    for root in (here / "_configs", here.parent / "configs"):
        for path in sorted((root / group).glob("*.yaml")):
            told = yaml.safe_load(path.read_text(encoding="utf-8")) or {}
            found = {**found, **{k: v for k, v in told.items() if v or k not in found}}
    return found
