"""The folders of configuration: what lies there, and what of it is refused.

Domain files never name code: `_target_` and its like, `hydra` nodes and resolvers such as
`${oc.env:…}` are refused wherever they come from.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.errors import InputError

if TYPE_CHECKING:
    import yaml

LARGEST_FILE = 1_000_000
APART = ("experiment", "fit")
"""Folders of configs that are no groups: whole studies, read by the verb that runs them."""
MOST_ALIASES = 20
DEEPEST = 40
"""Levels of nesting in a config file; the packaged ones have six."""
TRUTHS = ("on", "off", "yes", "no", "true", "false")
"""Words that YAML reads as true or false where they stand without quotes."""
_CODE_KEY = re.compile(
    r"^\s*(?:-\s+)?[\"']?(_target_|_args_|_partial_|_convert_|_recursive_)[\"']?\s*:", re.M
)
_HYDRA_NODE = re.compile(r"^\s*[\"']?hydra[\"']?\s*:", re.M)
RESOLVER = re.compile(r"\$\{[^}]*:")
SUSPECT = (
    (_CODE_KEY, "names code"),
    (_HYDRA_NODE, "sets hydra's own settings"),
    (RESOLVER, "reads the environment or calls a resolver"),
)


def config_dir() -> Path:
    """Where the packaged configuration lies: beside the code, or inside the wheel."""
    here = Path(__file__).resolve().parents[1]
    for folder in (here / "_configs", here.parent / "configs"):
        if (folder / "config.yaml").is_file():
            return folder
    raise InputError("the packaged configs are missing: reinstall rungs")


def groups(extra: Path | None = None) -> dict[str, list[str]]:
    """Every config group with the names of its files (those of `extra` included)."""
    found: dict[str, set[str]] = {}
    for root in filter(None, (config_dir(), extra)):
        for path in sorted(root.glob("*/*.yaml")):
            if not path.stem.startswith("_") and path.parent.name not in APART:
                found.setdefault(path.parent.name, set()).add(path.stem)
    return {group: sorted(names) for group, names in sorted(found.items())}


def check_files(folder: Path) -> None:
    """Refuse a folder of configs that names code, hides bombs or shadows packaged files."""
    if not folder.is_dir():
        raise InputError(f"--config-dir {folder}: no such folder")
    for path in sorted(folder.rglob("*.yaml")):
        relative = path.relative_to(folder)
        if (config_dir() / relative).exists():
            raise InputError(
                f"{path}: {relative} would be shadowed by the packaged file; rename it"
            )
        check_text(path)
        if relative.parent == Path("scenario"):
            _check_name(path)


def _check_name(path: Path) -> None:
    """Refuse a scenario whose runs would go under the name of another."""
    told = _plain_data(path, _read(path))
    if not isinstance(told, dict) or path.stem.startswith("_"):
        return
    if told.get("name", path.stem) != path.stem or ("defaults" in told and "name" not in told):
        given = f"name = {told['name']}" if "name" in told else "has the name of what it builds on"
        raise InputError(f"{path}: {given}; its runs would go under it: write name: {path.stem}")


def check_text(path: Path) -> None:
    """Refuse one YAML file that is too large, not text, broken, or names code."""
    text = _read(path)
    for pattern, what in SUSPECT:
        found = pattern.search(text)
        if found:
            first = found.end() - len(found.group().lstrip())  # blank lines before are no part
            line = text.count("\n", 0, first) + 1
            raise InputError(f"{path}:{line} {what} ({found.group().strip()}): remove it")
    import yaml

    try:
        _check_nodes(path, yaml.parse(text, Loader=yaml.SafeLoader))
        _refuse_resolvers(path, _plain_data(path, text))
    except yaml.YAMLError as error:
        problem = " ".join(str(error).split())
        raise InputError(f"{path}: is no YAML ({problem})") from None


def _plain_data(path: Path, text: str) -> Any:
    """What a file says; a value that YAML takes for what it can't be is refused with its line."""
    import yaml

    class Loader(yaml.SafeLoader):  # type: ignore[misc]  # PyYAML is untyped here
        def construct_object(self, node: yaml.Node, deep: bool = False) -> Any:
            try:
                return super().construct_object(node, deep)
            except (ValueError, KeyError, AttributeError) as error:
                raise InputError(_misread(path, text, node, error)) from None

    return yaml.load(text, Loader)


def _misread(path: Path, text: str, node: yaml.Node, error: Exception) -> str:
    """What is wrong with a value such as 2020-02-30, and what to write instead."""
    line, remedy = node.start_mark.line, "write a plain value, or put it in quotes"
    if node.tag.endswith(":timestamp"):
        remedy = "write a day that exists, as 2020-02-28"
    return f"{path}:{line + 1} {_shown(text.splitlines()[line])}: {error}; {remedy}"


def _shown(line: str) -> str:
    """A line of a file, short enough for a message."""
    return line.strip() if len(line.strip()) <= 60 else line.strip()[:57] + "…"


def _check_nodes(path: Path, events: Iterable[yaml.Event]) -> None:
    """Refuse bombs of aliases, bottomless nests and keys that stand twice, before any is built."""
    import yaml

    aliases = 0
    open_nodes: list[list[str] | None] = []  # of each open mapping its words, of a list none
    for event in events:
        aliases += isinstance(event, yaml.AliasEvent)
        if aliases > MOST_ALIASES:
            raise InputError(f"{path}: over {MOST_ALIASES} aliases (*name); write the values out")
        if isinstance(event, yaml.NodeEvent) and open_nodes and open_nodes[-1] is not None:
            _note_word(path, event, open_nodes[-1])
        if isinstance(event, yaml.CollectionStartEvent):
            open_nodes.append([] if isinstance(event, yaml.MappingStartEvent) else None)
            if len(open_nodes) > DEEPEST:
                raise InputError(f"{path}: over {DEEPEST} levels deep; write it flatter")
        elif isinstance(event, yaml.CollectionEndEvent):
            open_nodes.pop()


def _note_word(path: Path, event: yaml.NodeEvent, words: list[str]) -> None:
    """Keep a mapping's keys and values, which take turns; a key must be new."""
    word, line = str(getattr(event, "value", "")), event.start_mark.line + 1
    if len(words) % 2 == 0:
        if word and word in words[::2]:
            raise InputError(f"{path}:{line} {word}: stands twice; keep one")
        if word.lower() in TRUTHS and getattr(event, "style", "") is None:
            raise InputError(
                f'{path}:{line} {word}: YAML takes this key for true or false; write "{word}"'
            )
    words.append(word)


def _refuse_resolvers(path: Path, node: Any) -> None:
    """Refuse what reads the environment once escapes are read."""
    if isinstance(node, dict):
        for key, value in node.items():
            _refuse_resolvers(path, key)
            _refuse_resolvers(path, value)
    elif isinstance(node, list):
        for value in node:
            _refuse_resolvers(path, value)
    elif isinstance(node, str) and RESOLVER.search(node):
        raise InputError(f"{path}: {node!r} reads the environment or calls a resolver: remove it")


def _read(path: Path) -> str:
    try:
        size = path.stat().st_size
        if size > LARGEST_FILE:
            raise InputError(f"{path}: {size} bytes; a config file holds at most {LARGEST_FILE}")
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise InputError(f"{path}: byte {error.start} is not UTF-8; save it as UTF-8") from None
    except OSError as error:
        raise InputError(f"{path}: cannot be read ({error.strerror})") from None
