"""A small history that must not change unnoticed.

``RUNGS_UPDATE_GOLDEN=1 pytest tests/golden`` writes it anew; a change of numbers needs a
reason in the changelog, under Numbers.
"""

from __future__ import annotations

import csv
import os
from pathlib import Path

import pytest

from sim import record
from sim.campaign import simulate
from sim.settings.compose import load
from sim.settings.sampling import Sampler

FILE = Path(__file__).with_name("summer.csv")
FIELDS = ("replication", "id", "kind", "time", "site", "brand", "fired", "impacted", "cause")


def rows() -> list[dict[str, str]]:
    sampler, history = (
        Sampler(load(["scenario=summer_2020", "militia.base_rate=0.3"])),
        record.read(),
    )
    told = []
    for number in range(3):
        for event in simulate(sampler, 20190501, number, history):
            values = {name: getattr(event, name, None) for name in FIELDS[1:]}
            told.append({"replication": number} | values)
    return [{k: "" if v is None else str(v) for k, v in row.items()} for row in told]


def test_the_summer_is_what_it_was():
    told = rows()
    if os.environ.get("RUNGS_UPDATE_GOLDEN"):
        with FILE.open("w", newline="", encoding="utf-8") as file:
            writer = csv.DictWriter(file, FIELDS, lineterminator="\n")
            writer.writeheader()
            writer.writerows(told)
    with FILE.open(encoding="utf-8") as file:
        kept = list(csv.DictReader(file))
    assert [{**r, "time": ""} for r in told] == [{**r, "time": ""} for r in kept]
    times = [float(row["time"]) for row in kept]
    assert [float(row["time"]) for row in told] == pytest.approx(times, rel=1e-12)
