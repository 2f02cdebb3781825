"""From files and overrides to validated settings: Hydra composes, pydantic judges.

Nothing runs before the whole configuration has been judged. Domain files never name
code: `_target_` and its like, `hydra` nodes and resolvers such as `${oc.env:…}` are
refused wherever they come from.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from copy import deepcopy
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, get_args

from pydantic import BaseModel, ValidationError

from sim.errors import InputError, nearest
from sim.settings.quantity import Prior, Section
from sim.settings.scenario import Settings

if TYPE_CHECKING:
    import yaml

LARGEST_FILE = 1_000_000
APART = ("experiment",)
"""Folders of configs that are no groups: whole studies, read by the verb that runs them."""
MOST_ALIASES = 20
DEEPEST = 40
"""Levels of nesting in a config file; the packaged ones have six."""
_CODE_KEY = re.compile(
    r"^\s*(?:-\s+)?[\"']?(_target_|_args_|_partial_|_convert_|_recursive_)[\"']?\s*:", re.M
)
_HYDRA_NODE = re.compile(r"^\s*[\"']?hydra[\"']?\s*:", re.M)
_RESOLVER = re.compile(r"\$\{[^}]*:")
SUSPECT = (
    (_CODE_KEY, "names code"),
    (_HYDRA_NODE, "sets hydra's own settings"),
    (_RESOLVER, "reads the environment or calls a resolver"),
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


def load(overrides: Iterable[str] = (), extra: Path | None = None) -> Settings:
    """Compose and judge a configuration.

    Args:
        overrides: Hydra overrides, such as ``scenario=summer_2020`` or ``militia.base_rate=0.2``.
        extra: a folder with further config files in the same groups.

    Raises:
        InputError: with the key, the value, the limit and the remedy.
    """
    composed = compose(list(overrides), extra)
    return judge(composed)


def judge(tree: dict[str, Any]) -> Settings:
    """Validate a composed tree against the schema."""
    _refuse_code(tree)
    try:
        return Settings.model_validate(tree)
    except ValidationError as error:
        raise InputError(_explain(error, tree)) from None


def compose(overrides: list[str], extra: Path | None = None) -> dict[str, Any]:
    """The composed tree as plain Python, not yet judged."""
    if extra is not None:
        check_files(extra)
    for override in overrides:
        _check_override(override, extra)
    if extra is None:
        return deepcopy(_packaged(config_dir(), tuple(overrides)))
    return _composed(overrides, extra)


@lru_cache(maxsize=128)
def _packaged(root: Path, overrides: tuple[str, ...]) -> dict[str, Any]:
    """What the packaged files alone give, kept: Hydra takes a quarter of a second for it."""
    return _composed(list(overrides), None)


def _composed(overrides: list[str], extra: Path | None) -> dict[str, Any]:
    from hydra import compose as hydra_compose
    from hydra import initialize_config_dir
    from hydra.errors import HydraException
    from omegaconf import OmegaConf
    from omegaconf.errors import OmegaConfBaseException

    search = [f"hydra.searchpath=[file://{extra.resolve()}]"] if extra is not None else []
    try:
        with initialize_config_dir(config_dir=str(config_dir()), version_base="1.3"):
            config = hydra_compose("config", overrides=search + _replacing(overrides))
        missing = sorted(OmegaConf.missing_keys(config))
        if missing:
            raise InputError(f"{missing[0]} is not set (???): give it a value, {missing[0]}=…")
        tree: dict[str, Any] = OmegaConf.to_container(config, resolve=True)  # type: ignore[assignment]
        return tree
    except (HydraException, OmegaConfBaseException, ValueError) as error:
        raise InputError(_plain(error, overrides, extra)) from None
    except RecursionError:
        raise InputError("a config file builds on itself: look at its `defaults:`") from None


def _replacing(overrides: list[str]) -> list[str]:
    """Hydra's words for: set this key, whatever stood there.

    A mapping replaces what it meets (merged, it would keep the old prior's source), and a
    key that a file leaves out can be set like any other: the schema is the judge of keys.
    """
    told: list[str] = []
    for override in overrides:
        key, equals, value = override.partition("=")
        if not equals or "." not in key or key.startswith(("+", "~")):
            told.append(override)
        elif value.lstrip().startswith("{"):
            told += [f"++{key}=0", f"~{key}", f"+{key}={value}"]
        else:
            told.append(f"++{override}")
    return told


# -- before composing ---------------------------------------------------------------------


def _check_override(override: str, extra: Path | None) -> None:
    key, equals, value = override.partition("=")
    key = key.strip()
    if not key or (not equals and not key.startswith("~")):
        raise InputError(f"{override!r} is no override: write key=value, such as seed=7")
    bare = key.lstrip("+~").split("@")[0]
    if bare.split(".")[0] == "hydra" or bare.startswith("hydra/"):
        raise InputError(f"{key} is refused: hydra's own settings cannot be changed here")
    if any(part.startswith("_") for part in bare.split(".")) or _RESOLVER.search(value):
        raise InputError(f"{override!r} is refused: a configuration never names code or variables")
    options = groups(extra)
    if bare in options and not value.lstrip().startswith("{"):
        name = value.strip().strip("'\"")
        if "," in name:
            raise InputError(f"{override!r} names several: this verb runs one; use rungs sweep")
        if name not in options[bare]:
            raise InputError(f"{bare}={name}: no such config; {nearest(name, options[bare])}")
    elif "." not in bare and "/" not in bare:
        _check_name("", bare, sorted({*options, *Settings.model_fields}))


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


def check_text(path: Path) -> None:
    """Refuse one YAML file that is too large, not text, broken, or names code."""
    text = _read(path)
    for pattern, what in SUSPECT:
        found = pattern.search(text)
        if found:
            line = text.count("\n", 0, found.start() + 1) + 1
            raise InputError(f"{path}:{line} {what} ({found.group().strip()}): remove it")
    import yaml

    try:
        _check_nodes(path, yaml.parse(text, Loader=yaml.SafeLoader))
        _refuse_resolvers(path, yaml.safe_load(text))
    except yaml.YAMLError as error:
        problem = " ".join(str(error).split())
        raise InputError(f"{path}: is no YAML ({problem})") from None


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
    word = str(getattr(event, "value", ""))
    if len(words) % 2 == 0 and word and word in words[::2]:
        line = event.start_mark.line + 1
        raise InputError(f"{path}:{line} {word}: stands twice; keep one")
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
    elif isinstance(node, str) and _RESOLVER.search(node):
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


def _refuse_code(node: Any, key: str = "") -> None:
    if isinstance(node, dict):
        for name, value in node.items():
            if str(name).startswith("_"):
                raise InputError(f"{key}{name} is refused: a configuration never names code")
            _refuse_code(value, f"{key}{name}.")
    elif isinstance(node, list):
        for item in node:
            _refuse_code(item, key)


# -- errors -------------------------------------------------------------------------------


def _plain(error: Exception, overrides: list[str], extra: Path | None) -> str:
    """Hydra's message in one line, with the nearest valid key where a key is wrong."""
    text = str(error).split("\nConfig search path")[0].split("\nSee https")[0]
    if "Ambiguous value" in text:
        names = [o for o in overrides if "," in o and o in text]
        return f"{names[0] if names else overrides}: names several values; --multirun runs each"
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    lines = [line for line in lines if not line.startswith(("full_key:", "object_type="))]
    for override in overrides:
        key = override.partition("=")[0].lstrip("+~")
        if key in text and "." in key:
            _check_key(key)
    return "; ".join(lines[:2])


def _check_key(key: str) -> None:
    """Name the part of a dotted key that the schema does not know."""
    model: type[BaseModel] | None = Settings
    done = ""
    for part in key.split("."):
        if model is None:
            return
        _check_name(done, part, list(model.model_fields))
        done += f"{part}."
        model = _section_of(model.model_fields[part].annotation)


def _check_name(prefix: str, name: str, valid: list[str]) -> None:
    if name not in valid:
        raise InputError(f"{prefix}{name}: no such key; {nearest(name, valid)}")


def _section_of(annotation: Any) -> type[BaseModel] | None:
    if isinstance(annotation, type) and issubclass(annotation, Section):
        return annotation
    return None


def _explain(error: ValidationError, tree: dict[str, Any]) -> str:
    """The first fault in one line, and how many more there are."""
    faults = sorted(error.errors(), key=lambda fault: fault["type"] != "extra_forbidden")
    first = _fault(faults[0])  # type: ignore[arg-type]
    more = len(faults) - 1
    return first + (f"\n(and {more} more)" if more else "")


def _fault(fault: dict[str, Any]) -> str:
    path = [str(part) for part in fault["loc"] if str(part) not in _PRIORS]
    key, value, message = ".".join(path), fault["input"], fault["msg"]
    message = message.removeprefix("Value error, ")
    if fault["type"] == "extra_forbidden":
        model = _model_at([str(p) for p in fault["loc"][:-1]])
        valid = list(model.model_fields) if model else []
        return f"{key} = {_short(value)}: no such key; {nearest(path[-1], valid)}"
    if fault["type"] == "missing":
        return f"{key} is not set: give it a value, {key}=…"
    if not path:
        return str(message)
    if fault["type"] == "union_tag_not_found":
        return f"{key} = {_short(value)}: says no kind of prior; add one of {', '.join(_PRIORS)}"
    known = fault.get("ctx", {}).get("expected_tags") or fault.get("ctx", {}).get("expected")
    if known and isinstance(known, str):
        given = value.get("prior") if isinstance(value, dict) else value
        names = re.findall(r"'([^']+)'", known)
        return f"{key} = {_short(given)}: no such choice; {nearest(str(given), names)}"
    return f"{key} = {_short(value)}: {message[0].lower()}{message[1:]}"


def _model_at(path: list[str]) -> type[BaseModel] | None:
    """The schema section that a location in the tree belongs to."""
    model: Any = Settings
    for part in path:
        if part in _PRIORS:
            return _PRIORS[part]
        section = isinstance(model, type) and issubclass(model, BaseModel)
        field = model.model_fields.get(part) if section else None
        model = field.annotation if field else _value_type(model)
    return model if isinstance(model, type) and issubclass(model, BaseModel) else None


def _value_type(annotation: Any) -> Any:
    arguments = get_args(annotation)
    return arguments[-1] if arguments else None


def _subclasses(cls: type[Prior]) -> Iterable[type[Prior]]:
    for sub in cls.__subclasses__():
        yield sub
        yield from _subclasses(sub)


_PRIORS: dict[str, type[Prior]] = {
    get_args(sub.model_fields["prior"].annotation)[0]: sub
    for sub in _subclasses(Prior)
    if "prior" in sub.model_fields
}


def _short(value: Any) -> str:
    if isinstance(value, dict) and value.get("prior") == "fixed":
        value = value.get("value")
    if isinstance(value, date):
        value = value.isoformat()
    text = repr(value)
    return text if len(text) <= 60 else text[:57] + "…"
