"""What all tests share: the same examples every time in CI, new ones at a desk."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

# No deadline: a busy machine is no bug.
settings.register_profile("desk", deadline=None)
settings.register_profile("ci", deadline=None, derandomize=True, print_blob=True)
settings.load_profile("ci" if os.environ.get("CI") else "desk")


@pytest.fixture(scope="session", autouse=True)
def cache(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Compositions are remembered for this session alone, by its own processes."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("RUNGS_CACHE", str(tmp_path_factory.mktemp("cache")))
        yield


@pytest.fixture(scope="session", autouse=True)
def interruptible() -> None:
    """What runs in the background of a script ignores an interrupt, and so would what it starts."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(scope="session")
def root() -> Path:
    """The folder of the repository."""
    return Path(__file__).resolve().parents[1]


class Served:
    """A dashboard in a process of its own, as a user has it.

    Args:
        outputs: the folder that it serves.
    """

    def __init__(self, outputs: Path) -> None:
        self.outputs = outputs
        self.port = 0
        self.start()

    def start(self) -> None:
        """Start it, on the same port as before."""
        words = ["serve", f"port={self.port}", "--outputs", str(self.outputs)]
        self.process = subprocess.Popen(
            [sys.executable, "-W", "error", "-m", "sim", *words],
            cwd=Path(__file__).resolve().parents[1],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        assert self.process.stdout is not None
        self.url = self.process.stdout.readline().strip()
        assert self.url.startswith("http://127.0.0.1:"), self.url + self.process.stdout.read()
        self.port = int(self.url.rstrip("/").rpartition(":")[2])
        self.seconds_to_start = self._worked()

    def _worked(self) -> float:
        """Seconds of processor time so far: a busy machine counts for nothing."""
        told = Path(f"/proc/{self.process.pid}/stat").read_text(encoding="utf-8")
        user, system = told.rpartition(")")[2].split()[11:13]
        return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")

    def stop(self, how: int = signal.SIGINT) -> str:
        """Stop it; what it had printed."""
        self.process.send_signal(how)
        told, _ = self.process.communicate(timeout=60)
        return str(told)


@pytest.fixture(scope="session")
def two_runs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An outputs folder with two small finished runs, `historical` and `never`."""
    from sim.settings.compose import load
    from sim.study import runs

    outputs = tmp_path_factory.mktemp("outputs")
    for policy in ("historical", "never"):
        words = ["scenario=summer_2020", f"retaliation={policy}", "replications=6", "workers=1"]
        runs.run(load(words), outputs / policy)
    return outputs


@pytest.fixture(scope="session")
def served(two_runs: Path) -> Iterator[Served]:
    """A dashboard over `two_runs`."""
    server = Served(two_runs)
    yield server
    told = server.stop()
    assert server.process.returncode == 0, told
    assert "Traceback" not in told, told
