"""What a check found, on disk."""

from __future__ import annotations

import csv
import io
import json
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from calibration.checks.asked import Answer, Asked
from calibration.fit import Request, own_hash
from sim.errors import InputError
from sim.study.folder import code_hash

RESULTS = Path("calibration") / "results"
WORK = ".work"
"""Where under the results a long check keeps what it has done."""
WORDS = ("title", "about")
"""What a fit says of itself, which makes no other question of it."""
LONG = 80
"""Values of more characters are not told."""


def save(name: str, asked: Asked, answer: Answer, root: Path = RESULTS) -> Path:
    """Keep what a check found: `NAME.csv`, and `NAME.json` with the verdict and the hashes."""
    told = json.dumps(manifest(name, asked, answer), indent=1, ensure_ascii=False)
    root.mkdir(parents=True, exist_ok=True)
    (root / f"{name}.csv").write_text(_table(answer.rows), encoding="utf-8")
    path = root / f"{name}.json"
    path.write_text(told, encoding="utf-8")
    shutil.rmtree(root / WORK / name, ignore_errors=True)
    return path


def refuse_other(name: str, asked: Asked, root: Path = RESULTS) -> None:
    """Refuse to write over what a check found when it was asked something else.

    Raises:
        InputError: with what differs, and where else the result can go.
    """
    path = root / f"{name}.json"
    there = _read(path) if path.is_file() else {}
    for key, wanted in _question(asked).items():
        found = there.get(key, wanted)
        if found != wanted:
            told = f"{key} {found}, not {wanted}"
            told = told if len(told) < LONG else f"another value of {key}"
            raise InputError(
                f"{path}: holds what was found with {told}; keep this one elsewhere, --out DIR, "
                "or write over it, --replace"
            )


def _read(path: Path) -> dict[str, Any]:
    """What a result says it was asked, the plan's keys beside the others."""
    try:
        told = json.loads(path.read_text(encoding="utf-8"))
        return {"only": [], **told, **_planned(told["plan"])}
    except (ValueError, KeyError, TypeError, AttributeError):
        raise InputError(
            f"{path}: no result of a check; --out DIR keeps this one elsewhere"
        ) from None


def _question(asked: Asked) -> dict[str, Any]:
    sizes = {"histories": asked.histories, "draws": asked.draws, "seed": asked.seed}
    about = {"record": asked.record or "packaged", "posterior": asked.posterior}
    plan = _planned(asked.plan.model_dump(mode="json"))
    return {**plan, **about, **sizes, "only": list(asked.only)}


def _planned(plan: Mapping[str, Any]) -> dict[str, Any]:
    return {f"the fit's {key}": value for key, value in plan.items() if key not in WORDS}


def manifest(name: str, asked: Asked, answer: Answer) -> dict[str, Any]:
    """What a check found, and all that it was made from."""
    return {
        "check": name,
        "verdict": answer.verdict,
        "plan": asked.plan.model_dump(mode="json"),
        "histories": asked.histories,
        "draws": asked.draws,
        "seed": asked.seed,
        "only": list(asked.only),
        "record": asked.record or "packaged",
        "data_sha256": Request(asked.plan, (), asked.record).data_hash(),
        **answer.about,
        "code_sha256": code_hash(),
        "calibration_sha256": own_hash(),
    }


def _table(rows: list[dict[str, Any]]) -> str:
    text = io.StringIO()
    writer = csv.DictWriter(text, list(rows[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows({k: _rounded(v) for k, v in row.items()} for row in rows)
    return text.getvalue()


def _rounded(value: Any) -> Any:
    return f"{value:.6g}" if isinstance(value, float) else value
