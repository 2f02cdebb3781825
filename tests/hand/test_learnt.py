"""Hand: what a posterior's draws say of a quantity, and draws that are no longer its own."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from sim.errors import InputError
from sim.settings.compose import load
from sim.settings.posterior import DRAWS, MANIFEST, learnt, rows_of


def posterior(folder: Path) -> str:
    """Draws 0, 0.01, …, 1 of one quantity that is drawn, and of one that nothing draws."""
    values = [i / 100 for i in range(101)]
    pq.write_table(pa.table({"militia.base_rate": values, "no.such": values}), folder / DRAWS)
    told = hashlib.sha256((folder / DRAWS).read_bytes()).hexdigest()
    (folder / MANIFEST).write_text(json.dumps({"conditions": [], "draws_sha256": told}))
    return str(folder)


def test_the_middle_and_the_central_90_percent_of_what_is_drawn(tmp_path: Path) -> None:
    settings = load([]).model_copy(update={"posterior": posterior(tmp_path)})
    told = learnt(settings)
    assert list(told) == ["militia.base_rate"]
    assert told["militia.base_rate"][1:] == pytest.approx((0.05, 0.5, 0.95))


def test_draws_that_are_not_those_of_the_manifest_are_refused(tmp_path: Path) -> None:
    name = posterior(tmp_path)
    assert len(rows_of(name).table) == 101
    pq.write_table(pa.table({"militia.base_rate": [0.5]}), tmp_path / DRAWS)
    with pytest.raises(InputError, match="so nobody knows what it has seen"):
        rows_of(name)
