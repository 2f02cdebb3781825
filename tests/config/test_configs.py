"""Every config file is composed, judged and run short; config, record and streams in step."""

from __future__ import annotations

import csv
import re
from pathlib import Path

import pytest

from sim import record
from sim.campaign import Campaign, drawn, simulate
from sim.draws import Draws
from sim.settings.compose import config_dir, load
from sim.settings.describe import parameters
from sim.settings.quantity import Sampler
from sim.settings.streams import streams

FILES = sorted(
    p.relative_to(config_dir()).with_suffix("").as_posix()
    for p in config_dir().glob("*/*.yaml")
    if not p.stem.startswith("_")
)
SHORT = "scenario.end=2019-06-10"


def overrides(name: str) -> list[str]:
    group, choice = name.split("/")
    return [f"{group}={choice}", *([] if name == "scenario/summer_2020" else [SHORT])]


@pytest.mark.parametrize("name", FILES)
def test_every_file_runs(name):
    settings = load(overrides(name))
    history = record.read()
    for number in range(2):
        journal = simulate(Sampler(settings), 1, number, history)
        assert journal.end == settings.scenario.end
        assert all(0.0 <= event.time < settings.days for event in journal)


@pytest.mark.parametrize("name", FILES)
def test_every_number_names_its_source(name):
    packaged = [p for p in parameters(load(overrides(name))) if p.source == "set by the user"]
    # bare numbers are allowed where nothing is claimed: a switch to zero, a certainty
    assert {p.value for p in packaged} <= {"0", "1", "0.3", "0.5"}


def test_every_group_has_a_default():
    listed = (config_dir() / "config.yaml").read_text()
    for group in {name.split("/")[0] for name in FILES}:
        assert re.search(rf"^  - {group}: \w+", listed, re.M), group


def test_dates_that_name_a_row_are_the_record_s():
    with (record.data_dir() / "record" / "events.csv").open(encoding="utf-8") as file:
        rows = {row["event_id"]: row for row in csv.DictReader(file)}
    settings = load([])
    dated = [(b.source, b.fielded) for b in settings.air_defence.batteries.values()]
    dated += [(s.source, s.closed) for s in settings.sites.places.values() if s.closed]
    dated += [(m.source, m.day) for m in settings.timeline.marks.values()]
    checked = 0
    for source, day in dated:
        found = re.search(r"row ([AB]\d+)", source)
        if found:
            row = rows[found.group(1)]
            low, high = row["date_low"] or row["date"], row["date_high"] or row["date"]
            assert low <= day.isoformat() <= high, source
            checked += 1
    assert checked >= 15


def test_priors_that_rest_on_the_record_say_so():
    met = [p for p in parameters(load([])) if p.evidence_until and p.evidence_until >= "2019-05-01"]
    assert met
    assert all(p.evidence_in_record for p in met)


def test_streams_are_listed_and_owned():
    listed = {entry["name"]: entry["owner"] for entry in streams()}
    assert len(listed) == len(streams())
    assert all(set(entry) == {"name", "owner", "purpose"} for entry in streams())
    root = Path(record.__file__).resolve().parents[2]
    used = {}
    for path in sorted((root / "sim").rglob("*.py")):
        for name in re.findall(r"\.stream\(\"([\w.]+)\"", path.read_text(encoding="utf-8")):
            used[name] = path.relative_to(root).as_posix()
    assert used == listed


def test_a_campaign_takes_no_stream_that_is_not_listed():
    class Noting(Draws):
        names: list[str] = []  # noqa: RUF012

        def stream(self, name, width=8):
            self.names.append(name)
            return super().stream(name, width)

    draws = Noting(1, 0)
    Campaign(drawn(Sampler(load([])), draws), draws)
    assert set(draws.names) <= {entry["name"] for entry in streams()}
    assert len(set(draws.names)) == len(draws.names)
