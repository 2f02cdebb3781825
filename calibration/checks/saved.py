"""What a check found, on disk."""

from __future__ import annotations

import csv
import io
import json
import shutil
from pathlib import Path
from typing import Any

from calibration.checks.asked import Answer, Asked
from calibration.fit import Request, own_hash
from sim.study.folder import code_hash

RESULTS = Path("calibration") / "results"
WORK = ".work"
"""Where under the results a long check keeps what it has done."""


def save(name: str, asked: Asked, answer: Answer, root: Path = RESULTS) -> Path:
    """Keep what a check found: `NAME.csv`, and `NAME.json` with the verdict and the hashes."""
    told = json.dumps(manifest(name, asked, answer), indent=1, ensure_ascii=False)
    root.mkdir(parents=True, exist_ok=True)
    (root / f"{name}.csv").write_text(_table(answer.rows), encoding="utf-8")
    path = root / f"{name}.json"
    path.write_text(told, encoding="utf-8")
    shutil.rmtree(root / WORK / name, ignore_errors=True)
    return path


def manifest(name: str, asked: Asked, answer: Answer) -> dict[str, Any]:
    """What a check found, and all that it was made from."""
    return {
        "check": name,
        "verdict": answer.verdict,
        "plan": asked.plan.model_dump(mode="json"),
        "histories": asked.histories,
        "draws": asked.draws,
        "seed": asked.seed,
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
