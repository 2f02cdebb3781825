"""A fit from plan to posterior: kept as it goes, the same bytes however often it was killed."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from contextlib import suppress
from datetime import date
from pathlib import Path

import numpy as np
import pytest
import yaml

from calibration import plan as plans
from calibration.checks import Answer, Asked, save
from calibration.checks.sbc import judged
from calibration.diagnostics import pressed, ridges, rows
from calibration.fit import Request, Sampled, fit, prepared, sampled
from calibration.plan import Plan, Sampling
from calibration.posterior import Posterior
from calibration.stages import Shelf
from sim import record
from sim.cli import main
from sim.errors import InputError
from sim.settings.compose import load
from sim.settings.posterior import place, sampler_of
from sim.settings.quantity import Beta, Normal, Prior, Uniform
from sim.settings.sampling import Uncertain

PACKAGED = Path(record.__file__).parents[2] / "seeds" / "record"
TINY = Sampling(chains=4, rounds=1, draws=64, parts=3, steps=6)


def tiny() -> Plan:
    told = plans.read("reference")
    return told.model_copy(update={"sampling": TINY, "jitters": 1, "draws": 20})


def counts_block():
    return prepared(Request(tiny()))[-1]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A posterior that the command line made, from a plan of the user's own."""
    folder = tmp_path_factory.mktemp("fit")
    told = tiny().model_dump(mode="json")
    (folder / "tiny.yaml").write_text(yaml.safe_dump(told), encoding="utf-8")
    here = Path.cwd()
    os.chdir(folder)
    try:
        assert main(["calibrate", "fit=tiny.yaml", "workers=1", "--quiet"]) == 0
    finally:
        os.chdir(here)
    return folder


def test_a_posterior_says_what_it_rests_on(made: Path) -> None:
    told = json.loads((made / "calibration/posteriors/tiny/manifest.json").read_text())
    assert told["until"] == "2020-07-01"
    assert "militia.drivers.patron.on=false" in told["conditions"]
    assert told["draws"] == 20
    assert set(told["blocks"]) == {"tempo", "targets", "salvos", "trigger", "counts"}
    assert not (made / "calibration/posteriors/tiny/.work").exists()


def test_a_scenario_draws_whole_rows_of_a_posterior(
    made: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import pyarrow.parquet as pq

    monkeypatch.chdir(made)
    settings = load(["posterior=tiny"])
    assert not settings.militia.drivers.patron.on, "the fit's condition came with it"
    note: dict[str, float] = {}
    sampler_of(settings).draw(lambda key: 0.0, note)
    first = pq.read_table("calibration/posteriors/tiny/draws.parquet").slice(0, 1).to_pylist()[0]
    assert {key: note[key] for key in first} == first


def test_runs_carry_the_posterior_in_their_manifest(
    made: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(made)
    call = ["run", "scenario=summer_2020", "posterior=tiny", "replications=2", "workers=1"]
    assert main([*call, "--out", str(tmp_path / "run"), "--quiet"]) == 0
    told = json.loads((tmp_path / "run/manifest.json").read_text())
    assert told["posterior"] == "tiny"
    assert len(told["posterior_sha256"]) == 64


@pytest.mark.parametrize(("healthy", "said"), [(False, True), (True, False)])
def test_a_run_from_a_posterior_whose_chains_disagree_says_so(
    healthy: bool,
    said: bool,
    made: Path,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    shutil.copytree(made, tmp_path / "fit")
    monkeypatch.chdir(tmp_path / "fit")
    path = Path("calibration/posteriors/tiny/manifest.json")
    path.write_text(json.dumps({**json.loads(path.read_text()), "healthy": healthy}))
    call = ["run", "scenario=summer_2020", "posterior=tiny", "replications=1", "workers=1"]
    assert main([*call, "--out", str(tmp_path / "run")]) == 0
    assert ("the chains of posterior=tiny do not agree" in capsys.readouterr().err) == said


def test_another_fit_under_that_name_is_refused(
    made: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(made)
    assert main(["calibrate", "fit=tiny.yaml", "until=2020-04-01", "--quiet"]) == 2
    assert "holds another fit" in capsys.readouterr().err
    before = Path("calibration/posteriors/tiny/draws.parquet").read_bytes()
    assert main(["calibrate", "fit=tiny.yaml", "--quiet"]) == 0, "the same fit is shown again"
    assert Path("calibration/posteriors/tiny/draws.parquet").read_bytes() == before


@pytest.mark.slow
def test_a_posterior_that_is_half_replaced_is_none(
    made: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Stopped between its files, it must not stand beside the old manifest, which says that it
    has seen something else; the same command then goes on."""
    call = ["calibrate", "fit=tiny.yaml", "workers=1", "--quiet", "--replace", "until=2020-06-01"]
    shutil.copytree(made, tmp_path / "fit")
    monkeypatch.chdir(tmp_path / "fit")
    write = Posterior.write

    def stop(self: Posterior, name: str, content: bytes) -> None:
        write(self, name, content)
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(Posterior, "write", stop)
        with suppress(KeyboardInterrupt):
            main(call)
    with pytest.raises(InputError, match="posterior=tiny: no such posterior"):
        place("tiny")
    assert main(call) == 0
    assert json.loads((place("tiny") / "manifest.json").read_text())["until"] == "2020-06-01"


def test_draws_that_are_not_their_manifests_are_refused(
    made: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    import pyarrow.parquet as pq

    shutil.copytree(made, tmp_path / "fit")
    monkeypatch.chdir(tmp_path / "fit")
    path = Path("calibration/posteriors/tiny/draws.parquet")
    pq.write_table(pq.read_table(path).slice(1), path)
    with pytest.raises(InputError, match=r"draws\.parquet is not what manifest\.json tells of"):
        sampler_of(load(["posterior=tiny"]))


def test_a_record_that_begins_late_is_not_taken_for_quiet(tmp_path: Path) -> None:
    rows = (PACKAGED / "events.csv").read_text(encoding="utf-8").splitlines(keepends=True)
    late = [row for row in rows[1:] if row.split(",")[1] >= "2020-07-01"]
    (tmp_path / "late.csv").write_text("".join([rows[0], *late]), encoding="utf-8")
    plan = tiny().model_copy(update={"until": date(2020, 10, 1)})
    with pytest.raises(InputError, match="begins on 2020-07-01 and the scenario on 2019-"):
        prepared(Request(plan, (), str(tmp_path / "late.csv")))


def test_a_sampler_stopped_after_any_stage_ends_the_same(tmp_path: Path) -> None:
    block = counts_block()
    whole = sampled(block, TINY, 3).chain
    for stop in range(1, TINY.parts + 1):
        folder = tmp_path / str(stop)
        with pytest.raises(KeyboardInterrupt):
            interrupted(block, folder, stop)
        np.testing.assert_array_equal(sampled(block, TINY, 3, folder).chain, whole)


def interrupted(block, folder: Path, after: int) -> None:
    """Sample until so many stages are kept."""
    kept = 0
    keep = Shelf.keep

    def stop(self: Shelf, stage) -> None:
        nonlocal kept
        keep(self, stage)
        kept += 1
        if kept == after:
            raise KeyboardInterrupt

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Shelf, "keep", stop)
        sampled(block, TINY, 3, folder)


def test_a_killed_process_leaves_a_state_that_can_be_taken_up(tmp_path: Path) -> None:
    """Really killed, with SIGKILL, while it samples."""
    script = (
        "import sys; from pathlib import Path\n"
        "from calibration import plan as p\n"
        "from calibration.fit import Request, prepared, sampled\n"
        "from calibration.plan import Sampling\n"
        "told = p.read('reference').model_copy(update={'jitters': 1})\n"
        "block = prepared(Request(told))[-1]\n"
        "sampled(block, Sampling(chains=4, rounds=1, draws=64, parts=400, steps=6), 3,"
        " Path(sys.argv[1]))\n"
    )
    process = subprocess.Popen([sys.executable, "-c", script, str(tmp_path / "work")])
    shelf = tmp_path / "work" / "counts.npz"
    while not shelf.exists():
        assert process.poll() is None, "it ended before anything was kept"
        time.sleep(0.05)
    process.send_signal(signal.SIGKILL)
    process.wait()
    stage = Shelf(tmp_path / "work", "counts").last()
    assert stage is not None
    enough = Sampling(chains=4, rounds=1, draws=64, parts=max(3, stage.number + 1), steps=6)
    whole = sampled(counts_block(), enough, 3).chain
    again = sampled(counts_block(), enough, 3, tmp_path / "work").chain
    np.testing.assert_array_equal(again, whole)


def test_a_torn_state_is_begun_anew(tmp_path: Path) -> None:
    (tmp_path / "counts.npz").write_bytes(b"PK\x03\x04 half a file")
    block = counts_block()
    told = sampled(block, TINY, 3, tmp_path).chain
    np.testing.assert_array_equal(told, sampled(block, TINY, 3).chain)


@pytest.mark.slow
def test_workers_change_no_draw() -> None:
    request = Request(tiny())
    one, two = fit(request, workers=1), fit(request, workers=2)
    for first, second in zip(one, two, strict=True):
        assert first.name == second.name
        np.testing.assert_array_equal(first.chain, second.chain)


def test_diagnostics_tell_a_stuck_chain_from_a_sound_one() -> None:
    block = counts_block()
    random = np.random.default_rng(1)
    chain = random.standard_normal((500, 4, len(block.quantities)))
    sound = Sampled(block.name, tuple(block.fitted), (), chain)
    assert all(row.healthy for row in rows([block], [sound]))
    stuck = chain.copy()
    stuck[:, 0, 0] += 5.0
    assert not rows([block], [sound._replace(chain=stuck)])[0].healthy


def test_contraction_and_ridges_come_from_the_draws() -> None:
    block = counts_block()
    random = np.random.default_rng(1)
    chain = random.standard_normal((2000, 4, len(block.quantities)))
    chain[:, :, 0] *= 0.5  # a variance of a quarter
    chain[:, :, 1] = 0.9 * chain[:, :, 2] + np.sqrt(1 - 0.81) * chain[:, :, 1]
    found = Sampled(block.name, tuple(block.fitted), (), chain)
    told = rows([block], [found])
    assert told[0].contraction == pytest.approx(0.75, abs=0.02)
    assert told[0].verdict == "calibrated"
    (pair,) = ridges([found])
    assert {pair.one, pair.other} == set(list(block.fitted)[1:3])
    assert pair.correlation == pytest.approx(0.9, abs=0.02)


@pytest.mark.parametrize(
    ("prior", "shift", "told"),
    [
        (Uniform(prior="uniform", low=0.1, high=0.9), -2.0, "low"),
        (Uniform(prior="uniform", low=0.1, high=0.9), 2.0, "high"),
        (Uniform(prior="uniform", low=0.1, high=0.9), 0.0, ""),
        (Uniform(prior="uniform", low=0.1, high=0.9), -1.2, ""),  # 0.46 of it in the tenth
        (Uniform(prior="uniform", low=0.0, high=0.9), -2.0, ""),  # 0 is the quantity's own end
        (Uniform(prior="uniform", low=0.1, high=1.0), 2.0, ""),
        (Beta(prior="beta", a=1, b=1), -2.0, ""),
        (Normal(prior="normal", mean=0.5, sd=0.1), 2.0, ""),
    ],
)
def test_a_posterior_pressed_against_an_end_that_somebody_chose_says_so(
    prior: Prior, shift: float, told: str
) -> None:
    z = np.random.default_rng(1).standard_normal((4, 500)) * 0.8 + shift
    assert pressed(z, Uncertain(prior, 0.0, 1.0)) == told


def test_a_posterior_that_is_there_already_is_told_in_json(
    root: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(root)
    assert main(["calibrate", "fit=reference", "--json", "--quiet"]) == 0
    assert json.loads(capsys.readouterr().out)["name"] == "reference"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["fit=referense"], "did you mean 'reference'"),
        (["until=2020-13-01"], "until"),
        (["until=2031-01-01"], "outside the record"),
        (["name=../x"], "names no folder"),
        (["workers=0"], "workers=0"),
        (["histories=3"], "is for check="),
        (["check=sbd"], "did you mean 'sbc'"),
        (["check=sbc", "histories=0"], "histories=0"),
        (["militia.base_rat=1"], "did you mean 'base_rate'"),
        (["militia.belief.on=true"], "militia.belief.on=false"),
        (["militia.stock.on=true"], "militia.stock.on=false"),
        (["retaliation=on_count"], "retaliation.count.on=false"),
        (["retaliation=graduated"], "retaliation.grades.on=false"),
        (["retaliation.attempt=0.5"], "retaliation.attempt=0"),
    ],
)
def test_a_bad_call_names_key_and_remedy(
    words: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["calibrate", *words, "--quiet"]) == 2
    assert said in capsys.readouterr().err


def test_a_plan_with_an_unknown_key_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "mine.yaml"
    path.write_text("title: x\nuntill: 2020-07-01\nseed: 1\n", encoding="utf-8")
    with pytest.raises(InputError, match="did you mean 'until'"):
        plans.read(str(path))


def test_ranks_of_a_wrong_sampler_fail_and_those_of_a_right_one_pass(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("calibration.checks.sbc.POWER", 5)  # how often a perfect one passes: slow
    random = np.random.default_rng(5)
    right = {f"q{i}": random.uniform(size=300) for i in range(5)}
    assert judged(right).verdict[0].startswith("every quantity passes")
    wrong = {**right, "narrow": random.beta(0.4, 0.4, size=300)}
    answer = judged(wrong)
    assert "NOT all pass: narrow" in answer.verdict[0]
    save("sbc", Asked(tiny()), answer, tmp_path)
    assert "narrow" in json.loads((tmp_path / "sbc.json").read_text())["verdict"][0]
    assert len((tmp_path / "sbc.csv").read_text().splitlines()) == 7


def test_an_answer_keeps_its_table(tmp_path: Path) -> None:
    answer = Answer(["a verdict"], [{"key": "a", "value": 1.23456789}])
    save("gaps", Asked(tiny()), answer, tmp_path)
    assert (tmp_path / "gaps.csv").read_text() == "key,value\na,1.23457\n"


@pytest.mark.slow
def test_refits_follow_the_months_and_see_only_what_was_known(
    made: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from datetime import date

    from calibration.backtest.unseen import until
    from calibration.refit import monthly

    monkeypatch.chdir(made)
    chosen = monthly("tiny", workers=1)
    assert chosen(date(2020, 7, 6)) == "tiny", "it has seen all to the first of July"
    later = chosen(date(2020, 8, 31))
    assert until(later) == date(2020, 8, 1)
    draws = (Path(later) / "draws.parquet").read_bytes()
    assert draws != (Path("calibration/posteriors/tiny") / "draws.parquet").read_bytes()
    assert chosen(date(2020, 8, 3)) == later
    assert (Path(later) / "draws.parquet").read_bytes() == draws, "taken, not made anew"
