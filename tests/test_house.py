"""The house's own promises: who imports whom, what loads when, what no file says."""

from __future__ import annotations

import ast
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]

HEAVY_AT_START = {"pandas", "numpy", "plotly", "hydra", "pyarrow"}

# Written in halves, so that this file passes its own test.
REGISTRY_HOSTS = [
    left + "." + right
    for left, right in [
        ("pypi", "org"),
        ("pypi", "python.org"),
        ("pythonhosted", "org"),
        ("anaconda", "org"),
        ("npmjs", "org"),
        ("npmjs", "com"),
        ("yarnpkg", "com"),
        ("deb", "debian.org"),
        ("security", "debian.org"),
        ("archive", "ubuntu.com"),
        ("crates", "io"),
        ("proxy", "golang.org"),
    ]
]


def python(*args: str, code: int = 0) -> subprocess.CompletedProcess[str]:
    done = subprocess.run(
        [sys.executable, *args], cwd=ROOT, capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == code, done.stdout + done.stderr
    return done


def project_files() -> list[Path]:
    """What belongs to the project: what git tracks or would, or all of an unpacked sdist."""
    try:
        listed = subprocess.run(
            ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
            cwd=ROOT,
            capture_output=True,
            check=True,
        ).stdout
        paths = [ROOT / os.fsdecode(name) for name in listed.split(b"\0") if name]
    except (OSError, subprocess.CalledProcessError):
        unwanted = {".venv", "__pycache__", "outputs", "build", "dist"}
        paths = [p for p in ROOT.rglob("*") if not unwanted & set(p.relative_to(ROOT).parts)]
    return [p for p in paths if p.is_file() and not p.is_symlink()]


def config_files() -> list[Path]:
    return sorted(p for p in (ROOT / "configs").rglob("*") if p.suffix in {".yaml", ".yml"})


def imported_at_start(path: Path) -> Iterator[str]:
    """Modules that `path` imports as it is loaded: not in a function, not for types only."""

    def walk(nodes: list[ast.stmt]) -> Iterator[str]:
        for node in nodes:
            if isinstance(node, ast.Import):
                yield from (alias.name for alias in node.names)
            elif isinstance(node, ast.ImportFrom) and not node.level:
                yield node.module or ""
            elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                continue
            elif isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test):
                yield from walk(node.orelse)
            else:
                for field in ("body", "orelse", "finalbody"):
                    yield from walk(getattr(node, field, []))
                for handler in getattr(node, "handlers", []):
                    yield from walk(handler.body)

    return walk(ast.parse(path.read_text(encoding="utf-8")).body)


def test_imports_go_down_the_house_only() -> None:
    python("-c", "from importlinter.cli import lint_imports_command as lint; lint(['--no-cache'])")


def test_help_loads_nothing_heavy() -> None:
    told = python("-X", "importtime", "-m", "sim", "--help").stderr
    loaded = {line.rpartition("|")[2].strip().partition(".")[0] for line in told.splitlines()}
    assert "sim" in loaded
    assert not loaded & HEAVY_AT_START


def test_pandas_is_never_imported_at_module_level() -> None:
    """It costs a second a process; only what makes figures and reports may pay it at once."""
    show = ROOT / "sim" / "show"
    guilty = [
        str(path.relative_to(ROOT))
        for path in sorted((ROOT / "sim").rglob("*.py"))
        if not path.is_relative_to(show)
        and any(name.partition(".")[0] == "pandas" for name in imported_at_start(path))
    ]
    assert guilty == []


def test_no_module_outside_show_brings_pandas_with_it() -> None:
    """As above, but for what our imports import in their turn."""
    script = """
import importlib, pkgutil, sys
import sim
def spared(name):
    return name.startswith("sim.show") or name.endswith("__main__")
for found in pkgutil.walk_packages(sim.__path__, "sim.", onerror=lambda name: None):
    if spared(found.name):
        continue
    try:
        importlib.import_module(found.name)
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] in ("sim", "calibration"):
            raise  # ours; anything else is an extra that isn't installed
    if "pandas" in sys.modules and not any(m.startswith("sim.show") for m in sys.modules):
        sys.exit(f"{found.name} brings pandas with it")
"""
    python("-c", script)


def test_no_file_names_a_registry() -> None:
    pattern = re.compile("|".join(map(re.escape, REGISTRY_HOSTS)).encode(), re.IGNORECASE)
    naming = [
        str(path.relative_to(ROOT)) for path in project_files() if pattern.search(path.read_bytes())
    ]
    assert naming == []


def test_lock_holds_hashes_and_no_address() -> None:
    text = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    entries = re.sub(r"\\\n\s*", "", re.sub(r"(?m)^#.*\n", "", text)).splitlines()
    assert entries
    for entry in entries:
        assert re.match(r"[a-z0-9-]+==\S+ .*--hash=sha256:[0-9a-f]{64}", entry), entry[:100]
    assert not re.search(r"--(extra-)?index|--find-links|://|@ ", text)


def test_there_are_configs() -> None:
    assert ROOT / "configs" / "config.yaml" in config_files()


@pytest.mark.parametrize("forbidden", ["_target_", "${oc.env"])
def test_configs_neither_run_code_nor_read_the_environment(forbidden: str) -> None:
    saying = [
        str(path.relative_to(ROOT))
        for path in config_files()
        if forbidden in path.read_text(encoding="utf-8").replace(" ", "")
    ]
    assert saying == []
