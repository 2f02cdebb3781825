"""What a plan's switches do to what a fit sees, each in a file of the user's own."""

from __future__ import annotations

from pathlib import Path

import pytest

from calibration import plan as plans
from calibration.blocks import Data, blocks, data_of, read_record, settings_of
from calibration.fit import Job, Request, prepared, work
from calibration.plan import Plan, Sampling
from calibration.replayed import Seen
from calibration.tempo import TempoLikelihood
from sim import record
from sim.errors import InputError
from sim.events import Journal, Kind
from sim.settings.files import config_dir

HOLE = "observers.hole_detection"
DOUBTFUL = "dujail_2020_01_09"


def written(folder: Path, *lines: str) -> Plan:
    """The reference fit on its first nine months, with further lines in its file."""
    told = (config_dir() / "fit" / "reference.yaml").read_text(encoding="utf-8")
    path = folder / "mine.yaml"
    short = told.replace("until: 2020-07-01", "until: 2020-02-01")
    path.write_text("\n".join([short, "jitters: 1", *lines]), encoding="utf-8")
    return plans.read(str(path))


def seen_by(plan: Plan) -> Data:
    return data_of(plan, settings_of(plan), read_record(plan, None))


def tempo_of(plan: Plan) -> TempoLikelihood:
    likelihood = blocks(seen_by(plan), plan)[0].likelihood
    assert isinstance(likelihood, TempoLikelihood)
    return likelihood


def test_without_holes_no_month_is_under_reported(tmp_path: Path) -> None:
    """Where half of the attacks of a hole are seen, fewer are expected: the holes' share."""
    whole, less = written(tmp_path), written(tmp_path, "holes: false")
    assert seen_by(less).holes == ()
    assert HOLE in blocks(seen_by(whole), whole)[0].fitted
    assert HOLE not in blocks(seen_by(less), less)[0].fitted
    scenario = seen_by(whole).sampler.draw(lambda key: 0.5, given={HOLE: 0.5})
    expected = []
    for plan in (whole, less):
        likelihood = tempo_of(plan)
        tempo = likelihood.replay(likelihood.records[0], scenario, 1)
        expected.append(likelihood.expected(tempo, scenario).sum())
    holes = [month for month in seen_by(whole).holes if month < "2020-02"]
    assert holes
    assert expected[0] < expected[1]


def test_a_doubtful_row_is_left_out_by_its_switch(tmp_path: Path) -> None:
    """Of the attacks lived through, of the rows as told and of the hash of the data."""
    whole, less = written(tmp_path), written(tmp_path, f"without: [{DOUBTFUL}]")
    gone = {e.id for e in read_record(whole, None) if e.doubt == DOUBTFUL}
    assert gone
    assert set(seen_by(whole).rows) - set(seen_by(less).rows) == gone
    attacks = [
        sum(e.kind is Kind.ROCKET_ATTACK for e in seen_by(plan).lived[0]) for plan in (whole, less)
    ]
    assert attacks[0] - attacks[1] == len(gone)
    assert Request(whole).data_hash() != Request(less).data_hash()
    scenario = seen_by(whole).sampler.draw(lambda key: 0.5)
    assert tempo_of(whole)(scenario, 1).tolist() != tempo_of(less)(scenario, 1).tolist()


@pytest.mark.parametrize("name", ["reference", "full"])
def test_every_row_that_is_seen_moves_the_hash_of_the_data(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also a row whose last day is the last before the cut, and a mark that is yet to come."""
    chosen = plans.read(name)
    journal = read_record(chosen, None)
    seen = {event.id for event in Seen(journal, chosen.until)}
    before = Request(chosen).data_hash()
    moved = set()
    for event in journal:
        events = [e.but(text="other") if e is event else e for e in journal]
        told = Journal(journal.start, journal.end, events)
        monkeypatch.setattr(record, "read", lambda path, without=(), told=told: told)
        if Request(chosen).data_hash() != before:
            moved.add(event.id)
    assert moved == seen


def test_a_switch_that_no_row_has_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="'dujail' switches off no row of the record"):
        seen_by(written(tmp_path, "without: [dujail]"))


def test_a_block_is_sampled_by_its_own_schedule_where_it_has_one(tmp_path: Path) -> None:
    plan = written(tmp_path, "sampling: {steps: 7, parts: 2}").model_copy(
        update={"own": {"counts": Sampling(chains=4, rounds=1, draws=64, parts=1, steps=3)}}
    )
    assert plan.schedule("tempo") == Sampling(steps=7, parts=2)
    number = [block.name for block in prepared(Request(plan))].index("counts")
    assert work(Job(Request(plan), number, None)).chain.shape == (3, 4, 8)


def test_a_schedule_for_a_block_that_is_none_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "mine.yaml"
    told = (config_dir() / "fit" / "reference.yaml").read_text(encoding="utf-8")
    path.write_text(told.replace("  tempo: {", "  temp: {"), encoding="utf-8")
    with pytest.raises(InputError, match=r"own\.temp: no such key; did you mean 'tempo'\?$"):
        plans.read(str(path))
