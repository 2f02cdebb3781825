"""The checks of a calibration, on small problems whose answer is known."""

from __future__ import annotations

import hashlib
import json
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from calibration import bootstrap, checks, gaps, noise, placebo, proof, ranks, worth
from calibration import plan as plans
from calibration.blocks import Block, blocks, data_of, settings_of
from calibration.checks import gaps as gaps_check
from calibration.checks.sbc import scheduled
from calibration.fit import Request, Sampled
from calibration.gaussian import Gaussian, evidence, learn
from calibration.kept import Found, Kept
from calibration.plan import Plan, Sampling
from calibration.sample import density_of
from calibration.tempo import TempoLikelihood
from calibration.truth import predicted, truth
from calibration.weighted import means
from sim import record
from sim.cli import main
from sim.errors import RungsError
from sim.events import Event, Journal, Kind
from sim.reports import accounts
from sim.settings.posterior import place

PACKAGED = Path(record.__file__).parents[2] / "seeds" / "record"
END = "scenario.end=2019-11-01"
"""Where what comes after the small fit matters to nobody."""


def small() -> Plan:
    """The reference fit on the first 200 days."""
    told = plans.read("reference")
    return told.model_copy(update={"jitters": 1, "until": told.until.replace(year=2019, month=11)})


# -- gaps ---------------------------------------------------------------------------------


def test_gaps_add_up_to_what_was_expected() -> None:
    """∫λ from the start to the last attack, in pieces."""
    data = data_of(small(), settings_of(small()), record.read())
    likelihood = blocks(data, small())[0].likelihood
    assert isinstance(likelihood, TempoLikelihood)
    scenario = data.sampler.draw(lambda key: 0.5)
    found = gaps.rescaled(likelihood, scenario, 1)
    tempo = likelihood.replay(likelihood.records[0], scenario, 1)
    middle, parts = tempo.integrals(0.0, likelihood.end, [e for h in likelihood.holes for e in h])
    whole = (parts * likelihood.detection(middle, scenario))[middle < tempo.asked[-1]].sum()
    assert found.sum() == pytest.approx(whole)
    assert (found >= 0.0).all()


def test_the_statistic_is_small_for_exponential_gaps_and_large_for_even_ones() -> None:
    random = np.random.default_rng(1)
    assert gaps.statistic(random.exponential(size=400)) < 1.63  # the 1 % point for many gaps
    assert gaps.statistic(np.full(400, 1.0)) > 12.0


def test_p_values_by_hand() -> None:
    """Four histories have attacks; three are at least as far as the record's 0.7 under their own
    fits, and two at least as far as it under the same draw."""
    none = float("nan")
    told = [(1.0, 0.5), (none, none), (0.4, 0.9), (0.7, 0.6), (0.9, 0.1)]
    found = [bootstrap.Found(i, *one) for i, one in enumerate(told)]
    test = bootstrap.judged(5, 0.7, np.array([0.6, 0.1, 0.6, 0.6, 0.6]), found)
    assert test[:3] == (5, 4, 1)
    assert test[3:] == pytest.approx((0.7, 0.75, 4.0 / 5.0, 2.0 / 4.0))
    assert gaps_check.verdict(test)[0] == (
        "the tempo fits: p = 0.80 over 4 histories of posterior draws"
    )
    assert gaps_check.verdict(test._replace(p=0.04))[0].startswith("the tempo does NOT fit")
    with pytest.raises(RungsError, match="none of 1 histories has an attack"):
        bootstrap.judged(5, 0.7, np.array([0.1]), found[1:2])


def test_a_history_without_attacks_has_no_statistic() -> None:
    told = small().model_copy(update={"conditions": (*small().conditions, END)})
    found = bootstrap.work(bootstrap.Job(told, {"militia.base_rate": 1e-9}, 1, 0))
    assert np.isnan(found[1:]).all()


def test_a_record_without_attacks_is_refused() -> None:
    data = data_of(small(), settings_of(small()), record.read())
    quiet = [event for event in data.lived[0] if event.kind is not Kind.ROCKET_ATTACK]
    with pytest.raises(RungsError, match="no attack is recorded before 2019-11-01"):
        bootstrap.gap_test(small(), data._replace(lived=[quiet]), {}, 1)


def test_simulated_attacks_are_dated_to_the_day_and_nothing_else_is() -> None:
    plain = Event(id="a", time=3.9, kind=Kind.ROCKET_ATTACK)
    strike = plain.but(id="b", kind=Kind.AIRSTRIKE)
    dated = bootstrap.dated(Journal(date(2019, 5, 1), date(2019, 6, 1), [plain, strike]))
    assert {event.id: event.time for event in dated} == {"a": 3.5, "b": 3.9}


def test_histories_that_come_out_of_order_stay_beside_their_draws(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    late = [bootstrap.Found(number, 0.5, 0.5) for number in (2, 0, 1)]
    monkeypatch.setattr(bootstrap, "each", lambda work, jobs, workers: iter(late))
    done: list[tuple[int, int]] = []
    jobs = [bootstrap.Job(small(), {}, 1, number) for number in range(3)]
    found = bootstrap.simulated(jobs, 2, lambda *told: done.append(told))
    assert [one.number for one in found] == [0, 1, 2]
    assert done == [(1, 3), (2, 3), (3, 3)]


# -- what a mechanism is worth --------------------------------------------------------------


def test_evidence_is_the_integral_of_the_likelihood() -> None:
    """exp(−x²/2) under N(0, 1): the marginal is 1/√2."""
    density = density_of(lambda x: -0.5 * x[:, 0] ** 2)
    random = np.random.RandomState(1)
    _, draws = learn(density, Gaussian(np.zeros(1), np.eye(1)), random, 4, 2000)
    assert evidence(draws) == pytest.approx(-0.5 * np.log(2.0), abs=0.02)


@pytest.mark.slow
def test_every_mechanism_can_be_switched_off_in_a_fit() -> None:
    journal, whole = record.read(), small()
    counted = len(blocks(data_of(whole, settings_of(whole), journal), whole)[0].fitted)
    for off in list(worth.MECHANISMS.values())[::3]:  # composing takes a second each
        data = data_of(whole, settings_of(whole, off), journal)
        assert len(blocks(data, whole)[0].fitted) < counted


# -- placebos -------------------------------------------------------------------------------


def test_fake_dates_move_only_what_is_asked_and_keep_the_order() -> None:
    data = data_of(small(), settings_of(small()), record.read())
    before = data.lived[0]
    random = np.random.default_rng(1)
    after = placebo.moved_dates(before, (Kind.CALENDAR_MARK,), data.days, random)
    same = [e for e in before if e.kind is not Kind.CALENDAR_MARK]
    assert [e for e in after if e.kind is not Kind.CALENDAR_MARK] == same
    marks = {e.id: e for e in before if e.kind is Kind.CALENDAR_MARK}
    for event in after:
        if event.kind is Kind.CALENDAR_MARK:
            assert event.time != marks[event.id].time
            known, old = event.known_from, marks[event.id].known_from
            assert known is not None
            assert old is not None
            assert event.time - known == pytest.approx(marks[event.id].time - old)


@pytest.mark.slow
def test_real_dates_teach_what_a_fit_of_the_record_does_and_fake_ones_something_else() -> None:
    counted: list[tuple[int, int]] = []
    name, plan = "fielding of defences", plans.read("reference").model_copy(update={"jitters": 1})
    (row,) = placebo.placebos(plan, None, 1, (name,), 2, lambda *done: counted.append(done))
    assert counted == [(1, 2), (2, 2)]
    data = data_of(plan, settings_of(plan), record.read())
    targets = next(b for b in blocks(data, plan) if b.name == "targets")
    assert row.real == pytest.approx(means(targets, (row.key,), plan.seed)[row.key])
    (fake,) = row.fakes
    assert fake != row.real
    assert row.share == float(abs(fake - row.prior) >= abs(row.real - row.prior))


def test_marks_and_strikes_share_one_fit_of_the_tempo_on_real_dates() -> None:
    fits = placebo.fits(small(), None, 3, ("calendar marks", "US strikes"))
    real, *fakes = fits
    assert (real.block, real.number, len(real.keys)) == ("tempo", 0, 3)
    assert [(fit.moved, fit.number) for fit in fakes] == [
        (name, number) for name in ("calendar marks", "US strikes") for number in (1, 2, 3)
    ]


# -- synthetic truth --------------------------------------------------------------------------


def test_a_synthetic_record_holds_what_was_reported_and_nothing_after_the_cut() -> None:
    from sim.campaign import simulate
    from sim.settings.posterior import sampler_of

    settings = settings_of(small())
    made = truth(small(), settings, 7, 3)
    journal = simulate(sampler_of(settings), 7, 3)
    told = accounts(journal)
    early = [e for e in journal if e.time < made.data.days]
    convoys = [e.id for e in early if e.kind is Kind.CONVOY_ATTACK and e.id in told]
    assert [e.id for e in made.data.lived[0] if e.kind is Kind.CONVOY_ATTACK] == convoys
    unseen = [e for e in early if e.kind is Kind.CONVOY_ATTACK and e.id not in told]
    assert unseen, "some convoy attack went unreported"
    assert max(e.time for e in made.data.lived[0] if not ahead(e)) < made.data.days


def ahead(event: Event) -> bool:
    return event.kind is Kind.CALENDAR_MARK


def test_fresh_histories_follow_their_parameters() -> None:
    settings = settings_of(small(), [END])
    quiet, busy = {"militia.base_rate": 0.011}, {"militia.base_rate": 0.9}
    told = predicted(settings, [quiet] * 4 + [busy] * 4, 3)
    assert told[:4, 0].mean() < told[4:, 0].mean()
    assert (told[:, 1] <= told[:, 0]).all()


def test_a_block_is_fitted_alone_as_among_all(monkeypatch: pytest.MonkeyPatch) -> None:
    """By the same seed, so that ranks of one block can be renewed by themselves."""
    asked: list[tuple[str, Sampling, int]] = []

    def note(block: Block, schedule: Sampling, seed: int) -> None:
        asked.append((block.name, schedule, seed))
        raise RungsError("noted, not fitted")

    monkeypatch.setattr(proof, "sampled", note)
    for only in ((), ("trigger",)):
        proof.work(proof.Request(proof.shortened(small()), (), 7, 3, only))
    *whole, alone = asked
    assert alone in whole
    common = dict.fromkeys(("tempo", "targets", "salvos", "trigger", "counts"), proof.SHORT)
    assert {name: schedule for name, schedule, _ in whole} == common | proof.OWN
    assert alone[1] == proof.OWN["trigger"]


def test_the_verdict_on_ranks_says_how_they_were_made() -> None:
    told = scheduled(158)
    assert told == (
        "a block has 8 chains of 250 steps, trigger 256 chains of 500 steps, "
        "counts 256 chains of 250 steps; "
        "histories with more than 120 attacks are left out, 158 were simulated"
    )


@pytest.mark.slow
def test_the_truth_ranks_evenly_among_the_draws_of_its_posterior() -> None:
    """Simulation-based calibration at reduced size: the counts, 60 histories.

    Whole: rungs calibrate check=sbc histories=200
    """
    short = Sampling(chains=8, rounds=6, draws=256, parts=1, steps=150)
    plan = small().model_copy(update={"sampling": short})
    found = proof.prove(plan, 60, 11, ("counts",))
    told = ranks.verdicts(proof.ranks_of(proof.table(found)))
    assert [row.key for row in told if not row.passes] == []


@pytest.mark.slow
def test_every_block_holds_its_truths_as_often_as_it_says() -> None:
    """All five blocks by the schedules of the proof, ten histories, and what they foretell.

    Intervals half as wide as they should be hold six truths of ten, those twice as wide all.
    """
    done = [one for one in proof.prove(proof.shortened(small()), 10, 5) if one.ranks]
    parts = ("tempo", "targets", "salvos", "trigger", "counts")
    likely = [f"{proof.LIKELIHOOD}{name}" for name in parts]
    names = {*done[0].intervals, *proof.QUANTITIES, *likely}
    assert all(set(one.ranks) == names for one in done)
    told = np.array([[one.ranks[key] for key in one.intervals] for one in done])
    inside = (told > 0.05) & (told < 0.95)
    assert 0.83 < inside.mean() < 0.97
    assert 0.4 < told.mean() < 0.6
    foretold = np.array([[one.ranks[key] for key in proof.QUANTITIES] for one in done])
    assert 0.25 < foretold.mean() < 0.75
    told = np.array([[one.ranks[key] for key in likely] for one in done])
    assert 0.3 < told.mean() < 0.7


@pytest.mark.slow
def test_a_posterior_that_does_not_look_at_its_data_is_found_out(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Draws from the prior: the truth is one of them, but likelier than most."""

    def prior(block: Block, schedule: Sampling, seed: int) -> Sampled:
        chain = np.random.default_rng(seed).standard_normal((1, 1000, len(block.quantities)))
        return Sampled(block.name, tuple(block.fitted), tuple(block.nuisance), chain)

    monkeypatch.setattr(proof, "sampled", prior)
    found = proof.prove(small(), 60, 11, ("counts",), workers=1)
    told = ranks.verdicts(proof.ranks_of(proof.table(found)))
    assert [row.key for row in told if not row.passes] == ["likelihood of counts"]


# -- many histories ---------------------------------------------------------------------------


def history(number: int) -> Found:
    """Every third is too long to be fitted."""
    if number % 3 == 2:
        return Found(number, 400, {}, {}, {})
    spans = {"a": (0.1, 1.0 / 3.0, 0.7)}
    return Found(number, 10, {"a": 0.1 * number}, {"a": 1.0}, spans)


@pytest.fixture
def fits(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The numbers of the histories that are fitted, which takes no time here."""
    made: list[int] = []

    def work(request: proof.Request) -> Found:
        made.append(request.number)
        return history(request.number)

    monkeypatch.setattr(proof, "work", work)
    return made


def test_histories_are_made_until_so_many_are_fitted(fits: list[int]) -> None:
    found = proof.prove(small(), 4, 1, workers=1)
    assert [one.number for one in found] == [0, 1, 2, 3, 4]
    assert sum(bool(one.ranks) for one in found) == 4


def test_a_proof_that_was_cut_off_goes_on_and_ends_alike(tmp_path: Path, fits: list[int]) -> None:
    whole = proof.prove(small(), 6, 1, workers=1)
    fits.clear()

    def give_up(done: int, most: int) -> None:
        if done == 3:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        proof.prove(small(), 6, 1, workers=1, progress=give_up, kept=Kept(tmp_path))
    assert fits == [0, 1, 2, 3]
    (tmp_path / "1.json").unlink()
    again = proof.prove(small(), 6, 1, workers=1, kept=Kept(tmp_path))
    assert fits == [0, 1, 2, 3, 1, 4, 5, 6, 7]
    assert again == whole


def test_what_came_in_out_of_order_counts_only_without_gaps() -> None:
    late = {n: history(n) for n in (0, 1, 3, 4)}
    assert proof.first_fitted(late, 2) == [history(0), history(1)]
    assert proof.first_fitted(late, 3) is None
    told = proof.first_fitted(late | {2: history(2)}, 3)
    assert told is not None
    assert [one.number for one in told] == [0, 1, 2, 3]


def test_where_nothing_can_be_fitted_it_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(proof, "work", lambda request: history(2))
    with pytest.raises(RungsError, match="of 20 histories fewer than 1 have at most 120 attacks"):
        proof.prove(small(), 1, 1, workers=1)


def test_every_check_keeps_its_own_work(tmp_path: Path) -> None:
    for name in ("sbc", "gaps"):
        Kept(tmp_path / checks.WORK / name).add(history(0))
    checks.save("gaps", checks.Asked(small()), checks.Answer(["fits"], [{"p": 0.5}]), tmp_path)
    assert list(Kept(tmp_path / checks.WORK / "sbc").all()) == [0]
    assert Kept(tmp_path / checks.WORK / "gaps").all() == {}


# -- what a result was made from ---------------------------------------------------------------

FITS = checks.Answer(["fits"], [{"p": 0.5}])


def kept(path: Path) -> dict[str, Any]:
    told: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return told


def shorter(folder: Path) -> Path:
    """The packaged record without its first row."""
    lines = (PACKAGED / "events.csv").read_text(encoding="utf-8").splitlines(keepends=True)
    path = folder / "mine.csv"
    path.write_text("".join([lines[0], *lines[2:]]), encoding="utf-8")
    return path


def test_every_result_tells_the_record_and_a_hash_of_what_is_seen_of_it(tmp_path: Path) -> None:
    mine = str(shorter(tmp_path))
    asked = checks.Asked(small())
    own = kept(checks.save("gaps", asked, FITS, tmp_path / "own"))
    other = kept(checks.save("gaps", asked._replace(record=mine), FITS, tmp_path / "other"))
    assert (own["record"], other["record"]) == ("packaged", mine)
    assert own["data_sha256"] == Request(small()).data_hash()
    assert other["data_sha256"] == Request(small(), (), mine).data_hash() != own["data_sha256"]


@pytest.mark.parametrize("name", [pytest.param("gaps", marks=pytest.mark.slow), "noise"])
def test_a_check_of_a_posterior_tells_which_draws_it_used(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(checks.Asked, "refuse_other", lambda asked: None)  # a short fit, for speed
    about = checks.CHECKS[name](checks.Asked(small(), draws=2)).about
    draws = (place("reference") / "draws.parquet").read_bytes()
    assert about["posterior"] == "reference"
    assert about["posterior_sha256"] == hashlib.sha256(draws).hexdigest()


def test_a_worth_is_sure_beyond_the_noise_of_its_samples() -> None:
    """0.1 and 0.2 with errors of 0.03: Student's t of two degrees is 4.3, so 0.13 is asked."""
    told = [worth.Worth(name, 0.0, 0.0, out, 0.03) for name, out in (("a", 0.1), ("b", 0.2))]
    assert [row.sure for row in told] == [False, True]
    assert not worth.Worth("c", 0.0, 0.0, None, None).sure
    assert worth._told([1.0, 2.0, 3.0]) == (2.0, pytest.approx(1 / 3**0.5))
    assert worth._told([1.0, None, 3.0]) == (None, None)


@pytest.fixture
def asked_of(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> list[checks.Asked]:
    """What the check of the gaps is asked, which takes no time here; nothing is there yet."""
    made: list[checks.Asked] = []

    def check(asked: checks.Asked) -> checks.Answer:
        made.append(asked)
        return FITS._replace(about={"posterior": asked.posterior})

    monkeypatch.setitem(checks.CHECKS, "gaps", check)
    monkeypatch.chdir(tmp_path)
    return made


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        (["record=mine.csv"], "record packaged, not mine.csv"),
        (["fit=full"], "the fit's until 2020-07-01, not 2021-01-01"),
        (["until=2020-04-01"], "the fit's until 2020-07-01, not 2020-04-01"),
        (["posterior=full"], "posterior reference, not full"),
        (["only=tempo"], "only [], not ['tempo']"),
        (["draws=7"], "draws 100, not 7"),
        (["seed=2"], "seed 1, not 2"),
    ],
)
def test_what_one_question_found_is_not_written_over_by_another(
    words: list[str],
    reason: str,
    tmp_path: Path,
    asked_of: list[checks.Asked],
    capsys: pytest.CaptureFixture[str],
) -> None:
    shorter(tmp_path)
    call, found = ["calibrate", "check=gaps", "--quiet"], Path("calibration/results/gaps.json")
    assert main(call) == 0
    before = found.read_bytes()
    assert main([*call, *words]) == 2
    assert f"{found}: holds what was found with {reason}; " in (told := capsys.readouterr().err)
    assert "--out DIR" in told
    assert "--replace" in told
    assert (len(asked_of), found.read_bytes()) == (1, before)
    assert main([*call, *words, "--out", "elsewhere"]) == 0
    assert main([*call, *words, "--replace"]) == 0
    assert main([*call, *words]) == 0  # the same question again
    assert found.read_bytes() == Path("elsewhere/gaps.json").read_bytes() != before


def test_another_file_of_that_name_is_not_written_over(
    asked_of: list[checks.Asked], capsys: pytest.CaptureFixture[str]
) -> None:
    Path("gaps.json").write_text("[]")
    assert main(["calibrate", "check=gaps", "--quiet", "--out", "."]) == 2
    assert "gaps.json: no result of a check" in capsys.readouterr().err
    assert (asked_of, Path("gaps.json").read_text()) == ([], "[]")


def test_a_record_that_is_not_there_is_said_before_the_work(
    asked_of: list[checks.Asked], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["calibrate", "check=gaps", "record=mine.csv", "--out", "elsewhere"]) == 2
    assert "mine.csv" in capsys.readouterr().err
    assert asked_of == []


@pytest.mark.parametrize(
    ("words", "posterior"),
    [
        ([], "reference"),
        (["fit=full"], "full"),
        (["fit=full", "posterior=reference"], "reference"),
    ],
)
def test_a_check_draws_from_the_posterior_that_is_named_like_the_fit(
    words: list[str], posterior: str, asked_of: list[checks.Asked]
) -> None:
    assert main(["calibrate", "check=gaps", *words, "--quiet", "--out", "elsewhere"]) == 0
    assert [asked.posterior for asked in asked_of] == [posterior]


@pytest.mark.parametrize("name", ["gaps", "noise"])
@pytest.mark.parametrize(
    ("words", "reasons"),
    [
        (["until=2020-04-01"], ("posterior=reference", "until 2020-07-01", "until 2020-04-01")),
        (["until=2021-01-01"], ("posterior=reference", "until 2021-01-01", "name=NAME")),
        (["posterior=full"], ("posterior=full: ", "'The reference fit'", "posterior=reference")),
        (["record=mine.csv"], ("posterior=reference", "other rows of the record")),
    ],
)
def test_draws_of_another_fit_are_refused_before_the_work(
    name: str,
    words: list[str],
    reasons: tuple[str, ...],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    shorter(tmp_path)
    monkeypatch.chdir(tmp_path)
    assert main(["calibrate", f"check={name}", *words, "draws=1", "--quiet", "--out", "out"]) == 2
    told = capsys.readouterr().err
    assert all(reason in told for reason in reasons), told
    assert not Path("out").exists()


# -- ranks -----------------------------------------------------------------------------------


def test_a_rank_counts_what_lies_below_and_parts_ties_evenly() -> None:
    draws = np.array([1.0, 2.0, 2.0, 3.0])
    assert ranks.rank(0.0, draws, 0.5) == pytest.approx(0.1)
    assert ranks.rank(9.0, draws, 0.5) == pytest.approx(0.9)
    assert ranks.rank(2.0, draws, 0.0) == pytest.approx(0.2)
    assert ranks.rank(2.0, draws, 1.0) == pytest.approx(0.8)


def test_a_perfect_sampler_passes_nineteen_times_in_twenty() -> None:
    assert ranks.power(200, 20, 1000, 60, 1) >= 0.9


def test_bands_widen_with_quantities_and_narrow_with_histories() -> None:
    one, many, long = ranks.bands(200, 1), ranks.bands(200, 100), ranks.bands(2000, 100)
    assert many[0][0] < one[0][0] < 0.5 < one[0][1] < many[0][1]
    assert long[0][1] - long[0][0] < many[0][1] - many[0][0]


def test_every_check_is_named_in_the_help() -> None:
    from sim.cli.calibrate import KEYS

    assert all(name in KEYS["check=NAME"] for name in checks.CHECKS)


# -- parameters and luck -----------------------------------------------------------------------


def test_the_share_of_the_parameters_is_that_of_a_known_mixture() -> None:
    """Variance 3 by the parameter, 1 by luck: three quarters."""
    random = np.random.default_rng(1)
    shared = np.sqrt(3.0) * random.standard_normal((20_000, 1))
    told = noise._noise("x", shared + random.standard_normal((20_000, 2)))
    assert told.by_parameters == pytest.approx(0.75, abs=0.02)
    assert told.sd == pytest.approx(2.0, abs=0.03)


def test_with_parameters_fixed_all_is_luck_and_with_a_wide_prior_little() -> None:
    quiet = ["ablation=everything_optional", "militia.excitation=0", "retaliation=never"]
    quiet += ["militia.drivers.calendar.on=false", "drawdown=none", "striker=none", END]
    fixed = settings_of(small(), [*quiet, "militia.base_rate=0.1"])
    wide = settings_of(small(), quiet)
    assert noise.noises(fixed, 30, 1)[0].by_parameters < 0.4
    assert noise.noises(wide, 30, 1)[0].by_parameters > 0.7
