"""Every config file is composed, judged and run short; config, record and streams in step."""

from __future__ import annotations

import csv
import re
from functools import cache
from pathlib import Path

import pytest
import yaml

from sim import record
from sim.campaign import Campaign, drawn, simulate
from sim.draws import Draws
from sim.settings.compose import load
from sim.settings.describe import parameters
from sim.settings.files import APART, check_text, config_dir
from sim.settings.sampling import Sampler
from sim.settings.scenario import Settings
from sim.settings.streams import streams

FILES = sorted(
    p.relative_to(config_dir()).with_suffix("").as_posix()
    for p in config_dir().glob("*/*.yaml")
    if not p.stem.startswith("_") and p.parent.name not in APART  # tests/end_to_end runs those
)
SHORT = "scenario.end=2019-06-10"


@cache
def loaded(name: str) -> Settings:
    return load(overrides(name))


def overrides(name: str) -> list[str]:
    group, choice = name.split("/")
    return [f"{group}={choice}", *([] if name == "scenario/summer_2020" else [SHORT])]


@pytest.mark.parametrize("name", FILES)
def test_every_file_runs(name):
    settings = loaded(name)
    history = record.read()
    for number in range(2):
        journal = simulate(Sampler(settings), 1, number, history)
        assert journal.end == settings.scenario.end
        assert all(0.0 <= event.time < settings.days for event in journal)


@pytest.mark.parametrize("name", FILES)
def test_every_number_names_its_source(name):
    packaged = [p for p in parameters(loaded(name)) if p.source == "set by the user"]
    # bare numbers are allowed where nothing is claimed: a switch to zero, a certainty
    assert {p.value for p in packaged} <= {"0", "1", "0.3", "0.5"}


def test_every_group_has_a_default():
    listed = (config_dir() / "config.yaml").read_text()
    for group in {name.split("/")[0] for name in FILES}:
        assert re.search(rf"^  - {group}: \w+", listed, re.M), group


def test_the_root_file_names_files_that_are_there():
    chosen = [e for e in yaml.safe_load((config_dir() / "config.yaml").read_text())["defaults"]]
    assert chosen.pop() == "_self_"
    for entry in chosen:
        ((group, name),) = entry.items()
        assert (config_dir() / group / f"{name}.yaml").is_file(), entry


def test_every_base_file_is_built_upon():
    """What begins with an underscore is run by no test of its own."""
    for path in config_dir().glob("*/_*.yaml"):
        users = [p for p in path.parent.glob("*.yaml") if f"- {path.stem}\n" in p.read_text()]
        assert users, path


def test_no_file_names_code_or_reads_the_environment():
    files = sorted(config_dir().rglob("*.y*ml"))
    assert len(files) > len(FILES)
    for path in files:
        check_text(path)
        assert not re.search(r"_target_|\$\{|hydra", path.read_text(encoding="utf-8")), path


@pytest.mark.parametrize("name", FILES)
def test_every_prior_has_a_source(name):
    settings = loaded(name)
    for p in parameters(settings):
        assert p.source.strip(), p.key
        if not re.fullmatch(r"[\d.e+-]+", p.value):
            assert p.source != "set by the user", p.key
    sourced = [
        *settings.sites.places.values(),
        *settings.timeline.marks.values(),
        *settings.air_defence.batteries.values(),
    ]
    assert all(entry.source.strip() for entry in sourced)


def test_dates_that_name_a_row_are_the_record_s():
    with (record.data_dir() / "record" / "events.csv").open(encoding="utf-8") as file:
        rows = {row["event_id"]: row for row in csv.DictReader(file)}
    settings = load([])
    dated = [(b.source, b.fielded) for b in settings.air_defence.batteries.values()]
    dated += [(s.source, s.closed) for s in settings.sites.places.values() if s.closed]
    dated += [(m.source, m.day) for m in settings.timeline.marks.values()]
    named = [(key, day) for source, day in dated for key in re.findall(r"row ([AB]\d+)", source)]
    assert len(named) >= 18
    assert [(key, rows[key]["date"]) for key, _ in named] == [
        (key, day.isoformat()) for key, day in named
    ]


def test_a_site_s_row_is_a_row_of_that_site():
    """Every row that a site names tells of it: by its key, or by a word of its title."""
    events = {event.id: event for event in record.read()}
    for key, site in load([]).sites.places.items():
        for row in re.findall(r"row ([AB]\d+)", site.source):
            assert events[row].site == key, (key, row, events[row].site)


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
