"""What a figure was made from: the run, its seed, its data; kept in the figure itself."""

from __future__ import annotations

import hashlib
import json
import shlex
from collections.abc import Mapping
from typing import Any, NamedTuple


class About(NamedTuple):
    """Where a figure's numbers come from.

    `data_sha256` is the hash of the study's own tables (its identity where it keeps none),
    `record_sha256` that of the record beside them; `command` makes the study again.
    """

    run: str
    scenario: str | None = None
    policy: str | None = None
    posterior: str | None = None
    seed: int | None = None
    replications: int | None = None
    data_sha256: str | None = None
    record_sha256: str | None = None
    code_sha256: str | None = None
    command: str | None = None

    def words(self) -> str:
        """The study in one line, for the foot of a figure."""
        told = [self.run, f"seed {self.seed}" if self.seed is not None else ""]
        told += [f"{self.replications} replications" if self.replications is not None else ""]
        told += [f"posterior {self.posterior}" if self.posterior else ""]
        return ", ".join(part for part in told if part)


def of_manifest(run: str, manifest: Mapping[str, Any]) -> About:
    """The provenance of a study from its folder's manifest.

    >>> of_manifest("mine", {"seed": 7, "identity": "ab", "argv": ["seed=7"]}).command
    'rungs run seed=7'
    """
    return About(
        run,
        manifest.get("scenario"),
        manifest.get("policy"),
        manifest.get("posterior"),
        manifest.get("seed"),
        manifest.get("replications"),
        _hash_of(manifest),
        manifest.get("record_sha256"),
        manifest.get("code_sha256"),
        command_of(manifest),
    )


def command_of(manifest: Mapping[str, Any]) -> str | None:
    """The command that makes a study again; a manifest keeps its words without the verb.

    >>> command_of({"policies": {}, "argv": ["date=2020-03-12"]})
    'rungs branch date=2020-03-12'
    """
    if "argv" not in manifest:
        return None
    verb = "backtest" if "backtest" in manifest else "branch" if "policies" in manifest else "run"
    return shlex.join(["rungs", str(manifest.get("kind", verb)), *manifest["argv"]])


def _hash_of(manifest: Mapping[str, Any]) -> str | None:
    """One hash over the hashes of all its tables."""
    files = manifest.get("files_sha256")
    if not files:
        identity = manifest.get("identity")
        return None if identity is None else str(identity)
    return hashlib.sha256(json.dumps(files, sort_keys=True).encode()).hexdigest()
