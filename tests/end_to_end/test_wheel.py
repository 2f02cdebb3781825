"""The wheel, as somebody has it who never saw the repository."""

from __future__ import annotations

import os
import subprocess
import sys
import sysconfig
import zipfile
from pathlib import Path

import pytest

# Runs `sim` as `python -m sim` would, and writes down every file that Python opens.
WATCH = """
import os, runpy, sys
log = open(sys.argv.pop(1), "a", encoding="utf-8")
def watch(event, args):
    if event == "open" and isinstance(args[0], (str, bytes)):
        log.write(os.path.abspath(os.fsdecode(args[0])) + "\\n")
        log.flush()
sys.addaudithook(watch)
runpy.run_module("sim", run_name="__main__", alter_sys=True)
"""


def run(*command: str | Path, cwd: Path, **env: str) -> str:
    done = subprocess.run(
        [str(part) for part in command],
        cwd=cwd,
        env={**os.environ, **env},
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def data_files(folder: Path) -> set[str]:
    return {
        path.relative_to(folder).as_posix()
        for path in folder.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }


@pytest.fixture(scope="module")
def wheel(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Built from the checkout with the locked hatchling: nothing is downloaded."""
    folder = tmp_path_factory.mktemp("wheel")
    build = (sys.executable, "-m", "build", "--wheel", "--no-isolation")
    run(*build, "--outdir", folder, root, cwd=folder)
    (built,) = folder.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def site(wheel: Path) -> Path:
    """A folder that holds the installed wheel and nothing else."""
    folder = wheel.parent / "site"
    pip = (sys.executable, "-m", "pip", "--disable-pip-version-check", "install", "--quiet")
    run(*pip, "--no-deps", "--no-index", "--target", folder, wheel, cwd=wheel.parent)
    return folder


class Stranger:
    """Somebody with the wheel and its dependencies in an empty folder.

    `-S` leaves out the .pth file of the editable install, so that nothing can be imported
    from the checkout by accident.
    """

    def __init__(self, site: Path, cwd: Path) -> None:
        self.site, self.cwd = site, cwd
        self._log = cwd.parent / f"{cwd.name}.opened"
        self._watch = cwd.parent / f"{cwd.name}.watch.py"
        self._watch.write_text(WATCH, encoding="utf-8")

    def python(self, *args: str | Path) -> str:
        places = dict.fromkeys([str(self.site), *map(sysconfig.get_path, ("purelib", "platlib"))])
        return run(sys.executable, "-S", *args, cwd=self.cwd, PYTHONPATH=os.pathsep.join(places))

    def rungs(self, *args: str | Path) -> str:
        return self.python(self._watch, self._log, *args)

    def opened(self) -> set[Path]:
        return {Path(line) for line in self._log.read_text(encoding="utf-8").splitlines()}

    def opened_in(self, root: Path) -> set[Path]:
        environment = Path(sys.prefix)
        return {
            path
            for path in self.opened()
            if path.is_relative_to(root) and not path.is_relative_to(environment)
        }


@pytest.fixture
def stranger(site: Path, tmp_path: Path) -> Stranger:
    cwd = tmp_path / "empty"
    cwd.mkdir()
    return Stranger(site, cwd)


def test_wheel_carries_configs_seeds_and_posteriors(root: Path, wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
        entry_points = next(n for n in names if n.endswith("entry_points.txt"))
        assert "rungs = sim.cli:main" in archive.read(entry_points).decode()
    for folder, packaged in [
        ("configs", "sim/_configs"),
        ("seeds", "sim/_seeds"),
        ("calibration/posteriors", "calibration/posteriors"),
    ]:
        wanted = {f"{packaged}/{name}" for name in data_files(root / folder)}
        assert wanted <= names
    assert {"sim/py.typed", "sim/cli/__init__.py", "sim/_configs/config.yaml"} <= names
    assert any(name.startswith("sim/_seeds/record/") for name in names)
    assert {name.partition("/")[0].partition("-")[0] for name in names} == {
        "sim",
        "calibration",
        "rungs",
    }


def test_packages_come_from_the_wheel(stranger: Stranger) -> None:
    said = stranger.python(
        "-c", "import sim, calibration; print(sim.__file__, calibration.__file__)"
    )
    assert all(Path(place).is_relative_to(stranger.site) for place in said.split())


def test_shows_and_runs_in_an_empty_folder(root: Path, stranger: Stranger) -> None:
    assert stranger.python("-m", "sim", "show", "scenario", "historical").strip()
    assert stranger.rungs("show", "scenario", "historical").strip()
    assert list(stranger.cwd.iterdir()) == []

    out = stranger.cwd / "X"
    stranger.rungs(
        "run", "scenario=summer_2020", "replications=3", "workers=1", "--out", out, "--quiet"
    )
    assert (out / "manifest.json").is_file()
    assert list(stranger.cwd.iterdir()) == [out]

    assert any(
        path.is_relative_to(stranger.site / "sim" / "_configs") for path in stranger.opened()
    )
    assert stranger.opened_in(root) == set()


def test_reads_the_record_of_the_wheel(root: Path, stranger: Stranger) -> None:
    assert stranger.rungs("show", "record").strip()
    assert any(path.is_relative_to(stranger.site / "sim" / "_seeds") for path in stranger.opened())
    assert stranger.opened_in(root) == set()
