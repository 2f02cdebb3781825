"""What a check found, on disk."""

from __future__ import annotations

import csv
import io
import json
import shutil
from pathlib import Path
from typing import Any

from calibration.checks.asked import Answer, Asked
from calibration.fit import own_hash
from sim.study.folder import code_hash

RESULTS = Path("calibration") / "results"
WORK = ".work"
"""Where under the results a long check keeps what it has done."""


def save(name: str, asked: Asked, answer: Answer, root: Path = RESULTS) -> Path:
    """Keep what a check found: `NAME.csv`, and `NAME.json` with the verdict and the hashes."""
    root.mkdir(parents=True, exist_ok=True)
    text = io.StringIO()
    writer = csv.DictWriter(text, list(answer.rows[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows({k: _rounded(v) for k, v in row.items()} for row in answer.rows)
    (root / f"{name}.csv").write_text(text.getvalue(), encoding="utf-8")
    told = {
        "check": name,
        "verdict": answer.verdict,
        "plan": asked.plan.model_dump(mode="json"),
        "histories": asked.histories,
        "draws": asked.draws,
        "seed": asked.seed,
        **answer.about,
        "code_sha256": code_hash(),
        "calibration_sha256": own_hash(),
    }
    path = root / f"{name}.json"
    path.write_text(json.dumps(told, indent=1, ensure_ascii=False), encoding="utf-8")
    shutil.rmtree(root / WORK / name, ignore_errors=True)
    return path


def _rounded(value: Any) -> Any:
    return f"{value:.6g}" if isinstance(value, float) else value
